"""How dependent the Netherlands and the Union are for a material, from the evidence store of this computer.

Read from `lodestock.criticality`: concentration of imports by last shipper, largest supplier beside 65 %, and the EU's
published supply risk. Without a store, or where a material has no code or score, the answer is "not known", never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from lodestock.criticality.assess import last_year
from lodestock.criticality.concentration import LARGEST_SUPPLIER_LIMIT, import_concentration
from lodestock.criticality.eu_method import ECONOMIC_IMPORTANCE_THRESHOLD, SUPPLY_RISK_THRESHOLD
from lodestock.criticality.inputs import eu_study, governance_risk, importers, trade
from lodestock.criticality.measurable import Attribution, codes_table
from lodestock.errors import LodestockError
from lodestock.evidence.store import Store, default_home

REGIONS = ("NLD", "EU27")
_POINTER = "CURRENT"


@dataclass(frozen=True, slots=True)
class Imports:
    """Imports of one code by one importer in a year: tonnes [t], HHI [0–1], the largest shipper and its share [–]."""

    code: str
    description_nl: str
    description_en: str
    mixed: bool
    region: str
    year: int
    total: float
    hhi: float | None
    largest: str
    largest_share: float | None

    @property
    def above(self) -> bool:
        """Whether the largest shipper has more than 65 %, the Union's benchmark for 2030."""
        return self.largest_share is not None and self.largest_share > LARGEST_SUPPLIER_LIMIT


@dataclass(frozen=True, slots=True)
class Score:
    """The Union's published score of 2023: supply risk by stage and economic importance."""

    risks: tuple[tuple[str, float], ...]
    importance: float | None

    @property
    def verdict(self) -> bool | None:
        """Whether both scores reach their thresholds; None where one is not known."""
        if not self.risks or self.importance is None:
            return None
        risky = max(risk for _stage, risk in self.risks) >= SUPPLY_RISK_THRESHOLD
        return risky and self.importance >= ECONOMIC_IMPORTANCE_THRESHOLD


@dataclass(frozen=True, slots=True)
class Indicators:
    """What is known; `shares` is country → share of tonnes, by importer, for the code that the Netherlands buys most.

    store: whether there is a store at all; without one nothing else is known.
    """

    store: bool
    imports: tuple[Imports, ...] = ()
    shares: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    score: Score | None = None


NO_STORE = Indicators(store=False)


def current_store() -> Store | None:
    """The store that was built last on this computer; None where there is none. It is never built for a page."""
    home = default_home()
    pointer = home / _POINTER
    if not pointer.exists():
        return None
    folder = home / "tables" / pointer.read_text(encoding="utf-8").strip()
    return Store(home, folder) if folder.is_dir() else None


def indicators(key: str, store: Store | None = None) -> Indicators:
    """The indicators of a material, read once per store and material."""
    found = store or current_store()
    return _read(str(found.home), str(found.folder), key) if found else NO_STORE


@lru_cache(maxsize=512)
def _read(home: str, folder: str, key: str) -> Indicators:
    store = Store(Path(home), Path(folder))
    try:
        year = last_year(store)
        codes = codes_table(store, [key], year, None)
        imports = _imports(store, codes, year)
        shares = _shares(store, imports, year)
    except LodestockError:  # no code for it, or no trade of that year: not known
        imports, shares = (), ()
    return Indicators(True, imports, shares, _score(store, key))


def _imports(store: Store, codes: pl.DataFrame, year: int) -> tuple[Imports, ...]:
    rows = trade(store, codes["hs_code"].unique().to_list(), [year])
    risk = governance_risk(store)
    words = {row["hs_code"]: row for row in codes.to_dicts()}
    found = []
    for region in REGIONS:
        table = import_concentration(rows, importers=importers(region, year).members, governance=risk)
        for row in table.filter(pl.col("total") > 0).sort("total", descending=True).to_dicts():
            said = words[row["hs_code"]]
            mixed = said["attribution"] != Attribution.WHOLE
            found.append(
                Imports(row["hs_code"], said["description_nl"], said["description_en"], mixed, region, year,
                        row["total"], row["hhi"], row["largest"], row["largest_share"])
            )  # fmt: skip
    return tuple(found)


def _shares(
    store: Store, imports: tuple[Imports, ...], year: int
) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    if not imports:
        return ()
    code = imports[0].code
    rows = trade(store, [code], [year])
    found = []
    for region in REGIONS:
        members = list(importers(region, year).members)
        outside = rows.filter(pl.col("importer").is_in(members) & ~pl.col("exporter").is_in(members))
        table = outside.group_by("exporter").agg(pl.col("quantity_t").sum()).collect()
        total = float(table["quantity_t"].sum())
        pairs = sorted(((t / total, c) for c, t in table.iter_rows() if t and total), reverse=True)
        found.append((region, tuple((country, share) for share, country in pairs)))
    return tuple(found)


def _score(store: Store, key: str) -> Score | None:
    study = eu_study(store)
    stages = study.stages.filter((pl.col("material") == key) & pl.col("sr_published").is_not_null())
    whole = study.materials.filter(pl.col("material") == key)
    if whole.is_empty():
        return None
    risks = stages.group_by("stage").agg(pl.col("sr_published").max()).sort("stage").iter_rows()
    return Score(tuple((str(stage), float(risk)) for stage, risk in risks), whole["ei_published"][0])
