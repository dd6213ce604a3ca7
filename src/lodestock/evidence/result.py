"""A result: a tidy table, the entries and methods it rests on, and the run that made it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lodestock.evidence.ledger import Method, Text


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What must be known to make the same numbers again.

    scenario_sha256: of the scenario file's bytes. store: fingerprint of the evidence store. as_of: the day on which
    dated rules were read (ISO). seed, draws: of the ensemble. io_tables: the imported input-output tables that the
    numbers rest on, id → sha256 of their numbers; empty where only the table that ships was used, held by the store.
    """

    scenario: str
    scenario_sha256: str
    code_version: str
    store: str
    as_of: str
    seed: int
    draws: int
    io_tables: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Result:
    """A table that can be published.

    table:   tidy frame; column names carry the unit.
    inputs:  ids of the ledger entries that the table was computed from.
    methods: the methods that were applied.
    """

    id: str
    title: Text
    table: pl.DataFrame
    inputs: tuple[str, ...]
    methods: tuple[Method, ...]

    def write_csv(self, path: Path) -> str:
        """Write the table as UTF-8 CSV, empty where not known, and return the file's sha256."""
        self.table.write_csv(path, null_value="")
        return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, as hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
