"""`python -m lodestock_desk` starts the desk on this computer; `python -m lodestock_desk VERB …` is its management."""

from __future__ import annotations

import argparse
import os
import sys

import django
from django.core.management import call_command, execute_from_command_line

from lodestock.errors import LodestockError


def main() -> int:
    """Start the desk with example data, or run a management verb."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestock_desk.settings")
    try:
        if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
            execute_from_command_line(["python -m lodestock_desk", *sys.argv[1:]])
            return 0
        return _start()
    except LodestockError as error:
        print(error, file=sys.stderr)
        return 2


def _start() -> int:
    parser = argparse.ArgumentParser(prog="python -m lodestock_desk", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--without-example", action="store_true", help="start with an empty database")
    options = parser.parse_args()
    django.setup()
    call_command("prepare", example=not options.without_example)
    bind = f"127.0.0.1:{options.port}"
    print(f"\nThe desk runs on http://{bind}/  (Ctrl-C stops it)", flush=True)
    os.execv(
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "lodestock_desk.wsgi",
            "--bind",
            bind,
            "--workers",
            "1",
            "--threads",
            "4",
            "--log-level",
            "warning",
            "--no-control-socket",
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
