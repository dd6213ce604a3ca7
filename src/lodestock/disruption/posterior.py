"""What dated cases leave open: a posterior by grid (MODEL §4.3).

Three parameters need no sampler: the posterior is evaluated on a grid and drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.cases import Ages
from lodestock.disruption.estimate import CureParameters, Family, log_likelihood
from lodestock.disruption.ridge import PRIOR_NEVER_GRANTED

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CurePrior:
    """Priors, all judgements: Beta on the never-granted share, normal on ln shape and ln scale [months]."""

    never: tuple[float, float] = PRIOR_NEVER_GRANTED
    log_shape: tuple[float, float] = (0.15, 0.25)
    log_scale: tuple[float, float] = (1.1, 0.6)

    def log_density(self, never: FloatArray, log_shape: FloatArray, log_scale: FloatArray) -> FloatArray:
        """Log prior density on (π, ln shape, ln scale), without its constant."""
        a, b = self.never
        out = special.xlogy(a - 1.0, never) + special.xlog1py(b - 1.0, -never)
        for value, (mean, spread) in ((log_shape, self.log_shape), (log_scale, self.log_scale)):
            out = out - 0.5 * ((value - mean) / spread) ** 2
        return np.asarray(out)


@dataclass(frozen=True, slots=True, eq=False)
class CureGrid:
    """A posterior on a grid. never [A], shape [B], scale [C]: the points; chance [A, B, C]: sums to 1.

    log_evidence: log of the prior-weighted mean likelihood, for comparing laws on the same cases.
    """

    never: FloatArray
    shape: FloatArray
    scale: FloatArray
    chance: FloatArray
    log_evidence: float

    def marginal(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Points and chances of 'never', 'shape' or 'scale'."""
        axis = ("never", "shape", "scale").index(name)
        other = tuple(a for a in range(3) if a != axis)
        return getattr(self, name), self.chance.sum(axis=other)

    def mean(self, name: str) -> float:
        """Posterior mean."""
        points, chance = self.marginal(name)
        return float((points * chance).sum())

    def quantile(self, name: str, level: float) -> float:
        """Posterior quantile, linear between grid points."""
        points, chance = self.marginal(name)
        middle = np.cumsum(chance) - 0.5 * chance
        return float(np.interp(level, middle, points))

    def draw(self, uniform: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(π, shape, scale) draws from uniform numbers [n] on [0, 1): inverse of the cumulated grid chances."""
        place = np.searchsorted(np.cumsum(self.chance.ravel()), uniform, side="right")
        a, b, c = np.unravel_index(np.minimum(place, self.chance.size - 1), self.chance.shape)
        return self.never[a], self.shape[b], self.scale[c]


def grid_posterior(
    cases: Ages,
    family: Family = Family.WEIBULL,
    prior: CurePrior | None = None,
    *,
    points: tuple[int, int, int] = (60, 40, 60),
) -> CureGrid:
    """Posterior of (π, shape, scale) from dated cases and a prior.

    Denied cases count as known never to be granted: they add log π each, open cases log(π + (1−π)S₀).
    The grid covers π in (0, 1) and four prior standard deviations of ln shape and ln scale.
    """
    belief = prior or CurePrior()
    never = (np.arange(points[0]) + 0.5) / points[0]
    log_shape = _span(belief.log_shape, points[1])
    log_scale = _span(belief.log_scale, points[2])
    mesh = np.meshgrid(never, log_shape, log_scale, indexing="ij")
    kept = ~cases.denied
    seen = Ages(cases.low[kept], cases.high[kept], cases.granted[kept], cases.denied[kept], cases.fraction[kept])
    weight = belief.log_density(*mesh)
    fit = _by_slice(seen, family, mesh) if kept.any() else np.zeros_like(weight)
    fit = fit + int(cases.denied.sum()) * np.log(mesh[0])
    joint = weight + fit
    total = special.logsumexp(joint)
    evidence = float(total - special.logsumexp(weight))
    return CureGrid(never, np.exp(log_shape), np.exp(log_scale), np.exp(joint - total), evidence)


def _span(law: tuple[float, float], points: int) -> FloatArray:
    return np.linspace(law[0] - 4 * law[1], law[0] + 4 * law[1], points)


def _by_slice(cases: Ages, family: Family, mesh: Sequence[FloatArray]) -> FloatArray:
    """Log-likelihood over the grid, one π at a time to keep memory small."""
    out = np.empty(mesh[0].shape)
    for a in range(len(out)):
        at = CureParameters(mesh[0][a], np.exp(mesh[1][a]), np.exp(mesh[2][a]))
        out[a] = log_likelihood(cases, family, at)
    return out
