"""How often something rare happens, from a few events in a few years, with what is not known kept in view.

With n events in T years and a Gamma(½, 0) prior the rate is Gamma(n + ½, T); putting the plain rate n/T in an
exponential overstates how sure the answer is. Source: MODEL §4.1; verification V25; Gelman et al. (2013), Bayesian
Data Analysis, §2.6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RatePosterior:
    """The yearly rate of an event is Gamma(`shape`, `years`): shape [–] and exposure [yr], arrays of a common shape."""

    shape: FloatArray
    years: FloatArray

    def mean(self) -> FloatArray:
        """The mean rate [1/yr]."""
        return np.asarray(self.shape / self.years, dtype=np.float64)

    def quantile(self, chance: npt.ArrayLike) -> FloatArray:
        """The rate [1/yr] that is not exceeded with this cumulative chance [–]; draws come from uniform `chance`."""
        return np.asarray(special.gammaincinv(self.shape, np.asarray(chance, dtype=np.float64)) / self.years)

    def probability_at_least_one(self, horizon: npt.ArrayLike) -> FloatArray:
        """The chance of one or more events in the next `horizon` years [–]: 1 − (T/(T + H))^shape."""
        ahead = np.asarray(horizon, dtype=np.float64)
        return np.asarray(-np.expm1(-self.shape * np.log1p(ahead / self.years)), dtype=np.float64)

    def probability_of_count(self, count: int, horizon: npt.ArrayLike) -> FloatArray:
        """The chance of exactly `count` events in the next `horizon` years [–]: negative binomial."""
        ahead = np.asarray(horizon, dtype=np.float64)
        ways = special.gammaln(self.shape + count) - special.gammaln(self.shape) - special.gammaln(count + 1.0)
        log_chance = (
            ways + special.xlogy(count, ahead / (self.years + ahead)) - self.shape * np.log1p(ahead / self.years)
        )
        return np.asarray(np.exp(log_chance), dtype=np.float64)


def rate_posterior(
    events: npt.ArrayLike, years: npt.ArrayLike, *, prior_shape: float = 0.5, prior_years: float = 0.0
) -> RatePosterior:
    """What rate the events counted in `years` of watching support, under a Gamma(prior_shape, prior_years) prior."""
    counted, watched = (np.asarray(value, dtype=np.float64) for value in (events, years))
    shape, exposure = np.broadcast_arrays(counted + prior_shape, watched + prior_years)
    good = (counted >= 0.0) & (watched >= 0.0) & (shape > 0.0) & (exposure > 0.0) & np.isfinite(shape + exposure)
    if not bool(np.all(good)):
        raise InputError(
            "a rate needs events of 0 or more and years above 0",
            where="events, years",
            mend="give what was counted, and for how long",
        )
    return RatePosterior(shape, exposure)


def plug_in_probability(events: npt.ArrayLike, years: npt.ArrayLike, horizon: npt.ArrayLike) -> FloatArray:
    """The chance of one or more events [–] if the rate were exactly events/years; kept to show what is overstated."""
    rate = np.asarray(events, dtype=np.float64) / np.asarray(years, dtype=np.float64)
    return np.asarray(-np.expm1(-rate * np.asarray(horizon, dtype=np.float64)), dtype=np.float64)
