"""`lodestock simulate` as people run it: what is printed, kept, taken up again and refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from .conftest import Run

FLAGSHIP = "china-heavy-rare-earths-2025"


def test_the_flagship_with_planner_tables_and_resume(cli: Run, tmp_path: Path) -> None:
    words = ("simulate", FLAGSHIP, "--scenarios", "16", "--out", "sim", "--as-of", "2026-11-21")
    done = cli(*words, "--planner", "--lang", "en")
    assert done.code == 0, done.err
    for word in ("Class of the network", "chain", "Value of coordination", "To be checked", "left out", "2025-05"):
        assert word in done.out
    assert "14 of 14 parts" in done.err and "s left" in done.err
    assert "Note: this order is broken" not in done.out
    lost = pl.read_csv(tmp_path / "sim" / "simulate_lost.csv")
    assert lost.filter((lost["country"] == "NLD") & (lost["stage"] == "magnets"))["served_share"].is_between(0, 1).all()
    followed = cli("trace", "sim/manifest.json", "simulate.magnets.nld.lost", "--json")
    assert followed.code == 0 and followed.json["intact"]
    cli(*words).refused("already holds an ensemble", "--resume")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--scenarios", "0"), ("0 scenarios cannot be run", "from 1 to")),
        (("--workers", "0"), ("0 workers",)),
        (("--cluster", "10.0.0.1"), ("not the address of a scheduler", "tcp://")),
        (("--cluster", "tcp://10.0.0.1:8786", "--workers", "2"), ("workers or a cluster",)),
        (("--resume",), ("nothing to resume", "--out")),
        (("--lang", "de"), ("unknown language",)),
    ],
)
def test_what_is_not_understood_is_said(cli: Run, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    cli("simulate", FLAGSHIP, *words).refused(*parts)
