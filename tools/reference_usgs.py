"""Extracts of the USGS Mineral Commodity Summaries 2024: every printed cell of the world and salient files, long."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from reference_writer import Maker, Origin, Writer

from lodestock.errors import InputError
from lodestock.evidence.files import ROW, read_text
from lodestock.evidence.sources.usgs_mcs import release_salient, release_world

TITLE = "Mineral Commodity Summaries 2024, data release"


def usgs(folder: Path, writer: Writer) -> None:
    """World tables and US salient statistics of every commodity."""
    files = sorted((folder / "usgs_mcs_2024").glob("*.csv"), key=lambda path: path.name.lower())
    world, salient, left_out = [], [], []
    for file in files:
        if file.name.lower().endswith("_world.csv"):
            world.append(release_world(read_text(file), file))
        elif file.name.lower().endswith("_salient.csv"):
            try:
                salient.append(release_salient(read_text(file), file))
            except InputError:
                left_out.append(file.name)
    notes = (
        "column names differ from file to file and stand as printed",
        "footnote letters are run into country names (Japane is Japan, estimated)",
        "rows named World total stand apart in the table world_total: they are not added to the countries",
    )
    table = pl.concat(world).drop(ROW)
    origin = Origin("usgs-mcs-2024-world", TITLE + ", world", "2024-01-31", "every printed cell, one row each", notes)
    writer.csv(table, "usgs_mcs", "world_2024.csv", origin)
    notes = (
        f"left out because they hold a world table instead of salient statistics: {', '.join(left_out)}",
        "headers CASE STATEMENT ERROR stand in the release",
    )
    table = pl.concat(salient).drop(ROW)
    origin = Origin(
        "usgs-mcs-2024-salient", TITLE + ", salient", "2024-01-31", "every printed cell, one row each", notes
    )
    writer.csv(table, "usgs_mcs", "salient_2024.csv", origin)


MAKERS: dict[str, Maker] = {"usgs_mcs": usgs}
