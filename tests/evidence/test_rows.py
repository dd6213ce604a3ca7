"""Reading numbers from the store: facts of the source, absence, and refusals."""

from __future__ import annotations

import polars as pl
import pytest

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.rows import check_rows, read_rows
from lodestock.evidence.store import Store

MAGNETS = {"hs_code": "850511", "year": 2024}


@pytest.mark.parametrize(
    ("where", "tonnes", "within"),
    [
        # Facts of BACI release 202601, 2024, as stated with the compiled figures.
        ({"importer": "NLD"}, 3992.284, 0.0005),
        ({"importer": "NLD", "exporter": "CHN"}, 3187.438, 0.0005),
        ({"exporter": "CHN"}, 137248.015, 0.0005),
        ({"exporter": "NLD"}, 1443.0, 0.5),
    ],
)
def test_magnet_trade_of_2024_is_what_the_source_says(
    store: Store, where: dict[str, str], tonnes: float, within: float
) -> None:
    value, rows = read_rows(store, "trade", {**MAGNETS, **where}, "quantity_t")
    assert value == pytest.approx(tonnes, abs=within)
    assert rows.snapshots == ("baci-hs6-2024",)
    assert rows.missing < rows.count
    assert 0 < len(rows.locators) <= 20
    assert rows.count >= len(rows.locators)


def test_the_rows_behind_a_number_can_be_read_again(store: Store) -> None:
    value, rows = read_rows(store, "trade", {**MAGNETS, "importer": "NLD"}, "value_kusd")
    assert value == pytest.approx(76_600, abs=50)  # 76.6 M$ in the source
    assert check_rows(store, rows, value) == (True, "")
    agrees, said = check_rows(store, rows, 1.0)
    assert not agrees
    assert "the record says 1.0" in said


def test_no_matching_row_gives_no_number_rather_than_zero(store: Store) -> None:
    value, rows = read_rows(store, "trade", {"hs_code": "850511", "year": 1999}, "quantity_t")
    assert value is None
    assert rows.count == 0


def test_rows_without_a_value_are_counted_and_not_summed(store: Store) -> None:
    where = {"hs_code": "284610", "year": 2020, "hs_revision": "HS92"}
    value, rows = read_rows(store, "trade", where, "quantity_t")
    frame = store.table("trade").filter(pl.col("hs_code") == "284610", pl.col("year") == 2020).collect()
    known = frame["quantity_t"].drop_nulls().to_list()
    assert rows.missing == frame["quantity_t"].null_count() > 0
    assert value == pytest.approx(sum(known))


def test_all_rows_without_a_value_give_no_number(store: Store) -> None:
    frame = store.table("trade").filter(pl.col("quantity_t").is_null()).head(1).collect()
    where = {name: frame[name][0] for name in ("hs_revision", "hs_code", "year", "exporter", "importer")}
    value, rows = read_rows(store, "trade", where, "quantity_t", "value")
    assert (value, rows.count, rows.missing) == (None, 1, 1)


def test_one_value_is_refused_where_several_rows_match(store: Store) -> None:
    with pytest.raises(DataError, match="match where one was asked for") as caught:
        read_rows(store, "trade", {**MAGNETS, "importer": "NLD"}, "quantity_t", "value")
    assert "exporter" in caught.value.mend


def test_a_sum_over_two_directions_is_refused(store: Store) -> None:
    where = {"hs_code": "280530", "year": 2000, "partner": "CHN"}
    with pytest.raises(DataError, match="differ in 'flow'"):
        read_rows(store, "trade_eu27", where, "value_kusd")


def test_counting_rows(store: Store) -> None:
    value, _ = read_rows(store, "control_measure", {"issuer": "CHN", "material": "terbium"}, "measure_id", "count")
    assert value == 1.0


@pytest.mark.parametrize(
    ("table", "where", "column", "how", "offer"),
    [
        ("trad", MAGNETS, "quantity_t", "sum", "trade"),
        ("trade", {"hs_cod": "850511"}, "quantity_t", "sum", "hs_code"),
        ("trade", MAGNETS, "quantity_kg", "sum", "quantity_t"),
        ("trade", MAGNETS, "quantity_t", "summ", "sum"),
    ],
)
def test_an_unknown_name_offers_the_nearest(
    store: Store, table: str, where: dict[str, object], column: str, how: str, offer: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        read_rows(store, table, where, column, how)  # type: ignore[arg-type]
    assert offer in caught.value.nearest


def test_a_value_of_the_wrong_type_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match="cannot stand in column 'year'"):
        read_rows(store, "trade", {"year": "last year"}, "quantity_t")


def test_text_is_not_summed(store: Store) -> None:
    with pytest.raises(DataError, match="holds no numbers"):
        read_rows(store, "trade", MAGNETS, "exporter")
