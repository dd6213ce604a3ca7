"""Licence cases: likelihood at fixed parameters, best fit against lifelines, grid, pooling, value of a case (V04,
V25).
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats

from lodestock.disruption.cases import Ages
from lodestock.disruption.estimate import CureParameters, Family, fit_cure, lead_cdf, log_likelihood
from lodestock.disruption.information import narrowing, one_more_case, preposterior
from lodestock.disruption.posterior import CurePrior, grid_posterior
from lodestock.errors import InputError

SAMPLE = Path(__file__).parent / "data" / "licence_ages.csv"


def sample() -> Ages:
    """The 400 simulated cases of V04 (true π 0.3, shape 1.4, scale 2.6 months)."""
    with SAMPLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    age = np.array([int(row["thousandths_of_month"]) / 1000.0 for row in rows])
    granted = np.array([row["state"] == "granted" for row in rows])
    return Ages(age, age, granted, np.zeros(age.size, np.bool_), np.full(age.size, np.nan))


def at(never, shape, scale, *denial) -> CureParameters:
    return CureParameters(*(np.asarray(v, np.float64) for v in (never, shape, scale, *denial)))


def test_v04_likelihood_at_fixed_parameters():
    assert log_likelihood(sample(), Family.WEIBULL, at(0.3, 1.4, 2.6)) == pytest.approx(-619.0825535530213, abs=1e-9)
    assert log_likelihood(sample(), Family.WEIBULL, at(0.2, 1.0, 3.0)) == pytest.approx(-637.126477970218, abs=1e-9)


def test_v04_best_fit_and_standard_errors():
    fit = fit_cure(sample())
    assert float(fit.parameters.never) == pytest.approx(0.3242033922742449, abs=1e-6)
    assert float(fit.parameters.shape) == pytest.approx(1.401184365058085, abs=1e-5)
    assert float(fit.parameters.scale) == pytest.approx(2.565485558657602, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-618.6888596479826, abs=1e-6)
    assert fit.error == pytest.approx([0.12584429479468273, 0.0570733142973632, 0.054542894413574156], abs=1e-4)
    low, high = fit.never_interval()
    assert low < 0.3 < high
    assert not fit.edge


def test_v04_against_lifelines():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the oracle warns about its own dependencies
        from lifelines import MixtureCureFitter, WeibullFitter

        cases = sample()
        oracle = MixtureCureFitter(base_fitter=WeibullFitter()).fit(cases.low, cases.granted)
    fit = fit_cure(cases)
    assert float(fit.parameters.never) == pytest.approx(oracle.cured_fraction_, abs=1e-3)
    assert float(fit.parameters.shape) == pytest.approx(oracle.rho_, abs=1e-3)
    assert float(fit.parameters.scale) == pytest.approx(oracle.lambda_, abs=1e-3)
    assert fit.log_likelihood == pytest.approx(oracle.log_likelihood_, abs=1e-6)


def test_lognormal_lead_time_against_lifelines():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import LogNormalFitter, MixtureCureFitter

        cases = sample()
        oracle = MixtureCureFitter(base_fitter=LogNormalFitter()).fit(cases.low, cases.granted)
    fit = fit_cure(cases, Family.LOGNORMAL)
    assert float(fit.parameters.never) == pytest.approx(oracle.cured_fraction_, abs=1e-3)
    assert float(fit.parameters.shape) == pytest.approx(oracle.sigma_, abs=1e-3)
    assert float(np.log(fit.parameters.scale)) == pytest.approx(oracle.mu_, abs=1e-3)
    assert fit.aic > fit_cure(cases).aic  # the sample was drawn from a Weibull law


def test_a_window_is_the_integral_of_the_density():
    cases = Ages(np.array([1.0]), np.array([3.0]), np.array([True]), np.array([False]), np.array([np.nan]))
    for family in Family:
        found = np.exp(log_likelihood(cases, family, at(0.3, 1.2, 2.0)))
        fine = np.linspace(1.0, 3.0, 20_001)
        one = np.array([1.0])
        density = [
            float(np.exp(log_likelihood(Ages(one * t, one * t, one > 0, one < 0, one), family, at(0.3, 1.2, 2.0))))
            for t in fine[::200]
        ]
        assert found == pytest.approx(np.trapezoid(density, fine[::200]), rel=1e-4)


def test_windows_of_a_day_give_the_estimates_of_days():
    cases = sample()
    half = 0.5 / 30.4375
    wide = Ages(
        np.where(cases.granted, np.maximum(cases.low - half, 0.0), cases.low),
        np.where(cases.granted, cases.high + half, cases.high),
        cases.granted,
        cases.denied,
        cases.fraction,
    )
    one, other = fit_cure(cases), fit_cure(wide)
    assert float(other.parameters.never) == pytest.approx(float(one.parameters.never), abs=2e-3)
    assert float(other.parameters.scale) == pytest.approx(float(one.parameters.scale), abs=1e-2)


def test_denial_is_recovered_from_simulated_cases():
    g = np.random.default_rng(11)
    n = 4000
    kind = g.choice(3, n, p=[0.6, 0.25, 0.15])  # granted, denied, never decided
    time = np.where(kind == 0, 2.5 * g.weibull(1.4, n), np.where(kind == 1, 4.0 * g.weibull(2.0, n), np.inf))
    seen = g.uniform(3.0, 15.0, n)
    age = np.minimum(time, seen)
    cases = Ages(age, age, (kind == 0) & (time <= seen), (kind == 1) & (time <= seen), np.full(n, np.nan))
    fit = fit_cure(cases)
    p = fit.parameters
    assert p.denied is not None
    truth = np.array([np.log(0.4 / 0.6), np.log(1.4), np.log(2.5), np.log(0.25 / 0.15), np.log(2.0), np.log(4.0)])
    assert (np.abs(fit.free - truth) < 4.0 * fit.error).all()


def test_no_grant_no_lead_time():
    cases = Ages(np.array([2.0, 3.0]), np.array([2.0, 3.0]), np.zeros(2, bool), np.zeros(2, bool), np.full(2, np.nan))
    with pytest.raises(InputError, match="no case was granted"):
        fit_cure(cases)
    with pytest.raises(InputError, match="above 0"):
        log_likelihood(
            Ages(np.zeros(1), np.zeros(1), np.ones(1, bool), np.zeros(1, bool), np.zeros(1)),
            Family.WEIBULL,
            at(0.1, 1, 1),
        )


def test_grid_posterior_agrees_with_the_best_fit_under_a_flat_prior():
    flat = CurePrior(never=(1.0, 1.0), log_shape=(0.34, 0.08), log_scale=(0.94, 0.08))
    grid = grid_posterior(sample(), Family.WEIBULL, flat, points=(120, 50, 50))
    assert grid.chance.sum() == pytest.approx(1.0, abs=1e-12)
    assert grid.mean("never") == pytest.approx(0.3242, abs=0.01)
    low, high = grid.quantile("never", 0.05), grid.quantile("never", 0.95)
    assert fit_cure(sample()).never_interval() == pytest.approx((low, high), abs=0.02)
    never, shape, scale = grid.draw((np.arange(20_000) + 0.5) / 20_000)
    assert never.mean() == pytest.approx(grid.mean("never"), abs=1e-3)
    assert shape.mean() == pytest.approx(grid.mean("shape"), abs=1e-3)
    assert scale.mean() == pytest.approx(grid.mean("scale"), abs=1e-3)


def test_without_cases_the_posterior_is_the_prior():
    empty = Ages(np.zeros(0), np.zeros(0), np.zeros(0, bool), np.ones(0, bool), np.zeros(0))
    grid = grid_posterior(empty, points=(400, 15, 15))
    assert grid.mean("never") == pytest.approx(0.25, abs=1e-4)  # Beta(2, 6)
    assert grid.log_evidence == pytest.approx(0.0, abs=1e-9)


def test_denials_of_one_age_say_nothing_of_their_time():
    # two were granted, one denied, one open: with the time of denial unknown, π is all that the denial tells
    low, granted = np.array([1.0, 2.0, 1.5, 6.0]), np.array([True, True, False, False])
    denied = np.array([False, False, True, False])
    found = fit_cure(Ages(low, low, granted, denied, np.full(4, np.nan)))
    assert found.parameters.denied is None and found.free.size == 3

    def loss(free):
        never, shape, scale = special.expit(free[0]), np.exp(free[1]), np.exp(free[2])
        law = stats.weibull_min(shape, scale=scale)
        told = 2 * np.log1p(-never) + law.logpdf([1.0, 2.0]).sum()
        return -(told + np.log(never) + np.log(never + (1 - never) * law.sf(6.0)))

    best = optimize.minimize(loss, [0.0, 0.5, 0.5], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-7)
    assert found.free == pytest.approx(best.x, abs=1e-4)


def test_value_of_a_case_by_hand():
    # two worlds, even odds; acting costs 3, not acting costs 10 in world 1; a test tells the world with 90 %
    likelihood = np.array([[0.9, 0.1], [0.1, 0.9]])
    loss = np.array([[3.0, 3.0], [10.0, 0.0]])
    value = preposterior([0.5, 0.5], likelihood, loss)
    assert value.now == pytest.approx(3.0)
    assert value.after == pytest.approx(0.5 * 3.0 + 0.5 * 1.0)  # told world 1: act; told world 2: wait, 10 % of 10
    assert value.sample == pytest.approx(1.0)
    assert value.perfect == pytest.approx(1.5)


def test_one_more_case_is_worth_something_but_less_than_knowing_all():
    some = Ages(np.array([2.0, 5.0]), np.array([2.0, 5.0]), np.array([True, False]), np.zeros(2, bool), np.ones(2))
    grid = grid_posterior(some, points=(20, 10, 10))
    never = np.broadcast_to(grid.never[:, None, None], grid.chance.shape)
    stay, leave = 100.0 * never, np.full(grid.chance.shape, 100.0 * grid.mean("never"))
    value = one_more_case(grid, Family.WEIBULL, [1.0, 2.0, 4.0, 8.0], np.stack([stay, leave]))
    assert 0 < value.sample < value.perfect
    assert value.chance.sum() == pytest.approx(1.0)
    assert lead_cdf(Family.WEIBULL, np.array(0.0), np.array(1.4), np.array(2.6)) == 0.0


def test_narrowing_agrees_with_the_beta_law_worked_out_by_hand():
    # π ~ Beta(2, 6), a case granted by then with chance (1 − π)·F, F = 0.8: E[π] = 1/4, E[π(1 − π)] = 12/72 = 1/6.
    a, b, by_then = 2.0, 6.0, 0.8
    points = (np.arange(20_000) + 0.5) / 20_000
    belief = points ** (a - 1) * (1 - points) ** (b - 1)
    belief /= belief.sum()
    granted = (1 - points) * by_then
    told = narrowing(belief, np.stack([granted, 1 - granted]), points)
    chance = 0.75 * by_then
    means = (1 / 6) / 0.75, (0.25 - by_then / 6) / (1 - chance)
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    fall = chance * (means[0] - 0.25) ** 2 + (1 - chance) * (means[1] - 0.25) ** 2
    assert told.chance == pytest.approx([chance, 1 - chance], abs=1e-7)
    assert told.means == pytest.approx(means, abs=1e-7)
    assert told.spread_after == pytest.approx(np.sqrt(variance - fall), abs=1e-7)
    with pytest.raises(InputError, match="sum to 1"):
        narrowing([0.4, 0.4], [[1.0, 1.0]], [0.0, 1.0])


def test_cases_of_one_age_give_no_warning_of_the_machine():
    same = Ages(np.full(5, 1.0), np.full(5, 1.0), np.ones(5, bool), np.zeros(5, bool), np.ones(5))
    assert fit_cure(same, Family.WEIBULL).edge
