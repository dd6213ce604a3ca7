"""One's own counts of granted licences on some days, for those who have no dated cases.

Columns: population, starts, on, filed, granted. starts: first day of the regime; on: the day of the count; dates are
YYYY-MM-DD. A row with an impossible date or count is refused by line.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from lodestock.disruption.cases import MONTH_DAYS
from lodestock.disruption.ridge import Snapshot
from lodestock.errors import InputError, nearest

COLUMNS = ("population", "starts", "on", "filed", "granted")


def is_snapshot_table(path: str | Path) -> bool:
    """Whether a CSV file holds counts on days and not dated cases, by its header."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as handle:
            header = [name.strip() for name in next(csv.reader(handle), [])]
    except (OSError, UnicodeDecodeError):
        return False  # reading the cases tells what is wrong with the file
    return "filed" in header and "id" not in header


def read_snapshots(path: str | Path) -> tuple[Snapshot, ...]:
    """The snapshots in a CSV file; raises InputError with every faulty line."""
    file = Path(path)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError("the counts cannot be read", where=str(path), why=str(error.strerror)) from None
    except UnicodeDecodeError:
        raise InputError("the counts are not UTF-8 text", where=str(path), mend="save the table as CSV UTF-8") from None
    return parse_snapshots(lines, where=file.name)


def parse_snapshots(lines: Sequence[str], *, where: str) -> tuple[Snapshot, ...]:
    """The snapshots in the lines of a CSV table; see `read_snapshots`."""
    reader = csv.DictReader(lines)
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = header
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
    for row in reader:
        try:
            found.append(_snapshot(row))
        except InputError as fault:
            faults.append(f"line {reader.line_num}: {fault.what}")
    if faults:
        raise InputError(
            f"{len(faults)} of the counts are not possible", where=where, why="; ".join(faults), mend="mend these lines"
        )
    if not found:
        raise InputError("the table holds no counts", where=where, mend="give one row for each population and day")
    return tuple(found)


def _snapshot(row: dict[str, str | None]) -> Snapshot:
    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    if None in row:
        raise InputError("more cells than columns")
    if not text("population"):
        raise InputError("no population")
    starts, on = (_day(text(name), name) for name in ("starts", "on"))
    filed, granted = (_count(text(name), name) for name in ("filed", "granted"))
    if on <= starts:
        raise InputError(f"{on} does not lie after the start on {starts}")
    if filed == 0 or granted > filed:
        raise InputError(f"{granted} granted of {filed} filed")
    return Snapshot(text("population"), (on - starts).days / MONTH_DAYS, granted / filed, 0.0, filed, granted)


def _day(text: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} '{text}' is no date (YYYY-MM-DD)") from None


def _count(text: str, name: str) -> int:
    if not text.isdigit():
        raise InputError(f"{name} '{text}' is no whole number of 0 or more")
    return int(text)
