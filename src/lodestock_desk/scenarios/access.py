"""Who sees which evidence."""

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.scenarios.models import Evidence


def visible_evidence(actor: Actor) -> QuerySet[Evidence]:
    """Evidence of the own organisation: it rests on reports that only this organisation received."""
    own = Evidence.objects.filter(organisation=actor.organisation).select_related("proposed_by", "decided_by")
    return own if actor.may("evidence.keep") else own.none()
