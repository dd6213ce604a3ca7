"""How a verb answers: plain text for people, JSON for machines, errors in four parts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

from cyclopts import Parameter

from lodestock.errors import InputError, LodestockError

Json = Annotated[bool, Parameter(name="--json", negative="", help="print JSON for machines instead of text")]


def answer(payload: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Print the payload as JSON, or the text."""
    print(json.dumps(payload, ensure_ascii=False, indent=1, default=str) if as_json else text)


def fail(error: LodestockError) -> NoReturn:
    """Print the error (JSON on standard output when --json was asked for) and exit with 2."""
    if "--json" in sys.argv:
        print(json.dumps({"error": error.parts()}, ensure_ascii=False, indent=1))
    else:
        print(f"lodestock: {error}", file=sys.stderr)
    sys.exit(2)


def report_fault(error: Exception) -> NoReturn:
    """Print that the fault is ours, in one line, and exit with 3."""
    what = f"a fault in Lodestock: {type(error).__name__}: {error}"
    mend = "run again with LODESTOCK_DEBUG=1 to see where, and report it"
    if "--json" in sys.argv:
        print(json.dumps({"error": {"what": what, "where": "", "why": "", "mend": mend}}, ensure_ascii=False, indent=1))
    else:
        print(f"lodestock: {what}\n  mend: {mend}", file=sys.stderr)
    sys.exit(3)


def make_folder(out: Path | None) -> None:
    """Make the folder of --out before anything is computed; refuse one that cannot be made or written."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        mark = out / ".lodestock"
        mark.touch()
        mark.unlink()
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            "--out needs a folder", where=str(error.filename or out), why="a file is there",
            mend="give --out another folder",
        ) from None  # fmt: skip
    except OSError as error:
        raise InputError(
            "the folder of --out cannot be written", where=str(out), why=error.strerror or str(error),
            mend="give --out another folder",
        ) from None  # fmt: skip


def table(rows: Sequence[Sequence[object]], heads: Sequence[str], *, right: Sequence[int] = ()) -> str:
    """Rows as aligned plain text; `right` names the columns that are aligned to the right. Never wraps or cuts."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        parts = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        return "  ".join(parts).rstrip()

    return "\n".join([line(list(heads)), line(["-" * width for width in widths]), *(line(row) for row in cells)])
