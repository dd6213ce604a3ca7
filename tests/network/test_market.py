"""The market rule: MODEL §5.3, §10 (V21), conservation, invariances and equality of the two kernels."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.network import kernel_plain, reduce
from lodestock.network.balance import balanced_network
from lodestock.network.market import Sampling, ration, simulate_market, trace_market
from lodestock.network.structure import Adaptation, Network, Shock, ShockKind, chain_of

TIGHT = 1e-9


def make_network(seed: int, countries: int = 7, stages: int = 3) -> Network:
    """A random balanced network: production in some countries, trade over random routes."""
    g = np.random.default_rng(seed)
    theta = g.uniform(1.05, 1.4, stages - 1)
    production = np.zeros((stages, countries))
    trade = np.zeros((stages, countries, countries))
    production[-1] = g.lognormal(2, 1, countries) * (g.random(countries) < 0.7) + 0.1
    for k in range(stages - 2, -1, -1):
        size = g.lognormal(0, 1, countries) * (g.random(countries) < 0.6) + 0.01
        production[k] = size / size.sum() * theta[k] * production[k + 1].sum() * g.uniform(1.2, 1.6)
    for k in range(stages):
        out = g.random((countries, countries)) * (g.random((countries, countries)) < 0.6)
        np.fill_diagonal(out, 0.0)
        total = np.maximum(out.sum(axis=1, keepdims=True), 1e-12)
        trade[k] = out / total * production[k][:, None] * 0.7
    names = [f"C{n}" for n in range(countries)]
    return balanced_network(
        "test", [f"stage {k}" for k in range(stages)], names, production, trade, theta, spare=0.15
    ).network


def make_shocks(network: Network, seed: int, months: int, scenarios: int) -> tuple[list[Shock], np.ndarray]:
    """A licence on the largest exporter of the last stage, an outage upstream, and a release."""
    g = np.random.default_rng(seed)
    made = network.made()
    last = len(network.stages) - 1
    shocks = [
        Shock(ShockKind.LICENCE, last, network.countries[int(made[last].argmax())]),
        Shock(ShockKind.CAPACITY, 0, network.countries[int(made[0].argmax())]),
        Shock(ShockKind.RELEASE, last, network.countries[0]),
    ]
    values = np.ones((months, 3, scenarios))
    values[:, 2] = 0.0
    for s in range(scenarios):
        start, length = int(g.integers(0, months)), int(g.integers(1, 9))
        values[start : start + length, 0, s] = g.random()
        start = int(g.integers(0, months))
        values[start : start + 3, 1, s] = g.random()
        values[start : start + 2, 2, s] = g.random() * made.max() * 0.1
    return shocks, values


def with_rules(network: Network, seed: int) -> Network:
    """The same network with recycling kept, strategic stocks and a release rule in some cells."""
    g = np.random.default_rng(seed)
    some = g.random(network.use.shape) < 0.4
    return dataclasses.replace(
        network,
        strategic=np.where(some, network.use * 2.0, 0.0),
        cover=np.where(some, 0.8, 0.0),
        activation=np.where(some, 2.0, 0.0),
    )


def test_v21_fixed_case_by_hand():
    base = np.array([[20.0, 20, 20], [10, 10, 20]])
    limit = np.array([[6.0, 30, 30], [15, 15, 30]])
    supply, demand = np.array([60.0, 40]), np.array([30.0, 30, 40])
    for rounds in (1, 4):
        flow = ration(supply, demand, base, limit, rounds)
        assert flow == pytest.approx(np.array([[6.0, 20, 20], [10, 10, 20]]), abs=TIGHT)
        assert demand - flow.sum(axis=0) == pytest.approx([14.0, 0, 0], abs=TIGHT)


def test_more_rounds_never_raise_the_shortage_of_one_stage():
    g = np.random.default_rng(21)
    for _ in range(300):
        n, m = int(g.integers(2, 6)), int(g.integers(2, 7))
        base = g.random((n, m)) * (g.random((n, m)) < 0.8)
        limit = base * g.uniform(0.5, 2.0, (n, m))
        supply, demand = base.sum(axis=1) * g.uniform(0.3, 1.2, n), base.sum(axis=0)
        short = [demand.sum() - ration(supply, demand, base, limit, r).sum() for r in (1, 2, 4, 8)]
        assert all(b <= a + TIGHT for a, b in itertools.pairwise(short))
        flow = ration(supply, demand, base, limit)
        assert (flow <= limit + TIGHT).all()
        assert (flow.sum(axis=1) <= supply + TIGHT).all()
        assert (flow.sum(axis=0) <= demand + TIGHT).all()


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_short_when_nothing_happens(seed):
    network = make_network(seed)
    trace = trace_market(network, [], np.ones((24, 0)))
    assert trace.shortage.sum() == 0.0
    assert trace.flow == pytest.approx(np.broadcast_to(network.base, trace.flow.shape), rel=1e-9, abs=TIGHT)


@pytest.mark.parametrize("seed", range(12))
def test_every_tonne_is_accounted_for_each_month(seed):
    network = with_rules(make_network(seed), seed)
    shocks, values = make_shocks(network, seed, 36, 1)
    values[4:20, 0], values[8:16, 1] = 0.0, 0.0
    trace = trace_market(network, shocks, values[:, :, 0])
    k, c = len(network.stages), len(network.countries)
    before, strategic = network.stock, network.strategic
    for t in range(36):
        arrive = np.bincount(network.stage * c + network.dest, trace.flow[t], k * c).reshape(k, c)
        made = np.bincount(network.stage * c + network.origin, trace.flow[t], k * c).reshape(k, c)
        convert = np.zeros((k, c))
        convert[:-1] = network.theta[:, None] * made[1:]
        outside = np.zeros((k, c))
        outside[-1, 0] = values[t, 2, 0]
        gain = arrive + network.recycled + outside + trace.released[t]
        spent = convert + trace.use[t] - trace.shortage[t]
        assert before + gain - spent == pytest.approx(trace.stock[t], abs=1e-9 * network.base.max())
        assert strategic - trace.released[t] == pytest.approx(trace.strategic[t], abs=TIGHT)
        assert (trace.stock[t] >= 0).all()
        assert (trace.strategic[t] >= 0).all()
        assert (made <= network.capacity * (1 + 1e-9)).all()
        before, strategic = trace.stock[t], trace.strategic[t]
    assert trace.shortage.sum() > 0


@pytest.mark.parametrize("seed", range(4))
def test_block_kernel_equals_the_plain_loop(seed):
    network = with_rules(make_network(seed, countries=9), seed)
    shocks, values = make_shocks(network, seed, 30, 75)
    chain = chain_of(network, shocks)
    cells = chain.capacity.size
    plain = np.zeros((30, cells, 75))
    start = np.array([chain.target, chain.strategic, np.zeros(cells), np.zeros(cells)])
    kernel_plain.run_plain(chain, values, np.zeros((30, cells)), 4, start, plain)
    keep = [(k, code) for k in range(3) for code in network.countries]
    summary = simulate_market(network, shocks, values, keep=keep)
    assert plain.sum() > 0
    assert summary.kept.transpose(1, 2, 0) == pytest.approx(plain, abs=1e-9 * plain.max())
    assert summary.mean.reshape(30, -1) == pytest.approx(plain.mean(axis=2), abs=1e-9 * plain.max())
    assert pytest.approx(plain.sum(axis=0), abs=1e-8 * plain.max()) == summary.lost.reshape(75, -1).T
    error = plain.std(axis=2, ddof=1) / np.sqrt(75)
    assert summary.error.reshape(30, -1) == pytest.approx(error, abs=1e-7 * plain.max())
    for q, level in enumerate((0.05, 0.5, 0.95)):
        exact = np.quantile(plain, level, axis=2, method="inverted_cdf")
        assert summary.quantiles[q].reshape(30, -1) == pytest.approx(exact, abs=1e-9 * plain.max())
    assert 0 < summary.computed < 1


@pytest.mark.parametrize(
    ("rules", "countries"),
    [
        (Adaptation(lag=(0.0, 1.0, 2.0), ramp=0.2, ramp_max=0.9), 11),
        (Adaptation(lag=(0.0, 1.0, 2.0), ramp=0.0, ramp_max=0.9), 8),
        (Adaptation(lag=(1.0,), ramp=0.3, ramp_max=0.1, substitution=0.0), 5),
    ],
)
def test_routes_grow_alike_in_both_kernels(rules, countries):
    network = dataclasses.replace(with_rules(make_network(1, countries), 1), adaptation=rules)
    shocks, values = make_shocks(network, 1, 36, 21)
    values[2:, 0, ::4] = 0.3  # some are disturbed to the end, some not at all
    values[:, :2, 1::4] = 1.0
    values[5:20, 1, 2::4] = 1.4  # more than the usual capacity
    chain = chain_of(network, shocks)
    cells = chain.capacity.size
    plain = np.zeros((36, cells, 21))
    start = np.array([chain.target, chain.strategic, np.zeros(cells), np.zeros(cells)])
    kernel_plain.run_plain(chain, values, np.zeros((36, cells)), 4, start, plain)
    keep = [(k, code) for k in range(3) for code in network.countries]
    kept = simulate_market(network, shocks, values, keep=keep).kept
    assert plain.sum() > 0
    assert kept.transpose(1, 2, 0) == pytest.approx(plain, abs=1e-9 * plain.max())


def test_results_do_not_depend_on_scenario_order_or_company():
    network = make_network(3)
    shocks, values = make_shocks(network, 3, 24, 70)
    keep = [(2, code) for code in network.countries]
    whole = simulate_market(network, shocks, values, keep=keep).kept
    order = np.random.default_rng(0).permutation(70)
    assert (simulate_market(network, shocks, values[:, :, order], keep=keep).kept == whole[order]).all()
    assert (simulate_market(network, shocks, values[:, :, 11:12], keep=keep).kept[0] == whole[11]).all()


def test_units_do_not_matter():
    network = make_network(5)
    shocks, values = make_shocks(network, 5, 24, 20)
    double = dataclasses.replace(
        network,
        **{name: getattr(network, name) * 2 for name in ("base", "capacity", "use", "recycled", "stock", "strategic")},
    )
    twice = values.copy()
    twice[:, 2] *= 2
    one = simulate_market(network, shocks, values)
    assert simulate_market(double, shocks, twice).mean == pytest.approx(2 * one.mean, abs=1e-9)


def test_country_order_does_not_matter():
    network = make_network(8)
    shocks, values = make_shocks(network, 8, 24, 10)
    order = np.random.default_rng(1).permutation(len(network.countries))
    place = np.argsort(order)
    origin, dest = place[network.origin], place[network.dest]
    rank = np.lexsort((dest, origin, network.stage))
    moved = dataclasses.replace(
        network,
        countries=tuple(network.countries[n] for n in order),
        stage=network.stage[rank],
        origin=origin[rank],
        dest=dest[rank],
        base=network.base[rank],
        **{
            name: getattr(network, name)[:, order]
            for name in ("capacity", "use", "recycled", "stock", "strategic", "cover", "activation")
        },
    )
    one, other = simulate_market(network, shocks, values), simulate_market(moved, shocks, values)
    assert other.mean == pytest.approx(one.mean[:, :, order], abs=1e-9 * one.mean.max())


def test_weighted_quantiles_and_stratified_error():
    g = np.random.default_rng(4)
    out = g.random((400, 3)) * (g.random((400, 3)) < 0.5)
    strata = (np.arange(400) >= 100).astype(np.int64)
    weights = np.where(strata == 0, 0.7 / 100, 0.3 / 300)
    levels = np.array([0.05, 0.5, 0.9, 0.99])
    mean, error, quantiles = np.zeros(3), np.zeros(3), np.zeros((4, 3))
    sizes, shares = np.array([100.0, 300.0]), np.array([0.7, 0.3])
    reduce.reduce_cells(out, weights, strata, sizes, shares, levels, mean, error, quantiles)
    for c in range(3):
        a, b = out[:100, c], out[100:, c]
        assert mean[c] == pytest.approx(0.7 * a.mean() + 0.3 * b.mean(), rel=1e-12)
        assert error[c] == pytest.approx(np.sqrt(0.49 * a.var(ddof=1) / 100 + 0.09 * b.var(ddof=1) / 300), rel=1e-9)
        order = np.argsort(out[:, c], kind="stable")
        reached = np.cumsum(weights[order])
        expected = [out[order[np.searchsorted(reached, level - 1e-12)], c] for level in levels]
        assert quantiles[:, c] == pytest.approx(expected, abs=0)


def test_bad_input_is_named():
    network = make_network(1)
    shocks, values = make_shocks(network, 1, 12, 4)
    with pytest.raises(InputError, match="shuts more than exists"):
        simulate_market(network, shocks, values - 1.5)
    with pytest.raises(InputError, match="same quantity"):
        simulate_market(network, [shocks[0], shocks[0]], values[:, :2])
    with pytest.raises(InputError, match="sum to 1"):
        simulate_market(network, shocks, values, sampling=Sampling(np.full(4, 0.5), np.zeros(4, np.int64)))
    with pytest.raises(InputError, match="below zero"):
        simulate_market(dataclasses.replace(network, stock=network.stock - 1e9), shocks, values)
    with pytest.raises(InputError, match="above capacity"):
        simulate_market(dataclasses.replace(network, capacity=network.capacity * 0.5), shocks, values)
