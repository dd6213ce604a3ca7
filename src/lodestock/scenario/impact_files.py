"""Writing the tables of a run as CSV with a manifest, so that `lodestock trace` can follow every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import manifest as manifests
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import weakest
from lodestock.evidence.result import Result, RunInfo, sha256_of

_KEPT = (
    "source", "title", "producer", "licence", "address", "accessed", "vintage", "sha256", "rows", "made", "notes",
)  # fmt: skip


def write_tables(
    folder: Path,
    info: RunInfo,
    ledger: Ledger,
    snapshots: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    titles: Mapping[str, Text],
    inputs: Mapping[str, Sequence[str]],
    runs: tuple[RunInfo, ...] = (),
    drawn: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Write each table and manifest.json into `folder`; returns the paths.

    inputs: entries behind each table. runs: what each run was, where several were put together. drawn: drawings of a
    table that stand in the folder already, by file name; the manifest vouches for them too.
    """
    used = {name for entry in ledger if entry.rows for name in entry.rows.snapshots}
    figures: dict[str, dict[str, Any]] = {}
    files: dict[str, str] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in tables.items():
            methods = {m.id: m for key in inputs[name] if (m := ledger[key].method) is not None}
            result = Result(name, titles[name], frame, tuple(inputs[name]), tuple(methods.values()))
            own = {f"{name}.csv": result.write_csv(folder / f"{name}.csv")}
            own |= {file: sha256_of(folder / file) for file in (drawn or {}).get(name, ())}
            files |= own
            figures[name] = {
                "title": {"nl": titles[name].nl, "en": titles[name].en},
                "kind": "table",
                "mark": weakest(ledger[key].mark for key in inputs[name]).value,
                "inputs": list(inputs[name]),
                "files": own,
            }
        kept = {
            row["snapshot"]: {key: row[key] for key in _KEPT}
            for row in snapshots.iter_rows(named=True)
            if row["snapshot"] in used
        }
        path = folder / "manifest.json"
        manifests.write(manifests.Manifest(info, ledger, kept, figures, files, runs=runs), path)
    except OSError as error:
        raise InputError(
            "a file cannot be written", where=str(error.filename or folder), why=error.strerror or str(error),
            mend="choose another folder with --out",
        ) from None  # fmt: skip
    return {"tables": {name: str(folder / f"{name}.csv") for name in tables}, "manifest": str(path)}
