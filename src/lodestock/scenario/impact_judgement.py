"""How much of a headline rests on judgement: by counting its inputs, and by what moves it (MODEL §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import weibull
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.scenario.chain import run_chain
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.impact_paths import MONTHS
from lodestock.scenario.impact_words import EXPOSED, INPUTS
from lodestock.scenario.licences import REFERENCE

FloatArray = npt.NDArray[np.float64]
_CHAIN = ("issuer_share", "controlled", "defence", "never_civil", "never_defence", "fraction", "inspection", "stock")


@dataclass(frozen=True, slots=True)
class Mover:
    """An input with its mark, and the loss when it alone goes to its 5th and 95th percentile [MEUR]."""

    name: str
    label: Text
    mark: Mark
    low: float
    central: float
    high: float


def movers(impact: ImpactRun) -> tuple[Mover, ...]:
    """What moves the direct loss after recapture: one input at a time, the others at their median; largest first.

    How many tonnes the country uses is not among them: the loss follows the share that lacks, not the tonnes.
    """
    columns, marks = _columns(impact), _marks(impact)
    centre = {name: np.array([np.median(values)]) for name, values in columns.items()}
    middle = float(_loss(impact, centre)[0])
    found = []
    for name, values in columns.items():
        ends = (np.array([np.quantile(values, level)]) for level in (0.05, 0.95))
        low, high = (float(_loss(impact, centre | {name: end})[0]) for end in ends)
        found.append(Mover(name, _label(impact, name), marks[name], low, middle, high))
    return tuple(sorted(found, key=lambda item: -abs(item.high - item.low)))


def spread_by_judgement(impact: ImpactRun) -> float:
    """Share of the variance of the direct loss after recapture that goes when every judgement stands at its median."""
    columns, marks = _columns(impact), _marks(impact)
    whole = float(_loss(impact, columns).var())
    judged = {
        name: np.full_like(values, np.median(values)) for name, values in columns.items() if marks[name] is Mark.PRIOR
    }
    left = float(_loss(impact, columns | judged).var())
    return max(0.0, 1.0 - left / whole) if whole > 0.0 else 0.0


def _columns(impact: ImpactRun) -> dict[str, FloatArray]:
    given = impact.focus.given[REFERENCE]
    out: dict[str, FloatArray] = {name: getattr(given, name) for name in _CHAIN}
    out |= {"lead_time": given.law.mean(), "recapture": _kept(impact)}
    for k, family in enumerate(impact.paths.families):
        if family.sector:
            out[f"exposed.{family.id}"] = impact.paths.stopped[:, k]
    return out


def _kept(impact: ImpactRun) -> FloatArray:
    """Mean recaptured share of the industries hit, weighted by what they lose [D]."""
    here = [impact.sectors.index(impact.table.industries[k].sector) for k in impact.paths.industries]
    weights = impact.paths.direct().mean(axis=0)
    return np.asarray(impact.recaptured[:, here] @ weights / max(float(weights.sum()), 1e-300))


def _loss(impact: ImpactRun, columns: Mapping[str, FloatArray]) -> FloatArray:
    """Direct loss after recapture [MEUR], by draw, for these inputs."""
    draws = columns["recapture"].size
    law_now = impact.focus.given[REFERENCE].law
    shape = np.full(draws, float(np.median(law_now.shape)))
    per_mean = weibull(shape[:1], np.ones(1)).mean()[0]
    fields = {name: columns[name] for name in _CHAIN}
    law = weibull(shape, columns["lead_time"] / per_mean)
    given = replace(impact.focus.given[REFERENCE], use=np.ones(draws), law=law, **fields)
    out = run_chain(given, impact.run.scenario.horizon_months)
    made = impact.paths
    worth = made.split @ made.value
    stopped = np.zeros(draws)
    for k, family in enumerate(made.families):
        if family.sector:
            stopped += columns[f"exposed.{family.id}"] * worth[k]
    return np.asarray((out.shortage / out.need).sum(axis=1) * stopped / MONTHS * (1.0 - columns["recapture"]))


def _marks(impact: ImpactRun) -> dict[str, Mark]:
    scenario, who = impact.run.scenario, impact.focus.importer
    licence = scenario.licence
    out = {
        "issuer_share": who.issuer_share.mark,
        "controlled": scenario.product.controlled_share.mark,
        "defence": who.defence_share.mark,
        "never_civil": licence.never_granted_civil.mark,
        "never_defence": licence.never_granted_defence.mark,
        "fraction": licence.granted_fraction.mark,
        "inspection": scenario.product.inspection_delay.mark,
        "stock": scenario.commercial_stock.mark,
        "lead_time": licence.lead_time_shape.mark,
        "recapture": Mark.PRIOR,
    }
    return out | {f"exposed.{family.id}": family.mark for family in impact.paths.families}


def _label(impact: ImpactRun, name: str) -> Text:
    if name in INPUTS:
        return INPUTS[name]
    family = next(item for item in impact.paths.families if name == f"exposed.{item.id}")
    return Text(f"{EXPOSED.nl} {family.name.nl}", f"{EXPOSED.en} {family.name.en}")
