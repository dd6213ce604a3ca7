"""Reading what people hand in: guards against unreadable files, and text tables with the row of each line."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import fastexcel
import polars as pl

from lodestock.errors import InputError, nearest

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
ROW = "_row"
_SHEET_SUFFIXES = (".xlsx", ".xls", ".xlsm")


def digest(path: Path) -> str:
    """The sha256 of a file, as hexadecimal text."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def guard(path: Path) -> None:
    """Raise InputError when the file is absent, a folder, empty, of the wrong kind or cut off; else return."""
    if not path.exists():
        raise InputError(f"no such file: {path}", where=str(path), mend="check the name and the folder")
    if path.is_dir():
        raise InputError(f"{path} is a folder", where=str(path), mend="give one file; import the files one by one")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty", where=str(path), why="0 bytes", mend="download the file again")
    with path.open("rb") as handle:
        head = handle.read(4096)
    _guard_html(path, head)
    if path.suffix.lower() in _SHEET_SUFFIXES:
        _guard_workbook(path, head)
    elif path.suffix.lower() == ".parquet":
        _guard_parquet(path)
    else:
        _guard_text(path)


def _guard_html(path: Path, head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise InputError(
            f"{path} is a web page, not a table",
            where=f"{path}, row 1",
            why="it begins with " + start[:20].decode("ascii", "replace").strip(),
            mend="the download gave a page (a login or an error); open the address in a browser and save the data file",
        )


def _guard_workbook(path: Path, head: bytes) -> None:
    if not head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(f"{path} is not a workbook", where=str(path), mend="give the file as the provider offers it")


def _guard_parquet(path: Path) -> None:
    with path.open("rb") as handle:
        first = handle.read(4)
        handle.seek(-min(4, path.stat().st_size), 2)
        last = handle.read(4)
    if first != b"PAR1" or last != b"PAR1":
        raise InputError(f"{path} is cut off or not parquet", where=str(path), mend="copy or download the file again")


def _guard_text(path: Path) -> None:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            f"{path} is in UTF-16", where=f"{path}, row 1", why="it begins with a UTF-16 mark", mend="save it as UTF-8"
        )
    if b"\x00" in data[:4096]:
        raise InputError(
            f"{path} is not a text table",
            where=f"{path}, row 1",
            why="it holds zero bytes",
            mend="give the file as the provider offers it, or save it as UTF-8",
        )
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path} is not in UTF-8",
            where=f"{path}, row {row}",
            why=f"byte {data[error.start]:#04x} is no UTF-8 (Latin-1 or Windows-1252?)",
            mend="save it as UTF-8",
        ) from None
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputError(f"{path} is empty", where=str(path), why="only blank lines", mend="download the file again")
    if path.suffix.lower() not in (".yml", ".yaml"):  # entries, not rows: the reader of the file checks them
        _guard_cells(path, data)


def _cell_counts(path: Path, data: bytes, mark: str) -> list[int] | pl.Series:
    """How many cells each row has; 0 for a blank row."""
    if b'"' in data:
        text = data.decode("utf-8-sig")
        return [len(row) for row in csv.reader(text.splitlines(keepends=True), delimiter=mark)]
    lines = pl.read_csv(path, separator="\x1f", has_header=False, quote_char=None, infer_schema=False).to_series()
    counts = lines.str.count_matches(mark, literal=True).cast(pl.Int64) + 1
    return counts.set(lines.is_null() | (lines.str.strip_chars() == ""), 0)


def _guard_cells(path: Path, data: bytes) -> None:
    """Every row must have as many cells as the header: a short last row is a file cut off, another one is irregular."""
    mark = separator(data.partition(b"\n")[0].decode("utf-8-sig"))
    counts = pl.Series(_cell_counts(path, data, mark), dtype=pl.Int64)
    wanted = int(counts[0])
    short = counts.is_between(1, wanted - 1)
    last = counts.len() - 1
    if short[last] or data.count(b'"') % 2:
        raise InputError(
            f"{path} is cut off",
            where=f"{path}, row {last + 1}",
            why=f"the last row has {counts[last]} of {wanted} cells",
            mend="download the file again",
        )
    if short.any():
        row = int(short.arg_true()[0])
        raise InputError(
            f"{path} is not a regular table",
            where=f"{path}, row {row + 1}",
            why=f"the row has {counts[row]} of {wanted} cells",
            mend="every row must have as many cells as the header; correct the row or download the file again",
        )


def separator(header: str) -> str:
    """The cell separator of a header line: comma, semicolon or tab, whichever stands there most."""
    return max(",;\t", key=header.count)


def read_text(path: Path, keep: pl.Expr | None = None) -> pl.DataFrame:
    """All cells of a text table as text (blank cells are null), with the file's row number in `_row` (header = 1).

    keep: rule over the file's own columns; only rows that keep it are read, for files larger than memory.
    A row with fewer or more cells than the header raises InputError with its row.
    """
    guard(path)
    with path.open(encoding="utf-8-sig") as handle:
        header = handle.readline()
    table = pl.scan_csv(
        path, separator=separator(header), infer_schema=False, row_index_name=ROW, row_index_offset=2, low_memory=True
    )
    try:
        names = table.collect_schema().names()
        table = table.rename({name: name.lstrip("\ufeff").strip() for name in names})
        frame = (table if keep is None else table.filter(keep)).collect(engine="streaming")
    except pl.exceptions.ColumnNotFoundError:
        frame = table.collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"{path} is not a regular table",
            where=str(path),
            why=str(error).splitlines()[0],
            mend="every row must have as many cells as the header, and every column its own name",
        ) from None
    if frame.is_empty() and keep is None:
        raise InputError(f"{path} has a header but no rows", where=f"{path}, row 1", mend="download the file again")
    return frame.with_columns(pl.col(ROW).cast(pl.Int64))


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets of a workbook."""
    return list(_book(path).sheet_names)


def _book(path: Path) -> fastexcel.ExcelReader:
    guard(path)
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise InputError(
            f"{path} cannot be read as a workbook",
            where=str(path),
            why=str(error).splitlines()[0],
            mend="download the file again",
        ) from None


def read_sheet(path: Path, sheet: str | int = 0) -> tuple[str, pl.DataFrame]:
    """One sheet of a workbook as (its name, all cells as text); columns are column_0…, rows in the sheet's order."""
    book = _book(path)
    if isinstance(sheet, str) and sheet not in book.sheet_names:
        near = ", ".join(nearest(sheet, book.sheet_names)) or ", ".join(book.sheet_names)
        raise InputError(f"{path} has no sheet '{sheet}'", where=str(path), mend=f"its sheets: {near}")
    loaded = book.load_sheet(sheet, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
    frame = loaded.to_polars()
    return loaded.name, frame.rename({name: f"column_{i}" for i, name in enumerate(frame.columns)})


def need_columns(frame: pl.DataFrame, wanted: list[str], path: Path) -> None:
    """Raise InputError naming each wanted column that the file lacks, with the nearest it has."""
    missing = [name for name in wanted if name not in frame.columns]
    if not missing:
        return
    have = [name for name in frame.columns if name != ROW]
    offers = [f"'{name}' (nearest: {', '.join(nearest(name, have)) or 'none'})" for name in missing]
    raise InputError(
        f"{path.name} lacks column {', '.join(offers)}",
        where=f"{path}, row 1",
        why=f"found {', '.join(have[:20])}",
        mend="give the file in the provider's own layout",
    )


def numbers(frame: pl.DataFrame, column: str, path: Path, *, blanks: tuple[str, ...] = ()) -> pl.Series:
    """A text column as float64; null and the given codes for blank stay null, any other text raises with its row."""
    text = frame[column].str.strip_chars()
    text = text.set(text.is_in(["", *blanks]).fill_null(False), None)
    value = text.cast(pl.Float64, strict=False)
    bad = text.is_not_null() & value.is_null()
    if bad.any():
        row = frame.filter(bad).row(0, named=True)
        raise InputError(
            f"'{row[column]}' is not a number",
            where=f"{path}, row {row.get(ROW, '?')}, column {column}",
            why=f"{bad.sum()} such cells; known codes for no value: {', '.join(blanks) or 'blank'}",
            mend="correct the cell, or leave it blank where the value is missing",
        )
    return value.rename(column)


def row_locator() -> pl.Expr:
    """The locator column: `row 12` from the row number that `read_text` gave."""
    return pl.format("row {}", pl.col(ROW)).alias("locator")
