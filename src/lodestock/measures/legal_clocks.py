"""When a permit, an opinion or a decision is due: legal clocks with stops, one extension and versions of the law.

Counting follows Regulation (EEC, Euratom) 1182/71 art. 3: the day of the event does not count; a term in months ends on
the day with the same number, or on the last day of a month that lacks it; a term that would end on a Saturday, Sunday
or public holiday ends on the next working day. The rules themselves are data: see `law_book`.
"""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from lodestock.errors import InputError
from lodestock.evidence.marks import Mark

ONE = dt.timedelta(days=1)
EARLIEST, LATEST = dt.date(1950, 1, 1), dt.date(2199, 12, 31)  # a date outside is a slip of the pen
MOST_LENGTH = 10_000


class Unit(StrEnum):
    """In what a term is counted."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"


class Running(StrEnum):
    """What a clock does on a day. UNKNOWN: nobody has read what this version of the law says."""

    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Note(StrEnum):
    """What a reader must know about a state."""

    MOVED = "the last day was no working day: the term ends on the next one"
    HOLIDAYS_UNKNOWN = "no calendar covers that year: only weekends were passed over"
    NO_EFFECT = "a suspension began after the term had run out and has no effect"
    NO_EXTENSION = "this version of the law does not allow the extension"
    NOT_READ = "what this version of the law says about the clock has not been read"
    START_NOT_READ = "the day on which the clock starts was not read in the law"
    START_QUOTED = "the day on which the clock starts was read as quoted elsewhere, not in the law itself"
    STOP_NOT_READ = "the ground of a suspension was not read in the law"


class Calendar(Protocol):
    """Working days, such as `disruption.calendar.WorkingCalendar`; it raises for a year that it does not cover."""

    def is_working(self, day: dt.date) -> bool:
        """Whether the office works on the day."""
        ...


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A term of one version of the law. length: [unit], None when unknown; starts_on: id of the event that starts it;
    grounds: ids of what may suspend it; unread_grounds: those of them that were not read in the law; extension: most
    that it can be extended, once [unit], None when it cannot; extension_notice: days before the end of the term by
    which it must be granted, 0 for up to the last day."""

    id: str
    law: str
    article: str
    unit: Unit
    length: int | None
    starts_on: str
    title_nl: str
    title_en: str
    who: str
    mark: Mark
    source: str
    grounds: tuple[str, ...] = ()
    unread_grounds: tuple[str, ...] = ()
    extension: int | None = None
    extension_article: str = ""
    start_mark: Mark = Mark.SEEN
    proposal: bool = False
    note: str = ""
    extension_notice: int = 0

    def __post_init__(self) -> None:
        if not self.article.strip():
            raise InputError(
                "a clock without an article", where=self.id, why="every term rests on a law", mend="name the article"
            )
        for name, length in (("length", self.length), ("extension", self.extension)):
            if length is not None and length > MOST_LENGTH:
                raise InputError(
                    f"the {name} of a clock is too long", where=self.id, why=str(length), mend=f"at most {MOST_LENGTH}"
                )
        if self.length is not None and self.length < 1:
            raise InputError(
                "the length of a clock must be 1 or more", where=self.id, why=str(self.length),
                mend="write 1 or more, or leave it out when it was not read",
            )  # fmt: skip
        if self.extension_notice < 0 or (self.extension_notice and self.extension is None):
            raise InputError("notice of an extension that there is not", where=self.id, mend="name the extension")
        if self.extension is not None and (self.extension < 1 or not self.extension_article.strip()):
            raise InputError("an extension needs a length and an article", where=self.id, mend="name both, or neither")


@dataclass(frozen=True, slots=True)
class Suspension:
    """A stop of the clock: first and last day that do not count; last None while it is stopped; ground: what in the law
    allows it; reason: why in this case."""

    first: dt.date
    last: dt.date | None
    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer term, once: granted on a day before the term runs out, with its reason. length: [unit of the clock]."""

    granted: dt.date
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Events:
    """What happened to one clock. start: day of the event that starts it; ended: day on which what was due came."""

    start: dt.date
    suspensions: tuple[Suspension, ...] = ()
    extension: Extension | None = None
    ended: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock on a day. deadline: last day of the term, None when unknown or while stopped without an end; earliest:
    the deadline if the clock resumed the next day; used: days that counted up to the day; left: days that count from
    the day after up to the deadline; late_days: calendar days past the deadline; suspended: days that did not count.
    """

    clock: str
    law: str
    article: str
    proposal: bool
    running: Running
    start: dt.date
    deadline: dt.date | None
    earliest: dt.date | None
    used: int | None
    left: int | None
    late_days: int
    suspended: int
    extended: int
    notes: tuple[Note, ...]

    @property
    def late(self) -> bool:
        """Whether the term has run out without what was due, or what was due came after it."""
        return self.late_days > 0


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month if it has no such day.

    31 January and one month give 28 or 29 February (Regulation 1182/71 art. 3(2)(c)). months: 0 or more.
    """
    if months < 0:
        raise InputError("a term has 0 months or more", why=str(months))
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def check_events(rule: ClockRule, events: Events) -> tuple[Suspension, ...]:
    """The suspensions in order.

    Refused when dates contradict each other, when two suspensions overlap, or when a reason or ground is missing.
    """
    where = rule.id
    granted = None if events.extension is None else events.extension.granted
    edges = (edge for stop in events.suspensions for edge in (stop.first, stop.last))
    for date in (events.start, events.ended, granted, *edges):
        if date is not None and not EARLIEST <= date <= LATEST:
            raise InputError(
                "a date lies outside the years of a project", where=where, why=str(date),
                mend=f"give a day from {EARLIEST} to {LATEST}",
            )  # fmt: skip
    ordered = tuple(sorted(events.suspensions, key=lambda stop: stop.first))
    for stop in ordered:
        _check_stop(rule, events, stop)
    for one, two in pairwise(ordered):
        if one.last is None or two.first <= one.last:
            raise InputError(
                "two suspensions overlap",
                where=where,
                why=f"{one.first} to {one.last or 'now'} and from {two.first}",
                mend="join them, or end the first one before the second begins",
            )
    for what, date in (("ended", events.ended), ("extended", granted)):
        if date is not None and date < events.start:
            raise _disorder(where, f"started {events.start}, {what} {date}")
    return ordered


def _disorder(where: str, why: str) -> InputError:
    return InputError("a date lies before its predecessor", where=where, why=why, mend="put the dates in order")


def _check_stop(rule: ClockRule, events: Events, stop: Suspension) -> None:
    if not stop.reason.strip():
        raise InputError(
            "a suspension without a reason", where=rule.id, why=f"from {stop.first}", mend="say why the clock stopped"
        )
    if stop.first < events.start or (stop.last is not None and stop.last < stop.first):
        raise _disorder(rule.id, f"start {events.start}, suspension {stop.first} to {stop.last or 'now'}")
    if events.ended is not None and stop.first > events.ended:
        raise _disorder(rule.id, f"ended {events.ended}, suspension from {stop.first}")
    if stop.ground not in rule.grounds and rule.length is not None:
        raise InputError(
            f"'{stop.ground}' does not suspend this clock",
            where=f"{rule.id}, article {rule.article}",
            why=f"what may suspend it: {', '.join(rule.grounds) or 'nothing'}",
            mend="choose one of these grounds, or leave the suspension out",
        )


def clock_state(rule: ClockRule, events: Events, day: dt.date, *, calendar: Calendar | None = None) -> ClockState:
    """How a clock stands on a day, from what had happened up to and including that day.

    calendar: working days of the place where the act is done; without one only weekends are passed over and the state
    says so. Raises InputError for a day before the start, for events that contradict each other, and for an extension
    that is not allowed, too long, without a reason, or granted after the term had run out.
    """
    return _state(rule, events, day, calendar, strict=True)


def compare_versions(
    rules: Iterable[ClockRule], events: Events, day: dt.date, *, calendar: Calendar | None = None
) -> tuple[ClockState, ...]:
    """The same file under each version of the law: what would be late under which version.

    An extension that a version does not allow is left out there, with a note; a version that was not read is unknown.
    """
    return tuple(_state(rule, events, day, calendar, strict=False) for rule in rules)


def _state(rule: ClockRule, events: Events, day: dt.date, calendar: Calendar | None, *, strict: bool) -> ClockState:
    if day < events.start:
        raise InputError(
            "the clock has not started on that day",
            where=rule.id,
            why=f"it starts on {events.start}, asked for {day}",
            mend="ask for a day on or after the start",
        )
    seen = tuple(stop for stop in check_events(rule, events) if stop.first <= day)
    if rule.length is None:
        return _unread(rule, events)
    count = _Counter(rule, events.start, calendar)
    given = events.extension if events.extension is not None and events.extension.granted <= day else None
    extended, notes = _extension(rule, given, count, seen, strict=strict)
    until = day if events.ended is None else min(day, events.ended)
    closed = tuple(stop if stop.last is not None else replace(stop, last=until) for stop in seen)
    end, idle = count.deadline(rule.length + extended, closed)
    notes += idle
    open_stop = bool(seen) and (seen[-1].last is None or seen[-1].last >= until) and seen[-1].first <= until
    ended = events.ended is not None and events.ended <= day
    known = ended or not seen or seen[-1].last is not None
    notes += {Mark.PRIOR: (Note.START_NOT_READ,), Mark.PRESS: (Note.START_QUOTED,)}.get(rule.start_mark, ())
    if any(stop.ground in rule.unread_grounds for stop in seen):
        notes += (Note.STOP_NOT_READ,)
    stopped = open_stop and until <= end
    return ClockState(
        rule.id, rule.law, rule.article, rule.proposal,
        Running.ENDED if ended else Running.STOPPED if stopped else Running.RUNNING,
        events.start,
        end if known or not stopped else None,
        end,
        count.between(events.start, until, closed),
        0 if ended else count.between(until, end, closed),
        max((until - end).days, 0),
        _days_in(closed, events.start, until),
        extended,
        tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _unread(rule: ClockRule, events: Events) -> ClockState:
    return ClockState(
        rule.id, rule.law, rule.article, rule.proposal, Running.UNKNOWN, events.start, None, None, None, None, 0, 0, 0,
        (Note.NOT_READ,),
    )  # fmt: skip


def _extension(
    rule: ClockRule, given: Extension | None, count: _Counter, stops: tuple[Suspension, ...], *, strict: bool
) -> tuple[int, tuple[Note, ...]]:
    """How much longer the term is, checked against the article."""
    if given is None or rule.length is None:
        return 0, ()
    if not given.reason.strip():
        raise InputError("an extension without a reason", where=rule.id, mend="say why the term is extended")
    if given.length < 1:
        raise InputError("an extension has 1 or more", where=rule.id, why=f"{given.length} {rule.unit}")
    before = tuple(
        stop if stop.last is not None else replace(stop, last=max(stop.first, given.granted))
        for stop in stops
        if stop.first <= given.granted
    )
    end, _ = count.deadline(rule.length, before)
    fault = ""
    if rule.extension is None:
        fault = "this clock cannot be extended"
    elif given.length > rule.extension:
        fault = f"{given.length} {rule.unit}, at most {rule.extension} (article {rule.extension_article})"
    elif given.granted > end - rule.extension_notice * ONE:
        fault = f"granted on {given.granted}; the term ran out on {end}, less {rule.extension_notice} days"
    if not fault:
        return given.length, ()
    if strict:
        raise InputError("the extension is not allowed", where=rule.id, why=fault, mend="mend the date or the length")
    return 0, (Note.NO_EXTENSION,)


class _Counter:
    """Counts the days of one clock in its unit."""

    def __init__(self, rule: ClockRule, start: dt.date, calendar: Calendar | None) -> None:
        self.rule, self.start, self.calendar = rule, start, calendar
        if rule.unit is Unit.WORKING_DAYS and calendar is None:
            raise InputError("working days need a calendar", where=rule.id, mend="give a calendar of public holidays")

    def deadline(self, length: int, stops: tuple[Suspension, ...]) -> tuple[dt.date, tuple[Note, ...]]:
        """The last day of the term, moved past weekends and holidays, and what to say about it."""
        if self.rule.unit is Unit.WORKING_DAYS:
            return self._working_deadline(length, stops)
        long = add_months(self.start, length) if self.rule.unit is Unit.MONTHS else self.start + length * ONE
        idle: tuple[Note, ...] = ()
        for stop in stops:
            if stop.first > self._moved(long)[0]:
                idle = (Note.NO_EFFECT,)
                continue
            long += _days_in((stop,), self.start, dt.date.max) * ONE
            if stop.last is not None:  # it began on a day that only lengthened the term: the term ends after it
                long = max(long, stop.last + ONE)
        end, notes = self._moved(long)
        return end, notes + idle

    def _working_deadline(self, length: int, stops: tuple[Suspension, ...]) -> tuple[dt.date, tuple[Note, ...]]:
        day, left = self.start, length
        while left:
            day += ONE
            left -= self._works(day) and not _days_in(stops, day - ONE, day)
        return day, (Note.NO_EFFECT,) if any(stop.first > day for stop in stops) else ()

    def _works(self, day: dt.date) -> bool:
        return self.calendar.is_working(day) if self.calendar is not None else day.weekday() < 5

    def _moved(self, day: dt.date) -> tuple[dt.date, tuple[Note, ...]]:
        """The day itself or the next working day (Regulation 1182/71 art. 3(4))."""
        found, notes = day, []
        while True:
            try:
                works = self._works(found)
            except InputError:
                works = found.weekday() < 5
                notes.append(Note.HOLIDAYS_UNKNOWN)
            if works:
                break
            found += ONE
        if self.calendar is None:
            notes.append(Note.HOLIDAYS_UNKNOWN)
        if found != day:
            notes.append(Note.MOVED)
        return found, tuple(dict.fromkeys(notes))

    def between(self, after: dt.date, until: dt.date, stops: tuple[Suspension, ...]) -> int:
        """Days that count after one day up to and including another; 0 when it lies before."""
        if until <= after:
            return 0
        if self.rule.unit is Unit.WORKING_DAYS:
            days = (after + n * ONE for n in range(1, (until - after).days + 1))
            return sum(self._works(day) and not _days_in(stops, day - ONE, day) for day in days)
        return (until - after).days - _days_in(stops, after, until)


def _days_in(stops: tuple[Suspension, ...], after: dt.date, until: dt.date) -> int:
    """Suspended days after one day up to and including another."""
    total = 0
    for stop in stops:
        first, last = max(stop.first, after + ONE), min(stop.last or until, until)
        total += max((last - first).days + 1, 0)
    return total
