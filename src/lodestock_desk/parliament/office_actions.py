"""Writes on offices by an administrator: a new one, and who holds one."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Office, in_force
from lodestock_desk.accounts.roles import CAPABILITIES
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament.access import offices
from lodestock_desk.parliament.models import Delegation


def make_office(actor: Actor, *, title_nl: str, title_en: str, valid_from: date) -> Office:
    """A new office of the administrator's own organisation; nobody holds it yet."""
    with writing(actor, "account.keep") as audit:
        if offices().filter(organisation=actor.organisation, title_nl__iexact=title_nl).exists():
            raise ValidationError({"title_nl": _("This office is there already.")})
        made = Office.objects.create(
            organisation=actor.organisation, title_nl=title_nl, title_en=title_en, valid_from=valid_from
        )
        audit.changed(made, "office.made")
    return made


def possible_holders(actor: Actor) -> QuerySet[Membership]:
    """The people of the own organisation in a role that takes steps: one of them may hold an office."""
    today = timezone.localdate()
    held = Membership.objects.filter(in_force(today), organisation=actor.organisation)
    return held.filter(role__in=CAPABILITIES["piece.approve"]).select_related("user", "office").order_by("user__name")


def hold_office(actor: Actor, *, office_id: str, membership_id: str, reason: str) -> Office:
    """From this moment on someone else holds an office, or – without a membership – nobody does.

    Who held it before gives it up, and with it those who stood in. Whoever held another office gives that one up.
    """
    with writing(actor, "account.keep") as audit:
        own = offices().filter(organisation=actor.organisation)
        office = own.select_for_update(of=("self",)).filter(pk=office_id).first()
        if office is None:
            raise ValidationError({"office": _("Choose an office of your own organisation that exists today.")})
        today = timezone.localdate()
        holders = Membership.objects.select_for_update().filter(in_force(today), office=office)
        for before in holders.exclude(pk=membership_id or None):
            before.office = None
            before.save(update_fields=["office"])
            audit.changed(before, "office.given_up", reason=reason)
            deputies = Delegation.objects.select_for_update().filter(made_by_id=before.user_id, office=office)
            for deputy in deputies.filter(ended_at=None, valid_until__gte=today):
                deputy.ended_at = timezone.now()
                deputy.save(update_fields=["ended_at"])
                audit.changed(deputy, "delegation.ended", reason=reason)
        if membership_id:
            member = possible_holders(actor).select_for_update(of=("self",)).filter(pk=membership_id).first()
            if member is None:
                raise ValidationError({"membership": _("Choose someone of your own organisation.")})
            member.office = office
            member.save(update_fields=["office"])
            audit.changed(member, "office.held", reason=reason)
        audit.changed(office, "office.holder", reason=reason)
    return office
