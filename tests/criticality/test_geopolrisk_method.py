"""GeoPolRisk on a case that can be checked by hand, and what is missing stays missing."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.criticality.geopolrisk_method import (
    COPPER_FACTOR,
    Intra,
    World,
    all_scores,
    characterisation,
    import_risk,
    import_sums,
    production_hhi,
    risk_of_a_part,
    risk_standard_error,
    score,
    unit_value,
)


def test_score_by_hand() -> None:
    # World production 60/30/10: HHI 0.46. Imports 8 t at risk 0.5 and 2 t at 0.25, own production 10 t: 4.5/20.
    hhi = production_hhi(np.array([60.0, 30.0, 10.0]), np.zeros(3, dtype=np.int64), 1)
    sums = import_sums(
        np.array([8.0, 2.0]), np.array([16.0, 6.0]), np.array([0.5, 0.25]), np.zeros(2, dtype=np.int64), 1
    )
    risk = import_risk(sums.at_risk, sums.tonnes, np.array([10.0]))
    assert hhi[0] == pytest.approx(0.46)
    assert risk[0] == pytest.approx(0.225)
    assert score(hhi, risk)[0] == pytest.approx(0.1035)
    price = unit_value(sums.value, sums.tonnes)
    assert price[0] == pytest.approx(2.2)
    assert characterisation(score(hhi, risk), price)[0] == pytest.approx(0.1035 * 2.2 / COPPER_FACTOR)


def test_no_trade_and_no_production_is_unknown_not_zero() -> None:
    assert np.isnan(import_risk(np.array([0.0]), np.array([0.0]), np.array([0.0]))[0])
    assert np.isnan(production_hhi(np.array([np.nan]), np.array([0]), 1)[0])
    assert np.isnan(unit_value(np.array([5.0]), np.array([0.0]))[0])


def test_own_production_alone_is_no_import_risk() -> None:
    assert import_risk(np.array([0.0]), np.array([0.0]), np.array([3.0]))[0] == 0.0


def test_rows_without_weight_leave_their_value_out() -> None:
    sums = import_sums(
        np.array([np.nan, 2.0]), np.array([100.0, 6.0]), np.array([0.5, 0.5]), np.zeros(2, dtype=np.int64), 1
    )
    assert sums.value[0] == 6.0
    assert sums.unweighed[0] == 1
    assert sums.rows[0] == 2


def test_an_unscored_supplier_makes_risk_unknown() -> None:
    sums = import_sums(np.array([1.0, 2.0]), np.ones(2), np.array([0.5, np.nan]), np.zeros(2, dtype=np.int64), 1)
    assert np.isnan(sums.at_risk[0])
    assert sums.unscored[0] == 1


def test_governance_error_shrinks_with_the_number_of_suppliers() -> None:
    one = risk_standard_error(np.array([10.0]), np.array([0.1]), np.array([0]), 1, np.array([10.0]))
    four = risk_standard_error(np.full(4, 2.5), np.full(4, 0.1), np.zeros(4, dtype=np.int64), 1, np.array([10.0]))
    assert one[0] == pytest.approx(0.1)
    assert four[0] == pytest.approx(0.05)


def _world(**changes: object) -> World:
    ints = {name: np.array(values, dtype=np.int64) for name, values in {
        "year": [0, 0, 0], "material": [0, 0, 0], "exporter": [0, 2, 1], "importer": [1, 1, 2],
        "made_year": [0, 0], "made_material": [0, 0], "made_country": [0, 1],
    }.items()}  # fmt: skip
    floats = {
        "tonnes": np.array([8.0, 2.0, 5.0]), "value": np.array([8.0, 2.0, 5.0]), "made": np.array([90.0, 10.0]),
        "risk": np.array([[0.5, 0.1, 0.2]]), "risk_error": np.zeros((1, 3)),
    }  # fmt: skip
    return World(years=1, materials=1, **(ints | floats | changes))  # type: ignore[arg-type]


MEMBERS = np.array([[False, True, False], [False, True, True]])


def test_many_scores_at_once_by_hand() -> None:
    found = all_scores(_world(), MEMBERS)
    # Country 1 alone: (8·0.5 + 2·0.2)/(10 + 10). Countries 1 and 2: inner trade of 7 t at risk zero, 4/(15 + 10).
    np.testing.assert_allclose(found.risk[0, :, 0], [0.22, 0.16])
    np.testing.assert_allclose(found.hhi[0, :, 0], 0.82)
    np.testing.assert_allclose(found.score[0, 0, 0], 0.82 * 0.22)


def test_leaving_out_inner_trade_raises_the_risk_that_it_diluted() -> None:
    outside = all_scores(_world(), MEMBERS, Intra.LEFT_OUT)
    np.testing.assert_allclose(outside.risk[0, 1, 0], 4 / 18)
    assert outside.risk[0, 1, 0] > all_scores(_world(), MEMBERS).risk[0, 1, 0]
    assert outside.risk[0, 0, 0] == all_scores(_world(), MEMBERS).risk[0, 0, 0]


def test_world_without_trade_and_production_of_a_material_is_not_known() -> None:
    nothing = _world(tonnes=np.full(3, np.nan), made=np.full(2, np.nan))
    found = all_scores(nothing, MEMBERS)
    assert np.isnan(found.score).all()
    assert found.unweighed[0, 0, 0] == 2


def test_a_part_of_a_mixed_code_can_come_from_the_safest_or_the_riskiest() -> None:
    tonnes, risk = np.array([60.0, 30.0, 10.0]), np.array([0.5, 0.1, 0.9])
    # 20 t of 100: at the least all from the second at 0.1; at the most 10 t at 0.9 and 10 t at 0.5.
    assert risk_of_a_part(tonnes, risk, 0.2) == (pytest.approx(2.0), pytest.approx(14.0))
    # The whole leaves no choice, and nothing is at no risk.
    whole = float(tonnes @ risk)
    assert risk_of_a_part(tonnes, risk, 1.0) == (pytest.approx(whole), pytest.approx(whole))
    assert risk_of_a_part(tonnes, risk, 0.0) == (0.0, 0.0)
    # A shipper without a score counts as the safest at the least, and as the riskiest at the most.
    assert risk_of_a_part(np.array([5.0, 5.0]), np.array([np.nan, 0.5]), 0.5) == (0.0, pytest.approx(5.0))
