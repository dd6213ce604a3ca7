"""Reading a processing file: a plant with its ranges, energy scenarios and instruments, every fault with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.processing_cost import Schedule
from lodestock.measures.yaml_lists import Stated, add, entries, read_stated, top_entry, words

SCHEMA = "lodestock-processing/1"
LEAST_DRAWS, MOST_DRAWS = 64, 1 << 17  # a 5th and 95th percentile of fewer draws say little
EXAMPLE = "example-magnet-recycling"
FOLDER = Path(__file__).parent.parent / "reference" / "processing"
# parameter: unit, lowest and highest that is accepted, name
PARAMETERS: Mapping[str, tuple[str, float, float, Text]] = {
    "capital": ("EUR", 1.0, 1e12, Text("investering", "capital cost")),
    "capacity": ("t/yr", 1e-3, 1e9, Text("capaciteit", "capacity")),
    "recovery": ("share", 0.01, 1.0, Text("opbrengst uit de grondstof", "recovery from the feed")),
    "energy": ("MWh/t", 0.0, 1e4, Text("energiegebruik", "energy use")),
    "energy_price": ("EUR/MWh", 0.0, 1e4, Text("energieprijs", "energy price")),
    "feed_price": ("EUR/t", -1e8, 1e8, Text("prijs van de grondstof", "price of the feed")),
    "other": ("EUR/t", 0.0, 1e8, Text("overige kosten per ton", "other cost per tonne")),
    "staff": ("1", 0.0, 1e6, Text("arbeidsplaatsen", "jobs")),
    "wage": ("EUR/yr", 0.0, 1e6, Text("loonkosten per arbeidsplaats", "labour cost per job")),
    "upkeep": ("share/yr", 0.0, 1.0, Text("onderhoud, deel van de investering", "upkeep, share of capital")),
    "price": ("EUR/t", 0.0, 1e9, Text("prijs van het product", "price of the product")),
    "by_products": ("EUR/t", 0.0, 1e9, Text("opbrengst van bijproducten", "revenue of by-products")),
    "wacc": ("share/yr", -0.05, 0.5, Text("rendementseis, zonder inflatie", "required return, without inflation")),
    "swing": ("1", 0.0, 3.0, Text("schommeling van de prijs per jaar", "yearly swing of the price")),
    "state_rate": ("share/yr", -0.05, 0.5, Text("discontovoet van de staat, zonder inflatie",
                                                "discount rate of the state, without inflation")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnergyCase:
    """An energy price scenario."""

    id: str
    title: Text
    price: Stated


@dataclass(frozen=True, slots=True)
class ProcessingCase:
    """A plant to be computed. example: the numbers are invented; years: how long the instruments run; strike, floor
    [EUR/t]: None means at the levelised cost, and at the lowest floor that breaks even."""

    id: str
    title: Text
    product: Text
    example: bool
    stated: Mapping[str, Stated]
    schedule: Schedule
    energy_cases: tuple[EnergyCase, ...]
    years: int
    strike: float | None
    floor: float | None
    draws: int
    seed: int
    sha256: str


def load_processing(name: str) -> ProcessingCase:
    """The case in a file, or the example that ships by its id; every fault is told with its line."""
    path = Path(name)
    if name == EXAMPLE:
        path = FOLDER / f"{EXAMPLE}.yml"
    if path.suffix not in (".yml", ".yaml"):
        raise InputError(
            "not a processing file", where=name, why="its name does not end in .yml",
            mend=f"give a YAML file, or {EXAMPLE}",
        )  # fmt: skip
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "the file is not UTF-8 text", where=f"{path}, byte {error.start}", mend="save it as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            "cannot read the file", where=str(path), why=error.strerror or "unreadable", mend="check its name and place"
        ) from None
    return parse_processing(text, where=str(path), sha256=hashlib.sha256(raw).hexdigest())


def parse_processing(text: str, *, where: str, sha256: str = "") -> ProcessingCase:
    """A case from YAML."""
    top = top_entry(
        text, where, SCHEMA,
        ("id", "title", "product", "example", "build_years", "life_years", "ramp", "parameters", "energy_cases",
         "instruments", "draws", "seed"),
    )  # fmt: skip
    given = top.inner("parameters")
    given.only(tuple(PARAMETERS))
    stated = {name: read_stated(given.inner(name), *PARAMETERS[name][:3]) for name in PARAMETERS}
    schedule = _schedule(top)
    cases: dict[str, EnergyCase] = {}
    for entry in entries(top, "energy_cases") if "energy_cases" in top.nodes else ():
        add(cases, entry, _energy(entry))
    rules = top.inner("instruments")
    rules.only(("years", "strike", "floor"))
    years = _years(rules, "years")
    if years > schedule.life:
        raise InputError(
            "a contract cannot outlive the plant", where=rules.at("years"), why=f"{years} of {schedule.life} years",
            mend=f"give at most {schedule.life}",
        )  # fmt: skip
    if not schedule.shares()[:years].any():
        raise InputError(
            "a contract over years in which nothing is made", where=rules.at("years"),
            why=f"the ramp is 0 in the first {years} years", mend="let it run longer, or let the plant start earlier",
        )  # fmt: skip
    draws = top.whole("draws") or 4096
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise InputError(
            "too few or too many draws", where=top.at("draws"), why=str(draws),
            mend=f"give {LEAST_DRAWS} to {MOST_DRAWS}",
        )  # fmt: skip
    return ProcessingCase(
        top.text("id"), words(top.inner("title")), words(top.inner("product")), top.flag("example"), stated, schedule,
        tuple(cases.values()), years, _own(rules, "strike"), _own(rules, "floor"), draws,
        top.whole("seed") or 1, sha256,
    )  # fmt: skip


def _schedule(top: Entry) -> Schedule:
    life, ramp = _years(top, "life_years"), _ramp(top)
    if len(ramp) > life:
        raise InputError(
            "the ramp is longer than the plant lives", where=top.at("ramp"), why=f"{len(ramp)} of {life} years",
            mend="leave out the shares after its last year",
        )  # fmt: skip
    if len(ramp) == life and not any(ramp):
        raise InputError("the plant never makes anything", where=top.at("ramp"), mend="give a share above 0")
    return Schedule(_years(top, "build_years"), life, ramp)


def _years(entry: Entry, key: str) -> int:
    value = entry.number(key, 1, 60)
    if value != int(value):
        raise InputError(f"'{key}' is a whole number of years", where=entry.at(key), why=str(value))
    return int(value)


def _ramp(top: Entry) -> tuple[float, ...]:
    out = []
    for item in top.texts("ramp"):
        try:
            share = float(item)
        except ValueError:
            share = float("nan")
        if not 0.0 <= share <= 1.0:
            raise InputError(f"'{item}' is no share of capacity", where=top.at("ramp"), mend="give numbers from 0 to 1")
        out.append(share)
    return tuple(out)


def _own(entry: Entry, key: str) -> float | None:
    return entry.number(key, 0.0, 1e9) if key in entry.nodes else None


def _energy(entry: Entry) -> EnergyCase:
    entry.only(("id", "title", "price"))
    return EnergyCase(
        entry.text("id"),
        words(entry.inner("title")),
        read_stated(entry.inner("price"), *PARAMETERS["energy_price"][:3]),
    )
