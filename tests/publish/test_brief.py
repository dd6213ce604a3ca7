"""The written brief: page, PDF, figures with their data and manifests."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from example import example, facts, figures, ledger
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Method
from lodestock.publish.appendix import chain_of
from lodestock.publish.brief import compose, write_brief
from lodestock.publish.figures.tables import shown_tables
from lodestock.publish.model import FIGURE_TABLES, BriefFiles, BriefInput, FigureKind, FigureSpec, Lang
from lodestock.publish.page import Content, anchor, page
from lodestock.publish.pdf import pdf

LANGS: tuple[Lang, ...] = ("nl", "en")
VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "line", "circle", "use"}


class Outline(HTMLParser):
    """Checks that tags balance, and collects ids, addresses and headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.roles: list[dict[str, str]] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = found["lang"]
        if "id" in found:
            self.ids.append(found["id"])
        self.addresses += [(tag, found[name]) for name in ("href", "src", "xlink:href") if name in found]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("role") == "img":
            self.roles.append(found)
        assert tag not in ("script", "iframe", "object", "link")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open and self.open[-1] == tag, f"</{tag}> closes <{self.open[-1:]}>, line {self.getpos()}"
        self.open.pop()


def outline(path: Path) -> Outline:
    parser = Outline()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.parametrize("lang", LANGS)
def test_page_is_whole_and_fetches_nothing(written: BriefFiles, run: BriefInput, lang: Lang) -> None:
    found = outline(written.html[lang])
    assert found.lang == lang
    assert len(found.ids) == len(set(found.ids))
    assert found.headings[0] == 1 and found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    allowed = {source.address for source in run.sources}
    for tag, address in found.addresses:
        if address.startswith("#"):
            assert address[1:] in found.ids, address
        elif address.startswith(("http:", "https:")):
            assert tag == "a" and address in allowed
        else:
            assert address.startswith("data:") or address == f"brief.{'en' if lang == 'nl' else 'nl'}.html"
    style = re.findall(r"url\(([^)]{0,40})", written.html[lang].read_text(encoding="utf-8"))
    assert all(address.startswith(("data:font/woff2", "#")) for address in style)


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_has_alt_text_from_its_data(written: BriefFiles, run: BriefInput, lang: Lang) -> None:
    alts = [found["aria-label"] for found in outline(written.html[lang]).roles]
    assert len(alts) == len(run.figures)
    assert all(len(text) > 60 and re.search(r"\d", text) for text in alts)
    assert any(("mei 2025" if lang == "nl" else "May 2025") in text for text in alts)  # the lowest month of exports


def test_each_number_on_the_page_leads_to_the_appendix(written: BriefFiles, run: BriefInput) -> None:
    text = written.html["nl"].read_text(encoding="utf-8")
    targets = re.findall(r'class="num" href="#([^"]+)"', text)
    assert len(targets) > 25
    ids = {anchor(entry.id) for entry in run.ledger}
    assert set(targets) <= ids
    for target in set(targets):  # what the text names stands outside the folded part that it rests on
        assert text.index(f'<details class="origin" id="{target}">') < text.index('<details class="under">')
    section = text[text.index('id="e-nl.magnets.own_use"') :]
    section = section[: section.index("</details>")]
    for wanted in ("2.549", "2.100 t/yr – 2.900", "nl.magnets.imports", "Model §4.2", "berekend uit waarden"):
        assert wanted in section.replace("\u00a0", " ")
    rows = text[text.index('id="e-nl.magnets.imports"') :]
    rows = rows[: rows.index("</details>")]
    assert "3.992,4" in rows and "baci-2024" in rows and "r12, r88" in rows and "2 zonder waarde" in rows


def test_badge_says_the_weakest_mark_in_words(written: BriefFiles) -> None:
    text = written.html["nl"].read_text(encoding="utf-8")
    cards = text[text.index('<ul class="cards">') : text.index("</ul>", text.index('<ul class="cards">'))]
    assert cards.count('<span class="badge prior">aanname</span>') == 4
    assert "€" not in cards


def test_text_from_the_run_is_escaped(content: Content) -> None:
    figure = example().figures[0]
    nasty = "<script>alert(1)</script>"
    from dataclasses import replace

    from lodestock.evidence.ledger import Text

    changed = replace(figure, source=Text(nasty, nasty))
    run = example(figures=(changed, *example().figures[1:]), scenario='"><b>')
    found = page(compose(run, "nl")[0])
    assert nasty not in found and "&lt;script&gt;" in found
    assert '"><b>' not in found


def _structure(node: DictionaryObject) -> Iterator[DictionaryObject]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from _structure(found)


@pytest.mark.parametrize("lang", LANGS)
def test_pdf_is_tagged_and_speaks_its_language(written: BriefFiles, run: BriefInput, lang: Lang) -> None:
    reader = PdfReader(written.pdf[lang])
    root = reader.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == run.title[lang]
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    tags = list(_structure(root["/StructTreeRoot"].get_object()))
    names = [str(tag["/S"]) for tag in tags]
    alts = [str(tag["/Alt"]) for tag in tags if str(tag["/S"]) == "/Figure"]
    assert len(alts) == len(run.figures) and all(len(text) > 60 for text in alts)
    assert names.count("/Table") == 2 and "/TH" in names and "/L" in names and "/Link" in names
    assert {"/Title", "/H1", "/H2"} <= set(names)


def test_pdf_carries_only_the_shipped_font(written: BriefFiles) -> None:
    fonts = set()
    for sheet in PdfReader(written.pdf["nl"]).pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            fonts.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert fonts and all(name.startswith("LodestockSans") for name in fonts)


def test_pdf_says_what_the_page_says(written: BriefFiles) -> None:
    text = " ".join(sheet.extract_text() for sheet in PdfReader(written.pdf["nl"]).pages)
    flat = re.sub(r"[\s\u2060]+", " ", text)
    for wanted in (
        "120 ton",
        "Drie soorten onzekerheid",
        "na te gaan",
        "nl.magnets.shortage_12m",
        "alle getallen in dit stuk",
    ):
        assert wanted.lower() in flat.lower()


def test_each_figure_has_csv_and_manifest_that_agree(written: BriefFiles, run: BriefInput) -> None:
    by_id = {figure.id: figure for figure in run.figures}
    assert {files.id for files in written.figures} == set(by_id)
    for files in written.figures:
        figure = by_id[files.id]
        manifest = json.loads(files.manifest.read_text(encoding="utf-8"))
        assert manifest["mark"] == figure.mark.value
        assert manifest["entries"] == chain_of(run, figure.entries)
        for name, path in files.csv.items():
            entry = manifest["tables"][name]
            assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
            assert len(rows) - 1 == entry["rows"] == figure.tables[name].height
            columns = FIGURE_TABLES[figure.kind][name]
            assert rows[0] == [f"{column} [{spec.unit}]" if spec.unit else column for column, spec in columns.items()]
            back = pl.read_csv(path, schema_overrides=[pl.String] * len(columns))
            for column, header in zip(columns, back.columns, strict=True):
                kind = figure.tables[name].schema[column]
                read = back[header].str.to_date() if kind == pl.Date else back[header].cast(kind)
                assert read.to_list() == figure.tables[name][column].to_list()
        for lang in LANGS:
            svg = files.svg[lang].read_text(encoding="utf-8")
            assert manifest["words"][lang]["alt"] and "<desc>" in svg
            assert files.png[lang].read_bytes()[:4] == b"\x89PNG"
        assert manifest["words"]["nl"]["title"] != manifest["words"]["en"]["title"]


def test_the_same_run_gives_the_same_bytes(written: BriefFiles, tmp_path: Path) -> None:
    again = write_brief(example(), "both", tmp_path)
    for lang in LANGS:
        assert again.html[lang].read_bytes() == written.html[lang].read_bytes()
        assert again.pdf[lang].read_bytes() == written.pdf[lang].read_bytes()
    for new, old in zip(again.figures, written.figures, strict=True):
        assert new.svg["en"].read_bytes() == old.svg["en"].read_bytes()


def test_one_language_alone(tmp_path: Path) -> None:
    files = write_brief(example(), "en", tmp_path)
    assert set(files.html) == {"en"} and not (tmp_path / "brief.nl.html").exists()
    assert "brief.nl.html" not in files.html["en"].read_text(encoding="utf-8")
    with pytest.raises(InputError, match="'fr'"):
        write_brief(example(), "fr", tmp_path)


def test_an_unknown_headline_shows_its_reason_on_the_page_and_in_the_pdf() -> None:
    made = ledger()
    old = made.entries.pop("nl.stock.months_needed")
    method = Method("m", "m", "Model", "m:m")
    made.computed(old.id, old.label, None, old.unit, method=method, inputs=old.inputs, note="no stock survey")
    found, _ = compose(example(ledger=made), "nl")
    text = page(found)
    card = text[text.index("Benodigde voorraad in maanden") :][:400]
    assert "onbekend" in card and "no stock survey" in card
    assert pdf(found).startswith(b"%PDF")


def test_missing_values_are_drawn_as_gaps_and_listed_as_unknown() -> None:
    (spec,) = [figure for figure in figures() if figure.kind is FigureKind.CONTEXT]
    (table,) = shown_tables(spec, "nl")
    assert ["onbekend" in row for row in table.rows].count(True) == 2
    assert not any(row[1].startswith("0") for row in table.rows)


def test_a_figure_with_other_columns_is_refused() -> None:
    (spec,) = [figure for figure in figures() if figure.kind is FigureKind.CONTEXT]
    frame = spec.tables["exports"].rename({"tonnes": "kg"})
    with pytest.raises(DataError, match="other columns"):
        FigureSpec("context", FigureKind.CONTEXT, {"exports": frame}, "2025", spec.source, spec.mark)
    with pytest.raises(DataError, match="needs the tables"):
        FigureSpec("context", FigureKind.CONTEXT, {"x": frame}, "2025", spec.source, spec.mark)


def test_a_figure_without_a_place_is_refused() -> None:
    odd = next(figure for figure in figures() if figure.kind is FigureKind.CONTEXT)
    extra = FigureSpec("elsewhere", odd.kind, odd.tables, odd.year, odd.source, odd.mark)
    with pytest.raises(DataError, match="different figures"):
        compose(example(figures=(*figures(), extra)), "nl")


def test_a_brief_without_figures_still_reads() -> None:
    found, _ = compose(example(figures=(), facts=facts() | {"example": False}), "en")
    text = page(found)
    assert "<figure" not in text and 'class="warn"' not in text
