"""Licence cohorts: published answers (V03), identities, a simulation in continuous time, properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from lodestock.disruption.lead_time import FloatArray, fixed_delay, lognormal, weibull
from lodestock.disruption.licence import (
    delayed_arrivals,
    office_queue,
    permanent_loss_rate,
    ship_with_validity,
    shortage_until_random_end,
    steady_queue,
    transitional_loss,
    usable_licences,
)
from lodestock.disruption.lots import CohortMoments, GrantedFraction, cohort_moments, draw_usable_licences
from lodestock.errors import InputError

LAW = weibull(1.4, 2.6)
shares = st.floats(0.0, 1.0)
volumes = st.lists(st.floats(0.0, 1e4), min_size=1, max_size=12)


def first_day(applications: FloatArray, months: int | None = None) -> FloatArray:
    return usable_licences(
        applications, never_granted=0.25, granted_fraction=0.9, law=LAW, spread_over_month=False, months=months
    )


def test_first_months_of_a_constant_flow_match_the_published_case() -> None:
    usable = first_day(np.full(24, 10.0))
    np.testing.assert_allclose(usable[:3], [1.5581083873621597, 3.3731356326612243, 4.760819079844477], rtol=1e-12)
    assert usable[-1] == pytest.approx(6.749999998806638, abs=1e-9)


def test_transitional_loss_is_littles_law_in_both_conventions() -> None:
    # long enough that every lead time is over; the sum telescopes to a·(1−π)·φ·E[T] or E⌊T⌋
    for spread, waited in ((True, LAW.mean()), (False, LAW.mean_whole_months())):
        usable = usable_licences(
            np.full(400, 10.0), never_granted=0.25, granted_fraction=0.9, law=LAW, spread_over_month=spread
        )
        lost = (10.0 * 0.75 * 0.9 - usable).sum()
        assert lost == pytest.approx(6.75 * float(waited), abs=1e-9)
        assert float(transitional_loss(10.0, 0.25, 0.9, LAW, spread_over_month=spread)) == pytest.approx(lost, abs=1e-9)
    assert float(permanent_loss_rate(10.0, 0.25, 0.9)) == pytest.approx(3.25, abs=1e-12)


def test_spread_filing_equals_quadrature_over_the_filing_moment() -> None:
    usable = usable_licences(np.array([5.0]), never_granted=0.1, granted_fraction=0.8, law=LAW, months=6)
    for month in range(6):
        upper, _ = integrate.quad(lambda filed: float(LAW.cdf(month + 1 - filed)), 0.0, 1.0)  # noqa: B023
        lower = 0.0
        if month:
            lower, _ = integrate.quad(lambda filed: float(LAW.cdf(month - filed)), 0.0, 1.0)  # noqa: B023
        assert usable[month] == pytest.approx(5.0 * 0.9 * 0.8 * (upper - lower), abs=1e-10)


def test_spread_filing_equals_a_simulation_of_single_cases() -> None:
    rng = np.random.default_rng(20250404)
    size, months = 200_000, 8
    filed = rng.uniform(0.0, months, size)
    decided = filed + 2.6 * rng.weibull(1.4, size)
    granted = rng.random(size) >= 0.3
    counts = np.histogram(decided[granted], bins=np.arange(months + 1))[0]
    expected = usable_licences(np.full(months, 1.0), never_granted=0.3, granted_fraction=1.0, law=LAW)
    share = counts / size * months
    error = np.sqrt(np.maximum(expected / months, 1e-9) / size) * months
    assert np.all(np.abs(share - expected) < 4.0 * error)


def test_varying_applications_superpose() -> None:
    filed = np.array([3.0, 0.0, 7.0, 1.0])
    parts = sum(first_day(np.eye(4)[u] * filed[u], months=10) for u in range(4))
    np.testing.assert_allclose(first_day(filed, months=10), parts, rtol=1e-13)


def test_draws_agree_with_one_at_a_time_for_shared_and_own_applications() -> None:
    rng = np.random.default_rng(7)
    never, shape, scale = rng.uniform(0, 0.6, 5), rng.uniform(0.8, 1.6, 5), rng.uniform(1, 6, 5)
    filed = rng.uniform(0, 9, (5, 12))
    law = weibull(shape, scale)
    own = usable_licences(filed, never_granted=never, granted_fraction=0.9, law=law)
    shared = usable_licences(filed[0], never_granted=never, granted_fraction=0.9, law=law)
    assert own.shape == shared.shape == (5, 12)
    for n in range(5):
        single = weibull(shape[n], scale[n])
        for answer, volume in ((own[n], filed[n]), (shared[n], filed[0])):
            alone = usable_licences(volume, never_granted=never[n], granted_fraction=0.9, law=single)
            np.testing.assert_allclose(answer, alone, rtol=1e-12, atol=1e-14)


@given(filed=volumes, never=shares, fraction=shares, scale=st.floats(0.05, 60.0), unit=st.sampled_from([1e-3, 1e3]))
def test_licences_never_exceed_applications_and_scale_with_units(
    filed: list[float], never: float, fraction: float, scale: float, unit: float
) -> None:
    law = lognormal(scale, 0.8)
    volume = np.array(filed)
    usable = usable_licences(volume, never_granted=never, granted_fraction=fraction, law=law, months=24)
    assert np.all(usable >= -1e-9)
    assert usable.sum() <= volume.sum() * (1.0 - never) * fraction * (1.0 + 1e-12) + 1e-9
    scaled = usable_licences(volume * unit, never_granted=never, granted_fraction=fraction, law=law, months=24)
    np.testing.assert_allclose(scaled, usable * unit, rtol=1e-12, atol=1e-12)


def test_a_ban_gives_nothing_and_no_regime_gives_everything() -> None:
    filed = np.full(6, 4.0)
    assert not usable_licences(filed, never_granted=1.0, granted_fraction=1.0, law=LAW).any()
    at_once = usable_licences(filed, never_granted=0.0, granted_fraction=1.0, law=fixed_delay(0.0))
    np.testing.assert_array_equal(at_once, filed)


def test_inspection_only_delays() -> None:
    arrived = delayed_arrivals(np.full(36, 12.0), fixed_delay(0.75))
    np.testing.assert_allclose(arrived[:2], [3.0, 12.0], atol=1e-12)
    assert (12.0 - arrived).sum() == pytest.approx(12.0 * 0.75, abs=1e-9)
    slow = delayed_arrivals(np.full(400, 12.0), LAW)
    assert (12.0 - slow).sum() == pytest.approx(12.0 * float(LAW.mean()), abs=1e-8)


def test_licences_lapse_oldest_first() -> None:
    granted = first_day(np.full(12, 10.0))
    wanted = np.array([1, 1, 1, 1, 1, 1, 1, 30, 10, 10, 10, 10], dtype=float)
    short, long = ship_with_validity(granted, wanted, 3), ship_with_validity(granted, wanted, 12)
    assert short.shipped[7] == pytest.approx(19.803727610198177, abs=1e-9)  # V03-C
    assert long.shipped[7] == pytest.approx(30.0, abs=1e-12)
    assert long.shipped[9] == pytest.approx(7.8233007328770094, abs=1e-9)
    np.testing.assert_allclose(short.shipped[8:], granted[8:], rtol=1e-12)


@given(
    granted=st.lists(st.floats(0, 100), min_size=8, max_size=8),
    wanted=st.lists(st.floats(0, 100), min_size=8, max_size=8),
    validity=st.integers(1, 9),
)
def test_every_licensed_tonne_is_shipped_expired_or_in_balance(
    granted: list[float], wanted: list[float], validity: int
) -> None:
    use = ship_with_validity(granted, wanted, validity)
    accounted = use.shipped.sum() + use.expired.sum() + use.balance[-1]
    assert accounted == pytest.approx(sum(granted), rel=1e-9, abs=1e-9)
    assert np.all(use.shipped <= np.array(wanted) + 1e-9)
    longer = ship_with_validity(granted, wanted, validity + 1)
    assert longer.shipped.sum() >= use.shipped.sum() - 1e-9


def test_office_that_falls_behind() -> None:
    queue = office_queue(np.full(12, 120.0), 100.0)
    np.testing.assert_array_equal(queue.backlog, 20.0 * np.arange(13))
    assert queue.wait[-1] == pytest.approx(2.4, abs=1e-12)
    draining = office_queue(np.zeros(3), 100.0, initial_backlog=250.0)
    np.testing.assert_array_equal(draining.backlog, [250.0, 150.0, 50.0, 0.0])


def test_steady_queue_obeys_littles_law() -> None:
    queue = steady_queue(80.0, 100.0)
    assert (queue.cases, queue.months_in_office, queue.months_waiting) == pytest.approx((4.0, 0.05, 0.04), abs=1e-12)
    assert queue.cases == pytest.approx(80.0 * queue.months_in_office, abs=1e-12)
    with pytest.raises(InputError, match="settles"):
        steady_queue(100.0, 100.0)


def test_random_end_matches_the_published_case_and_a_simulation() -> None:
    exact = float(
        shortage_until_random_end(
            10.0, 10.0, never_granted=0.25, granted_fraction=0.9, law=LAW, end_probability=0.05, spread_over_month=False
        )
    )
    assert exact == pytest.approx(76.93854799453821, abs=1e-9)  # V03-E
    rng = np.random.default_rng(3)
    lasted = rng.geometric(0.05, 40_000)  # months in which the regime holds
    short = np.cumsum(10.0 - first_day(np.full(int(lasted.max()), 10.0)))
    totals = short[lasted - 1]
    assert abs(totals.mean() - exact) < 4.0 * totals.std() / np.sqrt(totals.size)


def test_variance_of_lots_matches_formula_and_drawn_histories() -> None:
    fraction = GrantedFraction(9.0, 1.0)
    moments = cohort_moments(4, 2.5, 0.75 * float(LAW.cdf(5.0)), fraction)
    assert moments == CohortMoments(
        pytest.approx(6.194826215236987, abs=1e-9), pytest.approx(4.485182529928118, abs=1e-9)
    )  # type: ignore[arg-type]
    draws = draw_usable_licences(
        np.random.default_rng(11), [4], 2.5, never_granted=0.25, fraction=fraction, law=LAW, draws=40_000, months=5,
        spread_over_month=False,
    )  # fmt: skip
    total = draws.sum(axis=1)
    assert abs(total.mean() - moments.mean) < 4.0 * total.std() / 200.0
    fourth = ((total - total.mean()) ** 4).mean()
    assert abs(total.var() - moments.variance) < 4.0 * np.sqrt((fourth - total.var() ** 2) / 40_000)


def test_lots_average_to_the_expected_path() -> None:
    lots = np.array([3, 0, 5, 2])
    expected = usable_licences(
        lots * 1.5, never_granted=0.2, granted_fraction=1.0, law=LAW, spread_over_month=True, months=9
    )
    draws = draw_usable_licences(
        np.random.default_rng(5), lots, 1.5, never_granted=0.2, fraction=GrantedFraction(1.0, 0.0), law=LAW,
        draws=20_000, months=9,
    )  # fmt: skip
    error = draws.std(axis=0) / np.sqrt(20_000)
    assert np.all(np.abs(draws.mean(axis=0) - expected) < 4.0 * error + 1e-12)


@settings(max_examples=50)
@given(st.integers(0, 10_000))
def test_the_same_seed_gives_the_same_history(seed: int) -> None:
    one, two = (
        draw_usable_licences(
            np.random.default_rng(seed), [2, 1], 1.0, never_granted=0.3, fraction=GrantedFraction(2.0, 1.0), law=LAW,
            draws=3,
        )
        for _ in range(2)
    )  # fmt: skip
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan])
def test_shares_outside_their_range_are_refused(bad: float) -> None:
    with pytest.raises(InputError, match="never_granted"):
        usable_licences([1.0], never_granted=bad, granted_fraction=1.0, law=LAW)


def test_missing_volumes_are_refused_not_filled() -> None:
    with pytest.raises(InputError, match="applications"):
        usable_licences([1.0, np.nan], never_granted=0.1, granted_fraction=1.0, law=LAW)
    with pytest.raises(InputError, match="month axis"):
        usable_licences(1.0, never_granted=0.1, granted_fraction=1.0, law=LAW)
