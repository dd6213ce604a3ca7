"""What rules beside a licence do to what arrives: ban, quota, tax, general licences, resubmission, ties, inspection.

Each rule is a function of this room that is tested by itself; here they are put one after another on the flow of one
good, for every draw of a regime. Tonnes and months. Source: MODEL §4.2, §5.4.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from lodestock.disruption.export_rules import QuotaRule, export_tax, under_ban, under_quota
from lodestock.disruption.general_licences import (
    filed_with_resubmission,
    general_cover,
    ship_when_tied,
    split_by_general_licence,
)
from lodestock.disruption.lead_time import fixed_delay
from lodestock.disruption.licence import delayed_arrivals, office_queue, ship_with_validity, usable_licences
from lodestock.disruption.outlook import LONGEST, MOST, Regimes
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
_SHARES = ("ban", "general_licence_share", "resubmission_rate", "refused_share")
_FROM = {
    "tax": 0.0,
    "quota": 0.0,
    "inspection_months": 0.0,
    "validity_months": 1.0,
    "end_users": 1.0,
    "ship_every": 1.0,
}
_UP_TO = {
    "tax": 100.0,
    "inspection_months": float(LONGEST),
    "validity_months": float(LONGEST),
    "end_users": 1000.0,
    "ship_every": float(LONGEST),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is changed; None is: this rule does not apply.

    ban: share of the flow that may not leave [–]. quota: [t/yr]. tax: share of the seller's price [–].
    elasticity: of demand, below 0, for the tax. general_licence_share: of the flow, from the first month [–].
    validity_months: of licences, general ones too; they are renewed at once. resubmission_rate: share of refusals that
    is filed again [–]. refused_share: part of the never granted that is refused outright; the rest gets no answer [–].
    capacity_per_month: what the office decides [t/month]. end_users: licences are tied to so many users, whose orders
    come in turn. ship_every: months between two shipments of one user. inspection_months: delay at the border.
    """

    ban: float | None = None
    quota: float | None = None
    tax: float | None = None
    elasticity: float = -0.5
    general_licence_share: float | None = None
    validity_months: int | None = None
    resubmission_rate: float | None = None
    refused_share: float = 0.5
    capacity_per_month: float | None = None
    end_users: int | None = None
    ship_every: int = 1
    inspection_months: float | None = None

    def __post_init__(self) -> None:
        """Raises InputError, naming the rule, for values that are not possible."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            if not np.isfinite(value):
                raise _refused(field.name, value, "a finite number")
            if field.name in _SHARES and not 0.0 <= value <= 1.0:
                raise _refused(field.name, value, "a share from 0 to 1, such as 0.3 for 30 %")
            if value < _FROM.get(field.name, -np.inf):
                raise _refused(field.name, value, f"{_FROM[field.name]:g} or more")
            if value > _UP_TO.get(field.name, MOST):
                raise _refused(field.name, value, f"at most {_UP_TO.get(field.name, MOST):,.0f}")
        if self.capacity_per_month is not None and self.capacity_per_month <= 0.0:
            raise _refused("capacity_per_month", self.capacity_per_month, "a number above 0")
        if self.elasticity >= 0.0:
            raise _refused("elasticity", self.elasticity, "a number below 0: dearer is less wanted")


def _refused(name: str, value: float, mend: str) -> InputError:
    option = "--demand-elasticity" if name == "elasticity" else f"--{name.replace('_', '-')}"
    return InputError(f"{value:g} is not possible here", where=option, mend=f"give {mend}")


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """What comes of a flow under rules. arrived: [t/month], shape (draws, months); wanted: the same flow, free [t].

    price: what buyers pay, against the price without a tax [–]. expired: licences that lapse unused over the horizon
    [t]; by_tie: what is not shipped because licences may not be passed on [t]; wait: for an office in the last month
    [month]; quota_left [t]; each of shape (draws,), zero where no rule makes it.
    """

    arrived: FloatArray
    wanted: float
    price: float
    expired: FloatArray
    by_tie: FloatArray
    wait: FloatArray
    quota_left: FloatArray

    def total(self) -> FloatArray:
        """What arrives over the horizon [t], shape (draws,)."""
        return np.asarray(self.arrived.sum(axis=-1), dtype=np.float64)


def arrivals(regimes: Regimes, tonnes: float, months: int, rules: Rules) -> Arrivals:
    """What arrives of so many tonnes a month, filed for evenly, under a licence regime and these rules.

    tonnes: wanted [t/month], above 0. months: 1 or more. In this order: tax (less is wanted), ban, general licences,
    resubmission, office, grants, validity and ties, quota (first come, claims wait), inspection. With `Rules()` the
    regime alone works, as in `outlook`.
    """
    if not (np.isfinite(tonnes) and 0.0 < tonnes <= MOST) or not 1 <= months <= LONGEST:
        raise InputError(
            "a flow needs tonnes above 0 and at least one month",
            where="--tonnes" if 1 <= months <= LONGEST else "--months",
            why=f"found {tonnes:g} t a month and {months} months",
            mend=f"give above 0 and at most {MOST:,.0f} tonnes, and 1 to {LONGEST} months",
        )
    draws = regimes.never_granted.size
    wedge = export_tax(ad_valorem=rules.tax or 0.0, demand=rules.elasticity)
    flow = under_ban(np.full(months, tonnes * float(wedge.quantity)), 1.0, rules.ban or 0.0)
    cover = _cover(rules, months)
    free, asked = split_by_general_licence(flow, cover)
    filed, wait = _office(_resubmitted(regimes, asked, rules), rules)
    granted = usable_licences(
        filed, never_granted=regimes.never_granted, granted_fraction=regimes.granted_fraction, law=regimes.law
    )
    granted = np.minimum(granted.cumsum(axis=-1), asked.cumsum(axis=-1))  # nobody needs more than was asked for
    granted = np.maximum(np.diff(granted, axis=-1, prepend=0.0), 0.0)
    shipped, expired, by_tie = _shipped(granted, asked, rules)
    shipped = np.broadcast_to(shipped + free, (draws, months))
    left = np.zeros(draws)
    if rules.quota is not None:
        period = np.arange(months) // 12
        used = under_quota(shipped[:, None], np.full(period[-1] + 1, rules.quota), period, QuotaRule.FIRST_COME)
        shipped, left = used.allowed[:, 0], used.left.sum(axis=-1)
    if rules.inspection_months:
        shipped = delayed_arrivals(shipped, fixed_delay(rules.inspection_months))
    return Arrivals(
        np.asarray(shipped), tonnes * months, float(wedge.buyer_price), *(np.broadcast_to(v, (draws,)) for v in (
            expired, by_tie, wait, left
        ))
    )  # fmt: skip


def _cover(rules: Rules, months: int) -> FloatArray:
    lasts = rules.validity_months or months
    return general_cover(months, share=rules.general_licence_share or 0.0, granted_in=0, validity_months=lasts)


def _resubmitted(regimes: Regimes, asked: FloatArray, rules: Rules) -> FloatArray:
    if not rules.resubmission_rate:
        return asked
    return filed_with_resubmission(
        asked,
        refused=regimes.never_granted * rules.refused_share,
        resubmitted=rules.resubmission_rate,
        refusal_law=regimes.law,
    )


def _office(filed: FloatArray, rules: Rules) -> tuple[FloatArray, FloatArray]:
    """What the office takes up each month, first in first out, and how long the last one waits for that."""
    if rules.capacity_per_month is None:
        return filed, np.zeros(())
    queue = office_queue(filed, rules.capacity_per_month)
    return filed - np.diff(queue.backlog, axis=-1), queue.wait[..., -1]


def _shipped(granted: FloatArray, wanted: FloatArray, rules: Rules) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shipped [t/month], expired [t] and lost by the tie [t], when orders come every so many months."""
    months, users, every = granted.shape[-1], rules.end_users or 1, rules.ship_every
    lasts = rules.validity_months or months
    due = (np.arange(months) + np.arange(users)[:, None]) % every == every - 1  # users take turns
    orders = np.where(due, wanted.cumsum() / users, 0.0)
    before = np.maximum.accumulate(orders, axis=-1)
    orders = np.where(due, orders - np.concatenate([np.zeros((users, 1)), before[:, :-1]], axis=-1), 0.0)
    if users == 1:
        used = ship_with_validity(granted, orders[0] if every > 1 else wanted, lasts)
        return used.shipped, used.expired.sum(axis=-1), np.zeros(())
    each = np.broadcast_to(granted[..., None, :] / users, (*granted.shape[:-1], users, months))
    tied = ship_when_tied(each, orders, lasts)
    return tied.tied.sum(axis=-2), tied.lapsed.sum(axis=(-2, -1)), tied.lost_by_tie()
