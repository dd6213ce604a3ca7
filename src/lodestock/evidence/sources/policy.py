"""Policy facts: licences, press figures of magnet exports, obligations, stock and impact anchors."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.evidence.files import read_text
from lodestock.evidence.source import Source, Tidy
from lodestock.evidence.typed import blank, typed, which_table

SOURCE = Source(
    id="policy",
    title="Policy facts, compiled with a source for each row",
    producer="Lodestock, from the sources named in each row",
    licence="facts; the source of each stands in its row",
    address="each row names its own source",
    covers="licence statistics, magnet exports, CRMA obligations, anchors, systems",
    tables=(
        "licence_statistic",
        "magnet_export",
        "crma_obligation",
        "stockpile_anchor",
        "impact_anchor",
        "system_feature",
    ),
    official_format="CSV with the columns of one of these tables, named after the table",
)


def tidy(file: Path) -> Tidy:
    """One policy table, from a CSV file with its columns."""
    frame = read_text(file)
    table = which_table(frame, file, SOURCE.tables)
    out = typed(frame, file, table)
    return {table: blank(out, table).with_columns(_dates(out))}


def _dates(frame: pl.DataFrame) -> list[pl.Expr]:
    """Dates as ISO text without spaces around them."""
    wanted = ("date", "deadline")
    return [pl.col(name).str.strip_chars() for name in wanted if name in frame.columns]
