"""Sites, criteria and facts as data, and the comparison of sites on them: `reference/siting/sites.yml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.siting import (
    Array,
    Flags,
    Ranking,
    distance_km,
    left_out,
    on_scale,
    rank,
    weight_range,
    worth_knowing,
)
from lodestock.measures.yaml_lists import add, entries, named, top_entry, words

SCHEMA = "lodestock-sites/1"
FILE = Path(__file__).parent.parent / "reference" / "siting" / "sites.yml"
NEAR_KM = 250.0
PLANTS = ("smelting", "refining", "recovery", "recycling", "processing")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with its unit and the ends of its scale; best may be the smaller number."""

    id: str
    theme: str
    title: Text
    unit: str
    worst: float
    best: float


@dataclass(frozen=True, slots=True)
class Site:
    """A place [degrees] in a country."""

    id: str
    title: Text
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a site on a criterion: range in its unit, day, source and mark."""

    site: str
    criterion: str
    low: float
    high: float
    on: dt.date
    source: str
    mark: Mark

    def __post_init__(self) -> None:
        where = f"{self.site}, {self.criterion}"
        if not self.source.strip():
            raise InputError("a fact without a source", where=where, mend="name where it was read")
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low <= self.high):
            raise InputError("a fact has two numbers, the lower first", where=where, why=f"{self.low}, {self.high}")


@dataclass(frozen=True, slots=True)
class SiteBook:
    """Criteria, sites and facts; a pair without a fact is not known."""

    criteria: Mapping[str, Criterion]
    sites: Mapping[str, Site]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sites compared. facts: latest fact by (site, criterion); known: (n, c); without: which sites can be best when a
    criterion is left out; ask_first: criteria by how much their gaps matter, most first."""

    sites: tuple[str, ...]
    criteria: tuple[str, ...]
    facts: Mapping[tuple[str, str], Fact]
    known: Flags
    low: Array
    high: Array
    ranking: Ranking
    without: tuple[Flags | None, ...]
    ask_first: tuple[str, ...]


def compare_sites(
    book: SiteBook,
    weights: Mapping[str, float],
    *,
    tolerance: float = 0.25,
    sites: Iterable[str] | None = None,
    facts: Iterable[Fact] = (),
) -> Comparison:
    """Which sites dominate, their interval of ranks, and what to find out first, with the user's weights.

    weights: by criterion, any positive numbers; criteria without one do not count. tolerance: by which part of itself
    each weight may differ. facts: more facts, such as the desk's; the latest day wins. Unknown names raise.
    """
    for name in weights:
        named(book.criteria, name, "criterion")
    chosen = tuple(book.sites) if sites is None else tuple(sites)
    for name in chosen:
        named(book.sites, name, "site")
    if not chosen:
        raise InputError("no site to compare", mend="choose at least one")
    latest = _latest(book, (*book.facts, *facts))
    criteria = tuple(book.criteria)
    low = np.array([[_value(latest, site, name, "low") for name in criteria] for site in chosen])
    high = np.array([[_value(latest, site, name, "high") for name in criteria] for site in chosen])
    worst, best = (np.array([getattr(item, end) for item in book.criteria.values()]) for end in ("worst", "best"))
    share = np.array([float(weights.get(name, 0.0)) for name in criteria])
    lowest, highest = weight_range(share, tolerance)
    bottom, top = on_scale(low, high, worst, best)
    matter = worth_knowing(bottom, top, lowest, highest)
    order = [int(i) for i in np.argsort(-matter, kind="stable") if matter[i] > 0.0]
    return Comparison(
        chosen, criteria, latest, ~np.isnan(low), low, high,
        rank(bottom, top, lowest, highest),
        tuple(left_out(bottom, top, share, tolerance)),
        tuple(criteria[i] for i in order),
    )  # fmt: skip


def plants_near(book: SiteBook, facilities: pl.DataFrame, on: dt.date) -> list[Fact]:
    """How many plants at work lie within 250 km of each site, from the table of facilities [computed].

    facilities: columns activity, operation, latitude, longitude. The table is a compiled list and not complete: the
    number is a lower bound of plants, the same way for every site.
    """
    works = facilities.filter(pl.col("activity").is_in(PLANTS) & (pl.col("operation") == "operating"))
    north, east = (works[name].cast(pl.Float64).to_numpy() for name in ("latitude", "longitude"))
    source = f"tabel / table facility, ≤ {NEAR_KM:.0f} km"
    out = []
    for site in book.sites.values():
        near = float((distance_km(site.latitude, site.longitude, north, east) <= NEAR_KM).sum())
        out.append(Fact(site.id, "plants-near", near, near, on, source, Mark.COMPUTED))
    return out


def _latest(book: SiteBook, facts: Iterable[Fact]) -> dict[tuple[str, str], Fact]:
    out: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        named(book.sites, fact.site, "site")
        named(book.criteria, fact.criterion, "criterion")
        key = (fact.site, fact.criterion)
        if key not in out or fact.on >= out[key].on:
            out[key] = fact
    return out


def _value(facts: Mapping[tuple[str, str], Fact], site: str, criterion: str, side: str) -> float:
    fact = facts.get((site, criterion))
    return float("nan") if fact is None else float(getattr(fact, side))


@cache
def site_book() -> SiteBook:
    """The sites, criteria and facts that ship."""
    return parse_sites(FILE.read_text(encoding="utf-8"), where=FILE.name)


def parse_sites(text: str, *, where: str) -> SiteBook:
    """Sites from YAML; every fault is told with its line. A fact without a source is refused."""
    top = top_entry(text, where, SCHEMA, ("criteria", "sites", "facts"))
    criteria: dict[str, Criterion] = {}
    for entry in entries(top, "criteria"):
        entry.only(("id", "theme", "title", "unit", "worst", "best"))
        add(criteria, entry, _criterion(entry))
    sites: dict[str, Site] = {}
    for entry in entries(top, "sites"):
        entry.only(("id", "nl", "en", "country", "latitude", "longitude"))
        north, east = entry.number("latitude", -90.0, 90.0), entry.number("longitude", -180.0, 180.0)
        add(sites, entry, Site(entry.text("id"), words(entry), entry.text("country"), north, east))
    facts = tuple(_fact(entry, criteria, sites) for entry in entries(top, "facts"))
    return SiteBook(criteria, sites, facts)


def _criterion(entry: Entry) -> Criterion:
    worst, best = entry.number("worst", -1e9, 1e9), entry.number("best", -1e9, 1e9)
    if worst == best:
        raise InputError("a scale has two different ends", where=entry.at("worst"), mend="give worst and best")
    return Criterion(
        entry.text("id"), entry.text("theme"), words(entry.inner("title")), entry.text("unit"), worst, best
    )


def _fact(entry: Entry, criteria: Mapping[str, Criterion], sites: Mapping[str, Site]) -> Fact:
    entry.only(("site", "criterion", "low", "high", "on", "source", "mark"))
    named(sites, entry.text("site"), "site", entry.at("site"))
    named(criteria, entry.text("criterion"), "criterion", entry.at("criterion"))
    day = entry.day("on")
    if day is None:
        raise InputError("a fact needs its day", where=entry.at("on"), mend="write on: yyyy-mm-dd")
    return Fact(
        entry.text("site"), entry.text("criterion"), entry.number("low", -1e9, 1e9), entry.number("high", -1e9, 1e9),
        day, entry.text("source"), entry.one_of("mark", Mark),
    )  # fmt: skip
