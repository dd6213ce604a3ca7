"""From tonnes to value added: published cases (V09), a linear programme as second method, properties."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.disruption.tank import tank
from lodestock.economy.allocation import (
    allocation_loss,
    combined_loss,
    lost_months,
    overlap_bounds,
    sector_ceiling,
    value_per_tonne,
)
from lodestock.errors import InputError

USE, VALUE = np.array([40.0, 5.0, 25.0, 30.0]), np.array([800.0, 400.0, 100.0, 150.0])
segments = st.lists(st.tuples(st.floats(0.0, 1e3), st.floats(0.0, 1e5)), min_size=1, max_size=6)


def test_same_cut_costs_175_580_or_1100() -> None:
    loss = allocation_loss(USE, VALUE, 40.0)
    assert (float(loss.best), float(loss.pro_rata), float(loss.worst)) == pytest.approx(
        (175.0, 580.0, 1100.0), abs=1e-12
    )
    np.testing.assert_allclose(loss.best_supply, [40.0, 5.0, 0.0, 15.0], atol=1e-12)
    np.testing.assert_allclose(loss.worst_supply, [5.0, 0.0, 25.0, 30.0], atol=1e-12)
    assert float(loss.shadow_value) == pytest.approx(5.0, abs=1e-12)


def lost_in_order(order: tuple[int, ...], use: np.ndarray, value: np.ndarray, short: float) -> float:
    """Value lost when segments are cut one after the other in this order."""
    lost = 0.0
    for k in order:
        cut = min(short, use[k])
        lost += value[k] * (cut / use[k]) if use[k] > 0.0 else 0.0
        short -= cut
    return lost


@settings(max_examples=60)
@given(parts=segments, cut=st.floats(0.0, 1.0))
def test_best_and_worst_are_those_of_all_orders_of_cutting(parts: list[tuple[float, float]], cut: float) -> None:
    """An optimum of this programme is a vertex, and each vertex cuts the segments in some order: try them all."""
    use, value = np.array(parts).T
    short = cut * use.sum()
    loss = allocation_loss(use, value, short)
    all_orders = [lost_in_order(order, use, value, short) for order in itertools.permutations(range(use.size))]
    scale = 1.0 + float(value.sum())
    assert float(loss.best) == pytest.approx(min(all_orders), abs=1e-9 * scale)
    assert float(loss.worst) == pytest.approx(max(all_orders), abs=1e-9 * scale)
    assert loss.best <= loss.pro_rata + 1e-6 * (1.0 + loss.pro_rata)
    assert loss.pro_rata <= loss.worst + 1e-6 * (1.0 + loss.worst)


@given(parts=segments, cut=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0))
def test_no_shortage_no_loss_and_more_shortage_never_less(
    parts: list[tuple[float, float]], cut: float, more: float
) -> None:
    use, value = np.array(parts).T
    none = allocation_loss(use, value, 0.0)
    assert float(none.best) == float(none.pro_rata) == float(none.worst) == float(none.shadow_value) == 0.0
    low, high = sorted((cut, more))
    smaller, larger = (allocation_loss(use, value, part * use.sum()) for part in (low, high))
    for name in ("best", "pro_rata", "worst"):
        assert getattr(smaller, name) <= getattr(larger, name) * (1.0 + 1e-9) + 1e-6


def test_order_of_segments_and_units_change_nothing() -> None:
    base = allocation_loss(USE, VALUE, 40.0)
    turned = allocation_loss(USE[[2, 0, 3, 1]], VALUE[[2, 0, 3, 1]], 40.0)
    kilograms = allocation_loss(USE * 1e3, VALUE, 40.0e3)
    for other in (turned, kilograms):
        assert float(other.best) == pytest.approx(float(base.best), rel=1e-12)
        assert float(other.worst) == pytest.approx(float(base.worst), rel=1e-12)
    np.testing.assert_allclose(turned.best_supply, base.best_supply[[2, 0, 3, 1]], atol=1e-12)


def test_draws_broadcast() -> None:
    rng = np.random.default_rng(3)
    value, short = rng.uniform(0.0, 900.0, (50, 4)), rng.uniform(0.0, 100.0, (50, 1))
    batch = allocation_loss(USE, value[:, None, :], short)
    assert batch.best.shape == (50, 1)
    for n in range(50):
        single = allocation_loss(USE, value[n], short[n, 0])
        assert batch.best[n, 0] == pytest.approx(float(single.best), rel=1e-12)
        assert batch.worst[n, 0] == pytest.approx(float(single.worst), rel=1e-12)


def test_a_segment_without_use_cannot_lose() -> None:
    loss = allocation_loss([10.0, 0.0], [50.0, 999.0], 10.0)
    assert float(loss.best) == float(loss.pro_rata) == float(loss.worst) == 50.0


def test_value_per_tonne_and_its_cap() -> None:
    assert float(value_per_tonne(1.0, 1.0, 30_000.0, 20.0)) == 1500.0  # V16
    np.testing.assert_allclose(value_per_tonne([1.0, 0.5, 0.0], 0.4, 100.0, 2.0), [20.0, 10.0, 0.0])
    assert float(value_per_tonne(1.0, 1.0, 1e6, 1e-3, cap=5e4)) == 5e4
    with pytest.raises(InputError, match="use"):
        value_per_tonne(1.0, 1.0, 100.0, 0.0)


def test_ceilings() -> None:
    ceiling = sector_ceiling(
        [0.5, 0.5, 0.05, 1.0, 0.5, 0.5], 0.3, [1, 1, 1, 1, 0.5, 0], substituted=[0, 0.1, 0.1, 0.1, 0.1, 0.1]
    )
    np.testing.assert_allclose(ceiling, [0.85, 0.88, 1.0, 0.73, 0.94, 1.0], atol=1e-12)  # V09-B


def test_overlap_is_bounded() -> None:
    bounds = overlap_bounds([0.12, 0.05, 0.2])
    assert float(bounds.same_products) == pytest.approx(0.2, abs=1e-12)
    assert float(bounds.independent) == pytest.approx(0.3312, abs=1e-12)
    assert float(bounds.disjoint) == pytest.approx(0.37, abs=1e-12)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), st.integers(0, 3))
def test_default_combination_lies_within_the_bounds(losses: list[float], step: int) -> None:
    bounds = overlap_bounds(losses)
    families = [str(n * step % 3) for n in range(len(losses))]
    together = float(combined_loss(losses, families))
    assert bounds.same_products - 1e-12 <= together <= bounds.independent + 1e-12 <= bounds.disjoint + 1e-9
    assert float(combined_loss(losses, ["one"] * len(losses))) == pytest.approx(float(bounds.same_products), abs=1e-12)


def test_inventory_delays_the_loss() -> None:
    assert float(lost_months(0.6, 8.0, 2.0)) == pytest.approx(2.8, abs=1e-12)  # V09-E
    month_by_month = tank(np.full(8, 0.6), np.zeros(8), 2.0)
    np.testing.assert_allclose(1.0 - month_by_month.shortage, [1, 1, 1, 0.6, 0.4, 0.4, 0.4, 0.4], atol=1e-12)
    assert float(month_by_month.total()) == pytest.approx(2.8, abs=1e-12)


def test_impossible_amounts_are_refused() -> None:
    with pytest.raises(InputError, match="larger than the use"):
        allocation_loss(USE, VALUE, 101.0)
    with pytest.raises(InputError, match="value_added"):
        allocation_loss(USE, [1.0, np.nan, 1.0, 1.0], 1.0)
    with pytest.raises(InputError, match="family"):
        combined_loss([0.1, 0.2], ["a"])
