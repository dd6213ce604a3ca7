"""The store: the same bytes each time, untouched by a failed build, merged without doubles; and what ships in it."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence import store as module
from lodestock.evidence.columns import REFERENCE, schema, tables, validate
from lodestock.evidence.merge import merge
from lodestock.evidence.snapshots import Snapshot, find_snapshots, read_sidecar, write_sidecar
from lodestock.evidence.store import Store, build, default_home


def _bytes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_every_table_of_the_store_keeps_to_its_schema(store: Store) -> None:
    assert set(store.tables) == set(tables())
    for table in store.tables:
        validate(store.table(table).collect(), table)


def test_a_second_build_elsewhere_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    build(tmp_path)
    again = Store.open(tmp_path)
    assert _bytes(again.folder) == _bytes(store.folder)
    assert again.folder.name == store.folder.name


def test_opening_again_does_not_build_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "build", lambda home: pytest.fail("built again"))
    assert Store.open(store.home).folder == store.folder


def test_a_failed_build_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Store.open(tmp_path)
    before = _bytes(first.folder)

    def broken(*_: object) -> None:
        raise DataError("the disk is full")

    monkeypatch.setattr(module, "write_table", broken)
    with pytest.raises(DataError):
        build(tmp_path)
    monkeypatch.undo()
    assert _bytes(Store.open(tmp_path).folder) == before
    assert [path.name for path in (tmp_path / "tables").iterdir()] == [first.folder.name]


def test_the_store_is_built_again_when_its_files_are_gone(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    shutil.rmtree(first.folder)
    assert Store.open(tmp_path).table("trade").select(pl.len()).collect().item() > 200_000


def test_status_and_snapshots_say_what_the_store_holds(store: Store) -> None:
    found = store.status()
    assert found.imported == 0
    assert found.tables["trade"] == store.table("trade").select(pl.len()).collect().item()
    snapshots = store.snapshots()
    assert snapshots.height == found.snapshots == len(find_snapshots(REFERENCE / "sources", imported=False))
    used = pl.concat([store.table(t).select("snapshot").unique().collect() for t in store.tables if t != "superseded"])
    assert set(used["snapshot"]) == set(snapshots["snapshot"])
    assert {source.id for source in store.sources()} >= set(snapshots["source"])


def test_an_unknown_table_offers_the_nearest(store: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        store.table("io_flows")
    assert caught.value.nearest[0] == "io_flow"


def test_the_home_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path / "here"))
    assert default_home() == tmp_path / "here"
    monkeypatch.delenv("LODESTOCK_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(module.sys, "platform", "linux")
    assert default_home() == tmp_path / "lodestock"


def _snapshot(name: str, vintage: str, *, imported: bool = False) -> Snapshot:
    return Snapshot(name, "s", "t", "p", "l", "a", "2026-01-01", vintage, "x", 1, "m", (), Path(name), imported)


def _trade(snapshot: str, rows: list[tuple[int, str, float]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"year": pl.Int16, "importer": pl.String, "value_kusd": pl.Float64}, orient="row")
    return frame.with_columns(
        hs_revision=pl.lit("HS92"), hs_code=pl.lit("280530"), exporter=pl.lit("CHN"), quantity_t=pl.lit(1.0),
        quantity_status=pl.lit("reported"), snapshot=pl.lit(snapshot),
        locator=pl.format("row {}", pl.int_range(pl.len())),
    ).select(schema("trade").names)  # fmt: skip


def test_the_newest_snapshot_supplies_a_whole_block_and_the_rest_stays() -> None:
    snapshots = {one.id: one for one in (_snapshot("old", "2025-01"), _snapshot("new", "2026-01"))}
    old = _trade("old", [(2020, "NLD", 1.0), (2020, "DEU", 2.0), (2021, "NLD", 3.0)])
    new = _trade("new", [(2020, "NLD", 10.0)])
    kept, passed = merge([new, old], schema("trade"), snapshots)
    # Germany in 2020 stood in the old release only: it is not mixed with the new one.
    assert kept.select("year", "importer", "value_kusd").rows() == [(2020, "NLD", 10.0), (2021, "NLD", 3.0)]
    assert passed.rows() == [("trade", "hs_revision=HS92; hs_code=280530; year=2020", "old", "new", 2)]


def test_an_older_release_does_not_replace_a_newer_one_but_is_listed() -> None:
    snapshots = {one.id: one for one in (_snapshot("shipped", "2026-01"), _snapshot("mine", "2024-01", imported=True))}
    kept, passed = merge(
        [_trade("shipped", [(2020, "NLD", 1.0)]), _trade("mine", [(2020, "NLD", 5.0), (1999, "NLD", 6.0)])],
        schema("trade"),
        snapshots,
    )
    assert kept.select("year", "snapshot").rows() == [(1999, "mine"), (2020, "shipped")]
    assert passed.select("snapshot", "by_snapshot", "rows").rows() == [("mine", "shipped", 1)]


def test_of_one_release_the_imported_file_goes_before_the_shipped_extract() -> None:
    ranks = [_snapshot("a", "2026-01", imported=True).rank, _snapshot("b", "2026-01").rank]
    assert ranks[0] > ranks[1]


def test_a_sidecar_that_describes_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a\n1\n")
    with pytest.raises(DataError, match="no sidecar"):
        read_sidecar(file, imported=True)
    shipped = find_snapshots(REFERENCE / "sources", imported=False)[0]
    write_sidecar(Snapshot(**{**{f: getattr(shipped, f) for f in Snapshot.__slots__}, "path": file}))
    with pytest.raises(DataError, match="not the file that its sidecar describes"):
        read_sidecar(file, imported=True)


# ---- what ships -----------------------------------------------------------------------------------------------------


def test_what_ships_is_small_and_says_nothing_of_a_machine() -> None:
    files = [path for path in (REFERENCE / "sources").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_500_000
    for path in files:
        if path.suffix in (".csv", ".yml"):
            assert not re.search(r"(^|[\s'\"])/(home|tmp|root|work)/", path.read_text(encoding="utf-8")), path.name


def test_missing_mass_of_the_source_is_missing_in_the_store(store: Store) -> None:
    """Row for row: what holds no mass in the extract holds none in the store, and nothing else does."""
    for table, pattern in (("trade", "pairs_*.parquet"), ("trade_nld_history", "netherlands_*.parquet")):
        files = sorted((REFERENCE / "sources" / "baci").glob(pattern))
        missing = sum(int(pl.read_parquet(file)["quantity_kg"].null_count()) for file in files)
        frame = store.table(table).collect()
        assert frame["quantity_t"].null_count() == missing > 0
        assert (frame["quantity_status"] == "missing").sum() == missing


def test_the_trade_codes_of_2024_have_one_revision_each(store: Store) -> None:
    codes = store.table("trade").group_by("hs_code", "year").agg(pl.col("hs_revision").n_unique()).collect()
    assert codes["hs_revision"].max() == 1


def test_namibia_is_not_lost(store: Store) -> None:
    frame = store.table("governance_latest").filter(pl.col("country") == "NAM").collect()
    assert frame["mean_of_six"].to_list() == [0.262]  # printed behind the code NA in the source
    years = store.table("governance").filter(pl.col("country") == "NAM").collect()
    assert years["estimate"].null_count() == 0
    assert years.height == 6 * years["year"].n_unique()


def test_countries_add_up_to_the_world_totals_of_the_usgs(store: Store) -> None:
    """The printed world totals are an independent sum, rounded: zeolites to one digit, the others to two or three."""
    made = store.table("production").group_by("commodity", "form_printed", "year").agg(pl.col("production_t").sum())
    world = store.table("world_total").filter(pl.col("kind") == "production", pl.col("quantity_t") > 0)
    both = made.join(world, on=["commodity", "form_printed", "year"]).collect()
    assert both.height > 140
    for row in both.to_dicts():
        printed = row["value_printed"].replace(",", "")
        zeros = len(printed) - len(printed.rstrip("0"))
        scale = row["quantity_t"] / float(printed)
        # Half a unit of the last printed digit, and the rounding of the countries themselves.
        allowed = max(0.5 * 10**zeros * scale, 0.05 * row["quantity_t"])
        assert abs(row["production_t"] - row["quantity_t"]) <= allowed, row


def test_codes_of_the_usgs_stay_without_a_number(store: Store) -> None:
    frame = store.table("production").filter(pl.col("commodity") == "germa").collect()
    assert frame["production_t"].null_count() == frame.height
    assert set(frame.filter(pl.col("country") == "USA")["production_status"]) == {"withheld"}


def test_conflicting_transcriptions_of_the_study_stand_side_by_side(store: Store) -> None:
    rule = (pl.col("measure") == "supply_risk") & (pl.col("stage") == "whole")
    frame = store.table("crm_result").filter(rule, pl.col("material") == "aluminium").collect()
    found = dict(zip(frame["transcription"], frame["value"], strict=True))
    assert found == {"results": 1.2, "annex 4": 1.1}
    baryte = store.table("crm_main_supplier").filter(
        pl.col("material") == "baryte", pl.col("scope") == "global", pl.col("rank") == 1
    )
    shares = dict(baryte.select("transcription", "share").collect().rows())
    assert shares == {"table a": 0.44, "annex 7": 0.315}


def test_the_study_lists_34_critical_materials_with_their_groups(store: Store) -> None:
    frame = store.table("crm_listing").filter(pl.col("critical")).collect()
    single = set(frame["material"]) - {"heavy-rare-earths", "light-rare-earths", "platinum-group-metals"}
    assert len(single) == 51  # 31 single materials, and the 20 members of the three groups that were assessed
    assert frame.height == 54


def test_shares_of_the_study_sum_as_the_source_does(store: Store) -> None:
    frame = store.table("crm_supply_share").filter(pl.col("scope") == "global").collect()
    sums = frame.group_by("material", "stage").agg(pl.col("share").sum())
    within = sums["share"].is_between(0.97, 1.03).sum()
    assert (sums.height, within) == (122, 112)  # as stated with the compiled figures


def test_the_input_output_table_balances_within_the_defect_of_its_source(store: Store) -> None:
    """Deliveries to all uses are the output; the whole millions of the full table leave 59,212 MUSD in all."""
    uses = (
        store.table("io_flow").group_by(region="from_region", industry="from_industry").agg(pl.col("value_musd").sum())
    )
    both = store.table("io_output").join(uses, on=["region", "industry"], how="left").collect()
    gap = both["value_musd"].fill_null(0.0) - both["output_musd"]
    assert both.height == 8 * 35
    assert gap.sum() == -59_212.0
    # The largest gap of the full table is 108 MUSD (its sidecar says so); a region of one country can have no larger.
    single = both["region"].is_in(["NLD", "BEL", "DEU", "FRA", "CHN", "USA"])
    assert gap.filter(single).abs().max() <= 108


def test_the_suspended_package_has_its_dates(store: Store) -> None:
    frame = store.table("control_measure").filter(pl.col("measure_id") == "cn-2025-57").collect()
    assert set(frame["material"]) == {"holmium", "erbium", "thulium", "europium", "ytterbium"}
    assert frame.select("suspended_from", "suspended_until", "suspended_by").unique().rows() == [
        ("2025-11-07", "2026-11-10", "MOFCOM Announcement 70 of 2025")
    ]
    april = store.table("control_measure").filter(pl.col("measure_id") == "cn-2025-18").collect()
    assert april["suspended_until"].null_count() == april.height
    assert {"ndfeb-magnets-dy-tb", "smco-magnets", "samarium", "terbium"} <= set(april["material"])


def test_press_figures_are_marked_as_press(store: Store) -> None:
    frame = store.table("magnet_export").collect()
    assert set(frame["mark"]) == {"press"}
    assert frame["flags"].str.contains("re-sourced").all()
    may = frame.filter(pl.col("period") == "2025-05", pl.col("destination") == "WLD")
    assert may["quantity_t"].to_list() == [1238.0]
    assert may["change_year"].to_list() == [-0.74]


def test_printed_words_about_licences_are_bounds_with_their_reading(store: Store) -> None:
    frame = store.table("licence_statistic").filter(pl.col("granted_printed") == "just over half").collect()
    assert frame.select("share_low", "share_high", "filed", "granted").rows() == [(0.5, 0.6, 2000, None)]
    assert "just over half" in frame["reading"][0]
