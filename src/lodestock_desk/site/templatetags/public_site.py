"""Template words of the public site: its menu and the same page in the other language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from lodestock_desk.dossiers.shown import Piece
from lodestock_desk.site.language import in_other_language

register = template.Library()
_BOTH = ("/privacy/", "/licences/")  # also there without a language in the address
_NAMES = {"nl": "Nederlands", "en": "English"}


@dataclass(frozen=True, slots=True)
class Other:
    """The page in the other language."""

    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    label: str
    address: str
    here: bool


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> Other | None:
    """The same page in the other language; None where it is not there."""
    page, request = context.get("page"), context.get("request")
    code = "nl" if (get_language() or "nl").startswith("en") else "en"
    address = ""
    if isinstance(page, Page):
        translated = page.get_translations().live().filter(locale__language_code=code).first()
        address = translated.get_url(request) or "" if translated else ""
    elif request is not None:
        path = request.get_full_path()
        address = in_other_language(path) or (f"/{code}{path}" if path in _BOTH else "")
    return Other(code, _NAMES[code], address) if address else None


@register.simple_tag(takes_context=True)
def site_menu(context: dict[str, Any]) -> list[Entry]:
    """The menu of the public site."""
    code = "en" if (get_language() or "nl").startswith("en") else "nl"
    path = context["request"].path if "request" in context else ""
    found = [
        (_("Dossiers"), f"/{code}/dossiers/"), (_("Materials"), reverse("site:materials")),
        (_("Scenarios"), f"/{code}/scenarios/"), (_("Letters to the House"), reverse("pieces:list")),
        (_("How sure are we?"), reverse("site:sure")), (_("Glossary"), reverse("site:glossary")),
        (_("Search"), reverse("site:search")),
    ]  # fmt: skip
    return [Entry(label, address, path.startswith(address)) for label, address in found]


@register.simple_tag(takes_context=True)
def is_static(context: dict[str, Any]) -> bool:
    """Whether the page is being written to a file: then it offers no search, no log-in and no form."""
    request = context.get("request")
    return request is not None and "X-Static-Site" in request.headers


@register.simple_tag
def shown_piece(piece: Piece) -> SafeString:
    """The mark-up of one block of a page, made once for each content and language.

    The page itself is read anew for each visitor, so what was changed or withdrawn is another piece, or none. What is
    restricted is not kept.
    """
    plain = replace(piece, svg="")  # the page names the picture by its address
    if piece.restricted:
        return _marked_up(plain)
    return _kept(plain, get_language() or "nl")


def _marked_up(piece: Piece) -> SafeString:
    return get_template("site/piece.html").render({"piece": piece})


@lru_cache(maxsize=256)
def _kept(piece: Piece, lang: str) -> SafeString:
    """`lang`, which is the active one, belongs to what tells two of them apart."""
    return _marked_up(piece)
