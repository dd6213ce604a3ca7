"""The best that coordination could do: a linear programme over the same network (MODEL §5.2).

The planner sees the whole horizon, uses each tonne where it is worth most, and is free to move every tonne that arcs,
capacities and licences allow. Its loss is a lower bound for the market rule with the same inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from lodestock.errors import InputError, SolverError
from lodestock.network.faults import NegativeStockError
from lodestock.network.kernel_types import Floats
from lodestock.network.planner_model import Group, Layout, horizon_matrix, layout_of, month_columns, month_matrix
from lodestock.network.structure import Network, check

_DUAL, _PRIMAL = 1, 4  # HiGHS' numbers for its simplex methods
_STEPS_A_MONTH = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """The planner's answer, T months, K stages, C countries, J value steps.

    loss [k€]: discounted value of shortage plus transport and holding; flow [T, A], shortage [T, K, C], steps
    [T, K, C, J], stock [T, K, C] [t]; released [T, K, C] [t].
    Shadow prices, discounted [k€/t]: scarcity [T, K, C]: one more tonne of the form there; arc [T, A]: one more tonne
    of arc limit; capacity [T, K, C]: one more tonne of capacity; group [T, G]: one more tonne under the shared cap;
    strategic [K, C]: one more tonne of strategic stock. At a kink a shadow price is one of several.
    """

    loss: float
    flow: Floats
    shortage: Floats
    steps: Floats
    stock: Floats
    released: Floats
    scarcity: Floats
    arc: Floats
    capacity: Floats
    group: Floats
    strategic: Floats


def load(matrix: Any, cost: Floats, low: Floats, up: Floats, rows: tuple[Floats, Floats]) -> Any:
    """A solver that holds the programme min cost·x with low ≤ x ≤ up and rows[0] ≤ matrix·x ≤ rows[1]."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, low, up
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    # presolve finds nothing to take out of these programmes and costs a seventh of the time
    solver.setOptionValue("presolve", "off")
    solver.passModel(model)
    return solver


class Planner:
    """One network's programme, kept in the solver and warm-started when only limits change.

    values [K, C, J] [k€/t]: loss per tonne not delivered, rising by step; widths [K, C, J] [share of use]: sum 1.
    costs [A] [k€/t]; holding [k€/t per month]; discount [per year].
    """

    def __init__(
        self,
        network: Network,
        values: Floats,
        *,
        months: int = 1,
        widths: Floats | None = None,
        costs: Floats | None = None,
        holding: float = 0.0,
        discount: float = 0.0,
        groups: Sequence[Group] = (),
    ) -> None:
        check(network)
        shape = network.use.shape
        if values.ndim != 3 or values.shape[:2] != shape or months < 1:
            raise InputError("values must be stages × countries × steps", why=f"{values.shape} for {shape}")
        if (np.diff(values, axis=2) < 0).any():
            raise InputError("values must rise from step to step", mend="put the least valuable use first")
        self.network, self.groups = network, tuple(groups)
        self.place: Layout = layout_of(network, values.shape[2], months, groups)
        width = np.full(values.shape, 1.0 / values.shape[2]) if widths is None else widths
        if np.abs(width.sum(axis=2)[network.use > 0] - 1.0).max(initial=0.0) > 1e-9:
            raise InputError("the widths of the value steps must sum to 1")
        self._width = width.reshape(-1, values.shape[2])[self.place.using]
        beta = (1.0 + discount) ** (-np.arange(months) / 12.0)
        cost = np.zeros(network.base.size) if costs is None else costs
        self.cost = month_columns(
            self.place, values.reshape(-1, values.shape[2])[self.place.using], cost, holding, beta
        )
        self._solver, self._cold = self._load(), True

    def _start(self, top: Floats, low: Floats, up: Floats) -> None:
        """Solve month after month, each with what the one before left, and improve on that over the whole horizon.

        The months together are a plan that can be carried out, from which the primal method needs a tenth of the steps
        that the dual one needs from nothing. Where it needs too many, the dual one begins anew.
        """
        place, solver = self.place, self._solver
        free = np.full(place.rows, highspy.kHighsInf)
        matrix = month_matrix(self.network, place, self.groups)
        none = np.zeros(place.columns)
        month = load(matrix, self.cost[: place.columns], none, none + highspy.kHighsInf, (-free, free))
        columns, rows = np.arange(place.columns, dtype=np.int32), np.arange(place.rows, dtype=np.int32)
        left, basis = np.zeros(place.cells), highspy.HighsBasis()
        column_status: list[Any] = []
        row_status: list[Any] = []
        for t in range(place.months):
            most, least = top[t * place.columns :][: place.columns].copy(), low[t * place.rows :][: place.rows].copy()
            upper = up[t * place.rows :][: place.rows].copy()
            most[place.release_at :] = 0.0
            least[: place.cells] -= left
            upper[: place.cells] -= left
            month.changeColsBounds(place.columns, columns, none, most)
            month.changeRowsBounds(place.rows, rows, least, upper)
            month.run()
            if month.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return
            left = np.zeros(place.cells)
            left[place.holding] = np.asarray(month.getSolution().col_value)[place.stock_at : place.release_at]
            found = month.getBasis()
            column_status += list(found.col_status)
            row_status += list(found.row_status)
        basis.col_status = column_status
        basis.row_status = row_status + [highspy.HighsBasisStatus.kBasic] * place.strategic.size
        basis.valid = True
        solver.setBasis(basis)
        solver.setOptionValue("simplex_strategy", _PRIMAL)
        solver.setOptionValue("simplex_iteration_limit", _STEPS_A_MONTH * place.months)
        solver.run()
        solver.setOptionValue("simplex_strategy", _DUAL)
        solver.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            solver.clearSolver()

    def _load(self) -> Any:
        matrix = horizon_matrix(self.network, self.place, self.groups)
        rows, columns = matrix.shape
        infinity = highspy.kHighsInf
        self._columns, self._rows = np.arange(columns, dtype=np.int32), np.arange(rows, dtype=np.int32)
        free = (np.full(rows, -infinity), np.full(rows, infinity))
        return load(matrix, self.cost, np.zeros(columns), np.full(columns, infinity), free)

    def bounds(
        self,
        limit: Floats | None = None,
        able: Floats | None = None,
        use: Floats | None = None,
        recycled: Floats | None = None,
        caps: Floats | None = None,
        end: float = 0.0,
    ) -> tuple[Floats, Floats, Floats]:
        """Column upper bounds and row bounds; see `solve` for the arguments."""
        place, network, months = self.place, self.network, self.place.months
        shape = (months, *network.use.shape)
        top = np.full((months, place.columns), highspy.kHighsInf)
        if limit is not None:
            top[:, : place.arcs] = limit
        need = np.broadcast_to(network.use, shape) if use is None else use
        again = np.broadcast_to(network.recycled, shape) if recycled is None else recycled
        flat = need.reshape(months, -1)
        top[:, place.short_at : place.stock_at] = (flat[:, place.using, None] * self._width).reshape(months, -1)
        rhs = flat - again.reshape(months, -1)
        rhs[0] -= network.stock.ravel()
        rows_low = np.full((months, place.rows), -highspy.kHighsInf)
        rows_up = np.full((months, place.rows), highspy.kHighsInf)
        rows_low[:, : place.cells] = rows_up[:, : place.cells] = rhs
        able = np.broadcast_to(network.capacity, shape) if able is None else able
        rows_up[:, place.capacity_at : place.group_at] = able.reshape(months, -1)[:, place.capped]
        if place.groups:
            if caps is None:
                raise InputError("a planner with groups needs their caps", mend="give caps, months × groups")
            rows_up[:, place.group_at :] = caps
        low, up = rows_low.ravel(), rows_up.ravel()
        if place.strategic.size:
            low = np.concatenate([low, np.full(place.strategic.size, -highspy.kHighsInf)])
            up = np.concatenate([up, network.strategic.ravel()[place.strategic]])
        self._floor = end * network.stock.ravel()[place.holding]
        return np.ascontiguousarray(top.ravel()), low, up

    def solve(
        self,
        limit: Floats | None = None,
        able: Floats | None = None,
        use: Floats | None = None,
        recycled: Floats | None = None,
        caps: Floats | None = None,
        *,
        end: float = 0.0,
        time_limit: float = 600.0,
    ) -> Plan:
        """The least loss, and what one more tonne would be worth where.

        limit [T, A] [t/mo]: arc limits (none: unlimited); able [T, K, C] [t/mo]: working capacity; use, recycled
        [T, K, C] [t/mo]; caps [T, G] [t/mo]; end [share]: how much of the commercial stock must be left at the end.
        Raises SolverError when the solver does not prove its answer, InputError when no plan exists.
        """
        for name, given in (("limit", limit), ("able", able), ("use", use), ("recycled", recycled), ("caps", caps)):
            if given is not None and not (given >= 0).all():
                raise NegativeStockError(f"{name} is below zero or not a number", mend="give 0 or more")
        top, low, up = self.bounds(limit, able, use, recycled, caps, end)
        solver, place = self._solver, self.place
        base = np.zeros(top.size)
        last = (place.months - 1) * place.columns
        base[last + place.stock_at : last + place.release_at] = self._floor
        solver.changeColsBounds(top.size, self._columns, base, top)
        solver.changeRowsBounds(low.size, self._rows, low, up)
        solver.setOptionValue("time_limit", time_limit)
        if self._cold and place.months > 1 and end == 0.0:
            self._start(top, low, up)
        self._cold = False
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise InputError(
                "no plan exists", why="the asked end stock cannot be reached", mend="ask for less at the end"
            )
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError("the planner did not finish", why=str(status), mend="raise the time limit")
        return self._plan(solver.getInfo().objective_function_value, solver.getSolution())

    def nearest_to_base(self, plan: Plan) -> Floats:
        """Among all plans with the same loss, flows [T, A] [t/mo] that move least from the baseline.

        A second programme, because many plans cost the same; the loss may rise by 1e-9 of itself (MODEL §5.2).
        """
        model, months = self._solver.getLp(), self.place.months
        matrix = horizon_matrix(self.network, self.place, self.groups)
        arcs = (np.arange(months)[:, None] * self.place.columns + np.arange(self.place.arcs)).ravel()
        one = sparse.csc_matrix((np.ones(arcs.size), (np.arange(arcs.size), arcs)), shape=(arcs.size, matrix.shape[1]))
        eye = sparse.eye(arcs.size)
        blocks = [[matrix, None, None], [self.cost[None, :], None, None], [one, -eye, eye]]
        base = np.tile(self.network.base, months)
        slack = abs(plan.loss) * 1e-9 + 1e-9
        infinity = highspy.kHighsInf
        solver = load(
            sparse.csc_matrix(sparse.bmat(blocks)),
            np.concatenate([np.zeros(matrix.shape[1]), np.ones(2 * arcs.size)]),
            np.concatenate([model.col_lower_, np.zeros(2 * arcs.size)]),
            np.concatenate([model.col_upper_, np.full(2 * arcs.size, infinity)]),
            (
                np.concatenate([model.row_lower_, [-infinity], base]),
                np.concatenate([model.row_upper_, [plan.loss + slack], base]),
            ),
        )
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverError("the tie-break did not finish", why=str(solver.getModelStatus()))
        found: Floats = np.asarray(solver.getSolution().col_value, np.float64)[arcs]
        return found.reshape(months, self.place.arcs)

    def _plan(self, loss: float, found: Any) -> Plan:
        place, months = self.place, self.place.months
        shape = (months, *self.network.use.shape)
        x = np.asarray(found.col_value).reshape(months, place.columns)
        reduced = np.asarray(found.col_dual).reshape(months, place.columns)
        dual = np.asarray(found.row_dual)
        rows = dual[: months * place.rows].reshape(months, place.rows)
        steps = np.zeros((months, place.cells, place.steps))
        steps[:, place.using] = x[:, place.short_at : place.stock_at].reshape(months, -1, place.steps)
        stock, released, capacity = (np.zeros((months, place.cells)) for _ in range(3))
        stock[:, place.holding] = x[:, place.stock_at : place.release_at]
        released[:, place.strategic] = x[:, place.release_at :]
        capacity[:, place.capped] = -rows[:, place.capacity_at : place.group_at]
        strategic = np.zeros(place.cells)
        strategic[place.strategic] = -dual[months * place.rows :]
        return Plan(
            loss, x[:, : place.arcs], steps.sum(axis=2).reshape(shape), steps.reshape(*shape, place.steps),
            stock.reshape(shape), released.reshape(shape), rows[:, : place.cells].reshape(shape),
            np.maximum(0.0, -reduced[:, : place.arcs]), capacity.reshape(shape), -rows[:, place.group_at :],
            strategic.reshape(shape[1:]),
        )  # fmt: skip
