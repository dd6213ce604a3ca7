"""The clock of an office that counts working days: weekends, public holidays and days worked in exchange (MODEL §4.2).

A statutory term of 45 working days is about two months, and longer over Spring Festival. The calendars are data
(`reference/calendars/*.yml`), each day list with its mark and source; outside the years they cover nothing is assumed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import yaml

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.marks import Mark

FOLDER = Path(__file__).parent.parent / "reference" / "calendars"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """holidays: days off besides weekends; worked: weekend days that are worked; years: those that are covered."""

    name: str
    holidays: frozenset[dt.date]
    worked: frozenset[dt.date]
    years: frozenset[int]
    mark: Mark
    source: str

    def is_working(self, day: dt.date) -> bool:
        """Whether the office works on a day; raises for a year that is not covered."""
        if day.year not in self.years:
            raise InputError(
                f"the calendar '{self.name}' does not cover {day.year}",
                why=f"it covers {', '.join(map(str, sorted(self.years)))}",
                mend="add the year's public holidays to the calendar file",
            )
        return day in self.worked or (day.weekday() < 5 and day not in self.holidays)

    def add(self, start: dt.date, days: int) -> dt.date:
        """The day on which the term of `days` working days ends; the day of filing does not count."""
        if days < 0:
            raise InputError("a term has 0 working days or more", why=str(days))
        day = start
        for _ in range(days):
            day += dt.timedelta(days=1)
            while not self.is_working(day):
                day += dt.timedelta(days=1)
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`."""
        if end < start:
            raise InputError("the end lies before the start", why=f"{start} and {end}")
        span = (end - start).days
        return sum(self.is_working(start + dt.timedelta(days=n + 1)) for n in range(span))


def read_calendar(name: str) -> WorkingCalendar:
    """A calendar that ships, such as 'cn'."""
    file = FOLDER / f"{name}.yml"
    if not file.is_file():
        raise UnknownNameError("calendar", name, [path.stem for path in FOLDER.glob("*.yml")])
    return parse_calendar(file.read_text(encoding="utf-8"), where=file.name)


def parse_calendar(text: str, *, where: str) -> WorkingCalendar:
    """A calendar from YAML: name, mark, source, and for each year `closed` (days or [first, last]) and `worked`
    days.
    """
    try:
        content = yaml.safe_load(text)
        off: set[dt.date] = set()
        worked: set[dt.date] = set()
        for entry in content["years"].values():
            for item in entry["closed"]:
                first, last = (item, item) if isinstance(item, dt.date) else item
                off.update(first + dt.timedelta(days=n) for n in range((last - first).days + 1))
            worked.update(entry["worked"])
        years = frozenset(int(year) for year in content["years"])
        found = WorkingCalendar(
            content["name"], frozenset(off), frozenset(worked), years, Mark(content["mark"]), content["source"]
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "the calendar cannot be read", where=where, why=str(error), mend="give name, mark, source and years"
        ) from None
    strange = [day for day in worked if day.weekday() < 5 or day in off]
    outside = [day for day in off | worked if day.year not in years]
    if strange or outside:
        raise InputError(
            "a worked day must fall in a weekend and not be a holiday, and each day in a covered year",
            where=where,
            why=str(min([*strange, *outside])),
        )
    return found
