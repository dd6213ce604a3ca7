"""Value added of another year, from a table of one's own or as Eurostat publishes it, and a table rescaled to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import InputOutputTable, rescale
from lodestock.economy.judgements import judged_industry
from lodestock.economy.regions import REST_EU, iso3
from lodestock.errors import DataError, InputError, LodestockError
from lodestock.evidence.files import ROW, guard, need_columns, numbers, read_text
from lodestock.evidence.sources.wiod import region_of
from lodestock.vocabulary import a64_sectors, sectors, wiod_of_sector

Floats = NDArray[np.float64]
Cells = dict[tuple[str, str], float]
_MOST_GROWTH = 100.0  # a figure in thousands or in euros differs by more
_REST_OF_EU_COUNTRIES = 23  # of the EU-27, without the Netherlands, Belgium, Germany and France
# Dollars per euro, yearly mean, from general knowledge; to be re-sourced. Runs record it with this mark.
USD_PER_EUR = {2011: 1.392}
_OWN = ["region", "sector", "year", "value_added_meur"]
_EUROSTAT = ["geo", "nace_r2", "na_item", "unit", "TIME_PERIOD", "OBS_VALUE"]


@dataclass(frozen=True, slots=True)
class Rescaled:
    """The rescaled table and the industries that had no figure of their own and grew like the others."""

    table: InputOutputTable
    alike: tuple[str, ...]


def read_value_added(path: Path, year: int) -> Cells:
    """Value added by region and sector [MEUR] of a year.

    Two layouts: columns region, sector, year, value_added_meur; or Eurostat's nama_10_a64 as SDMX-CSV, of which the
    rows B1G in CP_MEUR are read (at current prices, million euro), by sector of A*64. Raises InputError where a row of
    one's own names an industry without a figure; of Eurostat such a row is left out, because it is not published.
    """
    guard(path)
    frame = read_text(path)
    eurostat = "nace_r2" in frame.columns
    need_columns(frame, _EUROSTAT if eurostat else _OWN, path)
    if eurostat:
        wanted = {sector.code for sector in a64_sectors()}
        frame = frame.filter(pl.col("na_item") == "B1G", pl.col("unit") == "CP_MEUR")
        frame = frame.filter(pl.col("nace_r2").is_in(wanted)).rename(
            {"geo": "region", "nace_r2": "sector", "TIME_PERIOD": "year", "OBS_VALUE": "value_added_meur"}
        )
    frame = frame.filter(pl.col("year").cast(pl.String).str.strip_chars() == str(year))
    if frame.is_empty():
        raise InputError(
            f"the file has no value added of {year}", where=str(path),
            why="at current prices in million euro (B1G, CP_MEUR)" if eurostat else "in the column year",
            mend="give --year a year that the file holds",
        )  # fmt: skip
    values = numbers(frame, "value_added_meur", path, blanks=("", ":"))
    out: Cells = {}
    for row, region, sector, value in zip(frame[ROW], frame["region"], frame["sector"], values, strict=True):
        key = (iso3(str(region).strip()), str(sector).strip())
        if value is None and not eurostat:
            raise InputError(
                f"{key[0]} {key[1]} has no figure", where=f"{path}, row {row}, column value_added_meur",
                why="the row names the industry, so a figure is meant; a blank is neither zero nor growth",
                mend="fill it in, or take the row out: an industry that is not named grows as the others do with "
                "--others alike",
            )  # fmt: skip
        if value is None:
            continue  # not published: it is treated as missing below, never as zero
        if key in out:
            raise InputError("a value stands there twice", where=f"{path.name}: {key[0]} {key[1]}, {year}")
        out[key] = float(value)
    return out


def rescale_to(table: InputOutputTable, cells: Mapping[tuple[str, str], float], year: int, *, alike: bool) -> Rescaled:
    """The table rescaled to value added [MEUR] by region and sector; the structure keeps its year.

    Sectors are matched by name, else NACE sectors are summed to the table's WIOD industries; an A*64 sector that spans
    several is split by the table's own value added. alike: industries without a figure grow as those with one do
    together; without it they are refused, because a missing figure is not zero growth.
    """
    given = _matched(table, cells)
    known = np.isfinite(given)
    if not known.any():
        raise InputError(
            "no industry of the table has a figure in the file", where=table.source,
            why=f"regions {', '.join(table.regions[:8])}; sectors {', '.join(table.sectors[:6])}, …",
            mend="use ISO codes for regions, and the table's sectors or NACE codes",
        )  # fmt: skip
    _require_plausible(table, given, year)
    empty = table.output == 0
    lacking = [str(table.industries[k]) for k in np.flatnonzero(~known & ~empty)]
    if lacking and not alike:
        raise DataError(
            f"{len(lacking)} industries have no value added for {year}", where=", ".join(lacking[:6]),
            why="a missing figure is not zero growth",
            mend="add them to the file, or say --others alike: they then grow as the others do together",
        )  # fmt: skip
    base = known & (table.value_added > 0)
    growth = float(given[base].sum() / table.value_added[base].sum())
    values = np.where(known, given, table.value_added * growth)
    values[empty] = 0.0
    done = rescale(table, values, year)
    unit = InputOutputTable(
        done.industries, done.users, done.flows, done.final, done.value_added, done.output, "MEUR", done.year,
        done.source, done.scaled_to, done.other_costs,
    )  # fmt: skip
    return Rescaled(unit, tuple(lacking))


def _require_plausible(table: InputOutputTable, given: Floats, year: int) -> None:
    """Refuse a figure of zero or less for an industry that makes something, and one in another unit than millions."""
    before = table.value_added
    for k in np.flatnonzero(np.isfinite(given) & (table.output > 0)):
        if given[k] <= 0.0:
            raise DataError(
                "value added is not positive", where=f"{table.industries[k]}, year {year}: {given[k]:g}",
                why="the industry makes something, and a missing figure must not become zero output",
                mend="correct the figure, or take the row out and say --others alike",
            )  # fmt: skip
        if before[k] > 1.0 and not 1.0 / _MOST_GROWTH < given[k] / before[k] < _MOST_GROWTH:
            was = f"in the table {before[k]:,.6g} {table.unit} in {table.scaled_to or table.year}"
            raise DataError(
                "value added is more than a hundred times larger or smaller than in the table",
                where=f"{table.industries[k]}, year {year}: {given[k]:,.6g} million euro; {was}",
                why="so it looks, the figure is not in million euro", mend="give value added in million euro",
            )  # fmt: skip


def _matched(table: InputOutputTable, cells: Mapping[tuple[str, str], float]) -> Floats:
    """The figures by industry of the table [N], nan where there is none."""
    at = {(item.region, item.sector): k for k, item in enumerate(table.industries)}
    owner = _owners(table, {code for code, _ in cells})
    out = np.full(len(at), np.nan)
    for (code, sector), value in cells.items():
        if code not in owner:
            continue
        targets = [sector] if sector in table.sectors else _spans(sector, table.sectors)
        rows = [at[owner[code], name] for name in targets if (owner[code], name) in at]
        weights = np.maximum(table.value_added[rows], 0.0)
        if weights.sum() > 0:
            out[rows] = np.nan_to_num(out[rows]) + value * weights / weights.sum()
    return out


def _owners(table: InputOutputTable, codes: set[str]) -> dict[str, str]:
    """Country code → region of the table. The rest of the EU counts only when all its countries are in the file: a
    part of it would look like a fall."""
    owner = {iso3(region): region for region in table.regions}
    rest = {code for code in codes if code not in owner and len(code) == 3 and region_of(code) == REST_EU}
    if REST_EU in table.regions and len(rest) == _REST_OF_EU_COUNTRIES:
        owner |= dict.fromkeys(rest, REST_EU)
    return owner


def _spans(sector: str, known: tuple[str, ...]) -> list[str]:
    """The table's industries over which a NACE sector is spread; empty where it is in none of them."""
    try:
        found = [wiod_of_sector(sector).code]
    except LodestockError:
        found = [item.wiod for item in sectors() if item.a64 == sector and item.wiod]
        found = list(dict.fromkeys(found)) or [code for code in [judged_industry(sector)] if code]
    return [code for code in found if code in known]


def euros_per_unit(table: InputOutputTable) -> float:
    """Million euro per unit of the table; raises DataError where the rate of its year is not known."""
    if table.unit == "MEUR":
        return 1.0
    year = table.scaled_to or table.year
    if table.unit != "MUSD" or year not in USD_PER_EUR:
        raise DataError(
            f"no exchange rate for {table.unit} of {year}", where=table.source,
            mend="import the table with --usd-per-eur RATE",
        )  # fmt: skip
    return 1.0 / USD_PER_EUR[year]
