"""A case: inputs, expected values, tolerance and source, read from a YAML file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.verification.inputs import read_inputs
from lodestock.verification.located_yaml import Located, Place, read_located
from lodestock.verification.registry import Given, Kind, find_kind

_REQUIRED = ("id", "kind", "title", "source", "inputs", "expected", "tolerance")
_KEYS = (*_REQUIRED, "tolerance_at", "note")
_SHIPPED = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a computed value may lie from the expected one: within the wider of the two."""

    absolute: float = 0.0
    relative: float = 0.0

    def allowed(self, expected: float) -> float:
        """The largest difference that passes, in the unit of the value."""
        return max(self.absolute, self.relative * abs(expected))


@dataclass(frozen=True, slots=True)
class Case:
    """A check with a known answer. `tolerance_at` overrides `tolerance` for one expected name and what is under it."""

    id: str
    kind: Kind
    title: Text
    source: str
    inputs: Given
    expected: Mapping[str, object]
    tolerance: Tolerance
    tolerance_at: Mapping[str, Tolerance]
    note: str
    document: Located = field(repr=False, compare=False)


def shipped_cases() -> tuple[Case, ...]:
    """All cases that ship, in order of their file names."""
    return tuple(load_case(path) for path in sorted(_SHIPPED.glob("*.yml")))


def load_case(path: str | Path) -> Case:
    """The case in a YAML file; anything wrong with it is an InputError that names file, line and key."""
    document = read_located(Path(path))
    content = document.value
    if not isinstance(content, dict):
        raise InputError(
            "the case file holds no case", where=document.where(()), mend=f"give it the keys {', '.join(_REQUIRED)}"
        )
    for key in content:
        if key not in _KEYS:
            raise UnknownNameError("key", key, _KEYS, where=document.where((key,)))
    if content.get("kind") is not None:  # first, because it decides what else belongs in the file
        find_kind(_text(document, content, "kind"), where=document.where(("kind",)))
    for key in _REQUIRED:
        if content.get(key) is None:
            raise InputError(f"the case has no '{key}'", where=document.where(()), mend=f"add the key {key}")
    kind = find_kind(_text(document, content, "kind"), where=document.where(("kind",)))
    expected = _expected(document, content["expected"], kind)
    return Case(
        _text(document, content, "id"),
        kind,
        _title(document, content["title"]),
        _text(document, content, "source"),
        read_inputs(document, content["inputs"], kind.inputs, ("inputs",)),
        expected,
        _tolerance(document, content["tolerance"], ("tolerance",)),
        _tolerance_at(document, content.get("tolerance_at"), expected),
        _text(document, content, "note") if content.get("note") is not None else "",
        document,
    )


def _text(document: Located, content: Mapping[str, object], key: str) -> str:
    value = content[key]
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise InputError(f"'{key}' is not a text", where=document.where((key,)), mend="put it between quotes")
    return str(value).strip()


def _title(document: Located, value: object) -> Text:
    if isinstance(value, Mapping) and set(value) == {"nl", "en"} and all(isinstance(t, str) for t in value.values()):
        return Text(str(value["nl"]), str(value["en"]))
    if isinstance(value, str):
        return Text(value, value)
    raise InputError("the title is not a text", where=document.where(("title",)), mend="give a text, or nl: and en:")


def _expected(document: Located, value: object, kind: Kind) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not value:
        raise InputError(
            "nothing is expected", where=document.where(("expected",)), mend=f"expect one of {', '.join(kind.computes)}"
        )
    for name in value:
        if name not in kind.computes:
            raise UnknownNameError("expected value", name, kind.computes, where=document.where(("expected", name)))
    _check_leaves(document, value, ("expected",))
    return value


def _check_leaves(document: Located, value: object, place: Place) -> None:
    if isinstance(value, Mapping):
        children: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    else:
        # .inf and .nan are text here, so that every number that reaches a comparison is finite
        if isinstance(value, str) and value.lower().lstrip("+-") in (".nan", ".inf", "nan", "inf"):
            raise InputError(
                "an expected value is not a finite number", where=document.where(place), why=f"found {value}",
                mend="expect a finite number, or null for a value that does not exist",
            )  # fmt: skip
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError("an expected value is too large", where=document.where(place), mend="give a finite number")
        return
    if not children:
        raise InputError("an expected value is empty", where=document.where(place), mend="fill it in or leave it out")
    for key, child in children:
        _check_leaves(document, child, (*place, key))


def _tolerance(document: Located, value: object, place: Place) -> Tolerance:
    known = ("absolute", "relative")
    if not isinstance(value, Mapping) or not value:
        raise InputError(
            "the tolerance does not say which it is",
            where=document.where(place),
            mend="write absolute: and/or relative:",
        )
    for key, size in value.items():
        if key not in known:
            raise UnknownNameError("tolerance", key, known, where=document.where((*place, key)))
        if isinstance(size, bool) or not isinstance(size, int | float) or not 0.0 <= size < math.inf:
            raise InputError(
                f"the {key} tolerance is not a number of 0 or more",
                where=document.where((*place, key)),
                why=f"found {size!r}",
                mend="give for instance 1e-9",
            )
    return Tolerance(float(value.get("absolute", 0.0)), float(value.get("relative", 0.0)))


def _tolerance_at(document: Located, value: object, expected: Mapping[str, object]) -> Mapping[str, Tolerance]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(
            "tolerance_at is not names with tolerances",
            where=document.where(("tolerance_at",)),
            mend="write name: {absolute: …}",
        )
    for name in value:
        if name not in expected:
            raise UnknownNameError("expected value", name, expected, where=document.where(("tolerance_at", name)))
    return {name: _tolerance(document, size, ("tolerance_at", name)) for name, size in value.items()}
