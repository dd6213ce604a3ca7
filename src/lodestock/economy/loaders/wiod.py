"""WIOD, release of November 2013: the official workbook wiotYY_row_*.xlsx, 41 regions × 35 industries, million US
dollar.

First sheet: year at the end of A1, unit in A4; rows 3-6 and columns A-D hold code, name, region and c-code; industries
c1-c35, final use c37-c42; below them r61-r64 and r66 (taxes, adjustments, margins), r65 value added, r69 output.
Source: Timmer, Dietzenbacher, Los, Stehrer and de Vries 2015, doi:10.1111/roie.12178.
"""

from __future__ import annotations

from pathlib import Path

import fastexcel

from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.loaders.cells import block, sound, year_in
from lodestock.errors import InputError

_INDUSTRIES = {f"c{k}" for k in range(1, 36)}
_FINAL = {f"c{k}" for k in range(37, 43)}
_OTHER = ("r61", "r62", "r63", "r64", "r66")
_VALUE_ADDED, _OUTPUT = "r65", "r69"
_REGION, _CODE = 2, 3


def load_wiod(path: Path) -> InputOutputTable:
    """The table in a WIOD 2013 workbook."""
    path = Path(path)
    try:
        book = fastexcel.read_excel(str(path))
        sheet = book.sheet_names[0]
        frame = book.load_sheet(0, header_row=None, dtypes="string").to_polars()
    except (fastexcel.FastExcelError, OSError) as error:
        raise InputError("the WIOD workbook cannot be read", where=str(path), why=str(error).splitlines()[0],
                         mend="download the workbook (.xlsx) again") from None  # fmt: skip
    cells = [list(row) for row in frame.iter_rows()]
    if len(cells) < 7 or len(cells[0]) < 6:
        raise InputError("the sheet is too small for a WIOD table", where=f"{path.name}, sheet {sheet}",
                         mend="give wiotYY_row_*.xlsx as downloaded")  # fmt: skip
    codes, regions = cells[_CODE + 2], cells[_REGION + 2]
    columns = [k for k, code in enumerate(codes) if code in _INDUSTRIES]
    use = [k for k, code in enumerate(codes) if code in _FINAL]
    rows = [k for k, row in enumerate(cells) if row[_CODE] in _INDUSTRIES]
    named = {str(row[_CODE]): k for k, row in enumerate(cells) if str(row[_CODE] or "").startswith("r")}
    lacking = [code for code in (_VALUE_ADDED, _OUTPUT) if code not in named]
    if not columns or not use or lacking:
        raise InputError(
            "the sheet is not a WIOD table of the 2013 release", where=f"{path.name}, sheet {sheet}",
            why=f"missing: {', '.join(lacking) or 'the c-codes in row 6'}", mend="give wiotYY_row_*.xlsx as downloaded",
        )  # fmt: skip
    across = [(str(regions[k]), str(codes[k])) for k in columns]
    down = [(str(cells[k][_REGION]), str(cells[k][_CODE])) for k in rows]
    if across != down:
        k = next((k for k, (a, b) in enumerate(zip(across, down, strict=False)) if a != b), min(len(across), len(down)))
        raise InputError(
            "rows and columns do not name the same industries",
            where=f"{path.name}, sheet {sheet}, industry {k + 1}",
            mend="rows or columns were taken out: download the workbook again",
        )
    other = [named[code] for code in _OTHER if code in named]
    table = InputOutputTable(
        tuple(Industry(*name) for name in down), tuple((str(regions[k]), str(codes[k])) for k in use),
        block(cells, rows, columns, sheet), block(cells, rows, use, sheet),
        block(cells, [named[_VALUE_ADDED]], columns, sheet)[0], block(cells, [named[_OUTPUT]], columns, sheet)[0],
        "MUSD", year_in(str(cells[0][0]), path), f"WIOD 2013 release, {path.name}",
        other_costs=block(cells, other, columns, sheet).sum(axis=0) if other else None,
    )  # fmt: skip
    return sound(table)
