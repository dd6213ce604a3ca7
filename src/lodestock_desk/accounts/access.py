"""Who sees which people and organisations."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Organisation, User, in_force
from lodestock_desk.accounts.roles import RECEIVERS, Kind, Role


def current_memberships(user: User) -> QuerySet[Membership]:
    """The memberships of a person that are in force today, oldest first."""
    today = timezone.localdate()
    found = Membership.objects.filter(in_force(today), in_force(today, "organisation__"), user=user)
    return found.select_related("organisation", "user").order_by("valid_from", "created_at")


def visible_members(actor: Actor) -> QuerySet[Membership]:
    """Memberships an administrator keeps: those of the own organisation."""
    if not actor.may("account.keep"):
        return Membership.objects.none()
    return Membership.objects.filter(organisation=actor.organisation).select_related("user", "organisation")


def receivers() -> QuerySet[Organisation]:
    """The organisations that take in reports."""
    return Organisation.objects.filter(in_force(timezone.localdate()), kind__in=RECEIVERS)


def associations() -> QuerySet[Organisation]:
    """The trade associations."""
    return Organisation.objects.filter(in_force(timezone.localdate()), kind=Kind.ASSOCIATION)


def visible_companies(actor: Actor) -> QuerySet[Organisation]:
    """Companies by name: those who call them see all, an association its own members, a company itself."""
    companies = Organisation.objects.filter(kind=Kind.COMPANY)
    if actor.role in (Role.ANALYST, Role.POLICY_OFFICER):
        return companies
    if actor.role == Role.ASSOCIATION_DESK:
        return companies.filter(memberships_of=actor.organisation)
    if actor.role == Role.COMPANY_USER and actor.organisation:
        return companies.filter(pk=actor.organisation.pk)
    return companies.none()
