"""Taking in a file that a user hands over: all is checked first, and on any failure the store stays as it was."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from lodestock.errors import DataError, InputError, LodestockError
from lodestock.evidence.columns import REFERENCE, Schema, schema
from lodestock.evidence.files import digest, guard
from lodestock.evidence.snapshots import Snapshot, find_snapshots, write_sidecar
from lodestock.evidence.sources import provider
from lodestock.evidence.store import Store, build, read_snapshot

_LEAST_GROUPS = 3  # fewer matching groups say nothing about the unit
_FAR = 200.0  # a median ratio beyond this is a wrong unit (kilograms for tonnes are 1000), not a change in the market
_UNITS_COMPARED = ("t", "kUSD", "MUSD", "EUR")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    tables:     rows that count now, by table, of the rows that the file gave.
    superseded: blocks that the file now supplies instead of an older snapshot.
    unused:     blocks of the file that a newer snapshot supplies already.
    already:    True when the same file was imported before; then nothing was done.
    """

    snapshot: str
    source: str
    tables: dict[str, int]
    superseded: int
    unused: int
    already: bool
    notes: tuple[str, ...]


def import_file(
    home: Path, source_id: str, path: Path, *, vintage: str = "", today: datetime.date | None = None
) -> ImportReport:
    """Take a file into the store under `home`, and say what that changed.

    vintage: publication or release of the figures (ISO date or its beginning) where the file does not say; today where
    it is not given. The newest vintage wins block by block (see `merge`).
    Raises UnknownNameError for an unknown source, and InputError that names the file, the row, the reason and the mend
    for everything that is wrong with the file. The store is not touched unless the whole file is good.
    """
    reader = provider(source_id)
    path = Path(path)
    guard(path)
    store = Store.open(home)
    day = (today or datetime.datetime.now(tz=datetime.UTC).date()).isoformat()
    sha = digest(path)
    name = f"{source_id}-{sha[:8]}"
    if name in store.snapshots()["snapshot"].to_list():
        return ImportReport(name, source_id, {}, 0, 0, True, ("the same file was imported before",))
    frames = _checked(path, source_id, name)
    notes = _plausible(store, frames, path)
    source = reader.source
    snapshot = Snapshot(
        id=name,
        source=source.id,
        title=source.title,
        producer=source.producer,
        licence=source.licence,
        address=source.address,
        accessed=day,
        vintage=vintage or reader.vintage(path) or day,
        sha256=sha,
        rows=sum(frame.height for frame in frames.values()),
        made="as downloaded, imported by the user",
        notes=notes,
        path=store.home / "imports" / source_id / name / path.name,
        imported=True,
        turn=1 + max((item.turn for item in _held(store.home, source_id)), default=0),
    )
    held = _held(store.home, source_id)
    _check_together(source_id, held, [*held, replace(snapshot, path=path)])
    return _take_in(store, path, snapshot)


def _take_in(store: Store, path: Path, snapshot: Snapshot) -> ImportReport:
    kept = snapshot.path
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, kept)
        write_sidecar(snapshot)
        build(store.home)
    except BaseException:
        shutil.rmtree(kept.parent, ignore_errors=True)
        raise
    fresh = Store.open(store.home)
    passed = fresh.superseded()
    return ImportReport(
        snapshot=snapshot.id,
        source=snapshot.source,
        tables=_counted(fresh, snapshot.id, snapshot.source),
        superseded=passed.filter(pl.col("by_snapshot") == snapshot.id).height,
        unused=passed.filter(pl.col("snapshot") == snapshot.id).height,
        already=False,
        notes=snapshot.notes,
    )


def _held(home: Path, source_id: str) -> list[Snapshot]:
    """The snapshots of a source that stand in the store, shipped and imported."""
    found = find_snapshots(REFERENCE / "sources", imported=False) + find_snapshots(home / "imports", imported=True)
    return [item for item in found if item.source == source_id]


def _check_together(source_id: str, before: Sequence[Snapshot], after: Sequence[Snapshot]) -> None:
    """Refuse a change after which files of a source lack something of each other that they did not lack before.

    Files that cannot be read before must not stand in the way of taking the bad one out, or of putting it right.
    """
    try:
        known = {str(fault) for fault in _lacking(source_id, before)}
    except InputError:
        known = set()
    for fault in _lacking(source_id, after):
        if str(fault) not in known:
            raise fault


def _lacking(source_id: str, held: Sequence[Snapshot]) -> Sequence[InputError]:
    return provider(source_id).together([item.path for item in sorted(held, key=lambda item: item.rank)])


def remove_import(home: Path, snapshot: str) -> None:
    """Take an imported snapshot out of the store again; shipped snapshots cannot be removed.

    Raises InputError where another snapshot that stays rests on it: take that one out first.
    """
    store = Store.open(home)
    listed = store.snapshots().filter(pl.col("snapshot") == snapshot)
    if listed.is_empty() or not listed["imported"][0]:
        imported = store.snapshots().filter(pl.col("imported"))["snapshot"].to_list()
        raise InputError(
            f"'{snapshot}' is no imported snapshot",
            where=str(store.home),
            mend=f"imported: {', '.join(imported) or 'none'}",
        )
    source_id = str(listed["source"][0])
    try:
        held = _held(store.home, source_id)
        _check_together(source_id, held, [item for item in held if item.id != snapshot])
    except DataError:  # a file that was damaged: taking it out is the way to mend that, and `build` reads what stays
        pass
    except InputError as fault:
        first = next((item.id for item in held if str(item.path) in fault.where), "SNAPSHOT")
        raise InputError(
            f"'{snapshot}' cannot be taken out: without it {fault.what}",
            where=fault.where, mend=f"take out first what names it: lodestock data remove {first}",
        ) from None  # fmt: skip
    folder = store.home / "imports" / source_id / snapshot
    aside = store.home / f".removed-{snapshot}"
    folder.rename(aside)
    try:
        build(store.home)
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside)


def _checked(path: Path, source_id: str, name: str) -> dict[str, pl.DataFrame]:
    """The tables of the file, validated; a break of the schema is told with the file's name."""
    trial = Snapshot(name, source_id, "", "", "", "", "", "", "", 0, "", (), path, imported=True)
    try:
        frames = read_snapshot(trial)
    except InputError:
        raise
    except LodestockError as error:
        raise InputError(
            error.what, where=f"{path}: {error.where}", why=error.why, mend=error.mend or "correct the file"
        ) from error
    if not frames or all(frame.is_empty() for frame in frames.values()):
        raise InputError(f"{path.name} holds no rows", where=str(path), mend="check that the download is complete")
    return frames


def _plausible(store: Store, frames: dict[str, pl.DataFrame], path: Path) -> tuple[str, ...]:
    """Refuse numbers in a wrong unit: their median ratio to what the store holds under the same key is far from one."""
    notes: list[str] = []
    for table, frame in frames.items():
        if table not in store.tables:
            continue
        entry = schema(table)
        held = store.table(table).collect()
        for use in entry.columns:
            if use.column.unit in _UNITS_COMPARED:
                notes += _compared(frame, held, entry, use.column.name, path)
    return tuple(notes)


def _compared(frame: pl.DataFrame, held: pl.DataFrame, entry: Schema, column: str, path: Path) -> list[str]:
    loose = ("year", "hs_revision", "month", "snapshot")
    group = [name for name in entry.key if name not in loose]
    medians = [
        part.filter(pl.col(column) > 0).group_by(group).agg(pl.col(column).median().alias(side))
        for part, side in ((frame, "new"), (held, "old"))
    ]
    both = medians[0].join(medians[1], on=group, how="inner")
    if both.height < _LEAST_GROUPS:
        return [f"{entry.table}.{column}: too few matching rows to check the unit"]
    ratio = float(both.select((pl.col("new") / pl.col("old")).median()).item())
    if 1 / _FAR < ratio < _FAR:
        return []
    unit = entry.column(column).column.unit
    first = frame.filter(pl.col(column) > 0)["locator"][0]
    raise InputError(
        f"'{column}' does not seem to be in {unit}",
        where=f"{path}, from {first}, table {entry.table}",
        why=f"the median ratio to the figures in the store is {ratio:.4g} over {both.height} matching groups",
        mend=f"give {unit}" + ("; a ratio near 1000 means kilograms" if unit == "t" and 500 < ratio < 2000 else ""),
    )


def _counted(store: Store, snapshot: str, source_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in provider(source_id).source.tables:
        if table in store.tables:
            own = store.table(table).filter(pl.col("snapshot") == snapshot)
            rows = int(own.select(pl.len()).collect().item())
            if rows:
                counts[table] = rows
    return counts
