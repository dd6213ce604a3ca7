"""Corrections as data: a row says what is wrong in a source, what it should be and why.

A correction of a shipped extract that stops matching fails, because then the source or the reading has changed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from lodestock.errors import DataError
from lodestock.evidence.columns import REFERENCE

_FILE = REFERENCE / "sources" / "corrections.csv"
DROP = "(drop row)"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: in rows of `source` where `match` holds, `column` reads `new` instead of `old`.

    file:  the shipped extract that it is about.
    match: `column=value` pairs joined by `;`, or empty for every row whose `column` holds `old`.
    rows:  how many rows it corrects in the shipped extract.
    """

    source: str
    file: str
    match: tuple[tuple[str, str], ...]
    column: str
    old: str
    new: str
    rows: int
    reason: str


@cache
def corrections() -> tuple[Correction, ...]:
    """Every correction, from `reference/sources/corrections.csv`."""
    with _FILE.open(encoding="utf-8", newline="") as handle:
        return tuple(_read(row) for row in csv.DictReader(handle))


def _read(row: dict[str, str]) -> Correction:
    match = tuple((name, value) for name, _, value in (part.partition("=") for part in row["match"].split(";") if part))
    return Correction(
        row["source"], row["file"], match, row["column"], row["old"], row["new"], int(row["rows"]), row["reason"]
    )


def correct(frame: pl.DataFrame, source: str, *, extract: Path | None = None) -> pl.DataFrame:
    """The frame (texts as printed) with the corrections of `source` applied.

    extract: the shipped extract being read; then every correction of it must match exactly as many
    rows as it says, because a correction that no longer matches means that the source or the reading has changed.
    For a provider's own file (None) a correction that does not match is not needed and is passed over.
    """
    for entry in corrections():
        columns = {entry.column, *(name for name, _ in entry.match)}
        if entry.source != source or (extract is not None and entry.file != extract.name):
            continue
        lacks = columns - set(frame.columns)
        if lacks and extract is None:
            continue
        rule = pl.col(entry.column) == entry.old
        for name, value in entry.match:
            rule &= pl.col(name) == value
        hit = 0 if lacks else frame.select(rule.fill_null(False).sum()).item()
        if extract is not None and hit != entry.rows:
            raise DataError(
                f"a correction of '{entry.column}' in source '{source}' no longer matches",
                where=f"reference/sources/corrections.csv: {entry.old!r} → {entry.new!r}; file {extract.name}",
                why=f"it matches {hit} rows, it says {entry.rows}",
                mend="see whether the source was mended, then change or remove the correction",
            )
        if entry.new == DROP:
            frame = frame.filter(~rule.fill_null(False))
        else:
            changed = pl.when(rule).then(pl.lit(entry.new)).otherwise(pl.col(entry.column))
            frame = frame.with_columns(changed.alias(entry.column))
    return frame
