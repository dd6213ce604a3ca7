"""What moves an outcome, against functions whose indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from lodestock.scenario.influence import influence


def test_shares_of_the_ishigami_function() -> None:
    """Ishigami and Homma (1990), a = 7, b = 0.1: 0.3139, 0.4424 and 0."""
    draws = qmc.Sobol(3, seed=1).random(2**15) * 2 * np.pi - np.pi
    outcome = np.sin(draws[:, 0]) + 7 * np.sin(draws[:, 1]) ** 2 + 0.1 * draws[:, 2] ** 4 * np.sin(draws[:, 0])
    found = [influence(draws[:, k], outcome).explains for k in range(3)]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)


def test_a_sum_of_uniforms_splits_by_its_squared_weights() -> None:
    draws = qmc.Sobol(2, seed=2).random(2**14)
    found = [influence(draws[:, k], 3 * draws[:, 0] + draws[:, 1]) for k in range(2)]
    assert [item.explains for item in found] == pytest.approx([0.9, 0.1], abs=0.01)
    # the middle of the lowest tenth is 0.05, of the highest 0.95; the other parameter stands at 0.5
    assert (found[0].low, found[0].high) == pytest.approx((0.65, 3.35), abs=0.02)


def test_what_moves_together_is_not_torn_apart() -> None:
    first = qmc.Sobol(1, seed=3).random(2**12)[:, 0]
    second = 1.0 - first  # a ridge: only the sum counts, and the sum never moves
    item = influence(first, first + second + 0.0)
    assert item.low == pytest.approx(1.0) and item.high == pytest.approx(1.0)


def test_pure_noise_explains_nothing() -> None:
    rng = np.random.default_rng(4)
    explains = influence(rng.random(4096), rng.random(4096)).explains
    assert explains is not None and explains < 0.01


def test_what_does_not_vary_is_not_known_to_move_anything() -> None:
    outcome = np.arange(64.0)
    assert influence(np.ones(64), outcome).explains is None
    assert influence(outcome, np.ones(64)).explains is None
    with pytest.raises(ValueError, match="finite"):
        influence(np.array([1.0, np.nan]), np.array([1.0, 2.0]))
