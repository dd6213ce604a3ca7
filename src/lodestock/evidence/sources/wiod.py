"""WIOD, release of 2013: world input-output tables, 41 regions by 35 industries, summed to the regions of the store."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.files import ROW, guard, need_columns, read_sheet, read_text, row_locator
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="wiod",
    title="World Input-Output Database, release of November 2013",
    producer="WIOD (Timmer, Dietzenbacher, Los, Stehrer and de Vries 2015, doi:10.1111/roie.12178)",
    licence="free use with citation of Timmer et al. 2015",
    address="https://www.rug.nl/ggdc/valuechain/wiod/wiod-2013-release",
    covers="deliveries between industries and to final demand, by region, in million US dollars of the year",
    tables=("io_flow", "io_output", "io_industry"),
    official_format="wiotYY_row_*.xlsx: wide table with codes, names, regions and c-codes in rows 3-6 and columns A-D",
)
INDUSTRIES = tuple(f"c{i}" for i in range(1, 36))
FINAL_DEMAND = {"c37": "f1", "c38": "f2", "c39": "f3", "c41": "f4", "c42": "f5"}
KEPT = ("NLD", "BEL", "DEU", "FRA", "CHN", "USA")
REST_OF_EU = (
    "AUT",
    "BGR",
    "HRV",
    "CYP",
    "CZE",
    "DNK",
    "EST",
    "FIN",
    "GRC",
    "HUN",
    "IRL",
    "ITA",
    "LVA",
    "LTU",
    "LUX",
    "MLT",
    "POL",
    "PRT",
    "ROU",
    "ROM",
    "SVK",
    "SVN",
    "ESP",
    "SWE",
)
_OUTPUT = "r69"


def region_of(code: str) -> str:
    """The region of the store in which a WIOD region falls: itself, REU (rest of the EU-27) or ROW."""
    if code in KEPT:
        return code
    return "REU" if code in REST_OF_EU else "ROW"


def tidy(file: Path) -> Tidy:
    """Input-output tables from a shipped extract, or from the provider's workbook of one year."""
    if file.suffix.lower() == ".xlsx":
        return _workbook(file)
    guard(file)
    if file.suffix == ".parquet":
        frame = pl.read_parquet(file).with_row_index(ROW, offset=1)
        need_columns(frame, ["from_region", "to_use", "value_musd"], file)
        return {"io_flow": frame.with_columns(row_locator(), pl.lit(_year(file)).alias("year"))}
    frame = read_text(file).with_columns(row_locator())
    if "nace1" in frame.columns:
        return {"io_industry": frame}
    need_columns(frame, ["region", "industry", "output_musd"], file)
    return {"io_output": frame.with_columns(pl.lit(_year(file)).alias("year"))}


def vintage(file: Path) -> str:
    """All workbooks of this layout are of the release of November 2013."""
    return "2013-11"


def _year(file: Path) -> int:
    found = re.search(r"(\d{4})", file.stem)
    if found is None:
        raise InputError(f"{file.name} does not say its year", where=str(file), mend="name it flows_2011.parquet")
    return int(found[1])


def _workbook(file: Path) -> Tidy:
    sheet, cells = read_sheet(file)
    if cells.height < 7 or cells.width < 6:
        raise _layout(file, "it has fewer than 7 rows or 6 columns")
    title = str(cells.item(0, 0) or "")
    found = re.search(r"(\d{4})\s*$", title)
    if found is None:
        raise _layout(file, f"cell A1 reads '{title}' where the year should end it")
    unit = str(cells.item(3, 0) or "")
    if "millions of US$" not in unit:
        raise InputError(
            f"{file.name} is not in million US dollars",
            where=f"{file}, sheet {sheet}, cell A4",
            why=f"it reads '{unit}'",
            mend="use the table in current prices",
        )
    year = int(found[1])
    names = cells.columns
    header = {name: (cells.item(4, name), cells.item(5, name)) for name in names[4:]}
    used = {name: pair for name, pair in header.items() if pair[1] in INDUSTRIES or pair[1] in FINAL_DEMAND}
    if not used:
        raise _layout(file, "row 6 holds no c-codes")
    body = cells.with_row_index(ROW, offset=1).slice(6)
    industry_rows = body.filter(pl.col(names[3]).is_in(INDUSTRIES))
    flows = _long(industry_rows, names, used, file, sheet)
    return {
        "io_flow": _sum_flows(flows, year, sheet),
        "io_output": _sum_output(body, names, header, year, file, sheet),
        "io_industry": _industries(industry_rows, names, sheet),
    }


def _layout(file: Path, why: str) -> InputError:
    return InputError(
        f"{file.name} is not a WIOD workbook of the 2013 release",
        where=str(file),
        why=why,
        mend="give wiotYY_row_*.xlsx as downloaded",
    )


def _long(
    rows: pl.DataFrame, names: list[str], used: dict[str, tuple[str, str]], file: Path, sheet: str
) -> pl.DataFrame:
    long = rows.select(ROW, pl.col(names[2]).alias("from"), pl.col(names[3]).alias("from_industry"), *used).unpivot(
        on=list(used), index=[ROW, "from", "from_industry"], variable_name="column", value_name="text"
    )
    value = pl.col("text").cast(pl.Float64, strict=False)
    wrong = long.filter(value.is_null())
    if not wrong.is_empty():
        raise InputError(
            f"'{wrong['text'][0]}' is not a number",
            where=f"{file}, sheet {sheet}, row {wrong[ROW][0]}",
            why=f"{wrong.height} cells between industries hold no number",
            mend="download the file again",
        )
    to_region = {name: region_of(pair[0]) for name, pair in used.items()}
    to_use = {name: FINAL_DEMAND.get(pair[1], pair[1]) for name, pair in used.items()}
    return long.with_columns(
        value.alias("value_musd"),
        pl.col("from").map_elements(region_of, return_dtype=pl.String).alias("from_region"),
        pl.col("column").replace_strict(to_region, return_dtype=pl.String).alias("to_region"),
        pl.col("column").replace_strict(to_use, return_dtype=pl.String).alias("to_use"),
    )


def _sum_flows(flows: pl.DataFrame, year: int, sheet: str) -> pl.DataFrame:
    grouped = flows.group_by("from_region", "from_industry", "to_region", "to_use", maintain_order=True)
    summed = grouped.agg(pl.col("value_musd").sum(), pl.col(ROW).min().alias("first"), pl.col(ROW).max().alias("last"))
    place = pl.format("sheet {}, rows {}-{}", pl.lit(sheet), "first", "last").alias("locator")
    return summed.filter(pl.col("value_musd") != 0).with_columns(place, pl.lit(year).alias("year"))


def _sum_output(
    body: pl.DataFrame, names: list[str], header: dict[str, tuple[str, str]], year: int, file: Path, sheet: str
) -> pl.DataFrame:
    row = body.filter(pl.col(names[3]) == _OUTPUT)
    if row.height != 1:
        raise _layout(file, f"{row.height} rows with code {_OUTPUT} (gross output)")
    listed = [
        (region_of(region), code, float(row[name][0])) for name, (region, code) in header.items() if code in INDUSTRIES
    ]
    frame = pl.DataFrame(listed, schema=["region", "industry", "output_musd"], orient="row")
    summed = frame.group_by("region", "industry", maintain_order=True).agg(pl.col("output_musd").sum())
    place = f"sheet {sheet}, row {row[ROW][0]}"
    return summed.with_columns(pl.lit(place).alias("locator"), pl.lit(year).alias("year"))


def _industries(rows: pl.DataFrame, names: list[str], sheet: str) -> pl.DataFrame:
    picked = rows.select(
        pl.col(names[3]).alias("industry"),
        pl.col(names[0]).alias("nace1"),
        pl.col(names[1]).alias("industry_title"),
        pl.format("sheet {}, row {}", pl.lit(sheet), ROW).alias("locator"),
    )
    return picked.unique(subset=["industry"], keep="first", maintain_order=True)
