"""Measures over years: by hand, against closed forms and between the two ways of computing the same loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from lodestock.errors import InputError
from lodestock.measures.comparison import (
    Futures,
    Measures,
    at_work,
    futures,
    loss_left,
    portfolio,
    present_value,
    unit_cost,
    year_weights,
)
from lodestock.measures.portfolio import Portfolio, PortfolioSolver
from lodestock.stock.coalition import shapley
from lodestock.stock.design import Aim
from lodestock.verification import shipped_cases


def _measures(draws=1, **changes):
    """A stock and a flow that starts after two years."""
    values = {
        "running": (5.0, 10.0), "upfront": (0.0, 8.0), "reach": (1.0, 1.0), "lead": (0.0, 2.0), "ramp": (0.0, 0.0),
    } | changes  # fmt: skip
    drawn = {name: np.repeat(np.array(pair, dtype=float)[:, None], draws, axis=1) for name, pair in values.items()}
    return Measures(("stock", "plant"), np.array([True, False]), **drawn, most=np.array([1000.0, 50.0]))


def _futures(short, rate=0.0, value=2.0):
    """One draw and one scenario: tonnes short by year; a year without shortage is quiet."""
    lacking = np.array(short, dtype=float)[:, None, None]
    return Futures(lacking, lacking > 0.0, np.array([value]), rate)


@given(st.floats(0, 12), st.floats(0, 6), st.integers(1, 15))
def test_the_share_at_work_is_the_integral_of_the_ramp(lead, ramp, years):
    found = at_work(np.array([lead]), np.array([ramp]), years)[0]
    for year, share in enumerate(found):
        if ramp < 1e-6:
            exact = np.clip(year + 1 - lead, 0.0, 1.0)
        else:
            corners = [t for t in (lead, lead + ramp) if year < t < year + 1]
            exact, _ = quad(lambda t: np.clip((t - lead) / ramp, 0, 1), year, year + 1, points=corners or None)
        assert share == pytest.approx(exact, abs=1e-6)
    assert (np.diff(found) >= -1e-12).all()


def test_cost_of_a_unit_by_hand():
    # four years without discounting: the plant works in two of them, 10 × 2 / 4, and 8 at the start is 2 a year
    assert unit_cost(_measures(), 4, 0.0)[:, 0] == pytest.approx([5.0, 7.0], rel=1e-14)
    worth = present_value(4, 0.03)
    plant = (8 + 10 * (worth[2] + worth[3])) / worth.sum()
    assert unit_cost(_measures(), 4, 0.03)[1, 0] == pytest.approx(plant, rel=1e-12)
    assert year_weights(4, 0.03).sum() == pytest.approx(1.0)


def test_a_stock_is_used_up_and_filled_in_a_quiet_year():
    # 12 t held: the first year takes 10, the second the last 2, the fourth again 10 after a quiet third
    found = loss_left(_measures(), _futures([10, 10, 0, 10]), np.array([12.0, 0.0]))
    assert found[0, 0] == pytest.approx(2.0 * 8 / 4)
    # 3 t a year from the third year on saves 3 t of stock in the fourth
    both = loss_left(_measures(), _futures([10, 10, 10, 10]), np.array([12.0, 3.0]))
    assert both[0, 0] == pytest.approx(2.0 * (0 + 8 + 7 + 7) / 4)
    assert loss_left(_measures(), _futures([10, 0]), np.zeros(2))[0, 0] == 10.0


def test_expected_loss_against_the_closed_form():
    draws, scenarios, chance = 3, 40_000, 0.2
    seen = futures(
        np.full(draws, 30.0), np.full(draws, 2.0), np.full(draws, chance), np.full(draws, chance), np.ones(scenarios),
        years=1, rate=0.02, seed=1,
    )  # fmt: skip
    left = loss_left(_measures(draws), seen, np.array([12.0, 0.0])).mean(axis=1)
    error = 2.0 * 18.0 * np.sqrt(chance * (1 - chance) / scenarios)
    assert left == pytest.approx(np.full(draws, chance * 18.0 * 2.0), abs=4 * error)


def test_regimes_last_as_long_as_they_should():
    seen = futures(
        np.ones(1), np.ones(1), np.array([0.1]), np.array([0.6]), np.ones(50_000), years=30, rate=0.0, seed=2
    )
    here, then = seen.regime[10:-1, 0], seen.regime[11:, 0]
    # in the long run 0.1 / (0.1 + 0.4) of the years
    assert here.mean() == pytest.approx(0.2, abs=0.005)
    assert (here & then).sum() / here.sum() == pytest.approx(0.6, abs=0.005)


def test_the_portfolio_problem_and_the_simulation_agree_without_lasting_regimes():
    measures, gap = _measures(lead=(0.0, 1.0)), np.array([5.0, 20.0, 60.0])
    problem = portfolio(measures, gap, 2.0, 0.25, 0.0, years=4, rate=0.03)
    solver = PortfolioSolver(problem)
    found = solver.solve(Aim(60.0))
    luck = np.repeat(gap / gap.mean(), 20_000)
    seen = futures(
        np.array([gap.mean()]), np.array([2.0]), np.array([0.25]), np.array([0.0]), luck, years=4, rate=0.03, seed=3
    )
    left = loss_left(measures, seen, found.amount)
    assert left.mean() == pytest.approx(found.expected_loss, abs=4 * left.std() / np.sqrt(luck.size))
    assert problem.probability.sum() == pytest.approx(1.0)
    assert found.cost == pytest.approx(float(found.amount @ unit_cost(measures, 4, 0.03)[:, 0]))


@given(st.floats(0, 40), st.floats(0, 40), st.floats(0, 10))
def test_more_of_a_measure_never_loses_more(stock, plant, more):
    seen = futures(
        np.array([10.0, 30.0]), np.array([2.0, 1.0]), np.array([0.2, 0.4]), np.array([0.3, 0.6]),
        np.array([0.5, 1.0, 1.5]), years=6, rate=0.02, seed=4,
    )  # fmt: skip
    measures = _measures(2)
    base = loss_left(measures, seen, np.array([stock, plant]))
    for step in ([more, 0.0], [0.0, more]):
        assert (loss_left(measures, seen, np.array([stock, plant]) + step) <= base + 1e-9).all()


def test_a_later_start_never_helps():
    seen = _futures([10, 0, 10, 0, 10], rate=0.02)
    left = [loss_left(_measures(lead=(0.0, float(lead))), seen, np.array([0.0, 6.0]))[0, 0] for lead in range(6)]
    assert left == sorted(left) and left[0] < left[-1]


def test_shapley_of_two_overlapping_measures_by_hand():
    # each alone is worth 6, both together 8: each gets 4
    assert shapley(np.array([0.0, 6.0, 6.0, 8.0])).tolist() == [4.0, 4.0]


def test_v18_by_the_steps_of_the_comparison():
    """Each set with its best amounts, judged by cost and loss, divided by Shapley: the published shares of V18."""
    case = next(case for case in shipped_cases() if case.id == "V18-B")
    given, names = case.inputs, ("step_loss", "probability")
    value, chance = (given.numbers(name) for name in names)
    solver = PortfolioSolver(
        Portfolio(
            tuple(given.texts("measures")), given.numbers("unit_cost"), given.numbers("most"),
            given.numbers("effect")[:, None, :], given.numbers("short")[None, :], given.numbers("step_width")[None],
            value[None, :], chance,
        )
    )  # fmt: skip
    totals = []
    for mask in range(16):
        found = solver.solve(Aim(400.0), allowed=(mask >> np.arange(4) & 1).astype(bool))
        totals.append(found.cost + found.expected_loss)
    assert totals[-1] == pytest.approx(676.6666666666667, abs=1e-7)
    shares = shapley(totals[0] - np.array(totals))
    assert shares == pytest.approx([1091.273148148148, 88.875, 171.74537037037035, 314.4398148148148], abs=1e-7)


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="negative"):
        _measures(running=(-1.0, 1.0))
    with pytest.raises(InputError, match="do not fit"):
        replace(_measures(), most=np.ones(3))
    with pytest.raises(InputError, match="negative or not a number"):
        _futures([np.nan])
    with pytest.raises(InputError, match="a year"):
        present_value(0, 0.02)
    with pytest.raises(InputError, match="between 0 and 1"):
        futures(np.ones(1), np.ones(1), np.array([1.2]), np.zeros(1), np.ones(2), years=1, rate=0.0, seed=1)
