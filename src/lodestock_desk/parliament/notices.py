"""Tells by mail who is asked for a step, that a piece came back, or that it can be sent.

A mail says what is asked, by when, and where to read it. It never says what a piece is about: mail is not a safe place.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from lodestock.publish.words import date_text
from lodestock_desk.accounts.models import Office, User
from lodestock_desk.core.writing import Audit
from lodestock_desk.parliament import file, route
from lodestock_desk.parliament.access import asked_of, writers_of
from lodestock_desk.parliament.models import Piece, Step
from lodestock_desk.parliament.words import State, StepKind

LOG = logging.getLogger(__name__)
ASKED = {
    StepKind.COORDINATION: gettext_noop("Coordination at official level is asked of you"),
    StepKind.AGREEMENT: gettext_noop("Your agreement is asked"),
    StepKind.INITIALS: gettext_noop("Your initials are asked"),
    StepKind.SIGNATURE: gettext_noop("Your signature is asked"),
}
_withheld: ContextVar[bool] = ContextVar("withheld", default=False)


@contextmanager
def withheld() -> Iterator[None]:
    """Send nothing from what happens inside: example data and tests."""
    token = _withheld.set(True)
    try:
        yield
    finally:
        _withheld.reset(token)


def tell(piece: Piece, before: route.File, audit: Audit) -> None:
    """Mail those whose turn it became by what just happened to a piece, and its writer when every step is taken.

    before: the piece as it stood before. Mail goes out when the transaction is kept; a mail server that fails stops
    nobody: what waits stands on the start page too.
    """
    now = file.read(piece)
    known = {one.id for one in route.waiting(before)}
    steps = list(piece.steps.filter(pk__in=[one.id for one in route.waiting(now) if one.id not in known]))
    again, people = file.last_done_of(steps), asked_of(steps)
    mails = []
    for step in steps:
        audit.changed(step, "step.asked", people=[str(person.pk) for person in people[str(step.pk)]])
        mails += [asked(step, person, again=str(step.pk) in again) for person in people[str(step.pk)]]
    if route.complete(now) and not route.complete(before):
        mails += [_to_writer(piece, person, complete=True) for person in writers_of(piece)]
    _send_later(mails)


def tell_returned(piece: Piece) -> None:
    """Mail those who write a piece that it came back with a comment."""
    _send_later([_to_writer(piece, person, complete=False) for person in writers_of(piece)])


def tell_of_waiting(office: Office, person: User, audit: Audit) -> None:
    """Mail who came to act for an office – its new holder, who stands in – the steps that wait for it already."""
    steps = list(Step.objects.filter(office=office, piece__state=State.IN_ROUTE).select_related("piece"))
    turn = {one.id for standing in file.read_all({s.piece for s in steps}).values() for one in route.waiting(standing)}
    people, again = asked_of(steps), file.last_done_of(steps)
    mine = [step for step in steps if str(step.pk) in turn and person in people[str(step.pk)]]
    for step in mine:
        audit.changed(step, "step.asked", people=[str(person.pk)])
    _send_later([asked(step, person, again=str(step.pk) in again) for step in mine])


def asked(step: Step, person: User, *, again: bool) -> EmailMessage:
    """A mail that a step is asked; again: it was taken before, and the text changed since."""
    with override(person.language):
        head = _(ASKED[StepKind(step.kind)])
        lines = [_("You took this step before; the text has changed since.")] if again else []
        due = date_text(step.due_on, "en" if person.language == "en" else "nl") if step.due_on else _("no day was set")
        lines.append(_("Needed by: %s") % due)
        return mail(person, head, lines, reverse("parliament:step", args=[step.pk]))


def _to_writer(piece: Piece, person: User, *, complete: bool) -> EmailMessage:
    with override(person.language):
        head = _("Every step is taken: a piece can be sent") if complete else _("A piece came back with a comment")
        return mail(person, head, [], reverse("parliament:one", args=[piece.pk]))


def mail(person: User, head: str, lines: Iterable[str], address: str) -> EmailMessage:
    """A mail in the language that is active: what is asked, and where to read it."""
    link = _("Read it here: %s") % f"{settings.WAGTAILADMIN_BASE_URL}{address}"
    body = "\n".join([f"{head}.", "", *lines, link, "", _("What it is about is not said by mail, only after log-in.")])
    return EmailMessage(
        f"Lodestock: {head}", f"{body}\n", to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    )


def _send_later(mails: list[EmailMessage]) -> None:
    if mails and not _withheld.get():
        transaction.on_commit(lambda: _send(mails))


def _send(mails: list[EmailMessage]) -> None:
    """Each mail by itself, so that one refused address keeps nobody else from being told; nothing stops the step."""
    for one in mails:
        sent(one)


def sent(one: EmailMessage) -> bool:
    """Send a mail; answers whether it went out. What went wrong is logged, without the address."""
    try:
        return one.send() > 0
    except (SMTPException, OSError, ValueError, ImproperlyConfigured) as error:
        LOG.error("a mail could not be sent (%s)", type(error).__name__)
        return False
