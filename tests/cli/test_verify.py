"""`lodestock verify`: a case of one's own passes or fails visibly, and what is no case is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
# by hand: a euro in each of two years at 25 % is worth 1/1.25 + 1/1.25² = 1.44 today
GOOD = """id: two-years
kind: annuity-factor
title: {nl: Twee jaar, en: Two years}
source: by hand
inputs:
  discount_rates: {values: [0.25], unit: 1/yr}
  years: 2 yr
expected:
  factor: [1.44]
tolerance: {absolute: 1e-12}
"""


def test_a_case_of_ones_own(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(GOOD, encoding="utf-8")
    done = cli("verify", "mine.yml")
    assert done.code == 0
    assert "Two years" in done.out
    assert "as expected" in done.out
    told = cli("verify", "mine.yml", "--json").json
    assert (told["passed"], told["cases"], told["failed"]) == (True, 1, 0)


def test_a_wrong_expected_value_fails_visibly(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(GOOD.replace("1.44", "1.45"), encoding="utf-8")
    done = cli("verify", "wrong.yml")
    assert done.code == 1
    assert "NOT as expected" in done.out
    assert "1.45" in done.out
    assert "1.44" in done.out
    assert cli("verify", "wrong.yml", "--json").json["failed"] == 1


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (GOOD.replace("annuity-factor", "anuity-factor"), ("anuity-factor", "annuity-factor", "line 2")),
        (GOOD.replace("2 yr", "2 kg"), ("kg", "line 7")),
        (GOOD + "id: again\n", ("id", "line 11")),
        ("<!DOCTYPE html><html></html>\n", ("bad.yml",)),
        ("", ("bad.yml",)),
    ],
    ids=["unknown kind", "wrong unit", "key twice", "web page", "empty"],
)
def test_what_is_no_case_is_refused(cli: Run, tmp_path: Path, content: str, parts: tuple[str, ...]) -> None:
    (tmp_path / "bad.yml").write_text(content, encoding="utf-8")
    cli("verify", "bad.yml").refused("bad.yml", *parts)


def test_no_file_and_a_folder(cli: Run, tmp_path: Path) -> None:
    cli("verify", "gone.yml").refused("gone.yml")
    cli("verify", tmp_path).refused(str(tmp_path))
