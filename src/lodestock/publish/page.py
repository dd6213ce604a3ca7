"""The brief as one HTML page: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lodestock.publish.appendix import Card, Origin, origins
from lodestock.publish.blocks import Block, Span, SpanKind, Spans
from lodestock.publish.figures.base import FONTS, size_of
from lodestock.publish.figures.tables import ShownTable
from lodestock.publish.model import BriefInput, Lang
from lodestock.publish.words import MARKS, MARKS_LONG, date_text, word


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A drawn figure with the words around it, its data as tables and as CSV text by file name."""

    id: str
    number: int
    title: str
    subtitle: str
    alt: str
    caption: str
    mark: str
    badge: str
    svg: str
    tables: tuple[ShownTable, ...]
    csv: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A row of the table of assumptions."""

    id: str
    label: str
    value: str
    source: str
    mark: str
    badge: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that the page and the PDF show, in one language."""

    run: BriefInput
    lang: Lang
    blocks: tuple[Block, ...]
    cards: tuple[Card, ...]
    figures: Mapping[str, ShownFigure]
    assumptions: tuple[Assumption, ...]
    mentioned: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title of the brief."""
        return self.run.title[self.lang]

    @property
    def example(self) -> bool:
        """Whether all numbers are invented."""
        return bool(self.run.facts.get("example", False))

    def origins(self) -> list[Origin]:
        """The entries of the appendix."""
        return origins(self.run, self.mentioned, self.lang)

    def named(self) -> list[Origin]:
        """The entries of the appendix that stand in the text itself."""
        return self.origins()[: len(set(self.mentioned))]

    def under(self) -> list[Origin]:
        """The entries that those in the text rest on."""
        return self.origins()[len(set(self.mentioned)) :]

    def meta(self) -> str:
        """The line under the title: when and with what it was made."""
        words = [
            f"{word('made', self.lang)} {date_text(self.run.made, self.lang)}",
            f"{word('scenario', self.lang)} {self.run.scenario}",
            f"{word('version', self.lang)} {self.run.code_version}",
            f"{word('seed', self.lang)} {self.run.seed}",
        ]
        return " · ".join(words)


def anchor(entry: str) -> str:
    """The id of an entry of the appendix in the page."""
    return "e-" + re.sub(r"[^A-Za-z0-9_.-]", "-", entry)


def unbroken(text: str) -> str:
    """A number that is not broken after the dash of its range (a word joiner follows it)."""
    return text.replace("–", "–\u2060")


def _span(span: Span) -> str:
    text = html.escape(unbroken(span.text) if span.entry else span.text)
    match span.kind:
        case SpanKind.NUMBER:
            text = f'<a class="num" href="#{anchor(span.entry)}">{text}</a>'
        case SpanKind.BADGE:
            text = f'<span class="badge {span.mark}">{text}</span>'
        case SpanKind.DATE:
            text = f'<span class="date">{text}</span>'
        case SpanKind.REFERENCE:
            text = f'<span class="ref">{text}</span>'
        case SpanKind.TEXT:
            pass
    return f"<strong>{text}</strong>" if span.strong else text


def spans_html(spans: Spans) -> Markup:
    """Spans as HTML: escaped text, numbers linked to the appendix."""
    return Markup("".join(_span(span) for span in spans))


def plain(spans: Spans) -> str:
    """Spans as bare text."""
    return "".join(span.text for span in spans)


def inline_svg(svg: str, prefix: str) -> Markup:
    """An SVG to stand inside the page: its ids made unique, scaled to its column, hidden behind the alt text."""
    out = re.sub(r'id="([^"]+)"', rf'id="{prefix}-\1"', svg)
    out = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", out)
    out = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', out)
    width = size_of(svg)[0]
    style = (
        f'style="max-width:{width * 1.06:.0f}px;min-width:{width * 0.82:.0f}px" aria-hidden="true" focusable="false"'
    )
    out = re.sub(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+"', rf"<svg \1{style}", out, count=1)
    out = re.sub(r' (aria-(label|roledescription|hidden)|role)="[^"]*"(?![^<]*focusable)', "", out)
    return Markup(out)


def data_url(text: str, kind: str) -> str:
    """A text as a link that holds it, so that the page carries its own downloads."""
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


@cache
def _font(name: str) -> str:
    raw = (FONTS / f"LodestockSans-{name}.woff2").read_bytes()
    return f"data:font/woff2;base64,{base64.b64encode(raw).decode()}"


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("lodestock.publish", "texts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "spans": spans_html,
        "plain": plain,
        "unbroken": unbroken,
        "anchor": anchor,
        "inline": inline_svg,
        "data_url": data_url,
    }
    return found


def page(content: Content, other: str = "") -> str:
    """The HTML of the brief; `other` is the address of the same brief in the other language, beside this file."""
    style = resources.files("lodestock.publish").joinpath("texts", "page.css").read_text(encoding="utf-8")
    marks: Sequence[tuple[str, str, str]] = [
        (mark.value, MARKS[mark][content.lang], MARKS_LONG[mark][content.lang]) for mark in MARKS
    ]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            c=content,
            run=content.run,
            lang=content.lang,
            w=lambda key: word(key, content.lang),
            day=lambda when: date_text(when, content.lang),
            style=Markup(style),
            fonts=[(400, _font("Regular")), (600, _font("Semibold"))],
            marks=marks,
            other=other,
            kind=lambda block: type(block).__name__,
        )
    )
