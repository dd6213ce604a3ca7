"""From signals and licence cases to scenario parameters: an explicit step, reviewed by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock.scenario.load import load, shipped
from lodestock.scenario.schema import Scenario
from lodestock.vocabulary import product_code
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core import vocab
from lodestock_desk.core.writing import require, writing
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.licences.portfolio import curve
from lodestock_desk.scenarios.access import visible_evidence
from lodestock_desk.scenarios.models import Decision, Evidence, Parameter
from lodestock_desk.signals.access import triageable_reports
from lodestock_desk.signals.models import Report
from lodestock_desk.signals.states import COUNTED

LEAST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value with its range, and what it rests on."""

    value: float
    low: float
    high: float
    pending: int
    reports: tuple[Report, ...]
    cases: tuple[LicenceCase, ...]


def look(actor: Actor, material: str, parameter: str) -> Proposal:
    """What the verified signals or the licence cases say of a parameter; InputError where it cannot yet be told."""
    require(actor, "evidence.keep")
    return _stock(actor, material) if parameter == Parameter.STOCK_DAYS else _lead(actor, material)


def _stock(actor: Actor, material: str) -> Proposal:
    """Median days of stock over companies (the last verified report of each), with the middle half as range."""
    rows = triageable_reports(actor).filter(state__in=COUNTED, material=material, stock_days__isnull=False)
    last: dict[str, Report] = {}
    for report in rows.order_by("created_at"):
        last[report.company_key or str(report.pk)] = report
    if len(last) < LEAST:
        raise InputError(
            _("Cannot yet be told."), why=_("%(n)d companies gave days of stock, %(least)d are needed.")
            % {"n": len(last), "least": LEAST},
        )  # fmt: skip
    days = np.array([r.stock_days for r in last.values()], dtype=np.float64)
    low, value, high = (float(q) for q in np.quantile(days, (0.25, 0.5, 0.75)))
    return Proposal(value, low, high, 0, tuple(last.values()), ())


def _lead(actor: Actor, material: str) -> Proposal:
    """Months until half is granted, pending counted as pending; the range: from a quarter to the last age seen."""
    cases = list(visible_cases(actor).filter(material=material))
    found = curve(cases)
    if not found.told or found.median is None:
        raise InputError(
            _("Cannot yet be told."), why=_("Fewer than half of the cases are granted, or there are too few.")
        )
    granted = np.asarray(found.granted)
    quarter = float(np.asarray(found.age)[np.flatnonzero(granted >= 0.25)[0]])
    return Proposal(found.median, quarter, found.age[-1], found.pending, (), tuple(cases))


def propose(actor: Actor, *, material: str, parameter: str, reason: str) -> Evidence:
    """Propose the value that the evidence gives today."""
    with writing(actor, "evidence.keep") as audit:
        seen = look(actor, material, parameter)
        evidence = Evidence.objects.create(
            organisation=actor.organisation,
            material=material,
            parameter=parameter,
            value=seen.value,
            low=seen.low,
            high=seen.high,
            observations=len(seen.reports) or len(seen.cases),
            pending=seen.pending,
            until=timezone.localdate(),
            reason=reason,
            proposed_by=actor.user,
        )
        evidence.reports.set(seen.reports)
        evidence.cases.set(seen.cases)
        audit.changed(evidence, "evidence.proposed", reason=reason)
    return evidence


def decide(actor: Actor, evidence_id: str, *, to: str, reason: str) -> Evidence:
    """Accept or refuse a proposal: by another person than who proposed it."""
    with writing(actor, "evidence.keep") as audit:
        evidence = visible_evidence(actor).select_for_update(of=("self",)).get(pk=evidence_id)
        if evidence.state != Decision.PROPOSED or to not in (Decision.ACCEPTED, Decision.REFUSED):
            raise InputError(_("This step is not possible."))
        if evidence.proposed_by_id == actor.user.pk:
            raise InputError(_("Someone else must review what you proposed."))
        evidence.state, evidence.decided_by, evidence.decision_reason = to, actor.user, reason
        evidence.save(update_fields=["state", "decided_by", "decision_reason"])
        audit.changed(evidence, f"evidence.{to}", reason=reason)
    return evidence


def may_be_drawn(evidence: Evidence) -> bool:
    """Whether a scenario can take the value into its draws as one more source: a lead time above nothing."""
    return evidence.parameter == Parameter.LEAD_MONTHS and evidence.low > 0


def overrides(evidence: Evidence, *, drawn: bool = False) -> dict[str, Any]:
    """The accepted value as a scenario file holds it: value, range, mark and what it rests on (no names).

    drawn: a lead time enters the draws as one more reporting population; else it stands beside the results.
    """
    if drawn and not may_be_drawn(evidence):
        raise InputError(_("Only a lead time above zero can enter the draws."))
    if evidence.state != Decision.ACCEPTED:
        raise InputError(_("Only accepted evidence can be used."))
    unit = {"stock_days": "d", "lead_months": "month"}[evidence.parameter]
    return {
        "parameter": evidence.parameter,
        "material": evidence.material,
        "value": evidence.value,
        "low": evidence.low,
        "high": evidence.high,
        "unit": unit,
        "mark": "computed",
        "source": f"desk evidence {evidence.pk}, until {evidence.until.isoformat()}",
        "observations": evidence.observations,
        "pending": evidence.pending,
        "until": evidence.until,
    } | ({"use": "population"} if drawn else {})


def fitting(evidence: Evidence) -> list[tuple[str, str]]:
    """The shipped scenarios that are about the material: (id, title in the language of the page)."""
    return [
        (found.id, getattr(found.title, vocab.lang()))
        for found in _scenarios()
        if evidence.material in _materials(found)
    ]


@cache
def _scenarios() -> tuple[Scenario, ...]:
    return tuple(load(name).scenario for name in shipped())


def _materials(scenario: Scenario) -> set[str]:
    own = {*scenario.materials, *(m for code in scenario.product.codes for m in product_code(code).materials)}
    return own | {key for key, _name in vocab.choices() if own & set(vocab.wider(key))}


def scenario_file(evidence: Evidence, scenario: str, *, drawn: bool = False) -> str:
    """The scenario file with the accepted evidence added: `lodestock brief FILE` runs it and tells that it was used."""
    if scenario not in dict(fitting(evidence)):
        raise InputError(_("This scenario is not about this material."))
    text = shipped()[scenario].read_text(encoding="utf-8").rstrip()
    added = yaml.safe_dump({"evidence": [overrides(evidence, drawn=drawn)]}, sort_keys=False, allow_unicode=True)
    return f"{text}\n\n{added}"
