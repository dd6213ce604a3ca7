"""How long licences take and what share never comes, from dated cases: likelihood, best fit and its standard errors.

Mixture cure with competing outcomes: an application is granted with probability p = 1 − π after lead time T ~ F₀,
denied with probability δ after its own time, or never decided. A case open at age a has 1 − p·F₀(a) − δ·F_d(a). A
withdrawn case counts as open until its withdrawal, which assumes that withdrawing says nothing about the outcome.

Source: MODEL §4.3; Maller & Zhou (1996), Survival Analysis with Long-Term Survivors, ch. 5; V04.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from lodestock.disruption.cases import Ages
from lodestock.errors import InputError, SolverError

FloatArray = npt.NDArray[np.float64]
_TINY = 1e-300
_IMPOSSIBLE = 1e12  # loss where the cases cannot be: finite, so that a slope away from it is


class Family(StrEnum):
    """The law of the lead time of cases that are ever granted."""

    WEIBULL = "weibull"  # scale: age by which 63 % is granted; shape: Weibull shape
    LOGNORMAL = "lognormal"  # scale: median; shape: standard deviation of ln T


@dataclass(frozen=True, slots=True, eq=False)
class CureParameters:
    """Parameters, scalars or arrays of one shape.

    never [0–1]: never-granted share π (denied included); shape [–], scale [months]: lead time of the granted.
    denied [0–1]: share of all applications that is denied in the end, at most π; denied_shape, denied_scale: their
    time.
    """

    never: FloatArray
    shape: FloatArray
    scale: FloatArray
    denied: FloatArray | None = None
    denied_shape: FloatArray | None = None
    denied_scale: FloatArray | None = None


def lead_cdf(family: Family, age: FloatArray, shape: FloatArray, scale: FloatArray) -> FloatArray:
    """Share [0–1] of the granted that is granted by `age` [months]; arguments broadcast."""
    with np.errstate(divide="ignore", over="ignore"):  # age 0, and a law so narrow that all is over
        logged = np.log(age) - np.log(scale)
        if family is Family.WEIBULL:
            return np.asarray(-np.expm1(-np.exp(shape * logged)))
    return np.asarray(special.ndtr(logged / shape))


def _log_density(family: Family, age: FloatArray, shape: FloatArray, scale: FloatArray) -> FloatArray:
    logged = np.log(age) - np.log(scale)
    if family is Family.WEIBULL:
        with np.errstate(over="ignore"):  # far from the data the density is nought, and its logarithm −∞
            return np.asarray(np.log(shape) - np.log(scale) + (shape - 1.0) * logged - np.exp(shape * logged))
    z = logged / shape
    return np.asarray(-0.5 * z * z - np.log(age * shape) - 0.5 * np.log(2.0 * np.pi))


def check_ages(cases: Ages) -> None:
    """Raises when ages are not possible."""
    exact = (cases.low == cases.high) & (cases.granted | cases.denied)
    if cases.low.size == 0:
        raise InputError("there are no cases to estimate from", mend="give dated cases")
    good = np.isfinite(cases.low) & np.isfinite(cases.high) & (cases.low >= 0) & (cases.high >= cases.low)
    if not (good & ~(exact & (cases.low <= 0)) & ~(cases.granted & cases.denied)).all():
        raise InputError("ages must be 0 or more, in order, and above 0 where a decision is dated")


def log_likelihood(cases: Ages, family: Family, at: CureParameters) -> FloatArray:
    """ℓ at given parameters; the result has their shape (MODEL §4.3).

    A decision known to the day gives log density, one known to a window S(L) − S(R), an open case log S.
    """
    check_ages(cases)
    expand = [None if v is None else np.asarray(v, np.float64)[..., None] for v in (at.never, at.shape, at.scale)]
    never, shape, scale = (v for v in expand if v is not None)
    exact = cases.low == cases.high
    total = np.zeros(np.broadcast_shapes(np.shape(at.never), np.shape(at.shape), np.shape(at.scale)))
    known, window = cases.granted & exact, cases.granted & ~exact
    total = total + (np.log1p(-never) + _log_density(family, cases.low[known], shape, scale)).sum(axis=-1)
    chance = lead_cdf(family, cases.high[window], shape, scale) - lead_cdf(family, cases.low[window], shape, scale)
    total = total + (np.log1p(-never) + np.log(np.maximum(chance, _TINY))).sum(axis=-1)
    waiting = ~(cases.granted | cases.denied)
    decided = (1.0 - never) * lead_cdf(family, cases.low[waiting], shape, scale)
    if at.denied is None or at.denied_shape is None or at.denied_scale is None:
        if cases.denied.any():
            raise InputError(
                "cases were denied, so the parameters of denial are needed", mend="give denied and its time"
            )
        return np.asarray(total + np.log(np.maximum(1.0 - decided, _TINY)).sum(axis=-1))
    share, form, size = (np.asarray(v, np.float64)[..., None] for v in (at.denied, at.denied_shape, at.denied_scale))
    known, window = cases.denied & exact, cases.denied & ~exact
    total = total + (np.log(share) + _log_density(family, cases.low[known], form, size)).sum(axis=-1)
    chance = lead_cdf(family, cases.high[window], form, size) - lead_cdf(family, cases.low[window], form, size)
    total = total + (np.log(share) + np.log(np.maximum(chance, _TINY))).sum(axis=-1)
    open_share = 1.0 - decided - share * lead_cdf(family, cases.low[waiting], form, size)
    return np.asarray(total + np.log(np.maximum(open_share, _TINY)).sum(axis=-1))


@dataclass(frozen=True, slots=True, eq=False)
class CureFit:
    """The best fit. free [p]: its parameters on the free scale – logit π, ln shape, ln scale, then logit(δ/π), ln shape
    and ln scale of denial where cases were denied; error [p]: standard errors there; covariance [p, p].

    log_likelihood; cases: how many rows; edge: a parameter ran to its bound, so its standard error says nothing.
    """

    family: Family
    parameters: CureParameters
    free: FloatArray
    error: FloatArray
    covariance: FloatArray
    log_likelihood: float
    cases: int
    edge: bool

    @property
    def aic(self) -> float:
        """Akaike's criterion: lower is better."""
        return 2.0 * self.free.size - 2.0 * self.log_likelihood

    def never_interval(self, width: float = 0.90) -> tuple[float, float]:
        """Interval of the never-granted share from its standard error on the logit scale."""
        half = float(special.ndtri(0.5 + width / 2.0)) * float(self.error[0])
        return float(special.expit(self.free[0] - half)), float(special.expit(self.free[0] + half))


def from_free(free: FloatArray) -> CureParameters:
    """Parameters from the free scale of `CureFit.free`."""
    never = special.expit(free[0])
    first = (never, np.exp(free[1]), np.exp(free[2]))
    if free.size == 3:
        return CureParameters(*(np.asarray(v) for v in first))
    rest = (never * special.expit(free[3]), np.exp(free[4]), np.exp(free[5]))
    return CureParameters(*(np.asarray(v) for v in (*first, *rest)))


def fit_cure(cases: Ages, family: Family = Family.WEIBULL) -> CureFit:
    """The most likely never-granted share and lead time, from dated cases (MODEL §4.3; V04).

    Starts from several points and takes the best. When all denials fell at one age, how long a denial takes cannot be
    estimated; they then count as known never to be granted, and `denied` stays None. Raises InputError without any
    grant: then nothing is known of how long a grant takes.
    """
    check_ages(cases)
    if not cases.granted.any():
        raise InputError("no case was granted, so a lead time cannot be estimated", mend="use snapshots or a prior")
    denial = np.unique(np.stack([cases.low, cases.high])[:, cases.denied], axis=1).shape[1] > 1
    known, kept = 0 if denial else int(cases.denied.sum()), cases if denial else _without_denied(cases)
    middle = float(np.log(np.median((cases.low + cases.high)[cases.granted] / 2.0)))

    def loss(free: FloatArray) -> float:
        bounded = np.clip(free, -30.0, 30.0)
        at = from_free(bounded)
        told = float(log_likelihood(kept, family, at)) + (known * float(np.log(at.never)) if known else 0.0)
        return float(((free - bounded) ** 2).sum()) - told if np.isfinite(told) else _IMPOSSIBLE

    best: optimize.OptimizeResult | None = None
    later = float(np.log(np.median((cases.low + cases.high)[cases.denied] / 2.0))) if denial else 0.0
    for never in (-2.0, 0.0, 2.0):
        start = np.array([never, 0.2, middle, *([0.0, 0.0, later] if denial else [])])
        rough = optimize.minimize(loss, start, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-7, "maxiter": 400})
        if best is None or rough.fun < best.fun:
            best = rough
    if best is None or not np.isfinite(best.fun):
        raise SolverError("no best fit was found", mend="look for outliers among the cases")
    free = _newton(loss, np.asarray(best.x, np.float64))
    covariance, edge = _covariance(loss, free)
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    edge = edge or bool((np.abs(free) > 12.0).any())
    return CureFit(family, from_free(free), free, error, covariance, -loss(free), cases.low.size, edge)


def _without_denied(cases: Ages) -> Ages:
    kept = ~cases.denied
    return Ages(cases.low[kept], cases.high[kept], cases.granted[kept], cases.denied[kept], cases.fraction[kept])


def _hessian(loss: Callable[[FloatArray], float], at: FloatArray, step: float = 1e-3) -> FloatArray:
    """Second derivatives by central differences with one Richardson step, so the error is of order step⁴."""

    def plain(width: float) -> FloatArray:
        p = at.size
        out = np.zeros((p, p))
        shift = np.eye(p) * width
        for i in range(p):
            for j in range(i, p):
                value = loss(at + shift[i] + shift[j]) - loss(at + shift[i] - shift[j])
                value += loss(at - shift[i] - shift[j]) - loss(at - shift[i] + shift[j])
                out[i, j] = out[j, i] = value / (4.0 * width * width)
        return out

    with np.errstate(
        invalid="ignore", over="ignore"
    ):  # cases of one age have no bend; the callers look whether it is finite
        return np.asarray((4.0 * plain(step) - plain(2.0 * step)) / 3.0, np.float64)


def _newton(loss: Callable[[FloatArray], float], at: FloatArray) -> FloatArray:
    """Two Newton steps, taken only when they do not raise the loss."""
    for _ in range(2):
        step = 1e-4
        shift = np.eye(at.size) * step
        slope = np.array([(loss(at + s) - loss(at - s)) / (2 * step) for s in shift])
        try:
            move = np.linalg.solve(_hessian(loss, at), slope)
        except np.linalg.LinAlgError:
            return at
        trial = at - move
        if not np.isfinite(trial).all() or loss(trial) > loss(at):
            return at
        at = trial
    return at


def _covariance(loss: Callable[[FloatArray], float], at: FloatArray) -> tuple[FloatArray, bool]:
    """Inverse information; True when it is singular, as it is when a parameter sits at its bound."""
    bend = _hessian(loss, at)
    if not np.isfinite(bend).all() or np.linalg.eigvalsh(bend).min() <= 1e-8:
        return np.full_like(bend, np.nan), True
    return np.asarray(np.linalg.inv(bend), np.float64), False
