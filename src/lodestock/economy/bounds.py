"""The least an economy can lose when some industries can make less: everything is re-planned at best, at once.

max vᵀx with 0 ≤ (I − A)x ≤ f⁰ and 0 ≤ x ≤ ceiling. Where nobody makes more than before, no model in which firms ration
and wait can lose less: with regions apart if every buyer keeps its suppliers' regions, pooled if buyers may switch.
Source: Pichler and Farmer, Economic Systems Research 34 (2022) 273-293, doi:10.1080/09535314.2021.1926934;
MODEL 6.2(a). In a closed table value added lost equals final demand lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, SolverError

Floats = NDArray[np.float64]
# A shadow price below this share of the largest weight in the objective counts as none.
_NO_PRICE = 1e-9


@dataclass(frozen=True, slots=True)
class Bound:
    """The best that is left: output, served final demand, value added lost by industry [N] [money]; and for each
    unit of capacity what one more would save, `capacity_value` [N] [money per money] (an interval at kinks: this is
    one end)."""

    output: Floats
    served: Floats
    lost: Floats
    capacity_value: Floats


class LowerBound:
    """The linear programme of one table, kept in the solver so that a changed ceiling starts from the last answer.

    a [N, N] inputs per unit of output; final [N] [money]; output [N]; value_share [N] value added per output. Variables
    are output as a share of baseline. sectors [N]: pool the regions of each sector (rows become sectors, and `served`
    is by sector); None keeps regions apart. A negative final demand (stock drawn down) may shrink to zero.
    """

    def __init__(
        self,
        a: Floats,
        final: Floats,
        output: Floats,
        value_share: Floats,
        sectors: NDArray[np.int64] | None = None,
    ) -> None:
        self.a, self.final, self.baseline, self.value_share = a, final, output, value_share
        n = output.size
        system = (np.eye(n) - a) * output[None, :]
        self._pool = None if sectors is None else (sectors == np.arange(int(sectors.max()) + 1)[:, None]).astype(float)
        lower, upper, scale = np.minimum(final, 0.0), np.maximum(final, 0.0), np.where(output > 0, output, 1.0)
        if self._pool is not None:
            system, lower, upper = self._pool @ system, self._pool @ lower, self._pool @ upper
            scale = self._pool @ scale
        system /= scale[:, None]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = n, scale.size
        self._worth = value_share * output / max(float((value_share * output).sum()), 1e-300)
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_ = self._worth
        program.col_lower_, program.col_upper_ = np.zeros(n), np.ones(n)
        program.row_lower_, program.row_upper_ = lower / scale, upper / scale
        rows, columns = np.nonzero(system.T)[::-1]
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.searchsorted(columns, np.arange(n + 1)).astype(np.int32)
        program.a_matrix_.index_ = rows.astype(np.int32)
        program.a_matrix_.value_ = system[rows, columns]
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
        self._solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
        self._solver.passModel(program)
        self._row_bounds = (lower / scale, upper / scale)

    def solve(self, ceiling: Floats) -> Bound:
        """The best answer when each industry can make at most `ceiling` [N], a share 0..1 of its baseline output.

        Where several plans are equally good, which of them comes out is the solver's choice: compare totals, or ask
        `least_in` for the part of a region.
        """
        n = self.baseline.size
        if ceiling.shape != (n,) or not ((ceiling >= 0.0) & (ceiling <= 1.0)).all():
            bad = ceiling if ceiling.shape != (n,) else np.flatnonzero(~((ceiling >= 0.0) & (ceiling <= 1.0)))[:1]
            raise InputError("a ceiling is not a share between 0 and 1 for each industry", where=f"industry {bad}")
        self._solver.changeColsBounds(n, np.arange(n, dtype=np.int32), np.zeros(n), ceiling.astype(np.float64))
        solution = self._run()
        x = np.asarray(solution.col_value) * self.baseline
        dual = np.asarray(solution.col_dual) * float((self.value_share * self.baseline).sum())
        value = np.divide(np.maximum(dual, 0.0), self.baseline, out=np.zeros(n), where=self.baseline > 0)
        served = x - self.a @ x
        served = served if self._pool is None else self._pool @ served
        return Bound(x, served, self.value_share * (self.baseline - x), value)

    def least_in(self, ceiling: Floats, group: NDArray[np.bool_]) -> Bound:
        """Of all plans that lose the least in total, the one that loses the least in `group` [N].

        A second programme on the face of all best plans: by complementary slackness, what has a shadow price in one
        best plan stands at its limit in all of them. It is asked because the best plan is rarely unique: which supplier
        gets fewer orders can be open while the total is not (MODEL §13.8).
        """
        first = self.solve(ceiling)
        solution, n = self._solver.getSolution(), self.baseline.size
        columns = np.arange(n, dtype=np.int32)
        small = _NO_PRICE * float(self._worth.max())
        value, made = np.clip(np.asarray(solution.col_value), 0.0, ceiling), np.asarray(solution.row_value)
        held, bound = np.abs(np.asarray(solution.col_dual)) > small, np.abs(np.asarray(solution.row_dual)) > small
        lower, upper = self._row_bounds
        self._solver.changeColsBounds(n, columns, np.where(held, value, 0.0), np.where(held, value, ceiling))
        self._bound_rows(np.where(bound, made, np.minimum(lower, made)), np.where(bound, made, np.maximum(upper, made)))
        self._solver.changeColsCost(n, columns, np.where(group, self._worth, 0.0))
        try:
            x = np.asarray(self._run().col_value) * self.baseline
        finally:
            self._bound_rows(lower, upper)
            self._solver.changeColsCost(n, columns, self._worth)
        served = x - self.a @ x
        served = served if self._pool is None else self._pool @ served
        return Bound(x, served, self.value_share * (self.baseline - x), first.capacity_value)

    def _bound_rows(self, lower: Floats, upper: Floats) -> None:
        for row, (least, most) in enumerate(zip(lower.tolist(), upper.tolist(), strict=True)):
            self._solver.changeRowBounds(row, least, most)

    def _run(self) -> highspy.HighsSolution:
        """Solve from where the last answer was, and from scratch where that does not settle."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError("the lower bound was not solved", why=self._solver.modelStatusToString(status))
        return self._solver.getSolution()
