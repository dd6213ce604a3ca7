"""What groups of licence cases lend each other: never-granted share and lead time, partially pooled (MODEL §4.3).

Each group has, by itself, the prior of `CurePrior`. Pooling keeps that prior for each and adds that groups may be
alike: the normal score of a quantity in group m is z_m = √ρ·c + √(1 − ρ)·e_m, with c what is common, e_m what is its
own, and ρ how alike groups are, unknown and uniform from 0 to 1. So a group that stands alone keeps its own answer, a
group with few cases leans on the others as far as these prove alike, and one with many hardly moves. The two quantities
are the never-granted share π and the median lead time of what is granted, under one law for all groups. Exact on a
grid: every c and ρ of both quantities is weighed, none is picked.
Source: Gelman et al. (2013), Bayesian Data Analysis, ch. 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.case_report import CaseReport, lead_mean_of, lead_median_of, range_of
from lodestock.disruption.estimate import Family
from lodestock.disruption.outlook import LEVELS, Range
from lodestock.disruption.posterior import CureGrid, CurePrior
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
SCORES = np.linspace(-5.0, 5.0, 201)
_COMMON = np.linspace(-4.0, 4.0, 33)
_ALIKE = np.linspace(0.5, 15.5, 16) / 16.0
_NODES = 401


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """One group. never [–]; lead_median, lead_mean [month], of what is granted: 5, 50 and 95 % points."""

    never: Range
    lead_median: Range
    lead_mean: Range


@dataclass(frozen=True, slots=True, eq=False)
class PooledGroups:
    """Groups by themselves and when they lend each other strength, in the order given, under one law.

    family: the law with the lower AIC over all groups. never_alike, lead_alike: how alike the groups are (0 = nothing
    in common, 1 = the same); before any case it is 0.05–0.5–0.95. grids: the pooled posteriors.
    """

    family: Family
    alone: tuple[GroupEstimate, ...]
    pooled: tuple[GroupEstimate, ...]
    never_alike: Range
    lead_alike: Range
    grids: tuple[CureGrid, ...]


def pool_groups(reports: Sequence[CaseReport], *, prior: CurePrior | None = None) -> PooledGroups:
    """What each group of cases says by itself, and what when groups lend each other strength.

    prior: the one that the reports were made with. Raises InputError for fewer than two groups.
    """
    if len(reports) < 2:
        raise InputError("one group has nothing to lean on", where="groups", mend="give two groups or more")
    belief = prior or CurePrior()
    family = _law(reports)
    grids = [report.grids[family] for report in reports]
    hats = [(hat(never_scores(g, belief)), hat(lead_scores(g, family, belief))) for g in grids]
    masses = [
        never.T @ grid.chance.reshape(grid.never.size, -1) @ lead
        for grid, (never, lead) in zip(grids, hats, strict=True)
    ]
    lent, chance = lend(masses)
    pooled = []
    for grid, (never, lead), ratio in zip(grids, hats, lent, strict=True):
        weight = grid.chance * (never @ ratio @ lead.T).reshape(grid.chance.shape)
        pooled.append(replace(grid, chance=weight / weight.sum()))
    never_alike = _points(_ALIKE, np.asarray(chance.sum(axis=(0, 2, 3)), np.float64))
    lead_alike = _points(_ALIKE, np.asarray(chance.sum(axis=(0, 1, 2)), np.float64))
    return PooledGroups(
        family, tuple(_estimate(grid, family) for grid in grids), tuple(_estimate(grid, family) for grid in pooled),
        never_alike, lead_alike, tuple(pooled),
    )  # fmt: skip


def lend(masses: Sequence[FloatArray]) -> tuple[list[FloatArray], FloatArray]:
    """What the other groups say of each group: a weight on its two normal scores, and how alike groups are.

    masses: of each group, the posterior mass [Z, Z] over the scores (`SCORES`) of its never-granted share and its lead
    time, under its own prior. Returns the weights [Z, Z] that turn a group's own posterior into the pooled one, and the
    chance [C, R, C, R] of what is common (C) and how alike they are (R), of both quantities, given all groups.
    """
    law, prior = _laws()
    told = [np.log(np.maximum(law @ mass @ law.T, 1e-300)) for mass in masses]
    total = prior[:, None] + prior[None, :] + np.sum(told, axis=0)
    out = []
    for own in told:
        others = total - own
        weight = np.exp(others - special.logsumexp(others))
        out.append(np.asarray(law.T @ weight @ law, np.float64))
    chance = np.exp(total - special.logsumexp(total))
    return out, chance.reshape(_COMMON.size, _ALIKE.size, _COMMON.size, _ALIKE.size)


def _laws() -> tuple[FloatArray, FloatArray]:
    """The law of a score over its own prior, for each c and ρ [C·R, Z], and the log chance of these [C·R].

    Over all c and ρ the ratios average to 1 at every score, so that a group without others keeps its own prior exactly.
    """
    plain = np.exp(-0.5 * SCORES**2)
    common, alike = (axis.ravel()[:, None] for axis in np.meshgrid(_COMMON, _ALIKE, indexing="ij"))
    law = np.exp(-0.5 * (SCORES - np.sqrt(alike) * common) ** 2 / (1.0 - alike))
    law /= law.sum(axis=1, keepdims=True)
    weight = np.exp(-0.5 * common[:, 0] ** 2)
    weight /= weight.sum()
    ratio = law / (plain / plain.sum())
    return np.asarray(ratio / (weight @ ratio), np.float64), np.log(weight)


def hat(scores: FloatArray) -> FloatArray:
    """Linear interpolation on `SCORES` as a matrix [n, Z]; its transpose spreads mass over the two nearest points."""
    step = SCORES[1] - SCORES[0]
    place = np.clip((scores - SCORES[0]) / step, 0.0, SCORES.size - 1.0)
    low = np.minimum(place.astype(np.int64), SCORES.size - 2)
    out = np.zeros((scores.size, SCORES.size))
    rows = np.arange(scores.size)
    out[rows, low] = 1.0 - (place - low)
    out[rows, low + 1] = place - low
    return out


def never_scores(grid: CureGrid, prior: CurePrior) -> FloatArray:
    """The normal score of each never-granted share of a grid [A] under its Beta prior."""
    return np.asarray(special.ndtri(special.betainc(*prior.never, grid.never)), np.float64)


def lead_scores(grid: CureGrid, family: Family, prior: CurePrior) -> FloatArray:
    """The normal score of the median lead time of each (shape, scale) of a grid [B·C] under the prior on both."""
    (mean, spread), (shape_mean, shape_spread) = prior.log_scale, prior.log_shape
    z = np.linspace(-6.0, 6.0, _NODES)
    weight = np.exp(-0.5 * z**2)
    shift = _shift(family, np.exp(shape_mean + shape_spread * z))
    theta = np.add.outer(_shift(family, grid.shape), np.log(grid.scale)).ravel()
    chance = special.ndtr((theta[:, None] - mean - shift) / spread) @ (weight / weight.sum())
    return np.asarray(special.ndtri(np.clip(chance, 1e-300, 1.0 - 1e-16)), np.float64)


def _shift(family: Family, shape: FloatArray) -> FloatArray:
    """ln(median) − ln(scale): the scale of a lognormal is its median; that of a Weibull is the 63 % point."""
    return np.zeros_like(shape) if family is Family.LOGNORMAL else np.log(np.log(2.0)) / shape


def _law(reports: Sequence[CaseReport]) -> Family:
    both = [report.fits for report in reports if len(report.fits) == len(Family)]
    if not both:
        return reports[0].family
    return min(Family, key=lambda name: sum(fits[name].aic for fits in both))


def _estimate(grid: CureGrid, family: Family) -> GroupEstimate:
    never = Range(*(grid.quantile("never", level) for level in LEVELS))
    return GroupEstimate(never, range_of(grid, lead_median_of(family)), range_of(grid, lead_mean_of(family)))


def _points(values: FloatArray, chance: FloatArray) -> Range:
    middle = np.asarray(np.cumsum(chance) - 0.5 * chance, np.float64)
    return Range(*(float(np.interp(level, middle, values)) for level in LEVELS))
