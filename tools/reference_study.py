"""Extracts of the European study of 2023, of governance, prices, intensities, by-products and European sites."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from reference_writer import Maker, Origin, Writer

from lodestock.evidence.sources.comext_origins import cn_of

STUDY = "European Commission, study on the critical raw materials for the EU 2023"
VINTAGE = "2023-03"
STAGE_CODES = {"extraction": "E", "processing": "P", "Extraction": "E", "Processing": "P"}


def read(path: Path) -> pl.DataFrame:
    """A compiled table with every cell as text."""
    return pl.read_csv(path, infer_schema=False)


def _yes(column: str, name: str) -> pl.Expr:
    return pl.col(column).replace_strict({"yes": "true", "no": "false"}, return_dtype=pl.String).alias(name)


def _shares(folder: Path, writer: Writer) -> None:
    parts = [
        read(folder / f"{scope}_supply_shares.csv").with_columns(pl.lit(scope).alias("scope"))
        for scope in ("global", "eu")
    ]
    frame = pl.concat(parts).select(
        "scope",
        material_printed="material",
        stage="stage",
        country_printed="country",
        share_printed="share_as_printed",
        trade_parameter="trade_parameter",
    )
    notes = (
        "<0.1% is a bound: the share stands at the bound with status estimated",
        "global shares sum to 97 to 103 % for 112 of 122 materials and stages; chromium EU shares sum to 9 %",
        "EU sourcing of heavy rare earths is printed once for the group",
    )
    made = "annex 7 as transcribed at github.com/erikemilsson/EU-Critical-Raw-Materials-CRM-Reports-Datasets @59383504"
    writer.csv(frame, "ec_crm_2023", "supply_shares.csv", Origin("ec-crm-2023-shares", STUDY, VINTAGE, made, notes))


def _uses(folder: Path, writer: Writer) -> None:
    frame = read(folder / "end_use_shares.csv").select(
        material_printed="material",
        application="application",
        share="share",
        nace2="nace2",
        sector_title="sector",
        value_added_meur="eu_value_added_meur",
    )
    notes = (
        "no rows for Dy, Sc, Ge, Li, natural graphite, Ni, Nb, Ta, He and P",
        "lutetium is 99 % unclassified; magnets are booked in C25; magnesium sums to 113 % (Construction stands twice)",
        "iridium, europium, erbium and ruthenium are incomplete",
    )
    made = "annex 6, applications and sectors as transcribed"
    writer.csv(frame, "ec_crm_2023", "end_uses.csv", Origin("ec-crm-2023-uses", STUDY, VINTAGE, made, notes))


_RESULTS = (
    ("SR", "supply_risk", "whole", ""),
    ("SR_extraction", "supply_risk", "E", ""),
    ("SR_processing", "supply_risk", "P", ""),
    ("EI", "economic_importance", "whole", ""),
    ("SI_EI", "substitution_ei", "whole", ""),
    ("SI_SR", "substitution_sr", "whole", ""),
    ("IR_extraction_pct", "import_reliance", "E", "%"),
    ("IR_processing_pct", "import_reliance", "P", "%"),
    ("EoL_RIR_pct", "eol_recycling_input_rate", "whole", "%"),
)
# Values of the other transcription, as the compiled table remarks on them.
_ANNEX_4 = (
    ("Aluminium", "supply_risk", "1.1"),
    ("Aluminium", "economic_importance", "5.5"),
    ("Silicon metal", "supply_risk", "1.3"),
)


def _results(folder: Path, writer: Writer) -> None:
    table = read(folder / "results_2023.csv")
    rows = []
    for row in table.iter_rows(named=True):
        for column, measure, stage, sign in _RESULTS:
            printed = row[column]
            rows.append((row["material"], measure, stage, "results", f"{printed}{sign}" if printed else None))
    for material, measure, value in _ANNEX_4:
        note = table.filter(pl.col("material") == material)["note"][0]
        assert value in note, (material, note)
        rows.append((material, measure, "whole", "annex 4", value))
    columns = ["material_printed", "measure", "stage", "transcription", "value_printed"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    notes = (
        "two transcriptions differ for aluminium and silicon metal: both stand, told apart by transcription",
        "four extraction risks were one column off in the transcription and were put right by those who compiled it",
        "import reliance of molybdenum, 100 % at both stages, looks wrong; not checked in the study",
        "not reproducible from the shares: Nd, Ge, Y, Ce, As, Pr, Rh, Cr",
    )
    made = "results as transcribed at github.com/meyerdata/CritMAT @0bd8977, one row for each measure and stage"
    writer.csv(frame, "ec_crm_2023", "results.csv", Origin("ec-crm-2023-results", STUDY, VINTAGE, made, notes))
    _listing(table, writer)
    _suppliers(table, writer)


def _listing(table: pl.DataFrame, writer: Writer) -> None:
    frame = table.select(
        pl.col("material").alias("material_printed"),
        _yes("is_CRM_2023", "critical"),
        _yes("is_SRM", "strategic"),
        _yes("is_NATO12", "nato12"),
        _yes("meets_thresholds", "meets_thresholds"),
        pl.col("bottleneck_stage").str.to_lowercase().alias("bottleneck"),
        "stages_assessed",
        "scope_extraction",
        "scope_processing",
        pl.col("note").str.strip_chars(" |"),
    )
    made = "lists and scopes from the results table; notes by those who compiled it"
    writer.csv(frame, "ec_crm_2023", "listing.csv", Origin("ec-crm-2023-listing", STUDY, VINTAGE, made))


def _suppliers(table: pl.DataFrame, writer: Writer) -> None:
    rows = []
    for row in table.iter_rows(named=True):
        stage = STAGE_CODES[row["bottleneck_stage"]]
        for scope, text in (("global", row["global_top3_annex7"]), ("eu", row["eu_sourcing_top3_annex7"])):
            for rank, part in enumerate((text or "").split("; "), start=1):
                found = re.fullmatch(r"(.+) ([\d.]+%)", part)
                if found:
                    rows.append((row["material"], scope, stage, "annex 7", str(rank), found[1], found[2]))
        if "Table A" in (row["source_global"] or ""):
            main = STAGE_CODES[row["main_global_stage"]]
            share = f"{row['main_global_share_pct']}%"
            rows.append((row["material"], "global", main, "table a", "1", row["main_global_supplier"], share))
    columns = ["material_printed", "scope", "stage", "transcription", "rank", "country_printed", "share_printed"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    notes = (
        "table A and annex 7 conflict for baryte, beryllium, lithium, strontium, phosphate rock and others: both stand",
    )
    made = "three largest suppliers at the bottleneck stage (annex 7) and the main supplier of table A"
    writer.csv(frame, "ec_crm_2023", "main_suppliers.csv", Origin("ec-crm-2023-suppliers", STUDY, VINTAGE, made, notes))


def _series(folder: Path, writer: Writer) -> None:
    frame = read(folder / "scores_2011_2023.csv").select(
        pl.col("material").str.replace_all(r"\s+", " ").alias("material_printed"),
        "assessment",
        "supply_risk",
        "economic_importance",
    )
    notes = ("the method changed in 2017: scores before and after are not one series", "- means not assessed")
    origin = Origin("ec-crm-2023-series", STUDY, VINTAGE, "scores of the five assessments of 2011 to 2023", notes)
    writer.csv(frame, "ec_crm_2023", "score_series.csv", origin)


def study(folder: Path, writer: Writer) -> None:
    """All tables of the European study."""
    for make in (_shares, _uses, _results, _series):
        make(folder / "eu_crm_2023", writer)


def comext(folder: Path, writer: Writer) -> None:
    """Origins of EU imports in 2024."""
    frame = read(folder / "eu_crm_2023" / "eu_import_origins_2024.csv")
    share = [(pl.col(f"share_{k}_pct").cast(pl.Float64) / 100).round(6) for k in ("value", "qty")]
    out = frame.select(
        "year",
        pl.col("label").alias("product"),
        pl.col("origin_iso2").alias("origin_printed"),
        "rank",
        pl.col("title").map_elements(cn_of, return_dtype=pl.String).alias("cn_code"),
        pl.col("title").alias("product_title"),
        share[0].alias("share_value"),
        share[1].alias("share_quantity"),
        pl.col("eur").alias("value_eur"),
        pl.col("total_eur").alias("total_value_eur"),
        "hhi_value",
    )
    made = "published extract of Comext, github.com/Varcolacus/critical-materials-atlas, generated 23 June 2026"
    notes = ("only the six largest origins of each product; the shares are of all origins",)
    origin = Origin(
        "comext-origins-2024", "EU imports of critical materials by origin, 2024", "2026-06-23", made, notes
    )
    writer.csv(out, "comext_origins", "origins_2024.csv", origin)


def wgi(folder: Path, writer: Writer) -> None:
    """Governance 1996-2019 by dimension, and the latest mean of six."""
    dimension = pl.col("indicator").str.replace_all("([a-z])([A-Z])", "${1}_$2").str.to_lowercase()
    frame = pl.read_parquet(folder / "wgi_six_1996_2019.parquet").select(
        pl.col("country_iso3").alias("country_printed"),
        pl.col("year").cast(pl.Int16),
        dimension.replace(
            {
                "controlof_corruption": "control_of_corruption",
                "ruleof_law": "rule_of_law",
                "voiceand_accountability": "voice_and_accountability",
            }
        ).alias("dimension"),
        "estimate",
        "standard_error",
    )
    frame = frame.sort("dimension", "year", "country_printed")
    notes = (
        "older country codes (ROM, ZAR, TMP, KSV) are read as their successors",
        "the study of 2023 used 2016-2020; 2016-2019 is the nearest here",
    )
    origin = Origin(
        "wgi-1996-2019", "Worldwide Governance Indicators 1996-2019", "2020-09", "six dimensions, long", notes
    )
    writer.parquet(frame, "wgi", "dimensions_1996_2019.parquet", origin)
    mean = read(folder / "wgi_mean_of_six.csv").select(
        country_printed="country_iso2", mean_of_six="wgi_mean_of_six_latest"
    )
    notes = ("NA is Namibia", "the year is the latest of the compiled table and is not stated")
    origin = Origin("wgi-latest-mean", "Worldwide Governance Indicators, mean of six", "2024-11", "latest year", notes)
    writer.csv(mean, "wgi", "mean_of_six.csv", origin)


def prices(folder: Path, writer: Writer) -> None:
    """Monthly prices of metals and minerals."""
    table = read(folder / "worldbank_pink_sheet_metals.csv")
    long = table.unpivot(index="month", variable_name="column", value_name="text")
    out = long.select(
        pl.col("month").str.replace("M", "-"),
        pl.col("column").str.replace(r"\s*\**\s*\([^()]*\)$", "").alias("commodity"),
        pl.col("column").str.extract(r"\(([^()]*)\)$").alias("unit_printed"),
        pl.col("text").cast(pl.Float64).alias("price"),
    ).sort("commodity", "month")
    notes = ("ends in May 2023", "no rare earths, gallium, germanium or cobalt")
    origin = Origin(
        "pink-sheet-1960-2023", "Commodity price data, monthly, metals and minerals", "2023-06", "long", notes
    )
    writer.parquet(out, "pink_sheet", "prices_1960_2023.parquet", origin)


def intensities(folder: Path, writer: Writer) -> None:
    """Metal per megawatt or vehicle."""
    text = pl.all().str.strip_chars()
    table = read(folder / "metal_intensities.csv").select(text)
    out = table.select(
        pl.col("metal").alias("material_printed"),
        pl.col("origin_var").alias("technology"),
        pl.col("year").str.replace(r"\.0$", ""),
        pl.col("unit").alias("intensity_unit"),
        intensity_mean="mean",
        intensity_median="median",
        intensity_low="min",
        intensity_high="max",
    )
    notes = ("motors and vehicles are per kilogram of motor or vehicle, generation per megawatt",)
    origin = Origin("premise-intensities", "Metal intensities of premise 2.5.2", "2025", "own column names", notes)
    writer.csv(out, "material_intensity", "intensities.csv", origin)


def byproducts(folder: Path, writer: Writer) -> None:
    """By-product shares and hosts."""
    out = read(folder / "companionality.csv").select(
        material_printed="material", byproduct_percent="companionality_pct", hosts="host_metals"
    )
    notes = ("compiled figures without an address: to be re-sourced", "0 means mined for itself")
    origin = Origin("companionality", "By-product shares and host metals", "2025", "own column names", notes)
    writer.csv(out, "companionality", "companions.csv", origin)


def sites(folder: Path, writer: Writer) -> None:
    """European sites and strategic projects."""
    out = read(folder / "eu_facilities.csv").select(
        facility="id",
        name="name",
        company="company",
        place="city",
        country="country",
        activity="stage",
        operation="status",
        confidence_printed="confidence",
        materials="materials",
        project="crma_project",
        latitude="lat",
        longitude="lon",
    )
    notes = ("no capacities and no Dutch sites", "transcribed; not checked at the owners")
    origin = Origin("eu-facilities", "European sites of critical raw materials", "2025", "own column names", notes)
    writer.csv(out, "eu_projects", "facilities.csv", origin)
    projects = read(folder / "crma_strategic_projects.csv").select(
        project="project", company="companies", country="countries", materials="materials", stages="crma_stages"
    )
    notes = ("46 of the 47 projects selected in March 2025", "transcribed; not checked in the decision")
    origin = Origin(
        "crma-strategic-projects", "Strategic projects in the Union", "2025-03-25", "own column names", notes
    )
    writer.csv(projects, "eu_projects", "strategic_projects.csv", origin)


MAKERS: dict[str, Maker] = {
    "ec_crm_2023": study,
    "comext_origins": comext,
    "wgi": wgi,
    "pink_sheet": prices,
    "material_intensity": intensities,
    "companionality": byproducts,
    "eu_projects": sites,
}
