"""Reminds by mail of days that are near or have passed: of a step whose turn it is, and of a piece that is not sent.

Each person is told once before and once after a day. The steps ask who holds the office now, deputies included; the day
of a piece asks its writers, or, when they are gone, the policy officers of its organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lodestock.publish.words import date_text
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import User
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament import file, notices, route
from lodestock_desk.parliament.access import asked_of, writers_of
from lodestock_desk.parliament.models import Piece, Reminder, Step
from lodestock_desk.parliament.words import Kind, Moment, StepKind

STEP_AHEAD = timedelta(days=2)
PIECE_AHEAD = timedelta(days=7)
_SYSTEM = Actor(system="reminders")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that someone has to keep: of a step, or of a piece as a whole."""

    key: UUID
    piece: Piece
    due_on: date
    moment: Moment
    people: tuple[User, ...]
    step: Step | None = None


@dataclass(slots=True)
class Told:
    """How many mails went out, and how many could not."""

    sent: int = 0
    failed: int = 0


def remind() -> Told:
    """Tell everyone of their days, each by a mail of their own; one that cannot be sent is tried again next time."""
    done = Told()
    for deadline in deadlines(timezone.localdate()):
        for person in deadline.people:
            if (kept := _claimed(deadline, person)) is None:
                continue
            if notices.sent(_mail(deadline, person)):
                done.sent += 1
            else:
                done.failed += 1
                _let_go(kept)
    return done


def deadlines(today: date) -> Iterator[Deadline]:
    """The days that are near or have passed, with the people whose they are."""
    pieces = list(Piece.objects.filter(state__in=route.MUTABLE).select_related("organisation"))
    yield from _of_steps(pieces, today)
    for piece in pieces:
        if piece.due_on and (moment := _moment(piece.due_on, today, PIECE_AHEAD)):
            yield Deadline(piece.pk, piece, piece.due_on, moment, tuple(writers_of(piece, or_colleagues=True)))


def _of_steps(pieces: list[Piece], today: date) -> Iterator[Deadline]:
    files = file.read_all(pieces)
    turn = [one.id for standing in files.values() for one in route.waiting(standing)]
    steps = list(Step.objects.filter(pk__in=turn, due_on__lte=today + STEP_AHEAD).select_related("piece"))
    people = asked_of(steps)
    for step in steps:
        if step.due_on and (moment := _moment(step.due_on, today, STEP_AHEAD)):
            yield Deadline(step.pk, step.piece, step.due_on, moment, tuple(people[str(step.pk)]), step)


def _moment(due: date, today: date, ahead: timedelta) -> Moment | None:
    if due < today:
        return Moment.LATE
    return Moment.SOON if due <= today + ahead else None


def _claimed(deadline: Deadline, person: User) -> Reminder | None:
    """Note that a person is told; None when that was done before, by this run or another."""
    try:
        with transaction.atomic(), writing(_SYSTEM, None) as audit:
            kept = Reminder.objects.create(
                piece=deadline.piece, deadline=deadline.key, due_on=deadline.due_on, moment=deadline.moment,
                person=person,
            )  # fmt: skip
            audit.changed(deadline.step or deadline.piece, "deadline.reminded", person=str(person.pk),
                          moment=str(deadline.moment))  # fmt: skip
    except IntegrityError:
        return None
    return kept


def _let_go(kept: Reminder) -> None:
    with writing(_SYSTEM, None) as audit:
        audit.removed(kept, "deadline.not-reminded", reason="mail")
        kept.delete()


def _mail(deadline: Deadline, person: User) -> EmailMessage:
    """What is asked, by when, and where to read it; never what it is about."""
    with override(person.language):
        day = date_text(deadline.due_on, "en" if person.language == "en" else "nl")
        late = deadline.moment == Moment.LATE
        if deadline.step is not None:
            head = _("The day of a step of yours has passed") if late else _("A step of yours is needed soon")
            lines = [f"{_(notices.ASKED[StepKind(deadline.step.kind)])}.", _("Needed by: %s") % day]
            return notices.mail(person, head, lines, reverse("parliament:step", args=[deadline.step.pk]))
        answers = deadline.piece.kind == Kind.ANSWERS
        if late:
            head = _("The term of written questions has passed") if answers else _("The day of a letter has passed")
        else:
            head = _("The term of written questions ends soon") if answers else _("A letter is due soon")
        lines = [_("Due: %s") % day]
        if answers and not late and not deadline.piece.delay_notice_on:
            lines.append(_("If it cannot be kept: send the House a notice of delay before that day."))
        return notices.mail(person, head, lines, reverse("parliament:one", args=[deadline.piece.pk]))
