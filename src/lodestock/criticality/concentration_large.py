"""Concentration of imports over tables of hundreds of millions of rows, in bounded memory.

The same columns as `concentration.import_concentration`. Rows are streamed once in batches; only the sums of each
product and supplier are kept. For less than WORTH_IT_ROWS the other function is as quick.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from lodestock.criticality.concentration import import_concentration, indices_by_product, rows_of_importers
from lodestock.criticality.indices import Floats, Ints
from lodestock.criticality.tally_method import Numbers, add_up, no_numbers, number, widened
from lodestock.errors import DataError

WORTH_IT_ROWS = 10_000_000
BATCH = 200_000  # rows; so many fit in the cache of the processor, more are slower, fewer mean more calls
MOST_CELLS = 75_000_000  # products × suppliers that are kept, as two matrices of 1.2 GB together
SUPPLIER = "exporter"


class _Tally:
    """Sums by product and supplier that grow with both; used by `large_import_concentration` only."""

    def __init__(self, by: list[str]) -> None:
        self.by = by
        self.columns: dict[str, Numbers] = {name: no_numbers() for name in [*by, SUPPLIER]}
        self.pairs = [no_numbers() for _ in by[1:]]
        self.products: list[pl.DataFrame] = []
        self.suppliers: list[pl.Series] = []
        self.sums = np.zeros((64, 64))
        self.gaps = np.zeros((64, 64), np.int64)

    def add(self, batch: pl.DataFrame) -> bool:
        """Add a batch with the keys, a hash of each under its name with #, amount, gap; False when it is too much."""
        product = self._product(batch)
        supplier, new = self._numbers(batch, SUPPLIER)
        if new.size:
            self.suppliers.append(batch[SUPPLIER].gather(new))
        shape = (self._products(), self.columns[SUPPLIER].count)
        if shape[0] * shape[1] > MOST_CELLS:
            return False
        self.sums, self.gaps = widened(self.sums, *shape), widened(self.gaps, *shape)
        amounts = batch["amount"].to_numpy()
        _refuse_bad(amounts)
        add_up(self.sums, product, supplier, amounts)
        gap = np.flatnonzero(batch["gap"].to_numpy())
        add_up(self.gaps, product[gap], supplier[gap], 1)
        return True

    def _numbers(self, batch: pl.DataFrame, name: str) -> tuple[Ints, Ints]:
        self.columns[name], found, new = number(self.columns[name], batch[f"{name}#"].to_numpy())
        return found, new

    def _products(self) -> int:
        return (self.pairs[-1] if self.pairs else self.columns[self.by[0]]).count

    def _product(self, batch: pl.DataFrame) -> Ints:
        """The number of each row's product: numbers of its keys joined two by two, so that nothing is hashed twice."""
        found, new = self._numbers(batch, self.by[0])
        for place, name in enumerate(self.by[1:]):
            both = (found << 32) | self._numbers(batch, name)[0]
            self.pairs[place], found, new = number(self.pairs[place], both.view(np.uint64))
        if new.size:
            self.products.append(batch.select(self.by)[new])
        return found

    def indices(self, like: pl.DataFrame, governance: pl.DataFrame | None) -> pl.DataFrame:
        """The indices of each product; `like` has the columns of the keys. A product that weighs 0 is not lost."""
        names = pl.concat([like[SUPPLIER], *self.suppliers])
        if names.null_count():
            raise DataError("a row of the trade names no exporter", mend="an area has a code of its own")
        shape = (self._products(), names.len())
        sums, gaps = self.sums[: shape[0], : shape[1]], self.gaps[: shape[0], : shape[1]]
        kept = (sums != 0.0) | (gaps > 0)
        if kept.size:
            kept[~kept.any(axis=1), 0] = True
        product, supplier = np.nonzero(kept)
        amount = pl.Series("amount", sums[kept])
        columns = [
            pl.Series("product", product),
            names[supplier],
            amount,
            amount.alias("lowest"),
            pl.Series("pairs_without_quantity", gaps[kept], dtype=pl.UInt32),
        ]
        found = indices_by_product(pl.LazyFrame(columns), ["product"], governance)
        products = pl.concat([like.select(self.by), *self.products])
        return products.hstack(found.drop("product")).sort(self.by)


def _refuse_bad(amounts: Floats) -> None:
    lowest, total = float(amounts.min(initial=0.0)), float(amounts.sum())
    if lowest < 0.0 or not np.isfinite(total):
        raise DataError(
            "a quantity of the trade is negative or no number",
            mend="leave out net flows; a quantity that is not known is null",
        )


def large_import_concentration(
    trade: pl.LazyFrame,
    *,
    importers: Collection[str] | None = None,
    governance: pl.DataFrame | None = None,
    by: tuple[str, ...] = ("hs_revision", "hs_code", "year"),
    intra: bool = False,
) -> pl.DataFrame:
    """How concentrated imports of each product and year are by weight, for tables that do not fit in memory.

    Arguments, columns, refusals and absence as in `concentration.import_concentration` by quantity. Memory: 16 bytes
    for each product times supplier, at most 1.2 GB, and a few batches; a table of more products times suppliers is
    given to the other function. Two values of one key are taken for one with a chance of about n²/2⁶⁵ for n distinct
    values: below 10⁻¹⁴ for the countries, 10⁻¹² for the codes of the Harmonized System.
    """
    keys = [*by, SUPPLIER]
    hashes = [pl.col(key).hash(seed).alias(f"{key}#") for seed, key in enumerate(keys)]
    rows = rows_of_importers(trade, importers, keys, "quantity_t", intra=intra)
    quantity = pl.col("quantity_t").cast(pl.Float64)
    lazy = rows.select(*keys, *hashes, quantity.fill_null(0.0).alias("amount"), quantity.is_null().alias("gap"))
    found = _Tally(list(by))
    for batch in lazy.collect_batches(chunk_size=BATCH, maintain_order=False):
        if not found.add(batch):
            return import_concentration(trade, importers=importers, governance=governance, by=by, intra=intra)
    none = pl.DataFrame(schema={name: kind for name, kind in lazy.collect_schema().items() if name in keys})
    return found.indices(none, governance)
