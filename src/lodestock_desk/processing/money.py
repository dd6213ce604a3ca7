"""What is asked, promised and missing, and which instruments fit: the library's sums over the rows of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lodestock.measures.finance import Ask, BudgetLine, Level, Match, YearGap, funding_gap, match_all
from lodestock.measures.finance_book import instruments
from lodestock_desk.core.numbers import typed_number
from lodestock_desk.processing import words
from lodestock_desk.processing.models import FundingRow, Project
from lodestock_desk.processing.words import Strategic

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """A year of one level [EUR]: None where no row knows it; unknown: rows that know only one of the two."""

    asked: float | None
    promised: float | None
    missing: float | None
    unknown: int
    lines: int


@dataclass(frozen=True, slots=True)
class YearView:
    """One year, national and European side by side; None where there is no row."""

    year: int
    national: Side | None
    eu: Side | None

    @property
    def sides(self) -> tuple[tuple[str, Side | None], ...]:
        """Both with their names."""
        return ((str(words.Level.NATIONAL.label), self.national), (str(words.Level.EU.label), self.eu))


def gap(rows: Iterable[FundingRow]) -> list[YearView]:
    """A line per year over all given rows."""
    lines = [_line(row) for row in rows]
    found = {(g.year, g.level): _side(g, lines) for g in funding_gap(lines)}
    years = sorted({year for year, _level in found})
    return [YearView(y, found.get((y, Level.NATIONAL)), found.get((y, Level.EU))) for y in years]


def _side(sums: YearGap, lines: list[BudgetLine]) -> Side:
    """The library's sums; a sum over no known amount is not known, not zero."""
    of = [line for line in lines if (line.year, line.level) == (sums.year, sums.level)]
    asked = any(line.asked is not None for line in of)
    promised = any(line.promised is not None for line in of)
    return Side(
        sums.asked if asked else None, sums.promised if promised else None,
        sums.missing if sums.unknown < sums.lines else None, sums.unknown, sums.lines,
    )  # fmt: skip


def _line(row: FundingRow) -> BudgetLine:
    return BudgetLine(
        str(row.project_id), row.year, Level(row.level), _euros(row.asked_meur), _euros(row.promised_meur), row.source,
        row.structural,
    )  # fmt: skip


def _euros(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount * _MILLION)


def asked_meur(rows: Iterable[FundingRow]) -> Decimal | None:
    """All that is asked for a project; None where nothing is noted."""
    known = [row.asked_meur for row in rows if row.asked_meur]
    return sum(known, Decimal(0)) if known else None


def amount_typed(text: str) -> tuple[Decimal | None, str]:
    """A number of millions of euros as people write it, and what is wrong with it; nothing typed is neither."""
    if not text.strip():
        return None, ""
    try:
        amount = typed_number(text)
    except ValidationError as error:
        if error.code == "two":
            return None, " ".join(error.messages)
        amount = Decimal(0)
    if 0 < amount < _MILLION:
        return amount, ""
    return None, _("This is not an amount in millions of euros above 0 and below a million: %(text)s") % {"text": text}


def over_cost(amount: Decimal, project: Project) -> bool:
    """Whether more is asked than the project costs, which cannot both be right."""
    return bool(project.cost_meur) and amount > (project.cost_meur or 0)


def matches(project: Project, amount_meur: Decimal | None, day: date) -> list[Match]:
    """Every instrument held against a project that asks for an amount, what fits first."""
    cost = _euros(project.cost_meur) or None
    amount = _euros(amount_meur) or None
    strategic = {Strategic.RECOGNISED: True, Strategic.UNKNOWN: None}.get(Strategic(project.strategic), False)
    ask = Ask(project.stage, project.phase, project.country, project.site, strategic, amount, cost, day)
    return match_all(ask, instruments().values())
