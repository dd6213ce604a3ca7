"""Pages of publications: look first, then publish."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.disclosure import actions, forms
from lodestock_desk.disclosure import consents as kept
from lodestock_desk.disclosure.access import visible_consents, visible_publications
from lodestock_desk.disclosure.compose import Cell
from lodestock_desk.disclosure.counted import months_between
from lodestock_desk.disclosure.models import Fallback
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.disclosure.public import in_words
from lodestock_desk.signals.words import Effect


def _rows(cells: list[Cell]) -> list[tuple[str, str, str, str]]:
    effects = dict(Effect.choices)
    return [
        (
            vocab.material_name(c.material),
            str(effects.get(c.effect, "")),
            c.months[0] if len(c.months) == 1 else f"{c.months[0]} – {c.months[-1]}",
            in_words(c),
        )
        for c in cells
    ]


@require_http_methods(["GET", "POST"])
@needs("publication.keep")
def index(request: HttpRequest) -> HttpResponse:
    """Publications so far, and a form: 'look' shows what would be told, 'publish' tells it."""
    form = forms.PublishForm(request.POST or None)
    seen = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with shown_on(form):
            if request.POST.get("do") == "publish":
                made = actions.publish(request.actor, **values)
                return redirect("disclosure:one", pk=made.pk)
            seen, _base = actions.preview(request.actor, values["first"], values["last"])
    context = {
        "form": form,
        "rows": visible_publications(request.actor)[:50],
        "seen": seen,
        "seen_rows": _rows(list(seen.cells)) if seen else [],
        "seen_how": Fallback(seen.fallback).label if seen else "",
        "policy": POLICY,
    }
    return render(request, "desk/disclosure/list.html", context)


@require_safe
@needs("publication.keep")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One publication: what was told, and what the attack found."""
    found = get_object_or_404(visible_publications(request.actor), pk=pk)
    rows = _rows([Cell.read(plain) for plain in found.table])
    return render(request, "desk/disclosure/one.html", {"publication": found, "rows": rows})


def _ask_form(period: dict[str, str], material: str) -> forms.AskForm:
    return forms.AskForm(initial={**period, "material": material}, auto_id=f"ask_{material}_%s")


@require_http_methods(["GET", "POST"])
@needs("publication.keep")
def ask(request: HttpRequest) -> HttpResponse:
    """Which consents would free which numbers of a period, and asking for them."""
    asking = request.method == "POST"
    form = (forms.AskForm if asking else forms.PeriodForm)(request.POST if asking else request.GET or None)
    found: list[kept.Need] = []
    if form.is_valid():
        values = form.cleaned_data
        with shown_on(form):
            if asking:
                kept.ask(request.actor, **values)
                return redirect(f"{request.path}?first={values['first']}&last={values['last']}")
            found = kept.needs(request.actor, months_between(values["first"], values["last"]))
            reading(request.actor, request.actor.organisation, "consent.needs_read", **values)
    context = {
        "form": form,
        "asking": asking,
        "period": form.cleaned_data if form.is_valid() else {},
        "found": [(need, _ask_form(form.cleaned_data, need.material)) for need in found],
        "rows": visible_consents(request.actor).select_related("company")[:100],
    }
    return render(request, "desk/disclosure/ask.html", context)


@require_safe
@needs("consent.give")
def consents(request: HttpRequest) -> HttpResponse:
    """What the company was asked."""
    rows = visible_consents(request.actor).select_related("organisation")[:100]
    return render(request, "desk/disclosure/consents.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs("consent.give")
def consent(request: HttpRequest, pk: str) -> HttpResponse:
    """One question to the company: its text, and yes or taking it back."""
    found = get_object_or_404(visible_consents(request.actor), pk=pk)
    if request.method == "POST":
        form = forms.AnswerForm(request.POST)
        if form.is_valid():
            with shown_on(form):
                (kept.give if form.cleaned_data["do"] == "give" else kept.take_back)(request.actor, str(found.pk))
                return redirect("disclosure:consent", pk=found.pk)
    else:
        form = forms.AnswerForm()
    return render(request, "desk/disclosure/consent.html", {"consent": found, "form": form})
