"""YAML in which every value knows its line, read without the traps of YAML 1.1.

`NO` stays the text NO, `1e-9` is a number, `010` is ten, `1:30` is text, and a key that stands twice is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from lodestock.errors import InputError

Key = str | int
Place = tuple[Key, ...]

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_WHOLE = re.compile(r"[-+]?\d+")
_DEEPEST = 24


@dataclass(slots=True)
class Located:
    """A document and where it came from: `value` of plain lists, mappings and scalars; `lines` by place in it."""

    file: str
    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """File, line and key, for an error."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return f"{self.file}, line {self.lines.get(known, 1)}, key {spell(place)}" if place else f"{self.file}, line 1"


def spell(place: Place) -> str:
    """A place as people write it: inputs.rows[2].cost."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return text.removeprefix(".")


def read_located(path: Path) -> Located:
    """The YAML document in a file, with the line of every value; InputError names file and line of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the case file cannot be read", where=str(path), why=str(error), mend="give a readable text file in UTF-8"
        ) from None
    located = Located(str(path))
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise InputError(
            "the case file is not YAML",
            where=f"{path}, line {line}",
            why=str(getattr(error, "problem", None) or error),
            mend="mind indentation and colons; put text that contains ': ' or '#' between quotes",
        ) from None
    if node is not None:
        located.value = _convert(node, (), located)
    return located


def _convert(node: yaml.Node, place: Place, located: Located) -> object:
    located.lines.setdefault(place, node.start_mark.line + 1)
    if len(place) > _DEEPEST:
        raise InputError("the case is nested too deeply", where=located.where(place), mend="write it flatter")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, located)
    if isinstance(node, yaml.SequenceNode):
        return [_convert(child, (*place, number), located) for number, child in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(node: yaml.MappingNode, place: Place, located: Located) -> dict[str, object]:
    out: dict[str, object] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        here = (*place, key)
        if key in out:
            raise InputError(
                f"key '{key}' stands twice",
                where=f"{located.file}, line {key_node.start_mark.line + 1}, key {spell(here)}",
                mend="keep one of the two",
            )
        located.lines[here] = key_node.start_mark.line + 1
        out[key] = _convert(child, here, located)
    return out


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):  # what stands between quotes is text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
