"""The indicators as one long table: concentration, supply risk and dependency per material, country and year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.concentration import import_concentration, share_concentration
from lodestock.criticality.geopolrisk import geopolrisk_table
from lodestock.criticality.inputs import governance_risk
from lodestock.criticality.measurable import codes_table
from lodestock.evidence.store import Store

UNION = "EU27"
WORLD = "world"
STUDY_YEAR = 2023


class Indicator(StrEnum):
    """What an indicator says; `INDICATORS` holds its words and unit."""

    IMPORT_CONCENTRATION = "import-concentration"
    LARGEST_SUPPLIER_SHARE = "largest-supplier-share"
    SUPPLY_CONCENTRATION = "supply-concentration"
    IMPORT_RELIANCE = "import-reliance"
    SUPPLY_RISK = "supply-risk"
    ECONOMIC_IMPORTANCE = "economic-importance"
    GEOPOLRISK = "geopolrisk"


@dataclass(frozen=True, slots=True)
class About:
    """An indicator in words: what it measures, its unit (1: a pure number) and the range that it can take."""

    nl: str
    en: str
    unit: str
    low: float
    high: float | None


INDICATORS: dict[Indicator, About] = {
    Indicator.IMPORT_CONCENTRATION: About(
        "Concentratie van de invoer (Herfindahl-Hirschman-index, aandelen in tonnen)",
        "Concentration of imports (Herfindahl–Hirschman index, shares in tonnes)", "1", 0.0, 1.0,
    ),
    Indicator.LARGEST_SUPPLIER_SHARE: About(
        "Aandeel van het grootste leverende land in de invoer, in tonnen",
        "Share of the largest supplying country in imports, in tonnes", "1", 0.0, 1.0,
    ),
    Indicator.SUPPLY_CONCENTRATION: About(
        "Concentratie van het wereldaanbod per fase (Herfindahl-Hirschman-index)",
        "Concentration of world supply by stage (Herfindahl–Hirschman index)", "1", 0.0, 1.0,
    ),
    Indicator.IMPORT_RELIANCE: About(
        "Invoerafhankelijkheid van de Europese Unie volgens de EU-studie van 2023",
        "Import reliance of the European Union according to the EU study of 2023", "1", -10.0, 1.0,
    ),
    Indicator.SUPPLY_RISK: About(
        "Leveringsrisico zoals de EU-studie van dat jaar het publiceerde",
        "Supply risk as published by the EU study of that year", "1", 0.0, None,
    ),
    Indicator.ECONOMIC_IMPORTANCE: About(
        "Economisch belang zoals de EU-studie van dat jaar het publiceerde",
        "Economic importance as published by the EU study of that year", "1", 0.0, None,
    ),
    Indicator.GEOPOLRISK: About(
        "GeoPolRisk: concentratie maal de politieke instabiliteit van de leveranciers",
        "GeoPolRisk: concentration times the political instability of the suppliers", "1", 0.0, 1.0,
    ),
}  # fmt: skip

SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "material": pl.String(),
    "stage": pl.String(),
    "product_code": pl.String(),
    "area": pl.String(),
    "year": pl.Int16(),
    "value": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "unit": pl.String(),
    "status": pl.String(),
    "largest_supplier": pl.String(),
    "reason": pl.String(),
    "source": pl.String(),
}
KEY = ("indicator", "material", "stage", "product_code", "area", "year")

_DIGITS = 10
_COMPOSITION = "EU27_2020"  # the members of today, also in years before 2020
_TRADE = "CEPII BACI 2026-01"
_STUDY = "European Commission, study on critical raw materials"


def indicators(store: Store) -> pl.DataFrame:
    """Every indicator that the store can give, one row per indicator, material, stage, code, area and year.

    Columns as `SCHEMA`. area: alpha-3 code, `EU27` or `world`. A value that is not known is null with its status and
    reason, never 0. Codes that mix materials are left out: their tonnes belong to no single material.
    """
    parts = [_imports(store), _world_supply(store), _reliance(store), _scores(store), _geopolrisk(store)]
    shaped = [
        part.with_columns(
            [pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCHEMA.items() if name not in part.columns]
        ).select([pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()])
        for part in parts
    ]
    found = pl.concat(shaped).with_columns(
        pl.col("stage", "product_code", "reason", "largest_supplier").fill_null(""),
        pl.lit("1").alias("unit"),
        # sums of floats differ in their last digits with the order of the rows; files must not
        pl.col("value", "low", "high").round_sig_figs(_DIGITS),
    )
    return found.sort(KEY)


def areas() -> tuple[str, ...]:
    """The areas that an indicator can be about: the member states, the Union and the world."""
    return (*sorted(vocabulary.region(UNION, date(2024, 12, 31)).members), UNION, WORLD)


def _imports(store: Store) -> pl.DataFrame:
    members = sorted(vocabulary.region(UNION, date(2024, 12, 31)).members)
    names = [item.id for item in vocabulary.materials()]
    codes = codes_table(store, names, 2024, None).filter(pl.col("attribution") == "whole")
    codes = codes.select("material", "stage", "hs_code").unique(maintain_order=True)
    rows = store.table("trade").filter(pl.col("hs_code").is_in(codes["hs_code"].unique().to_list()))
    union = import_concentration(rows, importers=members).with_columns(pl.lit(UNION).alias("area"))
    by = ("hs_revision", "hs_code", "year", "importer")
    each = import_concentration(rows.filter(pl.col("importer").is_in(members)), by=by).rename({"importer": "area"})
    both = pl.concat([union, each], how="diagonal")
    joined = codes.join(both, on="hs_code", how="inner").rename({"hs_code": "product_code"})
    joined = joined.sort("hs_revision").unique(["material", "stage", "product_code", "area", "year"], keep="first")
    joined = joined.with_columns(pl.lit(_TRADE).alias("source"), pl.col("largest").alias("largest_supplier"))
    return pl.concat(
        [
            joined.select(
                pl.lit(str(name)).alias("indicator"), "material", "stage", "product_code", "area", "year",
                pl.col(column).alias("value"), "status", "largest_supplier", "reason", "source",
            )
            for name, column in (
                (Indicator.IMPORT_CONCENTRATION, "hhi"), (Indicator.LARGEST_SUPPLIER_SHARE, "largest_share"),
            )
        ]
    )  # fmt: skip


def _world_supply(store: Store) -> pl.DataFrame:
    shares = store.table("crm_supply_share").filter((pl.col("scope") == "global") & pl.col("share").is_not_null())
    shares = shares.filter(pl.col("assessment") == STUDY_YEAR)
    found = share_concentration(shares.collect(), governance_risk(store), ["material", "stage"])
    return found.select(
        pl.lit(str(Indicator.SUPPLY_CONCENTRATION)).alias("indicator"), "material", "stage",
        pl.lit(WORLD).alias("area"), pl.lit(STUDY_YEAR).alias("year"), pl.col("hhi").alias("value"),
        pl.lit("reported").alias("status"), pl.col("largest").alias("largest_supplier"),
        pl.lit(f"{_STUDY} {STUDY_YEAR}, annex 7").alias("source"),
    )  # fmt: skip


def _reliance(store: Store) -> pl.DataFrame:
    rows = store.table("crm_result").filter(
        (pl.col("measure") == "import_reliance") & (pl.col("transcription") == "results")
    )
    return rows.select(
        pl.lit(str(Indicator.IMPORT_RELIANCE)).alias("indicator"), "material", "stage", pl.lit(UNION).alias("area"),
        pl.col("assessment").alias("year"), "value", pl.col("value_status").alias("status"),
        pl.when(pl.col("value").is_null()).then(pl.lit("the study prints no value")).otherwise(pl.lit(""))
        .alias("reason"),
        pl.lit(f"{_STUDY} {STUDY_YEAR}").alias("source"),
    ).collect()  # fmt: skip


def _scores(store: Store) -> pl.DataFrame:
    series = store.table("crm_score_series")
    return pl.concat(
        [
            series.select(
                pl.lit(str(name)).alias("indicator"), "material", pl.lit(UNION).alias("area"),
                pl.col("assessment").alias("year"), pl.col(column).alias("value"),
                pl.when(pl.col(column).is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported")).alias("status"),
                pl.when(pl.col(column).is_null()).then(pl.lit("not assessed in that study")).otherwise(pl.lit(""))
                .alias("reason"),
                pl.format(f"{_STUDY} {{}}", "assessment").alias("source"),
            )
            for name, column in (
                (Indicator.SUPPLY_RISK, "supply_risk"), (Indicator.ECONOMIC_IMPORTANCE, "economic_importance"),
            )
        ]
    ).collect()  # fmt: skip


def _geopolrisk(store: Store) -> pl.DataFrame:
    years = store.table("trade").select(pl.col("year").unique()).collect()["year"].sort().to_list()
    names = [item.id for item in vocabulary.materials()]
    found = geopolrisk_table(store, names, ["NLD", _COMPOSITION], years)
    found = found.filter((pl.col("intra") == "left out") | pl.col("intra").is_null())
    return found.select(
        pl.lit(str(Indicator.GEOPOLRISK)).alias("indicator"), "material", "stage",
        pl.col("codes").alias("product_code"), pl.col("importer").replace(_COMPOSITION, UNION).alias("area"), "year",
        pl.col("score").alias("value"), pl.col("score_low").alias("low"), pl.col("score_high").alias("high"),
        "status", "reason", pl.lit(f"{_TRADE}; {_STUDY} 2023; World Bank WGI").alias("source"),
    )  # fmt: skip
