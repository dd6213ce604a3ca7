"""One store for all evidence tests, built once in a temporary home."""

from __future__ import annotations

from pathlib import Path

import pytest

from lodestock.evidence.store import Store


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def store(home: Path) -> Store:
    """The store of the shipped reference; tests that change a store build their own."""
    return Store.open(home)
