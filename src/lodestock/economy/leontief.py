"""What every euro of demand needs upstream: Leontief's model by solving, not by inverting.

Source: Miller and Blair, Input-Output Analysis, 2nd ed. (2009), doi:10.1017/CBO9780511626982, chapters 2 (output,
price), 6 (multipliers), 12 (linkages, extraction). Prices and flows in one currency; A [N, N] = inputs per unit of
output.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs, lu_factor, lu_solve

from lodestock.errors import DataError, SolverError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def input_coefficients(flows: Floats, output: Floats) -> Floats:
    """Inputs per unit of output, A [N, N] [–] = flows / output by column. Inputs without output are refused."""
    if (output < 0).any():
        i = int(np.argmin(output))
        raise DataError("output is negative", where=f"industry {i}: {output[i]:g}", mend="check the table")
    idle = (output == 0) & (flows != 0).any(axis=0)
    if idle.any():
        j = int(np.argmax(idle))
        raise DataError(
            "an industry without output buys inputs", where=f"industry {j}: {flows[:, j].sum():g}",
            mend="check the table, or join the industry with another",
        )  # fmt: skip
    return np.divide(flows, output, out=np.zeros_like(flows), where=output > 0)


# A sum of thousands of shares is known to about 1e-13: a radius nearer to 1 than this is not below it.
_BELOW_ONE = 1.0 - 1e-12


def spectral_bounds(a: Floats, rounds: int = 500) -> tuple[float, float]:
    """Lower and upper bound on the spectral radius of a non-negative matrix [N, N] (Collatz-Wielandt).

    Power steps on A + I, which also settle for matrices that are periodic; stops when 1 is not between the bounds.
    """
    if (a < 0).any():
        i, j = (int(k) for k in np.argwhere(a < 0)[0])
        raise DataError("an input coefficient is negative", where=f"cell ({i}, {j}): {a[i, j]:g}")
    lower, upper = 0.0, float(a.sum(axis=0).max())
    y = np.ones(a.shape[0])
    for _ in range(rounds):
        if upper < _BELOW_ONE or lower >= _BELOW_ONE:
            break
        step = a @ y + y
        ratio = step / y
        lower, upper = max(lower, float(ratio.min()) - 1.0), min(upper, float(ratio.max()) - 1.0)
        y = step / step.max()
        y = np.maximum(y, 1e-150)
    return lower, upper


def require_productive(a: Floats) -> None:
    """Refuse coefficients with a spectral radius of 1 or more: such an economy needs more than it makes."""
    lower, upper = spectral_bounds(a)
    if upper < _BELOW_ONE:
        return
    worst = int(np.argmax(a.sum(axis=0)))
    raise DataError(
        "the economy cannot reproduce itself: the spectral radius of its input coefficients is not below 1",
        where=f"largest column: industry {worst}, inputs {a[:, worst].sum():.4f} per unit of output",
        why=f"the spectral radius lies between {lower:.4f} and {upper:.4f}",
        mend="check that flows and output are in the same unit and year, and that value added is positive",
    )


@dataclass(frozen=True, slots=True)
class Leontief:
    """I − A, factored once. Use `factor` to make it."""

    a: Floats
    lu: Floats
    pivots: NDArray[np.int32]

    def output(self, final: Floats) -> Floats:
        """Output [N] or [N, C] that final demand needs: x = (I − A)⁻¹ f."""
        return np.asarray(lu_solve((self.lu, self.pivots), final, check_finite=False))

    def multipliers(self, per_output: Floats) -> Floats:
        """Total effect per unit of final demand, mᵀ = vᵀ(I − A)⁻¹ [N] or [G, N], of a direct effect per unit of output.

        With value added per output it is the value-added multiplier; with ones it is the output multiplier.
        """
        right = np.ascontiguousarray(per_output.T)
        return np.asarray(lu_solve((self.lu, self.pivots), right, trans=1, check_finite=False).T)

    def prices(self, extra_cost: Floats) -> Floats:
        """Price change [N] [–] when all pass on an extra cost per unit of output: Δp = Δv(I − A)⁻¹.

        Informational: it is a transfer between buyers and sellers and is not added to lost value added (MODEL 6.2(d)).
        """
        return self.multipliers(extra_cost)

    def backward(self) -> Floats:
        """Backward linkages [N]: output multipliers over their mean; above 1 = pulls more than the average industry."""
        total = self.multipliers(np.ones(self.a.shape[0]))
        return np.asarray(total / total.mean())

    def inverse(self) -> Floats:
        """(I − A)⁻¹ [N, N], computed in place from a copy of the factors (LAPACK getri)."""
        (getri, work) = get_lapack_funcs(("getri", "getri_lwork"), (self.lu,))
        size = int(np.real(work(self.lu.shape[0])[0]))
        inverse, info = getri(self.lu, self.pivots, lwork=size, overwrite_lu=False)
        if info != 0:
            raise SolverError("I − A is singular", why=f"pivot {info} is zero", mend="check the table's balances")
        return np.asarray(inverse)


def factor(a: Floats) -> Leontief:
    """I − A factored by LU; A must be productive (spectral radius < 1)."""
    require_productive(a)
    # A column-ordered copy, so that LAPACK factors it where it stands.
    system = np.array(a, order="F", copy=True)
    np.negative(system, out=system)
    system[np.diag_indices_from(system)] += 1.0
    lu, pivots = lu_factor(system, overwrite_a=True, check_finite=False)
    return Leontief(a, lu, pivots)


def solve_by_rounds(a: Floats, final: Floats, *, tolerance: float = 1e-13, rounds: int = 400) -> Floats:
    """Output [N] or [N, C] for final demand by adding rounds of suppliers, f + Af + A²f + …

    Faster than factoring when few right-hand sides are asked. Stops when the rest, bounded by the largest column sum
    γ < 1 of A as ‖last round‖·γ/(1 − γ), is below `tolerance` of the output; where γ ≥ 1 by the ratio of the last two
    rounds. Raises SolverError if it is not reached.
    """
    gamma = float(np.abs(a).sum(axis=0).max())
    term, total = final.astype(np.float64), final.astype(np.float64)
    size = float(np.abs(term).sum())
    for _ in range(rounds):
        term = a @ term
        total += term
        last, size = size, float(np.abs(term).sum())
        if size == 0.0:
            return total
        rate = gamma if gamma < 1.0 else size / last
        if rate < 1.0 and size * rate / (1.0 - rate) <= tolerance * float(np.abs(total).sum()):
            return total
    raise SolverError(
        "the rounds of suppliers do not settle", why=f"after {rounds} rounds the last one is {size:.3g}",
        mend="factor the system instead (leontief.factor)",
    )  # fmt: skip


def forward_linkages(flows: Floats, output: Floats) -> Floats:
    """Forward linkages [N]: row sums of Ghosh's inverse (I − B)⁻¹, B = flows / output by row, over their mean."""
    b = np.divide(flows, output[:, None], out=np.zeros_like(flows), where=output[:, None] > 0)
    total = factor(b).output(np.ones(output.size))
    return np.asarray(total / total.mean())


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is lost when an industry vanishes, for every industry in turn [N].

    loss [N]: value added lost in the whole system, with the industry's own. own [N]: of which in the industry itself.
    by_group [G, N]: where it falls, for G groups of industries. diagonal [N]: of the inverse, for closed forms.
    """

    loss: Floats
    own: Floats
    by_group: Floats
    diagonal: Floats


def extract_each(system: Leontief, output: Floats, value_share: Floats, groups: Floats | None = None) -> Extraction:
    """Hypothetical extraction of every industry: its sales, purchases and final deliveries vanish and nobody steps in.

    output [N] money; value_share [N] = value added per output; groups [G, N] of zeros and ones (default: none).
    Setting x_i = 0 changes demand for i by −x_i/L_ii, a rank-one change of the system, so with L = (I − A)⁻¹ all other
    outputs fall by L_ji·x_i/L_ii and the loss is m_i·x_i/L_ii with m = vᵀL: one inverse gives all N answers at once.
    Source: Miller and Blair 2009, §12.2.6 (complete extraction), written with the mixed model of §13.2.
    """
    inverse = system.inverse()
    diagonal = inverse.diagonal().copy()
    fall = output / diagonal
    weights = value_share[None] if groups is None else np.vstack([value_share, groups * value_share])
    # The inverse is column-ordered: its transpose is the one that is contiguous by rows.
    sums = (inverse.T @ weights.T).T
    return Extraction(sums[0] * fall, value_share * output, sums[1:] * fall, diagonal)


def extract_together(
    system: Leontief, output: Floats, value_share: Floats, industries: Ints, share: float = 1.0
) -> Floats:
    """Value added lost by industry [N] when `industries` [M] lose `share` 0..1 of their output at the same time.

    Solves the mixed model x_J = (1 − share)·x⁰_J with final demand for the others unchanged; M right-hand sides.
    """
    unit = np.zeros((output.size, industries.size))
    unit[industries, np.arange(industries.size)] = 1.0
    columns = system.output(unit)
    cut = np.linalg.solve(columns[industries], share * output[industries])
    return np.asarray(value_share * (columns @ cut))


def demand_loss(system: Leontief, value_share: Floats, final_loss: Floats) -> Floats:
    """Value added lost by industry [N] when final demand [N] falls by `final_loss`: v·(I − A)⁻¹Δf."""
    return np.asarray(value_share * system.output(final_loss))
