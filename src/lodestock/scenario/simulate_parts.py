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
from lodestock.scenario.ensemble import Part
from lodestock.scenario.licences import REFERENCE, RegimeDraws
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.schema import Scenario
from lodestock.scenario.simulate_network import rates
from lodestock.scenario.summary import Variant

FloatArray = npt.NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)
TRACED = 200  # scenarios whose flows are followed, for the issuer's exports
WORLD = "WORLD"


@dataclass(frozen=True, slots=True, eq=False)
class MarketRun:
    """One market run. values [T, R, S]; groups [G, C]: countries that are also reported together; traced: how many
    scenarios are followed flow by flow instead of reduced (0: none), with the exporter they are followed for."""

    network: Network
    shocks: tuple[Shock, ...]
    values: FloatArray
    groups: FloatArray
    rounds: int
    traced: int = 0
    exporter: str = ""


def run_part(payload: MarketRun) -> Mapping[str, npt.NDArray[Any]]:
    """What is short under the market rule, or what the exporter sends, ready to be kept.

    Reduced: mean, error [T, K, C], quantiles [Q, T, K, C] [t/mo]; lost_mean, lost_error [K, C+G] and lost_quantiles
    [Q, K, C+G] [t]; total [S] [t]: all that is lost in a scenario at the last stage. Traced: exports [S, T, K] [t/mo].
    """
    if payload.traced:
        return {"exports": _exports(payload)}
    found = simulate_market(payload.network, payload.shocks, payload.values, rounds=payload.rounds, levels=LEVELS)
    lost = np.concatenate([found.lost, found.lost @ payload.groups.T], axis=2)
    error = lost.std(axis=0, ddof=1) / np.sqrt(lost.shape[0]) if lost.shape[0] > 1 else np.zeros(lost.shape[1:])
    return {
        "mean": found.mean, "error": found.error, "quantiles": found.quantiles, "lost_mean": lost.mean(axis=0),
        "lost_error": error, "lost_quantiles": np.quantile(lost, LEVELS, axis=0),
        "total": found.lost[:, -1].sum(axis=1), "computed": np.array(found.computed),
    }  # fmt: skip


def _exports(payload: MarketRun) -> FloatArray:
    network, months = payload.network, payload.values.shape[0]
    own = network.country(payload.exporter)
    out = np.zeros((payload.traced, months, len(network.stages)))
    for s in range(payload.traced):
        flow = trace_market(network, payload.shocks, payload.values[:, :, s], rounds=payload.rounds).flow
        for k in range(len(network.stages)):
            leaves = (network.stage == k) & (network.origin == own) & (network.dest != own)
            out[s, :, k] = flow[:, leaves].sum(axis=1)
    return out


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


def build_parts(
    scenario: Scenario,
    networks: Mapping[str, Network],
    regimes: Mapping[Variant, RegimeDraws],
    groups: FloatArray,
    scenarios: int,
) -> tuple[Part, ...]:
    """One part for each way of looking. networks: the baseline ('middle') and those with little and much stock.

    `variant …`: the market rule with four rounds under a licence variant; `one round`, `low stock`, `high stock`: the
    reference variant with that changed; `exports`: flows of the first scenarios of the reference.
    """
    base = networks["middle"]
    shocks = licence_shocks(scenario.issuer, len(base.stages))
    values = {key: licence_values(scenario, regime, scenarios) for key, regime in regimes.items()}
    runs = {
        f"variant {name_of(key)}": MarketRun(base, shocks, found, groups, 4) for key, found in values.items()
    }  # fmt: skip
    own = values[REFERENCE]
    runs["one round"] = MarketRun(base, shocks, own, groups, 1)
    runs["low stock"] = MarketRun(networks["low"], shocks, own, groups, 4)
    runs["high stock"] = MarketRun(networks["high"], shocks, own, groups, 4)
    few = min(scenarios, TRACED)
    first = np.ascontiguousarray(own[:, :, :few])
    runs["exports"] = MarketRun(base, shocks, first, groups, 4, few, scenario.issuer)
    return tuple(Part(name, run) for name, run in runs.items())
