"""Three layers side by side: median and 5–95 % over what we do not know, and the bracket over ways of looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Variant = tuple[str, str]
"""(age convention, reporting population); the population "all" takes each population equally often."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Median, 5th and 95th percentile of the reference variant, and lowest and highest median over the variants."""

    median: float
    low: float
    high: float
    bracket: tuple[float, float]


def summarise(draws: Mapping[Variant, FloatArray], reference: Variant) -> Summary:
    """Summarise a quantity that was computed under several variants; arrays of draws by variant (MODEL §12)."""
    low, median, high = (float(value) for value in np.quantile(draws[reference], (0.05, 0.5, 0.95)))
    medians = [float(np.median(values)) for values in draws.values()]
    return Summary(median, low, high, (min(medians), max(medians)))
