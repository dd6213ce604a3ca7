"""Market runs as parts of an ensemble: one part per material, all under the same world (MODEL §4.1, §5.3).

Tension and exporters' regimes are drawn with the world's seed, not the material's, so every material meets the same
world; its own outages and parameters come from its own seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption.outages import OutageLaw, simulate_outages
from lodestock.disruption.regimes import RegimeWorld, simulate_regimes
from lodestock.network.market import Sampling, simulate_market
from lodestock.network.structure import Network, Shock
from lodestock.scenario.ensemble import generator

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MarketPart:
    """One material in one world.

    material: its number in `world`. shocks: licences first, then capacities; openness [G, D]: share of the licensed
    flow that leaves in the d-th month of regime g, the last column for all later months; outages: rate [per year] and
    law for each capacity shock. disturbed [0–1]: share of scenarios that is forced to be disturbed; levels: quantiles.
    """

    network: Network
    shocks: tuple[Shock, ...]
    world: RegimeWorld
    material: int
    openness: FloatArray
    outages: tuple[tuple[float, OutageLaw], ...]
    months: int
    scenarios: int
    master: int
    disturbed: float | None = 0.5
    rounds: int = 4
    levels: tuple[float, ...] = (0.05, 0.5, 0.95)


def regime_values(states: npt.NDArray[np.int8], openness: FloatArray) -> FloatArray:
    """Share of the licensed flow [S, T] from regimes [S, T] and what each lets through by its age [G, D]."""
    out = np.empty(states.shape)
    age = np.zeros(states.shape[0], np.int64)
    for t in range(states.shape[1]):
        if t > 0:
            age = np.where(states[:, t] == states[:, t - 1], age + 1, 0)
        out[:, t] = openness[states[:, t], np.minimum(age, openness.shape[1] - 1)]
    return out


def shock_values(part: MarketPart) -> tuple[FloatArray, Sampling]:
    """Shock values [T, R, S] of a part and how its scenarios are weighed."""
    draw = generator(part.master, "world", 0, "regimes")
    paths = simulate_regimes(part.world, part.months, part.scenarios, draw, disturbed=part.disturbed)
    values = np.ones((part.months, len(part.shocks), part.scenarios))
    licences = len(part.shocks) - len(part.outages)
    values[:, :licences] = regime_values(paths.material[:, part.material], part.openness).T[:, None, :]
    for n, (rate, law) in enumerate(part.outages):
        own = generator(part.master, part.network.material, n, "outage")
        values[:, licences + n] = simulate_outages(np.full(part.scenarios, rate), law, part.months, own)
    return values, Sampling(paths.weights, paths.strata)


def run_market_part(part: MarketPart) -> dict[str, npt.NDArray[np.float64]]:
    """Shortage of one material: mean, error, quantiles and lost tonnes per scenario, ready to be kept."""
    values, sampling = shock_values(part)
    found = simulate_market(
        part.network, part.shocks, values, rounds=part.rounds, sampling=sampling, levels=part.levels
    )
    return {
        "mean": found.mean,
        "error": found.error,
        "levels": found.levels,
        "quantiles": found.quantiles,
        "lost": found.lost,
        "weights": sampling.weights,
        "computed": np.array(found.computed),
    }
