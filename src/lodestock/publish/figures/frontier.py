"""Figure: what more budget does: the loss that is left with the best stock for each budget."""

from __future__ import annotations

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    ORANGE,
    Drawing,
    EndLabel,
    Row,
    caption,
    data,
    end_labels,
    result_subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text("Wat meer budget doet", "What more budget does")
WHAT = Text(
    "Verwachte schade met de beste voorraad en kosten van aanhouden (miljoen euro per jaar), naar wat wordt "
    "geïnvesteerd",
    "Expected loss with the best stock and cost of holding it (million euros a year), by what is invested",
)
CAVEAT = Text(
    "Elk punt is het beste plan bij dat budget; verwachte waarden bij de middenwaarden van de aannames. De onzekerheid "
    "over die aannames staat in de tekst.",
    "Each point is the best plan at that budget; expected values at the middle values of the assumptions. How unsure "
    "those are is in the text.",
)
_X = Text("budget (miljoen euro)", "budget (million euros)")
_LOSS = Text("schade die\noverblijft", "loss that\nis left")
_COST = Text("kosten van\naanhouden", "cost of\nholding")
_PLOT, _HEIGHT = 430, 220


def _alt(rows: list[Row], lang: Lang) -> str:
    first, last = rows[0], rows[-1]
    words = Text(
        "Lijngrafiek. Bij een budget van {} blijft {} schade over, bij {} nog {}; aanhouden kost dan {}.",
        "Line chart. At a budget of {} the loss that is left is {}, at {} it is {}; holding then costs {}.",
    )[lang]
    return words.format(
        number_text(value(first, "budget_meur"), "MEUR", lang),
        number_text(value(first, "loss_meur"), "MEUR/yr", lang),
        number_text(value(last, "budget_meur"), "MEUR", lang),
        number_text(value(last, "loss_meur"), "MEUR/yr", lang),
        number_text(value(last, "cost_meur"), "MEUR/yr", lang),
    )


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Loss that is left and cost of holding against the budget."""
    rows: list[Row] = figure.tables["points"].sort("budget_meur").to_dicts()
    top = max(value(row, key) for row in rows for key in ("loss_meur", "cost_meur"))
    base = alt.Chart(data(rows))
    x = alt.X("budget_meur:Q", title=_X[lang], axis=alt.Axis(tickCount=6))
    axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False)
    layers: list[alt.Chart] = []
    labels = []
    for name, colour, text in (("loss_meur", BLUE, _LOSS), ("cost_meur", ORANGE, _COST)):
        y = alt.Y(f"{name}:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False))
        layers.append(base.mark_line(color=colour, strokeWidth=2.6).encode(x=x, y=y))
        layers.append(base.mark_circle(color=colour, size=26, opacity=1).encode(x=x, y=y))
        labels.append(EndLabel(text[lang], value(rows[-1], name), colour))
    layers += end_labels(labels, _PLOT, _HEIGHT, top, gap=34)
    chart = alt.layer(*layers).properties(width=_PLOT, height=_HEIGHT)
    what = result_subtitle(WHAT, figure, lang)
    return Drawing(TITLE[lang], what, _alt(rows, lang), caption(CAVEAT, figure, lang), chart)
