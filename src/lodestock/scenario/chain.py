"""The chain of the flagship in arrays: imports → own use → licences → commercial stock → shortage.

Pure functions over parameter draws. Three segments of use are followed apart, because a magnet of one kind does not
replace one of another: licensed for civil use, licensed for defence use, and not licensed but inspected.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import Weibull, fixed_delay
from lodestock.disruption.licence import granted_by_month
from lodestock.disruption.tank import tank

FloatArray = npt.NDArray[np.float64]
CIVIL, DEFENCE, INSPECTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ChainInput:
    """One importer's parameters, arrays of shape (draws,) or scalars.

    use: own use of the product [t/yr]. issuer_share: share of it from the issuing country. controlled: share of it
    that needs a licence. defence: share with a defence end use. never_civil, never_defence: never-granted shares.
    fraction: granted part of the volume. law: lead time of what is granted. inspection: delay of the rest [months].
    stock: commercial stock at the start [months of use]. All shares 0…1.
    """

    use: FloatArray
    issuer_share: FloatArray
    controlled: FloatArray
    defence: FloatArray
    never_civil: FloatArray
    never_defence: FloatArray
    fraction: FloatArray
    law: Weibull
    inspection: FloatArray
    stock: FloatArray


@dataclass(frozen=True, slots=True)
class ChainOutput:
    """What happens, month by month. draws × months unless said otherwise; all masses in tonnes.

    need: wanted per month (constant). arrivals, shortage, stock: summed over the segments; stock at month's end.
    short_by_segment: (draws, 3). civil_shortage: (draws, months), the licensed civil segment alone.
    never, partial, late: (draws,) tonnes that did not arrive in the horizon, before any
    stock, because no licence comes, because a licence covers a part, because it comes later than wanted.
    """

    need: FloatArray
    arrivals: FloatArray
    shortage: FloatArray
    stock: FloatArray
    initial_stock: FloatArray
    short_by_segment: FloatArray
    civil_shortage: FloatArray
    never: FloatArray
    partial: FloatArray
    late: FloatArray

    def total_short(self) -> FloatArray:
        """Tonnes short over the horizon, shape (draws,)."""
        return np.asarray(self.shortage.sum(axis=-1), dtype=np.float64)


def segment_flows(given: ChainInput) -> tuple[FloatArray, FloatArray]:
    """Use and purchases from the issuing country by segment (civil, defence, inspected) [t/month], (draws, 3) each."""
    monthly = given.use / 12.0
    licensed = monthly * given.controlled
    segments = np.stack([licensed * (1.0 - given.defence), licensed * given.defence, monthly - licensed], axis=-1)
    return segments, segments * given.issuer_share[..., None]


def run_chain(given: ChainInput, months: int) -> ChainOutput:
    """Follow one importer for `months` months after the start of the regime; baseline flows are constant.

    Applications are filed evenly over each month, as much as is normally bought (no front-loading, no phantom orders).
    Source: MODEL §3 (order of a month), §4.2 (licence), §5.1 (stock balance).
    """
    segments, flow = segment_flows(given)
    never, part, arrived = _grants(given, months)
    ever = flow * (1.0 - never) * part
    arrivals = (segments - flow)[..., None] + ever[..., None] * arrived
    need = np.broadcast_to(segments[..., None], arrivals.shape)
    path = tank(need, arrivals, segments * given.stock[..., None])
    return ChainOutput(
        need=need.sum(axis=-2),
        arrivals=arrivals.sum(axis=-2),
        shortage=path.shortage.sum(axis=-2),
        stock=path.stock.sum(axis=-2),
        initial_stock=(segments * given.stock[..., None]).sum(axis=-1),
        short_by_segment=path.total(),
        civil_shortage=path.shortage[..., CIVIL, :],
        never=months * (flow * never).sum(axis=-1),
        partial=months * (flow * (1.0 - never) * (1.0 - part)).sum(axis=-1),
        late=(ever[..., None] * (1.0 - arrived)).sum(axis=(-1, -2)),
    )


def _grants(given: ChainInput, months: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Never-granted share and granted part by segment (draws, 3), and what has come by month (draws, 3, months)."""
    none = np.zeros_like(given.use)
    never = np.stack([given.never_civil, given.never_defence, none], axis=-1)
    part = np.stack([given.fraction, given.fraction, none + 1.0], axis=-1)
    by_licence = granted_by_month(given.law, months)
    by_inspection = granted_by_month(fixed_delay(given.inspection), months)
    return never, part, np.stack(np.broadcast_arrays(by_licence, by_licence, by_inspection), axis=-2)


def stock_without_shortage(given: ChainInput, months: int) -> FloatArray:
    """How many months of its use each segment must hold at the start so that no tonne is short, shape (draws, 3).

    The largest cumulated gap between need and arrivals of the segment; commercial stock counts as part of it.
    """
    segments, flow = segment_flows(given)
    never, part, arrived = _grants(given, months)
    missing = flow[..., None] * (1.0 - ((1.0 - never) * part)[..., None] * arrived)
    gap = np.cumsum(missing, axis=-1).max(axis=-1)
    return np.asarray(np.divide(gap, segments, out=np.zeros_like(gap), where=segments > 0.0))


def share_without_shortage(given: ChainInput, months: int, extra_months: npt.ArrayLike) -> FloatArray:
    """Which share of the draws leaves civil use without shortage when it holds so many more months, per level.

    Civil use is the licensed civil segment and the inspected one; defence, where most is taken never to be granted, is
    left out, because its few tonnes would decide the answer for all.
    """
    civil = stock_without_shortage(given, months)[:, [CIVIL, INSPECTED]].max(axis=-1)
    levels = np.asarray(extra_months, dtype=np.float64)
    return np.asarray(np.mean((civil - given.stock)[:, None] <= levels + 1e-9, axis=0), dtype=np.float64)


def stock_for_delay(given: ChainInput) -> FloatArray:
    """How many months of licensed use a stock must hold to bridge the delay of what is granted, shape (draws,).

    The identity of V03: (1 − never granted) × granted part × issuer's share × mean lead time. What is never granted or
    cut is left out: a stock cannot bridge what never comes.
    """
    civil = (1.0 - given.defence) * (1.0 - given.never_civil)
    granted = (civil + given.defence * (1.0 - given.never_defence)) * given.fraction
    return np.asarray(granted * given.issuer_share * given.law.mean(), dtype=np.float64)


def extra_stock_for_delay(given: ChainInput) -> FloatArray:
    """The same beyond the commercial stock, never below 0, if that stock is used for nothing else. Shape (draws,)."""
    return np.maximum(stock_for_delay(given) - given.stock, 0.0)
