"""What the loaders share: numbers with their place in the file, the year in a name, and the check on what was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lodestock.economy.io_system import InputOutputTable, require_sound
from lodestock.errors import InputError

Floats = NDArray[np.float64]


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
