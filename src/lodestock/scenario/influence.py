"""What moves an outcome, read off the draws of a run, so that parameters that hang together stay together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
_PARTS = 32
_TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Influence:
    """What one parameter does to an outcome.

    low, high: median outcome over the draws with the parameter in its lowest and highest tenth [unit of the outcome].
    explains: share of the outcome's variance that goes with this parameter alone, 0…1; None where the parameter or the
    outcome does not vary.
    """

    low: float
    high: float
    explains: float | None


def influence(parameter: FloatArray, outcome: FloatArray) -> Influence:
    """How an outcome moves with one parameter, over draws in which the others vary as they do.

    parameter, outcome: shape (draws,). Parameters that are drawn together (along a ridge) are not torn apart: what the
    others do as this one moves counts with it, so that the shares of several parameters may add up to more than one.
    The share is the first-order index Var(E[outcome | parameter]) / Var(outcome), estimated from 32 groups of equal
    size in the order of the parameter, corrected for the groups' own noise (epsilon squared of a one-way analysis of
    variance) and cut off at 0. Source: Plischke, Borgonovo and Smith (2013), doi:10.1016/j.ejor.2012.11.047.
    """
    if not np.isfinite(outcome).all() or not np.isfinite(parameter).all():
        raise ValueError("influence needs finite draws")
    middle = float(np.median(outcome))
    if np.ptp(parameter) == 0.0:
        return Influence(middle, middle, None)
    low = float(np.median(outcome[parameter <= np.quantile(parameter, _TENTH)]))
    high = float(np.median(outcome[parameter >= np.quantile(parameter, 1.0 - _TENTH)]))
    return Influence(low, high, _explained(parameter, outcome))


def _explained(parameter: FloatArray, outcome: FloatArray) -> float | None:
    spread = float(((outcome - outcome.mean()) ** 2).sum())
    if spread == 0.0:
        return None
    edges = np.unique(np.quantile(parameter, np.arange(1, _PARTS) / _PARTS))
    group = np.searchsorted(edges, parameter, side="left")
    count = np.bincount(group).astype(np.float64)
    total = np.bincount(group, weights=outcome)
    held = count > 0
    between = float((count[held] * (total[held] / count[held] - outcome.mean()) ** 2).sum())
    draws, groups = outcome.size, int(held.sum())
    if draws <= groups:
        return None
    return max(0.0, 1.0 - (1.0 - between / spread) * (draws - 1) / (draws - groups))
