"""Plants, mines and routes that stop: Poisson outages with lognormal length (MODEL §4.1).

Rates are known from few events; draw the rate of each scenario from its posterior (`rates.rate_posterior`), so that
what is not known about the rate stays in the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutageLaw:
    """median [months], spread [–]: lognormal length; severity [0–1]: share of capacity that an outage takes."""

    median: float
    spread: float
    severity: float = 1.0

    def __post_init__(self) -> None:
        if not (self.median > 0 and self.spread >= 0 and 0 <= self.severity <= 1):
            raise InputError("an outage needs a median above 0, a spread of 0 or more and a severity from 0 to 1")

    def mean(self) -> float:
        """Mean length [months]."""
        return float(self.median * np.exp(0.5 * self.spread**2))


def long_run_down(rate: npt.ArrayLike, law: OutageLaw) -> FloatArray:
    """Long-run share of time with at least one outage under way: 1 − exp(−λ·E[length]) (M/G/∞ queue; Takács 1962)."""
    return np.asarray(-np.expm1(-np.asarray(rate, np.float64) / 12.0 * law.mean()), np.float64)


def simulate_outages(rate: npt.ArrayLike, law: OutageLaw, months: int, draw: np.random.Generator) -> FloatArray:
    """Share of capacity that works [T, S] [0–1], from the rate [S] [per year] of each scenario.

    Outages that began up to 20 years before month 0 may still last, so the first month is like any other. Overlapping
    outages of one plant count once; a month that is partly down counts in part.
    """
    yearly = np.asarray(rate, np.float64)
    if yearly.ndim != 1 or (yearly < 0).any() or months < 1:
        raise InputError("rates must be a list of 0 or more, and months 1 or more")
    before = 240.0
    counts = draw.poisson(yearly / 12.0 * (before + months))
    owner = np.repeat(np.arange(yearly.size), counts)
    start = draw.random(owner.size) * (before + months) - before
    length = law.median * np.exp(law.spread * special.ndtri(draw.random(owner.size)))
    return 1.0 - law.severity * covered_share(owner, start, start + length, yearly.size, months).T


def covered_share(
    owner: npt.NDArray[np.int64], start: FloatArray, end: FloatArray, scenarios: int, months: int
) -> FloatArray:
    """Share of each month [S, T] that is covered by the union of the intervals of each owner."""
    order = np.lexsort((start, owner))
    who, first, last = owner[order], start[order], end[order]
    out = np.zeros((scenarios, months))
    reach = np.full(scenarios, -np.inf)
    for s, a, b in zip(who, first, last, strict=True):
        low, high = max(a, reach[s], 0.0), min(b, float(months))
        reach[s] = max(reach[s], b)
        if high <= low:
            continue
        from_month, to_month = int(low), min(int(high), months - 1)
        if from_month == to_month:
            out[s, from_month] += high - low
            continue
        out[s, from_month] += from_month + 1 - low
        out[s, from_month + 1 : to_month] += 1.0
        out[s, to_month] += high - to_month
    return np.minimum(out, 1.0)
