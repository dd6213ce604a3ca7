"""The page of a material tells how dependent we are, from the evidence store, and says so where nothing is known."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from lodestock.evidence.store import Store
from lodestock_desk.overview import indicators as room
from lodestock_desk.overview.tiles import tile_map

from .people import client


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store built from what the package ships."""
    return Store.open(tmp_path_factory.mktemp("store"))


def test_shares_are_those_of_the_trade_table_and_add_up(evidence: Store) -> None:
    found = room.indicators("rare-earth-magnets", evidence)
    first = found.imports[0]
    shares = dict(dict(found.shares)["NLD"])
    rows = evidence.table("trade").filter(
        (pl.col("hs_code") == first.code) & (pl.col("importer") == "NLD") & (pl.col("year") == first.year)
    )
    tonnes = dict(rows.group_by("exporter").agg(pl.col("quantity_t").sum()).collect().iter_rows())
    assert sum(shares.values()) == pytest.approx(1.0)
    assert (
        shares[first.largest]
        == pytest.approx(tonnes[first.largest] / first.total)
        == pytest.approx(first.largest_share)
    )
    assert first.above == (first.largest_share > 0.65)


def test_members_of_the_union_are_no_suppliers_of_it(evidence: Store) -> None:
    found = room.indicators("rare-earth-magnets", evidence)
    assert "DEU" in dict(dict(found.shares)["NLD"]) and "DEU" not in dict(dict(found.shares)["EU27"])


def test_the_verdict_is_that_of_the_published_list(evidence: Store) -> None:
    # The study of 2023 found gallium above both thresholds and copper not; copper is on the list as strategic only.
    gallium, copper = (room.indicators(key, evidence).score for key in ("gallium", "copper"))
    assert gallium is not None and gallium.verdict is True and dict(gallium.risks) == {"processing": 3.9}
    assert copper is not None and copper.verdict is False


def test_a_missing_score_is_not_known_and_never_below() -> None:
    assert room.Score((), 4.0).verdict is None and room.Score((("processing", 2.0),), None).verdict is None


def test_without_a_store_the_page_says_what_to_do(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path))
    page = client("beleid.ez").get("/desk/overview/gallium/").content.decode()
    assert "Niet bekend: het gegevensbestand" in page and "lodestock data build" in page and "worldtiles" not in page
    assert not any(tmp_path.iterdir()), "a page never builds a store"


def test_with_a_store_the_page_has_map_table_and_verdict(
    db: None, monkeypatch: pytest.MonkeyPatch, evidence: Store
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(evidence.home))
    page = client("beleid.ez").get("/desk/overview/rare-earth-magnets/").content.decode()
    assert "Grootste verzender" in page and "De aandelen als tabel" in page and "<svg" in page
    assert "onder deze naam niet beoordeeld" in page
    assert re.search(r"<th[^>]*>China</th><td[^>]*>80%</td><td[^>]*>91%</td>", page)


def test_every_supplier_stands_on_a_tile_or_in_the_table() -> None:
    drawn = tile_map("proef", (("CHN", 0.7), ("XXX", 0.3)))
    assert 'fill="#7a1f1f"' in drawn and "CHN" in drawn and "XXX" not in drawn
