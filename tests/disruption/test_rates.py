"""Rates of rare events: published case (V25) and simulation."""

import numpy as np
import pytest

from lodestock.disruption.rates import plug_in_probability, rate_posterior
from lodestock.errors import InputError


def test_three_events_in_fifteen_years() -> None:
    rate = rate_posterior(3, 15.0)
    assert float(rate.mean()) == pytest.approx(3.5 / 15.0, abs=1e-12)
    published = [0.0722449969766019, 0.21152703985071716, 0.4689046816446723]
    np.testing.assert_allclose(rate.quantile([0.05, 0.5, 0.95]), published, rtol=1e-9)
    assert float(rate.probability_at_least_one(10.0)) == pytest.approx(0.8326871194438397, abs=1e-12)
    assert float(plug_in_probability(3, 15.0, 10.0)) == pytest.approx(0.8646647167633873, abs=1e-12)


def test_predictive_equals_simulation_and_adds_up() -> None:
    rng = np.random.default_rng(8)
    rate = rate_posterior(3, 15.0)
    seen = rng.poisson(10.0 * rate.quantile(rng.random(100_000)))
    exact = float(rate.probability_at_least_one(10.0))
    assert abs((seen > 0).mean() - exact) < 4.0 * np.sqrt(exact * (1 - exact) / seen.size)
    chances = [float(rate.probability_of_count(n, 10.0)) for n in range(200)]
    assert sum(chances) == pytest.approx(1.0, abs=1e-9)
    assert chances[0] == pytest.approx(1.0 - exact, abs=1e-12)


def test_no_events_still_leave_a_chance() -> None:
    assert 0.0 < float(rate_posterior(0, 30.0).probability_at_least_one(10.0)) < 0.2
    with pytest.raises(InputError, match="years above 0"):
        rate_posterior(3, 0.0)
