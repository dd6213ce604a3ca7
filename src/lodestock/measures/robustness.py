"""What holds whatever the world is like: paired differences, regret and what must be true (MODEL §8, §12)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.benefit import check_probability, cvar

Array = NDArray[np.float64]
SHARE_NEEDED = 0.9


class Verdict(StrEnum):
    """What may be claimed of one measure against another."""

    BETTER = "better"
    WORSE = "worse"
    NOT_DISTINGUISHABLE = "not distinguishable"


@dataclass(frozen=True, slots=True)
class Paired:
    """median, low, high: the gain over draws, 50th, 5th and 95th percentile [k€]; share: of draws with a gain."""

    verdict: Verdict
    median: float
    low: float
    high: float
    share: float


def paired(cost_other: Array, cost_this: Array) -> Paired:
    """Whether `this` is better than `other`: a claim needs a gain in at least 90 % of the same parameter draws.

    Both (d,), draw by draw with common random numbers [k€]. A tie is not a gain.
    """
    if cost_other.shape != cost_this.shape or cost_other.ndim != 1 or cost_other.size == 0:
        raise InputError("paired draws do not match", why=f"{cost_other.shape} against {cost_this.shape}")
    gain = cost_other - cost_this
    if not np.isfinite(gain).all():
        raise InputError("a draw is missing", why="a cost is not a number", mend="compare only draws that both have")
    share, lost = float((gain > 0.0).mean()), float((gain < 0.0).mean())
    verdict = Verdict.NOT_DISTINGUISHABLE
    if share >= SHARE_NEEDED:
        verdict = Verdict.BETTER
    elif lost >= SHARE_NEEDED:
        verdict = Verdict.WORSE
    low, median, high = np.percentile(gain, [5.0, 50.0, 95.0])
    return Paired(verdict, float(median), float(low), float(high), share)


@dataclass(frozen=True, slots=True)
class Regret:
    """regret: (x, w) cost above the best choice for that world [k€]; worst: (x,); choice: index with the smallest worst
    regret; gains: (x,) share of worlds in which the choice beats the reference."""

    regret: Array
    worst: Array
    choice: int
    gains: Array


def regret(cost: Array, *, reference: int = 0) -> Regret:
    """The regret of each choice in each world, and the choice with the smallest worst regret (Savage).

    cost: (x choices, w worlds) [k€]; reference: the choice that means doing nothing.
    """
    if cost.ndim != 2 or cost.size == 0 or not np.isfinite(cost).all():
        raise InputError(
            "the cost table is incomplete", why=f"shape {cost.shape}", mend="give every choice in every world"
        )
    table = cost - cost.min(axis=0, keepdims=True)
    worst = table.max(axis=1)
    gains = (cost < cost[reference][None, :]).mean(axis=1)
    return Regret(table, worst, int(worst.argmin()), gains)


@dataclass(frozen=True, slots=True)
class Effect:
    """avoided: expected loss avoided [k€/yr]; tail_avoided: CVaR avoided; per_euro, tail_per_euro: per euro of yearly
    cost, None when it costs nothing; error: standard error of `avoided` for equally likely scenarios."""

    avoided: float
    tail_avoided: float
    per_euro: float | None
    tail_per_euro: float | None
    error: float


def effect(loss_without: Array, loss_with: Array, probability: Array, cost: float, *, level: float = 0.95) -> Effect:
    """What a measure avoids per year on the same scenarios, on average and in the tail.

    loss_without, loss_with: (k,) [k€]; probability: (k,) summing to 1; cost: [k€/yr].
    """
    check_probability(probability, loss_without.size)
    gain = loss_without - loss_with
    mean = float(probability @ gain)
    spread = float(np.sqrt(probability @ (gain - mean) ** 2 / gain.size))
    tail = cvar(loss_without, probability, level)[0] - cvar(loss_with, probability, level)[0]
    paid = cost > 0.0
    return Effect(mean, tail, mean / cost if paid else None, tail / cost if paid else None, spread)


def must_be_true(cost: float, tonnes: float, value: Array) -> Array:
    """The break-even map p* × v: the yearly chance above which a measure pays, per value of a tonne.

    cost: [k€/yr]; tonnes: delivered when the event happens [t]; value: (v,) [k€/t]. Returns (v,); above 1 it can
    never pay, and it is given as it is, so that the reader sees by how much.
    """
    if cost < 0.0 or tonnes <= 0.0 or (value <= 0.0).any():
        raise InputError("the break-even map is out of range", why="cost ≥ 0, tonnes > 0, values > 0")
    return np.asarray(cost / (tonnes * value))


def working_share(lead_time: float, ramp: float, horizon: float, rate: float) -> float:
    """How much of a horizon a measure works, weighed by present value: 0 until its lead time, rising over its ramp.

    lead_time, ramp, horizon [yr]; rate [1/yr], continuous. A stock works at once; processing takes 3–7 years
    (MODEL §8). Multiply an effect per year by it before comparing measures with different lead times.
    """
    if min(lead_time, ramp) < 0.0 or horizon <= 0.0:
        raise InputError("a time is negative or the horizon is not positive", why=f"{lead_time}, {ramp}, {horizon}")
    grid = np.unique(
        np.concatenate([np.linspace(0.0, horizon, 4_001), np.clip([lead_time, lead_time + ramp], 0, horizon)])
    )
    working = np.clip((grid - lead_time) / ramp, 0.0, 1.0) if ramp > 0.0 else (grid >= lead_time).astype(float)
    weight = np.exp(-rate * grid)
    return float(np.trapezoid(weight * working, grid) / np.trapezoid(weight, grid))
