"""The safe level of strategic stocks of the Critical Raw Materials Act, in tonnes.

Regulation (EU) 2024/1252, art. 23: the Commission benchmarks a safe level of the Union's strategic stocks against
the average daily net imports over the previous calendar year. The number of days is not in the act; it is chosen.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass

from lodestock.errors import InputError


@dataclass(frozen=True, slots=True)
class SafeLevel:
    """tonnes: the level; daily: average daily net imports [t/day]; covered: days that the present stock covers, None
    when nothing is imported net; short: tonnes missing to the level."""

    days: float
    daily: float
    tonnes: float
    covered: float | None
    short: float


def safe_level(imports: float, exports: float, days: float, *, year: int, stock: float = 0.0) -> SafeLevel:
    """Average daily net imports of a calendar year × days.

    imports, exports: contained tonnes in `year`; days ≥ 0; stock: tonnes held. A net exporter has a safe level of 0,
    and its days of cover have no meaning (None).
    """
    if not all(0.0 <= one < math.inf for one in (imports, exports, days, stock)):
        raise InputError(
            "a quantity is negative or not a number",
            where="safe level",
            why=f"imports {imports}, exports {exports}, days {days}, stock {stock}",
            mend="give tonnes and days of 0 or more",
        )
    length = 366 if calendar.isleap(year) else 365
    daily = (imports - exports) / length
    level = max(daily, 0.0) * days
    return SafeLevel(days, daily, level, stock / daily if daily > 0.0 else None, max(level - stock, 0.0))
