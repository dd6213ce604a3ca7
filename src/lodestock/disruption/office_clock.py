"""Lead times that depend on when a case is filed: an office that learns, and a statutory term in working days.

Source: MODEL §4.2 (σ_t = σ_∞ + (σ_0 − σ_∞)·e^{−t/τ}; working-day clock with a holiday calendar as data).
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import LeadTime
from lodestock.disruption.licence import granted_by_month
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
MONTH_DAYS = 365.25 / 12.0


class Calendar(Protocol):
    """A calendar of working days, such as `calendar.WorkingCalendar`."""

    def add(self, start: dt.date, days: int) -> dt.date:
        """The day on which a term of `days` working days that starts after `start` ends."""
        ...


def learning_scale(
    first: npt.ArrayLike,
    last: npt.ArrayLike,
    time_constant: npt.ArrayLike,
    months: int,
    *,
    spread_over_month: bool = True,
) -> FloatArray:
    """How the scale of the lead time [month] changes with the month of filing as an office learns, shape (…, months).

    first, last: scale at the start of the regime and in the long run [month]; time_constant τ [month]; all above 0:
    after τ months 63 % of the change has happened. Cases of a month are counted at its middle, or at its first day when
    spread_over_month is False. σ_t = σ_∞ + (σ_0 − σ_∞)·e^{−t/τ} (MODEL §4.2).
    """
    start, end, tau = (np.asarray(v, dtype=np.float64)[..., None] for v in (first, last, time_constant))
    if months < 1 or not bool(np.all((start > 0.0) & (end > 0.0) & (tau > 0.0))):
        raise InputError(
            "learning needs scales and a time constant above 0 and at least one month",
            where="learning_scale",
            mend="give positive months",
        )
    at = np.arange(months) + (0.5 if spread_over_month else 0.0)
    return np.asarray(end + (start - end) * np.exp(-at / tau), dtype=np.float64)


def usable_by_filing_month(
    applications: npt.ArrayLike,
    *,
    never_granted: npt.ArrayLike,
    granted_fraction: npt.ArrayLike,
    law: LeadTime,
    spread_over_month: bool = True,
    months: int | None = None,
) -> FloatArray:
    """How many tonnes of licences become usable in each month when each filing month has its own law [t/month].

    As `licence.usable_licences`, but law.batch_shape ends with the filing months: (…, U), as applications do.
    never_granted, granted_fraction: [–], shape (…) broadcast against (…, U): they too may change with the month.
    The answer has shape batch + (months,). With one law for all months it equals `usable_licences`.
    """
    filed = np.asarray(applications, dtype=np.float64)
    if filed.ndim == 0 or law.batch_shape[-1:] != filed.shape[-1:]:
        raise InputError(
            "each filing month needs its own law",
            where="law",
            why=f"applications {filed.shape}, law {law.batch_shape}",
            mend="give parameters of shape (…, months), such as learning_scale does",
        )
    never, part = (np.asarray(v, dtype=np.float64) for v in (never_granted, granted_fraction))
    if not bool(np.all((never >= 0.0) & (never <= 1.0) & (part >= 0.0) & (part <= 1.0))):
        raise InputError("never_granted and granted_fraction are shares", where="law", mend="give shares from 0 to 1")
    if not bool(np.all(np.isfinite(filed) & (filed >= 0.0))):
        raise InputError("applications must be 0 or more", where="applications", mend="give tonnes a month")
    horizon = filed.shape[-1] if months is None else months
    gained = np.diff(granted_by_month(law, horizon, spread_over_month=spread_over_month), axis=-1, prepend=0.0)
    volume = filed * (1.0 - never) * part
    out = np.zeros((*np.broadcast_shapes(volume.shape[:-1], gained.shape[:-2]), horizon))
    for month in range(min(filed.shape[-1], horizon)):
        out[..., month:] += volume[..., month, None] * gained[..., month, : horizon - month]
    return out


def statutory_terms(calendar: Calendar, start: dt.date, months: int, working_days: int) -> FloatArray:
    """How long a term of so many working days lasts for cases of each filing month [month], shape (months,).

    start: first day of the regime; month u begins u·30.4375 days after it. The mean over its days of filing, so that a
    month before long public holidays has a longer term. `lead_time.fixed_delay` of it is an office that uses its full
    term; a law's cdf at it is the share that is decided in time.
    """
    if months < 1 or working_days < 1:
        raise InputError(
            "a term needs at least one month and one working day", where="statutory_terms", mend="give 1 or more"
        )
    edges = [start + dt.timedelta(days=round(month * MONTH_DAYS)) for month in range(months + 1)]
    terms = np.empty(months)
    for month in range(months):
        days = [edges[month] + dt.timedelta(days=n) for n in range((edges[month + 1] - edges[month]).days)]
        terms[month] = np.mean([(calendar.add(day, working_days) - day).days for day in days]) / MONTH_DAYS
    return terms
