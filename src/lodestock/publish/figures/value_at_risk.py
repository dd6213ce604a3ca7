"""Figure: value added that hangs on the shortage, by sector, from best to worst allocation."""

from __future__ import annotations

import math
import textwrap

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    MUTED,
    Drawing,
    Row,
    caption,
    data,
    present,
    some,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text(
    "Toegevoegde waarde op het spel, per sector (waarde van {})", "Value added at risk by sector (value of {})"
)
WHAT = Text(
    "Miljoen euro in het eerste jaar: streep van beste tot slechtste verdeling, stip naar rato",
    "Million euros in the first year: bar from best to worst allocation, dot pro rata",
)
CAVEAT = Text(
    "Medianen. Waarde die van magneten afhangt, geen voorspelling van verlies. Beste en slechtste verdeling gelden "
    "voor elke sector apart en zijn niet op te tellen. Rechts: wat hangt aan één procent van de productie.",
    "Medians. Value that hangs on magnets, not a forecast of losses. Best and worst allocation hold for each sector "
    "alone and cannot be added up. Right: what hangs on one per cent of the sector’s output.",
)
_SQRT = Text(" De schaal is een wortelschaal.", " The scale is a square-root scale.")
_UNIT = Text("miljoen euro", "million euros")
_PER = Text("per 1% productie", "per 1% of output")
_MOST = 12
_PLOT = 290


def _rows(figure: FigureSpec, lang: Lang) -> list[Row]:
    """The sectors with the most at risk, largest first, at most twelve."""
    table: list[Row] = figure.tables["sectors"].to_dicts()
    ranked = sorted(some(table, "pro_rata_meur"), key=lambda row: -value(row, "pro_rata_meur"))[:_MOST]
    out: list[Row] = []
    for row in ranked:
        per = row["value_per_percent_meur"]
        out.append(
            row
            | {
                "name": "|".join(textwrap.wrap(str(row[f"name_{lang}"]), 27)),
                "text": number_text(value(row, "pro_rata_meur"), "MEUR", lang),
                "per_text": number_text(None if per is None else value(row, "value_per_percent_meur"), "MEUR", lang),
            }
        )
    return out


def _alt(rows: list[Row], lang: Lang) -> str:
    head = Text("Stippen met strepen per sector. Het meest op het spel:", "Dots with bars by sector. Most at risk:")[
        lang
    ]
    wording = Text("{} {} naar rato ({} tot {})", "{} {} pro rata ({} to {})")[lang]
    keys = ("pro_rata_meur", "best_meur", "worst_meur")
    parts = [
        wording.format(
            str(row["name"]).replace("|", " "), *(number_text(_optional(row, key), "MEUR", lang) for key in keys)
        )
        for row in rows[:4]
    ]
    return f"{head} {'; '.join(parts)}."


def _optional(row: Row, key: str) -> float | None:
    return None if row[key] is None else value(row, key)


def _wide(rows: list[Row]) -> bool:
    """Whether the worst case dwarfs the rest, so that a linear axis would squeeze it into the corner."""
    worst = max((value(row, "worst_meur") for row in present(rows, "worst_meur")), default=0.0)
    return worst > 15 * max(value(row, "pro_rata_meur") for row in rows)


def _dot_labels(rows: list[Row], names: list[str], *, wide: bool) -> list[alt.Chart]:
    """The amount above each dot; near the left edge it begins at the dot, so that it does not touch the names."""
    top = max(value(row, key) for row in rows for key in ("worst_meur", "pro_rata_meur") if row[key] is not None)
    near: list[Row] = []
    far: list[Row] = []
    for row in rows:
        part = value(row, "pro_rata_meur") / top if top > 0.0 else 0.0
        place = _PLOT * (math.sqrt(part) if wide else part)
        (near if place < 3.6 * len(str(row["text"])) else far).append(row)
    begun = alt.Chart(data(near)).mark_text(dy=-13, dx=-5, align="left", fontWeight=600, color=BLUE)
    centred = alt.Chart(data(far)).mark_text(dy=-13, fontWeight=600, color=BLUE)
    return [
        chart.encode(y=alt.Y("name:N", sort=names), x="pro_rata_meur:Q", text="text:N")
        for chart, mine in ((begun, near), (centred, far))
        if mine
    ]


def _sector_names(rows: list[Row], names: list[str]) -> list[alt.Chart]:
    """The names left of the axis; a name of two lines is lifted, so that it stays centred on its bar."""
    out = []
    for lines in (1, 2, 3):
        mine = [row for row in rows if str(row["name"]).count("|") == lines - 1]
        if mine:
            mark = alt.Chart(data(mine)).mark_text(
                align="right", dx=-8, dy=-7 * (lines - 1), lineBreak="|", lineHeight=14
            )
            out.append(mark.encode(x=alt.value(0), y=alt.Y("name:N", sort=names), text="name:N"))
    return out


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Best to worst allocation by sector, with the pro rata value marked; the title says the vintage of the euros."""
    rows = _rows(figure, lang)
    names = [str(row["name"]) for row in rows]
    wide = _wide(rows)
    base = alt.Chart(data(rows))
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labels=False, ticks=False))
    axis = alt.Axis(title=_UNIT[lang], tickCount=5, grid=True, format=",.0f", domain=False, ticks=False)
    scale = alt.Scale(type="sqrt" if wide else "linear", zero=True, nice=True)
    x = alt.X("worst_meur:Q", axis=axis, scale=scale)
    bar = base.mark_rule(strokeWidth=6, color=BLUE, opacity=0.28, strokeCap="round").encode(y=y, x=x, x2="best_meur:Q")
    dot = base.mark_circle(size=110, color=BLUE, opacity=1).encode(y=y, x="pro_rata_meur:Q")
    side = base.mark_text(align="left", dx=10, color=MUTED).encode(y=y, x=alt.value(_PLOT), text="per_text:N")
    head = (
        alt.Chart(data([{"text": _PER[lang]}]))
        .mark_text(align="left", dx=10, color=MUTED, baseline="bottom")
        .encode(x=alt.value(_PLOT), y=alt.value(-4), text="text:N")
    )
    words = (*_dot_labels(rows, names, wide=wide), side, head, *_sector_names(rows, names))
    chart = alt.layer(bar, dot, *words).properties(width=_PLOT, height=alt.Step(38))
    what = Text(
        WHAT.nl + ("." + _SQRT.nl.rstrip(".") if wide else ""), WHAT.en + ("." + _SQRT.en.rstrip(".") if wide else "")
    )
    title = TITLE[lang].format(figure.year)
    return Drawing(title, subtitle(what, figure, lang), _alt(rows, lang), caption(CAVEAT, figure, lang), chart)
