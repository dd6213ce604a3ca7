"""`lodestock data`: the evidence store – where it stands, what is in it, and how a file of your own gets in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    import polars as pl

app = App(
    name="data",
    help="""The evidence store: tables of figures in which every row names its file and its row.

The store is built from the figures that ship and from the files you import, and stands in your own data folder;
set LODESTOCK_HOME to have it elsewhere. Start with `lodestock data status`.""",
    help_format="markdown",
)


@app.command
def status(*, json: Json = False) -> None:
    """Say where the store stands, whether it is up to date, and what it holds.

    "old" means that the figures, a file you imported or the program changed since it was built. It is then built
    again by itself before it is next read.
    """
    from lodestock.evidence.store import Store, default_home, fingerprint

    home = default_home()
    mark = fingerprint(home)
    with _reading(home):
        pointer = home / "CURRENT"
        built = pointer.read_text(encoding="utf-8") if pointer.exists() else ""
    if built != mark:
        state = "old" if built else "not built"
        text = f"store: {home}\nstate: {state}\nbuild it with: lodestock data build"
        answer({"home": str(home), "state": state, "fingerprint": built or None, "tables": {}}, text, as_json=json)
        return
    found = Store.open(home).status()
    payload = {
        "home": str(home),
        "state": "up to date",
        "fingerprint": found.fingerprint,
        "tables": found.tables,
        "rows": sum(found.tables.values()),
        "snapshots": found.snapshots,
        "imported": found.imported,
        "superseded": found.superseded,
        "bytes": found.bytes,
    }
    lines = [
        f"store: {home}",
        f"state: up to date (fingerprint {found.fingerprint})",
        f"holds: {len(found.tables)} tables, {payload['rows']:,} rows, {found.bytes / 1e6:.1f} MB",
        f"made from: {found.snapshots} snapshots, {found.imported} of them imported by you",
        f"replaced: {found.superseded} blocks of older snapshots (lodestock data show superseded)",
    ]
    answer(payload, "\n".join(lines), as_json=json)


@app.command
def build(*, json: Json = False) -> None:
    """Build the store from the figures that ship and the files you imported.

    The same files give the same bytes. If the build fails, the store that was there stays as it was.
    """
    from lodestock.evidence.store import build as build_store
    from lodestock.evidence.store import default_home

    home = default_home()
    with _writing(home):
        report = build_store(home)
    payload = {
        "home": str(home),
        "fingerprint": report.fingerprint,
        "tables": report.tables,
        "rows": sum(report.tables.values()),
        "snapshots": list(report.snapshots),
        "superseded": report.superseded,
        "seconds": round(report.seconds, 3),
    }
    text = (
        f"built {len(report.tables)} tables with {payload['rows']:,} rows from {len(report.snapshots)} snapshots "
        f"in {report.seconds:.1f} s\nstore: {home} (fingerprint {report.fingerprint})"
    )
    answer(payload, text, as_json=json)


@app.command
def sources(*, json: Json = False) -> None:
    """List the sources whose files can be read: who makes them, under which licence, and what they cover.

    "layout" is the provider's own download, as `lodestock data import SOURCE FILE` reads it.
    """
    from lodestock.evidence.sources import providers

    found = [entry.source for entry in providers().values()]
    payload = {
        "sources": [
            {
                "id": item.id,
                "title": item.title,
                "producer": item.producer,
                "licence": item.licence,
                "address": item.address,
                "covers": item.covers,
                "tables": list(item.tables),
                "layout": item.official_format or None,
            }
            for item in found
        ]
    }
    lines = []
    for item in found:
        lines += [f"{item.id}: {item.title}", f"  {item.producer}; {item.licence}; {item.address}"]
        lines += [f"  covers {item.covers}", f"  tables: {', '.join(item.tables)}"]
        lines += [f"  layout: {item.official_format or 'ships with Lodestock; there is no download to import'}"]
    answer(payload, "\n".join(lines), as_json=json)


@app.command
def tables(name: str | None = None, /, *, json: Json = False) -> None:
    """List the tables of the store, or the columns of one table with their units and meaning.

    Parameters
    ----------
    name
        a table; without it all tables are listed
    """
    from lodestock.evidence.columns import schema
    from lodestock.evidence.store import Store

    if name is None:
        counts = Store.open().status().tables
        rows = [{"table": key, "rows": count, "columns": schema(key).names} for key, count in counts.items()]
        cells = [(row["table"], row["rows"], ", ".join(schema(str(row["table"])).key)) for row in rows]
        answer({"tables": rows}, table(cells, ("table", "rows", "key"), right=(1,)), as_json=json)
        return
    entry = schema(name)
    columns = [
        {
            "column": use.column.name,
            "type": str(use.column.dtype).lower(),
            "unit": use.column.unit,
            "key": use.key,
            "may_be_absent": use.nullable != "no",
            "definition": use.column.definition,
        }
        for use in entry.columns
    ]
    lines = [(c["column"], c["type"], c["unit"], "yes" if c["key"] else "", c["definition"]) for c in columns]
    heads = ("column", "type", "unit", "key", "meaning")
    answer({"table": name, "columns": columns}, table(lines, heads), as_json=json)


@app.command
def show(
    name: Annotated[str, Parameter(name="TABLE")],
    /,
    *,
    where: Annotated[
        list[str] | None, Parameter(help="column=value; repeat it to narrow the rows", negative="")
    ] = None,
    limit: Annotated[int, Parameter(converter=whole_number, help="most rows to print")] = 20,
    json: Json = False,
) -> None:
    """Print rows of a table, each with the snapshot and the place in the file that it was read from.

    Example: `lodestock data show trade --where hs_code=850511 --where importer=NLD --where year=2024`

    Parameters
    ----------
    name
        a table, see `lodestock data tables`
    """
    from lodestock.errors import InputError
    from lodestock.evidence.store import Store

    if limit < 1:
        raise InputError(f"cannot print {limit} rows", where="--limit", mend="give 1 or more")
    frame = Store.open().table(name)
    for rule in where or []:
        frame = frame.filter(_rule(name, rule))
    found = frame.collect()
    shown = found.head(limit)
    payload = {"table": name, "matching": found.height, "rows": shown.to_dicts()}
    cells = [["" if cell is None else cell for cell in row] for row in shown.iter_rows()]
    numeric = [place for place, dtype in enumerate(shown.dtypes) if dtype.is_numeric()]
    text = table(cells, shown.columns, right=numeric) if cells else "no row matches"
    rest = found.height - shown.height
    answer(payload, text + (f"\n… and {rest} more (--limit)" if rest else ""), as_json=json)


@app.command(name="import")
def import_(
    source: str,
    file: Path,
    /,
    *,
    vintage: Annotated[
        str, Parameter(help="release of the figures (yyyy-mm-dd or its beginning) where the file's name does not say")
    ] = "",
    json: Json = False,
) -> None:
    """Check a provider's file, add it to the store and build the store again.

    A file that is cut off, in the wrong encoding, a web page, in the wrong unit, or that holds a row twice is refused
    with file, row and reason; the store then stays as it was. A newer release replaces what it covers and nothing
    else; what it replaced stays listed in the table superseded.

    Parameters
    ----------
    source
        whose file it is, see `lodestock data sources`
    file
        the file as you downloaded it, under the name that it then had
    """
    from lodestock.evidence.imports import import_file
    from lodestock.evidence.store import default_home

    started = time.perf_counter()
    home = default_home()
    with _writing(home):
        report = import_file(home, source, file, vintage=vintage)
    payload = {
        "snapshot": report.snapshot,
        "source": report.source,
        "file": str(file),
        "tables": report.tables,
        "rows": sum(report.tables.values()),
        "superseded": report.superseded,
        "unused": report.unused,
        "already": report.already,
        "notes": list(report.notes),
        "home": str(home),
        "seconds": round(time.perf_counter() - started, 3),
    }
    if report.already:
        answer(payload, f"{file}: imported before as {report.snapshot}; nothing was done", as_json=json)
        return
    lines = [f"imported {file} as snapshot {report.snapshot} in {payload['seconds']:.1f} s"]
    lines += [f"  {key}: {count:,} rows count now" for key, count in report.tables.items()]
    lines += [f"  replaced: {report.superseded} blocks of older snapshots (lodestock data show superseded)"]
    if report.unused:
        lines.append(f"  not used: {report.unused} blocks that a newer snapshot supplies already")
    lines += [f"  note: {note}" for note in report.notes]
    lines.append(f"undo with: lodestock data remove {report.snapshot}")
    answer(payload, "\n".join(lines), as_json=json)


@app.command
def remove(snapshot: str, /, *, json: Json = False) -> None:
    """Take an imported file out of the store again, and build the store.

    Parameters
    ----------
    snapshot
        its name, as `lodestock data import` printed it
    """
    from lodestock.evidence.imports import remove_import
    from lodestock.evidence.store import default_home

    home = default_home()
    with _writing(home):
        remove_import(home, snapshot)
    answer({"removed": snapshot, "home": str(home)}, f"removed {snapshot}; the store is built again", as_json=json)


def _rule(name: str, text: str) -> pl.Expr:
    """A `column=value` rule as an expression; the value is read in the type of the column."""
    import polars as pl

    from lodestock.errors import InputError
    from lodestock.evidence.columns import schema

    column, sign, value = text.partition("=")
    if not sign:
        raise InputError(f"'{text}' is no rule", where="--where", mend="write column=value, such as hs_code=850511")
    dtype = schema(name).column(column).column.dtype
    try:
        wanted = pl.Series([value]).cast(dtype) if dtype != pl.Boolean() else pl.Series([value.lower() == "true"])
    except pl.exceptions.PolarsError:
        raise InputError(
            f"'{value}' cannot stand in column '{column}'",
            where="--where",
            why=f"the column holds {'whole numbers' if dtype.is_integer() else 'numbers'}",
            mend=f"see lodestock data tables {name}",
        ) from None
    return pl.col(column).is_in(wanted.to_list())


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    """Turn a folder that cannot be written, or a full disk, into an error that a user can mend."""
    yield from _guarded(home, "the store cannot be written", "set LODESTOCK_HOME to a folder that you may write in")


@contextmanager
def _reading(home: Path) -> Iterator[None]:
    """The same for reading."""
    yield from _guarded(home, "the store cannot be read", "set LODESTOCK_HOME to a folder that you may read")


def _guarded(home: Path, what: str, mend: str) -> Iterator[None]:
    from lodestock.errors import InputError

    try:
        yield
    except OSError as error:
        raise InputError(what, where=str(error.filename or home), why=error.strerror or str(error), mend=mend) from None
