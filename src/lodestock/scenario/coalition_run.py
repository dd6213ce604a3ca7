"""A common stock of several countries: what it saves, who pays what, who gets what in a crisis, alone and within.

Each member's need is its own use (net imports, stated rare-earth share) times the share of use that the scenario leaves
short. A licence regime hits all members at once, so that pooling insures nothing (MODEL §7.8, V13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.store import Store
from lodestock.measures.robustness import Paired
from lodestock.scenario.coalition_draws import (
    CoalitionRanges,
    Division,
    DrawnEvent,
    Gained,
    Span,
    alliance_draws,
    drawn_event,
    gained_if_shared,
    pays_from,
    ranges_of,
)
from lodestock.scenario.coalition_members import JoinedUse, Lack, Member, MemberBook
from lodestock.scenario.coalition_needs import AXIS, Event, PoolGain, axis_of, check_apart, event_of, needs
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import Alliance, alliances
from lodestock.scenario.stock_options import stock_case
from lodestock.stock.alliances import Instrument, Members, Standing, alone, within
from lodestock.stock.bound import BoundGame, bound_game, bound_shares
from lodestock.stock.coalition import MOST_EXACT, CostGame, Rule, Shares, coalition_cost, shares, stock_game
from lodestock.stock.crisis import CrisisOutcome, CrisisRule, crisis
from lodestock.stock.large_game import LargeGame, large_game, shares_sampled
from lodestock.vocabulary import coalition, country, region

Array = NDArray[np.float64]
DAYS_PER_YEAR = 365.25
FILLED = 0.5
MOST_YEARS = 10  # years of own use that members can bring in together
RULES = {"shapley": Rule.SHAPLEY, "nucleolus": Rule.NUCLEOLUS, "use": Rule.USE, "equal-days": Rule.USE}


@dataclass(frozen=True, slots=True)
class PoolAsk:
    """What is asked. names: countries or coalitions; rule of the shares; common: share of the yearly chance that hits
    all at once, 1 for a licence regime; filled: part of the best common stock that is there when the crisis comes, half
    when not given; brought: tonnes that each member brought in, by name, instead of `filled`; end_user_bound: licences
    tie material to its end user, so that nothing is passed on in any table; alliances: whether EU, IEA and NATO are
    laid beside it."""

    names: tuple[str, ...]
    rule: str = "shapley"
    common: float = 1.0
    filled: float | None = None
    brought: Mapping[str, float] | None = None
    end_user_bound: bool = False
    alliances: bool = True

    def check(self) -> None:
        """Refuse what cannot be answered: an unknown rule, a share out of range, two answers to one question."""
        if self.rule not in RULES:
            raise UnknownNameError("rule", self.rule, list(RULES), where="--rule")
        for name, share in (("common", self.common), ("filled", self.filled)):
            if share is not None and not 0.0 <= share <= 1.0:
                raise InputError("a share is out of range", where=f"--{name}", why=f"{share}", mend="give 0 to 1")
        if self.filled is not None and self.brought is not None:
            raise InputError(
                "what is there in a crisis is asked for twice", where="--filled, --brought", mend="give one of the two"
            )


@dataclass(frozen=True, slots=True)
class AllianceRow:
    """One instrument of an alliance: how far it is, and all its members with data alone and within, when a regime hits
    all at once; lacking: its members without data, in no sum; against: within against alone over the draws, with the
    ranges of both totals [k€/yr]."""

    alliance: Alliance
    members: tuple[str, ...]
    lacking: Mapping[str, Lack]
    alone: Standing
    within: Standing
    against: Paired
    alone_range: Span
    within_range: Span


@dataclass(frozen=True, slots=True)
class IfShared:
    """What pooling would save if members could pass on what they hold [k€/yr]: at middle values and over the draws."""

    gain: float
    draws: Gained


@dataclass(frozen=True, slots=True)
class CoalitionRun:
    """The answer; arrays in the order of `members`. lacking: members of a coalition asked for that have no data, in no
    sum; joined: joint own use of countries that the input-output table joins, by region of the table; focus: the member
    shown in the table of alliances; chance: yearly chance of the event; break_even: yearly chance above which the best
    stock pays [1/yr], None where there is none or members are hit apart; filled: part of the best common stock that is
    there in the crisis, None where the best is no stock; contribution: (n,) tonnes brought in; if_shared: only when
    licences are bound to end users."""

    scenario: str
    focus: str
    members: tuple[Member, ...]
    lacking: Mapping[str, Lack]
    joined: Mapping[str, JoinedUse]
    common: float
    chance: float
    break_even: float | None
    filled: float | None
    holding: float
    game: CostGame | LargeGame | BoundGame
    shares: Shares
    asked: str
    axis: tuple[PoolGain, ...]
    crises: tuple[CrisisOutcome, ...]
    contribution: Array
    end_user_bound: bool
    if_shared: IfShared | None
    alliances: tuple[AllianceRow, ...]
    ranges: CoalitionRanges

    @property
    def days_by_contribution(self) -> bool:
        """Whether what members brought in is in proportion to their use: `contribution` then equals `equal days`."""
        use = np.array([item.use for item in self.members])
        share = self.contribution / max(float(self.contribution.sum()), 1e-12)
        return bool(np.allclose(share, use / use.sum(), rtol=0.02))


def coalition_run(
    run: ScenarioRun, store: Store, ask: PoolAsk, *, today: date, book: MemberBook | None = None
) -> CoalitionRun:
    """The cost game of the members under a rule, with the core test, crisis rules and alliances.

    Exact up to 15 members; beyond, Shapley shares are sampled with their standard error and the core test says how many
    groups it tried. Without `brought`, members brought in what they pay for under the rule. Raises UnknownNameError for
    a rule, InputError for fewer than two members, doubles or a named member without data: never a need of 0. book: what
    was read of members before, for several coalitions of one run.
    """
    ask.check()
    book = book or MemberBook(run, store, stock_case(run, run.scenario.economy.region))
    members, lacking = _members(book, ask, today)
    names, own = tuple(item.region for item in members), run.scenario.economy.region
    check_apart(len(names), ask.common)
    use, value = np.array([item.use for item in members]), np.array([item.value for item in members])
    event, seed = event_of(run, book.case), run.scenario.ensemble.seed
    how = Division(RULES[ask.rule], 1.0 if ask.end_user_bound else ask.common, ask.end_user_bound)
    part = Members(names, *needs(event, use, how.common), value, event.holding)
    game, paid = _shared(part, how, seed)
    brought = _brought(ask, game, paid.amount, MOST_YEARS * float(use.sum()))
    best = game.stock if isinstance(game, BoundGame) else np.full(len(names), game.pooled / len(names))
    drawn = drawn_event(run, book.case, event)
    beside = tuple(_alliances(book, event, drawn, today, ask)) if ask.alliances else ()
    everyone = dict.fromkeys((*names, *(name for row in beside for name in row.members)))
    return CoalitionRun(
        scenario=run.scenario.id,
        focus=own if own in names else names[0],
        members=members,
        lacking=lacking,
        joined={table: book.joined(table) for table in dict.fromkeys(book.member(name).table for name in everyone)},
        common=ask.common,
        chance=event.chance,
        break_even=pays_from(event, part, how, best),
        filled=float(brought.sum()) / game.pooled if game.pooled > 0.0 else None,
        holding=event.holding,
        game=game,
        shares=paid,
        asked=ask.rule,
        axis=(
            tuple(PoolGain(common, 0.0, 0.0) for common in AXIS)
            if ask.end_user_bound
            else axis_of(event, names, use, value, seed=seed)
        ),
        crises=_crises(part, brought, use, ask),
        contribution=brought,
        end_user_bound=ask.end_user_bound,
        if_shared=_if_shared(event, members, drawn, ask.common) if ask.end_user_bound else None,
        alliances=beside,
        ranges=ranges_of(drawn, members, how, best),
    )


def _crises(part: Members, brought: Array, use: Array, ask: PoolAsk) -> tuple[CrisisOutcome, ...]:
    """Who gets what under each rule; use: (n,) [t/yr]."""
    daily = use / DAYS_PER_YEAR
    return tuple(
        crisis(part.need, part.probability, part.value, brought, kind, daily_use=daily,
               end_user_bound=ask.end_user_bound)
        for kind in CrisisRule
    )  # fmt: skip


def _if_shared(event: Event, members: Sequence[Member], drawn: DrawnEvent, common: float) -> IfShared:
    """What pooling would save at middle values and over the draws, were nothing bound."""
    use, value = np.array([item.use for item in members]), np.array([item.value for item in members])
    need, probability = needs(event, use, common)
    n = use.size
    grand, *apart = (
        coalition_cost(need, probability, value, event.holding, mask)[0]
        for mask in ((1 << n) - 1, *(1 << i for i in range(n)))
    )
    return IfShared(sum(apart) - grand, gained_if_shared(drawn, members, common))


def _members(book: MemberBook, ask: PoolAsk, today: date) -> tuple[tuple[Member, ...], dict[str, Lack]]:
    """The members by name; those of a named coalition that have no data are left out and told."""
    codes: list[str] = []
    lacking: dict[str, Lack] = {}
    for name in ask.names:
        found = region(name, today)
        if found.members == (found.id,):
            codes.append(found.id)
            continue
        have, lack = book.known(found.members)
        codes += [item.region for item in have]
        lacking |= lack
    if len(codes) < 2 or len(set(codes)) != len(codes):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        raise InputError(
            "a coalition needs two or more different members", where="--members",
            why=f"named more than once: {', '.join(twice)}" if twice else ", ".join(codes) or "none named",
            mend="name each once, such as NLD,BEL,DEU,FRA, or a coalition, such as EU27",
        )  # fmt: skip
    return tuple(book.member(code) for code in codes), lacking


def _shared(part: Members, how: Division, seed: int) -> tuple[CostGame | LargeGame | BoundGame, Shares]:
    expected = np.asarray(part.probability @ part.need)
    if how.end_user_bound:
        bound = bound_game(part)
        return bound, bound_shares(bound, how.rule, use=expected)
    if len(part.names) > MOST_EXACT:
        large = large_game(part.names, part.need, part.probability, part.value, part.holding)
        return large, shares_sampled(large, how.rule, use=expected, seed=seed)
    game = stock_game(part.names, part.need, part.probability, part.value, part.holding)
    return game, shares(game, how.rule, use=expected)


def _brought(ask: PoolAsk, game: CostGame | LargeGame | BoundGame, paid: Array, most: float) -> Array:
    """Tonnes that each member brought in: as stated, or what it pays for of the part that is there.

    When licences are bound, each brought in that part of its own best stock: what another pays for is of no use to it.
    most: tonnes above which what is stated cannot be meant.
    """
    names = game.members
    if ask.brought is None:
        filled = FILLED if ask.filled is None else ask.filled
        if isinstance(game, BoundGame):
            return filled * game.stock
        pays = np.maximum(paid, 0.0)
        return np.asarray(filled * game.pooled * pays / max(float(pays.sum()), 1e-12))
    stated: dict[str, float] = {}
    for name, tonnes in ask.brought.items():
        member = country(name).iso3
        if member in stated:
            raise InputError(f"{member} is named twice", where="--brought", mend="give one amount for each member")
        stated[member] = tonnes
    strange, silent = [one for one in stated if one not in names], [one for one in names if one not in stated]
    wrong = [one for one, tonnes in stated.items() if not 0.0 <= tonnes < np.inf]
    if strange or silent or wrong or not sum(stated.values()) > 0.0:
        raise InputError(
            "what members brought in is not clear", where="--brought",
            why="; ".join((
                *(f"{one} is no member" for one in strange), *(f"nothing is said of {one}" for one in silent),
                *(f"{one}: {stated[one]:g} t" for one in wrong),
            )) or "together they bring nothing",
            mend="give tonnes of 0 or more for each member, such as NLD=100,BEL=0",
        )  # fmt: skip
    if sum(stated.values()) > most:
        raise InputError(
            "members brought in more than they use in many years", where="--brought",
            why=f"{sum(stated.values()):.6g} t; {MOST_YEARS} years of their own use is {most:.6g} t",
            mend="give what is there in tonnes",
        )  # fmt: skip
    return np.array([stated[one] for one in names])


def _alliances(book: MemberBook, event: Event, drawn: DrawnEvent, today: date, ask: PoolAsk) -> list[AllianceRow]:
    """Every instrument with all the alliance's members that have data: alliances differ by members too."""
    rates = book.case.rates
    discount, credibility = rates["joint_discount"].value[1], rates["credibility"].value[1]
    stated = alliances()
    out = []
    for name in dict.fromkeys(item.alliance for item in stated):
        rows = [item for item in stated if item.alliance == name]
        have, lacking = book.known(coalition(name, today).members)
        use = np.array([one.use for one in have])
        need, probability = needs(event, use, 1.0)
        names = tuple(one.region for one in have)
        part = Members(names, need, probability, np.array([one.value for one in have]), event.holding)
        apart, kinds = alone(part), [Instrument(item.instrument) for item in rows]
        against, alone_range, ranges = alliance_draws(book.case, drawn, have, kinds, end_user_bound=ask.end_user_bound)
        for item, kind in zip(rows, kinds, strict=True):
            joint = within(part, kind, discount=discount, credibility=credibility, end_user_bound=ask.end_user_bound)
            out.append(AllianceRow(item, names, lacking, apart, joint, against[kind], alone_range, ranges[kind]))
    return out
