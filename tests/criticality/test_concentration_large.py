"""The streamed table of concentration gives what the plain one gives, whatever the size of batches and of the table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lodestock.criticality import concentration_large
from lodestock.criticality.concentration import import_concentration
from lodestock.criticality.concentration_large import large_import_concentration
from lodestock.criticality.tally_method import empty_table, move_groups, tally

GOVERNANCE = pl.DataFrame({"country": [f"C{n:02d}" for n in range(40)], "risk": np.linspace(1.0, 9.0, 40)})


def trade(rows: int, seed: int = 3) -> pl.LazyFrame:
    """Rows in no order, a tenth without a weight, one product that has none at all."""
    rng = np.random.default_rng(seed)
    code = rng.integers(0, 30, rows)
    quantity = pl.Series(rng.lognormal(1.0, 2.0, rows)).set(pl.Series((rng.random(rows) < 0.1) | (code == 7)), None)
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


@pytest.mark.parametrize(("batch", "room"), [(1_000_000, 1 << 20), (700, 16), (97, 1)])
@pytest.mark.parametrize("importers", [None, ["C01", "C02", "C03"]])
def test_both_ways_give_the_same(
    monkeypatch: pytest.MonkeyPatch, batch: int, room: int, importers: list[str] | None
) -> None:
    monkeypatch.setattr(concentration_large, "BATCH", batch)
    monkeypatch.setattr(concentration_large, "FIRST_ROOM", room)
    rows = trade(20_000)
    plain = import_concentration(rows, importers=importers, governance=GOVERNANCE)
    streamed = large_import_concentration(rows, importers=importers, governance=GOVERNANCE)
    assert_frame_equal(streamed, plain, rel_tol=1e-12, abs_tol=0.0)
    assert set(streamed.filter(pl.col("hs_code") == "000007")["status"]) == {"missing"}


def test_no_row_gives_no_product() -> None:
    empty = large_import_concentration(trade(10).filter(pl.col("year") == 1900))
    assert empty.height == 0
    assert empty.columns == import_concentration(trade(10)).columns


def test_two_groups_with_the_same_first_hash_stay_two() -> None:
    first, second = np.array([5, 5, 5, 5], np.uint64), np.array([1, 2, 1, 2], np.uint64)
    hashes, values = empty_table(4)
    place_of, new_rows = np.empty(2, np.int64), np.empty(4, np.int64)
    amount = np.array([1.0, 10.0, np.nan, 20.0])
    row, groups, opened = tally(first, second, amount, 0, hashes, values, place_of, 0, new_rows)
    assert (row, groups, opened) == (4, 2, 2)
    assert values[place_of].tolist() == [[1.0, 1.0], [30.0, 0.0]]
    assert new_rows[:2].tolist() == [0, 1]


def test_a_full_table_stops_and_goes_on_after_it_has_grown() -> None:
    first = np.arange(6, dtype=np.uint64) * np.uint64(8)  # all begin at the same place
    amount, new_rows, place_of = np.arange(6.0), np.empty(6, np.int64), np.empty(4, np.int64)
    hashes, values = empty_table(8)
    assert tally(first, first, amount, 0, hashes, values, place_of, 0, new_rows) == (4, 4, 4)
    place_of = np.concatenate([place_of, np.empty(4, np.int64)])
    larger, sums = empty_table(16)
    move_groups(hashes, values, place_of, 4, larger, sums)
    assert tally(first, first, amount, 4, larger, sums, place_of, 4, new_rows) == (6, 6, 2)
    assert sums[place_of[:6], 0].tolist() == amount.tolist()
