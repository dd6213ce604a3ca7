"""The scalar dynamic programme of one material in a regime: the second method behind SDDP and the yardstick for rules.

MODEL §7.5: exact where stock, supply and widths of the loss steps lie on the grid; use it whenever one stock is all the
state there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.instances import RegimeStock
from lodestock.stock.multistage import Array, NestedRisk


@dataclass(frozen=True, slots=True)
class GridSolution:
    """grid: (k,) stock [t]; value: (T, n, k) cost from stage t on, per outcome and entering stock [k€];
    leaving: (T, n, k) index on the grid of the stock kept; release: (T, n, k) tonnes released."""

    grid: Array
    value: Array
    leaving: NDArray[np.int64]
    release: Array

    def water_value(self, stage: int, outcome: int) -> Array:
        """What one more tonne in store saves, between grid points: (k−1,) [k€/t]."""
        value = self.value[stage, outcome]
        return np.asarray(-(value[1:] - value[:-1]) / (self.grid[1:] - self.grid[:-1]))


def stock_grid(data: RegimeStock, step: float = 1.0) -> Array:
    """The grid 0, step, …, capacity [t]; InputError when the capacity is not a multiple of the step."""
    count = data.capacity / step
    if abs(count - round(count)) > 1e-9:
        raise InputError(
            "the grid does not reach the capacity",
            why=f"{data.capacity} is not a multiple of {step}",
            mend="change the step",
        )
    return np.arange(round(count) + 1, dtype=np.float64) * step


def solve_grid(
    data: RegimeStock, stages: int, *, risk: NestedRisk | None = None, step: float = 1.0, surplus: bool = True
) -> GridSolution:
    """The optimal cost and policy on a grid, per stage, outcome (state and supply) and entering stock.

    surplus: whether more than the gap may leave the store (it is then lost); False for a stock that is only released
    against shortage.
    """
    measure = risk or NestedRisk()
    grid = stock_grid(data, step)
    state = data.outcomes()[0]
    chain = data.chain()
    stage_cost, stage_release = _moves(data, grid, step, surplus)
    outcomes, k = state.size, grid.size
    value, leaving = np.zeros((stages, outcomes, k)), np.zeros((stages, outcomes, k), dtype=np.int64)
    release = np.zeros((stages, outcomes, k))
    ahead = np.tile(-data.salvage * grid, (outcomes, 1))
    rows = np.arange(k)
    for stage in range(stages - 1, -1, -1):
        for i in range(outcomes):
            future = ahead[i] if stage == stages - 1 else future_cost(measure, chain[i], value[stage + 1])
            total = stage_cost[i] + (data.holding * grid + data.discount * future)[None, :]
            leaving[stage, i] = total.argmin(axis=1)
            value[stage, i] = total[rows, leaving[stage, i]]
            release[stage, i] = stage_release[i][rows, leaving[stage, i]]
    return GridSolution(grid, value, leaving, release)


def future_cost(risk: NestedRisk, chance: Array, value: Array) -> Array:
    """The risk measure over outcomes at each stock: chance (n,), value (n, k) → (k,)."""
    if risk.neutral:
        return np.asarray(chance @ value)
    return np.array([risk.of(chance, value[:, k]) for k in range(value.shape[1])])


def _moves(data: RegimeStock, grid: Array, step: float, surplus: bool) -> tuple[list[Array], list[Array]]:
    """The cheapest way from each stock to each stock within a stage: cost [k€] and release [t], (k, k) per outcome."""
    state, _, supply = data.outcomes()
    costs, releases = [], []
    change = grid[None, :] - grid[:, None]
    for g, tonnes in zip(state, supply, strict=True):
        gap = max(data.demand - tonnes, 0.0)
        best, best_release = np.full(change.shape, np.inf), np.zeros(change.shape)
        for bought in np.arange(np.floor(data.buy_cap[g] / step + 1e-9) + 1) * step:
            release = bought - change
            cost = data.price[g] * bought + data.shortage_cost(gap - release)
            better = (release >= -1e-9) & (cost < best) & (surplus | (release <= gap + 1e-9))
            best = np.where(better, cost, best)
            best_release = np.where(better, release, best_release)
        costs.append(best)
        releases.append(best_release)
    return costs, releases
