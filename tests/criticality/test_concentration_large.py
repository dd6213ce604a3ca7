"""The streamed table of concentration gives what the plain one gives, whatever the size of batches and of the table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lodestock.criticality import concentration_large
from lodestock.criticality.concentration import import_concentration
from lodestock.criticality.concentration_large import large_import_concentration
from lodestock.criticality.tally_method import LEAST_PLACES, add_up, enter, find, no_numbers, number, widened
from lodestock.errors import DataError, InputError

GOVERNANCE = pl.DataFrame({"country": [f"C{n:02d}" for n in range(40)], "risk": np.linspace(1.0, 9.0, 40)})
BOTH = (import_concentration, large_import_concentration)


def trade(rows: int, seed: int = 3, *, in_order: bool = False) -> pl.LazyFrame:
    """Rows in no order, a tenth without a weight, one product that has none at all and one that weighs nothing."""
    rng = np.random.default_rng(seed)
    code = rng.integers(0, 30, rows)
    code = np.sort(code) if in_order else code
    weight = np.where(code == 9, 0.0, rng.lognormal(1.0, 2.0, rows))
    quantity = pl.Series(weight).set(pl.Series((rng.random(rows) < 0.1) | (code == 7)), None)
    return pl.DataFrame(
        {
            "hs_revision": pl.Series(["HS92"]).new_from_index(0, rows),
            "hs_code": [f"{number:06d}" for number in code],
            "year": pl.Series(rng.integers(2000, 2004, rows).astype(np.int16)),
            "exporter": [f"C{number:02d}" for number in rng.integers(0, 40, rows)],
            "importer": [f"C{number:02d}" for number in rng.integers(0, 40, rows)],
            "value_kusd": rng.random(rows),
            "quantity_t": quantity,
        }
    ).lazy()


@pytest.mark.parametrize("batch", [1_000_000, 700, 97])
@pytest.mark.parametrize("importers", [None, ["C01", "C02", "C03"]])
@pytest.mark.parametrize("in_order", [True, False])
def test_both_ways_give_the_same(
    monkeypatch: pytest.MonkeyPatch, batch: int, importers: list[str] | None, in_order: bool
) -> None:
    monkeypatch.setattr(concentration_large, "BATCH", batch)
    rows = trade(20_000, in_order=in_order)
    for by in (("hs_revision", "hs_code", "year"), ("hs_code",)):
        plain = import_concentration(rows, importers=importers, governance=GOVERNANCE, by=by)
        streamed = large_import_concentration(rows, importers=importers, governance=GOVERNANCE, by=by)
        assert_frame_equal(streamed, plain, rel_tol=1e-12, abs_tol=0.0)
        for code in ("000007", "000009"):
            assert set(streamed.filter(pl.col("hs_code") == code)["status"]) == {"missing"}


def test_a_table_of_too_many_products_goes_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = trade(2_000)
    expected = import_concentration(rows, importers=["C01"])
    monkeypatch.setattr(concentration_large, "MOST_CELLS", 100)
    assert_frame_equal(large_import_concentration(rows, importers=["C01"]), expected)


def test_no_row_gives_no_product() -> None:
    empty = large_import_concentration(trade(10).filter(pl.col("year") == 1900))
    assert empty.height == 0
    assert empty.columns == import_concentration(trade(10)).columns


@pytest.mark.parametrize("way", BOTH)
@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_is_none_is_refused(way: object, amount: float) -> None:
    rows = trade(300)
    spoilt = rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 250).then(amount).otherwise(pl.col("quantity_t")).alias("quantity_t")
    )
    assert callable(way)
    way(rows)
    with pytest.raises(DataError, match="negative or no number"):
        way(spoilt)


@pytest.mark.parametrize("way", BOTH)
def test_a_row_without_exporter_or_a_table_without_column_is_refused(way: object) -> None:
    rows = trade(300)
    nameless = rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 250).then(None).otherwise(pl.col("exporter")).alias("exporter")
    )
    assert callable(way)
    with pytest.raises(DataError, match="names no exporter"):
        way(nameless)
    whose = rows.with_columns(pl.lit("C01").alias("importer"))
    with pytest.raises(DataError, match="names no exporter"):
        way(whose.with_columns(pl.lit(None, dtype=pl.String).alias("exporter")), importers=["C01"])
    with pytest.raises(InputError, match="lacks quantity_t"):
        way(rows.drop("quantity_t"))


@given(st.lists(st.lists(st.integers(0, 12), max_size=20), max_size=6))
def test_numbers_follow_the_order_of_appearance(batches: list[list[int]]) -> None:
    """Second method: a dictionary. The keys share their low bits, and some come in runs."""
    known, expected = no_numbers(), dict[int, int]()
    for batch in batches:
        values = [value << 40 for value in batch for _ in range(1 + 7 * (value % 2))]
        known, found, opened = number(known, np.array(values, dtype=np.uint64))
        before = len(expected)
        assert [expected.setdefault(value, len(expected)) for value in values] == found.tolist()
        assert [values.index(key) for key in list(expected)[before:]] == opened.tolist()
    assert known.count == len(expected)


def test_keys_that_begin_at_one_place_stay_apart_and_are_found_after_growth() -> None:
    """Keys chosen so that all begin at place 0 of the first table: multiples of the inverse of the factor."""
    inverse = pow(0x9E3779B97F4A7C15, -1, 1 << 64)
    alike = np.array([(inverse * n) % (1 << 64) for n in range(50)], dtype=np.uint64)
    known, rows = enter(no_numbers(), alike)
    assert rows.tolist() == list(range(50))
    assert find(known, alike).tolist() == list(range(50))
    assert find(known, np.array([12345], dtype=np.uint64)).tolist() == [-1]
    many = np.arange(1, 5000, dtype=np.uint64)
    known, rows = enter(known, many)
    assert known.places.size > LEAST_PLACES
    assert find(known, many).tolist() == list(range(50, 5049))
    assert find(known, alike).tolist() == list(range(50))


def test_sums_stay_where_they_are_when_the_matrix_widens() -> None:
    sums = np.zeros((2, 2))
    add_up(sums, np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([1.0, 2.0, 4.0]))
    wider = widened(sums, 3, 9)
    assert wider.shape == (4, 16)
    assert wider[:2, :2].tolist() == [[0.0, 3.0], [4.0, 0.0]] and wider.sum() == 7.0
    assert widened(wider, 4, 16) is wider
