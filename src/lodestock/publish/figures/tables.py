"""The data behind a figure: a CSV with units in its header, and a table in the words of the reader."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import CONVENTIONS
from lodestock.publish.figures.dependency import IMPORTERS, PARTNERS, PRODUCTS
from lodestock.publish.figures.euro import NO_ROOM
from lodestock.publish.figures.sensitivity import NAMES as ASSUMPTIONS
from lodestock.publish.model import FIGURE_TABLES, FigureSpec, Lang
from lodestock.publish.numbers import UNKNOWN, number_text
from lodestock.publish.words import month_text

HEADERS: dict[str, Text] = {
    "convention": Text("lezing van de momentopnamen", "reading of the snapshots"),
    "population": Text("wie telde", "who counted"),
    "label_nl": Text("naam", "name"),
    "label_en": Text("naam", "name"),
    "month": Text("maand", "month"),
    "share_low": Text("ondergrens", "low"),
    "share_median": Text("mediaan", "median"),
    "share_high": Text("bovengrens", "high"),
    "share": Text("aandeel", "share"),
    "never_granted": Text("nooit toegekend", "never granted"),
    "mean_lead_months": Text("gemiddelde doorlooptijd", "mean lead time"),
    "importer": Text("invoer naar", "imports to"),
    "product": Text("product", "product"),
    "partner": Text("uit", "from"),
    "quantity_t": Text("hoeveelheid", "quantity"),
    "low": Text("tekort, ondergrens", "shortage, low"),
    "median": Text("tekort, mediaan", "shortage, median"),
    "high": Text("tekort, bovengrens", "shortage, high"),
    "use_t": Text("gebruik", "use"),
    "stock_t": Text("voorraad", "stock"),
    "sector": Text("sectorcode", "sector code"),
    "name_nl": Text("sector", "sector"),
    "name_en": Text("sector", "sector"),
    "best_meur": Text("beste verdeling", "best allocation"),
    "pro_rata_meur": Text("naar rato", "pro rata"),
    "worst_meur": Text("slechtste verdeling", "worst allocation"),
    "value_per_percent_meur": Text("per procent productie", "per per cent of output"),
    "tonnes": Text("uitvoer", "exports"),
    "months_of_stock": Text("extra voorraad", "extra stock"),
    "share_of_draws_without_shortage": Text("trekkingen zonder tekort", "draws without a shortage"),
    "parameter": Text("aanname", "assumption"),
    "low_t": Text("tekort bij laag", "shortage when low"),
    "high_t": Text("tekort bij hoog", "shortage when high"),
    "explains": Text("deel van de spreiding", "part of the spread"),
    "first_low": Text("eerste euro, ondergrens", "first euro, low"),
    "first_euro": Text("eerste euro voorkomt", "first euro avoids"),
    "first_high": Text("eerste euro, bovengrens", "first euro, high"),
    "next_low": Text("volgende euro, ondergrens", "next euro, low"),
    "next_euro": Text("volgende euro voorkomt", "next euro avoids"),
    "next_high": Text("volgende euro, bovengrens", "next euro, high"),
    "budget_meur": Text("budget", "budget"),
    "invested_meur": Text("geïnvesteerd", "invested"),
    "cost_meur": Text("kosten per jaar", "yearly cost"),
    "loss_meur": Text("schade die overblijft", "loss that is left"),
    "tail_meur": Text("slechtste jaren", "worst years"),
    "budget_worth": Text("waarde van een extra euro", "worth of one more euro"),
    "value_keur_t": Text("schade per ton", "loss per tonne"),
    "chance_low": Text("kans, ondergrens", "chance, low"),
    "chance": Text("kans", "chance"),
    "chance_high": Text("kans, bovengrens", "chance, high"),
}
_WORDS = {
    "convention": CONVENTIONS,
    "importer": IMPORTERS,
    "product": PRODUCTS,
    "partner": PARTNERS,
    "parameter": ASSUMPTIONS,
}
_UNIT_CODES = {"M€": "MEUR", "M€/yr": "MEUR/yr", "k€/t": "kEUR/t", "yyyy-mm-dd": "", "": ""}
_ABSENT = dict.fromkeys(("next_low", "next_euro", "next_high"), NO_ROOM)
MOST_ROWS = 48
"""Rows shown under a figure in the page; the CSV holds all."""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table in the words of the reader; `left` rows are only in the CSV."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int


def csv_text(figure: FigureSpec, table: str) -> str:
    """The table as CSV: comma, point, UTF-8, header 'name [unit]', values to full precision, absent values empty."""
    columns = FIGURE_TABLES[figure.kind][table]
    frame = figure.tables[table].select(list(columns))
    headers = {name: f"{name} [{spec.unit}]" if spec.unit else name for name, spec in columns.items()}
    buffer = io.StringIO()
    frame.rename(headers).write_csv(buffer)
    return buffer.getvalue()


def _cell(column: str, unit: str, found: object, lang: Lang) -> str:
    if found is None:
        return _ABSENT.get(column, UNKNOWN)[lang]
    if isinstance(found, date):
        return month_text(found, lang)
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return number_text(float(found), _UNIT_CODES.get(unit, unit), lang)
    words = _WORDS.get(column, {})
    return words[str(found)][lang] if str(found) in words else str(found)


def shown_tables(figure: FigureSpec, lang: Lang) -> list[ShownTable]:
    """The figure's tables for the page, rounded and in words; columns of the other language are left out."""
    other = "_en" if lang == "nl" else "_nl"
    out = []
    for name, columns in FIGURE_TABLES[figure.kind].items():
        frame = figure.tables[name]
        kept = [column for column in columns if not column.endswith(other)]
        header = tuple(HEADERS[column][lang] for column in kept)
        rows = []
        for row in frame.head(MOST_ROWS).to_dicts():
            rows.append(tuple(_cell(c, columns[c].unit, row[c], lang) for c in kept))
        out.append(ShownTable(name, header, tuple(rows), max(0, frame.height - MOST_ROWS)))
    return out
