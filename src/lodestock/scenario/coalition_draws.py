"""How sure a coalition's numbers are: the same game in draws of use, value, cost and chance (MODEL §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lodestock.measures.robustness import Paired, paired
from lodestock.scenario.coalition_members import Member
from lodestock.scenario.coalition_needs import Event, holding_draws, needs
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_options import StockCase
from lodestock.stock.alliances import Instrument, Members, alone, within
from lodestock.stock.bound import BoundGame, bound_game, bound_shares
from lodestock.stock.carry import break_even_probability
from lodestock.stock.coalition import CostGame, Rule, shares, stock_game
from lodestock.stock.crisis import CrisisRule, crisis
from lodestock.stock.large_game import LargeGame, large_game

Array = NDArray[np.float64]
DRAWS = 128
MOST_SHARED = 6  # members for which the shares are found again in each draw; one fewer when some are hit apart
_Q = (0.05, 0.95)
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Division:
    """How a pool is asked for. rule of the shares; common: share of the yearly chance that hits all at once, 1 when
    end_user_bound: licences then tie material to its end user, so that only each member's own need counts."""

    rule: Rule
    common: float
    end_user_bound: bool = False


@dataclass(frozen=True, slots=True)
class Gained:
    """What pooling saves over the draws: 5th and 95th percentile [k€/yr], and together against apart, draw by draw."""

    span: Span
    against: Paired


@dataclass(frozen=True, slots=True)
class CoalitionRanges:
    """5th and 95th percentile over the draws of the members' own use [t/yr], value [k€/t], cost alone and share
    [k€/yr], of the cost and stock together, and of the gain; gained: together against apart, draw by draw. amount is
    None where there are too many members to share again in each draw. break_even: of the yearly chance above which the
    stock at middle values pays; None where there is no stock."""

    use: tuple[Span, ...]
    value: tuple[Span, ...]
    alone: tuple[Span, ...]
    amount: tuple[Span, ...] | None
    grand: Span
    stock: Span
    gain: Span
    gained: Paired
    break_even: Span | None


@dataclass(frozen=True, slots=True)
class DrawnEvent:
    """The event in the chosen draws: rows of the run, and event by draw."""

    rows: NDArray[np.int64]
    events: tuple[Event, ...]


def drawn_event(run: ScenarioRun, case: StockCase, middle: Event) -> DrawnEvent:
    """The event in 128 of the run's draws: its chance and the cost of holding vary, the sizes are the scenarios."""
    _, holding = holding_draws(case)
    chance = run.draws.shared["yearly_chance"]
    step = max(holding.size // DRAWS, 1)
    chosen = np.arange(0, min(step * DRAWS, holding.size), step)
    events = tuple(replace(middle, chance=float(chance[d]), holding=float(holding[d])) for d in chosen)
    return DrawnEvent(chosen, events)


def ranges_of(drawn: DrawnEvent, members: Sequence[Member], ask: Division, held: Array) -> CoalitionRanges:
    """The ranges of a coalition's numbers; shares by rule only for few members, or when licences are bound.

    held: (n,) the best stock at middle values [t], by member or in any division of it.
    """
    names = tuple(item.region for item in members)
    uses = np.stack([item.uses[drawn.rows] for item in members], axis=1)
    values = np.stack([item.values[drawn.rows] for item in members], axis=1)
    few = len(names) <= (MOST_SHARED if ask.common >= 1.0 else MOST_SHARED - 1)
    apart, amount = np.empty(uses.shape), np.empty(uses.shape)
    grand, stock = np.empty(len(uses)), np.empty(len(uses))
    even = np.full(len(uses), np.nan)
    for d, event in enumerate(drawn.events):
        need, probability = needs(event, uses[d], ask.common)
        part = Members(names, need, probability, values[d], event.holding)
        game = _game(part, few=few, bound=ask.end_user_bound)
        apart[d], grand[d], stock[d] = game.alone, game.grand, game.pooled
        expected = np.asarray(probability @ need)
        if isinstance(game, BoundGame):
            amount[d] = bound_shares(game, ask.rule, use=expected).amount
        elif isinstance(game, CostGame):
            amount[d] = shares(game, ask.rule, use=expected).amount
        even[d] = pays_from(event, part, ask, held) or np.nan
    gain = _gained(apart, grand)
    return CoalitionRanges(
        _spans(uses), _spans(values), _spans(apart), _spans(amount) if few or ask.end_user_bound else None,
        _span(grand), _span(stock), gain.span, gain.against, None if np.isnan(even).any() else _span(even),
    )  # fmt: skip


def gained_if_shared(drawn: DrawnEvent, members: Sequence[Member], common: float) -> Gained:
    """What pooling would save over the draws if members could pass on what they hold."""
    names = tuple(item.region for item in members)
    games = []
    for row, event in zip(drawn.rows, drawn.events, strict=True):
        use = np.array([item.uses[row] for item in members])
        value = np.array([item.values[row] for item in members])
        games.append(large_game(names, *needs(event, use, common), value, event.holding))
    return _gained(np.stack([one.alone for one in games]), np.array([one.grand for one in games]))


def pays_from(event: Event, part: Members, ask: Division, held: Array) -> float | None:
    """The yearly chance above which a stock pays [1/yr]: p* = cost of holding / what it saves when used (MODEL §7.1).

    held: (n,) [t]. None where there is no stock, where it saves nothing, and where members are hit apart: what it saves
    is then not in proportion to the chance.
    """
    tonnes = float(held.sum())
    if tonnes <= 0.0 or ask.common < 1.0 or event.chance <= 0.0:
        return None
    without = float(part.probability @ (part.need @ part.value))
    outcome = crisis(part.need, part.probability, part.value, held, CrisisRule.VALUE, end_user_bound=ask.end_user_bound)
    saved = (without - outcome.total_loss) / event.chance
    return float(break_even_probability(event.holding, saved / tonnes)) if saved > 0.0 else None


def _game(part: Members, *, few: bool, bound: bool) -> CostGame | LargeGame | BoundGame:
    if bound:
        return bound_game(part)
    make = stock_game if few else large_game
    return make(part.names, part.need, part.probability, part.value, part.holding)


def _gained(apart: Array, grand: Array) -> Gained:
    every = apart.sum(axis=1)
    level = np.where(np.abs(every - grand) <= 1e-6 * every, every, grand)  # a tie is not a gain
    return Gained(_span(every - level), paired(every, level))


def alliance_draws(
    case: StockCase,
    drawn: DrawnEvent,
    members: Sequence[Member],
    kinds: Sequence[Instrument],
    *,
    end_user_bound: bool = False,
) -> tuple[dict[Instrument, Paired], Span, dict[Instrument, Span]]:
    """For each instrument: within against alone draw by draw, and the ranges of both totals [k€/yr]."""
    discount, credibility = (case.single[key][drawn.rows] for key in ("joint_discount", "credibility"))
    uses = np.stack([item.uses[drawn.rows] for item in members], axis=1)
    values = np.stack([item.values[drawn.rows] for item in members], axis=1)
    apart = np.empty(len(drawn.rows))
    joint = {kind: np.empty(len(drawn.rows)) for kind in kinds}
    for d, event in enumerate(drawn.events):
        need, probability = needs(event, uses[d], 1.0)
        part = Members(tuple(item.region for item in members), need, probability, values[d], event.holding)
        apart[d] = alone(part).total
        for kind in kinds:
            total = within(
                part,
                kind,
                discount=float(discount[d]),
                credibility=float(credibility[d]),
                end_user_bound=end_user_bound,
            ).total
            joint[kind][d] = apart[d] if abs(total - apart[d]) <= 1e-6 * apart[d] else total
    return {kind: paired(apart, joint[kind]) for kind in kinds}, _span(apart), {k: _span(v) for k, v in joint.items()}


def _span(values: Array) -> Span:
    low, high = np.quantile(values, _Q)
    return float(low), float(high)


def _spans(values: Array) -> tuple[Span, ...]:
    return tuple(_span(column) for column in values.T)
