"""CEPII BACI: bilateral trade by six-digit product, values and tonnes, reconciled between exporter and importer."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.columns import REFERENCE
from lodestock.evidence.files import ROW, guard, need_columns, numbers, read_text, row_locator
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="baci",
    title="BACI, international trade database at the product level",
    producer="CEPII",
    licence="Etalab Open Licence 2.0",
    address="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    covers="bilateral trade by six-digit product code: value and tonnes, by year, exporter and importer",
    tables=("trade", "trade_nld_history", "trade_eu27"),
    official_format="BACI_HSxx_Yyyyy_Vyyyymm.csv with the columns t, i, j, k, v, q",
)
_OFFICIAL = ["t", "i", "j", "k", "v", "q"]
_REVISIONS = {
    "HS92": "HS92",
    "HS96": "HS96",
    "HS02": "HS2002",
    "HS07": "HS2007",
    "HS12": "HS2012",
    "HS17": "HS2017",
    "HS22": "HS2022",
}
_NAME = re.compile(r"BACI_(HS92|HS96|HS02|HS07|HS12|HS17|HS22)_Y(\d{4})_V(\d{4})(\d\d)", re.IGNORECASE)


def vintage(file: Path) -> str:
    """The release of an official file as `2026-01`, read from its name; empty where the name does not say."""
    found = _NAME.search(file.name)
    return f"{found[3]}-{found[4]}" if found else ""


@cache
def watched_headings() -> tuple[str, ...]:
    """The four-digit headings that are kept from an official file, which holds every product traded in the world."""
    with (REFERENCE / "sources" / "baci" / "watched_headings.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(row["heading"] for row in csv.DictReader(handle))


def tidy(file: Path) -> Tidy:
    """Trade tables from a shipped extract (parquet) or from the provider's yearly file (CSV)."""
    if file.suffix == ".parquet":
        return _extract(file)
    return {"trade": _official(file)}


def _extract(file: Path) -> Tidy:
    guard(file)
    frame = pl.read_parquet(file).with_row_index(ROW, offset=1)
    need_columns(frame, ["hs_revision", "hs_code", "year", "value_usd", "quantity_kg"], file)
    frame = frame.with_columns(
        row_locator(),
        (pl.col("value_usd") / 1000).alias("value_kusd"),
        (pl.col("quantity_kg") / 1000).alias("quantity_t"),
    )
    sides = [name for name in ("exporter", "importer", "partner") if name in frame.columns]
    frame = frame.with_columns([names.countries(frame, name, file) for name in sides])
    if "partner" in frame.columns:
        known = pl.when(pl.col("pairs_without_quantity") == 0).then(pl.lit("reported")).otherwise(pl.lit("estimated"))
        status = pl.when(pl.col("quantity_t").is_null()).then(pl.lit("missing")).otherwise(known)
        return {"trade_eu27": frame.with_columns(status.alias("quantity_status"))}
    table = "trade_nld_history" if file.stem.startswith("netherlands") else "trade"
    return {table: _with_status(frame)}


def _with_status(frame: pl.DataFrame) -> pl.DataFrame:
    status = pl.when(pl.col("quantity_t").is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported"))
    return frame.with_columns(status.alias("quantity_status"))


def _official(file: Path) -> pl.DataFrame:
    named = _NAME.search(file.name)
    if named is None:
        raise InputError(
            f"{file.name} does not say which revision of the Harmonised System it follows",
            where=str(file),
            why="the name of an official file reads BACI_HS22_Y2024_V202601.csv",
            mend="keep the name that the file had when it was downloaded",
        )
    # A yearly file holds every product in the world, eleven million rows; only what is watched, or is no code at all,
    # is read into memory.
    code = pl.col("k").str.strip_chars().str.zfill(6)
    watched = code.str.slice(0, 4).is_in(watched_headings())
    whole = code.str.contains(r"^\d{6}$").fill_null(False)
    frame = read_text(file, watched | ~whole)
    need_columns(frame, _OFFICIAL, file)
    frame = frame.with_columns(
        code.alias("hs_code"), whole.alias("whole"), pl.lit(_REVISIONS[named[1].upper()]).alias("hs_revision")
    )
    wrong = frame.filter(~pl.col("whole"))
    if not wrong.is_empty():
        raise InputError(
            f"'{wrong['k'][0]}' is no six-digit product code",
            where=f"{file}, row {wrong[ROW][0]}, column k",
            mend="download the file again",
        )
    kept = frame.drop("whole")
    if kept.is_empty():
        raise InputError(
            f"{file.name} holds no product that is watched",
            where=str(file),
            why="no row has a heading of reference/sources/baci/watched_headings.csv",
            mend="check that this is the complete yearly file",
        )
    year = numbers(kept, "t", file)
    elsewhere = kept.filter(year != float(named[2]))
    if not elsewhere.is_empty():
        raise InputError(
            f"{file.name} holds another year than its name says",
            where=f"{file}, row {elsewhere[ROW][0]}, column t",
            why=f"'{elsewhere['t'][0]}' instead of {named[2]}",
            mend="download the file again",
        )
    kept = kept.with_columns(
        year.cast(pl.Int16).alias("year"),
        names.numeric_countries(kept, "i", file).alias("exporter"),
        names.numeric_countries(kept, "j", file).alias("importer"),
        numbers(kept, "v", file).alias("value_kusd"),
        numbers(kept, "q", file, blanks=("NA",)).alias("quantity_t"),
        row_locator(),
    )
    return _with_status(kept)
