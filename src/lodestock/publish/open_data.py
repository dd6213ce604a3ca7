"""Open data: every table whose sources allow it, as CSV and Parquet with a dictionary, CSVW, and a catalogue.

    store = ready()
    write_open_data(Path("open-data"), store, base="https://example.org/data")

A table is given when the licence of every snapshot in it allows passing it on (`reference/open_data/licences.csv`);
the others are named with the reason. A licence that is not in that list counts as one that does not allow it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.store import Store, default_home, fingerprint
from lodestock.publish import open_data_formats as formats
from lodestock.publish.open_data_catalogue import catalogue, json_ld, turtle
from lodestock.publish.open_data_indicators import INDICATORS, KEY, indicators
from lodestock.publish.open_data_model import DataFile, Index, Licence, OpenTable, Origin, Publisher

NOT_GIVEN = {
    "snapshot": ("beschrijft bestanden van deze installatie; de herkomst staat bij elke tabel",
                 "describes files of this installation; the origin stands with each table"),
    "superseded": ("beschrijft de bouw van de opslag", "describes how the store was built"),
}  # fmt: skip
CONTENT = "index.json"
FORMAT = 2  # raised when files are written in another way, so that kept ones are made again
INDICATOR_LICENCE = "CC BY 4.0"
_YEARS = ("year", "assessment")


def ready(home: Path | None = None) -> Store:
    """The store as it was built, never built here; raises InputError where it is absent or of another version."""
    home = default_home() if home is None else Path(home)
    pointer = home / "CURRENT"
    current = pointer.read_text(encoding="utf-8") if pointer.exists() else ""
    mend = "run `lodestock data build`, with the same LODESTOCK_HOME as the site"
    if not current or not (home / "tables" / current / "store.json").exists():
        raise InputError("the evidence store is not built", why="no table has been made yet", mend=mend)
    if current != fingerprint(home):
        raise InputError("the evidence store is out of date", why="files or program changed after it", mend=mend)
    return Store(home, home / "tables" / current)


@cache
def licences() -> dict[str, Licence]:
    """Every licence that was read and judged, by the words of the sidecar."""
    return {
        row["licence"]: Licence(
            row["licence"], row["given"] == "yes", row["name"], row["address"], row["reason_nl"], row["reason_en"]
        )
        for row in formats.reference_rows("licences.csv")
    }


def _licence(text: str) -> Licence:
    unread = Licence(text, False, text, "", "Deze licentie is niet beoordeeld.", "This licence has not been judged.")
    return licences().get(text, unread)


def slug(table: str) -> str:
    """The name of a table in an address: crm_result is crm-result."""
    return table.replace("_", "-")


def survey(store: Store) -> tuple[OpenTable, ...]:
    """Every table of the store and the indicators: what it holds, where it is from, given or not and why."""
    titles = {row["table"]: row for row in formats.reference_rows("tables.csv")}
    origins = {row["snapshot"]: _origin(row) for row in store.snapshots().iter_rows(named=True)}
    found = [_surveyed(store, name, titles.get(name, {}), origins) for name in store.tables]
    found.append(_about_indicators(titles["indicators"], found))
    return tuple(sorted(found, key=lambda table: table.id))


def _origin(row: dict[str, Any]) -> Origin:
    names = ("title", "producer", "licence", "address", "accessed", "vintage")
    return Origin(row["snapshot"], *(str(row[name]) for name in names))


def _surveyed(store: Store, name: str, words: dict[str, str], origins: dict[str, Origin]) -> OpenTable:
    frame = store.table(name)
    used = frame.select(pl.col("snapshot").unique().sort()).collect()["snapshot"].to_list()
    sources = tuple(origins[key] for key in used if key in origins)
    judged = {_licence(origin.licence) for origin in sources}
    no_nl, no_en = NOT_GIVEN.get(name, ("", ""))
    if not no_en:
        refused = [licence for licence in judged if not licence.given]
        no_nl = " ".join(sorted(f"{licence.text}: {licence.reason_nl}" for licence in refused))
        no_en = " ".join(sorted(f"{licence.text}: {licence.reason_en}" for licence in refused))
    if not no_en and len(judged) != 1:
        no_nl, no_en = "De bronnen hebben verschillende licenties.", "The sources have different licences."
    first, last = _span(frame)
    one = next(iter(judged)) if len(judged) == 1 else None
    return OpenTable(
        slug(name), name, words.get("title_nl", name), words.get("title_en", name), words.get("region", "world"),
        frame.select(pl.len()).collect().item(), first, last, one, sources, not no_en, no_nl, no_en,
    )  # fmt: skip


def _span(frame: pl.LazyFrame) -> tuple[int | None, int | None]:
    names = frame.collect_schema().names()
    for name in _YEARS:
        if name in names:
            low, high = frame.select(pl.col(name).min().alias("low"), pl.col(name).max().alias("high")).collect().row(0)
            return low, high
    return None, None


def _about_indicators(words: dict[str, str], found: Iterable[OpenTable]) -> OpenTable:
    under = ("trade", "crm_result", "crm_score_series", "crm_supply_share", "governance")
    tables = {table.table: table for table in found}
    sources = {origin.id: origin for name in under for origin in tables[name].sources}
    given = all(tables[name].given for name in under)
    return OpenTable(
        "indicators", "indicators", words["title_nl"], words["title_en"], words["region"], None, None, None,
        _licence(INDICATOR_LICENCE), tuple(sources.values()), given,
        "" if given else "Een tabel waarop de indicatoren rusten, mag niet worden doorgegeven.",
        "" if given else "A table on which the indicators rest may not be passed on.",
    )  # fmt: skip


def write_open_data(folder: Path, store: Store, *, base: str, publisher: Publisher | None = None) -> Index:
    """Write every given table in every format, the catalogue and an index; answers what was written.

    base: absolute address at which the folder will stand, for the catalogue; its files then have the addresses
    `base/tables/ID/files/NAME`. The same store gives the same bytes.
    """
    publisher = publisher or Publisher()
    made, files = [], []
    for table in survey(store):
        if table.given:
            target = folder / "tables" / table.id / "files"
            target.mkdir(parents=True, exist_ok=True)
            table, written = _write_table(target, store, table, publisher)
            files += written
        made.append(table)
    index = Index(fingerprint(store.home), FORMAT, tuple(made), tuple(files))
    (folder / CONTENT).write_text(json.dumps(asdict(index), ensure_ascii=False, indent=1), encoding="utf-8")
    triples = catalogue(index, base, publisher)
    (folder / "catalog.jsonld").write_text(json_ld(triples), encoding="utf-8")
    (folder / "catalog.ttl").write_text(turtle(triples), encoding="utf-8")
    return index


def read_index(folder: Path) -> Index | None:
    """The index of a written folder; None where there is none, or it was written in another way."""
    path = folder / CONTENT
    if not path.exists():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    return Index.of(held) if held.get("format") == FORMAT else None


def _write_table(
    folder: Path, store: Store, table: OpenTable, publisher: Publisher
) -> tuple[OpenTable, list[DataFile]]:
    frame = indicators(store) if table.table == "indicators" else store.table(table.table).collect()
    titles = {"nl": table.title_nl, "en": table.title_en}
    notes = [f"{origin.producer}: {origin.title} ({origin.vintage}), {origin.licence}" for origin in table.sources]
    licence = table.licence.address if table.licence else ""
    described = formats.csvw(table.table, titles, licence, publisher.name, notes)
    parquet = folder / f"{table.table}.parquet"
    frame.rechunk().write_parquet(parquet, compression="zstd", compression_level=3)
    contents = {
        f"{table.table}.csv": ("csv", formats.csv_text(frame)),
        f"{table.table}.csv-metadata.json": ("csvw", _json(described)),
        f"{table.table}.dictionary.csv": ("dictionary", formats.dictionary(table.table)),
    }
    if table.table == "indicators":
        contents[f"{table.table}.sdmx.csv"] = ("sdmx", formats.sdmx_csv(frame))
        first, last = frame.select(pl.col("year").min().alias("low"), pl.col("year").max().alias("high")).row(0)
        table = table.counted(frame.height, first, last)
    for name, (_kind, content) in contents.items():
        (folder / name).write_bytes(content)
    kinds = {name: kind for name, (kind, _content) in contents.items()} | {parquet.name: "parquet"}
    return table, [_file(folder / name, table.id, kind) for name, kind in sorted(kinds.items())]


def _file(path: Path, table: str, kind: str) -> DataFile:
    content = path.read_bytes()
    return DataFile(path.name, table, kind, len(content), hashlib.sha256(content).hexdigest())


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


__all__ = [
    "INDICATORS",
    "KEY",
    "Index",
    "OpenTable",
    "Publisher",
    "licences",
    "read_index",
    "ready",
    "slug",
    "survey",
    "write_open_data",
]
