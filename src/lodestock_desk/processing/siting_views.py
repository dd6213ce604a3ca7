"""The page that compares sites."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock.measures.site_book import site_book
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.processing import forms as file_forms
from lodestock_desk.processing import means_actions as actions
from lodestock_desk.processing import means_forms as forms
from lodestock_desk.processing import siting
from lodestock_desk.processing.access import visible_figures


@require_safe
@needs("siting.see")
def index(request: HttpRequest) -> HttpResponse:
    """Facts, weights, dominance and sensitivity, and only then the interval of ranks."""
    weights, tolerance = siting.weights_of(request.GET), siting.tolerance_of(request.GET)
    figures = list(visible_figures(request.actor))
    refused = siting.refused(weights)
    if refused:
        weights = dict.fromkeys(weights, 1.0)
    context = {
        "found": siting.page(figures, weights, tolerance),
        "refused": refused,
        "criteria": site_book().criteria.values(),
        "weights": [(c, int(weights[c.id])) for c in site_book().criteria.values()],
        "steps": siting.WEIGHTS,
        "tolerance": tolerance,
        "tolerances": siting.TOLERANCES,
        "figures": figures,
        "organisation": request.actor.organisation,
    }
    return render(request, "processing/siting.html", context)


@require_safe
@needs("siting.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Every fact with its source; a pair that is not known has empty values."""
    header = ("site", "country", "criterion", "unit", "low", "high", "as_of", "source", "mark")
    found = siting.page(visible_figures(request.actor), dict.fromkeys(site_book().criteria, 1.0), 0.0)
    rows = [
        [row.site.id, row.site.country, c.id, c.unit, *([f.low, f.high, f.on, f.source, f.mark] if f else [None] * 5)]
        for row in found.rows
        for c, f in row.cells
    ]
    return (as_json if ending == "json" else as_csv)("sites", header, rows)


@require_http_methods(["GET", "POST"])
@needs("siting.keep")
def figure(request: HttpRequest) -> HttpResponse:
    """Note what is known of a site."""
    form = forms.FigureForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.add_figure(request.actor, **form.cleaned_data)
            return redirect("processing:siting")
    context = {"form": form, "title": _("What is known of a site"), "back_to": reverse("processing:siting")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("siting.keep")
def remove(request: HttpRequest, pk: str) -> HttpResponse:
    """Take back a figure of the own organisation."""
    own = visible_figures(request.actor).filter(organisation=request.actor.organisation)
    kept = get_object_or_404(own, pk=pk)
    form = file_forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.remove_figure(request.actor, str(pk), **form.cleaned_data)
            return redirect("processing:siting")
    context = {"form": form, "title": _("Take back a figure"), "intro": f"{kept.site}, {kept.criterion}: {kept.source}",
               "back_to": reverse("processing:siting")}  # fmt: skip
    return render(request, "desk/form.html", context)
