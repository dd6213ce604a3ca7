"""The states of a signal and the steps between them; every step has a reason. Pure: no database."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lodestock.errors import InputError


class State(TextChoices):
    """Where a signal stands."""

    NEW = "new", gettext_lazy("New")
    UNDER_REVIEW = "under_review", gettext_lazy("Under review")
    VERIFIED = "verified", gettext_lazy("Verified")
    MERGED = "merged", gettext_lazy("Merged")
    REJECTED = "rejected", gettext_lazy("Rejected")
    LINKED = "linked", gettext_lazy("Linked to an event")
    CLOSED = "closed", gettext_lazy("Closed")


STEPS: dict[State, tuple[State, ...]] = {
    State.NEW: (State.UNDER_REVIEW,),
    State.UNDER_REVIEW: (State.VERIFIED, State.MERGED, State.REJECTED),
    State.VERIFIED: (State.LINKED, State.MERGED, State.UNDER_REVIEW),
    State.LINKED: (State.CLOSED, State.UNDER_REVIEW),
    State.MERGED: (State.CLOSED, State.UNDER_REVIEW),
    State.REJECTED: (State.CLOSED, State.UNDER_REVIEW),
    State.CLOSED: (State.UNDER_REVIEW,),
}

# What counts as an affected company: looked at and found true.
COUNTED = (State.VERIFIED, State.LINKED)
OPEN = (State.NEW, State.UNDER_REVIEW, State.VERIFIED, State.LINKED)


def next_states(state: str) -> tuple[State, ...]:
    """The states that may follow."""
    return STEPS[State(state)]


def check_step(state: str, to: str, reason: str, *, event: bool = False, into: bool = False) -> State:
    """The new state, or InputError that says which rule the step breaks.

    Merging needs the report it goes into, linking needs an event, and no step goes without a reason.
    """
    if to not in State.values or State(to) not in STEPS[State(state)]:
        possible = ", ".join(str(s.label) for s in STEPS[State(state)])
        raise InputError(_("This step is not possible."), why=_("Possible from here: %s.") % possible)
    if len(reason.strip()) < 3:
        raise InputError(_("Give a reason for this step."))
    if to == State.LINKED and not event:
        raise InputError(_("Choose the event to which the signal belongs."))
    if to == State.MERGED and not into:
        raise InputError(_("Choose the report with which this one is merged."))
    return State(to)
