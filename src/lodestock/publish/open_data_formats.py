"""How open data is written: columns in words, the data dictionary, CSVW metadata and SDMX-CSV.

Sources: CSV on the Web, W3C Recommendation 17 December 2015 (Metadata Vocabulary for Tabular Data, §5); SDMX 3.0,
section "SDMX-CSV" version 2.0 (columns STRUCTURE, STRUCTURE_ID, ACTION, then dimensions, measures and attributes).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from lodestock.evidence.columns import REFERENCE, TableColumn, schema
from lodestock.publish.open_data_indicators import KEY, SCHEMA, Indicator

FOLDER = REFERENCE / "open_data"
DATAFLOW = "LODESTOCK:DF_CRM_INDICATORS(1.0)"
DIMENSIONS = ("INDICATOR", "MATERIAL", "STAGE", "PRODUCT_CODE", "REF_AREA")
NOT_APPLICABLE = "_Z"  # the code of SDMX for a dimension that does not apply
_BASE = {
    pl.String(): "string",
    pl.Int16(): "short",
    pl.Int32(): "int",
    pl.Int64(): "long",
    pl.Float64(): "double",
    pl.Boolean(): "boolean",
}


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column as it is given out: type of CSVW, unit, bounds, whether a cell may be empty, and its meaning."""

    name: str
    datatype: str
    unit: str
    low: float | None
    high: float | None
    allowed: tuple[str, ...]
    key: bool
    required: bool
    nl: str
    en: str


def reference_rows(name: str) -> list[dict[str, str]]:
    """The rows of a reference table of open data."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def columns_of(table: str) -> tuple[OpenColumn, ...]:
    """The columns of a table, from the schema registry; definitions there are in English only."""
    if table == "indicators":
        return _indicator_columns()
    return tuple(_open(use) for use in schema(table).columns)


def _open(use: TableColumn) -> OpenColumn:
    column = use.column
    # a status column says why a number is absent, so the cell itself may be empty
    return OpenColumn(
        column.name, _BASE[column.dtype], column.unit, column.low, column.high, column.allowed, use.key,
        use.nullable == "no", column.definition, column.definition,
    )  # fmt: skip


def _indicator_columns() -> tuple[OpenColumn, ...]:
    said = {row["name"]: row for row in reference_rows("indicator_columns.csv")}
    allowed = {
        "indicator": tuple(Indicator), "status": ("reported", "estimated", "withheld", "missing"), "unit": ("1",),
    }  # fmt: skip
    return tuple(
        OpenColumn(
            name, _BASE[dtype], said[name]["unit"], None, None, tuple(map(str, allowed.get(name, ()))), name in KEY,
            said[name]["required"] == "yes", said[name]["definition_nl"], said[name]["definition_en"],
        )
        for name, dtype in SCHEMA.items()
    )  # fmt: skip


def csv_text(frame: pl.DataFrame) -> bytes:
    """The frame as CSV: UTF-8, comma, CR LF as RFC 4180 has it; what is not known is an empty cell."""
    return frame.write_csv(line_terminator="\r\n", null_value="").encode("utf-8")


def dictionary(table: str) -> bytes:
    """The data dictionary of a table as CSV: one row per column with type, unit, bounds, values and meaning."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("column", "type", "unit", "min", "max", "allowed", "key", "required", "meaning_nl", "meaning_en"))
    for column in columns_of(table):
        allowed = "|".join(column.allowed).replace("@country", "alpha-3 country code")
        writer.writerow((
            column.name, column.datatype, column.unit, _plain(column.low), _plain(column.high), allowed,
            "yes" if column.key else "no", "yes" if column.required else "no", column.nl, column.en,
        ))  # fmt: skip
    return out.getvalue().encode("utf-8")


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def csvw(table: str, titles: dict[str, str], licence: str, publisher: str, notes: Sequence[str]) -> dict[str, Any]:
    """The CSVW metadata of `TABLE.csv`, to stand beside it as `TABLE.csv-metadata.json`."""
    columns = columns_of(table)
    key = [column.name for column in columns if column.key]
    described: dict[str, Any] = {"columns": [_csvw_column(column) for column in columns]}
    if key and all(column.required for column in columns if column.key):
        described["primaryKey"] = key
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table}.csv",
        "dc:title": [{"@value": text, "@language": lang} for lang, text in titles.items()],
        "dc:license": {"@id": licence},
        "dc:publisher": publisher,
        "dc:source": list(notes),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\r\n", "\n"]},
        "null": "",
        "tableSchema": described,
    }


def _csvw_column(column: OpenColumn) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": column.datatype}
    if column.low is not None:
        datatype["minimum"] = column.low if column.datatype == "double" else int(column.low)
    if column.high is not None:
        datatype["maximum"] = column.high if column.datatype == "double" else int(column.high)
    found: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name]},
        "datatype": datatype,
        "required": column.required,
        "dc:description": [{"@value": column.en, "@language": "en"}],
    }
    if column.nl != column.en:
        found["dc:description"].append({"@value": column.nl, "@language": "nl"})
    if column.unit:
        found["schema:unitText"] = column.unit
    return found


def sdmx_csv(frame: pl.DataFrame) -> bytes:
    """The indicators as SDMX-CSV 2.0; a value that is not known is an empty OBS_VALUE."""
    status = {"reported": "A", "estimated": "E", "withheld": "Q", "missing": "M"}
    made = frame.select(
        pl.lit("dataflow").alias("STRUCTURE"),
        pl.lit(DATAFLOW).alias("STRUCTURE_ID"),
        pl.lit("I").alias("ACTION"),
        _code("indicator").alias("INDICATOR"),
        _code("material").alias("MATERIAL"),
        _code("stage").alias("STAGE"),
        pl.when(pl.col("product_code") == "").then(pl.lit(NOT_APPLICABLE)).otherwise(
            pl.concat_str(pl.lit("HS"), pl.col("product_code").str.replace_all(r"[^0-9A-Za-z]+", "_"))
        ).alias("PRODUCT_CODE"),
        pl.col("area").replace({"world": "W", "EU27": "EU27_2020"}).alias("REF_AREA"),
        pl.col("year").cast(pl.String).alias("TIME_PERIOD"),
        pl.col("value").alias("OBS_VALUE"),
        pl.col("low").alias("LOWER_BOUND"),
        pl.col("high").alias("UPPER_BOUND"),
        pl.lit("PURE_NUMB").alias("UNIT_MEASURE"),
        pl.col("status").replace_strict(status, default="M").alias("OBS_STATUS"),
        pl.col("largest_supplier").alias("LARGEST_SUPPLIER"),
        pl.col("source").alias("SOURCE"),
        pl.col("reason").alias("COMMENT_OBS"),
    )  # fmt: skip
    return csv_text(made)


def _code(name: str) -> pl.Expr:
    """An identifier as SDMX allows it: capitals, digits and underscores."""
    code = pl.col(name).str.to_uppercase().str.replace_all("[^A-Z0-9]+", "_")
    return pl.when(pl.col(name) == "").then(pl.lit(NOT_APPLICABLE)).otherwise(code)
