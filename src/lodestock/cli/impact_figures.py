"""The figures of an impact run: where the loss falls, by industry and by month, one mark for each model."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import altair as alt
import polars as pl

from lodestock.cli.impact_text import source_of
from lodestock.economy.propagation import Model
from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    WIDTH,
    Chart,
    Drawing,
    KeyItem,
    Row,
    colour_key,
    data,
    standing_alone,
    to_svg,
)
from lodestock.publish.numbers import number_text
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.impact_tables import PLANNED
from lodestock.scenario.impact_words import MODELS

Lang = Literal["nl", "en"]
_LOOK = {
    Model.LP: (BLUE, "diamond"),
    Model.LP_FIXED: (INK, "square"),
    Model.PBL: (ORANGE, "circle"),
    Model.ARIO: (GREEN, "triangle-up"),
}
_MOST, _LEFT = 10, 190
_WHERE = Text("Waar het verlies valt: {region}, per bedrijfstak", "Where the loss falls: {region}, by industry")
_WHEN = Text("Wanneer het verlies valt: {region}, per maand", "When the loss falls: {region}, by month")
_WHAT = Text(
    "Miljoen euro verloren toegevoegde waarde in {months} maanden, mediaan, {vintage}",
    "Million euros of value added lost in {months} months, median, {vintage}",
)
_MONTHLY = Text(
    "Miljoen euro verloren toegevoegde waarde per maand, middelste pad, {vintage}",
    "Million euros of value added lost a month, middle path, {vintage}",
)
_DIRECT = Text("direct, zonder doorwerking", "direct, nothing spreads")
_UNIT = Text("miljoen euro", "million euros")
_PLANNED = Text(
    "Bij lp en lp-fixed is de verdeling over bedrijfstakken de keuze van de planner; alleen het totaal is een grens.",
    "In lp and lp-fixed the split over industries is the planner's choice; only the total is a bound.",
)
_CAVEAT = Text(
    "De modellen verschillen in wat bedrijven mogen doen; hun spreiding is structuur en wordt niet gemiddeld.",
    "The models differ in what firms may do; their spread is structure and is not averaged.",
)


def write_figures(run: ImpactRun, tables: Mapping[str, pl.DataFrame], folder: Path) -> dict[str, str]:
    """Write both figures in both languages as SVG into `folder`; name → path."""
    folder.mkdir(parents=True, exist_ok=True)
    out = {}
    langs: tuple[Lang, ...] = ("nl", "en")
    for lang in langs:
        for name, drawing in (
            ("impact_by_sector", by_sector(run, tables["impact_by_sector"], lang)),
            ("impact_by_month", by_month(run, tables["impact_by_month"], lang)),
        ):
            path = folder / f"{name}.{lang}.svg"
            path.write_text(standing_alone(to_svg(drawing, lang), drawing), encoding="utf-8")
            out[f"{name}.{lang}"] = str(path)
    return out


def by_sector(run: ImpactRun, frame: pl.DataFrame, lang: Lang) -> Drawing:
    """The industries that lose most under any model: a bar for the direct loss, a mark for each model."""
    most = frame.group_by("industry").agg(pl.col("lost_meur").max()).sort("lost_meur", "industry", descending=True)
    chosen = most.head(_MOST)["industry"].to_list()
    rows = [_named(row, lang) for row in frame.filter(pl.col("industry").is_in(chosen)).iter_rows(named=True)]
    names = [str(next(row["name"] for row in rows if row["industry"] == code)) for code in chosen]
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labelLimit=_LEFT, labelExpr="split(datum.label, '|')"))
    x = alt.X("lost_meur:Q", axis=alt.Axis(title=_UNIT[lang], grid=True, tickCount=5, domain=False, ticks=False))
    first = [row for row in rows if row["model"] == rows[0]["model"]]
    bars = alt.Chart(data(first)).mark_bar(color=GREY, height=26).encode(y=y, x=alt.X("direct_meur:Q"))
    points = [
        alt.Chart(data([row for row in rows if row["model"] == model.value]))
        .mark_point(size=70, filled=True, opacity=1, color=_LOOK[model][0], shape=_LOOK[model][1], yOffset=offset)
        .encode(y=y, x=x)
        for model, offset in zip(run.models, _offsets(len(run.models)), strict=True)
    ]
    plot = alt.layer(bars, *points).properties(width=WIDTH - _LEFT - 20, height=alt.Step(36))
    what = _WHAT[lang].format(months=run.run.scenario.horizon_months, vintage=run.table.vintage[lang])
    said = "; ".join(_said(frame, code, lang) for code in chosen[:3])
    head = Text("Staven en punten per bedrijfstak. Het meest verliest:", "Bars and marks by industry. Losing most:")
    if set(PLANNED) & set(run.models):
        what = f"{what}. {_PLANNED[lang].removesuffix('.')}"
    return _drawing(_WHERE, what, f"{head[lang]} {said}.", alt.vconcat(_key(run, lang, direct=True), plot), run, lang)


def by_month(run: ImpactRun, frame: pl.DataFrame, lang: Lang) -> Drawing:
    """The loss month by month on the middle path, a line for each model."""
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, grid=False, labelAngle=0))
    y = alt.Y("lost_meur:Q", axis=alt.Axis(title=_UNIT[lang], tickCount=5, domain=False, ticks=False))
    lines = [
        alt.Chart(data(frame.filter(pl.col("model") == model.value).to_dicts()))
        .mark_line(strokeWidth=2.5, color=_LOOK[model][0], point=_point(model))
        .encode(x=x, y=y)
        for model in run.models
    ]
    worst = frame.sort("lost_meur", descending=True).row(0, named=True)
    head = Text(
        "Lijnen per model. De hoogste maand is {:%Y-%m}: {}", "Lines by model. The highest month is {:%Y-%m}: {}"
    )
    told = head[lang].format(worst["month"], number_text(float(worst["lost_meur"]), "MEUR", lang))
    plot = alt.layer(*lines).properties(width=WIDTH - 80, height=260)
    what = _MONTHLY[lang].format(vintage=run.table.vintage[lang])
    name = MODELS[Model(worst["model"])][lang]
    return _drawing(_WHEN, what, f"{told} ({name}).", alt.vconcat(_key(run, lang, direct=False), plot), run, lang)


def _offsets(count: int) -> list[float]:
    """Places above and below the middle of a row [px], so that equal losses do not hide each other."""
    return [7.0 * (k - (count - 1) / 2) for k in range(count)]


def _point(model: Model) -> alt.OverlayMarkDef:
    return alt.OverlayMarkDef(size=60, filled=True, color=_LOOK[model][0], shape=_LOOK[model][1])


def _named(row: Row, lang: Lang) -> Row:
    return row | {"name": "|".join(textwrap.wrap(str(row[f"name_{lang}"]), 27))}


def _said(frame: pl.DataFrame, code: str, lang: Lang) -> str:
    part = frame.filter(pl.col("industry") == code)
    values = [float(value) for value in part["lost_meur"]]
    low, high = (number_text(value, "MEUR", lang) for value in (min(values), max(values)))
    return f"{part[f'name_{lang}'][0]} ({low} {'tot' if lang == 'nl' else 'to'} {high})"


def _key(run: ImpactRun, lang: Lang, *, direct: bool) -> alt.LayerChart:
    items = [KeyItem(_DIRECT[lang], GREY)] if direct else []
    return colour_key([*items, *(KeyItem(MODELS[model][lang], *_LOOK[model]) for model in run.models)], WIDTH - 20)


def _drawing(title: Text, what: str, alt_text: str, chart: Chart, run: ImpactRun, lang: Lang) -> Drawing:
    source = {"nl": "Bron", "en": "Source"}[lang]
    told = f"{what}. {source}: {source_of(run.held, lang)}. {_CAVEAT[lang]}"
    return Drawing(title[lang].format(region=run.region), told, alt_text, _CAVEAT[lang], chart)
