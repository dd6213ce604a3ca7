"""The brief as a tagged PDF (PDF/UA-1), set by typst; words and values go in as JSON, never into its mark-up."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

import typst

from lodestock.errors import DataError
from lodestock.publish.blocks import Block, Box, Bullets, FigureBlock, Heading, Paragraph, Slot, Span, Spans, Table
from lodestock.publish.figures.base import FONTS, size_of
from lodestock.publish.page import Content, anchor, plain, unbroken
from lodestock.publish.words import WORDS, date_text, word

Json = dict[str, object]


def _span(span: Span) -> Json:
    return {
        "kind": span.kind.value,
        "text": unbroken(span.text) if span.entry else span.text,
        "anchor": anchor(span.entry) if span.entry else "",
        "mark": span.mark,
        "strong": span.strong,
    }


def _spans(spans: Spans) -> list[Json]:
    return [_span(span) for span in spans]


_LINE = 92
"""Characters of a table's text that fit beside each other on a page, with what the space between columns takes."""
_PIECES = re.compile(r"[ /-]")  # where a cell may be broken: not at the fixed spaces of a number
_IN_UNIT = re.compile(r"(?<![\d€$])(?<!\u00a0a)(?<!\u00a0per)\u00a0")


def _cell(spans: Spans) -> Spans:
    """Spans of a cell, where a unit of several words may be broken: '160 ton' stays together, 'per jaar' may follow."""
    return tuple(replace(span, text=_IN_UNIT.sub(" ", span.text)) for span in spans)


def _least(cells: Sequence[Spans]) -> int:
    """Characters of the longest piece of a column that cannot be broken, with the space beside the column."""
    return 2 + max(len(piece) for cell in cells for piece in _PIECES.split(plain(_cell(cell))))


def column_widths(table: Table) -> list[float]:
    """How wide each column is, in characters of a line of the page.

    Shared by the longest cell of each column, kept within reason; but no column is narrower than its longest piece
    that cannot be broken, because that would print over the next column.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    wanted = [float(min(max(*(len(plain(cell)) for cell in column), 12), 34)) for column in columns]
    least = [_least(column) for column in columns]
    if sum(least) >= _LINE:
        return [float(size) for size in least]
    fixed: set[int] = set()
    while True:
        room = _LINE - sum(least[i] for i in fixed)
        free = sum(size for i, size in enumerate(wanted) if i not in fixed)
        out = [float(least[i]) if i in fixed else size * room / free for i, size in enumerate(wanted)]
        tight = {i for i, size in enumerate(out) if size < least[i]} - fixed
        if not tight:
            return out
        fixed |= tight


def _block(block: Block) -> Json:
    match block:
        case Heading(level=1):
            return {"type": "title", "spans": _spans(block.spans)}
        case Heading():
            return {"type": "heading", "level": block.level - 1, "spans": _spans(block.spans)}
        case Paragraph():
            return {"type": "lead" if block.lead else "paragraph", "spans": _spans(block.spans)}
        case Bullets():
            return {"type": "bullets", "items": [_spans(item) for item in block.items]}
        case Table():
            cells = [_spans(_cell(cell)) for row in block.rows for cell in row]
            header = [_spans(cell) for cell in block.header]
            return {"type": "table", "header": header, "cells": cells, "widths": column_widths(block)}
        case Box():
            return {"type": "box", "title": _spans(block.title), "blocks": [_block(inner) for inner in block.blocks]}
        case FigureBlock():
            return {"type": "figure", "id": block.id}
        case Slot():
            return {"type": "slot", "name": block.name}


def _sources(content: Content) -> list[Json]:
    lang = content.lang
    out: list[Json] = []
    for s in content.run.sources:
        when = f"{word('accessed', lang).capitalize()} {date_text(s.accessed, lang)}." if s.accessed else ""
        texts: Json = {
            "title": s.title,
            "producer": s.producer,
            "licence": s.licence,
            "address": s.address,
            "accessed": when,
        }
        out.append(texts | {"hash": f"{word('snapshot', lang).capitalize()} {s.snapshot}, sha256 {s.sha256}"})
    return out


def _origins(content: Content) -> list[Json]:
    return [
        {
            "id": o.id,
            "anchor": anchor(o.id),
            "label": o.label,
            "short": o.short,
            "mark": o.mark,
            "badge": o.badge,
            "facts": [{"name": fact.name, "text": fact.text} for fact in o.facts],
            "inputs": [{"id": name, "anchor": anchor(name)} for name in o.inputs],
        }
        for o in content.origins()
    ]


def _figures(content: Content) -> dict[str, Json]:
    return {
        key: {
            "number": f.number,
            "title": f.title,
            "subtitle": f.subtitle,
            "alt": f.alt,
            "caption": f.caption,
            "mark": f.mark,
            "badge": f.badge,
            "svg": f.svg,
            "width": size_of(f.svg)[0],
        }
        for key, f in content.figures.items()
    }


def _json(content: Content) -> Json:
    run, lang = content.run, content.lang
    names = ("label", "value", "unit", "interval", "bracket", "mark", "badge", "reason")
    return {
        "lang": lang,
        "title": content.title,
        "author": "Lodestock",
        "keywords": [run.scenario],
        "made": [run.made.year, run.made.month, run.made.day],
        "meta": content.meta(),
        "footer": content.title,
        "example": content.example,
        "words": {key: text[lang] for key, text in WORDS.items()},
        "blocks": [_block(block) for block in content.blocks],
        "cards": [
            {name: unbroken(getattr(c, name)) for name in names} | {"anchor": anchor(c.id)} for c in content.cards
        ],
        "figures": _figures(content),
        "assumptions": [
            {
                "label": a.label,
                "value": unbroken(a.value),
                "source": a.source,
                "mark": a.mark,
                "badge": a.badge,
                "anchor": anchor(a.id),
            }
            for a in content.assumptions
        ],
        "sources": _sources(content),
        "origins": _origins(content),
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(content: Content) -> bytes:
    """The PDF of the brief: tagged, with language, title and alt texts; the same input gives the same bytes."""
    made = content.run.made
    stamp = dt.datetime(made.year, made.month, made.day, tzinfo=dt.UTC)
    source = resources.files("lodestock.publish").joinpath("texts", "brief.typ").read_bytes()
    inputs = {"content": json.dumps(_json(content), ensure_ascii=False)}
    try:
        compiler = typst.Compiler(source, font_paths=_fonts())
        out = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=stamp)
    except typst.TypstError as error:
        raise DataError("the PDF cannot be set", why=str(error), where="publish/texts/brief.typ") from error
    if not isinstance(out, bytes):
        raise DataError("the PDF cannot be set", why="typst gave no file")
    return out
