"""World Bank Pink Sheet: monthly prices of metals and minerals since 1960."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.files import ROW, guard, need_columns, read_sheet, row_locator
from lodestock.evidence.source import Source, Tidy
from lodestock.vocabulary import convert

SOURCE = Source(
    id="pink_sheet",
    title="Commodity price data (the Pink Sheet), monthly",
    producer="World Bank",
    licence="World Bank terms of use for datasets (attribution)",
    address="https://www.worldbank.org/en/research/commodity-markets",
    covers="monthly prices of metals, minerals and energy, in US dollars of the month; no rare earths",
    tables=("metal_price",),
    official_format="CMO-Historical-Data-Monthly.xlsx, sheet Monthly Prices",
)
SHEET = "Monthly Prices"
KEPT = (
    "Coal, Australian",
    "Natural gas, Europe",
    "Phosphate rock",
    "Potassium chloride",
    "Aluminum",
    "Iron ore, cfr spot",
    "Copper",
    "Lead",
    "Tin",
    "Nickel",
    "Zinc",
    "Gold",
    "Platinum",
    "Silver",
)
_MONTH = r"^\d{4}M\d{2}$"
# US dollars per printed unit → US dollars per tonne; a dry metric tonne unit is iron content, not mass, and has none.
_PER_TONNE = {"$/mt": 1.0, "$/troy oz": 1.0 / convert(1.0, "ozt", "t")}


def tidy(file: Path) -> Tidy:
    """Prices from the shipped extract or from the provider's workbook."""
    if file.suffix == ".parquet":
        guard(file)
        frame = pl.read_parquet(file).with_row_index(ROW, offset=1)
        need_columns(frame, ["month", "commodity", "unit_printed", "price"], file)
        return {"metal_price": _priced(frame.with_columns(row_locator()))}
    return {"metal_price": _priced(_official(file))}


def _priced(frame: pl.DataFrame) -> pl.DataFrame:
    factor = pl.col("unit_printed").replace_strict(_PER_TONNE, default=None, return_dtype=pl.Float64)
    status = pl.when(pl.col("price").is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported"))
    return frame.with_columns((pl.col("price") * factor).alias("price_usd_per_t"), status.alias("price_status"))


def _official(file: Path) -> pl.DataFrame:
    name, cells = read_sheet(file, SHEET)
    rows = cells.with_row_index(ROW, offset=1)
    first = rows.filter(pl.col("column_0").str.contains(_MONTH).fill_null(False))
    if first.is_empty() or first[ROW][0] < 3:
        raise InputError(
            f"{file.name} holds no months",
            where=f"{file}, sheet {name}, column A",
            why="no cell such as 1960M01 below two header rows",
            mend="give the workbook as downloaded",
        )
    top = int(first[ROW][0])
    titles = [str(cell or "").replace("*", "").strip() for cell in cells.row(top - 3)]
    units = [str(cell or "").strip().strip("()") for cell in cells.row(top - 2)]
    chosen = {f"column_{i}": (title, units[i]) for i, title in enumerate(titles) if title in KEPT}
    if len(chosen) < len(KEPT):
        lacking = sorted(set(KEPT) - {title for title, _ in chosen.values()})
        raise InputError(
            f"{file.name} lacks {', '.join(lacking)}",
            where=f"{file}, sheet {name}, row {top - 2}",
            mend="give the workbook as downloaded; if the provider renamed a series, tell the maintainers",
        )
    long = first.select(ROW, "column_0", *chosen).unpivot(on=list(chosen), index=[ROW, "column_0"], value_name="text")
    text = pl.col("text").str.strip_chars().replace(["…", "..", ""], None)
    long = long.with_columns(text.cast(pl.Float64, strict=False).alias("price"), text.alias("text"))
    wrong = long.filter(pl.col("text").is_not_null() & pl.col("price").is_null())
    if not wrong.is_empty():
        raise InputError(f"'{wrong['text'][0]}' is not a number", where=f"{file}, sheet {name}, row {wrong[ROW][0]}")
    return long.with_columns(
        pl.col("column_0").str.replace("M", "-").alias("month"),
        pl.col("variable")
        .replace_strict({c: t for c, (t, _) in chosen.items()}, return_dtype=pl.String)
        .alias("commodity"),
        pl.col("variable")
        .replace_strict({c: u for c, (_, u) in chosen.items()}, return_dtype=pl.String)
        .alias("unit_printed"),
        pl.format("sheet {}, row {}", pl.lit(name), ROW).alias("locator"),
    )
