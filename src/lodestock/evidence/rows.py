"""Reading a number from rows of the store, with the record that lets anyone read it again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import polars as pl

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.columns import Schema, schema
from lodestock.evidence.ledger import Rows, Scalar
from lodestock.evidence.store import Store

HOW = ("sum", "value", "count")
MOST_LOCATORS = 20
Where = Mapping[str, Scalar | Sequence[Scalar]]


def read_rows(store: Store, table: str, where: Where, column: str, how: str = "sum") -> tuple[float | None, Rows]:
    """A number read from the store and the rows it rests on.

    where: column → value, or column → list of values; rows must match every entry.
    how:   `sum` of the column (rows without a value are left out of the sum and counted as missing),
           `value` of the one row that matches, or `count` of the rows that match.
    Returns (number, record); the number is None when no row matches, or when no matching row holds a value: absence
    is never zero. The record carries count, missing, snapshots and the first 20 locators.
    Raises UnknownNameError for an unknown table, column or way of reading, and DataError when `value` matches several
    rows or a sum would run over more than one value of a column that may not be mixed (unit, stage, revision).
    """
    entry = schema(table)
    if how not in HOW:
        raise UnknownNameError("way of reading", how, HOW, where=f"table {table}")
    if not where:
        raise DataError(f"no rows of '{table}' were chosen", mend="say which rows to read")
    _numeric(entry, column, how)
    rows = store.table(table).filter(_rule(entry, where)).collect()
    missing = int(rows[column].null_count())
    record = Rows(
        table=table,
        where=dict(where),
        column=column,
        how=how,
        count=rows.height,
        missing=missing,
        snapshots=tuple(rows["snapshot"].unique().sort().to_list()),
        locators=tuple(rows["locator"].head(MOST_LOCATORS).to_list()),
    )
    if how == "count":
        return float(rows.height), record
    if how == "value" and rows.height > 1:
        raise DataError(
            f"{rows.height} rows of '{table}' match where one was asked for",
            where=f"table {table}, {_told(where)}: {', '.join(record.locators[:3])}",
            mend=f"name every column of the key: {', '.join(entry.key)}",
        )
    _not_mixed(rows, entry, where)
    if rows.height == missing:
        return None, record
    # An exactly rounded sum: the order of the rows cannot change the last digit.
    return math.fsum(rows[column].drop_nulls().to_list()), record


def check_rows(store: Store, rows: Rows, value: float | None) -> tuple[bool, str]:
    """Whether the store still says `value` for the record, and what it says now where it does not."""
    found, now = read_rows(store, rows.table, rows.where, rows.column, rows.how)
    said = []
    if found != value:
        said.append(f"the store now says {found}, the record says {value}")
    for name in ("count", "missing", "snapshots", "locators"):
        if getattr(now, name) != getattr(rows, name):
            said.append(f"{name}: now {getattr(now, name)}, recorded {getattr(rows, name)}")
    return not said, "; ".join(said)


def _numeric(entry: Schema, column: str, how: str) -> None:
    dtype = entry.column(column).column.dtype
    if how != "count" and not dtype.is_numeric():
        raise DataError(
            f"column '{column}' of '{entry.table}' holds no numbers",
            where=f"table {entry.table}",
            mend="count it instead",
        )


def _rule(entry: Schema, where: Where) -> pl.Expr:
    rules = []
    for name, wanted in where.items():
        dtype = entry.column(name).column.dtype
        several = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
        try:
            values = pl.Series(several, strict=True).cast(dtype)
        except (TypeError, pl.exceptions.PolarsError):
            raise DataError(
                f"{several!r} cannot stand in column '{name}'",
                where=f"table {entry.table}, column {name}",
                why=f"the column holds {dtype}",
                mend="give values of that type",
            ) from None
        rules.append(pl.col(name).is_in(values.to_list()))
    return pl.all_horizontal(rules)


def _not_mixed(rows: pl.DataFrame, entry: Schema, where: Where) -> None:
    for name in entry.single:
        found = rows[name].unique().sort().to_list()
        if len(found) > 1:
            raise DataError(
                f"the rows of '{entry.table}' differ in '{name}', which may not be added up",
                where=f"table {entry.table}, {_told(where)}",
                why=f"found {', '.join(str(value) for value in found[:6])}",
                mend=f"say which '{name}' is meant",
            )


def _told(where: Where) -> str:
    return "; ".join(f"{name}={value}" for name, value in where.items())
