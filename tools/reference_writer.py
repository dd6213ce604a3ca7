"""Writing an extract with the sidecar that says where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lodestock.evidence.columns import REFERENCE
from lodestock.evidence.files import digest
from lodestock.evidence.snapshots import Snapshot, write_sidecar
from lodestock.evidence.source import Source
from lodestock.evidence.sources import provider

TARGET = REFERENCE / "sources"


@dataclass(frozen=True, slots=True)
class Origin:
    """What the sidecar says beyond what the source itself declares."""

    id: str
    title: str
    vintage: str
    made: str
    notes: tuple[str, ...] = ()
    producer: str = ""
    licence: str = ""
    address: str = ""


class Writer:
    """Writes extracts with their sidecars."""

    def __init__(self, accessed: str) -> None:
        self.accessed = accessed

    def csv(self, frame: pl.DataFrame, source_id: str, name: str, origin: Origin) -> None:
        """Write a small table as CSV."""
        path = TARGET / source_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_csv(path)
        self._sidecar(path, frame.height, provider(source_id).source, origin)

    def parquet(self, frame: pl.DataFrame, source_id: str, name: str, origin: Origin) -> None:
        """Write a large table as parquet, as small as it goes."""
        path = TARGET / source_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False, row_group_size=1 << 21)
        self._sidecar(path, frame.height, provider(source_id).source, origin)

    def _sidecar(self, path: Path, rows: int, source: Source, origin: Origin) -> None:
        snapshot = Snapshot(
            id=origin.id,
            source=source.id,
            title=origin.title,
            producer=origin.producer or source.producer,
            licence=origin.licence or source.licence,
            address=origin.address or source.address,
            accessed=self.accessed,
            vintage=origin.vintage,
            sha256=digest(path),
            rows=rows,
            made=origin.made,
            notes=("access is the month in which the compiled figures were taken over", *origin.notes),
            path=path,
            imported=False,
        )
        write_sidecar(snapshot)
        print(f"{path.relative_to(TARGET)}: {rows} rows, {path.stat().st_size / 1000:.0f} kB")


Maker = Callable[[Path, Writer], None]
