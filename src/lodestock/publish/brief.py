"""Writes a brief: Dutch and English, HTML and PDF, with the figures, their data and their manifests beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import vl_convert as vlc

from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Entry
from lodestock.publish.appendix import card, chain_of
from lodestock.publish.blocks import Block, FigureBlock, Slot, numbers_in
from lodestock.publish.figures import draw
from lodestock.publish.figures.base import Drawing, standing_alone, to_svg
from lodestock.publish.figures.tables import csv_text, shown_tables
from lodestock.publish.model import FIGURE_TABLES, BriefFiles, BriefInput, FigureFiles, FigureSpec, Lang
from lodestock.publish.numbers import range_text
from lodestock.publish.page import Assumption, Content, ShownFigure, page
from lodestock.publish.pdf import pdf
from lodestock.publish.text import read_brief, shipped_template
from lodestock.publish.words import MARKS, sentence

LANGS: tuple[Lang, ...] = ("nl", "en")


def _csv_names(figure: FigureSpec) -> dict[str, str]:
    """Table → file name: the figure's id, and the table's name where there are several."""
    return {
        name: f"{figure.id}.csv" if len(figure.tables) == 1 else f"{figure.id}.{name}.csv" for name in figure.tables
    }


def _shown(figure: FigureSpec, number: int, drawing: Drawing, svg: str, lang: Lang) -> ShownFigure:
    return ShownFigure(
        id=figure.id,
        number=number,
        title=drawing.title,
        subtitle=drawing.subtitle,
        alt=drawing.alt,
        caption=drawing.caption,
        mark=figure.mark.value,
        badge=MARKS[figure.mark][lang],
        svg=svg,
        tables=tuple(shown_tables(figure, lang)),
        csv={file: csv_text(figure, name) for name, file in _csv_names(figure).items()},
    )


def _origin_words(entry: Entry, lang: Lang) -> str:
    """On what an assumption rests, in a few words: its source, its method, or its table."""
    if entry.source:
        return entry.source_in(lang)
    if entry.method:
        return f"{entry.method.title_in(lang)} – {entry.method.source}"
    return entry.rows.table if entry.rows else ""


def _assumptions(run: BriefInput, lang: Lang) -> tuple[Assumption, ...]:
    out = []
    for key in run.assumptions:
        entry = run.ledger[key]
        words = _origin_words(entry, lang)
        out.append(
            Assumption(
                key,
                sentence(entry.label[lang]),
                range_text(entry, lang),
                words,
                entry.mark.value,
                MARKS[entry.mark][lang],
            )
        )
    return tuple(out)


def _order(blocks: tuple[Block, ...], run: BriefInput) -> list[FigureSpec]:
    """The figures in the order in which the text shows them; a figure that the text has no place for is an error."""
    by_id = {figure.id: figure for figure in run.figures}
    shown = [block.id for block in blocks if isinstance(block, FigureBlock)]
    unknown = [key for key in shown if key not in by_id]
    unused = [key for key in by_id if key not in shown]
    if unknown or unused:
        raise DataError(
            "the text and the run name different figures",
            why=f"not brought by the run: {unknown}; without a place in the text: {unused}",
            mend="give the figure the id under which the template shows it",
        )
    return [by_id[key] for key in shown]


def compose(run: BriefInput, lang: Lang, stem: str = "brief") -> tuple[Content, dict[str, Drawing]]:
    """All that the brief shows in one language, with the figures drawn; nothing is written. stem: of its template."""
    start = run.facts["start"]
    if not isinstance(start, date):
        raise DataError("fact 'start' is no date")
    name, source = shipped_template(lang, stem)
    blocks = read_brief(run, lang, name=name, source=source)
    drawings, shown = {}, {}
    for number, figure in enumerate(_order(blocks, run), start=1):
        drawing = draw(figure, lang, start)
        drawings[figure.id] = drawing
        shown[figure.id] = _shown(figure, number, drawing, to_svg(drawing, lang), lang)
    slots = {block.name for block in blocks if isinstance(block, Slot)}
    mentioned = [*numbers_in(blocks), *run.headline, *(run.assumptions if "assumptions" in slots else ())]
    content = Content(
        run=run,
        lang=lang,
        blocks=blocks,
        cards=tuple(card(run, key, lang) for key in run.headline),
        figures=shown,
        assumptions=_assumptions(run, lang),
        mentioned=tuple(dict.fromkeys(mentioned)),
    )
    return content, drawings


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest(run: BriefInput, figure: FigureSpec, drawings: dict[Lang, Drawing], files: FigureFiles) -> str:
    """What stands behind one figure: words, files with their hashes, columns with units, entries, sources."""
    tables = {}
    for name, path in files.csv.items():
        columns = {
            c: {"unit": spec.unit, "meaning": spec.meaning} for c, spec in FIGURE_TABLES[figure.kind][name].items()
        }
        rows = figure.tables[name].height
        tables[name] = {"file": path.name, "sha256": _sha256(path), "rows": rows, "columns": columns}
    words = {
        lang: {"title": d.title, "subtitle": d.subtitle, "alt": d.alt, "caption": d.caption}
        for lang, d in drawings.items()
    }
    images = {path.name: _sha256(path) for path in (*files.svg.values(), *files.png.values())}
    content = {
        "figure": figure.id,
        "kind": figure.kind.value,
        "scenario": run.scenario,
        "made": run.made.isoformat(),
        "code_version": run.code_version,
        "seed": run.seed,
        "mark": figure.mark.value,
        "covers": figure.year,
        "words": words,
        "tables": tables,
        "images": images,
        "entries": chain_of(run, figure.entries),
        "sources": [asdict(source) for source in run.sources],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"


def _write(path: Path, content: str | bytes) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8", newline="\n")
    return path


def _write_figure(
    run: BriefInput,
    figure: FigureSpec,
    shown: dict[Lang, ShownFigure],
    drawings: dict[Lang, Drawing],
    out: Path,
    *,
    png: bool,
) -> FigureFiles:
    alone = {lang: standing_alone(shown[lang].svg, drawings[lang]) for lang in shown}
    svg = {lang: _write(out / f"{figure.id}.{lang}.svg", text) for lang, text in alone.items()}
    raster = {}
    if png:
        raster = {
            lang: _write(out / f"{figure.id}.{lang}.png", vlc.svg_to_png(text, scale=2)) for lang, text in alone.items()
        }
    csv = {name: _write(out / file, csv_text(figure, name)) for name, file in _csv_names(figure).items()}
    files = FigureFiles(figure.id, svg, csv, out / f"{figure.id}.manifest.json", raster)
    _write(files.manifest, _manifest(run, figure, drawings, files))
    return files


def write_brief(run: BriefInput, lang: str, out: Path, *, png: bool = False, stem: str = "brief") -> BriefFiles:
    """Write the brief into the folder `out` and say which files were written.

    lang: 'nl', 'en' or 'both'; `png` adds each figure as PNG; stem: which shipped template, and the names of the files:
    `brief.<lang>.html`, `brief.<lang>.pdf`, and in `figures/` an SVG per language, a CSV per table and a manifest for
    each figure. The same run gives the same bytes.
    Errors: InputError for bad template text or language; DataError for entries, facts or tables that are lacking.
    """
    if lang not in (*LANGS, "both"):
        raise InputError(f"a brief cannot be written in '{lang}'", mend="one of nl, en, both")
    langs = [name for name in LANGS if lang in (name, "both")]
    composed = {name: compose(run, name, stem) for name in langs}
    folder = out / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    html, sheets = {}, {}
    for name, (content, _) in composed.items():
        other = f"{stem}.{'en' if name == 'nl' else 'nl'}.html" if lang == "both" else ""
        html[name] = _write(out / f"{stem}.{name}.html", page(content, other))
        sheets[name] = _write(out / f"{stem}.{name}.pdf", pdf(content))
    files = []
    for figure in run.figures:
        shown = {name: content.figures[figure.id] for name, (content, _) in composed.items()}
        drawings = {name: drawn[figure.id] for name, (_, drawn) in composed.items()}
        files.append(_write_figure(run, figure, shown, drawings, folder, png=png))
    return BriefFiles(html, sheets, tuple(files))
