"""Figure: which assumptions move the shortage most, read off the draws themselves (a tornado)."""

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
    named,
    per_cent,
    some,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text(
    "Wat we niet weten en het meest uitmaakt voor het tekort", "What we do not know that moves the shortage most"
)
WHAT = Text(
    "Middelste tekort [ton in het eerste jaar] als een aanname laag (open stip) of hoog (dichte stip) uitvalt",
    "Middle shortage [tonnes in the first year] when an assumption turns out low (open dot) or high (filled dot)",
)
CAVEAT = Text(
    "Laag en hoog: het laagste en hoogste tiende van de trekkingen. De andere aannames lopen mee zoals ze samenhangen: "
    "een hoger aandeel ‘nooit’ gaat samen met een kortere doorlooptijd. Rechts: het deel van de spreiding dat met deze "
    "aanname alleen meegaat; de delen tellen daarom niet op tot honderd.",
    "Low and high: the lowest and highest tenth of the draws. The other assumptions move along as they hang together: "
    "a higher share ‘never’ goes with a shorter lead time. Right: the part of the spread that goes with this "
    "assumption alone; so the parts do not add up to a hundred.",
)
NAMES = {
    "use": Text("eigen gebruik", "own use"),
    "issuer_share": Text("aandeel uit het land met de vergunningsplicht", "share from the licensing country"),
    "controlled": Text("aandeel dat een vergunning nodig heeft", "share that needs a licence"),
    "defence": Text("aandeel voor defensie", "share for defence"),
    "never_civil": Text("nooit toegekend, civiel", "never granted, civil"),
    "never_defence": Text("nooit toegekend, defensie", "never granted, defence"),
    "fraction": Text("toegekend deel van de hoeveelheid", "part of the amount that is granted"),
    "inspection": Text("controle van wat vrij is", "inspection of what is free"),
    "stock": Text("voorraad bij handel en gebruikers", "stock held by traders and users"),
    "lead_time": Text("gemiddelde doorlooptijd", "mean lead time"),
}
_SPREAD = Text("van de spreiding", "of the spread")
_PLOT = 270


def _rows(figure: FigureSpec, lang: Lang) -> list[Row]:
    """The assumptions that vary, most telling first; one that stands fixed moves nothing and is left out."""
    out: list[Row] = []
    for row in some(figure.tables["parameters"].to_dicts(), "explains"):
        name = "|".join(textwrap.wrap(named(NAMES, row["parameter"], lang, "assumption"), 30))
        out.append(row | {"name": name, "text": _part(value(row, "explains"), lang)})
    return out


def _part(share: float, lang: Lang) -> str:
    """A share of the spread; below one per cent it cannot be told from the noise of the draws."""
    return per_cent(share, lang) if share >= 0.01 else Text("minder dan 1%", "less than 1%")[lang]


def _alt(rows: list[Row], lang: Lang) -> str:
    head = Text(
        "Per aanname een lijn tussen twee stippen. De grootste:", "A line between two dots by assumption. The largest:"
    )[lang]
    wording = Text(
        "{}: {} bij laag, {} bij hoog ({} van de spreiding)", "{}: {} when low, {} when high ({} of the spread)"
    )[lang]
    parts = [
        wording.format(
            str(row["name"]).replace("|", " "),
            number_text(value(row, "low_t"), "t", lang),
            number_text(value(row, "high_t"), "t", lang),
            row["text"],
        )
        for row in rows[:4]
    ]
    return f"{head} {'; '.join(parts)}."


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """For each assumption the middle shortage with it low and high, and how much of the spread goes with it."""
    rows = _rows(figure, lang)
    names = [str(row["name"]) for row in rows]
    base = alt.Chart(data(rows))
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labels=False, ticks=False))
    unit = Text("ton", "tonnes")[lang]
    axis = alt.Axis(title=unit, tickCount=5, grid=True, format=",.0f", domain=False, ticks=False)
    x = alt.X("low_t:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    line = base.mark_rule(strokeWidth=5, color=BLUE, opacity=0.28).encode(y=y, x=x, x2="high_t:Q")
    low = base.mark_point(size=90, color=ORANGE, filled=False, strokeWidth=2, opacity=1).encode(y=y, x="low_t:Q")
    high = base.mark_circle(size=100, color=BLUE, opacity=1).encode(y=y, x="high_t:Q")
    side = base.mark_text(align="left", dx=10, color=MUTED).encode(y=y, x=alt.value(_PLOT), text="text:N")
    head = (
        alt.Chart(data([{"text": _SPREAD[lang]}]))
        .mark_text(align="left", dx=10, color=MUTED, baseline="bottom")
        .encode(x=alt.value(_PLOT), y=alt.value(-4), text="text:N")
    )
    label = base.mark_text(align="right", dx=-8, lineBreak="|", lineHeight=14).encode(
        x=alt.value(0), y=y, text="name:N"
    )
    chart = alt.layer(line, low, high, side, head, label).properties(width=_PLOT, height=alt.Step(34))
    return Drawing(TITLE[lang], subtitle(WHAT, figure, lang), _alt(rows, lang), caption(CAVEAT, figure, lang), chart)
