"""Every verb explains itself, and a wrong word is answered with the nearest right one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from lodestock.cli import VERBS as LISTED

Run = Callable[..., Any]
VERBS = ("data", "brief", "trace", "verify", "controls", "licence", "assess", "benchmarks", "watch", "io")
ALL = (
    *((verb,) for verb in VERBS),
    *(("data", verb) for verb in ("status", "build", "sources", "import", "tables", "show")),
    ("controls", "due"),
)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_verb_explains_itself(cli: Run, words: tuple[str, ...]) -> None:
    done = cli(*words, "--help")
    assert done.code == 0, done.err
    assert f"Usage: lodestock {' '.join(words)}" in done.out
    assert len(done.out.split()) > 30
    if words not in (("data",), ("controls",), ("licence",), ("io",)):  # these only hold verbs of their own
        assert "--json" in done.out


def test_version(cli: Run) -> None:
    from lodestock import __version__

    assert cli("--version").out.strip() == __version__


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("breif",), "brief"),
        (("data", "statsu"), "status"),
        (("brief", "china-heavy-rare-earths-2025", "--lnag", "nl"), "--lang"),
        (("trace",), "MANIFEST"),
        (("data", "show"), "TABLE"),
        (("data", "show", "trade", "--limit", "many"), "many"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_wrong_words_are_refused_with_the_nearest(cli: Run, words: tuple[str, ...], near: str) -> None:
    cli(*words).refused(near)


def test_refusal_as_json(cli: Run) -> None:
    done = cli("trace", "nowhere", "--json")
    assert done.code == 2
    assert done.err == ""
    fault = json.loads(done.out)["error"]
    assert fault["where"] == "nowhere"
    assert fault["why"]
    assert fault["mend"]


def test_root_help_says_what_each_verb_does() -> None:
    """Each verb that can be run has a line of its own, long enough to say something."""
    done = subprocess.run(
        [sys.executable, "-m", "lodestock.cli", "--help"], capture_output=True, text=True, check=False
    )
    listed = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert {verb for verb, _, _ in LISTED} == set(listed)
    assert all(len(words) >= 5 for words in listed.values())
