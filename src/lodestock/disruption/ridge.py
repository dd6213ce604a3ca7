"""What published grant shares say about a licence regime: a ridge, not a point.

A published share "19 of 141 granted after five months" cannot tell a regime that never grants from one that is slow:
for every never-granted share π (below 1 − share) and Weibull shape κ there is one scale σ that gives exactly that
share. So the calibration is a set of draws along that ridge under a stated prior on π. Two conventions are kept as
structure, because snapshots mix ages: all cases filed at the start, or filed at a constant pace ever since. Each
reporting population keeps its own draws: the published sequence of 2025 fits no single curve.

Source: MODEL §4.3 (identification trap); verification V04, snapshot profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.lead_time import Weibull, weibull
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]

PRIOR_NEVER_GRANTED = (2.0, 6.0)  # Beta(2, 6): MODEL §4.3 and §11, a judgement
PRIOR_SHAPE = (0.8, 1.6)  # uniform: MODEL §11
_MOST_STEPS = 200
_ZOOMS = 80


class AgeConvention(StrEnum):
    """How old the cases in a snapshot are taken to be."""

    ONE_AGE = "one-age"  # all filed when the regime began
    CONSTANT_INFLOW = "constant-inflow"  # filed at a constant pace since the regime began


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published share of applications granted by some day, as one population reports it.

    population: who reports (each keeps its own effect). months: since the regime began [month], above 0.
    share: granted share as published [–], 0…1. half_width: rounding or wording around it [–], used without counts.
    filed, granted: the counts, where they are published; the share is then granted/filed.
    """

    population: str
    months: float
    share: float
    half_width: float = 0.0
    filed: int | None = None
    granted: int | None = None

    def __post_init__(self) -> None:
        counts = (self.filed is None) == (self.granted is None)
        ordered = self.filed is None or self.granted is None or 0 <= self.granted <= self.filed
        if not (self.months > 0.0 and 0.0 <= self.share <= 1.0 and self.half_width >= 0.0 and counts and ordered):
            raise InputError(
                "a snapshot needs months above 0, a share from 0 to 1, and both counts or none",
                where=self.population,
                why=f"months {self.months}, share {self.share}, granted {self.granted} of {self.filed}",
                mend="correct the row; leave both counts out if only a percentage was published",
            )

    def share_quantile(self, chance: npt.ArrayLike) -> FloatArray:
        """The granted share [–] at a cumulative chance 0…1: Beta(granted + ½, others + ½), else uniform rounding."""
        u = np.asarray(chance, dtype=np.float64)
        if self.filed is not None and self.granted is not None:
            return np.asarray(special.betaincinv(self.granted + 0.5, self.filed - self.granted + 0.5, u))
        return np.asarray(np.clip(self.share + (2.0 * u - 1.0) * self.half_width, 0.0, 1.0), dtype=np.float64)

    def share_range(self) -> tuple[float, float]:
        """The 2.5 and 97.5 % points of the share where counts are known, else the rounding interval."""
        ends = (0.025, 0.975) if self.filed is not None else (0.0, 1.0)
        low, high = self.share_quantile(ends)
        return float(low), float(high)


def share_granted(
    law: Weibull, never_granted: npt.ArrayLike, months: npt.ArrayLike, convention: AgeConvention
) -> FloatArray:
    """Which share of applications [–] is granted `months` into a regime; shape batch + months.shape.

    one-age: (1 − π)·F(t); constant-inflow: (1 − π)/t·∫₀ᵗF. Source: MODEL §4.3.
    """
    t = np.asarray(months, dtype=np.float64)
    ever = 1.0 - np.asarray(never_granted, dtype=np.float64)
    ever = ever.reshape(ever.shape + (1,) * t.ndim)
    if convention is AgeConvention.ONE_AGE:
        return np.asarray(ever * law.cdf(t), dtype=np.float64)
    return np.asarray(ever * law.cdf_integral(t) / t, dtype=np.float64)


def ridge_scale(
    share: npt.ArrayLike,
    months: npt.ArrayLike,
    never_granted: npt.ArrayLike,
    shape: npt.ArrayLike,
    convention: AgeConvention,
) -> FloatArray:
    """Which Weibull scale [month] gives exactly this granted share, for a given never-granted share and shape.

    All arguments broadcast. NaN where no scale can: the share is 0 or is not below 1 − never_granted.
    one-age has a closed form; constant-inflow is solved by Newton steps kept inside a bracket (relative 1e-13).
    """
    s, t, never, kappa = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (share, months, never_granted, shape))
    )
    ever = 1.0 - never
    feasible = (s > 0.0) & (s < ever) & (t > 0.0) & (kappa > 0.0)
    target = np.where(feasible, s / np.where(ever > 0.0, ever, 1.0), 0.5)
    form = np.where(kappa > 0.0, kappa, 1.0)
    if convention is AgeConvention.ONE_AGE:
        log_x = np.log(-np.log1p(-target)) / form
    else:
        log_x = _mean_cdf_inverse(target, form)
    return np.where(feasible, t * np.exp(-log_x), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class RidgeDraws:
    """Draws along the ridge of one snapshot; arrays of shape (accepted draws,).

    never_granted, shape [–], scale [month], share [–] the draw of the published share it reproduces exactly.
    accepted: the share of the points that was feasible (share < 1 − never_granted).
    index:    which of the points each draw came from.
    """

    snapshot: Snapshot
    convention: AgeConvention
    never_granted: FloatArray
    shape: FloatArray
    scale: FloatArray
    share: FloatArray
    accepted: float
    index: npt.NDArray[np.int64]

    def law(self) -> Weibull:
        """The lead-time law of each draw."""
        return weibull(self.shape, self.scale)


def draw_ridge(
    points: npt.ArrayLike,
    snapshots: Sequence[Snapshot],
    convention: AgeConvention,
    *,
    prior_never_granted: tuple[float, float] = PRIOR_NEVER_GRANTED,
    prior_shape: tuple[float, float] = PRIOR_SHAPE,
) -> tuple[RidgeDraws, ...]:
    """Which regimes fit each snapshot: posterior draws, one set per reporting population.

    points: in the unit cube, shape (n, 3) or (n, 3·snapshots), from a Generator (`rng.random((n, 3))`) or a Sobol
    sequence; columns never-granted share, shape, granted share. With 3 columns all populations use the same points.
    prior_never_granted: Beta(a, b) on π; prior_shape: uniform range of κ. The granted share is drawn from its own
    uncertainty (`Snapshot.share_quantile`); a point with share ≥ 1 − π is rejected, and the accepted share is reported.
    """
    cube = np.asarray(points, dtype=np.float64)
    wide = 3 * len(snapshots)
    if cube.ndim != 2 or cube.shape[1] not in (3, wide) or not bool(np.all((cube >= 0.0) & (cube <= 1.0))):
        raise InputError(
            "points must lie in the unit cube",
            where="points",
            why=f"found shape {cube.shape}",
            mend=f"give (n, 3) or (n, {wide})",
        )
    out = []
    for number, snapshot in enumerate(snapshots):
        first = 3 * number if cube.shape[1] == wide else 0
        never = np.asarray(special.betaincinv(*prior_never_granted, cube[:, first]), dtype=np.float64)
        shape = prior_shape[0] + (prior_shape[1] - prior_shape[0]) * cube[:, first + 1]
        share = snapshot.share_quantile(cube[:, first + 2])
        scale = ridge_scale(share, snapshot.months, never, shape, convention)
        keep = np.isfinite(scale)
        if not bool(keep.any()):
            raise InputError(
                "no draw fits the snapshot",
                where=snapshot.population,
                mend="widen the prior on the never-granted share",
            )
        chosen = np.flatnonzero(keep)
        out.append(
            RidgeDraws(
                snapshot, convention, never[keep], shape[keep], scale[keep], share[keep], float(keep.mean()), chosen
            )
        )
    return tuple(out)


@dataclass(frozen=True, slots=True, eq=False)
class ParameterDraws:
    """One set of regime parameters per draw, shape (n,): never_granted, shape [–], scale [month], population index."""

    never_granted: FloatArray
    shape: FloatArray
    scale: FloatArray
    population: npt.NDArray[np.int64]

    def law(self) -> Weibull:
        """The lead-time law of each draw."""
        return weibull(self.shape, self.scale)


def mix_populations(ridges: Sequence[RidgeDraws], size: int) -> ParameterDraws:
    """Which regime parameters to run when nobody knows which population is typical: each population equally often.

    Takes the accepted draws of the populations in turn, in order, so the answer needs no randomness of its own; a ridge
    with fewer accepted draws than asked of it is an error, because repeating draws would hide how few there are.
    """
    turn = np.arange(size) % len(ridges)
    nth = np.arange(size) // len(ridges)
    for number, ridge in enumerate(ridges):
        wanted = int(np.count_nonzero(turn == number))
        if wanted > ridge.scale.size:
            raise InputError(
                "too few accepted draws",
                where=ridge.snapshot.population,
                why=f"{ridge.scale.size} accepted, {wanted} asked",
                mend="give draw_ridge more points",
            )
    rows = [np.stack([ridge.never_granted, ridge.shape, ridge.scale]) for ridge in ridges]
    never, shape, scale = np.stack([rows[int(who)][:, which] for who, which in zip(turn, nth, strict=True)], axis=-1)
    return ParameterDraws(never, shape, scale, turn.astype(np.int64))


@dataclass(frozen=True, slots=True)
class SingleCurveFit:
    """The best that one curve for all populations can do.

    fitted: its shares at the snapshots; largest_misfit, root_mean_square: against the published shares [–].
    least_possible: no curve that never falls can have a smaller largest misfit than this [–].
    excess: by how much the published ranges themselves contradict one rising curve [–]; above 0, none fits.
    """

    convention: AgeConvention
    never_granted: float
    shape: float
    scale: float
    fitted: tuple[float, ...]
    largest_misfit: float
    root_mean_square: float
    least_possible: float
    excess: float


def single_curve_misfit(snapshots: Sequence[Snapshot], convention: AgeConvention) -> SingleCurveFit:
    """How badly one (π, κ, σ) for all populations fits the sequence of snapshots: least squares on the shares.

    For a given shape and scale the best 1 − π is linear least squares kept within 0…1; shape (0.3…4) and mean lead
    (0.01…1000 months) are searched on a grid that closes in. `least_possible` is exact and holds for any law of the
    lead time, because a granted share under either convention never falls with time.
    """
    ordered = sorted(snapshots, key=lambda snapshot: snapshot.months)
    months = np.array([snapshot.months for snapshot in ordered])
    shares = np.array([snapshot.share for snapshot in ordered])
    never, shape, scale = _least_squares(months, shares, convention)
    fitted = share_granted(weibull(shape, scale), never, months, convention)
    misfit = fitted - shares
    ranges = np.array([snapshot.share_range() for snapshot in ordered])
    return SingleCurveFit(
        convention,
        never,
        shape,
        scale,
        tuple(float(value) for value in fitted),
        float(np.abs(misfit).max()),
        float(np.sqrt(np.mean(misfit**2))),
        max(0.0, _largest_fall(shares, shares) / 2.0),
        _largest_fall(ranges[:, 0], ranges[:, 1]),
    )


def snapshot_log_likelihood(filed: int, granted: int, share: npt.ArrayLike) -> FloatArray:
    """How likely the counts are at a given granted share: binomial log-likelihood without its constant [–]."""
    p = np.asarray(share, dtype=np.float64)
    return np.asarray(special.xlogy(granted, p) + special.xlog1py(filed - granted, -p), dtype=np.float64)


def _mean_cdf_inverse(target: FloatArray, shape: FloatArray) -> FloatArray:
    """ln x with (1/x)∫₀ˣ(1 − exp(−s^shape))ds = target, elementwise; 0 < target < 1."""
    mean = special.gamma(1.0 + 1.0 / shape)
    # 1 − mean/x ≤ curve ≤ x^shape/(shape + 1), so the answer lies between the inverses of these two
    low = np.log(target * (shape + 1.0)) / shape - 1e-9
    high = np.log(mean / (1.0 - target)) + 1e-9
    guess = np.clip(low + 0.5 * target, low, high)
    for _ in range(_MOST_STEPS):
        x = np.exp(guess)
        power = x**shape
        value = 1.0 - mean * special.gammainc(1.0 / shape, power) / x
        miss = value - target
        high = np.where(miss > 0.0, np.minimum(guess, high), high)
        low = np.where(miss < 0.0, np.maximum(guess, low), low)
        slope = -np.expm1(-power) - value  # d value / d ln x
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = guess - miss / slope
        inside = (newton > low) & (newton < high)
        step = np.where(miss == 0.0, guess, np.where(inside, newton, 0.5 * (low + high)))
        done = bool(np.all(np.abs(step - guess) <= 1e-13 * np.maximum(1.0, np.abs(guess))))
        guess = step
        if done:
            break
    return np.asarray(guess, dtype=np.float64)


def _least_squares(months: FloatArray, shares: FloatArray, convention: AgeConvention) -> tuple[float, float, float]:
    """The (π, κ, σ) with the smallest sum of squares, on a grid in ln κ and ln mean that closes in on its best point.

    The mean and not σ, because curves with one mean are nearly alike and the grid would close in across that valley.
    """
    low, high = np.log([0.3, 0.01]), np.log([4.0, 1e3])
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    level = 1.0
    for step in range(_ZOOMS):
        per_axis = 61 if step == 0 else 21
        offsets = np.linspace(-1.0, 1.0, per_axis)
        logs = np.clip(middle[:, None] + half[:, None] * offsets, low[:, None], high[:, None])
        shape, mean = np.meshgrid(*np.exp(logs), indexing="ij")
        scale = mean / special.gamma(1.0 + 1.0 / shape)
        curve = share_granted(weibull(shape, scale), 0.0, months, convention)
        squares = np.maximum((curve**2).sum(axis=-1), 1e-300)
        levels = np.clip(curve @ shares / squares, 0.0, 1.0)
        miss = ((levels[..., None] * curve - shares) ** 2).sum(axis=-1)
        best = np.unravel_index(int(miss.argmin()), miss.shape)
        middle, level = np.log([shape[best], mean[best]]), float(levels[best])
        half = half * (8.0 / per_axis if step == 0 else 0.75)
    kappa = float(np.exp(middle[0]))
    return 1.0 - level, kappa, float(np.exp(middle[1]) / special.gamma(1.0 + 1.0 / kappa))


def _largest_fall(low: FloatArray, high: FloatArray) -> float:
    """max over earlier i and later j of low[i] − high[j]: how far the sequence must fall."""
    falls = [float(low[i] - high[j]) for i in range(len(low)) for j in range(i + 1, len(high))]
    return max(falls, default=-np.inf)
