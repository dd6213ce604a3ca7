"""Export licences as cohorts: what is never granted, what is granted in part, and what is only late.

A licence obligation is not an export stop. An application is never granted with probability `never_granted`; otherwise
`granted_fraction` of its volume is granted after a lead time (module `lead_time`). Everything is in tonnes and months,
and every parameter may carry leading axes (parameter draws).

Source: MODEL §4.2; verification V03. Mixture-cure form: Maller & Zhou (1996). Little's law: Little (1961),
doi:10.1287/opre.9.3.383. M/M/1: Kleinrock (1975), Queueing Systems vol. 1, ch. 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption._arguments import share as as_share
from lodestock.disruption._arguments import volume as as_volume
from lodestock.disruption.lead_time import LeadTime
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]

_FORGOTTEN = 1e-17  # a term below this share of the first one no longer changes a float64 sum


def granted_by_month(law: LeadTime, months: int, *, spread_over_month: bool = True) -> FloatArray:
    """Which share of the eventually granted volume of one month's cases is usable k months later, k = 0…months−1.

    spread_over_month: True, cases are filed evenly over the month: ∫_k^{k+1} F; False, all on its first day: F(k+1).
    The share [–] is cumulative; shape batch + (months,).
    """
    ages = np.arange(months + 1, dtype=np.float64)
    if spread_over_month:
        return np.diff(law.cdf_integral(ages), axis=-1)
    return law.cdf(ages[1:])


def usable_licences(
    applications: npt.ArrayLike,
    *,
    never_granted: npt.ArrayLike,
    granted_fraction: npt.ArrayLike,
    law: LeadTime,
    spread_over_month: bool = True,
    months: int | None = None,
) -> FloatArray:
    """How many tonnes of licences become usable in each month, in expectation [t/month], shape batch + (months,).

    applications:     volume filed per month [t/month], shape (…, U); nothing is filed after month U.
    never_granted:    share of applications that is never granted [–], 0…1, shape (…).
    granted_fraction: share of the volume of a granted application that is granted [–], 0…1, shape (…).
    spread_over_month: see `granted_by_month`; True loses the mean lead time exactly, False its whole months.
    months:           how far to look [month]; the length of `applications` if not given.
    Source: MODEL §4.2; V03-A.
    """
    filed = as_volume("applications", applications)
    if filed.ndim == 0:
        raise InputError(
            "applications need a month axis", where="applications", mend="give one volume per month, shape (…, months)"
        )
    horizon = filed.shape[-1] if months is None else months
    if horizon < 1:
        raise InputError("the horizon must be at least one month", where="months", mend="give 1 or more")
    share = (1.0 - as_share("never_granted", never_granted)) * as_share("granted_fraction", granted_fraction)
    gained = np.diff(granted_by_month(law, horizon, spread_over_month=spread_over_month), axis=-1, prepend=0.0)
    return np.asarray(share[..., None] * _convolve(filed, gained), dtype=np.float64)


def delayed_arrivals(
    flow: npt.ArrayLike, law: LeadTime, *, spread_over_month: bool = True, months: int | None = None
) -> FloatArray:
    """How many tonnes of goods that need no licence arrive each month when inspection holds them up [t/month].

    flow: what would arrive without inspection [t/month], shape (…, U); the answer is batch + (months,).
    Nothing is lost for good: with a constant flow the transitional loss is flow × mean delay (`transitional_loss`).
    """
    return usable_licences(
        flow, never_granted=0.0, granted_fraction=1.0, law=law, spread_over_month=spread_over_month, months=months
    )


def permanent_loss_rate(
    applications: npt.ArrayLike, never_granted: npt.ArrayLike, granted_fraction: npt.ArrayLike
) -> FloatArray:
    """How many tonnes a month no licence will ever cover [t/month]: a·(1 − (1 − never)·fraction). Stock delays it."""
    share = (1.0 - as_share("never_granted", never_granted)) * as_share("granted_fraction", granted_fraction)
    return np.asarray(as_volume("applications", applications) * (1.0 - share), dtype=np.float64)


def transitional_loss(
    applications: npt.ArrayLike,
    never_granted: npt.ArrayLike,
    granted_fraction: npt.ArrayLike,
    law: LeadTime,
    *,
    spread_over_month: bool = True,
) -> FloatArray:
    """How many tonnes [t] in total arrive too late once a regime starts, besides what is never granted.

    (1 − never)·fraction·a·E[T] when filing is spread over the month, E⌊T⌋ when all is filed on the first day
    (Little's law). Source: MODEL §4.2; V03-A.
    """
    share = (1.0 - as_share("never_granted", never_granted)) * as_share("granted_fraction", granted_fraction)
    waited = law.mean() if spread_over_month else law.mean_whole_months()
    return np.asarray(share * as_volume("applications", applications) * waited, dtype=np.float64)


def shortage_until_random_end(
    need: npt.ArrayLike,
    applications: npt.ArrayLike,
    *,
    never_granted: npt.ArrayLike,
    granted_fraction: npt.ArrayLike,
    law: LeadTime,
    end_probability: float,
    spread_over_month: bool = True,
) -> FloatArray:
    """How many tonnes [t] are short in expectation, without stock, if the regime ends each month with some chance.

    need, applications: constant [t/month], shape (…). end_probability: [1/month], above 0, up to 1.
    Σ_t (1 − p)^t · max(0, need − licences_t); a month counts if the regime still holds in it. Source: V03-E.
    """
    if not 0.0 < end_probability <= 1.0:
        raise InputError(
            "a regime must be able to end",
            where="end_probability",
            why=f"found {end_probability}",
            mend="give 0 < p ≤ 1",
        )
    stays = 1.0 - end_probability
    months = 1 if stays == 0.0 else int(np.ceil(np.log(_FORGOTTEN * end_probability) / np.log(stays))) + 1
    months = min(months, 20_000)
    wanted, filed = as_volume("need", need), as_volume("applications", applications)
    share = (1.0 - as_share("never_granted", never_granted)) * as_share("granted_fraction", granted_fraction)
    usable = (share * filed)[..., None] * granted_by_month(law, months, spread_over_month=spread_over_month)
    short = np.maximum(wanted[..., None] - usable, 0.0)
    weights = stays ** np.arange(months)
    # beyond the months computed one by one every lead time is taken as over
    rest = short[..., -1] * stays**months / end_probability
    return np.asarray(short @ weights + rest, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class LicenceUse:
    """What became of granted licences. Shape (…, months); tonnes. Σ granted = Σ shipped + Σ expired + last balance."""

    shipped: FloatArray
    expired: FloatArray
    balance: FloatArray


def ship_with_validity(granted: npt.ArrayLike, wanted: npt.ArrayLike, validity_months: int) -> LicenceUse:
    """How much can be shipped when a licence lapses: oldest licences first, each usable in `validity_months` months.

    granted, wanted: [t/month], shape (…, months). A licence granted in month t can be used in months t … t+validity−1;
    what is left of it at the end of its last month expires. Source: MODEL §4.2; V03-C.
    """
    new, want = np.broadcast_arrays(as_volume("granted", granted), as_volume("wanted", wanted))
    if new.ndim == 0 or validity_months < 1:
        raise InputError(
            "licences need a month axis and at least one month of validity",
            where="validity_months" if validity_months < 1 else "granted",
            mend="give arrays of shape (…, months) and a validity of 1 or more",
        )
    shipped, expired, balance = (np.zeros(new.shape) for _ in range(3))
    by_age = np.zeros((*new.shape[:-1], validity_months))  # oldest first
    for month in range(new.shape[-1]):
        by_age[..., -1] = new[..., month]
        older = np.cumsum(by_age, axis=-1) - by_age
        used = np.clip(want[..., month, None] - older, 0.0, by_age)
        by_age -= used
        shipped[..., month] = used.sum(axis=-1)
        expired[..., month] = by_age[..., 0]
        by_age[..., :-1] = by_age[..., 1:]
        by_age[..., -1] = 0.0
        balance[..., month] = by_age.sum(axis=-1)
    return LicenceUse(shipped, expired, balance)


@dataclass(frozen=True, slots=True, eq=False)
class OfficeQueue:
    """The backlog of a licence office [cases] at the start and after each month, and the wait [month] of a new case."""

    backlog: FloatArray
    wait: FloatArray


def office_queue(filed: npt.ArrayLike, capacity: npt.ArrayLike, *, initial_backlog: npt.ArrayLike = 0.0) -> OfficeQueue:
    """How long the queue of a licence office grows: Q_t = max(0, Q_{t−1} + filed − capacity), wait Q/capacity.

    filed: [cases/month], shape (…, months); capacity: [cases/month], above 0, broadcast against it. The answer has
    months + 1 values, the first being the initial backlog; the wait uses the capacity of the month before it.
    Source: MODEL §4.2 (fluid first-in-first-out queue); V03-D.
    """
    cases, able = np.broadcast_arrays(as_volume("filed", filed), as_volume("capacity", capacity))
    if cases.ndim == 0 or not bool(np.all(able > 0.0)):
        raise InputError(
            "an office needs a month axis and a capacity above 0",
            where="capacity",
            mend="give decisions per month above 0",
        )
    queue = np.empty((*cases.shape[:-1], cases.shape[-1] + 1))
    queue[..., 0] = as_volume("initial_backlog", initial_backlog)
    for month in range(cases.shape[-1]):
        queue[..., month + 1] = np.maximum(queue[..., month] + cases[..., month] - able[..., month], 0.0)
    pace = np.concatenate([able[..., :1], able], axis=-1)
    return OfficeQueue(queue, queue / pace)


@dataclass(frozen=True, slots=True)
class SteadyQueue:
    """An M/M/1 queue in the long run: cases in the office, months in it, months before a case is taken up."""

    cases: float
    months_in_office: float
    months_waiting: float


def steady_queue(filed: float, capacity: float) -> SteadyQueue:
    """How many cases lie in an office, and how long, when filing and deciding are random at constant rates.

    Both in [cases/month], filed < capacity. L = ρ/(1−ρ), W = 1/(μ−λ), W_q = ρ·W. Source: Kleinrock (1975) §3.2; V03-D.
    """
    if not 0.0 <= filed < capacity:
        raise InputError(
            "a queue only settles when less is filed than the office can decide",
            where="filed",
            why=f"filed {filed}, capacity {capacity}",
            mend="use office_queue for an office that falls behind",
        )
    load = filed / capacity
    months = 1.0 / (capacity - filed)
    return SteadyQueue(load / (1.0 - load), months, load * months)


def _convolve(filed: FloatArray, gained: FloatArray) -> FloatArray:
    """Σ_u filed[…, u]·gained[…, t−u] for t < gained.shape[-1], over broadcast leading axes."""
    months = gained.shape[-1]
    cohorts = min(filed.shape[-1], months)
    if filed.ndim == 1:  # one path of applications for all draws: one matrix product
        toeplitz = np.zeros((months, months))
        for month in range(cohorts):
            np.fill_diagonal(toeplitz[: months - month, month:], filed[month])
        # toeplitz[k, t] = filed[t − k]
        return np.asarray(gained @ toeplitz, dtype=np.float64)
    out = np.zeros((*np.broadcast_shapes(filed.shape[:-1], gained.shape[:-1]), months))
    for month in range(cohorts):
        out[..., month:] += filed[..., month, None] * gained[..., : months - month]
    return out
