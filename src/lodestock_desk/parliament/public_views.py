"""Pages for anyone: published pieces with the public version of their nota, also when they were withdrawn later."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lodestock_desk.core import vocab
from lodestock_desk.parliament.access import public_pieces
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.views import as_file
from lodestock_desk.parliament.words import Part


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Published pieces, newest first."""
    page = Paginator(public_pieces(), 25).get_page(request.GET.get("page"))
    return render(request, "parliament/public_list.html", {"page": page})


@require_safe
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """A published piece and the public version of its nota."""
    piece = get_object_or_404(public_pieces(), pk=pk)
    found = [
        document(piece, version, vocab.lang(), public=True)
        for part in (Part.PIECE, Part.NOTA)
        if (version := piece.version(part))
    ]
    return render(request, "parliament/public_one.html", {"piece": piece, "documents": found})


@require_safe
def download(request: HttpRequest, pk: str, part: str, ending: str) -> HttpResponse:
    """The public version as PDF or DOCX."""
    piece = get_object_or_404(public_pieces(), pk=pk)
    version = piece.version(part)
    if version is None:
        raise Http404
    return as_file(piece, version, ending, request.GET.get("lang", vocab.lang()), public=True)
