"""When something is due: the dated rule for written questions, the next day of a recurring commitment.

The rules are rows of data/due_rules.csv, each with the days from which and until which it applies and its source.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from lodestock.errors import DataError, InputError
from lodestock_desk.parliament.words import Rhythm

_MONTHS = {Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Rule:
    """A term: `days` after receipt; `extended_days` after receipt once a notice of delay with reasons was sent."""

    id: str
    kind: str
    valid_from: date
    valid_until: date | None
    days: int
    extended_days: int
    name_nl: str
    name_en: str
    source: str
    read_on: date

    def due(self, received: date, *, delayed: bool) -> date:
        """The last day on which an answer is in time."""
        return received + timedelta(days=self.extended_days if delayed else self.days)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, oldest first."""
    with resources.files("lodestock_desk.parliament").joinpath("data/due_rules.csv").open(encoding="utf-8") as file:
        return tuple(_rule(row) for row in csv.DictReader(file))


def _rule(row: dict[str, str]) -> Rule:
    until = date.fromisoformat(row["valid_until"]) if row["valid_until"] else None
    return Rule(
        row["id"], row["kind"], date.fromisoformat(row["valid_from"]), until, int(row["days"]),
        int(row["extended_days"]), row["name_nl"], row["name_en"], row["source"], date.fromisoformat(row["read_on"]),
    )  # fmt: skip


def rule_for(kind: str, received: date) -> Rule | None:
    """The rule that applies to a kind of piece received on a day; None where no rule sets a term (a letter)."""
    found = [
        r
        for r in rules()
        if r.kind == kind and r.valid_from <= received and (not r.valid_until or received <= r.valid_until)
    ]
    if len(found) > 1:
        raise DataError("two rules apply on one day", where=f"due_rules.csv, {kind}, {received}")
    return found[0] if found else None


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_due(due: date, rhythm: str) -> date | None:
    """When a recurring commitment is due again; None for one that was promised once."""
    if rhythm == Rhythm.ONCE:
        return None
    if rhythm not in _MONTHS:
        raise InputError("unknown rhythm", where=rhythm)
    return add_months(due, _MONTHS[Rhythm(rhythm)])
