"""What one more dated case would tell: expected value of sample information by grid (MODEL §4.3, §7.2, V25).

A decision has a loss for each grid point of what is not known; knowing more changes the decision. The value is what the
expected loss falls by, before the case is seen (Raiffa & Schlaifer 1961, Applied Statistical Decision Theory, ch. 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption.estimate import CureParameters, Family, lead_cdf
from lodestock.disruption.posterior import CureGrid
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class InformationValue:
    """In the unit of the losses. now: expected loss of the best decision today; after: expected once the case is seen.

    sample = now − after ≥ 0: what one more case is worth; perfect = now − E[min loss] ≥ sample: what knowing all is
    worth. decision: the best one today; best [Y]: the best one for each outcome of the case; chance [Y]: of that
    outcome.
    """

    now: float
    after: float
    sample: float
    perfect: float
    decision: int
    best: npt.NDArray[np.int64]
    chance: FloatArray


def preposterior(chance: npt.ArrayLike, likelihood: npt.ArrayLike, loss: npt.ArrayLike) -> InformationValue:
    """The value of one observation. chance [G]: belief, sums to 1; likelihood [Y, G]: P(outcome | point), sums to 1
    over Y; loss [D, G]: loss of each decision at each point.
    """
    belief, seen, cost = (np.asarray(v, np.float64) for v in (chance, likelihood, loss))
    if abs(belief.sum() - 1.0) > 1e-9 or (np.abs(seen.sum(axis=0) - 1.0) > 1e-9).any() or cost.shape[1] != belief.size:
        raise InputError("belief and the chances of the outcomes must each sum to 1", why="or shapes differ")
    expected = cost @ belief
    joint = seen * belief
    by_outcome = cost @ joint.T
    after = float(by_outcome.min(axis=0).sum())
    now = float(expected.min())
    perfect = now - float((cost.min(axis=0) * belief).sum())
    return InformationValue(
        now, after, now - after, perfect, int(expected.argmin()), by_outcome.argmin(axis=0), joint.sum(axis=1)
    )


def one_more_case(grid: CureGrid, family: Family, ages: npt.ArrayLike, loss: npt.ArrayLike) -> InformationValue:
    """What one more dated licence case, followed up to the last of `ages`, is worth.

    ages [n] [months, rising]: the case is seen granted in one of the windows between them, or still open after the
    last. loss [D, A, B, C]: loss of each decision at each point of the grid.
    """
    edges = np.asarray(ages, np.float64)
    if edges.ndim != 1 or edges.size == 0 or (np.diff(edges) <= 0).any() or edges[0] <= 0:
        raise InputError("ages must be above 0 and rise")
    never, shape, scale = np.meshgrid(grid.never, grid.shape, grid.scale, indexing="ij")
    at = CureParameters(never.ravel(), shape.ravel(), scale.ravel())
    granted = (1.0 - at.never) * np.array([lead_cdf(family, np.asarray(e), at.shape, at.scale) for e in edges])
    windows = np.diff(granted, axis=0, prepend=0.0)
    likelihood = np.vstack([windows, 1.0 - granted[-1:]])
    return preposterior(grid.chance.ravel(), likelihood, np.asarray(loss, np.float64).reshape(-1, at.never.size))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What one observation tells of a quantity. mean, spread: now; spread_after: expected once it is seen.

    means [Y]: the mean after each outcome; chance [Y]: of that outcome.
    """

    mean: float
    spread: float
    spread_after: float
    means: FloatArray
    chance: FloatArray


def narrowing(chance: npt.ArrayLike, likelihood: npt.ArrayLike, values: npt.ArrayLike) -> Narrowing:
    """How much narrower a quantity is expected to be known after one observation, under squared-error loss, exactly.

    chance [G], likelihood [Y, G] as in `preposterior`; values [G]: the quantity at each point. The expected fall of the
    variance is the variance of the means after each outcome (law of total variance).
    """
    belief, seen, value = (np.asarray(v, np.float64) for v in (chance, likelihood, values))
    if abs(belief.sum() - 1.0) > 1e-9 or (np.abs(seen.sum(axis=0) - 1.0) > 1e-9).any() or value.shape != belief.shape:
        raise InputError("belief and the chances of the outcomes must each sum to 1", why="or shapes differ")
    mean = float(belief @ value)
    variance = float(belief @ (value - mean) ** 2)
    outcome = seen @ belief
    means = np.divide(seen @ (belief * value), outcome, out=np.full(outcome.shape, mean), where=outcome > 0.0)
    after = max(variance - float(outcome @ (means - mean) ** 2), 0.0)
    return Narrowing(mean, float(np.sqrt(variance)), float(np.sqrt(after)), means, outcome)
