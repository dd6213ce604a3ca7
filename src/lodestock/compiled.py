"""Loops compiled to machine code, kept on disk under a name that says from which sources they were made.

numba keeps compiled code for a file as long as that file stays the same. Compiled loops take functions, constants and
layouts from neighbouring files too, so code of yesterday could be run with the records of today. Here the code of a
room is kept in a folder named after all its sources: any change begins a new one.

One more thing a compiled loop must keep to: no `np.sort`, `np.median` or other sorting but `np.argsort`. Two kinds of
sorting may get the same name when two processes compile them, and a third process that loads both runs the wrong one.
Sort before, outside the loop.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])
_PREFIX = "compiled-"
_ONE_AT_A_TIME = threading.Lock()  # numba takes the place from a setting of the whole process


def kernel(**options: Any) -> Callable[[Loop], Loop]:
    """`numba.njit` with these options; the machine code is kept with the sources, or in the user's cache folder.

    Where neither can be written the loop is compiled anew in each process. NUMBA_CACHE_DIR names another place.
    """

    def compile_later(loop: Loop) -> Loop:
        folder = kept_in(Path(inspect.getfile(loop)).parent)
        with _ONE_AT_A_TIME:
            usual = numba.config.CACHE_DIR  # type: ignore[attr-defined]
            numba.config.CACHE_DIR = str(folder or usual)  # type: ignore[attr-defined]
            try:
                made: Loop = numba.njit(cache=folder is not None, **options)(loop)
            finally:
                numba.config.CACHE_DIR = usual  # type: ignore[attr-defined]
        return made

    return compile_later


@cache
def kept_in(room: Path) -> Path | None:
    """The folder for the compiled code of a room as its sources are now; None where nothing can be written."""
    name = _PREFIX + sources_hash(room)
    named = os.environ.get("NUMBA_CACHE_DIR")
    copy = hashlib.sha256(str(room.resolve()).encode()).hexdigest()[
        :8
    ]  # two installed copies stay out of each other's way
    for place in [named] if named else [str(room / "__pycache__"), f"~/.cache/lodestock/{room.name}-{copy}"]:
        try:
            folder = Path(place).expanduser() / name
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):  # RuntimeError: a user without a home
            continue
        if os.access(folder, os.W_OK):
            if not named:
                _forget_others(folder)
            return folder
    return None


def sources_hash(room: Path) -> str:
    """A short hash of the names and contents of the Python files of a folder."""
    found = hashlib.sha256()
    for file in sorted(room.glob("*.py")):
        found.update(f"{file.name}\0".encode())
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


def _forget_others(folder: Path) -> None:
    """Remove what was compiled from earlier sources of the same room."""
    for other in folder.parent.glob(f"{_PREFIX}*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
