"""A scenario through the trade network: classes, closing balances, the licence regime as limits, the bracket."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lodestock.disruption.lead_time import weibull
from lodestock.errors import InputError
from lodestock.evidence.store import Store
from lodestock.network.structure import NetworkClass
from lodestock.scenario.ensemble import Part, ProcessEngine, SerialEngine, read_part, run_parts
from lodestock.scenario.licences import RegimeDraws
from lodestock.scenario.load import load
from lodestock.scenario.network_data import classify, material_network
from lodestock.scenario.simulate import coordination, simulate
from lodestock.scenario.simulate_network import (
    BuiltNetwork,
    flagship_network,
    magnet_figures,
    magnet_network,
    magnet_points,
    reconcile,
)
from lodestock.scenario.simulate_parts import MarketRun, licence_shocks, licence_values, price_points, run_part

ON = date(2026, 11, 21)
FLAGSHIP = "china-heavy-rare-earths-2025"


@pytest.fixture(scope="module")
def built(store: Store) -> BuiltNetwork:
    return flagship_network(store, load(FLAGSHIP).scenario)


def small_run(built: BuiltNetwork, scenarios: int = 8, rounds: int = 4) -> MarketRun:
    """The regime with lead times and refusals that are written down here, on the flagship's network."""
    scenario = load(FLAGSHIP).scenario
    spread = np.linspace(0.5, 4.0, scenarios)
    regime = RegimeDraws(np.linspace(0.05, 0.6, scenarios), weibull(np.full(scenarios, 1.2), spread))
    groups = np.ones((1, len(built.network.countries)))
    values = licence_values(scenario, regime, scenarios)
    networks = (built.network,) * 2
    prices = price_points(scenario, scenarios)
    return MarketRun(networks, licence_shocks("CHN", 2), values, groups, rounds, "CHN", prices)


def test_each_critical_material_has_one_class(store: Store) -> None:
    found = classify(store, 2024, ON)
    assert len(found) == 34 and len({item.material for item in found}) == 34
    counts = Counter(item.network_class for item in found)
    assert counts[NetworkClass.CHAIN] == 5  # both stages with a code of their own and tonnes in the store
    by_name = {item.material: item for item in found}
    assert by_name["copper"].network_class is NetworkClass.CHAIN
    assert by_name["gallium"].network_class is NetworkClass.SHARES_ONLY  # 811292 mixes it with other metals
    assert "811292" in by_name["gallium"].mixed and not by_name["gallium"].codes


@pytest.mark.parametrize("name", ["copper", "tungsten", "lithium"])
def test_networks_of_materials_close(store: Store, name: str) -> None:
    made = material_network(store, name, 2024, ON)
    assert made.network.imbalance() <= 1e-9
    assert len(made.network.countries) == 61
    assert len(made.network.stages) == (1 if name == "lithium" else 2)
    assert all(0.0 <= item.cut < 1.0 and item.filled < 0.5 for item in made.closing)


def test_no_stage_is_invented(store: Store) -> None:
    with pytest.raises(InputError, match="no network can be built for gallium"):
        material_network(store, "gallium", 2024, ON)


def test_flagship_meets_the_press_total_and_closes(built: BuiltNetwork) -> None:
    network = built.network
    assert network.imbalance() <= 1e-9
    china = network.country("CHN")
    made = 12 * network.made()[1, china]
    assert made == pytest.approx(58_000, rel=0.001)  # press, 2024: rare-earth magnets exported
    assert built.shares["NLD"] == 0.42 and built.shares["DEU"] == 0.60


def test_exports_without_anything_behind_them_are_cut() -> None:
    trade = np.array([[0.0, 10.0], [5.0, 0.0]])
    kept, cut = reconcile(np.array([20.0, 0.0]), trade)
    assert cut == 0.0 and (kept == trade).all()
    # the second passes on what it gets, a thousandth stays; the third has nothing to send
    trade = np.array([[0.0, 10.0, 0.0], [0.0, 0.0, 30.0], [0.0, 0.0, 0.0]])
    kept, cut = reconcile(np.array([20.0, 0.0, 0.0]), trade)
    assert kept[1, 2] == pytest.approx(9.99, rel=1e-12) and kept[0, 1] == 10.0
    assert cut == pytest.approx(1.0 - 19.99 / 40.0, rel=1e-12)


def test_regime_passes_what_is_granted(built: BuiltNetwork) -> None:
    """Late: all that is granted in the end plus what is inspected; the defence part between its two bounds."""
    scenario = load(FLAGSHIP).scenario.model_copy(update={"horizon_months": 60})
    count = 64
    regime = RegimeDraws(np.full(count, 0.25), weibull(np.full(count, 1.0), np.full(count, 1.0)))
    values = licence_values(scenario, regime, count)
    assert values.shape == (60, 2, count)
    assert (np.diff(values, axis=0) >= -1e-12).all() and values.min() >= 0.0 and values.max() <= 1.0
    controlled = scenario.product.controlled_share
    least = 1.0 - controlled.high * (1.0 - 0.75 * 0.7 * (1.0 - 0.08))
    most = 1.0 - controlled.low * (1.0 - 0.75)
    assert (values[-1, 1] >= least).all() and (values[-1, 1] <= most).all()


def test_planner_is_below_the_market_and_the_market_below_one_round(built: BuiltNetwork) -> None:
    run = small_run(built)
    best = coordination([run_part(replace(run, chosen=n, of=3)) for n in range(3)])
    assert best is not None and best.gap.shape == (3,)
    for n in range(3):
        assert 0.0 < best.planner[n].sum() <= best.market[n].sum() + 1e-6
        assert best.market[n].sum() <= best.one_round[n].sum() + 1e-6
    assert (best.gap >= -1e-6).all() and best.gap.std() > 0.0
    # a tonne is worth at most the tonnes it feeds: one magnet, or 1 / 0.42 magnets per tonne of compounds and itself
    assert best.licence.min() >= 0.0 and best.licence.max() <= 1.0 / 0.42 + 1.0


def test_what_the_figures_do_not_say_is_drawn(store: Store) -> None:
    """Every range of the network is drawn, and each network closes and meets the press total."""
    scenario = load(FLAGSHIP).scenario
    figures = magnet_figures(store, scenario)
    points = magnet_points(scenario, 8)
    for name in ("theta", "spare", "stock", "stock_compounds", "spot", "lags"):
        assert len({getattr(point, name) for point in points}) == 8
    assert all(0.18 <= point.shares["NLD"] <= 0.75 and 0.5 <= point.stock <= 4.0 for point in points)
    assert {point.stock for point in magnet_points(scenario, 8, 0.5)} == {0.5}
    for point in points[:4]:
        network = magnet_network(figures, point).network
        assert network.imbalance() <= 1e-9
        assert 12 * network.made()[1, network.country("CHN")] == pytest.approx(58_000, rel=0.001)
        assert network.theta[0] == point.theta and network.adaptation.spot == point.spot


def test_two_workers_give_what_one_gives(built: BuiltNetwork, tmp_path: Path) -> None:
    parts = [Part(f"rounds {n}", small_run(built, rounds=n)) for n in (1, 4)]
    one = run_parts(run_part, parts, tmp_path / "one", engine=SerialEngine())
    two = run_parts(run_part, parts, tmp_path / "two", engine=ProcessEngine(2))
    for name in one:
        left, right = read_part(one[name]), read_part(two[name])
        assert left.keys() == right.keys()
        for key in left:
            np.testing.assert_array_equal(left[key], right[key])


def test_a_run_is_taken_up_where_it_stopped(store: Store, tmp_path: Path) -> None:
    """Half of the parts are removed as if the run had stopped; another count is another ensemble and is refused."""
    first = simulate(load(FLAGSHIP), store, scenarios=16, folder=tmp_path / "parts", as_of=ON)
    files = sorted((tmp_path / "parts").glob("*.npz"))
    assert len(files) == len(first.parts) == 14 and first.points == 16
    for file in files[::2]:
        file.unlink()
    told: list[int] = []
    second = simulate(
        load(FLAGSHIP), store, scenarios=16, folder=tmp_path / "parts", resume=True, as_of=ON,
        progress=lambda now: told.append(now.done),
    )  # fmt: skip
    assert told[0] == 7 and told[-1] == 14
    for name, arrays in first.parts.items():
        for key in arrays:
            np.testing.assert_array_equal(arrays[key], second.parts[name][key])
    with pytest.raises(InputError, match="another ensemble"):
        simulate(load(FLAGSHIP), store, scenarios=17, folder=tmp_path / "parts", resume=True, as_of=ON)


@pytest.mark.parametrize("scenarios", [0, -5, 10_000_000])
def test_a_count_that_cannot_be_run_is_refused(store: Store, scenarios: int) -> None:
    with pytest.raises(InputError, match="cannot be run"):
        simulate(load(FLAGSHIP), store, scenarios=scenarios)


def test_a_folder_that_cannot_be_written_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match="cannot be kept"):
        simulate(load(FLAGSHIP), store, scenarios=16, folder=tmp_path / "file" / "parts")
