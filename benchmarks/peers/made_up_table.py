"""The synthetic table of the economy benchmarks, made the same way in our process and in the peer's (numpy only)."""

from __future__ import annotations

import numpy as np

SEED = 20260401
SIZES = {200: (10, 20), 2800: (50, 56), 7987: (49, 163)}
STEPS, FIRST, SHARE = 12, 1, 0.5


def made_up_table(industries: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    """Flows [N, N], final demand by region [N, R], output [N], regions, sectors; inputs are 20-50 % of output."""
    regions, sectors = SIZES[industries]
    rng = np.random.default_rng(SEED)
    output = rng.lognormal(8.0, 1.5, industries)
    flows = rng.random((industries, industries))
    flows *= flows
    flows *= output[:, None] / output.mean()
    flows *= rng.uniform(0.2, 0.5, industries) * output / flows.sum(axis=0)
    used = flows.sum(axis=1)
    final = np.maximum(output - used, 0.05 * output)[:, None] * rng.dirichlet(np.ones(regions), industries)
    return flows, final, used + final.sum(axis=1), regions, sectors


def names(regions: int, sectors: int) -> tuple[list[str], list[str]]:
    """Names that sort in the order of the numbers."""
    return [f"R{r:03d}" for r in range(regions)], [f"s{s:03d}" for s in range(sectors)]
