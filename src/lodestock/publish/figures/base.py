"""What all figures share: look, colours, labels that do not overlap, and the way from a chart to an SVG."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import altair as alt
import vl_convert as vlc

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text
from lodestock.publish.words import month_text, word

FONTS = Path(__file__).parent.parent / "fonts"
FAMILY = "Lodestock Sans"
INK, MUTED, GRID, PAPER = "#1b1b1b", "#55606b", "#e3e7eb", "#ffffff"
BLUE, ORANGE, SKY, GREY, GREEN = "#154273", "#b84a00", "#8fcae7", "#c9d0d6", "#00705a"
"""Colours that people with any common kind of colour blindness can tell apart, and that differ in lightness too."""

CONVENTION_COLOURS = {"one-age": BLUE, "constant-inflow": ORANGE}
CONVENTIONS = {
    "one-age": Text("alle aanvragen even oud", "all applications of one age"),
    "constant-inflow": Text("aanvragen komen geleidelijk binnen", "applications arrive evenly"),
}
WIDTH = 600
"""Width for which a figure is drawn [px]; text is 13 px, so that it reads like body text in page and PDF."""

Row = dict[str, object]
Panel = alt.LayerChart | alt.FacetChart
Chart = Panel | alt.VConcatChart | alt.HConcatChart


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure in one language: the words around it, the chart, and what it shows in words (`alt`)."""

    title: str
    subtitle: str
    alt: str
    caption: str
    chart: Chart


def convention_text(name: str, lang: Lang) -> str:
    """A reading of the snapshots in words; raises UnknownNameError for a name that no one agreed on."""
    return named(CONVENTIONS, name, lang, "convention")


def covers(years: str, lang: Lang) -> str:
    """What the data cover in words: '2024' stays, '2025-04/2026-03' becomes 'april 2025 – maart 2026'."""
    parts = []
    for part in years.split("/"):
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", part)
        parts.append(month_text(date(int(found[1]), int(found[2]), 1), lang) if found else part)
    return " – ".join(parts)


def subtitle(what: Text, figure: FigureSpec, lang: Lang) -> str:
    """What is shown with its unit, the years, and the source."""
    return f"{what[lang]}, {covers(figure.year, lang)}. {word('figure_source', lang)}: {figure.source[lang]}."


def result_subtitle(what: Text, figure: FigureSpec, lang: Lang) -> str:
    """As `subtitle`, for what a model answers: the year is that of the use it rests on, not that of the answer."""
    rests = Text("op basis van het gebruik in", "based on use in")[lang]
    return f"{what[lang]}, {rests} {covers(figure.year, lang)}. {word('figure_source', lang)}: {figure.source[lang]}."


def caption(standing: Text, figure: FigureSpec, lang: Lang) -> str:
    """The standing caveat of a figure, with what the run adds to it."""
    return f"{standing[lang]} {figure.note[lang]}" if figure.note else standing[lang]


def named(words: Mapping[str, Text], key: object, lang: Lang, what: str) -> str:
    """The words for a code; raises UnknownNameError for a code that the figure has no words for."""
    if str(key) not in words:
        raise UnknownNameError(what, str(key), words)
    return words[str(key)][lang]


def present(rows: Sequence[Row], key: str) -> list[Row]:
    """The rows that hold a value under `key`."""
    return [row for row in rows if row[key] is not None]


def some(rows: Sequence[Row], key: str) -> list[Row]:
    """The rows that hold a value under `key`; raises DataError when none does, because there is nothing to draw."""
    found = present(rows, key)
    if not found:
        raise DataError(
            f"a figure has no value at all in '{key}'", mend="leave the figure out, and say why in the text"
        )
    return found


def value(row: Row, key: str) -> float:
    """A number of a row as a float; the row must hold it."""
    found = row[key]
    if not isinstance(found, (int, float)):
        raise DataError(f"a figure needs a number in '{key}'", why=f"it holds {found!r}")
    return float(found)


def per_cent(share: float, lang: Lang) -> str:
    """A share in per cent."""
    return number_text(share, "1", lang)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Label places nearest to `places` [px] that lie at least `gap` apart within low…high, in the given order.

    Labels that would overlap are pushed apart; when they do not all fit, they are spaced evenly.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    if not order:
        return []
    if gap * (len(order) - 1) > high - low:
        gap = (high - low) / max(1, len(order) - 1)
    out = [min(max(places[i], low), high) for i in order]
    for k in range(1, len(out)):
        out[k] = max(out[k], out[k - 1] + gap)
    out[-1] = min(out[-1], high)
    for k in range(len(out) - 2, -1, -1):
        out[k] = min(out[k], out[k + 1] - gap)
    back = [0.0] * len(places)
    for k, i in enumerate(order):
        back[i] = out[k]
    return back


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A label right of a line's end: its words, the value where the line ends, and its colour."""

    text: str
    at: float
    colour: str


def end_labels(labels: Sequence[EndLabel], width: int, height: int, top: float, gap: float = 16) -> list[alt.Chart]:
    """Text right of the plot at the end of each line, pushed apart where lines end close together.

    width, height: of the plot [px]; top: the value at the upper edge (the lower edge is 0); gap: least distance [px].
    A label of several lines is centred on its place and stays above the lower edge, where the axis has its figures.
    """
    places = [height * (1 - min(max(label.at / top, 0.0), 1.0)) for label in labels]
    half = 7 * max(label.text.count("\n") for label in labels)
    out = []
    for label, place in zip(labels, spread(places, gap, 6 + half, height - 6 - half), strict=True):
        lift = -7 * label.text.count("\n")
        mark = alt.Chart(data([{"text": label.text}])).mark_text(
            align="left", dx=8, dy=lift, color=label.colour, fontWeight=600, lineBreak="\n", lineHeight=14
        )
        out.append(mark.encode(x=alt.value(width), y=alt.value(place), text="text:N"))
    return out


def data(rows: Sequence[Row]) -> alt.Data:
    """Rows as chart data; dates are written as ISO days.

    The rows go in as one JSON text: as a list they would be walked and copied each time a chart is put into another.
    """
    text = json.dumps(list(rows), default=str, ensure_ascii=False)
    return alt.Data(values=text, format={"type": "json"})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One entry of a colour key: its words, colour, and shape (a Vega symbol)."""

    text: str
    colour: str
    shape: str = "square"


def colour_key(items: Sequence[KeyItem], width: int) -> alt.LayerChart:
    """The colours of a figure with their names, once, above the panels; the names stand left to right."""
    place, line = 8, 0
    rows: list[Row] = []
    for item in items:
        wide = 44 + round(6.6 * len(item.text))
        if rows and place + wide - 22 > width:
            place, line = 8, line + 1
        rows.append({"x": place, "y": line, "text": item.text, "fill": item.colour, "shape": item.shape})
        place += wide
    chart = alt.Chart(data(rows))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], range=[0, width], zero=False, nice=False))
    height = 20 * (line + 1)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.5, line + 0.5], range=[0, height], zero=False, nice=False))
    paint = alt.Color("fill:N", scale=None)
    shape = alt.Shape("shape:N", scale=None)
    marks = chart.mark_point(size=120, opacity=1, filled=True).encode(x=x, y=y, color=paint, shape=shape)
    words = chart.mark_text(align="left", dx=12).encode(x=x, y=y, text="text:N")
    return alt.LayerChart(layer=[marks, words]).properties(width=width, height=height)


def share_axis(title: str | None = None) -> alt.Axis:
    """An axis from 0 to 100 per cent."""
    return alt.Axis(format=".0%", title=title, tickCount=5, domain=False, ticks=False)


def panel_title(text: str) -> alt.TitleParams:
    """The heading of one panel."""
    return alt.TitleParams(text, anchor="start", frame="group", fontSize=13, fontWeight=600, color=INK, offset=8)


def _config() -> dict[str, object]:
    words: dict[str, object] = {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": MUTED,
    }
    axis = words | {"titleColor": MUTED, "gridColor": GRID, "domainColor": "#9aa5af", "tickColor": "#9aa5af"}
    return {
        "font": FAMILY,
        "background": PAPER,
        "padding": 4,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "labelFlush": False},
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "legend": {"labelFontSize": 13, "titleFontSize": 13, "labelColor": INK, "symbolSize": 120, "orient": "top"},
        "header": {"labelFontSize": 13, "labelColor": INK, "labelFontWeight": 600},
        "text": {"fontSize": 13, "color": INK},
    }


@cache
def _fonts_known() -> bool:
    vlc.register_font_directory(str(FONTS))
    return True


@cache
def _locales(lang: Lang) -> tuple[dict[str, object], dict[str, object]]:
    if lang == "nl":
        return vlc.get_format_locale("nl-NL"), vlc.get_time_format_locale("nl-NL")
    return vlc.get_format_locale("en-GB"), vlc.get_time_format_locale("en-GB")


def to_svg(drawing: Drawing, lang: Lang) -> str:
    """The chart as SVG text, with the shipped font and the signs of the language; nothing is fetched."""
    _fonts_known()
    spec = drawing.chart.to_dict(validate=False)
    spec["config"] = _config()
    numbers, times = _locales(lang)
    svg = vlc.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=numbers, time_format_locale=times)
    return str(svg)


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of an SVG [px], from its opening tag."""
    head = svg[: svg.index(">")]
    parts = head.split('viewBox="')[1].split('"')[0].split()
    return float(parts[2]), float(parts[3])


def standing_alone(svg: str, drawing: Drawing) -> str:
    """The SVG with title, subtitle and alt text inside, for use outside the brief."""
    width, height = size_of(svg)
    lines = [(line, 16, 600, INK) for line in textwrap.wrap(drawing.title, int(width / 8))]
    lines += [(line, 13, 400, MUTED) for line in textwrap.wrap(drawing.subtitle, int(width / 6.4))]
    top, texts = 8.0, []
    for line, size, weight, colour in lines:
        top += size * 1.3
        style = f'font-family="{FAMILY}, sans-serif" font-size="{size}" font-weight="{weight}" fill="{colour}"'
        texts.append(f'<text x="6" y="{top:.1f}" {style}>{html.escape(line)}</text>')
    top += 12
    inner = svg.replace("<svg ", f'<svg x="0" y="{top:.1f}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height + top:g}" '
        f'viewBox="0 0 {width:g} {height + top:g}" role="img">'
        f"<title>{html.escape(drawing.title)}</title><desc>{html.escape(drawing.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(texts)}{inner}</svg>'
    )
