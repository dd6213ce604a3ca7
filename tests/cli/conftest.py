"""Commands are run as people run them: as a process of their own, in a folder of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).parent / "lodestock"


@dataclass(frozen=True)
class Done:
    """What a command printed and with which code it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self, *parts: str) -> None:
        """Assert that the input was refused in words that name `parts`, in one message and without a traceback."""
        assert self.code == 2, self.out + self.err
        assert "Traceback" not in self.out + self.err
        assert self.err.startswith("lodestock: ")
        assert self.out == ""
        for part in parts:
            assert part in self.err, f"{part!r} is not in:\n{self.err}"


Run = Callable[..., Done]


@pytest.fixture
def cli(tmp_path: Path, store_home: Path) -> Run:
    """Run the command in `tmp_path` on the shared store, or on the store in `home`."""

    def run(*words: str | Path, home: Path = store_home) -> Done:
        env = os.environ | {"LODESTOCK_HOME": str(home), "COLUMNS": "200"}
        done = subprocess.run(
            [str(COMMAND), *map(str, words)], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run
