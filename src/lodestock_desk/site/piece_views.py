"""Pages of published letters and answers: their list, one with the public version of its nota, and their files."""

from __future__ import annotations

from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lodestock_desk.core import vocab
from lodestock_desk.parliament.access import public_pieces
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.text import LANGUAGES
from lodestock_desk.parliament.views import as_file
from lodestock_desk.parliament.words import Part
from lodestock_desk.site.language import in_language, language_of
from lodestock_desk.site.pieces import lines_of

ON_A_PAGE = 25


@require_safe
@in_language
def index(request: HttpRequest) -> HttpResponse:
    """Published pieces, newest first; a static copy, which cannot leaf through, has all of them on one page."""
    found = public_pieces()
    size = max(found.count(), 1) if "X-Static-Site" in request.headers else ON_A_PAGE
    page = Paginator(found, size).get_page(request.GET.get("page"))
    page.object_list = lines_of(list(page.object_list), language_of(request))
    return render(request, "site/pieces.html", {"page": page})


@require_safe
@in_language
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """A published piece and the public version of its nota."""
    piece, lang = get_object_or_404(public_pieces(), pk=pk), language_of(request)
    documents = [
        document(piece, version, lang, public=True)
        for part in (Part.PIECE, Part.NOTA)
        if (version := piece.version(part))
    ]
    context = {"piece": piece, "documents": documents, "other_tongue": any(d.lang != lang for d in documents)}
    return render(request, "site/piece_page.html", context)


@require_safe
@in_language
def download(request: HttpRequest, pk: str, part: str, ending: str) -> HttpResponse:
    """The public version as PDF or DOCX."""
    piece = get_object_or_404(public_pieces(), pk=pk)
    version = piece.version(part)
    if version is None:
        raise Http404
    return as_file(piece, version, ending, language_of(request), public=True)


@require_safe
def without_language(request: HttpRequest, rest: str) -> HttpResponse:
    """An address without a language, as it stands in older texts, leads to the page with what it asked for: in the
    language that it names, otherwise in that of the reader."""
    asked = request.GET.copy()
    named = asked.get("lang")
    if named in LANGUAGES:
        del asked["lang"]
    query = f"?{asked.urlencode()}" if asked else ""
    return HttpResponseRedirect(f"/{named if named in LANGUAGES else vocab.lang()}/pieces/{quote(rest)}{query}")
