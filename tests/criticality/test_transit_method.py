"""Origin tracing and mirror reconciliation: V19, hand-made trade tables with known origins, and conservation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lodestock.criticality.transit_method import least_production, reconcile_mirror, trace_origins
from lodestock.errors import DataError

# V19: China, Australia, Netherlands, Germany [t].
FLOWS = np.array([[0.0, 0, 50, 20], [0, 0, 6, 0], [0, 0, 0, 44], [0, 0, 2, 0]])
MADE = np.array([100.0, 40, 0, 0])
SHARES = np.array([[1.0, 0, 135 / 151, 0], [0, 1, 16 / 151, 0], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_v19_origins_behind_the_hub() -> None:
    traced = trace_origins(FLOWS, MADE)
    np.testing.assert_allclose(traced.supply, [100, 40, 58, 64])
    np.testing.assert_allclose(traced.own_use, [30, 34, 14, 62])
    assert traced.shares[0, 3] == pytest.approx(0.9271523178807946, abs=1e-12)
    assert traced.shares[0, 2] == pytest.approx(0.8940397350993377, abs=1e-12)
    np.testing.assert_allclose(traced.use_by_origin.sum(axis=1), MADE, atol=1e-12)
    assert traced.through[2] == pytest.approx(44.0)


def test_the_series_gives_the_same_origins_as_the_solve() -> None:
    """Second method: follow the tonnes hop by hop until they are used, R = Σ_k (Aᵀ)^k diag(p/x)."""
    supply = MADE + FLOWS.sum(axis=0)
    step = (FLOWS / supply).T
    term = np.diag(MADE / supply)
    total = term.copy()
    for _ in range(200):
        term = step @ term
        total = total + term
    np.testing.assert_allclose(trace_origins(FLOWS, MADE).shares, total.T, atol=1e-12)


def test_v19_mirror_reports() -> None:
    value, sd = reconcile_mirror(np.array([50.0]), np.array([42.0]), 0.05, 0.15)
    assert value[0] == pytest.approx(48.91162385720505, abs=1e-9)
    assert sd[0] == pytest.approx(2.323726777924084, abs=1e-9)


def test_one_sided_reports_stand_alone_and_silence_is_not_zero() -> None:
    nan = np.nan
    value, sd = reconcile_mirror(np.array([nan, 10.0, nan, 0.0, 0.0]), np.array([8.0, nan, nan, 5.0, 0.0]), 0.1, 0.2)
    np.testing.assert_allclose(value, [8.0, 10.0, nan, 5.0, 0.0])
    np.testing.assert_allclose(sd, [1.6, 1.0, nan, 1.0, 0.0])


def test_chain_of_hubs_shows_only_the_mine() -> None:
    # Mine → port → trader → factory, by hand: everything in the factory comes from the mine.
    flows = np.zeros((4, 4))
    flows[0, 1], flows[1, 2], flows[2, 3] = 10.0, 9.0, 9.0
    traced = trace_origins(flows, np.array([12.0, 0, 0, 0]))
    np.testing.assert_allclose(traced.shares[:, 3], [1, 0, 0, 0])
    np.testing.assert_allclose(traced.own_use, [2, 1, 0, 9])


def test_two_mines_mix_in_proportion_at_the_port() -> None:
    flows = np.zeros((4, 4))
    flows[0, 2], flows[1, 2], flows[2, 3] = 30.0, 10.0, 20.0
    traced = trace_origins(flows, np.array([30.0, 10.0, 0, 0]))
    np.testing.assert_allclose(traced.use_by_origin[:, 3], [15, 5, 0, 0])
    assert traced.through[2] == pytest.approx(20.0)


def test_a_ring_without_a_producer_has_no_origin() -> None:
    flows = np.zeros((3, 3))
    flows[0, 1], flows[1, 0] = 5.0, 5.0
    traced = trace_origins(flows, np.array([0.0, 0.0, 3.0]))
    assert np.all(np.isnan(traced.shares[:, 0]))
    assert traced.shares[2, 2] == 1.0


def test_exports_out_of_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="exports more than it produces"):
        trace_origins(FLOWS, np.array([10.0, 40, 0, 0]))
    with pytest.raises(DataError, match="not known"):
        trace_origins(FLOWS, np.array([np.nan, 40, 0, 0]))


sizes = st.integers(3, 7)
worlds = sizes.flatmap(
    lambda n: st.tuples(
        arrays(np.float64, (n, n), elements=st.floats(0, 100)), arrays(np.float64, n, elements=st.floats(0, 50))
    )
)


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_a_closed_world_conserves_tonnes_and_shares_sum_to_one(world: tuple[np.ndarray, np.ndarray]) -> None:
    flows, extra = world
    np.fill_diagonal(flows, 0.0)
    made = least_production(flows) + extra + 1.0
    traced = trace_origins(flows, made)
    np.testing.assert_allclose(traced.shares.sum(axis=0), 1.0, atol=1e-9)
    np.testing.assert_allclose(traced.use_by_origin.sum(axis=1), made, rtol=1e-8, atol=1e-7)
    np.testing.assert_allclose(traced.use_by_origin.sum(axis=0), traced.own_use, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(worlds)
def test_an_empty_hub_changes_nothing(world: tuple[np.ndarray, np.ndarray]) -> None:
    flows, extra = world
    np.fill_diagonal(flows, 0.0)
    made = least_production(flows) + extra + 1.0
    size = made.size
    wider = np.zeros((size + 1, size + 1))
    wider[:size, :size] = flows
    with_hub = trace_origins(wider, np.append(made, 0.0))
    np.testing.assert_allclose(with_hub.shares[:size, :size], trace_origins(flows, made).shares, atol=1e-12)
    assert np.all(np.isnan(with_hub.shares[:, size]))


@settings(max_examples=30, deadline=None)
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_countries_does_not_matter(world: tuple[np.ndarray, np.ndarray], random: object) -> None:
    flows, extra = world
    np.fill_diagonal(flows, 0.0)
    made = least_production(flows) + extra + 1.0
    order = np.array(sorted(range(made.size), key=lambda _: random.random()))  # type: ignore[attr-defined]
    turned = trace_origins(flows[np.ix_(order, order)], made[order])
    np.testing.assert_allclose(turned.shares, trace_origins(flows, made).shares[np.ix_(order, order)], atol=1e-9)
