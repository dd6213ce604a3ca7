"""Instruments of alliances: each computed for what it does (MODEL §7.8)."""

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.stock.alliances import Instrument, Members, alone, within
from lodestock.stock.coalition import stock_game

NEED = np.array([[0, 0, 0], [4, 30, 20], [0, 25, 0], [6, 0, 10], [3, 0, 0], [0, 10, 18]], dtype=float)
CHANCE = np.array([0.8, 0.06, 0.04, 0.04, 0.03, 0.03])
VALUE = np.array([400.0, 300.0, 250.0])
THREE = Members(("NLD", "DEU", "FRA"), NEED, CHANCE, VALUE, 8.0)


def test_alone_is_what_the_cost_game_says():
    game = stock_game(THREE.names, NEED, CHANCE, VALUE, 8.0)
    assert alone(THREE).cost == pytest.approx(game.alone)
    assert alone(THREE).worst_service == pytest.approx([1.0, 1.0, 1.0])


def test_a_common_stock_costs_all_together_what_the_cost_game_says():
    game = stock_game(THREE.names, NEED, CHANCE, VALUE, 8.0)
    assert within(THREE, Instrument.COMMON_STOCK).total == pytest.approx(game.grand)


def test_buying_together_lowers_the_cost_only():
    cheap = within(THREE, Instrument.JOINT_PURCHASE, discount=0.1)
    assert cheap.total == pytest.approx(0.9 * alone(THREE).total)  # everything needed is held, nothing is lost
    assert within(THREE, Instrument.JOINT_PURCHASE).total == pytest.approx(alone(THREE).total)


def test_sharing_helps_only_when_shocks_differ():
    dear = Members(THREE.names, NEED, CHANCE, np.array([100.0, 100.0, 100.0]), 8.0)
    apart, shared = alone(dear), within(dear, Instrument.EMERGENCY_SHARING)
    assert shared.total <= apart.total + 1e-9
    common = np.array([[0.0, 0.0, 0.0], [10.0, 20.0, 30.0]])
    same = Members(THREE.names, common, np.array([0.9, 0.1]), VALUE, 8.0)
    for instrument in (Instrument.EMERGENCY_SHARING, Instrument.COMMON_STOCK):
        assert within(same, instrument).total == pytest.approx(alone(same).total)


def test_sharing_by_hand():
    need = np.array([[10.0, 0.0], [0.0, 10.0], [20.0, 0.0]])
    pair = Members(("a", "b"), need, np.array([0.45, 0.45, 0.1]), np.array([100.0, 100.0]), 40.0)
    assert alone(pair).stock == pytest.approx([10.0, 10.0])
    assert alone(pair).worst_service == pytest.approx([0.5, 1.0])
    assert within(pair, Instrument.EMERGENCY_SHARING).worst_service == pytest.approx([1.0, 1.0])
    assert within(pair, Instrument.EMERGENCY_SHARING).total == pytest.approx(alone(pair).total - 0.1 * 10 * 100)


def test_a_promise_that_is_not_kept_is_worth_nothing():
    pair = Members(("a", "b"), NEED[:, :2], CHANCE, VALUE[:2], 8.0)
    none = within(pair, Instrument.EMERGENCY_SHARING, credibility=0.0)
    assert none.cost == pytest.approx(alone(pair).cost)
    broken = within(THREE, Instrument.COMMON_STOCK, credibility=0.5)
    assert broken.total > within(THREE, Instrument.COMMON_STOCK).total
    assert (broken.worst_service <= within(THREE, Instrument.COMMON_STOCK).worst_service).all()


def test_shares_out_of_range_are_refused():
    with pytest.raises(InputError, match="out of range"):
        within(THREE, Instrument.JOINT_PURCHASE, discount=1.0)
