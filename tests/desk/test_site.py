"""The public site: every page in both languages, search, feed, and all of it as files without a dead link."""

from __future__ import annotations

import posixpath
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.blocks import StreamValue

from lodestock.errors import DataError, InputError
from lodestock_desk.api.open_data import write_open_data
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.site import static_site
from lodestock_desk.site.glossary import FILE, words
from lodestock_desk.site.static_site import publish_static
from lodestock_desk.site.templatetags import public_site

from .dossier_maker import DAY, block, figure, page, random_dossier
from .people import client

PAGES = (
    "", "dossiers/", "scenarios/", "scenarios/china-heavy-rare-earths-2025/", "materials/", "materials/copper/",
    "materials/dysprosium/", "materials/heavy-rare-earths/", "sure/", "data/", "glossary/", "search/", "licences/",
    "privacy/", "pieces/",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_in_its_own_language_without_script_or_cookie(db: None, lang: str, path: str) -> None:
    answer = Client(HTTP_ACCEPT_LANGUAGE="fr").get(f"/{lang}/{path}")
    html = answer.content.decode()
    assert answer.status_code == 200 and f'<html lang="{lang}">' in html
    assert "<script" not in html and not answer.cookies
    assert ("Begrippen" in html) == (lang == "nl")


@pytest.mark.parametrize("path", PAGES[1:])
def test_each_page_links_to_itself_in_the_other_language(db: None, path: str) -> None:
    assert f'href="/en/{path}"' in Client().get(f"/nl/{path}").content.decode()


def test_a_dossier_links_to_its_translation(db: None) -> None:
    assert 'href="/en/dossiers/copper/"' in Client().get("/nl/dossiers/koper/").content.decode()


def test_a_material_that_is_not_known_is_not_there(db: None) -> None:
    assert Client().get("/nl/materials/unobtainium/").status_code == 404


def test_search_finds_pages_materials_and_words(db: None) -> None:
    html = Client().get("/nl/search/", {"q": "koper"}).content.decode()
    assert "/nl/dossiers/koper/" in html and "/nl/materials/copper/" in html
    assert "#lead-time" in Client().get("/nl/search/", {"q": "doorlooptijd"}).content.decode()
    assert "Niets gevonden" in Client().get("/nl/search/", {"q": "qwxqwx"}).content.decode()


def test_what_was_typed_in_search_is_shown_as_text(db: None) -> None:
    html = Client().get("/nl/search/", {"q": "<b>x</b>\x00"}).content.decode()
    assert "<b>x</b>" not in html


def test_a_draft_is_in_no_list_feed_or_search(db: None) -> None:
    made = page({"summary": [block("text", text="<p>conceptwoord</p>", numbers=[])]}, title="Conceptpagina", live=False)
    for address in ("/nl/dossiers/", "/nl/feed.xml", "/nl/search/?q=conceptwoord", "/nl/materials/copper/", "/nl/"):
        html = Client().get(address).content.decode()
        assert "Conceptpagina" not in html and made.slug not in html, address
    assert Client().get(made.url or f"/nl/dossiers/{made.slug}/").status_code == 404
    assert Client().get(f"/nl/dossiers/{made.slug}/dossier.pdf").status_code == 404


def test_the_feed_is_a_feed_with_the_dossiers_of_its_language(db: None) -> None:
    tree = ElementTree.fromstring(Client().get("/en/feed.xml").content)
    titles = [item.findtext("title") for item in tree.iter("item")]
    assert "Copper" in titles and "Koper" not in titles


def test_the_glossary_says_everything_in_both_languages() -> None:
    assert {w.key for w in words("nl")} == {w.key for w in words("en")} and len(words("nl")) >= 20
    assert all(w.text.endswith((".", "”")) for lang in ("nl", "en") for w in words(lang))
    assert FILE.is_file()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [value for name in ("href", "src", "action") if (value := found.get(name))]
        if found.get("id"):
            self.ids.add(str(found["id"]))


def _read(path: Path) -> _Links:
    read = _Links()
    read.feed(path.read_text(encoding="utf-8"))
    return read


def _dead_links(folder: Path) -> Iterator[str]:
    """Every link of every page that leads to no file, or to a place that its page does not have."""
    pages = {file: _read(file) for file in folder.rglob("*.html")}
    for file, read in pages.items():
        here = file.relative_to(folder).parent.as_posix()
        for link in read.links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            to = folder / posixpath.normpath(posixpath.join(here, unquote(parts.path))) if parts.path else file
            if (
                link.startswith("/")
                or not to.is_file()
                or not to.resolve().is_relative_to(folder.resolve())
                or (parts.fragment and to in pages and parts.fragment not in pages[to].ids)
            ):
                yield f"{file.name}: {link}"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_leads_to_the_open_data_and_from_there_to_catalogue_api_and_files(
    db: None, store_home: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(store_home))
    assert f'href="/{lang}/data/"' in Client().get(f"/{lang}/").content.decode()
    html = Client().get(f"/{lang}/data/").content.decode()
    found = ("/api/v1/", "/api/v1/openapi.json", "/api/v1/catalog", "/api/v1/catalog?format=ttl",
             "/api/v1/tables/trade/files/trade.csv", "/api/v1/tables/indicators/files/indicators.sdmx.csv")  # fmt: skip
    assert [address for address in found if f'href="{address}"' not in html] == []
    refused = "Bedrijfstakken van de input-outputtabel" if lang == "nl" else "Industries of the input-output table"
    assert refused in html and "/files/io_industry" not in html


def test_without_a_store_the_page_of_open_data_says_so(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path))
    html = Client().get("/nl/data/").content.decode()
    assert "nog niet gebouwd" in html and "/files/" not in html and "/api/v1/openapi.json" in html


@pytest.mark.slow
def test_a_copy_with_the_tables_links_to_them_and_one_without_does_not(
    db: None, store_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(store_home))
    done = publish_static(tmp_path / "with", tables=write_open_data)
    assert not done.no_tables and list(_dead_links(tmp_path / "with")) == []
    page = (tmp_path / "with" / "nl" / "data" / "index.html").read_text(encoding="utf-8")
    for file in ("catalog.jsonld", "catalog.ttl", "tables/trade/files/trade.csv"):
        assert f'href="../../api/v1/{file}"' in page and (tmp_path / "with" / "api" / "v1" / file).is_file()
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path / "nothing"))
    done = publish_static(tmp_path / "without", tables=write_open_data)
    assert "data build" in done.no_tables and list(_dead_links(tmp_path / "without")) == []
    assert not (tmp_path / "without" / "api").exists()


@pytest.mark.slow
def test_the_whole_site_as_files_has_no_dead_link_and_no_secret(db: None, tmp_path: Path) -> None:
    secrets: list[str] = []
    open_words: list[str] = []
    for seed in range(500, 503):
        random_dossier(seed, secrets, open_words)
    figure("gone.fig", note="weggehaald")
    gone = page({"producers": [block("figure", result="gone.fig", day=DAY, caption="")]})
    done = publish_static(tmp_path / "site")
    folder = tmp_path / "site"
    assert list(_dead_links(folder)) == [] and done.pages > 200
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert secrets and not [word for word in secrets if word.encode() in everything]
    assert open_words and all(word.encode() in everything for word in open_words)
    assert (folder / "nl" / "dossiers" / gone.slug / "index.html").is_file()
    for file in ("nl/feed.xml", "en/feed.xml", "nl/dossiers/koper/dossier.pdf", "nl/search/index.html",
                 "static/desk/site.css", "index.html"):  # fmt: skip
        assert (folder / file).is_file(), file
    assert list(folder.rglob("*.csv")) and list(folder.rglob("*.manifest.json"))
    assert "verzonnen" not in everything.decode("utf-8", "ignore").split("</html>")[0]
    assert "/desk/signals" not in everything.decode("utf-8", "ignore")
    publish_static(folder)  # its own earlier copy may be written over


def _only(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let a copy begin, and end, at these addresses: links are not followed."""
    monkeypatch.setattr(static_site, "STARTS", addresses)
    monkeypatch.setattr(static_site, "_unlinked", tuple)
    monkeypatch.setattr(static_site, "_relative", lambda site, path, html: html)


def test_where_writing_stops_the_earlier_copy_stays_whole(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    _only(monkeypatch, "/nl/glossary/", "/en/glossary/")
    publish_static(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert folder / "nl" / "glossary" / "index.html" in before
    _only(monkeypatch, "/nl/glossary/", "/nl/materials/unobtainium/")
    with pytest.raises(DataError, match="leads nowhere"):
        publish_static(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_new_copy_removes_the_pages_of_the_earlier_one_and_nothing_else(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    _only(monkeypatch, "/nl/glossary/", "/en/glossary/")
    publish_static(folder)
    (folder / "CNAME").write_text("voorbeeld.example", encoding="utf-8")
    (folder / ".git" / "refs" / "tags").mkdir(parents=True)
    with (folder / static_site.MARK).open("a", encoding="utf-8") as handle:
        handle.write("../other.txt\n")
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    _only(monkeypatch, "/nl/glossary/")
    publish_static(folder)
    assert (folder / "CNAME").exists() and (folder / ".git" / "refs" / "tags").is_dir()
    assert (tmp_path / "other.txt").exists()
    assert (folder / "nl" / "glossary" / "index.html").exists() and not (folder / "en").exists()


def test_a_file_in_the_way_is_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="in the way"):
        publish_static(tmp_path / "file")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("publish_static", str(tmp_path / "file" / "below"))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_folder_with_something_else_in_it_is_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        publish_static(tmp_path)
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.slow
def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    command = [sys.executable, "-m", "lodestock.cli", "publish", "--static", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "not written" in done.stderr and "something else" in done.stderr


def test_every_dossier_of_the_site_is_public_only(db: None) -> None:
    """The example's restricted block is in the dossier of the magnets, and on none of its public pages."""
    for made in DossierPage.objects.live().filter(material="rare-earth-magnets"):
        assert made.restricted
        html = Client().get(made.url).content.decode()
        assert "verzonnen" not in html and "invented" not in html


def _rewritten(made: DossierPage, blocks: list[Any]) -> None:
    """Publish the page with other blocks in its summary."""
    fresh = DossierPage.objects.get(pk=made.pk)
    raw = [{"type": part["type"], "value": blocks if part["type"] == "summary" else [], "id": part["id"]}
           for part in fresh.body.raw_data]  # fmt: skip
    fresh.body = StreamValue(fresh.body.stream_block, raw, is_lazy=True)
    fresh.save_revision().publish()


def test_what_is_changed_restricted_or_withdrawn_is_so_at_the_next_visit(db: None) -> None:
    """Marked-up blocks are kept for the next visitor; a page never shows one that it no longer holds."""
    figure("kort.fig", note="bijdefiguur")
    held = block("figure", result="kort.fig", day=DAY, caption="")
    first = block("text", text="<p>eerste woord</p>", numbers=[])
    made = page({"summary": [first, held]})

    def seen() -> str:
        return Client().get(made.url).content.decode()

    assert seen() == seen() and "eerste woord" in seen() and "titel bijdefiguur" in seen()
    changed = first | {"value": first["value"] | {"text": "<p>tweede woord</p>"}}
    _rewritten(made, [changed, held])
    assert "tweede woord" in seen() and "eerste woord" not in seen()
    PublishedResult.objects.filter(name="kort.fig").delete()
    assert "Dit resultaat is ingetrokken" in seen() and "titel bijdefiguur" in seen()
    hidden = changed | {"value": changed["value"] | {"access": "restricted", "ground": "5.1.2.b"}}
    _rewritten(made, [hidden])
    assert "tweede woord" not in seen() and "titel bijdefiguur" not in seen()
    kept = public_site._kept.cache_info().currsize
    assert "tweede woord" in client("lijn.ez").get(f"/desk/dossiers/{made.translation_key}/nl/").content.decode()
    assert public_site._kept.cache_info().currsize == kept  # what is restricted is not kept
    DossierPage.objects.get(pk=made.pk).unpublish()
    assert Client().get(made.url).status_code == 404
