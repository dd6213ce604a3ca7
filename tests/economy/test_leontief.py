"""Leontief's model against Miller and Blair, hand results and second methods (MODEL V07)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.economy import leontief
from lodestock.errors import DataError

from .conftest import made_up_table

# Miller and Blair 2009, §2.2.2: the two-sector example.
FLOWS = np.array([[150.0, 500.0], [200.0, 100.0]])
OUTPUT = np.array([1000.0, 2000.0])
VALUE_SHARE = np.array([0.65, 0.70])


def miller_blair():
    return leontief.factor(leontief.input_coefficients(FLOWS, OUTPUT))


def test_miller_and_blair_inverse_output_and_multipliers():
    system = miller_blair()
    np.testing.assert_allclose(system.a, [[0.15, 0.25], [0.20, 0.05]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(system.inverse(), np.array([[0.95, 0.25], [0.20, 0.85]]) / 0.7575, rtol=1e-14)
    np.testing.assert_allclose(np.round(system.inverse(), 3), [[1.254, 0.330], [0.264, 1.122]])  # as printed
    x = system.output(np.array([600.0, 1500.0]))
    np.testing.assert_allclose(x, [1247.5247524752474, 1841.5841584158416], rtol=1e-13)
    np.testing.assert_allclose(VALUE_SHARE * x, [810.8910891089108, 1289.108910891089], rtol=1e-13)
    np.testing.assert_allclose(system.multipliers(np.ones(2)), [1.518151815181518, 1.4521452145214522], rtol=1e-13)


def test_price_model_when_the_first_sector_pays_three_percent_more():
    np.testing.assert_allclose(
        miller_blair().prices(np.array([0.03, 0.0])), [0.037623762376237616, 0.009900990099009901], rtol=1e-13
    )


def test_mixed_model_by_hand():
    """x₁ capped at 900: x₂ = (1700 + 0.2·900)/0.95, f₁ = 900·0.85 − 0.25·x₂ (V07)."""
    lost = leontief.extract_together(miller_blair(), OUTPUT, np.ones(2), np.array([0]), share=0.1)
    np.testing.assert_allclose(OUTPUT - lost, [900.0, 1978.9473684210527], rtol=1e-13)


def test_linkages_of_the_two_sector_example():
    backward = np.array([1.518151815181518, 1.4521452145214522])
    np.testing.assert_allclose(miller_blair().backward(), backward / backward.mean(), rtol=1e-13)
    ghosh = np.linalg.inv(np.eye(2) - np.array([[0.15, 0.5], [0.1, 0.05]])).sum(axis=1)
    np.testing.assert_allclose(leontief.forward_linkages(FLOWS, OUTPUT), ghosh / ghosh.mean(), rtol=1e-13)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), regions=st.integers(1, 4), sectors=st.integers(1, 6))
def test_extraction_in_closed_form_equals_solving_the_reduced_economy(seed, regions, sectors):
    z, final, _ = made_up_table(regions, sectors, seed)
    x = z.sum(axis=1) + final
    share = 1 - z.sum(axis=0) / x
    system = leontief.factor(leontief.input_coefficients(z, x))
    region = np.repeat(np.eye(regions), sectors, axis=1)
    all_at_once = leontief.extract_each(system, x, share, region)
    for i in range(x.size):
        rest = np.delete(np.arange(x.size), i)
        left = np.linalg.solve(np.eye(x.size - 1) - system.a[np.ix_(rest, rest)], final[rest])
        loss = share * x
        loss[rest] -= share[rest] * left
        assert all_at_once.loss[i] == pytest.approx(loss.sum(), rel=1e-10)
        np.testing.assert_allclose(all_at_once.by_group[:, i], region @ loss, rtol=1e-9, atol=1e-9)
        one = leontief.extract_together(system, x, share, np.array([i]))
        np.testing.assert_allclose(one, loss, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(all_at_once.by_group.sum(axis=0), all_at_once.loss, rtol=1e-12)


def test_extracting_everything_loses_all_value_added(table):
    z, final, _ = table
    x = z.sum(axis=1) + final
    share = 1 - z.sum(axis=0) / x
    system = leontief.factor(leontief.input_coefficients(z, x))
    np.testing.assert_allclose(leontief.extract_together(system, x, share, np.arange(20)), share * x, rtol=1e-12)


def test_value_added_lost_equals_final_demand_lost_in_a_closed_economy(table):
    z, final, _ = table
    x = z.sum(axis=1) + final
    system = leontief.factor(leontief.input_coefficients(z, x))
    cut = 0.3 * final
    assert leontief.demand_loss(system, 1 - z.sum(axis=0) / x, cut).sum() == pytest.approx(cut.sum(), rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rounds_of_suppliers_reach_the_direct_solution(seed):
    z, final, _ = made_up_table(3, 5, seed)
    a = leontief.input_coefficients(z, z.sum(axis=1) + final)
    np.testing.assert_allclose(leontief.solve_by_rounds(a, final), leontief.factor(a).output(final), rtol=1e-11)


def test_an_economy_that_needs_more_than_it_makes_is_refused():
    """Spectral radius exactly 1 (each needs all of the other), above 1, and below 1 with a column sum above 1."""
    with pytest.raises(DataError, match="spectral radius"):
        leontief.factor(np.array([[0.0, 1.0], [1.0, 0.0]]))
    with pytest.raises(DataError, match=r"industry 1, inputs 1\.5000"):
        leontief.factor(np.array([[0.5, 1.2], [0.9, 0.3]]))
    a = np.array([[0.0, 1.6], [0.2, 0.0]])
    lower, upper = leontief.spectral_bounds(a)
    assert lower <= np.sqrt(0.32) <= upper < 1.0
    np.testing.assert_allclose(leontief.factor(a).output(np.ones(2)), np.linalg.solve(np.eye(2) - a, np.ones(2)))


def test_bad_coefficients_are_refused_with_the_cell():
    with pytest.raises(DataError, match=r"cell \(0, 1\): -0\.1"):
        leontief.factor(np.array([[0.1, -0.1], [0.2, 0.1]]))
    with pytest.raises(DataError, match=r"industry 1: -5"):
        leontief.input_coefficients(FLOWS, np.array([10.0, -5.0]))
    with pytest.raises(DataError, match=r"industry 1: 600"):
        leontief.input_coefficients(FLOWS, np.array([1000.0, 0.0]))


def test_an_economy_that_uses_up_all_it_makes_is_refused_in_spite_of_rounding():
    """Six shares of a sixth add up to 1 − 1e-16 in floating point; the radius is 1 and the inverse does not exist."""
    a = np.full((6, 6), 10.0 / 60.0)
    assert a.sum(axis=0).max() < 1.0
    with pytest.raises(DataError, match="spectral radius"):
        leontief.require_productive(a)
    leontief.require_productive(a * 0.999)
