"""What the store holds, in the shape that the tables of this room work on."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Protocol

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.eu_study import EuStudy
from lodestock.criticality.eu_table import STUDY_YEARS, governance
from lodestock.errors import DataError, InputError

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "criticality"
ASSESSMENT = 2023
_SCOPES = {"GSonly": "GS only", "EUonly": "EU only", "EU": "EU only", "GS+EU": "GS+EU"}


class Tables(Protocol):
    """Anything that hands out tables by name: the evidence store, or frames in a test."""

    def table(self, name: str) -> pl.LazyFrame:
        """The table of that name, read lazily."""
        ...


def reference_table(name: str) -> pl.DataFrame:
    """A judgement table of this room, every column as text; blank cells are empty texts."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if not rows:
        raise DataError(f"reference table '{name}' is empty", where=f"reference/criticality/{name}")
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


def governance_risk(store: Tables, years: Collection[int] = STUDY_YEARS) -> pl.DataFrame:
    """How badly each country is governed in a vintage: country, risk [0 to 10], observations."""
    return governance(store.table("governance").select("country", "year", "estimate").collect(), tuple(years))


def latest_governance(store: Tables) -> pl.DataFrame:
    """The same from the latest release, which prints one mean per country: country, risk [0 to 10]."""
    frame = store.table("governance_latest").select("country", "mean_of_six").collect()
    return frame.select("country", ((pl.col("mean_of_six") - 2.5) * -2.0).alias("risk"))


def _measures(results: pl.DataFrame, measure: str, name: str, *, by_stage: bool) -> pl.DataFrame:
    """One measure as a column; the results table is used, and annex 4 only where the results table is silent."""
    rows = results.filter((pl.col("measure") == measure) & pl.col("value").is_not_null())
    rows = rows.filter((pl.col("stage") != "whole") if by_stage else (pl.col("stage") == "whole"))
    keys = ["material", "stage"] if by_stage else ["material"]
    first = rows.filter(pl.col("transcription") == "results")
    return first.select(*keys, pl.col("value").alias(name)).unique(keys, keep="first", maintain_order=True)


def _other_names(shares: pl.DataFrame) -> pl.DataFrame:
    """Stages that the two tables of annex 7 spell in two ways: material, stage, joined_by_name (true)."""
    keys = ["material", "stage"]
    of_world, of_union = (
        shares.filter(pl.col("scope") == scope).select(*keys, "material_printed").unique(keys, maintain_order=True)
        for scope in ("global", "eu")
    )
    both = of_world.join(of_union, on=keys, how="inner", suffix="_in_union", maintain_order="left")
    other = both.filter(pl.col("material_printed") != pl.col("material_printed_in_union"))
    return other.select(*keys, pl.lit(True).alias("joined_by_name"))


def eu_study(store: Tables, assessment: int = ASSESSMENT) -> EuStudy:
    """The Commission's study as tidy frames from the store."""
    of_year = pl.col("assessment") == assessment
    results = store.table("crm_result").filter(of_year).collect()
    listing = store.table("crm_listing").filter(of_year).collect()
    printed = store.table("crm_supply_share").filter(of_year & pl.col("share").is_not_null()).collect()
    shares = printed.select("material", "stage", "scope", "country", "share", pl.col("trade_parameter").fill_null(1.0))
    stages = pl.concat(
        [
            listing.select("material", pl.lit(stage).alias("stage"), pl.col(f"scope_{stage}").alias("scope"))
            for stage in ("extraction", "processing")
        ]
    )
    stages = stages.with_columns(pl.col("scope").replace_strict(_SCOPES, default=None, return_dtype=pl.String))
    published = _measures(results, "supply_risk", "sr_published", by_stage=True)
    reliance = _measures(results, "import_reliance", "import_reliance", by_stage=True)
    stages = stages.join(published, on=["material", "stage"], how="inner", maintain_order="left")
    stages = stages.join(reliance, on=["material", "stage"], how="left", maintain_order="left")
    stages = stages.join(_other_names(printed), on=["material", "stage"], how="left", maintain_order="left")
    stages = stages.with_columns(pl.col("joined_by_name").fill_null(False))
    status = pl.when(pl.col("critical")).then(pl.lit("critical")).otherwise(pl.lit("none"))
    materials = listing.select("material", status.alias("list_status"))
    for measure, name in (
        ("supply_risk", "sr_published"),
        ("economic_importance", "ei_published"),
        ("substitution_ei", "si_ei"),
        ("substitution_sr", "si_sr"),
        ("eol_recycling_input_rate", "recycling"),
    ):
        column = _measures(results, measure, name, by_stage=False)
        materials = materials.join(column, on="material", how="left", maintain_order="left")
    uses = (
        store.table("crm_end_use")
        .filter(of_year)
        .select("material", "application", "share", pl.col("nace2").alias("sector"), "value_added_meur")
        .collect()
    )
    series = (
        store.table("crm_score_series")
        .select("material", "assessment", pl.col("supply_risk").alias("sr"), pl.col("economic_importance").alias("ei"))
        .collect()
        .sort("material", "assessment")
    )
    return EuStudy(shares, stages, materials, uses, series)


def trade(store: Tables, codes: Collection[str], years: Collection[int] | None = None) -> pl.LazyFrame:
    """Bilateral trade of the product codes: hs_revision, hs_code, year, exporter, importer, value_kusd, quantity_t."""
    rows = store.table("trade").filter(pl.col("hs_code").is_in(list(codes)))
    if years is not None:
        rows = rows.filter(pl.col("year").is_in(list(years)))
    return rows.select("hs_revision", "hs_code", "year", "exporter", "importer", "value_kusd", "quantity_t")


def check_years(store: Tables, years: Collection[int]) -> None:
    """Raises InputError for a year that the trade table does not cover: absent data would look like absent trade."""
    held = sorted(store.table("trade").select("year").unique().collect()["year"].to_list())
    absent = sorted(set(years).difference(held))
    if absent:
        raise InputError(
            f"no trade of {', '.join(map(str, absent))}",
            why=f"the store holds {held[0]} to {held[-1]}" if held else "the store holds none",
            mend="choose one of these years",
        )


def importers(name: str, year: int) -> vocabulary.Region:
    """The country or coalition, with its members at the end of that year; unknown names offer the nearest."""
    return vocabulary.region(name, date(year, 12, 31))
