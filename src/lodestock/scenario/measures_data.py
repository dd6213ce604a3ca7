"""The measures of a product as data: cost, lead time, reach and limit of each, with range, mark and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.yaml_lists import Stated, entries, read_stated, top_entry, words

SCHEMA = "lodestock-measures/1"
FOLDER = Path(__file__).parent.parent / "reference" / "measures"
STOCK = "stock"
STOCK_TITLE = Text("voorraad", "stock")
# field: unit, lowest and highest that is accepted, name
FIELDS: Mapping[str, tuple[str, float, float, Text]] = {
    "running": ("kEUR/t", 0.0, 1e6, Text("kosten per jaar per ton per jaar", "yearly cost per tonne a year")),
    "upfront": ("kEUR/t", 0.0, 1e6, Text("eenmalige kosten per ton per jaar", "one-off cost per tonne a year")),
    "reach": ("share", 0.0, 1.0, Text("deel dat in een regime helpt", "part that helps in a regime")),
    "lead": ("yr", 0.0, 40.0, Text("jaren tot het werkt", "years until it works")),
    "ramp": ("yr", 0.0, 40.0, Text("jaren van begin tot vol", "years from start to full")),
    "most": ("share", 0.0, 5.0, Text("ten hoogste, deel van het eigen gebruik", "at most, share of own use")),
}


@dataclass(frozen=True, slots=True)
class MeasureData:
    """One measure that brings tonnes a year: its stated values by field."""

    id: str
    title: Text
    stated: Mapping[str, Stated]


@dataclass(frozen=True, slots=True)
class MeasureBook:
    """The measures of a product and the years over which they are compared."""

    product: str
    years: int
    measures: tuple[MeasureData, ...]


def measure_book(product: str) -> MeasureBook:
    """The measures that ship for a product; UnknownNameError with the products that have them."""
    file = FOLDER / f"{product}.yml"
    if not file.is_file():
        known = [path.stem for path in sorted(FOLDER.glob("*.yml")) if not path.stem.endswith(".origin")]
        raise UnknownNameError("product with measures", product, known, where="reference/measures")
    return parse_measures(file.read_text(encoding="utf-8"), where=file.name)


def parse_measures(text: str, *, where: str) -> MeasureBook:
    """Measures from YAML; every fault is told with its line."""
    top = top_entry(text, where, SCHEMA, ("product", "horizon_years", "measures"))
    years = top.whole("horizon_years")
    if years is None or years > 60:
        raise InputError("the horizon is 1 to 60 years", where=top.at("horizon_years"), why=str(years))
    found = tuple(_measure(entry) for entry in entries(top, "measures"))
    names = [item.id for item in found]
    if len(set(names)) != len(names) or STOCK in names:
        raise InputError("an id stands twice, or is 'stock'", where=top.at("measures"), why=", ".join(names))
    return MeasureBook(top.text("product"), years, found)


def _measure(entry: Entry) -> MeasureData:
    entry.only(("id", "title", *FIELDS))
    stated = {name: read_stated(entry.inner(name), *limits[:3]) for name, limits in FIELDS.items()}
    if stated["running"].low + stated["upfront"].low <= 0.0:
        raise InputError(
            "a measure that can cost nothing", where=entry.at("running"), why="what a euro buys has then no answer",
            mend="give running or upfront a low above 0",
        )  # fmt: skip
    if stated["most"].value <= 0.0:
        raise InputError(
            "a measure of which there can be none", where=entry.at("most"), mend="give most a value above 0, or leave "
            "the measure out",
        )  # fmt: skip
    return MeasureData(entry.text("id"), words(entry.inner("title")), stated)
