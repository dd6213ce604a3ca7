"""The contract that every registered source keeps, without a network; and the layout of each provider's download."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import provider_examples as made
import pytest

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.columns import REFERENCE, conform, schema, tables, validate
from lodestock.evidence.snapshots import Snapshot, find_snapshots
from lodestock.evidence.sources import provider, providers
from lodestock.evidence.store import Store, read_snapshot

SHIPPED = find_snapshots(REFERENCE / "sources", imported=False)
IDS = sorted(providers())


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No source may reach for the network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a source reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    yield


def _read(source_id: str, file: Path) -> dict[str, pl.DataFrame]:
    stamp = pl.lit("example").alias("snapshot")
    found = provider(source_id).tidy(file)
    return {table: validate(conform(frame.with_columns(stamp), table), table) for table, frame in found.items()}


@pytest.mark.parametrize("source_id", IDS)
def test_a_source_says_who_made_it_what_it_covers_and_under_which_licence(source_id: str) -> None:
    source = provider(source_id).source
    for text in (source.title, source.producer, source.licence, source.address, source.covers, source.official_format):
        assert len(text.strip()) > 2
    assert source.id == source_id
    assert source.tables
    assert set(source.tables) <= set(tables())


@pytest.mark.parametrize("source_id", IDS)
def test_a_source_ships_figures_for_every_table_that_it_declares(source_id: str, store: Store) -> None:
    own = {snapshot.id for snapshot in SHIPPED if snapshot.source == source_id}
    assert own
    for table in provider(source_id).source.tables:
        found = set(store.table(table).select(pl.col("snapshot").unique()).collect()["snapshot"])
        assert found & own, table


@pytest.mark.parametrize("snapshot", SHIPPED, ids=lambda snapshot: snapshot.id)
def test_a_shipped_snapshot_reads_into_its_tables_with_a_place_for_each_row(snapshot: Snapshot) -> None:
    frames = read_snapshot(snapshot)
    assert frames
    for table, frame in frames.items():
        assert table in provider(snapshot.source).source.tables
        assert frame.height > 0
        assert frame["locator"].null_count() == 0
        assert frame["snapshot"].unique().to_list() == [snapshot.id]
    numbered = next(iter(frames.values()))["locator"].str.extract(r"^row (\d+)", 1).cast(pl.Int64)
    header = 0 if snapshot.path.suffix == ".parquet" else 1
    assert numbered.min() >= 1 + header
    assert numbered.max() <= snapshot.rows + header


@pytest.mark.parametrize("snapshot", SHIPPED, ids=lambda snapshot: snapshot.id)
def test_a_shipped_snapshot_says_where_it_comes_from(snapshot: Snapshot) -> None:
    assert snapshot.rows > 0
    assert len(snapshot.made) > 3
    assert snapshot.accessed[:2] == "20"
    assert snapshot.vintage[:2] in ("19", "20")


@pytest.mark.parametrize("source_id", IDS)
@pytest.mark.parametrize("text", ["colour,taste\nred,sweet\n", "a;b\n1;2\n"])
def test_a_table_of_something_else_is_refused_with_the_columns_that_it_lacks(
    source_id: str, text: str, tmp_path: Path
) -> None:
    file = tmp_path / "else.csv"
    file.write_text(text)
    with pytest.raises(LodestockError) as caught:
        provider(source_id).tidy(file)
    assert str(file) in caught.value.where
    assert caught.value.mend


@pytest.mark.parametrize(
    ("source_id", "make"), [(name, make) for name in made.OFFICIAL for make in made.OFFICIAL[name]]
)
def test_the_official_layout_of_a_source_reads_into_valid_tables(source_id: str, make: object, tmp_path: Path) -> None:
    frames = _read(source_id, make(tmp_path))  # type: ignore[operator]
    assert frames
    assert all(frame.height for frame in frames.values())


def test_every_source_has_an_example_of_its_official_layout() -> None:
    assert sorted(made.OFFICIAL) == IDS


def test_an_unknown_source_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        provider("bacci")
    assert caught.value.nearest[0] == "baci"


def test_baci_keeps_missing_mass_missing_and_pads_codes(tmp_path: Path) -> None:
    trade = _read("baci", made.baci(tmp_path))["trade"].sort("hs_code", "exporter")
    # 10121 is 010121, a horse: not watched. 490 is what trade statistics call Taiwan.
    assert trade["hs_code"].to_list() == ["260800", "280530", "850511", "850511", "850511"]
    assert trade["exporter"].to_list() == ["NAM", "CHN", "CHN", "TWN", "USA"]
    assert trade["quantity_t"].to_list() == [30.0, None, 12.25, 1.5, None]
    assert trade["quantity_status"].to_list() == ["reported", "missing", "reported", "reported", "missing"]
    assert trade["hs_revision"].unique().to_list() == ["HS2022"]
    assert trade.filter(pl.col("exporter") == "NAM")["locator"].to_list() == ["row 6"]


def test_baci_must_keep_its_name_and_its_year(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="which revision"):
        provider("baci").tidy(made.baci(tmp_path, name="trade.csv"))
    with pytest.raises(InputError, match="another year"):
        provider("baci").tidy(made.baci(tmp_path, name="BACI_HS22_Y2023_V202601.csv"))


def test_wiod_is_summed_to_the_regions_of_the_store_without_loss(tmp_path: Path) -> None:
    frames = _read("wiod", made.wiod(tmp_path))
    flow = frames["io_flow"]
    cells = len(made.WIOD_REGIONS) * 2 * (len(made.WIOD_REGIONS) * 4)
    assert flow["value_musd"].sum() == cells * (cells + 1) / 2  # the cells are numbered 1..n
    assert set(flow["from_region"]) == {"NLD", "DEU", "REU", "CHN", "ROW"}
    # Italy and Romania are the rest of the Union: rows 5-8 of the body, the first cell of the first row is number 1.
    width = len(made.WIOD_REGIONS) * 4
    chosen = (pl.col("from_region") == "REU") & (pl.col("from_industry") == "c1") & (pl.col("to_region") == "NLD")
    value = flow.filter(chosen & (pl.col("to_use") == "c1"))["value_musd"].to_list()
    assert value == [(4 * width + 1) + (6 * width + 1)]
    assert set(flow["to_use"]) == {"c1", "c2", "f1", "f5"}
    assert flow["locator"].str.starts_with("sheet WIOT_2011, rows").all()
    output = frames["io_output"].filter(pl.col("region") == "REU", pl.col("industry") == "c2")["output_musd"].to_list()
    assert output == [(1000 + 5) + (1000 + 7)]


def test_governance_keeps_namibia_and_reads_old_codes(tmp_path: Path) -> None:
    frame = _read("wgi", made.wgi_long(tmp_path))["governance"].sort("country")
    assert frame["country"].to_list() == ["CHN", "NAM", "ROU"]
    assert frame["estimate"].to_list() == [None, 0.5, -0.2]
    assert frame["estimate_status"].to_list() == ["missing", "reported", "reported"]
    sheets = _read("wgi", made.wgi_sheets(tmp_path))["governance"]
    assert sheets.height == 12
    assert sheets.filter(pl.col("country") == "NAM")["estimate"].unique().to_list() == [0.25]


def test_usgs_codes_bounds_and_footnotes(tmp_path: Path) -> None:
    frames = _read("usgs_mcs", made.usgs_world(tmp_path))
    found = frames["production"].sort("country", "year")
    assert found.select("country", "year", "production_t", "production_status").rows() == [
        ("CHN", 2023, 600.0, "reported"),
        ("CHN", 2024, 610.0, "estimated"),
        ("JPN", 2023, 3.0, "estimated"),
        ("JPN", 2024, 3.1, "estimated"),
        ("KOR", 2023, 2.0, "estimated"),
        ("KOR", 2024, 2.0, "estimated"),
        ("NAM", 2023, 0.0005, "estimated"),
        ("NAM", 2024, 0.0, "estimated"),
        ("OTH", 2023, None, "missing"),
        ("OTH", 2024, None, "missing"),
        ("USA", 2023, None, "withheld"),
        ("USA", 2024, None, "withheld"),
    ]
    world = frames["world_total"].filter(pl.col("kind") == "production").sort("year")
    assert world["quantity_t"].to_list() == [605.0, 620.0]
    reserves = {row["country"]: (row["reserves_t"], row["reserves_status"]) for row in frames["reserves"].to_dicts()}
    assert reserves["CHN"] == (1000.0, "estimated")
    assert reserves["JPN"] == (None, "missing")
    assert frames["production"]["material"].unique().to_list() == ["gallium"]


def test_usgs_salient_units(tmp_path: Path) -> None:
    frame = _read("usgs_mcs", made.usgs_salient(tmp_path))["us_salient"]
    found = {(row["series"], row["year"]): (row["value"], row["value_status"], row["unit"]) for row in frame.to_dicts()}
    assert found["Price_Metal_dkg", 2024] == (350_500.0, "reported", "USD/t")
    assert found["Imports_Metal_kg", 2023] == (9.0, "reported", "t")
    assert found["Imports_Metal_kg", 2024] == (0.0005, "estimated", "t")
    assert found["USprod_Primary_kg", 2024] == (None, "withheld", "t")
    assert found["NIR_pct", 2024] == (0.95, "estimated", "share")


def test_an_unknown_code_in_a_usgs_cell_is_refused_with_its_row(tmp_path: Path) -> None:
    file = made.usgs_world(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("610000", "plenty"), encoding="utf-8")
    with pytest.raises(InputError, match="'plenty'") as caught:
        provider("usgs_mcs").tidy(file)
    assert "row 3" in caught.value.where


def test_annex_7_keeps_the_bound_that_it_prints(tmp_path: Path) -> None:
    frame = _read("ec_crm_2023", made.annex_7(tmp_path))["crm_supply_share"].sort("country")
    assert frame.select("country", "scope", "share", "share_low", "share_status").rows() == [
        ("COD", "eu", 0.001, 0.0, "estimated"),
        ("NAM", "eu", 0.284, pytest.approx(0.2835), "reported"),
    ]
    uses = _read("ec_crm_2023", made.annex_6(tmp_path))["crm_end_use"]
    assert uses["value_added_status"].to_list() == ["reported", "missing"]


def test_comext_shares_leave_totals_out(tmp_path: Path) -> None:
    frame = _read("comext_origins", made.comext(tmp_path))["eu_import_origin"].sort("rank")
    assert frame["origin"].to_list() == ["CHN", "NAM"]
    assert frame["share_value"].to_list() == [0.75, 0.25]
    assert frame["share_quantity"].to_list() == [0.3, 0.7]
    assert frame["hhi_value"].to_list() == [0.625, 0.625]
    assert frame["total_value_eur"].to_list() == [400.0, 400.0]


def test_pink_sheet_prices_per_tonne(tmp_path: Path) -> None:
    frame = _read("pink_sheet", made.pink_sheet(tmp_path))["metal_price"]
    found = {(row["commodity"], row["month"]): row for row in frame.to_dicts()}
    assert found["Potassium chloride", "2025-01"]["price"] == 40.0
    assert found["Gold", "2025-01"]["price_usd_per_t"] == pytest.approx(120.0 * 1e6 / 31.1034768)
    assert found["Iron ore, cfr spot", "2025-01"]["price_usd_per_t"] is None
    assert found["Silver", "2025-01"]["price_status"] == "missing"


def test_the_registry_of_tables_has_a_key_for_every_table() -> None:
    for table in tables():
        assert schema(table).key, table
