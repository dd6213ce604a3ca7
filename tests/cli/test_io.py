"""`lodestock io`: a bad import can be taken out, what a table lacks is said, and an own table finds its way in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lodestock.economy.library import in_use, names, remove
from lodestock.errors import UnknownNameError

Run = Callable[..., Any]
HEAD = "icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue"


def write_small(folder: Path, codes: tuple[str, ...], factor: float = 1.0) -> Path:
    """A made-up table of one country in FIGARO's columns: each industry sells 1 to each and 10 to households."""
    cells = [(f"NL_{a}", "NL", a, b, 1.0) for a in codes for b in codes]
    cells += [(f"NL_{a}", "NL", a, "P3_S14", 10.0) for a in codes]
    cells += [(f"W2_{k}", "W2", k, b, v) for k, v in (("D1", 6.0), ("D29X39", 1.0), ("B2A3G", 3.0)) for b in codes]
    path = folder / "mine_2023.csv"
    lines = [f"{row},NL_{to},{area},{code},NL,{to},{value * factor!r}" for row, area, code, to, value in cells]
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, store_home: Path) -> Path:
    """A data folder of its own on the shared store, so that no other test sees its tables."""
    own = tmp_path / "home"
    own.mkdir()
    (own / "tables").symlink_to(store_home / "tables")
    (own / "CURRENT").write_text((store_home / "CURRENT").read_text())
    return own


def test_a_bad_import_is_told_apart_warned_of_and_taken_out(cli: Run, tmp_path: Path, home: Path) -> None:
    first = cli("io", "import", "figaro", write_small(tmp_path, ("C26", "C27", "C28", "C29", "C30")), home=home)
    assert first.code == 0 and "NOTE" not in first.out, first.err  # it has all that the scenarios need
    done = cli("io", "import", "figaro", write_small(tmp_path, ("C26", "C27"), 2.0), "--use", home=home)
    assert "no industry for C28, C29, C30;" in done.out and "go back: lodestock io use wiod-2011" in done.out
    dutch = cli("io", "list", "--lang", "nl", home=home).out.splitlines()
    assert dutch[0].split()[-4:] == ["waarde", "bewaard", "op", "bron"]
    own = {tuple(line.replace("*", " ").split()[1:4]) for line in dutch[3:-1]}
    assert own == {("2023", "MEUR", "50"), ("2023", "MEUR", "40")}  # one file name, two tables
    used = in_use(home)
    kept = next(name for name in names(home)[1:] if name != used)
    assert "geen bedrijfstak voor C28, C29, C30;" in cli("io", "use", used, "--lang", "nl", home=home).out
    removed = cli("io", "remove", used, "--lang", "nl", home=home)
    assert removed.code == 0 and f"{used} verwijderd" in removed.out and "vanaf nu geldt wiod-2011" in removed.out
    assert in_use(home) == "wiod-2011"
    assert remove(home, kept) is False and names(home) == ("wiod-2011",)
    assert sorted(path.name for path in (home / "io").iterdir()) == []
    with pytest.raises(UnknownNameError, match=f"unknown input-output table '{kept}'"):
        remove(home, kept)
    cli("io", "remove", "wiod-2011", home=home).refused("ships with Lodestock and cannot be removed")


def test_an_own_table_is_not_sent_to_another_provider(cli: Run, tmp_path: Path, home: Path) -> None:
    asked = cli("io", "import", "csv", "mine.csv", home=home)
    asked.refused("unknown provider 'csv'", "figaro, exiobase, cbs, wiod", "import-own-table.md")
    assert "did you mean" not in asked.err


def test_an_extraction_is_traced_to_the_imported_table_and_not_without_it(cli: Run, tmp_path: Path, home: Path) -> None:
    assert cli("io", "import", "figaro", write_small(tmp_path, ("C26", "C27")), "--use", home=home).code == 0
    done = cli("impact", "--extract", "C26", "--out", "out", "--json", home=home)
    assert done.code == 0, done.err
    key = "extract.nl.NL.C26.total" if "extract.nl.NL.C26.total" in done.out else "extract.nl.NLD.C26.total"
    fine = cli("trace", "out", key, home=home)
    assert fine.code == 0 and "read again: agrees" in fine.out and "imported table figaro-2023-" in fine.out
    name = next(path for path in (home / "io").iterdir() if path.is_dir())
    name.rename(tmp_path / "elsewhere")
    assert f"in use was {name.name}, but that table is gone" in cli("io", "list", home=home).out
    cli("io", "show", home=home).refused("the input-output table in use is gone", "lodestock io use wiod-2011")
    gone = cli("trace", "out", key, home=home)
    assert gone.code == 1 and f"the table {name.name} is not in" in gone.out and "import the same file" in gone.out
    assert gone.out.endswith("THE CHAIN IS BROKEN: see above\n")
    unread = cli("trace", "out", key, "--no-check", home=home)
    assert unread.code == 0 and "NOT read again" in unread.out and "the chain is intact" not in unread.out
