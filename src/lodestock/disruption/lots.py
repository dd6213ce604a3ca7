"""Licences in lots: chance around the expected path when a volume is filed in a countable number of applications.

For national totals, parameter uncertainty dominates lot noise; for one company with four applications it does not.
Source: MODEL §4.2 (stochastic version); verification V03-A, variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import LeadTime
from lodestock.disruption.licence import granted_by_month
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GrantedFraction:
    """A Beta(a, b) law of the share of an application's volume that is granted [–]; b = 0 means always all of it."""

    a: float
    b: float

    def mean(self) -> float:
        """E[φ]."""
        return self.a / (self.a + self.b)

    def second_moment(self) -> float:
        """E[φ²]."""
        total = self.a + self.b
        return self.a * (self.a + 1.0) / (total * (total + 1.0)) if self.b > 0.0 else 1.0

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        """`size` independent fractions."""
        return rng.beta(self.a, self.b, size) if self.b > 0.0 else np.ones(size)


@dataclass(frozen=True, slots=True)
class CohortMoments:
    """Mean [t] and variance [t²] of what one month's lots have brought by some age."""

    mean: float
    variance: float


def cohort_moments(lots: int, lot_size: float, share_granted: float, fraction: GrantedFraction) -> CohortMoments:
    """How much one cohort brings, and how far chance spreads it: n·lot²·(p·E[φ²] − (p·E[φ])²).

    lots: number of applications; lot_size: [t]; share_granted: p = (1 − never granted)·F(age) [–].
    """
    expected = share_granted * fraction.mean()
    spread = share_granted * fraction.second_moment() - expected * expected
    return CohortMoments(lots * lot_size * expected, lots * lot_size * lot_size * spread)


def draw_usable_licences(
    rng: np.random.Generator,
    lots: npt.ArrayLike,
    lot_size: float,
    *,
    never_granted: float,
    fraction: GrantedFraction,
    law: LeadTime,
    draws: int,
    months: int | None = None,
    spread_over_month: bool = True,
) -> FloatArray:
    """What a number of chance histories bring: tonnes of licences usable per month [t/month], shape (draws, months).

    lots: applications filed per month, whole numbers, shape (U,); each of `lot_size` [t]. Each lot is thinned over the
    months in which it may be granted (multinomial); a granted lot brings its own draw of `fraction`.
    """
    counts = np.asarray(lots)
    if counts.ndim != 1 or not np.issubdtype(counts.dtype, np.integer) or bool(np.any(counts < 0)):
        raise InputError("lots are counts per month", where="lots", mend="give whole numbers of 0 or more, one a month")
    if law.batch_shape != ():
        raise InputError("lots are drawn for one law at a time", where="law", mend="call once per parameter draw")
    if not 0.0 <= never_granted <= 1.0:
        raise InputError("never_granted is a share", where="never_granted", mend="give a share from 0 to 1")
    horizon = len(counts) if months is None else months
    gained = (1.0 - never_granted) * np.diff(
        granted_by_month(law, horizon, spread_over_month=spread_over_month), prepend=0.0
    )
    granted = np.zeros((draws, horizon), dtype=np.int64)
    for month, count in enumerate(counts[:horizon]):
        bins = np.clip(gained[: horizon - month], 0.0, 1.0)
        chances = np.append(bins, max(0.0, 1.0 - float(bins.sum())))  # the last bin: not (yet) granted
        granted[:, month:] += rng.multinomial(int(count), chances / chances.sum(), size=draws)[:, :-1]
    flat = granted.ravel()
    fractions = fraction.draw(rng, int(flat.sum()))
    cell = np.repeat(np.arange(flat.size), flat)
    return np.asarray(lot_size * np.bincount(cell, weights=fractions, minlength=flat.size).reshape(granted.shape))
