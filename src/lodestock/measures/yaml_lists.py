"""Lists of entries in the hand-written files of this room, each fault with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import yaml

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.yaml_entry import Entry, compose

T = TypeVar("T")


def top_entry(text: str, where: str, schema: str, keys: tuple[str, ...]) -> Entry:
    """The mapping of a whole file, with its schema checked."""
    node = compose(text, where)
    if node is None:
        raise InputError("the file is empty", where=where, mend=f"write schema: {schema} and its entries")
    top = Entry(node, where)
    top.only(("schema", *keys))
    if top.text("schema") != schema:
        raise InputError("another schema", where=top.at("schema"), why=top.text("schema"), mend=f"write {schema}")
    return top


def entries(top: Entry, key: str) -> list[Entry]:
    """The mappings of the list under a key, which must be there."""
    node = top.nodes.get(key)
    if not isinstance(node, yaml.SequenceNode):
        raise InputError(f"'{key}' needs a list", where=top.at(key), mend=f"write {key}: and its entries")
    return [Entry(item, top.place) for item in node.value]


def add(known: dict[str, T], entry: Entry, item: T) -> None:
    """Put an item under the id of its entry; an id stands once."""
    name = entry.text("id")
    if name in known:
        raise InputError("an id stands twice", where=entry.at("id"), why=name, mend="give each entry its own id")
    known[name] = item


def named(known: Mapping[str, T], name: str, kind: str, where: str = "") -> T:
    """The item of a name; the nearest known names are offered."""
    if name not in known:
        raise UnknownNameError(kind, name, known, where=where)
    return known[name]


def words(entry: Entry) -> Text:
    """The text of a mapping with nl and en."""
    return Text(entry.text("nl"), entry.text("en"))


def optional_words(entry: Entry, key: str) -> Text | None:
    """The text in both languages under a key; None where it is absent: not known."""
    return words(entry.inner(key)) if key in entry.nodes else None


def optional_number(entry: Entry, key: str, low: float, high: float) -> float | None:
    """A number; None where it is absent: not known."""
    return entry.number(key, low, high) if key in entry.nodes else None


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated value: low ≤ value ≤ high in a unit, its mark and source."""

    value: float
    low: float
    high: float
    unit: str
    mark: Mark
    source: Text


def read_stated(entry: Entry, unit: str, least: float, most: float) -> Stated:
    """A stated value from its mapping, in the one unit that is accepted and between two limits."""
    entry.only(("value", "low", "high", "unit", "mark", "source"))
    if entry.text("unit") != unit:
        raise InputError(
            f"the unit here is {unit}", where=entry.at("unit"), why=entry.text("unit"), mend=f"write unit: {unit}"
        )
    low, value, high = (entry.number(key, least, most) for key in ("low", "value", "high"))
    if not low <= value <= high:
        raise InputError("low ≤ value ≤ high does not hold", where=entry.at("value"), why=f"{low}, {value}, {high}")
    return Stated(value, low, high, unit, entry.one_of("mark", Mark), words(entry.inner("source")))
