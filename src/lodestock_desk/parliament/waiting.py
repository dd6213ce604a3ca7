"""What waits for someone now: the steps whose turn it is, soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.parliament import file, route
from lodestock_desk.parliament.access import waiting_for
from lodestock_desk.parliament.models import Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that is asked of someone now; again: it was taken before, on another text; late: its day has passed."""

    step: Step
    again: bool
    late: bool


def waiting_now(actor: Actor) -> list[Waiting]:
    """The steps that this actor can take now, by the day on which they are needed; in a fixed number of queries."""
    steps = list(waiting_for(actor))
    files = file.read_all({step.piece for step in steps})
    turn = {one.id for standing in files.values() for one in route.waiting(standing)}
    due = [step for step in steps if str(step.pk) in turn]
    done = file.last_done_of(due)
    today = timezone.localdate()
    found = [Waiting(step, str(step.pk) in done, late=step.due_on is not None and step.due_on < today) for step in due]
    return sorted(found, key=lambda one: (one.step.due_on or date.max, one.step.piece.created_at))
