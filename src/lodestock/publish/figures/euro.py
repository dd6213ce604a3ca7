"""Figure: what the first and the next euro of each measure avoid, with the euro itself as the line to beat."""

from __future__ import annotations

import textwrap

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    MUTED,
    ORANGE,
    Drawing,
    Row,
    caption,
    data,
    result_subtitle,
    some,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text("Wat een euro voorkomt, per maatregel", "What a euro avoids, by measure")
WHAT = Text(
    "Voorkomen schade over alle jaren die worden vergeleken [euro per euro]: van de eerste euro (open stip) en van de "
    "volgende euro naast het plan (dichte stip)",
    "Avoided loss over all the years compared [euro per euro]: of the first euro (open dot) and of the next euro "
    "beside the plan (filled dot)",
)
CAVEAT = Text(
    "Lijnen: het 5e tot het 95e percentiel van de trekkingen; stippen: de middelste. Links van de stippellijn kost een "
    "euro meer dan hij voorkomt. De eerste euro's mogen niet worden opgeteld: maatregelen overlappen.",
    "Lines: the 5th to the 95th percentile of the draws; dots: the middle one. Left of the dashed line a euro costs "
    "more than it avoids. The first euros must not be added up: measures overlap.",
)
NO_ROOM = Text("geen ruimte meer", "no room left")
_PLOT = 270


def _rows(figure: FigureSpec, lang: Lang) -> list[Row]:
    out: list[Row] = []
    for row in some(figure.tables["measures"].to_dicts(), "first_euro"):
        following = NO_ROOM[lang] if row["next_euro"] is None else number_text(value(row, "next_euro"), "ratio", lang)
        name = "|".join(textwrap.wrap(str(row[f"label_{lang}"]), 30))
        out.append(row | {"name": name, "text": following})
    return out


def _alt(rows: list[Row], lang: Lang) -> str:
    head = Text("Per maatregel twee stippen met hun bandbreedte.", "Two dots with their range by measure.")[lang]
    wording = Text("{}: eerste euro {}, volgende euro {}", "{}: first euro {}, next euro {}")[lang]
    parts = [
        wording.format(
            str(row["name"]).replace("|", " "), number_text(value(row, "first_euro"), "ratio", lang), row["text"]
        )
        for row in rows
    ]
    return f"{head} {'; '.join(parts)}."


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """For each measure what its first euro avoids and what its next one does beside the plan."""
    rows = _rows(figure, lang)
    names = [str(row["name"]) for row in rows]
    base = alt.Chart(data(rows))
    open_ = alt.Chart(data([row for row in rows if row["next_euro"] is not None]))
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labels=False, ticks=False))
    title = Text("euro voorkomen schade per euro", "euros of loss avoided per euro")[lang]
    axis = alt.Axis(title=title, tickCount=5, grid=True, format=",.0f", domain=False, ticks=False)
    x = alt.X("first_low:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    first = base.mark_rule(strokeWidth=5, color=ORANGE, opacity=0.28, yOffset=-5)
    line = first.encode(y=y, x=x, x2="first_high:Q")
    dot = base.mark_point(size=80, color=ORANGE, filled=False, strokeWidth=2, opacity=1, yOffset=-5)
    following = open_.mark_rule(strokeWidth=5, color=BLUE, opacity=0.28, yOffset=6)
    filled = open_.mark_circle(size=90, color=BLUE, opacity=1, yOffset=6)
    even = alt.Chart(data([{"one": 1.0}])).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="one:Q")
    side = base.mark_text(align="left", dx=10, color=MUTED).encode(y=y, x=alt.value(_PLOT), text="text:N")
    head = (
        alt.Chart(data([{"text": Text("volgende euro", "next euro")[lang]}]))
        .mark_text(align="left", dx=10, color=MUTED, baseline="bottom")
        .encode(x=alt.value(_PLOT), y=alt.value(-4), text="text:N")
    )
    label = base.mark_text(align="right", dx=-8, lineBreak="|", lineHeight=14).encode(
        x=alt.value(0), y=y, text="name:N"
    )
    chart = alt.layer(
        line, dot.encode(y=y, x="first_euro:Q"), following.encode(y=y, x="next_low:Q", x2="next_high:Q"),
        filled.encode(y=y, x="next_euro:Q"), even, side, head, label,
    ).properties(width=_PLOT, height=alt.Step(40))  # fmt: skip
    what = result_subtitle(WHAT, figure, lang)
    return Drawing(TITLE[lang], what, _alt(rows, lang), caption(CAVEAT, figure, lang), chart)
