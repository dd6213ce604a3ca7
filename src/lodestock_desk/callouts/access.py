"""Who sees which call-outs and returns."""

from __future__ import annotations

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.roles import Role
from lodestock_desk.callouts.models import Asked, CallOut


def visible_callouts(actor: Actor) -> QuerySet[CallOut]:
    """That a question was asked is known to the state; an association sees the ones it was asked."""
    callouts = CallOut.objects.select_related("organisation", "event")
    if actor.role == Role.ASSOCIATION_DESK:
        return callouts.filter(asked__association=actor.organisation)
    return callouts if actor.may("callout.see") else callouts.none()


def visible_returns(actor: Actor) -> QuerySet[Asked]:
    """Returns: the asker sees all of its own call-outs, an association its own; others see sums (`sums.total`)."""
    returns = Asked.objects.select_related("association", "callout")
    if actor.role == Role.ASSOCIATION_DESK:
        return returns.filter(association=actor.organisation)
    if actor.may("callout.ask"):
        return returns.filter(callout__organisation=actor.organisation)
    return returns.none()
