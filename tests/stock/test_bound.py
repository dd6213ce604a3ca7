"""Licences bound to end users: nothing passes from one member to another (MODEL §4.2, §7.8)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock.stock.alliances import Instrument, Members, alone, within
from lodestock.stock.bound import bound_game, bound_shares
from lodestock.stock.coalition import CostGame, Rule, coalition_sums, core_test, shares, stock_game
from lodestock.stock.crisis import CrisisRule, crisis

# A and B are each short of 100 t one year in ten, independently; C never. A tonne is worth 10 to A and B, holding 0.6.
NEED = np.array([[0, 0, 0], [100, 0, 0], [0, 100, 0], [100, 100, 0]], dtype=float)
CHANCE = np.array([0.81, 0.09, 0.09, 0.01])
HAND = Members(("A", "B", "C"), NEED, CHANCE, np.array([10.0, 10.0, 20.0]), 0.6)


def drawn(seed: int) -> Members:
    draw = np.random.default_rng(seed)
    n, k = int(draw.integers(1, 6)), int(draw.integers(1, 7))
    need = draw.uniform(0, 50, (k, n)) * (draw.random((k, n)) < 0.6)
    chance = draw.dirichlet(np.ones(k))
    return Members(tuple("ABCDEF"[:n]), need, chance, draw.uniform(1, 30, n), float(draw.uniform(0.1, 5)))


def free_game(part: Members) -> CostGame:
    return stock_game(part.names, part.need, part.probability, part.value, part.holding)


def test_three_members_by_hand() -> None:
    """Alone A and B each hold 100 t (0.1 · 10 > 0.6) and pay 60. Shared, 100 t serve both (0.19 · 10 > 0.6 > 0.1) and
    they pay 60 + 0.01 · 100 · 10 = 70. Bound, they pay 120 and gain nothing; C needs nothing and pays nothing."""
    free, bound = free_game(HAND), bound_game(HAND)
    assert (free.pooled, free.grand, free.gain) == pytest.approx((100.0, 70.0, 50.0))
    assert (bound.pooled, bound.grand, bound.gain) == pytest.approx((200.0, 120.0, 0.0))
    assert bound.alone == pytest.approx([60.0, 60.0, 0.0])
    assert bound.stock == pytest.approx([100.0, 100.0, 0.0])
    for rule in (Rule.SHAPLEY, Rule.NUCLEOLUS, Rule.STAND_ALONE):
        found = bound_shares(bound, rule)
        assert found.amount == pytest.approx([60.0, 60.0, 0.0]) and found.core.in_core and found.core.tried == 6


def test_who_pays_more_than_alone_pays_for_another() -> None:
    """By a use of 10, 10 and 20, C pays half of 120 for tonnes that it may never have."""
    found = bound_shares(bound_game(HAND), Rule.USE, use=np.array([10.0, 10.0, 20.0]))
    assert found.amount == pytest.approx([30.0, 30.0, 60.0])
    assert not found.core.in_core and found.core.worst == ("C",) and found.core.excess == pytest.approx(60.0)
    with pytest.raises(InputError, match="nothing to share"):
        bound_shares(bound_game(HAND), Rule.USE, use=np.zeros(3))


@given(st.integers(0, 10**6))
def test_the_game_is_additive_and_every_solution_is_what_each_pays_alone(seed: int) -> None:
    """Against the game of all coalitions: c(S) is the sum of its members' own, whatever they have in common."""
    part = drawn(seed)
    free, bound = free_game(part), bound_game(part)
    scale = max(1.0, bound.grand)
    assert bound.alone == pytest.approx(free.alone, abs=1e-9 * scale)
    assert bound.grand >= free.grand - 1e-9 * scale  # what is allowed when bound is allowed when free
    every = CostGame(part.names, coalition_sums(bound.alone), coalition_sums(bound.stock))
    assert every.gain == pytest.approx(0.0, abs=1e-9 * scale)
    use = part.probability @ part.need
    for rule in (Rule.SHAPLEY, Rule.NUCLEOLUS, *([Rule.USE] if use.sum() > 0.0 else [])):
        found = bound_shares(bound, rule, use=use)
        assert found.amount == pytest.approx(shares(every, rule, use=use).amount, abs=1e-6 * scale)
        core = core_test(every, found.amount)
        assert found.core.in_core == core.in_core
        if not core.in_core:
            assert found.core.excess == pytest.approx(core.excess)


@given(st.integers(0, 10**6))
def test_holding_the_best_stocks_costs_what_the_game_says(seed: int) -> None:
    """The crisis table and the cost game stand on one assumption: with the best stocks there, they agree."""
    part = drawn(seed)
    game = bound_game(part)
    left = crisis(part.need, part.probability, part.value, game.stock, CrisisRule.VALUE, end_user_bound=True)
    assert part.holding * game.pooled + left.total_loss == pytest.approx(game.grand)


def test_only_buying_together_is_left_to_an_alliance() -> None:
    """A and B of the hand-worked case gain from one stock; a pair of which one has stock to spare, from sharing it."""
    assert within(HAND, Instrument.COMMON_STOCK).total == pytest.approx(70.0)
    need = np.array([[10.0, 0.0], [0.0, 10.0], [20.0, 0.0]])
    spare = Members(("A", "B"), need, np.array([0.45, 0.45, 0.1]), np.array([100.0, 100.0]), 40.0)
    assert within(spare, Instrument.EMERGENCY_SHARING).total == pytest.approx(alone(spare).total - 100.0)
    for part, kind in ((HAND, Instrument.COMMON_STOCK), (spare, Instrument.EMERGENCY_SHARING)):
        apart, bound = alone(part), within(part, kind, end_user_bound=True)
        assert bound.cost == pytest.approx(apart.cost) and bound.stock == pytest.approx(apart.stock)
    assert within(HAND, Instrument.JOINT_PURCHASE, discount=0.1, end_user_bound=True).total == pytest.approx(108.0)


def test_a_stock_that_never_pays_is_none_even_when_the_need_is_certain() -> None:
    certain = Members(("A",), np.array([[5.0], [8.0]]), np.array([0.5, 0.5]), np.array([1.0]), 2.0)
    assert alone(certain).stock == pytest.approx([0.0]) and bound_game(certain).grand == pytest.approx(6.5)


def test_a_member_without_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="without data"):
        bound_game(Members(("A", "B"), NEED[:, :2], CHANCE, np.array([1.0, np.nan]), 1.0))
