"""The public part of a dossier as a tagged PDF (PDF/UA-1), set by typst; words and values go in as JSON."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from lodestock.errors import DataError
from lodestock.publish.figures.base import FONTS, size_of
from lodestock.publish.words import date_text, word
from lodestock_desk.core import vocab
from lodestock_desk.dossiers.models import LivePage
from lodestock_desk.dossiers.prose import blocks_of_html
from lodestock_desk.dossiers.shown import Piece, Shown
from lodestock_desk.dossiers.tables import Shown as Table

TEMPLATE = Path(__file__).with_name("dossier.typ")
MOST_ROWS = 12
"""Rows of a table behind a figure on paper; the page and the CSV hold more."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _table(table: Table, most: int) -> dict[str, Any]:
    rows = table.rows[:most]
    columns = list(zip(table.header, *rows, strict=True))
    left = table.left + len(table.rows) - len(rows)
    said = ngettext("%(n)s more row is in the CSV file.", "%(n)s more rows are in the CSV file.", left) % {"n": left}
    return {
        "header": list(table.header), "cells": [cell for row in rows for cell in row],
        "widths": [min(max(max(len(cell) for cell in column), 8), 34) for column in columns],
        "left": said if left else "",
    }  # fmt: skip


def _piece(piece: Piece) -> dict[str, Any]:
    day = _("result of %(day)s") % {"day": piece.day_text} if piece.day_text else ""
    plain = {"kind": piece.kind, "title": piece.title, "gone": piece.gone, "mark": piece.mark,
             "badge": piece.mark_text, "day": day}  # fmt: skip
    if piece.kind == "text":
        return plain | {"blocks": blocks_of_html(str(piece.html))}
    if piece.kind == "number":
        return plain | {"value": str(piece.html)}
    most = 40 if piece.kind == "table" else MOST_ROWS
    source = f"{_('Source')}: {piece.source} · {day}" if piece.source else ""
    return plain | {
        "subtitle": piece.subtitle, "alt": piece.alt or piece.title, "caption": piece.caption, "svg": piece.svg,
        "width": size_of(piece.svg)[0] if piece.svg else 0, "source": source,
        "tables": [_table(table, most) for table in piece.tables],
    }  # fmt: skip


def _json(page: LivePage, shown: Shown) -> dict[str, Any]:
    lang: Any = page.lang
    day = page.as_of
    return {
        "lang": lang, "title": page.title, "keywords": [vocab.material_name(page.material)],
        "day": [day.year, day.month, day.day], "meta": f"{_('As of')} {date_text(day, lang)}", "lead": page.verdict,
        "words": {"page": word("page", lang), "of": word("of", lang),
                  "empty": _("Nothing has been published here yet.")},
        "sections": [
            {"title": section.title, "pieces": [_piece(piece) for piece in section.pieces]}
            for section in shown.sections
        ],
    }  # fmt: skip


def pdf(page: LivePage) -> bytes:
    """The PDF of the public page: tagged, with language, title and alt texts; the same page gives the same bytes."""
    with override(page.lang):
        content = _json(page, page.shown())
    stamp = dt.datetime(page.as_of.year, page.as_of.month, page.as_of.day, tzinfo=dt.UTC)
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    try:
        out = typst.Compiler(_template(), font_paths=_fonts()).compile(
            format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=stamp
        )
    except typst.TypstError as error:
        raise DataError("the PDF cannot be set", why=str(error), where="dossiers/dossier.typ") from error
    if not isinstance(out, bytes):
        raise DataError("the PDF cannot be set", why="typst gave no file")
    return out
