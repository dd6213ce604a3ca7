"""The EU table on a small hand-made study, its corrections, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from lodestock.criticality.eu_study import EuStudy, corrected
from lodestock.criticality.eu_table import (
    bottlenecks,
    compare,
    concentrations,
    economic_importance_table,
    governance,
    select_list,
    supply_risk_table,
)
from lodestock.errors import DataError, InputError

RISK = pl.DataFrame({"country": ["AAA", "BBB"], "risk": [6.0, 2.0]})


NO_EXPLANATIONS = pl.DataFrame(
    schema=dict.fromkeys(
        ("measure", "material", "stage", "class", "reason", "reason_nl", "mark", "document"), pl.String
    )
)


def study() -> EuStudy:
    """Two materials: alpha at two stages, beta (a group) at one; beta's EU sourcing is printed, its member's is not."""
    shares = pl.DataFrame(
        [
            ("alpha", "extraction", "global", "AAA", 0.8, 1.0),
            ("alpha", "extraction", "global", "BBB", 0.2, 1.0),
            ("alpha", "extraction", "eu", "BBB", 1.0, 0.8),
            ("alpha", "processing", "global", "AAA", 1.0, 1.1),
            ("beta", "extraction", "eu", "AAA", 0.5, 1.0),
            ("member", "extraction", "global", "AAA", 1.0, 1.0),
        ],
        schema=["material", "stage", "scope", "country", "share", "trade_parameter"],
        orient="row",
    )
    stages = pl.DataFrame(
        [
            ("alpha", "extraction", "GS+EU", 0.5, 2.1, False),
            ("alpha", "processing", "GS only", None, 5.0, False),
            ("member", "extraction", "GS+EU", 1.0, 3.7, False),
        ],
        schema=["material", "stage", "scope", "import_reliance", "sr_published", "joined_by_name"],
        orient="row",
    )
    materials = pl.DataFrame(
        [
            ("alpha", "critical", 5.0, 9.0, 0.9, 1.0, 0.2),
            ("beta", "none", 0.5, 2.0, None, None, None),
            ("member", "critical", 3.7, 2.8, 1.0, 1.0, 0.0),
        ],
        schema=["material", "list_status", "sr_published", "ei_published", "si_ei", "si_sr", "recycling"],
        orient="row",
    )
    uses = pl.DataFrame(
        [
            ("alpha", "cars", 0.75, "C29", 200.0),
            ("alpha", "glass", 0.25, "C23", 100.0),
            ("member", "x", 0.3, None, None),
        ],
        schema=["material", "application", "share", "sector", "value_added_meur"],
        orient="row",
    )
    return EuStudy(shares, stages, materials, uses, pl.DataFrame())


def test_supply_risk_by_hand() -> None:
    table = supply_risk_table(study(), RISK)
    # Global 0.64·6 + 0.04·2 = 3.92; EU 1·2·0.8 = 1.6; mixed 3.92·0.25 + 1.6·0.75 = 2.18; times 0.8.
    assert table["sr"][0] == pytest.approx(2.18 * 0.8)
    assert table["sr"][1] == pytest.approx(6.0 * 1.1 * 0.8)
    assert table["sr"][2] is None
    assert table["status"].to_list() == ["estimated", "estimated", "missing"]
    assert "EU sourcing" in table["reason"][2]


def test_bottleneck_and_importance() -> None:
    decided = bottlenecks(supply_risk_table(study(), RISK)).rows()
    assert decided[0][:2] == ("alpha", "processing")
    assert decided[1][1:] == (None, None)
    importance = economic_importance_table(study())
    assert importance["ei"][0] == pytest.approx((0.75 * 200 + 0.25 * 100) / 200 * 10 * 0.9)
    assert importance["ei"][1] is None
    assert importance["status"].to_list() == ["estimated", "missing", "missing"]


def test_comparison_counts_and_lists_what_nothing_explains() -> None:
    explanations = pl.DataFrame(
        {
            "measure": ["sr"],
            "material": ["alpha"],
            "stage": ["extraction"],
            "class": ["x"],
            "reason": ["y"],
            "reason_nl": ["y"],
            "mark": ["computed"],
            "document": ["z"],
        }
    )
    found = compare(study(), RISK, explanations)
    assert found.summary == {
        "sr_compared": 2, "sr_within_015": 0, "sr_within_030": 1, "sr_same_side": 2,
        "ei_compared": 1, "ei_within_01": 0, "sr_joined_by_name": 0, "sr_joined_by_name_within_015": 0,
        "sr_joined_by_name_within_030": 0, "sr_joined_by_name_same_side": 0,
    }  # fmt: skip
    assert found.misses["class"].to_list() == ["x", "unexplained", "unexplained"]


def test_a_stage_that_only_the_vocabulary_joins_is_counted_apart() -> None:
    small = study()
    joined = small.stages.with_columns((pl.col("stage") == "processing").alias("joined_by_name"))
    summary = compare(replace(small, stages=joined), RISK, NO_EXPLANATIONS).summary
    assert (summary["sr_compared"], summary["sr_joined_by_name"]) == (1, 1)
    assert (summary["sr_within_030"], summary["sr_joined_by_name_within_030"]) == (0, 1)


def test_selection_names_the_basis_of_importance() -> None:
    small = study()
    stages, importance = supply_risk_table(small, RISK), economic_importance_table(small)
    chosen = select_list(small, stages, importance)
    assert dict(zip(chosen["material"], chosen["selected"], strict=True)) == {
        "alpha": True, "beta": False, "member": True,
    }  # fmt: skip
    assert dict(zip(chosen["material"], chosen["ei_basis"], strict=True))["member"] == "published"
    assert dict(zip(chosen["material"], chosen["selected_recomputed"], strict=True))["member"] is None


def test_a_supplier_without_a_score_leaves_the_index_unknown() -> None:
    table = concentrations(study().shares, RISK.filter(pl.col("country") == "AAA"))
    first = table.filter((pl.col("material") == "alpha") & (pl.col("scope") == "global")).row(0, named=True)
    assert first["hhi_wgi"] is None
    assert first["unscored"] == 1


CORRECTION = {
    "id": "c", "table": "shares", "action": "members", "material": "beta", "stage": "extraction", "item": "eu",
    "was": "1", "becomes": "member", "reason": "r", "document": "d",
}  # fmt: skip


def test_a_correction_gives_the_group_shares_to_its_member() -> None:
    better = corrected(study(), pl.DataFrame([CORRECTION]))
    table = supply_risk_table(better, RISK)
    # Global 6, EU 0.25·6 = 1.5, import reliance 1: 3.75.
    assert table["sr"][2] == pytest.approx(3.75)


def test_a_correction_that_stops_matching_fails() -> None:
    with pytest.raises(DataError, match="no longer matches"):
        corrected(study(), pl.DataFrame([CORRECTION | {"was": "2"}]))
    with pytest.raises(DataError, match="no longer matches"):
        corrected(study(), pl.DataFrame([CORRECTION | {"becomes": "alpha"}]))


def test_twin_rows_and_sectors_are_corrected() -> None:
    small = study()
    twins = replace(small, uses=pl.concat([small.uses, small.uses.head(1)]))
    drop = CORRECTION | {
        "table": "uses", "action": "drop_twin", "material": "alpha", "item": "cars", "was": "2", "becomes": "1",
    }  # fmt: skip
    assert corrected(twins, pl.DataFrame([drop])).uses.height == small.uses.height
    sector = CORRECTION | {
        "table": "uses", "action": "set_sector", "material": "alpha", "item": "cars", "was": "C29", "becomes": "C23",
    }  # fmt: skip
    value = economic_importance_table(corrected(small, pl.DataFrame([sector])))["ei"][0]
    assert value == pytest.approx(10 * 0.9)


def test_governance_vintage_is_a_parameter() -> None:
    scores = pl.DataFrame({"country": ["AAA"] * 4, "year": [2018, 2018, 2019, 2019], "estimate": [0.5, -0.5, 1.5, 0.5]})
    assert governance(scores, [2018])["risk"].to_list() == [5.0]
    assert governance(scores, [2018, 2019])["risk"].to_list() == [4.0]
    with pytest.raises(InputError, match="no governance scores for 1990"):
        governance(scores, [1990])
    # A mean over fewer years than were asked for would go unseen.
    with pytest.raises(InputError, match=r"for 2020\n.*covers 2018–2019"):
        governance(scores, [2018, 2019, 2020])
    with pytest.raises(InputError, match="no year at all"):
        governance(scores, [])
