"""Which public financing fits a project, with reasons, and how much is asked, promised and missing by year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.measures import finance_words as words
from lodestock.vocabulary import region


class Level(StrEnum):
    """Whose money it is."""

    NATIONAL = "national"
    EU = "EU"


class Kind(StrEnum):
    """What a project gets."""

    GRANT = "grant"
    LOAN = "loan"
    EQUITY = "equity"
    EQUITY_OR_LOAN = "equity or loan"
    GUARANTEE = "guarantee"
    ADVICE = "advice"
    SEAL = "seal"
    ANNOUNCED = "announced"


_NO_MONEY = (Kind.ADVICE, Kind.SEAL)  # no amount and no part of the costs can be too large for these


class Need(StrEnum):
    """What being a strategic project of the raw-materials act does."""

    REQUIRED = "required"
    HELPS = "helps"


class Answer(StrEnum):
    """Whether a condition is met; unknown is neither."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"


class Test(StrEnum):
    """What is held against an instrument."""

    __test__ = False  # no test class

    STAGE = "stage"
    PHASE = "phase"
    PLACE = "place"
    AMOUNT = "amount"
    SHARE = "share of the costs"
    STRATEGIC = "strategic project"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class AidGround:
    """The State-aid ground of an instrument, with its last day where it has one."""

    id: str
    title: Text
    until: dt.date | None
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Instrument:
    """A financing instrument as its source describes it; an empty tuple or None is not known, never "any"."""

    id: str
    title: Text
    level: Level
    kind: Kind
    who: Text
    what: Text
    stages: tuple[str, ...]
    phases: tuple[str, ...]
    countries: tuple[str, ...]
    places: tuple[str, ...]
    ticket_low: float | None
    ticket_high: float | None
    cost_low: float | None
    share_high: float | None
    strategic: Need | None
    opens: dt.date | None
    until: dt.date | None
    ground: AidGround
    source: str
    mark: Mark
    note: Text | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a project asks for. stage: extraction, processing, recycling; phase: pilot, demonstration, first plant,
    expansion; place: id of a region, "" when not chosen; amount, cost [EUR], None when not known."""

    stage: str
    phase: str
    country: str
    place: str
    strategic: bool | None
    amount: float | None
    cost: float | None = None
    day: dt.date | None = None

    def __post_init__(self) -> None:
        for name, value in (("amount", self.amount), ("cost", self.cost)):
            if value is not None and not value > 0.0:
                raise InputError(f"the {name} must be above 0", why=f"{value}", mend="leave it out when it is unknown")
        if self.amount is not None and self.cost is not None and self.amount > self.cost:
            raise InputError("more is asked than the project costs", why=f"{self.amount:g} of {self.cost:g}")


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition and whether it is met; why: what the project has beside what the instrument asks, in words."""

    test: Test
    answer: Answer
    why: Text


@dataclass(frozen=True, slots=True)
class Match:
    """An instrument held against a project. fits: yes if every condition is met, no if one is not, else not known."""

    instrument: Instrument
    fits: Answer
    reasons: tuple[Reason, ...]


def match(ask: Ask, instrument: Instrument) -> Match:
    """Whether an instrument fits a project, with the reason for each condition.

    What is not known of the instrument or of the project stays not known; nothing is assumed to fit.
    """
    reasons = (
        _among(Test.STAGE, ask.stage, instrument.stages),
        _among(Test.PHASE, ask.phase, instrument.phases),
        _place(ask, instrument),
        _amount(ask, instrument),
        _share(ask, instrument),
        _strategic(ask, instrument),
        _window(ask, instrument),
    )
    answers = {reason.answer for reason in reasons}
    fits = Answer.NO if Answer.NO in answers else Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES
    return Match(instrument, fits, reasons)


def match_all(ask: Ask, instruments: Iterable[Instrument]) -> list[Match]:
    """Every instrument held against a project: what fits first, then what is not known, then what does not fit."""
    order = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}
    found = [match(ask, instrument) for instrument in instruments]
    return sorted(found, key=lambda item: (order[item.fits], item.instrument.id))


def _said(ok: bool) -> Answer:
    return Answer.YES if ok else Answer.NO


def _among(test: Test, value: str, known: tuple[str, ...]) -> Reason:
    answer = _said(value in known) if known and value else Answer.UNKNOWN
    return Reason(test, answer, words.asked_of(value, known))


@cache
def _members(name: str) -> frozenset[str]:
    return frozenset(region(name, dt.date.today()).members)


def _place(ask: Ask, instrument: Instrument) -> Reason:
    if not instrument.countries:
        return Reason(Test.PLACE, Answer.UNKNOWN, words.asked_of(ask.country, ()))
    inside = ask.country in instrument.countries or any(ask.country in _members(name) for name in instrument.countries)
    if not inside or not instrument.places:
        return Reason(Test.PLACE, _said(inside), words.asked_of(ask.country, instrument.countries))
    return _among(Test.PLACE, ask.place, instrument.places)


def _amount(ask: Ask, instrument: Instrument) -> Reason:
    if instrument.kind in _NO_MONEY:
        return Reason(Test.AMOUNT, Answer.YES, words.NO_MONEY)
    low, high, least = instrument.ticket_low, instrument.ticket_high, instrument.cost_low
    said = words.amounts(ask.amount, ask.cost, low=low, high=high, above=least)
    if low is None and high is None and least is None:
        return Reason(Test.AMOUNT, Answer.UNKNOWN, said)
    checks: list[Answer] = []
    if low is not None or high is not None:
        known = ask.amount is not None
        ok = ask.amount is not None and (low or 0.0) <= ask.amount <= (high or float("inf"))
        checks.append(_said(ok) if known else Answer.UNKNOWN)
    if least is not None:
        checks.append(Answer.UNKNOWN if ask.cost is None else _said(ask.cost > least))
    worst = next((answer for answer in (Answer.NO, Answer.UNKNOWN) if answer in checks), Answer.YES)
    return Reason(Test.AMOUNT, worst, said)


def _share(ask: Ask, instrument: Instrument) -> Reason:
    if instrument.kind in _NO_MONEY:
        return Reason(Test.SHARE, Answer.YES, words.NO_MONEY)
    part = None if ask.amount is None or ask.cost is None else ask.amount / ask.cost
    said = words.shares(part, instrument.share_high)
    if instrument.share_high is None or part is None:
        return Reason(Test.SHARE, Answer.UNKNOWN, said)
    return Reason(Test.SHARE, _said(part <= instrument.share_high), said)


def _strategic(ask: Ask, instrument: Instrument) -> Reason:
    if instrument.strategic is not Need.REQUIRED:
        return Reason(Test.STRATEGIC, Answer.YES, words.HELPS if instrument.strategic else words.NO_CONDITION)
    answer = Answer.UNKNOWN if ask.strategic is None else _said(ask.strategic)
    return Reason(Test.STRATEGIC, answer, words.strategic_only(ask.strategic))


def _window(ask: Ask, instrument: Instrument) -> Reason:
    said = words.days(ask.day, instrument.opens, instrument.until)
    if instrument.kind is Kind.ANNOUNCED:
        return Reason(Test.WINDOW, Answer.UNKNOWN, words.ANNOUNCED)
    if (instrument.opens is None and instrument.until is None) or ask.day is None:
        return Reason(Test.WINDOW, Answer.UNKNOWN, said)
    if instrument.until is not None and ask.day > instrument.until:
        return Reason(Test.WINDOW, Answer.NO, said)
    if instrument.opens is None:
        return Reason(Test.WINDOW, Answer.UNKNOWN, said)
    return Reason(Test.WINDOW, _said(ask.day >= instrument.opens), said)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Money for a project in a year [EUR]. asked, promised: None when not known; structural: yearly or once."""

    project: str
    year: int
    level: Level
    asked: float | None
    promised: float | None
    source: str
    structural: bool = False

    def __post_init__(self) -> None:
        where = f"{self.project}, {self.year}"
        if not self.source.strip():
            raise InputError("a budget without a source", where=where, mend="name the letter, decision or report")
        for name, value in (("asked", self.asked), ("promised", self.promised)):
            if value is not None and not 0.0 <= value < float("inf"):
                raise InputError(f"the amount {name} must be 0 or more", where=where, why=str(value))


@dataclass(frozen=True, slots=True)
class YearGap:
    """A year of one level of government [EUR]: what is known to be asked and promised; missing: asked less promised,
    per project and never below 0, over its lines that know both; unknown: lines that do not."""

    year: int
    level: Level
    asked: float
    promised: float
    missing: float
    unknown: int
    lines: int


def funding_gap(lines: Iterable[BudgetLine]) -> list[YearGap]:
    """Euros asked, promised and missing by year, national and EU side by side; what is not known is counted apart."""
    groups: dict[tuple[int, Level], list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault((line.year, line.level), []).append(line)
    out = []
    for (year, level), items in sorted(groups.items()):
        known, unknown = _by_project(items)
        out.append(
            YearGap(
                year,
                level,
                sum(line.asked for line in items if line.asked is not None),
                sum(line.promised for line in items if line.promised is not None),
                sum(max(asked - promised, 0.0) for asked, promised in known),
                unknown,
                len(items),
            )
        )
    return out


def _by_project(lines: Iterable[BudgetLine]) -> tuple[list[tuple[float, float]], int]:
    """Asked and promised of each project over its lines that know both, and the number of lines that do not."""
    sums: dict[str, tuple[float, float]] = {}
    unknown = 0
    for line in lines:
        if line.asked is None or line.promised is None:
            unknown += 1
            continue
        asked, promised = sums.get(line.project, (0.0, 0.0))
        sums[line.project] = (asked + line.asked, promised + line.promised)
    return list(sums.values()), unknown
