"""Made-up tables for the tests of the economy: closed, balanced, all cells positive."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def made_up_table(regions: int, sectors: int, seed: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Flows [N, N], final demand [N] and sector [N] of an economy that needs less than half of its output as input."""
    rng = np.random.default_rng(seed)
    n = regions * sectors
    output = rng.lognormal(3.0, 1.0, n)
    share = rng.random((n, n)) ** 3
    flows = share / share.sum(axis=0) * rng.uniform(0.2, 0.5, n) * output
    final = np.maximum(output - flows.sum(axis=1), 0.05 * output)
    return flows, final, np.tile(np.arange(sectors), regions)


@pytest.fixture
def table() -> tuple[Floats, Floats, NDArray[np.int64]]:
    """4 regions × 5 sectors."""
    return made_up_table(4, 5, seed=11)
