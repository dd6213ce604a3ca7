"""One material of a what-if as a piece of work: shocks from what happens, the market rule, the planner beside it.

A case holds all that a worker needs. A result is the same on any worker and in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lodestock.network.faults import ShutsTooMuchError
from lodestock.network.market import limits_of, simulate_market, trace_market
from lodestock.network.planner import Plan, Planner
from lodestock.network.price import clearing_price
from lodestock.network.reduce import reduce_cells
from lodestock.network.structure import Network, Shock, ShockKind
from lodestock.scenario.simulate_chance import Drawn, Stated, active, draw, event_open, host_share
from lodestock.scenario.simulate_schema import Event, EventKind, WhatIf
from lodestock.scenario.simulate_values import ValueSteps

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One material's run. text: the what-if as JSON; networks: one a point; groups [G, C]: places shown together.

    insiders [C]: True for exporters under a measure, whose users pay the price at home. chosen: (point, place) of a
    scenario for the planner; steps: what a lacking tonne costs, None: every tonne counts one.
    """

    text: str
    stated: Stated
    material: str
    networks: tuple[Network, ...]
    groups: FloatArray
    insiders: npt.NDArray[np.bool_]
    scenarios: int
    rounds: int = 4
    chosen: int | None = None
    of: int = 1
    steps: ValueSteps | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What rules one shock: numbers of events, the exporter's number among the regimes, outages and hosts."""

    shock: Shock
    events: tuple[int, ...] = ()
    exporter: int | None = None
    outages: tuple[int, ...] = ()
    hosts: tuple[int, ...] = ()


def rules_of(what_if: WhatIf, material: str, network: Network) -> tuple[Rule, ...]:
    """The shocks of a what-if on a network, and what decides the value of each."""
    return (*_licence_rules(what_if, material, network), *_capacity_rules(what_if, material, network))


def _stages_of(network: Network, name: str | None) -> list[int]:
    return [number for number, stage in enumerate(network.stages) if name in (None, stage)]


def _touching(what_if: WhatIf, material: str, outage: bool) -> list[tuple[int, Event]]:
    found = enumerate(what_if.events)
    return [(n, e) for n, e in found if e.material in (None, material) and (e.kind is EventKind.OUTAGE) is outage]


def _licence_rules(what_if: WhatIf, material: str, network: Network) -> list[Rule]:
    held = _touching(what_if, material, outage=False)
    exporters = what_if.regimes.exporters if what_if.regimes is not None else []
    out, reached = [], {n: what_if.reached(e) for n, e in held}
    for name in sorted({e.country for _, e in held} | set(exporters)):
        if name not in network.countries:
            continue
        exporter = exporters.index(name) if name in exporters else None
        for stage in range(len(network.stages)):
            own = [(n, e) for n, e in held if e.country == name and stage in _stages_of(network, e.stage)]
            together: dict[tuple[int, ...], list[str]] = {}
            for place in network.countries:
                hit = tuple(n for n, _ in own if (to := reached[n]) is None or place in to)
                if place != name and (hit or exporter is not None):
                    together.setdefault(hit, []).append(place)
            for hit, places in sorted(together.items()):
                out.append(Rule(Shock(ShockKind.LICENCE, stage, name, tuple(places)), hit, exporter))
    return out


def _capacity_rules(what_if: WhatIf, material: str, network: Network) -> list[Rule]:
    cells: dict[tuple[int, str], dict[str, list[int]]] = {}
    lists: tuple[tuple[str, Sequence[tuple[int, Any]]], ...] = (
        ("events", _touching(what_if, material, outage=True)),
        ("outages", [(n, o) for n, o in enumerate(what_if.outages) if o.material in (None, material)]),
        ("hosts", [(n, h) for n, h in enumerate(what_if.hosts) if h.material == material]),
    )
    for kind, items in lists:
        for number, item in items:
            for stage in _stages_of(network, item.stage):
                if item.country in network.countries:
                    cells.setdefault((stage, item.country), {}).setdefault(kind, []).append(number)
    return [
        Rule(Shock(ShockKind.CAPACITY, stage, country), exporter=None, **{k: tuple(v) for k, v in found.items()})
        for (stage, country), found in sorted(cells.items())
    ]


def values_of(what_if: WhatIf, rules: Sequence[Rule], network: Network, drawn: Drawn) -> FloatArray:
    """Shock values [T, R, S]: licences multiply, capacity losses of events add up, and neither can pass all there is.

    Raises ShutsTooMuchError where the events of one cell take more than exists.
    """
    months, size = what_if.horizon_months, drawn.weights.size
    values = np.ones((months, len(rules), size))
    made = 12.0 * network.made()
    for r, rule in enumerate(rules):
        found = np.ones((size, months))
        if rule.shock.kind is ShockKind.LICENCE:
            for n in rule.events:
                found = found * event_open(what_if.events[n], drawn.events[n], months)
            if rule.exporter is not None:
                found = found * drawn.regime[rule.exporter]
        else:
            cell = made[rule.shock.stage, network.country(rule.shock.country)]
            for n in rule.events:
                found = found - _taken(what_if.events[n], drawn.events[n], cell, months)
            if found.min(initial=1.0) < -1e-9:
                raise ShutsTooMuchError(
                    "the events shut more than exists",
                    where=f"{rule.shock.country}, {network.stages[rule.shock.stage]}, events {list(rule.events)}",
                    why=f"together they take up to {1.0 - found.min():.0%} of its output of {cell:,.0f} t/yr",
                    mend="lower the shares or tonnes, or let the events follow each other",
                )
            for n in rule.outages:
                found = found * drawn.outages[n]
            if rule.hosts:
                chosen = list(rule.hosts)
                found = found * host_share(drawn.hosts[chosen], drawn.host_shares[chosen])
        values[:, r] = np.clip(found, 0.0, 1.0).T
    return values


def _taken(event: Event, drawn: Mapping[str, FloatArray], made: float, months: int) -> FloatArray:
    """Share of capacity an outage takes [S, T]; tonnes are set against the baseline output."""
    share = drawn["share"] if "share" in drawn else drawn["tonnes"] / max(made, 1e-300)
    return active(event, drawn, months) * share[:, None]


def run_case(case: Case) -> Mapping[str, npt.NDArray[Any]]:
    """What is short of one material over all points, ready to be kept; or one scenario by the planner.

    mean, error [T, K, C], quantiles [Q, T, K, C], lost_mean, lost_error [K, C+G], lost_quantiles [Q, K, C+G], price
    [Q, T], disturbed [T]: weighed share of draws in which something is shut.
    """
    what_if = WhatIf.model_validate_json(case.text)
    if case.chosen is not None:
        return _planned(case, what_if)
    points = len(case.networks)
    outs, losts, weights, strata, prices, hit = [], [], [], [], [], []
    use = np.stack([network.use for network in case.networks])
    cells = np.flatnonzero(use.max(axis=0).ravel() > 0)
    for p, network in enumerate(case.networks):
        drawn = draw(what_if, case.stated, case.material, p, points, case.scenarios)
        rules = rules_of(what_if, case.material, network)
        values = np.ascontiguousarray(values_of(what_if, rules, network, drawn))
        keep = [(int(c) // len(network.countries), network.countries[int(c) % len(network.countries)]) for c in cells]
        found = simulate_market(
            network, [rule.shock for rule in rules], values, rounds=case.rounds, keep=keep, reduce=False
        )
        outs.append(found.kept)
        losts.append(np.concatenate([found.lost, found.lost @ case.groups.T], axis=2))
        weights.append(drawn.weights / points)
        strata.append(np.full(drawn.weights.size, p))
        prices.append(prices_of(found.kept, cells, network, case.insiders, drawn.elasticities))
        hit.append((values < 1.0).any(axis=1).T)
    weight, stratum = np.concatenate(weights), np.concatenate(strata)
    return tables_of(case.networks[0].use.shape, cells, outs, losts, weight, stratum) | {
        "price": summarise(np.concatenate(prices), weight, stratum)[2],
        "disturbed": weight @ np.concatenate(hit),
    }


def prices_of(
    kept: FloatArray, cells: IntArray, network: Network, insiders: npt.NDArray[np.bool_],
    elasticities: tuple[FloatArray, FloatArray, FloatArray],
) -> FloatArray:  # fmt: skip
    """Price of the last stage outside the exporters [S, T], relative to normal, capped: a diagnostic (MODEL §5.4)."""
    count = len(network.countries)
    seen = (cells // count == len(network.stages) - 1) & ~insiders[cells % count]
    use = float(network.use.ravel()[cells[seen]].sum())
    lack = np.clip(kept[:, :, seen].sum(axis=2) / max(use, 1e-300), 0.0, 1.0 - 1e-9)
    demand, supply, most = (item[:, None] for item in elasticities)
    return np.asarray(np.minimum(most, clearing_price(lack, demand, supply)), np.float64)


def tables_of(
    shape: tuple[int, ...], cells: IntArray, kept: Sequence[FloatArray], lost: Sequence[FloatArray], weight: FloatArray,
    point: IntArray,
) -> dict[str, npt.NDArray[Any]]:  # fmt: skip
    """Summaries of all draws: kept [S, T, n] of the cells and lost [S, K, C+G], point by point; shape (K, C)."""
    months = kept[0].shape[1]
    mean, error = np.zeros((months, *shape)), np.zeros((months, *shape))
    quantiles = np.zeros((len(LEVELS), months, *shape))
    for t in range(months):
        now = summarise(np.concatenate([out[:, t] for out in kept]), weight, point)
        mean[t].reshape(-1)[cells], error[t].reshape(-1)[cells] = now[0], now[1]
        for q in range(len(LEVELS)):
            quantiles[q, t].reshape(-1)[cells] = now[2][q]
    whole = np.concatenate(lost)
    total = summarise(whole.reshape(whole.shape[0], -1), weight, point)
    return {
        "mean": mean, "error": error, "quantiles": quantiles, "lost_mean": total[0].reshape(whole.shape[1:]),
        "lost_error": total[1].reshape(whole.shape[1:]),
        "lost_quantiles": total[2].reshape(len(LEVELS), *whole.shape[1:]),
    }  # fmt: skip


def summarise(out: FloatArray, weight: FloatArray, stratum: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, standard error and quantiles of each column of out [S, N]; the error is that between points.

    Scenarios at one point share a network and a world, so the points, not the scenarios, are what was sampled; with
    one point the error is that between scenarios.
    """
    count = out.shape[1]
    mean, error, quantiles = np.zeros(count), np.zeros(count), np.zeros((len(LEVELS), count))
    points = int(stratum.max()) + 1
    sizes = np.bincount(stratum, minlength=points).astype(np.float64)
    shares = np.asarray(np.bincount(stratum, weight, points), np.float64)
    reduce_cells(
        np.ascontiguousarray(out), weight, stratum, sizes, shares, np.array(LEVELS), mean, error,
        quantiles,
    )  # fmt: skip
    if points > 1:
        by_point = np.stack([weight[stratum == p] @ out[stratum == p] / shares[p] for p in range(points)])
        error = by_point.std(axis=0, ddof=1) / np.sqrt(points)
    return mean, error, quantiles


def planned_at(number: int, of: int, points: int) -> tuple[int, float]:
    """The point of the n-th scenario before the planner, and its rank (0–1) among that point's draws, in no order."""
    return (number * points) // of, (number * 0.6180339887498949 + 0.5) % 1.0


def _planned(case: Case, what_if: WhatIf) -> dict[str, npt.NDArray[Any]]:
    """One scenario under the market and under the planner, drawn so that each of `of` counts the same."""
    assert case.chosen is not None
    points = len(case.networks)
    p, rank = planned_at(case.chosen, case.of, points)
    network = case.networks[p]
    drawn = draw(what_if, case.stated, case.material, p, points, case.scenarios)
    s = int(np.searchsorted(np.cumsum(drawn.weights), rank * drawn.weights.sum()))
    s = min(s, drawn.weights.size - 1)
    rules = rules_of(what_if, case.material, network)
    shocks = [rule.shock for rule in rules]
    values = np.ascontiguousarray(values_of(what_if, rules, network, drawn)[:, :, s])
    found, _ = beside_planner(network, shocks, values, 4, case.steps)
    return found | {"point": np.array(p), "scenario": np.array(s)}


def beside_planner(
    network: Network, shocks: Sequence[Shock], values: FloatArray, rounds: int, steps: ValueSteps | None
) -> tuple[dict[str, npt.NDArray[Any]], Plan]:
    """One scenario, values [T, R], under the market and under the planner with the same limits, stocks and use.

    steps: None, every tonne counts one. planner, market, one_round, use, scarcity [T, K, C]; planner_value,
    market_value [k€, or t]: each country cuts its least valuable use first (MODEL §5.2, §5.3).
    """
    shape = network.use.shape
    worth, widths = (np.ones((*shape, 1)), np.ones((*shape, 1))) if steps is None else steps.arrays(shape)
    limits = limits_of(network, shocks, values)
    market = trace_market(network, shocks, values, rounds=rounds)
    single = trace_market(network, shocks, values, rounds=1)
    plan = Planner(network, worth, months=values.shape[0], widths=widths).solve(
        limits.limit, limits.able, use=market.use
    )
    found = {
        "planner": plan.shortage, "market": market.shortage, "one_round": single.shortage, "use": market.use,
        "scarcity": plan.scarcity, "planner_value": np.array(plan.loss),
        "market_value": np.array(_worth(market.shortage, market.use, worth, widths)),
    }  # fmt: skip
    return found, plan


def _worth(short: FloatArray, use: FloatArray, worth: FloatArray, steps: FloatArray) -> float:
    """What a shortage [T, K, C] costs when each country cuts its least valuable use first [k€]."""
    left, total = short.copy(), 0.0
    for j in range(worth.shape[2]):
        cut = np.minimum(left, use * steps[None, :, :, j])
        total += float((cut * worth[None, :, :, j]).sum())
        left = left - cut
    return total + float((left * worth[None, :, :, -1]).sum())
