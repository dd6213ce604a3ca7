"""The clocks of a project file: which of them run, worked out by the library from what was noted as happened.

Nothing is counted here. The desk says which event starts and ends which clock; the law book holds the terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lodestock.disruption.calendar import WorkingCalendar, read_calendar
from lodestock.errors import InputError
from lodestock.evidence.marks import Mark
from lodestock.measures.law_book import IN_FORCE, law_book, permit_clock
from lodestock.measures.legal_clocks import (
    ClockRule,
    ClockState,
    Events,
    Extension,
    Running,
    Suspension,
    Unit,
    add_months,
    clock_state,
    compare_versions,
)
from lodestock.vocabulary import coalition
from lodestock_desk.core import vocab
from lodestock_desk.processing.models import Permit, Project, ProjectEvent
from lodestock_desk.processing.words import Kind, Strategic, TermUnit

NEAR_DAYS = 30
# Which event of a file is which event of the law book, and which events end a clock.
STARTS: dict[str, str] = {
    "recognition-cut-off": Kind.RECOGNITION_CUTOFF,
    "recognition-complete": Kind.RECOGNITION_COMPLETE,
    "recognised": Kind.RECOGNISED,
    "permit-applied": Kind.SUBMITTED,
    "permit-complete": Kind.COMPLETE,
    "scoping-requested": Kind.SCOPING_ASKED,
    "screening-information": Kind.SCREENING_ASKED,
    "assessment-complete": Kind.EIA_COMPLETE,
}
ENDS: dict[str, tuple[str, ...]] = {
    "recognition-completeness": (Kind.RECOGNITION_COMPLETE, Kind.RECOGNISED, Kind.REFUSED),
    "strategic-decision": (Kind.RECOGNISED, Kind.REFUSED),
    "screening": (Kind.SCREENED,),
    "scoping-request": (Kind.SCOPING_ASKED,),
    "scoping-opinion": (Kind.SCOPING_GIVEN,),
    "completeness": (Kind.COMPLETE, Kind.MORE_ASKED),
    "reasoned-conclusion": (Kind.CONCLUSION,),
}
_CALENDARS = {"NLD": "nl"}


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a file: its rule in force, how it stands under each version of the law, and what stopped it."""

    id: str
    rule: ClockRule
    events: Events
    states: tuple[ClockState, ...]

    @property
    def state(self) -> ClockState:
        """How it stands under the law in force."""
        return self.states[0]

    @property
    def title(self) -> str:
        """What is due, in the language of the page."""
        title = self.rule.title_en if vocab.lang() == "en" else self.rule.title_nl
        return title[:1].upper() + title[1:]

    @property
    def deadline(self) -> date | None:
        """The last day under the law in force; None while it stands still without an end."""
        return self.state.deadline

    @property
    def open(self) -> bool:
        """Whether what is due has not come yet."""
        return self.state.running in (Running.RUNNING, Running.STOPPED)

    @property
    def near(self) -> bool:
        """Whether the term is not over but ends soon."""
        return self.open and not self.state.late and self.deadline is not None and (self.state.left or 0) <= NEAR_DAYS


@dataclass(frozen=True, slots=True)
class File:
    """A project with its clocks on a day; `waiting` are the clocks whose start is not noted."""

    project: Project
    clocks: tuple[ClockView, ...]
    waiting: tuple[ClockRule, ...]

    @property
    def running(self) -> tuple[ClockView, ...]:
        """Clocks whose end has not come."""
        return tuple(clock for clock in self.clocks if clock.open)

    @property
    def late(self) -> tuple[ClockView, ...]:
        """Running clocks whose term is over."""
        return tuple(clock for clock in self.running if clock.state.late)

    @property
    def near(self) -> tuple[ClockView, ...]:
        """Running clocks whose term ends soon."""
        return tuple(clock for clock in self.running if clock.near)

    @property
    def next(self) -> ClockView | None:
        """The running clock with the first deadline that has not passed."""
        dated = [clock for clock in self.running if clock.deadline is not None and not clock.state.late]
        return min(dated, key=lambda clock: clock.deadline) if dated else None

    @property
    def began_before(self) -> bool:
        """Whether the permit procedure was noted before the recognition while the file says that it was not running."""
        events = self.project.events.all()
        recognised, sent = _first(events, (Kind.RECOGNISED,)), _first(events, (Kind.COMPLETE,))
        return not self.project.running and recognised is not None and sent is not None and sent < recognised

    @property
    def standing(self) -> str:
        """late, near, running, stopped or none: the most urgent of its clocks."""
        if self.late:
            return "late"
        if self.near:
            return "near"
        if any(clock.state.running is Running.STOPPED for clock in self.running):
            return "stopped"
        return "running" if self.running else "none"


def files(projects: QuerySet[Project], day: date) -> list[File]:
    """Every project with its clocks on a day, in three queries whatever their number."""
    found = projects.prefetch_related("events", "permits")
    return [file_of(project, list(project.events.all()), list(project.permits.all()), day) for project in found]


def file_of(project: Project, events: Sequence[ProjectEvent], permits: Sequence[Permit], day: date) -> File:
    """One project with its clocks on a day."""
    noted = [event for event in events if event.on <= day]
    views, waiting = [], []
    calendar = _calendar(project.country)
    for name in clock_names(project, day):
        rule = law_book().rule(name, IN_FORCE)
        happened = _events(rule, noted)
        if happened is None:
            waiting += [] if _past(project, rule) else [rule]
        elif happened.start <= day:
            views.append(ClockView(name, rule, happened, _under_each(name, happened, day, calendar)))
    for permit in permits:
        rule = permit_rule(permit)
        if rule is not None and permit.applied_on is not None and permit.applied_on <= day:
            own = Events(permit.applied_on, ended=permit.decided_on)
            views.append(ClockView(rule.id, rule, own, (clock_state(rule, own, day, calendar=calendar),)))
    return File(project, tuple(views), tuple(waiting))


def _past(project: Project, rule: ClockRule) -> bool:
    """Whether a clock that was never noted no longer matters: the answer it waits for is there."""
    if rule.id in ("recognition-completeness", "strategic-decision"):
        return project.strategic in (Strategic.RECOGNISED, Strategic.REFUSED)
    return rule.id == "screening" and project.impact_assessment is not None


def clock_names(project: Project, day: date) -> tuple[str, ...]:
    """The clocks of the regulation that a project can have: those of Strategic Projects in the Union only."""
    if project.strategic in (Strategic.PREPARED, Strategic.APPLIED, Strategic.REFUSED):
        return ("recognition-completeness", "strategic-decision")
    if project.strategic != Strategic.RECOGNISED:
        return ()
    names = ["recognition-completeness", "strategic-decision", "project-report"]
    if project.country in _union(day):
        names.append("screening")
        asks = project.impact_assessment is not False
        names += ["scoping-request"] if asks and not project.running else []  # art. 12(6)
        names += ["scoping-opinion"] if asks else []
        names += ["completeness", permit_clock(project.stage, running=project.running)]
        names += ["reasoned-conclusion"] if asks else []
    return tuple(names)


def permit_rule(permit: Permit) -> ClockRule | None:
    """The term of a national permit as a clock; None where no term is given."""
    if not permit.term:
        return None
    unit = Unit.MONTHS if permit.term_unit == TermUnit.MONTHS else Unit.DAYS
    length = permit.term * (7 if permit.term_unit == TermUnit.WEEKS else 1)
    return ClockRule(
        f"permit:{permit.pk}", "national", permit.law, unit, length, "permit-applied", permit.name,
        permit.name, permit.authority, Mark.PRIOR, permit.law,
    )  # fmt: skip


def _under_each(name: str, happened: Events, day: date, calendar: WorkingCalendar | None) -> tuple[ClockState, ...]:
    """The state under the law in force first, then under the other versions."""
    return compare_versions(_versions(name), happened, day, calendar=calendar)


@cache
def _versions(name: str) -> tuple[ClockRule, ...]:
    return tuple(sorted(law_book().rules(name), key=lambda rule: rule.law != IN_FORCE))


@lru_cache(maxsize=64)
def _union(day: date) -> frozenset[str]:
    """Who is certainly a member of the Union on a day."""
    return frozenset(coalition("EU", day).members)


def _events(rule: ClockRule, noted: Sequence[ProjectEvent]) -> Events | None:
    """What happened to one clock; None if its start is not noted."""
    start = _first(noted, (STARTS[rule.starts_on],))
    if start is None:
        return None
    ended = _first(noted, (*_ends(rule.id), Kind.WITHDRAWN))
    if rule.id == "project-report":  # every two years: the next term starts where the one before it ended
        sent = sum(event.kind == Kind.REPORTED for event in noted)
        start, ended = add_months(start, (rule.length or 0) * sent), _first(noted, (Kind.WITHDRAWN,))
    stops = tuple(
        Suspension(event.on, event.until, event.ground, event.reason)
        for event in noted
        if event.kind == Kind.SUSPENDED and event.ground in rule.grounds and (ended is None or event.on <= ended)
    )
    longer = [e for e in noted if e.kind == Kind.EXTENDED and _same(e.clock, rule.id)]
    extension = Extension(longer[0].on, longer[0].length or 0, longer[0].reason) if longer else None
    return Events(start, stops, extension, ended)


def _same(one: str, other: str) -> bool:
    """Whether two names are the same clock; which permit clock it is follows from the file and may change with it."""
    return one == other or (one.startswith("permit-") and other.startswith("permit-"))


def _ends(clock: str) -> tuple[str, ...]:
    return (Kind.DECIDED,) if clock.startswith("permit-") else ENDS.get(clock, ())


def _first(noted: Iterable[ProjectEvent], kinds: tuple[str, ...]) -> date | None:
    days = [event.on for event in noted if event.kind in kinds]
    return min(days) if days else None


@cache
def _calendar(country: str) -> WorkingCalendar | None:
    name = _CALENDARS.get(country)
    return read_calendar(name) if name else None


# What must have come before what, where both are noted.
_BEFORE: tuple[tuple[str, str], ...] = (
    (Kind.APPLIED, Kind.RECOGNITION_CUTOFF),
    (Kind.RECOGNITION_CUTOFF, Kind.RECOGNITION_COMPLETE),
    (Kind.APPLIED, Kind.RECOGNITION_COMPLETE),
    (Kind.RECOGNITION_COMPLETE, Kind.RECOGNISED),
    (Kind.RECOGNITION_COMPLETE, Kind.REFUSED),
    (Kind.APPLIED, Kind.RECOGNISED),
    (Kind.SCOPING_ASKED, Kind.SCOPING_GIVEN),
    (Kind.SCREENING_ASKED, Kind.SCREENED),
    (Kind.SUBMITTED, Kind.MORE_ASKED),
    (Kind.MORE_ASKED, Kind.SUPPLEMENTED),
    (Kind.SUBMITTED, Kind.COMPLETE),
    (Kind.SUPPLEMENTED, Kind.COMPLETE),
    (Kind.COMPLETE, Kind.DECIDED),
    (Kind.SUBMITTED, Kind.DECIDED),
    (Kind.EIA_COMPLETE, Kind.CONCLUSION),
    (Kind.RECOGNISED, Kind.REPORTED),
)
_OFTEN = (Kind.MORE_ASKED, Kind.SUPPLEMENTED, Kind.SUSPENDED, Kind.REPORTED, Kind.EXTENDED)


def check(project: Project, events: Sequence[ProjectEvent], new: ProjectEvent | None) -> None:
    """Refuse events that contradict each other, with the reason at the field of the new one."""
    _check_once(events)
    for before, after in _BEFORE:
        first, then = _first(events, (before,)), _first(events, (after,))
        if first is not None and then is not None and then < first:
            said = {"first": Kind(before).label, "one": _day(first), "then": Kind(after).label, "two": _day(then)}
            text = _("A date before its predecessor: “%(first)s” is noted on %(one)s, “%(then)s” on %(two)s.")
            raise ValidationError({"on": text % said})
    stops = sorted((e for e in events if e.kind == Kind.SUSPENDED), key=lambda e: e.on)
    _check_stops(stops)
    _check_rules(project, events, new)


def _check_once(events: Sequence[ProjectEvent]) -> None:
    seen: dict[str, date] = {}
    for event in events:
        key = f"{event.kind}:{event.clock}" if event.kind == Kind.EXTENDED else event.kind
        if key in seen and (event.kind not in _OFTEN or event.kind == Kind.EXTENDED):
            what = {"what": Kind(event.kind).label, "day": f"{seen[key]:%d-%m-%Y}"}
            raise ValidationError({"on": _("“%(what)s” is already noted on %(day)s. Take that back first.") % what})
        seen[key] = event.on


def _check_stops(stops: Sequence[ProjectEvent]) -> None:
    for stop in stops:
        if not stop.reason.strip():
            raise ValidationError({"reason": _("A clock stops for a reason: say why.")})
        if stop.until is not None and stop.until < stop.on:
            text = _("The clock stopped on %(day)s; the last day cannot lie before it.")
            raise ValidationError({"until": text % {"day": _day(stop.on)}})
    for one, two in pairwise(stops):
        if one.until is None or two.on <= one.until:
            text = _("This overlaps the stop that began on %(day)s. End that one first.")
            raise ValidationError({"on": text % {"day": _day(one.on)}})


def _check_rules(project: Project, events: Sequence[ProjectEvent], new: ProjectEvent | None) -> None:
    """The library has the last word on stops and extensions."""
    calendar, day = _calendar(project.country), max((e.until or e.on for e in events), default=date.today())
    touched = False
    for name in clock_names(project, day):
        rule = law_book().rule(name, IN_FORCE)
        happened = _events(rule, events)
        if happened is None:
            continue
        if new is not None and (new.ground in rule.grounds or _same(new.clock, name)):
            touched = True
        try:
            clock_state(rule, happened, max(day, happened.start), calendar=calendar)
        except InputError as error:
            raise _in_words(rule, happened, new, error) from error
    if new is not None and new.kind in (Kind.SUSPENDED, Kind.EXTENDED) and not touched:
        raise ValidationError({"on": _("No clock is running that this could stop or extend. Note its start first.")})


def _in_words(rule: ClockRule, happened: Events, new: ProjectEvent | None, error: InputError) -> ValidationError:
    """A refusal of the library in the language of the page."""
    said = {"day": _day(happened.start), "article": rule.article}
    too_early = happened.ended is not None and happened.ended < happened.start
    too_early = too_early or any(stop.first < happened.start for stop in happened.suspensions)
    stops_or_extends = new is not None and new.kind in (Kind.SUSPENDED, Kind.EXTENDED)
    if too_early or (new is not None and stops_or_extends and new.on < happened.start):
        return ValidationError({"on": _("The clock of article %(article)s started on %(day)s: no earlier day.") % said})
    if new is not None and new.kind == Kind.EXTENDED:
        most: dict[str, object] = {
            "most": rule.extension or 0, "unit": unit_word(rule.unit), "article": rule.extension_article,
            "notice": rule.extension_notice,
        }  # fmt: skip
        text = _("The extension is not allowed. Article %(article)s: once, at most %(most)s %(unit)s, and granted "
                 "before the term is over.")  # fmt: skip
        if rule.extension_notice:
            text = _("The extension is not allowed. Article %(article)s: once, at most %(most)s %(unit)s, and granted "
                     "no later than %(notice)s days before the term is over.")  # fmt: skip
        return ValidationError({"length": text % most})
    if stops_or_extends:
        text = _("The stop does not fit the clock of article %(article)s, which started on %(day)s.")
        return ValidationError({"on": text % said})
    return ValidationError({"on": " ".join(part for part in (error.what, error.why) if part)})


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def unit_word(unit: Unit) -> str:
    """A unit of a term in the language of the page."""
    return {Unit.DAYS: _("days"), Unit.WORKING_DAYS: _("working days"), Unit.MONTHS: _("months")}[unit]
