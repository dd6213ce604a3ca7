"""The ledger: what stands behind each number, from source rows and parameters through methods to what is published.

A run writes one ledger. Every entry is rows of a table, a parameter, or computed from other entries by a named
method; so the entries form a graph without cycles, and a published number can be followed down to its source rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lodestock.errors import DataError
from lodestock.evidence.marks import Mark, weakest

Scalar = str | int | float | bool
# Rows of a table that is not in the store but was imported by the user: `io/` and the table's id. Their `where` holds
# the sha256 of the whole table's numbers.
IMPORTED, DIGEST = "io/", "sha256"


class Kind(StrEnum):
    """What an entry rests on."""

    ROWS = "rows"
    PARAMETER = "parameter"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages of the users."""

    nl: str
    en: str

    def __getitem__(self, lang: str) -> str:
        if lang not in ("nl", "en"):
            raise KeyError(lang)
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Method:
    """A published way of computing: `id` is stable, `source` cites DOI or section, `code` is module:function."""

    id: str
    title: str
    source: str
    code: str
    title_nl: str = ""

    def title_in(self, lang: str) -> str:
        """The title in Dutch ("nl") where there is one, else in English."""
        return self.title_nl if lang == "nl" and self.title_nl else self.title


@dataclass(frozen=True, slots=True)
class Rows:
    """The store rows that a number was read from: enough to read them again.

    where: column → value or list of values; `how`: sum, value or count of `column` over the rows that match.
    missing: rows that match but hold no value in `column` (they are not counted as zero, they are counted here).
    table: of the store, or `io/<id>` for an input-output table that the user imported.
    """

    table: str
    where: Mapping[str, Scalar | Sequence[Scalar]]
    column: str
    how: str
    count: int
    missing: int
    snapshots: tuple[str, ...]
    locators: tuple[str, ...]

    @property
    def imported(self) -> str:
        """The id of the imported table that the rows are from; empty where they are from the store."""
        return self.table.removeprefix(IMPORTED) if self.table.startswith(IMPORTED) else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number and what stands behind it.

    value:   the central value; None means not known, and `note` says why.
    low, high: 5th and 95th percentile over what we do not know (ignorance), None where the value is exact.
    bracket: lowest and highest central value over structurally different models or conventions.
    """

    id: str
    kind: Kind
    label: Text
    value: float | None
    unit: str
    mark: Mark
    low: float | None = None
    high: float | None = None
    bracket: tuple[float, float] | None = None
    inputs: tuple[str, ...] = ()
    method: Method | None = None
    rows: Rows | None = None
    source: str = ""
    source_nl: str = ""
    note: str = ""
    flags: tuple[str, ...] = ()

    def source_in(self, lang: str) -> str:
        """The source in Dutch ("nl") where it was given, else in English."""
        return self.source_nl if lang == "nl" and self.source_nl else self.source


@dataclass(slots=True)
class Ledger:
    """Entries by id, in the order in which they were made."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __getitem__(self, key: str) -> Entry:
        try:
            return self.entries[key]
        except KeyError:
            raise DataError(f"no entry '{key}' in the ledger", mend="record it before it is used") from None

    def _add(self, entry: Entry) -> Entry:
        if entry.id in self.entries:
            raise DataError(f"entry '{entry.id}' is already in the ledger", mend="give each number its own id")
        self.entries[entry.id] = entry
        return entry

    def rows(
        self,
        key: str,
        label: Text,
        value: float | None,
        unit: str,
        rows: Rows,
        *,
        mark: Mark = Mark.SEEN,
        source: str = "",
        note: str = "",
    ) -> Entry:
        """Record a number read from rows of the store, or of an imported table."""
        return self._add(Entry(key, Kind.ROWS, label, value, unit, mark, rows=rows, source=source, note=note))

    def parameter(
        self,
        key: str,
        label: Text,
        value: float | None,
        unit: str,
        *,
        mark: Mark,
        source: str | Text,
        low: float | None = None,
        high: float | None = None,
        note: str = "",
        flags: tuple[str, ...] = (),
    ) -> Entry:
        """Record a parameter: a stated value with its range, mark and source."""
        said = source if isinstance(source, Text) else Text("", source)
        entry = Entry(
            key,
            Kind.PARAMETER,
            label,
            value,
            unit,
            mark,
            low,
            high,
            source=said.en,
            source_nl=said.nl,
            note=note,
            flags=flags,
        )
        return self._add(entry)

    def computed(
        self,
        key: str,
        label: Text,
        value: float | None,
        unit: str,
        *,
        method: Method,
        inputs: Sequence[str],
        low: float | None = None,
        high: float | None = None,
        bracket: tuple[float, float] | None = None,
        note: str = "",
    ) -> Entry:
        """Record a number computed from earlier entries; it carries the weakest mark and every flag of its inputs."""
        sources = [self[name] for name in inputs]
        if not sources:
            raise DataError(f"computed entry '{key}' names no inputs", mend="name the entries it was computed from")
        mark = weakest([Mark.COMPUTED, *(entry.mark for entry in sources)])
        flags = tuple(dict.fromkeys(flag for entry in sources for flag in entry.flags))
        entry = Entry(
            key,
            Kind.COMPUTED,
            label,
            value,
            unit,
            mark,
            low,
            high,
            bracket,
            tuple(inputs),
            method,
            note=note,
            flags=flags,
        )
        return self._add(entry)

    def imported_tables(self) -> dict[str, str]:
        """The imported tables that entries were read from: id → sha256 of the table's numbers."""
        read = [entry.rows for entry in self if entry.rows and entry.rows.imported]
        return {rows.imported: str(rows.where[DIGEST]) for rows in sorted(read, key=lambda rows: rows.imported)}

    def chain(self, key: str) -> list[tuple[int, Entry]]:
        """The entry and everything under it, depth first, as (depth, entry); a shared input appears where first met."""
        seen: set[str] = set()
        out: list[tuple[int, Entry]] = []

        def walk(name: str, depth: int) -> None:
            entry = self[name]
            out.append((depth, entry))
            if name in seen:
                return
            seen.add(name)
            for child in entry.inputs:
                walk(child, depth + 1)

        walk(key, 0)
        return out
