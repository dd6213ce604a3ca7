"""Who is told by mail what is asked of them, and that a mail says nothing of what a piece is about."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import TestCase, override_settings
from django.urls import reverse

from lodestock.errors import InputError
from lodestock_desk.accounts.models import Membership, User
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.environment import Environment
from lodestock_desk.parliament import actions, route_actions
from lodestock_desk.parliament.models import Piece
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
