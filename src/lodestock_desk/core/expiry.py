"""Removes what is past its time, by the retention rules; each removal leaves a row in the audit record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.models import RetentionRule
from lodestock_desk.core.writing import writing
from lodestock_desk.outreach.models import Call
from lodestock_desk.signals.models import OneTimeLink, Report
from lodestock_desk.signals.states import State
from lodestock_desk.signals.uploads import drop

_SYSTEM = Actor(system="retention")


def expire(*, apply: bool) -> dict[str, int]:
    """How much of each kind is past its time; removed if `apply`."""
    limits = {rule.kind: timezone.now() - timedelta(days=rule.days) for rule in RetentionRule.objects.all()}
    done = {"report": _reports, "contact_address": _addresses, "one_time_link": _links, "call_note": _notes}
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
