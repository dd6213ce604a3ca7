"""`lodestock data`: what the store holds, and that a bad file leaves it as it was."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Run = Callable[..., Any]


def _load_example() -> ModuleType:
    """The module beside this file; tests are no package."""
    spec = importlib.util.spec_from_file_location("baci_example", Path(__file__).with_name("baci_example.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load_example()


def contents(home: Path) -> dict[str, str]:
    """Digest of every file under a home, by its path."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def home(store_home: Path, tmp_path: Path) -> Path:
    """A store of one's own, to import into."""
    return shutil.copytree(store_home, tmp_path / "home")


def test_status_of_a_built_store(cli: Run, store_home: Path) -> None:
    told = cli("data", "status", "--json").json
    assert told["state"] == "up to date"
    assert told["home"] == str(store_home)
    assert told["tables"]["trade"] > 200_000
    assert told["rows"] == sum(told["tables"].values())
    text = cli("data", "status").out
    assert str(store_home) in text
    assert f"{told['rows']:,} rows" in text


def test_status_does_not_build(cli: Run, tmp_path: Path) -> None:
    empty = tmp_path / "nothing"
    done = cli("data", "status", "--json", home=empty)
    assert (done.code, done.json["state"]) == (0, "not built")
    assert not empty.exists()


def test_build_and_build_again_gives_the_same_bytes(cli: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    first = cli("data", "build", "--json", home=fresh).json
    before = contents(fresh)
    second = cli("data", "build", home=fresh)
    assert contents(fresh) == before
    assert f"built {len(first['tables'])} tables" in second.out
    assert first["fingerprint"] in second.out


def test_a_home_that_cannot_be_written(cli: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    cli("data", "build", home=blocked / "home").refused(str(blocked), "LODESTOCK_HOME")


def test_sources_name_producer_licence_and_layout(cli: Run) -> None:
    listed = {item["id"]: item for item in cli("data", "sources", "--json").json["sources"]}
    assert {"baci", "wiod", "wgi", "ec_crm_2023", "policy"} <= set(listed)
    for item in listed.values():
        assert item["producer"]
        assert item["licence"]
        assert item["tables"]
    text = cli("data", "sources").out
    assert "baci: " in text
    assert "CEPII" in text


def test_every_table_and_its_columns(cli: Run) -> None:
    names = [row["table"] for row in cli("data", "tables", "--json").json["tables"]]
    assert "trade" in names
    columns = {c["column"]: c for c in cli("data", "tables", "trade", "--json").json["columns"]}
    assert columns["quantity_t"]["unit"] == "t"
    assert columns["quantity_t"]["may_be_absent"]
    assert columns["hs_code"]["key"]


def test_show_prints_what_the_source_says(cli: Run) -> None:
    # CEPII BACI 202601: China to the Netherlands, 850511, 2024: 3,187 t (DATA.md, read in the provider's file)
    rules = [w for rule in ("hs_code=850511", "importer=NLD", "exporter=CHN", "year=2024") for w in ("--where", rule)]
    told = cli("data", "show", "trade", *rules, "--json").json
    assert told["matching"] == 1
    assert round(told["rows"][0]["quantity_t"]) == 3187
    assert told["rows"][0]["locator"].startswith("row ")
    text = cli("data", "show", "trade", "--where", "hs_code=850511", "--limit", "2").out
    assert len(text.splitlines()) == 5
    assert "more (--limit)" in text


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("show", "trad"), ("trad", "trade")),
        (("show", "trade", "--where", "hs_cod=1"), ("hs_cod", "hs_code")),
        (("show", "trade", "--where", "hs_code"), ("column=value",)),
        (("show", "trade", "--where", "year=recent"), ("recent", "whole numbers")),
        (("show", "trade", "--limit", "0"), ("--limit",)),
        (("tables", "trad"), ("trad", "trade")),
        (("remove", "baci-hs6-2024"), ("baci-hs6-2024", "no imported snapshot")),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_words(cli: Run, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    cli("data", *words).refused(*parts)


def test_import_counts_and_can_be_undone(cli: Run, home: Path, tmp_path: Path) -> None:
    file = example.write(tmp_path)
    status = cli("data", "status", "--json", home=home).json
    before = contents(home / "tables" / status["fingerprint"])
    told = cli("data", "import", "baci", file, "--json", home=home).json
    assert told["tables"] == {"trade": len(example.FLOWS)}
    found = cli("data", "show", "trade", "--where", f"snapshot={told['snapshot']}", "--json", home=home).json
    assert {row["locator"] for row in found["rows"]} == {f"row {n}" for n in range(2, 2 + len(example.FLOWS))}
    china = next(r for r in found["rows"] if (r["exporter"], r["importer"], r["hs_code"]) == ("CHN", "NLD", "850511"))
    assert (china["year"], china["quantity_t"], china["value_kusd"]) == (2025, 3300.25, 51000.5)
    again = cli("data", "import", "baci", file, home=home)
    assert again.code == 0
    assert "nothing was done" in again.out
    assert cli("data", "remove", told["snapshot"], home=home).code == 0
    assert cli("data", "status", "--json", home=home).json == status
    assert contents(home / "tables" / status["fingerprint"]) == before


GOOD = "\n".join(example.lines()) + "\n"


def changed(old: str, new: str) -> bytes:
    """The good file with one thing changed."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new).encode()


BAD: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "truncated": (example.NAME, GOOD[:-10].encode(), ("cut off", "row 8")),
    "web page": (example.NAME, b"<!DOCTYPE html>\n<html><body>Log in</body></html>\n", ("web page", "row 1")),
    "utf-16": (example.NAME, GOOD.encode("utf-16"), ("UTF-16", "UTF-8")),
    "row twice": (example.NAME, (GOOD + example.lines()[1] + "\n").encode(), ("more than once", "row 2", "row 9")),
    "kilograms": (example.NAME, "\n".join(example.lines(factor=1000)).encode(), ("quantity_t", "kilograms")),
    "empty": (example.NAME, b"", ("empty",)),
    "unknown country": (example.NAME, changed("2025,156,276", "2025,156,997"), ("997", "row 3")),
    "lacking column": (example.NAME, changed("k,v,q", "k,v,qty"), ("'q'", "row 1")),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_and_the_store_stays(cli: Run, home: Path, tmp_path: Path, case: str) -> None:
    name, content, parts = BAD[case]
    file = tmp_path / name
    file.write_bytes(content)
    before = contents(home)
    cli("data", "import", "baci", file, home=home).refused(name, *parts)
    assert contents(home) == before


def test_no_file_a_folder_and_an_unknown_source(cli: Run, home: Path, tmp_path: Path) -> None:
    before = contents(home)
    cli("data", "import", "baci", tmp_path / "gone.csv", home=home).refused("gone.csv", "no such file")
    cli("data", "import", "baci", tmp_path, home=home).refused(str(tmp_path), "folder")
    cli("data", "import", "bacci", example.write(tmp_path), home=home).refused("bacci", "baci")
    done = cli("data", "import", "baci", tmp_path / "gone.csv", "--json", home=home)
    assert (done.code, done.err) == (2, "")
    assert "gone.csv" in done.json["error"]["where"]
    assert contents(home) == before
