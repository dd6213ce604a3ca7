"""Reading entries of a hand-written YAML file field by field, so that every fault has its line.

Every value is text until its field is checked: `NO` is Norway, a code keeps its zeros, a date its precision.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from lodestock.errors import InputError, UnknownNameError, nearest
from lodestock.evidence.ledger import Text

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # reads every value as text
_KIND = TypeVar("_KIND", bound=StrEnum)


def compose(text: str, where: str) -> yaml.Node | None:
    """The nodes of a YAML text with their places; a fault of the format is told with its line."""
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(
            "not valid YAML",
            where=f"{where}, line {line}",
            why=str(error.problem),
            mend="mend the line, or put the text between quotes",
        ) from None
    except yaml.YAMLError as error:
        why = str(error).splitlines()[0]
        raise InputError("not valid YAML", where=where, why=why, mend="save the file as plain text") from None


def line_of(node: yaml.Node) -> int:
    """The line of the file in which a node begins."""
    return int(node.start_mark.line) + 1


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as precisely as it is known: it lies from `first` up to and including `last`; `text` is as written."""

    first: date
    last: date
    text: str

    @property
    def precision(self) -> str:
        """day, month, year or range."""
        return "range" if "/" in self.text else {10: "day", 7: "month", 4: "year"}[len(self.text)]

    def isoformat(self) -> str:
        """The date as written: 2025-04-04, 2025-09, 2019, or a range of days 2025-11-07/2025-12-31."""
        return self.text


class Entry:
    """A mapping of the file: takes each field out with its check, so that a fault has its line."""

    def __init__(self, node: yaml.Node, place: str) -> None:
        if not isinstance(node, yaml.MappingNode):
            mend = "write keys with a colon"
            raise InputError("keys and values are needed here", where=f"{place}, line {line_of(node)}", mend=mend)
        self.place, self.node = place, node
        self.nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                where = f"{place}, line {line_of(key)}"
                raise InputError("a key is a list or holds keys itself", where=where, mend="write a word as the key")
            if key.value in self.nodes:
                where = f"{place}, line {line_of(key)}"
                raise InputError(f"key '{key.value}' stands twice", where=where, mend="keep one of them")
            self.nodes[str(key.value)] = value

    def only(self, known: tuple[str, ...]) -> None:
        """Refuse every key that is not known, with the nearest."""
        for key, value in self.nodes.items():
            if key not in known:
                close = nearest(key, known)
                mend = f"did you mean {' or '.join(close)}?" if close else f"known keys: {', '.join(known)}"
                raise InputError(f"unknown key '{key}'", where=f"{self.place}, line {line_of(value)}", mend=mend)

    def at(self, key: str) -> str:
        """The place of a key, for an error."""
        node = self.nodes.get(key, self.node)
        return f"{self.place}, line {line_of(node)}, {key}"

    def text(self, key: str, default: str | None = None) -> str:
        """The text of a key; without `default` it must be there."""
        node = self.nodes.get(key)
        if node is None and default is not None:
            return default
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            why = "it is absent or blank" if node is None or isinstance(node, yaml.ScalarNode) else "it is a list"
            raise InputError(f"'{key}' needs a text", where=self.at(key), why=why, mend=f"write {key}: …")
        return str(node.value).strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts of a key; empty where it is absent."""
        node = self.nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(x, yaml.ScalarNode) for x in node.value):
            raise InputError(f"'{key}' needs a list", where=self.at(key), mend=f"write {key}: [one, another]")
        return tuple(str(item.value).strip() for item in node.value)

    def both(self, key: str) -> Text | None:
        """A text in both languages, `{nl: …, en: …}`; one text alone stands for both. None where it is absent."""
        node = self.nodes.get(key)
        return None if node is None else _both(node, self, key)

    def boths(self, key: str) -> tuple[Text, ...]:
        """A list of such texts; empty where it is absent."""
        node = self.nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise InputError(f"'{key}' needs a list", where=self.at(key), mend=f"write {key}: [one, another]")
        return tuple(_both(item, self, key) for item in node.value)

    def flag(self, key: str) -> bool:
        """true or false."""
        text = self.text(key)
        if text not in ("true", "false"):
            raise InputError(f"'{text}' is neither true nor false", where=self.at(key), mend="write true or false")
        return text == "true"

    def whole(self, key: str) -> int | None:
        """A whole number above 0; None where it is absent."""
        text = self.text(key, "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= 30 and int(text) > 0):
            raise InputError(f"'{text}' is no whole number above 0", where=self.at(key), mend="write it in digits")
        return int(text) if text else None

    def number(self, key: str, low: float, high: float) -> float:
        """A number from `low` up to and including `high`."""
        text = self.text(key)
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            mend = f"give a number from {low:g} to {high:g}"
            raise InputError(f"'{text}' does not fit here", where=self.at(key), mend=mend)
        return value

    def inner(self, key: str) -> Entry:
        """The mapping under a key."""
        if key not in self.nodes:
            raise InputError(f"'{key}' is absent", where=self.at(key), mend=f"write {key}: and its keys")
        return Entry(self.nodes[key], f"{self.place}, {key}")

    def dated(self, key: str) -> Dated:
        """A date as precisely as it is written."""
        return _dated(self.text(key), self.at(key))

    def day(self, key: str) -> date | None:
        """A last day must be known to the day: what applies on it depends on it."""
        text = self.text(key, "")
        if not text:
            return None
        found = _dated(text, self.at(key))
        if found.precision != "day":
            raise InputError(f"'{text}' is not a day", where=self.at(key), mend="write yyyy-mm-dd")
        return found.first

    def one_of(self, key: str, kind: type[_KIND]) -> _KIND:
        """One of the values of an enumeration."""
        return self.choice(key, self.text(key), kind)

    def choice(self, key: str, text: str, kind: type[_KIND]) -> _KIND:
        """One of the values of an enumeration, for a text that was read already."""
        if text not in list(kind):
            raise UnknownNameError(key, text, list(kind), where=self.at(key))
        return kind(text)


def _both(node: yaml.Node, entry: Entry, key: str) -> Text:
    if isinstance(node, yaml.MappingNode):
        inner = Entry(node, entry.at(key))
        inner.only(("nl", "en"))
        return Text(inner.text("nl"), inner.text("en"))
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        mend = "write a text, or {nl: …, en: …}"
        raise InputError(f"'{key}' needs a text in both languages", where=entry.at(key), mend=mend)
    return Text(str(node.value).strip(), str(node.value).strip())


_FORMATS: Mapping[int, str] = {10: r"\d{4}-\d\d-\d\d", 7: r"\d{4}-\d\d", 4: r"\d{4}"}


def _dated(text: str, where: str) -> Dated:
    first, slash, last = text.partition("/")
    if slash:
        begin, end = _dated(first, where), _dated(last, where)
        if begin.precision != "day" or end.precision != "day" or end.first < begin.first:
            raise InputError(f"'{text}' is no range of days", where=where, mend="write yyyy-mm-dd/yyyy-mm-dd")
        return Dated(begin.first, end.first, text)
    try:
        if not re.fullmatch(_FORMATS.get(len(text), "(?!)"), text):
            raise ValueError
        year, month, day = (int(part) for part in (*text.split("-"), "0", "0")[:3])
        start = date(year, month or 1, day or 1)
        end_month = month or 12
        stop = start if day else date(year, end_month, monthrange(year, end_month)[1])
    except ValueError:
        mend = "write yyyy-mm-dd, or yyyy-mm or yyyy where no more is known"
        raise InputError(f"'{text}' is not a day", where=where, mend=mend) from None
    return Dated(start, stop, text)
