"""What priority uses still get, in tonnes: by value, pro rata, and when they are served first (MODEL §6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.economy.dutch_loss import ServiceLevel, service_level
from lodestock.economy.judgements import Tier, TierUse, tier_uses
from lodestock.errors import UnknownNameError
from lodestock.scenario.chain import DEFENCE, segment_flows
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.licences import REFERENCE

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TierService:
    """Service of one tier on the middle path, by rule: `pro_rata`, `by_value` (the country's least loss) and `first`.

    licensed (defence only): share of its need that arrives or lies in stock over the months, as (5 %, median, 95 %)
    over the draws, because licences for military end users are refused more often than others.
    """

    tier: Tier
    rules: dict[str, ServiceLevel]
    licensed: tuple[float, float, float] | None


def services(impact: ImpactRun) -> tuple[TierService, ...]:
    """Service levels of the tiers that were judged for the scenario's exposure table; empty where none was."""
    uses = tier_uses(impact.run.scenario.economy.exposure)
    names = [family.id for family in impact.paths.families]
    unknown = next((use.family for use in uses if use.family not in names), None)
    if unknown is not None:
        raise UnknownNameError("product family", unknown, names, where="priority-tiers.csv")
    return tuple(
        _service(impact, tier, [use for use in uses if use.tier is tier])
        for tier in dict.fromkeys(u.tier for u in uses)
    )


def _service(impact: ImpactRun, tier: Tier, uses: Sequence[TierUse]) -> TierService:
    made, draw = impact.paths, impact.middle
    column = {family.id: k for k, family in enumerate(made.families)}
    share = np.zeros(len(made.families))
    for use in uses:
        share[column[use.family]] = use.share.value[1]
    tonnes = made.need[draw][:, None] * made.use[draw]
    needed = tonnes * share
    shared = made.allocated(draw)
    total = needed.sum(axis=1)
    available = made.need[draw] * (1.0 - made.short[draw])
    delivered = {
        "pro_rata": total * (1.0 - made.short[draw]),
        "by_value": (needed * (1.0 - shared["best"])).sum(axis=1),
        "first": np.minimum(total, available),
    }
    least = max(use.minimum for use in uses)
    unit = "t"
    rules = {name: service_level(tier.value, unit, total, got, least) for name, got in delivered.items()}
    return TierService(tier, rules, _licensed(impact) if tier is Tier.DEFENCE else None)


def _licensed(impact: ImpactRun) -> tuple[float, float, float]:
    given, out = impact.focus.given[REFERENCE], impact.focus.out[REFERENCE]
    monthly = segment_flows(given)[0][:, DEFENCE]
    need = monthly * out.need.shape[1]
    level = 1.0 - np.divide(out.short_by_segment[:, DEFENCE], need, out=np.zeros_like(need), where=need > 0)
    low, middle, high = (float(value) for value in np.quantile(level, (0.05, 0.5, 0.95)))
    return low, middle, high
