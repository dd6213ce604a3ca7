"""A common stock of several countries: what it saves, who pays what, who gets what in a crisis, alone and within.

Each member's need is its own use (net imports, stated rare-earth share) times the share of use that the scenario leaves
short. A licence regime hits all members at once; the axis of the common cause shows what an insurance pool would gain
if it did not (MODEL §7.8, V13): at full common cause that gain is zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product as every

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.store import Store
from lodestock.scenario.coalition_members import Member, MemberBook
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import Alliance, alliances
from lodestock.scenario.stock_options import stock_case
from lodestock.stock.alliances import Instrument, Members, Standing, alone, within
from lodestock.stock.coalition import CostGame, Rule, Shares, shares, stock_game
from lodestock.stock.crisis import CrisisOutcome, CrisisRule, crisis
from lodestock.stock.options import strata
from lodestock.vocabulary import coalition, country

Array = NDArray[np.float64]
DAYS_PER_YEAR = 365.25
SIZES = 8  # strata of the shortage in an event
AXIS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_APART = 6  # members for which every combination of being hit alone is followed
RULES = {"shapley": Rule.SHAPLEY, "nucleolus": Rule.NUCLEOLUS, "use": Rule.USE, "equal-days": Rule.USE}


@dataclass(frozen=True, slots=True)
class PoolGain:
    """What pooling saves at one share of the common cause [k€/yr]: in all, and with equal values (insurance only)."""

    common: float
    gain: float
    insurance: float


@dataclass(frozen=True, slots=True)
class AllianceRow:
    """One instrument of an alliance: how far it is, and all its members with data alone and within, when a regime hits
    all at once; lacking: its members without data, in no sum."""

    alliance: Alliance
    members: tuple[str, ...]
    lacking: tuple[str, ...]
    alone: Standing
    within: Standing


@dataclass(frozen=True, slots=True)
class CoalitionRun:
    """The answer; arrays in the order of `members`."""

    scenario: str
    members: tuple[Member, ...]
    common: float
    filled: float
    holding: float
    game: CostGame
    shares: Shares
    asked: str
    axis: tuple[PoolGain, ...]
    crises: tuple[CrisisOutcome, ...]
    contribution: Array
    end_user_bound: bool
    alliances: tuple[AllianceRow, ...]


def coalition_run(
    run: ScenarioRun,
    store: Store,
    names: tuple[str, ...],
    rule: str,
    *,
    common: float = 1.0,
    filled: float = 0.5,
    end_user_bound: bool = False,
    today: date,
) -> CoalitionRun:
    """The cost game of the members under a rule, with the core test, crisis rules and alliances.

    common: share of the yearly chance that hits all at once, 0…1; 1 for a licence regime. filled: part of the common
    stock that is there when the crisis comes. Raises UnknownNameError for a rule, InputError for fewer than two
    members, doubles or a member without data: never a member with a need of 0.
    """
    if rule not in RULES:
        raise UnknownNameError("rule", rule, list(RULES), where="--rule")
    for name, share in (("common", common), ("filled", filled)):
        if not 0.0 <= share <= 1.0:
            raise InputError("a share is out of range", where=f"--{name}", why=f"{share}", mend="give 0 to 1")
    codes = tuple(country(name).iso3 for name in names)
    if len(codes) < 2 or len(set(codes)) != len(codes):
        raise InputError(
            "a coalition needs two or more different members", where="--members", why=", ".join(codes),
            mend="name each once, such as NLD,BEL,DEU,FRA",
        )  # fmt: skip
    book = MemberBook(run, store)
    members = tuple(book.member(code) for code in codes)
    use = np.array([item.use for item in members])
    value = np.array([item.value for item in members])
    holding = _holding(run)
    need, probability = _needs(run, use, common)
    game = stock_game(codes, need, probability, value, holding)
    expected = np.asarray(probability @ need)
    contribution = filled * game.stock[-1] * use / use.sum()
    crises = tuple(
        crisis(need, probability, value, contribution, kind, daily_use=use / DAYS_PER_YEAR,
               end_user_bound=end_user_bound)
        for kind in CrisisRule
    )  # fmt: skip
    return CoalitionRun(
        run.scenario.id, members, common, filled, holding, game, shares(game, RULES[rule], use=expected), rule,
        _axis(run, codes, use, value, holding), crises, contribution, end_user_bound,
        tuple(_alliances(run, book, holding, today)),
    )  # fmt: skip


def _holding(run: ScenarioRun) -> float:
    """The yearly cost of a useful tonne: the cheapest option in the form that users need, for the focus country."""
    case = stock_case(run, run.scenario.economy.region)
    end = case.steps[-1].value
    ready = [i for i, option in enumerate(case.options) if option.form.form == end]
    return float((case.middle.carry[ready] / case.middle.useful()[ready]).min())


def _short_share(run: ScenarioRun) -> Array:
    focus = run.draws.of(run.scenario.economy.region)
    return np.asarray(focus.out[REFERENCE].total_short() / focus.use)


def _needs(run: ScenarioRun, use: Array, common: float) -> tuple[Array, Array]:
    """Scenarios: nobody hit, all hit at once, and each combination hit alone: need (k, n) [t], probability (k,).

    The chance of a member being hit is that of the scenario whatever the common share; the size of the shortage, as a
    share of use, is the same for all who are hit.
    """
    chance = run.scenario.stock.yearly_chance.value
    sizes, weight = strata(_short_share(run), 1.0, SIZES)
    sizes, weight = sizes[1:], weight[1:]
    together = common * chance
    apart = (chance - together) / (1.0 - together)
    need = [np.zeros((1, use.size)), sizes[:, None] * use[None, :]]
    probability = [np.array([0.0]), together * weight]
    if common < 1.0:
        if use.size > MOST_APART:
            raise InputError(
                "too many members to follow being hit apart", why=f"{use.size}, the limit is {MOST_APART}",
                mend="use --common 1, which holds for a licence regime, or name fewer members",
            )  # fmt: skip
        for hit in every((False, True), repeat=use.size):
            mask = np.array(hit, dtype=np.float64)
            law = (1.0 - together) * float(np.prod(np.where(mask > 0.0, apart, 1.0 - apart)))
            need.append(sizes[:, None] * (use * mask)[None, :])
            probability.append(law * weight)
    else:
        probability[0][0] = 1.0 - together
    return np.concatenate(need), np.concatenate(probability)


def _axis(run: ScenarioRun, codes: tuple[str, ...], use: Array, value: Array, holding: float) -> tuple[PoolGain, ...]:
    """What pooling saves along the common cause; with equal values only insurance is left."""
    out = []
    level = np.full(use.size, float(use @ value / use.sum()))
    for common in AXIS if use.size <= MOST_APART else AXIS[-1:]:
        need, probability = _needs(run, use, common)
        full = stock_game(codes, need, probability, value, holding)
        equal = stock_game(codes, need, probability, level, holding)
        out.append(PoolGain(common, full.gain, equal.gain))
    return tuple(out)


def _alliances(run: ScenarioRun, book: MemberBook, holding: float, today: date) -> list[AllianceRow]:
    """Every instrument with all the alliance's members that have data: alliances differ by members too."""
    rates = stock_case(run, run.scenario.economy.region).rates
    discount, credibility = rates["joint_discount"].value[1], rates["credibility"].value[1]
    out, parts = [], {}
    for item in alliances():
        if item.alliance not in parts:
            have, lacking = book.known(coalition(item.alliance, today).members)
            use = np.array([one.use for one in have])
            need, probability = _needs(run, use, 1.0)
            names = tuple(one.region for one in have)
            part = Members(names, need, probability, np.array([one.value for one in have]), holding)
            parts[item.alliance] = part, alone(part), lacking
        part, apart, lacking = parts[item.alliance]
        joint = within(part, Instrument(item.instrument), discount=discount, credibility=credibility)
        out.append(AllianceRow(item, part.names, lacking, apart, joint))
    return out
