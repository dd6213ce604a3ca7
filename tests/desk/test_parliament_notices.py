"""Who is told by mail what is asked of them, and that a mail says nothing of what a piece is about."""

from __future__ import annotations

import io
import re
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from lodestock.errors import InputError
from lodestock_desk.accounts.models import Membership, User
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.environment import Environment
from lodestock_desk.parliament import actions, office_actions, route_actions
from lodestock_desk.parliament.models import Piece, Reminder
from lodestock_desk.parliament.notices import withheld
from lodestock_desk.parliament.words import Part

from .people import actor, client
from .test_parliament_actions import HEAD, TODAY, draft, made, office, take

kept = TestCase.captureOnCommitCallbacks  # what happens when the transaction is kept


def _told() -> list[tuple[str, str]]:
    """To whom mail went and with which subject; the box is emptied."""
    found = sorted((one.to[0].partition("@")[0], one.subject) for one in mail.outbox)
    mail.outbox.clear()
    return found


def _submitted(**options: bool) -> Piece:
    piece = made(**options)
    route_actions.submit(actor("beleid.ez"), str(piece.pk))
    return piece


def test_each_is_told_when_it_is_their_turn_and_the_writer_when_all_is_signed(db: None) -> None:
    with kept(execute=True):
        piece = _submitted()
    assert _told() == [("beleid.bz", "Lodestock: Ambtelijke afstemming wordt van u gevraagd")]
    asked = (
        ("beleid.bz", "coordination", "lijn.ez", "Uw paraaf wordt gevraagd"),
        ("lijn.ez", "initials", "ondertekenaar.bz", "Uw akkoord wordt gevraagd"),
        ("ondertekenaar.bz", "agreement", "ondertekenaar.ez", "Uw ondertekening wordt gevraagd"),
        ("ondertekenaar.ez", "signature", "beleid.ez", "Alle stappen zijn gezet: een stuk kan worden verzonden"),
    )
    for who, kind, following, said in asked:
        with kept(execute=True):
            take(who, piece, kind)
        assert _told() == [(following, f"Lodestock: {said}")]
    row = AuditEntry.objects.filter(verb="step.asked").last()
    assert str(actor("ondertekenaar.ez").user.pk) in row.text and "@" not in row.text


def test_a_mail_holds_the_day_and_the_link_and_no_word_of_the_piece(db: None) -> None:
    with kept(execute=True):
        piece = _submitted()
    (sent,) = mail.outbox
    step = piece.steps.get(kind="coordination")
    link = reverse("parliament:step", args=[step.pk])
    assert re.search(rf"https?://\S+{link}\n", sent.body)
    assert f"{step.due_on.day}\u00a0" in sent.body or f"{step.due_on.day} " in sent.body
    assert str(step.due_on.year) in sent.body
    for word in ("Proef", "Trial", "Titel", "toezegging", "aanleiding", HEAD, "Economische"):
        assert word not in sent.subject + sent.body, word
    assert client("beleid.bz").get(link).status_code == 200
    mail.outbox.clear()


def test_who_reads_english_is_told_in_english(db: None) -> None:
    User.objects.filter(email__startswith="beleid.bz@").update(language="en")
    with kept(execute=True):
        _submitted()
    assert _told() == [("beleid.bz", "Lodestock: Coordination at official level is asked of you")]


def test_after_a_change_those_who_had_taken_a_step_are_told_that_it_is_asked_again(db: None) -> None:
    piece, ez = _submitted(joint=False), actor("beleid.ez")
    take("beleid.bz", piece, "coordination")
    with kept(execute=True):
        actions.write(ez, str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nTwee toezeggingen."))
    (sent,) = mail.outbox
    assert sent.to == ["beleid.bz@voorbeeld.example"] and "de tekst is sindsdien gewijzigd" in sent.body
    mail.outbox.clear()
    with kept(execute=True):  # it was asked already: nobody is told twice
        actions.write(ez, str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nDrie toezeggingen."))
    assert _told() == []


def test_the_writer_is_told_that_a_piece_came_back(db: None) -> None:
    piece = _submitted(joint=False)
    with kept(execute=True):
        step = piece.steps.get(kind="coordination")
        route_actions.give_back(actor("beleid.bz"), str(step.pk), comment="Het bedrag klopt niet.")
    (sent,) = mail.outbox
    assert sent.to == ["beleid.ez@voorbeeld.example"] and "bedrag" not in sent.body
    mail.outbox.clear()


def test_who_stands_in_is_told_too_and_nobody_after_the_end(db: None) -> None:
    piece, head = _submitted(joint=False), actor("lijn.ez")
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    given = route_actions.delegate(
        head, office_id=str(head.membership.office_id), deputy_id=str(deputy.pk), reason="verlof", valid_from=TODAY,
        valid_until=TODAY + timedelta(days=1),
    )  # fmt: skip
    with kept(execute=True):
        take("beleid.bz", piece, "coordination")
    assert [who for who, _said in _told()] == ["directeur.ez", "lijn.ez"]
    route_actions.end_delegation(head, str(given.pk))
    actions.write(actor("beleid.ez"), str(piece.pk), Part.PIECE, draft("Anders."))
    with kept(execute=True):
        take("beleid.bz", piece, "coordination")
    assert [who for who, _said in _told()] == ["lijn.ez"]


def test_who_comes_to_act_for_an_office_is_told_what_waits_for_it_already(db: None) -> None:
    piece, head = _submitted(joint=False), actor("lijn.ez")
    take("beleid.bz", piece, "coordination")
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    for first, told in ((TODAY + timedelta(days=1), []), (TODAY, ["directeur.ez"])):
        with kept(execute=True):
            route_actions.delegate(
                head, office_id=str(office(HEAD).pk), deputy_id=str(deputy.pk), reason="verlof", valid_from=first,
                valid_until=TODAY + timedelta(days=2),
            )  # fmt: skip
        assert [who for who, _said in _told()] == told
    new = Membership.objects.get(user__email="dg.ez@voorbeeld.example")
    with kept(execute=True):
        office_actions.hold_office(
            actor("beheer.ez"), office_id=str(office(HEAD).pk), membership_id=str(new.pk), reason="opvolging"
        )
    assert _told() == [("dg.ez", "Lodestock: Uw paraaf wordt gevraagd")]


def test_a_step_that_nobody_can_take_is_said_on_the_page(db: None) -> None:
    Membership.objects.filter(office=office(HEAD)).update(office=None)
    with kept(execute=True):
        piece = _submitted(joint=False)
        take("beleid.bz", piece, "coordination")
    assert [who for who, _said in _told()] == ["beleid.bz"]
    told = client("beleid.ez").get(reverse("parliament:one", args=[piece.pk])).content.decode()
    assert "niemand kan deze stap zetten" in told


def test_what_waits_stands_on_the_start_page(db: None) -> None:
    piece = _submitted(joint=False)
    link = reverse("parliament:step", args=[piece.steps.get(kind="coordination").pk])
    start = client("beleid.bz").get("/desk/").content.decode()
    assert link in start and "Ministerie van Buitenlandse Zaken" in start
    assert link not in client("beleid.iw").get("/desk/").content.decode()
    take("beleid.bz", piece, "coordination")
    assert link not in client("beleid.bz").get("/desk/").content.decode()


class Broken(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: object) -> int:
        """Nothing goes out."""
        raise TimeoutError("no answer")


def test_a_mail_server_that_fails_stops_nobody(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(EMAIL_BACKEND=f"{__name__}.Broken"), kept(execute=True):
        piece = _submitted(joint=False)
    assert piece.acts.exists() and "mail could not be sent" in caplog.text and "@" not in caplog.text


def test_nothing_is_sent_while_mail_is_withheld_or_when_the_change_is_not_kept(db: None) -> None:
    with kept(execute=True), withheld():
        _submitted(joint=False)
    assert _told() == []
    with kept(execute=True):
        piece = made(joint=False)
        actions.write(actor("beleid.ez"), str(piece.pk), Part.NOTA, draft("# Aanleiding\n\nConcept."))
    assert _told() == []  # a draft asks nobody


def _reminded() -> list[tuple[str, str]]:
    call_command("remind", stdout=io.StringIO())
    return _told()


def _due(piece: Piece, kind: str, days: int) -> None:
    piece.steps.filter(kind=kind).update(due_on=TODAY + timedelta(days=days))


STEP_SOON, STEP_LATE = "Lodestock: Binnenkort nodig: een stap van u", "Lodestock: De dag van een stap van u is voorbij"


def test_who_has_a_step_is_reminded_once_before_and_once_after_its_day(db: None) -> None:
    Piece.objects.all().delete()
    piece = _submitted(joint=False)
    _due(piece, "coordination", 3)
    assert _reminded() == []
    _due(piece, "coordination", 2)
    _due(piece, "initials", -5)  # not its turn yet: nobody can do anything about it
    assert _reminded() == [("beleid.bz", STEP_SOON)] and _reminded() == []
    _due(piece, "coordination", -1)
    call_command("remind", stdout=(said := io.StringIO()))
    (sent,) = mail.outbox
    assert "1 sent" in said.getvalue() and sent.subject == STEP_LATE
    for word in ("Proef", "Trial", "Titel", "toezegging", HEAD, "Economische"):
        assert word not in sent.subject + sent.body, word
    assert reverse("parliament:step", args=[piece.steps.get(kind="coordination").pk]) in sent.body
    _told()
    take("beleid.bz", piece, "coordination")
    assert _reminded() == [("lijn.ez", STEP_LATE)] and _reminded() == []
    _due(piece, "initials", 1)  # another day was agreed
    assert _reminded() == [("lijn.ez", STEP_SOON)]
    rows = AuditEntry.objects.filter(verb="deadline.reminded")
    assert rows.count() == 4 and not any("@" in row.text for row in rows)


def test_who_stands_in_is_reminded_too(db: None) -> None:
    Piece.objects.all().delete()
    piece, head = _submitted(joint=False), actor("lijn.ez")
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    route_actions.delegate(
        head, office_id=str(head.membership.office_id), deputy_id=str(deputy.pk), reason="verlof", valid_from=TODAY,
        valid_until=TODAY + timedelta(days=1),
    )  # fmt: skip
    take("beleid.bz", piece, "coordination")
    _due(piece, "initials", 0)
    assert _reminded() == [("directeur.ez", STEP_SOON), ("lijn.ez", STEP_SOON)] and _reminded() == []


def test_the_writer_is_reminded_of_the_term_of_questions_and_a_colleague_when_the_writer_left(db: None) -> None:
    Piece.objects.all().delete()
    ez = actor("beleid.ez")
    values = {"kind": "answers", "subject_nl": "Vragen over koper", "received_on": TODAY - timedelta(days=15)}
    piece = actions.start(ez, values)
    assert piece.due_on == TODAY + timedelta(days=6)
    call_command("remind", stdout=io.StringIO())
    (sent,) = mail.outbox
    assert sent.to == ["beleid.ez@voorbeeld.example"] and "uitstelbericht" in sent.body and "koper" not in sent.body
    _told()
    Membership.objects.filter(pk=ez.membership.pk).update(valid_until=TODAY - timedelta(days=1))
    Piece.objects.filter(pk=piece.pk).update(due_on=TODAY - timedelta(days=1))
    assert _reminded() == []  # nobody of this ministry may write it now
    Membership.objects.create(
        user=actor("lijn.ez").user, organisation=ez.organisation, role="policy_officer", valid_from=TODAY
    )
    assert _reminded() == [("lijn.ez", "Lodestock: De termijn van schriftelijke vragen is voorbij")]
    Piece.objects.filter(pk=piece.pk).update(due_on=TODAY - timedelta(days=2), state="withdrawn")
    assert _reminded() == []


def test_a_reminder_that_could_not_be_sent_is_sent_next_time(db: None) -> None:
    Piece.objects.all().delete()
    piece = _submitted(joint=False)
    _due(piece, "coordination", 1)
    with override_settings(EMAIL_BACKEND=f"{__name__}.Broken"), pytest.raises(CommandError):
        call_command("remind", stdout=io.StringIO())
    assert not Reminder.objects.exists()
    assert _reminded() == [("beleid.bz", STEP_SOON)]


class CutOff(EmailBackend):
    """The machine goes down while a mail is sent."""

    def send_messages(self, messages: object) -> int:
        """Nothing goes out, and nothing goes on."""
        raise SystemExit


def test_a_run_that_is_cut_off_before_a_mail_went_out_reminds_next_time(db: None) -> None:
    Piece.objects.all().delete()
    piece = _submitted(joint=False)
    _due(piece, "coordination", 1)
    with override_settings(EMAIL_BACKEND=f"{__name__}.CutOff"), pytest.raises(SystemExit):
        call_command("remind", stdout=io.StringIO())
    assert _reminded() == [("beleid.bz", STEP_SOON)]


def test_reminders_go_out_also_when_offices_cannot_be_taken_up(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Piece.objects.all().delete()
    piece = _submitted(joint=False)
    _due(piece, "coordination", 1)

    def broken(_actor: object) -> int:
        raise RuntimeError("no offices today")

    monkeypatch.setattr("lodestock_desk.parliament.management.commands.remind.take_up", broken)
    with pytest.raises(CommandError, match="offices could not be taken up"):
        call_command("remind", stdout=io.StringIO())
    assert _told() == [("beleid.bz", STEP_SOON)] and "no offices today" in caplog.text


def test_a_deputy_is_told_on_the_first_day_what_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Piece.objects.all().delete()
    piece, head = _submitted(joint=False), actor("lijn.ez")
    take("beleid.bz", piece, "coordination")
    _due(piece, "initials", 20)
    with kept(execute=True):
        for who, first in (("directeur.ez", TODAY + timedelta(days=1)), ("dg.ez", TODAY)):
            deputy = Membership.objects.get(user__email=f"{who}@voorbeeld.example")
            route_actions.delegate(
                head, office_id=str(office(HEAD).pk), deputy_id=str(deputy.pk), reason="verlof", valid_from=first,
                valid_until=TODAY + timedelta(days=9),
            )  # fmt: skip
    assert _told() == [("dg.ez", "Lodestock: Uw paraaf wordt gevraagd")]  # at once
    assert _reminded() == []
    noon = datetime.combine(TODAY + timedelta(days=1), time(12), tzinfo=timezone.get_current_timezone())
    monkeypatch.setattr(timezone, "now", lambda: noon)
    assert _reminded() == [("directeur.ez", "Lodestock: Uw paraaf wordt gevraagd")] and _reminded() == []
    monkeypatch.setattr(timezone, "now", lambda: noon + timedelta(days=1))
    assert _reminded() == []


def test_mail_goes_to_a_server_to_files_or_to_the_console() -> None:
    def mail_of(**values: str) -> object:
        return Environment.read({f"LODESTOCK_DESK_MAIL_{name}": value for name, value in values.items()}).mail()

    assert mail_of().backend.endswith("console.EmailBackend")
    assert mail_of(FOLDER="post").backend.endswith("filebased.EmailBackend")
    found = mail_of(HOST="mail.example", SECURITY="starttls", USER="u", PASSWORD="p", FOLDER="post")
    assert (found.backend.split(".")[-2], found.host, found.port, found.security) == (
        "smtp", "mail.example", 587, "starttls",
    )  # fmt: skip
    assert (found.user, found.password) == ("u", "p")
    for wrong in ({"SECURITY": "ssl"}, {"PORT": "smtp"}):
        with pytest.raises(InputError):
            mail_of(**wrong)
