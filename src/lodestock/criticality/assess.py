"""One assessment: everything this room can say about some materials, for a country or coalition, in one year.

`assess` and `assess_eu` give plain frames; `to_dict` gives the same for `--json`, with the counts in `summary`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.concentration import (
    import_concentration,
    production_concentration,
    share_concentration,
    side_by_side,
)
from lodestock.criticality.embedded import embedded_table
from lodestock.criticality.eu_study import corrected
from lodestock.criticality.eu_table import STUDY_YEARS, Comparison, compare, select_list, spans
from lodestock.criticality.exposure import exposure_table
from lodestock.criticality.geopolrisk import Split, geopolrisk_table
from lodestock.criticality.inputs import (
    Tables,
    check_years,
    eu_study,
    governance_risk,
    importers,
    reference_table,
    trade,
)
from lodestock.criticality.measurable import codes_table, family
from lodestock.criticality.transit import ACCOUNT, ORIGIN, accounts, goods, no_accounts, origins, trace_good
from lodestock.errors import InputError

METHODS = ("eu-2023",)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was asked, the counts, and one tidy frame per subject; `notes` are sentences a reader must see."""

    materials: tuple[str, ...]
    importer: str
    year: int
    summary: dict[str, int | str]
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def to_dict(found: Assessment) -> dict[str, Any]:
    """The assessment as plain lists and dictionaries for JSON; a missing number is null, with its reason beside it."""
    return {
        "materials": list(found.materials),
        "for": found.importer,
        "year": found.year,
        "summary": found.summary,
        "notes": list(found.notes),
        "tables": {name: _without_nan(table).to_dicts() for name, table in found.tables.items()},
    }


def _without_nan(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def compare_published(
    store: Tables, *, with_corrections: bool = False, years: Sequence[int] = STUDY_YEARS
) -> tuple[Comparison, pl.DataFrame]:
    """The EU method recomputed for every material and stage beside the published results, and the list it selects."""
    study = eu_study(store)
    if with_corrections:
        study = corrected(study, reference_table("eu-corrections.csv"))
    found = compare(study, governance_risk(store, years), reference_table("eu-explanations.csv"))
    return found, select_list(study, found.stages, found.importance)


def last_year(store: Tables) -> int:
    """The last year of the trade table."""
    return int(store.table("trade").select(pl.col("year").max()).collect().item())


def assess_eu(
    store: Tables, *, method: str = "eu-2023", with_corrections: bool = False, years: Sequence[int] = STUDY_YEARS
) -> Assessment:
    """`lodestock assess --all --method eu-2023 --compare published`: every material, every miss, the list, the series.

    summary: sr_compared, sr_within_015, sr_within_030, sr_same_side, ei_compared, ei_within_01, sr_joined_by_name (and
    its three parts), unexplained, selected. Raises InputError for an unknown method or a year without governance.
    """
    if method not in METHODS:
        raise InputError(f"unknown method '{method}'", mend=f"use {' or '.join(METHODS)}")
    found, chosen = compare_published(store, with_corrections=with_corrections, years=years)
    unexplained = int((found.misses["class"] == "unexplained").sum())
    selected = int(chosen["selected"].sum())
    summary: dict[str, int | str] = {**found.summary, "unexplained": unexplained, "selected": selected}
    tables = {
        "stages": found.stages,
        "importance": found.importance,
        "misses": found.misses,
        "selection": chosen,
        "series": eu_study(store).series,
    }
    if with_corrections:
        tables["corrections"] = reference_table("eu-corrections.csv")
    notes = (
        f"governance of {spans(sorted(years))}; the study used 2016–2020",
        "the list is selected on published scores; where economic importance cannot be recomputed the published one "
        "stands in, and ei_basis says so",
    )
    names = tuple(sorted(chosen["material"].to_list()))
    return Assessment(names, "EU27", 2023, summary, tables, notes)


def _transit(store: Tables, names: Sequence[str], region: vocabulary.Region, year: int) -> dict[str, pl.DataFrame]:
    """Accounts and origins of each good: of the coalition as one, where it is one, and of each member."""
    wanted = set().union(*(family(name) for name in names))
    members = list(region.members)
    coalition = len(members) > 1
    parts, sources = [], []
    for good in goods().values():
        if good.material not in wanted:
            continue
        if trade(store, good.hs_codes, [year]).head(1).collect().is_empty():
            parts.append(no_accounts(good, [region.id, *members] if coalition else members, year))
            continue
        whole = [(trace_good(store, good.id, year, region), [region.id])] if coalition else []
        for traced, who in [*whole, (trace_good(store, good.id, year), members)]:
            parts.append(accounts(traced, who))
            sources += [origins(traced, country, 0.01) for country in who if country in traced.countries]
    return {
        "transit": pl.concat([pl.DataFrame(schema=ACCOUNT), *parts]),
        "origins": pl.concat([pl.DataFrame(schema=ORIGIN), *sources], how="vertical_relaxed"),
    }


def source_conflicts(store: Tables, names: Sequence[str]) -> pl.DataFrame:
    """What the sources say about the largest producer of each material and stage, side by side and never averaged."""
    risk = governance_risk(store)
    shares = store.table("crm_supply_share").filter(pl.col("material").is_in(list(names)))
    shares = shares.filter(pl.col("share").is_not_null() & (pl.col("scope") == "global"))
    annex = share_concentration(shares.collect(), risk, ["material", "stage"])
    table_a = (
        store.table("crm_main_supplier")
        .filter((pl.col("transcription") == "table a") & (pl.col("scope") == "global") & (pl.col("rank") == 1))
        .filter(pl.col("material").is_in(list(names)))
        .select("material", "stage", pl.col("country").alias("largest"), pl.col("share").alias("largest_share"))
        .collect()
        .with_columns(pl.lit(None, dtype=pl.Float64).alias("hhi"))
    )
    made = store.table("production").filter(pl.col("material").is_in(list(names))).collect()
    usgs = production_concentration(made, risk)
    usgs = usgs.filter(pl.col("year") == pl.col("year").max().over("material", "stage"))
    return side_by_side({"EU study 2023, annex 7": annex, "EU study 2023, table A": table_a, "USGS MCS 2024": usgs})


def _with_gaps(found: pl.DataFrame, codes: pl.DataFrame, year: int) -> pl.DataFrame:
    """A row with status missing for each code under which the trade table reports no import, so that none goes lost."""
    absent = codes.select("hs_revision", "hs_code").unique(maintain_order=True).join(found, on="hs_code", how="anti")
    gaps = absent.select(
        "hs_revision",
        "hs_code",
        pl.lit(year).alias("year"),
        pl.lit("missing").alias("status"),
        pl.lit("no import is reported under this code").alias("reason"),
    )
    return pl.concat([found, gaps], how="diagonal_relaxed").sort("hs_code")


def _region(name: str, year: int) -> vocabulary.Region:
    if not name.strip():
        raise InputError("no country or coalition is named", mend="give a code or a name, such as NLD or EU")
    try:
        return importers(name, year)
    except ValueError:  # the calendar ends
        raise InputError(f"there is no year {year}", mend="choose a year that the trade table covers") from None


def assess(
    materials: Sequence[str],
    importer: str,
    year: int,
    store: Tables,
    splits: Mapping[tuple[str, str], Split] | None = None,
) -> Assessment:
    """`lodestock assess dysprosium copper magnets --for NLD --year 2024`: all that is known about these materials.

    splits: (material, code) → stated split, for codes that mix materials; without one such a code is not attributed.
    Tables: codes (what trade can show), eu (scores per stage), importance, misses (why a recomputed score is not the
    published one), concentration (imports per code), geopolrisk, sources (side by side), transit, origins, embedded
    (three boundaries, never added), exposure. Unknown names raise with the nearest offered.
    """
    if not materials or not all(name.strip() for name in materials):
        raise InputError("no material to assess", mend="name one or more materials")
    names = list(dict.fromkeys(vocabulary.material(name).id for name in materials))
    region = _region(importer, year)
    check_years(store, [year])
    found, _ = compare_published(store)
    codes = codes_table(store, names, year, splits)
    rows = trade(store, codes["hs_code"].unique().to_list(), [year])
    risk = governance_risk(store)
    tables = {
        "codes": codes,
        "eu": found.stages.filter(pl.col("material").is_in(names)),
        "importance": found.importance.filter(pl.col("material").is_in(names)),
        "misses": found.misses.filter(pl.col("material").is_in(names)),
        "concentration": _with_gaps(import_concentration(rows, importers=region.members, governance=risk), codes, year),
        "geopolrisk": geopolrisk_table(store, names, [region.id], [year], splits),
        "sources": source_conflicts(store, names),
        **_transit(store, names, region, year),
        "embedded": pl.concat([embedded_table(store, name, importer, year, splits) for name in names]),
        "exposure": exposure_table(store, names, region.id),
    }
    missing = tables["geopolrisk"].filter(pl.col("status") == "missing")
    notes = [
        f"{row['material']}: {row['reason']}" for row in missing.unique("material", maintain_order=True).to_dicts()
    ]
    absent = [name for name in names if not (tables["eu"]["material"] == name).any()]
    notes += [f"{name}: not assessed by the EU study under this name" for name in absent]
    summary: dict[str, int | str] = {
        **found.summary,
        "materials": len(names),
        "codes": codes["hs_code"].n_unique(),
        "missing": missing.height,
    }
    return Assessment(tuple(names), region.id, year, summary, tables, tuple(notes))
