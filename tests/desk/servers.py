"""A PostgreSQL server and a running desk, started by the tests themselves and stopped after them."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _tool(name: str) -> str:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name) or pytest.skip("PostgreSQL is not installed here (package postgresql)")


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a fresh PostgreSQL on 127.0.0.1; root is refused by initdb, so it runs as the postgres user."""
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    data, port = folder / "data", free_port()
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, "postgres", "postgres")
    before = ["runuser", "-u", "postgres", "--"] if root else []

    def run(tool: str, *arguments: str) -> None:
        subprocess.run([*before, _tool(tool), *arguments], check=True, capture_output=True, cwd="/", timeout=120)

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=60"
    try:
        run("initdb", "-D", str(data), "-U", "desk", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "desk", "desk")
            yield f"postgresql://desk@127.0.0.1:{port}/desk"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Desk:
    """A desk on a port, which can be killed and started again on the same data."""

    data: Path
    port: int
    database: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its processes run with."""
        known = {
            **os.environ,
            "LODESTOCK_DESK_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "lodestock_desk.settings",
        }
        known.pop("DATABASE_URL", None)
        return {**known, "DATABASE_URL": self.database} if self.database else known

    def manage(self, *verb: str) -> str:
        """Run a management verb and give back what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "lodestock_desk", *verb],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def script(self, text: str) -> str:
        """Run a few lines inside the desk and give back what they printed."""
        lines = f"import django\ndjango.setup()\n{text}"
        done = subprocess.run(
            [sys.executable, "-c", lines], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "lodestock_desk.wsgi", "--bind", f"127.0.0.1:{self.port}",
                   "--workers", "2", "--threads", "4", "--log-level", "critical", "--no-control-socket"]  # fmt: skip
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _attempt in range(300):
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
                try:
                    link.request("GET", "/healthz")
                    if link.getresponse().status == 200:
                        return
                except OSError:
                    pass
            time.sleep(0.2)
        raise RuntimeError("the desk did not start")

    def kill(self) -> None:
        """kill -9: the master and all its workers, at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def desk(database: str = "") -> Iterator[Desk]:
    """A desk with the example in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="desk-run-") as folder:
        made = Desk(Path(folder), free_port(), database)
        made.manage("prepare", "--example")
        made.start()
        try:
            yield made
        finally:
            made.kill()
