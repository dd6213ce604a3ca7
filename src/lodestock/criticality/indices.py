"""Concentration of supply as numbers: pure functions on arrays of shares and quantities.

Sources: MODEL §14 (JRC criticality); Herfindahl-Hirschman index as used by the European Commission,
"Methodology for establishing the EU list of critical raw materials" (2017), doi:10.2873/769526, §4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import DataError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SUM_TOLERANCE = 1e-9


def shares_of(quantities: Floats) -> Floats:
    """What part of the total each supplier delivers [-, sums to 1].

    quantities: shape (n,) [any one unit], each ≥ 0 or nan; nan (not known) is left out of the total and stays nan.
    A total of zero, or nothing known, gives nan everywhere: without supply there are no shares.
    Raises DataError on a negative quantity.
    """
    values = np.asarray(quantities, dtype=np.float64)
    if bool(np.any(values < 0.0)):
        raise DataError(
            "a supplied quantity is negative",
            where=f"position {int(np.argmax(values < 0.0))}",
            mend="leave net flows out: concentration is measured on gross supply",
        )
    total = float(np.nansum(values))
    if total <= 0.0:
        return np.full(values.shape, np.nan)
    return values / total


def hhi(shares: Floats) -> float:
    """How concentrated supply is: Herfindahl-Hirschman index Σs² [-, 0 to 1; 1 is a single supplier].

    shares: shape (n,) [-]; nan is left out. No known share gives nan, never 0.
    """
    known = shares[~np.isnan(shares)]
    return float(np.dot(known, known)) if known.size else float("nan")


def top(shares: Floats, count: int = 3) -> float:
    """What part the `count` largest suppliers deliver together [-, 0 to 1]; nan when no share is known."""
    known = np.sort(shares[~np.isnan(shares)])[::-1]
    return float(known[:count].sum()) if known.size else float("nan")


def scaled_governance(wgi: Floats) -> Floats:
    """Governance as a risk from 0 (best) to 10 (worst): (WGI − 2.5)·(−2).

    wgi: any shape [World Bank units, about −2.5 to 2.5]. Source: EC methodology 2017, doi:10.2873/769526, §4.3.
    """
    return (np.asarray(wgi, dtype=np.float64) - 2.5) * -2.0


def weighted_hhi(shares: Floats, governance: Floats, trade: Floats | None = None) -> float:
    """How concentrated supply is in badly governed countries: Σ s²·WGI·t [-, 0 to about 10].

    shares: shape (n,) [-]; governance: shape (n,) [0 to 10]; trade: shape (n,) [-, about 0.8 to 1.5], default 1.
    A supplier without a governance score makes the index unknown (nan): it may be the largest risk of all.
    """
    weight = np.ones_like(shares) if trade is None else trade
    return float(np.sum(shares**2 * governance * weight)) if shares.size else float("nan")


def weighted_hhi_by_group(shares: Floats, governance: Floats, trade: Floats, group: Ints, groups: int) -> Floats:
    """The same index for many materials at once: shape (groups,); a group without rows is nan.

    shares, governance, trade: shape (rows,); group: shape (rows,), the number of the group of each row.
    """
    terms = shares**2 * governance * trade
    total = np.bincount(group, weights=terms, minlength=groups)
    rows = np.bincount(group, minlength=groups)
    out: Floats = np.where(rows > 0, total, np.nan)
    return out
