"""Who may act for an office at this moment, what waits for whom, and that reading what is restricted is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lodestock_desk.accounts.models import Membership, Organisation
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.parliament import actions, route_actions
from lodestock_desk.parliament.access import offices_of
from lodestock_desk.parliament.models import Delegation, Piece, Version
from lodestock_desk.parliament.waiting import waiting_now
from lodestock_desk.parliament.words import Part, Settled

from .people import actor, client
from .test_parliament_actions import TODAY, draft, made, take

HIDDEN = "# Aanleiding\n\n[woo 5.2: intern beraad]\nHet geheime bedrag is 120 ton."


def _in_turn_of_the_head() -> Piece:
    """A piece that waits for the initials of the head of EZ."""
    piece = made(joint=False)
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    take("beleid.bz", piece, "coordination")
    return piece


def _stands_in(until: int = 5) -> Delegation:
    """The director stands in for the head, from yesterday on."""
    head = actor("lijn.ez")
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    return route_actions.delegate(
        head, office_id=str(head.membership.office_id), deputy_id=str(deputy.pk), reason="verlof",
        valid_from=TODAY - timedelta(days=1), valid_until=TODAY + timedelta(days=until),
    )  # fmt: skip


def _end(delegation: Delegation) -> None:
    route_actions.end_delegation(actor("lijn.ez"), str(delegation.pk))


def _office_given_up(delegation: Delegation) -> None:
    yesterday = TODAY - timedelta(days=1)
    Membership.objects.filter(user=delegation.made_by).update(valid_until=yesterday)


def _another_office(delegation: Delegation) -> None:
    Membership.objects.filter(user=delegation.made_by).update(office=None)


def _ministry_gone(delegation: Delegation) -> None:
    membership = Membership.objects.get(user=delegation.made_by)
    Organisation.objects.filter(pk=membership.organisation_id).update(valid_until=TODAY - timedelta(days=1))


def _other_role(delegation: Delegation) -> None:
    Membership.objects.filter(user=delegation.made_by).update(role="contact_point_officer")


def _deputy_left(delegation: Delegation) -> None:
    Membership.objects.filter(pk=delegation.deputy_id).update(valid_until=TODAY - timedelta(days=1))


ENDS = [_end, _office_given_up, _another_office, _ministry_gone, _other_role, _deputy_left]


@pytest.mark.parametrize("ends", ENDS)
def test_who_stood_in_signs_no_more_from_that_moment_on(db: None, ends: Callable[[Delegation], None]) -> None:
    piece, delegation, deputy = _in_turn_of_the_head(), _stands_in(), actor("directeur.ez")
    office = delegation.office
    assert offices_of(deputy).filter(pk=office.pk).exists()
    step, seen = piece.steps.get(kind="initials"), piece.text_hash()
    ends(delegation)
    assert not offices_of(deputy).filter(pk=office.pk).exists()
    with pytest.raises(PermissionDenied):
        route_actions.take_step(deputy, str(step.pk), seen=seen)
    with pytest.raises(PermissionDenied):
        route_actions.give_back(deputy, str(step.pk), comment="Klopt niet.")
    step.refresh_from_db()
    assert step.done_hash == "" and not piece.acts.filter(deputy=True).exists()


@pytest.mark.parametrize("ends", [_end, _office_given_up])
def test_a_page_that_was_open_signs_nothing_after_the_deputy_was_ended(
    db: None, ends: Callable[[Delegation], None]
) -> None:
    piece, delegation, deputy = _in_turn_of_the_head(), _stands_in(), client("directeur.ez")
    address = reverse("parliament:step", args=[piece.steps.get(kind="initials").pk])
    assert deputy.get(address).status_code == 200
    ends(delegation)
    values = {"do": "take", "seen": piece.text_hash(), "comment": ""}
    assert deputy.post(address, values).status_code == 403
    assert piece.steps.get(kind="initials").done_hash == ""


def test_what_was_done_before_the_end_stands(db: None) -> None:
    piece, delegation = _in_turn_of_the_head(), _stands_in()
    take("directeur.ez", piece, "initials")
    _end(delegation)
    delegation.refresh_from_db()
    assert delegation.valid_until == TODAY + timedelta(days=5)  # what was meant stays on record
    assert delegation.ended_at <= timezone.now()
    assert piece.steps.get(kind="initials").done_hash == piece.text_hash()
    with pytest.raises(ValidationError):
        _end(delegation)


def test_the_page_of_deputies_tells_what_holds(db: None) -> None:
    delegation, head = _stands_in(), client("lijn.ez")
    page = reverse("parliament:deputies")
    assert "van kracht" in head.get(page).content.decode()
    ends = reverse("parliament:end_delegation", args=[delegation.pk])
    assert head.post(ends, follow=True).status_code == 200
    told = head.post(ends, follow=True).content.decode()  # twice: said in words, no fault of the programme
    assert "beëindigd" in told and "al beëindigd" in told and "van kracht" not in told
    _office_given_up(_stands_in())
    assert "bekleedt het ambt niet meer" in client("directeur.ez").get(page).content.decode()


def _readings(piece: Piece) -> int:
    return AuditEntry.objects.filter(verb="piece.read", object_id=str(piece.pk)).count()


def _restricted(*, changed: bool = False) -> Piece:
    """A piece whose nota holds – or, when it was changed since, held – a restricted block, in its route."""
    piece, ez = made(joint=False), actor("beleid.ez")
    actions.write(ez, str(piece.pk), Part.NOTA, draft(HIDDEN))
    route_actions.submit(ez, str(piece.pk))
    take("beleid.bz", piece, "coordination")
    if changed:
        actions.write(ez, str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nEen toezegging."))
    return piece


def test_opening_the_form_with_restricted_text_is_recorded(db: None) -> None:
    piece, writer = _restricted(), client("beleid.ez")
    for part, more in (("nota", 1), ("piece", 1)):
        answer = writer.get(reverse("parliament:write", args=[piece.pk, part]))
        assert ("geheime bedrag" in answer.content.decode()) is (part == "nota")
        assert _readings(piece) == more
    writer.post(reverse("parliament:write", args=[piece.pk, "nota"]), {"nl": ""})  # refused: it is shown again
    assert _readings(piece) == 2


def test_a_change_that_shows_what_was_restricted_before_is_recorded(db: None) -> None:
    piece, other = _restricted(changed=True), client("beleid.bz")
    assert not piece.version(Part.NOTA).restricted
    told = other.get(reverse("parliament:step", args=[piece.steps.get(kind="coordination").pk])).content.decode()
    assert "geheime bedrag" in told and _readings(piece) == 1
    newcomer = client("lijn.ez")
    newcomer.get(reverse("parliament:step", args=[piece.steps.get(kind="initials").pk]))
    assert _readings(piece) == 1  # sees the text of now only, of which nothing is restricted


def test_findings_with_the_words_of_restricted_text_are_recorded(db: None) -> None:
    piece, writer = _restricted(), client("beleid.ez")
    finding = piece.findings.get(state=Settled.OPEN)
    told = writer.get(reverse("parliament:overrule", args=[finding.pk])).content.decode()
    assert "geheime bedrag" in told and _readings(piece) == 1
    actions.write(actor("beleid.ez"), str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nEen toezegging."))
    told = writer.get(reverse("parliament:one", args=[piece.pk])).content.decode()
    assert "geheime bedrag" in told and _readings(piece) == 2
    plain = made(joint=False)
    writer.get(reverse("parliament:one", args=[plain.pk]))
    assert _readings(plain) == 0


def test_versions_that_were_there_are_marked_on_migrating(db: None) -> None:
    piece = _restricted(changed=True)
    Version.objects.filter(piece=piece).update(restricted=False)
    import_module("lodestock_desk.parliament.migrations.0002_ended_at").mark_restricted(apps, None)
    assert list(piece.versions.filter(restricted=True).values_list("part", "number")) == [("nota", 2)]


def _queries(who: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert who.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["parliament:list", "start"])
def test_the_lists_take_as_many_queries_for_ten_pieces_as_for_one(db: None, name: str) -> None:
    person, address = client("beleid.bz"), reverse("parliament:list") if name != "start" else "/desk/"
    pieces = [made()]
    route_actions.submit(actor("beleid.ez"), str(pieces[0].pk))
    person.get(address)  # what is read once for all
    before = _queries(person, address)
    for _piece in range(3):
        pieces.append(made())
        route_actions.submit(actor("beleid.ez"), str(pieces[-1].pk))
    assert {one.step.piece.pk for one in waiting_now(actor("beleid.bz"))} >= {piece.pk for piece in pieces}
    assert _queries(person, address) == before


def test_a_piece_takes_as_many_queries_for_six_steps_as_for_three(db: None) -> None:
    piece, person, ez = made(joint=False), client("lijn.ez"), actor("beleid.ez")
    address = reverse("parliament:one", args=[piece.pk])
    person.get(address)
    before = _queries(person, address)
    stops = [actions.Stop(s.kind, s.order, s.party_id) for s in piece.steps.all()]
    ministries = Organisation.objects.filter(abbreviation__in=("I&W", "KGG", "SZW"))
    assert len(ministries) == 3
    actions.set_route(ez, str(piece.pk), [*stops, *(actions.Stop("coordination", 1, str(m.pk)) for m in ministries)])
    assert _queries(person, address) == before
