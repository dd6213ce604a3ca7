"""Writes on offices by an administrator: a new one, and who holds one."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Office, in_force
from lodestock_desk.accounts.roles import CAPABILITIES
from lodestock_desk.core.writing import Audit, writing
from lodestock_desk.parliament import notices
from lodestock_desk.parliament.access import begun, offices, seats
from lodestock_desk.parliament.models import Appointment, Delegation


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
    """The people of the own organisation in a role that takes steps, now or from a day to come: who may hold an office.

    Each with the key of the office that it holds today as `seat`.
    """
    today = timezone.localdate()
    left = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    held = seats(today).filter(pk=OuterRef("pk")).values("seat")[:1]
    found = Membership.objects.filter(left, organisation=actor.organisation, role__in=CAPABILITIES["piece.approve"])
    return found.annotate(seat=Subquery(held)).select_related("user").order_by("user__name")


def possible_offices(actor: Actor) -> QuerySet[Office]:
    """The offices of the own organisation that exist today or will: those that someone may hold."""
    left = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    return Office.objects.filter(left, organisation=actor.organisation).order_by("title_nl", "valid_from")


def hold_office(actor: Actor, *, office_id: str, membership_id: str, reason: str, on: date | None = None) -> Office:
    """From a day on – this moment, unless it is given – someone holds an office, or without a membership nobody does.

    Who held it before gives it up, and with it those who stood in. Whoever held another office gives that one up.
    """
    with writing(actor, "account.keep") as audit:
        today = timezone.localdate()
        on = on or today
        if on < today:
            raise ValidationError({"on": _("Give today or a later day: what was done under an office stands.")})
        _take_up(audit, _open(Q(office__organisation=actor.organisation)))
        office = possible_offices(actor).select_for_update(of=("self",)).filter(in_force(on), pk=office_id).first()
        if office is None:
            raise ValidationError({"office": _("Choose an office of your own organisation that exists on that day.")})
        member = _member(actor, membership_id, on)
        if on == today:
            _hand_over(audit, office, member, reason)
        else:
            _plan(actor, audit, Appointment(office=office, membership=member, on=on, reason=reason))
    return office


def _member(actor: Actor, membership_id: str, on: date) -> Membership | None:
    if not membership_id:
        return None
    found = possible_holders(actor).select_for_update(of=("self",)).filter(pk=membership_id).first()
    if found is None:
        raise ValidationError({"membership": _("Choose someone of your own organisation.")})
    if not Membership.objects.filter(in_force(on), pk=found.pk).exists():
        raise ValidationError({"membership": _("This person does not have that role on that day.")})
    return found


def _plan(actor: Actor, audit: Audit, planned: Appointment) -> None:
    """Keep who holds an office from a day to come on; one plan for each office and each person at a time."""
    waiting = Appointment.objects.select_for_update().filter(done=False)
    if waiting.filter(office=planned.office).exists():
        raise ValidationError({"office": _("For this office someone is planned already. Cancel that first.")})
    if planned.membership and waiting.filter(membership=planned.membership).exists():
        raise ValidationError({"membership": _("This person is planned for an office already. Cancel that first.")})
    planned.made_by = actor.user
    planned.save()
    audit.changed(planned, "office.planned", reason=planned.reason, on=planned.on.isoformat())


def cancel_plan(actor: Actor, appointment_id: str) -> None:
    """Cancel what was planned for a day to come."""
    with writing(actor, "account.keep") as audit:
        own = Appointment.objects.select_for_update().filter(done=False, office__organisation=actor.organisation)
        planned = own.get(pk=appointment_id)
        if planned.on <= timezone.localdate():
            raise ValidationError(_("This has begun already. Say who holds the office from today on."))
        audit.removed(planned, "office.plan-cancelled", reason=planned.reason)
        planned.delete()


def take_up(actor: Actor) -> int:
    """Note with the members who took up an office since; answers how many did. It counted already from its day on."""
    with transaction.atomic():
        if not (found := _open(Q())):  # none, or another run took them up meanwhile
            return 0
        with writing(actor, None) as audit:
            return _take_up(audit, found)


def _open(which: Q) -> list[Appointment]:
    """The plans whose day has come, locked."""
    plans = Appointment.objects.select_for_update(of=("self",)).filter(which, done=False, on__lte=timezone.localdate())
    return list(plans.select_related("office"))


def _take_up(audit: Audit, found: list[Appointment]) -> int:
    """Hand over what was planned; a plan whose office or role had ended before its first day lapses."""
    counting = set(begun(timezone.localdate()).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    for planned in found:
        if planned.pk not in counting:
            audit.removed(planned, "office.plan-lapsed", reason=planned.reason)
            planned.delete()
            continue
        planned.done = True
        planned.save(update_fields=["done"])
        _hand_over(audit, planned.office, planned.membership, planned.reason)
        audit.changed(planned, "office.taken-up", on=planned.on.isoformat())
    return len(counting)


def _hand_over(audit: Audit, office: Office, member: Membership | None, reason: str) -> None:
    today = timezone.localdate()
    holders = Membership.objects.select_for_update().filter(in_force(today), office=office)
    for before in holders.exclude(pk=member.pk if member else None):
        before.office = None
        before.save(update_fields=["office"])
        audit.changed(before, "office.given_up", reason=reason)
        deputies = Delegation.objects.select_for_update().filter(made_by_id=before.user_id, office=office)
        for deputy in deputies.filter(ended_at=None, valid_until__gte=today):
            deputy.ended_at = timezone.now()
            deputy.save(update_fields=["ended_at"])
            audit.changed(deputy, "delegation.ended", reason=reason)
    if member:
        member.office = office
        member.save(update_fields=["office"])
        audit.changed(member, "office.held", reason=reason)
        notices.tell_of_waiting(office, member.user, audit)
    audit.changed(office, "office.holder", reason=reason)
