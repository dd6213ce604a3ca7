"""Printed percentages as numbers with the bounds that the print allows."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.files import ROW

_SHAPE = r"^(<?)\s*(\d+)(?:\.(\d+))?\s*%$"


def parse_shares(frame: pl.DataFrame, column: str, file: Path) -> list[pl.Series]:
    """The columns share, share_low, share_high and share_status of a column of printed percentages.

    `28.4%` is 0.284, known to half a unit of its last digit; `<0.1%` is a bound: the share is set to the bound, its
    range runs from 0 to the bound and its status is estimated. Anything else raises with its row.
    """
    parts = frame.select(
        pl.col(column).str.strip_chars().str.extract(_SHAPE, 1).alias("below"),
        pl.col(column).str.strip_chars().str.extract(_SHAPE, 2).alias("whole"),
        pl.col(column).str.strip_chars().str.extract(_SHAPE, 3).fill_null("").alias("digits"),
    )
    bad = parts["whole"].is_null()
    if bad.any():
        row = frame.filter(bad).row(0, named=True)
        raise InputError(
            f"'{row[column]}' is no percentage",
            where=f"{file}, row {row.get(ROW, '?')}, column {column}",
            mend="write 28.4% or <0.1%",
        )
    printed = pl.concat_str("whole", pl.lit("."), "digits", pl.lit("0")).cast(pl.Float64)
    half = pl.lit(0.5) / pl.lit(10.0).pow(pl.col("digits").str.len_chars())
    below = pl.col("below") == "<"
    made = parts.select(
        (printed / 100).alias("share"),
        pl.when(below).then(0.0).otherwise(pl.max_horizontal(printed - half, pl.lit(0.0)) / 100).alias("share_low"),
        pl.when(below).then(printed / 100).otherwise((printed + half) / 100).alias("share_high"),
        pl.when(below).then(pl.lit("estimated")).otherwise(pl.lit("reported")).alias("share_status"),
    )
    return made.get_columns()
