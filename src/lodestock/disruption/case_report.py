"""What a group of dated licence cases says, and what it cannot say.

Puts the estimates of this room side by side: shares by age without a law, the best fit of two laws, a posterior by
grid, and what one more dated case would tell; `pooled` lets groups lend each other strength. Source: MODEL §4.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.cases import Ages, LicenceCase, Outcome, ages, granted_part
from lodestock.disruption.competing_risks import incidence
from lodestock.disruption.estimate import CureFit, CureParameters, Family, fit_cure, log_likelihood
from lodestock.disruption.information import one_more_case
from lodestock.disruption.outlook import LEVELS, Range, lead_time_law
from lodestock.disruption.posterior import CureGrid, CurePrior, grid_posterior
from lodestock.errors import SolverError

FloatArray = npt.NDArray[np.float64]
FEW_GRANTS = 10
NO_TELLING = 0.8  # a posterior this wide, as a share of the prior's width, says little more than the prior
POINTS = (48, 24, 40)
MARKS = (1.0, 2.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)


class Warn(StrEnum):
    """Why the cases cannot tell."""

    NO_GRANT = "no grant"
    FEW_GRANTS = "few grants"
    SLOW_OR_NEVER = "slow or never"
    SHORT_FOLLOW_UP = "short follow-up"
    LAWS_DIFFER = "laws differ"
    EDGE = "at the edge"
    WITHDRAWN = "withdrawn"
    PART_UNKNOWN = "part unknown"


@dataclass(frozen=True, slots=True)
class AgePoint:
    """Shares of the cases by an age [month], without assuming a law: granted, denied, still open [–]."""

    age: float
    granted: float
    denied: float
    open: float


@dataclass(frozen=True, slots=True)
class NextCase:
    """What one more dated case tells: standard deviations before, and expected after it is seen, followed so long."""

    followed_months: float
    never_now: float
    never_after: float
    lead_now: float
    lead_after: float


@dataclass(frozen=True, slots=True, eq=False)
class CaseReport:
    """A group of cases.

    outcomes: how many of each. longest: longest wait seen [month]. by_age: Aalen–Johansen.
    family: the law with the lower AIC (Weibull without grants); fits: best fits by law, without those that failed.
    never [–], lead_median, lead_mean [month]: posterior points, the lead times being those of cases that are granted;
    other_never: never-granted share under the other law. grid: the posterior itself; grids: by law.
    granted_part [–]: lowest and highest, see `cases`.
    """

    cases: int
    outcomes: Mapping[Outcome, int]
    longest: float
    by_age: tuple[AgePoint, ...]
    family: Family
    fits: Mapping[Family, CureFit]
    never: Range
    lead_median: Range
    lead_mean: Range
    other_never: Range
    grid: CureGrid
    grids: Mapping[Family, CureGrid]
    granted_part: tuple[float, float] | None
    next_case: NextCase
    warnings: tuple[Warn, ...]


def case_report(cases: Sequence[LicenceCase], *, prior: CurePrior | None = None) -> CaseReport:
    """What these cases say. prior: on the never-granted share and the lead time; the stated default if not given."""
    belief = prior or CurePrior()
    seen = ages(cases)
    outcomes = {outcome: sum(case.outcome is outcome for case in cases) for outcome in Outcome}
    fits = _fits(seen)
    family = min(fits, key=lambda name: fits[name].aic) if fits else Family.WEIBULL
    other = next(name for name in Family if name is not family)
    grids = {name: fine_posterior(seen, name, belief) for name in (family, other)}
    grid = grids[family]
    never, other_never = (Range(*(grids[name].quantile("never", x) for x in LEVELS)) for name in (family, other))
    lead_median = range_of(grid, lead_median_of(family))
    longest = float(seen.high.max())
    warnings = _warnings(seen, outcomes, grid, belief, fits, family)
    if longest < 2.0 * lead_median.median:
        warnings.append(Warn.SHORT_FOLLOW_UP)
    if any(case.outcome is Outcome.PARTLY and case.fraction is None for case in cases):
        warnings.append(Warn.PART_UNKNOWN)
    alike = len(fits) == len(Family) and abs(fits[family].aic - fits[other].aic) < 2.0
    if alike and abs(never.median - other_never.median) > 0.1:
        warnings.append(Warn.LAWS_DIFFER)
    return CaseReport(
        cases=len(cases),
        outcomes=outcomes,
        longest=longest,
        by_age=_by_age(seen),
        family=family,
        fits=fits,
        never=never,
        lead_median=lead_median,
        lead_mean=range_of(grid, lead_mean_of(family)),
        other_never=other_never,
        grid=grid,
        grids=grids,
        granted_part=granted_part(cases),
        next_case=_next_case(grid, family, max(12.0, longest)),
        warnings=tuple(warnings),
    )


def fine_posterior(seen: Ages, family: Family, prior: CurePrior) -> CureGrid:
    """The posterior on a grid that closes in on where its mass lies, so that many cases do not fall between points.

    First the grid over the whole prior (`posterior.grid_posterior`), then as many points again over the part of each
    axis that holds all but a millionth of the mass, with two steps to spare at either end.
    """
    wide = grid_posterior(seen, family, prior, points=POINTS)
    never = np.clip(_window(*wide.marginal("never"), POINTS[0]), 0.5 / POINTS[0] ** 2, 1.0 - 0.5 / POINTS[0] ** 2)
    log_shape, log_scale = (
        _window(np.log(points), chance, count)
        for (points, chance), count in zip((wide.marginal("shape"), wide.marginal("scale")), POINTS[1:], strict=True)
    )
    mesh = np.meshgrid(never, log_shape, log_scale, indexing="ij")
    kept = ~seen.denied
    others = Ages(seen.low[kept], seen.high[kept], seen.granted[kept], seen.denied[kept], seen.fraction[kept])
    joint = prior.log_density(*mesh) + int(seen.denied.sum()) * np.log(mesh[0])
    if kept.any():
        for place in range(len(never)):  # one never-granted share at a time, to keep memory small
            at = CureParameters(mesh[0][place], np.exp(mesh[1][place]), np.exp(mesh[2][place]))
            joint[place] += log_likelihood(others, family, at)
    chance = np.exp(joint - special.logsumexp(joint))
    return CureGrid(never, np.exp(log_shape), np.exp(log_scale), chance, wide.log_evidence)


def _window(points: FloatArray, chance: FloatArray, count: int) -> FloatArray:
    total = np.cumsum(chance)
    first, last = np.searchsorted(total, (5e-7, 1.0 - 5e-7))
    low, high = max(int(first) - 2, 0), min(int(last) + 2, points.size - 1)
    return np.linspace(points[low], points[high], count)


def group_cases(cases: Sequence[LicenceCase], column: str) -> dict[str, tuple[LicenceCase, ...]]:
    """The cases by material, population or end use, in the order in which the groups first appear; blank is a group."""
    found: dict[str, list[LicenceCase]] = {}
    for case in cases:
        found.setdefault(str(getattr(case, column)), []).append(case)
    return {name: tuple(group) for name, group in found.items()}


def _fits(seen: Ages) -> dict[Family, CureFit]:
    if not seen.granted.any():
        return {}
    found = {}
    for family in Family:
        try:
            found[family] = fit_cure(seen, family)
        except SolverError:
            continue  # the posterior still answers; a law without a best fit is left out and shows as absent
    return found


def _warnings(
    seen: Ages,
    outcomes: Mapping[Outcome, int],
    grid: CureGrid,
    prior: CurePrior,
    fits: Mapping[Family, CureFit],
    family: Family,
) -> list[Warn]:
    found = []
    grants = int(seen.granted.sum())
    if grants == 0:
        found.append(Warn.NO_GRANT)
    elif grants < FEW_GRANTS:
        found.append(Warn.FEW_GRANTS)
    a, b = prior.never
    width = float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1.0))))
    points, chance = grid.marginal("never")
    if _spread(points, chance) > NO_TELLING * width:
        found.append(Warn.SLOW_OR_NEVER)
    if family in fits and fits[family].edge:
        found.append(Warn.EDGE)
    if outcomes[Outcome.WITHDRAWN]:
        found.append(Warn.WITHDRAWN)
    return found


def _by_age(seen: Ages) -> tuple[AgePoint, ...]:
    # a decision known to a window counts at its middle here; the likelihood uses the window itself
    outcome = np.where(seen.granted, 1, np.where(seen.denied, 2, 0))
    curve = incidence(0.5 * (seen.low + seen.high), outcome, 2)
    longest = float(seen.high.max())
    at = [age for age in MARKS if age <= longest] or [longest]
    still, share = curve.at(at)
    return tuple(AgePoint(age, float(share[k, 0]), float(share[k, 1]), float(still[k])) for k, age in enumerate(at))


Quantity = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


def _never(never: FloatArray, shape: FloatArray, scale: FloatArray) -> FloatArray:
    return never


def lead_mean_of(family: Family) -> Quantity:
    """The mean lead time of what is granted [month], from (π, shape, scale)."""
    return lambda never, shape, scale: lead_time_law(family.value, shape, scale).mean()


def lead_median_of(family: Family) -> Quantity:
    """The median lead time of what is granted [month], from (π, shape, scale)."""
    if family is Family.LOGNORMAL:
        return lambda never, shape, scale: scale
    return lambda never, shape, scale: np.asarray(scale * np.log(2.0) ** (1.0 / shape))


def _on_grid(grid: CureGrid, quantity: Quantity) -> tuple[FloatArray, FloatArray]:
    mesh = np.meshgrid(grid.never, grid.shape, grid.scale, indexing="ij")
    return quantity(*(axis.ravel() for axis in mesh)), grid.chance.ravel()


def range_of(grid: CureGrid, quantity: Quantity) -> Range:
    """The 5, 50 and 95 % points of a quantity under a posterior."""
    found, chance = _on_grid(grid, quantity)
    values, place = np.unique(found, return_inverse=True)  # the median of a lognormal is the same for every shape
    middle = _middle(np.asarray(np.bincount(place, chance), np.float64))
    return Range(*(float(np.interp(level, middle, values)) for level in LEVELS))


def _middle(chance: FloatArray) -> FloatArray:
    return np.asarray(np.cumsum(chance) - 0.5 * chance, dtype=np.float64)


def _spread(values: FloatArray, chance: FloatArray) -> float:
    mean = float((values * chance).sum())
    return float(np.sqrt(max(float((values**2 * chance).sum()) - mean**2, 0.0)))


def _next_case(grid: CureGrid, family: Family, followed: float) -> NextCase:
    """Squared-error loss: the expected loss of the best guess is the variance, so its fall is what the case tells."""
    edges = np.unique(np.clip([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, followed], 0.0, followed))
    spreads = []
    for quantity in (_never, lead_mean_of(family)):
        values, chance = _on_grid(grid, quantity)
        kept = values if quantity is _never else np.log(values)
        low, high = np.quantile(kept[chance > 1e-12], (0.0, 1.0))
        guesses = np.linspace(low, high, 61)
        loss = ((guesses[:, None] - kept) ** 2).reshape(-1, *grid.chance.shape)
        told = one_more_case(grid, family, edges, loss)
        spreads.append((float(np.sqrt(max(told.now, 0.0))), float(np.sqrt(max(told.after, 0.0)))))
    (never_now, never_after), (lead_now, lead_after) = spreads
    return NextCase(followed, never_now, never_after, lead_now, lead_after)
