"""The schema registry: every column declared once, every table as a list of columns, and the check against both."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from lodestock.errors import DataError, UnknownNameError, nearest
from lodestock.evidence import names

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
NO_VALUE = ("withheld", "missing")  # statuses under which a number is absent; under the others it must be there
DTYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "int16": pl.Int16(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "float64": pl.Float64(),
    "bool": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, wherever it stands: what it means, its unit and what it may hold.

    low, high: inclusive bounds of a number; allowed: the only texts that may stand in it, where
    `@country` stands for the alpha-3 codes of the vocabulary.
    """

    name: str
    dtype: pl.DataType
    unit: str
    low: float | None
    high: float | None
    allowed: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as a table uses it.

    key:      part of the key; keys are unique.
    block:    part of the block: the smallest unit that one snapshot supplies as a whole (see `merge`).
    single:   a sum may not run over more than one value of this column.
    nullable: "no", "yes", or the name of a status column: absent exactly when that status is withheld or missing.
    """

    column: Column
    key: bool
    block: bool
    single: bool
    nullable: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A table: its columns in order."""

    table: str
    columns: tuple[TableColumn, ...]

    @property
    def names(self) -> list[str]:
        """All column names in order."""
        return [entry.column.name for entry in self.columns]

    @property
    def key(self) -> list[str]:
        """The columns that together name one row."""
        return [entry.column.name for entry in self.columns if entry.key]

    @property
    def block(self) -> list[str]:
        """The columns that name a block; the whole key where no block is declared."""
        return [entry.column.name for entry in self.columns if entry.block] or self.key

    @property
    def single(self) -> list[str]:
        """The columns over which nothing may be summed."""
        return [entry.column.name for entry in self.columns if entry.single]

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Column name → type in the store."""
        return {entry.column.name: entry.column.dtype for entry in self.columns}

    def column(self, name: str) -> TableColumn:
        """The column of that name; an unknown one raises with the nearest offered."""
        for entry in self.columns:
            if entry.column.name == name:
                return entry
        raise UnknownNameError("column", name, self.names, where=f"table {self.table}")


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def columns() -> dict[str, Column]:
    """Every declared column by name, from `reference/columns.csv`."""
    found: dict[str, Column] = {}
    with (REFERENCE / "columns.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            name = row["name"]
            if name in found:
                raise DataError(f"column '{name}' is declared twice", where="reference/columns.csv")
            if row["dtype"] not in DTYPES:
                raise UnknownNameError("column type", row["dtype"], DTYPES, where=f"reference/columns.csv, {name}")
            allowed = tuple(row["allowed"].split("|")) if row["allowed"] else ()
            low, high = _number(row["min"]), _number(row["max"])
            found[name] = Column(name, DTYPES[row["dtype"]], row["unit"], low, high, allowed, row["definition"])
    return found


@cache
def tables() -> dict[str, Schema]:
    """Every declared table by name, from `reference/tables.csv`."""
    declared = columns()
    found: dict[str, list[TableColumn]] = {}
    with (REFERENCE / "tables.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            name = row["column"]
            if name not in declared:
                raise UnknownNameError("column", name, declared, where=f"reference/tables.csv, table {row['table']}")
            entry = TableColumn(
                declared[name], row["key"] == "yes", row["block"] == "yes", row["single"] == "yes", row["nullable"]
            )
            found.setdefault(row["table"], []).append(entry)
    return {table: Schema(table, tuple(entries)) for table, entries in found.items()}


def schema(table: str) -> Schema:
    """The schema of a table; an unknown table raises with the nearest offered."""
    known = tables()
    if table not in known:
        raise UnknownNameError("table", table, known)
    return known[table]


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The frame with the table's columns in order, cast to their types; a missing column raises."""
    entry = schema(table)
    _check_names(frame.columns, entry, extra_allowed=True)
    return frame.select([pl.col(name).cast(dtype) for name, dtype in entry.dtypes.items()])


def validate(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The frame itself when it keeps to the schema: names, types, absence, ranges, allowed values, unique keys.

    Raises DataError that names the table, the column and the first rows that break the rule with their locators.
    """
    entry = schema(table)
    _check_names(frame.columns, entry, extra_allowed=False)
    for name, dtype in entry.dtypes.items():
        if frame.schema[name] != dtype:
            raise DataError(
                f"column '{name}' of table '{table}' has type {frame.schema[name]}",
                where=f"table {table}, column {name}",
                why=f"the schema declares {dtype}",
                mend="cast the column where the table is made",
            )
    for use in entry.columns:
        _check_absence(frame, entry, use)
        _check_range(frame, entry, use.column)
        _check_allowed(frame, entry, use.column)
    _check_key(frame, entry)
    return frame


def _check_names(have: Iterable[str], entry: Schema, *, extra_allowed: bool) -> None:
    present = list(have)
    missing = [name for name in entry.names if name not in present]
    if missing:
        offers = [f"'{name}' (nearest: {', '.join(nearest(name, present)) or 'none'})" for name in missing]
        raise DataError(
            f"table '{entry.table}' lacks column {', '.join(offers)}",
            where=f"table {entry.table}",
            why=f"found the columns {', '.join(present)}",
            mend="give every column that reference/tables.csv declares",
        )
    extra = [name for name in present if name not in entry.names]
    if extra and not extra_allowed:
        raise DataError(
            f"table '{entry.table}' has undeclared column {', '.join(extra)}",
            where=f"table {entry.table}",
            mend="declare it in reference/columns.csv and reference/tables.csv, or leave it out",
        )


def broken(frame: pl.DataFrame, entry: Schema, rule: pl.Expr, column: str, why: str, mend: str) -> None:
    """Raise DataError with the first rows of the frame for which `rule` holds; return when there are none."""
    bad = frame.filter(rule)
    if bad.is_empty():
        return
    shown = []
    for row in bad.head(3).iter_rows(named=True):
        place = row.get("locator") or "row without locator"
        shown.append(f"{place}: {row.get(column)!r}")
    snapshots = ", ".join(bad["snapshot"].unique().sort().to_list()) if "snapshot" in bad.columns else ""
    raise DataError(
        f"column '{column}' of table '{entry.table}' breaks its rule in {bad.height} of {frame.height} rows",
        where=f"{'snapshot ' + snapshots + ', ' if snapshots else ''}{'; '.join(shown)}",
        why=why,
        mend=mend,
    )


def _check_absence(frame: pl.DataFrame, entry: Schema, use: TableColumn) -> None:
    name, rule = use.column.name, use.nullable
    if rule == "yes":
        return
    if rule == "no":
        broken(frame, entry, pl.col(name).is_null(), name, "a value must stand here", "give the value")
        return
    absent = pl.col(rule).is_in(NO_VALUE)
    why = f"a value is absent exactly when {rule} is withheld or missing"
    broken(frame, entry, pl.col(name).is_null() != absent, name, why, "never fill in zero; state the status")


def _check_range(frame: pl.DataFrame, entry: Schema, column: Column) -> None:
    value = pl.col(column.name)
    if column.dtype == pl.Float64():
        broken(frame, entry, value.is_not_null() & ~value.is_finite(), column.name, "not a number", "give a number")
    if column.low is not None:
        why = f"smallest allowed value is {column.low:g} {column.unit}".rstrip()
        broken(frame, entry, value < column.low, column.name, why, "correct the value or its unit at the source")
    if column.high is not None:
        why = f"largest allowed value is {column.high:g} {column.unit}".rstrip()
        broken(frame, entry, value > column.high, column.name, why, "correct the value or its unit at the source")


def _check_allowed(frame: pl.DataFrame, entry: Schema, column: Column) -> None:
    if not column.allowed:
        return
    value = pl.col(column.name)
    found = frame[column.name].drop_nulls().unique().to_list()
    bad = [text for text in found if text not in column.allowed]
    if "@country" in column.allowed:
        bad = names.not_countries(bad)
    if bad:
        shown = ", ".join(column.allowed[:12]).replace("@country", "alpha-3 country codes")
        near = ", ".join(nearest(bad[0], column.allowed))
        mend = f"nearest: {near}" if near else "use one of the allowed values"
        broken(frame, entry, value.is_in(bad), column.name, f"allowed: {shown}", mend)


def _check_key(frame: pl.DataFrame, entry: Schema) -> None:
    key = entry.key
    if not key or not frame.select(pl.struct(key).is_duplicated().any()).item():
        return
    rule = pl.struct(key).is_duplicated()
    twins = frame.filter(rule).sort(key, maintain_order=True)
    first = {name: twins[name][0] for name in key}
    places = ", ".join(str(place) for place in twins["locator"].head(4)) if "locator" in twins.columns else ""
    raise DataError(
        f"table '{entry.table}' holds {twins.height} rows whose key stands there more than once",
        where=f"{places}: {first}",
        why=f"the key is {', '.join(key)}",
        mend="keep one row for each key",
    )
