"""Reading the tables of the vocabulary: the standard library's csv only, so that the command line starts fast."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lodestock.errors import DataError, UnknownNameError

FOLDER = Path(__file__).resolve().parent.parent / "reference" / "vocabulary"

# The words of lodestock.evidence.marks, which lies above this room.
MARKS = ("seen", "computed", "press", "prior")

_AS_SPACE = str.maketrans({"-": " ", "_": " ", "–": " ", "—": " ", "\u00a0": " "})
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})


class Bilingual:
    """A thing with a name in both languages of the users."""

    __slots__ = ()

    name_en: str
    name_nl: str

    def name(self, lang: str) -> str:
        """The name in `lang`, 'nl' or 'en'; any other language raises KeyError."""
        return {"nl": self.name_nl, "en": self.name_en}[lang]


@cache
def rows(table: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a table as text, in the order of the file; an empty cell is the empty text, and NA stays NA."""
    path = FOLDER / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        found = tuple(reader)
    for number, row in enumerate(found, start=2):
        where = f"{path.name}, row {number}"
        if None in row or None in row.values():
            raise DataError("a row has too many or too few cells", where=where, mend="quote cells that hold a comma")
        if row.get("mark", "prior") not in MARKS:
            raise DataError(f"unknown mark '{row['mark']}'", where=where, mend=f"use one of {', '.join(MARKS)}")
    return found


def fold(text: str) -> str:
    """The text as it is compared: without accents, upper case, kinds of dash and apostrophe, and double spaces."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)) if not unicodedata.combining(c)
    )
    return " ".join(plain.translate(_AS_SPACE).casefold().split())


@dataclass(frozen=True, slots=True)
class Names:
    """The names in use for one kind of thing: folded name → id, and the names as they are shown to users."""

    kind: str
    ids: Mapping[str, str]
    shown: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return fold(name) in self.ids

    def find(self, name: str) -> str:
        """The id of what has this name; UnknownNameError with the nearest known names if there is none."""
        key = self.ids.get(fold(name))
        if key is None:
            # A symbol or code of two letters resembles too much to be offered for a longer word.
            raise UnknownNameError(self.kind, name, [n for n in self.shown if len(n) > 2 or len(name) <= 2])
        return key


def index(kind: str, names: Iterable[tuple[str, str]]) -> Names:
    """The index of (name, id) pairs. One name for two things is an error in the tables, never a silent choice."""
    ids: dict[str, str] = {}
    shown: dict[str, None] = {}
    for name, target in names:
        key = fold(name)
        if not key:
            continue
        shown[name] = None
        if ids.setdefault(key, target) != target:
            raise DataError(
                f"the {kind} name '{name}' stands for '{ids[key]}' and for '{target}'",
                where=f"vocabulary of {kind}",
                mend="take the name away from one of them",
            )
    return Names(kind, ids, tuple(shown))


def parts(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list with semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def day(cell: str) -> date | None:
    """The date in a cell, None where it is empty."""
    return date.fromisoformat(cell) if cell else None


def in_force(on: date, valid_from: date | None, valid_until: date | None) -> bool:
    """Whether `on` lies within the two days, both included; an empty end is open."""
    return (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)
