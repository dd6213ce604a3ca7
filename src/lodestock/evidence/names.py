"""Names and codes as printed in sources → identifiers of the vocabulary; an unknown one raises, it is never dropped."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import polars as pl

from lodestock import vocabulary
from lodestock.errors import InputError, UnknownNameError

ROW = "_row"
_OTHER = Path(__file__).resolve().parents[1] / "reference" / "sources" / "other_materials.csv"


@cache
def _is_country(code: str) -> bool:
    try:
        return vocabulary.country(code).iso3 == code
    except UnknownNameError:
        return False


def not_countries(codes: Iterable[str]) -> list[str]:
    """Those codes that are no alpha-3 code of the vocabulary."""
    return [code for code in codes if not _is_country(code)]


@cache
def country_code(name: str) -> str:
    """The alpha-3 code of a country by any name or code that the vocabulary knows."""
    return vocabulary.country(name).iso3


@cache
def other_materials() -> dict[str, str]:
    """Materials outside the vocabulary that sources speak of (gypsum, roundwood…): lower-case name → identifier."""
    with _OTHER.open(encoding="utf-8", newline="") as handle:
        return {row["name"].casefold(): row["id"] for row in csv.DictReader(handle)}


@cache
def material_id(name: str) -> str:
    """The identifier of a material: from the vocabulary, else from the list of other materials; else it raises."""
    other = other_materials()
    if name.casefold() in other:
        return other[name.casefold()]
    return vocabulary.material(name).id


def countries(frame: pl.DataFrame, column: str, file: Path) -> pl.Series:
    """A column of country names or codes as alpha-3 codes; an unknown one raises with its row."""
    return _mapped(frame, column, file, country_code)


def numeric_countries(frame: pl.DataFrame, column: str, file: Path) -> pl.Series:
    """A column of numeric country codes (as trade statistics use them) as alpha-3 codes."""
    return _mapped(frame, column, file, lambda text: vocabulary.country_from_numeric(int(text.strip())).iso3)


def materials(frame: pl.DataFrame, column: str, file: Path) -> pl.Series:
    """A column of material names as identifiers; an unknown one raises with its row."""
    return _mapped(frame, column, file, material_id)


def materials_or_null(printed: pl.Series) -> pl.Series:
    """Material names as identifiers, null for what is no single known material (a group, a product, 'all')."""

    def found(name: str) -> str | None:
        try:
            return material_id(name)
        except UnknownNameError:
            return None

    mapping = {name: found(name) for name in printed.drop_nulls().unique().to_list()}
    return printed.replace_strict(mapping, return_dtype=pl.String)


def _mapped(frame: pl.DataFrame, column: str, file: Path, one: Callable[[str], str]) -> pl.Series:
    mapping: dict[str, str] = {}
    for text in frame[column].unique().drop_nulls().to_list():
        try:
            mapping[text] = one(text)
        except (UnknownNameError, ValueError) as error:
            mend = error.mend if isinstance(error, UnknownNameError) else "give a number"
            raise InputError(
                f"'{text}' is not known to the vocabulary",
                where=f"{file}, {place(frame.filter(pl.col(column) == text))}, column {column}",
                why=str(error).splitlines()[0],
                mend=mend,
            ) from None
    empty = frame.filter(pl.col(column).is_null())
    if not empty.is_empty():
        raise InputError(f"column '{column}' is blank", where=f"{file}, {place(empty)}", mend="fill in the cell")
    return frame[column].replace_strict(mapping, return_dtype=pl.String)


def place(frame: pl.DataFrame) -> str:
    """The row of the first line of a frame, as far as it is known."""
    return f"row {frame[ROW][0]}" if ROW in frame.columns else "row not known"


_FOOTNOTE = re.compile(r"^(.*?)\s*(?:\d+)?$")


@cache
def _plain(name: str) -> tuple[str, bool]:
    """A country's name without what is run into it: (name, whether a footnote `e` for estimated stood behind it)."""
    text = _FOOTNOTE.sub(r"\1", name.replace("’", "'")).strip()
    for candidate, marked in ((text, False), (text[:-1] if text.endswith("e") else text, text.endswith("e"))):
        for shorter in (candidate, re.sub(r"\s*\(.*\)$", "", candidate), candidate.partition(",")[0]):
            if _known(shorter):
                return shorter, marked
    return text, False


@cache
def _known(name: str) -> bool:
    try:
        country_code(name)
    except UnknownNameError:
        return False
    return True


def without_footnote(printed: pl.Series) -> pl.Series:
    """Country names without footnote figures and letters, remarks in brackets and products behind a comma."""
    mapping = {name: _plain(name)[0] for name in printed.unique().drop_nulls().to_list()}
    return printed.replace_strict(mapping, return_dtype=pl.String)


def footnoted(printed: pl.Series) -> pl.Series:
    """Whether a footnote `e` (estimated) is run into the country name, as in `Japane` for Japan."""
    mapping = {name: _plain(name)[1] for name in printed.unique().drop_nulls().to_list()}
    return printed.replace_strict(mapping, return_dtype=pl.Boolean)
