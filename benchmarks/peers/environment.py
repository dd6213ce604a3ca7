"""The peers' own Python environment: GPL and LGPL programs run there as programs and are never imported here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "peers" / "venv"
# BoARIO's wheel declares no dependencies; pymrio brings those that it needs.
WANTED = ("boario==0.7.2", "pymrio==0.7.0", "progressbar2")


def python() -> Path:
    """The interpreter of the peers' environment, made with pip the first time."""
    interpreter = HOME / "bin" / "python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        subprocess.run([str(interpreter), "-m", "pip", "install", "-q", *WANTED], check=True)
    return interpreter


def run(script: str, *arguments: object, threads: int = 1) -> tuple[dict[str, Any], np.ndarray]:
    """Run a script beside this file in the peers' environment: what it printed as JSON and the array it saved."""
    pinned = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "out.npy"
        done = subprocess.run(
            [str(python()), str(Path(__file__).parent / script), *map(str, arguments), str(saved)],
            check=True, capture_output=True, text=True, env={**os.environ, **pinned}, cwd=folder,
        )  # fmt: skip
        return json.loads(done.stdout.splitlines()[-1]), np.load(saved)
