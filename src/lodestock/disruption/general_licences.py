"""Who need not wait, who may not share, who tries again: general licences, end-user ties and resubmission.

A general licence lets a named customer import for some time without a new application. A licence that is tied to its
end user cannot be passed on, so that tonnes granted to one firm do not help another. A refused application may be filed
again. All in tonnes and months; parameters may carry leading axes (parameter draws).

Source: MODEL §4.2 (strategic and end-user rules). Renewal equation: Feller (1971), vol. 2, ch. XI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption._arguments import share as as_share
from lodestock.disruption._arguments import volume
from lodestock.disruption.lead_time import LeadTime
from lodestock.disruption.licence import granted_by_month, ship_with_validity
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


def general_cover(
    months: int,
    *,
    share: npt.ArrayLike,
    granted_in: int,
    validity_months: int,
    renewed: npt.ArrayLike = 1.0,
    gap_months: int = 0,
) -> FloatArray:
    """Which share of the licensed flow general licences let through in each month [–], shape (…, months).

    share:           share of the flow of the named customers, when the licences are first granted [–], 0…1.
    granted_in:      first month in which they can be used, counted from 0.
    validity_months: how long each lasts [month], 1 or more; then `renewed` of it [–] is granted again, after
                     `gap_months` in which the customer has none.
    Source: MODEL §4.2.
    """
    if months < 1 or validity_months < 1 or gap_months < 0 or granted_in < 0:
        raise InputError(
            "general licences need a horizon and a validity of at least one month, and a gap of 0 or more",
            where="general_cover",
            why=f"months {months}, validity {validity_months}, gap {gap_months}, granted in {granted_in}",
            mend="give whole months",
        )
    first, again = as_share("share", share), as_share("renewed", renewed)
    since = np.arange(months) - granted_in
    round_, phase = np.divmod(since, validity_months + gap_months)
    usable = (since >= 0) & (phase < validity_months)
    power = again[..., None] ** np.maximum(round_, 0)
    return np.asarray(np.where(usable, first[..., None] * power, 0.0), dtype=np.float64)


def split_by_general_licence(wanted: npt.ArrayLike, cover: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """What comes without waiting and what must be applied for [t/month], each of shape (…, months).

    wanted: licensed flow that is wanted [t/month]; cover: from `general_cover` [–]. The two parts add up to `wanted`.
    """
    flow, part = np.broadcast_arrays(volume("wanted", wanted), as_share("cover", cover))
    free = flow * part
    return np.asarray(free, dtype=np.float64), np.asarray(flow - free, dtype=np.float64)


def filed_with_resubmission(
    applications: npt.ArrayLike,
    *,
    refused: npt.ArrayLike,
    resubmitted: npt.ArrayLike,
    refusal_law: LeadTime,
    again_after: int = 1,
    spread_over_month: bool = True,
) -> FloatArray:
    """How much is filed in each month when refused applications are filed again [t/month], shape batch + (months,).

    applications: filed for the first time [t/month], shape (…, months).
    refused:      share of filings that is refused outright [–], at most the never-granted share; the rest of that share
                  stays unanswered and is not filed again.
    resubmitted:  share of refusals that is filed again, each time anew [–]; refusal_law: time from filing to refusal.
    again_after:  months between the refusal and the new filing, 1 or more.
    Renewal equation n_t = a_t + ρδ·Σ_u n_u g_{t−w−u}; what it gives goes into `licence.usable_licences`.
    """
    first = volume("applications", applications)
    if first.ndim == 0 or again_after < 1:
        raise InputError(
            "applications need a month axis, and a new filing comes at least a month after the refusal",
            where="again_after" if again_after < 1 else "applications",
            mend="give one volume per month, shape (…, months), and 1 month or more",
        )
    months = first.shape[-1]
    back = as_share("refused", refused) * as_share("resubmitted", resubmitted)
    told = np.diff(granted_by_month(refusal_law, months, spread_over_month=spread_over_month), axis=-1, prepend=0.0)
    filed = np.zeros((*np.broadcast_shapes(first.shape[:-1], back.shape, told.shape[:-1]), months))
    for month in range(months):
        filed[..., month] = first[..., month]
        reach = month - again_after + 1  # filings of months 0 … reach−1 can have been refused and filed again by now
        if reach > 0:
            returned = (filed[..., :reach] * told[..., reach - 1 :: -1]).sum(axis=-1)
            filed[..., month] += back * returned
    return filed


def granted_in_the_end(never_granted: npt.ArrayLike, refused: npt.ArrayLike, resubmitted: npt.ArrayLike) -> FloatArray:
    """Which share of first applications is granted at last when refusals are filed again: (1 − π)/(1 − ρδ) [–].

    refused δ ≤ never_granted π: the rest of π is never answered. With ρ = 0 it is 1 − π; with ρ = 1 and every refusal
    outright it is 1, however high π: whoever may try for ever gets through, only later.
    """
    never, out, again = (
        as_share(n, v)
        for n, v in (("never_granted", never_granted), ("refused", refused), ("resubmitted", resubmitted))
    )
    if bool(np.any(out > never)):
        raise InputError(
            "more is refused than is never granted",
            where="refused",
            mend="a refusal is one way of not being granted: give a share of at most never_granted",
        )
    if bool(np.any(out * again >= 1.0)):
        raise InputError(
            "everything is refused and filed again for ever", where="resubmitted", mend="lower one of them"
        )
    return np.asarray((1.0 - never) / (1.0 - out * again), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class TiedUse:
    """What is shipped when licences are tied to their end user, and what could be if they might be passed on.

    tied:   [t/month], shape (…, users, months). free: [t/month], shape (…, months), over all users together.
    lapsed: licences that expire unused when tied [t/month], shape (…, users, months).
    """

    tied: FloatArray
    free: FloatArray
    lapsed: FloatArray

    def lost_by_tie(self) -> FloatArray:
        """Tonnes not shipped over the horizon because licences could not be passed on [t], shape (…), 0 or more."""
        return np.asarray(self.free.sum(axis=-1) - self.tied.sum(axis=(-2, -1)), dtype=np.float64)


def ship_when_tied(granted: npt.ArrayLike, wanted: npt.ArrayLike, validity_months: int) -> TiedUse:
    """How much is shipped when each licence only serves the end user that it names.

    granted, wanted: [t/month], shape (…, users, months). validity_months: as in `licence.ship_with_validity`.
    No licensed tonne crosses from one user to another, so licensed material cannot be pooled across borders either.
    Source: MODEL §4.2 (end-user rules).
    """
    new, want = np.broadcast_arrays(volume("granted", granted), volume("wanted", wanted))
    if new.ndim < 2:
        raise InputError(
            "tied licences need a user axis and a month axis", where="granted", mend="give shape (…, users, months)"
        )
    tied = ship_with_validity(new, want, validity_months)
    free = ship_with_validity(new.sum(axis=-2), want.sum(axis=-2), validity_months)
    return TiedUse(tied.shipped, free.shipped, tied.expired)
