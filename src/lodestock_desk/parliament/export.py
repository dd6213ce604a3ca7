"""A document as a tagged PDF (PDF/UA-1, set by typst) and as DOCX; words and values never go into mark-up."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import asdict
from functools import cache
from importlib import resources

import typst
from docx import Document as NewDocx
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.oxml.shared import OxmlElement
from docx.shared import Mm, Pt
from vl_convert import svg_to_png

from lodestock.errors import DataError
from lodestock.publish.figures.base import FONTS
from lodestock_desk.parliament.page import Document, Row, Shown, Span


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(found: Document) -> bytes:
    """The PDF: tagged, with language and title; the same document gives the same bytes."""
    source = resources.files("lodestock_desk.parliament").joinpath("texts", "document.typ").read_bytes()
    made = found.made
    content = asdict(found) | {"made": [made.year, made.month, made.day]}
    stamp = dt.datetime(made.year, made.month, made.day, tzinfo=dt.UTC)
    try:
        out = typst.Compiler(source, font_paths=_fonts()).compile(
            format="pdf", sys_inputs={"content": json.dumps(content, ensure_ascii=False)}, pdf_standards=["ua-1"],
            timestamp=stamp,
        )  # fmt: skip
    except typst.TypstError as error:
        raise DataError("the PDF cannot be set", why=str(error), where="parliament/texts/document.typ") from error
    if not isinstance(out, bytes):
        raise DataError("the PDF cannot be set", why="typst gave no file")
    return out


def docx(found: Document) -> bytes:
    """The DOCX: title, headings, lists and tables as such, with the language and descriptions of pictures."""
    file = NewDocx()
    _settle(file, found)
    file.add_paragraph(found.kind, style="Subtitle")
    file.add_heading(found.title, level=0)
    for name, value in found.facts:
        paragraph = file.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    if found.route:
        _table(file, found, "route", ("step", "party", "when"), found.route)
    for block in found.blocks:
        _block(file, block)
    for line, when in found.senders:
        file.add_paragraph(f"{line}{f' ({when})' if when else ''}")
    for name, lines in (("annexes", found.annexes), ("left_out", found.left_out)):
        if lines:
            file.add_heading(found.words[name], level=1)
            for line in lines:
                file.add_paragraph(line, style="List Bullet")
    if found.numbers:
        _table(file, found, "numbers", ("number", "value", "what", "source", "result"), found.numbers)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _settle(file: Docx, found: Document) -> None:
    """Language, title and font of the whole file."""
    tag = "nl-NL" if found.lang == "nl" else "en-GB"
    style = file.styles["Normal"]
    style.font.size = Pt(10.5)
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    properties.append(language)
    if found.restricted:
        file.sections[0].header.paragraphs[0].text = found.words["holds"]
    file.core_properties.title, file.core_properties.language = found.title, tag
    file.core_properties.author = "Lodestock"
    file.core_properties.created = file.core_properties.modified = dt.datetime.combine(found.made, dt.time())


def _block(file: Docx, block: Shown) -> None:
    if block.head:
        file.add_heading(block.head, level=block.level)
    if block.mark:
        file.add_paragraph().add_run(f"[{block.mark}]").italic = True
    match block.type:
        case "heading":
            file.add_heading("".join(span.text for span in block.spans), level=block.level)
        case "bullets":
            for item in block.items:
                _runs(file.add_paragraph(style="List Bullet"), item)
        case "figure":
            _picture(file, block)
        case _:
            _runs(file.add_paragraph(), block.spans)


def _picture(file: Docx, block: Shown) -> None:
    """A picture with its description; what is gone is said."""
    if not block.svg:
        _runs(file.add_paragraph(), block.spans)
        return
    placed = file.add_picture(io.BytesIO(svg_to_png(block.svg, scale=2)), width=Mm(120))
    placed._inline.docPr.set("descr", block.alt)
    file.add_paragraph(block.alt, style="Caption")


def _runs(paragraph: object, spans: tuple[Span, ...]) -> None:
    for span in spans:
        paragraph.add_run(span.text)


def _table(file: Docx, found: Document, title: str, header: tuple[str, ...], rows: tuple[Row, ...]) -> None:
    file.add_heading(found.words[title], level=1)
    table = file.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        cell.text = found.words[name]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row.cells, strict=True):
            cell.text = text
