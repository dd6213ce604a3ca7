"""`lodestock measures` as people run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FLAGSHIP = "china-heavy-rare-earths-2025"


@pytest.mark.slow
def test_a_comparison_for_people_and_for_machines_with_its_note(cli: Run, tmp_path: Path) -> None:
    done = cli("measures", FLAGSHIP, "--budget", "20e6", "--draws", "64", "--scenarios", "200", "--out", "out")
    assert done.code == 0, done.err
    assert "houdt geen voorraad aan" in done.out and "niet te onderscheiden" in done.out
    assert "contant gemaakt" in "".join(done.out.splitlines()[:4]) and "lodestock stock" in done.out
    assert "; tussen modellen €" in done.out and "lezingen heen" not in done.out
    assert "vermeden schade per bestede euro" in done.out and "(mediaan) van de trekkingen" in done.out
    english = (tmp_path / "out" / "measures_note.en.html").read_text(encoding="utf-8")
    assert "holds none" in " ".join(english.split()) and "not distinguishable" in english
    told = cli("trace", "out/measures_note.manifest.json", "measures.plan.gain")
    assert told.code == 0 and "param.measures.recycling.lead" in told.out
    found = cli("measures", FLAGSHIP, "--draws", "20", "--scenarios", "50", "--lang", "en", "--json").json
    assert found["numbers"]["measures.plan.spent"]["value"] <= found["budget_meur"]
    assert [item["id"] for item in found["measures"]] == [
        "stock", "processing", "recycling", "second-source", "substitution",
    ]  # fmt: skip
    assert found["regret"]["least"] in found["regret"]["choices"]


def test_the_help_says_which_budget_is_meant(cli: Run) -> None:
    told = " ".join(cli("measures", "--help").out.split())
    assert "present value of all costs" in told and "what may be invested in the stock" in told


def test_bad_input_is_named(cli: Run) -> None:
    cli("measures", FLAGSHIP, "--budget", "-5").refused("budget")
    cli("measures", FLAGSHIP, "--for", "BEL").refused("BEL")
    cli("measures", "no-such-scenario").refused("no-such-scenario")
    cli("measures", FLAGSHIP, "--draws", "1").refused("draws")
