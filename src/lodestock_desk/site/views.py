"""Public pages that are not edited in Wagtail: materials, how sure we are, data, glossary, search, and so on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lodestock.errors import UnknownNameError
from lodestock_desk.core.models import RetentionRule
from lodestock_desk.dossiers.access import public_dossiers, public_scenarios
from lodestock_desk.dossiers.pdf import pdf
from lodestock_desk.licences.models import DocumentClass
from lodestock_desk.licences.public import public_table
from lodestock_desk.site.about import about_material, list_materials
from lodestock_desk.site.data_page import tables
from lodestock_desk.site.glossary import words
from lodestock_desk.site.language import in_language, language_of
from lodestock_desk.site.marks import published_marks
from lodestock_desk.site.searching import find

WITH_TABLES = "with tables"  # the header X-Static-Site of a copy that holds the open data too


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people and companies, for how long, and what can and cannot be kept secret."""
    return render(request, "site/privacy.html", {"rules": RetentionRule.objects.order_by("kind")})


@require_safe
@in_language
def privacy_page(request: HttpRequest) -> HttpResponse:
    """The same page in the language of its address."""
    return privacy(request)


@require_safe
@in_language
def materials(request: HttpRequest) -> HttpResponse:
    """Every material in the vocabulary, with its dossier where there is one."""
    lang = language_of(request)
    return render(request, "site/materials.html", {"materials": list_materials(lang, public_dossiers(lang))})


@require_safe
@in_language
def material(request: HttpRequest, key: str) -> HttpResponse:
    """What is known of one material, and where to read on."""
    lang = language_of(request)
    try:
        about = about_material(key, lang, timezone.localdate())
    except UnknownNameError:
        raise Http404 from None
    context = {
        "about": about,
        "dossiers": public_dossiers(lang).filter(material__in=about.wider),
        "scenarios": public_scenarios(lang).filter(material__in=about.wider),
    }
    return render(request, "site/material.html", context)


@require_safe
@in_language
def sure(request: HttpRequest) -> HttpResponse:
    """How sure are we: ranges, models, evidence marks, and what the published numbers rest on."""
    lang = language_of(request)
    return render(request, f"site/sure.{lang}.html", {"marks": published_marks(lang)})


@require_safe
@in_language
def data(request: HttpRequest) -> HttpResponse:
    """Open data: tables, catalogue and API. A static copy says in its header whether the tables are in it."""
    lang, copy = language_of(request), request.headers.get("X-Static-Site", "")
    found = tables(lang) if copy in ("", WITH_TABLES) else ()
    context = {
        "given": [line for line in found if line.files], "not_given": [line for line in found if not line.files],
        "catalogue": bool(found), "static_site": bool(copy), "site": settings.WAGTAILADMIN_BASE_URL.rstrip("/"),
    }  # fmt: skip
    return render(request, f"site/data.{lang}.html", context)


@require_safe
@in_language
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the site, explained."""
    return render(request, "site/glossary.html", {"words": words(language_of(request))})


@require_safe
@in_language
def search(request: HttpRequest) -> HttpResponse:
    """Search in the public texts, the materials and the glossary; without words, a list of everything."""
    typed = "".join(sign if sign.isprintable() else " " for sign in request.GET.get("q", ""))
    asked = " ".join(typed.split())[:100]
    return render(request, "site/search.html", {"asked": asked, "hits": find(asked, language_of(request))})


@require_safe
@in_language
def licences(request: HttpRequest) -> HttpResponse:
    """What is being asked for licences and how long it takes: safe counts."""
    return render(request, "site/licences.html", {"public": public_table(), "classes": DocumentClass.choices})


@require_safe
@in_language
def dossier_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The public part of a dossier as a tagged PDF."""
    page = get_object_or_404(public_dossiers(language_of(request)), slug=slug)
    answer = HttpResponse(pdf(page), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slug}.{page.lang}.pdf"'
    return answer
