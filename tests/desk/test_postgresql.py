"""The same tests once more on PostgreSQL, which this test starts and stops itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .servers import postgresql

HERE = Path(__file__).parent
CASEWORK = ("test_audit.py", "test_reporting.py", "test_triage.py", "test_casework.py")
ACCESS = ("test_permissions.py", "test_security.py")


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="this run is on PostgreSQL already")
@pytest.mark.parametrize("ours", [CASEWORK, pytest.param(ACCESS, marks=pytest.mark.slow)], ids=["casework", "access"])
def test_what_holds_on_sqlite_holds_on_postgresql_too(ours: tuple[str, ...]) -> None:
    with postgresql() as address:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow",
             *(str(HERE / name) for name in ours)],
            env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=False,
            cwd=HERE.parent.parent,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
