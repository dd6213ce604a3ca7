"""Who sees which licence cases."""

from __future__ import annotations

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.roles import Role
from lodestock_desk.licences.models import LicenceCase


def visible_cases(actor: Actor) -> QuerySet[LicenceCase]:
    """A case is seen by the organisation that receives it and by the company that it is of."""
    cases = LicenceCase.objects.select_related("company", "receiver")
    if actor.role in (Role.ANALYST, Role.POLICY_OFFICER):
        return cases.filter(receiver=actor.organisation)
    if actor.role == Role.COMPANY_USER:
        return cases.filter(company=actor.organisation)
    return cases.none()
