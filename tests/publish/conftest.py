"""One example brief for the whole folder: composing and writing it takes seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from example import example

from lodestock.publish.brief import compose, write_brief
from lodestock.publish.model import BriefFiles, BriefInput
from lodestock.publish.page import Content


@pytest.fixture(scope="session")
def run() -> BriefInput:
    return example()


@pytest.fixture(scope="session")
def written(run: BriefInput, tmp_path_factory: pytest.TempPathFactory) -> BriefFiles:
    return write_brief(run, "both", tmp_path_factory.mktemp("brief"), png=True)


@pytest.fixture(scope="session")
def content(run: BriefInput) -> Content:
    return compose(run, "nl")[0]
