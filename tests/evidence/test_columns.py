"""The schema registry and what breaks it."""

from __future__ import annotations

import polars as pl
import pytest

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.columns import columns, conform, schema, tables, validate

ROW = {
    "hs_revision": "HS92",
    "hs_code": "280530",
    "year": 2020,
    "exporter": "CHN",
    "importer": "NLD",
    "value_kusd": 1.5,
    "quantity_t": 2.0,
    "quantity_status": "reported",
    "snapshot": "example",
    "locator": "row 1",
}


def _trade(*changes: dict[str, object]) -> pl.DataFrame:
    rows = [{**ROW, "importer": code, "locator": f"row {n}"} for n, code in enumerate(("NLD", "DEU", "FRA"), start=1)]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    return conform(pl.DataFrame(rows), "trade")


def test_a_good_table_passes_and_comes_back() -> None:
    frame = _trade()
    assert validate(frame, "trade") is frame


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"quantity_t": None}, "quantity_t", "withheld or missing"),
        ({"quantity_status": "missing"}, "quantity_t", "withheld or missing"),
        ({"quantity_t": -1.0}, "quantity_t", "smallest allowed value is 0 t"),
        ({"value_kusd": float("nan")}, "value_kusd", "not a number"),
        ({"value_kusd": None}, "value_kusd", "a value must stand here"),
        ({"year": 1491}, "year", "smallest allowed value is 1960"),
        ({"exporter": "XXQ"}, "exporter", "alpha-3 country codes"),
        ({"hs_revision": "HS93"}, "hs_revision", "allowed: HS92"),
        ({"quantity_status": "guessed"}, "quantity_status", "allowed: reported"),
    ],
)
def test_a_broken_rule_names_table_column_row_and_reason(change: dict[str, object], column: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        validate(_trade({}, change), "trade")
    assert f"'{column}' of table 'trade'" in caught.value.what
    assert "row 2" in caught.value.where
    assert "example" in caught.value.where
    assert said in caught.value.why


def test_namibia_is_a_country_and_not_a_missing_value() -> None:
    assert validate(_trade({"exporter": "NAM"}), "trade")["exporter"][0] == "NAM"


def test_a_key_that_stands_twice_is_refused_with_both_rows() -> None:
    with pytest.raises(DataError, match="more than once") as caught:
        validate(_trade({}, {"importer": "NLD"}), "trade")
    assert "row 1, row 2" in caught.value.where


def test_a_missing_column_offers_the_nearest() -> None:
    with pytest.raises(DataError) as caught:
        conform(_trade().rename({"quantity_t": "quantity_kg"}), "trade")
    assert "'quantity_t' (nearest: quantity_kg" in caught.value.what


def test_an_undeclared_column_and_a_wrong_type_are_refused() -> None:
    with pytest.raises(DataError, match="undeclared column colour"):
        validate(_trade().with_columns(colour=pl.lit("red")), "trade")
    with pytest.raises(DataError, match="has type"):
        validate(_trade().with_columns(pl.col("year").cast(pl.Int64)), "trade")


def test_unknown_tables_and_columns_offer_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        schema("tarde")
    assert "trade" in caught.value.nearest
    with pytest.raises(UnknownNameError) as caught:
        schema("trade").column("quantity")
    assert "quantity_t" in caught.value.nearest


def test_every_declared_column_is_used_and_says_what_it_means() -> None:
    used = {use.column.name for entry in tables().values() for use in entry.columns}
    assert used == set(columns())
    for column in columns().values():
        assert column.definition.endswith("."), column.name


def test_column_names_carry_their_unit() -> None:
    units = {"t": "_t", "kUSD": "_kusd", "MUSD": "_musd", "EUR": "_eur", "USD/t": "_usd_per_t"}
    for column in columns().values():
        ending = units.get(column.unit)
        assert ending is None or ending in column.name, column.name
        assert not column.name.endswith("_t") or column.unit in ("t", "USD/t")


def test_a_status_column_allows_the_four_statuses() -> None:
    for column in columns().values():
        if column.name.endswith("_status") and column.name not in ("list_status", "legal_status"):
            assert column.allowed == ("reported", "estimated", "withheld", "missing"), column.name


def test_the_block_of_a_table_is_part_of_its_key() -> None:
    for entry in tables().values():
        assert set(entry.block) <= set(entry.key), entry.table
        assert set(entry.single) <= set(entry.names), entry.table
