"""`lodestock verify`: cases with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table

if TYPE_CHECKING:
    from lodestock.verification import Report


def verify(
    *files: Path,
    values: Annotated[bool, Parameter(negative="", help="print every value, not only a line a case")] = False,
    kinds: Annotated[bool, Parameter(negative="", help="list the kinds of case, with their inputs")] = False,
    lang: Annotated[str, Parameter(help="nl or en")] = "en",
    json: Json = False,
) -> int:
    """Run verification cases and print what was computed against what is expected.

    Without FILES all cases that ship are run. Exit code 1 means that at least one value is not as expected.
    A case of your own is a YAML file with kind, inputs, expected, tolerance and source; `--kinds` says what may stand
    in it. For files of your own every value is printed.

    Parameters
    ----------
    files
        case files of your own; none means the shipped ones
    """
    from lodestock.verification import all_kinds, run_files

    if kinds:
        docs = {name: item.doc for name, item in sorted(all_kinds().items())}
        answer({"kinds": docs}, "\n\n".join(docs.values()), as_json=json)
        return 0
    report = run_files(list(files) or None)
    parts = [_values(report)] if values or files else []
    answer(report.to_dict(), "\n\n".join([*parts, report.to_text(lang)]), as_json=json)
    return 0 if report.passed else 1


def _values(report: Report) -> str:
    rows = [
        (outcome.case.id, plain["path"], plain["computed"], plain["expected"], "yes" if plain["passed"] else "NO")
        for outcome in report.outcomes
        for plain in (check.to_dict() for check in outcome.checks)
    ]
    return table(rows, ("case", "value", "computed", "expected", "as expected"), right=(2, 3))
