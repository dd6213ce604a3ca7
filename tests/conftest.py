"""Shared by all tests: one evidence store per run, built from what ships."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from lodestock.evidence.store import Store

# each worker keeps its own compiled code: numba's index and code are two files, and two processes may mix them
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["NUMBA_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / f"lodestock-numba-{os.getuid()}-{worker}")

# deadlines would assert a time; `make test` draws the same cases each time, `make test-all` draws new ones
settings.register_profile("lodestock", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True, derandomize=False)
settings.load_profile(os.environ.get("LODESTOCK_CASES", "lodestock"))


@pytest.fixture(scope="session")
def store_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built store."""
    from lodestock.evidence.store import build

    home = tmp_path_factory.mktemp("lodestock-home")
    build(home)
    return home


@pytest.fixture(scope="session")
def store(store_home: Path) -> Store:
    """The built store."""
    from lodestock.evidence.store import Store

    return Store.open(store_home)
