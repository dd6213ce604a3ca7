"""Reads an output folder of a run (`lodestock brief … --out FOLDER`): its manifest, its figures, their tables.

Nothing is taken on trust: the seal of the manifest and the hash of every file are checked, and a picture with anything
active in it is refused. What is read here is put into the database by `actions.take_in`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from lodestock.errors import InputError
from lodestock.evidence.manifest import Manifest, entry_to_dict, read

_ACTIVE = re.compile(
    r"<script|<foreignobject|<iframe|<!entity|<!doctype|javascript:|\son\w+\s*=|@import", re.IGNORECASE
)
_OUTSIDE = re.compile(r"(?:href|src)\s*=\s*[\"'](?!#|data:image/)", re.IGNORECASE)
_MOST_BYTES = 2_000_000
_NAME = re.compile(r"^[A-Za-z0-9_-]{1,120}$")


@dataclass(frozen=True, slots=True)
class Taken:
    """One result as read from the folder; `content` is what the hash is over."""

    name: str
    day: date
    kind: str
    manifest: str
    content: dict[str, Any]
    numbers: dict[str, dict[str, Any]]

    @property
    def sha256(self) -> str:
        """The hash over everything that the result shows and says, but not over when or with what it was made."""
        said = json.dumps({**self.content, "numbers": self.numbers}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def read_folder(folder: Path) -> tuple[Taken, ...]:
    """The run and its figures, first the run. Raises InputError with what is wrong and where."""
    manifest = read(folder)
    if not manifest.sealed:
        raise InputError(
            "the manifest was changed after it was written", where=str(folder / "manifest.json"),
            why="its seal does not fit its text", mend="make the brief again",
        )  # fmt: skip
    name = manifest.run.scenario
    if not _NAME.match(name):
        raise InputError(f"a result cannot be named '{name}'", mend="letters, digits, - and _ only")
    try:
        day = date.fromisoformat(manifest.run.as_of)
    except ValueError:
        raise InputError(f"the run has no day: '{manifest.run.as_of}'", mend="make the brief again") from None
    run = _run(folder, manifest, name, day)
    return (run, *(_figure(folder, manifest, name, day, key) for key in manifest.figures))


def _text(folder: Path, file: str, digest: str | None) -> str:
    """The text of a file inside the folder, if it is the one that the manifest names."""
    path = folder / file
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise InputError("a file lies outside the folder", where=file, mend="give the folder that the run wrote")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError("a file is not there", where=str(path), why=error.strerror or "") from None
    if len(raw) > _MOST_BYTES:
        raise InputError("a file is too large to publish", where=str(path), why=f"{len(raw)} bytes")
    if digest is not None and hashlib.sha256(raw).hexdigest() != digest:
        raise InputError(
            "a file is not the one that the manifest names", where=str(path), why="its sha256 differs",
            mend="make the brief again",
        )  # fmt: skip
    return raw.decode("utf-8")


def _run(folder: Path, manifest: Manifest, name: str, day: date) -> Taken:
    numbers = {entry.id: entry_to_dict(entry) for entry in manifest.ledger}
    words = {lang: {"title": title} for lang, title in _titles(folder, name).items()}
    marks = [entry.mark.value for entry in manifest.ledger]
    content = {"tables": [], "pictures": {}, "words": words, "mark": max(marks, key=_STRENGTH.index, default=""),
               "covers": "", "source_nl": "", "source_en": ""}  # fmt: skip
    return Taken(name, day, "run", _text(folder, "manifest.json", None), content, numbers)


_STRENGTH = ("seen", "computed", "press", "prior")


def _titles(folder: Path, name: str) -> dict[str, str]:
    """The title of the run in both languages, from the copy of its scenario beside it; else its name."""
    path = folder / f"{name}.yml"
    found = yaml.safe_load(_text(folder, path.name, None)) if path.is_file() else {}
    title = found.get("title", {}) if isinstance(found, dict) else {}
    return {lang: str(title.get(lang) or name) for lang in ("nl", "en")}


def _figure(folder: Path, manifest: Manifest, run: str, day: date, key: str) -> Taken:
    files: dict[str, str] = manifest.figures[key]["files"]
    own = f"figures/{key}.manifest.json"
    if not _NAME.match(key) or own not in files:
        raise InputError(f"figure '{key}' has no manifest of its own", where=str(folder), mend="make the brief again")
    raw = _text(folder, own, files[own])
    plain = json.loads(raw)
    digest = {Path(file).name: value for file, value in files.items()}
    tables = []
    for name, table in plain["tables"].items():
        csv_text = _text(folder, f"figures/{table['file']}", digest.get(table["file"], ""))
        tables.append({"name": name, "file": table["file"], "csv": csv_text, "columns": table["columns"]})
    drawn = ("nl", "en") if plain.get("images") else ()  # a result can be a table only
    pictures = {lang: _picture(folder, f"figures/{key}.{lang}.svg", files) for lang in drawn}
    words: dict[str, Any] = plain["words"]
    if any(not words.get(lang, {}).get("alt") for lang in ("nl", "en")):
        raise InputError(f"figure '{key}' has no text instead of the picture in both languages", where=own)
    said = {f"source_{lang}": _source(words[lang]["subtitle"], plain) for lang in ("nl", "en")}
    content = {"tables": tables, "pictures": pictures, "words": words, "mark": plain["mark"],
               "covers": plain.get("covers", ""), **said}  # fmt: skip
    return Taken(f"{run}.{key}", day, "figure", raw, content, {})


def _source(subtitle: str, plain: dict[str, Any]) -> str:
    """The short source line: what stands behind 'Bron:' or 'Source:' under the title, else the producers."""
    found = re.search(r"(?:Bron|Source): (.+)$", subtitle)
    producers = dict.fromkeys(source["producer"] for source in plain.get("sources", ()))
    return found[1] if found else ", ".join(producers)


def _picture(folder: Path, file: str, files: dict[str, str]) -> str:
    if file not in files:
        raise InputError("a figure needs a picture in both languages", where=file, mend="run with --lang both")
    svg = _text(folder, file, files[file])
    if not svg.lstrip().startswith("<svg") or _ACTIVE.search(svg) or _OUTSIDE.search(svg):
        raise InputError("a picture holds something other than a drawing", where=file, mend="make the brief again")
    return svg
