"""FIGARO, Eurostat's inter-country input–output tables: the flat CSV, industry by industry.

File `flatfile_eu-ic-io_ind-by-ind_<edition>_<year>.csv` with the columns icioiRow, icioiCol, refArea, rowIi,
counterpartArea, colIi, obsValue; million euro, basic prices. Final use has codes P3_S13, P3_S14, P3_S15, P51G, P5M (or
P52, P53); rows of region W2 hold value added (D1, D29X39, B2A3G), taxes less subsidies on products (D21X31) and
purchases abroad (OP_RES, OP_NRES). Source: Eurostat, naio_10_fcp_ii; metadata
ec.europa.eu/eurostat/cache/metadata/en/naio_10_fcp_esms.htm
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import reading, sound, year_in
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
    with reading(path):
        return sound(_table(_cells(path), path))


def _cells(path: Path) -> pl.DataFrame:
    """The columns that are needed, row by row; names by number, because a table has ten million rows of few names."""
    head = pl.read_csv(path, n_rows=0).columns
    missing = [name for name in _COLUMNS if name not in head]
    if missing:
        raise InputError(
            f"the FIGARO file lacks the column(s) {', '.join(missing)}", where=str(path),
            mend="give the flat file industry by industry (flatfile_eu-ic-io_ind-by-ind_…), with commas between cells",
        )  # fmt: skip
    kinds: dict[str, pl.DataType] = {name: pl.Categorical() for name in _COLUMNS[:-1]}
    try:
        rows = pl.read_csv(path, columns=list(_COLUMNS), schema_overrides=kinds | {"obsValue": pl.Float64()})
        if rows["obsValue"].is_finite().fill_null(value=False).all():
            return rows.rename({"obsValue": "value"})
    except pl.exceptions.ComputeError as error:
        if "utf-8" in str(error).lower():
            raise
    text = pl.read_csv(path, columns=list(_COLUMNS), infer_schema=False).with_row_index("row", 2)
    value = pl.col("obsValue").str.strip_chars().cast(pl.Float64, strict=False)
    bad = text.filter(value.is_null() | ~value.is_finite())
    first = bad.row(0, named=True) if bad.height else {"obsValue": None, "row": 2}
    raise InputError(
        f"'{first['obsValue'] or ''}' is not a number", where=f"{path.name}, row {first['row']}",
        why=f"{bad.height} cell(s) without a number; unknown is not zero", mend="download the file again",
    )  # fmt: skip


def _table(rows: pl.DataFrame, path: Path) -> InputOutputTable:
    primary = [*_VALUE_ADDED, *_OTHER]
    sellers, buyers = _pairs(rows, "refArea", "rowIi"), _pairs(rows, "counterpartArea", "colIi")
    industries = [name for name in sellers.names if name[1] not in primary]
    known = {sector for _, sector in industries}
    users = [name for name in buyers.names if name[1] not in known]
    at_row = {name: k for k, name in enumerate([*industries, *(("W2", code) for code in primary)])}
    at_column = {name: k for k, name in enumerate([*industries, *users])}
    cells = np.full((len(at_row), len(at_column)), np.nan)
    r = sellers.places({name: at_row[("W2", name[1]) if name[1] in primary else name] for name in sellers.names})
    c = buyers.places({name: at_column.get(name, -1) for name in buyers.names})
    if (c < 0).any():
        k = int(np.argmax(c < 0))
        raise InputError(
            "an industry buys but does not sell", where=f"{path.name}, row {k + 2}: {rows['counterpartArea'][k]}, "
            f"{rows['colIi'][k]}", mend="the file is incomplete: download it again",
        )  # fmt: skip
    flat = r * cells.shape[1] + c
    twice = np.bincount(flat, minlength=cells.size) > 1
    if twice.any():
        k = int(np.flatnonzero(twice[flat])[1])
        raise InputError("a cell appears twice", where=f"{path.name}, row {k + 2}", mend="download the file again")
    cells[r, c] = rows["value"].to_numpy()
    present = ~np.isnan(cells[len(industries) :]).all(axis=1)
    _refuse_holes(cells[: len(industries)], industries, [*industries, *users], path)
    n = len(industries)
    own = [k for k, code in enumerate(primary) if code in _VALUE_ADDED]
    other = [k for k, code in enumerate(primary) if code in _OTHER and present[k]]
    if not present[own].all():
        raise InputError("rows of value added are missing", where=f"{path.name}: {', '.join(_VALUE_ADDED)}",
                         mend="download the file again")  # fmt: skip
    value_added, costs = cells[n:][own, :n].sum(axis=0), cells[n:][other, :n].sum(axis=0)
    if np.isnan(value_added).any() or np.isnan(costs).any():
        k = int(np.argmax(np.isnan(value_added + costs)))
        raise InputError("value added or taxes are missing", where=f"{path.name}: {'_'.join(industries[k])}",
                         mend="download the file again")  # fmt: skip
    flows, final = cells[:n, :n], cells[:n, n:]
    return InputOutputTable(
        tuple(Industry(*name) for name in industries), tuple((area, code) for area, code in users), flows, final,
        value_added, flows.sum(axis=0) + value_added + costs, "MEUR", year_in(path.stem, path),
        f"Eurostat FIGARO, {path.name}", other_costs=costs,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of area and code: the names in order of first appearance, and which of them each row has."""

    names: list[tuple[str, str]]
    which: Ints

    def places(self, at: Mapping[tuple[str, str], int]) -> Ints:
        """The place of each row's pair."""
        return np.array([at[name] for name in self.names], dtype=np.int64)[self.which]


def _pairs(rows: pl.DataFrame, area: str, code: str) -> _Pairs:
    numbers = [rows[name].to_physical().to_numpy().astype(np.int64) for name in (area, code)]
    width = int(numbers[1].max(initial=0)) + 1
    key = numbers[0] * width + numbers[1]
    found, first, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(found.size, dtype=np.int64)
    rank[order] = np.arange(found.size)
    names = [(str(rows[area][int(k)]), str(rows[code][int(k)])) for k in first[order]]
    return _Pairs(names, rank[which])


def _refuse_holes(
    cells: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    makers: Sequence[tuple[str, ...]],
    users: Sequence[tuple[str, ...]],
    path: Path,
) -> None:
    holes = np.argwhere(np.isnan(cells))
    if holes.size:
        i, j = holes[0]
        raise InputError(
            f"{len(holes)} cell(s) are missing", where=f"{path.name}: {'_'.join(makers[i])} → {'_'.join(users[j])}",
            why="a cell that is not in the file is unknown, not zero", mend="download the file again",
        )  # fmt: skip
