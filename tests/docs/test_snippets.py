"""What the documentation shows is run: `$ ` commands in console blocks, and Python blocks.

A console block may show output after a command: each line must appear, in order, in what it prints; `…` in a
line stands for any text, and a line that is only `…` for any lines. A fence
`console no-run` is not run. A fence `LANGUAGE file=NAME` is written to the folder first, so that a page can show a file
and then use it. Commands run in the order of the page, in a folder of the page's own.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted([ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)])


RUN = ("lodestock", "cp", "sed")
LONG = {
    "docs/tutorial/stock.md", "docs/how-to/compare-three-holders.md", "docs/how-to/compare-measures.md",
    "docs/how-to/write-a-scenario.md", "docs/how-to/add-a-control-measure.md",
    "docs/how-to/use-your-own-licence-cases.md", "docs/how-to/trace-a-number.md",
}  # fmt: skip  # pages whose commands compute for more than ten seconds: run by `make test-all`


def fences(page: Path) -> list[tuple[str, str, str]]:
    """Language, rest of the opening line, body."""
    return FENCE.findall(page.read_text(encoding="utf-8"))


def blocks(page: Path, language: str) -> Iterator[str]:
    for name, rest, body in fences(page):
        if name == language and "no-run" not in rest:
            yield body


def write_files(page: Path, folder: Path) -> None:
    """Write the files that the page shows."""
    for _, rest, body in fences(page):
        for word in rest.split():
            if word.startswith("file="):
                (folder / word.removeprefix("file=")).write_text(body, encoding="utf-8")


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    command, shown = "", list[str]()
    for line in body.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        elif line.strip():
            shown.append(line)
    if command:
        yield command, shown


def appears(shown: list[str], output: str) -> str | None:
    """The first shown line that does not appear in order, or None."""
    position = 0
    lines = output.splitlines()
    for line in shown:
        if line.strip() == "…":
            continue
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in line.split("…")))
        while position < len(lines) and not pattern.search(lines[position]):
            position += 1
        if position == len(lines):
            return line
        position += 1
    return None


def _pages(language: str) -> Iterator[Any]:
    """The pages with such blocks; those with long console commands are marked slow."""
    for page in PAGES:
        name = str(page.relative_to(ROOT))
        if any(blocks(page, language)):
            slow = language == "console" and name in LONG
            yield pytest.param(page, id=name, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("page", list(_pages("console")))
def test_console_blocks(page: Path, tmp_path: Path, store_home: Path) -> None:
    scripts = str(Path(sys.executable).parent)
    env = os.environ | {"LODESTOCK_HOME": str(store_home), "PATH": f"{scripts}:{os.environ['PATH']}", "COLUMNS": "200"}
    write_files(page, tmp_path)
    for body in blocks(page, "console"):
        for command, shown in commands(body):
            if shlex.split(command)[0] not in RUN:
                continue
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
            )
            text = done.stdout + done.stderr
            refused = any(line.startswith("lodestock: ") for line in shown)
            assert done.returncode in ((1, 2) if refused else (0,)), f"{command}\n{text}"
            lacking = appears(shown, text)
            assert lacking is None, f"{command}\nshown in {page.name} but not printed: {lacking}\n{text}"


@pytest.mark.parametrize("page", list(_pages("python")))
def test_python_blocks(page: Path, tmp_path: Path, store_home: Path) -> None:
    """All Python blocks of a page are one programme."""
    write_files(page, tmp_path)
    programme = tmp_path / "page.py"
    programme.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    env = os.environ | {"LODESTOCK_HOME": str(store_home)}
    done = subprocess.run(
        [sys.executable, str(programme)], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
