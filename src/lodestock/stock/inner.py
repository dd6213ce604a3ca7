"""A deterministic upper bound for long and risk-averse problems: the value function from above (MODEL §7.5).

Philpott, de Matos & Finardi (2013, doi:10.1287/opre.2013.1175): between stocks that were visited the value is at most
the same mixture of their values, because it is convex; away from them it rises at most by `steepest` per tonne.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.lp import Coordinates, LinearProgram
from lodestock.stock.multistage import MultistageProblem
from lodestock.stock.stage_model import with_future

Array = NDArray[np.float64]


def inner_bound(problem: MultistageProblem, points: list[Array], steepest: float) -> float:
    """An upper bound on the (risk-adjusted) optimum, without sampling [k€].

    points: for each stage but the last the stocks (k, s) that may leave it, more points make the bound tighter;
    steepest: at least what one tonne more or less can change the cost from any stage on [k€/t] – with a smaller value
    the result is not a bound. For a stock that can be released freely this is the highest loss per tonne or the
    cost of holding a tonne to the end, whichever is larger.
    """
    if len(points) != problem.stages - 1 or steepest <= 0.0:
        raise InputError(
            "the inner bound needs points for every stage but the last and a positive steepness",
            why=f"{len(points)} sets of points for {problem.stages} stages, steepness {steepest}",
        )
    after: Array | None = None
    for stage in range(problem.stages - 1, 0, -1):
        value = np.empty((len(problem.programs[stage]), points[stage - 1].shape[0]))
        leaving = points[stage] if stage < problem.stages - 1 else None
        for outcome in range(value.shape[0]):
            value[outcome] = _values(problem, stage, outcome, points[stage - 1], leaving, after, steepest)
        after = value
    return float(_values(problem, 0, 0, problem.initial[None, :], points[0], after, steepest)[0])


def _values(
    problem: MultistageProblem,
    stage: int,
    outcome: int,
    entering: Array,
    leaving: Array | None,
    after: Array | None,
    steepest: float,
) -> Array:
    """The upper value of one outcome at each entering stock (k, s): (k,)."""
    program = problem.programs[stage][outcome]
    chance = np.zeros(0) if leaving is None else problem.transition[stage][outcome]
    future = np.nonzero(chance > 0)[0]
    cost, lower, upper, matrix, row_lower, row_upper = with_future(
        program, chance[future], problem.risk, problem.discount, problem.floor
    )
    n, stocks = program.cost.size, program.outgoing.size
    if leaving is not None and after is not None:
        count = leaving.shape[0]
        mixture = cost.size + np.arange(count)
        away = cost.size + count + np.arange(2 * stocks)
        wide = cost.size + count + 2 * stocks
        place = np.zeros((stocks + 1 + future.size, wide))
        each = np.arange(stocks)
        place[each, program.outgoing] = 1.0  # stock = mixture of points + what lies away from it
        place[:stocks, mixture] = -leaving.T
        place[each, away[:stocks]] = -1.0
        place[each, away[stocks:]] = 1.0
        place[stocks, mixture] = 1.0
        above = stocks + 1 + np.arange(future.size)
        place[above, n + stocks + np.arange(future.size)] = 1.0  # future cost = mixture of values + steepest·distance
        place[above[:, None], mixture[None, :]] = -after[future]
        place[above[:, None], away[None, :]] = -steepest
        matrix = np.vstack([np.hstack([matrix, np.zeros((matrix.shape[0], wide - cost.size))]), place])
        right = np.zeros(place.shape[0])
        right[stocks] = 1.0
        row_lower, row_upper = np.concatenate([row_lower, right]), np.concatenate([row_upper, right])
        extra = wide - cost.size
        cost, lower = np.concatenate([cost, np.zeros(extra)]), np.concatenate([lower, np.zeros(extra)])
        upper = np.concatenate([upper, np.full(extra, np.inf)])
    i, j = np.nonzero(matrix)
    model = LinearProgram(
        cost, lower, upper, Coordinates(i, j, matrix[i, j]), row_lower, row_upper,
        where=f"upper bound, stage {stage}, outcome {outcome}", presolve="off",
    )  # fmt: skip
    columns, value = np.arange(n, n + stocks), np.empty(entering.shape[0])
    for k, stock in enumerate(entering):
        model.set_columns(columns, stock, stock)
        value[k] = model.solve().value
    return value
