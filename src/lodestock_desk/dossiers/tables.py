"""Tables of results in the words of the reader: header, units, names of countries and codes; rounded as in a brief."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from lodestock.errors import UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import CONVENTIONS
from lodestock.publish.figures.dependency import IMPORTERS, PARTNERS, PRODUCTS
from lodestock.publish.figures.tables import HEADERS
from lodestock.publish.numbers import UNITS, UNKNOWN, full_text, number_text
from lodestock.publish.words import date_text, month_text
from lodestock.vocabulary import country
from lodestock_desk.dossiers.results import rows_of
from lodestock_desk.dossiers.stored import ResultContent

MOST_ROWS = 48
_WORDS: dict[str, Mapping[str, Text]] = {
    "convention": CONVENTIONS, "importer": IMPORTERS, "product": PRODUCTS, "partner": PARTNERS,
}  # fmt: skip
_UNIT_CODES = {"M€": "MEUR", "M€/yr": "MEUR/yr", "k€/t": "kEUR/t"}
_COUNTRY = re.compile(r"^[A-Z]{3}$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A table for the page; `left` rows stand only in the CSV. `numeric` says which columns are numbers."""

    name: str
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    left: int

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """Rows of (column, cell, is a number)."""
        return [list(zip(self.header, row, self.numeric, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table of a content: the fingerprint of the content and the name tell it apart, its rows are not compared."""

    content: str
    name: str
    table: Mapping[str, Any] = field(compare=False, repr=False)


def tables_of(content: ResultContent, lang: str) -> list[Shown]:
    """The tables of a result in one language. A content never changes, so each is made once."""
    return [_shown(_Kept(content.sha256, str(table["name"]), table), lang) for table in content.tables]


@lru_cache(maxsize=512)
def _shown(kept: _Kept, lang: str) -> Shown:
    return shown_table(kept.table, lang)


def shown_table(table: Mapping[str, Any], lang: str, most: int = MOST_ROWS) -> Shown:
    """The table of a result in one language; columns of the other language are left out."""
    head, rows = rows_of(str(table["csv"]))
    columns: Mapping[str, Mapping[str, Any]] = table["columns"]
    names = [name.partition(" [")[0] for name in head]
    other = "_en" if lang == "nl" else "_nl"
    kept = [i for i, name in enumerate(names) if not name.endswith(other)]
    header = tuple(header_in_words(names[i], columns.get(names[i], {}), lang) for i in kept)
    units = {i: str(columns.get(names[i], {}).get("unit", "")) for i in kept}
    body = tuple(
        tuple(cell_in_words(names[i], units[i], row[i], columns.get(names[i], {}), lang) for i in kept)
        for row in rows[:most]
    )
    numeric = tuple(units[i] not in ("", "yyyy-mm-dd") for i in kept)
    return Shown(str(table["name"]), str(table["file"]), header, body, numeric, max(0, len(rows) - most))


def header_in_words(name: str, column: Mapping[str, Any], lang: str) -> str:
    """A column in the words of the reader."""
    if isinstance(column.get("label"), Mapping):
        return str(column["label"][lang])
    return HEADERS[name][lang] if name in HEADERS else name.replace("_", " ")


def cell_in_words(name: str, unit: str, text: str, column: Mapping[str, Any], lang: Any) -> str:
    """A cell in the words of the reader: names of countries and codes, numbers rounded as in a brief."""
    if text == "":
        return UNKNOWN[lang] if unit else "–"
    if unit == "yyyy-mm-dd":
        return _day(text, lang)
    if unit:
        return _number(text, unit, lang)
    words = _WORDS.get(name, {})
    if text in words:
        return words[text][lang]
    if isinstance(column.get("words"), Mapping) and text in column["words"]:
        return str(column["words"][text][lang])
    return _country(text, lang) if _COUNTRY.match(text) else text


def _number(text: str, unit: str, lang: Any) -> str:
    code = _UNIT_CODES.get(unit, unit)
    try:
        value = float(text)
    except ValueError:
        return text
    return number_text(value, code, lang) if code in UNITS else full_text(value, unit, lang, 3)


def _day(text: str, lang: Any) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return month_text(day, lang) if day.day == 1 else date_text(day, lang)


@cache
def _country(code: str, lang: str) -> str:
    try:
        return country(code).name(lang)
    except UnknownNameError:
        return code
