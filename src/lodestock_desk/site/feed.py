"""The feed: what is new or changed of dossiers, scenario pages and letters, with the words about it that are public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.dossiers.access import public_dossiers, public_scenarios
from lodestock_desk.parliament.text import clean
from lodestock_desk.site.language import language_of
from lodestock_desk.site.pieces import published

MOST = 30


@dataclass(frozen=True, slots=True)
class News:
    """An entry of the feed; first and last: when it was published and when it last changed."""

    title: str
    text: str
    address: str
    first: datetime
    last: datetime


def news(lang: str) -> list[News]:
    """The newest entries in a language, newest first."""
    return sorted([*_pages(lang), *_pieces(lang)], key=lambda one: one.last, reverse=True)[:MOST]


def _pages(lang: str) -> Iterator[News]:
    for page in (*public_dossiers(lang), *public_scenarios(lang)):
        yield News(page.title, page.verdict, str(page.url), page.first_published_at, page.last_published_at)


def _pieces(lang: str) -> Iterator[News]:
    for line in published(lang):
        piece = line.piece
        title = _("Withdrawn: %(title)s") % {"title": line.title} if piece.withdrawn_on else line.title
        text = f"{line.about}: {piece.withdrawn_reason}" if piece.withdrawn_on else f"{line.about}. {line.begins}"
        last = _at(piece.withdrawn_on or piece.published_on)
        yield News(clean(title), clean(text), line.address, _at(piece.published_on), last)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


class DossierFeed(Feed):
    """Dossiers, scenario pages, letters and answers, newest first."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The language."""
        return language_of(request)

    def title(self, lang: str) -> str:
        """The name of the feed."""
        return _("Lodestock: dossiers and letters")

    def link(self, lang: str) -> str:
        """The site."""
        return f"/{lang}/"

    def feed_url(self, lang: str) -> str:
        """Where the feed itself is."""
        return reverse("site:feed")

    def description(self, lang: str) -> str:
        """What it holds."""
        return _("New and changed dossiers and scenarios, and letters and answers to the House.")

    def items(self, lang: str) -> list[News]:
        """The newest entries."""
        return news(lang)

    def item_title(self, item: News) -> str:
        """Its title."""
        return item.title

    def item_description(self, item: News) -> str:
        """What is said of it."""
        return item.text

    def item_link(self, item: News) -> str:
        """Its address."""
        return item.address

    def item_pubdate(self, item: News) -> datetime:
        """When it was first published."""
        return item.first

    def item_updateddate(self, item: News) -> datetime:
        """When it last changed."""
        return item.last
