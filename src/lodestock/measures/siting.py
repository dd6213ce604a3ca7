"""Where a plant could stand: what is certain whatever is not known and whatever weights within a range are taken.

Every criterion has a scale that is fixed in the data, so that a site is judged by itself: adding a site never changes
how the others compare. A gap is the whole scale, never its middle. A ranking is an interval of ranks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
EARTH_KM = 6371.0088  # mean radius
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Ranking:
    """How sites compare. dominates: (n, n) row is at least as good as column on every criterion, whatever is unknown;
    beats: (n, n) certainly better for every weight in the range; first, last: (n,) best and worst possible rank from 1;
    possible_best: (n,); low, high: (n,) range of the weighted score 0–1."""

    dominates: Flags
    beats: Flags
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    possible_best: Flags
    low: Array
    high: Array


def on_scale(low: Array, high: Array, worst: Array, best: Array) -> tuple[Array, Array]:
    """Values as 0 (worst end of the scale) to 1 (best end); a gap (nan) is the whole range 0 to 1.

    low, high: (n, c) in the criterion's unit, low ≤ high; worst, best: (c,) ends of the scale, best may be the smaller.
    Values beyond an end count as the end.
    """
    if low.shape != high.shape or low.ndim != 2 or worst.shape != best.shape or worst.shape != low.shape[1:]:
        raise InputError("the sites do not fit the criteria", why=f"{low.shape}, {high.shape}, {worst.shape}")
    if (np.isnan(low) != np.isnan(high)).any() or (low > high).any():
        raise InputError("a value needs both ends, the lower first", mend="leave both out where it is not known")
    if (worst == best).any():
        raise InputError("a scale has two different ends", mend="give the worst and the best value")
    one, two = (np.clip((side - worst) / (best - worst), 0.0, 1.0) for side in (low, high))
    gap = np.isnan(low)
    return np.where(gap, 0.0, np.minimum(one, two)), np.where(gap, 1.0, np.maximum(one, two))


def weight_range(weights: Array, tolerance: float) -> tuple[Array, Array]:
    """The range of weights around the user's: each share may be `tolerance` (0–1) of itself lower or higher.

    weights: (c,) 0 or more, not all 0; returns (c,) lowest and highest share. Shares always sum to 1 within the range.
    """
    if (weights < 0.0).any() or not weights.sum() > 0.0 or not np.isfinite(weights).all():
        raise InputError("weights are 0 or more and not all 0", why=str(weights.tolist()))
    if not 0.0 <= tolerance <= 1.0:
        raise InputError("the tolerance of the weights is a share", why=str(tolerance), mend="give 0 to 1")
    share = weights / weights.sum()
    return share * (1.0 - tolerance), share * (1.0 + tolerance)


def least_weighted(values: Array, low: Array, high: Array) -> Array:
    """The smallest weighted sum of values (…, c) over all weights in [low, high] that sum to 1: (…).

    Exact: what is left after the lowest weights goes to the smallest values first.
    """
    order = np.argsort(values, axis=-1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=-1)
    room = (high - low)[order]
    left = 1.0 - low.sum()
    given = np.clip(left - (np.cumsum(room, axis=-1) - room), 0.0, room)
    return np.asarray((low[order] * ranked).sum(axis=-1) + (given * ranked).sum(axis=-1))


def rank(low: Array, high: Array, lowest: Array, highest: Array) -> Ranking:
    """Which sites dominate, which are certainly better, and the interval of ranks of each.

    low, high: (n, c) on the scale 0–1; lowest, highest: (c,) range of weights. Criteria that can have no weight do not
    count for dominance.
    """
    n = low.shape[0]
    counts = highest > 0.0
    gap = low[:, None, :] - high[None, :, :]
    seen = gap[:, :, counts]
    off = ~np.eye(n, dtype=bool)
    dominates = (seen >= 0.0).all(axis=-1) & (seen > 0.0).any(axis=-1) & off
    beats = (least_weighted(gap, lowest, highest) > _TIE) & off
    first = 1 + beats.sum(axis=0)
    last = n - beats.sum(axis=1)
    return Ranking(
        dominates,
        beats,
        first,
        last,
        np.asarray(~beats.any(axis=0)),
        least_weighted(low, lowest, highest),
        -least_weighted(-high, lowest, highest),
    )


def left_out(low: Array, high: Array, weights: Array, tolerance: float) -> list[Flags | None]:
    """Which sites can be best when a criterion is left out, for each criterion; None where no weight is left."""
    out: list[Flags | None] = []
    for criterion in range(weights.size):
        fewer = weights.copy()
        fewer[criterion] = 0.0
        out.append(rank(low, high, *weight_range(fewer, tolerance)).possible_best if fewer.sum() > 0.0 else None)
    return out


def worth_knowing(low: Array, high: Array, lowest: Array, highest: Array) -> Array:
    """By how much each criterion's gaps widen the scores: mean over sites of unknown range × highest weight, (c,) 0–1.

    The criterion with the largest value is the one to find out first.
    """
    return np.asarray(((high - low) * highest).mean(axis=0))


def distance_km(latitude: float, longitude: float, latitudes: Array, longitudes: Array) -> Array:
    """Great-circle distance of a place to others [km], from degrees (haversine)."""
    a, b = np.radians(latitude), np.radians(latitudes)
    step = np.sin((b - a) / 2.0) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(longitudes - longitude) / 2.0) ** 2
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(step)))
