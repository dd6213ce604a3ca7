"""Who sees which keys, and who a key acts as."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Organisation, in_force
from lodestock_desk.accounts.roles import CAPABILITIES, ROLES_OF_KIND
from lodestock_desk.api.models import ApiKey
from lodestock_desk.signals.tokens import hashed


def visible_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the own organisation, for its administrators."""
    keys = ApiKey.objects.filter(organisation=actor.organisation).select_related("made_by")
    return keys if actor.may("key.keep") else keys.none()


def reading_role(organisation: Organisation) -> str:
    """The role in which a key of this organisation reads: one of its kind that sees cases; empty if there is none."""
    return min(ROLES_OF_KIND[organisation.kind] & CAPABILITIES["case.see"], default="")


def key_of(token: str) -> ApiKey | None:
    """The living key with this token, of an organisation that still exists."""
    today = timezone.localdate()
    found = ApiKey.objects.select_related("organisation").filter(
        in_force(today, "organisation__"), hashed=hashed(token), ended_at__isnull=True, valid_until__gte=today
    )
    return found.first()


def actor_of(key: ApiKey) -> Actor:
    """The actor as which a key reads: nobody in person, in its role for its organisation."""
    return Actor(membership=Membership(organisation=key.organisation, role=key.role), system=f"key:{key.pk}"[:32])
