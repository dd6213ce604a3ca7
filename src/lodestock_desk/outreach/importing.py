"""A file of companies read row by row: what would change, and what is wrong in which row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind

COLUMNS = ("name", "kvk", "sbi", "products", "association")
MOST_ROWS = 5000
# A Dutch spreadsheet writes the code 28.11 as 28,11, which is also how two codes can stand beside each other.
_TWO_CODES = re.compile(r"(?<![\d.,])\d{2},\d{1,3}(?![\d.,])")


@dataclass(slots=True)
class Row:
    """A row: its number in the file, its values, what would happen with it, and its faults."""

    number: int
    values: dict[str, Any]
    change: str = "new"
    differences: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As it is stored with the import."""
        return {
            "number": self.number, "values": self.values, "change": self.change, "differences": self.differences,
            "faults": self.faults,
        }  # fmt: skip


def _cells(name: str, content: bytes) -> Iterator[list[str]]:
    if name.lower().endswith(".xlsx"):
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for line in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=30):
                yield [_written(value) for value in line]
        except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
            raise InputError(_("This Excel file cannot be read."), mend=_("Save it as CSV.")) from None
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(_("The file is not UTF-8."), mend=_("Save it as CSV UTF-8.")) from None
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        yield from csv.reader(io.StringIO(text), dialect)
    except csv.Error as error:
        raise InputError(_("The file cannot be read as CSV."), why=str(error)) from None


def _written(value: Any) -> str:
    """A cell as text; a spreadsheet keeps 12345678 as 12345678.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def read_companies(name: str, content: bytes) -> list[Row]:
    """The rows of a CSV or Excel file, compared with the companies that are known by their KvK number."""
    lines = [line for line in _cells(name, content) if any(cell.strip() for cell in line)]
    if not lines:
        raise InputError(_("The file is empty."))
    header = [cell.strip().lower() for cell in lines[0]]
    if missing := [column for column in ("name", "kvk") if column not in header]:
        raise InputError(_("Columns are missing."), why=", ".join(missing), mend=", ".join(COLUMNS))
    if len(lines) - 1 > MOST_ROWS:
        raise InputError(_("Too many rows."), mend=_("Give at most %d rows at a time.") % MOST_ROWS)
    rows = [_row(number, dict(zip(header, line, strict=False))) for number, line in enumerate(lines[1:], start=2)]
    _compare(rows)
    return rows


def _row(number: int, cells: dict[str, str]) -> Row:
    get = {column: cells.get(column, "").strip() for column in COLUMNS}
    sbi = [part.strip() for part in re.split(r"[;,\s]+", get["sbi"]) if part.strip()]
    products = [part.strip() for part in get["products"].split(";") if part.strip()]
    row = Row(number, {"name": get["name"], "kvk": get["kvk"], "sbi": sbi, "products": products,
                       "association": get["association"]})  # fmt: skip
    if not get["name"] or len(get["name"]) > 200:
        row.faults.append(_("name: give a name of at most 200 characters"))
    if not re.fullmatch(r"\d{8}", get["kvk"]):
        row.faults.append(_("kvk: a KvK number has eight digits"))
    if two := _TWO_CODES.search(get["sbi"]):
        codes = {"text": two[0], "one": two[0].replace(",", "."), "several": two[0].replace(",", "; ")}
        row.faults.append(_("sbi: “%(text)s” can be one code or two: write %(one)s or %(several)s") % codes)
    if bad := [code for code in sbi if not re.fullmatch(r"\d{2}(\.?\d{1,3})?", code)]:
        row.faults.append(_("sbi: not an SBI code: %s") % ", ".join(bad))
    return row


def _compare(rows: list[Row]) -> None:
    known = {c.kvk: c for c in Organisation.objects.filter(kind=Kind.COMPANY, kvk__in=[r.values["kvk"] for r in rows])}
    associations = {a.name.casefold() for a in Organisation.objects.filter(kind=Kind.ASSOCIATION)}
    associations |= {a.abbreviation.casefold() for a in Organisation.objects.filter(kind=Kind.ASSOCIATION)} - {""}
    seen: set[str] = set()
    for row in rows:
        kvk, association = row.values["kvk"], row.values["association"]
        if kvk in seen:
            row.faults.append(_("kvk: this number stands twice in the file"))
        seen.add(kvk)
        if association and association.casefold() not in associations:
            row.faults.append(_("association: not known: %s") % association)
        company = known.get(kvk)
        if company is not None:
            row.differences = [
                f"{name}: {getattr(company, name)} → {row.values[name]}"
                for name in ("name", "sbi", "products")
                if row.values[name] and getattr(company, name) != row.values[name]
            ]
            row.change = "changed" if row.differences else "same"
