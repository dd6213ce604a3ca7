"""The comparison of sites for the page: the library's book with the figures of the desk, the user's weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from lodestock.errors import LodestockError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.measures.site_book import Comparison, Criterion, Fact, Site, compare_sites, plants_near, site_book
from lodestock_desk.overview.indicators import current_store
from lodestock_desk.processing.models import SiteFigure

TOLERANCES = (0.0, 0.25, 0.5, 1.0)
WEIGHTS = (0, 1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One site: what is known of it by criterion, and its interval of ranks."""

    site: Site
    cells: tuple[tuple[Criterion, Fact | None], ...]
    first: int
    last: int
    best: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Page:
    """What the siting page shows. dominated: (better, worse) pairs; without: criterion → sites that can be best."""

    rows: tuple[Row, ...]
    dominated: tuple[tuple[Site, Site], ...]
    without: tuple[tuple[Criterion, tuple[Site, ...] | None], ...]
    ask_first: tuple[Criterion, ...]
    facts: tuple[Fact, ...]
    known: int
    pairs: int


def weights_of(asked: Mapping[str, Any]) -> dict[str, float]:
    """The weights in an address; a criterion that is not named weighs 1."""
    found = {}
    for name in site_book().criteria:
        text = str(asked.get(f"w-{name}", "1"))
        found[name] = float(text) if text in {str(w) for w in WEIGHTS} else 1.0
    return found


def tolerance_of(asked: Mapping[str, Any]) -> float:
    """How far each weight may differ; a quarter of itself unless asked otherwise."""
    text = str(asked.get("tolerance", "0.25"))
    return float(text) if text in {f"{t:g}" for t in TOLERANCES} else 0.25


def page(figures: Iterable[SiteFigure], weights: Mapping[str, float], tolerance: float) -> Page:
    """The sites compared. Raises the library's InputError when all weights are 0."""
    book = site_book()
    own = tuple(_fact(figure) for figure in figures if figure.site in book.sites and figure.criterion in book.criteria)
    found = compare_sites(book, weights, tolerance=tolerance, facts=(*counted(), *own))
    sites, ranking = [book.sites[name] for name in found.sites], found.ranking
    n = len(sites)
    return Page(
        tuple(_row(found, i, site) for i, site in enumerate(sites)),
        tuple((sites[i], sites[j]) for i in range(n) for j in range(n) if ranking.dominates[i, j]),
        tuple(
            (book.criteria[name], _named(sites, flags))
            for name, flags in zip(found.criteria, found.without, strict=True)
            if weights.get(name)
        ),
        tuple(book.criteria[name] for name in found.ask_first),
        tuple(sorted(found.facts.values(), key=lambda fact: (fact.criterion, fact.site))),
        int(found.known.sum()), int(found.known.size),
    )  # fmt: skip


def counted() -> tuple[Fact, ...]:
    """How many plants work near each site, counted in the store of this computer; nothing where there is none."""
    store = current_store()
    return _counted(str(store.home), str(store.folder)) if store else ()


@lru_cache(maxsize=4)
def _counted(home: str, folder: str) -> tuple[Fact, ...]:
    store = Store(Path(home), Path(folder))
    try:
        plants = store.table("facility").collect()
        months = store.snapshots().filter(pl.col("snapshot").is_in(plants["snapshot"].unique().to_list()))["accessed"]
    except LodestockError:  # a store of other sources
        return ()
    read = max(str(month)[:7] for month in months)  # the month in which the list was read
    return tuple(plants_near(site_book(), plants, date.fromisoformat(f"{read}-01")))


def _named(sites: list[Site], flags: Any) -> tuple[Site, ...] | None:
    return None if flags is None else tuple(site for site, flag in zip(sites, flags, strict=True) if flag)


def _row(found: Comparison, index: int, site: Site) -> Row:
    book, ranking = site_book(), found.ranking
    cells = tuple((book.criteria[name], found.facts.get((site.id, name))) for name in found.criteria)
    return Row(
        site, cells, int(ranking.first[index]), int(ranking.last[index]), bool(ranking.possible_best[index]),
        float(ranking.low[index]), float(ranking.high[index]),
    )  # fmt: skip


def _fact(figure: SiteFigure) -> Fact:
    return Fact(figure.site, figure.criterion, figure.low, figure.high, figure.on, figure.source, Mark.PRIOR)


def refused(weights: Mapping[str, float]) -> bool:
    """Whether no comparison is possible: every weight is 0."""
    try:
        compare_sites(site_book(), weights)
    except LodestockError:
        return True
    return False
