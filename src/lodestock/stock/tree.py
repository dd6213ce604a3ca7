"""The extensive form: the whole scenario tree of a multistage stock problem as one linear programme (MODEL §7.5).

Exact, and the certificate for the other methods as long as the tree fits: nodes grow as outcomes^stages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.lp import Array, Coordinates, LinearProgram
from lodestock.stock.multistage import MultistageProblem, StageProgram

Index = NDArray[np.int64]
MOST_NODES = 400_000


@dataclass(frozen=True, slots=True)
class ExtensiveSolution:
    """value: optimal (risk-adjusted) cost, proven; first, stock: decisions of stage 0 and the stock that leaves it."""

    value: float
    first: Array
    stock: Array
    columns: int
    rows: int
    nodes: int


@dataclass(frozen=True, slots=True)
class _Level:
    """The nodes of one stage: outcome, parent (index in the level above), chance given the parent, first column."""

    outcome: Index
    parent: Index
    chance: Array
    reach: Array
    column: Index


@dataclass(slots=True)
class _Build:
    """The programme under construction: parts of columns, rows and coefficients."""

    cost: list[Array]
    lower: list[Array]
    upper: list[Array]
    row_lower: list[Array]
    row_upper: list[Array]
    entries: list[Coordinates]
    columns: int = 0
    rows: int = 0

    def add_rows(self, count: int, lower: Array, upper: Array) -> int:
        """Append rows; returns the index of the first."""
        first = self.rows
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.rows += count
        return first

    def add_columns(self, cost: Array, lower: Array, upper: Array) -> int:
        """Append columns; returns the index of the first."""
        first = self.columns
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.columns += cost.size
        return first


def extensive_program(problem: MultistageProblem) -> tuple[LinearProgram, int]:
    """The programme of the whole tree, and its number of nodes; InputError when the tree is too large for it."""
    nodes = problem.tree_size()
    if nodes > MOST_NODES:
        raise InputError(
            "the scenario tree is too large for the extensive form",
            why=f"{nodes} nodes, the limit is {MOST_NODES}",
            mend="use SDDP for this many stages",
        )
    build = _Build([], [], [], [], [], [])
    levels = _levels(problem)
    for stage, level in enumerate(levels):
        weight = problem.discount**stage * level.reach if problem.risk.neutral else np.zeros(level.reach.size)
        for outcome in np.unique(level.outcome):
            _place(build, problem.programs[stage][int(outcome)], stage, level, int(outcome), levels, problem, weight)
    if not problem.risk.neutral:
        _nested_risk(build, problem, levels)
    program = LinearProgram(
        np.concatenate(build.cost),
        np.concatenate(build.lower),
        np.concatenate(build.upper),
        Coordinates.join(build.entries),
        np.concatenate(build.row_lower),
        np.concatenate(build.row_upper),
        where="extensive form",
    )
    return program, nodes


def solve_extensive(problem: MultistageProblem) -> ExtensiveSolution:
    """The proven optimum of the whole tree; SolverError when HiGHS does not prove one."""
    program, nodes = extensive_program(problem)
    found = program.solve()
    root = problem.programs[0][0]
    first = found.x[: root.cost.size]
    return ExtensiveSolution(found.value, first, first[root.outgoing], found.x.size, found.row_dual.size, nodes)


def _levels(problem: MultistageProblem) -> list[_Level]:
    """The nodes stage by stage, grouped by outcome, with the column where each node's decisions begin."""
    one = np.ones(1)
    zero = np.zeros(1, dtype=np.int64)
    levels = [_Level(zero, zero, one, one, zero)]
    column = problem.programs[0][0].cost.size
    for stage, matrix in enumerate(problem.transition):
        above = levels[-1]
        parent, outcome = np.nonzero(matrix[above.outcome] > 0)
        order = np.lexsort((parent, outcome))
        parent, outcome = parent[order].astype(np.int64), outcome[order].astype(np.int64)
        chance = matrix[above.outcome[parent], outcome]
        size = np.array([p.cost.size for p in problem.programs[stage + 1]])[outcome]
        first = column + np.concatenate([[0], np.cumsum(size)[:-1]])
        column += int(size.sum())
        levels.append(_Level(outcome, parent, chance, above.reach[parent] * chance, first.astype(np.int64)))
    return levels


def _place(
    build: _Build,
    program: StageProgram,
    stage: int,
    level: _Level,
    outcome: int,
    levels: list[_Level],
    problem: MultistageProblem,
    weight: Array,
) -> None:
    """Put a copy of one stage programme at every node of that outcome, tied to the stock that leaves its parent."""
    at = np.nonzero(level.outcome == outcome)[0]
    count, m = at.size, program.matrix.shape[0]
    build.add_columns(
        np.outer(weight[at], program.cost).ravel(), np.tile(program.lower, count), np.tile(program.upper, count)
    )
    shift = program.incoming @ problem.initial if stage == 0 else np.zeros(m)
    first = build.add_rows(
        count * m, np.tile(program.row_lower - shift, count), np.tile(program.row_upper - shift, count)
    )
    row_of = first + m * np.arange(count)
    i, j = np.nonzero(program.matrix)
    build.entries.append(
        Coordinates(
            (row_of[:, None] + i).ravel(),
            (level.column[at][:, None] + j).ravel(),
            np.tile(program.matrix[i, j], count),
        )
    )
    if stage == 0:
        return
    i, k = np.nonzero(program.incoming)
    above = levels[stage - 1]
    leaving = np.array([p.outgoing for p in problem.programs[stage - 1]])[above.outcome]  # (parents, s)
    column = above.column[level.parent[at]][:, None] + leaving[level.parent[at]][:, k]
    build.entries.append(
        Coordinates((row_of[:, None] + i).ravel(), column.ravel(), np.tile(program.incoming[i, k], count))
    )


def _nested_risk(build: _Build, problem: MultistageProblem, levels: list[_Level]) -> None:
    """Cost-to-go variables F per node, with the nested risk measure written as linear rows.

    F_n ≥ c_n·y_n + β[(1−λ) Σ p_c F_c + λ(η_n + Σ p_c z_c / (1−α))], z_c ≥ F_c − η_n, z_c ≥ 0.
    """
    free, risk = np.inf, problem.risk
    total = [
        build.add_columns(
            np.full(level.reach.size, 1.0 if stage == 0 else 0.0),
            np.full(level.reach.size, -free),
            np.full(level.reach.size, free),
        )
        for stage, level in enumerate(levels)
    ]
    for stage, level in enumerate(levels):
        count = level.reach.size
        rows = build.add_rows(count, np.zeros(count), np.full(count, free)) + np.arange(count)
        parts = [Coordinates(rows, total[stage] + np.arange(count), np.ones(count))]
        for outcome in np.unique(level.outcome):
            at = np.nonzero(level.outcome == outcome)[0]
            cost = problem.programs[stage][int(outcome)].cost
            column = level.column[at][:, None] + np.arange(cost.size)
            parts.append(Coordinates(np.repeat(rows[at], cost.size), column.ravel(), np.tile(-cost, at.size)))
        if stage + 1 < len(levels):
            below = levels[stage + 1]
            children = below.reach.size
            eta = build.add_columns(np.zeros(count), np.full(count, -free), np.full(count, free))
            excess = build.add_columns(np.zeros(children), np.zeros(children), np.full(children, free))
            child = np.arange(children)
            beta, tail = problem.discount, risk.weight / (1.0 - risk.level)
            parts += [
                Coordinates(rows[below.parent], total[stage + 1] + child, -beta * (1.0 - risk.weight) * below.chance),
                Coordinates(rows, eta + np.arange(count), np.full(count, -beta * risk.weight)),
                Coordinates(rows[below.parent], excess + child, -beta * tail * below.chance),
            ]
            link = build.add_rows(children, np.zeros(children), np.full(children, free)) + child
            parts += [
                Coordinates(link, excess + child, np.ones(children)),
                Coordinates(link, total[stage + 1] + child, -np.ones(children)),
                Coordinates(link, eta + below.parent, np.ones(children)),
            ]
        build.entries.append(Coordinates.join(parts))
