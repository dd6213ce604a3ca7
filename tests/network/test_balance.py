"""Balanced networks: closing to 1e-9, transit taken out, named errors; recycling and by-products by hand (V05)."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.network.adaptation import by_product, by_product_share, end_of_life, recycled, substitution
from lodestock.network.balance import balanced_network, fit_margins, stage_order, through_hubs
from lodestock.network.faults import NegativeStockError, StageCycleError, UnbalancedError, UnreachableDemandError

from .test_market import make_network


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_close(seed):
    network = make_network(seed, countries=11)
    assert network.imbalance() < 1e-9
    assert (network.use >= 0).all()
    assert (network.made() <= network.capacity).all()


def test_transit_is_not_origin():
    # maker M sends 10 to the hub H, which sends 8 on to the user U: M supplies 8 to U and 2 to H
    production, trade = np.array([10.0, 0, 0]), np.zeros((3, 3))
    trade[0, 1], trade[1, 2] = 10.0, 8.0
    flow = through_hubs(production, trade)
    assert flow == pytest.approx(np.array([[0, 2, 8.0], [0, 0, 0], [0, 0, 0]]), abs=1e-12)


def test_every_tonne_made_arrives_once():
    g = np.random.default_rng(7)
    production = g.random(8) * 10
    share = g.random((8, 8)) * (1 - np.eye(8))
    share *= 0.8 / share.sum(axis=1, keepdims=True)
    supply = np.linalg.solve((np.eye(8) - share).T, production)
    flow = through_hubs(production, share * supply[:, None])
    assert flow.sum(axis=1) == pytest.approx(production, rel=1e-12)
    assert flow.sum(axis=0) == pytest.approx(supply * (1 - share.sum(axis=1)), rel=1e-9)


def test_fit_margins_meets_both_sums():
    g = np.random.default_rng(5)
    seed = g.random((6, 6))
    rows, columns = g.random(6) + 0.5, g.random(6) + 0.5
    columns *= rows.sum() / columns.sum()
    out = fit_margins(seed, rows, columns)
    assert out.sum(axis=1) == pytest.approx(rows, rel=1e-9)
    assert out.sum(axis=0) == pytest.approx(columns, rel=1e-9)
    # a biproportional fit keeps every cross ratio of the seed
    assert out[0, 0] * out[1, 1] / out[0, 1] / out[1, 0] == pytest.approx(
        seed[0, 0] * seed[1, 1] / seed[0, 1] / seed[1, 0], rel=1e-9
    )


def test_what_had_to_be_moved_is_shown():
    production = np.array([[100.0, 0.0], [20.0, 30.0]])
    trade = np.zeros((2, 2, 2))
    trade[0, 0, 1] = 10.0  # B converts 30 t but the data show 10 arriving
    found = balanced_network("m", ["ore", "metal"], ["A", "B"], production, trade, np.array([1.0]))
    assert found.network.imbalance() < 1e-9
    assert found.moved[0] == pytest.approx(0.2, abs=1e-9)  # 20 of 100 t


def test_named_errors():
    zero = np.zeros((2, 2, 2))
    with pytest.raises(StageCycleError, match="circle"):
        stage_order({"ore": ["metal"], "metal": ["ore"]})
    with pytest.raises(StageCycleError, match="several"):
        stage_order({"ore": ["metal", "oxide"]})
    assert stage_order({"ore": ["oxide"], "oxide": ["magnet"]}) == ("ore", "oxide", "magnet")
    with pytest.raises(UnbalancedError, match="conversion needs more"):
        balanced_network("m", ["a", "b"], ["A", "B"], np.array([[1.0, 0], [9, 9]]), zero, np.ones(1))
    with pytest.raises(UnreachableDemandError, match="made nowhere"):
        balanced_network("m", ["a", "b"], ["A", "B"], np.array([[0.0, 0], [9, 9]]), zero, np.ones(1))
    with pytest.raises(UnbalancedError, match="ships more"):
        through_hubs(np.array([1.0, 0]), np.array([[0.0, 5], [0, 0]]))
    with pytest.raises(NegativeStockError):
        through_hubs(np.array([-1.0, 0]), np.zeros((2, 2)))


def test_v05_by_product_by_hand():
    host, content, recovery = np.array([1_000_000.0]), np.array([5e-5]), np.array([0.3])
    assert by_product(host, content, recovery) == pytest.approx(15.0, abs=1e-12)
    assert by_product(0.8 * host, content, recovery) == pytest.approx(12.0, abs=1e-12)
    share = by_product_share(np.array([[1e6, 8e5, 0.0]]), host, content, recovery, 15.0)
    assert share == pytest.approx([1.0, 0.8, 0.0], abs=1e-12)
    with pytest.raises(InputError, match="hosts hold"):
        by_product_share(host[:, None], host, content, recovery, 16.0)


def test_recycling_and_substitution_by_hand():
    ended = end_of_life(np.array([10.0, 20, 30]), np.array([0.0, 0.5, 0.5]))
    assert ended == pytest.approx([0.0, 5.0, 15.0])
    assert recycled(ended, 0.8, 0.5, 5.0) == pytest.approx([0.0, 2.0, 5.0])
    assert substitution(np.array([0.0, 6, 60]), 0.1, 0.3) == pytest.approx([0.0, 0.05, 0.3])
    with pytest.raises(NegativeStockError):
        end_of_life(np.array([1.0]), np.array([0.9, 0.2]))
