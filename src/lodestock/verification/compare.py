"""Expected against computed, value by value. What is not a number never passes; what is not computed is an error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lodestock.errors import InputError, UnknownNameError
from lodestock.verification.case import Case, Tolerance
from lodestock.verification.located_yaml import Place, spell

Leaf = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Check:
    """One compared value. `difference` is computed − expected, None where that has no meaning, as `tolerance` is: for
    texts, truth values and null, of which no part can be off; `line` in the file."""

    path: str
    expected: Leaf
    computed: Leaf
    difference: float | None
    tolerance: float | None
    passed: bool
    line: int

    def to_dict(self) -> dict[str, object]:
        """The check for JSON; what is not a finite number is written as text, because JSON has no word for it."""
        return {
            "path": self.path,
            "expected": _plain(self.expected),
            "computed": _plain(self.computed),
            "difference": _plain(self.difference),
            "tolerance": self.tolerance,
            "passed": self.passed,
            "line": self.line,
        }


def compare(case: Case, computed: Mapping[str, object]) -> Iterator[Check]:
    """One check per expected value of the case."""
    for name, expected in case.expected.items():
        tolerance = case.tolerance_at.get(name, case.tolerance)
        yield from _compare(case, expected, _member(case, computed, name, ("expected",)), tolerance, ("expected", name))


def _compare(case: Case, expected: object, computed: object, tolerance: Tolerance, place: Place) -> Iterator[Check]:
    if isinstance(computed, np.ndarray):
        computed = computed.tolist()
    elif isinstance(computed, np.generic):
        computed = computed.item()
    if isinstance(expected, Mapping):
        for name, below in expected.items():
            yield from _compare(case, below, _member(case, computed, name, place), tolerance, (*place, name))
    elif isinstance(expected, list):
        if not isinstance(computed, list | tuple):
            raise _other_form(case, place, "a list", computed)
        if len(expected) != len(computed):
            yield _check(case, place, len(expected), len(computed), Tolerance(), suffix=" (number of values)")
            return
        for number, (below, found) in enumerate(zip(expected, computed, strict=True)):
            yield from _compare(case, below, found, tolerance, (*place, number))
    else:
        yield _check(case, place, expected, computed, tolerance)


def _member(case: Case, computed: object, name: str, place: Place) -> object:
    if not isinstance(computed, Mapping):
        raise _other_form(case, place, "a set of names", computed)
    if name not in computed:
        names = [str(known) for known in computed]
        raise UnknownNameError("expected value", name, names, where=case.document.where((*place, name)))
    return computed[name]


def _check(
    case: Case, place: Place, expected: object, computed: object, tolerance: Tolerance, suffix: str = ""
) -> Check:
    path, line = spell(place[1:]) + suffix, _line(case, place)
    if _is_number(expected) and _is_number(computed):
        wanted, found = float(expected), float(computed)  # type: ignore[arg-type]
        difference = found - wanted
        allowed = tolerance.allowed(wanted)
        # written so that a NaN on either side fails
        return Check(
            path, wanted, found, difference, allowed, math.isfinite(difference) and abs(difference) <= allowed, line
        )
    if isinstance(computed, Mapping | list | tuple):
        raise _other_form(case, place, "a single value", computed)
    if expected is not None and computed is not None and type(expected) is not type(computed):
        raise _other_form(case, place, f"{expected!r}", computed)
    return Check(path, expected, computed, None, None, expected == computed, line)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(case: Case, place: Place) -> int:
    while place and place not in case.document.lines:
        place = place[:-1]
    return case.document.lines.get(place, 1)


def _other_form(case: Case, place: Place, expected: str, computed: object) -> InputError:
    form = (
        "a number" if _is_number(computed) else "a list" if isinstance(computed, list | tuple) else repr(computed)[:60]
    )
    return InputError(
        f"'{spell(place[1:])}' expects {expected} where {form} is computed",
        where=case.document.where(place),
        why=case.kind.computes.get(str(place[1]), ""),
        mend="write the expected value in the form of this kind of check",
    )


def _plain(value: Leaf) -> Leaf:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
