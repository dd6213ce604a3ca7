"""What a lacking tonne costs, as steps for the planner: read from the table that `lodestock impact` publishes.

The steps are those of one country's use by sector. They are taken for every country's use of the last stage, which is a
judgement; use of earlier stages is worth the lowest step, because no table says what it is worth.
"""

from __future__ import annotations

import csv
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
COLUMNS = ("keur_per_t", "use_t_per_yr")


@dataclass(frozen=True, slots=True)
class ValueSteps:
    """Loss per tonne not delivered, rising: values [k€/t], widths [share of use, sum 1]; sha256 of the file."""

    values: tuple[float, ...]
    widths: tuple[float, ...]
    sha256: str

    def arrays(self, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
        """Values and widths [K, C, J] for a network of shape (K, C)."""
        worth = np.full((*shape, len(self.values)), self.values[0])
        worth[-1] = self.values
        return worth, np.broadcast_to(np.array(self.widths), worth.shape).copy()


def read_value_steps(path: Path) -> ValueSteps:
    """The steps in a CSV table with the columns keur_per_t and use_t_per_yr; faults are refused by line."""
    try:
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError("cannot read the values", where=str(path), why=error.strerror or "unreadable") from None
    except UnicodeDecodeError:
        raise InputError("the values are not UTF-8 text", where=str(path), mend="save the file as UTF-8") from None
    table = csv.DictReader(lines)
    lacking = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if lacking:
        raise InputError(
            f"the table of values has no column {', '.join(lacking)}", where=str(path),
            mend="give value_per_tonne.csv of lodestock impact, or a table with these columns",
        )  # fmt: skip
    found = [tuple(_number(row, name, f"{path}, line {n}") for name in COLUMNS) for n, row in enumerate(table, 2)]
    held = sorted(pair for pair in found if pair[1] > 0.0)
    total = sum(use for _, use in held)
    if not held:
        raise InputError("the table of values holds no use", where=str(path), mend="give a row with use above 0")
    return ValueSteps(
        tuple(value for value, _ in held), tuple(use / total for _, use in held), hashlib.sha256(raw).hexdigest()
    )


def _number(row: dict[str, str], name: str, where: str) -> float:
    try:
        value = float(row[name] or "")
    except (TypeError, ValueError):
        raise InputError(
            f"'{row[name]}' is not a number", where=f"{where}, {name}", mend="write 12.5, or leave the row out"
        ) from None
    if not (math.isfinite(value) and value >= 0.0):
        raise InputError(f"{value:g} cannot be a {name}", where=where, mend="give 0 or more")
    return value
