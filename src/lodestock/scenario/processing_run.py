"""A processing case over what we do not know: cost, value, instruments, what moves it, and the ledger of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import sobol_indices, triang

from lodestock import __version__
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.result import RunInfo
from lodestock.measures.methods import METHODS
from lodestock.measures.processing_cost import (
    Cost,
    Plant,
    Support,
    break_even_floor,
    contract_for_difference,
    offtake_floor,
    price_paths,
    processing_cost,
)
from lodestock.measures.yaml_lists import Stated
from lodestock.scenario.processing_data import PARAMETERS, ProcessingCase
from lodestock.scenario.sampling import sobol, triangular

Array = npt.NDArray[np.float64]
PLANT = ("capital", "capacity", "recovery", "energy", "energy_price", "feed_price", "other", "staff", "wage", "upkeep",
         "price", "by_products", "wacc")  # fmt: skip
SOBOL_POINTS = 1024
_COSTS = tuple(name for name in PLANT if name != "price")


@dataclass(frozen=True, slots=True)
class Moved:
    """What one parameter does to the levelised cost: at its low and high end with the rest in the middle [EUR/t]; share
    of the variance by itself and with all it interacts with, None when it is exact."""

    name: str
    at_low: float
    at_high: float
    first: float | None
    total: float | None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A support instrument: its price [EUR/t], what it pays, and the share of draws in which the plant then breaks
    even and in which the state pays on balance."""

    id: str
    price: float
    support: Support
    pays: float
    state_pays: float


@dataclass(frozen=True, slots=True)
class ProcessingRun:
    """The answer. cost: over the draws; energy: levelised cost (d,) by energy scenario, same draws; breaks_even: share
    of draws in which the plant is worth its money without support; ledger and info for the manifest."""

    case: ProcessingCase
    cost: Cost
    breaks_even: float
    energy: Mapping[str, Array]
    moved: tuple[Moved, ...]
    instruments: tuple[Instrument, ...]
    ledger: Ledger
    info: RunInfo


def run_processing(case: ProcessingCase, *, as_of: date | None = None) -> ProcessingRun:
    """Compute a processing case: the same file and seed give the same numbers."""
    names = tuple(PARAMETERS)
    points = sobol(case.draws, len(names), case.seed)
    drawn = {name: _draw(case.stated[name], points[:, i]) for i, name in enumerate(names)}
    plant = Plant(**{name: drawn[name] for name in PLANT})
    cost = processing_cost(plant, case.schedule)
    column = names.index("energy_price")
    energy = {
        item.id: processing_cost(replace(plant, energy_price=_draw(item.price, points[:, column])), case.schedule)
        .levelised
        for item in case.energy_cases
    }  # fmt: skip
    rng = np.random.default_rng([case.seed, 1])
    prices = price_paths(plant.price, drawn["swing"], rng.standard_normal(cost.tonnes.shape))
    instruments = _instruments(case, plant, cost, prices, drawn["state_rate"])
    info = RunInfo(
        case.id, case.sha256, __version__, "none", (as_of or date.today()).isoformat(), case.seed, case.draws
    )
    found = ProcessingRun(
        case, cost, float((cost.npv >= 0.0).mean()), energy, _moved(case), instruments, Ledger(), info
    )
    _record(found)
    return found


def _draw(stated: Stated, chance: Array) -> Array:
    return triangular(chance, stated.low, stated.value, stated.high)


def _instruments(case: ProcessingCase, plant: Plant, cost: Cost, prices: Array, rate: Array) -> tuple[Instrument, ...]:
    strike = float(np.median(cost.levelised)) if case.strike is None else case.strike
    floor = break_even_floor(plant, case.schedule, prices, case.years) if case.floor is None else case.floor
    out = [("cfd", strike, contract_for_difference(plant, case.schedule, prices, strike, rate, case.years))]
    if floor is not None:
        out.append(("floor", floor, offtake_floor(plant, case.schedule, prices, floor, rate, case.years)))
    return tuple(
        Instrument(key, level, found, float((found.npv >= 0.0).mean()), float((found.cost > 0.0).mean()))
        for key, level, found in out
    )


def _levelised(case: ProcessingCase, values: Mapping[str, Array]) -> Array:
    return processing_cost(Plant(**{name: values[name] for name in PLANT}), case.schedule).levelised


def _moved(case: ProcessingCase) -> tuple[Moved, ...]:
    """One at a time, and the Sobol indices of all together."""
    middle = {name: np.array([case.stated[name].value]) for name in PLANT}
    free = [name for name in _COSTS if case.stated[name].low < case.stated[name].high]

    def computed(points: Array) -> Array:
        some = {name: np.full(points.shape[1], case.stated[name].value) for name in PLANT}
        return _levelised(case, some | dict(zip(free, points, strict=True)))

    shares: dict[str, tuple[float, float]] = {}
    if free:
        laws = [_law(case.stated[name]) for name in free]
        rng = np.random.default_rng([case.seed, 2])
        found = sobol_indices(func=computed, n=SOBOL_POINTS, dists=laws, rng=rng)
        shares = {
            name: (float(first), float(total))
            for name, first, total in zip(free, found.first_order, found.total_order, strict=True)
        }
    out = []
    for name in _COSTS:
        ends = [
            float(_levelised(case, middle | {name: np.array([end])})[0])
            for end in (case.stated[name].low, case.stated[name].high)
        ]
        first, total = shares.get(name, (None, None))
        out.append(Moved(name, ends[0], ends[1], first, total))
    return tuple(sorted(out, key=lambda item: -abs(item.at_high - item.at_low)))


def _law(stated: Stated) -> object:
    width = stated.high - stated.low
    return triang(c=(stated.value - stated.low) / width, loc=stated.low, scale=width)


LABELS: Mapping[str, Text] = {
    "levelised": Text("kostprijs over de levensduur", "levelised cost"),
    "premium": Text("toeslag om quitte te spelen", "premium to break even"),
    "npv": Text("netto contante waarde zonder steun", "net present value without support"),
    "breaks_even": Text("deel van de trekkingen dat zonder steun loont", "share of draws that pays without support"),
    "capital": Text("kapitaal", "capital"),
    "energy": Text("energie", "energy"),
    "feed": Text("grondstof", "feed"),
    "labour": Text("arbeid", "labour"),
    "upkeep": Text("onderhoud", "upkeep"),
    "other": Text("overig", "other"),
    "by_products": Text("bijproducten", "by-products"),
    "cfd": Text("prijsverschilcontract", "contract for difference"),
    "floor": Text("gegarandeerde laagste prijs", "guaranteed lowest price"),
    "strike": Text("prijs van het contract", "price of the contract"),
    "state_cost": Text("kosten voor de staat, contant gemaakt", "cost to the state, present value"),
    "per_tonne": Text("kosten voor de staat per ton", "cost to the state per tonne"),
    "pays": Text("deel van de trekkingen dat met steun loont", "share of draws that pays with it"),
    "state_pays": Text("deel van de trekkingen waarin de staat per saldo betaalt",
                       "share of draws in which the state pays on balance"),
}  # fmt: skip


def _record(run: ProcessingRun) -> None:
    """Every stated value and every answer, with its range, mark and method."""
    ledger, case = run.ledger, run.case
    behind = []
    flags = ("example",) if case.example else ()
    for name, (unit, _, _, label) in PARAMETERS.items():
        item = case.stated[name]
        key = f"param.processing.{name}"
        ledger.parameter(
            key, label, item.value, unit, mark=item.mark, source=item.source, low=item.low, high=item.high, flags=flags
        )
        behind.append(key)

    def put(key: str, label: Text, values: Array | float, unit: str, method: str, factor: float = 1.0) -> None:
        spread = np.quantile(np.atleast_1d(values), [0.05, 0.5, 0.95]) * factor
        exact = np.ndim(values) == 0
        ledger.computed(
            f"processing.{key}", label, float(spread[1]), unit, method=METHODS[method], inputs=behind,
            low=None if exact else float(spread[0]), high=None if exact else float(spread[2]),
        )  # fmt: skip

    put("levelised", LABELS["levelised"], run.cost.levelised, "EUR/t", "levelised-cost")
    for name, part in run.cost.parts.items():
        put(f"part.{name}", LABELS[name], part, "EUR/t", "levelised-cost")
    put("premium", LABELS["premium"], run.cost.premium, "EUR/t", "levelised-cost")
    put("npv", LABELS["npv"], run.cost.npv, "MEUR", "levelised-cost", 1e-6)
    put("breaks_even", LABELS["breaks_even"], run.breaks_even, "1", "levelised-cost")
    for dear in case.energy_cases:
        price = f"param.processing.energy.{dear.id}"
        ledger.parameter(
            price, dear.title, dear.price.value, "EUR/MWh", mark=dear.price.mark, source=dear.price.source,
            low=dear.price.low, high=dear.price.high, flags=flags,
        )  # fmt: skip
        low, middle, high = (float(value) for value in np.quantile(run.energy[dear.id], [0.05, 0.5, 0.95]))
        label = Text(f"kostprijs bij {dear.title.nl}", f"levelised cost with {dear.title.en}")
        inputs = [*(key for key in behind if not key.endswith(".energy_price")), price]
        ledger.computed(
            f"processing.energy.{dear.id}.levelised", label, middle, "EUR/t", method=METHODS["levelised-cost"],
            inputs=inputs, low=low, high=high,
        )  # fmt: skip
    for tool in run.instruments:
        method = "contract-for-difference" if tool.id == "cfd" else "offtake-floor"
        values: dict[str, tuple[Array | float, str, float]] = {
            "strike": (tool.price, "EUR/t", 1.0),
            "state_cost": (tool.support.cost, "MEUR", 1e-6),
            "per_tonne": (tool.support.per_tonne, "EUR/t", 1.0),
            "pays": (tool.pays, "1", 1.0),
            "state_pays": (tool.state_pays, "1", 1.0),
        }
        for name, (value, unit, factor) in values.items():
            label = Text(f"{LABELS[tool.id].nl}: {LABELS[name].nl}", f"{LABELS[tool.id].en}: {LABELS[name].en}")
            put(f"{tool.id}.{name}", label, value, unit, method, factor)


def streams(run: ProcessingRun) -> pl.DataFrame:
    """What the state pays by year of operation under each instrument [MEUR]: low, median, high and mean."""
    rows = []
    for tool in run.instruments:
        low, middle, high = np.quantile(tool.support.payments, [0.05, 0.5, 0.95], axis=0) / 1e6
        mean = tool.support.payments.mean(axis=0) / 1e6
        for year in range(run.case.schedule.life):
            rows.append((tool.id, year + 1, low[year], middle[year], high[year], mean[year]))
    columns = ("instrument", "year_of_operation", "low_meur", "median_meur", "high_meur", "mean_meur")
    return pl.DataFrame(rows, schema=columns, orient="row")


def tornado(run: ProcessingRun) -> pl.DataFrame:
    """What moves the levelised cost, most first [EUR/t], with the Sobol indices."""
    rows = [(item.name, item.at_low, item.at_high, item.first, item.total) for item in run.moved]
    columns = {"parameter": pl.String, "at_low_eur_t": pl.Float64, "at_high_eur_t": pl.Float64,
               "sobol_first": pl.Float64, "sobol_total": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")
