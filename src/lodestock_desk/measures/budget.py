"""Money of a measure by year, national and European, structural and one-off side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lodestock_desk.measures.changes import euros
from lodestock_desk.measures.models import BudgetLine
from lodestock_desk.measures.words import Both, Level


@dataclass(frozen=True, slots=True)
class Year:
    """What is on record for a year [€]; None where nothing is on record, which is not 0."""

    year: int
    national: Decimal | None
    eu: Decimal | None
    structural: Decimal | None
    one_off: Decimal | None

    @property
    def cells(self) -> tuple[Both | None, ...]:
        """The amounts in words, in this order."""
        return tuple(None if x is None else euros(x) for x in (self.national, self.eu, self.structural, self.one_off))


def by_year(lines: Iterable[BudgetLine]) -> list[Year]:
    """The rows in force summed by year."""
    rows = list(lines)
    return [
        Year(
            year,
            _sum(r for r in rows if r.year == year and r.level == Level.NATIONAL),
            _sum(r for r in rows if r.year == year and r.level == Level.EU),
            _sum(r for r in rows if r.year == year and r.structural),
            _sum(r for r in rows if r.year == year and not r.structural),
        )
        for year in sorted({r.year for r in rows})
    ]


def _sum(lines: Iterable[BudgetLine]) -> Decimal | None:
    amounts = [line.amount_eur for line in lines]
    return sum(amounts, Decimal(0)) if amounts else None
