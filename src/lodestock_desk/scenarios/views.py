"""Pages of evidence for scenarios."""

from __future__ import annotations

from typing import Any

import yaml
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core.export import file_name
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.fields import MaterialField, ReasonField
from lodestock_desk.core.writing import reading
from lodestock_desk.scenarios import actions
from lodestock_desk.scenarios.access import visible_evidence
from lodestock_desk.scenarios.models import Decision, Evidence, Parameter

NOT_TAKEN = gettext_lazy(
    "Only the months until half is granted can enter a scenario. Which share of these cases is never granted, or "
    "granted in part, is not taken over: so few cases cannot tell never from slow, and they would count twice."
)


class ProposeForm(forms.Form):
    """For which parameter of which material."""

    material = MaterialField(label=gettext_lazy("Material"))
    parameter = forms.ChoiceField(label=gettext_lazy("Parameter"), choices=Parameter, widget=forms.RadioSelect)
    reason = ReasonField()


class DecideForm(forms.Form):
    """Accept or refuse."""

    to = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(Decision.ACCEPTED, Decision.ACCEPTED.label), (Decision.REFUSED, Decision.REFUSED.label)],
        widget=forms.RadioSelect,
    )
    reason = ReasonField()


@require_http_methods(["GET", "POST"])
@needs("evidence.keep")
def index(request: HttpRequest) -> HttpResponse:
    """Evidence so far, and a form to propose."""
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = actions.propose(request.actor, **form.cleaned_data)
            return redirect("scenarios:one", pk=made.pk)
    return render(request, "desk/scenarios/list.html", {"form": form, "rows": visible_evidence(request.actor)[:100]})


@require_safe
@needs("evidence.keep")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One piece of evidence and what it rests on."""
    found = get_object_or_404(visible_evidence(request.actor), pk=pk)
    reading(request.actor, found, "evidence.read")
    context = {
        "evidence": found,
        "reports": found.reports.all(),
        "cases": found.cases.all(),
        "fitting": actions.fitting(found),
        "may_be_drawn": actions.may_be_drawn(found),
        "not_taken": _not_taken(found),
    }
    return render(request, "desk/scenarios/one.html", context)


@require_http_methods(["GET", "POST"])
@needs("evidence.keep")
def decide(request: HttpRequest, pk: str) -> HttpResponse:
    """Review what someone else proposed."""
    found = get_object_or_404(visible_evidence(request.actor), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.decide(request.actor, str(found.pk), **form.cleaned_data)
            return redirect("scenarios:one", pk=pk)
    back = reverse("scenarios:one", args=[pk])
    context = {"form": form, "title": _("Review evidence"), "intro": _not_taken(found), "back_to": back}
    return render(request, "desk/form.html", context)


def _not_taken(found: Evidence) -> Any:
    """What of the cases does not enter a scenario, where a lead time is proposed or used."""
    return NOT_TAKEN if found.parameter == Parameter.LEAD_MONTHS else ""


@require_safe
@needs("evidence.keep")
def download(request: HttpRequest, pk: str) -> HttpResponse:
    """Accepted evidence as YAML: on its own, or with `?scenario=` as a whole file that `lodestock brief` runs.

    `?drawn=yes` lets a lead time enter the draws as one more source.
    """
    found = get_object_or_404(visible_evidence(request.actor), pk=pk, state=Decision.ACCEPTED)
    reading(request.actor, found, "evidence.read")
    wanted = request.GET.get("scenario", "")
    drawn = request.GET.get("drawn") == "yes"
    unknown = bool(wanted) and wanted not in dict(actions.fitting(found))
    if unknown or (drawn and not actions.may_be_drawn(found)):
        raise Http404
    if wanted:
        text, name = actions.scenario_file(found, wanted, drawn=drawn), wanted
    else:
        text = yaml.safe_dump(
            {"evidence": [actions.overrides(found, drawn=drawn)]}, sort_keys=False, allow_unicode=True
        )
        name = f"evidence-{found.pk}"
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, "yml")}"'
    return response
