"""Working days in China: by hand and against numpy's business days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from lodestock.disruption.calendar import parse_calendar, read_calendar
from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.marks import Mark


def test_golden_week_by_hand():
    calendar = read_calendar("cn")
    # 1–8 October 2025 are off; Sunday 28 September and Saturday 11 October are worked
    assert calendar.between(dt.date(2025, 9, 26), dt.date(2025, 10, 11)) == 6
    assert calendar.add(dt.date(2025, 9, 30), 1) == dt.date(2025, 10, 9)
    assert not calendar.is_working(dt.date(2026, 2, 17))
    assert calendar.mark is Mark.PRIOR


def test_45_working_days_from_the_first_controls():
    # filed 4 April 2025: 7–25 April 15, Sunday 27–30 April 19, 6–9 May 23, 12–30 May 38, 3–6 June 42, 9–11 June 45
    calendar = read_calendar("cn")
    end = calendar.add(dt.date(2025, 4, 4), 45)
    plain = np.busday_count("2025-04-05", np.datetime64(end) + 1)
    off = sum(day.weekday() < 5 and dt.date(2025, 4, 4) < day <= end for day in calendar.holidays)
    worked = sum(dt.date(2025, 4, 4) < day <= end for day in calendar.worked)
    assert plain - off + worked == 45
    assert end == dt.date(2025, 6, 11)
    assert calendar.is_working(end)


def test_adding_and_counting_are_inverse():
    calendar = read_calendar("cn")
    for days in range(0, 200, 7):
        assert calendar.between(dt.date(2025, 1, 6), calendar.add(dt.date(2025, 1, 6), days)) == days


def test_each_year_has_its_statutory_working_days():
    calendar = read_calendar("cn")
    # 11 statutory holidays in 2024 and 13 from 2025 on: working days = weekdays − the holidays, exchanges cancel out
    counts = {year: calendar.between(dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2024, 2025, 2026)}
    assert counts == {2024: 251, 2025: 248, 2026: 248}


def test_nothing_is_assumed_outside_the_covered_years():
    with pytest.raises(InputError, match="does not cover 2027"):
        read_calendar("cn").add(dt.date(2026, 12, 1), 45)
    with pytest.raises(UnknownNameError):
        read_calendar("cm")
    with pytest.raises(InputError, match="cannot be read"):
        parse_calendar("name: x", where="x.yml")
    with pytest.raises(InputError, match="weekend"):
        parse_calendar(
            "{name: x, mark: prior, source: y, years: {2025: {closed: [], worked: [2025-01-06]}}}", where="x.yml"
        )
