"""The portfolio of measures against the published case (V18), and the rules for claiming that one is better."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock.measures.portfolio import Portfolio, PortfolioSolver, attribute, base_loss
from lodestock.measures.robustness import Verdict, effect, must_be_true, paired, regret, working_share
from lodestock.stock.design import Aim

MONTHS = np.array([0.0, 6, 18, 12, 3])
CHANCE = np.array([0.82, 0.08, 0.05, 0.03, 0.02])
STEPS = np.array([30.0, 40, 30])


def measures(scale=1.0) -> Portfolio:
    chance = CHANCE * scale
    chance[0] = 1.0 - chance[1:].sum()
    year = MONTHS / 12
    rows = [np.ones(5), year, 0.9 * year * np.array([1, 1, 1, 1, 0]), 0.8 * year]
    return Portfolio(
        ("stock", "recycling", "second source", "substitution"),
        np.array([9.0, 60, 35, 14]),
        np.array([60.0, 20, 30, 15]),
        np.array(rows)[:, None, :],
        np.array([[0.0, 18, 50, 80, 12]]),
        (year[:, None] * STEPS[None, :])[None],
        np.array([[150.0, 600, 2000]]),
        chance,
    )


V18 = [
    (0.0, 0, 2343.0, (0, 0, 0, 0), 2343.0, 33000.0),
    (0.0, 100, 1312.0, (100 / 9, 0, 0, 0), 1212.0, 19033.33333333332),
    (0.0, 400, 676.6666666666667, (400 / 9, 0, 0, 0), 276.6666666666667, 5033.333333333329),
    (0.0, 2000, 585.0, (50, 0, 0, 0), 135.0, 2700.0),
    (0.5, 200, 7804.999999999995, (200 / 9, 0, 0, 0), 843.3333333333334, 14366.666666666657),
    (0.5, 800, 1117.25, (60, 0, 1.4285714285714286, 15), 30.214285714285683, 604.2857142857131),
    (0.5, 2000, 1061.111111111111, (60, 0, 8.88888888888889, 15), 0.0, 0.0),
    (1.0, 800, 1404.2857142857138, (60, 0, 1.4285714285714286, 15), 30.214285714285683, 604.2857142857131),
]


def test_losses_without_measures():
    assert base_loss(measures()) == pytest.approx([0, 4050, 9750, 48500, 3825])


@pytest.mark.parametrize(("aversion", "budget", "objective", "amount", "loss", "tail"), V18)
def test_best_measures_are_the_published_ones(aversion, budget, objective, amount, loss, tail):
    found = PortfolioSolver(measures()).solve(Aim(budget, aversion, 0.95))
    assert found.objective == pytest.approx(objective, rel=1e-9)
    assert found.amount == pytest.approx(amount, abs=1e-6)
    assert found.expected_loss == pytest.approx(loss, rel=1e-7, abs=1e-6)
    assert found.tail_loss == pytest.approx(tail, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize(
    ("aversion", "budget", "worth"),
    [(0.0, 0, 15.666666666666664), (0.0, 100, 3.5), (0.0, 400, 1.8333333333333333), (0.0, 800, 0.0),
     (0.5, 0, 87.33333333333329), (0.5, 800, 0.215), (1.0, 200, 45.666666666666636)],
)  # fmt: skip
def test_the_next_euro_is_worth_what_was_published(aversion, budget, worth):
    last, next_one = PortfolioSolver(measures()).budget_worth(Aim(budget, aversion, 0.95))
    assert next_one == pytest.approx(worth, rel=1e-5, abs=1e-6)
    assert last >= next_one - 1e-5


def test_average_worth_falls_as_the_budget_grows():
    solver = PortfolioSolver(measures())
    found = [solver.solve(Aim(budget)).avoided_per_euro for budget in (100, 200, 400, 800)]
    assert found == pytest.approx([11.31, 7.498333333333332, 5.1658333333333335, 4.906666666666666])
    assert solver.solve(Aim(0.0)).avoided_per_euro is None


def test_shapley_attribution_of_overlapping_measures():
    found = attribute(measures(), Aim(400.0))
    assert found.share == pytest.approx([1091.273148148148, 88.875, 171.74537037037035, 314.4398148148148])
    assert found.total == pytest.approx(1666.3333333333333)
    assert found.alone == pytest.approx([1666.3333333333333, 355.5, 604.1111111111111, 889.5])
    assert found.share.sum() == pytest.approx(found.total)
    assert found.worth[0b1010] == pytest.approx(889.5)
    assert found.last == pytest.approx([1666.3333333333333 - 889.5, 0, 0, 0], abs=1e-6)


def test_a_measure_without_effect_gets_nothing():
    p = measures()
    idle = p.effect.copy()
    idle[1] = 0.0
    none = Portfolio(p.names, p.unit_cost, p.most, idle, p.short, p.width, p.value, p.probability)
    assert attribute(none, Aim(400.0)).share[1] == pytest.approx(0.0, abs=1e-8)


@settings(max_examples=20)
@given(st.floats(0, 1), st.floats(0, 1500), st.floats(1, 500))
def test_more_budget_is_never_worse(aversion, budget, more):
    solver = PortfolioSolver(measures())
    assert solver.solve(Aim(budget + more, aversion)).objective <= solver.solve(Aim(budget, aversion)).objective + 1e-7


def cost_table() -> np.ndarray:
    plans = {"nothing": (0, 0, 0, 0), "stock 20": (20, 0, 0, 0), "stock 50": (50, 0, 0, 0), "mix": (15, 5, 10, 10)}
    rows = []
    for amount in plans.values():
        row = []
        for scale in (0.25, 1.0, 3.0):
            p = measures(scale)
            fixed = np.array(amount, dtype=float)
            left = np.maximum(p.short[0] - np.einsum("a,ak->k", fixed, p.effect[:, 0]), 0.0)
            after = Portfolio(p.names, p.unit_cost, p.most, p.effect, left[None], p.width, p.value, p.probability)
            row.append(float(p.unit_cost @ fixed + p.probability @ base_loss(after)))
        rows.append(row)
    return np.array(rows)


def test_regret_over_three_worlds():
    table = cost_table()
    assert table[:3] == pytest.approx(np.array([[585.75, 2343, 7029], [405, 1080, 2880], [483.75, 585, 855]]))
    found = regret(table)
    assert found.regret[0] == pytest.approx([180.75, 1758, 6174])
    assert found.regret[2] == pytest.approx([78.75, 0, 0])
    assert found.choice == 2
    assert found.gains[2] == 1.0


def test_a_claim_needs_nine_draws_in_ten():
    other = np.zeros(100)
    gain = np.ones(100)
    gain[:10] = -1.0
    assert paired(other, -gain).verdict is Verdict.BETTER
    gain[:11] = -1.0
    assert paired(other, -gain).verdict is Verdict.NOT_DISTINGUISHABLE
    assert paired(other, np.ones(100)).verdict is Verdict.WORSE
    assert paired(other, other).verdict is Verdict.NOT_DISTINGUISHABLE


def test_effect_per_euro_on_average_and_in_the_tail():
    p = measures()
    before = base_loss(p)
    after = PortfolioSolver(p).solve(Aim(400.0)).loss
    found = effect(before, after, p.probability, 400.0)
    assert found.per_euro == pytest.approx(5.1658333333333335)
    assert found.tail_avoided == pytest.approx(33000 - 5033.333333333329)
    assert effect(before, after, p.probability, 0.0).per_euro is None


def test_break_even_chance_by_hand():
    assert must_be_true(80.0, 10.0, np.array([100.0, 4.0])) == pytest.approx([0.08, 2.0])


def test_a_measure_with_a_lead_time_works_part_of_the_horizon():
    assert working_share(0.0, 0.0, 10.0, 0.0225) == pytest.approx(1.0)
    assert working_share(5.0, 0.0, 10.0, 0.0) == pytest.approx(0.5, abs=2e-3)
    assert working_share(2.0, 4.0, 10.0, 0.0) == pytest.approx(0.6, abs=1e-6)
    by_hand = (np.exp(-0.05 * 4) - np.exp(-0.05 * 10)) / (1 - np.exp(-0.05 * 10))
    assert working_share(4.0, 0.0, 10.0, 0.05) == pytest.approx(by_hand, abs=2e-3)


def test_bad_input_is_refused():
    p = measures()
    with pytest.raises(InputError, match="do not fit together"):
        Portfolio(p.names[:2], p.unit_cost, p.most, p.effect, p.short, p.width, p.value, p.probability)
    with pytest.raises(InputError, match="do not sum to 1"):
        Portfolio(p.names, p.unit_cost, p.most, p.effect, p.short, p.width, p.value, p.probability * 0.5)
    with pytest.raises(InputError, match="do not match"):
        paired(np.zeros(3), np.zeros(4))
    with pytest.raises(InputError, match="missing"):
        paired(np.zeros(2), np.array([np.nan, 1.0]))
    with pytest.raises(InputError, match="incomplete"):
        regret(np.array([[1.0, np.inf]]))
