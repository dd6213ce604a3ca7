"""Which cells must be withheld: primary rules, and secondary suppression so that no sum gives them back. Pure.

Secondary suppression follows Kelly, Golden and Assad (1992), "Cell suppression: disclosure protection for sensitive
tabular data", Networks 22: for each sensitive cell the cheapest set of cells is sought through which its value can move
by what protection asks, up and down, while every published sum stays what it is. `system.bounds` then attacks the
result; a cell that is still too narrow gets another round.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from lodestock_desk.disclosure.policy import Policy
from lodestock_desk.disclosure.system import BoolArray, FloatArray, System, bounds, too_narrow


def sensitive_counts(counts: npt.ArrayLike, policy: Policy) -> BoolArray:
    """Counts of companies below the least number; a zero names nobody and is not sensitive."""
    values = np.asarray(counts, dtype=np.float64)
    return np.asarray((values > 0) & (values < policy.min_firms))


def sensitive_amount(contributions: npt.ArrayLike, policy: Policy) -> bool:
    """Whether an amount may not be published: too few companies, or the largest few hold too much of it."""
    values = np.sort(np.asarray(contributions, dtype=np.float64))[::-1]
    values = values[values > 0]
    if values.size == 0:
        return False
    if values.size < policy.min_firms:
        return True
    return bool(values[: policy.dominance_firms].sum() > policy.dominance_share * values.sum())


def needed_width(values: FloatArray, policy: Policy) -> FloatArray:
    """How wide an outsider's interval must stay around sensitive cells [k]."""
    return np.maximum(policy.protection_count, policy.protection_share * values)


def withheld(
    system: System, sensitive: BoolArray, policy: Policy, *, told: BoolArray | None = None, rounds: int = 8
) -> BoolArray:
    """The cells to withhold [m]: the sensitive ones and those that would give them away.

    told [m]: cells that were published before and cannot be withheld any more.
    Raises ValueError if no pattern protects: then a coarser table must be published instead.
    """
    values = system.values
    fixed = np.zeros_like(sensitive) if told is None else told
    if bool(np.any(sensitive & fixed & (needed_width(values, policy) > 0))):
        raise ValueError("a sensitive cell was already published")
    hidden = sensitive.copy()
    cells = np.flatnonzero(sensitive)
    target = needed_width(values, policy)
    for _round in range(rounds):
        open_cells = cells if _round == 0 else _unsafe(system, hidden, cells, target)
        if open_cells.size == 0:
            return hidden
        for cell in open_cells:
            for share in (1.0, -1.0) if _round == 0 else (2.0 * _round, -2.0 * _round, 1.0, -1.0):
                hidden |= _path(system, hidden, fixed, int(cell), share * target[cell])
    if _unsafe(system, hidden, cells, target).size:
        raise ValueError("no pattern of withheld cells protects this table")
    return hidden


def _unsafe(
    system: System, hidden: BoolArray, cells: npt.NDArray[np.int64], target: FloatArray
) -> npt.NDArray[np.int64]:
    if cells.size == 0:
        return cells
    values = system.values
    low, high = np.where(hidden, -np.inf, values), np.where(hidden, np.inf, values)
    interval = bounds(system, low, high, list(map(int, cells)), most=2.0 * float(values.max()) + 100.0)
    return cells[too_narrow(interval, target[cells])]


def _path(system: System, hidden: BoolArray, fixed: BoolArray, cell: int, move: float) -> BoolArray:
    """The cells that change when `cell` moves by `move` at least cost; upwards it must, downwards as far as it can.

    Variables: the movement of each base cell, split in up and down, and of each cell a bound on its absolute movement.
    """
    m, n = system.cells.shape
    values = system.values
    goal = np.asarray(system.cells[cell].todense()).ravel()
    if move < 0:
        move = -min(-move, values[cell])
    cost = np.where(hidden, 0.0, 1.0 + values)
    # movement of cells: c = A(u − d); |c_i| ≤ t_i; minimise Σ cost·t; fixed and zero cells do not move
    a = system.cells
    absolute = sparse.vstack(
        [sparse.hstack([a, -a, -sparse.eye(m)]), sparse.hstack([-a, a, -sparse.eye(m)])], format="csr"
    )
    equal = sparse.csr_matrix(np.concatenate([goal, -goal, np.zeros(m)])[None, :])
    still = fixed | ((values == 0) & ~hidden)
    room = abs(move) + float(values.max()) + 1.0
    limits = [(0.0, room)] * n + [(0.0, float(v)) for v in system.truth]
    limits += [(0.0, 0.0 if s else 2.0 * room * n) for s in still]
    answer = optimize.linprog(
        np.concatenate([np.full(2 * n, 1e-4), cost]),
        A_ub=absolute,
        b_ub=np.zeros(2 * m),
        A_eq=equal,
        b_eq=[move],
        bounds=limits,
        method="highs",
    )
    if answer.status != 0:
        return np.zeros(m, dtype=bool)
    moved = np.asarray(a @ (answer.x[:n] - answer.x[n : 2 * n]))
    return np.asarray(np.abs(moved) > 1e-7)
