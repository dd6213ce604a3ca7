"""What counts as a country's loss, so that no tonne is counted twice: volume, price, stock, jobs and service.

ΔW = Σ_s value added lost after recapture + terms of trade + change in stock value + public cost (MODEL 6.3). Value
added is net of what the lost material would have cost, so saved purchases are not subtracted once more. Prices move
money between residents and others: only the part that leaves the country counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurplusLoss:
    """What users of a fully imported material lose when its price rises: total = use_lost − purchase_saved + transfer.

    use_lost: value of the lost tonnes to their users (area under demand); purchase_saved: what those tonnes would have
    cost; transfer: extra paid on tonnes still bought. All [price unit × quantity unit].
    """

    use_lost: float
    purchase_saved: float
    transfer: float

    @property
    def total(self) -> float:
        """Loss of consumer surplus."""
        return self.use_lost - self.purchase_saved + self.transfer


def surplus_loss(elasticity: float, price: float, *, price0: float = 1.0, quantity0: float = 1.0) -> SurplusLoss:
    """The parts of the users' loss for demand Q = Q⁰(P/P⁰)^ε with ε < 0, ε ≠ −1 (MODEL 6.3, V06-D)."""
    if not elasticity < 0.0 or elasticity == -1.0 or not (price > 0.0 and price0 > 0.0 and quantity0 > 0.0):
        raise InputError(
            "demand needs a negative elasticity other than −1 and positive prices and quantity",
            where=f"elasticity {elasticity:g}, price {price:g}, before {price0:g}, quantity {quantity0:g}",
        )
    share = (price / price0) ** elasticity
    power = 1.0 + 1.0 / elasticity
    area = price0 * quantity0 * (1.0 - share**power) / power
    left = quantity0 * share
    return SurplusLoss(area, price0 * (quantity0 - left), (price - price0) * left)


def after_recapture(lost: Floats, recaptured: Floats) -> Floats:
    """Value added lost for good [.., S] when the share `recaptured` [S] 0..1 of lost output is made up later."""
    if not ((recaptured >= 0.0) & (recaptured <= 1.0)).all():
        i = int(np.flatnonzero(~((recaptured >= 0.0) & (recaptured <= 1.0)))[0])
        raise InputError("a recaptured share lies outside 0..1", where=f"sector {i}: {recaptured[i]:g}")
    return np.asarray(lost * (1.0 - recaptured))


def terms_of_trade(price: Floats, price0: Floats, net_imports: Floats, resident_gains: Floats) -> Floats:
    """Money that leaves the country on tonnes still bought [money]: (P − P⁰)·M_net minus what resident holders and
    recyclers gain by the same price rise."""
    return np.asarray((price - price0) * net_imports - resident_gains)


@dataclass(frozen=True, slots=True)
class NationalLoss:
    """The parts of a country's loss [money]; positive = loss. lost [S]: value added after recapture, by sector."""

    lost: Floats
    terms_of_trade: float
    stock_value: float
    public_cost: float

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return float(self.lost.sum()) + self.terms_of_trade + self.stock_value + self.public_cost


def national_loss(
    lost: Floats,
    recaptured: Floats,
    *,
    terms_of_trade: float = 0.0,
    stock_value_change: float = 0.0,
    public_cost: float = 0.0,
) -> NationalLoss:
    """A country's loss from value added lost by period and sector [P, S] or by sector [S], and the other parts.

    stock_value_change: value at the end minus at the start (a fall is a loss). Proceeds of stock sold to residents
    are a transfer and belong in no part (MODEL §13.5).
    """
    by_sector = lost.sum(axis=0) if lost.ndim == 2 else lost
    return NationalLoss(after_recapture(by_sector, recaptured), terms_of_trade, -stock_value_change, public_cost)


def jobs(lost: Floats, jobs_per_value: Floats) -> Floats:
    """Work that goes with lost value added [job-years, S]: lost [money, S] × jobs per value added [jobs/money/yr, S].

    Not a forecast of dismissals: firms keep people through short stops.
    """
    return np.asarray(lost * jobs_per_value)


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What a priority use (defence, health, grid, security) still gets, in its own physical unit; not priced.

    level [T]: delivered ÷ needed by month, nan where nothing was needed. lowest, mean; months_below: months under the
    minimum that was asked; short: amount not delivered.
    """

    name: str
    unit: str
    level: Floats
    lowest: float
    mean: float
    months_below: int
    short: float


def service_level(name: str, unit: str, needed: Floats, delivered: Floats, minimum: float) -> ServiceLevel:
    """How far a priority use is served: needed, delivered [T] in `unit`; minimum 0..1 asked of each month."""
    if needed.shape != delivered.shape or (needed < 0).any() or (delivered < 0).any():
        raise InputError("needed and delivered must be amounts by month of equal length", where=name)
    if (delivered > needed * (1 + 1e-9)).any():
        t = int(np.flatnonzero(delivered > needed * (1 + 1e-9))[0])
        raise InputError("more was delivered than needed", where=f"{name}, month {t}: {delivered[t]:g} > {needed[t]:g}")
    if needed.sum() == 0:
        raise InputError("a priority use without need has no service level", where=name, mend="leave it out")
    level = np.divide(delivered, needed, out=np.full_like(needed, np.nan, dtype=np.float64), where=needed > 0)
    below = int((level < minimum - 1e-9).sum())
    total = float(delivered.sum() / needed.sum())
    return ServiceLevel(name, unit, level, float(np.nanmin(level)), total, below, float((needed - delivered).sum()))
