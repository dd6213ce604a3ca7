"""The parts of a simulation: the licence regime as arc limits, and one market run per way of looking (MODEL §3, §5.3).

A part holds all that it needs, so it gives the same numbers on any worker. Arrays are months × shocks × scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import fixed_delay
from lodestock.disruption.licence import granted_by_month
from lodestock.network.market import simulate_market, trace_market
from lodestock.network.structure import Network, Shock, ShockKind
from lodestock.scenario.ensemble import Part, parameter_points
from lodestock.scenario.licences import REFERENCE, RegimeDraws
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.schema import Scenario
from lodestock.scenario.simulate_case import beside_planner, planned_at, prices_of, summarise, tables_of
from lodestock.scenario.simulate_network import rates
from lodestock.scenario.simulate_values import ValueSteps
from lodestock.scenario.summary import Variant

FloatArray = npt.NDArray[np.float64]
TRACED = 200  # scenarios whose flows are followed, for the issuer's exports
WORLD = "WORLD"


@dataclass(frozen=True, slots=True, eq=False)
class MarketRun:
    """One market run. networks: one for each reading of what is not known, which share the scenarios in equal runs;
    values [T, R, S]; groups [G, C]: countries that are also reported together; traced: how many scenarios are followed
    flow by flow instead of reduced (0: none), with the exporter they are followed for; chosen, of: the n-th of so many
    scenarios put before the planner, with what a lacking tonne costs in steps (None: each tonne counts one);
    elasticities [3, S]: demand, supply, highest price."""

    networks: tuple[Network, ...]
    shocks: tuple[Shock, ...]
    values: FloatArray
    groups: FloatArray
    rounds: int
    exporter: str
    elasticities: FloatArray
    traced: int = 0
    chosen: int | None = None
    of: int = 1
    steps: ValueSteps | None = None

    def runs(self) -> list[npt.NDArray[np.int64]]:
        """The scenarios of each network."""
        return np.array_split(np.arange(self.values.shape[2]), len(self.networks))


def run_part(payload: MarketRun) -> Mapping[str, npt.NDArray[Any]]:
    """What is short under the market rule, or what the exporter sends, ready to be kept.

    Reduced: mean, error [T, K, C], quantiles [Q, T, K, C] [t/mo]; lost_mean, lost_error [K, C+G] and lost_quantiles
    [Q, K, C+G] [t]; price [Q, T]. Errors are those between networks. Traced: exports [S, T, K] [t/mo]. Chosen: planner,
    market, one_round, use [T, K, C], scarcity and licence prices.
    """
    if payload.chosen is not None:
        return _planned(payload)
    if payload.traced:
        return {"exports": _exports(payload)}
    first = payload.networks[0]
    cells = np.flatnonzero(np.max([network.use for network in payload.networks], axis=0).ravel() > 0)
    keep = [(int(c) // len(first.countries), first.countries[int(c) % len(first.countries)]) for c in cells]
    inside = np.array([name == payload.exporter for name in first.countries])
    kept, lost, prices, point = [], [], [], []
    for p, (network, own) in enumerate(zip(payload.networks, payload.runs(), strict=True)):
        if not own.size:
            continue
        values = np.ascontiguousarray(payload.values[:, :, own])
        found = simulate_market(network, payload.shocks, values, rounds=payload.rounds, keep=keep, reduce=False)
        kept.append(found.kept)
        lost.append(np.concatenate([found.lost, found.lost @ payload.groups.T], axis=2))
        demand, supply, most = payload.elasticities[:, own]
        prices.append(prices_of(found.kept, cells, network, inside, (demand, supply, most)))
        point.append(np.full(own.size, p))
    stratum = np.concatenate(point)
    weight = np.full(stratum.size, 1.0 / stratum.size)
    return tables_of(first.use.shape, cells, kept, lost, weight, stratum) | {
        "price": summarise(np.concatenate(prices), weight, stratum)[2]
    }


def _planned(payload: MarketRun) -> Mapping[str, npt.NDArray[Any]]:
    """One scenario under the market and the planner (MODEL §5.2, §5.3)."""
    assert payload.chosen is not None
    p, rank = planned_at(payload.chosen, payload.of, len(payload.networks))
    own, network = payload.runs()[p], payload.networks[p]
    number = int(own[int(rank * own.size)])
    values = np.ascontiguousarray(payload.values[:, :, number])
    found, plan = beside_planner(network, payload.shocks, values, payload.rounds, payload.steps)
    price = np.zeros_like(plan.shortage)
    exporter = network.country(payload.exporter)
    issued = np.flatnonzero((network.origin == exporter) & (network.dest != exporter))
    price[:, network.stage[issued], network.dest[issued]] = plan.arc[:, issued]
    return found | {"licence": price, "scenario": np.array(number)}


def _exports(payload: MarketRun) -> FloatArray:
    """What leaves the exporter [S, T, K] in `traced` scenarios, spread evenly over the networks."""
    months, stages = payload.values.shape[0], len(payload.networks[0].stages)
    out = []
    share = -(-payload.traced // len(payload.networks))
    for network, own in zip(payload.networks, payload.runs(), strict=True):
        exporter = network.country(payload.exporter)
        for s in own[:share]:
            values = np.ascontiguousarray(payload.values[:, :, s])
            flow = trace_market(network, payload.shocks, values, rounds=payload.rounds).flow
            sent = np.zeros((months, stages))
            for k in range(stages):
                leaves = (network.stage == k) & (network.origin == exporter) & (network.dest != exporter)
                sent[:, k] = flow[:, leaves].sum(axis=1)
            out.append(sent)
    return np.stack(out)


def licence_values(scenario: Scenario, regime: RegimeDraws, scenarios: int) -> FloatArray:
    """Share of the issuer's normal exports that may leave, [T, K, S]: licensed, refused or late, and inspected.

    Applications are filed for what is normally shipped. A share of the goods needs a licence: of magnets the
    scenario's, of compounds a stated one. The rest waits for inspection. Source: MODEL §4.2, as in scenario.chain.
    """
    months, item = scenario.horizon_months, scenario.product
    focus = next(one for one in scenario.importers if one.region == scenario.economy.region)
    compounds = rates()["controlled_compounds"].value
    triples = [
        (e.low, e.value, e.high)
        for e in (item.inspection_delay, scenario.licence.never_granted_defence, scenario.licence.granted_fraction,
                  focus.defence_share, item.controlled_share)
    ]  # fmt: skip
    points = sobol(scenarios, 6, scenario.ensemble.seed + 11)
    wait, defence_never, part, defence, magnets, oxides = (
        triangular(points[:, n], *triple) for n, triple in enumerate([*triples, compounds])
    )
    never = np.clip(regime.never_granted, 0.0, 1.0)
    passed = (1.0 - defence) * (1.0 - never) + defence * (1.0 - np.maximum(defence_never, never))
    licensed = (passed * part)[:, None] * granted_by_month(regime.law, months)
    inspected = granted_by_month(fixed_delay(wait), months)
    out = [controlled[:, None] * licensed + (1.0 - controlled[:, None]) * inspected for controlled in (oxides, magnets)]
    return np.ascontiguousarray(np.stack(out, axis=0).transpose(2, 0, 1))


def licence_shocks(issuer: str, stages: int) -> tuple[Shock, ...]:
    """The regime as arc limits: one row of values for each stage, on everything that leaves the issuer."""
    return tuple(Shock(ShockKind.LICENCE, stage, issuer) for stage in range(stages))


def name_of(variant: Variant) -> str:
    """The name of a way of looking, as it stands in tables."""
    return f"{variant[0]}/{variant[1]}"


def price_points(scenario: Scenario, scenarios: int) -> FloatArray:
    """Elasticities of demand and other supply, and the highest price, for each scenario [3, S]."""
    points = parameter_points(scenarios, 3, scenario.ensemble.seed, "rare-earths", "price")
    keys = ("price_demand", "price_supply", "price_cap")
    return np.stack([triangular(points[:, n], *rates()[key].value) for n, key in enumerate(keys)])


def build_parts(
    scenario: Scenario,
    networks: Mapping[str, tuple[Network, ...]],
    regimes: Mapping[Variant, RegimeDraws],
    groups: FloatArray,
    scenarios: int,
    planner: int = 0,
    steps: ValueSteps | None = None,
) -> tuple[Part, ...]:
    """One part for each way of looking. networks: by 'drawn' stock, and with 'low' and 'high' stock.

    `variant …`: the market rule with four rounds under a licence variant; `one round`, `low stock`, `high stock`: the
    reference variant with that changed; `exports`: flows of some scenarios of the reference; `planner n`: scenarios of
    the reference put before the planner.
    """
    base = networks["drawn"]
    shocks = licence_shocks(scenario.issuer, len(base[0].stages))
    values = {key: licence_values(scenario, regime, scenarios) for key, regime in regimes.items()}
    prices = price_points(scenario, scenarios)

    def run(name: str, found: FloatArray, rounds: int = 4, **more: Any) -> MarketRun:
        return MarketRun(networks[name], shocks, found, groups, rounds, scenario.issuer, prices, **more)

    own = values[REFERENCE]
    runs = {f"variant {name_of(key)}": run("drawn", found) for key, found in values.items()}
    runs["one round"] = run("drawn", own, 1)
    runs["low stock"] = run("low", own)
    runs["high stock"] = run("high", own)
    runs["exports"] = run("drawn", own, traced=min(scenarios, TRACED))
    for n in range(planner):
        runs[f"planner {n}"] = run("drawn", own, chosen=n, of=planner, steps=steps)
    return tuple(Part(name, item) for name, item in runs.items())
