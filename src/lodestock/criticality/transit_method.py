"""Where material really comes from when it passes through hubs: pure functions on arrays.

Sources: MODEL §13 trap 1 and verification case V19; Kastner, Kastner and Nonhebel (2011), "Tracing distant
environmental impacts of agricultural products from a consumer perspective", doi:10.1016/j.ecolecon.2011.01.012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Floats
from lodestock.errors import DataError, InputError

Flags = NDArray[np.bool_]


def reconcile_mirror(
    exporter: Floats, importer: Floats, exporter_cv: Floats | float, importer_cv: Floats | float
) -> tuple[Floats, Floats]:
    """What most likely crossed the border, when exporter and importer report differently, and how sure that is.

    exporter, importer: shape (n,) reports of the same flow [t]; nan means not reported. A reported zero carries no
    relative error, so beside a positive report it counts as not reported. exporter_cv, importer_cv: coefficient of
    variation of a report [-, > 0]. Returns (estimate, standard deviation) [t], weighting by inverse variance; nan
    where nobody reported, zero where nobody reported more than zero. Raises InputError for a coefficient that is not
    above 0, DataError for a negative report. Source: MODEL §11, V19.
    """
    if np.any(np.asarray(exporter_cv) <= 0.0) or np.any(np.asarray(importer_cv) <= 0.0):
        raise InputError(
            "a coefficient of variation must be above 0", why="no report is without error", mend="give 0.1"
        )
    left, right = np.broadcast_arrays(np.asarray(exporter, np.float64), np.asarray(importer, np.float64))
    if np.any(left < 0.0) or np.any(right < 0.0):
        raise DataError("a report of trade is negative", mend="leave out what is not known, or mend the figure")
    left_sd, right_sd = np.abs(left) * exporter_cv, np.abs(right) * importer_cv
    left_weight = np.where(left > 0.0, 1.0 / np.where(left > 0.0, left_sd, 1.0) ** 2, 0.0)
    right_weight = np.where(right > 0.0, 1.0 / np.where(right > 0.0, right_sd, 1.0) ** 2, 0.0)
    weight = left_weight + right_weight
    known = weight > 0.0
    safe = np.where(known, weight, 1.0)
    total = np.nan_to_num(left) * left_weight + np.nan_to_num(right) * right_weight
    none_reported = np.isnan(left) & np.isnan(right)
    empty = np.where(none_reported, np.nan, 0.0)
    return np.where(known, total / safe, empty), np.where(known, 1.0 / np.sqrt(safe), empty)


def least_production(flows: Floats) -> Floats:
    """The least that each country must produce for its trade to be possible: max(0, exports − imports) [t], shape (n,).

    flows: shape (n, n), flows[i, j] from i to j [t].
    """
    out: Floats = np.maximum(0.0, flows.sum(axis=1) - flows.sum(axis=0))
    return out


@dataclass(frozen=True, slots=True)
class Traced:
    """Origins of supply.

    production, supply: shape (n,) [t]; supply is production plus imports.
    own_use: shape (n,) supply that does not leave again [t].
    shares:  shape (n, n), shares[o, c] is the part of c's supply that was produced in o [-]; a column is nan where
             no producer reaches the country.
    use_by_origin: shape (n, n), tonnes of origin o used in c [t].
    through:  shape (n,), foreign-made tonnes that leave the country again in the same form [t].
    """

    production: Floats
    supply: Floats
    own_use: Floats
    shares: Floats
    use_by_origin: Floats
    through: Floats


def _reached(flows: Floats, production: Floats) -> Flags:
    """Which countries some producer's material reaches, shape (n,)."""
    reached: Flags = production > 0.0
    while True:
        wider: Flags = reached | (flows[reached] > 0.0).any(axis=0)
        if bool(np.array_equal(wider, reached)):
            return reached
        reached = wider


def _check(flows: Floats, production: Floats) -> None:
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1] or production.shape != (flows.shape[0],):
        raise DataError("flows must be square and production one number per country", where=f"{flows.shape}")
    if bool(np.any(~np.isfinite(flows))) or bool(np.any(flows < 0.0)) or bool(np.any(~np.isfinite(production))):
        raise DataError(
            "a flow or a production is negative or not known",
            mend="give every flow and production a value; state an assumption where one is missing",
        )
    lack = least_production(flows) - production
    if bool(np.any(lack > 1e-9 * np.maximum(1.0, flows.sum(axis=1)))):
        worst = int(np.argmax(lack))
        raise DataError(
            "a country exports more than it produces and imports",
            where=f"country number {worst}, short by {float(lack[worst]):.6g} t",
            mend="raise its production to at least exports − imports",
        )


def trace_origins(flows: Floats, production: Floats) -> Traced:
    """Where each country's supply was produced, when hubs mix what they make and what they import.

    flows: shape (n, n) [t], flows[i, j] from i to j, the diagonal is ignored; production: shape (n,) [t].
    Solves R = (I − Aᵀ)⁻¹ diag(p/x), A[i, c] = flow from i to c per unit of c's supply x. Raises DataError where a
    country ships more than it has. Source: MODEL §13 trap 1, V19; Kastner et al. 2011.
    """
    trade = np.array(flows, dtype=np.float64)
    np.fill_diagonal(trade, 0.0)
    made = np.asarray(production, dtype=np.float64)
    _check(trade, made)
    size = made.size
    supply = made + trade.sum(axis=0)
    exports = trade.sum(axis=1)
    own_use = np.maximum(0.0, supply - exports)
    reached = _reached(trade, made)
    live = np.flatnonzero(reached & (supply > 0.0))
    shares = np.full((size, size), np.nan)
    # A closed ring of hubs without a producer has no origin; its inflow into reached countries stays unexplained,
    # so shares there are normalised over what is explained.
    if live.size:
        sub = trade[np.ix_(live, live)]
        explained = made[live] + sub.sum(axis=0)
        mix = (sub / explained).T
        solved = np.linalg.solve(np.eye(live.size) - mix, np.diag(made[live] / explained))
        block = np.zeros((size, live.size))
        block[live] = solved.T
        shares[:, live] = np.clip(block, 0.0, 1.0) + 0.0  # no share is minus zero
    use = np.where(np.isnan(shares), 0.0, shares) * own_use
    home = np.where(np.isnan(np.diag(shares)), 0.0, np.diag(shares))
    return Traced(made, supply, own_use, shares, use, exports * (1.0 - home))
