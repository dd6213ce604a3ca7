"""Lead-time laws against quadrature, direct sums and drawn samples."""

import numpy as np
import pytest
from scipy import integrate, stats

from lodestock.disruption.lead_time import (
    LeadTime,
    bridging_stock,
    fixed_delay,
    lognormal,
    weibull,
    weibull_from_median,
)
from lodestock.errors import InputError

LAWS = [weibull(1.4, 2.6), weibull(0.8, 9.0), weibull(1.6, 0.4), lognormal(2.0, 0.8), lognormal(0.3, 1.3)]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("age", [0.0, 0.3, 1.0, 7.5, 40.0])
def test_integral_of_cdf_equals_quadrature(law: LeadTime, age: float) -> None:
    by_quadrature, _ = integrate.quad(lambda t: float(law.cdf(t)), 0.0, age, epsabs=1e-12, epsrel=1e-12, limit=200)
    assert float(law.cdf_integral(age)) == pytest.approx(by_quadrature, abs=1e-9)


@pytest.mark.parametrize("law", LAWS)
def test_mean_is_the_area_above_the_cdf(law: LeadTime) -> None:
    area, _ = integrate.quad(lambda t: 1.0 - float(law.cdf(t)), 0.0, np.inf, epsabs=1e-11, limit=400)
    assert float(law.mean()) == pytest.approx(area, rel=1e-8)


@pytest.mark.parametrize(
    ("law", "oracle"),
    [
        (weibull(1.4, 2.6), stats.weibull_min(1.4, scale=2.6)),
        (weibull(0.8, 60.0), stats.weibull_min(0.8, scale=60.0)),  # the tail beyond the summed months counts
        (weibull(0.8, 300.0), stats.weibull_min(0.8, scale=300.0)),
        (lognormal(40.0, 0.9), stats.lognorm(0.9, scale=40.0)),
    ],
)
def test_whole_months_equal_the_sum_of_survival(law: LeadTime, oracle: stats.rv_continuous) -> None:
    direct = float(oracle.sf(np.arange(1, 2_000_001)).sum())
    assert float(law.mean_whole_months()) == pytest.approx(direct, rel=1e-10)
    assert float(law.mean()) == pytest.approx(float(oracle.mean()), rel=1e-12)


def test_published_means_of_the_licence_case() -> None:
    law = weibull(1.4, 2.6)  # V03: E[T] = 2.3697, E⌊T⌋ = 1.8789
    assert float(law.mean()) == pytest.approx(2.3697006830592535, abs=1e-12)
    assert float(law.mean_whole_months()) == pytest.approx(1.8788787851543596, abs=1e-12)


def test_batches_broadcast_and_agree_with_scalars() -> None:
    shape, scale = np.array([[0.9, 1.4], [1.0, 1.6]]), np.array([[1.0, 2.6], [3.0, 4.0]])
    ages = np.array([0.5, 1.0, 6.0])
    batch = weibull(shape, scale)
    assert batch.cdf(ages).shape == (2, 2, 3)
    for where in np.ndindex(2, 2):
        single = weibull(shape[where], scale[where])
        np.testing.assert_array_equal(batch.cdf(ages)[where], single.cdf(ages))
        np.testing.assert_allclose(batch.cdf_integral(ages)[where], single.cdf_integral(ages), rtol=1e-14)
        assert batch.mean_whole_months()[where] == pytest.approx(float(single.mean_whole_months()), rel=1e-14)


def test_median_gives_half() -> None:
    assert float(weibull_from_median(1.3, 2.0).cdf(2.0)) == pytest.approx(0.5, abs=1e-15)
    assert float(lognormal(2.0, 0.7).cdf(2.0)) == pytest.approx(0.5, abs=1e-15)


def test_fixed_delay_uses_a_licence_in_the_month_after_it_was_granted() -> None:
    law = fixed_delay(3.0)
    np.testing.assert_array_equal(law.cdf([2.0, 3.0, 3.5, 4.0]), [0.0, 0.0, 1.0, 1.0])
    np.testing.assert_array_equal(law.cdf_integral([2.0, 3.0, 4.5]), [0.0, 0.0, 1.5])
    assert float(law.mean_whole_months()) == 3.0
    assert float(fixed_delay(2.4).mean_whole_months()) == 2.0


def test_months_of_stock_rule_of_thumb() -> None:
    law = weibull(1.4, 2.6)  # V03-B: 18.7888 t bridges a fully approved flow of 10 t a month
    assert float(bridging_stock(10.0, law, spread_over_month=False)) == pytest.approx(18.788787851543596, abs=1e-10)
    assert float(bridging_stock(10.0, law)) == pytest.approx(23.697006830592535, abs=1e-10)
    assert float(bridging_stock(10.0, law, commercial_stock=100.0)) == 0.0


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_bad_parameters_are_named(bad: float) -> None:
    with pytest.raises(InputError, match="scale"):
        weibull(1.4, bad)
    with pytest.raises(InputError, match="median"):
        lognormal(bad, 1.0)
    if bad != 0.0:
        with pytest.raises(InputError, match="delay"):
            fixed_delay(bad)


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(InputError, match="age"):
        weibull(1.4, 2.6).cdf(-1.0)
