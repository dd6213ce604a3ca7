"""Running a scenario through the trade network: who runs short, when, and what coordination would be worth."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lodestock.disruption.controls import Control, due
from lodestock.errors import InputError
from lodestock.evidence.store import Store
from lodestock.network.market import limits_of, trace_market
from lodestock.network.planner import Plan, Planner
from lodestock.scenario.baseline import EU
from lodestock.scenario.ensemble import Engine, Part, Progress, read_part, run_parts
from lodestock.scenario.licences import REFERENCE, Published, RegimeDraws, published_shares, ridges, variants
from lodestock.scenario.load import LoadedScenario
from lodestock.scenario.simulate_network import BuiltNetwork, eu_members, flagship_network
from lodestock.scenario.simulate_parts import WORLD, MarketRun, build_parts, name_of, run_part
from lodestock.scenario.summary import Variant

FloatArray = npt.NDArray[np.float64]
MOST = 1_000_000
REFERENCE_PART = f"variant {name_of(REFERENCE)}"


@dataclass(frozen=True, slots=True)
class Coordination:
    """What the market does and the best that coordination could do in one scenario, in tonnes over all months.

    number: the scenario, whose loss is nearest to the median. planner, market, one_round [K]: tonnes short by stage;
    plan: with shadow prices [t of shortage avoided per t]; use, market_short [T, K, C] [t/mo]: what is
    wanted, after substitution, and what the market leaves short.
    """

    number: int
    planner: FloatArray
    market: FloatArray
    one_round: FloatArray
    plan: Plan
    use: FloatArray
    market_short: FloatArray

    @property
    def gap(self) -> float:
        """What coordination would be worth [t]: the market's shortage above the planner's."""
        return float(self.market.sum() - self.planner.sum())


@dataclass(frozen=True, slots=True)
class Simulation:
    """All that a simulation found. parts: arrays of each part by name (see simulate_parts); places: the countries of
    the network, then the groups; groups [G, C]."""

    loaded: LoadedScenario
    built: BuiltNetwork
    places: tuple[str, ...]
    groups: FloatArray
    scenarios: int
    regimes: Mapping[Variant, RegimeDraws]
    published: tuple[Published, ...]
    parts: Mapping[str, Mapping[str, npt.NDArray[Any]]]
    coordination: Coordination | None
    to_be_checked: tuple[Control, ...]
    as_of: date

    @property
    def reference(self) -> Mapping[str, npt.NDArray[Any]]:
        """The reference part: four rounds, middle stock, every reporting population equally often."""
        return self.parts[REFERENCE_PART]


def simulate(
    loaded: LoadedScenario,
    store: Store,
    *,
    scenarios: int,
    engine: Engine | None = None,
    folder: Path | None = None,
    resume: bool = False,
    planner: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    as_of: date | None = None,
) -> Simulation:
    """Run a licence scenario through the network `scenarios` times per way of looking.

    folder: where finished parts are kept, for resume; without it they are forgotten. The same store, scenario and
    count give the same numbers on any engine. Raises InputError for a count, folder or ensemble that does not fit.
    """
    if not 1 <= scenarios <= MOST:
        raise InputError(
            f"{scenarios} scenarios cannot be run", where="--scenarios", mend=f"give a number from 1 to {MOST:,}"
        )
    if resume and folder is None:
        raise InputError("there is nothing to resume", where="--resume", mend="give the folder of the run with --out")
    scenario, day = loaded.scenario, as_of or date.today()
    built = flagship_network(store, scenario)
    stock = scenario.commercial_stock
    networks = {
        "middle": built.network,
        "low": flagship_network(store, scenario, stock=stock.low).network,
        "high": flagship_network(store, scenario, stock=stock.high).network,
    }
    published = published_shares(store, scenario.licence.populations, scenario.starts)
    regimes = variants(ridges(published, scenario.licence, scenarios, scenario.ensemble.seed), scenarios)
    groups = _groups(built, scenario.baseline_year)
    parts = build_parts(scenario, networks, regimes, groups, scenarios)
    found = _run(parts, folder, engine, resume, progress, cancelled)
    places = (*built.network.countries, EU, WORLD)
    best = coordination(_payload(parts, REFERENCE_PART), found[REFERENCE_PART]["total"]) if planner else None
    doubtful = tuple(item.control for item in due(day, within_days=30) if item.control.issuer == scenario.issuer)
    return Simulation(loaded, built, places, groups, scenarios, regimes, published, found, best, doubtful, day)


def _groups(built: BuiltNetwork, year: int) -> FloatArray:
    countries = built.network.countries
    members = eu_members(year)
    return np.array([[float(name in members) for name in countries], [1.0] * len(countries)])


def _payload(parts: tuple[Part, ...], name: str) -> MarketRun:
    found: MarketRun = next(part.payload for part in parts if part.id == name)
    return found


def _run(
    parts: tuple[Part, ...], folder: Path | None, engine: Engine | None, resume: bool,
    progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None,
) -> dict[str, dict[str, npt.NDArray[Any]]]:  # fmt: skip
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            files = run_parts(
                run_part, parts, place, engine=engine, resume=resume, progress=progress, cancelled=cancelled
            )
            return {name: read_part(file) for name, file in files.items()}
        except OSError as error:
            raise InputError(
                "the parts of the run cannot be kept", where=str(error.filename or place),
                why=error.strerror or str(error), mend="choose another folder with --out",
            ) from None  # fmt: skip


def coordination(run: MarketRun, totals: FloatArray) -> Coordination:
    """The planner beside the market in the scenario whose loss is nearest to the median (MODEL §5.2, §5.3).

    Every tonne counts the same, whoever misses it, so the planner's loss is in tonnes and bounds the market from
    below with the same limits, stocks and use.
    """
    number = int(np.argmin(np.abs(totals - np.quantile(totals, 0.5))))
    network, values = run.network, np.ascontiguousarray(run.values[:, :, number])
    limits = limits_of(network, run.shocks, values)
    market = trace_market(network, run.shocks, values, rounds=run.rounds)
    single = trace_market(network, run.shocks, values, rounds=1)
    worth = np.ones((*network.use.shape, 1))
    plan = Planner(network, worth, months=values.shape[0]).solve(limits.limit, limits.able, use=market.use)
    return Coordination(
        number, plan.shortage.sum(axis=(0, 2)), market.shortage.sum(axis=(0, 2)), single.shortage.sum(axis=(0, 2)),
        plan, market.use, market.shortage,
    )  # fmt: skip
