"""From scenarios to a table without keeping them all: mean, standard error and exact quantiles per cell (MODEL §9)."""

from __future__ import annotations

import numpy as np
from numba import prange

from lodestock.compiled import kernel
from lodestock.network.kernel_types import Floats, Ints

_GROUP = 8  # cells of one cache line are reduced together


@kernel(error_model="numpy")
def select(values: Floats, weights: Floats, lo: int, hi: int, below: float, target: float) -> tuple[int, float]:
    """Index of the smallest value in [lo, hi) at which the weight from `below` on reaches `target`.

    Both arrays are reordered so that everything before the index is not larger; also gives the weight before it.
    """
    while hi - lo > 1:
        pivot = values[(lo + hi) // 2]
        i, j = lo, hi - 1
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                weights[i], weights[j] = weights[j], weights[i]
                i += 1
                j -= 1
        left = 0.0
        for z in range(lo, j + 1):
            left += weights[z]
        if j >= lo and below + left >= target:
            hi = j + 1
            continue
        middle = 0.0
        for z in range(j + 1, i):
            middle += weights[z]
        if i > j + 1 and (below + left + middle >= target or i >= hi):
            return j + 1, below + left
        lo, below = i, below + left + middle
    return lo, below


@kernel(error_model="numpy", parallel=True)
def reduce_cells(
    out: Floats,
    weights: Floats,
    strata: Ints,
    sizes: Floats,
    shares: Floats,
    levels: Floats,
    mean: Floats,
    error: Floats,
    quantiles: Floats,
) -> None:
    """Mean, standard error and quantiles over scenarios of every cell.

    out [S, N] [≥ 0]; weights [S]: sum 1; strata [S]: stratum number; sizes [H]: scenarios per stratum; shares [H]:
    weight of the stratum; levels [Q]: rising. mean, error [N], quantiles [Q, N]: filled. A quantile is the smallest
    value at which the cumulated weight reaches the level, less 1e-12 for rounding.
    """
    scenarios, cells = out.shape
    short = np.zeros(scenarios, np.bool_)
    for s in prange(scenarios):
        for c in range(cells):
            if out[s, c] > 0.0:
                short[s] = True
                break
    rows = np.flatnonzero(short)
    for g in prange((cells + _GROUP - 1) // _GROUP):
        first, last = g * _GROUP, min(cells, (g + 1) * _GROUP)
        value, weight = np.empty((last - first, rows.size)), np.empty((last - first, rows.size))
        count = np.zeros(last - first, np.int64)
        sums, squares = np.zeros((last - first, sizes.size)), np.zeros((last - first, sizes.size))
        total, held = np.zeros(last - first), np.zeros(last - first)
        for n in range(rows.size):
            s = rows[n]
            for c in range(first, last):
                x = out[s, c]
                if x > 0.0:
                    d = c - first
                    value[d, count[d]], weight[d, count[d]] = x, weights[s]
                    count[d] += 1
                    sums[d, strata[s]] += x
                    squares[d, strata[s]] += x * x
                    total[d] += x * weights[s]
                    held[d] += weights[s]
        for c in range(first, last):
            d = c - first
            mean[c] = total[d]
            spread = 0.0
            for h in range(sizes.size):
                if sizes[h] > 1.0:
                    spare = max(0.0, squares[d, h] - sums[d, h] ** 2 / sizes[h])
                    spread += shares[h] ** 2 * spare / (sizes[h] - 1.0) / sizes[h]
            error[c] = np.sqrt(spread)
            at, below = 0, 1.0 - held[d]
            for q in range(levels.size):
                target = levels[q] - 1e-12
                if count[d] == 0 or 1.0 - held[d] >= target:
                    quantiles[q, c] = 0.0
                    continue
                at, below = select(value[d], weight[d], at, count[d], below, target)
                quantiles[q, c] = value[d, at]
