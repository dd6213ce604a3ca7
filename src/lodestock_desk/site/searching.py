"""Search over what is public: live pages and published letters by their public text, materials, and the glossary."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Locale, Page

from lodestock_desk.core import vocab
from lodestock_desk.dossiers.models import DossierPage, LivePage, ScenarioPage
from lodestock_desk.site.glossary import words
from lodestock_desk.site.models import TextPage
from lodestock_desk.site.pieces import matching

MOST = 30


@dataclass(frozen=True, slots=True)
class Found:
    """One result: kind (page, piece, material, word), title, address, a line about it."""

    kind: str
    title: str
    address: str
    text: str


def find(asked: str, lang: str) -> list[Found]:
    """What matches, pages first; without words every page, material and word."""
    return [*_pages(asked, lang), *_pieces(asked, lang), *_materials(asked), *_words(asked, lang)]


def _pages(asked: str, lang: str) -> list[Found]:
    out: list[Found] = []
    locale = Locale.objects.get(language_code=lang)
    for model in (DossierPage, ScenarioPage, TextPage):
        live = model.objects.live().filter(locale=locale)
        pages = live.search(asked)[:MOST] if asked else live[:MOST]
        out += [Found("page", page.title, page.url or "", _about(page)) for page in pages]
    return out


def _about(page: Page) -> str:
    return page.verdict if isinstance(page, LivePage) else ""


def _pieces(asked: str, lang: str) -> list[Found]:
    """Letters and answers; one that was withdrawn says so."""
    found = matching(asked, lang)
    return [Found("piece", line.title, line.address, line.about) for line in (found[:MOST] if asked else found)]


def _materials(asked: str) -> list[Found]:
    if asked:
        hits = [(hit.id, hit.name) for hit in vocab.search(asked)]
    else:
        hits = vocab.choices()
    return [Found("material", name, reverse("site:material", args=[key]), "") for key, name in hits]


def _words(asked: str, lang: str) -> list[Found]:
    folded = asked.casefold()
    address = reverse("site:glossary")
    return [
        Found("word", word.name, f"{address}#{word.key}", word.text)
        for word in words(lang) if folded in word.name.casefold() or (folded and folded in word.text.casefold())
    ]  # fmt: skip
