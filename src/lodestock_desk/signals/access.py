"""Who sees which reports, events, alerts and warnings. One function per kind of object."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.roles import Role
from lodestock_desk.signals.models import Alert, AlertRule, Attachment, Event, Passing, Report, Warned
from lodestock_desk.signals.words import Source


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """Raw reports: the receiver's own, those passed to it, those sent through an association, a company's own.

    Press items are public and seen by everyone who works for the state.
    """
    own = actor.organisation
    reports = Report.objects.select_related("company", "receiver", "sent_through", "event")
    if own is None:
        return reports.none()
    press = Q(source=Source.PRESS)
    if actor.role in (Role.ANALYST, Role.POLICY_OFFICER):
        passed = Exists(Passing.objects.filter(report=OuterRef("pk"), to=own))
        return reports.filter(Q(receiver=own) | passed | press)
    if actor.role == Role.ASSOCIATION_DESK:
        return reports.filter(sent_through=own)
    if actor.role == Role.COMPANY_USER:
        # What others noted about a company (a call) is not the company's report.
        return reports.filter(company=own).exclude(source=Source.CALL)
    return reports.none()


def report_parts(actor: Actor) -> list[QuerySet[Report]]:
    """The same reports as `visible_reports`, in parts that share no row and each follow an index: for long lists."""
    own = actor.organisation
    if own is None or actor.role not in (Role.ANALYST, Role.POLICY_OFFICER):
        return [visible_reports(actor)]
    reports = Report.objects.all()
    others = reports.exclude(receiver=own)
    return [
        reports.filter(receiver=own),
        others.filter(source=Source.PRESS),
        others.exclude(source=Source.PRESS).filter(passings__to=own),
    ]


def visible_press(actor: Actor) -> QuerySet[Report]:
    """Press items, for everyone who works for the state."""
    press = Report.objects.filter(source=Source.PRESS)
    return press if actor.may("press.see") else press.none()


def triageable_reports(actor: Actor) -> QuerySet[Report]:
    """The reports whose state this actor may change: those its own organisation received."""
    reports = Report.objects.filter(receiver=actor.organisation)
    return reports if actor.may("report.triage") else reports.none()


def visible_attachments(actor: Actor) -> QuerySet[Attachment]:
    """Attachments follow their report."""
    return Attachment.objects.filter(report__in=visible_reports(actor)).select_related("report")


def visible_events(actor: Actor) -> QuerySet[Event]:
    """Events are descriptions of the world and known to everyone who works for the state."""
    return Event.objects.all() if actor.may("event.see") else Event.objects.none()


def visible_rules(actor: Actor) -> QuerySet[AlertRule]:
    """Alert rules of the own organisation."""
    rules = AlertRule.objects.filter(organisation=actor.organisation).select_related("owner__user")
    return rules if actor.may("alert.keep") else rules.none()


def visible_alerts(actor: Actor) -> QuerySet[Alert]:
    """Alerts of the own organisation; their evidence is shown only as far as the reports themselves are."""
    alerts = Alert.objects.filter(organisation=actor.organisation).select_related("rule")
    return alerts if actor.may("alert.see") else alerts.none()


def visible_warnings(actor: Actor) -> QuerySet[Warned]:
    """A company's own warnings."""
    warned = Warned.objects.filter(company=actor.organisation).select_related("alert")
    return warned if actor.may("warning.see") else warned.none()
