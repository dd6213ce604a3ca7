"""The commercial stock as a tank: it absorbs what does not arrive until it is empty; what is left over is shortage.

Source: MODEL §3 steps 6 and 8, §5.1 (tonne balance); verification V03-B, V16.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TankPath:
    """What the stock did. Arrays have shape (…, months); all in tonnes.

    shortage: need that neither arrivals nor stock covered [t/month].
    stock:    stock at the end of each month [t].
    overflow: arrivals that were neither needed nor fitted in the stock [t/month].
    """

    shortage: FloatArray
    stock: FloatArray
    overflow: FloatArray

    def total(self) -> FloatArray:
        """The shortage over all months [t], shape (…)."""
        return np.asarray(self.shortage.sum(axis=-1), dtype=np.float64)

    def left(self) -> FloatArray:
        """The stock that is left after the last month [t], shape (…)."""
        return np.asarray(self.stock[..., -1], dtype=np.float64)

    def first_short_month(self) -> npt.NDArray[np.int64]:
        """The first month with a shortage, counted from 0; −1 where there is none. Shape (…)."""
        short = self.shortage > 0.0
        return np.where(short.any(axis=-1), short.argmax(axis=-1), -1).astype(np.int64)


def tank(
    need: npt.ArrayLike, arrivals: npt.ArrayLike, initial_stock: npt.ArrayLike, *, capacity: npt.ArrayLike = np.inf
) -> TankPath:
    """How much is short in each month when the stock absorbs first, and what is left in the stock.

    need, arrivals: [t/month], shape (…, months), 0 or more; they broadcast against each other.
    initial_stock, capacity: [t], shape (…); arrivals beyond need refill the stock up to `capacity`.
    Balance: initial + Σ arrivals = Σ (need − shortage) + Σ overflow + stock left.
    Source: MODEL §3 step 6, §5.1; V03-B.
    """
    wanted, coming = np.broadcast_arrays(_tonnes("need", need), _tonnes("arrivals", arrivals))
    if wanted.ndim == 0:
        raise InputError(
            "need and arrivals must have a month axis", where="tank", mend="give arrays of shape (…, months)"
        )
    start, most = _tonnes("initial_stock", initial_stock), _tonnes("capacity", capacity, finite=False)
    batch = np.broadcast_shapes(wanted.shape[:-1], start.shape, most.shape)
    if bool(np.any(start > most)):
        raise InputError("the stock is larger than its capacity", where="initial_stock", mend="raise the capacity")
    months = wanted.shape[-1]
    # months first in memory: each step then works on one contiguous block, whatever the number of draws
    shortage, stock, overflow = (np.zeros((months, *batch)) for _ in range(3))
    level = np.broadcast_to(start, batch)
    for month in range(months):
        after = level + (coming[..., month] - wanted[..., month])
        shortage[month] = np.maximum(-after, 0.0)
        overflow[month] = np.maximum(after - most, 0.0)
        level = np.clip(after, 0.0, most)
        stock[month] = level
    return TankPath(*(np.ascontiguousarray(np.moveaxis(a, 0, -1)) for a in (shortage, stock, overflow)))


def _tonnes(name: str, value: npt.ArrayLike, *, finite: bool = True) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    good = array >= 0.0 if not finite else np.isfinite(array) & (array >= 0.0)
    if not bool(np.all(good)):
        raise InputError(
            f"{name} holds a value that is negative, infinite or not a number",
            where=name,
            mend="give 0 t or more; leave a month out rather than filling it with a guess",
        )
    return array
