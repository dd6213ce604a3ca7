"""What goes out: tagged PDF, DOCX, public version without what is restricted, safe file names."""

from __future__ import annotations

import io
import random
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as ReadDocx
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lodestock_desk.parliament import actions
from lodestock_desk.parliament.actions import Draft
from lodestock_desk.parliament.export import docx, pdf
from lodestock_desk.parliament.models import Piece, Version
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.text import Content, parse, public_part
from lodestock_desk.parliament.words import Part

from .people import actor

SECRET = "ONDERHANDELINGSRUIMTE"
NUMBER = {
    "value": 154.2, "unit": "t", "low": 32.0, "high": 410.0, "result": "run", "entry": "nl.shortage",
    "day": "2026-01-10", "label_nl": "tekort", "label_en": "shortage", "source_nl": "berekend", "source_en": "computed",
}  # fmt: skip
NL = f"""# Aanleiding

Het tekort is {{short}}.

- punt een
- punt twee

Vraag 1
Hoe zit het?

Antwoord 1
Zo zit het.

[woo 5.1.2.b: positie]
Wij hebben {SECRET} van {{price}}."""
EN = """# Reason

The shortage is {short}.

Question 1
How is it?

Answer 1
It is so."""


@pytest.fixture
def piece(db: None) -> Piece:
    ez = actor("beleid.ez")
    made = actions.start(ez, {"kind": "answers", "subject_nl": "Proef", "received_on": date(2025, 5, 20)})
    numbers = {"short": NUMBER, "price": NUMBER | {"value": 77.7, "low": None, "high": None}}
    about = {"addressees": ["de Voorzitter van de Tweede Kamer"],
             "annexes": [{"title": "Artikel", "kind": "press", "outlet": "Krant", "on": "2025-05-18"},
                         {"title": f"Memo {SECRET}", "ground": "5.1.2.b"}]}  # fmt: skip
    for part in Part:
        title = {"nl": "Antwoorden =1+1 <b>", "en": "Answers"}
        actions.write(ez, str(made.pk), part, Draft(title, {"nl": NL, "en": EN}, about, numbers=numbers))
    return made


def _version(piece: Piece, part: str = Part.PIECE) -> Version:
    return piece.version(part)


@pytest.mark.parametrize(("lang", "tag"), [("nl", "nl"), ("en", "en")])
def test_the_pdf_is_tagged_and_has_language_and_title(piece: Piece, lang: str, tag: str) -> None:
    raw = pdf(document(piece, _version(piece), lang, public=False))
    read = PdfReader(io.BytesIO(raw))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith(tag) and "/StructTreeRoot" in root
    assert "pdfuaid" in root["/Metadata"].get_data().decode("utf-8")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title == ("Answers" if lang == "en" else "Antwoorden =1+1 <b>")
    text = "".join(page.extract_text() for page in read.pages)
    assert ("150 tonnes" if lang == "en" else "150 ton") in text.replace("\u00a0", " ")
    assert pdf(document(piece, _version(piece), lang, public=False)) == raw


@pytest.mark.parametrize("part", list(Part))
def test_the_public_version_holds_nothing_restricted(piece: Piece, part: str) -> None:
    found = document(piece, _version(piece, part), "nl", public=True)
    printed = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf(found))).pages)
    typed = _text(docx(found))
    for text in (printed, typed, str(found)):
        assert SECRET not in text and "77" not in text
        assert "Woo 5.1, " in " ".join(text.split())
    inside = "".join(
        p.extract_text()
        for p in PdfReader(io.BytesIO(pdf(document(piece, _version(piece, part), "nl", public=False)))).pages
    )
    assert SECRET in inside


def _text(raw: bytes) -> str:
    file = ReadDocx(io.BytesIO(raw))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in file.paragraphs] + cells)


@pytest.mark.parametrize("part", list(Part))
def test_every_page_that_holds_restricted_passages_says_so(piece: Piece, part: str) -> None:
    version = _version(piece, part)
    for public in (False, True):
        found = document(piece, version, "nl", public=public)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(found))).pages]
        header = ReadDocx(io.BytesIO(docx(found))).sections[0].header.paragraphs[0].text
        for text in (*pages, header):
            assert ("passages die niet openbaar zijn" in " ".join(text.split())) is not public


def test_the_docx_has_headings_questions_lists_language_and_title(piece: Piece) -> None:
    file = ReadDocx(io.BytesIO(docx(document(piece, _version(piece), "nl", public=False))))
    styles = [(p.style.name, p.text) for p in file.paragraphs]
    assert ("Heading 1", "Aanleiding") in styles
    assert ("Heading 2", "Vraag 1") in styles and ("Heading 2", "Antwoord 1") in styles
    assert ("List Bullet", "punt een") in styles
    assert file.core_properties.title == "Antwoorden =1+1 <b>" and file.core_properties.language == "nl-NL"
    assert 'w:lang w:val="nl-NL"' in file.styles.element.xml
    assert "run, nl.shortage, 10\u00a0januari 2026" in _text(docx(document(piece, _version(piece), "nl", public=False)))


def test_the_nota_shows_its_route_and_annexes(piece: Piece) -> None:
    found = document(piece, _version(piece, Part.NOTA), "nl", public=False)
    assert found.annexes[0].replace("\u00a0", " ") == "Artikel, krantenartikel, Krant, 18 mei 2025"
    assert found.kind == "Nota" and not found.senders


GROUNDS = st.sampled_from(["5.1.1.c", "5.1.2.b", "5.2"])
HEADS = st.sampled_from(["", "# ", "- ", "Vraag 1\n", "Antwoord 2\n"])
BLOCKS = st.lists(st.tuples(HEADS, st.booleans(), GROUNDS), max_size=8)


def _planted(blocks: list[tuple[str, bool, str]]) -> tuple[str, list[str], list[str]]:
    """A text with a secret in each restricted block and an open word in each other one."""
    writing, secrets, shown = [], [], []
    for place, (head, hidden, ground) in enumerate(blocks):
        word = f"{'Geheim' if hidden else 'Open'}{chr(97 + place)}woord"
        (secrets if hidden else shown).append(word)
        mark = f"[woo {ground}: Geheimreden{chr(97 + place)}]\n" if hidden else ""
        secrets += [f"Geheimreden{chr(97 + place)}"] if hidden else []
        writing.append(f"{mark}{head}{word} en meer.")
    return "\n\n".join(writing), secrets, shown


@settings(max_examples=200, deadline=None)
@given(BLOCKS)
def test_no_planted_secret_is_in_the_public_part(blocks: list[tuple[str, bool, str]]) -> None:
    writing, secrets, shown = _planted(blocks)
    content = Content({"nl": "t", "en": "t"}, {"nl": parse(writing), "en": ()})
    kept = str(public_part(content).as_dict())
    assert not [secret for secret in secrets if secret in kept]
    assert all(word in kept for word in shown)


@pytest.mark.slow
def test_no_planted_secret_is_in_any_public_file_page_or_list(piece: Piece) -> None:
    """50 random texts, each looked for in PDF, DOCX, page, list and public download; seed fixed."""
    ez, chance = actor("beleid.ez"), random.Random(20260101)
    Piece.objects.filter(pk=piece.pk).update(published_on=date(2026, 1, 1))
    heads = ("", "# ", "- ", "Vraag 1\n", "Antwoord 2\n")
    for turn in range(50):
        blocks = [(chance.choice(heads), chance.random() < 0.5, "5.1.2.b") for _ in range(chance.randint(1, 8))]
        writing, secrets, _shown = _planted(blocks)
        for part in Part:
            text = {"nl": f"{writing}\n\nDeel {turn} van {part}.", "en": ""}
            actions.write(ez, str(piece.pk), part, Draft({"nl": "Titel", "en": "Title"}, text, {}))
        outputs = [Client().get(reverse(name, args=more)).content.decode() for name, more in
                   (("pieces:one", [piece.pk]), ("pieces:list", []))]  # fmt: skip
        for part in Part:
            raw = Client().get(reverse(f"pieces:{part}_pdf", args=[piece.pk])).content
            outputs.append("".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages))
            outputs.append(_text(Client().get(reverse(f"pieces:{part}_docx", args=[piece.pk])).content))
        assert not [secret for secret in secrets for output in outputs if secret in output], turn
