"""Bands: what is said instead of a number that may not be said. Pure."""

from __future__ import annotations

import math

EDGES = (5, 10, 20, 50, 100)


def band(value: float) -> tuple[float, float]:
    """The band that holds a count: lowest and highest count, infinity at the top. The lowest band holds zero too."""
    low = 0.0
    for edge in EDGES:
        if value < edge:
            return low, edge - 1.0
        low = float(edge)
    return low, math.inf
