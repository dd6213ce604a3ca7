"""What open data is made of: tables, files, licences, origins, and who publishes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

MEDIA_TYPES = {
    "csv": "text/csv",
    "csvw": "application/csvm+json",
    "dictionary": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sdmx": "application/vnd.sdmx.data+csv;version=2.0.0",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as a source states it, whether tables under it are passed on, and why not."""

    text: str
    given: bool
    name: str
    address: str
    reason_nl: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A snapshot that a table was read from."""

    id: str
    title: str
    producer: str
    licence: str
    address: str
    accessed: str
    vintage: str


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table; first and last are years, rows is None before an own table is counted."""

    id: str
    table: str
    title_nl: str
    title_en: str
    region: str
    rows: int | None
    first: int | None
    last: int | None
    licence: Licence | None
    sources: tuple[Origin, ...]
    given: bool
    reason_nl: str
    reason_en: str

    def counted(self, rows: int, first: int, last: int) -> OpenTable:
        """The same table with its rows and years."""
        return replace(self, rows=rows, first=first, last=last)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a table; kind is a key of MEDIA_TYPES."""

    name: str
    table: str
    kind: str
    bytes: int
    sha256: str

    @property
    def media_type(self) -> str:
        """The media type as HTTP states it."""
        return MEDIA_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that was written from one store."""

    fingerprint: str
    format: int
    tables: tuple[OpenTable, ...]
    files: tuple[DataFile, ...]

    def table(self, key: str) -> OpenTable | None:
        """The table with this id."""
        return next((table for table in self.tables if table.id == key), None)

    def files_of(self, key: str) -> tuple[DataFile, ...]:
        """The files of a table."""
        return tuple(file for file in self.files if file.table == key)

    @classmethod
    def of(cls, held: dict[str, Any]) -> Index:
        """The index from its JSON."""
        tables = []
        for row in held["tables"]:
            licence = Licence(**row["licence"]) if row["licence"] else None
            sources = tuple(Origin(**origin) for origin in row["sources"])
            tables.append(OpenTable(**{**row, "licence": licence, "sources": sources}))
        return cls(held["fingerprint"], held["format"], tuple(tables), tuple(DataFile(**row) for row in held["files"]))


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the open data.

    address: the publisher's entry in a register of organisations (TOOI), if any; tables: the page for people that lists
    the tables, with the id of each as an anchor, if there is one.
    """

    name: str = "Lodestock"
    address: str = ""
    contact: str = "lodestock@localhost"
    homepage: str = ""
    tables: str = ""
