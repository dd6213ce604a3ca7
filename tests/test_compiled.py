"""Compiled code is kept apart for each state of its sources, and loops made in different processes work together."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lodestock
from lodestock.compiled import kept_in, sources_hash

BENEFIT = """
import numpy as np
from lodestock.stock.benefit import benefit_curves
short = np.random.default_rng(1).random((2, 500)) * 100
steps = np.array([[10.0, 20.0, 30.0]] * 2)
print(benefit_curves(short, steps, steps, np.linspace(0.0, 100.0, 11)).cvar.sum().hex())
"""
COALITION = """
import numpy as np
from lodestock.stock.coalition import stock_game
draw = np.random.default_rng(2)
print(float(stock_game("abcd", draw.random((30, 4)), np.full(30, 1 / 30), draw.random(4), 0.01).cost.sum()).hex())
"""


def run(code: str, kept: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "NUMBA_CACHE_DIR": str(kept)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.slow
def test_code_from_different_processes_works_together(tmp_path: Path) -> None:
    """With sorting of two kinds in compiled loops, the third process of this test died."""
    benefit, game = run(BENEFIT, tmp_path), run(COALITION, tmp_path)
    assert run(BENEFIT + COALITION, tmp_path) == benefit + game
    assert run(COALITION + BENEFIT, tmp_path) == game + benefit


def test_no_compiled_loop_sorts_but_by_argsort() -> None:
    banned = {"sort", "sorted", "median", "nanmedian", "percentile", "quantile", "unique", "partition", "argpartition"}
    loops = 0
    for file in Path(lodestock.__file__).parent.rglob("*.py"):
        text = file.read_text()
        for found in ast.walk(ast.parse(text)) if "@kernel" in text else ():
            if isinstance(found, ast.FunctionDef) and any("kernel(" in ast.unparse(d) for d in found.decorator_list):
                loops += 1
                called = {ast.unparse(one.func).split(".")[-1] for one in ast.walk(found) if isinstance(one, ast.Call)}
                assert not called & banned, f"{file.name}: {found.name}"
    assert loops > 50


def test_every_compiled_loop_is_a_kernel() -> None:
    """`njit(cache=True)` keeps code by the file alone, so that a change in a neighbour goes unseen."""
    for file in Path(lodestock.__file__).parent.rglob("*.py"):
        assert file.name == "compiled.py" or "njit" not in file.read_text(), file


def test_a_change_in_a_neighbour_begins_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    (tmp_path / "loop.py").write_text("A = 1\n")
    (tmp_path / "types.py").write_text("DUST = 1e-12\n")
    first, before = kept_in.__wrapped__(tmp_path), sources_hash(tmp_path)
    assert first is not None and first.is_dir() and before in first.name
    assert kept_in.__wrapped__(tmp_path) == first
    (tmp_path / "types.py").write_text("DUST = 1e-9\n")
    second = kept_in.__wrapped__(tmp_path)
    assert second is not None and second != first and not first.exists()


def test_another_place_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "here"))
    folder = kept_in.__wrapped__(tmp_path)
    assert folder is not None and folder.parent == tmp_path / "here"


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert kept_in.__wrapped__(tmp_path) is None
