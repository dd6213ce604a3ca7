"""Which metals are won as by-products, and with what."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.evidence import names
from lodestock.evidence.corrections import correct
from lodestock.evidence.files import need_columns, numbers, read_text, row_locator
from lodestock.evidence.snapshots import sidecar_path
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="companionality",
    title="By-product shares and host metals",
    producer="compiled from the literature on companion metals",
    licence="facts",
    address="compiled table without address; to be re-sourced",
    covers="share of the production of a material that is won as a by-product, and its host metals",
    tables=("companionality", "companion_host"),
    official_format="CSV with the columns material_printed, byproduct_percent, hosts (separated by ;)",
)


def tidy(file: Path) -> Tidy:
    """By-product shares, and one row for each host."""
    frame = read_text(file)
    need_columns(frame, ["material_printed", "byproduct_percent", "hosts"], file)
    frame = correct(frame, SOURCE.id, extract=file if sidecar_path(file).exists() else None)
    frame = frame.with_columns(
        names.materials(frame, "material_printed", file).alias("material"),
        (numbers(frame, "byproduct_percent", file) / 100).alias("byproduct_share"),
        row_locator(),
    )
    hosts = frame.filter(pl.col("hosts").is_not_null()).with_columns(
        pl.col("hosts").str.split(";").alias("host_printed")
    )
    hosts = hosts.explode("host_printed").with_columns(pl.col("host_printed").str.strip_chars())
    hosts = hosts.with_columns(names.materials_or_null(hosts["host_printed"]).alias("host"))
    return {"companionality": frame, "companion_host": hosts}
