"""ARIO: BoARIO number by number, an independent second method, and what must hold in any economy (MODEL 6.2(b))."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.economy import ario, ario_boario
from lodestock.economy import ario_kernels as kernels
from lodestock.errors import DataError, InputError

from .conftest import made_up_table

TRAJECTORIES = str(resources.files("lodestock.verification") / "cases" / "boario_072.npz")
NO_QUIRKS = ario_boario.Quirks(False, False, False, False, False)
RULES = list(ario.OrderRule)


@pytest.mark.parametrize("rule", RULES)
def test_compatibility_mode_follows_boario_number_by_number(rule):
    golden = np.load(TRAJECTORIES)
    loss = np.zeros((365, 48))
    loss[:, 1] = ario_boario.boario_loss(0.5, occurrence=2, duration=60, recovery=30, steps=365)
    run = ario_boario.simulate_as_boario(
        golden["flows"], golden["final_demand"], golden["output_per_year"], golden["sector"].astype(np.int64), loss,
        ario.ArioParameters(order_rule=rule),
    )  # fmt: skip
    at = golden["sampled_steps"]
    np.testing.assert_array_equal(run.loss[:, 1], golden[f"{rule}_loss_industry_1"])
    np.testing.assert_allclose(run.output, golden[f"{rule}_output"], rtol=1e-12, atol=0)
    np.testing.assert_allclose(run.capacity[at], golden[f"{rule}_capacity"], rtol=1e-12, atol=0)
    np.testing.assert_allclose(run.overproduction[at], golden[f"{rule}_overproduction"], rtol=1e-12, atol=0)
    np.testing.assert_allclose(run.demand[at[:-1] + 1], golden[f"{rule}_demand_next_step"][:-1], rtol=1e-12, atol=0)
    np.testing.assert_allclose(run.stock, golden[f"{rule}_stock_end"], rtol=1e-12, atol=0)
    per_step = golden["final_demand"] / 365
    np.testing.assert_allclose(run.unserved[at] / per_step, golden[f"{rule}_unserved"] / per_step, rtol=0, atol=1e-12)


V08 = {
    "z": np.array([[1.0, 9, 0, 2], [4, 60, 2, 40], [1, 6, 30, 150], [3, 30, 60, 900]]),
    "final": np.array([2.0, 194, 43, 2507]),
    "output": np.array([14.0, 300, 230, 3500]),
    "sector": np.array([0, 1, 0, 1]),
}


@pytest.mark.parametrize(
    ("rule", "lost", "mfg_day_94"),
    [("noalt", 771.9858808032045, 0.6699441905595767), ("alt", 765.6275546331143, 0.4603957567635423)],
)
def test_v08_value_added_lost_when_a_small_input_sector_loses_capacity(rule, lost, mfg_day_94):
    """MODEL V08, computed twice elsewhere: own equations and BoARIO 0.7.2. The shock there is in step, not late."""
    loss = np.zeros((240, 4))
    loss[5:95, 2] = 0.6
    par = ario.ArioParameters(inventory_days=30, restock_days=20, order_rule=ario.OrderRule(rule))
    run = ario_boario.simulate_as_boario(**V08, loss=loss, parameters=par, quirks=ario_boario.Quirks(late_shock=False))
    share = 1 - V08["z"].sum(axis=0) / V08["output"]
    assert (share * (V08["output"] / 365 - run.output)).sum() == pytest.approx(lost, rel=1e-12)
    assert run.output[94, 1] / (300 / 365) == pytest.approx(mfg_day_94, rel=1e-12)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("step_days", [1.0, 7.0])
def test_kernels_agree_with_the_second_method_without_quirks(table, rule, step_days):
    z, final, sector = table
    rng = np.random.default_rng(5)
    shocked, loss = np.array([3, 17, 8]), np.zeros((60, 3))
    loss[4:30] = rng.random((26, 3))
    par = ario.ArioParameters(inventory_days=[20, 40, 60, 10, 9], restock_days=30, order_rule=rule, step_days=step_days)
    economy = ario.prepare(z, final, sector, par)
    run = ario.simulate(economy, shocked, loss)
    full = np.zeros((60, 20))
    full[:, shocked] = loss
    other = ario_boario.simulate_as_boario(z, final, z.sum(axis=1) + final, sector, full, par, NO_QUIRKS)
    np.testing.assert_allclose(run.output[0], other.output, rtol=1e-11, atol=0)
    np.testing.assert_allclose(run.stock, other.stock, rtol=1e-11, atol=0)
    np.testing.assert_allclose(run.unserved[0], other.unserved, rtol=0, atol=1e-11 * final.max())


@pytest.mark.parametrize("rule", RULES)
def test_sums_around_the_table_follow_the_second_method_when_a_large_supplier_falls_away(rule):
    """9 suppliers of each input; one makes nearly all of it and loses all capacity, so that little of a sum is left."""
    z, final, sector = made_up_table(9, 3, seed=3)
    z[0] *= 1e4
    z *= 0.4 * (z.sum(axis=1) + final).min() / z.sum(axis=0).max()
    loss = np.zeros((40, 27))
    loss[3:20, 0], loss[10:30, 7] = 1.0, 0.3
    par = ario.ArioParameters(order_rule=rule)
    run = ario.simulate(ario.prepare(z, final, sector, par), np.arange(27), loss)
    other = ario_boario.simulate_as_boario(z, final, z.sum(axis=1) + final, sector, loss, par, NO_QUIRKS)
    np.testing.assert_allclose(run.output[0], other.output, rtol=1e-11, atol=1e-11 * other.output.max())
    np.testing.assert_allclose(run.stock, other.stock, rtol=1e-11, atol=1e-11 * other.stock.max())


def test_sums_around_the_table_are_the_sums_or_are_refused():
    rng = np.random.default_rng(8)
    z, w, out = rng.random((12, 30)), np.ones(12), np.empty(30)
    w[[2, 9, 11]] = 0.4, 1.2, 0.9
    assert kernels._around_table(z, 0, 12, w, z.sum(axis=0), out)
    np.testing.assert_allclose(out, w @ z, rtol=1e-14)
    w[5] = 0.999  # four of twelve
    assert not kernels._around_table(z, 0, 12, w, z.sum(axis=0), out)
    z[3, 17], w = 1e6, np.ones(12)
    w[3] = 0.0  # what is left of this sum is a millionth of it: ten digits would be gone
    assert not kernels._around_table(z, 0, 12, w, z.sum(axis=0), out)


@pytest.mark.parametrize("rule", RULES)
def test_a_batch_of_worlds_equals_the_single_runs_for_any_group_and_workers(table, rule):
    z, final, sector = table
    rng = np.random.default_rng(6)
    shocked, loss = np.array([2, 9]), rng.random((7, 40, 2)) * rng.random((7, 1, 1))
    economy = ario.prepare(z, final, sector, ario.ArioParameters(order_rule=rule))
    single = [ario.simulate(economy, shocked, world, period_steps=8) for world in loss]
    grouped = ario.simulate_batch(economy, shocked, loss, period_steps=8, group=3, workers=1)
    threaded = ario.simulate_batch(economy, shocked, loss, period_steps=8, group=3, workers=2)
    np.testing.assert_array_equal(grouped.output, threaded.output)
    np.testing.assert_allclose(grouped.output, np.concatenate([run.output for run in single]), rtol=1e-12, atol=0)
    np.testing.assert_allclose(
        grouped.unserved, np.concatenate([run.unserved for run in single]), rtol=0, atol=1e-12 * final.max()
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), regions=st.integers(1, 4), sectors=st.integers(1, 6), rule=st.sampled_from(RULES))
def test_without_a_shock_nothing_changes(seed, regions, sectors, rule):
    z, final, sector = made_up_table(regions, sectors, seed)
    economy = ario.prepare(z, final, sector, ario.ArioParameters(order_rule=rule, step_days=7))
    run = ario.simulate(economy, np.array([0]), np.zeros((104, 1)))
    np.testing.assert_allclose(run.output[0], run.baseline, rtol=1e-12, atol=0)
    assert np.abs(run.unserved).max() <= 1e-12 * final.max()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 1.0), rule=st.sampled_from(RULES))
def test_what_is_made_is_delivered_and_stocks_account_for_every_delivery(seed, share, rule):
    """Output = inputs received + final demand served, summed over suppliers; stock change = received − used."""
    z, final, sector = made_up_table(3, 4, seed)
    par = ario.ArioParameters(order_rule=rule, inventory_days=30, restock_days=15)
    economy = ario.prepare(z, final, sector, par)
    run = ario.simulate(economy, np.array([1]), np.full((50, 1), share))
    output = z.sum(axis=1) + final
    coefficient = np.stack([z[sector == s].sum(axis=0) for s in range(4)]) / output
    used = coefficient * run.output[0].sum(axis=0)
    received = run.stock - economy.stock0[:, economy.place] + used
    made = np.array([run.output[0][:, sector == s].sum() for s in range(4)])
    served = np.array([(final / 365 * 50 - run.unserved[0].sum(axis=0))[sector == s].sum() for s in range(4)])
    np.testing.assert_allclose(received.sum(axis=1) + served, made, rtol=1e-10)


def test_the_order_of_industries_and_the_unit_of_money_do_not_matter(table):
    z, final, sector = table
    rng = np.random.default_rng(3)
    shuffle, loss = rng.permutation(20), np.full((30, 1), 0.4)
    base = ario.simulate(ario.prepare(z, final, sector), np.array([6]), loss)
    moved = ario.prepare(z[np.ix_(shuffle, shuffle)], final[shuffle], sector[shuffle])
    again = ario.simulate(moved, np.flatnonzero(shuffle == 6), loss)
    np.testing.assert_allclose(again.output[0], base.output[0][:, shuffle], rtol=1e-12)
    euros = ario.simulate(ario.prepare(z * 1e6, final * 1e6, sector), np.array([6]), loss)
    np.testing.assert_allclose(euros.output, base.output * 1e6, rtol=1e-12)


def test_small_economies_do_not_fall_under_a_closeness_gate(table):
    """BoARIO skips the stock update when all changes are below 1e-8 in the table's unit; the default has no such
    gate.
    """
    z, final, sector = table
    tiny, loss = 1e-9, np.full((30, 20), 0.0)
    loss[2:, 6] = 0.5
    run = ario.simulate(ario.prepare(z * tiny, final * tiny, sector), np.array([6]), loss[:, 6:7])
    large = ario.simulate(ario.prepare(z, final, sector), np.array([6]), loss[:, 6:7])
    np.testing.assert_allclose(run.output / tiny, large.output, rtol=1e-11)
    gated = ario_boario.simulate_as_boario(z * tiny, final * tiny, (z.sum(axis=1) + final) * tiny, sector, loss)
    assert np.abs(gated.stock / tiny - large.stock).max() > 1e-3


def test_overtime_ends_when_demand_is_met_again(table):
    z, final, sector = table
    loss = np.zeros((1500, 1))
    loss[5:100] = 0.3
    run = ario.simulate(ario.prepare(z, final, sector), np.array([2]), loss)
    np.testing.assert_allclose(run.overproduction, 1.0, atol=0.02)
    np.testing.assert_allclose(run.output[0, -1], run.baseline[-1], rtol=0.02)


def test_rebuilding_delivers_what_was_destroyed_and_capacity_returns(table):
    z, final, sector = table
    suppliers = np.zeros(20)
    suppliers[[0, 5]] = [3.0, 1.0]
    work = [
        ario.Rebuilding(suppliers, days=30, damage_step=2, start_step=5, damaged=7, capital=10.0),
        ario.Rebuilding(suppliers, days=30, damage_step=4, start_step=6),
    ]
    economy = ario.prepare(z, final, sector)
    run = ario.simulate(economy, np.array([], dtype=np.int64), np.zeros((900, 0)), rebuilding=work)
    np.testing.assert_allclose(run.rebuilt, 2 * suppliers, rtol=1e-6)
    ratio = run.output[0, :, 7] / run.baseline[:, 7]
    assert ratio[1] == pytest.approx(1.0, rel=1e-12)
    assert ratio[2] == pytest.approx(0.6, rel=1e-12)
    assert ratio[4] == pytest.approx(0.6, rel=1e-3)
    assert ratio[899] == pytest.approx(1.0, abs=0.02)


def test_an_input_that_does_not_bind_stops_nobody(table):
    z, final, sector = table
    binding = np.ones((5, 20), dtype=bool)
    binding[2] = False
    loss = np.ones((200, 4))
    makers = np.flatnonzero(sector == 2)
    run = ario.simulate(ario.prepare(z, final, sector, binding=binding), makers, loss)
    others = sector != 2
    assert (run.output[0, -1, others] >= 0.4 * run.baseline[-1, others]).all()
    strict = ario.simulate(ario.prepare(z, final, sector), makers, loss)
    assert (strict.output[0, -1] < 0.05 * strict.baseline[-1]).all()
    assert run.stock.min() >= 0.0


def test_infinite_inventories_are_never_short(table):
    z, final, sector = table
    days = [np.inf if s == 2 else 30.0 for s in range(5)]
    economy = ario.prepare(z, final, sector, ario.ArioParameters(inventory_days=days))
    run = ario.simulate(economy, np.flatnonzero(sector == 2), np.ones((150, 4)))
    assert np.isfinite(run.output).all()
    assert (run.output[0, -1, sector != 2] > 0.4 * run.baseline[-1, sector != 2]).all()


def test_bad_input_is_refused_with_the_place_and_the_amount(table):
    z, final, sector = table
    bad = z.copy()
    bad[4, 7] = -2.5
    with pytest.raises(DataError, match=r"cell \(4, 7\): -2\.5"):
        ario.prepare(bad, final, sector)
    with pytest.raises(InputError, match=r"sector 0: 3 days of stock, steps of 7 days"):
        ario.prepare(z, final, sector, ario.ArioParameters(inventory_days=3, step_days=7))
    economy = ario.prepare(z, final, sector)
    with pytest.raises(InputError, match=r"world 0, step 1, industry 4: 1\.5"):
        ario.simulate(economy, np.array([4]), np.array([[0.5], [1.5]]))
    with pytest.raises(InputError, match="named twice"):
        ario.simulate(economy, np.array([4, 4]), np.zeros((2, 2)))


def test_a_shorter_last_period_is_counted_as_long_as_it_is(table):
    z, final, sector = table
    run = ario.simulate(ario.prepare(z, final, sector), np.array([1]), np.zeros((10, 1)), period_steps=4)
    np.testing.assert_allclose(run.baseline.sum(axis=0), 10 / 365 * (z.sum(axis=1) + final), rtol=1e-12)
    np.testing.assert_allclose(run.output[0], run.baseline, rtol=1e-12)


def test_the_worlds_that_are_stepped_together_keep_their_state_below_a_fixed_size(table):
    """At 7,987 industries and 163 sectors one world holds 31 MB of stocks, order factors and work copies."""
    z, final, sector = table
    small = ario.prepare(z, final, sector)
    assert ario.worlds_together(small) == 32
    large = replace(small, weight0=np.empty((163, 7987)))
    assert ario.worlds_together(large) == 8
    assert ario.worlds_together(replace(small, weight0=np.empty((5000, 7000)))) == 1
