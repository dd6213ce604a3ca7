"""EXIOBASE 3 in the folder layout of pymrio: Z.txt or A.txt with x.txt, Y.txt, and F.txt of the factor inputs.

Tab-separated; two header rows (region, sector or category), where pandas wrote it a third with the names of the index
columns; then region, sector and values. Million euro. Source: Stadler et al. 2018, doi:10.1111/jiec.12715.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import number, reading, sound, year_in
from lodestock.errors import InputError

Floats = NDArray[np.float64]
Pairs = list[tuple[str, str]]

_PRODUCT_TAXES = "Taxes less subsidies on products purchased: Total"
_FACTORS = ("factor_inputs/F.txt", "satellite/F.txt")


def load_exiobase(path: Path) -> InputOutputTable:
    """The table in an EXIOBASE 3 folder. Value added is output minus inputs, less product taxes where F.txt has
    them.
    """
    path = Path(path)
    final, makers, users = _read(path, "Y.txt")
    whole = (path / "Z.txt").is_file()
    cells, rows, columns = _read(path, "Z.txt" if whole else "A.txt")
    _same(columns, rows, "the columns of Z or A", "its rows")
    _same(makers, rows, "Y.txt", "Z or A")
    if whole:
        flows, output = cells, cells.sum(axis=1) + final.sum(axis=1)
    else:
        made, makers_x, _ = _read(path, "x.txt", headers=1)
        _same(makers_x, rows, "x.txt", "A.txt")
        output = made[:, 0]
        flows = cells * output
    taxes, note = _product_taxes(path, rows)
    table = InputOutputTable(
        tuple(Industry(*name) for name in rows), tuple(users), flows, final, output - flows.sum(axis=0) - taxes, output,
        "MEUR", year_in(path.name, path), f"EXIOBASE 3, {path.name}{note}", other_costs=taxes,
    )  # fmt: skip
    return sound(table)


def _read(path: Path, name: str, *, headers: int = 2, labels: int = 2) -> tuple[Floats, Pairs, Pairs]:
    """Values, row labels and column labels of one file."""
    file = path / name
    if not file.is_file():
        raise InputError(
            f"the EXIOBASE folder has no {name}", where=str(path),
            mend="give the unzipped folder IOT_<year>_ixi with Z.txt or A.txt and x.txt, and Y.txt",
        )  # fmt: skip
    with reading(file):
        top = _top(file, headers + 1)
        if len(top[0]) <= labels:
            raise InputError(
                f"{name} is not separated by tabs", where=str(path), mend="give the provider's own file, as unzipped"
            )
        start = headers
        if len(top) > headers and not any(cell.strip() for cell in top[headers][labels:]):
            start += 1
        values, body = _body(file, name, start, labels, max(len(row) for row in top))
    names = [tuple(str(cell) for cell in row) for row in body.iter_rows()]
    across = [tuple(row[k] for row in top[:headers]) for k in range(labels, len(top[0]))]
    return values, [(n[0], n[-1]) for n in names], [(n[0], n[-1]) for n in across]


def _top(file: Path, rows: int) -> list[list[str]]:
    """The first rows of a file as text."""
    with file.open(encoding="utf-8") as stream:
        return [line.rstrip("\r\n").split("\t") for line, _ in zip(stream, range(rows), strict=False)]


def _body(file: Path, name: str, start: int, labels: int, width: int) -> tuple[Floats, pl.DataFrame]:
    """Values and labels below the header. As numbers at once; only where that fails as text, to find the cell."""
    columns = [f"c{k}" for k in range(width)]
    kinds = {column: pl.Utf8 if k < labels else pl.Float64 for k, column in enumerate(columns)}
    read = partial(
        pl.read_csv, file, has_header=False, separator="\t", quote_char=None, skip_rows=start, new_columns=columns
    )  # fmt: skip
    try:
        frame = read(schema_overrides=kinds)
        values = np.ascontiguousarray(frame[:, labels:].to_numpy())
        if np.isfinite(values).all():
            return values, frame[:, :labels]
    except pl.exceptions.PolarsError:
        pass
    text = read(infer_schema=False)
    values = text[:, labels:].with_columns(pl.all().str.strip_chars().cast(pl.Float64, strict=False)).to_numpy()
    for i, j in np.argwhere(~np.isfinite(values)):
        number(text[int(i), labels + int(j)], f"{name}, row {start + int(i) + 1}, column {labels + int(j) + 1}")
    return values, text[:, :labels]


def _same(found: Pairs, wanted: Pairs, what: str, other: str) -> None:
    if found == wanted:
        return
    k = next((k for k, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    raise InputError(
        f"{what} and {other} do not have the same industries", where=f"industry {k + 1}",
        why=f"{found[k] if k < len(found) else 'nothing'} against {wanted[k] if k < len(wanted) else 'nothing'}",
        mend="the files belong to different versions: use one download",
    )  # fmt: skip


def _product_taxes(path: Path, rows: Pairs) -> tuple[Floats, str]:
    """Taxes less subsidies on products by industry; without F.txt they stay in value added, and the source says so."""
    for name in _FACTORS:
        if not (path / name).is_file():
            continue
        values, labels, columns = _read(path, name, labels=1)
        _same(columns, rows, name, "Z or A")
        kinds = [label[0] for label in labels]
        if _PRODUCT_TAXES not in kinds:
            raise InputError(f"{name} has no row '{_PRODUCT_TAXES}'", where=str(path), mend="use the monetary table")
        return values[kinds.index(_PRODUCT_TAXES)], ""
    return np.zeros(len(rows)), " (value added includes taxes less subsidies on products)"
