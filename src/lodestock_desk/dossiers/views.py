"""Dossiers in the desk: with their restricted blocks, the stored results, and what newer results say."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.dossiers import actions
from lodestock_desk.dossiers.access import public_files, visible_dossiers, visible_results
from lodestock_desk.dossiers.files import kept_file, result_file
from lodestock_desk.dossiers.models import DossierIndexPage
from lodestock_desk.dossiers.newer import count_offers, offers
from lodestock_desk.dossiers.refusals import last_refusals
from lodestock_desk.dossiers.results import differences
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.dossiers.told import in_words


@require_safe
@needs("dossier.see")
def index(request: HttpRequest) -> HttpResponse:
    """The dossiers, in both languages, with what waits for a choice."""
    pages = list(visible_dossiers(request.actor))
    refused = last_refusals(pages)
    rows = [{"page": page, "restricted": page.restricted, "newer": count_offers(page), "refused": refused.get(page.pk)}
            for page in pages]  # fmt: skip
    index = DossierIndexPage.objects.filter(locale__language_code=vocab.lang()).first()
    context = {"rows": rows, "index": index, "may_edit": request.actor.may("dossier.edit")}
    return render(request, "dossiers/list.html", context)


@require_safe
@needs("dossier.see")
def one(request: HttpRequest, pk: str, lang: str) -> HttpResponse:
    """A dossier with its restricted blocks; reading those is recorded."""
    page = get_object_or_404(visible_dossiers(request.actor), translation_key=pk, locale__language_code=lang)
    if page.restricted:
        reading(request.actor, page, "dossier.read")
    context = {
        "page": page, "shown": page.shown(full=True), "full": True, "newer": count_offers(page),
        "refused": last_refusals([page]).get(page.pk), "may_edit": request.actor.may("dossier.edit"),
    }  # fmt: skip
    return render(request, "dossiers/one.html", context)


@require_http_methods(["GET", "POST"])
@needs("dossier.edit")
def newer(request: HttpRequest, pk: str, lang: str) -> HttpResponse:
    """What newer results say otherwise, block by block; each is put into the draft only when someone chooses it."""
    page = get_object_or_404(visible_dossiers(request.actor), translation_key=pk, locale__language_code=lang)
    if request.method == "POST":
        try:
            actions.adopt_newest(request.actor, page, request.POST.get("block", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("dossiers:newer", pk=pk, lang=lang)
    if page.restricted:
        reading(request.actor, page, "dossier.read")
    return render(
        request, "dossiers/newer.html", {"page": page, "offers": offers(page.get_latest_revision_as_object())}
    )


@require_safe
@needs("dossier.see")
def results(request: HttpRequest) -> HttpResponse:
    """The stored results, by name, newest first."""
    return render(request, "dossiers/results.html", {"results": visible_results(request.actor).defer("manifest")})


@require_safe
@needs("dossier.see")
def result(request: HttpRequest, pk: str) -> HttpResponse:
    """One stored result, and what differs from the one before it."""
    found = get_object_or_404(visible_results(request.actor), pk=pk)
    if not public_files(found.name, found.day).filter(entry="", table="").exists():
        reading(request.actor, found, "result.read")
    before = PublishedResult.objects.filter(name=found.name, day__lt=found.day).order_by("-day").first()
    changes = in_words(differences(before, found), found, vocab.lang()) if before else []
    context = {"result": found, "before": before, "changes": changes,
               "numbers": found.content.numbers.order_by("key"),
               "may_publish": request.actor.may("dossier.publish")}  # fmt: skip
    return render(request, "dossiers/result.html", context)


class WithdrawForm(forms.Form):
    """Why a result is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


@require_http_methods(["GET", "POST"])
@needs("dossier.publish")
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Withdraw a result."""
    found = get_object_or_404(visible_results(request.actor), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.withdraw_result(request.actor, str(pk), **form.cleaned_data)
            return redirect("dossiers:results")
    context = {"form": form, "title": _("Withdraw %(result)s") % {"result": found},
               "intro": _("Pages that show it keep the last published picture, and say so."),
               "back_to": reverse("dossiers:result", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_safe
@needs("dossier.see")
def file(request: HttpRequest, name: str, day: str, file: str) -> HttpResponse:
    """A file of a result for the desk; reading one that is not public is recorded."""
    found = get_object_or_404(visible_results(request.actor), name=name, day=_day(day))
    # Of a run single numbers are public, never the run as a whole, which is what the desk hands out here.
    if found.kind == "run" or not any(kept_file(kept, file) for kept in public_files(name, found.day)):
        reading(request.actor, found, "result.read", file=file)
    handed = result_file(found, file)
    if handed is None and found.kind == "run" and file.endswith(".json"):
        number = found.content.numbers.filter(key=file.removesuffix(".json")).first()
        handed = result_file(found, "manifest.json") if number else None
    if handed is None:
        raise Http404
    return HttpResponse(handed.text, content_type=handed.kind)


def public_file(request: HttpRequest, name: str, day: str, file: str) -> HttpResponse:
    """A file of a result that a public block of a live page shows; anything else does not exist."""
    for kept in public_files(name, _day(day)):
        if (handed := kept_file(kept, file)) is not None:
            answer = HttpResponse(handed.text, content_type=handed.kind)
            answer["Cache-Control"] = "public, max-age=3600"
            answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            return answer
    raise Http404


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
