"""Every key of a scenario or a what-if file, read from its schema: what it holds, its limits, what it means."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from lodestock.scenario.schema import Estimate


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name in the file, what it holds, its unit and limits, whether it must be there, what it means."""

    name: str
    holds: str
    limits: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of keys with its model; `name` is empty for the file itself."""

    name: str
    doc: str
    model: type[BaseModel]
    keys: tuple[Key, ...]


def keys_of(whole: type[BaseModel]) -> tuple[Block, ...]:
    """All blocks of a file in its order, each once."""
    return tuple(
        Block("" if model is whole else _name(model), inspect.getdoc(model) or "", model, _keys(model))
        for model in _blocks(whole, set())
    )


def keys_text(whole: type[BaseModel]) -> str:
    """The same as lines of text: `*` is a key that must be there, `[name]` a block of its own."""
    lines = []
    for block in keys_of(whole):
        lines += [f"{block.name or 'the file'}: {' '.join(block.doc.split())}"]
        for key in block.keys:
            holds = "; ".join(part for part in (key.holds, key.limits) if part)
            lines.append(f"  {key.name}{'*' * key.required} ({_plain(holds)}): {key.meaning}".rstrip(": "))
        lines.append("")
    return "\n".join([*lines, "* must be there; [name] is a block that stands above or below under that name"])


def plain_keys(whole: type[BaseModel]) -> list[dict[str, Any]]:
    """The same as plain data for `--json`."""
    return [
        {"block": block.name or "file", "meaning": block.doc, "keys": [_plain_key(key) for key in block.keys]}
        for block in keys_of(whole)
    ]


def _plain_key(key: Key) -> dict[str, Any]:
    return asdict(key) | {"holds": _plain(key.holds), "limits": _plain(key.limits)}


def _plain(text: str) -> str:
    """Without the marks of Markdown: `[words](#words)` is `[words]`."""
    return re.sub(r"\[(\w+)\]\(#\w+\)", r"[\1]", text).replace("`", "")


def _keys(model: type[BaseModel]) -> tuple[Key, ...]:
    return tuple(
        Key(
            field.alias or name,
            _words_of(field.annotation),
            _limits(field),
            field.is_required(),
            field.description or "",
        )
        for name, field in model.model_fields.items()
    )


def _name(model: type[BaseModel]) -> str:
    return model.__name__.removesuffix("Block").lower()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The pydantic model that an annotation holds, also inside list[…] or … | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)


def _checks_of(annotation: Any) -> Iterator[Any]:
    """What is attached to an annotation, also inside … | None."""
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    for arg in get_args(annotation):
        yield from _checks_of(arg)


def _estimate_limits(field: FieldInfo) -> str:
    """Unit and range of an Estimate field, read from the check that is attached to it."""
    for item in (*field.metadata, *_checks_of(field.annotation)):
        if isinstance(item, AfterValidator):
            known = inspect.getclosurevars(item.func).nonlocals
            if "least" in known:
                return f"`1`, {known['least']:g} to {known['most']:g}"
            if item.func.__name__ == "_positive":
                return "`t/yr`, at least 0"
            if "unit" in known:
                return f"`{known['unit']}`, {known['lowest']:g} to {known['highest']:g}"
    return ""


def _words_of(annotation: Any) -> str:
    """An annotation in words, with a link where it is a block of its own."""
    inner = _model_in(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _words_of(get_args(annotation)[0])
    if origin is list:
        return f"list of {_words_of(get_args(annotation)[0])}"
    if origin is dict:
        key, value = get_args(annotation)
        return f"{_words_of(value)} under each {_words_of(key)}"
    if inner is Estimate:
        return "estimate"
    if inner is not None:
        return f"[{_name(inner)}](#{_name(inner)})"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " / ".join(f"`{item.value}`" for item in annotation)
    if origin is not None and str(origin).endswith("Literal"):
        return " / ".join(f"`{item}`" for item in get_args(annotation))
    if origin is not None:
        return " or ".join(_words_of(arg) for arg in get_args(annotation) if arg is not NoneType)
    names = {str: "text", int: "whole number", float: "number", date: "date (yyyy-mm-dd)", bool: "true or false"}
    return names.get(annotation, str(annotation))


def _limits(field: FieldInfo) -> str:
    """What a value must keep to."""
    found = []
    for item in field.metadata:
        if isinstance(item, Ge):
            found.append(f"at least {item.ge}")
        elif isinstance(item, Gt):
            found.append(f"above {item.gt}")
        elif isinstance(item, Le):
            found.append(f"at most {item.le}")
        elif isinstance(item, MinLen) and item.min_length == 1 and get_origin(field.annotation) is list:
            found.append("at least one")
    return _estimate_limits(field) or ", ".join(found)


def _blocks(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The model and every model inside it, each once, in the order of the file."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from _blocks(inner, seen)
