"""Running a what-if: networks at many readings of what is not known, parts that run anywhere, results by material."""

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
import polars as pl

from lodestock.disruption.controls import Control, doubtful, read_register
from lodestock.errors import InputError, LodestockError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.network.balance import stage_order
from lodestock.network.faults import ShutsTooMuchError, UnreachableDemandError
from lodestock.network.structure import Network
from lodestock.scenario.ensemble import Engine, Part, Progress, parameter_points, read_part, run_parts
from lodestock.scenario.magnets_what_if import MAGNETS, is_magnets, magnets_of
from lodestock.scenario.magnets_what_if import UNKNOWN as MAGNETS_UNKNOWN
from lodestock.scenario.network_data import Figures, Point, contents_of, figures_of, network_at
from lodestock.scenario.sampling import triangular
from lodestock.scenario.simulate_case import Case, run_case
from lodestock.scenario.simulate_chance import Stated
from lodestock.scenario.simulate_network import BuiltNetwork, rates, rows_of
from lodestock.scenario.simulate_schema import Event, EventKind, LoadedWhatIf, WhatIf
from lodestock.scenario.simulate_values import ValueSteps
from lodestock.vocabulary import material
from lodestock.vocabulary.forms import Stage

FloatArray = npt.NDArray[np.float64]
MOST = 1_000_000
WORLD = "WORLD"
PLANNED = 9
RATE_KEYS = ("recovery", "spare", "spot", "lag_compounds", "stock_compounds")


@dataclass(frozen=True, slots=True)
class MaterialRun:
    """One material: its figures, its networks by point, the places shown together, and what each part found.

    recycled: end-of-life recycling in the EU [share of input], None where the study has no figure. parts: 'market',
    'one round' and 'planner n', see simulate_case. unknown: what is not known about this material, for readers.
    """

    material: str
    figures: Figures
    built: tuple[BuiltNetwork, ...]
    places: tuple[str, ...]
    groups: FloatArray
    recycled: float | None
    parts: Mapping[str, Mapping[str, npt.NDArray[Any]]]
    unknown: tuple[Text, ...]

    @property
    def unit(self) -> str:
        """What is counted: tonnes, or per cent of the EU's yearly use where no tonnes are published."""
        return "% of EU yearly use" if self.figures.shares else "t"

    @property
    def planned(self) -> list[Mapping[str, npt.NDArray[Any]]]:
        """The scenarios that were put before the planner, each of which counts the same."""
        return [part for name, part in self.parts.items() if name.startswith("planner")]


@dataclass(frozen=True, slots=True)
class WhatIfRun:
    """All that a what-if found, material by material."""

    loaded: LoadedWhatIf
    scenarios: int
    materials: tuple[MaterialRun, ...]
    to_be_checked: tuple[Control, ...]
    as_of: date
    steps: ValueSteps | None = None


def stated_ranges(what_if: WhatIf) -> Stated:
    """The ranges of regimes and prices that the draws need."""
    regimes = {
        row["key"]: (float(row["low"]), float(row["value"]), float(row["high"])) for row in rows_of("regimes")
    }  # fmt: skip
    demand, supply, cap = (rates()[f"price_{name}"].value for name in ("demand", "supply", "cap"))
    if what_if.price is not None:
        own = what_if.price
        demand = (own.demand.low, own.demand.value, own.demand.high)
        supply = (own.supply.low, own.supply.value, own.supply.high)
    return Stated(regimes, (demand, supply, cap))


def run_what_if(
    loaded: LoadedWhatIf,
    store: Store,
    *,
    scenarios: int,
    engine: Engine | None = None,
    folder: Path | None = None,
    resume: bool = False,
    planner: int = 0,
    steps: ValueSteps | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    as_of: date | None = None,
) -> WhatIfRun:
    """Run a what-if `scenarios` times for each material. planner: how many draws are put before the planner.

    The same store, file and count give the same numbers on any engine. Raises the named errors of the network room for
    what cannot be simulated, and InputError for a count, folder or ensemble that does not fit.
    """
    if not 1 <= scenarios <= MOST:
        raise InputError(
            f"{scenarios} scenarios cannot be run", where="--scenarios", mend=f"give a number from 1 to {MOST:,}"
        )
    if resume and folder is None:
        raise InputError("there is nothing to resume", where="--resume", mend="give the folder of the run with --out")
    what_if, day = loaded.scenario, as_of or date.today()
    cases: list[Part] = []
    begun = []
    for name in what_if.materials:
        found = _material(what_if, store, name, scenarios)
        begun.append(found)
        cases += _parts(what_if, found, scenarios, planner, steps)
    _check_reached(what_if, begun)
    kept = keep_parts(cases, folder, engine, resume, progress, cancelled)
    done = tuple(
        MaterialRun(
            one.material, one.figures, one.built, one.places, one.groups, one.recycled,
            {key.partition("/")[2]: part for key, part in kept.items() if key.startswith(f"{one.material}/")},
            one.unknown,
        )
        for one in begun
    )  # fmt: skip
    unchecked = doubtful(day, what_if.materials, register=read_register(home=store.home))
    return WhatIfRun(loaded, scenarios, done, unchecked, day, steps)


def keep_parts(
    cases: Sequence[Part], folder: Path | None, engine: Engine | None, resume: bool,
    progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None = None,
) -> dict[str, dict[str, npt.NDArray[Any]]]:  # fmt: skip
    """Run the parts in a folder, or in one that is forgotten, and read what they gave."""
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            files = run_parts(
                run_case, cases, place, engine=engine, resume=resume, progress=progress, cancelled=cancelled
            )
            return {name: read_part(file) for name, file in files.items()}
        except OSError as error:
            raise InputError(
                "the parts of the run cannot be kept", where=str(error.filename or place),
                why=error.strerror or str(error), mend="choose another folder with --out",
            ) from None  # fmt: skip


def _material(what_if: WhatIf, store: Store, name: str, scenarios: int) -> MaterialRun:
    asked = {place: what_if.members(place) for place in what_if.importers}
    touched = [*(item.country for item in what_if.happenings), *(what_if.regimes.exporters if what_if.regimes else ())]
    always = [*dict.fromkeys([*(one for members in asked.values() for one in members), *touched])]
    points, recycled = min(what_if.ensemble.points, scenarios), None
    if is_magnets(name):
        figures, built = magnets_of(store, what_if, points, always)
    else:
        figures = figures_of(store, name, what_if.baseline_year, what_if.starts, always)
        recycled = recycling_rate(store, name) if what_if.recycling else None
        built = tuple(
            network_at(figures, point) for point in material_points(what_if, name, points, recycled or 0.0)
        )  # fmt: skip
    _check_stages(what_if, figures)
    network = built[0].network
    _check_events(what_if, name, network)
    shown = [place for place, members in asked.items() if _row(network, place, members).any()]
    if not shown:
        raise UnreachableDemandError(
            f"none of the importers uses {name} in the figures", where="importers", why=", ".join(what_if.importers),
            mend=f"choose from {', '.join(network.countries[:8])} …",
        )  # fmt: skip
    many = [place for place in shown if place not in network.countries]
    groups = np.array([*(_row(network, place, asked[place]) for place in many), np.ones(len(network.countries))])
    unknown = _unknown(what_if, store, name, figures, recycled, [p for p in asked if p not in shown])
    return MaterialRun(name, figures, built, (*network.countries, *many, WORLD), groups, recycled, {}, unknown)


def _row(network: Network, place: str, members: Sequence[str]) -> FloatArray:
    """1 for the countries of a place that use or convert anything in the network."""
    alive = (network.received() + network.recycled).max(axis=0) > 0
    named = place in network.countries
    inside = [name == place if named else name in members for name in network.countries]
    return np.asarray(np.array(inside, np.float64) * alive, np.float64)


def material_points(what_if: WhatIf, name: str, points: int, recycled: float) -> list[Point]:
    """Readings of what the figures do not say, as scrambled Sobol points over every stated range."""
    contents = contents_of(name)
    stock = what_if.commercial_stock
    give = what_if.substitution
    ranges = [*contents.values(), *(rates()[key].value for key in RATE_KEYS), (stock.low, stock.value, stock.high)]
    if give is not None:
        ranges += [(item.low, item.value, item.high) for item in (give.rate, give.ceiling)]
    drawn = parameter_points(points, len(ranges), what_if.ensemble.seed, name, "network")
    value = np.stack([triangular(drawn[:, n], *triple) for n, triple in enumerate(ranges)], axis=1)
    first = len(contents)
    out = []
    for row in value.tolist():
        recovery, spare, spot, lag, early, late, *rest = row[first:]
        rate, ceiling = rest or (0.0, 0.0)
        out.append(
            Point(
                dict(zip(contents, row, strict=False)), recovery, spare, spot, lag, early, late, recycled, rate, ceiling
            )
        )
    return out


def recycling_rate(store: Store, name: str) -> float | None:
    """The EU study's end-of-life recycling input rate of a material [share], None where it gives none."""
    rule = (pl.col("material") == name) & (pl.col("measure") == "eol_recycling_input_rate")
    held = store.table("crm_result").filter(rule).select("value").collect()["value"].drop_nulls().to_list()
    return float(held[0]) if held else None


def _check_stages(what_if: WhatIf, figures: Figures) -> None:
    """The stages of the file, in their order, must be those of the figures: none is invented."""
    known = [stage.value for stage in figures.stages]
    asked = {item.stage for item in what_if.happenings if item.stage is not None}
    if what_if.stages is not None:
        order = stage_order(what_if.stages)
        asked |= set(order)
        if len(what_if.materials) == 1 and [name for name in order if name in known] != known:
            raise InputError(
                "the stages do not follow each other as in the figures", where="stages", why=" → ".join(order),
                mend=f"the figures show {' → '.join(known)}",
            )  # fmt: skip
    wrong = sorted(asked - {stage.value for stage in Stage})
    if len(what_if.materials) == 1:
        wrong = sorted(asked - set(known))
    if wrong:
        raise InputError(
            f"the figures show no stage '{wrong[0]}' of {figures.found.material}", where="stage",
            why=f"its class is '{figures.found.network_class.value}', with {', '.join(known)}",
            mend="choose one of these; no stage is invented",
        )  # fmt: skip


def _check_reached(what_if: WhatIf, begun: Sequence[MaterialRun]) -> None:
    """Every event, outage and host must meet a stage of a material it touches, every exporter some exports."""
    networks = {one.material: one.built[0].network for one in begun}
    for item in what_if.happenings:
        met = [n for name, n in networks.items() if item.material in (None, name)]
        if item.stage is not None and not any(item.stage in network.stages for network in met):
            raise InputError(
                f"no material of this what-if has a stage '{item.stage}' in the figures", where="stage",
                why=f"the figures show {', '.join(sorted({stage for network in met for stage in network.stages}))}",
                mend="choose one of these; no stage is invented",
            )  # fmt: skip
    for name in what_if.regimes.exporters if what_if.regimes is not None else ():
        if not any(_ships(network, name) for network in networks.values()):
            raise ShutsTooMuchError(
                f"there is nothing to shut: no exports from {name} in the figures", where="regimes.exporters",
                why=", ".join(networks), mend="choose an exporter that has some",
            )  # fmt: skip


def _ships(network: Network, name: str) -> bool:
    if name not in network.countries:
        return False
    return bool(np.any((network.origin == network.country(name)) & (network.origin != network.dest)))


def _check_events(what_if: WhatIf, name: str, network: Network) -> None:
    """What is shut must exist: exports under a measure, output that stops."""
    made, away = network.made(), network.origin != network.dest
    for item in what_if.happenings:
        if item.material not in (None, name) or (item.stage is not None and item.stage not in network.stages):
            continue
        stages = [k for k, stage in enumerate(network.stages) if item.stage in (None, stage)]
        exports = isinstance(item, Event) and item.kind is not EventKind.OUTAGE
        there = item.country in network.countries
        if there and exports:
            own = network.country(item.country)
            there = bool(
                np.any(np.isin(network.stage, stages) & (network.origin == own) & away & _held(what_if, item, network))
            )
        elif there:
            there = bool(made[np.array(stages), network.country(item.country)].sum() > 0)
        if not there:
            what = "exports" if exports else "output"
            raise ShutsTooMuchError(
                f"there is nothing to shut: no {what} of {name} from {item.country} in the figures",
                where=f"stage {item.stage or ', '.join(network.stages)}{_to(item)}",
                mend="choose a country that has some",
            )  # fmt: skip


def _held(what_if: WhatIf, item: object, network: Network) -> npt.NDArray[np.bool_]:
    """The arcs to importers that an event holds for."""
    to = what_if.reached(item) if isinstance(item, Event) else None
    return np.array([to is None or network.countries[place] in to for place in network.dest.tolist()], np.bool_)


def _to(item: object) -> str:
    given = item.destinations if isinstance(item, Event) else None
    return "" if given is None else f", destinations {', '.join(given)}"


def _named(key: str, lang: str) -> str:
    """A material by its name in lower case, where the vocabulary knows it; otherwise as printed."""
    try:
        found = material(key)
    except LodestockError:
        return key
    return (found.name_nl if lang == "nl" else found.name_en).lower()


def _unknown(
    what_if: WhatIf, store: Store, name: str, figures: Figures, recycled: float | None, hidden: Sequence[str]
) -> tuple[Text, ...]:
    """What is taken as none because nobody publishes it, in words."""
    out = []
    if what_if.substitution is None:
        out.append(Text(
            "hoe snel gebruik wijkt voor iets anders: onbekend, gerekend als niet",
            "how fast use gives way to something else: unknown, taken as not at all",
        ))  # fmt: skip
    if name == MAGNETS:
        out += MAGNETS_UNKNOWN
    elif recycled is None:
        out.append(Text(
            "hoeveel uit afgedankte producten terugkomt: geen cijfer, gerekend als niets",
            "how much comes back from discarded products: no figure, taken as nothing",
        ))  # fmt: skip
    else:
        out.append(Text(
            "hergebruik buiten de EU: geen cijfer, gerekend als niets",
            "recycling outside the EU: no figure, taken as nothing",
        ))  # fmt: skip
    hosts = store.table("companion_host").filter(pl.col("material") == name).collect()
    if not hosts.is_empty() and not any(host.material == name for host in what_if.hosts):
        names = sorted({str(row.get("host") or row.get("host_printed")) for row in hosts.to_dicts()})
        dutch, english = (", ".join(_named(key, lang) for key in names) for lang in ("nl", "en"))
        out.append(Text(
            f"bijproduct van {dutch}: wat er gebeurt als die stilvallen, is hier niet gevolgd",
            f"by-product of {english}: what happens when these stop is not followed here",
        ))  # fmt: skip
    if figures.shares:
        out.append(Text(
            "handel: geen handelscode telt alleen dit materiaal. Gevolgd is wat de EU per land koopt; hoe andere "
            "kopers om dezelfde tonnen strijden, is niet te zien",
            "trade: no trade code counts this material only. What is followed is what the EU buys by country; how "
            "other buyers compete for the same tonnes cannot be seen",
        ))  # fmt: skip
    if hidden:
        told = ", ".join(hidden)
        out.append(Text(f"gebruik in {told}: niet in de cijfers", f"use in {told}: not in the figures"))
    out.append(Text(
        "strategische voorraden van landen: geheim of geen cijfer, gerekend als niets",
        "strategic stocks of countries: secret or no figure, taken as none",
    ))  # fmt: skip
    return tuple(out)


def _parts(what_if: WhatIf, found: MaterialRun, scenarios: int, planner: int, steps: ValueSteps | None) -> list[Part]:
    networks = tuple(item.network for item in found.built)
    insiders = np.array([name in what_if.exporters for name in networks[0].countries])
    text, stated = what_if.model_dump_json(by_alias=True), stated_ranges(what_if)

    def case(rounds: int, chosen: int | None = None) -> Case:
        return Case(
            text, stated, found.material, networks, found.groups, insiders, scenarios, rounds, chosen,
            max(1, planner), steps,
        )  # fmt: skip

    out = [Part(f"{found.material}/market", case(4)), Part(f"{found.material}/one round", case(1))]
    return out + [Part(f"{found.material}/planner {n}", case(4, n)) for n in range(planner)]
