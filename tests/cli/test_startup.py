"""`lodestock --help` loads nothing heavy and no verb."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "polars", "scipy", "pydantic", "numba", "altair", "highspy", "yaml")
VERBS = ("data", "brief", "trace", "verify", "controls")


def modules_after(*words: str) -> set[str]:
    """The modules that are loaded when the command has answered."""
    code = (
        "import sys\n"
        "from lodestock.cli import main\n"
        f"sys.argv = ['lodestock', *{list(words)!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as stop:\n    assert stop.code == 0, stop.code\n"
        "print('\\n' + ' '.join(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), (), ("data", "--help"), ("brief", "--help")])
def test_help_loads_no_heavy_library(words: tuple[str, ...]) -> None:
    loaded = modules_after(*words)
    assert "lodestock.cli" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_root_help_loads_no_verb() -> None:
    assert not {f"lodestock.cli.{verb}" for verb in VERBS} & modules_after("--help")
