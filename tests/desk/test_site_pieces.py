"""Published letters on the site, in search, feed, API and static files: the public version only, withdrawn at once."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from lodestock_desk.parliament import actions
from lodestock_desk.parliament.actions import Draft
from lodestock_desk.parliament.models import Piece
from lodestock_desk.site.pieces import lines_of, matching, published
from lodestock_desk.site.searching import find
from lodestock_desk.site.static_site import publish_static

from .people import actor

HEADS = ("", "# ", "- ", "Vraag 1\n", "Antwoord 2\n")
NUMBER = {"value": 154.2, "unit": "t", "low": None, "high": None, "result": "run", "entry": "nl.shortage",
          "day": "2026-01-10", "source_nl": "berekend", "source_en": "computed"}  # fmt: skip


def letter(seed: int, secrets: list[str], told: list[str], *, live: bool = True) -> Piece:
    """A letter with random blocks; each restricted block, annex and number of them holds a secret of its own."""
    rng, ez = random.Random(seed), actor("beleid.ez")
    made = actions.start(ez, {"kind": "letter", "subject_nl": f"Brief {seed}", "subject_en": f"Letter {seed}"})
    for part in ("nota", "piece"):
        texts, numbers = {}, {}
        for lang in ("nl", "en"):
            chunks = []
            for place in range(rng.randint(3, 8)):
                hidden = place == 0 or rng.random() < 0.5
                word = f"{'geheim' if hidden else 'open'}{seed}{part}-{lang}-{place}x{rng.getrandbits(48):012x}"
                (secrets if hidden else told).append(word)
                mark = f"[woo 5.1.2.b: reden {word}]\n" if hidden else ""
                name = f"n{lang}{place}"
                numbers[name] = NUMBER | {"label_nl": word, "label_en": word}
                chunks.append(f"{mark}{rng.choice(HEADS)}{word} met {{{name}}}.")
            texts[lang] = "\n\n".join(chunks)
        hidden = f"geheim{seed}{part}bijlage"
        secrets.append(hidden)
        about = (
            {"annexes": [{"title": hidden, "ground": "5.1.2.b"}, {"title": "Open bijlage"}]} if part == "nota" else {}
        )
        title = {"nl": f"Titel {seed}", "en": f"Title {seed}"}
        actions.write(ez, str(made.pk), part, Draft(title, texts, about, numbers=numbers))
    state = "published" if live else "sent"
    day = date(2026, 3, 2)
    Piece.objects.filter(pk=made.pk).update(state=state, sent_on=day, published_on=day if live else None)
    return Piece.objects.get(pk=made.pk)


def _files(piece: Piece, lang: str) -> Iterator[tuple[str, str]]:
    """What the PDF and DOCX of nota and piece say."""
    for part in ("nota", "piece"):
        raw = Client().get(f"/{lang}/pieces/{piece.pk}/{part}.pdf").content
        yield f"{part}.pdf", "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).replace("\n", "")
        read = docx.Document(io.BytesIO(Client().get(f"/{lang}/pieces/{piece.pk}/{part}.docx").content))
        cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
        yield f"{part}.docx", "\n".join([p.text for p in read.paragraphs] + cells)


def _outputs(piece: Piece, lang: str) -> dict[str, str]:
    """Every public output that a letter has a part in, but its files."""
    addresses = (f"/{lang}/pieces/", f"/{lang}/pieces/{piece.pk}/", f"/{lang}/feed.xml", f"/{lang}/search/",
                 f"/api/v1/pieces?lang={lang}&pageSize=200", f"/api/v1/pieces/{piece.pk}?lang={lang}")  # fmt: skip
    found = {}
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
    found["index"] = " ".join(line.words + line.begins for line in published(lang))
    return found


def test_no_secret_of_random_letters_is_in_any_public_output(db: None) -> None:
    hidden = shown = 0
    for seed in range(3):
        secrets: list[str] = []
        told: list[str] = []
        piece = letter(seed, secrets, told)
        for lang in ("nl", "en"):
            outputs = _outputs(piece, lang)
            if seed == 0:
                outputs |= dict(_files(piece, lang))
            leaks = [(name, word) for name, text in outputs.items() for word in secrets if word in text]
            assert leaks == []
            mine = [word for word in told if f"-{lang}-" in word]
            page, answer = outputs[f"/{lang}/pieces/{piece.pk}/"], outputs[f"/api/v1/pieces/{piece.pk}?lang={lang}"]
            assert all(word in page and word in answer for word in mine)
            assert not [word for word in secrets[:3] if find(word, lang)]
            assert all(str(piece.pk) in line.address for word in mine[:2] for line in matching(word, lang))
            assert not mine or matching(mine[0], lang)
        hidden, shown = hidden + len(secrets), shown + len(told)
    assert hidden > 30 and shown > 15


def test_a_letter_that_is_not_published_is_in_no_list_search_feed_or_api(db: None) -> None:
    secrets: list[str] = []
    told: list[str] = []
    piece = letter(1, secrets, told, live=False)
    for lang in ("nl", "en"):
        for address in (f"/{lang}/pieces/{piece.pk}/", f"/{lang}/pieces/{piece.pk}/nota.pdf",
                        f"/api/v1/pieces/{piece.pk}"):  # fmt: skip
            assert Client().get(address).status_code == 404, address
        for address in (f"/{lang}/pieces/", f"/{lang}/feed.xml", f"/{lang}/search/", "/api/v1/pieces?pageSize=200"):
            text = Client().get(address).content.decode()
            assert str(piece.pk) not in text and "Brief 1" not in text and "Letter 1" not in text, address
        assert not [word for word in told if find(word, lang)]


def test_search_finds_a_letter_by_its_words_without_capitals_or_accents(db: None) -> None:
    piece = letter(2, [], told := [])
    word = next(one for one in told if "-nl-" in one)
    for asked in (word.upper(), f"  {word}  brief "):
        assert [hit.address for hit in find(asked, "nl") if hit.kind == "piece"] == [f"/nl/pieces/{piece.pk}/"]
    html = Client().get("/nl/search/", {"q": word}).content.decode()
    assert f'href="/nl/pieces/{piece.pk}/"' in html and "Brief 2" in html and "brief of antwoorden" in html
    assert not [hit for hit in find(f"{word} wordtnietgevonden", "nl") if hit.kind == "piece"]


def test_a_withdrawn_letter_says_so_at_once_everywhere(db: None) -> None:
    piece = letter(3, [], [])
    before = Client().get("/nl/feed.xml").content.decode()
    assert (
        "Brief 3" in before
        and "Ingetrokken: Brief 3" not in before
        and "ingetrokken" not in _outputs(piece, "nl")["index"]
    )
    Piece.objects.filter(pk=piece.pk).update(
        state="withdrawn", withdrawn_on=date(2026, 4, 1), withdrawn_reason="Vervangen door een nieuwe brief"
    )
    found = _outputs(piece, "nl")
    assert "Ingetrokken: Brief 3" in found["/nl/feed.xml"]
    assert "Vervangen door een nieuwe brief" in found[f"/nl/pieces/{piece.pk}/"]
    assert "ingetrokken" in found["/nl/pieces/"] and "ingetrokken" in found["/nl/search/"]
    told = json.loads(found[f"/api/v1/pieces/{piece.pk}?lang=nl"])
    assert (told["withdrawnOn"], told["withdrawnReason"]) == ("2026-04-01", "Vervangen door een nieuwe brief")


def test_an_old_address_without_a_language_leads_to_the_page(db: None) -> None:
    piece = letter(4, [], [])
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get(f"/pieces/{piece.pk}/")
    assert (answer.status_code, answer.url) == (302, f"/en/pieces/{piece.pk}/")
    page = Client().get(answer.url).content.decode()
    assert "Letter 4" in page and f'href="/nl/pieces/{piece.pk}/"' in page and '<html lang="en">' in page


def test_an_old_address_keeps_what_it_asked_for_and_the_language_that_it_names(db: None) -> None:
    piece = letter(4, [], [])
    browser = Client(HTTP_ACCEPT_LANGUAGE="nl")
    for asked, told in (
        (f"{piece.pk}/?lang=en", f"/en/pieces/{piece.pk}/"), ("?page=2&lang=en", "/en/pieces/?page=2"),
        ("?page=2", "/nl/pieces/?page=2"), (f"{piece.pk}/?lang=fr", f"/nl/pieces/{piece.pk}/?lang=fr"),
        (f"{piece.pk}/nota.pdf?lang=en", f"/en/pieces/{piece.pk}/nota.pdf"),
    ):  # fmt: skip
        assert browser.get(f"/pieces/{asked}").url == told
    assert "Letter 4" in browser.get(f"/pieces/{piece.pk}/?lang=en", follow=True).content.decode()


def test_the_list_reads_only_the_newest_versions_of_what_it_shows(db: None) -> None:
    """As many queries for four letters with two versions each as for one with one."""
    ez = actor("beleid.ez")

    def asked(number: int, versions: int) -> int:
        made = []
        for place in range(number):
            piece = actions.start(ez, {"kind": "letter", "subject_nl": f"Brief nummer {place}"})
            for version in range(versions):
                draft = Draft({"nl": "Titel", "en": ""}, {"nl": f"Dit is versie {version}.", "en": ""}, {})
                actions.write(ez, str(piece.pk), "piece", draft)
            Piece.objects.filter(pk=piece.pk).update(published_on=date(2026, 1, 1), state="published")
            made.append(Piece.objects.get(pk=piece.pk))
        with CaptureQueriesContext(connection) as queries:
            lines = lines_of(made, "nl")
        assert [line.begins for line in lines] == [f"Dit is versie {versions - 1}."] * number
        assert sum("content" in query["sql"] and "version" in query["sql"] for query in queries) <= 2
        with CaptureQueriesContext(connection) as again:
            lines_of(made, "nl")
        assert not any('"content"' in query["sql"] for query in again)  # what was read is kept
        return len(queries)

    assert 0 < asked(1, 1) == asked(4, 2)


def test_a_letter_without_english_text_says_so(db: None) -> None:
    ez = actor("beleid.ez")
    made = actions.start(ez, {"kind": "letter", "subject_nl": "Alleen Nederlands"})
    actions.write(ez, str(made.pk), "piece", Draft({"nl": "Titel", "en": ""}, {"nl": "Het is zo.", "en": ""}, {}))
    Piece.objects.filter(pk=made.pk).update(published_on=date(2026, 1, 1), state="published")
    page = Client().get(f"/en/pieces/{made.pk}/").content.decode()
    assert "no text in this language" in page and 'lang="nl"' in page and "Het is zo." in page
    assert "no text" not in Client().get(f"/nl/pieces/{made.pk}/").content.decode()
    assert Client().get(f"/en/pieces/{made.pk}/nota.pdf").status_code == 404


def test_many_letters_are_leafed_through_and_stand_on_one_page_in_a_copy(db: None) -> None:
    ez = actor("beleid.ez")
    for number in range(30):
        made = actions.start(ez, {"kind": "letter", "subject_nl": f"Brief nummer {number}"})
        Piece.objects.filter(pk=made.pk).update(published_on=date(2026, 1, 1), state="published")
    first = Client().get("/nl/pieces/").content.decode()
    assert "?page=2" in first and first.count("<li><h2>") == 25
    copy = Client(HTTP_X_STATIC_SITE="yes").get("/nl/pieces/").content.decode()
    assert "?page=" not in copy and copy.count("Brief nummer") == 30


@pytest.mark.slow
def test_the_static_site_holds_letters_without_their_secrets(db: None, tmp_path: Path) -> None:
    secrets: list[str] = []
    told: list[str] = []
    piece = letter(5, secrets, told)
    publish_static(tmp_path / "site")
    folder = tmp_path / "site"
    for lang in ("nl", "en"):
        assert (folder / lang / "pieces" / str(piece.pk) / "index.html").is_file()
        assert {path.name for path in (folder / lang / "pieces" / str(piece.pk)).iterdir()} == {
            "index.html", "nota.pdf", "nota.docx", "piece.pdf", "piece.docx",
        }  # fmt: skip
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert secrets and not [word for word in secrets if word.encode() in everything]
    assert told and all(word.encode() in everything for word in told)
