"""Coalitions with the countries that belonged to them on a day, and regions for which a result is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import _tables
from lodestock.vocabulary.countries import country, names


@dataclass(frozen=True, slots=True)
class Coalition(_tables.Bilingual):
    """A coalition on a day.

    members:   three-letter codes, sorted, of those known to be members on that day.
    uncertain: three-letter codes of those whose day of joining is not known and may be before or after that day.
    """

    id: str
    name_en: str
    name_nl: str
    on: date
    members: tuple[str, ...]
    uncertain: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Region(_tables.Bilingual):
    """For whom a result is: one country, or the members of a coalition on a day (three-letter codes, sorted)."""

    id: str
    name_en: str
    name_nl: str
    on: date
    members: tuple[str, ...]
    uncertain: tuple[str, ...] = ()


@cache
def _names() -> _tables.Names:
    own = ((row[column], row["id"]) for row in _tables.rows("coalition") for column in ("id", "name_en", "name_nl"))
    aliases = ((row["alias"], row["coalition"]) for row in _tables.rows("coalition_alias"))
    return _tables.index("coalition", [*own, *aliases])


def coalition_ids() -> tuple[str, ...]:
    """The ids of all coalitions."""
    return tuple(row["id"] for row in _tables.rows("coalition"))


def _membership(base: str, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    certain: list[str] = []
    uncertain: list[str] = []
    for row in _tables.rows("coalition_member"):
        span = _tables.day(row["valid_from"]), _tables.day(row["valid_until"])
        if row["coalition"] == base and _tables.in_force(on, *span):
            known = date.fromisoformat(row["certain_from"]) <= on
            (certain if known else uncertain).append(row["iso3"])
    return tuple(sorted(certain)), tuple(sorted(uncertain))


def coalition(name: str, on: date) -> Coalition:
    """Who belonged to a coalition on a day?

    EU is the Union as it was on the day. A name with a number (EU27, EU28) is known only on the days on which the
    Union had that many members, else InputError; EU27_2020 is the present composition on any day.
    Raises UnknownNameError with the nearest known names.
    """
    key = _names().find(name)
    row = next(row for row in _tables.rows("coalition") if row["id"] == key)
    first, last = _tables.day(row["valid_from"]), _tables.day(row["valid_until"])
    if not _tables.in_force(on, first, last):
        why = f"the name holds from {first} to {last}" if last else f"the name holds from {first}"
        mend = f"say {row['base']} for the members on that day, or EU27_2020 for the composition of 2020"
        raise InputError(f"there was no {key} on {on}", why=why, mend=mend if row["base"] else "choose a later day")
    certain, uncertain = _membership(row["base"] or key, _tables.day(row["as_of"]) or on)
    return Coalition(key, row["name_en"], row["name_nl"], on, certain, uncertain, row["note"])


def region(name: str, on: date) -> Region:
    """For whom is the result? A country by any code or name, or a coalition with its members on that day.

    Raises UnknownNameError with the nearest country and coalition names.
    """
    if name in names():
        own = country(name)
        return Region(own.iso3, own.name_en, own.name_nl, on, (own.iso3,))
    if name in _names():
        group = coalition(name, on)
        return Region(group.id, group.name_en, group.name_nl, on, group.members, group.uncertain)
    raise UnknownNameError("country or coalition", name, [*_names().shown, *names().shown])
