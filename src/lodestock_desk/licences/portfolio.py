"""The portfolio: lead-time curves with pending cases counted as pending, burden, by material and month.

The curve is the cumulative share granted by age (Aalen–Johansen, `lodestock.disruption.competing_risks`). A refused
case is never granted, a pending one is open until it was last checked. The share granted among the decided would
mislead, because quick decisions come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lodestock.disruption.competing_risks import incidence
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.licences.words import CaseOutcome

LEAST_CASES = 8
LEAST_DECIDED = 3
MONTH_DAYS = 365.25 / 12.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Lead times of a set of cases. age [months], granted, denied: cumulative shares [0–1].

    median: age by which half is granted, None if fewer than half are. told: False where it cannot yet be told.
    """

    cases: int
    pending: int
    granted_cases: int
    denied_cases: int
    without_start: int
    age: tuple[float, ...]
    granted: tuple[float, ...]
    denied: tuple[float, ...]
    median: float | None
    told: bool


def curve(cases: Sequence[LicenceCase]) -> Curve:
    """The lead-time curve of these cases, from the complete file to the decision."""
    started = [c for c in cases if c.complete_on is not None]
    ages, outcomes = [], []
    for case in started:
        end = case.decided_on or case.last_known_on
        days = max((end - case.complete_on).days, 0)
        outcome = {CaseOutcome.GRANTED: 1, CaseOutcome.PARTLY: 1, CaseOutcome.DENIED: 2}.get(case.outcome, 0)
        ages.append(max(days, 0.5) / MONTH_DAYS)
        outcomes.append(outcome)
    granted, denied = outcomes.count(1), outcomes.count(2)
    told = len(started) >= LEAST_CASES and granted + denied >= LEAST_DECIDED
    empty: tuple[float, ...] = ()
    if not told:
        return Curve(
            len(cases), outcomes.count(0), granted, denied, len(cases) - len(started), empty, empty, empty, None, False
        )
    found = incidence(np.array(ages), np.array(outcomes), 2)
    share = np.asarray(found.share)
    reached = np.flatnonzero(share[:, 0] >= 0.5)
    return Curve(
        cases=len(cases),
        pending=outcomes.count(0),
        granted_cases=granted,
        denied_cases=denied,
        without_start=len(cases) - len(started),
        age=tuple(map(float, found.age)),
        granted=tuple(map(float, share[:, 0])),
        denied=tuple(map(float, share[:, 1])),
        median=float(found.age[reached[0]]) if reached.size else None,
        told=True,
    )


@dataclass(frozen=True, slots=True)
class Burden:
    """What cases cost: hours, documents asked by class, resubmissions; None where nobody noted any hours."""

    hours: Decimal | None
    cases_with_hours: int
    documents: dict[str, int]
    resubmissions: int


def burden(cases: Sequence[LicenceCase]) -> Burden:
    """The burden of these cases (give them with documents, hours and resubmissions prefetched)."""
    noted = [sum((h.hours for h in case.hours.all()), Decimal(0)) for case in cases if case.hours.all()]
    documents: dict[str, int] = {}
    for case in cases:
        for document in case.documents.all():
            documents[document.document_class] = documents.get(document.document_class, 0) + 1
    resubmissions = sum(len(case.resubmissions.all()) for case in cases)
    return Burden(sum(noted, Decimal(0)) if noted else None, len(noted), documents, resubmissions)
