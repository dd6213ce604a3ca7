"""One's own counts of granted licences on some days, for those who have no dated cases.

Columns: population, starts, on, filed, granted. starts: first day of the regime; on: the day of the count; dates are
YYYY-MM-DD. A row with an impossible date or count is refused by line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from lodestock.disruption.case_table import Row, header_of, read_lines, rows_of
from lodestock.disruption.cases import MONTH_DAYS
from lodestock.disruption.ridge import Snapshot
from lodestock.errors import InputError, nearest

COLUMNS = ("population", "starts", "on", "filed", "granted")


def is_snapshot_table(path: str | Path) -> bool:
    """Whether a CSV file holds counts on days and not dated cases, by its header."""
    try:
        header = header_of(read_lines(path, "counts")[:1], str(path))
    except InputError:
        return False  # reading the cases tells what is wrong with the file
    return "filed" in header and "id" not in header


def read_snapshots(path: str | Path) -> tuple[Snapshot, ...]:
    """The snapshots in a CSV file; raises InputError with every faulty line."""
    return parse_snapshots(read_lines(path, "counts"), where=Path(path).name)


def parse_snapshots(lines: Sequence[str], *, where: str) -> tuple[Snapshot, ...]:
    """The snapshots in the lines of a CSV table; see `read_snapshots`."""
    header = header_of(lines, where)
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown:
        near = nearest(unknown[0], COLUMNS) if unknown else []
        raise InputError(
            "the columns are not those of a table of counts",
            where=where,
            why=f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}",
            mend=f"did you mean {near[0]}?" if near else f"columns: {', '.join(COLUMNS)}",
        )
    found, faults = [], []
    for row in rows_of(lines, where):
        try:
            found.append(_snapshot(row))
        except InputError as fault:
            faults.append(f"line {row.line}: {fault.what}")
    if faults:
        raise InputError(
            f"{len(faults)} of the counts are not possible", where=where, why="; ".join(faults), mend="mend these lines"
        )
    if not found:
        raise InputError("the table holds no counts", where=where, mend="give one row for each population and day")
    return tuple(found)


def _snapshot(row: Row) -> Snapshot:
    if row.text(""):
        raise InputError(row.text(""))
    if not row.text("population"):
        raise InputError("no population")
    starts, on = (_day(row, name) for name in ("starts", "on"))
    filed, granted = (_count(row.text(name), name) for name in ("filed", "granted"))
    if on <= starts:
        raise InputError(f"{on} does not lie after the start on {starts}")
    if filed == 0 or granted > filed:
        raise InputError(f"{granted} granted of {filed} filed")
    return Snapshot(row.text("population"), (on - starts).days / MONTH_DAYS, granted / filed, 0.0, filed, granted)


def _day(row: Row, name: str) -> dt.date:
    found = row.day(name)
    if found is None:
        raise InputError(f"no day under {name}")
    return found


def _count(text: str, name: str) -> int:
    if not text.isdigit():
        raise InputError(f"{name} '{text}' is no whole number of 0 or more")
    return int(text)
