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
from lodestock.stock.coalition import Rule, shares, stock_game
from lodestock.stock.large_game import large_game

Array = NDArray[np.float64]
DRAWS = 128
MOST_SHARED = 6  # members for which the shares are found again in each draw; one fewer when some are hit apart
_Q = (0.05, 0.95)
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CoalitionRanges:
    """5th and 95th percentile over the draws of the members' own use [t/yr], value [k€/t], cost alone and share
    [k€/yr], of the cost and stock together, and of the gain; gained: together against apart, draw by draw. amount is
    None where there are too many members to share again in each draw."""

    use: tuple[Span, ...]
    value: tuple[Span, ...]
    alone: tuple[Span, ...]
    amount: tuple[Span, ...] | None
    grand: Span
    stock: Span
    gain: Span
    gained: Paired


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


def ranges_of(drawn: DrawnEvent, members: Sequence[Member], common: float, rule: Rule) -> CoalitionRanges:
    """The ranges of a coalition's numbers; shares by rule only for few members."""
    names = tuple(item.region for item in members)
    uses = np.stack([item.uses[drawn.rows] for item in members], axis=1)
    values = np.stack([item.values[drawn.rows] for item in members], axis=1)
    few = len(names) <= (MOST_SHARED if common >= 1.0 else MOST_SHARED - 1)
    apart, amount = np.empty(uses.shape), np.empty(uses.shape)
    grand, stock = np.empty(len(uses)), np.empty(len(uses))
    for d, event in enumerate(drawn.events):
        need, probability = needs(event, uses[d], common)
        if few:
            game = stock_game(names, need, probability, values[d], event.holding)
            amount[d] = shares(game, rule, use=np.asarray(probability @ need)).amount
            apart[d], grand[d], stock[d] = game.alone, game.grand, game.pooled
        else:
            large = large_game(names, need, probability, values[d], event.holding)
            apart[d], grand[d], stock[d] = large.alone, large.grand, large.pooled
    every = apart.sum(axis=1)
    level = np.where(np.abs(every - grand) <= 1e-6 * every, every, grand)  # a tie is not a gain
    return CoalitionRanges(
        _spans(uses), _spans(values), _spans(apart), _spans(amount) if few else None, _span(grand), _span(stock),
        _span(every - level), paired(every, level),
    )  # fmt: skip


def alliance_draws(
    case: StockCase, drawn: DrawnEvent, members: Sequence[Member], kinds: Sequence[Instrument]
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
            total = within(part, kind, discount=float(discount[d]), credibility=float(credibility[d])).total
            joint[kind][d] = apart[d] if abs(total - apart[d]) <= 1e-6 * apart[d] else total
    return {kind: paired(apart, joint[kind]) for kind in kinds}, _span(apart), {k: _span(v) for k, v in joint.items()}


def _span(values: Array) -> Span:
    low, high = np.quantile(values, _Q)
    return float(low), float(high)


def _spans(values: Array) -> tuple[Span, ...]:
    return tuple(_span(column) for column in values.T)
