"""What to expect of licence applications: what is granted in which month, what comes late, in part, and never.

Everything is computed for each draw of the regime's parameters, so that the ranges are those of ignorance along the
ridge; the two age conventions stay apart as structure. Source: MODEL §4.2 (fluid model and the two identities), §12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption._arguments import share
from lodestock.disruption.information import Narrowing, narrowing
from lodestock.disruption.lead_time import LeadTime, lognormal, weibull
from lodestock.disruption.licence import granted_by_month
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)
LONGEST = 600  # months: fifty years, beyond which no regime is worth extending
MOST = 1e9  # applications, or tonnes a month


@dataclass(frozen=True, slots=True, eq=False)
class Regimes:
    """Draws of what a regime may be. never_granted, granted_fraction: [–], shape (draws,); law: of each draw."""

    never_granted: FloatArray
    granted_fraction: FloatArray
    law: LeadTime


@dataclass(frozen=True, slots=True)
class Range:
    """5 %, 50 % and 95 % points over the draws."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Arrays over the draws; months are counted from the first filing.

    granted:   applications granted in each month [1/month], shape (draws, months).
    usable:    volume that may be shipped in each month, as a share of what is applied for in a month [–] (as a share of
               all that was applied for when all is filed at once), shape (draws, months).
    never:     share of applications that is never granted [–], shape (draws,).
    in_part:   share of the volume that is lost because a granted licence covers a part [–], shape (draws,).
    mean_lead: mean lead time of what is granted [month], shape (draws,).
    late:      volume that arrives too late in the long run [months of the volume applied for], shape (draws,): the
               second identity of MODEL §4.2, (1 − π)·φ·E[T]; for a batch, the mean wait of what comes.
    missing_late, missing_in_part, missing_never: what has not come within the horizon, by cause [months of the volume
               applied for, or the share of the batch], shape (draws,).
    """

    granted: FloatArray
    usable: FloatArray
    never: FloatArray
    in_part: FloatArray
    mean_lead: FloatArray
    late: FloatArray
    missing_late: FloatArray
    missing_in_part: FloatArray
    missing_never: FloatArray

    def permanent(self) -> FloatArray:
        """Share of the volume that no licence will ever cover [–]: 1 − (1 − π)·φ, shape (draws,)."""
        return self.never + self.in_part

    def bridging_stock(self, held: float) -> FloatArray:
        """Months of licensed use that a stock must hold beyond `held` [month] to bridge the delay alone, (draws,)."""
        return np.maximum(self.mean_lead - held, 0.0)


def outlook(regimes: Regimes, applications: float, months: int, *, at_once: bool = False) -> Outlook:
    """What becomes of a constant number of applications a month, or of one batch filed on the first day.

    applications: [1/month], or [1] when at_once; above 0, at most MOST. months: horizon, 1 to LONGEST. Filing is
    spread over each month unless at_once, which is V03-A's mode with all cases on the first day.
    """
    if not (np.isfinite(applications) and 0.0 < applications <= MOST) or not 1 <= months <= LONGEST:
        raise InputError(
            "an outlook needs applications and at least one month",
            where="--applications" if 1 <= months <= LONGEST else "--months",
            why=f"found {applications:g} applications and {months} months",
            mend=f"give above 0 and at most {MOST:,.0f} applications, and 1 to {LONGEST} months",
        )
    never, part = share("never_granted", regimes.never_granted), share("granted_fraction", regimes.granted_fraction)
    comes = (1.0 - never) * part
    known = granted_by_month(regimes.law, months, spread_over_month=not at_once)  # cumulative share of one cohort
    arrived = np.diff(known, axis=-1, prepend=0.0) if at_once else known
    mean = regimes.law.mean()
    span = 1.0 if at_once else float(months)
    late = comes * (span - arrived.sum(axis=-1))
    in_part = (1.0 - never) * (1.0 - part)
    return Outlook(
        granted=applications * (1.0 - never)[..., None] * arrived,
        usable=comes[..., None] * arrived,
        never=never,
        in_part=in_part,
        mean_lead=mean,
        late=mean if at_once else comes * mean,
        missing_late=late,
        missing_in_part=in_part * span,
        missing_never=never * span,
    )


def by_chance(item: Outlook, applications: float, *, at_once: bool = False) -> Range:
    """How many applications are granted over the horizon if the regime were known, by chance alone.

    The draw with the median total stands for what is known; each application is a toss by itself, so that cohorts are
    binomial and the 5 and 95 % points are 1.645 standard deviations off. Applications decided together vary more.
    """
    total = item.granted.sum(axis=1)
    middle = int(np.argsort(total)[total.size // 2])
    chance = item.granted[middle] / applications  # of the cohort with that many months to go
    mean = float(total[middle])
    spread = np.sum(chance * (1.0 - chance)) if not at_once else chance.sum() * (1.0 - chance.sum())
    off = 1.6448536269514722 * float(np.sqrt(max(applications * float(spread), 0.0)))
    filed = applications * (1 if at_once else item.granted.shape[1])
    return Range(max(mean - off, 0.0), mean, min(mean + off, filed))


def one_more_case_tells(regimes: Regimes, followed: float) -> Narrowing:
    """What one more case tells of the never-granted share, each draw being as likely as the next.

    The case is seen granted within one of the months up to `followed` [month], or still open then (the last outcome).
    """
    ages = np.arange(1.0, np.floor(followed) + 1.0)
    by_age = (1.0 - regimes.never_granted)[:, None] * regimes.law.cdf(ages)
    outcome = np.column_stack([np.diff(by_age, axis=1, prepend=0.0), 1.0 - by_age[:, -1]]).T
    draws = regimes.never_granted.size
    return narrowing(np.full(draws, 1.0 / draws), outcome, regimes.never_granted)


def ranges(values: npt.ArrayLike) -> list[Range]:
    """5, 50 and 95 % points over the first axis of (draws, k), one for each k."""
    points = np.quantile(np.atleast_2d(np.asarray(values, dtype=np.float64).T).T, LEVELS, axis=0)
    return [Range(*(float(value) for value in column)) for column in points.T]


def one_range(values: npt.ArrayLike) -> Range:
    """5, 50 and 95 % points over (draws,)."""
    return ranges(np.asarray(values, dtype=np.float64)[:, None])[0]


def lead_time_law(family: str, shape: npt.ArrayLike, scale: npt.ArrayLike) -> LeadTime:
    """The law of an estimated family: Weibull (shape, scale) or lognormal (spread of ln T, median)."""
    return weibull(shape, scale) if family == "weibull" else lognormal(scale, shape)
