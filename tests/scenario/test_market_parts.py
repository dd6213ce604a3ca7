"""Materials of one ensemble meet the same world; weighted means agree with plain sampling within four standard
errors.
"""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.disruption.outages import OutageLaw
from lodestock.disruption.regimes import RegimeWorld
from lodestock.network.balance import balanced_network
from lodestock.network.structure import Shock, ShockKind
from lodestock.scenario.ensemble import Part, ProcessEngine, read_part, run_parts
from lodestock.scenario.market_parts import MarketPart, regime_values, run_market_part, shock_values


def part(material: int, scenarios=400, disturbed=0.5, master=1) -> MarketPart:
    trade = np.zeros((1, 3, 3))
    trade[0, 0, 1], trade[0, 0, 2], trade[0, 1, 2] = 30.0, 20.0, 5.0
    network = balanced_network(
        f"m{material}", ["refined"], ["X", "Y", "Z"], np.array([[80.0, 15.0, 0.0]]), trade, np.empty(0), months=[1.0]
    ).network
    regime = np.array([[[0.96, 0.03, 0.01], [0.1, 0.88, 0.02], [0.1, 0.1, 0.8]]])
    world = RegimeWorld(np.ones((1, 1)), regime[None], np.array([0, 0]), np.array([1.0, 1.0]))
    openness = np.array([[1.0, 1.0, 1.0], [0.2, 0.5, 0.7], [0.0, 0.0, 0.0]])
    shocks = (Shock(ShockKind.LICENCE, 0, "X"), Shock(ShockKind.CAPACITY, 0, "Y"))
    return MarketPart(
        network, shocks, world, material, openness, ((0.3, OutageLaw(2.0, 0.7)),), 24, scenarios, master, disturbed
    )


def test_regimes_open_with_their_age():
    states = np.array([[0, 1, 1, 1, 1, 2, 1]], np.int8)
    openness = np.array([[1.0, 1.0, 1.0], [0.2, 0.5, 0.7], [0.0, 0.0, 0.0]])
    assert regime_values(states, openness)[0] == pytest.approx([1.0, 0.2, 0.5, 0.7, 0.7, 0.0, 0.2])


def test_materials_share_the_world_but_not_their_outages():
    one, two = shock_values(part(0))[0], shock_values(part(1))[0]
    assert (one[:, 0] == two[:, 0]).all()  # targetability 1: the same regime in the same scenario
    assert (one[:, 1] != two[:, 1]).any()


def test_workers_do_not_change_market_results(tmp_path):
    work = [Part(f"m{n}", part(n, 60)) for n in range(2)]
    one = run_parts(run_market_part, work, tmp_path / "a")
    two = run_parts(run_market_part, work, tmp_path / "b", engine=ProcessEngine(2))
    for name in one:
        first, second = read_part(one[name]), read_part(two[name])
        assert all((first[key] == second[key]).all() for key in first)


def test_forced_disturbances_do_not_bias_the_mean():
    plain, forced = (run_market_part(part(0, 6000, share, seed)) for share, seed in ((None, 1), (0.8, 2)))
    for month in (6, 23):
        for country in (1, 2):
            gap = plain["mean"][month, 0, country] - forced["mean"][month, 0, country]
            error = np.hypot(plain["error"][month, 0, country], forced["error"][month, 0, country])
            assert abs(gap) < 4.0 * error
    assert forced["mean"].sum() > 0
