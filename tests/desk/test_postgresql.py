"""The same tests once more on PostgreSQL, which this test starts and stops itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .servers import postgresql

HERE = Path(__file__).parent
OURS = ("test_permissions.py", "test_audit.py", "test_reporting.py", "test_triage.py", "test_casework.py",
        "test_security.py")  # fmt: skip


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="this run is on PostgreSQL already")
def test_everything_that_touches_the_database_holds_on_postgresql_too() -> None:
    with postgresql() as address:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not slow",
             *(str(HERE / name) for name in OURS)],
            env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=False,
            cwd=HERE.parent.parent,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
