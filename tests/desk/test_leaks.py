"""No word of a restricted block in any public output: secrets are planted at random and looked for everywhere."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.pdf import pdf
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import blocks_of, is_public
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.site.searching import find

from .dossier_maker import DAY, block, figure, page, random_dossier, second_table
from .people import client

ADDRESS = re.compile(r'(?:href|src)="(/[^"#]*)"')


def _pdf_text(page: DossierPage) -> str:
    raw = pdf(page)
    read = pypdf.PdfReader(io.BytesIO(raw))
    text = "".join(sheet.extract_text() for sheet in read.pages)
    return text.replace("\n", "") + str(read.metadata) + raw.decode("latin-1")


def _outputs(page: DossierPage, *, everywhere: bool) -> dict[str, str]:
    """Every public output in which the page has a part, by name; `everywhere`: every page that it links to, too."""
    browser = Client()
    html = browser.get(page.url).content.decode()
    out = {"page": html, "pdf": _pdf_text(page), "search index": page.public_text()}
    for address in sorted(set(ADDRESS.findall(html))):
        wanted = ("/results/", f"/{page.lang}/") if everywhere else ("/results/",)
        if address.startswith(wanted) and not address.endswith(".pdf"):
            answer = browser.get(address)
            assert answer.status_code == 200, address
            out[address] = answer.content.decode()
    for address in ("/api/v1/dossiers", f"/api/v1/dossiers/{page.slug}", "/api/v1/openapi.json"):
        answer = browser.get(address)  # where the API has them
        out[address] = answer.content.decode() if answer.status_code == 200 else ""
    out["feed"] = browser.get(f"/{page.lang}/feed.xml").content.decode()
    out["list"] = browser.get(f"/{page.lang}/dossiers/").content.decode()
    out["stored index"] = " ".join(f"{e.title} {e.body} {e.autocomplete}" for e in _index_entries(page))
    out["material"] = browser.get(f"/{page.lang}/materials/copper/").content.decode()
    return out


def _index_entries(page: DossierPage) -> list[IndexEntry]:
    """What the search index holds of the page, under whichever of its types."""
    found = list(IndexEntry.objects.filter(object_id=str(page.pk)))
    assert any(page.title in str(entry.title) + str(entry.body) for entry in found)
    return found


def _leaks(page: DossierPage, secrets: list[str], *, everywhere: bool) -> list[tuple[str, str]]:
    outputs = _outputs(page, everywhere=everywhere)
    return [(name, word) for name, text in outputs.items() for word in secrets if word in text]


def _served(address: str, *, everywhere: bool) -> bool:
    """Whether something answers at an address: through the whole site, or, quicker, by the view that it leads to."""
    if everywhere:
        return Client().get(address).status_code != 404
    found = resolve(address)
    try:
        return bool(found.func(RequestFactory().get(address), *found.args, **found.kwargs).status_code != 404)
    except Http404:
        return False


def _files_of_secrets(secrets: list[str], seed: int, *, everywhere: bool) -> list[str]:
    """Files of this dossier's results that only restricted blocks show are not served, at whatever address."""
    served = []
    for result in PublishedResult.objects.filter(name__startswith=f"r{seed}x").select_related("content"):
        held = str(result.content.words) + str([n.entry for n in result.content.numbers.all()])
        short = result.figure or "some.number"
        files = {t["file"] for t in result.content.tables if any(word in t["csv"] for word in secrets)}
        if any(word in held for word in secrets):
            files |= {f"{short}.csv", f"{short}.nl.svg", f"{short}.en.svg", f"{short}.manifest.json", f"{short}.json",
                      "manifest.json"}  # fmt: skip
        folder = f"/results/{result.name}/{result.day.isoformat()}"
        served += [f"{folder}/{file}" for file in files if _served(f"{folder}/{file}", everywhere=everywhere)]
    return served


def _searched(secrets: list[str], lang: str) -> list[str]:
    return [word for word in secrets if find(word, lang)]


def _check(seeds: range) -> tuple[int, int]:
    """Make these dossiers, look everywhere; answers how many secrets and how many public words there were."""
    hidden, told = 0, 0
    for seed in seeds:
        secrets: list[str] = []
        open_words: list[str] = []
        page = random_dossier(seed, secrets, open_words)
        assert _leaks(page, secrets, everywhere=seed % 10 == 0) == []
        assert _files_of_secrets(secrets, seed, everywhere=seed % 10 == 0) == []
        assert _searched(secrets[:2], page.lang) == []
        html = Client().get(page.url).content.decode()
        assert all(word in html for word in open_words)
        if seed % 5 == 0:
            _not_by_another_page(page)
            assert _files_of_secrets(secrets, seed, everywhere=False) == []
        hidden, told = hidden + len(secrets), told + len(open_words)
        Page.objects.get(pk=page.pk).delete()
    return hidden, told


def _not_by_another_page(held: DossierPage) -> None:
    """What this page holds back is not told by a page on which someone calls the same result public."""
    for section, raw in blocks_of(held.sections):
        value = raw["value"]
        shows = value.get("result") or any(number.get("result") for number in numbers_in(raw))
        if is_public(raw) or not shows:
            continue
        said = {"number": value.get("number"), "text": "<p>x {n}</p>", "numbers": value.get("numbers")}
        shown = {name: said[name] for name in said if name in value} | {
            name: value[name] for name in ("result", "day", "table") if name in value
        }
        other = page({section: [block(raw["type"], **shown)]}, title="Een ander", live=False)
        with pytest.raises(ValidationError):
            other.get_latest_revision().publish()
        Page.objects.get(pk=other.pk).delete()


def test_no_secret_of_fifty_random_dossiers_gets_out(db: None) -> None:
    hidden, told = _check(range(50))
    assert hidden > 150 and told > 150


def test_a_public_table_hands_out_no_other_table_and_no_picture_of_its_result(db: None) -> None:
    second_table(figure("some.fig"), "geheim")
    page({"producers": [block("table", result="some.fig", day=DAY, caption="", table="rows")]})
    browser, folder = Client(), f"/results/some.fig/{DAY}"
    assert browser.get(f"{folder}/fig.csv").status_code == 200
    for file in ("other.csv", "fig.nl.svg", "fig.en.picture.svg"):
        assert browser.get(f"{folder}/{file}").status_code == 404, file
    for address in ("/api/v1/figures/some.fig", "/api/v1/figures?pageSize=200"):
        told = browser.get(address).json()
        told = next(item for item in told.get("items", [told]) if item["id"] == "some.fig")
        assert [table["name"] for table in told["tables"]] == ["rows"] and told["pictures"] == {}


@pytest.mark.slow
def test_no_secret_of_a_thousand_random_dossiers_gets_out(db: None) -> None:
    hidden, told = _check(range(1000, 2000))
    assert hidden > 3000 and told > 3000


def test_someone_of_the_state_reads_the_secret_and_that_is_recorded(db: None) -> None:
    from lodestock_desk.core.models import AuditEntry

    secrets: list[str] = []
    page = next(p for p in (random_dossier(seed, secrets, []) for seed in range(9000, 9010)) if p.restricted)
    before = AuditEntry.objects.filter(verb="dossier.read").count()
    text = client("lijn.ez").get(f"/desk/dossiers/{page.translation_key}/{page.lang}/").content.decode()
    assert any(word in text for word in secrets)
    assert AuditEntry.objects.filter(verb="dossier.read").count() == before + 1


@pytest.mark.parametrize("who", ["beheer.ez", "servo", "loket.a", "lijn.ez"])
def test_the_editor_shows_restricted_blocks_to_nobody_without_the_role(db: None, who: str) -> None:
    """Not even to administrators, who are superusers in Wagtail: no editor, history, revision, draft or preview."""
    secrets: list[str] = []
    page = next(p for p in (random_dossier(seed, secrets, []) for seed in range(9100, 9110)) if p.restricted)
    browser, revision = client(who), page.latest_revision_id
    session = browser.session
    session["factor"] = True
    session.save()
    base = f"/cms/pages/{page.pk}"
    for address in (f"{base}/edit/", f"{base}/edit/preview/", f"{base}/view_draft/", f"{base}/history/",
                    f"{base}/revisions/{revision}/view/", f"{base}/revisions/{revision}/revert/",
                    f"{base}/revisions/compare/earliest...live/", f"{base}/copy/", f"{base}/"):  # fmt: skip
        text = browser.get(address, follow=True).content.decode()
        assert not any(word in text for word in secrets), address
