"""Concentration of imports over tables of hundreds of millions of rows, in bounded memory.

The same columns as `concentration.import_concentration`. Rows are streamed once in batches; only the suppliers of each
product are kept. For less than WORTH_IT_ROWS the other function is as quick and starts sooner.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Collection

import numpy as np
import polars as pl

from lodestock.criticality.concentration import indices_by_product
from lodestock.criticality.tally_method import empty_table, move_groups, tally

WORTH_IT_ROWS = 50_000_000
BATCH = 200_000  # rows; so many fit in the cache of the processor, more are slower, fewer mean more calls
FIRST_ROOM = 1 << 20  # groups before the table grows for the first time
SEEDS = (0, 101)  # of the two independent hashes


class _Tally:
    """Sums by group that grow with the groups; used by `large_import_concentration` only."""

    def __init__(self, room: int) -> None:
        self.groups = 0
        self.parts: list[pl.DataFrame] = []
        self.place_of = np.empty(room, np.int64)
        self.hashes, self.values = empty_table(2 * room)

    def add(self, batch: pl.DataFrame, keys: list[str]) -> None:
        """Add a batch with columns first, second (hashes), amount and the keys."""
        first, second = (np.ascontiguousarray(batch[name].to_numpy()) for name in ("first", "second"))
        amount = batch["amount"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        row, new_rows = 0, np.empty(batch.height, np.int64)
        while row < batch.height:
            row, self.groups, opened = tally(
                first, second, amount, row, self.hashes, self.values, self.place_of, self.groups, new_rows
            )
            if opened:
                self.parts.append(batch.select(keys)[new_rows[:opened]])
            if row < batch.height:
                self._grow()

    def _grow(self) -> None:
        room = 2 * self.place_of.size
        self.place_of = np.concatenate([self.place_of, np.empty_like(self.place_of)])
        hashes, values = empty_table(2 * room)
        move_groups(self.hashes, self.values, self.place_of, self.groups, hashes, values)
        self.hashes, self.values = hashes, values

    def frame(self, like: pl.DataFrame) -> pl.DataFrame:
        """The groups with amount and pairs_without_quantity; `like` has the columns when there is no row at all."""
        found = self.values[self.place_of[: self.groups]]
        return pl.concat([like, *self.parts]).with_columns(
            pl.Series("amount", found[:, 0]), pl.Series("pairs_without_quantity", found[:, 1].astype(np.uint32))
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

    Arguments, columns and absence as in `concentration.import_concentration` by quantity. Memory: some 100 bytes for
    each supplier of each product, and a few batches.
    """
    keys = [*by, "exporter"]
    rows = trade
    if importers is not None:
        members = list(importers)
        rows = rows.filter(pl.col("importer").is_in(members))
        if not intra:
            rows = rows.filter(~pl.col("exporter").is_in(members))
    hashes = [
        functools.reduce(operator.xor, [pl.col(key).hash(seed + place) for place, key in enumerate(keys)])
        for seed in SEEDS
    ]
    lazy = rows.select(*keys, hashes[0].alias("first"), hashes[1].alias("second"), pl.col("quantity_t").alias("amount"))
    found = _Tally(FIRST_ROOM)
    for batch in lazy.collect_batches(chunk_size=BATCH, maintain_order=False):
        found.add(batch, keys)
    none = pl.DataFrame(schema={name: kind for name, kind in lazy.collect_schema().items() if name in keys})
    return indices_by_product(found.frame(none).lazy(), list(by), governance)
