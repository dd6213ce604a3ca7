"""Removes what is past its time, by the retention rules; each removal leaves a row in the audit record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.models import RetentionRule
from lodestock_desk.core.writing import writing
from lodestock_desk.measures.risk_models import RiskAssessment
from lodestock_desk.outreach.models import Call
from lodestock_desk.processing.models import Project
from lodestock_desk.processing.words import Kind
from lodestock_desk.signals.models import OneTimeLink, Report
from lodestock_desk.signals.states import State
from lodestock_desk.signals.uploads import drop

_SYSTEM = Actor(system="retention")


def expire(*, apply: bool) -> dict[str, int]:
    """How much of each kind is past its time; removed if `apply`."""
    limits = {rule.kind: timezone.now() - timedelta(days=rule.days) for rule in RetentionRule.objects.all()}
    done = {
        "report": _reports, "contact_address": _addresses, "one_time_link": _links, "call_note": _notes,
        "project_file": _projects, "risk_assessment": _assessments,
    }  # fmt: skip
    return {kind: done[kind](limit, apply) for kind, limit in limits.items() if kind in done}


def _reports(limit: datetime, apply: bool) -> int:
    """Closed reports; one that others rest on (an alert, a case, evidence) stays until those are gone."""
    old = Report.objects.filter(state=State.CLOSED, closed_at__lt=limit)
    old = old.filter(alerts=None, cases=None, merged=None, evidence=None)
    found = list(old)
    for report in found if apply else ():
        stored = list(report.attachments.values_list("stored", flat=True))
        with writing(_SYSTEM, None) as audit:
            audit.removed(report, "report.expired", reason="retention")
            report.delete()
            transaction.on_commit(lambda names=tuple(stored): [drop(name) for name in names])
    return len(found)


def _addresses(limit: datetime, apply: bool) -> int:
    found = list(Report.objects.filter(created_at__lt=limit).exclude(contact=""))
    for report in found if apply else ():
        with writing(_SYSTEM, None) as audit:
            report.contact = ""
            report.save(update_fields=["contact"])
            audit.changed(report, "report.address-expired", reason="retention")
    return len(found)


def _links(limit: datetime, apply: bool) -> int:
    found = list(OneTimeLink.objects.filter(Q(used_at__lt=limit) | Q(expires_at__lt=limit)))
    for link in found if apply else ():
        with writing(_SYSTEM, None) as audit:
            audit.removed(link, "link.expired", reason="retention")
            link.delete()
    return len(found)


def _notes(limit: datetime, apply: bool) -> int:
    found = list(Call.objects.filter(created_at__lt=limit).exclude(note=""))
    for call in found if apply else ():
        with writing(_SYSTEM, None) as audit:
            call.note = ""
            call.save(update_fields=["note"])
            audit.changed(call, "call.note-expired", reason="retention")
    return len(found)


def _projects(limit: datetime, apply: bool) -> int:
    """Files whose procedure ended and in which nothing happened since; with their amounts, actions and permits.

    An action of another organisation is that organisation's: it stays, no longer tied to the file.
    """
    ended = Project.objects.filter(events__kind__in=(Kind.DECIDED, Kind.REFUSED, Kind.WITHDRAWN)).distinct()
    found = [project for project in ended if _last_day(project) < limit.date()]
    for project in found if apply else ():
        with writing(_SYSTEM, None) as audit:
            audit.removed(project, "project.expired", reason="retention")
            for action in project.actions.exclude(organisation=project.organisation):
                action.project = None
                action.save(update_fields=["project"])
                audit.changed(action, "action.untied", reason="retention")
            for parts in (project.events, project.items, project.permits, project.tasks, project.funding,
                          project.actions):  # fmt: skip
                for part in parts.all():
                    audit.removed(part, "project.part-expired", reason="retention")
                    part.delete()
            project.delete()
    return len(found)


def _last_day(project: Project) -> date:
    """The last day on which anything of a file happened or is due."""
    days: list[date | None] = []
    for parts, names in (
        (project.events, ("on", "until")), (project.items, ("on",)), (project.permits, ("applied_on", "decided_on")),
        (project.tasks, ("done_on",)), (project.funding, ("on",)), (project.actions, ("due_on", "done_on")),
    ):  # fmt: skip
        days += [day for row in parts.values_list(*names) for day in row]
    return max(day for day in days if day)


def _assessments(limit: datetime, apply: bool) -> int:
    """Risk assessments finished before, or begun before and never finished, with the consents to read them."""
    old = Q(finished_on__lt=limit.date()) | Q(finished_on=None, created_at__lt=limit)
    found = list(RiskAssessment.objects.filter(old))
    for assessment in found if apply else ():
        with writing(_SYSTEM, None) as audit:
            audit.removed(assessment, "risk.expired", reason="retention")
            assessment.consents.all().delete()
            assessment.delete()
    return len(found)
