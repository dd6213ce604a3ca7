"""`lodestock processing` as people run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
EXAMPLE = "example-magnet-recycling"


@pytest.mark.parametrize(("lang", "said"), [("nl", "kostprijs over de levensduur"), ("en", "levelised cost")])
def test_it_speaks_both_languages_and_says_that_it_is_an_example(cli: Run, lang: str, said: str) -> None:
    done = cli("processing", EXAMPLE, "--lang", lang)
    assert done.code == 0, done.err
    assert said in done.out and ("VOORBEELD" if lang == "nl" else "EXAMPLE") in done.out


def test_the_numbers_can_be_followed_back(cli: Run, tmp_path: Path) -> None:
    found = cli("processing", EXAMPLE, "--json", "--out", "out").json
    number = found["numbers"]["processing.levelised"]
    assert found["example"] is True
    assert number["low"] < number["value"] < number["high"] and number["mark"] == "prior"
    told = cli("trace", "out/processing.manifest.json", "processing.levelised")
    assert told.code == 0 and "param.processing.feed_price" in told.out
    assert (tmp_path / "out" / "tornado.csv").stat().st_size > 100


def test_bad_input_is_named(cli: Run, tmp_path: Path) -> None:
    cli("processing", "none.yml").refused("cannot read")
    cli("processing", "plant").refused("not a processing file")
    (tmp_path / "bad.yml").write_text("schema: lodestock-processing/1\n", encoding="utf-8")
    cli("processing", "bad.yml").refused("parameters")


def test_a_folder_that_cannot_be_written_is_refused_and_an_instrument_has_its_name(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    cli("processing", EXAMPLE, "--out", "taken").refused("needs a folder", "taken")
    told = cli("processing", EXAMPLE)
    assert "\n  prijsverschilcontract: " in told.out and "\n  cfd:" not in told.out
