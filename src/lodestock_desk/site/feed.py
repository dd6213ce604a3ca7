"""The feed of dossiers: what is new, with the one sentence that is public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lodestock_desk.dossiers.access import public_dossiers, public_scenarios
from lodestock_desk.dossiers.models import LivePage
from lodestock_desk.site.language import language_of


class DossierFeed(Feed):
    """Dossiers and scenario pages, newest first."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The language."""
        return language_of(request)

    def title(self, lang: str) -> str:
        """The name of the feed."""
        return _("Lodestock: dossiers")

    def link(self, lang: str) -> str:
        """The site."""
        return f"/{lang}/"

    def feed_url(self, lang: str) -> str:
        """Where the feed itself is."""
        return reverse("site:feed")

    def description(self, lang: str) -> str:
        """What it holds."""
        return _("New and changed dossiers and scenarios.")

    def items(self, lang: str) -> list[LivePage]:
        """The newest thirty."""
        pages = [*public_dossiers(lang), *public_scenarios(lang)]
        return sorted(pages, key=lambda page: page.last_published_at, reverse=True)[:30]

    def item_title(self, item: LivePage) -> str:
        """Its title."""
        return item.title

    def item_description(self, item: LivePage) -> str:
        """Its one public sentence."""
        return item.verdict

    def item_link(self, item: LivePage) -> str:
        """Its address."""
        return str(item.url)

    def item_pubdate(self, item: LivePage) -> datetime:
        """When it was first published."""
        return item.first_published_at

    def item_updateddate(self, item: LivePage) -> datetime:
        """When it was last published."""
        return item.last_published_at
