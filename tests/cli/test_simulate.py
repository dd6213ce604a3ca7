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
    for word in (
        "Class of the network",
        "chain",
        "Value of coordination",
        "To be checked",
        "left out",
        "2025-05",
        "Unknown:",
        "Price outside CHN",
    ):
        assert word in done.out
    assert "23 of 23 parts" in done.err and "s left" in done.err
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


def test_a_what_if_prints_its_class_and_what_is_unknown(cli: Run, tmp_path: Path) -> None:
    words = ("simulate", "example-gallium-germanium-licence", "--scenarios", "32", "--as-of", "2026-11-22")
    done = cli(*words, "--out", "sim", "--planner", "--lang", "en")
    assert done.code == 0, done.err
    for word in ("EXAMPLE", "Class of the network: shares only", "Unknown:", "Value of coordination", "Price outside"):
        assert word in done.out
    assert "22 of 22 parts" in done.err
    lost = pl.read_csv(tmp_path / "sim" / "simulate_lost.csv")
    assert set(lost["material"]) == {"gallium", "germanium"} and set(lost["class"]) == {"shares only"}
    shortage = pl.read_csv(tmp_path / "sim" / "simulate_shortage.csv")
    assert {"month", "country", "stage", "p05", "median", "p95", "standard_error"} <= set(shortage.columns)
    for entry in ("simulate.germanium.processing.eu27.lost", "simulate.gallium.coordination"):
        followed = cli("trace", "sim/manifest.json", entry, "--json")
        assert followed.code == 0 and followed.json["intact"], followed.out
    dutch = cli(*words)
    assert dutch.code == 0 and "VOORBEELD" in dutch.out and "alleen aandelen" in dutch.out


def test_a_what_if_with_faults_is_refused(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("schema: lodestock-network/1\nid: own\nmaterials: [gallium]\n", encoding="utf-8")
    cli("simulate", "own.yml").refused("own.yml, line", "is missing")
    cli("simulate", "example-copper-mine-outge").refused("unknown scenario", "example-copper-mine-outage")
