"""Events as losses by step: an outage begins on a day, lasts, and recovers; steps of any length see the mean over the
step.

Several events on one industry count once: the largest loss of the step holds, because a machine that stands still
cannot stop twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Recovery(StrEnum):
    """How capacity returns after the outage."""

    AT_ONCE = "at once"
    LINEAR = "linear"  # in equal parts over the recovery time
    EXPONENTIAL = "exponential"  # the same share of what still lacks each day, with the recovery time as its mean


@dataclass(frozen=True, slots=True)
class Outage:
    """An industry (its place in the table) loses `share` 0..1 of capacity from day `start` for `days`, then
    recovers.
    """

    industry: int
    share: float
    start: float
    days: float
    recovery_days: float = 0.0
    recovery: Recovery = Recovery.AT_ONCE


def loss_paths(outages: Sequence[Outage], steps: int, step_days: float) -> tuple[Ints, Floats]:
    """Industries [M] and the share of capacity each loses in each step [T, M], as `ario.simulate` takes them.

    Day 0 is the start of the first step. A step that an outage covers for a third loses a third of its share.
    """
    for number, outage in enumerate(outages):
        if not 0.0 <= outage.share <= 1.0 or outage.days < 0 or outage.recovery_days < 0 or outage.start < 0:
            raise InputError(
                "an outage needs a share 0..1 and times that are not negative", where=f"outage {number}: {outage}"
            )
    industries = np.array(sorted({outage.industry for outage in outages}), dtype=np.int64)
    edges = np.arange(steps + 1, dtype=np.float64) * float(step_days)
    paths = np.zeros((steps, industries.size))
    for outage in outages:
        column = int(np.searchsorted(industries, outage.industry))
        mean = np.diff(_lost_until(outage, edges)) / step_days
        paths[:, column] = np.maximum(paths[:, column], np.clip(mean, 0.0, 1.0))
    return industries, paths


def _lost_until(outage: Outage, day: Floats) -> Floats:
    """Capacity × days lost up to each day: the integral of the loss, in closed form."""
    full = np.clip(day - outage.start, 0.0, outage.days)
    after, tau = np.maximum(day - outage.start - outage.days, 0.0), outage.recovery_days
    tail = np.zeros_like(day)
    if tau > 0 and outage.recovery is Recovery.LINEAR:
        within = np.minimum(after, tau)
        tail = within - within**2 / (2.0 * tau)
    elif tau > 0 and outage.recovery is Recovery.EXPONENTIAL:
        tail = tau * -np.expm1(-after / tau)
    return np.asarray(outage.share * (full + tail))
