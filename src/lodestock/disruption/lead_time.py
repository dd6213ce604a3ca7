"""Lead times: how long after filing an export licence is granted, for the cases that are ever granted.

Every law has parameters of any batch shape (for instance one value per parameter draw); `age` may be a scalar or an
array of any shape, and the answer has shape `batch + age.shape`. Ages and means are in months.

Source: MODEL §4.2; Weibull and lognormal lead times in mixture-cure models, Maller & Zhou (1996),
"Survival Analysis with Long-Term Survivors", ch. 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]

# Up to this age the survival function is summed month by month; beyond it the sum is its integral with the
# Euler–Maclaurin end correction, whose error is below 1e-10 of the mean for the smooth laws here.
_SUMMED_MONTHS = 256


class LeadTime(Protocol):
    """A law of the time between filing and granting, for licences that are ever granted."""

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The common shape of the parameters."""
        ...

    def cdf(self, age: npt.ArrayLike) -> FloatArray:
        """Which share [–] is granted before this age [month]."""
        ...

    def cdf_integral(self, age: npt.ArrayLike) -> FloatArray:
        """The integral of `cdf` from 0 to age [month]: licensed months gained up to this age."""
        ...

    def mean(self) -> FloatArray:
        """The mean lead time E[T] [month]."""
        ...

    def mean_whole_months(self) -> FloatArray:
        """The mean number of whole months waited, E⌊T⌋ [month]."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Weibull:
    """Weibull lead time, cdf 1 − exp(−(t/scale)^shape). Build it with `weibull`."""

    shape: FloatArray
    scale: FloatArray

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The common shape of the parameters."""
        return self.shape.shape

    def cdf(self, age: npt.ArrayLike) -> FloatArray:
        """Which share [–] is granted before this age [month]."""
        t, shape, scale = _against(age, self.shape, self.scale)
        return _array(-np.expm1(-((t / scale) ** shape)))

    def cdf_integral(self, age: npt.ArrayLike) -> FloatArray:
        """The integral of `cdf` from 0 to age [month]; closed form with the incomplete gamma function."""
        t, shape, scale = _against(age, self.shape, self.scale)
        mean = scale * special.gamma(1.0 + 1.0 / shape)
        return _array(t - mean * special.gammainc(1.0 / shape, (t / scale) ** shape))

    def mean(self) -> FloatArray:
        """The mean lead time E[T] [month]."""
        return _array(self.scale * special.gamma(1.0 + 1.0 / self.shape))

    def mean_whole_months(self) -> FloatArray:
        """The mean number of whole months waited, E⌊T⌋ [month]."""
        last = float(_SUMMED_MONTHS)
        hazard = self.shape / self.scale * (last / self.scale) ** (self.shape - 1.0)
        return _sum_of_survival(self, hazard)


@dataclass(frozen=True, slots=True, eq=False)
class Lognormal:
    """Lognormal lead time: ln T is normal around ln(median), standard deviation `spread`. Build with `lognormal`."""

    median: FloatArray
    spread: FloatArray

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The common shape of the parameters."""
        return self.median.shape

    def cdf(self, age: npt.ArrayLike) -> FloatArray:
        """Which share [–] is granted before this age [month]."""
        return _array(special.ndtr(self._z(age)[1]))

    def cdf_integral(self, age: npt.ArrayLike) -> FloatArray:
        """The integral of `cdf` from 0 to age [month]: t·Φ(z) − E[T]·Φ(z − spread)."""
        t, z, spread = self._z(age)
        mean = self.mean().reshape(spread.shape)
        return _array(t * special.ndtr(z) - mean * special.ndtr(z - spread))

    def mean(self) -> FloatArray:
        """The mean lead time E[T] [month]."""
        return _array(self.median * np.exp(0.5 * self.spread**2))

    def mean_whole_months(self) -> FloatArray:
        """The mean number of whole months waited, E⌊T⌋ [month]."""
        last = float(_SUMMED_MONTHS)
        z = np.log(last / self.median) / self.spread
        log_density = -0.5 * z * z - np.log(last * self.spread * np.sqrt(2.0 * np.pi))
        hazard = np.exp(log_density - special.log_ndtr(-z))
        return _sum_of_survival(self, _array(hazard))

    def _z(self, age: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
        t, median, spread = _against(age, self.median, self.spread)
        with np.errstate(divide="ignore"):  # at age 0 the logarithm is −inf and the share is exactly 0
            z = (np.log(t) - np.log(median)) / spread
        return t, z, spread


@dataclass(frozen=True, slots=True, eq=False)
class FixedDelay:
    """Every case takes exactly `months`; granted as a month ends, it is used in the next. Build with `fixed_delay`."""

    months: FloatArray

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The common shape of the parameters."""
        return self.months.shape

    def cdf(self, age: npt.ArrayLike) -> FloatArray:
        """Which share [–] is granted before this age [month]: 0 up to and including `months`, 1 after."""
        t, months = _against(age, self.months)
        return _array(t > months)

    def cdf_integral(self, age: npt.ArrayLike) -> FloatArray:
        """The integral of `cdf` from 0 to age [month]."""
        t, months = _against(age, self.months)
        return _array(np.maximum(t - months, 0.0))

    def mean(self) -> FloatArray:
        """The mean lead time [month]."""
        return self.months.copy()

    def mean_whole_months(self) -> FloatArray:
        """The whole months waited [month]."""
        return _array(np.floor(self.months))


def weibull(shape: npt.ArrayLike, scale: npt.ArrayLike) -> Weibull:
    """A Weibull law from its shape [–] and scale [month], both above 0 and of any common shape."""
    first, second = _positive("lead time", shape=shape, scale=scale)
    return Weibull(first, second)


def weibull_from_median(shape: npt.ArrayLike, median: npt.ArrayLike) -> Weibull:
    """A Weibull law from its shape [–] and its median [month]."""
    first, second = _positive("lead time", shape=shape, median=median)
    return Weibull(first, _array(second / np.log(2.0) ** (1.0 / first)))


def lognormal(median: npt.ArrayLike, spread: npt.ArrayLike) -> Lognormal:
    """A lognormal law from its median [month] and the standard deviation of ln T [–], both above 0."""
    first, second = _positive("lead time", median=median, spread=spread)
    return Lognormal(first, second)


def fixed_delay(months: npt.ArrayLike) -> FixedDelay:
    """A delay of exactly `months` [month], 0 or more."""
    value = np.array(months, dtype=np.float64)
    if not bool(np.all(np.isfinite(value) & (value >= 0.0))):
        raise InputError("a fixed delay must be finite and not negative", where="months", mend="give 0 or more months")
    return FixedDelay(value)


def bridging_stock(
    applications: npt.ArrayLike, law: LeadTime, *, spread_over_month: bool = True, commercial_stock: npt.ArrayLike = 0.0
) -> FloatArray:
    """How much stock [t] removes all shortage of a regime that only delays: the months-of-stock rule of thumb.

    applications: [t/month], constant. The answer is applications × E[T] when filing is spread over each month and
    applications × E⌊T⌋ when all is filed on the first day, less the commercial stock [t], never below 0.
    Source: MODEL §4.2 (Little's law).
    """
    waited = law.mean() if spread_over_month else law.mean_whole_months()
    return _array(np.maximum(_array(applications) * waited - _array(commercial_stock), 0.0))


def _sum_of_survival(law: LeadTime, hazard: FloatArray) -> FloatArray:
    """Σ_{n≥1} P(T>n), the tail beyond _SUMMED_MONTHS by Euler–Maclaurin; `hazard` is the rate at that age [1/month]."""
    ages = np.arange(1.0, _SUMMED_MONTHS + 1.0)
    survival = 1.0 - law.cdf(ages)
    last = survival[..., -1]
    remaining = law.mean() - (_SUMMED_MONTHS - law.cdf_integral(float(_SUMMED_MONTHS)))
    tail = np.maximum(remaining, 0.0) + 0.5 * last + last * hazard / 12.0
    return _array(survival[..., :-1].sum(axis=-1) + np.where(last > 0.0, tail, 0.0))


def _array(value: npt.ArrayLike) -> FloatArray:
    return np.asarray(value, dtype=np.float64)


def _against(age: npt.ArrayLike, *parameters: FloatArray) -> tuple[FloatArray, ...]:
    """The age and the parameters, shaped so that they broadcast to batch + age.shape."""
    t = _array(age)
    if not bool(np.all(t >= 0.0)):
        raise InputError("an age must not be negative", where="age", mend="give ages of 0 months or more")
    return (t, *(p.reshape(p.shape + (1,) * t.ndim) for p in parameters))


def _positive(where: str, **values: npt.ArrayLike) -> list[FloatArray]:
    arrays = np.broadcast_arrays(*(np.array(value, dtype=np.float64) for value in values.values()))
    for name, array in zip(values, arrays, strict=True):
        if not bool(np.all(np.isfinite(array) & (array > 0.0))):
            raise InputError(
                f"the {name} of a {where} must be finite and above 0", where=name, mend="give a positive number"
            )
    return [np.array(array) for array in arrays]
