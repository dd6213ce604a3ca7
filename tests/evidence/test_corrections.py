"""Corrections are data: each applies, each has a reason, and one that stops matching fails."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lodestock.errors import DataError
from lodestock.evidence import corrections as module
from lodestock.evidence.columns import REFERENCE
from lodestock.evidence.corrections import DROP, Correction, correct, corrections
from lodestock.evidence.store import Store

FRAME = pl.DataFrame({"country": ["Japane", "China"], "value": ["1", "2"]})


def _with(monkeypatch: pytest.MonkeyPatch, *entries: Correction) -> None:
    monkeypatch.setattr(module, "corrections", lambda: entries)


def test_every_correction_names_a_shipped_file_and_a_reason() -> None:
    assert len(corrections()) > 40
    for entry in corrections():
        assert (REFERENCE / "sources" / entry.source / entry.file).is_file()
        assert len(entry.reason) > 20
        assert entry.rows > 0


def test_a_correction_changes_only_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, Correction("usgs", "a.csv", (("value", "1"),), "country", "Japane", "Japan", 1, "footnote"))
    assert correct(FRAME, "usgs", extract=Path("a.csv"))["country"].to_list() == ["Japan", "China"]
    assert correct(FRAME, "other", extract=Path("a.csv")).equals(FRAME)
    assert correct(FRAME, "usgs", extract=Path("b.csv")).equals(FRAME)


def test_a_correction_can_drop_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, Correction("usgs", "a.csv", (), "country", "China", DROP, 1, "twice"))
    assert correct(FRAME, "usgs", extract=Path("a.csv"))["country"].to_list() == ["Japane"]


@pytest.mark.parametrize("entry", [
    Correction("usgs", "a.csv", (), "country", "Japann", "Japan", 1, "gone from the source"),
    Correction("usgs", "a.csv", (), "country", "China", "Japan", 2, "the source has fewer rows"),
    Correction("usgs", "a.csv", (), "land", "Japane", "Japan", 1, "the column is gone"),
])  # fmt: skip
def test_a_correction_that_no_longer_matches_fails(entry: Correction, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, entry)
    with pytest.raises(DataError, match="no longer matches") as caught:
        correct(FRAME, "usgs", extract=Path("a.csv"))
    assert "corrections.csv" in caught.value.where
    # In a provider's own file the defect may have been mended: then there is nothing to do.
    assert correct(FRAME, "usgs")["country"][0] in ("Japane", "Japan")


def test_the_fluorspar_row_adds_up_once_the_shift_is_put_right(store: Store) -> None:
    """Independent check of the shift: acid plus metallurgical imports are the total, in every year."""
    frame = store.table("us_salient").filter(pl.col("commodity") == "fluor").collect()
    wide = frame.pivot(on="series", index="year", values="value")
    total = wide["Imports_Acid_kt"] + wide["Imports_Metallurgical_kt"]
    assert (total - wide["Imports_Total_Fl_kt"]).abs().max() <= 1000  # printed in whole thousand tonnes


def test_no_share_of_silicon_metal_is_lost(store: Store) -> None:
    rule = (pl.col("material") == "silicon-metal") & (pl.col("scope") == "eu") & (pl.col("stage") == "processing")
    frame = store.table("crm_supply_share").filter(rule).collect()
    assert frame.filter(pl.col("country") == "DEU")["share"].to_list() == [0.06]
    assert frame["share"].sum() == pytest.approx(0.96)
