"""Measures side by side over years: what each costs, when it works, and what it avoids on the same futures.

Pure functions on arrays: a measures, d draws of what is not known, k scenarios of chance, y years. MODEL §8. A unit is
a tonne held (stock) or a tonne a year (everything else). Costs and losses are present values spread evenly over the
years [k€/yr], so that a stock that works at once and a plant that works after five years can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.measures.portfolio import Portfolio

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures in draws. names: (a,); holds: (a,) a stock, used up by a regime and refilled in a quiet year;
    running: (a, d) [k€ per unit a year at work]; upfront: (a, d) [k€ per unit, at the start]; reach: (a, d) tonnes that
    a unit brings in a year with a regime [t]; lead, ramp: (a, d) [yr] until it starts, and from there to full work;
    most: (a,) units at most."""

    names: tuple[str, ...]
    holds: Flags
    running: Array
    upfront: Array
    reach: Array
    lead: Array
    ramp: Array
    most: Array

    def __post_init__(self) -> None:
        a, d = self.running.shape
        drawn = (self.running, self.upfront, self.reach, self.lead, self.ramp)
        if any(item.shape != (a, d) for item in drawn) or len(self.names) != a or self.most.shape != (a,):
            raise InputError("the measures do not fit together", why=f"{a} measures, {d} draws")
        if any((item < 0.0).any() or not np.isfinite(item).all() for item in drawn) or (self.most < 0.0).any():
            raise InputError("a cost, reach, time or limit of a measure is negative or not a number")
        if self.holds.shape != (a,):
            raise InputError("say of each measure whether it is a stock")

    def middle(self) -> Measures:
        """One draw: the median of each parameter."""
        drawn = (self.running, self.upfront, self.reach, self.lead, self.ramp)
        running, upfront, reach, lead, ramp = (np.median(item, axis=1, keepdims=True) for item in drawn)
        return Measures(self.names, self.holds, running, upfront, reach, lead, ramp, self.most)


@dataclass(frozen=True, slots=True)
class Futures:
    """The same futures for every measure. short: (y, d, k) tonnes short in the year without measures; regime: (y, d, k)
    whether a regime holds; value: (d,) what a lacking tonne costs [k€/t]; rate: discount rate [1/yr]."""

    short: Array
    regime: Flags
    value: Array
    rate: float

    def __post_init__(self) -> None:
        if self.short.ndim != 3 or self.short.shape != self.regime.shape or self.value.shape != self.short.shape[1:2]:
            raise InputError("the futures do not fit together", why=f"{self.short.shape}, {self.value.shape}")
        if not np.isfinite(self.short).all() or (self.short < 0.0).any() or (self.value < 0.0).any():
            raise InputError("a shortage or value is negative or not a number")

    @property
    def weight(self) -> Array:
        """Weight of each year in a present-value mean: (y,), summing to 1; a year counts at its middle."""
        return year_weights(self.short.shape[0], self.rate)


def year_weights(years: int, rate: float) -> Array:
    """Weight of each year in a present-value mean: (y,), summing to 1; a year counts at its middle."""
    worth = present_value(years, rate)
    return np.asarray(worth / worth.sum())


def present_value(years: int, rate: float) -> Array:
    """Present value of a euro in the middle of each year: (y,)."""
    if years < 1 or rate <= -1.0:
        raise InputError("a comparison needs a year and a discount rate above -1", why=f"{years}, {rate}")
    return np.asarray((1.0 + rate) ** -(np.arange(years) + 0.5))


def at_work(lead: Array, ramp: Array, years: int) -> Array:
    """Share of a measure at work in each year, shape of lead + (y,): 0 before its lead time, then rising over its ramp.

    The mean over the year, exact: the measure rises in a straight line from `lead` to `lead + ramp`.
    """
    ends = np.arange(years + 1, dtype=np.float64)
    since = np.maximum(ends - lead[..., None], 0.0)  # years since the start, at each year's end
    wide = ramp[..., None]
    rising = since < wide
    part = np.divide(since, wide, out=np.ones_like(since * wide), where=rising)
    area = np.where(rising, 0.5 * since * part, since - 0.5 * wide)
    return np.asarray(np.clip(np.diff(area, axis=-1), 0.0, 1.0))


def unit_cost(measures: Measures, years: int, rate: float) -> Array:
    """What a unit costs a year, as a present-value mean: (a, d) [k€/yr]; running costs count while it works."""
    weight = year_weights(years, rate)
    working = at_work(measures.lead, measures.ramp, years)
    return np.asarray(measures.upfront / present_value(years, rate).sum() + measures.running * (working @ weight))


def loss_left(measures: Measures, futures: Futures, amount: Array) -> Array:
    """The loss that is left with so many units of each measure: (d, k) [k€/yr], present-value mean over the years.

    amount: (a,). What flows (tonnes a year) is used first, then what is held; a stock is full at the start and again
    after a year without a regime, and what is left of it carries into a regime's next year.
    """
    years = futures.short.shape[0]
    working = at_work(measures.lead, measures.ramp, years)
    brought = np.einsum("a,ad,ady->yd", np.where(measures.holds, 0.0, amount), measures.reach, working)
    size = np.einsum("a,ad,ady->yd", np.where(measures.holds, amount, 0.0), measures.reach, working)
    weight, out = futures.weight, np.zeros(futures.short.shape[1:])
    held = np.zeros_like(out)
    for year in range(years):
        full = size[year][:, None]
        quiet = ~futures.regime[year - 1] if year else np.ones_like(held, dtype=bool)
        held = np.where(quiet, full, np.minimum(held, full))
        open_ = np.maximum(futures.short[year] - brought[year][:, None], 0.0)
        used = np.minimum(open_, held)
        held = held - used
        out += weight[year] * (open_ - used)
    return np.asarray(out * futures.value[:, None])


def futures(
    short: Array, value: Array, chance: Array, goes_on: Array, luck: Array, *, years: int, rate: float, seed: int
) -> Futures:
    """Draw futures: in each year a regime starts by chance or goes on, and luck scales its shortage.

    short: (d,) tonnes short in a regime's year; value: (d,) [k€/t]; chance: (d,) of a start in a quiet year [1/yr];
    goes_on: (d,) chance that a regime lasts another year; luck: (k,) shortage by luck over its mean. The same random
    numbers serve every draw, so that draws differ by what is not known and scenarios by chance alone.
    """
    for name, item in (("chance", chance), ("goes_on", goes_on)):
        if ((item < 0.0) | (item > 1.0)).any():
            raise InputError(f"{name} is a share between 0 and 1")
    rng = np.random.default_rng([seed, 8])
    scenarios = luck.size
    throw = rng.random((years, scenarios))
    scale = np.stack([rng.permutation(luck) for _ in range(years)])
    regime = np.empty((years, short.size, scenarios), dtype=bool)
    before = np.zeros((short.size, scenarios), dtype=bool)
    for year in range(years):
        before = throw[year] < np.where(before, goes_on[:, None], chance[:, None])
        regime[year] = before
    lacking = np.where(regime, short[None, :, None] * scale[:, None, :], 0.0)
    return Futures(lacking, regime, value, rate)


def portfolio(
    measures: Measures, gap: Array, value: float, chance: float, goes_on: float, *, years: int, rate: float
) -> Portfolio:
    """The choice of measures as the portfolio problem of MODEL §7.4, at one draw (`measures.middle()`).

    gap: (s,) equally likely tonnes short in a regime's year [t]. A scenario is a year × new or going on × a gap, with
    its chance and its weight; a regime that goes on finds the stock empty, which is a little too strict.
    """
    weight = year_weights(years, rate)
    new, on = np.empty(years), np.empty(years)
    holds = 0.0
    for year in range(years):
        new[year], on[year] = chance * (1.0 - holds), goes_on * holds
        holds = new[year] + on[year]
    part = 1.0 / gap.size
    odds = np.concatenate([[1.0 - float(weight @ (new + on))], np.repeat(weight * new, gap.size) * part,
                           np.repeat(weight * on, gap.size) * part])  # fmt: skip
    short = np.concatenate([[0.0], np.tile(gap, 2 * years)])
    working = at_work(measures.lead[:, 0], measures.ramp[:, 0], years) * measures.reach[:, :1]
    fresh = np.repeat(working, gap.size, axis=1)
    tired = np.where(measures.holds[:, None], 0.0, fresh)
    effect = np.concatenate([np.zeros((len(measures.names), 1)), fresh, tired], axis=1)
    return Portfolio(
        measures.names, unit_cost(measures, years, rate)[:, 0], measures.most, effect[:, None, :], short[None, :],
        np.full((1, short.size, 1), np.inf), np.array([[value]]), odds / odds.sum(),
    )  # fmt: skip
