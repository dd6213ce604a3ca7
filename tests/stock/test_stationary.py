"""Stationary stocks: closed form, value iteration, linear systems and the published oil-reserve optimum (V02)."""

import numpy as np
import pytest

from lodestock.errors import InputError, SolverError
from lodestock.stock.lp import Coordinates, LinearProgram
from lodestock.stock.stationary import (
    GeometricDisruption,
    OilReserve,
    best_level,
    cost_with_best_stock,
    cost_without_stock,
    evaluate_policy,
    geometric_cost,
    policy_iteration,
    unit_worth,
    value_iteration,
)

BETA = 0.9975397977501389  # 3 % a year, per month


def case(start=0.02, end=0.15, loss=3.0, holding=0.006) -> GeometricDisruption:
    return GeometricDisruption(start, end, holding, loss, 1.0, BETA)


def reserve() -> OilReserve:
    """GAMS model library, markov.gms (SEQ 82), after Teisberg 1981."""
    return OilReserve(3.0 * np.arange(8), np.array([0.0, 11.0]), -130.0, 342.0, 0.1, 0.25, 110.0, 34.526, 0.32)


MARKET = np.array([[0.8, 0.2], [0.5, 0.5]])


def test_worth_of_each_unit_is_the_published_one():
    expected = [11.297972840482764, 9.056636156819184, 7.156186996024198, 5.544779375254467]
    net = unit_worth(case(), 30) - 1.0
    assert net[:4] == pytest.approx(expected, rel=1e-10)
    assert net[8:10] == pytest.approx([0.49845655444132264, -0.10036904119126866], rel=1e-9)
    assert net[29] == pytest.approx(-3.3156471584701532, rel=1e-10)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, 9),
        ({"start": 0.01}, 5),
        ({"end": 0.1}, 14),
        ({"loss": 10.0}, 18),
        ({"holding": 0.003}, 12),
        ({"start": 0.005}, 1),
        ({"loss": 1.5}, 1),
    ],
)
def test_best_level_in_closed_form_and_by_iteration(change, level):
    assert best_level(case(**change)) == level
    cost, move = geometric_cost(case(**change), 81)
    assert policy_iteration(cost, move, BETA).leaving[0, 0] == level


def test_cost_for_ever_three_ways():
    assert cost_without_stock(case()) == pytest.approx((141.40874529294626, 158.8463509957158), rel=1e-10)
    assert cost_with_best_stock(case()) == pytest.approx(97.41402153313118, rel=1e-10)
    cost, move = geometric_cost(case(), 81)
    found = policy_iteration(cost, move, BETA)
    assert found.value[0, 0] == pytest.approx(97.41402153313118, rel=1e-10)
    assert found.value[1, 0] == pytest.approx(115.5632787864568, rel=1e-9)
    iterated = value_iteration(cost, move, BETA, tolerance=1e-7)
    assert np.abs(iterated.value - found.value).max() <= iterated.error + 1e-9


def test_oil_reserve_reaches_the_published_optimum_and_policy():
    cost = reserve().cost()
    found = value_iteration(cost, MARKET, 0.95)
    assert 0.0625 * found.value.sum() == pytest.approx(2401.5772541458573, rel=1e-10)
    assert (3 * found.leaving[0]).tolist() == [3, 3, 6, 6, 9, 12, 15, 18]
    assert (3 * found.leaving[1]).tolist() == [0, 0, 3, 3, 6, 9, 9, 12]
    price = reserve().price()
    assert price[0, 0, 0] == pytest.approx(34.52618898934282, rel=1e-12)
    assert price[1, 0, 0] == pytest.approx(55.19582603320931, rel=1e-12)


def test_oil_reserve_by_linear_programme_is_the_same():
    """max Σ V/16 with V(s) ≤ cost of every move: the form in which the model was published."""
    cost = reserve().cost()
    row, column, value, right = [], [], [], []
    for i in range(2):
        for s in range(8):
            for to in range(8):
                coefficient = np.zeros(16)
                coefficient[i * 8 + s] += 1.0
                for j in range(2):
                    coefficient[j * 8 + to] -= 0.95 * MARKET[i, j]
                at = np.nonzero(coefficient)[0]
                row += [len(right)] * at.size
                column += at.tolist()
                value += coefficient[at].tolist()
                right.append(cost[i, s, to])
    matrix = Coordinates(np.array(row), np.array(column), np.array(value))
    free = np.full(16, np.inf)
    program = LinearProgram(np.full(16, -0.0625), -free, free, matrix, np.full(len(right), -np.inf), np.array(right))
    assert -program.solve().value == pytest.approx(2401.5772541458573, rel=1e-9)


def test_evaluating_the_optimal_policy_gives_its_value():
    cost = reserve().cost()
    found = policy_iteration(cost, MARKET, 0.95)
    assert evaluate_policy(cost, MARKET, 0.95, found.leaving) == pytest.approx(found.value, rel=1e-12)
    worse = evaluate_policy(cost, MARKET, 0.95, np.zeros_like(found.leaving))
    assert (worse >= found.value - 1e-9).all()


def test_stopping_early_is_an_error_with_its_bound():
    with pytest.raises(SolverError, match="known to ±"):
        value_iteration(reserve().cost(), MARKET, 0.95, most=5)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="do not sum to 1"):
        value_iteration(reserve().cost(), MARKET * 0.9, 0.95)
    with pytest.raises(InputError, match="out of range"):
        GeometricDisruption(0.0, 0.15, 0.006, 3.0, 1.0, BETA)
    with pytest.raises(InputError, match="negative"):
        GeometricDisruption(0.1, 0.15, -0.006, 3.0, 1.0, BETA)
