"""The pages that ship: the lists of dossiers and scenarios, and two dossiers, made once in Dutch and English."""

from __future__ import annotations

from wagtail.models import Locale, Page

from lodestock_desk.dossiers.editors import allow_on
from lodestock_desk.dossiers.models import DossierIndexPage, ScenarioIndexPage

_TITLES = {
    DossierIndexPage: ("dossiers", {"nl": "Dossiers", "en": "Dossiers"}),
    ScenarioIndexPage: ("scenarios", {"nl": "Scenario's", "en": "Scenarios"}),
}


def home(lang: str) -> Page | None:
    """The home page in a language."""
    return Page.objects.filter(depth=2, locale__language_code=lang).first()


def make_indexes() -> None:
    """Make the two lists under each home page, and let those who write dossiers work under them."""
    for model, (slug, titles) in _TITLES.items():
        made: dict[str, Page] = {}
        for lang, title in titles.items():
            parent = home(lang)
            if parent is None or model.objects.child_of(parent).exists():
                continue
            page = model(title=title, slug=slug, locale=Locale.objects.get(language_code=lang), show_in_menus=True)
            if made:
                page.translation_key = next(iter(made.values())).translation_key
            made[lang] = parent.add_child(instance=page)
            allow_on(page)


def make_dossiers() -> None:
    """Nothing yet."""
