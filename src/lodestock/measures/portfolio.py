"""Which measures together within a budget: stock, recycling, second source, substitution (MODEL §7.4, §8; V18)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.benefit import check_probability, cvar
from lodestock.stock.coalition import shapley
from lodestock.stock.design import Aim
from lodestock.stock.lp import Coordinates, LinearProgram

Array = NDArray[np.float64]
MOST_MEASURES_ATTRIBUTED = 12


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The measures to choose from: a measures, m materials, k scenarios, s loss steps.

    names: (a,); unit_cost: (a,) [k€/yr per unit]; most: (a,) largest amount [unit]; effect: (a, m, k) tonnes that a
    unit adds in a scenario [t/unit]; short: (m, k) [t]; width: (m, k, s) and value: (m, s) loss steps in rising order
    of value [t, k€/t], the last unlimited; probability: (k,) summing to 1.
    """

    names: tuple[str, ...]
    unit_cost: Array
    most: Array
    effect: Array
    short: Array
    width: Array
    value: Array
    probability: Array

    def __post_init__(self) -> None:
        a, (m, k), s = len(self.names), self.short.shape, self.value.shape[1]
        sound = (
            self.unit_cost.shape == self.most.shape == (a,)
            and self.effect.shape == (a, m, k)
            and self.width.shape == (m, k, s)
            and self.value.shape == (m, s)
        )
        if not sound:
            raise InputError(
                "the measures do not fit together", why=f"{a} measures, {m} materials, {k} scenarios, {s} steps"
            )
        if (np.diff(self.value, axis=1) < 0).any() or min(self.short.min(), self.most.min(), self.unit_cost.min()) < 0:
            raise InputError("a shortage, amount or cost is negative, or the loss steps do not rise")
        check_probability(self.probability, k)


@dataclass(frozen=True, slots=True)
class Choice:
    """amount: (a,) [unit]; objective, cost, expected_loss, tail_loss [k€/yr]; loss: (k,) [k€]; avoided_per_euro: mean
    avoided expected loss per euro, None when nothing is spent."""

    aim: Aim
    amount: Array
    objective: float
    cost: float
    expected_loss: float
    tail_loss: float
    loss: Array
    avoided_per_euro: float | None


def base_loss(portfolio: Portfolio) -> Array:
    """The loss of each scenario without any measure: (k,) [k€]."""
    total = np.zeros(portfolio.probability.size)
    steps = portfolio.value.shape[1]
    for m in range(portfolio.short.shape[0]):
        left = portfolio.short[m].astype(np.float64)
        for s in range(steps):
            cut = left if s == steps - 1 else np.minimum(left, portfolio.width[m, :, s])
            total += cut * portfolio.value[m, s]
            left = left - cut
    return total


class PortfolioSolver:
    """The choice of measures kept alive for many budgets, risk aversions and sets of measures."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = p = portfolio
        a, (m, k), s = len(p.names), p.short.shape, p.value.shape[1]
        self.short = a + np.arange(m * k * s)
        self.eta = a + m * k * s
        self.excess = self.eta + 1 + np.arange(k)
        columns = self.eta + 1 + k
        upper = np.full(columns, np.inf)
        upper[:a] = p.most
        width = p.width.astype(np.float64).copy()
        width[:, :, -1] = np.inf
        upper[self.short] = width.ravel()
        need, tail = np.arange(m * k), m * k + np.arange(k)
        self.budget_row = m * k + k
        at, where = np.nonzero(p.effect.reshape(a, m * k))
        per_step = np.repeat(need, s)
        value = np.broadcast_to(p.value[:, None, :], (m, k, s)).ravel()
        matrix = Coordinates.join(
            [
                Coordinates(where, at, p.effect.reshape(a, m * k)[at, where]),  # measures + short ≥ shortage
                Coordinates(per_step, self.short, np.ones(self.short.size)),
                Coordinates(tail, self.excess, np.ones(k)),  # excess ≥ loss − η
                Coordinates(tail, np.full(k, self.eta), np.ones(k)),
                Coordinates(m * k + per_step % k, self.short, -value),
                Coordinates(np.full(a, self.budget_row), np.arange(a), p.unit_cost),  # cost ≤ budget
            ]
        )
        self.step_value = value
        self.step_scenario = per_step % k
        self.program = LinearProgram(
            np.zeros(columns),
            np.zeros(columns),
            upper,
            matrix,
            np.concatenate([p.short.ravel(), np.zeros(k), [-np.inf]]),
            np.concatenate([np.full(m * k + k, np.inf), [0.0]]),
            where="portfolio of measures",
        )

    def solve(self, aim: Aim, *, allowed: NDArray[np.bool_] | None = None) -> Choice:
        """The proven best amounts; allowed: (a,) which measures may be used, all when left out."""
        p = self.portfolio
        a, columns = len(p.names), self.excess[-1] + 1
        chance = p.probability[self.step_scenario]
        cost = np.zeros(columns)
        cost[:a] = p.unit_cost
        cost[self.short] = (1.0 - aim.aversion) * chance * self.step_value
        cost[self.eta] = aim.aversion
        cost[self.excess] = aim.aversion / (1.0 - aim.level) * p.probability
        self.program.set_cost(np.arange(columns), cost)
        self.program.set_rows(np.array([self.budget_row]), np.array([-np.inf]), np.array([aim.budget]))
        most = p.most if allowed is None else np.where(allowed, p.most, 0.0)
        self.program.set_columns(np.arange(a), np.zeros(a), most)
        found = self.program.solve()
        loss = np.zeros(p.probability.size)
        np.add.at(loss, self.step_scenario, found.x[self.short] * self.step_value)
        spent, expected = float(p.unit_cost @ found.x[:a]), float(p.probability @ loss)
        avoided = float(p.probability @ base_loss(p)) - expected
        return Choice(
            aim, found.x[:a], found.value, spent, expected, cvar(loss, p.probability, aim.level)[0], loss,
            avoided / spent if spent > 1e-9 else None,
        )  # fmt: skip

    def budget_worth(self, aim: Aim) -> tuple[float, float]:
        """How much the objective falls per k€ of budget: for the last k€ spent and for the next one.

        The objective is piecewise linear in the budget, so a difference over a ten-thousandth of it is its slope; at a
        kink the two differ (MODEL §13, trap 8).
        """
        step = 1e-4 * max(aim.budget, 1.0)
        here = self.solve(aim).objective
        more = self.solve(Aim(aim.budget + step, aim.aversion, aim.level)).objective
        next_one = (here - more) / step
        if aim.budget < step:
            return next_one, next_one
        less = self.solve(Aim(aim.budget - step, aim.aversion, aim.level)).objective
        return (less - here) / step, next_one


@dataclass(frozen=True, slots=True)
class Attribution:
    """What each measure contributes: share (a,) [k€/yr], summing to `total`; alone: (a,) worth by itself; last: (a,)
    what is lost when it alone is left out; worth: (2^a,) worth of each set by bit mask."""

    names: tuple[str, ...]
    share: Array
    alone: Array
    last: Array
    worth: Array

    @property
    def total(self) -> float:
        """What all measures together are worth [k€/yr]."""
        return float(self.worth[-1])


def attribute(portfolio: Portfolio, aim: Aim) -> Attribution:
    """Shares of the gain of overlapping measures (Shapley): a measure's mean contribution over all orders.

    The worth of a set is the fall of the objective when only its measures may be used within the budget.
    """
    a = len(portfolio.names)
    if a > MOST_MEASURES_ATTRIBUTED:
        raise InputError("too many measures to attribute exactly", why=f"{a}, the limit is {MOST_MEASURES_ATTRIBUTED}")
    solver = PortfolioSolver(portfolio)
    masks = np.arange(1 << a)
    allowed = (masks[:, None] >> np.arange(a) & 1).astype(bool)
    objective = np.array([solver.solve(aim, allowed=row).objective for row in allowed])
    worth = objective[0] - objective
    single = 1 << np.arange(a)
    return Attribution(portfolio.names, shapley(worth), worth[single], worth[-1] - worth[masks[-1] ^ single], worth)
