"""The files of the smaller stock verbs: the answer as JSON and the manifest that `lodestock trace` follows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lodestock.evidence import manifest as manifests
from lodestock.evidence.result import sha256_of
from lodestock.scenario.run import ScenarioRun

KEPT = ("source", "title", "producer", "licence", "address", "accessed", "vintage", "sha256", "rows", "made", "notes")


def write_answer(run: ScenarioRun, name: str, payload: dict[str, Any], out: Path) -> list[str]:
    """Write NAME.json and NAME.manifest.json, with the snapshots that the ledger's rows come from; returns paths."""
    out.mkdir(parents=True, exist_ok=True)
    told, path = out / f"{name}.json", out / f"{name}.manifest.json"
    told.write_text(json.dumps(payload, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    used = {one for entry in run.ledger if entry.rows for one in entry.rows.snapshots}
    snapshots = {
        row["snapshot"]: {key: row[key] for key in KEPT}
        for row in run.snapshots.iter_rows(named=True)
        if row["snapshot"] in used
    }
    manifests.write(manifests.Manifest(run.info, run.ledger, snapshots, {}, {told.name: sha256_of(told)}), path)
    return [str(told), str(path)]


def numbers(run: ScenarioRun, made: tuple[str, ...]) -> dict[str, Any]:
    """The entries of an answer and of all that stands behind them, for --json."""
    wanted = {entry.id for key in made for _, entry in run.ledger.chain(key)}
    return {entry.id: manifests.entry_to_dict(entry) for entry in run.ledger if entry.id in wanted}
