"""Outages against the M/G/∞ queue and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.disruption.outages import OutageLaw, covered_share, long_run_down, simulate_outages
from lodestock.disruption.rates import rate_posterior
from lodestock.errors import InputError


def test_overlapping_outages_count_once():
    owner = np.array([0, 0, 0, 1])
    share = covered_share(owner, np.array([0.5, 1.0, 1.2, -3.0]), np.array([1.5, 1.25, 3.0, 0.25]), 2, 4)
    assert share == pytest.approx(np.array([[0.5, 1.0, 1.0, 0.0], [0.25, 0, 0, 0]]), abs=1e-12)


def test_share_of_time_down_within_four_standard_errors():
    law = OutageLaw(2.0, 0.8, 0.6)
    up = simulate_outages(np.full(20_000, 0.5), law, 24, np.random.default_rng(1))
    exact = 1.0 - 0.6 * long_run_down(0.5, law)
    for month in (0, 11, 23):
        error = up[month].std() / np.sqrt(up.shape[1])
        assert abs(up[month].mean() - exact) < 4.0 * error


def test_not_knowing_the_rate_stays_in_the_answer():
    law = OutageLaw(2.0, 0.8)
    draws = rate_posterior(3, 15.0).quantile((np.arange(20_000) + 0.5) / 20_000)
    up = simulate_outages(np.asarray(draws), law, 2, np.random.default_rng(2))
    exact = 1.0 - long_run_down(draws, law).mean()
    assert abs(up[0].mean() - exact) < 4.0 * up[0].std() / np.sqrt(20_000)


def test_senseless_outages_are_refused():
    with pytest.raises(InputError, match="median"):
        OutageLaw(0.0, 1.0)
    with pytest.raises(InputError, match="rates"):
        simulate_outages(np.array([-1.0]), OutageLaw(1.0, 1.0), 3, np.random.default_rng(0))
