"""The command line: one thin verb per use. Heavy rooms are imported when their verb runs, so that --help is quick."""

from __future__ import annotations

import sys

from lodestock import __version__

HELP = """Supply security of critical raw materials: from a trade row to a sentence that can be signed.

Start with `lodestock brief china-heavy-rare-earths-2025 --lang en --out out/`, open the page it names, then follow any
number back with `lodestock trace out/manifest.json NUMBER_ID`. Every verb has --help, and --json for machines."""

# verb, where it lives under lodestock.cli, and its line in the root help (shown without loading any verb)
VERBS = (
    ("data", "data:app", "Show, build and extend the evidence store."),
    ("brief", "brief:brief", "Run a scenario and write its brief, with every number traceable."),
    ("trace", "trace:trace", "Follow a published number back to its source rows."),
    ("verify", "verify:verify", "Run cases with known answers: computed against expected."),
    ("controls", "controls:app", "List the export controls that apply on a day, and what to check."),
    ("licence", "licence:app", "Learn lead times from your own licence cases, and what to expect."),
    ("assess", "assess:assess", "Say how critical a material is, and how dependent we are."),
    ("benchmarks", "benchmarks:benchmarks", "Hold the Union against the benchmarks of the regulation."),
    ("watch", "watch:watch", "Say whether the last change in imports is unusual."),
    ("io", "io:app", "Keep input-output tables of your own, for every amount in euros."),
    ("stock", "stock:app", "Find the stock that is worth its money: form, holder, place; norms, pilots, release."),
    ("coalition", "coalition:coalition", "Share a common stock of several countries, with the core test."),
    ("simulate", "simulate:simulate", "Send a scenario through the trade network: who runs short, and when."),
    ("impact", "impact:impact", "Show what a shortage costs, sector by sector, by three models."),
    ("processing", "processing:processing", "Compute what a processed tonne costs, and a contract the state."),
    ("measures", "measures:measures", "Compare stock, processing, recycling, second source and substitution per euro."),
    ("publish", "publish:publish", "Write the public site as files for any web server."),
)


def main() -> None:
    """Run the command line; the list of verbs is printed at once, everything else loads what it needs."""
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        print(root_help())
        return
    if sys.argv[1:] == ["--version"]:
        print(__version__)
        return
    from lodestock.cli.command_line import run

    run()


def root_help() -> str:
    """The help of the command itself: what it is for and a line about each verb."""
    width = max(len(verb) for verb, _, _ in VERBS)
    lines = [f"  {verb:<{width}}  {line}" for verb, _, line in VERBS]
    last = "lodestock VERB --help explains a verb."
    return "\n".join(["Usage: lodestock VERB", "", HELP, "", "Verbs:", *lines, "", last])
