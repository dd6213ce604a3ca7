"""What the loaders share: numbers with their place in the file, the year in a name, and the check on what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import InputOutputTable, require_sound
from lodestock.errors import InputError

Floats = NDArray[np.float64]


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say what is wrong with a text file that cannot be read: empty, a web page, packed, not UTF-8, irregular."""
    with path.open("rb") as stream:
        head = stream.read(64)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    packed = head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf"))
    for what, found, mend in (
        ("the file is empty", not head, "download the file again"),
        ("the file is a web page, not a table", start.startswith((b"<!doctype", b"<html", b"<?xml")),
         "the download gave a page (a login or an error); save the data file"),
        ("the file is packed", packed, "unzip it first and give the file inside"),
        ("the file is not UTF-8 text", head.startswith((b"\xff\xfe", b"\xfe\xff")), "save it as UTF-8"),
    ):  # fmt: skip
        if found:
            raise InputError(what, where=str(path), mend=mend)
    try:
        yield
    except (UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        why = str(error).splitlines()[0]
        utf8 = isinstance(error, UnicodeDecodeError) or "utf-8" in why.lower()
        raise InputError(
            "the file is not UTF-8 text" if utf8 else "the file is not a regular table", where=str(path), why=why,
            mend="save it as UTF-8, or download it again" if utf8 else "the file may be cut off: download it again",
        ) from None  # fmt: skip


def number(text: object, where: str) -> float:
    """A cell as a number; an empty or worded cell is refused with its place, because it is not zero."""
    try:
        value = float(str(text).strip()) if text is not None else float("nan")
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(
            f"'{'' if text is None else text}' is not a number", where=where,
            why="a cell without a number is unknown, not zero", mend="download the file again, or correct the cell",
        )  # fmt: skip
    return value


def year_in(name: str, path: Path) -> int:
    """The last year (19xx or 20xx) in a name; raises InputError when there is none."""
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    if not found:
        raise InputError(
            "the year of the table cannot be read from its name", where=str(path), why=f"'{name}' holds no year",
            mend="keep the provider's file name, which ends with the year",
        )  # fmt: skip
    return int(found[-1])


def column_letter(index: int) -> str:
    """The letter of a sheet's column, 0 = A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def block(
    cells: Sequence[Sequence[object]],
    rows: Sequence[int],
    columns: Sequence[int],
    sheet: str,
    *,
    blank: float | None = None,
) -> Floats:
    """Numbers of a sheet at rows × columns (0-based); a cell that is no number is refused as sheet!B7.

    blank: what an empty cell means where the provider says so (None: it is refused).
    """

    def value(r: int, c: int) -> float:
        if blank is not None and str(cells[r][c] or "").strip() == "":
            return blank
        return number(cells[r][c], f"{sheet}!{column_letter(c)}{r + 1}")

    return np.array([[value(r, c) for c in columns] for r in rows], dtype=np.float64)


def sound(table: InputOutputTable) -> InputOutputTable:
    """The table, once its balances hold; the error names cells and amounts."""
    require_sound(table)
    return table
