"""The page of open data: every table with its files, or why it is not given, and where the API and catalogue are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lodestock.errors import InputError
from lodestock.publish import open_data
from lodestock.publish.open_data_model import OpenTable
from lodestock_desk.api.open_data import ROOT

NAMES = {"csv": "CSV", "parquet": "Parquet", "sdmx.csv": "SDMX-CSV", "csv-metadata.json": "CSVW"}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a table: the format's name, empty for the data dictionary, and its address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in one language; `reason` says why it is not given, and is empty where it is."""

    key: str
    title: str
    years: str
    licence: str
    licence_address: str
    reason: str
    files: tuple[Download, ...]


def tables(lang: str) -> tuple[TableLine, ...]:
    """Every table by title; none where the store of this site has not been built."""
    try:
        store = open_data.ready()
    except InputError:
        return ()
    return _lines(str(store.folder), lang)


@lru_cache(maxsize=4)
def _lines(folder: str, lang: str) -> tuple[TableLine, ...]:
    """The lines of a built store; a folder's name is the fingerprint of all that it was built from."""
    found = [_line(table, lang) for table in open_data.survey(open_data.ready())]
    return tuple(sorted(found, key=lambda line: line.title.casefold()))


def _line(table: OpenTable, lang: str) -> TableLine:
    years = "" if table.first is None else str(table.first)
    if table.last not in (None, table.first):
        years = f"{table.first}–{table.last}"
    licence = table.licence if table.given else None
    return TableLine(
        table.id, table.title_nl if lang == "nl" else table.title_en, years, licence.name if licence else "",
        licence.address if licence else "", table.reason_nl if lang == "nl" else table.reason_en,
        tuple(_files(table)) if table.given else (),
    )  # fmt: skip


def _files(table: OpenTable) -> list[Download]:
    folder = f"{ROOT}/tables/{table.id}/files/{table.table}"
    endings = [ending for ending in NAMES if ending != "sdmx.csv" or table.table == "indicators"]
    found = [Download(NAMES[ending], f"{folder}.{ending}") for ending in endings]
    return [*found, Download("", f"{folder}.dictionary.csv")]
