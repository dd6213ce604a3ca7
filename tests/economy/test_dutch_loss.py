"""A country's loss counts every tonne once (MODEL 6.3, 6.4; V06-D)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from lodestock.economy import dutch_loss
from lodestock.errors import InputError


def test_parts_of_the_surplus_loss_when_the_price_triples():
    parts = dutch_loss.surplus_loss(-0.2, 3.0)
    assert parts.use_lost == pytest.approx(0.352056171320173, rel=1e-9)
    assert parts.purchase_saved == pytest.approx(0.1972584382397693, rel=1e-12)
    assert parts.transfer == pytest.approx(1.6054831235204614, rel=1e-12)
    assert parts.total == pytest.approx(1.7602808566008652, rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(
    elasticity=st.floats(-3, -0.05).filter(lambda e: abs(e + 1) > 1e-3), price=st.floats(0.5, 8), before=st.floats(1, 5)
)
def test_the_parts_add_up_to_the_area_left_of_demand(elasticity, price, before):
    parts = dutch_loss.surplus_loss(elasticity, price * before, price0=before, quantity0=7.0)
    area, _ = quad(lambda p: 7.0 * (p / before) ** elasticity, before, price * before)
    assert parts.total == pytest.approx(area, rel=1e-7, abs=1e-7)


def test_a_country_without_price_change_loses_only_value_added():
    lost = np.array([[10.0, 4.0], [6.0, 0.0]])
    loss = dutch_loss.national_loss(lost, np.array([0.5, 0.25]))
    np.testing.assert_allclose(loss.lost, [8.0, 3.0])
    assert loss.total == pytest.approx(11.0)


def test_each_part_enters_once_with_its_sign():
    toll = float(dutch_loss.terms_of_trade(np.array(120.0), np.array(90.0), np.array(50.0), np.array(300.0)))
    assert toll == pytest.approx(30 * 50 - 300)
    loss = dutch_loss.national_loss(
        np.array([100.0]), np.array([0.0]), terms_of_trade=toll, stock_value_change=40.0, public_cost=15.0
    )
    assert loss.total == pytest.approx(100 + 1200 - 40 + 15)


def test_recapture_outside_its_range_is_refused():
    with pytest.raises(InputError, match=r"sector 1: 1\.2"):
        dutch_loss.after_recapture(np.ones(2), np.array([0.3, 1.2]))


def test_jobs_go_with_value_added():
    np.testing.assert_allclose(dutch_loss.jobs(np.array([2e6, 0.0]), np.array([1e-5, 2e-5])), [20.0, 0.0])


def test_service_levels_are_physical_and_not_priced():
    level = dutch_loss.service_level(
        "MRI scanners", "scanners", np.array([10.0, 10, 0, 10]), np.array([10.0, 7, 0, 9]), 0.8
    )
    np.testing.assert_allclose(level.level, [1.0, 0.7, np.nan, 0.9])
    assert (level.lowest, level.months_below, level.short) == (pytest.approx(0.7), 1, pytest.approx(4.0))
    assert level.mean == pytest.approx(26 / 30)
    with pytest.raises(InputError, match=r"month 1: 12 > 10"):
        dutch_loss.service_level("grid", "transformers", np.array([10.0, 10]), np.array([5.0, 12]), 1.0)
