"""Release rules against the optimal release, exactly (MODEL §7.6, case V24)."""

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.stock.dynamic_programme import solve_grid
from lodestock.stock.release import Release, ReleaseRule, compare_rules, evaluate_rule

from .regime import regime

V24 = [
    (5, "licence", 7.0, 145.86828532814786, 202.79277582871578, 146.0510343558807),
    (20, "licence", 7.0, 47.873555554017486, 72.39615942107602, 51.25528915841527),
    (30, "licence", 7.0, 33.4932384681012, 42.65608290592486, 49.38497072865937),
    (40, "licence", 7.0, 35.67715350918678, 38.00340071704138, 58.162308115122926),
    (10, "licence", 3.0, 132.44513864518206, 188.20583336310892, 132.70143509149005),
    (40, "licence", 3.0, 33.56260778613758, 38.5312835307537, 54.15638216719466),
    (5, "ban", 0.0, 419.4820978313107, 419.4820978313107, 419.4820978313107),
    (20, "ban", 0.0, 125.15034841305975, 201.38478927097196, 125.88340962065516),
    (30, "ban", 0.0, 60.7822087790057, 107.51253793682011, 64.31995386450916),
    (40, "ban", 0.0, 40.02899078913685, 59.749168284421934, 52.88995677189735),
]
GREEDY, HIGH = ReleaseRule(Release.GREEDY), ReleaseRule(Release.HIGH_VALUE)


def stock_without_purchases():
    return regime(buy=False, holding=0.3, steps=((3.0, 2.0), (np.inf, 30.0)))


@pytest.mark.parametrize(("stock", "state", "supply", "optimal", "greedy", "high"), V24)
def test_rules_cost_what_was_published(stock, state, supply, optimal, greedy, high):
    data = stock_without_purchases()
    costs = {c.rule.kind: c for c in compare_rules(data, 6, (GREEDY, HIGH), start=(state, supply), stock=stock)}
    assert costs[Release.GREEDY].optimal == pytest.approx(optimal, rel=1e-9)
    assert costs[Release.GREEDY].cost == pytest.approx(greedy, rel=1e-9)
    assert costs[Release.HIGH_VALUE].cost == pytest.approx(high, rel=1e-9)


def test_greedy_release_in_a_ban_is_77_percent_dearer():
    found = compare_rules(stock_without_purchases(), 6, (GREEDY,), start=("ban", 0.0), stock=30)
    assert found[0].excess == pytest.approx(0.77, abs=0.005)


@pytest.mark.parametrize("rule", [GREEDY, HIGH, ReleaseRule(Release.ADAPTIVE), ReleaseRule(Release.GREEDY, lag=1)])
def test_no_rule_beats_the_optimum(rule):
    data = stock_without_purchases()
    optimal = solve_grid(data, 6, surplus=False).value[0]
    assert (evaluate_rule(data, 6, rule) >= optimal - 1e-9).all()


def test_waiting_longer_never_helps_a_store_that_covers_everything():
    data = stock_without_purchases()
    cost = [evaluate_rule(data, 3, ReleaseRule(Release.GREEDY, lag=lag))[3, 30] for lag in range(3)]
    assert cost[0] < cost[1] < cost[2]


def test_one_stage_of_lag_costs_the_first_stage_of_shortage():
    """By hand, two stages: a ban with 10 t short now; with lag 1 nothing is released in the first stage."""
    data = stock_without_purchases()
    first = 3 * 2.0 + 7 * 30.0 + 0.3 * 10
    second = 0.0  # in a ban or licence the 10 t cover the gap; what is left earns salvage, minus holding
    beta = data.discount
    for chance, supply in ((0.25, 10.0), (0.125, 7.0), (0.125, 3.0), (0.5, 0.0)):
        left = 10.0 - (10.0 - supply)
        second += chance * (0.3 * left - beta * 0.8 * left)
    assert evaluate_rule(data, 2, ReleaseRule(Release.GREEDY, lag=1))[3, 10] == pytest.approx(first + beta * second)


def test_a_trigger_holds_back_small_shortfalls():
    data = stock_without_purchases()
    small = ReleaseRule(Release.GREEDY, trigger=0.5)
    assert evaluate_rule(data, 1, small)[1, 10] == pytest.approx(3 * 2.0 + 0.3 * 10 - data.discount * 8.0)
    assert evaluate_rule(data, 1, small)[3, 10] == pytest.approx(0.0)


def test_refilling_in_normal_times_pays_when_shortage_is_dear():
    data = regime(holding=0.04, steps=((3.0, 2.0), (np.inf, 30.0)))
    refill = ReleaseRule(Release.GREEDY, refill_states=("normal",), target=20.0)
    assert evaluate_rule(data, 8, refill)[0, 0] < evaluate_rule(data, 8, GREEDY)[0, 0]


def test_bad_rules_are_refused():
    with pytest.raises(InputError, match="release rule"):
        ReleaseRule(Release.GREEDY, lag=-1)
    with pytest.raises(InputError, match="leaves the grid"):
        evaluate_rule(regime(buy=False), 2, GREEDY, step=4.0)
    with pytest.raises(InputError, match="not an outcome"):
        compare_rules(regime(), 2, (GREEDY,), start=("war", 0.0), stock=0)
