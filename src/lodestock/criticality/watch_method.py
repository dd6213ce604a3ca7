"""When is a change unusual? A change test on a short yearly or monthly series, as pure functions.

The test compares the newest logarithmic change with the spread of the changes before it: robust score
|Δ − median| / (1.4826·MAD), with a floor on the spread so that a flat past does not make every ripple unusual.
Source: Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers", modified z-score; MODEL §12.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Floats, Ints

NORMAL = 1.4826  # makes the median absolute deviation an estimate of the standard deviation under a normal law
LEAST_SPREAD = 0.05  # a change of five per cent is never more than one spread
LEAST_HISTORY = 4
DEFAULT_LIMIT = 3.5

Flags = NDArray[np.bool_]


def log_changes(series: Floats) -> Floats:
    """Logarithmic change from one period to the next, shape (n − 1,); nan where either value is missing or zero."""
    values = np.where(np.asarray(series, np.float64) > 0.0, series, np.nan)
    out: Floats = np.diff(np.log(values))
    return out


def unusual_score(series: Floats, window: int = 10) -> Floats:
    """How unusual the change into each period is [robust standard deviations], shape (n,).

    series: shape (n,), nan is missing. Only changes before the period are used, at most `window` of them; nan where
    fewer than four are known or the change itself is not known: a short series never alarms, and says so.
    """
    changes = log_changes(series)
    padded = np.concatenate([np.full(window, np.nan), changes])
    past = np.lib.stride_tricks.sliding_window_view(padded, window)[: changes.size]
    middle = _medians(past)
    spread = np.maximum(LEAST_SPREAD, NORMAL * _medians(np.abs(past - middle[:, None])))
    enough = np.sum(~np.isnan(past), axis=1) >= LEAST_HISTORY
    scores = np.where(enough, np.abs(changes - middle) / spread, np.nan)
    return np.concatenate([np.full(min(1, series.size), np.nan), scores])


def _medians(rows: Floats) -> Floats:
    """The median of what is known in each row, shape (n,); nan where nothing is."""
    ordered = np.sort(rows, axis=1)  # what is not known comes last
    known = np.sum(~np.isnan(rows), axis=1)
    at = np.stack([np.maximum(known - 1, 0) // 2, np.minimum(known // 2, rows.shape[1] - 1)], axis=1)
    out: Floats = np.take_along_axis(ordered, at, axis=1).mean(axis=1)
    return out


def earlier_changes(series: Floats, window: int = 10) -> Ints:
    """How many changes are known before the change into each period, of the `window` last ones, shape (n,)."""
    known = ~np.isnan(log_changes(series))
    return np.array([int(known[max(0, at - 1 - window) : max(0, at - 1)].sum()) for at in range(series.size)], np.int64)


def alarms(scores: Floats, limit: float = DEFAULT_LIMIT) -> Flags:
    """Which periods are unusual: score above the limit; an unknown score is no alarm."""
    out: Flags = np.nan_to_num(scores, nan=-1.0) > limit
    return out


def alarm_rate(scores: Floats, limit: float) -> float:
    """Alarms per tested period [0 to 1]; nan when nothing could be tested."""
    tested = ~np.isnan(scores)
    return float(np.mean(scores[tested] > limit)) if bool(tested.any()) else float("nan")


def limit_for(scores: Floats, rate: float) -> float:
    """The limit that would have alarmed in a part `rate` of the tested periods of this history; nan without any."""
    known = scores[~np.isnan(scores)]
    return float(np.quantile(known, 1.0 - rate)) if known.size else float("nan")


def entries_and_exits(present: Flags, years_absent: int = 2) -> tuple[Flags, Flags]:
    """Which suppliers are new and which are gone in each period.

    present: shape (periods, suppliers), whether a supplier delivers a material part. New: present now and absent in
    the `years_absent` periods before; gone: the reverse. The first `years_absent` periods can tell neither.
    """
    new, gone = np.zeros_like(present), np.zeros_like(present)
    for at in range(years_absent, present.shape[0]):
        before = present[at - years_absent : at]
        new[at] = present[at] & ~before.any(axis=0)
        gone[at] = ~present[at] & before.all(axis=0)
    return new, gone
