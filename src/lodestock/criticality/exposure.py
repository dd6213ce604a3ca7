"""Which sectors would feel a shortage: share of output in product families that contain a material, by NACE division.

Sources: our judgement per sector (reference/criticality/exposure-shares.csv, each row a prior with its reason); where
the material is used in the Union: EU study 2023, annex 6; Dutch value added: WIOD 2013 release, year 2011 (Timmer et
al. 2015, doi:10.1111/roie.12178); companionality: share mined as by-product, with host metals.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.inputs import ASSESSMENT, Tables, reference_table

UNJUDGED = {
    "reason": "used in this sector by annex 6; nobody has judged the share of output yet",
    "reason_nl": "volgens bijlage 6 in deze sector gebruikt; niemand heeft het aandeel in de omzet nog beoordeeld",
}
NAMES_ON = date(2024, 12, 31)  # the day on which names of coalitions are read


def value_added(store: Tables, region: str = "NLD") -> pl.DataFrame:
    """Value added of each industry: output minus everything bought from anywhere.

    Columns: industry, value_added_musd, vintage (year of the table).
    """
    bought = (
        store.table("io_flow")
        .filter((pl.col("to_region") == region) & pl.col("to_use").str.starts_with("c"))
        .group_by(pl.col("to_use").alias("industry"))
        .agg(pl.col("value_musd").sum().alias("bought"))
    )
    made = store.table("io_output").filter(pl.col("region") == region).select("industry", "output_musd", "year")
    joined = made.join(bought, on="industry", how="left").collect().sort("industry")
    added = (pl.col("output_musd") - pl.col("bought").fill_null(0.0)).alias("value_added_musd")
    return joined.select("industry", added, pl.col("year").cast(pl.Int64).alias("vintage"))


def companions(store: Tables) -> pl.DataFrame:
    """Which materials are by-products, and of what: material, byproduct_share [-], hosts (text)."""
    hosts = store.table("companion_host").group_by("material").agg(pl.col("host").sort().str.join(";").alias("hosts"))
    share = store.table("companionality").select("material", "byproduct_share")
    return share.join(hosts, on="material", how="left").collect().sort("material")


def exposure_table(store: Tables, materials: Collection[str] | None = None, region: str = "NLD") -> pl.DataFrame:
    """Material × sector: how much of a sector's output stands on a material, and how large the sector is.

    Columns: material, nace2, share_low, share, share_high [part of output, 0 to 1], families, mark, eu_use_share (part
    of EU use of the material that goes to the sector [-], another question than the share of output), wiod_industry,
    region, value_added_musd (of the whole WIOD industry in that region, which can be wider than the sector; null where
    WIOD does not have the region), vintage, byproduct_share, hosts, status, reason, reason_nl (the same in Dutch).
    The shares are judged with Dutch industry in mind. A sector that uses the material by annex 6, but whose share of
    output nobody judged, is `missing`.
    """
    vocabulary.region(region, NAMES_ON)
    judged = reference_table("exposure-shares.csv").with_columns(
        pl.col("share_low", "share", "share_high").cast(pl.Float64)
    )
    uses = (
        store.table("crm_end_use")
        .filter((pl.col("assessment") == ASSESSMENT) & pl.col("nace2").str.contains(r"^[A-Z]\d\d$"))
        .group_by("material", "nace2")
        .agg(pl.col("share").sum().alias("eu_use_share"))
        .collect()
    )
    table = judged.join(uses, on=["material", "nace2"], how="full", coalesce=True)
    if materials is not None:
        table = table.filter(pl.col("material").is_in([vocabulary.material(name).id for name in materials]))
    sectors = {code: _industry(code) for code in table["nace2"].unique().to_list()}
    table = table.with_columns(
        pl.col("nace2").replace_strict(sectors, return_dtype=pl.String).alias("wiod_industry"),
        pl.when(pl.col("share").is_null()).then(pl.lit("missing")).otherwise(pl.lit("estimated")).alias("status"),
    )
    table = table.join(value_added(store, region), left_on="wiod_industry", right_on="industry", how="left")
    table = table.with_columns(pl.lit(region).alias("region")).join(companions(store), on="material", how="left")
    unjudged = pl.col("share").is_null()
    return table.with_columns(
        pl.when(unjudged).then(pl.lit(text)).otherwise(pl.col(name)).alias(name) for name, text in UNJUDGED.items()
    ).sort("material", "nace2")


def _industry(code: str) -> str | None:
    return vocabulary.wiod_of_sector(code).code
