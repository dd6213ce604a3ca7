"""Warehouse sites by trying every set, and the safe level of the Critical Raw Materials Act."""

from itertools import product

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.stock.location import Places, best_sites
from lodestock.stock.safe_level import safe_level


def places(capacity=(1e9, 1e9, 1e9), cut_off=0.0) -> Places:
    transport = np.array([[1.0, 4.0, 6.0], [3.0, 1.0, 3.0], [6.0, 3.0, 1.0]])
    risk = np.zeros((3, 3))
    risk[0] = cut_off
    return Places(
        ("Rotterdam", "Antwerp", "Trieste"), np.array([40.0, 50.0, 60.0]), np.array([2.0, 2.0, 1.5]),
        np.array(capacity), transport, risk, np.array([30.0, 30.0, 30.0]), np.array([0.5, 0.4, 0.2]),
    )  # fmt: skip


DEMAND = np.array([10.0, 20.0, 15.0])


def brute(case: Places, demand) -> float:
    """Every way to give each member one place (no capacity)."""
    unit, best = case.per_tonne(), np.inf
    for choice in product(range(3), repeat=3):
        cost = sum(unit[p, c] * demand[c] for c, p in enumerate(choice)) + case.fixed[list(set(choice))].sum()
        best = min(best, cost)
    return best


@pytest.mark.parametrize("scale", [0.2, 1.0, 3.0, 20.0])
def test_the_cheapest_set_is_the_cheapest_of_all_choices(scale):
    found = best_sites(places(), DEMAND * scale)
    assert found[0].cost == pytest.approx(brute(places(), DEMAND * scale))
    assert [s.cost for s in found] == sorted(s.cost for s in found)


def test_a_hub_that_is_cut_off_when_it_is_needed_loses():
    small = np.array([30.0, 2.0, 2.0])
    assert best_sites(places(), small)[0].open == ("Rotterdam",)
    cut = best_sites(places(cut_off=0.4), small)[0]
    assert cut.open == ("Antwerp",)
    assert cut.access_risk == 0.0
    stays = next(s for s in best_sites(places(cut_off=0.4), small) if s.open == ("Rotterdam",))
    assert stays.access_risk == pytest.approx(0.4 * 30.0 * 34.0)


def test_a_full_warehouse_sends_the_rest_elsewhere():
    found = best_sites(places(capacity=(30.0, 20.0, 5.0)), DEMAND)[0]
    assert found.tonnes.sum(axis=0) == pytest.approx(DEMAND)
    assert (found.tonnes.sum(axis=1) <= np.array([30.0, 20.0, 5.0]) + 1e-9).all()
    # Rotterdam and Antwerp, by hand: of the 45 t, 20 t go to Antwerp, where a tonne saves 3 for members 2 and 3 alike
    assert found.open == ("Rotterdam", "Antwerp")
    assert found.cost == pytest.approx(90 + 2 * 45 + 10 * 1 + 20 * 1 + 15 * 6)


def test_logistics_value_is_kept_apart():
    found = best_sites(places(), DEMAND)[0]
    assert found.logistics == pytest.approx(found.tonnes.sum(axis=1) @ np.array([0.5, 0.4, 0.2]))
    assert found.cost == pytest.approx(brute(places(), DEMAND))


def test_too_little_room_is_an_error():
    with pytest.raises(InputError, match="no set of warehouses"):
        best_sites(places(capacity=(1.0, 1.0, 1.0)), DEMAND)
    with pytest.raises(InputError, match="do not fit"):
        best_sites(places(), DEMAND[:2])


def test_safe_level_is_daily_net_imports_times_days():
    found = safe_level(1_095.0, 365.0, 60, year=2023, stock=50.0)
    assert found.daily == pytest.approx(2.0)
    assert found.tonnes == pytest.approx(120.0)
    assert found.covered == pytest.approx(25.0)
    assert found.short == pytest.approx(70.0)


def test_a_leap_year_has_366_days():
    assert safe_level(732.0, 0.0, 10, year=2024).daily == pytest.approx(2.0)


def test_a_net_exporter_needs_no_safe_level():
    found = safe_level(10.0, 20.0, 60, year=2023)
    assert found.tonnes == 0.0
    assert found.covered is None


def test_negative_imports_are_refused():
    with pytest.raises(InputError, match="negative"):
        safe_level(-1.0, 0.0, 60, year=2023)
