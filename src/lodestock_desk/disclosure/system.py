"""Tables as linear systems: published cells are sums of base cells. Pure: numpy and scipy, no database.

A publication says `value of cell = Σ base cells`. Margins, longer periods and later publications are all cells over the
same base cells, so one system holds everything an outsider has ever been told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """cells [m × n]: which base cells each cell sums (0/1); truth [n]: the base values, 0 or more.

    The first n rows need not be the base cells themselves: a base cell that is never published has no row.
    """

    cells: sparse.csr_matrix
    truth: FloatArray

    @property
    def values(self) -> FloatArray:
        """The true value of every cell [m]."""
        return np.asarray(self.cells @ self.truth, dtype=np.float64)


def two_way(counts: npt.ArrayLike) -> System:
    """The system of a table with both margins: inner cells by row, then row totals, column totals, the grand total."""
    table = np.asarray(counts, dtype=np.float64)
    rows, columns = table.shape
    number = np.arange(table.size).reshape(rows, columns)
    sums: list[Sequence[int]] = [[int(i)] for i in number.ravel()]
    sums += [list(map(int, number[r])) for r in range(rows)]
    sums += [list(map(int, number[:, c])) for c in range(columns)]
    sums.append(list(range(table.size)))
    return System(incidence(sums, table.size), table.ravel())


def incidence(sums: Sequence[Sequence[int]], base: int) -> sparse.csr_matrix:
    """The 0/1 matrix of cells that sum these base cells."""
    row = np.repeat(np.arange(len(sums)), [len(s) for s in sums])
    column = np.array([i for s in sums for i in s], dtype=np.int64)
    return sparse.csr_matrix((np.ones(column.size), (row, column)), shape=(len(sums), base))


def bounds(
    system: System, told_low: FloatArray, told_high: FloatArray, cells: Sequence[int], *, most: float
) -> FloatArray:
    """How narrowly an outsider can pin down cells: lower and upper bound by linear programming [len(cells) × 2].

    told_low, told_high [m]: what was said of each cell: equal for a published value, a range for a band, −inf and inf
    for a suppressed cell. most: the largest value a base cell can have as the outsider knows it.
    """
    free = np.isneginf(told_low) & np.isposinf(told_high)
    exact = ~free & (told_low == told_high)
    band = ~free & ~exact
    equal, rhs = system.cells[exact], told_low[exact]
    inside = sparse.vstack([system.cells[band], -system.cells[band]]) if band.any() else None
    limit = np.concatenate([told_high[band], -told_low[band]]) if band.any() else None
    found = np.empty((len(cells), 2))
    for place, cell in enumerate(cells):
        goal = np.asarray(system.cells[cell].todense()).ravel()
        for side, sign in ((0, 1.0), (1, -1.0)):
            answer = optimize.linprog(
                sign * goal,
                A_ub=inside,
                b_ub=limit,
                A_eq=equal if exact.any() else None,
                b_eq=rhs if exact.any() else None,
                bounds=(0.0, most),
                method="highs",
            )
            if answer.status != 0:
                raise ValueError(f"the bounds of cell {cell} have no answer: {answer.message}")
            found[place, side] = sign * answer.fun
    return found


def too_narrow(interval: FloatArray, needed: FloatArray) -> BoolArray:
    """Which cells are pinned down more narrowly than they may be [k]; interval [k × 2], needed width [k]."""
    return np.asarray(interval[:, 1] - interval[:, 0] < needed - 1e-6)
