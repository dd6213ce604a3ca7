"""What one year shows of a code, where no history can be tested: the largest shipper, and our place among importers.

It compares importers, not years: it cannot say that something changed. A tonne may cost less than elsewhere because
another mix of goods stands behind the same code.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from lodestock.criticality.concentration import LARGEST_SUPPLIER_LIMIT

ALIKE = 0.10  # an importer is compared with those that import at least this part of what it imports
FEWEST_ALIKE = 3

STANDING = {
    "hs_code": pl.String, "year": pl.Int64, "volume_t": pl.Float64, "largest": pl.String, "largest_share": pl.Float64,
    "above_limit": pl.Boolean, "alike": pl.Int64, "less_concentrated": pl.Int64, "unit_value_to_others": pl.Float64,
}  # fmt: skip


def standing(trade: pl.DataFrame, members: Collection[str], year: int) -> pl.DataFrame:
    """How the importer stands in one year, code by code: its largest shipper, and its place among like importers.

    trade: hs_code, year, exporter, importer, value_kusd, quantity_t, of all importers. members: the country, or all
    members of a coalition, whose inner trade is left out.

    Columns: hs_code, year, volume_t, largest, largest_share [-], above_limit (over 65 %), alike (importers of at least
    a tenth as much by weight), less_concentrated (how many of these rest on more suppliers by HHI; null where fewer
    than three are alike), unit_value_to_others [-, our value of a tonne over that of all other importers together].
    """
    inside = pl.col("importer").is_in(list(members))
    rows = trade.filter((pl.col("year") == year) & (pl.col("quantity_t") > 0))
    rows = rows.filter(~(inside & pl.col("exporter").is_in(list(members))))
    who = pl.when(inside).then(pl.lit("")).otherwise(pl.col("importer")).alias("who")
    by_supplier = rows.group_by("hs_code", who, "exporter").agg(pl.col("quantity_t", "value_kusd").sum())
    tonnes = pl.col("quantity_t")
    each = by_supplier.group_by("hs_code", "who").agg(
        tonnes.sum().alias("volume_t"),
        pl.col("value_kusd").sum().alias("worth"),
        ((tonnes / tonnes.sum()) ** 2).sum().alias("hhi"),
        pl.col("exporter").filter(tonnes == tonnes.max()).min().alias("largest"),
        (tonnes.max() / tonnes.sum()).alias("largest_share"),
    )
    out = []
    for ours in each.filter(pl.col("who") == "").sort("hs_code").iter_rows(named=True):
        others = each.filter((pl.col("hs_code") == ours["hs_code"]) & (pl.col("who") != ""))
        alike = others.filter(pl.col("volume_t") >= ALIKE * ours["volume_t"])
        theirs = float(others["volume_t"].sum())
        out.append(
            {
                "hs_code": ours["hs_code"],
                "year": year,
                "volume_t": ours["volume_t"],
                "largest": ours["largest"],
                "largest_share": ours["largest_share"],
                "above_limit": ours["largest_share"] > LARGEST_SUPPLIER_LIMIT,
                "alike": alike.height,
                "less_concentrated": int((alike["hhi"] < ours["hhi"]).sum()) if alike.height >= FEWEST_ALIKE else None,
                "unit_value_to_others": ours["worth"] / ours["volume_t"] / (float(others["worth"].sum()) / theirs)
                if theirs > 0.0 and ours["worth"] > 0.0
                else None,
            }
        )
    return pl.DataFrame(out, schema=STANDING)
