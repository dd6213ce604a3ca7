"""Figure: how much stock keeps Dutch users from going short, under each reading of the snapshots."""

from __future__ import annotations

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    CONVENTION_COLOURS,
    Drawing,
    EndLabel,
    Row,
    caption,
    convention_text,
    data,
    end_labels,
    per_cent,
    share_axis,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text("Hoe meer voorraad, hoe vaker er geen tekort is", "The more stock, the more often there is no shortage")
WHAT = Text(
    "Deel van de trekkingen zonder tekort (%) naar extra voorraad in maanden gebruik",
    "Share of draws without a shortage (%) by extra stock in months of use",
)
CAVEAT = Text(
    "Een voorraad overbrugt vertraging. Wat nooit of maar gedeeltelijk wordt toegekend, stelt hij alleen uit: dat "
    "tekort komt na de periode die hier is doorgerekend.",
    "A stock bridges delay. What is never granted, or only in part, it only postpones: that shortage comes after the "
    "period computed here.",
)
_X = Text("extra voorraad bij het begin (maanden gebruik)", "extra stock at the start (months of use)")
_PLOT, _HEIGHT = 420, 220
_BREAKS = {"one-age": Text("alle aanvragen\neven oud", "all applications\nof one age"),
           "constant-inflow": Text("aanvragen komen\ngeleidelijk binnen", "applications\narrive evenly")}  # fmt: skip


def _reached(rows: list[Row], level: float) -> float | None:
    """The least stock at which the share without shortage is at least `level` [months]; None when it never is."""
    for row in rows:
        if value(row, "share_of_draws_without_shortage") >= level:
            return value(row, "months_of_stock")
    return None


def _alt(groups: list[list[Row]], lang: Lang) -> str:
    parts = [Text("Lijngrafiek.", "Line chart.")[lang]]
    for rows in groups:
        name = convention_text(str(rows[0]["convention"]), lang).capitalize()
        ends = [per_cent(value(row, "share_of_draws_without_shortage"), lang) for row in (rows[0], rows[-1])]
        most = number_text(value(rows[-1], "months_of_stock"), "month", lang)
        wording = Text(
            "{}: zonder extra voorraad is er in {} van de trekkingen geen tekort, bij {} in {}.",
            "{}: without extra stock there is no shortage in {} of the draws, at {} in {}.",
        )[lang]
        parts.append(wording.format(name, ends[0], most, ends[1]))
        half = _reached(rows, 0.5)
        if half:
            level = Text("Vanaf {} is dat minstens de helft.", "From {} it is at least half.")[lang]
            parts.append(level.format(number_text(half, "month", lang)))
    return " ".join(parts)


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Share of the draws without a shortage against months of extra stock; one line for each reading."""
    table = figure.tables["cover"].sort("months_of_stock")
    names = list(dict.fromkeys(table["convention"].to_list()))
    groups: list[list[Row]] = [[row for row in table.to_dicts() if row["convention"] == name] for name in names]
    layers: list[alt.Chart] = []
    labels = []
    for name, rows in zip(names, groups, strict=True):
        x = alt.X("months_of_stock:Q", title=_X[lang], axis=alt.Axis(tickCount=7))
        y = alt.Y("share_of_draws_without_shortage:Q", axis=share_axis(), scale=alt.Scale(domain=[0, 1]))
        convention_text(name, lang)  # refuses a name that no one agreed on
        colour = CONVENTION_COLOURS[name]
        layers.append(alt.Chart(data(rows)).mark_line(color=colour, strokeWidth=2.6).encode(x=x, y=y))
        labels.append(EndLabel(_BREAKS[name][lang], value(rows[-1], "share_of_draws_without_shortage"), colour))
    layers += end_labels(labels, _PLOT, _HEIGHT, 1.0, gap=34)
    chart = alt.layer(*layers).properties(width=_PLOT, height=_HEIGHT)
    return Drawing(TITLE[lang], subtitle(WHAT, figure, lang), _alt(groups, lang), caption(CAVEAT, figure, lang), chart)
