"""Who sees which tasks."""

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.overview.models import LapseTask


def visible_tasks(actor: Actor) -> QuerySet[LapseTask]:
    """The tasks of the own organisation."""
    own = LapseTask.objects.filter(organisation=actor.organisation).select_related("owner__user")
    return own if actor.may("overview.see") else own.none()
