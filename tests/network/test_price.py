"""Prices and surplus against closed forms, quadrature and hand solutions (V06)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from lodestock.errors import InputError
from lodestock.network.price import clear, consumer_loss, demand_steps, lost_use, spatial_price


@pytest.mark.parametrize(
    ("loss", "demand", "supply", "price", "quantity", "area"),
    [
        (0.4, -0.2, 0.1, 5.489032877299479, 0.7113786608980126, 0.726195214469617),
        (0.4, -0.1, 0.05, 30.129481928074604, 0.7113786608980125, 2.2703856119493997),
        (0.1, -0.3, 0.2, 1.2345679012345678, 0.9387403933595694, 0.06811661024315845),
        (0.7, -0.5, 0.3, 4.5040005160234475, 0.47119512025029037, 1.122263064755038),
        (0.4, -0.2, 0.0, 12.86008230452675, 0.6, 1.6790123456790127),
    ],
)
def test_v06a_isoelastic(loss, demand, supply, price, quantity, area):
    found = clear(loss, demand, supply)
    assert found.price == pytest.approx(price, rel=1e-9)
    assert found.quantity == pytest.approx(quantity, rel=1e-9)
    assert found.lost_use == pytest.approx(area, rel=1e-9)
    assert (1 - loss) * found.price**supply == pytest.approx(found.price**demand, rel=1e-12)  # supply meets demand
    assert found.lost_use == pytest.approx(quad(lambda q: q ** (1 / demand), found.quantity, 1)[0], rel=1e-8)


def test_v06b_capacity_limits_the_others():
    found = clear(0.4, -0.2, 0.5, 0.7)
    assert found.price == pytest.approx(5.949901826619863, rel=1e-9)
    assert found.quantity == 0.7


def test_v06c_spatial_price_programme():
    # two markets P = 100 − q and P = 140 − q, one source of 120 t, freight 0 and 10: q = 45 and 75, P = 55 and 65
    found = spatial_price(np.array([100.0, 140.0]), np.ones(2), np.array([120.0]), np.array([[0.0, 10.0]]), 2000)
    assert found.bought == pytest.approx([45.0, 75.0], abs=0.1)
    assert found.price == pytest.approx([55.0, 65.0], abs=0.1)


def test_v06d_identity_of_an_importer():
    parts = consumer_loss(3.0, -0.2)
    assert parts.loss == pytest.approx(1.7602808566008652, abs=1e-12)
    assert parts.lost_use == pytest.approx(0.352056171320173, abs=1e-12)
    assert parts.purchase_saved == pytest.approx(0.1972584382397693, abs=1e-12)
    assert parts.terms_of_trade == pytest.approx(1.6054831235204614, abs=1e-12)
    assert parts.loss == pytest.approx(parts.lost_use - parts.purchase_saved + parts.terms_of_trade, abs=1e-12)


def test_capped_area_against_quadrature():
    for cap in (1.5, 4.0, 20.0):
        for quantity in (0.0, 0.3, 0.8):
            exact = quad(lambda q, top=cap: min(top, q ** (1 / -0.3)) if q > 0 else top, quantity, 1, limit=400)[0]
            assert lost_use(quantity, -0.3, cap) == pytest.approx(exact, rel=1e-6)
    assert lost_use(0.5, -1.0) == pytest.approx(np.log(2.0), rel=1e-12)


def test_steps_keep_the_area():
    values, widths = demand_steps(-0.3, 40, 12.0)
    assert (values * widths).sum() == pytest.approx(lost_use(0.0, -0.3, 12.0), rel=1e-12)
    assert (np.diff(values) <= 1e-12).all()
    assert values.max() <= 12.0 + 1e-9


def test_senseless_elasticities_are_refused():
    with pytest.raises(InputError, match="elasticity"):
        clear(0.4, 0.2, 0.1)
    with pytest.raises(InputError, match="served quantity"):
        lost_use(0.0, -0.2)
