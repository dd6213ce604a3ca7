"""From a published number back to source rows, methods and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lodestock.errors import UnknownNameError
from lodestock.evidence.ledger import Entry, Kind, Rows
from lodestock.evidence.manifest import Manifest, entry_to_dict, run_to_dict
from lodestock.evidence.result import sha256_of
from lodestock.evidence.rows import check_rows
from lodestock.evidence.store import Store

Check = Callable[[Rows, float | None], tuple[bool, str]]
_UNREAD = "an imported input-output table, which lies outside the store: trace it with lodestock trace"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain: an entry, its depth under the number that was asked for, and what re-reading gave.

    agrees: True if the source rows were read again and give the same value, False if they do not, None if the step
    does not rest on rows or no store was given.
    """

    depth: int
    entry: Entry
    agrees: bool | None
    found: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A figure or number with everything it rests on."""

    id: str
    title: str
    steps: tuple[Step, ...]
    files: dict[str, bool | None]
    sealed: bool = True

    @property
    def intact(self) -> bool:
        """False when the manifest was changed, a source row says something else, or a file was changed or is gone."""
        return self.sealed and all(step.agrees is not False for step in self.steps) and all(self.files.values())


def _step(depth: int, entry: Entry, store: Store | None, imported: Check | None) -> Step:
    if entry.kind is not Kind.ROWS or entry.rows is None or store is None:
        return Step(depth, entry, None)
    if entry.rows.imported:
        agrees, found = (False, _UNREAD) if imported is None else imported(entry.rows, entry.value)
    else:
        agrees, found = check_rows(store, entry.rows, entry.value)
    return Step(depth, entry, agrees, found)


def _file_states(files: dict[str, str], folder: Path) -> dict[str, bool | None]:
    states: dict[str, bool | None] = {}
    for name, digest in files.items():
        path = folder / name
        states[name] = (sha256_of(path) == digest) if path.is_file() else None
    return states


def trace(
    manifest: Manifest,
    key: str,
    *,
    folder: Path,
    store: Store | None = None,
    imported: Check | None = None,
    lang: str = "en",
) -> Chain:
    """The chain behind the number or figure `key`; with a store, source rows are read again and compared.

    folder: where the manifest stands; the files of a figure are compared with the sha256 in the manifest.
    imported: reads rows of an imported table again (`economy.table_rows.check_table`); with a store but without it such
    rows do not agree, because nobody looked.
    Raises UnknownNameError with the nearest ids if there is no such number or figure.
    """
    ledger = manifest.ledger
    if key in ledger:
        steps = tuple(_step(depth, entry, store, imported) for depth, entry in ledger.chain(key))
        return Chain(key, ledger[key].label[lang], steps, _file_states(manifest.files, folder), manifest.sealed)
    if key in manifest.figures:
        figure = manifest.figures[key]
        pairs = [pair for name in figure["inputs"] for pair in ledger.chain(name)]
        seen: dict[tuple[int, str], Entry] = {(depth, entry.id): entry for depth, entry in pairs}
        steps = tuple(_step(depth + 1, entry, store, imported) for (depth, _), entry in seen.items())
        return Chain(key, figure["title"][lang], steps, _file_states(figure["files"], folder), manifest.sealed)
    raise UnknownNameError("figure or number", key, [*manifest.figures, *ledger.entries])


def to_dict(chain: Chain, manifest: Manifest) -> dict[str, Any]:
    """The chain as plain data for `--json`, with the snapshots and methods that its steps name."""
    steps = [
        {"id": step.entry.id, "depth": step.depth, "agrees": step.agrees, "found": step.found}
        | entry_to_dict(step.entry)
        for step in chain.steps
    ]
    snapshots = {name for step in chain.steps if step.entry.rows for name in step.entry.rows.snapshots}
    methods = {step.entry.method.id: step.entry.method for step in chain.steps if step.entry.method}
    return {
        "id": chain.id,
        "title": chain.title,
        "intact": chain.intact,
        "sealed": chain.sealed,
        "steps": steps,
        "files": chain.files,
        "methods": {name: {"title": m.title, "source": m.source, "code": m.code} for name, m in methods.items()},
        "snapshots": {name: manifest.snapshots.get(name, {}) for name in sorted(snapshots)},
        "run": run_to_dict(manifest.run, manifest.ledger.imported_tables()),
        "runs": [run_to_dict(run) for run in manifest.runs],
    }
