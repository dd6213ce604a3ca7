"""Legal clocks: files worked out by hand, what must always hold, and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from lodestock.disruption.calendar import read_calendar
from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.measures.law_book import IN_FORCE, law_book, parse_law_book, permit_clock
from lodestock.measures.legal_clocks import (
    Events,
    Extension,
    Note,
    Running,
    Suspension,
    Unit,
    add_months,
    clock_state,
    compare_versions,
)

CASES = yaml.safe_load((Path(__file__).parent / "files" / "clocks.yml").read_text(encoding="utf-8"))
NL = read_calendar("nl")
BOOK = law_book()
PERMIT = BOOK.rule("permit-processing")
START = dt.date(2026, 1, 15)
days = st.dates(dt.date(2024, 1, 1), dt.date(2034, 12, 31))


def _events(case):
    stops = tuple(Suspension(s["first"], s.get("last"), s["ground"], s["reason"]) for s in case.get("suspensions", []))
    extension = Extension(**case["extension"]) if "extension" in case else None
    return Events(case["start"], stops, extension, case.get("ended"))


def test_a_stop_that_begins_in_the_weekend_after_the_last_day_ends_before_the_term():
    # 15 months from 17 January 2026 end on Saturday 17 April 2027, so on Monday 19; stopped from Sunday 18 to Thursday
    stop = Suspension(dt.date(2027, 4, 18), dt.date(2027, 4, 22), "assessment-report", "the report is being written")
    events = Events(dt.date(2026, 1, 17), (stop,))
    state = clock_state(PERMIT, events, dt.date(2027, 4, 22), calendar=NL)
    assert (state.running, state.deadline) == (Running.STOPPED, dt.date(2027, 4, 23))
    assert not clock_state(PERMIT, events, dt.date(2027, 4, 23), calendar=NL).late


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_files_worked_out_by_hand(case):
    state = clock_state(BOOK.rule(case["clock"]), _events(case), case["day"], calendar=NL)
    asked = {"running", "deadline", "earliest", "used", "left", "late_days", "suspended", "extended"} & case.keys()
    assert {key: getattr(state, key) for key in asked} == {key: case[key] for key in asked}
    assert state.late == (case.get("late_days", 0) > 0)


@given(days, st.integers(0, 60))
def test_months_against_dateutil(day, months):
    assert add_months(day, months) == day + relativedelta(months=months)


def test_dutch_holidays_against_dateutil_easter():
    from dateutil.easter import easter

    for year in NL.years:
        sunday = easter(year)
        movable = {sunday + dt.timedelta(days=n) for n in (-2, 1, 39, 50)}
        fixed = {dt.date(year, 1, 1), dt.date(year, 5, 5), dt.date(year, 12, 25), dt.date(year, 12, 26)}
        king = dt.date(year, 4, 27)
        king -= dt.timedelta(days=king.weekday() == 6)
        assert {day for day in NL.holidays if day.year == year} == movable | fixed | {king}


@st.composite
def _stops(draw):
    """Suspensions that do not overlap, after the start."""
    out, at = [], START
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 90)), max_size=4)):
        first = at + dt.timedelta(days=gap)
        at = first + dt.timedelta(days=length - 1)
        out.append(Suspension(first, at, "assessment-report", "the report is being written"))
        at += dt.timedelta(days=1)
    return tuple(out)


@given(_stops(), st.sampled_from(list(Unit)), st.data())
def test_a_suspension_never_shortens(stops, unit, data):
    length = data.draw(st.integers(1, 27 if unit is Unit.MONTHS else 500))
    rule = replace(PERMIT, unit=unit, length=length)
    day = dt.date(2029, 12, 31)
    ends = [clock_state(rule, Events(START, stops[:n]), day, calendar=NL).deadline for n in range(len(stops) + 1)]
    assert ends == sorted(ends)
    state = clock_state(rule, Events(START, stops), day, calendar=NL)
    if Note.NO_EFFECT not in state.notes and unit is not Unit.WORKING_DAYS:
        plain = add_months(START, length) if unit is Unit.MONTHS else START + dt.timedelta(days=length)
        moved = plain + dt.timedelta(days=sum((s.last - s.first).days + 1 for s in stops))
        assert 0 <= (state.deadline - moved).days <= 5  # moved past a weekend or holidays, never earlier


@given(_stops(), days)
def test_used_and_left_add_up(stops, day):
    asked = max(day, START)
    state = clock_state(PERMIT, Events(START, stops), asked, calendar=NL)
    later = clock_state(PERMIT, Events(START, stops), asked + dt.timedelta(days=1), calendar=NL)
    assert state.used + state.suspended == (asked - START).days
    assert later.used - state.used in (0, 1)
    assert state.late == (asked > state.deadline)
    assert (state.left == 0) or not state.late


@given(st.dates(dt.date(2024, 6, 1), dt.date(2032, 12, 31)), st.integers(0, 400))
def test_two_versions_differ_only_as_the_law_says(start, later):
    shorter = replace(PERMIT, law="other", length=12)
    stops = (Suspension(start + dt.timedelta(days=20), start + dt.timedelta(days=50), "assessment-report", "report"),)
    day = start + dt.timedelta(days=60 + later)
    one, other = compare_versions((PERMIT, shorter), Events(start, stops), day, calendar=NL)
    same = ("clock", "article", "running", "start", "used", "suspended", "extended")
    assert {key: getattr(one, key) for key in same} == {key: getattr(other, key) for key in same}
    end = {rule: add_months(start, rule) + dt.timedelta(days=31) for rule in (12, 15)}
    assert (other.deadline - end[12]).days in range(6) and (one.deadline - end[15]).days in range(6)
    twin = compare_versions((PERMIT, replace(PERMIT, law="twin")), Events(start, stops), day, calendar=NL)
    assert replace(twin[1], law=IN_FORCE) == twin[0]


def test_the_proposal_is_unknown_not_equal():
    states = compare_versions(BOOK.rules("permit-processing"), Events(START), START, calendar=NL)
    assert [(state.law, state.proposal, state.running) for state in states] == [
        (IN_FORCE, False, Running.RUNNING),
        ("com-2025-946", True, Running.UNKNOWN),
    ]
    assert states[1].deadline is None and states[1].left is None and states[1].notes == (Note.NOT_READ,)


def test_a_longer_term_that_a_version_does_not_allow_is_left_out_with_a_note():
    events = Events(START, (), Extension(dt.date(2027, 1, 4), 3, "the place is complex"))
    strict = replace(PERMIT, law="strict", extension=None, extension_article="")
    one, other = compare_versions((PERMIT, strict), events, dt.date(2027, 1, 5), calendar=NL)
    assert (one.extended, other.extended) == (3, 0)
    assert Note.NO_EXTENSION in other.notes
    with pytest.raises(InputError, match="not allowed"):
        clock_state(strict, events, dt.date(2027, 1, 5), calendar=NL)


def test_the_commission_extends_no_later_than_twenty_days_before_the_end():
    """Art. 7(10). 1 September 2025 and 90 days is 30 November, a Sunday, so Monday 1 December; less 20: 11 November."""
    rule, start = BOOK.rule("strategic-decision"), dt.date(2025, 9, 1)
    granted = Events(start, (), Extension(dt.date(2025, 11, 11), 90, "many applications"))
    state = clock_state(rule, granted, dt.date(2025, 11, 12), calendar=NL)
    assert (state.extended, state.deadline) == (90, dt.date(2026, 3, 2))  # 28 February is a Saturday
    late = Events(start, (), Extension(dt.date(2025, 11, 12), 90, "many applications"))
    with pytest.raises(InputError, match="not allowed"):
        clock_state(rule, late, dt.date(2025, 11, 12), calendar=NL)
    with pytest.raises(InputError, match="notice"):
        replace(BOOK.rule("completeness"), extension_notice=20)


def test_a_proposal_says_how_far_it_is_and_what_would_settle_what_is_not_known():
    proposal = BOOK.version("com-2025-946")
    assert proposal.proposal and not proposal.read and proposal.valid_from is None
    assert [step.on for step in proposal.steps] == sorted(step.on for step in proposal.steps)
    assert proposal.settle is not None and "52025PC0946" in proposal.settle.nl
    assert all(BOOK.rule(name, proposal.id).length is None for name in BOOK.names())


def _stop(first, last, reason="the report is being written", ground="assessment-report"):
    return Suspension(first, last, ground, reason)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (Events(START, ended=dt.date(2026, 1, 14)), "before its predecessor"),
        (Events(START, (_stop(dt.date(2026, 1, 1), dt.date(2026, 2, 1)),)), "before its predecessor"),
        (Events(START, (_stop(dt.date(2026, 3, 1), dt.date(2026, 2, 1)),)), "before its predecessor"),
        (Events(START, (_stop(dt.date(2026, 3, 2), None),), ended=dt.date(2026, 3, 1)), "before its predecessor"),
        (Events(START, (_stop(dt.date(2026, 3, 1), None, " "),)), "without a reason"),
        (Events(START, (_stop(dt.date(2026, 3, 1), None, ground="holiday"),)), "does not suspend"),
        (
            Events(START, (_stop(dt.date(2026, 3, 1), dt.date(2026, 4, 1)), _stop(dt.date(2026, 4, 1), None))),
            "overlap",
        ),
        (Events(START, (_stop(dt.date(2026, 3, 1), None), _stop(dt.date(2026, 4, 1), None))), "overlap"),
        (Events(START, (), Extension(dt.date(2026, 5, 1), 4, "complex")), "not allowed"),
        (Events(START, (), Extension(dt.date(2026, 5, 1), 3, "")), "without a reason"),
        (Events(START, (), Extension(dt.date(2026, 1, 1), 3, "complex")), "before its predecessor"),
        (Events(START, (), Extension(dt.date(2027, 4, 16), 3, "complex")), "not allowed"),
    ],
)
def test_what_contradicts_itself_is_refused(events, said):
    with pytest.raises(InputError, match=said):
        clock_state(PERMIT, events, dt.date(2028, 1, 3), calendar=NL)


@pytest.mark.parametrize(
    "events",
    [
        Events(dt.date(9999, 1, 1)),
        Events(dt.date(202, 6, 1)),
        Events(START, ended=dt.date(9999, 1, 1)),
        Events(START, (_stop(START, dt.date(9999, 12, 31)),)),
    ],
)
def test_a_slip_in_a_year_is_refused_and_not_a_crash(events):
    with pytest.raises(InputError, match="outside the years"):
        clock_state(PERMIT, events, dt.date(9999, 12, 31), calendar=NL)


def test_a_clock_of_a_million_months_is_refused():
    with pytest.raises(InputError, match="too long"):
        replace(PERMIT, length=1_000_000)


def test_asked_before_the_start_or_without_a_calendar():
    with pytest.raises(InputError, match="not started"):
        clock_state(PERMIT, Events(START), dt.date(2026, 1, 14), calendar=NL)
    with pytest.raises(InputError, match="need a calendar"):
        clock_state(replace(PERMIT, unit=Unit.WORKING_DAYS), Events(START), START)
    state = clock_state(PERMIT, Events(START), START)
    assert Note.HOLIDAYS_UNKNOWN in state.notes
    far = clock_state(PERMIT, Events(dt.date(2041, 1, 3)), dt.date(2041, 1, 3), calendar=NL)
    assert Note.HOLIDAYS_UNKNOWN in far.notes and far.deadline == dt.date(2042, 4, 3)


def test_every_clock_has_an_article_and_says_who():
    assert [permit_clock(stage, running=False) for stage in ("extraction", "processing", "recycling")] == [
        "permit-extraction",
        "permit-processing",
        "permit-processing",
    ]
    lengths = {name: (BOOK.rule(name).length, BOOK.rule(name).extension) for name in BOOK.names()}
    assert lengths["permit-extraction"] == (27, 6) and lengths["permit-processing"] == (15, 3)
    assert lengths["permit-extraction-running"] == (24, 6) and lengths["permit-processing-running"] == (12, 3)
    assert lengths["completeness"] == (45, None) and lengths["scoping-opinion"] == (45, None)
    assert lengths["reasoned-conclusion"] == (90, None) and lengths["strategic-decision"] == (90, 90)
    assert lengths["screening"] == (30, None) and lengths["recognition-completeness"] == (30, None)
    assert BOOK.rule("strategic-decision").extension_notice == 20
    for name in BOOK.names():
        rule = BOOK.rule(name)
        assert rule.article and rule.title_nl and rule.who and rule.starts_on in BOOK.events
    with pytest.raises(UnknownNameError, match="permit-recycling"):
        BOOK.rule("permit-recycling")
    with pytest.raises(UnknownNameError):
        permit_clock("refining", running=False)


_FILE = """
schema: lodestock-clocks/1
versions: [{id: "2024-1252", standing: law, title: {nl: a, en: a}, read: true, mark: seen, source: s}]
events: [{id: e, nl: e, en: e}]
grounds: []
clocks:
  - {id: c, title: {nl: c, en: c}, who: w, article: "1", unit: days, length: 5, starts_on: e}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('article: "1", ', "", "without an article"),
        ("unit: days", "unit: weeks", "unknown unit"),
        ("starts_on: e", "starts_on: x", "unknown event"),
        ("length: 5", "length: five", "no whole number"),
        ("who: w", "whom: w", "unknown key 'whom'"),
        ("lodestock-clocks/1", "lodestock-clocks/2", "another schema"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(old, new, said):
    assert parse_law_book(_FILE, where="f.yml").names() == ("c",)
    with pytest.raises(LodestockError, match=said) as caught:
        parse_law_book(_FILE.replace(old, new), where="f.yml")
    assert "line" in caught.value.where
