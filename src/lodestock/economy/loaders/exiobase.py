"""EXIOBASE 3 in the folder layout of pymrio: Z.txt or A.txt with x.txt, Y.txt, and F.txt of the factor inputs.

Tab-separated; two header rows (region, sector or category), where pandas wrote it a third with the names of the index
columns; then region, sector and values. Million euro. Source: Stadler et al. 2018, doi:10.1111/jiec.12715.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import number, sound, year_in
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
    if (path / "Z.txt").is_file():
        flows, rows, columns = _read(path, "Z.txt")
        output = flows.sum(axis=1) + final.sum(axis=1)
    else:
        a, rows, columns = _read(path, "A.txt")
        made, makers_x, _ = _read(path, "x.txt", headers=1)
        _same(makers_x, rows, "x.txt", "A.txt")
        output = made[:, 0]
        flows = a * output
    _same(columns, rows, "the columns of Z or A", "its rows")
    _same(makers, rows, "Y.txt", "Z or A")
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
    text = pl.read_csv(file, has_header=False, separator="\t", infer_schema=False, quote_char=None)
    top = [list(text.row(k)) for k in range(min(4, text.height))]
    start = headers
    if len(top) > headers and all(cell in (None, "") for cell in top[headers][labels:]):
        start += 1
    body = text.slice(start)
    values = body[:, labels:].with_columns(pl.all().str.strip_chars().cast(pl.Float64, strict=False)).to_numpy()
    holes = np.argwhere(~np.isfinite(values))
    if holes.size:
        i, j = (int(k) for k in holes[0])
        number(body[i, labels + j], f"{name}, row {start + i + 1}, column {labels + j + 1}")
    names = [tuple(str(cell) for cell in row) for row in body[:, :labels].iter_rows()]
    across = [tuple(str(row[k]) for row in top[:headers]) for k in range(labels, text.width)]
    return values, [(n[0], n[-1]) for n in names], [(n[0], n[-1]) for n in across]


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
