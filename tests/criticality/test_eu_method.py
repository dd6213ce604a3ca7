"""The Commission's formulas on worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.criticality.eu_method import (
    Scope,
    bottleneck,
    economic_importance,
    meets_thresholds,
    mixed_concentration,
    supply_risk,
)


def test_supply_risk_of_the_published_aluminium_row() -> None:
    # EC study 2023, annexes 4 and 7: bauxite extraction; HHI_WGI recomputed independently as 0.747 (world) and 3.167
    # (EU sourcing); import reliance 89 %, SI_SR 0.86, EoL-RIR 32 %; published supply risk 1.2.
    risk = supply_risk(
        np.array([0.747]), np.array([3.167]), np.array([0.89]), np.array([0.32]), np.array([0.86]), np.array(["GS+EU"])
    )
    assert risk[0] == pytest.approx(1.22, abs=0.005)
    assert round(float(risk[0]), 1) == 1.2


def test_scope_chooses_which_supply_counts() -> None:
    scope = np.array([s.value for s in Scope])
    ones = np.ones(3)
    risk = supply_risk(ones * 4.0, ones * 1.0, ones * 0.5, ones * 0.0, ones, scope)
    np.testing.assert_allclose(risk, [1.75, 4.0, 1.0])


def test_full_import_reliance_weighs_both_equally_and_none_only_the_eu() -> None:
    np.testing.assert_allclose(mixed_concentration(np.array([6.0]), np.array([2.0]), np.array([1.0])), [4.0])
    np.testing.assert_allclose(mixed_concentration(np.array([6.0]), np.array([2.0]), np.array([0.0])), [2.0])


def test_missing_input_gives_unknown_risk_only_where_it_is_needed() -> None:
    nan = np.nan
    risk = supply_risk(
        np.array([2.0, 2.0, 2.0]),
        np.array([nan, nan, 1.0]),
        np.array([0.5, nan, 0.5]),
        np.array([0.0, 0.0, nan]),
        np.ones(3),
        np.array(["GS+EU", "GS only", "GS+EU"]),
    )
    assert np.isnan(risk[0])
    assert risk[1] == 2.0
    assert np.isnan(risk[2])


def test_an_unknown_scope_is_unknown_risk() -> None:
    one = np.ones(1)
    assert np.isnan(supply_risk(one, one, one, one, one, np.array(["elsewhere"]))[0])


def test_bottleneck_is_the_riskiest_known_stage() -> None:
    highest, row = bottleneck(np.array([0.3, 1.9, np.nan, 2.0, np.nan]), np.array([0, 0, 1, 1, 2]), 4)
    np.testing.assert_allclose(highest, [1.9, 2.0, np.nan, np.nan])
    assert row.tolist() == [1, 3, -1, -1]


def test_economic_importance_of_a_single_sector_material() -> None:
    # EC study 2023, annex 6: aggregates go wholly into C23 (64,990 M€); largest sector 204,200 M€; SI_EI 1; 3.2.
    importance = economic_importance(
        np.array([1.0]), np.array([64_990.0]), np.array([0]), np.array([1.0, 0.9]), 204_200.0
    )
    assert importance[0] == pytest.approx(3.18, abs=0.005)
    assert np.isnan(importance[1])


def test_thresholds_work_on_the_published_precision() -> None:
    assert meets_thresholds(np.array([0.96, 0.94, 1.0]), np.array([2.8, 2.8, 2.74])).tolist() == [True, False, False]
