"""Reminds by mail of days that are near or have passed: of a step whose turn it is, and of a piece that is not sent.

Each person is told once before and once after a day, and a deputy on the first day what waits. The steps ask who holds
the office now, deputies included; the day of a piece asks its writers, or, when they are gone, the policy officers of
its organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lodestock.publish.words import date_text
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import User
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament import file, notices, route
from lodestock_desk.parliament.access import asked_of, delegations_in_force, writers_of
from lodestock_desk.parliament.models import Piece, Reminder, Step
from lodestock_desk.parliament.words import Kind, Moment, StepKind

STEP_AHEAD = timedelta(days=2)
PIECE_AHEAD = timedelta(days=7)
_SYSTEM = Actor(system="reminders")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that someone has to keep: of a step, or of a piece as a whole; for a deputy, the first of standing in."""

    key: UUID
    piece: Piece
    due_on: date
    moment: Moment
    people: tuple[User, ...]
    step: Step | None = None


class _ToldBefore(Exception):
    """This run or another told it before."""


class _NotSent(Exception):
    """A mail did not go out, so that nobody is noted as told."""


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
            try:
                _tell(deadline, person)
            except _ToldBefore:
                continue
            except _NotSent:
                done.failed += 1
            else:
                done.sent += 1
    return done


def deadlines(today: date) -> Iterator[Deadline]:
    """The days that are near or have passed, with the people whose they are, and what waits for new deputies."""
    pieces = list(Piece.objects.filter(state__in=route.MUTABLE).select_related("organisation"))
    files = file.read_all(pieces)
    turn = [one.id for standing in files.values() for one in route.waiting(standing)]
    steps = list(Step.objects.filter(pk__in=turn).select_related("piece"))
    people = asked_of(steps)
    yield from _of_steps(steps, people, today)
    yield from _of_deputies(steps, people, today)
    for piece in pieces:
        if piece.due_on and (moment := _moment(piece.due_on, today, PIECE_AHEAD)):
            yield Deadline(piece.pk, piece, piece.due_on, moment, tuple(writers_of(piece, or_colleagues=True)))


def _of_steps(steps: list[Step], people: dict[str, list[User]], today: date) -> Iterator[Deadline]:
    for step in steps:
        if step.due_on and (moment := _moment(step.due_on, today, STEP_AHEAD)):
            yield Deadline(step.pk, step.piece, step.due_on, moment, tuple(people[str(step.pk)]), step)


def _of_deputies(steps: list[Step], people: dict[str, list[User]], today: date) -> Iterator[Deadline]:
    """What waits for those who stand in from today on; who was named today was told at once."""
    new = delegations_in_force().filter(valid_from=today, created_at__date__lt=today)
    pairs = set(new.values_list("office_id", "deputy__user_id"))
    for step in steps:
        told = tuple(person for person in people[str(step.pk)] if (step.office_id, person.pk) in pairs)
        if told:
            yield Deadline(step.pk, step.piece, today, Moment.FIRST, told, step)


def _moment(due: date, today: date, ahead: timedelta) -> Moment | None:
    if due < today:
        return Moment.LATE
    return Moment.SOON if due <= today + ahead else None


def _tell(deadline: Deadline, person: User) -> None:
    """Note that a person is told, and send the mail; the note is kept only when the mail went out.

    Of two runs at a time the second waits for the first. A run that is cut off leaves no note of what it did not send.
    """
    with writing(_SYSTEM, None) as audit:
        try:
            Reminder.objects.create(
                piece=deadline.piece, deadline=deadline.key, due_on=deadline.due_on, moment=deadline.moment,
                person=person,
            )  # fmt: skip
        except IntegrityError as error:
            raise _ToldBefore from error
        audit.changed(deadline.step or deadline.piece, "deadline.reminded", person=str(person.pk),
                      moment=str(deadline.moment))  # fmt: skip
        if not notices.sent(_mail(deadline, person)):
            raise _NotSent


def _mail(deadline: Deadline, person: User) -> EmailMessage:
    """What is asked, by when, and where to read it; never what it is about."""
    if deadline.step is not None and deadline.moment == Moment.FIRST:
        return notices.asked(deadline.step, person, again=bool(file.last_done_of([deadline.step])))
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
