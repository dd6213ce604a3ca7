"""Calibration from grant shares: an independent ridge (V04), exact reproduction, the flat likelihood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize

from lodestock.disruption.lead_time import weibull
from lodestock.disruption.ridge import (
    AgeConvention,
    Snapshot,
    draw_ridge,
    mix_populations,
    ridge_scale,
    share_granted,
    single_curve_misfit,
    snapshot_log_likelihood,
)
from lodestock.errors import InputError

BOTH = list(AgeConvention)
# Two snapshots, (months, filed, granted), and the ridge that a separate maximum-likelihood search found (V04):
TWO = [(2.0, 140, 33), (7.0, 2000, 1020)]
PROFILE = [
    (0.0, 0.7790410873012599, 10.799487163904498),
    (0.1, 0.8085669930902775, 8.732740535900044),
    (0.2, 0.8518455673277681, 6.8808588089196645),
    (0.3, 0.9224917823169707, 5.24945790912116),
    (0.4, 1.0660466792333425, 3.8391275139129712),
    (0.45, 1.2325360503949554, 3.2031386785641103),
]
# The published sequence of 2025, months since 4 April (MODEL §4.3, §11).
SEQUENCE = [
    Snapshot("European car suppliers", 2.0, 0.25, 0.025),
    Snapshot("press count", 2.86, 0.60, 0.05),
    Snapshot("EU Chamber members", 5.3, 19 / 141, filed=141, granted=19),
    Snapshot("EU companies", 7.07, 0.51, 0.01),
]


@pytest.mark.parametrize(("never", "shape", "scale"), PROFILE)
def test_one_age_scale_lies_on_the_independent_ridge(never: float, shape: float, scale: float) -> None:
    for months, filed, granted in TWO:
        found = float(ridge_scale(granted / filed, months, never, shape, AgeConvention.ONE_AGE))
        assert found == pytest.approx(scale, rel=1e-6)


def test_log_likelihood_is_flat_along_the_ridge() -> None:
    totals = []
    for never, shape, scale in PROFILE:
        fitted = share_granted(weibull(shape, scale), never, [t for t, _, _ in TWO], AgeConvention.ONE_AGE)
        totals.append(sum(float(snapshot_log_likelihood(n, g, s)) for (_, n, g), s in zip(TWO, fitted, strict=True)))
    np.testing.assert_allclose(totals, -1462.346838798441, rtol=1e-12)


def test_conventions_differ_as_much_as_the_model_says() -> None:
    # MODEL §4.3: at π = 0.3 a mean lead of 5.4 months under one age, 1.9 under constant inflow, from the same snapshots
    def gap(shape: float) -> float:
        scales = [float(ridge_scale(g / n, t, 0.3, shape, AgeConvention.CONSTANT_INFLOW)) for t, n, g in TWO]
        return np.log(scales[0] / scales[1])

    shape = optimize.brentq(gap, 0.5, 5.0)
    scale = float(ridge_scale(33 / 140, 2.0, 0.3, shape, AgeConvention.CONSTANT_INFLOW))
    assert int(10 * float(weibull(shape, scale).mean())) == 19  # the source cuts its decimals, it does not round
    assert int(10 * float(weibull(*PROFILE[3][1:]).mean())) == 54


@pytest.mark.parametrize("convention", BOTH)
@given(part=st.floats(0.01, 0.99), months=st.floats(0.5, 24.0), never=st.floats(0.0, 0.95), shape=st.floats(0.5, 3.0))
def test_scale_reproduces_the_share(
    convention: AgeConvention, part: float, months: float, never: float, shape: float
) -> None:
    share = part * (1.0 - never)
    scale = ridge_scale(share, months, never, shape, convention)
    back = share_granted(weibull(shape, scale), never, months, convention)
    assert float(back) == pytest.approx(share, rel=1e-9)


def test_constant_inflow_share_equals_quadrature() -> None:
    law = weibull(1.2, 3.0)
    area, _ = integrate.quad(lambda t: float(law.cdf(t)), 0.0, 5.0)
    assert float(share_granted(law, 0.3, 5.0, AgeConvention.CONSTANT_INFLOW)) == pytest.approx(
        0.7 * area / 5.0, abs=1e-10
    )


def test_impossible_shares_have_no_scale() -> None:
    scale = ridge_scale([0.5, 0.6, 0.0, 0.7], 3.0, [0.5, 0.3, 0.2, 0.3], 1.0, AgeConvention.CONSTANT_INFLOW)
    assert np.isnan(scale).tolist() == [True, False, True, True]


@pytest.mark.parametrize("convention", BOTH)
def test_draws_reproduce_their_own_share_and_report_acceptance(convention: AgeConvention) -> None:
    points = np.random.default_rng(1).random((2000, 12))
    ridges = draw_ridge(points, SEQUENCE, convention)
    assert len(ridges) == len(SEQUENCE)
    for ridge in ridges:
        assert ridge.scale.size == round(ridge.accepted * 2000) == ridge.index.size
        back = share_granted(ridge.law(), ridge.never_granted, ridge.snapshot.months, convention)
        np.testing.assert_allclose(back, ridge.share, rtol=1e-9)
        assert np.all(ridge.share < 1.0 - ridge.never_granted)
        assert ridge.shape.min() >= 0.8 and ridge.shape.max() <= 1.6
    assert ridges[1].accepted < ridges[0].accepted  # 60 % granted leaves less room for never than 25 %


def test_acceptance_equals_the_prior_chance_of_room() -> None:
    # without uncertainty in the share, acceptance is P(π < 1 − share) under Beta(2, 6): 1 − (1−x)^6(1+6x), x = 0.4
    snapshot = Snapshot("exact", 3.0, 0.6)
    (ridge,) = draw_ridge(np.random.default_rng(4).random((20_000, 3)), [snapshot], AgeConvention.ONE_AGE)
    exact = 1.0 - 0.6**6 * (0.6 + 7 * 0.4)
    assert abs(ridge.accepted - exact) < 4.0 * np.sqrt(exact * (1.0 - exact) / 20_000)


def test_counts_give_the_stated_beta_posterior() -> None:
    # 19 of 141 → Beta(19.5, 122.5): mean 19.5/142
    points = (np.arange(100_000) + 0.5) / 100_000
    assert float(SEQUENCE[2].share_quantile(points).mean()) == pytest.approx(19.5 / 142.0, abs=1e-6)
    low, high = SEQUENCE[3].share_range()
    assert (low, high) == pytest.approx((0.50, 0.52))


def test_mixture_takes_each_population_equally_often() -> None:
    ridges = draw_ridge(np.random.default_rng(9).random((300, 3)), SEQUENCE, AgeConvention.ONE_AGE)
    mixed = mix_populations(ridges, 400)
    assert np.bincount(mixed.population).tolist() == [100, 100, 100, 100]
    assert mixed.scale[5] == ridges[1].scale[1] and mixed.never_granted[5] == ridges[1].never_granted[1]
    with pytest.raises(InputError, match="too few"):
        mix_populations(ridges, 4000)


@pytest.mark.parametrize("convention", BOTH)
def test_no_single_curve_fits_the_published_sequence(convention: AgeConvention) -> None:
    fit = single_curve_misfit(SEQUENCE, convention)
    # 60 % in June and 13.5 % in September: any rising curve misses one of them by half the fall
    assert fit.least_possible == pytest.approx((0.60 - 19 / 141) / 2.0, abs=1e-12)
    assert fit.largest_misfit >= fit.least_possible
    assert fit.excess > 0.3  # far beyond rounding and counting
    months, shares = (np.array([getattr(s, name) for s in SEQUENCE]) for name in ("months", "share"))

    def root_mean_square(x: np.ndarray) -> float:
        law = weibull(np.clip(np.exp(x[0]), 0.3, 4.0), np.exp(np.clip(x[1], -6.0, 8.0)))
        fitted = share_granted(law, np.clip(x[2], 0.0, 1.0), months, convention)
        return float(np.sqrt(np.mean((fitted - shares) ** 2)))

    searched = [
        optimize.minimize(root_mean_square, start, method="Nelder-Mead", options={"maxiter": 2000, "fatol": 1e-13}).fun
        for start in ([0.5, 0.5, 0.5], [-0.5, 2.0, 0.1], [1.3, -1.0, 0.6])
    ]
    assert fit.root_mean_square <= min(searched) + 1e-9


@pytest.mark.parametrize("convention", BOTH)
def test_a_sequence_from_one_curve_is_recognised(convention: AgeConvention) -> None:
    truth = share_granted(weibull(1.3, 4.0), 0.25, [2.0, 3.0, 5.0, 8.0], convention)
    same = [Snapshot(f"p{n}", t, float(s)) for n, (t, s) in enumerate(zip([2.0, 3.0, 5.0, 8.0], truth, strict=True))]
    fit = single_curve_misfit(same, convention)
    assert fit.largest_misfit < 1e-4
    assert fit.least_possible == 0.0 and fit.excess < 0.0


def test_a_contradictory_snapshot_is_refused() -> None:
    with pytest.raises(InputError, match="EU Chamber"):
        Snapshot("EU Chamber", 5.0, 0.135, filed=19, granted=141)
    with pytest.raises(InputError, match="unit cube"):
        draw_ridge(np.full((3, 3), 2.0), SEQUENCE, AgeConvention.ONE_AGE)
