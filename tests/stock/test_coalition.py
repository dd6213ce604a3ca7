"""Cost game, shares, core, pooling, public good and crisis rules (MODEL §7.8; V12, V13, V14)."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock.stock.coalition import (
    CostGame,
    Rule,
    coalition_cost,
    coalition_sums,
    core_test,
    nucleolus,
    shapley,
    shares,
    stock_game,
)
from lodestock.stock.crisis import CrisisRule, crisis, divide
from lodestock.stock.large_game import LargeGame, core_searched, large_game, shapley_sampled, shares_sampled
from lodestock.stock.pooling import common_cause_pooling, normal_pooling, public_good_stock

NEED = np.array([[0, 0, 0], [4, 30, 20], [0, 25, 0], [6, 0, 10], [3, 0, 0], [0, 10, 18]], dtype=float)
CHANCE = np.array([0.8, 0.06, 0.04, 0.04, 0.03, 0.03])
MEMBERS = ("NLD", "DEU", "FRA")
V12 = [
    # value, holding, cost of N, D, ND, F, NF, DF, NDF, stock of all, Shapley, nucleolus
    ((400, 300, 250), 8.0, (48, 240, 272, 160, 192, 400, 432), 54,
     (112 / 3, 712 / 3, 472 / 3), (32, 240, 160)),
    ((400, 300, 250), 14.0, (84, 420, 476, 280, 336, 700, 756), 54,
     (196 / 3, 1246 / 3, 826 / 3), (56, 420, 280)),
    ((300, 300, 300), 14.0, (80, 420, 476, 280, 336, 700, 756), 54, (64, 416, 276), (56, 420, 280)),
]  # fmt: skip


@pytest.mark.parametrize(("value", "holding", "cost", "stock", "fair", "kernel"), V12)
def test_three_countries(value, holding, cost, stock, fair, kernel):
    game = stock_game(MEMBERS, NEED, CHANCE, np.array(value, dtype=float), holding)
    assert game.cost[1:] == pytest.approx(cost, rel=1e-12)
    assert game.stock[-1] == pytest.approx(stock)
    found = shares(game, Rule.SHAPLEY)
    assert found.amount == pytest.approx(fair, rel=1e-9)
    assert not found.core.in_core
    assert shares(game, Rule.NUCLEOLUS).amount == pytest.approx(kernel, rel=1e-9)
    assert shares(game, Rule.NUCLEOLUS).core.in_core


def test_proportional_shares_of_the_published_case_are_outside_the_core():
    game = stock_game(MEMBERS, NEED, CHANCE, np.array([400.0, 300.0, 250.0]), 8.0)
    assert game.gain == pytest.approx(16.0)
    by_cost = shares(game, Rule.STAND_ALONE)
    assert by_cost.amount == pytest.approx([46.285714285714285, 231.42857142857142, 154.28571428571428])
    by_use = shares(game, Rule.USE, use=CHANCE @ NEED)
    assert by_use.amount == pytest.approx([42.38209982788296, 230.49913941480204, 159.118760757315])
    assert not by_cost.core.in_core
    assert not by_use.core.in_core
    assert by_cost.core.worst == ("NLD", "FRA")
    assert by_cost.core.excess == pytest.approx(46.285714285714285 + 154.28571428571428 - 192)


def shapley_by_orders(cost, n):
    """The definition: the mean contribution over all orders."""
    total = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        mask = 0
        for i in order:
            total[i] += cost[mask | 1 << i] - cost[mask]
            mask |= 1 << i
    return total / len(orders)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_shapley_is_the_mean_over_all_orders_and_adds_up(seed, n):
    cost = np.random.default_rng(seed).uniform(0, 10, 1 << n)
    cost[0] = 0.0
    assert shapley(cost) == pytest.approx(shapley_by_orders(cost, n), abs=1e-10)
    assert shapley(cost).sum() == pytest.approx(cost[-1])


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_a_null_player_pays_nothing(seed, n):
    small = np.random.default_rng(seed).uniform(0, 10, 1 << n)
    small[0] = 0.0
    cost = np.concatenate([small, small])  # member n changes no coalition's cost
    assert shapley(cost)[-1] == pytest.approx(0.0, abs=1e-12)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_stock_games_are_subadditive_with_a_core_that_holds_the_nucleolus(seed, n):
    draw = np.random.default_rng(seed)
    need = draw.uniform(0, 20, (5, n)) * (draw.random((5, n)) < 0.6)
    game = stock_game([f"m{i}" for i in range(n)], need, draw.dirichlet(np.ones(5)), np.full(n, 100.0), 15.0)
    assert game.gain >= -1e-9
    found = shares(game, Rule.NUCLEOLUS)  # newsvendor games with one value have a core (Müller et al. 2002)
    assert found.core.in_core
    assert found.amount.sum() == pytest.approx(game.grand)


def test_nucleolus_maximises_the_least_saving():
    """Against random other shares of the same game: none makes its least satisfied coalition better off."""
    draw = np.random.default_rng(5)
    cost = np.array([0, 4, 5, 7, 6, 8, 9, 11, 3, 6, 7, 9, 8, 10, 11, 13], dtype=float)
    best = (cost - coalition_sums(nucleolus(cost)))[1:-1].min()
    for _ in range(2_000):
        other = draw.dirichlet(np.ones(4)) * 13.0
        assert (cost - coalition_sums(other))[1:-1].min() <= best + 1e-9


def test_nucleolus_of_two_members_splits_the_gain_equally():
    assert nucleolus(np.array([0.0, 10.0, 6.0, 12.0])) == pytest.approx([8.0, 4.0])


def test_sampled_shapley_lies_within_four_standard_errors_and_adds_up():
    draw = np.random.default_rng(2)
    cost = draw.uniform(0, 10, 1 << 8)
    cost[0] = 0.0
    value, error = shapley_sampled(8, lambda mask: float(cost[mask]), orders=3_000, seed=1)
    assert (np.abs(value - shapley(cost)) < 4 * error).all()
    assert value.sum() == pytest.approx(cost[-1])


def test_sampled_shares_find_the_group_that_would_leave():
    value = np.array([400.0, 300.0, 250.0])
    exact = shares(stock_game(MEMBERS, NEED, CHANCE, value, 8.0), Rule.SHAPLEY)
    found = shares_sampled(large_game(MEMBERS, NEED, CHANCE, value, 8.0), Rule.SHAPLEY, orders=500)
    assert exact.core.excess == pytest.approx(8 / 3)  # two pairs overpay equally, so either may be found
    assert found.core.worst in (("NLD", "DEU"), ("NLD", "FRA"))
    assert abs(found.core.excess - 8 / 3) <= 4 * found.error.sum()
    assert not found.core.in_core
    assert found.core.tried == exact.core.tried == 6 and found.core.complete  # six groups: all of them
    assert (np.abs(found.amount - exact.amount) <= 4 * found.error + 1e-9).all()


@pytest.mark.parametrize("rule", [Rule.SHAPLEY, Rule.USE, Rule.STAND_ALONE])
def test_a_sampled_game_agrees_with_the_exact_one(rule):
    draw = np.random.default_rng(11)
    need, chance, value = draw.uniform(0, 9, (5, 9)), np.full(5, 0.2), draw.uniform(60.0, 300.0, 9)
    names, use = [f"m{i}" for i in range(9)], draw.uniform(1, 5, 9)
    exact_game, game = (make(names, need, chance, value, 30.0) for make in (stock_game, large_game))
    assert (game.grand, game.pooled, game.gain) == pytest.approx((exact_game.grand, exact_game.pooled, exact_game.gain))
    assert game.alone == pytest.approx(exact_game.alone)
    exact = shares(exact_game, rule, use=use)
    found = shares_sampled(game, rule, use=use, orders=400, tried=40)
    assert (np.abs(found.amount - exact.amount) <= 4 * found.error + 1e-9).all()
    assert (found.error > 0.0).all() == (rule is Rule.SHAPLEY)
    assert found.core.in_core == exact.core.in_core
    assert found.core.excess <= core_test(exact_game, found.amount).excess + 1e-9  # it cannot find more than there is
    assert found.core.tried < 2**9 - 2 and not found.core.complete


def test_a_group_that_random_groups_miss_is_found_by_climbing():
    """Every coalition pays its size, but one of seven of the twelve pays 1 less: tried with no random group at all."""
    rich = 0b000001111111
    game = LargeGame(
        tuple("abcdefghijkl"), np.ones(12), 12.0, 0.0,
        lambda mask: mask.bit_count() - float(mask == rich) - 0.1 * (mask & rich).bit_count() * ((mask & ~rich) == 0),
    )  # fmt: skip
    found = core_searched(game, np.ones(12), tried=0)
    assert not found.in_core and found.worst == tuple("abcdefg")
    assert found.excess == pytest.approx(1.7)


def test_eighteen_members_by_sampling():
    draw = np.random.default_rng(4)
    need, chance = draw.uniform(0, 5, (5, 18)), np.full(5, 0.2)
    game = large_game([f"m{i}" for i in range(18)], need, chance, np.full(18, 100.0), 30.0)
    found = shares_sampled(game, Rule.SHAPLEY, orders=60, tried=100)
    assert found.amount.sum() == pytest.approx(coalition_cost(need, chance, np.full(18, 100.0), 30.0, (1 << 18) - 1)[0])
    assert (found.error > 0).all()
    with pytest.raises(InputError, match="nucleolus cannot be computed"):
        shares_sampled(game, Rule.NUCLEOLUS)
    with pytest.raises(InputError, match="do not add up"):
        core_searched(game, np.zeros(18))


def test_fifteen_members_exactly_and_one_more_by_name():
    draw = np.random.default_rng(0)
    need = draw.uniform(0, 5, (6, 15))
    value, chance = draw.uniform(50, 200, 15), np.full(6, 1 / 6)
    game = stock_game([f"m{i}" for i in range(15)], need, chance, value, 20.0)
    assert shares(game, Rule.SHAPLEY).amount.sum() == pytest.approx(game.grand)
    assert coalition_cost(need, chance, value, 20.0, 0b101)[0] == pytest.approx(game.cost[0b101])
    with pytest.raises(InputError, match="too many members"):
        stock_game([f"m{i}" for i in range(16)], np.ones((6, 16)), chance, np.ones(16), 1.0)


def test_a_game_agrees_with_a_fine_grid():
    value, holding, q = np.array([400.0, 300.0, 250.0]), 8.0, np.arange(0, 80, 0.5)
    for mask in range(1, 8):
        inside = [i for i in range(3) if mask >> i & 1]
        cost = holding * q
        for chance, row in zip(CHANCE, NEED, strict=True):
            left = q.copy()
            for i in inside:  # already in falling order of value
                served = np.minimum(left, row[i])
                cost = cost + chance * value[i] * (row[i] - served)
                left = left - served
        assert coalition_cost(NEED, CHANCE, value, holding, mask)[0] == pytest.approx(cost.min(), rel=1e-12)


def test_bad_games_are_refused():
    with pytest.raises(InputError, match="member is without data"):
        stock_game(("NLD", "BEL"), NEED, CHANCE, np.array([1.0, 2.0]), 1.0)
    missing = NEED.copy()
    missing[1, 1] = np.nan
    with pytest.raises(InputError, match="not a number"):
        stock_game(MEMBERS, missing, CHANCE, np.ones(3), 1.0)
    with pytest.raises(InputError, match="do not sum to 1"):
        stock_game(MEMBERS, NEED, CHANCE * 0.9, np.ones(3), 1.0)
    with pytest.raises(InputError, match="incomplete"):
        CostGame(("a", "b"), np.zeros(3), np.zeros(3))
    game = stock_game(MEMBERS, NEED, CHANCE, np.ones(3), 0.05)
    with pytest.raises(InputError, match="add up"):
        core_test(game, np.zeros(3))
    with pytest.raises(InputError, match="nothing to share"):
        shares(game, Rule.USE)


@pytest.mark.parametrize(
    ("correlation", "pooled", "gain"),
    [
        (-0.25, 800.0, 445.9986787849534),
        (0.0, 999.4566727276499, 246.54200605730352),
        (0.3, 1095.8420549047862, 150.15662388016722),
        (0.7, 1188.812633955254, 57.18604482969954),
        (1.0, 1245.9986787849534, 0.0),
    ],
)
def test_normal_pooling(correlation, pooled, gain):
    found = normal_pooling(5, 20.0, 6.0, correlation, 8.0, 100.0)
    assert found.pooled == pytest.approx(pooled, rel=1e-9)
    assert found.gain == pytest.approx(gain, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("common", "pooled", "percent"),
    [
        (0.0, 89.03, 55.485),
        (0.02, 144.90657700066316, 27.54671149966842),
        (0.05, 200, 0),
        (0.08, 200, 0),
        (0.1, 200, 0),
    ],
)
def test_common_cause_ends_the_pooling_gain(common, pooled, percent):
    found = common_cause_pooling(5, 0.1, common, 10.0, 4.0, 100.0)
    assert found.pooled == pytest.approx(pooled, rel=1e-9)
    assert 100 * found.gain_share == pytest.approx(percent, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(st.integers(2, 8), st.floats(0.01, 0.5), st.floats(0.5, 50))
def test_pooling_gains_nothing_at_full_common_cause(n, chance, holding):
    assert common_cause_pooling(n, chance, chance, 10.0, holding, 100.0).gain == pytest.approx(0.0, abs=1e-9)
    if 0 < holding < 100:
        assert normal_pooling(n, 20.0, 6.0, 1.0, holding, 100.0).gain == pytest.approx(0.0, abs=1e-9)


def test_a_common_shock_with_unequal_values():
    """V13: pooling saves nothing against own optima (140), but equal days for all cost 160."""
    need, chance = np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([0.9, 0.1])
    game = stock_game(("a", "b"), need, chance, np.array([400.0, 60.0]), 8.0)
    assert game.alone.sum() == pytest.approx(140.0)
    assert game.grand == pytest.approx(140.0)
    equal = crisis(need, chance, np.array([400.0, 60.0]), np.array([10.0, 10.0]), CrisisRule.CONTRIBUTION)
    assert 8.0 * 20 + equal.total_loss == pytest.approx(160.0)


def test_only_the_largest_stake_stocks_without_agreement():
    stake = np.array([3.0, 2.0, 1.0])
    found = public_good_stock(0.1, 8.0, 100.0, stake)
    assert found.nash_by_member == pytest.approx([73.33333333333334, 0.0, 0.0])
    assert (found.nash, found.cooperative) == pytest.approx((73.33333333333334, 86.66666666666667))
    assert (found.cost_nash, found.cost_cooperative) == pytest.approx((800.0, 746.6666666666666))
    stock = np.zeros(3)  # best replies from nothing reach the same point
    for _ in range(200):
        for i in range(3):
            stock[i] = max(100.0 - 8.0 / (0.1 * stake[i]) - (stock.sum() - stock[i]), 0.0)
    assert stock == pytest.approx(found.nash_by_member, abs=1e-6)


@pytest.mark.parametrize(
    ("n", "together"), [(1, 20), (2, 60), (3, 73.33333333333334), (5, 84), (10, 92), (27, 97.03703703703704)]
)
def test_equal_members_stock_as_one_without_agreement(n, together):
    found = public_good_stock(0.1, 8.0, 100.0, np.ones(n))
    assert found.nash == pytest.approx(20.0)
    assert found.cooperative == pytest.approx(together)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0, 100))
def test_dividing_gives_no_more_than_need_and_wastes_nothing(seed, n, stock):
    draw = np.random.default_rng(seed)
    need, weight = draw.uniform(0, 20, (4, n)), draw.uniform(0, 3, n) * (draw.random(n) < 0.8)
    given_out = divide(need, stock, weight)
    assert (given_out <= need + 1e-9).all()
    assert given_out.sum(axis=1) == pytest.approx(np.minimum(need.sum(axis=1), stock), abs=1e-7)


def test_by_value_equal_values_share_whatever_their_order():
    """80 t for needs of 20, 40 and 80 t: the highest value is served first, the other two get half of their need."""
    need, chance = np.array([[20.0, 40.0, 80.0], [0.0, 10.0, 0.0]]), np.array([0.5, 0.5])
    for order in permutations(range(3)):
        row = list(order)
        found = crisis(need[:, row], chance, np.array([300.0, 200.0, 200.0])[row], np.array([80.0, 0, 0]),
                       CrisisRule.VALUE)  # fmt: skip
        assert found.allotted[0] == pytest.approx(np.array([20.0, 20.0, 40.0])[row])
        assert found.worst_service == pytest.approx(np.array([1.0, 0.5, 0.5])[row])


def test_crisis_rules_differ_in_the_worst_case():
    need, chance = np.array([[0.0, 0.0], [10.0, 30.0]]), np.array([0.9, 0.1])
    value, brought, use = np.array([100.0, 400.0]), np.array([10.0, 10.0]), np.array([1.0, 3.0])
    days = crisis(need, chance, value, brought, CrisisRule.EQUAL_DAYS, daily_use=use)
    assert days.worst_service == pytest.approx([0.5, 0.5])
    by_contribution = crisis(need, chance, value, brought, CrisisRule.CONTRIBUTION)
    assert by_contribution.worst_service == pytest.approx([1.0, 1 / 3])
    by_value = crisis(need, chance, value, brought, CrisisRule.VALUE)
    assert by_value.worst_service == pytest.approx([0.0, 2 / 3])
    assert by_value.total_loss < days.total_loss < by_contribution.total_loss
    bound = crisis(need, chance, value, np.array([20.0, 0.0]), CrisisRule.VALUE, end_user_bound=True)
    assert bound.worst_service == pytest.approx([1.0, 0.0])
    with pytest.raises(InputError, match="daily use"):
        crisis(need, chance, value, brought, CrisisRule.EQUAL_DAYS)
