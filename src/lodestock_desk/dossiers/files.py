"""The files of a result: pictures, tables, manifests, and the lineage of one number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lodestock_desk.dossiers.stored import KeptResult, PublishedResult, ResultContent

KINDS = {".svg": "image/svg+xml", ".csv": "text/csv; charset=utf-8", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out."""

    name: str
    kind: str
    text: str


def files_of(content: ResultContent, figure: str, manifest: str, table: str = "") -> dict[str, str]:
    """The files of a figure by name; with `table` no more than what a block of that one table shows."""
    if table:
        found = {held["file"]: held["csv"] for held in content.tables if held["name"] == table}
        return found | ({f"{figure}.manifest.json": manifest} if manifest else {})
    found = {f"{figure}.{lang}.svg": svg for lang, svg in content.pictures.items()}
    found |= {f"{figure}.{lang}.picture.svg": for_page(svg) for lang, svg in content.pictures.items()}
    found |= {table["file"]: table["csv"] for table in content.tables}
    if manifest:
        found[f"{figure}.manifest.json"] = manifest
    return found


def for_page(svg: str) -> str:
    """The picture as a page shows it: a picture cannot load our font there, so it names others to fall back on."""
    return svg.replace('"Lodestock Sans"', '"Lodestock Sans, Arial, Helvetica, sans-serif"')


def download(name: str, text: str) -> Download:
    """The file with its kind."""
    kind = next((kind for ending, kind in KINDS.items() if name.endswith(ending)), "application/octet-stream")
    return Download(name, kind, text)


def kept_file(kept: KeptResult, file: str) -> Download | None:
    """A file of what a page shows; None when there is no such file."""
    if kept.entry:
        return download(file, lineage(kept.content, kept)) if file == f"{kept.entry}.json" else None
    text = files_of(kept.content, kept.name.partition(".")[2], kept.manifest, kept.table).get(file)
    return None if text is None else download(file, text)


def result_file(result: PublishedResult, file: str) -> Download | None:
    """A file of a stored result, for the desk."""
    text = files_of(result.content, result.figure, result.manifest).get(file)
    if text is None and result.kind == "run" and file == "manifest.json":
        text = result.manifest
    return None if text is None else download(file, text)


def lineage(content: ResultContent, kept: KeptResult) -> str:
    """One number with everything under it, as JSON: entries down to rows and parameters. Nothing else of the run."""
    entries: dict[str, Mapping[str, Any]] = {}
    known = {number.key: number.entry for number in content.numbers.all()}
    waiting = [kept.entry]
    while waiting:
        key = waiting.pop(0)
        if key in entries or key not in known:
            continue
        entries[key] = known[key]
        waiting += known[key].get("inputs", [])
    said = {"result": kept.name, "day": kept.day.isoformat(), "number": kept.entry, "entries": entries}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
