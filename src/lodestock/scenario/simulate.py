"""Running a scenario through the trade network: who runs short, when, and what coordination would be worth."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lodestock.disruption.controls import Control, doubtful, read_register
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import EU
from lodestock.scenario.ensemble import Engine, Part, Progress, read_part, run_parts
from lodestock.scenario.licences import (
    REFERENCE,
    Published,
    RegimeDraws,
    published_shares,
    ridges,
    variants,
    with_observed,
)
from lodestock.scenario.load import LoadedScenario
from lodestock.scenario.simulate_network import (
    BuiltNetwork,
    eu_members,
    magnet_figures,
    magnet_network,
    magnet_points,
    middle_magnets,
)
from lodestock.scenario.simulate_parts import WORLD, build_parts, name_of, run_part
from lodestock.scenario.simulate_values import ValueSteps
from lodestock.scenario.summary import Variant

FloatArray = npt.NDArray[np.float64]
MOST = 1_000_000
POINTS = 32  # networks, each at its own reading of what the figures do not say
PLANNED = 9  # scenarios that are put before the planner
_MEANS = ("market", "planner", "use", "scarcity", "licence")
UNKNOWN = (
    Text(
        "hoe snel gebruik van magneten wijkt voor iets anders: onbekend, gerekend als niet",
        "how fast use of magnets gives way to something else: unknown, taken as not at all",
    ),
    Text(
        "magneten die een land zelf maakt en gebruikt: in geen cijfer, weggelaten",
        "magnets that a country makes and uses itself: in no figure, left out",
    ),
    Text(
        "strategische voorraden van landen: geheim of geen cijfer, gerekend als niets",
        "strategic stocks of countries: secret or no figure, taken as none",
    ),
)
REFERENCE_PART = f"variant {name_of(REFERENCE)}"


@dataclass(frozen=True, slots=True)
class Coordination:
    """What the market does and the best that coordination could do, over N scenarios that count the same.

    planner, market, one_round [N, K]: tonnes short over all months by stage; short, best, use [T, K, C] [t/mo]: means
    of the market, the planner, and what is wanted after substitution; scarcity, licence [T, K, C]: mean shadow prices
    [t of shortage avoided per t]; planner_value, market_value [N]: what is short by its value, in k€ where values per
    tonne were given and in tonnes otherwise.
    """

    planner: FloatArray
    market: FloatArray
    one_round: FloatArray
    short: FloatArray
    best: FloatArray
    use: FloatArray
    scarcity: FloatArray
    licence: FloatArray
    planner_value: FloatArray
    market_value: FloatArray

    @property
    def gap(self) -> FloatArray:
        """What coordination would be worth in each scenario [t]: the market's shortage above the planner's."""
        return np.asarray(self.market.sum(axis=1) - self.planner.sum(axis=1), np.float64)


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
    points: int
    steps: ValueSteps | None = None
    unknown: tuple[Text, ...] = UNKNOWN

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
    steps: ValueSteps | None = None,
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
    figures = magnet_figures(store, scenario)
    built, points = magnet_network(figures, middle_magnets(scenario)), min(POINTS, scenarios)
    stock = scenario.commercial_stock
    networks = {
        name: tuple(magnet_network(figures, one).network for one in magnet_points(scenario, points, months))
        for name, months in (("drawn", None), ("low", stock.low), ("high", stock.high))
    }
    published = published_shares(store, scenario.licence.populations, scenario.starts)
    found_ridges = ridges(published, scenario.licence, scenarios, scenario.ensemble.seed)
    regimes = variants(with_observed(found_ridges, scenario, scenarios), scenarios)
    groups = _groups(built, scenario.baseline_year)
    parts = build_parts(scenario, networks, regimes, groups, scenarios, PLANNED if planner else 0, steps)
    found = _run(parts, folder, engine, resume, progress, cancelled)
    places = (*built.network.countries, EU, WORLD)
    best = coordination([found[part.id] for part in parts if part.id.startswith("planner")])
    register = read_register(home=store.home)
    unchecked = doubtful(day, scenario.materials, ids=scenario.controls, register=register)
    return Simulation(
        loaded, built, places, groups, scenarios, regimes, published, found, best, unchecked, day, points, steps
    )


def _groups(built: BuiltNetwork, year: int) -> FloatArray:
    countries = built.network.countries
    members = eu_members(year)
    return np.array([[float(name in members) for name in countries], [1.0] * len(countries)])


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


def coordination(found: Sequence[Mapping[str, npt.NDArray[Any]]]) -> Coordination | None:
    """The planner beside the market over the planned scenarios; None where none was planned (MODEL §5.2, §5.3).

    Every tonne counts the same, whoever misses it, so the planner's loss is in tonnes and bounds the market from
    below with the same limits, stocks and use.
    """
    if not found:
        return None
    lost = [np.stack([part[key].sum(axis=(0, 2)) for part in found]) for key in ("planner", "market", "one_round")]
    means = [np.mean([part[key] for part in found], axis=0) for key in _MEANS]
    worth = [np.array([float(part[key]) for part in found]) for key in ("planner_value", "market_value")]
    return Coordination(*lost, *means, *worth)
