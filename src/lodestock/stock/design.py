"""Which tonnes, in which form, held by whom and where: the two-stage stochastic programme with CVaR (MODEL §7.4).

min carry·q + (1−λ)·E[L] + λ·CVaR_α[L], subject to the budget; L is the loss that remains when the stocks are used as
well as the scenario allows. Straight on HiGHS; every constraint is one small function. Cases V18 and V22.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.benefit import check_probability, cvar
from lodestock.stock.lp import Coordinates, LinearProgram, Solution

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StockDesign:
    """The design problem as arrays: i options (a material in a form with a holder at a place), m materials,
    k scenarios, s loss steps, j conversion steps.

    material: (i,) index; carry: (i,) [k€/t/yr]; spend: (i,) what a tonne takes from the budget [k€/t]; fit: (i,) share
    of a tonne that meets the specification [0, 1]; least, most: (i,) [t]; cover: (i, k) share that can be used in the
    scenario, access included [0, 1]; gap: (m, k) [t]; width, value: (m, s) loss steps in rising value [t, k€/t], the
    last unlimited; route: (i, j) whether the option must pass the conversion step; capacity: (j, k) idle capacity [t];
    probability: (k,).
    """

    material: Index
    carry: Array
    spend: Array
    fit: Array
    least: Array
    most: Array
    cover: Array
    gap: Array
    width: Array
    value: Array
    route: NDArray[np.bool_]
    capacity: Array
    probability: Array

    def __post_init__(self) -> None:
        i, (m, k), j = self.material.size, self.gap.shape, self.capacity.shape[0]
        vectors = (self.carry, self.spend, self.fit, self.least, self.most)
        sound = (
            all(vector.shape == (i,) for vector in vectors)
            and self.cover.shape == (i, k)
            and self.width.shape == self.value.shape
            and self.width.shape[0] == m
            and self.route.shape == (i, j)
            and self.capacity.shape == (j, k)
        )
        if not sound:
            raise InputError("the design does not fit together", why=f"{i} options, {m} materials, {k} scenarios")
        if (np.diff(self.value, axis=1) < 0).any() or (self.gap < 0).any() or (self.spend < 0).any():
            raise InputError(
                "a gap or price is negative, or the loss steps do not rise", mend="sort the steps by value"
            )
        if (self.least > self.most).any() or (self.cover < 0).any() or (self.cover > 1).any():
            raise InputError("bounds or coverage are out of range", why="least ≤ most and coverage in [0, 1]")
        check_probability(self.probability, k)


@dataclass(frozen=True, slots=True)
class Aim:
    """budget: most that may be spent [k€]; aversion: weight λ of CVaR in [0, 1]; level: α in [0, 1)."""

    budget: float
    aversion: float = 0.0
    level: float = 0.95

    def __post_init__(self) -> None:
        if not (0.0 <= self.aversion <= 1.0 and 0.0 <= self.level < 1.0 and 0.0 <= self.budget < np.inf):
            raise InputError(
                "budget or risk aversion is out of range",
                why=f"budget {self.budget:g} thousand euros, risk aversion {self.aversion:g}, alpha {self.level:g}",
                mend="give a finite budget of 0 or more, a risk aversion from 0 to 1, an alpha from 0 to below 1",
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """tonnes: (i,) [t]; objective, cost (carry), spent, expected_loss, tail_loss (CVaR) [k€]; loss: (k,) per scenario;
    budget_worth: how much the objective falls per extra k€ of budget (at a kink one of the possible values)."""

    aim: Aim
    tonnes: Array
    objective: float
    cost: float
    spent: float
    expected_loss: float
    tail_loss: float
    loss: Array
    budget_worth: float


class _Layout:
    """Where each kind of variable and row lies, and the coefficients as they are added."""

    def __init__(self, design: StockDesign) -> None:
        self.design = design
        hit = np.nonzero(design.gap.max(axis=0) > 0.0)[0]  # scenarios without any gap lose nothing
        self.hit = hit
        usable = (
            (design.cover[:, hit] > 0.0) & (design.fit[:, None] > 0.0) & (design.gap[design.material][:, hit] > 0.0)
        )
        self.use_option, self.use_hit = np.nonzero(usable)
        short = np.nonzero(np.repeat((design.gap[:, hit] > 0.0)[:, None, :], design.width.shape[1], axis=1))
        self.short_material, self.short_step, self.short_hit = short
        options, uses, shorts = design.material.size, self.use_option.size, self.short_material.size
        self.use = options + np.arange(uses)
        self.short = options + uses + np.arange(shorts)
        self.eta = options + uses + shorts
        self.excess = self.eta + 1 + np.arange(hit.size)
        self.columns = self.eta + 1 + hit.size
        self.parts: list[Coordinates] = []
        self.row_lower: list[Array] = []
        self.row_upper: list[Array] = []
        self.rows = 0

    def add(self, lower: Array, upper: Array, *entries: tuple[Index, Index, Array]) -> Index:
        """Append rows with entries (row within the block, column, value); returns the row numbers."""
        rows = self.rows + np.arange(lower.size)
        for row, column, value in entries:
            self.parts.append(Coordinates(rows[row], np.asarray(column), np.asarray(value, dtype=np.float64)))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.rows += lower.size
        return rows


def _budget_row(at: _Layout, aim: Aim) -> Index:
    """Σ spend·q ≤ budget."""
    options = np.arange(at.design.material.size)
    return at.add(np.array([-np.inf]), np.array([aim.budget]), (np.zeros_like(options), options, at.design.spend))


def _use_rows(at: _Layout) -> None:
    """What is used of an option ≤ coverage · fit · q."""
    each, d = np.arange(at.use.size), at.design
    share = -d.cover[at.use_option, at.hit[at.use_hit]] * d.fit[at.use_option]
    at.add(
        np.full(each.size, -np.inf),
        np.zeros(each.size),
        (each, at.use, np.ones(each.size)),
        (each, at.use_option, share),
    )


def _need_rows(at: _Layout) -> None:
    """Used + short ≥ gap, per material and scenario with a gap."""
    d = at.design
    material, hit = np.nonzero(d.gap[:, at.hit] > 0.0)
    number = np.full((d.gap.shape[0], at.hit.size), -1, dtype=np.int64)
    number[material, hit] = np.arange(material.size)
    gap = d.gap[material, at.hit[hit]]
    at.add(
        gap,
        np.full(gap.size, np.inf),
        (number[d.material[at.use_option], at.use_hit], at.use, np.ones(at.use.size)),
        (number[at.short_material, at.short_hit], at.short, np.ones(at.short.size)),
    )


def _conversion_rows(at: _Layout) -> None:
    """What passes a conversion step ≤ its idle capacity, per step and scenario."""
    d = at.design
    use, step = np.nonzero(d.route[at.use_option])
    if use.size == 0:
        return
    pair = step * at.hit.size + at.use_hit[use]
    pairs, row = np.unique(pair, return_inverse=True)
    capacity = d.capacity[pairs // at.hit.size, at.hit[pairs % at.hit.size]]
    at.add(np.full(pairs.size, -np.inf), capacity, (row, at.use[use], np.ones(use.size)))


def _tail_rows(at: _Layout) -> None:
    """Excess ≥ loss − η per scenario: the CVaR of Rockafellar and Uryasev."""
    each = np.arange(at.hit.size)
    value = at.design.value[at.short_material, at.short_step]
    at.add(
        np.zeros(each.size),
        np.full(each.size, np.inf),
        (each, at.excess, np.ones(each.size)),
        (each, np.full(each.size, at.eta), np.ones(each.size)),
        (at.short_hit, at.short, -value),
    )


class DesignSolver:
    """The design problem kept alive: a new budget or risk aversion starts from the last basis."""

    def __init__(self, design: StockDesign, *, seconds: float = 600.0) -> None:
        """seconds: time limit of one solve; reaching it is a SolverError, not an answer."""
        self.design = design
        self.at = _Layout(design)
        first = Aim(0.0)
        self.budget_row = _budget_row(self.at, first)
        _use_rows(self.at)
        _need_rows(self.at)
        _conversion_rows(self.at)
        _tail_rows(self.at)
        at, d = self.at, design
        lower, upper = np.zeros(at.columns), np.full(at.columns, np.inf)
        lower[: d.material.size], upper[: d.material.size] = d.least, d.most
        width = d.width[at.short_material, at.short_step].astype(np.float64)
        width[at.short_step == d.width.shape[1] - 1] = np.inf
        upper[at.short] = width
        self.program = LinearProgram(
            self._cost(first),
            lower,
            upper,
            Coordinates.join(at.parts),
            np.concatenate(at.row_lower),
            np.concatenate(at.row_upper),
            where="stock design",
            time_limit=seconds,
        )

    def _cost(self, aim: Aim) -> Array:
        """Carry, expected loss and tail loss; η ≥ 0 is free of loss of generality because losses are not negative."""
        at, d = self.at, self.design
        cost = np.zeros(at.columns)
        cost[: d.material.size] = d.carry
        chance = d.probability[at.hit]
        cost[at.short] = (1.0 - aim.aversion) * chance[at.short_hit] * d.value[at.short_material, at.short_step]
        cost[at.eta] = aim.aversion
        cost[at.excess] = aim.aversion / (1.0 - aim.level) * chance
        return cost

    def solve(self, aim: Aim) -> Plan:
        """The proven best plan for one budget and risk aversion."""
        d = self.design
        required = float(d.spend @ d.least)
        if required > aim.budget + 1e-9:
            raise InputError(
                "the budget cannot pay for the required stocks",
                why=f"the required minimum costs {required:.6g} k€, the budget is {aim.budget:.6g} k€",
                mend="raise the budget or lower the required stocks",
            )
        self.program.set_cost(np.arange(self.at.columns), self._cost(aim))
        self.program.set_rows(self.budget_row, np.array([-np.inf]), np.array([aim.budget]))
        return self._plan(aim, self.program.solve())

    def _plan(self, aim: Aim, found: Solution) -> Plan:
        d, at = self.design, self.at
        tonnes = found.x[: d.material.size]
        loss = np.zeros(d.probability.size)
        paid = found.x[at.short] * d.value[at.short_material, at.short_step]
        np.add.at(loss, at.hit[at.short_hit], paid)
        tail = cvar(loss, d.probability, aim.level)[0]
        worth = max(-float(found.row_dual[self.budget_row[0]]), 0.0)
        carry, spent, expected = float(d.carry @ tonnes), float(d.spend @ tonnes), float(d.probability @ loss)
        return Plan(aim, tonnes, found.value, carry, spent, expected, tail, loss, worth)


def best_plan(design: StockDesign, aim: Aim) -> Plan:
    """The proven best plan; use `DesignSolver` for several aims on one design."""
    return DesignSolver(design).solve(aim)


def frontier(design: StockDesign, aims: list[Aim]) -> list[Plan]:
    """The efficient plans for a list of aims, in the order given; neighbours should differ little (warm starts)."""
    solver = DesignSolver(design)
    return [solver.solve(aim) for aim in aims]


def loss_of(design: StockDesign, tonnes: Array, aim: Aim) -> Plan:
    """The losses with given stocks: the plan evaluated, overlaps included, whatever the budget."""
    fixed = StockDesign(
        design.material, design.carry, design.spend, design.fit, tonnes, tonnes, design.cover, design.gap, design.width,
        design.value, design.route, design.capacity, design.probability,
    )  # fmt: skip
    plan = DesignSolver(fixed).solve(Aim(float(design.spend @ tonnes) + 1.0, aim.aversion, aim.level))
    return Plan(
        aim, plan.tonnes, plan.objective, plan.cost, plan.spent, plan.expected_loss, plan.tail_loss, plan.loss, 0.0
    )
