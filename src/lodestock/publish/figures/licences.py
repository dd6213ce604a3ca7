"""Figure: what snapshots say about licences granted, and why they cannot tell slow from never."""

from __future__ import annotations

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    GREEN,
    MUTED,
    ORANGE,
    Drawing,
    KeyItem,
    Panel,
    Row,
    caption,
    colour_key,
    convention_text,
    data,
    panel_title,
    per_cent,
    share_axis,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang

TITLE = Text(
    "Momentopnamen van vergunningen kunnen ‘traag’ niet van ‘nooit’ scheiden",
    "Snapshots of licences cannot tell ‘slow’ from ‘never’",
)
WHAT = Text(
    "Toegekend deel van de aanvragen (%) naar maanden sinds het begin; onder: verband tussen wachttijd en ‘nooit’",
    "Share of applications granted (%) by months since the start; below: waiting time against ‘never’",
)
CAVEAT = Text(
    "Boven: punten zijn gemelde cijfers, lijnen de mediaan van wat daarbij past, vlakken negen van de tien trekkingen. "
    "Elk cijfer telt andere aanvragen. Onder: elk punt op een lijn past even goed bij de gemelde cijfers.",
    "Above: points are reported figures, lines the median of what fits them, areas nine in ten draws. Each figure "
    "counts different applications. Below: every point on a line fits the reported figures equally well.",
)
_MONTHS = Text("maanden sinds het begin", "months since the start")
_NEVER = Text("aandeel dat nooit wordt toegekend", "share never granted")
_LEAD = Text(
    "Gemiddelde doorlooptijd van wat wel wordt toegekend (maanden)", "Mean lead time of what is granted (months)"
)
_COLOURS = (BLUE, ORANGE, GREEN, "#7a3b8f", MUTED)
_SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")


def _names(figure: FigureSpec, lang: Lang) -> dict[str, str]:
    """Population id → the words for it; a population without observations keeps its id."""
    named = {row["population"]: row[f"label_{lang}"] for row in figure.tables["observations"].to_dicts()}
    ids = list(dict.fromkeys(figure.tables["curves"]["population"].to_list() + list(named)))
    return {name: str(named.get(name, name)) for name in ids}


def _named(rows: list[Row], names: dict[str, str]) -> list[Row]:
    return [row | {"who": names[str(row["population"])]} for row in rows]


def _colour(names: dict[str, str], *, legend: bool = False) -> alt.Color:
    order = list(names.values())
    scale = alt.Scale(domain=order, range=list(_COLOURS[: len(order)]))
    shown = (
        alt.Legend(title=None, orient="top", labelLimit=260, symbolType="stroke", symbolStrokeWidth=3)
        if legend
        else None
    )
    return alt.Color("who:N", scale=scale, legend=shown, sort=order)


def _curves(figure: FigureSpec, convention: str, names: dict[str, str], lang: Lang) -> Panel:
    rows: list[Row] = [r for r in figure.tables["curves"].to_dicts() if r["convention"] == convention]
    seen: list[Row] = figure.tables["observations"].to_dicts()
    x = alt.X("month:Q", title=_MONTHS[lang], scale=alt.Scale(domain=[0, 18]), axis=alt.Axis(values=[0, 6, 12, 18]))
    y = alt.Y("share_median:Q", axis=share_axis(), scale=alt.Scale(domain=[0, 1]))
    colour = _colour(names)
    curves = alt.Chart(data(_named(rows, names)))
    band = curves.mark_area(opacity=0.15).encode(x=x, y=alt.Y("share_low:Q"), y2="share_high:Q", color=colour)
    line = curves.mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour)
    points = alt.Chart(data(_named(seen, names)))
    whisker = points.mark_rule(strokeWidth=2).encode(x=x, y="share_low:Q", y2="share_high:Q", color=colour)
    shape = alt.Shape(
        "who:N", scale=alt.Scale(domain=list(names.values()), range=list(_SHAPES[: len(names)])), legend=None
    )
    dot = points.mark_point(filled=True, size=90, opacity=1, stroke="white", strokeWidth=1).encode(
        x=x, y="share:Q", color=colour, shape=shape
    )
    chart = alt.layer(band, line, whisker, dot)
    return chart.properties(width=245, height=190, title=panel_title(convention_text(convention, lang).capitalize()))


def _ridge(figure: FigureSpec, names: dict[str, str], conventions: list[str], lang: Lang) -> Panel:
    rows: list[Row] = [
        row | {"reading": convention_text(str(row["convention"]), lang)} for row in figure.tables["ridge"].to_dicts()
    ]
    readings = [convention_text(name, lang) for name in conventions]
    dash = alt.StrokeDash(
        "reading:N",
        scale=alt.Scale(domain=readings, range=[[1, 0], [5, 4]]),
        legend=alt.Legend(title=None, orient="bottom", labelLimit=280, symbolStrokeColor=MUTED, symbolSize=300),
    )
    line = (
        alt.Chart(data(_named(rows, names)))
        .mark_line(strokeWidth=2.2)
        .encode(
            x=alt.X("never_granted:Q", title=_NEVER[lang], axis=alt.Axis(format=".0%", tickCount=6)),
            y=alt.Y("mean_lead_months:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5)),
            color=_colour(names),
            strokeDash=dash,
        )
    )
    return alt.layer(line).properties(width=540, height=170, title=panel_title(_LEAD[lang]))


def _alt(figure: FigureSpec, names: dict[str, str], lang: Lang) -> str:
    months = Text("na {} maanden", "after {} months")[lang]
    seen = []
    for row in figure.tables["observations"].to_dicts():
        when = months.format(f"{row['month']:.0f}")
        if row["share"] is not None:
            share = per_cent(value(row, "share"), lang)
        else:
            joint = Text("tussen {} en {}", "between {} and {}")[lang]
            share = joint.format(per_cent(value(row, "share_low"), lang), per_cent(value(row, "share_high"), lang))
        seen.append(f"{names[row['population']]} {when} {share}")
    lead = figure.tables["ridge"]["mean_lead_months"].drop_nulls()
    never = figure.tables["ridge"]["never_granted"].drop_nulls()
    head = Text("Lijnen met gemelde punten. Toegekend volgens", "Lines with reported points. Granted according to")[
        lang
    ]
    if lead.is_empty() or never.is_empty():
        return f"{head} {'; '.join(seen)}."
    low, high = sorted(lead.to_list())[0], sorted(lead.to_list())[-1]
    most = per_cent(sorted(never.to_list())[-1], lang)
    tail = Text(
        "Een aandeel ‘nooit’ van nul tot {} past even goed, met een gemiddelde doorlooptijd van {} tot {} maanden.",
        "A share ‘never’ from nought to {} fits equally well, with a mean lead time of {} to {} months.",
    )[lang]
    numbers = [f"{x:.1f}".replace(".", "," if lang == "nl" else ".") for x in (low, high)]
    return f"{head} {'; '.join(seen)}. {tail.format(most, *numbers)}"


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Shares granted by month under each reading of the snapshots, and below them the ridge of equally good fits."""
    names = _names(figure, lang)
    conventions = list(dict.fromkeys(figure.tables["curves"]["convention"].to_list()))
    curves = [_curves(figure, name, names, lang) for name in conventions]
    who = [KeyItem(text, _COLOURS[k], _SHAPES[k]) for k, text in enumerate(names.values())]
    top = alt.hconcat(*curves, spacing=24)
    chart = alt.vconcat(colour_key(who, 540), top, _ridge(figure, names, conventions, lang), spacing=18)
    return Drawing(
        TITLE[lang], subtitle(WHAT, figure, lang), _alt(figure, names, lang), caption(CAVEAT, figure, lang), chart
    )
