"""Transit tables on hand-made trade: accounts, origins, the account of its own, and what is missing."""

from __future__ import annotations

import polars as pl
import pytest

from lodestock.criticality.transit import (
    Good,
    accounts,
    good,
    goods,
    origins,
    reconcile_reports,
    trace_trade,
    transit_account,
)
from lodestock.errors import DataError, InputError, UnknownNameError

HUB = Good("x", "x", "X", "X", ("000000",), "processing", "", "", (), None, None, "", "prior")


def rows() -> pl.DataFrame:
    """V19: CHN and AUS produce; NLD passes most on to DEU."""
    flows = [("CHN", "NLD", 50.0), ("CHN", "DEU", 20.0), ("AUS", "NLD", 6.0), ("NLD", "DEU", 44.0), ("DEU", "NLD", 2.0)]
    return pl.DataFrame(flows, schema=["exporter", "importer", "quantity_t"], orient="row").with_columns(
        pl.col("quantity_t").alias("value_kusd")
    )


MADE = pl.DataFrame({"country": ["CHN", "AUS"], "production_t": [100.0, 40.0]})


def test_v19_with_documented_production() -> None:
    traced = trace_trade(HUB, rows(), 2024, MADE)
    assert traced.basis == "documented"
    row = accounts(traced, ["NLD"]).row(0, named=True)
    assert (row["import_t"], row["export_t"], row["own_use_t"]) == (58.0, 44.0, pytest.approx(14.0))
    assert (row["own_use_low_t"], row["own_use_high_t"], row["through_t"]) == (14.0, 58.0, pytest.approx(44.0))
    german = origins(traced, "DEU").filter(pl.col("origin") == "CHN").row(0, named=True)
    assert german["traced_share"] == pytest.approx(0.9271523178807946)
    assert german["border_share"] == pytest.approx(0.3125)
    assert german["share_low"] <= german["traced_share"] <= german["share_high"]


def test_contained_production_is_turned_into_gross_tonnes() -> None:
    half = trace_trade(HUB, rows(), 2024, MADE, content=0.5)
    assert half.central.production[half.countries.index("CHN")] == pytest.approx(200.0)


def test_without_production_figures_known_producers_ship_their_own_first() -> None:
    two = trace_trade(HUB, rows(), 2024)
    assert two.basis == "known producers"
    assert origins(two, "DEU")["origin"].to_list()[0] == "CHN"
    named = Good("x", "x", "X", "X", (), "processing", "", "", ("NLD",), None, None, "", "prior")
    german = origins(trace_trade(named, rows(), 2024), "DEU")
    assert german.filter(pl.col("origin") == "NLD")["traced_share"][0] > 0.25
    assert german.filter(pl.col("origin") == "NLD")["least_share"][0] == pytest.approx(0.0)


def test_transit_stays_available_as_an_account_of_its_own() -> None:
    account = transit_account(trace_trade(HUB, rows(), 2024, MADE), "NLD")
    passed = account.filter(pl.col("account") == "passes through")
    assert passed["tonnes"].sum() == pytest.approx(44.0)
    customs = account.filter(pl.col("account") == "customs transit").row(0, named=True)
    assert customs["tonnes"] is None and customs["status"] == "missing" and "185 of 590" in customs["reason"]


def test_missing_weights_are_counted_and_missing_countries_say_so() -> None:
    blank = pl.concat([rows(), rows().head(1).with_columns(pl.lit(None, dtype=pl.Float64).alias("quantity_t"))])
    traced = trace_trade(HUB, blank, 2024)
    assert traced.pairs_without_quantity == 1
    counts = dict(accounts(traced, ["CHN", "NLD", "DEU"]).select("country", "pairs_without_quantity").iter_rows())
    assert counts == {"CHN": 1, "NLD": 1, "DEU": 0}  # the flow without weight is from China to the Netherlands
    absent = accounts(traced, ["FRA"]).row(0, named=True)
    assert absent["status"] == "missing" and absent["import_t"] is None
    with pytest.raises(UnknownNameError):
        origins(traced, "FRA")
    with pytest.raises(DataError, match="no trade"):
        trace_trade(HUB, rows().head(0), 2024)


def test_imports_without_any_weight_are_missing_and_not_zero() -> None:
    extra = [("CHN", "BEL", None, 7.0), ("CHN", "FRA", None, 7.0), ("FRA", "DEU", 3.0, 3.0)]
    schema = {"exporter": pl.String, "importer": pl.String, "quantity_t": pl.Float64, "value_kusd": pl.Float64}
    table = accounts(
        trace_trade(HUB, pl.concat([rows(), pl.DataFrame(extra, schema=schema, orient="row")]), 2024), ["BEL", "FRA"]
    )
    assert table["import_t"].to_list() == [None, None] and table["own_use_low_t"].to_list() == [None, None]
    assert table["reason"].to_list() == ["no weighed trade of this good", "no weighed import"]


def test_what_leaves_beyond_what_came_in_must_have_been_made_there() -> None:
    table = accounts(trace_trade(HUB, rows(), 2024), ["CHN", "NLD", "DEU"])
    assert table["least_production_t"].to_list() == [70.0, 0.0, 0.0]
    # Own use of imports can never be less than imports less exports, nor more than imports.
    assert table["own_use_low_t"].to_list() == [0.0, 14.0, 62.0]


def test_two_sided_reports_are_reconciled_and_sides_counted() -> None:
    reports = pl.DataFrame({"exporter_report_t": [50.0, None, None], "importer_report_t": [42.0, 8.0, None]})
    found = reconcile_reports(reports, exporter_cv=0.05, importer_cv=0.15)
    assert found["estimate_t"][0] == pytest.approx(48.91162385720505)
    assert found["sides"].to_list() == [2, 1, 0]
    assert found["estimate_t"][2] is None


def test_every_listed_good_is_known_by_name() -> None:
    assert {"magnets", "rare-earth-compounds", "copper-ores", "copper-cathodes"} <= set(goods())
    with pytest.raises(UnknownNameError, match="magnets"):
        good("magnet")


def test_reports_that_cannot_be_reconciled_are_refused() -> None:
    reports = pl.DataFrame({"exporter_report_t": [10.0], "importer_report_t": [20.0]})
    with pytest.raises(InputError, match="above 0"):
        reconcile_reports(reports, exporter_cv=0.0, importer_cv=0.1)
    with pytest.raises(DataError, match="negative"):
        reconcile_reports(reports.select(-pl.all()), exporter_cv=0.1, importer_cv=0.1)
    with pytest.raises(DataError, match="importer_report_t"):
        reconcile_reports(reports.drop("importer_report_t"), exporter_cv=0.1, importer_cv=0.1)
