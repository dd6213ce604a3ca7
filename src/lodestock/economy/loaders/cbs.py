"""CBS supply and use tables of the Netherlands: a workbook with a supply and a use sheet, made industry by industry.

A sheet whose name holds "aanbod" (supply) and one whose name holds "gebruik" (use), both in basic prices: products in
rows (code, name), industries in columns. The header row is the one with the industry codes; columns and rows are
found by their labels, not by their place. Supply: industries and "Invoer" (imports). Use: industries, then the
categories of final use; below the products "Toegevoegde waarde" (value added) and, where given, "Productgebonden
belastingen" (taxes less subsidies on products). Labels that begin with "Totaal" are sums and are not read.

Industry by industry with fixed product sales shares (Eurostat Manual of Supply, Use and Input-Output Tables 2008,
model D): each product's domestic supply is shared over industries as they make it; imports are taken to be used in the
same share by every user of a product, and are not part of domestic flows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import numpy as np
from numpy.typing import NDArray

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import block, sound, year_in
from lodestock.errors import DataError, InputError

Floats = NDArray[np.float64]

_REGION = "NLD"
_IMPORTS, _VALUE_ADDED, _TAXES = "invoer", "toegevoegde waarde", "productgebonden belastingen"
# Published in whole millions: supply and use of a product may differ by rounding.
_ROUNDING = 2.0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its labels: products (code → row), columns (label → column), other rows (label → row)."""

    name: str
    cells: list[list[object]]
    products: dict[str, int]
    columns: dict[str, int]
    extra: dict[str, int]


def load_cbs(path: Path) -> InputOutputTable:
    """The Dutch table, industry by industry, domestic flows; imports and product taxes are other costs."""
    path = Path(path)
    try:
        book = fastexcel.read_excel(str(path))
    except (fastexcel.FastExcelError, OSError) as error:
        raise InputError("the CBS workbook cannot be read", where=str(path), why=str(error).splitlines()[0],
                         mend="download the workbook (.xlsx) again") from None  # fmt: skip
    supply, use = _sheet(book, "aanbod", path), _sheet(book, "gebruik", path)
    if list(supply.products) != list(use.products):
        odd = sorted(set(supply.products) ^ set(use.products)) or list(supply.products)[:1]
        raise InputError("supply and use do not list the same products", where=f"{path.name}: {', '.join(odd[:5])}",
                         mend="use both tables of one edition and one level of detail")  # fmt: skip
    imports = next((name for name in supply.columns if name.casefold().startswith(_IMPORTS)), None)
    industries = [name for name in supply.columns if name in use.columns and name != imports]
    final = [name for name in use.columns if name not in industries]
    if imports is None or not industries or not final:
        raise InputError("no imports, industries or final use found by their labels", where=path.name,
                         mend="keep the provider's labels: industry codes, Invoer, Consumptie")  # fmt: skip
    rows = list(supply.products.values()), list(use.products.values())
    made = block(supply.cells, rows[0], [supply.columns[name] for name in industries], supply.name, blank=0.0)
    imported = block(supply.cells, rows[0], [supply.columns[imports]], supply.name, blank=0.0)[:, 0]
    used = block(use.cells, rows[1], [use.columns[name] for name in industries], use.name, blank=0.0)
    wanted = block(use.cells, rows[1], [use.columns[name] for name in final], use.name, blank=0.0)
    _check_products(made, imported, used, wanted, list(supply.products), path)
    added = _named_row(use, _VALUE_ADDED, industries, path, needed=True)
    taxes = _named_row(use, _TAXES, industries, path, needed=False)
    flows, sold, bought = by_industry(made, imported, used, wanted)
    year = year_in(f"{path.stem} {supply.name}", path)
    return sound(
        InputOutputTable(
            tuple(Industry(_REGION, name) for name in industries), tuple((_REGION, name) for name in final), flows,
            sold, added, made.sum(axis=0), "MEUR", year, f"CBS supply and use tables, {path.name}",
            other_costs=bought + taxes,
        )
    )  # fmt: skip


def by_industry(made: Floats, imported: Floats, used: Floats, wanted: Floats) -> tuple[Floats, Floats, Floats]:
    """Supply and use as flows between industries [N, N], deliveries to final use [N, C] and imports used [N].

    made [P, N] supply by product and industry, imported [P], used [P, N], wanted [P, C], all in basic prices.
    """
    domestic = made.sum(axis=1)
    home = np.divide(domestic, domestic + imported, out=np.zeros_like(domestic), where=domestic + imported != 0)
    share = np.divide(made, domestic[:, None], out=np.zeros_like(made), where=domestic[:, None] != 0)
    at_home = home[:, None]
    return share.T @ (at_home * used), share.T @ (at_home * wanted), ((1.0 - at_home) * used).sum(axis=0)


def _sheet(book: fastexcel.ExcelReader, word: str, path: Path) -> _Sheet:
    names = [name for name in book.sheet_names if word in name.casefold()]
    if len(names) != 1:
        raise InputError(
            f"the workbook must have one sheet whose name holds '{word}'", where=path.name,
            why=f"sheets: {', '.join(book.sheet_names)}", mend="give supply and use in basic prices of one year",
        )  # fmt: skip
    frame = book.load_sheet(names[0], header_row=None, dtypes="string").to_polars()
    cells: list[list[object]] = [list(row) for row in frame.iter_rows()]
    top = next((k for k, row in enumerate(cells) if sum(cell not in (None, "") for cell in row[2:]) >= 3), None)
    if top is None:
        raise InputError("no header row with industry codes found", where=f"{path.name}, sheet {names[0]}",
                         mend="keep the row with the industry codes of the provider")  # fmt: skip
    columns = _labels(cells[top], 2)
    products: dict[str, int] = {}
    extra: dict[str, int] = {}
    for k in range(top + 1, len(cells)):
        code, label = (str(cell or "").strip() for cell in cells[k][:2])
        if code and not code.casefold().startswith("totaal") and not re.match(r"[A-Za-z]{4}", code):
            if code in products:
                raise InputError("a product appears twice", where=f"{names[0]}!A{k + 1}: {code}", mend="take one out")
            products[code] = k
        elif label or code:
            extra[(label or code).casefold()] = k
    return _Sheet(names[0], cells, products, columns, extra)


def _labels(row: Sequence[object], start: int) -> dict[str, int]:
    texts = {k: str(cell or "").strip() for k, cell in enumerate(row) if k >= start}
    return {text: k for k, text in texts.items() if text and not text.casefold().startswith("totaal")}


def _named_row(sheet: _Sheet, word: str, industries: Sequence[str], path: Path, *, needed: bool) -> Floats:
    found = next((k for label, k in sheet.extra.items() if label.startswith(word)), None)
    if found is None:
        if needed:
            raise InputError(f"the use table has no row '{word}'", where=f"{path.name}, sheet {sheet.name}",
                             mend="use the table in basic prices, with value added")  # fmt: skip
        return np.zeros(len(industries))
    return np.asarray(
        block(sheet.cells, [found], [sheet.columns[name] for name in industries], sheet.name, blank=0.0)[0]
    )


def _check_products(
    made: Floats, imported: Floats, used: Floats, wanted: Floats, products: Sequence[str], path: Path
) -> None:
    gap = made.sum(axis=1) + imported - used.sum(axis=1) - wanted.sum(axis=1)
    bad = np.abs(gap) > np.maximum(_ROUNDING, 1e-3 * np.abs(made.sum(axis=1) + imported))
    if bad.any():
        worst = int(np.argmax(np.abs(gap)))
        raise DataError(
            f"supply and use differ for {int(bad.sum())} product(s)",
            where=f"{path.name}, product {products[worst]}: {gap[worst]:,.6g}",
            why="in basic prices every product's supply equals its use",
            mend="use both tables in basic prices and of the same year (not purchasers' prices)",
        )
