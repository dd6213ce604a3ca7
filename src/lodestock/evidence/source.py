"""What a source is, and where one row of it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lodestock.errors import InputError

Tidy = dict[str, pl.DataFrame]
"""Table name → frame with that table's columns, without `snapshot`, which the store adds."""


@dataclass(frozen=True, slots=True)
class Source:
    """A provider of figures, as its own file in `evidence/sources/` declares it.

    covers:          what it is about, in one sentence; tables: which tables it feeds.
    official_format: the layout of the provider's own download that `tidy` reads; empty where there is none.
    """

    id: str
    title: str
    producer: str
    licence: str
    address: str
    covers: str
    tables: tuple[str, ...]
    official_format: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """A registered source with its reader.

    tidy:    `tidy(file)` gives the tables that the file holds.
    vintage: `vintage(file)` gives the release that the provider writes into the name of its file, empty where it
    writes none.
    together: `together(files)` says what is wrong with files of this source that stand in one store, oldest first; each
    of them by itself is good.
    """

    source: Source
    tidy: Callable[[Path], Tidy]
    vintage: Callable[[Path], str]
    together: Callable[[Sequence[Path]], tuple[InputError, ...]]
