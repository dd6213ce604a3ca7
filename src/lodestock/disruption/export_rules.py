"""Export rules other than a licence: a quota caps what leaves, a ban stops it, a tax puts a wedge in the price.

Source: MODEL §4.2 (bans: never granted = 1; quotas: cap on the licensed flow, first come or pro rata; tax: price wedge,
§5.4). Tax incidence with isoelastic supply and demand: any public-finance text, e.g. Kotlikoff & Summers (1987),
doi:10.1016/S1573-4420(87)80005-0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lodestock.disruption._arguments import share, volume
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


class QuotaRule(StrEnum):
    """How a quota is shared out."""

    FIRST_COME = "first-come"  # whoever claims in the earlier month; within a month in proportion to the claims
    PRO_RATA = "pro-rata"  # each claimant has a fixed share of the quota for itself


@dataclass(frozen=True, slots=True, eq=False)
class QuotaUse:
    """allowed, waiting: [t/month], shape (…, claimants, months); waiting at the end of each month.

    left: quota not used in each period [t], shape (…, periods). When claims wait, Σ claims = Σ allowed + what waits
    after the last month; when they lapse, `waiting` is what lapsed in that month.
    """

    allowed: FloatArray
    waiting: FloatArray
    left: FloatArray


def under_quota(
    claims: npt.ArrayLike,
    cap: npt.ArrayLike,
    period: npt.ArrayLike,
    rule: QuotaRule,
    *,
    entitlement: npt.ArrayLike | None = None,
    claims_wait: bool = True,
) -> QuotaUse:
    """How much of what is claimed may leave under a quota for each period.

    claims: [t/month], shape (…, claimants, months). cap: [t] for each period, shape (…, periods).
    period: which period each month falls in, whole numbers from 0, shape (months,), never falling.
    entitlement: share of the quota of each claimant under pro rata [–], shape (…, claimants), adding up to at most 1;
                 without it, each has the same. claims_wait: unmet claims are claimed again next month; else they lapse.
    Quota that is not used in its period is gone. Source: MODEL §4.2.
    """
    claimed, caps, when = volume("claims", claims), volume("cap", cap), np.asarray(period)
    if claimed.ndim < 2 or when.shape != claimed.shape[-1:] or not np.issubdtype(when.dtype, np.integer):
        raise InputError(
            "a quota needs claims of shape (…, claimants, months) and a period for each month",
            where="period",
            why=f"claims {claimed.shape}, period {when.shape}",
            mend="give one whole number for each month",
        )
    if bool(np.any(np.diff(when) < 0)) or when[0] < 0 or when[-1] >= caps.shape[-1]:
        raise InputError("periods must follow each other and each must have a cap", where="period", mend="count from 0")
    claimants, months = claimed.shape[-2:]
    batch = np.broadcast_shapes(claimed.shape[:-2], caps.shape[:-1])
    parts = _parts(entitlement, claimants) if rule is QuotaRule.PRO_RATA else np.ones(1)
    left = np.array(
        np.broadcast_to(caps[..., None, :] * parts[..., :, None], (*batch, parts.shape[-1], caps.shape[-1]))
    )
    allowed, waiting = (np.zeros((*batch, claimants, months)) for _ in range(2))
    open_claims = np.zeros((*batch, claimants))
    for month in range(months):
        claim = open_claims + claimed[..., month]
        room = left[..., when[month]]
        if rule is QuotaRule.PRO_RATA:
            given = np.minimum(claim, room)
            left[..., when[month]] -= given
        else:
            total = claim.sum(axis=-1, keepdims=True)
            given = claim * np.minimum(1.0, np.divide(room, total, out=np.ones_like(total), where=total > 0.0))
            left[..., when[month]] = np.maximum(room - given.sum(axis=-1, keepdims=True), 0.0)
        allowed[..., month], waiting[..., month] = given, claim - given
        open_claims = claim - given if claims_wait else np.zeros_like(open_claims)
    return QuotaUse(allowed, waiting, left.sum(axis=-2))


def _parts(entitlement: npt.ArrayLike | None, claimants: int) -> FloatArray:
    if entitlement is None:
        return np.full(claimants, 1.0 / claimants)
    parts = np.asarray(entitlement, dtype=np.float64)
    if parts.shape[-1:] != (claimants,) or bool(np.any(parts < 0.0)) or bool(np.any(parts.sum(axis=-1) > 1.0 + 1e-12)):
        raise InputError(
            "entitlements are shares of the quota",
            where="entitlement",
            mend="one for each claimant, at most 1 together",
        )
    return parts


def under_ban(flow: npt.ArrayLike, in_force: npt.ArrayLike, banned_share: npt.ArrayLike = 1.0) -> FloatArray:
    """What still leaves under a ban [t/month], shape (…, months): flow·(1 − in force·banned share).

    flow: [t/month]. in_force: 1 in months in which the ban applies, 0 in others, a fraction in the month in which it
    begins or ends [–]. banned_share: share of the flow that the ban covers, such as one destination or end use [–].
    The same as a licence that is never granted (MODEL §4.2: bans, π = 1).
    """
    tonnes, on, part = volume("flow", flow), share("in_force", in_force), share("banned_share", banned_share)
    return np.asarray(tonnes * (1.0 - on * part), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class TaxWedge:
    """An export tax at work, relative to the price and flow without it.

    buyer_price, seller_price: [P/P⁰]; quantity: what is still traded [Q/Q⁰]; revenue: of the taxing state [P⁰Q⁰].
    """

    buyer_price: FloatArray
    seller_price: FloatArray
    quantity: FloatArray
    revenue: FloatArray


def export_tax(
    *,
    ad_valorem: npt.ArrayLike = 0.0,
    specific: npt.ArrayLike = 0.0,
    price: npt.ArrayLike = 1.0,
    demand: npt.ArrayLike,
    supply: npt.ArrayLike = np.inf,
) -> TaxWedge:
    """How an export tax splits into a higher price for buyers, a lower one for sellers, and less trade.

    ad_valorem: share of the seller's price [–], 0 or more. specific: [kEUR/t], taken as a share of `price` [kEUR/t],
    the price without the tax. demand: elasticity, below 0. supply: elasticity, 0 or more; infinite (the default) when
    the seller's price does not give way, so that buyers bear it all.
    P_buyer = (1 + w)·P_seller, P_buyer^ε = P_seller^η. A tax delays nothing and refuses nothing: it is not a licence.
    """
    rate, per_tonne, reference = (np.asarray(v, dtype=np.float64) for v in (ad_valorem, specific, price))
    eps, eta = np.asarray(demand, dtype=np.float64), np.asarray(supply, dtype=np.float64)
    if bool(np.any((rate < 0.0) | (per_tonne < 0.0) | (reference <= 0.0) | (eps >= 0.0) | (eta < 0.0))):
        raise InputError(
            "a tax needs rates of 0 or more, a price above 0, demand below 0 and supply of 0 or more",
            where="export_tax",
            mend="give elasticities with their signs",
        )
    wedge = 1.0 + rate + per_tonne / reference
    wedge, eps, eta = np.broadcast_arrays(wedge, eps, eta)
    finite = np.isfinite(eta)
    power = np.where(finite, eps / (np.where(finite, eta, 0.0) - eps), 0.0)
    seller = wedge**power
    buyer = wedge * seller
    quantity = buyer**eps
    return TaxWedge(buyer, seller, np.asarray(quantity), np.asarray((buyer - seller) * quantity))
