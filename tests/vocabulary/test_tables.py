"""The tables themselves: origins, marks, and that reading them stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lodestock.errors import DataError
from lodestock.vocabulary import _tables

TABLES = sorted(_tables.FOLDER.glob("*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_says_where_it_comes_from(path: Path) -> None:
    origin = yaml.safe_load(path.with_name(f"{path.name}.origin.yml").read_text(encoding="utf-8"))
    assert set(origin) == {
        "id", "title", "producer", "year", "licence", "address", "accessed", "made_from", "notes",
    }  # fmt: skip
    assert all(origin[key] for key in ("id", "title", "producer", "licence", "made_from"))
    assert _tables.rows(path.stem)


def test_every_origin_has_its_table() -> None:
    assert {p.name.removesuffix(".origin.yml") for p in _tables.FOLDER.glob("*.origin.yml")} == {p.name for p in TABLES}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,mark\nx,certain\n", "unknown mark"),
        ("name,mark\nx,seen,more\n", "too many or too few"),
        ("a,b\n1\n", "cells"),
    ],
)
def test_a_broken_table_is_refused(text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(_tables, "FOLDER", tmp_path)
    _tables.rows.cache_clear()
    with pytest.raises(DataError, match=message):
        _tables.rows("broken")
    _tables.rows.cache_clear()


def test_the_vocabulary_needs_no_table_library() -> None:
    # The command line imports it at start; numpy and Polars would cost more than all the rest.
    code = "import sys, lodestock.vocabulary; print(sorted({'numpy', 'polars', 'pydantic'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
