"""Figure: how much the Netherlands goes short, month by month, under each reading of the snapshots."""

from __future__ import annotations

import math
from datetime import date

import altair as alt

from lodestock.errors import DataError
from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    CONVENTION_COLOURS,
    GREEN,
    MUTED,
    Drawing,
    EndLabel,
    Panel,
    Row,
    caption,
    convention_text,
    data,
    end_labels,
    panel_title,
    present,
    some,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text
from lodestock.publish.words import month_text

TITLE = Text(
    "Tekort aan zeldzame-aardmagneten per maand in Nederland", "Shortage of rare-earth magnets by month, Netherlands"
)
WHAT = Text("Ton per maand; voorraad in ton", "Tonnes a month; stock in tonnes")
CAVEAT = Text(
    "Lijn: mediaan. Vlak: negen van de tien trekkingen. De twee panelen zijn twee manieren om dezelfde momentopnamen "
    "van vergunningen te lezen; zij zijn niet te middelen.",
    "Line: median. Area: nine in ten draws. The two panels are two ways of reading the same snapshots of licences; "
    "they are not to be averaged.",
)
_SHORT = Text("tekort", "shortage")
_USE = Text("gebruik", "use")
_STOCK = Text("voorraad", "stock")
_PLOT, _HEIGHT = 470, 165


def _top(rows: list[Row]) -> float:
    """Upper edge of the shared axis [t]: above all values, at a round number."""
    most = max(value(row, key) for key in ("high", "use_t", "stock_t") for row in some(rows, key))
    step = 10 ** math.floor(math.log10(most)) / 2 if most > 0 else 1.0
    return math.ceil(most * 1.02 / step) * step


def _months(rows: list[Row]) -> list[str]:
    """Ticks: every third month from the first."""
    days = sorted({str(row["month"]) for row in rows})
    return days[::3]


def _axis(rows: list[Row], *, last: bool) -> alt.Axis:
    return alt.Axis(format="%b %Y", values=_months(rows), labels=last, title=None, labelAngle=0)


def _panel(rows: list[Row], everything: list[Row], lang: Lang, *, last: bool) -> Panel:
    convention = str(rows[0]["convention"])
    heading = convention_text(convention, lang).capitalize()
    colour = CONVENTION_COLOURS[convention]
    top = _top(everything)
    chart = alt.Chart(data(rows))
    x = alt.X("month:T", scale=alt.Scale(type="utc"), axis=_axis(everything, last=last))
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("median:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4))
    band = chart.mark_area(color=colour, opacity=0.2).encode(
        x=x, y=alt.Y("low:Q", scale=scale, title=None), y2="high:Q"
    )
    line = chart.mark_line(color=colour, strokeWidth=2.6).encode(x=x, y=y)
    use = chart.mark_line(color=MUTED, strokeDash=[5, 4], strokeWidth=1.6).encode(x=x, y=alt.Y("use_t:Q", scale=scale))
    stock = chart.mark_line(color=GREEN, strokeWidth=1.8, strokeDash=[1, 3], strokeCap="round").encode(
        x=x, y=alt.Y("stock_t:Q", scale=scale)
    )
    ends = [("median", _SHORT, colour), ("use_t", _USE, MUTED), ("stock_t", _STOCK, GREEN)]
    labels = [
        EndLabel(text[lang], value(present(rows, key)[-1], key), ink) for key, text, ink in ends if present(rows, key)
    ]
    layers = [band, use, stock, line, *end_labels(labels, _PLOT, _HEIGHT, top)]
    title = panel_title(heading)
    return alt.layer(*layers).properties(width=_PLOT, height=_HEIGHT, title=title)


def _alt(groups: list[list[Row]], lang: Lang) -> str:
    head = Text("Lijngrafiek in twee panelen.", "Line chart in two panels.")[lang]
    parts = [head]
    for rows in groups:
        known = some(rows, "median")
        worst = max(known, key=lambda row: value(row, "median"))
        month = worst["month"]
        if not isinstance(month, date):
            raise DataError("the months of figure 'shortage' are not dates", why=repr(month))
        wording = Text(
            "{}: het tekort is het grootst in {}, met {} (bandbreedte {} tot {}).",
            "{}: the shortage is largest in {}, at {} (range {} to {}).",
        )[lang]
        name = convention_text(str(rows[0]["convention"]), lang).capitalize()
        numbers = [number_text(value(worst, key), "t", lang) for key in ("median", "low", "high")]
        parts.append(wording.format(name, month_text(month, lang), *numbers))
    return " ".join(parts)


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Shortage with its range, use and stock by month; one panel for each reading of the snapshots."""
    rows: list[Row] = figure.tables["path"].sort("month").to_dicts()
    names = list(dict.fromkeys(figure.tables["path"]["convention"].to_list()))
    groups = [[row for row in rows if row["convention"] == name] for name in names]
    panels = [_panel(group, rows, lang, last=k == len(groups) - 1) for k, group in enumerate(groups)]
    chart = alt.vconcat(*panels, spacing=16)
    return Drawing(TITLE[lang], subtitle(WHAT, figure, lang), _alt(groups, lang), caption(CAVEAT, figure, lang), chart)
