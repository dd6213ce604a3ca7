"""The planner's programme: V05 by hand, its shadow prices, and the bracket of MODEL §5.3 (V21)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lodestock.errors import InputError, UnknownNameError
from lodestock.network.market import limits_of, ration, trace_market
from lodestock.network.planner import Planner
from lodestock.network.planner_model import Group
from lodestock.network.structure import Adaptation, Network, NetworkClass, Shock, ShockKind

from .test_market import make_network, make_shocks

COUNTRIES = ("A", "B", "NL", "DE", "US")


def v05_network(stock: float = 0.0) -> Network:
    """The three-stage network of V05: ore, refining and magnets in A and in B; users A, NL, DE and US."""
    pairs = [(k, i, j) for k in (0, 1) for i in (0, 1) for j in (0, 1)]
    pairs += [(2, i, j) for i in (0, 1) for j in (0, 2, 3, 4)]
    arcs = np.array(pairs, np.int64)
    capacity, use, zero = np.zeros((3, 5)), np.zeros((3, 5)), np.zeros((3, 5))
    capacity[:, :2] = [[100, 40], [90, 30], [80, 25]]
    use[2] = [25, 0, 10, 30, 40]
    base = np.zeros(len(pairs))
    base[[0, 4]], base[[3, 7]] = 80.0, 25.0
    base[8:12], base[12:] = [25, 5, 20, 30], [0, 5, 10, 10]
    strategic = zero.copy()
    strategic[2, 3] = stock
    return Network(
        "V05", NetworkClass.CHAIN, ("ore", "refined", "magnet"), COUNTRIES, arcs[:, 0], arcs[:, 1], arcs[:, 2], base,
        np.ones(2), capacity, use, zero, zero, strategic, zero, zero,
    )  # fmt: skip


def v05_values() -> np.ndarray:
    values = np.zeros((3, 5, 1))
    values[2, :, 0] = [1, 0, 5, 3, 2]
    return values


V05_GROUPS = (Group("magnets", np.array([9, 10, 11])), Group("refined", np.array([5])), Group("ore", np.array([1])))


def test_v05_licence_by_hand():
    plan = Planner(v05_network(), v05_values(), groups=V05_GROUPS).solve(caps=np.array([[27.5, 0.0, 1e9]]))
    assert plan.loss == pytest.approx(55.0, abs=1e-9)
    assert v05_network().use[2] - plan.shortage[0, 2] == pytest.approx([25, 0, 10, 30, 12.5], abs=1e-9)
    assert plan.group[0, 0] == pytest.approx(2.0, abs=1e-9)  # one more licensed tonne of magnets
    assert plan.capacity[0, 2, 1] == pytest.approx(2.0, abs=1e-9)  # one more tonne of capacity outside A
    assert plan.capacity[0, 0] == pytest.approx(0.0, abs=1e-9)


def test_v05_ban_and_stock_by_hand():
    none = np.zeros((1, 3))
    plan = Planner(v05_network(), v05_values(), groups=V05_GROUPS).solve(caps=none)
    assert plan.loss == pytest.approx(125.0, abs=1e-9)
    assert plan.group[0, 0] == pytest.approx(3.0, abs=1e-9)
    with_stock = Planner(v05_network(20.0), v05_values(), groups=V05_GROUPS).solve(caps=none)
    assert with_stock.loss == pytest.approx(70.0, abs=1e-9)
    assert with_stock.shortage[0, 2] == pytest.approx([0, 0, 0, 0, 35], abs=1e-9)
    assert with_stock.strategic[2, 3] == pytest.approx(2.0, abs=1e-9)


def test_warm_start_gives_the_same_answer_as_a_fresh_programme():
    warm = Planner(v05_network(), v05_values(), groups=V05_GROUPS)
    for licence in (80.0, 27.5, 0.0, 12.0, 55.0, 27.5):
        caps = np.array([[licence, 0.0, 1e9]])
        fresh = Planner(v05_network(), v05_values(), groups=V05_GROUPS).solve(caps=caps)
        assert warm.solve(caps=caps).loss == pytest.approx(fresh.loss, abs=1e-9)


def test_steps_are_cut_from_the_least_valuable_use():
    network = v05_network()
    values = np.concatenate([v05_values() * 0.5, v05_values() * 4.0], axis=2)
    plan = Planner(network, values, groups=V05_GROUPS).solve(caps=np.array([[27.5, 0.0, 1e9]]))
    # 27.5 t lack outside A: US first half (value 1, 20 t), then the German first half (1.5, 7.5 t)
    assert plan.loss == pytest.approx(20 * 1.0 + 7.5 * 1.5, abs=1e-9)
    assert plan.steps[0, 2, :, 1].sum() == pytest.approx(0.0, abs=1e-9)


def test_tie_break_keeps_the_loss_and_stays_near_base():
    planner = Planner(v05_network(), v05_values(), groups=V05_GROUPS)
    plan = planner.solve(caps=np.array([[70.0, 25.0, 1e9]]))
    flow = planner.nearest_to_base(plan)
    base = planner.network.base
    assert plan.loss == pytest.approx(0.0, abs=1e-9)
    assert flow[0] == pytest.approx(base, abs=1e-6)  # the baseline itself is a plan without loss
    assert np.abs(flow[0] - base).sum() <= np.abs(plan.flow[0] - base).sum() + 1e-6


def single_stage(base, use, capacity) -> Network:
    n, m = base.shape
    size = n + m
    origin, dest = np.nonzero(np.ones_like(base))
    zero = np.zeros((1, size))
    cap, need = zero.copy(), zero.copy()
    cap[0, :n], need[0, n:] = capacity, use
    return Network(
        "one", NetworkClass.SINGLE_STAGE, ("refined",), tuple(f"C{i}" for i in range(size)),
        np.zeros(n * m, np.int64), origin.astype(np.int64), (dest + n).astype(np.int64), base.ravel(), np.empty(0), cap,
        need, zero, zero, zero, zero, zero,
    )  # fmt: skip


def test_v21_bracket_on_300_random_networks():
    g = np.random.default_rng(2021)
    gaps = []
    for _ in range(300):
        n, m = int(g.integers(2, 6)), int(g.integers(2, 7))
        base = g.uniform(0.5, 10.0, (n, m))
        demand, limit = base.sum(axis=0), base * g.uniform(0.3, 2.0, (n, m))
        supply = base.sum(axis=1)
        planner = Planner(single_stage(base, demand, supply), np.ones((1, n + m, 1)))
        best = planner.solve(limit=limit.reshape(1, -1), able=np.r_[supply, np.zeros(m)].reshape(1, 1, -1)).loss
        short = [demand.sum() - ration(supply, demand, base, limit, r).sum() for r in (4, 1)]
        assert best <= short[0] + 1e-7
        assert short[0] <= short[1] + 1e-9
        gaps.append((short[0] - best) / demand.sum())
    assert max(gaps) > 0.0


def test_v21_fixed_case_lp_shortage():
    base = np.array([[20.0, 20, 20], [10, 10, 20]])
    network = single_stage(base, np.array([30.0, 30, 40]), np.array([60.0, 40]))
    limit = np.array([[6.0, 30, 30, 15, 15, 30]])
    assert Planner(network, np.ones((1, 5, 1))).solve(limit=limit).loss == pytest.approx(9.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_planner_is_a_lower_bound_of_the_market_over_a_horizon(seed):
    network = make_network(seed)
    network = dataclasses.replace(network, adaptation=Adaptation(substitution=0.0))
    shocks, values = make_shocks(network, seed, 14, 1)
    values[3:12, 0] = 0.1
    path = values[:, :, 0]
    limits = limits_of(network, shocks, path)
    planner = Planner(network, np.ones((*network.use.shape, 1)), months=14)
    plan = planner.solve(limits.limit, limits.able, recycled=network.recycled + limits.outside)
    for rounds in (4, 1):
        market = trace_market(network, shocks, path, rounds=rounds)
        assert plan.loss <= market.shortage.sum() + 1e-6
        assert (market.flow <= limits.limit + 1e-9).all()


def test_values_that_fall_are_refused():
    values = np.concatenate([v05_values(), v05_values() * 0.5], axis=2)
    with pytest.raises(InputError, match="rise"):
        Planner(v05_network(), values)
    with pytest.raises(InputError, match="below zero"):
        Planner(v05_network(), v05_values(), groups=V05_GROUPS).solve(caps=np.array([[-1.0, 0, 0]]))
    with pytest.raises(UnknownNameError, match="unknown country"):
        limits_of(v05_network(), [Shock(ShockKind.CAPACITY, 0, "Atlantis")], np.ones((1, 1)))


@pytest.mark.parametrize("seed", range(6))
def test_a_start_month_by_month_finds_the_same_loss(seed):
    """From the months one after the other, and from nothing, with strategic stocks and a discount."""
    network = make_network(seed)
    network = dataclasses.replace(network, strategic=network.use * (seed % 3))
    shocks, values = make_shocks(network, seed, 14, 1)
    limits = limits_of(network, shocks, np.ascontiguousarray(values[:, :, 0]))
    worth = np.sort(np.random.default_rng(seed).uniform(1, 9, (*network.use.shape, 2)), axis=2)
    found = []
    for cold in (True, False):
        planner = Planner(network, worth, months=14, discount=0.03)
        planner._cold = cold
        found.append(planner.solve(limits.limit, limits.able).loss)
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)
