"""Writes on people and roles."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from lodestock_desk.accounts.access import current_memberships, visible_members
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, User
from lodestock_desk.accounts.roles import ROLES_OF_KIND
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament.models import Appointment


def set_language(actor: Actor, language: str) -> None:
    """Keep the language a person chose."""
    if actor.user is None or language not in ("nl", "en"):
        raise PermissionDenied("language")
    with writing(actor, None) as audit:
        User.objects.filter(pk=actor.user.pk).update(language=language)
        actor.user.language = language
        audit.changed(actor.user, "user.language", language=language)


def choose_membership(actor: Actor, membership_id: str) -> Membership:
    """The membership in which the actor goes on; must be the actor's own and in force. The session keeps it."""
    if actor.user is None:
        raise PermissionDenied("membership")
    for membership in current_memberships(actor.user):
        if str(membership.pk) == membership_id:
            return membership
    raise PermissionDenied("membership")


def add_member(actor: Actor, *, email: str, name: str, role: str, language: str, valid_from: date) -> Membership:
    """Give a person a role in the administrator's own organisation; the person sets a password by the reset page."""
    with writing(actor, "account.keep") as audit:
        organisation = actor.organisation
        if organisation is None or role not in ROLES_OF_KIND[organisation.kind]:
            raise ValidationError({"role": _("This role does not exist in your organisation.")})
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email, None, name=name, language=language)
            audit.changed(user, "user.created")
        if Membership.objects.filter(user=user, organisation=organisation, role=role, valid_until=None).exists():
            raise ValidationError({"email": _("This person already has this role.")})
        membership = Membership.objects.create(user=user, organisation=organisation, role=role, valid_from=valid_from)
        audit.changed(membership, "membership.added", role=role)
    return membership


def end_member(actor: Actor, membership_id: str, *, on: date, reason: str) -> Membership:
    """End a role on a day, with a reason; people are never deleted from the record.

    What was planned for the person after that day – an office to hold – is cancelled with it.
    """
    with writing(actor, "account.keep") as audit:
        membership = visible_members(actor).select_for_update(of=("self",)).get(pk=membership_id)
        membership.valid_until = max(on, membership.valid_from)
        membership.save(update_fields=["valid_until"])
        audit.changed(membership, "membership.ended", reason=reason)
        plans = Appointment.objects.select_for_update().filter(done=False, membership=membership)
        for planned in plans.filter(on__gt=membership.valid_until):
            audit.removed(planned, "office.plan-cancelled", reason=reason)
            planned.delete()
    return membership
