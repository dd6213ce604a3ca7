"""Which result a block means, whether there is a newer one, and what the two differ in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lodestock_desk.dossiers.stored import PublishedResult, ResultNumber


def result_on(name: str, day: date | str) -> PublishedResult | None:
    """The result with this name and day; None when it is gone or never was."""
    return PublishedResult.objects.select_related("content").filter(name=name, day=day).first()


def newest(name: str) -> PublishedResult | None:
    """The newest result with this name."""
    return PublishedResult.objects.select_related("content").filter(name=name).order_by("-day").first()


def number_in(name: str, day: date | str, key: str) -> dict[str, object] | None:
    """The ledger entry `key` of the run `name` on `day`, as plain data; None when it is not there."""
    found = ResultNumber.objects.filter(content__results__name=name, content__results__day=day, key=key).first()
    return found.entry if found else None


def newest_number(name: str, key: str) -> tuple[date, dict[str, object]] | None:
    """The entry `key` of the newest run `name` that holds it, with its day."""
    found = PublishedResult.objects.filter(name=name, content__numbers__key=key).order_by("-day").first()
    if found is None:
        return None
    entry = ResultNumber.objects.get(content=found.content_id, key=key).entry
    return found.day, entry


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs between two days: which row and column, the old and the new value ('' is no value).

    names: the columns that name the row, each with its text.
    """

    table: str
    row: str
    column: str
    old: str
    new: str
    names: tuple[tuple[str, str], ...] = ()


def rows_of(csv_text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV text."""
    read = list(csv.reader(io.StringIO(csv_text)))
    return (read[0], read[1:]) if read else ([], [])


def differences(old: PublishedResult, new: PublishedResult, most: int = 200) -> list[Change]:
    """What differs between two results of one name, at most `most` cells; rows are matched by their text columns."""
    if old.content_id == new.content_id:
        return []
    before = {table["name"]: table["csv"] for table in old.content.tables}
    after = {table["name"]: table["csv"] for table in new.content.tables}
    found: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        found += _table_changes(name, before.get(name, ""), after.get(name, ""))
    found += _number_changes(old, new)
    return found[:most]


def _number_changes(old: PublishedResult, new: PublishedResult) -> Iterable[Change]:
    before = {n.key: n.entry.get("value") for n in old.content.numbers.all()}
    after = {n.key: n.entry.get("value") for n in new.content.numbers.all()}
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield Change("numbers", key, "value", _told(before.get(key)), _told(after.get(key)))


def _told(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _table_changes(name: str, old: str, new: str) -> list[Change]:
    head_old, rows_old = rows_of(old)
    head_new, rows_new = rows_of(new)
    keys = _key_columns(head_old or head_new, [*rows_old, *rows_new])
    before, after = (_by_key(rows, keys) for rows in (rows_old, rows_new))
    columns = list(dict.fromkeys([*head_old, *head_new]))
    found = []
    naming = [(head_old or head_new)[i] for i in keys if i < len(head_old or head_new)]
    for key in dict.fromkeys([*before, *after]):
        names = tuple(zip(naming, key, strict=False))
        for column in columns:
            was, now = _cell(before.get(key), head_old, column), _cell(after.get(key), head_new, column)
            if was != now:
                found.append(Change(name, " · ".join(part for part in key if part), column, was, now, names))
    return found


def _cell(row: Sequence[str] | None, head: Sequence[str], column: str) -> str:
    return row[head.index(column)] if row is not None and column in head else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _key_columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that name a row: those with words in them; without any, the first column."""
    wordy = [i for i in range(len(head)) if any(row[i] and not _is_number(row[i]) for row in rows if i < len(row))]
    return wordy or [0]


def _by_key(rows: Sequence[Sequence[str]], keys: Sequence[int]) -> dict[tuple[str, ...], Sequence[str]]:
    out: dict[tuple[str, ...], Sequence[str]] = {}
    for row in rows:
        key = tuple(row[i] for i in keys if i < len(row))
        while key in out:  # two rows of the same name: the second is told apart by its place
            key = (*key, "’")
        out[key] = row
    return out
