"""Concentration indices: known values, and the properties that any concentration index must have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lodestock.criticality.indices import (
    hhi,
    scaled_governance,
    shares_of,
    top,
    weighted_hhi,
    weighted_hhi_by_group,
)
from lodestock.errors import DataError

quantities = arrays(np.float64, st.integers(2, 12), elements=st.floats(1.0, 1e4))


def test_known_concentrations() -> None:
    # Equal suppliers: 1/n. The US Department of Justice's textbook example (30, 30, 20, 20 %) is 2,600 points.
    assert hhi(np.full(4, 0.25)) == pytest.approx(0.25)
    assert hhi(np.array([0.3, 0.3, 0.2, 0.2])) == pytest.approx(0.26)
    assert top(np.array([0.1, 0.5, 0.15, 0.25])) == pytest.approx(0.9)


def test_governance_scale_runs_from_ten_to_zero() -> None:
    np.testing.assert_allclose(scaled_governance(np.array([-2.5, 0.0, 2.5])), [10.0, 5.0, 0.0])


def test_no_supply_is_not_known_rather_than_zero() -> None:
    assert np.isnan(hhi(shares_of(np.array([0.0, 0.0]))))
    assert np.isnan(hhi(np.array([np.nan])))
    assert np.isnan(top(np.array([])))
    assert np.isnan(weighted_hhi(np.array([]), np.array([])))


def test_unknown_governance_makes_the_weighted_index_unknown() -> None:
    assert np.isnan(weighted_hhi(np.array([0.9, 0.1]), np.array([4.0, np.nan])))


def test_negative_supply_is_refused() -> None:
    with pytest.raises(DataError, match="negative"):
        shares_of(np.array([1.0, -1.0]))


@given(quantities, st.randoms(use_true_random=False))
def test_order_of_suppliers_does_not_matter(amounts: np.ndarray, random: object) -> None:
    order = np.array(sorted(range(amounts.size), key=lambda _: random.random()))  # type: ignore[attr-defined]
    assert hhi(shares_of(amounts[order])) == pytest.approx(hhi(shares_of(amounts)), rel=1e-12)
    np.testing.assert_allclose(shares_of(amounts[order]), shares_of(amounts)[order])


@given(quantities, st.floats(0.05, 0.95))
def test_splitting_a_supplier_lowers_concentration(amounts: np.ndarray, part: float) -> None:
    whole = shares_of(amounts)
    split = np.concatenate([whole[1:], [whole[0] * part, whole[0] * (1 - part)]])
    assert hhi(split) < hhi(whole)


@given(quantities)
def test_index_lies_between_equal_shares_and_monopoly(amounts: np.ndarray) -> None:
    index = hhi(shares_of(amounts))
    assert 1.0 / amounts.size - 1e-12 <= index <= 1.0 + 1e-12


@given(quantities, st.floats(0.1, 1000.0))
def test_units_do_not_matter(amounts: np.ndarray, factor: float) -> None:
    assert hhi(shares_of(amounts * factor)) == pytest.approx(hhi(shares_of(amounts)), rel=1e-9)


@given(quantities)
def test_many_materials_at_once_equal_one_at_a_time(amounts: np.ndarray) -> None:
    shares = shares_of(amounts)
    governance = np.linspace(1.0, 9.0, shares.size)
    trade = np.full(shares.size, 1.1)
    both = weighted_hhi_by_group(
        np.tile(shares, 2), np.tile(governance, 2), np.tile(trade, 2), np.repeat([0, 2], shares.size), 3
    )
    expected = weighted_hhi(shares, governance, trade)
    np.testing.assert_allclose(both, [expected, np.nan, expected])
