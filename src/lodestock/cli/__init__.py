"""The command line: one thin verb per use. Heavy rooms are imported when their verb runs, so that --help is quick."""

from __future__ import annotations

import os
import sys

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from lodestock import __version__
from lodestock.cli.output import fail, report_fault
from lodestock.errors import LodestockError

HELP = """Supply security of critical raw materials: from a trade row to a sentence that can be signed.

Start with `lodestock brief china-heavy-rare-earths-2025 --lang en --out out/`, open the page it names, then follow any
number back with `lodestock trace out/manifest.json NUMBER_ID`. Every verb has --help, and --json for machines."""

app = App(name="lodestock", help=HELP, version=__version__, help_format="markdown")
app.command("lodestock.cli.data:app", name="data")
app.command("lodestock.cli.brief:brief", name="brief")
app.command("lodestock.cli.trace:trace", name="trace")
app.command("lodestock.cli.verify:verify", name="verify")
app.command("lodestock.cli.controls:app", name="controls")
app.command("lodestock.cli.licence:app", name="licence")
app.command("lodestock.cli.assess:assess", name="assess")
app.command("lodestock.cli.benchmarks:benchmarks", name="benchmarks")
app.command("lodestock.cli.watch:watch", name="watch")
app.command("lodestock.cli.io:app", name="io")
app.command("lodestock.cli.impact:impact", name="impact")


def main() -> None:
    """Run the command line: exit 0 done, 1 a check failed, 2 the input must be mended, 3 a fault of ours."""
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
