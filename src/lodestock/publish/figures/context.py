"""Figure: China's monthly exports of rare-earth magnets, as the press reported them."""

from __future__ import annotations

from datetime import date

import altair as alt

from lodestock.errors import DataError
from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import BLUE, ORANGE, Drawing, Row, caption, data, some, subtitle, value
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text
from lodestock.publish.words import month_text, months_later

TITLE = Text(
    "China’s uitvoer van zeldzame-aardmagneten naar de wereld", "China’s exports of rare-earth magnets to the world"
)
WHAT = Text("Ton per maand", "Tonnes a month")
CAVEAT = Text(
    "Cijfers uit de pers, bij de bron na te gaan. Maanden zonder cijfer zijn opengelaten en niet op nul gezet.",
    "Figures from the press, to be checked at the source. Months without a figure are left open, not set to nought.",
)
_LINE = Text("vergunning verplicht", "licence required")
_PLOT, _HEIGHT = 530, 200


def _month(row: Row) -> date:
    month = row["month"]
    if not isinstance(month, date):
        raise DataError("the months of figure 'context' are not dates", why=repr(month))
    return month


def _with_gaps(rows: list[Row]) -> list[Row]:
    """A row for each month from first to last; months that the table lacks hold no value."""
    known = {_month(row).replace(day=1): row["tonnes"] for row in rows}
    day, last = min(known), max(known)
    out: list[Row] = []
    while day <= last:
        out.append({"month": day, "tonnes": known.get(day)})
        day = months_later(day, 1)
    return out


def _alt(rows: list[Row], lang: Lang) -> str:
    known = some(rows, "tonnes")
    lowest = min(known, key=lambda row: value(row, "tonnes"))
    highest = max(known, key=lambda row: value(row, "tonnes"))
    gaps = [month_text(_month(row), lang) for row in rows if row["tonnes"] is None]
    wording = Text(
        "Lijngrafiek van {} tot {}. Laagste maand: {} met {}. Hoogste maand: {} met {}.",
        "Line chart from {} to {}. Lowest month: {} at {}. Highest month: {} at {}.",
    )[lang]
    ends = [month_text(_month(row), lang) for row in (rows[0], rows[-1])]
    places: list[str] = []
    for row in (lowest, highest):
        places += [month_text(_month(row), lang), number_text(value(row, "tonnes"), "t", lang)]
    none = Text("Geen cijfer voor: {}.", "No figure for: {}.")[lang].format(", ".join(gaps)) if gaps else ""
    return f"{wording.format(*ends, *places)} {none}".strip()


def draw(figure: FigureSpec, lang: Lang, start: date | None = None) -> Drawing:
    """Exports by month with gaps where nothing was reported, and the month in which the licence obligation began."""
    rows = _with_gaps(figure.tables["exports"].to_dicts())
    step = 3 if len(rows) <= 24 else 6
    x = alt.X(
        "month:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", values=[str(row["month"]) for row in rows[::step]], title=None, labelAngle=0),
    )
    y = alt.Y("tonnes:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5, format=",.0f"))
    base = alt.Chart(data(rows))
    line = base.mark_line(color=BLUE, strokeWidth=2.2).encode(x=x, y=y)
    dots = base.mark_circle(color=BLUE, size=45, opacity=1).encode(x=x, y=y)
    layers: list[alt.Chart] = [line, dots]
    if start is not None and _month(rows[0]) <= start <= _month(rows[-1]):
        event = alt.Chart(data([{"month": start, "text": _LINE[lang]}]))
        layers.append(event.mark_rule(color=ORANGE, strokeDash=[4, 3], strokeWidth=1.6).encode(x=x))
        words = event.mark_text(align="left", dx=6, color=ORANGE, fontWeight=600, baseline="bottom")
        layers.append(words.encode(x=x, y=alt.value(-4), text="text:N"))
    chart = alt.layer(*layers).properties(width=_PLOT, height=_HEIGHT)
    return Drawing(TITLE[lang], subtitle(WHAT, figure, lang), _alt(rows, lang), caption(CAVEAT, figure, lang), chart)
