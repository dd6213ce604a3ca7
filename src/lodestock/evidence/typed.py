"""Text tables that already have the columns of a table: the layout in which small tables ship and can be handed in."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.columns import schema
from lodestock.evidence.files import numbers, read_text, row_locator

_WORDS = {"true": True, "false": False}


def read_typed(file: Path, table: str, *, later: tuple[str, ...] = ()) -> pl.DataFrame:
    """A CSV file with the columns of `table` as a frame with its types and locators.

    later: columns that the caller fills in itself. Columns that may be absent and are not in the file become null.
    """
    return typed(read_text(file), file, table, later=later)


def typed(frame: pl.DataFrame, file: Path, table: str, *, later: tuple[str, ...] = ()) -> pl.DataFrame:
    """As `read_typed`, for a frame that was read already."""
    made: list[pl.Series] = []
    for use in schema(table).columns:
        name, dtype = use.column.name, use.column.dtype
        if name in ("snapshot", "locator") or name in later or name not in frame.columns:
            continue
        if dtype == pl.String():
            made.append(frame[name])
        elif dtype == pl.Boolean():
            made.append(_words(frame, name, file))
        else:
            made.append(numbers(frame, name, file).cast(dtype))
    return frame.select(row_locator()).with_columns(made)


def blank(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The frame with a null column for each column of the table that may be absent and that it lacks."""
    absent = [
        pl.lit(None, dtype=use.column.dtype).alias(use.column.name)
        for use in schema(table).columns
        if use.nullable != "no" and use.column.name not in frame.columns
    ]
    return frame.with_columns(absent)


def _words(frame: pl.DataFrame, name: str, file: Path) -> pl.Series:
    text = frame[name].str.to_lowercase()
    wrong = text.is_not_null() & ~text.is_in(list(_WORDS))
    if wrong.any():
        row = frame.filter(wrong).row(0, named=True)
        raise InputError(
            f"'{row[name]}' is neither true nor false",
            where=f"{file}, row {row['_row']}, column {name}",
            mend="write true or false",
        )
    return text.replace_strict(_WORDS, return_dtype=pl.Boolean)


def which_table(frame: pl.DataFrame, file: Path, offered: tuple[str, ...], *, later: tuple[str, ...] = ()) -> str:
    """The one of the offered tables whose columns the frame has; none or several raise with the nearest."""
    have = set(frame.columns)
    lacking: dict[str, list[str]] = {}
    for table in offered:
        needed = [
            use.column.name
            for use in schema(table).columns
            if use.nullable == "no" and use.column.name not in ("snapshot", "locator", *later)
        ]
        lacking[table] = [name for name in needed if name not in have]
    good = [table for table in offered if not lacking[table]]
    if file.stem in good:
        return file.stem
    if len(good) == 1:
        return good[0]
    best = min(offered, key=lambda table: len(lacking[table]))
    raise InputError(
        f"{file.name} has the columns of no table of this source",
        where=f"{file}, row 1",
        why=f"nearest is '{best}', which also needs {', '.join(lacking[best])}" if not good else "several would fit",
        mend="give the file the columns of the table (see `reference/tables.csv`) and call it after the table",
    )
