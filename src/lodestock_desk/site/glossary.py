"""The glossary: words of the site explained in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "texts" / "glossary.yml"


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its explanation, in one language."""

    key: str
    name: str
    text: str


@cache
def words(lang: str) -> tuple[Word, ...]:
    """The words by name."""
    plain = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = [Word(key, entry[lang]["name"], entry[lang]["text"]) for key, entry in plain.items()]
    return tuple(sorted(found, key=lambda word: word.name.casefold()))
