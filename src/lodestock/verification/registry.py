"""The kinds of check: a name, the inputs it takes with their units, what it computes, and the function.

A kind is a function in a module of `lodestock.verification.kinds`, marked with `@kind`; every module there is found
by itself, so adding a file adds its kinds.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from lodestock.errors import UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.verification import kinds

FloatArray = npt.NDArray[np.float64]
Computed = Mapping[str, object]
_T = TypeVar("_T")


class Form(StrEnum):
    """How an input is written."""

    NUMBER = "number"  # carry: 8 kEUR/t/yr
    WHOLE = "whole number"  # months: 24 month
    NUMBERS = "list of numbers"  # {values: [1, 2], unit: t}
    MATRIX = "rows of numbers"  # {values: [[1, 2], [3, 4]], unit: t}
    TEXT = "text"
    TEXTS = "list of texts"
    FLAG = "true or false"
    ROWS = "table"  # {rows: [{name: a, cost: 1}], units: {cost: kEUR/t}}


@dataclass(frozen=True, slots=True)
class Input:
    """What a kind takes: what it means, how it is written and in which unit ("-" for a plain number).

    choices: the texts that are allowed; optional inputs may be left out and are then None; columns: of a table.
    """

    what: str
    unit: str = "-"
    form: Form = Form.NUMBER
    choices: tuple[str, ...] = ()
    optional: bool = False
    columns: Mapping[str, Input] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """The inputs of a case, checked against its kind; each is asked for by name in the form it was declared."""

    values: Mapping[str, object]

    def has(self, name: str) -> bool:
        """Whether an optional input was given."""
        return self.values.get(name) is not None

    def number(self, name: str) -> float:
        """An input of form NUMBER."""
        return self._take(name, float)

    def whole(self, name: str) -> int:
        """An input of form WHOLE."""
        return self._take(name, int)

    def numbers(self, name: str) -> FloatArray:
        """An input of form NUMBERS or MATRIX, as an array of one or two dimensions."""
        return cast(FloatArray, self._take(name, np.ndarray))

    def text(self, name: str) -> str:
        """An input of form TEXT."""
        return self._take(name, str)

    def texts(self, name: str) -> list[str]:
        """An input of form TEXTS."""
        return cast(list[str], self._take(name, list))

    def flag(self, name: str) -> bool:
        """An input of form FLAG."""
        return self._take(name, bool)

    def rows(self, name: str) -> list[Given]:
        """An input of form ROWS: each row is asked for its columns in the same way."""
        return cast("list[Given]", self._take(name, list))

    def _take(self, name: str, kind_of_value: type[_T]) -> _T:
        value = self.values[name]
        if not isinstance(value, kind_of_value):
            raise TypeError(f"input '{name}' was declared in another form than it is asked for")
        return value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check. `computes` names every value that `compute` returns, with its meaning and unit."""

    name: str
    title: Text
    inputs: Mapping[str, Input]
    computes: Mapping[str, str]
    compute: Callable[[Given], Computed]

    @property
    def doc(self) -> str:
        """What the kind answers, its inputs and what may be expected of it, as text."""
        lines = [f"{self.name}: {(self.compute.__doc__ or '').strip()}", "  inputs:"]
        lines += [f"    {name} [{item.unit}] ({item.form}): {item.what}" for name, item in self.inputs.items()]
        return "\n".join([*lines, "  expected:", *(f"    {name}: {text}" for name, text in self.computes.items())])


_REGISTERED: dict[str, Kind] = {}


def kind(
    name: str, *, title: Text, inputs: Mapping[str, Input], computes: Mapping[str, str]
) -> Callable[[Callable[[Given], Computed]], Callable[[Given], Computed]]:
    """Register a function as a kind of check. Its docstring says what it answers; it returns what `computes` names."""

    def register(compute: Callable[[Given], Computed]) -> Callable[[Given], Computed]:
        if name in _REGISTERED:
            raise ValueError(f"two kinds of check are called '{name}'")
        _REGISTERED[name] = Kind(name, title, dict(inputs), dict(computes), compute)
        return compute

    return register


@functools.cache
def all_kinds() -> Mapping[str, Kind]:
    """All kinds of check by name; every module in `lodestock.verification.kinds` is loaded once."""
    for module in sorted(pkgutil.iter_modules(kinds.__path__), key=lambda found: found.name):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return dict(sorted(_REGISTERED.items()))


def find_kind(name: str, *, where: str) -> Kind:
    """The kind with this name; an unknown name is an error that offers the nearest."""
    known = all_kinds()
    if name not in known:
        raise UnknownNameError("kind of check", name, known, where=where)
    return known[name]
