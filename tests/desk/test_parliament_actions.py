"""Pieces through their route: four kinds of step, a change that asks again, return, deputies, freezing, commitments."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document as ReadDocx

from lodestock.errors import InputError
from lodestock_desk.accounts.models import Membership, Office, Organisation
from lodestock_desk.core.audit import verify
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.parliament import actions, commitment_actions, file, route_actions
from lodestock_desk.parliament.access import visible_pieces
from lodestock_desk.parliament.actions import Draft, Stop
from lodestock_desk.parliament.export import docx
from lodestock_desk.parliament.models import Act, Commitment, FoundItem, Piece, Step, Version
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.succession import holders
from lodestock_desk.parliament.words import Finding, Part, Settled, State, StepKind, Verb

from .dossier_maker import figure
from .people import actor, organisation

TODAY = timezone.localdate()


def office(title: str) -> Office:
    return Office.objects.get(title_nl=title)


MINISTER, SECRETARY, HEAD = (
    "minister van Economische Zaken", "staatssecretaris Buitenlandse Handel", "afdelingshoofd grondstoffen",
)  # fmt: skip


def draft(nl: str = "Er is geen aanleiding voor maatregelen.", en: str = "", **about: object) -> Draft:
    return Draft({"nl": "Titel", "en": "Title"}, {"nl": nl, "en": en}, about)


def made(*, joint: bool = True) -> Piece:
    """A piece of EZ with BZ in its route, in draft."""
    ez = actor("beleid.ez")
    piece = actions.start(ez, {"kind": "letter", "subject_nl": "Proef", "subject_en": "Trial"})
    senders = [(str(office(MINISTER).pk), "signs")]
    stops = [
        Stop("coordination", 1, str(organisation("BZ").pk), TODAY + timedelta(days=2)),
        Stop("initials", 2, str(office(HEAD).pk)),
        Stop("signature", 4, str(office(MINISTER).pk)),
    ]
    if joint:
        senders.append((str(office(SECRETARY).pk), "on_behalf"))
        stops.append(Stop("agreement", 3, str(office(SECRETARY).pk)))
    actions.set_senders(ez, str(piece.pk), senders)
    actions.set_route(ez, str(piece.pk), stops)
    actions.write(ez, str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nEen toezegging."))
    actions.write(ez, str(piece.pk), Part.PIECE, draft())
    piece.refresh_from_db()
    return piece


def take(who: str, piece: Piece, kind: str) -> Step:
    step = piece.steps.get(kind=kind)
    return route_actions.take_step(actor(who), str(step.pk), seen=piece.text_hash())


def walk(piece: Piece) -> None:
    for who, kind in (
        ("beleid.bz", "coordination"), ("lijn.ez", "initials"), ("ondertekenaar.bz", "agreement"),
        ("ondertekenaar.ez", "signature"),
    ):  # fmt: skip
        if piece.steps.filter(kind=kind).exists():
            take(who, piece, kind)


def test_the_four_kinds_of_step_are_recorded_with_person_office_and_date(db: None) -> None:
    piece = made()
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    walk(piece)
    said = [(a.verb, a.person.email.partition("@")[0], a.party_nl, a.on) for a in piece.acts.all()]
    assert said == [
        (Verb.SUBMITTED, "beleid.ez", "Ministerie van Economische Zaken (voorbeeld)", TODAY),
        (Verb.COORDINATED, "beleid.bz", "Ministerie van Buitenlandse Zaken (voorbeeld)", TODAY),
        (Verb.INITIALLED, "lijn.ez", HEAD, TODAY),
        (Verb.AGREED, "ondertekenaar.bz", SECRETARY, TODAY),
        (Verb.SIGNED, "ondertekenaar.ez", MINISTER, TODAY),
    ]
    assert {a.text_hash for a in piece.acts.all()} == {piece.text_hash()}
    sent = route_actions.send(actor("beleid.ez"), str(piece.pk))
    assert (sent.state, sent.sent_on, sent.sent_hash) == (State.SENT, TODAY, piece.text_hash())
    assert verify() == []


def test_nothing_is_sent_without_the_last_signature(db: None) -> None:
    piece = made()
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    for who, kind in (("beleid.bz", "coordination"), ("lijn.ez", "initials"), ("ondertekenaar.bz", "agreement")):
        take(who, piece, kind)
        with pytest.raises(InputError):
            route_actions.send(actor("beleid.ez"), str(piece.pk))
    assert Piece.objects.get(pk=piece.pk).state == State.IN_ROUTE


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("beleid.ez", "coordination"), ("beleid.iw", "coordination"), ("ondertekenaar.ez", "initials"),
        ("lijn.ez", "signature"), ("ondertekenaar.bz", "signature"), ("ondertekenaar.ez", "agreement"),
        ("analist.nmo", "coordination"), ("contactpunt", "initials"), ("beheer.ez", "signature"),
    ],
)  # fmt: skip
def test_nobody_takes_the_step_of_another(db: None, who: str, kind: str) -> None:
    piece = made()
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    before = AuditEntry.objects.count()
    with pytest.raises((PermissionDenied, Piece.DoesNotExist)):
        take(who, piece, kind)
    assert AuditEntry.objects.count() == before


def test_a_change_after_initials_lapses_them_and_asks_again(db: None) -> None:
    piece, ez = made(), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    take("beleid.bz", piece, "coordination")
    take("lijn.ez", piece, "initials")
    old = piece.text_hash()
    actions.write(ez, str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nTwee toezeggingen."))
    asked = piece.acts.filter(verb=Verb.LAPSED)
    assert [(a.person.email.partition("@")[0], a.step.kind) for a in asked] == [
        ("beleid.bz", StepKind.COORDINATION), ("lijn.ez", StepKind.INITIALS),
    ]  # fmt: skip
    step = piece.steps.get(kind="initials")
    before = file.last_done(step)
    assert before is not None and (before.text_hash, before.nota_version) == (old, 1)
    with pytest.raises(InputError):  # it waits for the coordination again
        take("lijn.ez", piece, "initials")
    with pytest.raises(InputError):  # what was read is not what stands there
        route_actions.take_step(actor("beleid.bz"), str(piece.steps.get(kind="coordination").pk), seen=old)
    walk(piece)
    assert route_actions.send(ez, str(piece.pk)).state == State.SENT


def test_a_piece_is_returned_with_a_comment_and_changed(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    step = piece.steps.get(kind="coordination")
    with pytest.raises(InputError):
        route_actions.give_back(actor("beleid.bz"), str(step.pk), comment=" ")
    route_actions.give_back(actor("beleid.bz"), str(step.pk), comment="De tweede zin klopt niet.")
    piece.refresh_from_db()
    assert piece.state == State.DRAFT
    last = piece.acts.order_by("-sequence").first()
    assert (last.verb, last.comment) == (Verb.RETURNED, "De tweede zin klopt niet.")
    with pytest.raises(InputError):
        take("beleid.bz", piece, "coordination")


def test_a_deputy_signs_from_day_to_day_and_the_record_says_so(db: None) -> None:
    piece = made(joint=False)
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    take("beleid.bz", piece, "coordination")
    head = actor("lijn.ez")
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    values = {"office_id": str(head.membership.office_id), "deputy_id": str(deputy.pk), "reason": "verlof"}
    with pytest.raises(PermissionDenied):  # not one's own office
        route_actions.delegate(actor("dg.ez"), **values, valid_from=TODAY, valid_until=TODAY)
    with pytest.raises(PermissionDenied):
        take("directeur.ez", piece, "initials")
    past = {"valid_from": TODAY - timedelta(days=9), "valid_until": TODAY - timedelta(days=1)}
    route_actions.delegate(head, **values, **past)
    with pytest.raises(PermissionDenied):
        take("directeur.ez", piece, "initials")
    route_actions.delegate(head, **values, valid_from=TODAY, valid_until=TODAY)
    take("directeur.ez", piece, "initials")
    last = piece.acts.order_by("-sequence").first()
    assert (last.verb, last.party_nl, last.deputy) == (Verb.INITIALLED, HEAD, True)


def test_only_one_who_may_sign_stands_in_for_a_signatory(db: None) -> None:
    minister = actor("ondertekenaar.ez")
    line = Membership.objects.get(user__email="dg.ez@voorbeeld.example")
    with pytest.raises(ValidationError):
        route_actions.delegate(
            minister, office_id=str(minister.membership.office_id), deputy_id=str(line.pk), valid_from=TODAY,
            valid_until=TODAY, reason="reis",
        )  # fmt: skip


def test_what_was_sent_is_frozen(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    walk(piece)
    route_actions.send(ez, str(piece.pk))
    key = str(piece.pk)
    for attempt in (
        lambda: actions.write(ez, key, Part.PIECE, draft("Iets anders.")),
        lambda: actions.set_route(ez, key, []),
        lambda: actions.set_senders(ez, key, [(str(office(MINISTER).pk), "signs")]),
    ):
        with pytest.raises(ValidationError):
            attempt()
    version = piece.version(Part.PIECE)
    with pytest.raises(RuntimeError):
        version.save()
    with pytest.raises(RuntimeError):
        version.delete()
    with pytest.raises(RuntimeError):
        Act.objects.first().save()
    route_actions.publish(ez, key)
    route_actions.withdraw(ez, key, reason="Vervangen door een nieuwe brief.")
    piece.refresh_from_db()
    assert (piece.state, piece.sent_hash) == (State.WITHDRAWN, piece.text_hash())


def test_a_text_changed_behind_our_back_is_not_sent(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    walk(piece)
    version = piece.version(Part.PIECE)
    content = version.content | {"title": {"nl": "Anders", "en": "Other"}}
    Version.objects.filter(pk=version.pk).update(content=content)
    with pytest.raises(InputError):
        route_actions.send(ez, str(piece.pk))


def test_a_finding_is_solved_or_overruled_and_stays_on_file(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    actions.write(ez, str(piece.pk), Part.PIECE, draft("Het gaat om 120 ton en 17 aanvragen."))
    found = list(FoundItem.objects.filter(piece=piece, kind=Finding.NO_LINEAGE))
    assert len(found) == 2 and {f.state for f in found} == {Settled.OPEN}
    route_actions.submit(ez, str(piece.pk))
    with pytest.raises(InputError):  # nobody signs over what stands open
        walk(piece)
    assert not piece.acts.filter(verb=Verb.SIGNED).exists()
    kept = next(f for f in found if "17" in f.words)
    with pytest.raises(FoundItem.DoesNotExist):
        route_actions.settle(actor("beleid.bz"), str(kept.pk), reason="niet van ons")
    actions.write(ez, str(piece.pk), Part.PIECE, draft("Het gaat om veel en 17 aanvragen."))
    states = {f.words: f.state for f in FoundItem.objects.filter(piece=piece)}
    assert Settled.SOLVED in states.values()
    for item in FoundItem.objects.filter(piece=piece, state=Settled.OPEN):
        route_actions.settle(ez, str(item.pk), reason="Geteld door het contactpunt.")
    walk(piece)
    route_actions.send(ez, str(piece.pk))
    item = FoundItem.objects.filter(piece=piece, state=Settled.OVERRULED).first()
    assert (item.reason, item.settled_by, item.settled_on) == ("Geteld door het contactpunt.", ez.user, TODAY)


@pytest.mark.parametrize("kind", [Finding.PLANNED_AS_EXISTING, Finding.RESTRICTED])
def test_some_findings_are_never_overruled(db: None, kind: Finding) -> None:
    item = FoundItem.objects.create(piece=made(), key="k", kind=kind, part=Part.PIECE, place="", words="x", found_in=1)
    with pytest.raises(ValidationError):
        route_actions.settle(actor("beleid.ez"), str(item.pk), reason="Zo is het goed.")
    item.refresh_from_db()
    assert item.state == Settled.OPEN


def test_a_finding_of_what_was_sent_is_not_settled_afterwards(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    walk(piece)
    route_actions.send(ez, str(piece.pk))
    item = FoundItem.objects.create(
        piece=piece, key="k", kind=Finding.NO_LINEAGE, part=Part.PIECE, place="", words="x", found_in=1
    )
    with pytest.raises(ValidationError):
        route_actions.settle(ez, str(item.pk), reason="Zo is het goed.")


def test_what_keeps_a_piece_from_being_sent_stays_visible(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    route_actions.submit(ez, str(piece.pk))
    walk(piece)
    company = Organisation.objects.filter(kind="company").first()
    Organisation.objects.filter(pk=company.pk).update(name="aanleiding voor maatregelen")
    with pytest.raises(InputError):
        route_actions.send(ez, str(piece.pk))
    assert [f.kind for f in piece.findings.filter(state=Settled.OPEN)] == [Finding.RESTRICTED]


def test_another_route_asks_for_the_signature_again(db: None) -> None:
    piece, ez = made(joint=False), actor("beleid.ez")
    minister, secretary = str(office(MINISTER).pk), str(office(SECRETARY).pk)
    actions.set_senders(ez, str(piece.pk), [(minister, "signs"), (secretary, "signs")])
    stops = [
        Stop("initials", 2, str(office(HEAD).pk)), Stop("signature", 4, minister), Stop("signature", 5, secretary),
    ]  # fmt: skip
    actions.set_route(ez, str(piece.pk), stops)
    assert not piece.acts.exists()
    route_actions.submit(ez, str(piece.pk))
    take("lijn.ez", piece, "initials")
    signed, last = piece.steps.get(office=minister), piece.steps.get(office=secretary)
    route_actions.take_step(actor("ondertekenaar.ez"), str(signed.pk), seen=piece.text_hash())
    route_actions.give_back(actor("ondertekenaar.bz"), str(last.pk), comment="BZ stemt eerst af.")
    actions.set_route(ez, str(piece.pk), stops)
    assert piece.steps.get(office=minister).done_hash == piece.text_hash()
    actions.set_route(ez, str(piece.pk), [*stops, Stop("coordination", 1, str(organisation("BZ").pk))])
    assert piece.steps.get(office=minister).done_hash == ""
    assert piece.steps.get(kind="initials").done_hash == piece.text_hash()
    acts = [(a.verb, a.person.email.partition("@")[0]) for a in piece.acts.all()][-2:]
    assert acts == [(Verb.CHANGED, "beleid.ez"), (Verb.LAPSED, "ondertekenaar.ez")]


def test_who_sees_a_piece(db: None) -> None:
    piece = made()
    own = {"beleid.ez", "lijn.ez", "ondertekenaar.ez", "directeur.ez"}
    asked = {"beleid.bz", "ondertekenaar.bz"}
    rest = {"beleid.iw", "analist.nmo", "contactpunt"}  # they have the public page
    never = {"servo", "loket.a", "beheer.ez"}

    def seen() -> set[str]:
        return {w for w in own | asked | rest | never if visible_pieces(actor(w)).filter(pk=piece.pk).exists()}

    assert seen() == own
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    assert seen() == own | asked
    walk(piece)
    route_actions.send(actor("beleid.ez"), str(piece.pk))
    assert seen() == own | asked
    route_actions.publish(actor("beleid.ez"), str(piece.pk))
    assert seen() == own | asked


def test_a_notice_of_delay_alone_shows_a_draft_to_nobody_else(db: None) -> None:
    piece = made()
    file.note(actor("beleid.ez"), piece, Verb.DELAYED, comment="afstemming")
    assert not visible_pieces(actor("beleid.bz")).filter(pk=piece.pk).exists()


def test_a_figure_keeps_the_day_on_which_it_was_written(db: None) -> None:
    piece, ez = made(), actor("beleid.ez")
    figure("proef.keten", "2026-01-10", "oud")
    made_now = actions.write(ez, str(piece.pk), Part.PIECE, draft("[figure proef.keten: De keten]"))
    figure("proef.keten", "2026-02-10", "nieuw")
    assert made_now.text.blocks["nl"][0].key == "proef.keten@2026-01-10"
    (shown,) = document(piece, made_now, "nl", public=False).blocks
    assert "oud" in shown.svg and "nieuw" not in shown.svg
    for name in ("proef.geen", "proef.keten@2025-01-01", "proef.keten@ooit"):
        with pytest.raises(InputError):
            actions.write(ez, str(piece.pk), Part.PIECE, draft(f"[figure {name}: De keten]"))
    begun = actions.start(ez, {"kind": "letter", "subject_nl": "Tweede"})
    first = actions.begin_with(ez, str(begun.pk), {"nl": "[figure proef.keten: De keten]"}, {})
    assert first.text.blocks["nl"][0].key == "proef.keten@2026-02-10"


def test_control_characters_do_not_break_the_document(db: None) -> None:
    ez = actor("beleid.ez")
    piece = actions.start(ez, {"kind": "letter", "subject_nl": "Op\x0bschrift", "house_reference": "20\x1f26"})
    title = {"nl": "Ti\x08tel", "en": "Ti\uffffle"}
    about = {"addressees": ["de\x00Voorzitter"], "annexes": [{"title": "Bij\x0clage"}]}
    handed_in = Draft(title, {"nl": "Een\x01zin.\n\n- pu\ufffent", "en": ""}, about)
    made_now = actions.write(ez, str(piece.pk), Part.PIECE, handed_in)
    raw = docx(document(piece, made_now, "nl", public=False))
    words = "\n".join(paragraph.text for paragraph in ReadDocx(io.BytesIO(raw)).paragraphs)
    assert "Ti tel" in words and "Een zin." in words and "pu nt" in words
    assert made_now.text.about["addressees"] == ["de Voorzitter"]
    assert (piece.subject_nl, piece.house_reference) == ("Op schrift", "20 26")


def test_a_step_belongs_to_an_office_or_to_a_ministry(db: None) -> None:
    piece = made()
    for values in ({"kind": "signature", "ministry": organisation("BZ")}, {"kind": "coordination"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.create(piece=piece, order=1, **values)


def test_answers_get_their_term_and_a_notice_of_delay_extends_it(db: None) -> None:
    ez = actor("beleid.ez")
    with pytest.raises(ValidationError):
        actions.start(ez, {"kind": "answers", "subject_nl": "x"})
    piece = actions.start(ez, {"kind": "answers", "subject_nl": "x", "received_on": date(2025, 5, 20)})
    assert piece.due_on == date(2025, 6, 10)
    with pytest.raises(ValidationError):  # too late to ask
        actions.notice_of_delay(ez, str(piece.pk), on=date(2025, 6, 11), reason="afstemming")
    piece = actions.notice_of_delay(ez, str(piece.pk), on=date(2025, 6, 10), reason="Afstemming met BZ kost tijd.")
    assert piece.due_on == date(2025, 7, 1)


def _commitment(**more: object) -> Commitment:
    values = {
        "kind": "commitment", "text_nl": "De Kamer ieder kwartaal informeren over voorraden", "text_en": "",
        "promised_to": "Tweede Kamer", "made_where": "brief", "reference": "", "made_on": date(2025, 1, 15),
        "rhythm": "quarterly", "due_on": date(2025, 3, 31),
    }  # fmt: skip
    return commitment_actions.keep(actor("beleid.ez"), values | more, office_id=str(office(MINISTER).pk))


def test_a_recurring_commitment_is_kept_by_a_piece_and_due_again(db: None) -> None:
    found, piece, ez = _commitment(), made(joint=False), actor("beleid.ez")
    assert found.late(date(2025, 4, 1)) and not found.late(date(2025, 3, 31))
    with pytest.raises(ValidationError):  # a draft keeps no promise
        commitment_actions.fulfil(ez, str(found.pk), piece_id=str(piece.pk), done_on=TODAY)
    route_actions.submit(ez, str(piece.pk))
    walk(piece)
    route_actions.send(ez, str(piece.pk))
    commitment_actions.fulfil(ez, str(found.pk), piece_id=str(piece.pk), done_on=TODAY)
    found.refresh_from_db()
    assert (found.standing, found.due_on) == ("open", date(2025, 6, 30))
    once = _commitment(rhythm="once")
    commitment_actions.fulfil(ez, str(once.pk), done_on=TODAY, note="mondeling in het debat")
    once.refresh_from_db()
    assert once.standing == "fulfilled"


def test_a_commitment_passes_to_the_office_that_takes_the_place(db: None) -> None:
    old = office("minister voor Buitenlandse Handel en Ontwikkelingshulp")
    links = commitment_actions.links()
    assert holders(str(old.pk), links, date(2025, 6, 18)) == (str(old.pk),)
    assert holders(str(old.pk), links, date(2025, 6, 19)) == (str(office(SECRETARY).pk),)


def test_offices_merge_and_their_promises_go_with_them(db: None) -> None:
    found, boss = _commitment(), actor("beheer.ez")
    old = [str(office(title).pk) for title in (MINISTER, "directeur industrie")]
    on = TODAY + timedelta(days=1)
    with pytest.raises(PermissionDenied):
        commitment_actions.succeed(
            actor("beleid.ez"), old_ids=old, title_nl="x", title_en="x", organisation_id=str(organisation("EZ").pk),
            on=on, reason="x",
        )  # fmt: skip
    new = commitment_actions.succeed(
        boss, old_ids=old, title_nl="minister van Economie", title_en="Minister of the Economy",
        organisation_id=str(organisation("EZ").pk), on=on, reason="Samengevoegd (voorbeeld).",
    )  # fmt: skip
    assert holders(str(found.promised_by_id), commitment_actions.links(), on) == (str(new.pk),)
    assert office(MINISTER).valid_until == TODAY
