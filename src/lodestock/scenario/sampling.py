"""Draws of what we do not know: scrambled Sobol points turned into the stated distributions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from lodestock.scenario.schema import Estimate
from lodestock.scenario.triangle import triangular as triangular

FloatArray = npt.NDArray[np.float64]


def sobol(draws: int, dimensions: int, seed: int) -> FloatArray:
    """Scrambled Sobol points in the open unit cube, shape (draws, dimensions); the same for the same seed.

    The rows are shuffled: two sets with different seeds stay independent row by row, which two Sobol sequences in their
    own order are not (their leading digits follow the same row number).
    """
    rng = np.random.default_rng(seed)
    sampler = qmc.Sobol(dimensions, scramble=True, rng=rng)
    whole = 1 << (draws - 1).bit_length()  # a power of two keeps the points balanced
    points: FloatArray = sampler.random(whole)[:draws]
    return np.asarray(np.clip(rng.permutation(points), 1e-12, 1.0 - 1e-12), dtype=np.float64)


def draw_estimates(estimates: Mapping[str, Estimate], draws: int, seed: int) -> dict[str, FloatArray]:
    """One array of draws per named estimate, triangular between its bounds; independent of each other."""
    points = sobol(draws, max(len(estimates), 1), seed)
    return {
        name: triangular(points[:, column], item.low, item.value, item.high)
        for column, (name, item) in enumerate(estimates.items())
    }
