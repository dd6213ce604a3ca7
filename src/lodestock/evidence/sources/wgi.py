"""World Bank, Worldwide Governance Indicators: six dimensions by country and year with their standard errors."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.files import ROW, guard, need_columns, numbers, read_sheet, read_text, row_locator, sheet_names
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="wgi",
    title="Worldwide Governance Indicators",
    producer="World Bank (Kaufmann and Kraay)",
    licence="CC BY 4.0",
    address="https://www.worldbank.org/en/publication/worldwide-governance-indicators",
    covers="six dimensions of governance by country and year, estimate and standard error",
    tables=("governance", "governance_latest"),
    official_format="wgidataset as CSV or workbook: long (code, year, indicator, estimate, stddev), or one sheet for "
    "each dimension (va, pv, ge, rq, rl, cc) with Economy (code), Year, Governance estimate",
)
DIMENSIONS = {
    "va": "voice_and_accountability",
    "pv": "political_stability",
    "ge": "government_effectiveness",
    "rq": "regulatory_quality",
    "rl": "rule_of_law",
    "cc": "control_of_corruption",
}
_BLANKS = ("..", "#N/A", "NA")


def tidy(file: Path) -> Tidy:
    """Governance tables from a shipped extract, or from the provider's long table or workbook."""
    if file.suffix == ".parquet":
        guard(file)
        frame = pl.read_parquet(file).with_row_index(ROW, offset=1).with_columns(row_locator())
        need_columns(frame, ["country_printed", "year", "dimension", "estimate", "standard_error"], file)
        frame = frame.with_columns(names.countries(frame, "country_printed", file).alias("country"))
        return {"governance": _with_status(frame)}
    if file.suffix.lower() in (".xlsx", ".xls"):
        return {"governance": _workbook(file)}
    frame = read_text(file)
    if "mean_of_six" in frame.columns:
        country = names.countries(frame, "country_printed", file).alias("country")
        return {"governance_latest": frame.with_columns(country, numbers(frame, "mean_of_six", file), row_locator())}
    return {"governance": _long(frame.with_columns(row_locator()), file)}


def _with_status(frame: pl.DataFrame) -> pl.DataFrame:
    status = pl.when(pl.col("estimate").is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported"))
    return frame.with_columns(status.alias("estimate_status"))


def _long(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, ["code", "year", "indicator", "estimate", "stddev"], file)
    unknown = frame.filter(~pl.col("indicator").is_in(list(DIMENSIONS)))
    if not unknown.is_empty():
        raise InputError(
            f"'{unknown['indicator'][0]}' is no dimension of governance",
            where=f"{file}, {names.place(unknown)}, column indicator",
            mend=f"known: {', '.join(DIMENSIONS)}",
        )
    out = frame.with_columns(
        names.countries(frame, "code", file).alias("country"),
        numbers(frame, "year", file),
        pl.col("indicator").replace_strict(DIMENSIONS, return_dtype=pl.String).alias("dimension"),
        numbers(frame, "estimate", file, blanks=_BLANKS),
        numbers(frame, "stddev", file, blanks=_BLANKS).alias("standard_error"),
    )
    return _with_status(out)


def _workbook(file: Path) -> pl.DataFrame:
    sheets = sheet_names(file)
    if set(DIMENSIONS) <= set(sheets):
        parts = [_sheet(file, code).with_columns(pl.lit(code).alias("indicator")) for code in DIMENSIONS]
        return _long(pl.concat(parts), file)
    return _long(_headed(file, sheets[0]), file)


def _headed(file: Path, sheet: str) -> pl.DataFrame:
    name, cells = read_sheet(file, sheet)
    header = [str(cell or "").strip() for cell in cells.row(0)]
    kept = [index for index, title in enumerate(header) if title]
    body = cells.with_row_index(ROW, offset=1).slice(1)
    chosen = [pl.col(f"column_{index}").alias(header[index]) for index in kept]
    return body.select(
        pl.col(ROW).cast(pl.Int64), *chosen, pl.format("sheet {}, row {}", pl.lit(name), ROW).alias("locator")
    )


def _sheet(file: Path, sheet: str) -> pl.DataFrame:
    frame = _headed(file, sheet)
    wanted = {"code": "economy (code)", "year": "year", "estimate": "governance estimate", "stddev": "standard error"}
    found: dict[str, str] = {}
    for short, begin in wanted.items():
        match = [name for name in frame.columns if name.lower().startswith(begin)]
        if not match:
            raise InputError(
                f"sheet '{sheet}' of {file.name} has no column '{begin}'",
                where=f"{file}, sheet {sheet}, row 1",
                why=f"found {', '.join(frame.columns[1:-1])}",
                mend="give the workbook as downloaded",
            )
        found[short] = match[0]
    return frame.select(ROW, "locator", *[pl.col(old).alias(new) for new, old in found.items()])
