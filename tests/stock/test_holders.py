"""Public, public-private and private beside each other (MODEL §7.7; V01-C and V01-E)."""

import math

import pytest

from lodestock.errors import InputError
from lodestock.stock.carry import CarryTerms
from lodestock.stock.holders import Financing, Holder, HolderCase, Rates, compare_holders, yearly_cost
from lodestock.stock.one_shot import ExponentialNeed

TERMS = CarryTerms(discount_rate=0.0225, storage=0.02, insurance=0.005, obsolescence=0.01, rotation=0.03, shelf_life=5)
SAME = Rates(0.0225, 0.0225, 0.0225)


def case(rates=SAME, terms=TERMS, public_first=False, private_loss=120.0) -> HolderCase:
    return HolderCase(ExponentialNeed(0.12, 50.0), 140.0, terms, rates, 20, 300.0, private_loss, public_first)


def by_financing(which: HolderCase):
    return {outcome.financing: outcome for outcome in compare_holders(which)}


def test_published_gap_at_a_yearly_cost_of_8():
    """V01-C: h = 8, v = 300 and 120: firms hold 29.389, society wants 75.204; 4.8 of 8 closes the gap."""
    terms = CarryTerms(discount_rate=0.0, storage=8.0 / 140.0)  # one k€/t price of 140: 8 k€/t a year
    found = by_financing(case(Rates(0.0, 0.0, 0.0), terms))
    assert found[Financing.OWN].tonnes == pytest.approx(29.38933324510595)
    assert found[Financing.OBLIGATION].tonnes == pytest.approx(75.2038698388)
    assert found[Financing.SUBSIDY].public_cost == pytest.approx(4.8 * 75.2038698388)
    assert found[Financing.OPTION].public_cost == pytest.approx(8.0 * (75.2038698388 - 29.38933324510595))
    assert found[Financing.OBLIGATION].total == pytest.approx(1001.6309587105)


def test_total_is_cost_plus_the_loss_that_is_left():
    for outcome in compare_holders(case(Rates(0.0225, 0.03, 0.08, 0.002))):
        assert outcome.total == pytest.approx(outcome.public_cost + outcome.users_cost + outcome.loss_left)
        left = 300.0 * 0.12 * 50.0 * math.exp(-outcome.tonnes / 50.0)
        assert outcome.loss_left == pytest.approx(left)


def test_doing_more_than_firms_do_is_better_for_society():
    found = compare_holders(case(Rates(0.0225, 0.03, 0.08, 0.002)))
    assert found[-1].holder is Holder.PRIVATE
    assert all(outcome.net_added >= 0.0 for outcome in found)


def test_public_stock_released_first_replaces_private_stock():
    last, first = by_financing(case())[Financing.BUDGET], by_financing(case(public_first=True))[Financing.BUDGET]
    assert first.private == 0.0
    assert last.private > 0.0
    assert first.public_cost > last.public_cost
    assert first.net_added == pytest.approx(first.tonnes - last.private)


def test_a_dearer_firm_makes_the_state_cheaper():
    found = by_financing(case(Rates(0.0225, 0.03, 0.12), CarryTerms(discount_rate=0.0225, storage=0.02)))
    assert found[Financing.BUDGET].total < found[Financing.OBLIGATION].total


def test_firms_rotate_without_cost():
    public = yearly_cost(140.0, TERMS, 20, Financing.BUDGET, SAME)
    assert yearly_cost(140.0, TERMS, 20, Financing.OBLIGATION, SAME) < public
    running = Rates(0.0225, 0.0225, 0.0225, 0.002)
    extra = yearly_cost(140.0, TERMS, 20, Financing.LEVY, running) - public
    assert extra == pytest.approx(0.002 * 140.0, rel=1e-6)


def test_a_firm_that_bears_the_whole_loss_holds_what_society_wants():
    found = by_financing(case(private_loss=300.0))
    assert found[Financing.OBLIGATION].net_added == pytest.approx(0.0)
    assert found[Financing.SUBSIDY].public_cost == pytest.approx(0.0, abs=1e-9)


def test_a_private_loss_above_the_social_loss_is_refused():
    with pytest.raises(InputError, match="cannot lose more"):
        case(private_loss=301.0)
