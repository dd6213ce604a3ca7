"""Files that users hand over: good ones replace or extend, bad ones are refused in words and change nothing."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import provider_examples as made
import pytest

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence import imports as module
from lodestock.evidence.imports import import_file, remove_import
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store

HEAD = "t,i,j,k,v,q"
GOOD = "2024,156,528,850511,100.5,12.25"
DAY = datetime.date(2026, 11, 21)


def _state(home: Path) -> dict[str, str]:
    """Every file under the home with its digest."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _text(text: str, name: str = "BACI_HS22_Y2024_V202601.csv", encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _annex(row: str) -> Callable[[Path], Path]:
    return _text(f"material,stage,country,share,trade_parameter\n{row}\n", name="global.csv")


def _folder(folder: Path) -> Path:
    (folder / "BACI").mkdir()
    return folder / "BACI"


def _shipped_in_kilograms(folder: Path) -> Path:
    """Real magnitudes of the shipped figures, with the mass in kilograms."""
    rows = [HEAD, "2024,156,276,850511,201000,14200000", "2024,156,410,850511,120000,8000000"]
    rows += ["2024,156,842,850511,230000,7500000", "2024,156,528,850511,47000,3187438"]
    return made.baci(folder, rows)


REFUSALS: list[tuple[str, str, Callable[[Path], Path], tuple[str, ...]]] = [
    ("short last row", "baci", _text(f"{HEAD}\n{GOOD}\n2024,156,5"), ("is cut off", "row 3", "3 of 6 cells")),
    ("short last row with line end", "baci", _text(f"{HEAD}\n{GOOD}\n2024,156,5\n"), ("is cut off", "row 3")),
    ("short row inside", "baci", _text(f"{HEAD}\n2024,156\n{GOOD}\n"), ("not a regular table", "row 2")),
    ("long row", "baci", _text(f"{HEAD}\n{GOOD},9\n"), ("not a regular table",)),
    ("UTF-16", "baci", _text(f"{HEAD}\n{GOOD}\n", encoding="utf-16"), ("UTF-16", "save it as UTF-8")),
    ("Latin-1", "baci", _text(f"{HEAD}\n{GOOD}\n2024,Türkiye,528,850511,1,1\n", encoding="latin-1"), ("row 3", "0xfc")),
    ("HTML", "baci", _text("<!DOCTYPE html>\n<html><body>Log in</body></html>"), ("web page", "row 1")),
    ("a row twice", "baci", _text(f"{HEAD}\n{GOOD}\n{GOOD}\n"), ("more than once", "row 2, row 3", "keep one row")),
    ("kilograms", "baci", _shipped_in_kilograms, ("does not seem to be in t", "4 matching groups", "kilograms")),
    ("empty", "baci", _text(""), ("is empty", "0 bytes")),
    ("blank lines", "baci", _text("\n\n  \n"), ("is empty",)),
    ("header only", "baci", _text(f"{HEAD}\n"), ("no product that is watched",)),
    ("unknown country", "baci", _text(f"{HEAD}\n2024,156,5288,850511,1,1\n"), ("'5288'", "row 2, column j")),
    ("country is no number", "baci", _text(f"{HEAD}\n2024,156,NL,850511,1,1\n"), ("'NL'", "row 2, column j")),
    ("unknown code", "baci", _text(f"{HEAD}\n2024,156,528,85O511,1,1\n"), ("'85O511'", "row 2, column k")),
    ("negative mass", "baci", _text(f"{HEAD}\n{GOOD}\n2024,156,276,850511,1,-1\n"), ("'quantity_t'", "row 3", "0 t")),
    ("mass is no number", "baci", _text(f"{HEAD}\n2024,156,528,850511,1,many\n"), ("'many'", "row 2, column q")),
    ("missing column", "baci", _text("t,i,j,k,v,q_kg\n2024,156,528,850511,1,1\n"), ("'q' (nearest:", "row 1")),
    ("no year in the name", "baci", _text(f"{HEAD}\n{GOOD}\n", name="trade.csv"), ("which revision", "BACI_HS22")),
    ("absent", "baci", lambda folder: folder / "nothing.csv", ("no such file",)),
    ("a folder", "baci", _folder, ("is a folder", "one file")),
    ("no workbook", "wiod", _text("PK but no workbook", name="wiot11_row.xlsx"), ("not a workbook",)),
    ("broken workbook", "wiod", _text("PK\x03\x04 cut", name="wiot11_row.xlsx"), ("cannot be read as a workbook",)),
    ("unknown material", "ec_crm_2023", _annex("Unobtainium,P,China,1%,1"), ("'Unobtainium'", "row 2")),
    ("unknown country name", "ec_crm_2023", _annex("Gallium,P,Chinna,1%,1"), ("'Chinna'", "row 2", "China")),
    ("share is no percentage", "ec_crm_2023", _annex("Gallium,P,China,1,1"), ("'1' is no percentage", "row 2")),
    ("salient file with a world table", "usgs_mcs", _text("Source,Country,Type,Prod_t_2022\nMCS2024,China,Mine,1\n",
     name="mcs2024-cobal_salient.csv"), ("no table of salient statistics", "hold the world table")),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("imports")
    Store.open(home)
    return home


@pytest.mark.parametrize(
    ("source", "make", "said"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_a_bad_file_is_refused_with_its_place_and_changes_nothing(
    source: str, make: Callable[[Path], Path], said: tuple[str, ...], shared_home: Path, tmp_path: Path
) -> None:
    file = make(tmp_path)
    before = _state(shared_home)
    with pytest.raises(InputError) as caught:
        import_file(shared_home, source, file)
    message = str(caught.value)
    assert str(file) in message
    assert caught.value.mend
    for part in said:
        assert part in message
    assert _state(shared_home) == before


def test_an_unknown_source_is_refused_with_the_nearest(shared_home: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        import_file(shared_home, "baci2", made.baci(tmp_path))
    assert caught.value.nearest == ["baci"]


def test_a_build_that_fails_takes_the_file_out_again(
    shared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _state(shared_home)

    def broken(_: Path) -> None:
        raise LodestockError("no space left")

    monkeypatch.setattr(module, "build", broken)
    with pytest.raises(LodestockError, match="no space left"):
        import_file(shared_home, "baci", made.baci(tmp_path))
    assert _state(shared_home) == before
    monkeypatch.undo()
    assert Store.open(shared_home).status().imported == 0


@pytest.mark.slow
def test_every_official_layout_can_be_imported_beside_the_others_and_taken_out_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = Store.open(home).status()
    reports = []
    for source, makers in made.OFFICIAL.items():
        for make in makers:
            report = import_file(home, source, make(tmp_path), today=DAY)
            assert report.source == source
            assert sum(report.tables.values()) + report.unused > 0, source
            reports.append(report)
    store = Store.open(home)
    assert store.status().imported == len(reports)
    kept = store.snapshots().filter(pl.col("imported"))
    assert set(kept["snapshot"]) == {report.snapshot for report in reports}
    assert set(kept["accessed"]) == {"2026-11-21"}
    for report in reports[1:]:  # all but one at once, as a user might delete the folders; the last one by its name
        shutil.rmtree(home / "imports" / report.source / report.snapshot)
    remove_import(home, reports[0].snapshot)
    assert Store.open(home).status() == before


def test_an_imported_year_replaces_whole_blocks_and_counts_nothing_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    rows = (HEAD, "2024,156,528,280530,500.0,50.0", "2025,0,0,0,0,0")
    file = made.baci(tmp_path, rows[:2], name="BACI_HS92_Y2024_V202701.csv")
    where = {"hs_code": "280530", "year": 2024, "hs_revision": "HS92"}
    before, record = read_rows(Store.open(home), "trade", where, "value_kusd")
    assert before is not None
    assert record.count > 100
    report = import_file(home, "baci", file, today=DAY)
    assert report.tables == {"trade": 1}
    assert report.superseded == 1
    store = Store.open(home)
    after, now = read_rows(store, "trade", where, "value_kusd")
    assert (after, now.count, now.snapshots) == (500.0, 1, (report.snapshot,))
    assert store.superseded()["rows"].to_list() == [record.count]
    assert store.snapshots().filter(pl.col("snapshot") == report.snapshot)["vintage"].to_list() == ["2027-01"]
    # The year before is untouched, and the same file again changes nothing.
    _, other = read_rows(store, "trade", {**where, "year": 2023}, "value_kusd")
    assert other.snapshots == ("baci-hs92-2020-2024",)
    again = import_file(home, "baci", file, today=DAY)
    assert again.already
    assert Store.open(home).folder == store.folder


def test_another_revision_of_a_code_is_never_added_to_the_one_that_ships(tmp_path: Path) -> None:
    home = tmp_path / "home"
    import_file(home, "baci", made.baci(tmp_path), today=DAY)
    store = Store.open(home)
    where = {"hs_code": "850511", "year": 2024, "importer": "NLD"}
    with pytest.raises(LodestockError, match="differ in 'hs_revision'"):
        read_rows(store, "trade", where, "quantity_t")
    value, rows = read_rows(store, "trade", {**where, "hs_revision": "HS2012+"}, "quantity_t")
    assert value == pytest.approx(3992.284, abs=0.0005)
    fresh, rows = read_rows(store, "trade", {**where, "hs_revision": "HS2022"}, "quantity_t")
    assert (fresh, rows.count, rows.missing) == (13.75, 3, 1)


def test_an_old_release_is_kept_aside(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = made.baci(tmp_path, (HEAD, "2020,156,528,280530,5.0,1.0"), name="BACI_HS92_Y2020_V202201.csv")
    report = import_file(home, "baci", file, today=DAY)
    assert (report.tables, report.superseded, report.unused) == ({}, 0, 1)


def test_a_build_with_an_import_gives_the_same_bytes_again(tmp_path: Path) -> None:
    file = made.baci(tmp_path)
    states = []
    for name in ("one", "two"):
        import_file(tmp_path / name, "baci", file, today=DAY)
        store = Store.open(tmp_path / name)
        states.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in store.folder.iterdir()})
    assert states[0] == states[1]


def test_only_an_import_can_be_taken_out(shared_home: Path) -> None:
    with pytest.raises(InputError, match="no imported snapshot"):
        remove_import(shared_home, "baci-hs6-2024")
