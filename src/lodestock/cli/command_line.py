"""The parser of the command line, and how it ends: done, a check failed, mend the input, or a fault of ours."""

from __future__ import annotations

import os
import sys

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from lodestock import __version__
from lodestock.cli import HELP, VERBS
from lodestock.cli.output import fail, report_fault
from lodestock.errors import LodestockError

app = App(name="lodestock", help=HELP, version=__version__, help_format="markdown")
for _verb, _place, _ in VERBS:
    app.command(f"lodestock.cli.{_place}", name=_verb)


def run() -> None:
    """Run a verb: exit 0 done, 1 a check failed, 2 the input must be mended, 3 a fault of ours."""
    try:
        code = app(exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        fail(LodestockError(_usage(error), mend="see lodestock --help, or VERB --help"))
    except LodestockError as error:
        fail(error)
    except BrokenPipeError:  # the reader of our output stopped early, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("LODESTOCK_DEBUG"):
            raise
        report_fault(error)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: CycloptsError) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__
