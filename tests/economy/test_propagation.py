"""The lower bound, partially binding inputs, and three models behind one interface (MODEL 6.2, V07, V09-D)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.economy import ario, bounds, io_system, leontief, pbl, propagation
from lodestock.economy import ario_kernels as kernels
from lodestock.economy.propagation import Model, Settings, Shock
from lodestock.errors import DataError, InputError, UnknownNameError

from .conftest import made_up_table
from .test_io_system import made_up

FLOWS, OUTPUT = np.array([[150.0, 500.0], [200.0, 100.0]]), np.array([1000.0, 2000.0])


def test_best_case_of_miller_and_blairs_economy_with_four_fifths_of_the_first_sector():
    """V07 by hand: x₂ = (1700 + 0.2·800)/0.95 and y₁ = 0.85·800 − 0.25·x₂; value added lost = final demand lost."""
    a = leontief.input_coefficients(FLOWS, OUTPUT)
    best = bounds.LowerBound(a, np.array([350.0, 1700.0]), OUTPUT, np.array([0.65, 0.70])).solve(np.array([0.8, 1.0]))
    np.testing.assert_allclose(best.output, [800.0, 1957.8947368421054], rtol=1e-9)
    np.testing.assert_allclose(best.served, [190.5263157894736, 1700.0], rtol=1e-9)
    assert best.lost.sum() == pytest.approx(159.47368421052624, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_bound_loses_as_much_value_added_as_final_demand_and_more_with_a_larger_shock(seed):
    z, final, _ = made_up_table(2, 4, seed)
    x = z.sum(axis=1) + final
    a = leontief.input_coefficients(z, x)
    program = bounds.LowerBound(a, final, x, 1 - z.sum(axis=0) / x)
    rng = np.random.default_rng(seed)
    ceiling = rng.random(8)
    last = 0.0
    for depth in (0.0, 0.25, 0.5, 1.0):
        best = program.solve(1 - depth * (1 - ceiling))
        assert best.lost.sum() == pytest.approx((final - best.served).sum(), abs=1e-7 * x.sum())
        assert (best.output <= (1 - depth * (1 - ceiling)) * x * (1 + 1e-8)).all()
        assert best.lost.sum() >= last - 1e-8 * x.sum()
        last = float(best.lost.sum())
    # A warm start must not change the answer.
    cold = bounds.LowerBound(a, final, x, 1 - z.sum(axis=0) / x).solve(ceiling)
    assert cold.lost.sum() == pytest.approx(last, rel=1e-8)


def test_capacity_value_is_what_a_little_more_capacity_saves():
    a = leontief.input_coefficients(FLOWS, OUTPUT)
    program = bounds.LowerBound(a, np.array([350.0, 1700.0]), OUTPUT, np.array([0.65, 0.70]))
    at, more = program.solve(np.array([0.8, 1.0])), program.solve(np.array([0.81, 1.0]))
    assert at.capacity_value[0] == pytest.approx((at.lost.sum() - more.lost.sum()) / 10.0, rel=1e-7)
    assert at.capacity_value[0] == pytest.approx(159.47368421052624 / 200, rel=1e-9)


def test_a_ceiling_outside_its_range_is_refused():
    program = bounds.LowerBound(np.zeros((2, 2)), np.ones(2), np.ones(2), np.ones(2))
    with pytest.raises(InputError, match=r"industry \[1\]"):
        program.solve(np.array([0.5, 1.2]))


@pytest.mark.parametrize(
    ("variant", "first", "second"),
    [("leontief", 20.0, 20.0), ("strong", 60.0, 40.0), ("half", 60.0, 70.0), ("weak", 60.0, 80.0)],
)
def test_partially_binding_inputs_by_hand(variant, first, second):
    """V09-D: stock/coefficient 60, 60, 20 and 80, 40, 20; ratings 1, ½, 0; capacity 100."""
    coefficient, ratings = np.array([[0.1], [0.2], [0.05]]), np.array([[1.0], [0.5], [0.0]])
    for reach, expected in (([60.0, 60, 20], first), ([80.0, 40, 20], second)):
        stock = coefficient * np.array(reach)[:, None]
        got = pbl.input_limit(stock, coefficient, np.array([100.0]), ratings, pbl.Variant(variant))
        assert got[0] == pytest.approx(expected, rel=1e-12)


def test_linear_inputs_by_hand():
    got = pbl.input_limit(
        np.array([[6.0], [12], [1]]), np.array([[0.1], [0.2], [0.05]]), np.array([100.0]),
        np.array([[1.0], [0.5], [0]]), pbl.Variant.LINEAR,
    )  # fmt: skip
    assert got[0] == pytest.approx(19 / 0.35, rel=1e-12)


def test_a_missing_rating_is_not_zero():
    with pytest.raises(DataError, match=r"\(1, 0\): nan"):
        pbl.check_ratings(np.array([[1.0], [np.nan]]))


RATINGS = np.where(np.random.default_rng(8).random((4, 12)) < 0.4, 1.0, 0.5)


def shock(lost: float, months: int = 6, exposed: float | None = 0.2) -> list[Shock]:
    return [Shock("R0", "s1", np.array([lost] * months + [0.0] * 6), exposed)]


def test_three_models_take_the_same_shock_and_are_shown_side_by_side():
    spread = propagation.propagate_all(made_up(), shock(0.8), list(Model), Settings(ratings=RATINGS))
    assert set(spread.runs) == set(Model)
    for run in spread.runs.values():
        assert run.lost.shape == (12, 12)
        assert run.direct == pytest.approx(0.16 * 6 / 12 * made_up().value_added[1], rel=1e-12)
        assert run.of_region("R0").shape == (12, 4)
        assert "2011" in run.vintage_en
    totals = sorted(run.total for run in spread.runs.values())
    assert spread.bracket() == (pytest.approx(totals[0]), pytest.approx(totals[-1]))


@pytest.mark.parametrize(("seed", "lost"), [(0, 0.1), (1, 0.1), (1, 0.5), (1, 1.0), (3, 1.0), (4, 1.0)])
def test_firms_that_have_settled_lose_no_less_than_the_bound_with_regions_pooled(seed, lost):
    """Once stocks stand still, what firms do is a plan too; with overtime off it cannot beat the best plan."""
    table = made_up(seed=seed)
    par = Settings(ratings=np.ones((4, 12)), overproduction_max=1.0, inventory_days=8, restock_days=8)
    shocks = [Shock("R0", "s1", np.full(60, lost), 0.5)]
    spread = propagation.propagate_all(table, shocks, [Model.PBL, Model.ARIO], par)
    a, share = leontief.input_coefficients(table.flows, table.output), table.value_added / table.output
    final = table.output - table.flows.sum(axis=1)
    ceiling = propagation.ceilings(table, shocks)[-1]
    apart = bounds.LowerBound(a, final, table.output, share).solve(ceiling).lost.sum()
    pooled = bounds.LowerBound(a, final, table.output, share, table.sector_numbers).solve(ceiling).lost.sum()
    assert pooled <= apart * (1 + 1e-9)
    for run in spread.runs.values():
        assert np.abs(run.lost[-1] - run.lost[-13]).sum() < 1e-8 * table.value_added.sum()  # settled
        assert pooled <= 12 * run.lost[-1].sum() * (1 + 1e-6)


@pytest.mark.parametrize("model", list(Model))
def test_without_a_shock_nothing_is_lost(model):
    run = propagation.propagate(made_up(), shock(0.0), model, Settings(ratings=RATINGS))
    assert np.abs(run.lost).max() <= 1e-9 * made_up().value_added.max()


def test_a_shock_on_a_whole_industry_is_refused_with_the_advice_to_name_families():
    with pytest.raises(InputError, match="product families"):
        propagation.propagate(made_up(), shock(0.5, exposed=None), Model.LP)
    with pytest.raises(InputError, match=r"R0\.s1: 1\.3"):
        propagation.propagate(made_up(), shock(0.5, exposed=1.3), Model.LP)
    with pytest.raises(InputError, match="shocked twice"):
        propagation.propagate(made_up(), shock(0.5) * 2, Model.LP)
    with pytest.raises(UnknownNameError, match="did you mean"):
        propagation.propagate(made_up(), [Shock("R0", "s12", np.ones(3), 0.1)], Model.LP)
    with pytest.raises(InputError, match="ratings"):
        propagation.propagate(made_up(), shock(0.5), Model.PBL)


def test_buyers_that_may_switch_lose_no_more_than_buyers_that_may_not():
    spread = propagation.propagate_all(made_up(seed=5), shock(0.9, exposed=0.6), [Model.LP, Model.LP_FIXED])
    pooled, fixed = spread.runs[Model.LP], spread.runs[Model.LP_FIXED]
    assert (pooled.lost.sum(axis=1) <= fixed.lost.sum(axis=1) + 1e-9).all()
    assert pooled.total < fixed.total
    for run in spread.runs.values():  # V07: in a closed table value added lost is final demand lost
        np.testing.assert_allclose(run.lost.sum(axis=1), run.unserved.sum(axis=1), atol=1e-6)


def test_of_equally_good_plans_the_one_that_spares_a_region_is_no_better_in_total():
    table = made_up(seed=5)
    for model in (Model.LP, Model.LP_FIXED):
        plain = propagation.propagate(table, shock(0.9, exposed=0.6), model)
        spared = propagation.propagate(table, shock(0.9, exposed=0.6), model, Settings(focus="R0"))
        assert spared.total == pytest.approx(plain.total, rel=1e-6)
        assert spared.of_region("R0").sum() <= plain.of_region("R0").sum() + 1e-7
        assert spared.of_region("R0").sum() >= spared.direct * (1 - 1e-7)  # what it cannot make it has lost


def test_many_paths_at_once_give_what_each_gives_alone():
    table, par = made_up(seed=2), Settings(ratings=RATINGS)
    rng = np.random.default_rng(4)
    ceiling = np.ones((3, 5, 12))
    ceiling[:, :, [1, 6]] -= 0.3 * rng.random((3, 5, 2))
    together = propagation.follow(table, ceiling, list(Model), par)
    for k in range(3):
        alone = propagation.follow(table, ceiling[k : k + 1], list(Model), par)
        for model in Model:
            np.testing.assert_allclose(together[model][0][k], alone[model][0][0], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("model", list(Model))
def test_the_order_of_regions_does_not_matter(model):
    """Property of the issue: the same economy with its regions listed in another order loses the same."""
    table = made_up(seed=3)
    order = np.r_[8:12, 0:4, 4:8]
    moved = io_system.InputOutputTable(
        tuple(table.industries[k] for k in order), table.users, table.flows[np.ix_(order, order)], table.final[order],
        table.value_added[order], table.output[order], table.unit, table.year, table.source,
    )  # fmt: skip
    here = propagation.propagate(table, shock(0.7), model, Settings(ratings=RATINGS, focus="R0"))
    there = propagation.propagate(moved, shock(0.7), model, Settings(ratings=RATINGS[:, order], focus="R0"))
    assert there.total == pytest.approx(here.total, rel=1e-7)
    assert there.of_region("R0").sum() == pytest.approx(here.of_region("R0").sum(), rel=1e-6)


def test_inputs_that_replace_each_other_lose_no_more_than_inputs_that_all_bind():
    """Same stocks, same steps: a limit on the sum is never tighter than a limit on each (min of ratios ≤ ratio of
    sums)."""
    table = made_up(seed=6)
    shocks = [Shock("R0", "s1", np.full(24, 1.0), 0.9)]
    runs = {
        variant: propagation.propagate(
            table, shocks, Model.PBL, Settings(ratings=np.ones((4, 12)), variant=variant, inventory_days=15)
        )
        for variant in (pbl.Variant.LINEAR, pbl.Variant.LEONTIEF)
    }
    assert runs[pbl.Variant.LINEAR].total <= runs[pbl.Variant.LEONTIEF].total * (1 + 1e-12)
    assert runs[pbl.Variant.LINEAR].total >= runs[pbl.Variant.LINEAR].direct * (1 - 1e-9)


def test_the_first_step_of_the_linear_variant_is_the_closed_form():
    """An input is used up in one step: what the rest allows is Σ stock / Σ coefficient (V09-D, linear)."""
    table = made_up(seed=6)
    final = np.maximum(table.output - table.flows.sum(axis=1), 0.0)
    par = ario.ArioParameters(psi=0.0, inventory_days=10.0, restock_days=10.0, overproduction_max=1.0, step_days=5.0)
    economy = ario.prepare(table.flows, final, table.sector_numbers, par, together=True)
    stock = economy.stock0 * np.random.default_rng(0).uniform(0.1, 0.8, economy.stock0.shape)
    got = economy.output0.copy()
    kernels.limit_together(stock, economy.together, economy.duration, got)
    by_hand = pbl.input_limit(stock, economy.coefficient, economy.output0, np.ones_like(stock), pbl.Variant.LINEAR)
    np.testing.assert_allclose(got, by_hand, rtol=1e-12)
