"""What differs between two results in the words of the reader: labels, names of countries and codes, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lodestock_desk.dossiers.numbers import render_number
from lodestock_desk.dossiers.results import Change
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.dossiers.tables import cell_in_words, header_in_words


def in_words(changes: Sequence[Change], result: PublishedResult, lang: str) -> list[Change]:
    """The changes with their rows, columns and values as a person reads them. result: the one they lead to.

    Two values that look the same when rounded are shown as they are kept.
    """
    tables = {str(table["name"]): table["columns"] for table in result.content.tables}
    keys = [change.row for change in changes if change.table == "numbers"]
    entries = {number.key: number.entry for number in result.content.numbers.filter(key__in=keys)}
    return [
        _number(change, entries.get(change.row, {}), lang)
        if change.table == "numbers"
        else _cell(change, tables.get(change.table, {}), lang)
        for change in changes
    ]


def _number(change: Change, entry: Mapping[str, Any], lang: str) -> Change:
    said = [_as_number(text, str(entry.get("unit") or ""), lang) for text in (change.old, change.new)]
    label = (entry.get("label") or {}).get(lang) or change.row
    return replace(change, row=str(label), column=_("value"), **_apart(change, *said))


def _as_number(text: str, unit: str, lang: str) -> str:
    try:
        return render_number({"value": float(text), "unit": unit}, lang) if text else ""
    except ValueError:
        return text


def _cell(change: Change, columns: Mapping[str, Mapping[str, Any]], lang: str) -> Change:
    name, unit, column = _column(change.column, columns)
    said = [cell_in_words(name, unit, text, column, lang) if text else "" for text in (change.old, change.new)]
    row = []
    for header, text in change.names:
        key, key_unit, key_column = _column(header, columns)
        if text.strip("’"):
            row.append(cell_in_words(key, key_unit, text, key_column, lang))
    return replace(
        change, row=" · ".join(row) or change.row, column=header_in_words(name, column, lang), **_apart(change, *said)
    )


def _column(header: str, columns: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, Mapping[str, Any]]:
    name = header.partition(" [")[0]
    column = columns.get(name, {})
    return name, str(column.get("unit", "")), column


def _apart(change: Change, old: str, new: str) -> dict[str, str]:
    return {"old": change.old, "new": change.new} if old == new else {"old": old, "new": new}
