"""Granted, denied or still open: shares by age when outcomes compete, without assuming a law (MODEL §4.3).

Aalen & Johansen (1978), Scand. J. Statist. 5, 141–150; Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452.
The identity open + Σ shares = 1 holds at every age (V04).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Shares by age. age [n] [months]: the distinct ages seen, rising; at_risk [n]: cases still open just before.

    open [n] [0–1]: not yet decided; share [n, K] [0–1]: decided with outcome 1…K by then; error [n]: Greenwood's
    standard error of `open`.
    """

    age: FloatArray
    at_risk: IntArray
    open: FloatArray
    share: FloatArray
    error: FloatArray

    def at(self, ages: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """`open` [m] and `share` [m, K] at other ages: the value of the last age not above each."""
        place = np.searchsorted(self.age, np.asarray(ages, dtype=np.float64), side="right")
        padded_open = np.concatenate([[1.0], self.open])
        padded_share = np.vstack([np.zeros((1, self.share.shape[1])), self.share])
        return padded_open[place], padded_share[place]


def incidence(age: npt.ArrayLike, outcome: npt.ArrayLike, outcomes: int) -> Incidence:
    """What share of cases has each outcome by each age (Aalen–Johansen).

    age [n] [months, ≥ 0]: at decision, or when last seen open; outcome [n]: 0 open, 1…outcomes decided so.
    """
    ages, marks = np.asarray(age, dtype=np.float64), np.asarray(outcome, dtype=np.int64)
    if ages.ndim != 1 or ages.shape != marks.shape or ages.size == 0:
        raise InputError("ages and outcomes must be two lists of the same length, not empty")
    if not np.isfinite(ages).all() or (ages < 0).any() or (marks < 0).any() or (marks > outcomes).any():
        raise InputError(f"ages must be 0 or more and outcomes between 0 and {outcomes}")
    distinct, index = np.unique(ages, return_inverse=True)
    events = np.zeros((distinct.size, outcomes + 1))
    np.add.at(events, (index, marks), 1.0)
    leaving = events.sum(axis=1)
    at_risk = ages.size - np.concatenate([[0.0], np.cumsum(leaving)[:-1]])
    decided = events[:, 1:]
    hazard = decided / at_risk[:, None]
    total = hazard.sum(axis=1)
    still = np.cumprod(1.0 - total)
    before = np.concatenate([[1.0], still[:-1]])
    count = decided.sum(axis=1)
    left = np.where(at_risk > count, at_risk - count, np.inf)
    greenwood = np.cumsum(count / at_risk / left)
    share = np.cumsum(before[:, None] * hazard, axis=0)
    return Incidence(distinct, at_risk.astype(np.int64), still, share, still * np.sqrt(greenwood))
