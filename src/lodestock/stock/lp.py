"""Linear programmes straight on HiGHS: arrays in, a proven optimum or a named error out.

No modelling layer: the matrix comes as coordinates, the solver object is kept so that the next solve starts from the
last basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from lodestock.errors import SolverError

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Solution:
    """A proven optimum. x, reduced_cost: (n,); row_dual: (m,), change of the optimum per unit of the row's bound."""

    value: float
    x: Array
    row_dual: Array
    reduced_cost: Array
    iterations: int


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A sparse matrix as coordinates: row (k,), column (k,), value (k,)."""

    row: Index
    column: Index
    value: Array

    @staticmethod
    def join(parts: list[Coordinates]) -> Coordinates:
        """Several coordinate lists as one."""
        return Coordinates(
            np.concatenate([p.row for p in parts]),
            np.concatenate([p.column for p in parts]),
            np.concatenate([p.value for p in parts]),
        )


def quiet_solver(**options: bool | int | float | str) -> highspy.Highs:
    """A silent one-thread HiGHS with the given options."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


class LinearProgram:
    """min cost·x subject to row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper; kept warm between solves."""

    def __init__(
        self,
        cost: Array,
        lower: Array,
        upper: Array,
        matrix: Coordinates,
        row_lower: Array,
        row_upper: Array,
        *,
        where: str = "linear programme",
        **options: bool | int | float | str,
    ) -> None:
        """cost, lower, upper: (n,); row_lower, row_upper: (m,); options: HiGHS options such as time_limit [s]."""
        self.where = where
        self.solver = quiet_solver(**options)
        rows, columns = row_lower.size, cost.size
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_, model.row_upper_ = row_lower, row_upper
        order = np.argsort(matrix.column, kind="stable")
        start = np.zeros(columns + 1, dtype=np.int32)
        np.cumsum(np.bincount(matrix.column, minlength=columns), out=start[1:])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.num_col_, model.a_matrix_.num_row_ = columns, rows
        model.a_matrix_.start_ = start
        model.a_matrix_.index_ = matrix.row[order].astype(np.int32)
        model.a_matrix_.value_ = matrix.value[order]
        if self.solver.passModel(model) == highspy.HighsStatus.kError:
            raise SolverError(
                "the solver does not accept the model",
                where=where,
                why="a bound, cost or coefficient is not a number",
                mend="look for a missing value in the inputs",
            )

    def solve(self) -> Solution:
        """The optimum; SolverError when HiGHS did not prove one, with the bound it had."""
        return solve(self.solver, self.where)

    def set_cost(self, columns: Index, cost: Array) -> None:
        """Change the cost of some columns; the next solve starts from the last basis."""
        self.solver.changeColsCost(columns.size, columns.astype(np.int32), np.ascontiguousarray(cost))

    def set_rows(self, rows: Index, lower: Array, upper: Array) -> None:
        """Change the bounds of some rows; the next solve starts from the last basis."""
        self.solver.changeRowsBounds(  # type: ignore[attr-defined]
            rows.size, rows.astype(np.int32), np.asarray(lower), np.asarray(upper)
        )

    def set_columns(self, columns: Index, lower: Array, upper: Array) -> None:
        """Change the bounds of some columns; the next solve starts from the last basis."""
        self.solver.changeColsBounds(columns.size, columns.astype(np.int32), np.asarray(lower), np.asarray(upper))


def solve(solver: highspy.Highs, where: str) -> Solution:
    """Run a solver and return its proven optimum, or raise SolverError with the status and the bound it reached."""
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise not_optimal(solver, where)
    found = solver.getSolution()
    info = solver.getInfo()
    return Solution(
        float(info.objective_function_value),
        np.array(found.col_value),
        np.array(found.row_dual),
        np.array(found.col_dual),
        int(info.simplex_iteration_count),
    )


def not_optimal(solver: highspy.Highs, where: str) -> SolverError:
    """The error for a run without proof: infeasible and unbounded by name, an early stop with the value it had."""
    status = solver.getModelStatus()
    name = solver.modelStatusToString(status)
    if status == highspy.HighsModelStatus.kInfeasible:
        return SolverError(
            "no plan satisfies all constraints",
            where=where,
            why=name,
            mend="raise the budget or capacity, or lower a required stock",
        )
    if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return SolverError(
            "the problem has no finite optimum",
            where=where,
            why=name,
            mend="look for a negative cost without an upper bound",
        )
    bound = lower_bound(solver)
    told = f"the optimum is not below {bound:.6g}" if np.isfinite(bound) else "no bound was reached"
    return SolverError(
        "the solver stopped early; this is not an optimum",
        where=where,
        why=f"{name}; {told}",
        mend="give it more time or iterations, or make the problem smaller",
    )


def lower_bound(solver: highspy.Highs) -> float:
    """How low the optimum of a minimisation can be at most, from the row duals that the solver has; −inf without any.

    Any y gives such a bound: Σ y·(row's bound) + Σ d·(column's bound) with d = c − Aᵀy, each at the end of its range
    that makes the sum least (weak duality, Dantzig 1963). It holds however early the solver stopped.
    """
    lp = solver.getLp()
    found = solver.getSolution()
    if len(found.row_dual) != lp.num_row_:
        return -np.inf
    y: Array = np.array(found.row_dual, dtype=np.float64)
    value: Array = np.array(lp.a_matrix_.value_, dtype=np.float64)
    index, start = np.array(lp.a_matrix_.index_, dtype=np.int64), np.array(lp.a_matrix_.start_, dtype=np.int64)
    columns = np.repeat(np.arange(lp.num_col_), np.diff(start))
    cost = np.array(lp.col_cost_)
    reduced: Array = cost - np.bincount(columns, weights=value * y[index], minlength=lp.num_col_).astype(np.float64)
    reduced[np.abs(reduced) <= 1e-9 * (1.0 + np.abs(cost))] = 0.0  # rounding, not a slope
    rows = _least(y, np.array(lp.row_lower_), np.array(lp.row_upper_))
    return rows + _least(reduced, np.array(lp.col_lower_), np.array(lp.col_upper_)) + float(lp.offset_)


def _least(slope: Array, lower: Array, upper: Array) -> float:
    """The least of Σ slope·x over lower ≤ x ≤ upper."""
    end = np.where(slope > 0.0, lower, upper)
    return float(np.sum(np.where(slope == 0.0, 0.0, slope * np.where(slope == 0.0, 0.0, end))))
