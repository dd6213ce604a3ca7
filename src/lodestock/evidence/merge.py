"""Merging snapshots: each block of a table comes from one snapshot, the newest that supplies it; nothing counts twice.

Rule 1. A block is the smallest part of a table that one snapshot supplies as a whole: for trade a product code in a
        year, for most tables a single key. `reference/tables.csv` declares which columns name it.
Rule 2. Where several snapshots supply a block, the one with the greatest rank supplies *all* its rows: newest
        vintage, then imported before shipped, then latest access day.
Rule 3. What is passed over is not lost: its block stays listed in the table `superseded` with both snapshots.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lodestock.evidence.columns import Schema
from lodestock.evidence.snapshots import Snapshot

_RANK, _BEST = "_rank", "_best"


def merge(
    frames: list[pl.DataFrame], entry: Schema, snapshots: Mapping[str, Snapshot]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that count, sorted by key, and the blocks that were passed over (see the rules above)."""
    frame = pl.concat(frames)
    if frame["snapshot"].n_unique() < 2:
        return frame.sort(entry.key, maintain_order=True), _none()
    order = sorted(snapshots.values(), key=lambda snapshot: snapshot.rank)
    rank = {snapshot.id: number for number, snapshot in enumerate(order)}
    ranked = frame.with_columns(pl.col("snapshot").replace_strict(rank, return_dtype=pl.Int32).alias(_RANK))
    ranked = ranked.with_columns(pl.col(_RANK).max().over(entry.block).alias(_BEST))
    kept = ranked.filter(pl.col(_RANK) == pl.col(_BEST)).drop(_RANK, _BEST).sort(entry.key, maintain_order=True)
    passed = ranked.filter(pl.col(_RANK) < pl.col(_BEST))
    if passed.is_empty():
        return kept, _none()
    by_rank = {number: name for name, number in rank.items()}
    block = [pl.format("{}={}", pl.lit(name), pl.col(name)) for name in entry.block]
    listed = passed.select(
        pl.lit(entry.table).alias("table"),
        pl.concat_str(block, separator="; ").alias("block"),
        "snapshot",
        pl.col(_BEST).replace_strict(by_rank, return_dtype=pl.String).alias("by_snapshot"),
    )
    counted = listed.group_by("table", "block", "snapshot", "by_snapshot").agg(pl.len().cast(pl.Int64).alias("rows"))
    return kept, counted.sort("table", "block", "snapshot")


def _none() -> pl.DataFrame:
    text = dict.fromkeys(("table", "block", "snapshot", "by_snapshot"), pl.String)
    return pl.DataFrame(schema={**text, "rows": pl.Int64})
