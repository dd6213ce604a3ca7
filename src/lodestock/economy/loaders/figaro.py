"""FIGARO, Eurostat's inter-country input–output tables: the flat CSV, industry by industry.

File `flatfile_eu-ic-io_ind-by-ind_<edition>_<year>.csv` with the columns icioiRow, icioiCol, refArea, rowIi,
counterpartArea, colIi, obsValue; million euro, basic prices. Final use has codes P3_S13, P3_S14, P3_S15, P51G, P5M (or
P52, P53); rows of region W2 hold value added (D1, D29X39, B2A3G), taxes less subsidies on products (D21X31) and
purchases abroad (OP_RES, OP_NRES). Source: Eurostat, naio_10_fcp_ii; metadata
ec.europa.eu/eurostat/cache/metadata/en/naio_10_fcp_esms.htm
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import sound, year_in
from lodestock.errors import InputError

Ints = NDArray[np.int64]

_COLUMNS = ("refArea", "rowIi", "counterpartArea", "colIi", "obsValue")
_VALUE_ADDED = ("D1", "D29X39", "B2A3G")
_OTHER = ("D21X31", "OP_RES", "OP_NRES")


def load_figaro(path: Path) -> InputOutputTable:
    """The table in a FIGARO flat CSV. Every cell must be there once; one that is missing is refused by name."""
    path = Path(path)
    if not path.is_file():
        raise InputError("no such FIGARO file", where=str(path), mend="give the unzipped flat CSV")
    head = pl.read_csv(path, n_rows=0).columns
    missing = [name for name in _COLUMNS if name not in head]
    if missing:
        raise InputError(
            f"the FIGARO file lacks the column(s) {', '.join(missing)}", where=str(path),
            mend="give the flat file industry by industry (flatfile_eu-ic-io_ind-by-ind_…)",
        )  # fmt: skip
    rows = pl.read_csv(path, columns=list(_COLUMNS), schema_overrides={"obsValue": pl.Utf8}).with_row_index("row", 2)
    rows = rows.with_columns(pl.col("obsValue").cast(pl.Float64, strict=False).alias("value"))
    bad = rows.filter(pl.col("value").is_null() | ~pl.col("value").is_finite())
    if bad.height:
        first = bad.row(0, named=True)
        raise InputError(
            f"'{first['obsValue'] or ''}' is not a number", where=f"{path.name}, row {first['row']}",
            why=f"{bad.height} cell(s) without a number; unknown is not zero", mend="download the file again",
        )  # fmt: skip
    return sound(_table(rows, path))


def _table(rows: pl.DataFrame, path: Path) -> InputOutputTable:
    primary = [*_VALUE_ADDED, *_OTHER]
    makers = rows.filter(~pl.col("rowIi").is_in(primary))
    industries = makers.select("refArea", "rowIi").unique(maintain_order=True).rows()
    known = {sector for _, sector in industries}
    users = (
        rows.filter(~pl.col("colIi").is_in(known)).select("counterpartArea", "colIi").unique(maintain_order=True).rows()
    )
    at_row = {name: k for k, name in enumerate([*industries, *(("W2", code) for code in primary)])}
    at_column = {name: k for k, name in enumerate([*industries, *users])}
    cells = np.full((len(at_row), len(at_column)), np.nan)
    r = _numbers(rows, pl.when(pl.col("rowIi").is_in(primary)).then(pl.lit("W2")).otherwise("refArea"), "rowIi", at_row)
    c = _numbers(rows, pl.col("counterpartArea"), "colIi", at_column)
    if (c < 0).any():
        k = int(np.argmax(c < 0))
        raise InputError(
            "an industry buys but does not sell", where=f"{path.name}, row {k + 2}: {rows['counterpartArea'][k]}, "
            f"{rows['colIi'][k]}", mend="the file is incomplete: download it again",
        )  # fmt: skip
    flat = r * cells.shape[1] + c
    if np.unique(flat).size != flat.size:
        k = int(np.flatnonzero(np.bincount(flat, minlength=1)[flat] > 1)[1])
        raise InputError("a cell appears twice", where=f"{path.name}, row {k + 2}", mend="download the file again")
    cells[r, c] = rows["value"].to_numpy()
    present = ~np.isnan(cells[len(industries) :]).all(axis=1)
    _refuse_holes(cells[: len(industries)], industries, [*industries, *users], path)
    n = len(industries)
    own = [k for k, code in enumerate(primary) if code in _VALUE_ADDED]
    other = [k for k, code in enumerate(primary) if code in _OTHER and present[k]]
    if not present[own].all():
        raise InputError("rows of value added are missing", where=f"{path.name}: {', '.join(_VALUE_ADDED)}")
    value_added, costs = cells[n:][own, :n].sum(axis=0), cells[n:][other, :n].sum(axis=0)
    if np.isnan(value_added).any() or np.isnan(costs).any():
        k = int(np.argmax(np.isnan(value_added + costs)))
        raise InputError("value added or taxes are missing", where=f"{path.name}: {'_'.join(industries[k])}")
    flows, final = cells[:n, :n], cells[:n, n:]
    return InputOutputTable(
        tuple(Industry(*name) for name in industries), tuple((area, code) for area, code in users), flows, final,
        value_added, flows.sum(axis=0) + value_added + costs, "MEUR", year_in(path.stem, path),
        f"Eurostat FIGARO, {path.name}", other_costs=costs,
    )  # fmt: skip


def _numbers(rows: pl.DataFrame, area: pl.Expr, code: str, places: dict[tuple[str, ...], int]) -> Ints:
    """Place of each row's (area, code) in `places`, -1 where it has none."""
    known = pl.DataFrame(
        [(*name, place) for name, place in places.items()], schema={"area": pl.Utf8, "code": pl.Utf8, "at": pl.Int64},
        orient="row",
    )  # fmt: skip
    found = rows.select(area.cast(pl.Utf8).alias("area"), pl.col(code).cast(pl.Utf8).alias("code")).join(
        known, on=["area", "code"], how="left", maintain_order="left"
    )
    return found["at"].fill_null(-1).to_numpy()


def _refuse_holes(
    cells: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    makers: list[tuple[str, ...]],
    users: list[tuple[str, ...]],
    path: Path,
) -> None:
    holes = np.argwhere(np.isnan(cells))
    if holes.size:
        i, j = holes[0]
        raise InputError(
            f"{len(holes)} cell(s) are missing", where=f"{path.name}: {'_'.join(makers[i])} → {'_'.join(users[j])}",
            why="a cell that is not in the file is unknown, not zero", mend="download the file again",
        )  # fmt: skip
