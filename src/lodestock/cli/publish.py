"""`lodestock publish`: the public site of the desk as files, for any web server."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from lodestock.cli.output import Json, answer


def publish(
    *,
    static: Annotated[Path, Parameter(help="new or empty folder to write the site into")],
    data: Annotated[Path | None, Parameter(help="data folder of the desk; as in its environment if not given")] = None,
    json: Json = False,
) -> None:
    """Write the whole public site as files: pages in both languages, figures, tables, manifests, feeds, PDF.

    Only what a visitor can open is written, and links are relative, so that any web server (or a USB stick) can show
    it. It needs the desk's requirements and its database; search in the copy is a list of everything.
    """
    from lodestock.errors import InputError

    if importlib.util.find_spec("lodestock_desk") is None or importlib.util.find_spec("wagtail") is None:
        raise InputError(
            "the desk is not installed here",
            why="the public site is part of the desk",
            mend="install its requirements: make desk, or pip install -r requirements/desk.lock",
        )
    known = dict(os.environ) | ({"LODESTOCK_DESK_DATA": str(data.resolve())} if data else {})
    command = [sys.executable, "-m", "lodestock_desk", "publish_static", str(static.resolve())]
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip() and not line.startswith("{")]
        reason = "; ".join(lines).removeprefix("CommandError: ") if lines else "the desk gave no reason"
        raise InputError("the site was not written", where=str(static), why=reason[-600:])
    said_text = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    answer({"folder": str(static), "written": said_text}, f"{static}: {said_text}", as_json=json)
