"""European mines, smelters and recyclers, and the strategic projects under Regulation (EU) 2024/1252."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.evidence import names
from lodestock.evidence.files import need_columns, numbers, read_text, row_locator
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="eu_projects",
    title="European sites of critical raw materials and strategic projects",
    producer="compiled from public lists; strategic projects as selected by the European Commission in March 2025",
    licence="MIT",
    address="https://single-market-economy.ec.europa.eu/sectors/raw-materials/areas-specific-interest/"
    "critical-raw-materials/strategic-projects-under-crma_en",
    covers="137 sites with stage, status and place, and 46 of the 47 strategic projects in the Union",
    tables=("facility", "facility_material", "strategic_project"),
    official_format="CSV: facility, name, company, place, country, activity, operation, confidence_printed, materials, "
    "project, latitude, longitude; or project, company, country, materials, stages",
)
_SITE = ["facility", "name", "company", "place", "activity", "operation", "confidence_printed", "project", "materials"]


def tidy(file: Path) -> Tidy:
    """Sites with their materials, or strategic projects with one row for each material and stage."""
    frame = read_text(file).with_columns(row_locator())
    if "stages" in frame.columns:
        return {"strategic_project": _projects(frame, file)}
    need_columns(frame, [*_SITE, "country", "latitude", "longitude"], file)
    # Read from a transcription and not checked at the site's owner: the mark is press until someone does.
    sites = frame.with_columns(
        names.countries(frame, "country", file).alias("country"),
        numbers(frame, "latitude", file),
        numbers(frame, "longitude", file),
        pl.lit("press").alias("mark"),
    )
    return {"facility": sites, "facility_material": _materials(sites, file)}


def _materials(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    long = frame.with_columns(pl.col("materials").str.split(";").alias("material_printed")).explode("material_printed")
    return long.with_columns(names.materials(long, "material_printed", file).alias("material"))


def _projects(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, ["project", "country", "company", "materials", "stages"], file)
    long = _materials(frame, file).with_columns(pl.col("stages").str.split(";").alias("stage")).explode("stage")
    return long.with_columns(
        names.countries(long, "country", file).alias("country"),
        pl.lit("press").alias("mark"),
    )
