"""What is counted: each company once per material, in the month in which it was first verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.signals.models import Report
from lodestock_desk.signals.states import State


@dataclass(frozen=True, slots=True)
class Counted:
    """A company as it is counted for a material; confidential."""

    company_key: str
    material: str
    effect: str
    month: str


def months_between(first: str, last: str) -> list[str]:
    """The months from first to last, both included, as yyyy-mm; only months that have passed."""
    start, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    if end < start:
        raise InputError(_("The last month is before the first."))
    if end >= timezone.localdate().replace(day=1):
        raise InputError(_("Only months that have passed can be published."))
    if (end.year - start.year) * 12 + end.month - start.month >= 12:
        raise InputError(_("Choose at most twelve months."))
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [f"{start.year + (start.month - 1 + n) // 12}-{(start.month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def counted(actor: Actor) -> list[Counted]:
    """Every company newly affected, as the reports of the own organisation tell it now."""
    first = (
        Report.objects.filter(
            receiver=actor.organisation,
            state__in=(State.VERIFIED, State.LINKED, State.CLOSED),
            verified_at__isnull=False,
        )
        .exclude(material="")
        .exclude(company_key="")
        .exclude(effect="")
        .values("company_key", "material")
        .annotate(month=TruncMonth(Min("verified_at")), effect=Min("effect"))
    )
    return [Counted(r["company_key"], r["material"], r["effect"], r["month"].strftime("%Y-%m")) for r in first]
