"""The triangular distribution, apart from the draws: who needs a quantile alone need not load a statistics library."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def triangular(chance: npt.ArrayLike, low: float, mode: float, high: float) -> FloatArray:
    """Quantiles of the triangular distribution at cumulative chances 0…1, in their shape; a point if low = high."""
    u = np.asarray(chance, dtype=np.float64)
    width = high - low
    if width == 0.0:
        return np.full_like(u, low)
    turn = (mode - low) / width
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u < turn, rising, falling)
