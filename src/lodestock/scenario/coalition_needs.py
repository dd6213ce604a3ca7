"""The scenarios in which members of a coalition are hit: nobody, all at once, or each combination apart.

A licence regime hits all members at once; the axis of the common cause shows what an insurance pool would gain if it
did not (MODEL §7.8, V13): at full common cause that gain is zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product as every

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_options import StockCase
from lodestock.stock.large_game import large_game

Array = NDArray[np.float64]
EDGES = np.concatenate([np.linspace(0.0, 0.9, 13), np.linspace(0.9, 1.0, 21)[1:]])
"""Quantiles between which the shortage in an event is averaged: finer where the best stock lies, in the tail."""
AXIS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_APART = 8  # members for which every combination of being hit alone is followed
PATTERNS = 512  # combinations in one set that is drawn for the axis of more members
SETS = 8  # sets, whose spread tells the error of their mean


@dataclass(frozen=True, slots=True)
class PoolGain:
    """What pooling saves at one share of the common cause [k€/yr]: in all, and with equal values (insurance only); each
    with its standard error [k€/yr], 0 where every combination was followed."""

    common: float
    gain: float
    insurance: float
    gain_error: float = 0.0
    insurance_error: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """What befalls a member that is hit: chance [1/yr]; sizes: (j,) share of a year's use that is short, and the
    weight (j,) of each; holding: yearly cost of a useful tonne [k€/t]."""

    chance: float
    sizes: Array
    weight: Array
    holding: float


def event_of(run: ScenarioRun, case: StockCase) -> Event:
    """The event of a scenario at middle values; the cheapest option in the form that users need sets the cost."""
    focus = run.draws.of(run.scenario.economy.region)
    short = np.sort(np.asarray(focus.out[REFERENCE].total_short() / focus.use))
    parts = np.split(short, np.unique(np.rint(EDGES[1:-1] * short.size).astype(np.int64)))
    sizes = np.array([part.mean() for part in parts if part.size])
    weight = np.array([part.size for part in parts if part.size]) / short.size
    carry, _ = holding_draws(case)
    return Event(run.scenario.stock.yearly_chance.value, sizes, weight, carry)


def holding_draws(case: StockCase) -> tuple[float, Array]:
    """The yearly cost of a useful tonne in the form that users need: at middle values and in draws (d,) [k€/t/yr]."""
    end = case.steps[-1].value
    ready = np.array([i for i, option in enumerate(case.options) if option.form.form == end])
    middle = case.middle.carry[ready] / case.middle.useful()[ready]
    best = int(ready[int(middle.argmin())])
    return float(middle.min()), np.asarray(case.drawn.carry[best] / case.drawn.useful[best])


def needs(event: Event, use: Array, common: float, *, seed: int = 0) -> tuple[Array, Array]:
    """Scenarios: nobody hit, all hit at once, and each combination hit alone: need (k, n) [t], probability (k,).

    The chance of a member being hit is that of the scenario whatever the common share; the size of the shortage, as a
    share of use, is the same for all who are hit. Beyond 8 members the combinations are drawn, not enumerated.
    """
    together = common * event.chance
    if common >= 1.0:
        probability = np.concatenate([[1.0 - together], together * event.weight])
        return np.concatenate([np.zeros((1, use.size)), event.sizes[:, None] * use[None, :]]), probability
    apart = (event.chance - together) / (1.0 - together)
    if use.size <= MOST_APART:
        hit = np.array(list(every((0.0, 1.0), repeat=use.size)))
        law = np.prod(np.where(hit > 0.0, apart, 1.0 - apart), axis=1)
    else:
        draw = np.random.default_rng(seed)
        stratum = draw.permuted(np.tile(np.arange(PATTERNS), (use.size, 1)), axis=1).T
        hit = ((stratum + draw.random(stratum.shape)) / PATTERNS < apart).astype(np.float64)
        law = np.full(PATTERNS, 1.0 / PATTERNS)
    alone = (hit[:, None, :] * event.sizes[None, :, None] * use[None, None, :]).reshape(-1, use.size)
    split = (law[:, None] * event.weight[None, :]).reshape(-1)
    need = np.concatenate([event.sizes[:, None] * use[None, :], alone])
    return need, np.concatenate([together * event.weight, (1.0 - together) * split])


def check_apart(count: int, common: float) -> None:
    """Refuse a game of many members in which a part of the chance hits them apart: too many combinations."""
    if common < 1.0 and count > MOST_APART:
        raise InputError(
            "too many members to follow being hit apart", where="--common",
            why=f"{count} members make {2**count:,} combinations, the limit is {MOST_APART} members",
            mend="use --common 1, which holds for a licence regime, or name fewer members",
        )  # fmt: skip


def axis_of(event: Event, names: tuple[str, ...], use: Array, value: Array, *, seed: int = 0) -> tuple[PoolGain, ...]:
    """What pooling saves along the common cause; with equal values only insurance is left.

    Exact up to 8 members; beyond, the mean over sets of drawn combinations, with its standard error.
    """
    out = []
    level = np.full(use.size, float(use @ value / use.sum()))
    for common in AXIS:
        exact = common >= 1.0 or use.size <= MOST_APART
        sets = [needs(event, use, common, seed=seed + number) for number in range(1 if exact else SETS)]
        full, equal = (
            np.array([large_game(names, need, law, worth, event.holding).gain for need, law in sets])
            for worth in (value, level)
        )
        out.append(PoolGain(common, float(full.mean()), float(equal.mean()), _error(full), _error(equal)))
    return tuple(out)


def _error(found: Array) -> float:
    """The standard error of the mean of independent sets; 0 for one that is exact."""
    return float(found.std(ddof=1)) / math.sqrt(found.size) if found.size > 1 else 0.0
