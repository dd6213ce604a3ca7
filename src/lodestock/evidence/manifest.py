"""The manifest: one JSON file beside a brief, from which every published number can be followed back.

Layout (version 1): `run` (RunInfo), `runs` where several were put together, `entries` by id, `methods` by id,
`snapshots` by id, `figures` by id with their files, `files` with the sha256 of everything that was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lodestock.errors import InputError
from lodestock.evidence.ledger import Entry, Kind, Ledger, Method, Rows, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo

VERSION = "lodestock-manifest/1"


@dataclass(slots=True)
class Manifest:
    """The parsed manifest; `figures` maps a figure id to its title, inputs and files.

    runs: what each run was, where several were put together. sealed: whether the file still has the sha256 that was
    written into it.
    """

    run: RunInfo
    ledger: Ledger
    snapshots: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    sealed: bool = True
    runs: tuple[RunInfo, ...] = ()


def entry_to_dict(entry: Entry) -> dict[str, Any]:
    """An entry as plain data; the method is named by its id, empty fields are left out."""
    plain: dict[str, Any] = {
        "kind": entry.kind.value,
        "label": {"nl": entry.label.nl, "en": entry.label.en},
        "value": entry.value,
        "unit": entry.unit,
        "mark": entry.mark.value,
    }
    optional: dict[str, Any] = {
        "low": entry.low,
        "high": entry.high,
        "bracket": list(entry.bracket) if entry.bracket else None,
        "inputs": list(entry.inputs),
        "method": entry.method.id if entry.method else None,
        "rows": asdict(entry.rows) if entry.rows else None,
        "source": entry.source,
        "source_nl": entry.source_nl,
        "note": entry.note,
        "flags": list(entry.flags),
    }
    return plain | {key: value for key, value in optional.items() if value not in (None, "", [])}


def run_to_dict(run: RunInfo, tables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a run was as plain data; imported tables are named where there are any, with those in `tables`."""
    plain = asdict(run)
    named = {**plain.pop("io_tables"), **(tables or {})}
    return plain | ({"io_tables": dict(sorted(named.items()))} if named else {})


def to_dict(manifest: Manifest) -> dict[str, Any]:
    """The manifest as plain data, methods gathered from entries and figures, imported tables from the entries."""
    methods = {entry.method.id: asdict(entry.method) for entry in manifest.ledger if entry.method}
    return {
        "manifest": VERSION,
        "run": run_to_dict(manifest.run, manifest.ledger.imported_tables()),
        **({"runs": [run_to_dict(run) for run in manifest.runs]} if manifest.runs else {}),
        "entries": {entry.id: entry_to_dict(entry) for entry in manifest.ledger},
        "methods": dict(sorted(methods.items())),
        "snapshots": dict(sorted(manifest.snapshots.items())),
        "figures": manifest.figures,
        "files": dict(sorted(manifest.files.items())),
    }


def seal(plain: Mapping[str, Any]) -> str:
    """The sha256 over everything in a manifest but the seal itself: a changed number, mark or source breaks it."""
    body = {key: value for key, value in plain.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def write(manifest: Manifest, path: Path) -> None:
    """Write the manifest as indented UTF-8 JSON."""
    plain = to_dict(manifest)
    plain["sha256"] = seal(plain)
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rows(plain: Mapping[str, Any]) -> Rows:
    return Rows(
        table=plain["table"],
        where=plain["where"],
        column=plain["column"],
        how=plain["how"],
        count=plain["count"],
        missing=plain["missing"],
        snapshots=tuple(plain["snapshots"]),
        locators=tuple(plain["locators"]),
    )


def _entry(key: str, plain: Mapping[str, Any], methods: Mapping[str, Method]) -> Entry:
    bracket: Sequence[float] | None = plain.get("bracket")
    return Entry(
        id=key,
        kind=Kind(plain["kind"]),
        label=Text(plain["label"]["nl"], plain["label"]["en"]),
        value=plain["value"],
        unit=plain["unit"],
        mark=Mark(plain["mark"]),
        low=plain.get("low"),
        high=plain.get("high"),
        bracket=(bracket[0], bracket[1]) if bracket else None,
        inputs=tuple(plain.get("inputs", ())),
        method=methods[plain["method"]] if "method" in plain else None,
        rows=_rows(plain["rows"]) if "rows" in plain else None,
        source=plain.get("source", ""),
        source_nl=plain.get("source_nl", ""),
        note=plain.get("note", ""),
        flags=tuple(plain.get("flags", ())),
    )


def read(path: Path) -> Manifest:
    """Read a manifest; anything that is not one is refused with the reason."""
    if path.is_dir():
        path = path / "manifest.json"
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InputError("no manifest", where=str(path), why=reason, mend="give the manifest.json of a brief") from None
    except ValueError as error:
        raise InputError(
            "not a manifest",
            where=str(path),
            why=f"not JSON in UTF-8: {error}",
            mend="give the manifest.json of a brief, or its folder",
        ) from None
    if not isinstance(plain, dict) or plain.get("manifest") != VERSION:
        raise InputError("not a manifest of this version", where=str(path), why=f"expected '{VERSION}'")
    try:
        methods = {key: Method(**value) for key, value in plain["methods"].items()}
        ledger = Ledger({key: _entry(key, value, methods) for key, value in plain["entries"].items()})
        run = RunInfo(**plain["run"])
        runs = tuple(RunInfo(**value) for value in plain.get("runs", ()))
        sealed = plain.get("sha256") == seal(plain)
        return Manifest(run, ledger, plain["snapshots"], plain["figures"], plain["files"], sealed, runs)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "the manifest is damaged", where=str(path), why=f"missing or wrong: {error}", mend="make the brief again"
        ) from None
