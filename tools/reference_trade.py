"""Extracts of bilateral trade (BACI) and of the world input-output table (WIOD)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from reference_writer import Maker, Origin, Writer

# Codes of the long set that carry a critical material or one under export control; the others are left out.
KEPT = (
    "250410",
    "250490",
    "251020",
    "251110",
    "252890",
    "252910",
    "252922",
    "260200",
    "260300",
    "260400",
    "260600",
    "261100",
    "261390",
    "261400",
    "261510",
    "261690",
    "261710",
    "270112",
    "280450",
    "280480",
    "280530",
    "282200",
    "282520",
    "282530",
    "283691",
    "284610",
    "284690",
    "711011",
    "711019",
    "711021",
    "711029",
    "711031",
    "711039",
    "720292",
    "720293",
    "760110",
    "810110",
    "810310",
    "810510",
    "810600",
    "811211",
    "811230",
)
EU27 = (
    "AUT",
    "BEL",
    "BGR",
    "HRV",
    "CYP",
    "CZE",
    "DNK",
    "EST",
    "FIN",
    "FRA",
    "DEU",
    "GRC",
    "HUN",
    "IRL",
    "ITA",
    "LVA",
    "LTU",
    "LUX",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "ESP",
    "SWE",
)
FIRST_FULL_YEAR = 2015
LONG_NOTES = (
    "the release is not stated in the compiled table; figures for 2024 first appear in release 202601",
    "mass is absent for some pairs: those rows are missing, not zero",
    "germanium 811230 is all but empty after 2016: the code was withdrawn in later revisions",
    "6-digit codes mix materials: 2846 rare-earth compounds, 2615 niobium, tantalum, vanadium and zirconium ores",
)
REGIONS = ("NLD", "BEL", "DEU", "FRA", "REU", "CHN", "USA", "ROW")


def _shaped(frame: pl.DataFrame, code: str, revision: str) -> pl.DataFrame:
    out = frame.select(
        pl.lit(revision).alias("hs_revision"),
        pl.col(code).alias("hs_code"),
        pl.col("year").cast(pl.Int16),
        pl.col("exporter_iso3").alias("exporter"),
        pl.col("importer_iso3").alias("importer"),
        (pl.col("value_kusd") * 1000).round().cast(pl.Int64).alias("value_usd"),
        (pl.col("quantity_t") * 1000).round().cast(pl.Int64).alias("quantity_kg"),
    )
    return out.sort("hs_code", "year", "exporter", "importer")


def _eu_totals(frame: pl.DataFrame) -> pl.DataFrame:
    inside = {side: pl.col(side).is_in(EU27) for side in ("exporter", "importer")}
    parts = []
    for flow, member, partner in (("import", "importer", "exporter"), ("export", "exporter", "importer")):
        grouped = frame.filter(inside[member] & ~inside[partner]).group_by("hs_revision", "hs_code", "year", partner)
        known = pl.col("quantity_kg").is_not_null()
        sums = grouped.agg(
            pl.col("value_usd").sum(),
            pl.when(known.any()).then(pl.col("quantity_kg").sum()).alias("quantity_kg"),
            pl.len().cast(pl.Int32).alias("pairs"),
            (~known).sum().cast(pl.Int32).alias("pairs_without_quantity"),
        )
        parts.append(sums.rename({partner: "partner"}).with_columns(pl.lit(flow).alias("flow")))
    return pl.concat(parts).sort("hs_code", "year", "flow", "partner")


def baci(folder: Path, writer: Writer) -> None:
    """All pairs of 2015-2024, the Netherlands and the EU-27 in 1995-2014, and the 2024 set of other codes."""
    long = pl.read_parquet(folder / "baci_1995_2024_74_hs92.parquet")
    shaped = _shaped(long.filter(pl.col("hs92").is_in(KEPT)), "hs92", "HS92")
    full = shaped.filter(pl.col("year") >= FIRST_FULL_YEAR)
    early = shaped.filter(pl.col("year") < FIRST_FULL_YEAR)
    made = f"extract: {len(KEPT)} of 74 codes (those of critical or controlled materials); value in USD, mass in kg"
    for first, last in ((2015, 2019), (2020, 2024)):
        title = f"BACI HS92, all country pairs, {first}-{last}"
        origin = Origin(f"baci-hs92-{first}-{last}", title, "2026-01", made, LONG_NOTES)
        part = full.filter(pl.col("year").is_between(first, last))
        writer.parquet(part, "baci", f"pairs_hs92_{first}_{last}.parquet", origin)
    dutch = early.filter((pl.col("exporter") == "NLD") | (pl.col("importer") == "NLD"))
    writer.parquet(
        dutch,
        "baci",
        "netherlands_hs92_1995_2014.parquet",
        Origin(
            "baci-hs92-nld-1995-2014",
            "BACI HS92, pairs with the Netherlands, 1995-2014",
            "2026-01",
            made + "; only pairs in which the Netherlands is exporter or importer",
            LONG_NOTES,
        ),
    )
    writer.parquet(
        _eu_totals(early),
        "baci",
        "eu27_hs92_1995_2014.parquet",
        Origin(
            "baci-hs92-eu27-1995-2014",
            "BACI HS92, EU-27 by outside partner, 1995-2014",
            "2026-01",
            made + "; summed over the 27 members of today, trade among them left out",
            LONG_NOTES,
        ),
    )
    short = pl.read_parquet(folder / "baci_2024_30_hs6.parquet")
    fresh = _shaped(short.filter(~pl.col("hs6").is_in(KEPT)), "hs6", "HS2012+")
    writer.parquet(
        fresh,
        "baci",
        "pairs_hs6_2024.parquet",
        Origin(
            "baci-hs6-2024",
            "BACI release 202601, all country pairs, 2024, codes outside HS92",
            "2026-01",
            "extract: the codes of the 2024 set that the HS92 set does not hold; value in USD, mass in kg",
            (
                "the revision is not stated; codes such as 811292 and 252800 exist from HS 2012 on",
                "850511 is all metal permanent magnets, about 2.4 times the rare-earth magnets in it",
                "811292 mixes gallium, germanium, indium, niobium, vanadium and scrap: no signal for one element",
                "on shared codes the two sets agree within 0.2 to 3 %",
            ),
        ),
    )


def _region(country: str) -> str:
    if country in REGIONS:
        return country
    return "REU" if country in EU27 or country == "ROM" else "ROW"


def _aggregate(table: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Sum a table over groups of rows and of columns (integers 0..n-1 say the group)."""
    half = np.zeros((int(rows.max()) + 1, table.shape[1]), dtype=np.int64)
    np.add.at(half, rows, table.astype(np.int64))
    out = np.zeros((half.shape[0], int(columns.max()) + 1), dtype=np.int64)
    np.add.at(out.T, columns, half.T)
    return out


def _balance(flows: np.ndarray, final: np.ndarray, output: np.ndarray) -> tuple[str, ...]:
    """What the full table does not keep to, in words for the sidecar."""
    gap = flows.sum(1, dtype=np.int64) + final.sum(1, dtype=np.int64) - output
    over = flows.sum(0, dtype=np.int64) > output
    widest = int(np.abs(gap).max())
    worst = np.abs(gap) / np.maximum(output, 1)
    return (
        "old and coarse (all metals are c12, electronics c14): fit for structure; rescale and say so",
        f"row balance of the full table (uses minus output): largest gap {widest} MUSD, largest relative gap "
        f"{float(worst[output > 1000].max()):.4%} among industries above 1,000 MUSD, sum {int(gap.sum())} MUSD",
        "the sum of the gaps points to cells cut off to whole millions rather than rounded",
        f"{int((flows < 0).sum())} negative intermediate flows; {int((final < 0).sum())} negative final uses "
        "(changes in stocks among them)",
        f"{int((output == 0).sum())} of {output.size} industries have no output; in {int(over.sum())} the intermediate "
        "inputs exceed output (negative value added)",
        "the five categories of final demand are taken in the order of WIOD: households, non-profit, government, fixed "
        "investment, change in stocks",
    )


def wiod(folder: Path, writer: Writer) -> None:
    """The 2011 table summed to eight regions by 35 industries."""
    with np.load(folder / "wiod_2011.npz") as data:
        flows, final, output = data["Z"], data["F"], data["x"]
        countries, industries = [str(c) for c in data["countries"]], [str(i) for i in data["industries"]]
    regions = np.array([REGIONS.index(_region(country)) for country in countries])
    n = len(industries)
    rows = (regions[:, None] * n + np.arange(n)[None, :]).ravel()
    demand = (regions[:, None] * 5 + np.arange(5)[None, :]).ravel()
    uses = [*((r, i) for r in REGIONS for i in industries), *((r, f"f{k}") for r in REGIONS for k in range(1, 6))]
    both = np.hstack([_aggregate(flows, rows, rows), _aggregate(final, rows, demand)])
    where = np.argwhere(both != 0)
    origin = [uses[i] for i in where[:, 0]]
    target = [uses[j] for j in where[:, 1]]
    table = pl.DataFrame(
        {
            "from_region": [o[0] for o in origin],
            "from_industry": [o[1] for o in origin],
            "to_region": [t[0] for t in target],
            "to_use": [t[1] for t in target],
            "value_musd": both[both != 0],
        }
    ).with_columns(pl.col("value_musd").cast(pl.Int32))
    notes = _balance(flows, final, output)
    made = "summed from 41 regions to NLD, BEL, DEU, FRA, rest of the EU-27 (REU), CHN, USA and rest of the world (ROW)"
    writer.parquet(
        table,
        "wiod",
        "flows_2011.parquet",
        Origin(
            "wiod-2011-flows",
            "World input-output table 2011, flows",
            "2013-11",
            made + "; cells that are zero are left out",
            notes,
        ),
    )
    totals = np.zeros(len(REGIONS) * n, dtype=np.int64)
    np.add.at(totals, rows, output)
    named = {"region": np.repeat(REGIONS, n), "industry": industries * len(REGIONS)}
    listed = pl.DataFrame({**named, "output_musd": totals})
    writer.csv(
        listed,
        "wiod",
        "output_2011.csv",
        Origin("wiod-2011-output", "World input-output table 2011, gross output", "2013-11", made, notes),
    )
    names = pl.read_csv(folder / "wiod_industries.csv")
    names = names.select(industry="code", nace1="nace_rev1_1", industry_title="description")
    writer.csv(
        names,
        "wiod",
        "industries.csv",
        Origin(
            "wiod-industries",
            "Industries of the world input-output tables, release of 2013",
            "2013-11",
            "list of the 35 industries with their NACE Rev. 1.1 codes",
        ),
    )


MAKERS: dict[str, Maker] = {"baci": baci, "wiod": wiod}
