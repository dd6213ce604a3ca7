"""What anyone may know of licence cases. Numbers appear only when enough companies stand behind them.

To leave little to subtract, only whole half-years that have passed are told, and rounded: lead times to whole months,
shares to tens of per cent. A case that was decided after the half-year counts in it as pending.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from lodestock_desk.core import vocab
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.licences.models import DocumentAsked, LicenceCase
from lodestock_desk.licences.portfolio import curve
from lodestock_desk.licences.words import DocumentClass

# A company's cases may be at most this share of the cases behind a number [–].
MOST_OF_ONE = 0.5


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A material: lead time in whole months (None: fewer than half granted), share granted in tens of per cent."""

    material: str
    months: int | None
    granted_percent: int | None
    told: bool


@dataclass(frozen=True, slots=True)
class PublicTable:
    """What can be told up to a day: rows by material, and which classes of documents are asked by enough exporters."""

    until: date
    rows: tuple[PublicRow, ...]
    asked: tuple[str, ...]


def public_table(today: date | None = None) -> PublicTable:
    """The safe table up to the last half-year that has passed."""
    now = today or timezone.localdate()
    until = date(now.year, 1, 1) if now.month < 7 else date(now.year, 7, 1)
    cases = list(LicenceCase.objects.filter(complete_on__lt=until).only(
        "material", "company_key", "complete_on", "decided_on", "last_known_on", "outcome"))  # fmt: skip
    keys = sorted({c.material for c in cases}, key=vocab.material_name)
    rows = tuple(_row(key, [_as_of(c, until) for c in cases if c.material == key]) for key in keys)
    companies: dict[str, set[str]] = {}
    documents = DocumentAsked.objects.filter(asked_on__lt=until).values_list("document_class", "case__company_key")
    for document_class, key in documents:
        companies.setdefault(document_class, set()).add(key)
    asked = tuple(c for c in DocumentClass.values if len(companies.get(c, ())) >= POLICY.min_firms)
    return PublicTable(until, rows, asked)


def _as_of(case: LicenceCase, day: date) -> LicenceCase:
    """The case as it stood on a day: what was decided later was still pending."""
    if case.decided_on is not None and case.decided_on >= day:
        return LicenceCase(
            material=case.material, company_key=case.company_key, complete_on=case.complete_on, last_known_on=day
        )
    return case


def _row(key: str, cases: list[LicenceCase]) -> PublicRow:
    per_company = Counter(c.company_key for c in cases)
    enough = len(per_company) >= POLICY.min_firms and max(per_company.values()) <= MOST_OF_ONE * len(cases)
    found = curve(cases) if enough else None
    if found is None or not found.told:
        return PublicRow(key, None, None, False)
    months = round(found.median) if found.median is not None else None
    return PublicRow(key, months, int(round(found.granted[-1], 1) * 100), True)
