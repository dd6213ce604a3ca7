"""Figure: what must be true for the stock to pay: the yearly chance above which it does, by value of a tonne."""

from __future__ import annotations

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import BLUE, INK, ORANGE, Drawing, Row, caption, data, result_subtitle, value
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text("Wat waar moet zijn: boven de lijn loont de voorraad", "What must be true: above the line the stock pays")
WHAT = Text(
    "Jaarlijkse kans op een regime waarboven het plan loont, naar wat een ontbrekende ton kost (beide schalen "
    "logaritmisch)",
    "Yearly chance of a regime above which the plan pays, by what a lacking tonne costs (both scales logarithmic)",
)
CAVEAT = Text(
    "De band loopt van 5 tot 95 procent van de trekkingen. De stippen zijn de kans waarmee hier is gerekend, bij de "
    "waarde van een ton onder drie verdelingen van het tekort; wie een andere kans of waarde voor waar houdt, leest af "
    "of de voorraad dan loont.",
    "The band runs from 5 to 95 per cent of the draws. The dots are the chance used here, at the value of a tonne "
    "under three ways of sharing the shortage; who believes another chance or value reads off whether it pays.",
)
_X = Text("schade per ontbrekende ton (duizend euro)", "loss per lacking tonne (thousand euros)")
_PAYS = Text("loont", "pays")
_NOT = Text("loont niet", "does not pay")
_PLOT, _HEIGHT = 520, 250


def _alt(rows: list[Row], here: list[Row], lang: Lang) -> str:
    words = Text(
        "Dalende lijn met band. Bij {} per ton loont de voorraad vanaf een kans van {}, bij {} vanaf {}.",
        "Falling line with a band. At {} a tonne the stock pays from a chance of {}, at {} from {}.",
    )[lang]
    ends = (rows[len(rows) // 3], rows[2 * len(rows) // 3])
    told = [
        number_text(value(row, key), unit, lang)
        for row in ends
        for key, unit in (("value_keur_t", "kEUR/t"), ("chance", "1/yr"))
    ]
    points = Text("Stippen: {}.", "Dots: {}.")[lang].format(
        "; ".join(
            f"{row[f'name_{lang}']} {number_text(value(row, 'value_keur_t'), 'kEUR/t', lang)}, "
            f"{number_text(value(row, 'chance'), '1/yr', lang)}"
            for row in here
        )
    )
    return f"{words.format(*told)} {points}"


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """The break-even line with its band, and where this scenario stands."""
    rows: list[Row] = figure.tables["map"].sort("value_keur_t").to_dicts()
    here: list[Row] = figure.tables["here"].to_dicts()
    least = min(value(row, "chance_low") for row in rows)
    base = alt.Chart(data(rows))
    x = alt.X(
        "value_keur_t:Q",
        title=_X[lang],
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=[20, 100, 500, 2000, 10000, 20000], format=",.0f"),
    )
    scale = alt.Scale(type="log", domain=[max(least, 1e-5), 1.0], nice=False)
    axis = alt.Axis(title=None, values=[1e-4, 1e-3, 1e-2, 1e-1, 1.0], format=".2~%", domain=False, ticks=False)
    y = alt.Y("chance:Q", scale=scale, axis=axis)
    band = base.mark_area(color=BLUE, opacity=0.18).encode(
        x=x, y=alt.Y("chance_low:Q", scale=scale, axis=axis), y2="chance_high:Q"
    )
    line = base.mark_line(color=BLUE, strokeWidth=2.6).encode(x=x, y=y)
    dots = alt.Chart(data(here)).mark_circle(color=ORANGE, size=110, opacity=1).encode(x=x, y=y)
    stacked = sorted(here, key=lambda row: value(row, "value_keur_t"))
    names = [row | {"text": str(row[f"name_{lang}"])} for row in stacked]
    labels = [
        alt.Chart(data([row]))
        .mark_text(color=ORANGE, fontWeight=600, dy=-16 - 16 * (place % 2), align="center")
        .encode(x=x, y=y, text="text:N")
        for place, row in enumerate(names)
    ]
    zones = [
        alt.Chart(data([{"text": text}]))
        .mark_text(color=INK, fontSize=14, fontWeight=600)
        .encode(x=alt.value(at), y=alt.value(height), text="text:N")
        for text, at, height in ((_PAYS[lang], _PLOT - 30, 20), (_NOT[lang], 50, _HEIGHT - 16))
    ]
    chart = alt.layer(band, line, dots, *labels, *zones).properties(width=_PLOT, height=_HEIGHT)
    told = _alt(rows, here, lang)
    return Drawing(TITLE[lang], result_subtitle(WHAT, figure, lang), told, caption(CAVEAT, figure, lang), chart)
