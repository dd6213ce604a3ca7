"""The store: every table as parquet in the user's own folder, built from snapshots, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import polars as pl

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.columns import REFERENCE, conform, schema, tables, validate
from lodestock.evidence.merge import merge
from lodestock.evidence.snapshots import Snapshot, find_snapshots
from lodestock.evidence.source import Source
from lodestock.evidence.sources import provider, providers

_CURRENT, _REPORT = "CURRENT", "store.json"
_KEEP_BUILDS = 2  # the newest build and the one before it, which another process may still be reading


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: rows by table, the snapshots read, and how many blocks a newer snapshot replaced."""

    fingerprint: str
    tables: dict[str, int]
    snapshots: tuple[str, ...]
    superseded: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Where the store stands and what it holds."""

    home: Path
    fingerprint: str
    tables: dict[str, int]
    snapshots: int
    imported: int
    superseded: int
    bytes: int


def default_home() -> Path:
    """LODESTOCK_HOME, or the user's data folder as the operating system has it."""
    told = os.environ.get("LODESTOCK_HOME")
    if told:
        return Path(told).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "lodestock"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "lodestock"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lodestock"


@cache
def _package_fingerprint() -> str:
    """Digest of the shipped reference and of the code that reads it."""
    here = Path(__file__).parent
    files = [*sorted(REFERENCE.glob("*.csv")), *sorted((REFERENCE / "sources").rglob("*.*"))]
    files += [*sorted(here.rglob("*.py")), *sorted((here.parent / "vocabulary").rglob("*.py"))]
    total = hashlib.sha256(pl.__version__.encode())
    for file in files:
        total.update(file.name.encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def fingerprint(home: Path) -> str:
    """Digest of everything a build rests on: shipped reference, code, and the files imported under `home`."""
    total = hashlib.sha256(_package_fingerprint().encode())
    for sidecar in sorted((home / "imports").rglob("*.origin.yml")):
        total.update(hashlib.sha256(sidecar.read_bytes()).digest())
    return total.hexdigest()[:20]


def read_snapshot(snapshot: Snapshot) -> dict[str, pl.DataFrame]:
    """The tables of one snapshot, validated: tidy, stamped with the snapshot, checked against the schema."""
    reader = provider(snapshot.source)
    found = reader.tidy(snapshot.path)
    out: dict[str, pl.DataFrame] = {}
    for table, frame in found.items():
        if table not in reader.source.tables:
            raise DataError(f"source '{snapshot.source}' does not declare table '{table}'", mend="declare it in SOURCE")
        out[table] = validate(conform(frame.with_columns(pl.lit(snapshot.id).alias("snapshot")), table), table)
    return out


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write parquet so that the same rows give the same bytes."""
    frame.rechunk().write_parquet(path, compression="zstd", compression_level=3, row_group_size=262_144)


def build(home: Path) -> BuildReport:
    """Build the store under `home` from the shipped and the imported snapshots, then switch to it in one step.

    A failure leaves the store that was there as it was. The same snapshots give the same bytes.
    """
    started = time.perf_counter()
    mark = fingerprint(home)
    snapshots = find_snapshots(REFERENCE / "sources", imported=False)
    snapshots += find_snapshots(home / "imports", imported=True)
    frames: dict[str, list[pl.DataFrame]] = {}
    for snapshot in snapshots:
        for table, frame in read_snapshot(snapshot).items():
            frames.setdefault(table, []).append(frame)
    builds = home / "tables"
    work = builds / f".building-{mark}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        rows, passed = _write_all(frames, snapshots, work, mark)
        _switch(home, work, builds / mark)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return BuildReport(mark, rows, tuple(snapshot.id for snapshot in snapshots), passed, time.perf_counter() - started)


def _write_all(
    frames: dict[str, list[pl.DataFrame]], snapshots: list[Snapshot], work: Path, mark: str
) -> tuple[dict[str, int], int]:
    by_id = {snapshot.id: snapshot for snapshot in snapshots}
    rows: dict[str, int] = {}
    passed: list[pl.DataFrame] = []
    for table in sorted(frames):
        kept, superseded = merge(frames[table], schema(table), by_id)
        if len(frames[table]) > 1:  # one snapshot alone was validated when it was read
            validate(kept, table)
        write_table(kept, work / f"{table}.parquet")
        rows[table] = kept.height
        passed.append(superseded)
    own = {"snapshot": _snapshot_table(snapshots), "superseded": pl.concat(passed)}
    for table, frame in own.items():
        write_table(validate(conform(frame, table), table), work / f"{table}.parquet")
        rows[table] = frame.height
    rows = dict(sorted(rows.items()))
    report = {"fingerprint": mark, "tables": rows, "snapshots": list(by_id), "superseded": own["superseded"].height}
    (work / _REPORT).write_text(json.dumps(report, indent=1), encoding="utf-8")
    return rows, own["superseded"].height


def _snapshot_table(snapshots: list[Snapshot]) -> pl.DataFrame:
    rows = []
    for snapshot in snapshots:
        row = asdict(snapshot)
        row["notes"] = "\n".join(snapshot.notes)
        row["file"] = snapshot.path.name
        row["snapshot"] = row.pop("id")
        del row["path"]
        rows.append(row)
    return pl.DataFrame(rows)


def _switch(home: Path, work: Path, target: Path) -> None:
    aside = target.with_name(f".replaced-{target.name}-{os.getpid()}")
    if target.exists():
        target.rename(aside)  # not removed first: another process may be opening it
    work.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
    pointer = home / f".{_CURRENT}-{os.getpid()}"
    pointer.write_text(target.name, encoding="utf-8")
    pointer.replace(home / _CURRENT)
    builds = [path for path in target.parent.iterdir() if path.is_dir() and not path.name.startswith(".")]
    builds.sort(key=lambda path: (path != target, -path.stat().st_mtime))
    for old in builds[_KEEP_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)


class Store:
    """The tables of one home folder. Open it with `Store.open`; read with `table`."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder

    @classmethod
    def open(cls, home: Path | None = None) -> Store:
        """The store under `home` (LODESTOCK_HOME or the user's data folder), built first where it is absent or old."""
        home = default_home() if home is None else Path(home)
        mark = fingerprint(home)
        pointer = home / _CURRENT
        current = pointer.read_text(encoding="utf-8") if pointer.exists() else ""
        if current != mark or not (home / "tables" / mark / _REPORT).exists():
            build(home)
        return cls(home, home / "tables" / mark)

    @property
    def tables(self) -> list[str]:
        """The tables that the store holds."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    def table(self, name: str) -> pl.LazyFrame:
        """A table, read lazily; an unknown name raises with the nearest offered."""
        path = self.folder / f"{name}.parquet"
        if name not in tables() or not path.exists():
            raise UnknownNameError("table", name, self.tables, where=str(self.home))
        return pl.scan_parquet(path)

    def snapshots(self) -> pl.DataFrame:
        """Every snapshot read: its id, source, origin, licence, access day, vintage, digest and known defects."""
        return self.table("snapshot").collect()

    def superseded(self) -> pl.DataFrame:
        """The blocks that a newer snapshot replaced: table, block, snapshot, by_snapshot, rows."""
        return self.table("superseded").collect()

    def sources(self) -> list[Source]:
        """Every registered source."""
        return [entry.source for entry in providers().values()]

    def status(self) -> StoreStatus:
        """Where the store stands and what it holds."""
        report = json.loads((self.folder / _REPORT).read_text(encoding="utf-8"))
        snapshots = self.snapshots()
        size = sum(path.stat().st_size for path in self.folder.iterdir())
        return StoreStatus(
            self.home,
            report["fingerprint"],
            report["tables"],
            snapshots.height,
            int(snapshots["imported"].sum()),
            report["superseded"],
            size,
        )
