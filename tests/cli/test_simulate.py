"""`lodestock simulate` as people run it: what is printed, kept, taken up again and refused."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import polars as pl
import pytest

from .conftest import COMMAND, Run

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
    for word in (
        "EXAMPLE", "Class of the network: shares only", "competing buyers outside the EU are left out", "Unknown:",
        "Value of coordination: cannot be told, because other buyers are not in the figures", "Price outside",
    ):  # fmt: skip
        assert word in done.out
    assert "WORLD   " not in done.out  # the EU's use is all that is followed: it is not the world's
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


def test_values_per_tonne_reach_the_planner_and_the_ledger(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_text("sector,keur_per_t,use_t_per_yr\nC27,90,10\nC28,20,30\n", encoding="utf-8")
    words = ("simulate", "example-copper-mine-outage", "--scenarios", "8", "--values", "values.csv")
    done = cli(*words, "--planner", "--lang", "en", "--out", "sim")
    assert done.code == 0, done.err
    assert "By value (k€)" in done.out
    followed = cli("trace", "sim/manifest.json", "simulate.copper.coordination")
    assert followed.code == 0 and "loss per tonne, 25.0% of use" in followed.out
    cli(*words).refused("values are for the planner", "--planner")


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished(cli: Run, tmp_path: Path, store_home: Path) -> None:
    words = ["simulate", "example-gallium-germanium-licence", "--scenarios", "8000", "--planner", "--out", "sim"]
    process = subprocess.Popen(
        [str(COMMAND), *words], cwd=tmp_path, env=os.environ | {"LODESTOCK_HOME": str(store_home)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if re.match(r"[2-9] of 22", line):
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate()
    assert process.returncode == 2 and "the run was stopped" in rest and "--resume" in rest
    kept = len(list((tmp_path / "sim" / "parts").glob("*.npz")))
    assert 2 <= kept < 22
    again = cli(*words, "--resume")
    assert again.code == 0 and f"{kept} of 22 parts" in again.err.splitlines()[0]


def test_a_what_if_with_faults_is_refused(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("schema: lodestock-network/1\nid: own\nmaterials: [gallium]\n", encoding="utf-8")
    cli("simulate", "own.yml").refused("own.yml, line", "is missing")
    cli("simulate", "example-copper-mine-outge").refused("unknown scenario", "example-copper-mine-outage")
