"""Processing cost against closed forms, numpy-financial and Black's formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lodestock.errors import InputError
from lodestock.measures.processing_cost import (
    Plant,
    Schedule,
    break_even_floor,
    contract_for_difference,
    offtake_floor,
    price_paths,
    processing_cost,
)

VALUES = {
    "capital": 45e6, "capacity": 1000.0, "recovery": 0.9, "energy": 9.0, "energy_price": 90.0, "feed_price": 14000.0,
    "other": 6000.0, "staff": 80.0, "wage": 75000.0, "upkeep": 0.03, "price": 38000.0, "by_products": 500.0,
    "wacc": 0.1,
}  # fmt: skip
RAMPED = Schedule(2, 15, (0.4, 0.7))


def _plant(draws=1, **changes):
    return Plant(**{name: np.full(draws, float(value)) for name, value in (VALUES | changes).items()})


def test_closed_form_without_ramp():
    found = processing_cost(_plant(), Schedule(1, 15, ()))
    annuity = 0.1 / (1 - 1.1**-15)
    by_hand = (45e6 * annuity + 80 * 75000 + 0.03 * 45e6) / 1000 + 9 * 90 + 14000 / 0.9 + 6000 - 500
    assert found.levelised[0] == pytest.approx(by_hand, rel=1e-12)
    assert found.premium[0] == pytest.approx(by_hand - 38000, rel=1e-12)
    assert found.levelised[0] == pytest.approx(sum(part[0] for part in found.parts.values()), rel=1e-14)


def _flows(price, schedule=RAMPED):
    """The yearly cash flows, written out one by one."""
    flows = [0.0] * (schedule.build + schedule.life)
    for year in range(schedule.build):
        flows[year] -= 45e6 / schedule.build
    for k in range(schedule.life):
        made = 1000.0 * (schedule.ramp[k] if k < len(schedule.ramp) else 1.0)
        unit = price + 500 - 9 * 90 - 14000 / 0.9 - 6000
        flows[schedule.build + k] += made * unit - 80 * 75000 - 0.03 * 45e6
    return flows


def test_net_present_value_against_numpy_financial():
    found = processing_cost(_plant(), RAMPED)
    assert found.npv[0] == pytest.approx(npf.npv(0.1, _flows(38000.0)), rel=1e-11)
    assert npf.npv(0.1, _flows(found.levelised[0])) == pytest.approx(0.0, abs=1e-5)
    # the return at which the value is zero is the one that numpy-financial finds
    rate = npf.irr(_flows(38000.0))
    assert processing_cost(_plant(wacc=rate), RAMPED).npv[0] == pytest.approx(0.0, abs=1.0)


def test_a_contract_at_the_levelised_cost_breaks_even_whatever_the_price():
    plant = _plant(2000, wacc=0.0)
    rng = np.random.default_rng(1)
    prices = price_paths(np.full(2000, 30000.0), np.full(2000, 0.4), rng.standard_normal((2000, 15)))
    strike = float(processing_cost(plant, RAMPED).levelised[0])
    found = contract_for_difference(plant, RAMPED, prices, strike, np.zeros(2000), 15)
    assert found.npv == pytest.approx(np.zeros(2000), abs=1e-4)
    assert found.cost == pytest.approx(((strike - prices) * found.payments / (strike - prices)).sum(axis=1), rel=1e-9)
    assert (found.payments < 0.0).any()  # in dear years the plant pays back


def test_the_state_pays_an_annuity():
    plant = _plant()
    level = np.full((1, 15), 38000.0)
    found = contract_for_difference(plant, Schedule(1, 15, ()), level, 40000.0, np.array([0.02]), 10)
    assert found.cost[0] == pytest.approx(-npf.pv(0.02, 10, 2000.0 * 1000.0), rel=1e-12)
    assert found.per_tonne[0] == pytest.approx(2000.0, rel=1e-12)
    assert found.payments[0, 9] == 2e6 and found.payments[0, 10] == 0.0


def test_a_floor_against_black():
    draws = 400_000
    rng = np.random.default_rng(2)
    prices = price_paths(np.full(draws, 38000.0), np.full(draws, 0.3), rng.standard_normal((draws, 1)))
    found = offtake_floor(_plant(draws), Schedule(1, 1, ()), prices, 35000.0, np.zeros(draws), 1)
    d1 = (np.log(38000 / 35000) + 0.5 * 0.09) / 0.3
    put = 35000 * norm.cdf(-(d1 - 0.3)) - 38000 * norm.cdf(-d1)
    paid = found.payments[:, 0] / 1000.0
    assert paid.mean() == pytest.approx(put, abs=4 * paid.std() / np.sqrt(draws))
    assert prices.mean() == pytest.approx(38000, abs=4 * prices.std() / np.sqrt(draws))


def test_the_lowest_floor_breaks_even_on_average():
    rng = np.random.default_rng(3)
    plant = _plant(500, price=28000)
    prices = price_paths(plant.price, np.full(500, 0.3), rng.standard_normal((500, 15)))
    floor = break_even_floor(plant, RAMPED, prices, 15)
    assert offtake_floor(plant, RAMPED, prices, floor, plant.wacc, 15).npv.mean() == pytest.approx(0.0, abs=1.0)
    assert break_even_floor(_plant(500, price=90000), RAMPED, np.full((500, 15), 90000.0), 15) is None


@given(st.sampled_from(["capital", "energy", "energy_price", "feed_price", "other", "staff", "wage", "upkeep", "wacc"]))
def test_dearer_inputs_never_make_it_cheaper(name):
    low, high = processing_cost(_plant(), RAMPED), processing_cost(_plant(**{name: VALUES[name] * 1.2}), RAMPED)
    assert high.levelised[0] > low.levelised[0]


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="above 0"):
        _plant(capacity=0)
    with pytest.raises(InputError, match="at most 1"):
        _plant(recovery=1.1)
    with pytest.raises(InputError, match="one length"):
        replace(_plant(), wacc=np.array([0.1, 0.2]))
    with pytest.raises(InputError, match="1 year or more"):
        Schedule(0, 10, ())
    with pytest.raises(InputError, match="shares of capacity"):
        Schedule(1, 1, (0.0,))
    with pytest.raises(InputError, match="life of the plant"):
        offtake_floor(_plant(), RAMPED, np.ones((1, 15)), 1.0, np.zeros(1), 16)
    with pytest.raises(InputError, match="row per draw"):
        offtake_floor(_plant(), RAMPED, np.ones((1, 14)), 1.0, np.zeros(1), 10)
    with pytest.raises(InputError, match="0 or more"):
        price_paths(np.ones(1), -np.ones(1), np.zeros((1, 2)))
