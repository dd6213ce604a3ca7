"""`lodestock verify`: cases with known answers."""

from __future__ import annotations

from pathlib import Path

from lodestock.cli.output import Json, answer


def verify(*files: Path, json: Json = False) -> int:
    """Run verification cases and print what was computed against what is expected.

    Without FILES all cases that ship are run. Exit code 1 means that at least one value is not as expected.
    A case of your own is a YAML file with kind, inputs, expected, tolerance and source.

    Parameters
    ----------
    files
        case files of your own; none means the shipped ones
    """
    from lodestock.verification import run_files

    report = run_files(list(files) or None)
    answer(report.to_dict(), report.to_text(), as_json=json)
    return 0 if report.passed else 1
