"""The inputs of a case against the inputs of its kind: names, forms, numbers and units."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lodestock.errors import InputError, UnknownNameError
from lodestock.verification.located_yaml import NUMBER, Located, Place
from lodestock.verification.registry import Form, Given, Input

_PLAIN = ("", "-", "1")


def read_inputs(document: Located, given: object, declared: Mapping[str, Input], place: Place) -> Given:
    """The values of all declared inputs; unknown, missing, non-numeric and wrongly measured ones are errors."""
    if not isinstance(given, Mapping):
        raise InputError(
            "inputs are not names with values", where=document.where(place), mend="write one 'name: value' per line"
        )
    for name in given:
        if name not in declared:
            raise UnknownNameError("input", name, declared, where=document.where((*place, name)))
    values: dict[str, object] = {}
    for name, item in declared.items():
        if name not in given:
            if not item.optional:
                raise InputError(
                    f"input '{name}' is missing",
                    where=document.where(place),
                    mend=f"add {name}: {item.what} [{item.unit}]",
                )
            values[name] = None
            continue
        values[name] = _value(document, given[name], item, (*place, name))
    return Given(values)


def _value(document: Located, raw: object, item: Input, place: Place) -> object:
    if item.form in (Form.TEXT, Form.TEXTS):
        return _text(document, raw, item, place)
    if item.form is Form.FLAG:
        if not isinstance(raw, bool):
            raise _wrong(document, place, item, raw)
        return raw
    if item.form is Form.ROWS:
        return _rows(document, raw, item, place)
    bare, unit = _split(raw)
    single = item.form in (Form.NUMBER, Form.WHOLE)
    value = _number(document, bare, item, place) if single else _array(document, bare, item, place)
    _check_unit(document, unit, item, place)
    return value


def _split(raw: object) -> tuple[object, str]:
    """The value and its unit, from `8 kEUR/t`, {value: 8, unit: …} or {values: […], unit: …}."""
    if isinstance(raw, Mapping) and set(raw) in ({"value", "unit"}, {"values", "unit"}, {"value"}, {"values"}):
        bare = raw.get("value", raw.get("values"))
        return bare, str(raw.get("unit", ""))
    if isinstance(raw, str):
        found = NUMBER.match(raw.strip())
        if found and (rest := raw.strip()[found.end() :]) and rest[0].isspace():
            return float(found.group()), rest.strip()
    return raw, ""


def _check_unit(document: Located, unit: str, item: Input, place: Place) -> None:
    written, wanted = (text.replace("€", "EUR").strip() for text in (unit, item.unit))
    if written == wanted or (wanted in _PLAIN and written in _PLAIN):
        return
    name = place[-1]
    if not written:
        raise InputError(
            f"input '{name}' has no unit",
            where=document.where(place),
            why=item.what,
            mend=f"write the value with '{wanted}'",
        )
    raise InputError(
        f"input '{name}' is given in {written}, not in {wanted if wanted not in _PLAIN else 'plain numbers'}",
        where=document.where(place),
        why=item.what,
        mend="convert the value to the unit of this kind of check",
    )


def _number(document: Located, bare: object, item: Input, place: Place) -> float | int:
    if isinstance(bare, bool) or not isinstance(bare, int | float) or not math.isfinite(bare):
        raise _wrong(document, place, item, bare)
    if item.form is Form.WHOLE:
        if bare != int(bare):
            raise _wrong(document, place, item, bare)
        return int(bare)
    return float(bare)


def _array(document: Located, bare: object, item: Input, place: Place) -> object:
    if not isinstance(bare, list) or not bare:
        raise _wrong(document, place, item, bare)
    deep = item.form is Form.MATRIX
    one = Input(item.what, item.unit)
    inner = (*place, "values")
    if not deep:
        return np.array([_number(document, v, one, (*inner, n)) for n, v in enumerate(bare)], dtype=np.float64)
    rows = []
    for number, row in enumerate(bare):
        if not isinstance(row, list) or len(row) != len(bare[0]):
            raise InputError(
                f"the rows of '{place[-1]}' are not equally long",
                where=document.where((*inner, number)),
                mend="give each row the same number of values",
            )
        rows.append([_number(document, v, one, (*inner, number, n)) for n, v in enumerate(row)])
    return np.array(rows, dtype=np.float64)


def _text(document: Located, raw: object, item: Input, place: Place) -> object:
    texts = raw if item.form is Form.TEXTS else [raw]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _wrong(document, place, item, raw)
    for text in texts:
        if item.choices and text not in item.choices:
            raise UnknownNameError(str(place[-1]), text, item.choices, where=document.where(place))
    return texts if item.form is Form.TEXTS else texts[0]


def _rows(document: Located, raw: object, item: Input, place: Place) -> list[Given]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("rows"), list) or set(raw) - {"rows", "units"}:
        raise _wrong(document, place, item, raw)
    units = raw.get("units") or {}
    if not isinstance(units, Mapping):
        raise _wrong(document, (*place, "units"), item, units)
    for name in units:
        if name not in item.columns:
            raise UnknownNameError("column", name, item.columns, where=document.where((*place, "units", name)))
    plain: dict[str, Input] = {}
    for name, column in item.columns.items():
        if column.form in (Form.NUMBER, Form.WHOLE):
            _check_unit(document, str(units.get(name, "")), column, (*place, "units", name))
            column = Input(column.what, "-", column.form, optional=column.optional)
        plain[name] = column
    return [read_inputs(document, row, plain, (*place, "rows", number)) for number, row in enumerate(raw["rows"])]


def _wrong(document: Located, place: Place, item: Input, found: object) -> InputError:
    shown = repr(found) if len(repr(found)) < 60 else f"{type(found).__name__}"
    asked = f"a {item.form}" if item.form is not Form.NUMBER else "a finite number"
    unit = "" if item.unit in _PLAIN else f" in {item.unit}"
    name = next(key for key in reversed(place) if isinstance(key, str) and key != "values")
    return InputError(
        f"input '{name}' is not {asked}",
        where=document.where(place),
        why=f"found {shown}",
        mend=f"give {asked}{unit}: {item.what}",
    )
