"""Concentration tables on hand-made trade, missing weights, and sources side by side."""

from __future__ import annotations

import polars as pl
import pytest

from lodestock.criticality.concentration import (
    import_concentration,
    production_concentration,
    share_concentration,
    side_by_side,
)

RISK = pl.DataFrame({"country": ["CHN", "AUS", "DEU"], "risk": [6.0, 2.0, 2.0]})


def trade() -> pl.LazyFrame:
    rows = [
        ("HS12", "850511", 2024, "CHN", "NLD", 60.0, 6.0),
        ("HS12", "850511", 2024, "AUS", "NLD", 30.0, 3.0),
        ("HS12", "850511", 2024, "DEU", "NLD", 10.0, 1.0),
        ("HS12", "850511", 2024, "CHN", "DEU", 10.0, 1.0),
        ("HS12", "811292", 2024, "CHN", "NLD", 10.0, None),
    ]
    schema = ["hs_revision", "hs_code", "year", "exporter", "importer", "value_kusd", "quantity_t"]
    return pl.LazyFrame(rows, schema=schema, orient="row")


def test_imports_of_one_country_by_hand() -> None:
    table = import_concentration(trade(), importers=["NLD"], governance=RISK)
    row = table.filter(pl.col("hs_code") == "850511").row(0, named=True)
    assert row["hhi"] == pytest.approx(0.36 + 0.09 + 0.01)
    assert row["top3"] == pytest.approx(1.0)
    assert (row["largest"], row["largest_share"], row["above_limit"]) == ("CHN", pytest.approx(0.6), False)
    assert row["hhi_wgi"] == pytest.approx(0.36 * 6 + 0.09 * 2 + 0.01 * 2)


def test_inner_trade_of_a_coalition_is_left_out_unless_asked() -> None:
    both = ["NLD", "DEU"]
    outside = import_concentration(trade(), importers=both).filter(pl.col("hs_code") == "850511").row(0, named=True)
    assert outside["total"] == pytest.approx(10.0)
    assert outside["above_limit"] is True
    inside = import_concentration(trade(), importers=both, intra=True).filter(pl.col("hs_code") == "850511")
    assert inside["total"][0] == pytest.approx(11.0)


def test_a_product_without_weights_is_missing_not_zero() -> None:
    row = import_concentration(trade(), importers=["NLD"]).filter(pl.col("hs_code") == "811292").row(0, named=True)
    assert row["hhi"] is None and row["total"] is None and row["largest"] is None
    assert row["status"] == "missing"
    assert row["pairs_without_quantity"] == 1
    by_value = import_concentration(trade(), importers=["NLD"], measure="value")
    assert by_value.filter(pl.col("hs_code") == "811292")["hhi"][0] == pytest.approx(1.0)


def test_a_supplier_without_governance_leaves_only_the_weighted_index_open() -> None:
    table = import_concentration(trade(), importers=["NLD"], governance=RISK.head(1))
    row = table.filter(pl.col("hs_code") == "850511").row(0, named=True)
    assert row["hhi_wgi"] is None
    assert row["hhi"] is not None


def test_printed_shares_are_not_scaled_to_one() -> None:
    shares = pl.DataFrame({"material": ["x", "x"], "country": ["CHN", "AUS"], "share": [0.6, 0.3]})
    row = share_concentration(shares, RISK, ["material"]).row(0, named=True)
    assert row["share_sum"] == pytest.approx(0.9)
    assert row["hhi"] == pytest.approx(0.45)


def test_withheld_production_is_counted_and_not_guessed() -> None:
    made = pl.DataFrame(
        {
            "material": ["x"] * 3, "stage": ["extraction"] * 3, "form_printed": ["mine"] * 3,
            "basis": ["contained"] * 3,
            "year": [2023] * 3, "country": ["CHN", "AUS", "DEU"], "production_t": [75.0, 25.0, None],
        }
    )  # fmt: skip
    row = production_concentration(made, RISK).row(0, named=True)
    assert (row["withheld"], row["total_t"]) == (1, 100.0)
    assert row["hhi"] == pytest.approx(0.625)


def test_sources_stand_side_by_side_and_conflicts_are_seen() -> None:
    def source(largest: str, share: float) -> pl.DataFrame:
        columns = {"material": ["x"], "stage": ["extraction"], "largest": [largest], "largest_share": [share]}
        return pl.DataFrame(columns | {"hhi": [share**2]})

    assert side_by_side({"a": source("CHN", 0.6), "b": source("CHN", 0.65)})["agree"].to_list() == [True, True]
    assert side_by_side({"a": source("CHN", 0.6), "b": source("CHN", 0.9)})["agree"].to_list() == [False, False]
    assert side_by_side({"a": source("CHN", 0.6), "b": source("ESP", 0.6)})["agree"].to_list() == [False, False]
    assert side_by_side({"a": source("CHN", 0.6)})["agree"].to_list() == [None]
