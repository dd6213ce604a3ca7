"""What happens in each draw of a what-if: events of uncertain size, regimes under a common tension, outages, hosts.

Every array comes from a seed of (material, point, purpose); tension and exporters' regimes come from the seed of the
world, so that every material meets the same world. Months × scenarios are T × S. Source: MODEL §4.1, §4.2, §5.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.lead_time import weibull
from lodestock.disruption.licence import granted_by_month
from lodestock.disruption.outages import OutageLaw, simulate_outages
from lodestock.disruption.rates import rate_posterior
from lodestock.disruption.regimes import RegimePaths, RegimeWorld, simulate_regimes
from lodestock.network.adaptation import by_product_share
from lodestock.scenario.ensemble import generator, parameter_points
from lodestock.scenario.sampling import triangular
from lodestock.scenario.schema import Estimate
from lodestock.scenario.simulate_schema import Chance, Event, EventKind, WhatIf

FloatArray = npt.NDArray[np.float64]
NORMAL, LICENCE, TIGHT, QUOTA, BAN = range(5)
WORLD = "world"
WORLD_KEYS = (
    "calm_to_tense", "tense_to_calm", "tense_to_conflict", "conflict_to_tense", "new_control", "tense_factor",
    "conflict_factor", "share_tight", "share_quota", "share_ban", "duration", "targetability",
)  # fmt: skip
TERM_KEYS = (
    "scope", "lead_time", "lead_shape", "granted_fraction", "tight_slower", "tight_refused", "quota",
)  # fmt: skip
Triple = tuple[float, float, float]


def world_of(stated: Mapping[str, Triple], point: FloatArray, exporters: int, materials: int) -> RegimeWorld:
    """The regimes of all exporters at one point [12] (0–1) of what is not known about them (MODEL §4.1).

    Entry m·X + x of the world's materials is material m under exporter x.
    """
    value = {key: float(triangular(u, *stated[key])) for key, u in zip(WORLD_KEYS, point, strict=True)}

    def monthly(yearly: float) -> float:
        return float(-np.expm1(-yearly / 12.0))

    up, down, worse, better = (monthly(value[key]) for key in WORLD_KEYS[:4])
    tension = np.array([[1.0 - up, up, 0.0], [down, 1.0 - down - worse, worse], [0.0, better, 1.0 - better]])
    shares = np.array([value["share_tight"], value["share_quota"], value["share_ban"]])
    kinds = np.concatenate([[1.0 - shares.sum()], shares])
    ends = monthly(12.0 * float(np.log(2.0)) / value["duration"])
    regime = np.zeros((exporters, 3, 5, 5))
    for e, factor in enumerate((1.0, value["tense_factor"], value["conflict_factor"])):
        begins = monthly(value["new_control"] * factor)
        regime[:, e, NORMAL] = np.concatenate([[1.0 - begins], begins * kinds])
        for g in range(LICENCE, BAN + 1):
            regime[:, e, g, NORMAL], regime[:, e, g, g] = ends, 1.0 - ends
    count = materials * exporters
    return RegimeWorld(
        tension, regime, np.tile(np.arange(exporters), materials), np.full(count, value["targetability"])
    )


@dataclass(frozen=True, slots=True, eq=False)
class RegimeTerms:
    """What regimes let through, [S] each; see regimes.csv. never [0–1]: never-granted share under a licence."""

    scope: FloatArray
    lead_time: FloatArray
    lead_shape: FloatArray
    granted_fraction: FloatArray
    tight_slower: FloatArray
    tight_refused: FloatArray
    quota: FloatArray
    never: FloatArray


def regime_open(states: npt.NDArray[np.int8], terms: RegimeTerms) -> FloatArray:
    """Share of normal exports that may leave [S, T] under regimes [S, T], by how long each has lasted (MODEL §4.2)."""
    scenarios, months = states.shape
    age = np.zeros((scenarios, months), np.int64)
    for t in range(1, months):
        age[:, t] = np.where(states[:, t] == states[:, t - 1], age[:, t - 1] + 1, 0)
    scale = terms.lead_time / np.log(2.0) ** (1.0 / terms.lead_shape)  # the lead time is a median
    passed = (1.0 - terms.never) * terms.granted_fraction
    easy = passed[:, None] * granted_by_month(weibull(terms.lead_shape, scale), months)
    slow = weibull(terms.lead_shape, scale * terms.tight_slower)
    tight = (passed * (1.0 - terms.tight_refused))[:, None] * granted_by_month(slow, months)
    through = np.ones((scenarios, months))
    for state, curve in ((LICENCE, easy), (TIGHT, tight)):
        through = np.where(states == state, np.take_along_axis(curve, age, axis=1), through)
    through = np.where(states == QUOTA, terms.quota[:, None], through)
    through = np.where(states == BAN, 0.0, through)
    return np.asarray(1.0 - terms.scope[:, None] * (1.0 - through), np.float64)


def event_estimates(event: Event) -> dict[str, Estimate]:
    """What is uncertain about an event, by name, in a fixed order."""
    found = {name: getattr(event, name) for name in ("share", "months", "tonnes", "allowed")}
    if event.terms is not None:
        found |= {name: getattr(event.terms, name) for name in ("never_granted", "lead_time", "shape")}
        found["granted_fraction"] = event.terms.granted_fraction
    return {name: item for name, item in found.items() if item is not None}


def active(event: Event, drawn: Mapping[str, FloatArray], months: int) -> FloatArray:
    """Share of each month [S, T] (0–1) in which the event works; its first and last month may count in part."""
    first = float(event.first_month - 1)
    size = next(iter(drawn.values())).size
    last = np.full(size, float(months)) if event.months is None else first + drawn["months"]
    t = np.arange(months)
    return np.asarray(np.clip(np.minimum(last[:, None], t + 1.0) - np.maximum(first, t), 0.0, 1.0), np.float64)


def event_open(event: Event, drawn: Mapping[str, FloatArray], months: int) -> FloatArray:
    """Share of normal exports that may leave [S, T] under a licence, quota or ban; drawn [S] by name."""
    size = next(iter(drawn.values())).size
    through = np.zeros((size, months))
    if event.kind is EventKind.QUOTA:
        through = np.broadcast_to(drawn["allowed"][:, None], through.shape)
    elif event.kind is EventKind.LICENCE:
        shape = drawn["shape"]
        law = weibull(shape, drawn["lead_time"] / weibull(shape, np.ones_like(shape)).mean())
        curve = granted_by_month(law, months)
        passed = (1.0 - drawn["never_granted"]) * drawn["granted_fraction"]
        begun = months - (event.first_month - 1)
        through = np.zeros((size, months))
        through[:, months - begun :] = passed[:, None] * curve[:, :begun]
    return np.asarray(1.0 - active(event, drawn, months) * drawn["share"][:, None] * (1.0 - through), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """All that chance and ignorance decide for one material at one point, S scenarios.

    events: drawn values by name, in the order of the file (empty for events of other materials); regime [X, S, T]:
    share that may leave each exporter; outages, hosts [n, S, T]: share that works; host_shares [n]: part of the
    by-product that comes from each host; weights, strata [S]; elasticities: demand, supply and highest price [S].
    """

    events: tuple[Mapping[str, FloatArray], ...]
    regime: FloatArray
    outages: FloatArray
    hosts: FloatArray
    host_shares: FloatArray
    weights: FloatArray
    strata: npt.NDArray[np.int64]
    elasticities: tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class Stated:
    """The ranges a draw needs beside the what-if: regimes and price by key, as (low, middle, high)."""

    regimes: Mapping[str, Triple]
    price: tuple[Triple, Triple, Triple]


def draw(what_if: WhatIf, stated: Stated, material: str, point: int, points: int, scenarios: int) -> Drawn:
    """The draws of one material at one of `points` points; `scenarios` is the whole number over all points."""
    seed, months = what_if.ensemble.seed, what_if.horizon_months
    # runs of the Sobol sequence are spread evenly; every n-th of its points would not be
    own = np.array_split(np.arange(scenarios), points)[point]
    touched = [event.material in (None, material) for event in what_if.events]
    names = [list(event_estimates(e)) if hit else [] for e, hit in zip(what_if.events, touched, strict=True)]
    chances = [item.chance for item in what_if.stops]
    width = sum(len(n) for n in names) + len(chances) + len(TERM_KEYS) + 1 + 3
    uniform = parameter_points(scenarios, width, seed, material, "terms")[own]
    columns = iter(uniform.T)
    events = tuple(
        {name: _quantile(event_estimates(event)[name], next(columns)) for name in held}
        for event, held in zip(what_if.events, names, strict=True)
    )
    working = np.stack(
        [_works(chance, next(columns), seed, material, (point, points), n, months) for n, chance in enumerate(chances)]
    ) if chances else np.ones((0, own.size, months))  # fmt: skip
    terms = {key: triangular(next(columns), *stated.regimes[key]) for key in TERM_KEYS}
    never, first = next(columns), len(what_if.outages)
    price = tuple(triangular(next(columns), *triple) for triple in stated.price)
    regime, weights, strata = _regimes(what_if, stated, material, (point, points), own.size, terms, never)
    held = parameter_points(points, max(1, len(what_if.hosts)), seed, material, "hosts")[point]
    parts = np.array([_quantile(host.share, u) for host, u in zip(what_if.hosts, held, strict=False)], np.float64)
    return Drawn(
        events, regime, working[:first], working[first:], parts, weights, strata, (price[0], price[1], price[2])
    )  # fmt: skip


def _quantile(item: Estimate, uniform: FloatArray) -> FloatArray:
    return triangular(uniform, item.low, item.value, item.high)


def _works(
    chance: Chance, uniform: FloatArray, seed: int, material: str, at: tuple[int, int], number: int, months: int
) -> FloatArray:
    """Share that works [S, T]: the rate of each scenario from its gamma posterior, the law from this point."""
    point, points = at
    law = parameter_points(points, 2, seed, material, f"outage {number}")[point]
    median = float(triangular(law[0], chance.months.low, chance.months.value, chance.months.high))
    taken = float(triangular(law[1], chance.share.low, chance.share.value, chance.share.high))
    rate = rate_posterior(chance.seen, chance.years).quantile(uniform)
    own = generator(seed, material, point, f"outage {number}")
    return simulate_outages(rate, OutageLaw(max(median, 1e-6), chance.spread, taken), months, own).T


def world_paths(what_if: WhatIf, stated: Stated, at: tuple[int, int], scenarios: int) -> RegimePaths:
    """Tension and regimes of one point: the same for every material, drawn with the seed of the world."""
    block = what_if.regimes
    assert block is not None
    seed = what_if.ensemble.seed
    point = parameter_points(at[1], len(WORLD_KEYS), seed, WORLD, "regime rates")[at[0]]
    world = world_of(stated.regimes, point, len(block.exporters), len(what_if.materials))
    own = generator(seed, WORLD, at[0], "regimes")
    forced = block.disturbed if scenarios > 1 else None
    return simulate_regimes(world, what_if.horizon_months, scenarios, own, disturbed=forced)


def _regimes(
    what_if: WhatIf, stated: Stated, material: str, at: tuple[int, int], size: int, terms: Mapping[str, FloatArray],
    never: FloatArray,
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:  # fmt: skip
    block = what_if.regimes
    if block is None:
        return np.ones((0, size, what_if.horizon_months)), np.full(size, 1.0 / size), np.zeros(size, np.int64)
    paths = world_paths(what_if, stated, at, size)
    refused = special.betaincinv(block.never_granted.a, block.never_granted.b, never)
    own = RegimeTerms(**terms, never=np.asarray(refused, np.float64))
    first = what_if.materials.index(material) * len(block.exporters)
    states = paths.material[:, first : first + len(block.exporters)]
    found = np.stack([regime_open(states[:, x], own) for x in range(len(block.exporters))])
    return found, paths.weights, paths.strata


def host_share(hosts: FloatArray, shares: FloatArray) -> FloatArray:
    """Share of by-product capacity that works [S, T] when its hosts [H, S, T] work in part (MODEL §5.1).

    shares [H]: part of the by-product that comes from each host; the rest does not hang on them.
    """
    content = np.append(shares, max(0.0, 1.0 - float(shares.sum())))
    host = np.concatenate([hosts, np.ones((1, *hosts.shape[1:]))])
    return by_product_share(host, np.ones(content.size), content, np.ones(content.size), float(content.sum()))
