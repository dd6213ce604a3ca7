"""Rules beside a licence, one after another: known answers for each, and the regime alone as in the outlook."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.disruption.lead_time import weibull
from lodestock.disruption.outlook import Regimes, outlook
from lodestock.disruption.what_if import Rules, arrivals
from lodestock.errors import InputError

NEVER = np.array([0.0, 0.2, 0.5])
PART = np.array([1.0, 0.9, 0.8])
REGIMES = Regimes(NEVER, PART, weibull(np.array([1.0, 1.2, 0.9]), np.array([1.0, 2.0, 3.0])))


def total(rules: Rules, months: int = 24) -> np.ndarray:
    return arrivals(REGIMES, 100.0, months, rules).total()


def test_no_rule_is_the_outlook():
    alone = arrivals(REGIMES, 100.0, 24, Rules())
    np.testing.assert_allclose(alone.arrived, 100.0 * outlook(REGIMES, 5.0, 24).usable, rtol=1e-12)
    assert alone.price == 1.0
    assert not alone.expired.any()


def test_a_ban_takes_its_share_and_a_full_one_all():
    np.testing.assert_allclose(total(Rules(ban=0.3)), 0.7 * total(Rules()), rtol=1e-12)
    assert not total(Rules(ban=1.0)).any()


def test_a_general_licence_for_all_lets_all_through_and_inspection_then_costs_its_delay():
    np.testing.assert_allclose(total(Rules(general_licence_share=1.0)), 2400.0, rtol=1e-12)
    # 100 t a month, held up for 2.5 months: 250 t are missing at the end, whatever the licence would have done
    held = total(Rules(general_licence_share=1.0, inspection_months=2.5))
    np.testing.assert_allclose(held, 2400.0 - 250.0, rtol=1e-9)


def test_a_quota_binds_in_each_year_and_unused_quota_is_told():
    open_flow = Rules(general_licence_share=1.0, quota=300.0)
    found = arrivals(REGIMES, 100.0, 24, open_flow)
    np.testing.assert_allclose(found.arrived.reshape(3, 2, 12).sum(axis=-1), 300.0, rtol=1e-12)
    roomy = arrivals(REGIMES, 100.0, 12, Rules(general_licence_share=1.0, quota=1500.0))
    np.testing.assert_allclose(roomy.quota_left, 300.0, rtol=1e-12)


def test_a_tax_lowers_the_quantity_by_the_elasticity_and_refuses_nothing():
    taxed = arrivals(REGIMES, 100.0, 24, Rules(tax=0.2, elasticity=-0.5))
    np.testing.assert_allclose(taxed.total(), total(Rules()) * 1.2**-0.5, rtol=1e-12)
    assert taxed.price == pytest.approx(1.2)


def test_resubmission_brings_more_and_in_the_end_the_closed_form():
    # after many months the monthly flow is a·φ·(1 − π)/(1 − ρδ), with δ = π·refused_share
    long = arrivals(REGIMES, 100.0, 240, Rules(resubmission_rate=0.8, refused_share=0.5)).arrived[:, -1]
    np.testing.assert_allclose(long, 100.0 * PART * (1 - NEVER) / (1 - 0.8 * 0.5 * NEVER), rtol=1e-6)


def test_an_office_that_takes_up_half_halves_what_comes_and_its_queue_grows():
    slow = arrivals(REGIMES, 100.0, 12, Rules(capacity_per_month=50.0))
    np.testing.assert_allclose(slow.total(), 0.5 * total(Rules(), 12), rtol=1e-12)
    np.testing.assert_allclose(slow.wait, 12 * 50.0 / 50.0, rtol=1e-12)  # 600 t wait, 50 t a month are taken up


def test_short_validity_lapses_when_ships_are_rare_and_ties_cost_more():
    rare = arrivals(REGIMES, 100.0, 24, Rules(ship_every=4, validity_months=1))
    assert (rare.expired > 0).all()
    np.testing.assert_array_less(rare.total(), total(Rules(ship_every=4, validity_months=4)) + 1e-9)
    tied = arrivals(REGIMES, 100.0, 24, Rules(ship_every=4, validity_months=1, end_users=4))
    assert (tied.by_tie > 0).all()
    monthly = arrivals(REGIMES, 100.0, 24, Rules(end_users=4))
    np.testing.assert_allclose(monthly.total(), total(Rules()), rtol=1e-12)  # whoever ships each month loses nothing
    np.testing.assert_allclose(monthly.by_tie, 0.0, atol=1e-9)


@pytest.mark.parametrize(
    ("values", "option"),
    [
        ({"ban": 1.2}, "--ban"),
        ({"quota": -1.0}, "--quota"),
        ({"tax": float("nan")}, "--tax"),
        ({"elasticity": 0.5}, "--demand-elasticity"),
        ({"general_licence_share": 40.0}, "--general-licence-share"),
        ({"validity_months": 0}, "--validity-months"),
        ({"resubmission_rate": -0.1}, "--resubmission-rate"),
        ({"refused_share": 2.0}, "--refused-share"),
        ({"capacity_per_month": 0.0}, "--capacity-per-month"),
        ({"end_users": 0}, "--end-users"),
        ({"end_users": 10**9}, "--end-users"),
        ({"quota": 1e30}, "--quota"),
        ({"ship_every": 0}, "--ship-every"),
        ({"inspection_months": -1.0}, "--inspection-months"),
    ],
)
def test_impossible_rules_are_refused_by_name(values: dict[str, float], option: str):
    with pytest.raises(InputError) as told:
        Rules(**values)
    assert option in str(told.value)


def test_an_impossible_flow_is_refused():
    with pytest.raises(InputError, match="tonnes above 0"):
        arrivals(REGIMES, 0.0, 12, Rules())
    with pytest.raises(InputError, match="tonnes above 0"):
        arrivals(REGIMES, 100.0, 0, Rules())
