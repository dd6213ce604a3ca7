"""Concentration of supply as tables: imports of any country or coalition, production, and sources side by side.

Sources: MODEL §13 traps 1, 21 and 24; Regulation (EU) 2024/1252, Article 5(1)(b): by 2030 at most 65 % of the
Union's consumption of a strategic raw material, at any stage, from one third country.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from lodestock.errors import DataError, InputError

LARGEST_SUPPLIER_LIMIT = 0.65
MEASURES = {"quantity": "quantity_t", "value": "value_kusd"}


def import_concentration(
    trade: pl.LazyFrame,
    *,
    importers: Collection[str] | None = None,
    governance: pl.DataFrame | None = None,
    measure: str = "quantity",
    by: tuple[str, ...] = ("hs_revision", "hs_code", "year"),
    intra: bool = False,
) -> pl.DataFrame:
    """How concentrated imports of each product and year are, in one streaming pass.

    trade: hs_revision, hs_code, year, exporter, importer, value_kusd, quantity_t. importers: three-letter codes of
    the country, or of all members of the coalition; None takes the whole world. intra: keep trade between the
    importers; by default it is left out, because it is not supply from outside. governance: country, risk [0 to 10],
    for the weighted index. measure: `quantity` or `value`. Raises InputError for another one, or for a missing column,
    and DataError for an amount that is negative or no number, and for a row that names no exporter.

    Columns: the keys, suppliers, total [t or k$], hhi [0 to 1], top3 [-], largest, largest_share [-], above_limit
    (largest share above 65 %), hhi_wgi [0 to 10], pairs_without_quantity, status, reason. A product whose rows all
    lack a weight is `missing`, never 0.
    """
    if measure not in MEASURES:
        raise InputError(f"unknown measure '{measure}'", mend=f"use {' or '.join(MEASURES)}")
    column, keys = MEASURES[measure], list(by)
    rows = rows_of_importers(trade, importers, [*keys, "exporter"], column, intra=intra)
    suppliers = rows.group_by([*keys, "exporter"]).agg(
        pl.col(column).sum().alias("amount"),
        pl.col(column).min().alias("lowest"),
        pl.col("quantity_t").null_count().alias("pairs_without_quantity"),
    )
    return indices_by_product(suppliers, keys, governance)


def rows_of_importers(
    trade: pl.LazyFrame, importers: Collection[str] | None, keys: Collection[str], column: str, *, intra: bool
) -> pl.LazyFrame:
    """The rows that are imports of the importers, None of the whole world; raises InputError for missing columns.

    intra: keep trade between the importers.
    """
    if absent := sorted({*keys, "importer", column, "quantity_t"}.difference(trade.collect_schema().names())):
        raise InputError(f"the trade lacks {', '.join(absent)}", mend="name the columns as the docstring does")
    if importers is None:
        return trade
    members = list(importers)
    rows = trade.filter(pl.col("importer").is_in(members))
    return rows if intra else rows.filter(~pl.col("exporter").is_in(members).fill_null(False))


def indices_by_product(suppliers: pl.LazyFrame, keys: list[str], governance: pl.DataFrame | None) -> pl.DataFrame:
    """The indices of each product from what each supplier delivers, columns as `import_concentration`.

    suppliers: the keys, exporter, amount [t or k$], lowest (the least of what was added up), pairs_without_quantity;
    one row per supplier and product. Raises DataError as `import_concentration` does.
    """
    if governance is not None:
        suppliers = suppliers.join(
            governance.lazy().select(pl.col("country").alias("exporter"), "risk"), on="exporter", how="left"
        )
    else:
        suppliers = suppliers.with_columns(pl.lit(None, dtype=pl.Float64).alias("risk"))
    found = _indices(suppliers, keys).collect(engine="streaming").sort(keys)
    _refuse_bad(found, keys)
    return found.drop("lowest", "nameless")


def _refuse_bad(found: pl.DataFrame, keys: list[str]) -> None:
    amount = (pl.col("lowest") < 0) | ~pl.col("total").fill_null(0.0).is_finite()
    for what, bad in (
        ("an amount is negative or no number", amount),
        ("a row names no exporter", pl.col("nameless") > 0),
    ):
        for row in found.filter(bad).head(1).to_dicts():
            where = ", ".join(f"{key} {row[key]}" for key in keys)
            raise DataError(
                f"{what} in the trade",
                where=where,
                mend="leave out net flows; an amount that is not known is null, and an area has a code of its own",
            )


def _indices(suppliers: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    amount, total = pl.col("amount"), pl.col("amount").sum()
    supplied = amount > 0
    squares = (amount**2).sum()
    weighed = (amount**2 * pl.col("risk")).sum()
    scored = pl.col("risk").filter(supplied).null_count() == 0
    table = suppliers.group_by(keys).agg(
        supplied.sum().alias("suppliers"),
        total.alias("total"),
        squares.alias("squares"),
        amount.top_k(3).sum().alias("top_three"),
        pl.col("exporter").filter(amount == amount.max()).min().alias("largest"),
        amount.max().alias("largest_amount"),
        pl.when(scored).then(weighed).otherwise(None).alias("weighed"),
        pl.col("pairs_without_quantity").sum(),
        pl.col("lowest").min(),
        pl.col("exporter").null_count().alias("nameless"),
    )
    known = pl.col("total") > 0

    def per_total(name: str, power: int) -> pl.Expr:
        return pl.when(known).then(pl.col(name) / pl.col("total") ** power)

    return table.select(
        *keys,
        "suppliers",
        pl.when(known).then(pl.col("total")).alias("total"),
        per_total("squares", 2).alias("hhi"),
        per_total("top_three", 1).alias("top3"),
        pl.when(known).then(pl.col("largest")).alias("largest"),
        per_total("largest_amount", 1).alias("largest_share"),
        (per_total("largest_amount", 1) > LARGEST_SUPPLIER_LIMIT).alias("above_limit"),
        per_total("weighed", 2).alias("hhi_wgi"),
        "pairs_without_quantity",
        pl.when(known).then(pl.lit("reported")).otherwise(pl.lit("missing")).alias("status"),
        pl.when(known).then(pl.lit("")).otherwise(pl.lit("no row of this product carries a weight")).alias("reason"),
        "lowest",
        "nameless",
    )


def share_concentration(shares: pl.DataFrame, governance: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """How concentrated a table of shares is: suppliers, share_sum, hhi, top3, largest, largest_share, hhi_wgi.

    shares: the keys, country, share [-]; governance: country, risk [0 to 10]. Shares are taken as they are printed
    and not scaled to one; `share_sum` says how far off they are.
    """
    rows = shares.join(governance.select("country", "risk"), on="country", how="left", maintain_order="left")
    square = pl.col("share") ** 2
    return (
        rows.sort([*keys, "share"], descending=[*(False for _ in keys), True])
        .group_by(keys, maintain_order=True)
        .agg(
            pl.len().alias("suppliers"),
            pl.col("share").sum().alias("share_sum"),
            square.sum().alias("hhi"),
            pl.col("share").top_k(3).sum().alias("top3"),
            pl.col("country").first().alias("largest"),
            pl.col("share").first().alias("largest_share"),
            pl.when(pl.col("risk").null_count() == 0).then((square * pl.col("risk")).sum()).alias("hhi_wgi"),
        )
        .with_columns((pl.col("largest_share") > LARGEST_SUPPLIER_LIMIT).alias("above_limit"))
    )


def production_concentration(production: pl.DataFrame, governance: pl.DataFrame) -> pl.DataFrame:
    """How concentrated production is, per material, stage, form, basis and year.

    Withheld tonnes are counted as countries, not guessed as tonnes. production: material, stage, form_printed, basis,
    year, country, production_t, production_status. Columns as `share_concentration`, with total_t [t] and withheld
    (countries whose tonnes are withheld or missing).
    """
    keys = ["material", "stage", "form_printed", "basis", "year"]
    made = production.filter(pl.col("material").is_not_null())
    total = made.group_by(keys).agg(
        pl.col("production_t").sum().alias("total_t"), pl.col("production_t").null_count().alias("withheld")
    )
    # Other countries taken together are in the total, but they are no supplier.
    known = made.filter((pl.col("production_t") > 0) & (pl.col("country") != "OTH")).join(
        total, on=keys, how="left", maintain_order="left"
    )
    shares = known.with_columns((pl.col("production_t") / pl.col("total_t")).alias("share"))
    table = share_concentration(shares, governance, keys)
    return table.join(total, on=keys, how="left", maintain_order="left")


def side_by_side(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """What different sources say about the same material and stage, one row per source, never averaged.

    tables: source name → frame with material, stage, largest, largest_share, hhi. Columns: material, stage, source,
    largest, largest_share, hhi, and `agree`: whether all sources name the same largest supplier and lie within ten
    percentage points of each other; null where only one source speaks.
    """
    columns = ["material", "stage", "source", "largest", "largest_share", "hhi"]
    parts = [
        frame.with_columns(pl.lit(source).alias("source")).select(
            *columns[:4], pl.col("largest_share").cast(pl.Float64), pl.col("hhi").cast(pl.Float64)
        )
        for source, frame in tables.items()
    ]
    stacked = pl.concat(parts).sort("material", "stage", "source")
    over = ["material", "stage"]
    spread = (pl.col("largest_share").max() - pl.col("largest_share").min()).over(over)
    same = pl.col("largest").n_unique().over(over) == 1
    several = pl.len().over(over) > 1
    return stacked.with_columns(pl.when(several).then(same & (spread <= 0.10)).alias("agree"))
