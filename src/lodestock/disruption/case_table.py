"""A hand-made CSV table as people and spreadsheets write it: read row by row, with the line of each (MODEL §4.3).

Cells are separated by commas, semicolons or tabs, whichever the first line uses; with semicolons a number may have a
decimal comma, as spreadsheets write it in Dutch. Rows without any text are passed over.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lodestock.errors import InputError

EARLIEST = dt.date(1990, 1, 1)
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells without spaces around them; an absent cell is empty text."""

    line: int
    cells: Mapping[str, str]
    separator: str

    def text(self, name: str) -> str:
        """The text under a column; empty where the column or cell is absent."""
        return self.cells.get(name, "")

    def number(self, name: str) -> float:
        """The number under a column; raises InputError for what is none."""
        text = self.text(name)
        try:
            return float(text.replace(",", ".") if self.separator == ";" else text)
        except ValueError:
            raise InputError(f"{name} '{text}' is no number") from None

    def day(self, name: str) -> dt.date | None:
        """The day under a column, None where it is empty; raises InputError for what is none, or before 1990."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = dt.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            serial = text.replace(".", "").isdecimal() and len(text) >= 5
            hint = "; the number of a spreadsheet: give the column the format yyyy-mm-dd" if serial else ""
            raise InputError(f"{name} '{text}' is no date (YYYY-MM-DD{hint})") from None
        if found < EARLIEST:
            raise InputError(f"{name} {found} lies before {EARLIEST.year}")
        return found


def read_lines(path: str | Path, what: str) -> list[str]:
    """The lines of a text file in UTF-8; raises InputError, naming `what` it holds."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"the {what} cannot be read", where=str(path), why=str(error.strerror)) from None
    except UnicodeDecodeError:
        raise InputError(
            f"the {what} are not UTF-8 text", where=str(path), mend="save the table as CSV UTF-8, not as a workbook"
        ) from None
    if not text.strip():
        raise InputError("the file is empty", where=str(path), mend=f"write a line of column names, then the {what}")
    return text.splitlines()


def separator_of(line: str) -> str:
    """What separates the cells of a header: the most frequent of comma, semicolon and tab."""
    return max(_SEPARATORS, key=line.count)


def header_of(lines: Sequence[str], where: str) -> list[str]:
    """The names of the columns; raises InputError where one stands twice."""
    if not lines:
        return []
    names = [name.strip() for name in next(csv.reader(lines[:1], delimiter=separator_of(lines[0])))]
    while names and not names[-1]:
        names.pop()  # separators after the last column
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"column '{twice}' stands twice", where=f"{where}, line 1", mend="keep one of them")
    return names


def rows_of(lines: Sequence[str], where: str) -> Iterator[Row]:
    """The rows below the header; raises InputError for a row that cannot be read or has more cells than columns."""
    separator, names = separator_of(lines[0]), header_of(lines, where)
    reader = csv.reader(lines[1:], delimiter=separator)
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                "a row cannot be read", where=f"{where}, line {reader.line_num + 1}", why=str(error)
            ) from None
        if any(cells):
            extra = {"": "more cells than columns"} if any(cells[len(names) :]) else {}
            yield Row(reader.line_num + 1, dict(zip(names, cells, strict=False)) | extra, separator)
