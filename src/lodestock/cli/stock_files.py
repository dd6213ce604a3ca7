"""The files of the smaller stock verbs: the answer as JSON and the manifest that `lodestock trace` follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import manifest as manifests
from lodestock.evidence.ledger import Ledger
from lodestock.evidence.result import RunInfo, sha256_of

KEPT = ("source", "title", "producer", "licence", "address", "accessed", "vintage", "sha256", "rows", "made", "notes")


class Recorded(Protocol):
    """What a manifest is made from: a run of a scenario, or a record without one."""

    @property
    def info(self) -> RunInfo:
        """What must be known to make the same numbers again."""

    @property
    def ledger(self) -> Ledger:
        """All entries."""

    @property
    def snapshots(self) -> pl.DataFrame:
        """The snapshots of the store."""


def write_answer(run: Recorded, name: str, payload: dict[str, Any], out: Path, beside: Path | None = None) -> list[str]:
    """Write NAME.json and NAME.manifest.json, with the snapshots that the ledger's rows come from; returns paths.

    beside: a file that the answer was read from, to be kept with it under its own name. Raises InputError for a folder
    that cannot be written.
    """
    try:
        return _written(run, name, payload, out, beside)
    except OSError as error:
        raise InputError(
            "cannot write the answer", where=str(out), why=error.strerror or "not writable",
            mend="give a folder that you may write in",
        ) from None  # fmt: skip


def _written(run: Recorded, name: str, payload: dict[str, Any], out: Path, beside: Path | None) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    told, path = out / f"{name}.json", out / f"{name}.manifest.json"
    told.write_text(json.dumps(payload, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    used = {one for entry in run.ledger if entry.rows for one in entry.rows.snapshots}
    snapshots = {
        row["snapshot"]: {key: row[key] for key in KEPT}
        for row in run.snapshots.iter_rows(named=True)
        if row["snapshot"] in used
    }
    files = [told]
    if beside is not None:
        copy = out / beside.name
        if copy.resolve() != beside.resolve():
            copy.write_bytes(beside.read_bytes())
        files.append(copy)
    sums = {one.name: sha256_of(one) for one in files}
    manifests.write(manifests.Manifest(run.info, run.ledger, snapshots, {}, sums), path)
    return [*map(str, files), str(path)]


def numbers(run: Recorded, made: Sequence[str]) -> dict[str, Any]:
    """The entries of an answer and of all that stands behind them, for --json."""
    wanted = {entry.id for key in made for _, entry in run.ledger.chain(key)}
    return {entry.id: manifests.entry_to_dict(entry) for entry in run.ledger if entry.id in wanted}
