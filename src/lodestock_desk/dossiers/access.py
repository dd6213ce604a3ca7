"""Who sees which results and pages."""

from __future__ import annotations

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.dossiers.models import DossierPage, ScenarioPage
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult


def visible_results(actor: Actor) -> QuerySet[PublishedResult]:
    """The stored results: for everyone who works for the state."""
    results = PublishedResult.objects.select_related("content")
    return results if actor.may("dossier.see") else results.none()


def visible_dossiers(actor: Actor) -> QuerySet[DossierPage]:
    """Dossiers with their restricted blocks: for everyone who works for the state."""
    pages = DossierPage.objects.select_related("locale").order_by("material", "locale__language_code")
    return pages if actor.may("dossier.see") else pages.none()


def public_dossiers(lang: str) -> QuerySet[DossierPage]:
    """The dossiers that are live in a language; what is shown of them is their public part."""
    return DossierPage.objects.live().filter(locale__language_code=lang).select_related("locale")


def public_scenarios(lang: str) -> QuerySet[ScenarioPage]:
    """The scenario pages that are live in a language."""
    return ScenarioPage.objects.live().filter(locale__language_code=lang).select_related("locale")


def public_files(name: str, day: object) -> QuerySet[KeptResult]:
    """What public blocks of live pages show of a result; only from this are files served to everyone."""
    return KeptResult.objects.filter(name=name, day=day, public=True, page__live=True).select_related("content")
