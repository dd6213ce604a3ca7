"""Pages of a company's own risk assessment, and of those that were shared. Every reading is recorded."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock_desk.accounts.access import receivers
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.measures import risk_actions, risk_forms
from lodestock_desk.measures.access import own_assessments, shared_assessments
from lodestock_desk.measures.risk import STEPS, lines, missing
from lodestock_desk.measures.risk_models import RiskAssessment, RiskState


@require_http_methods(["GET", "POST"])
@needs("risk.keep")
def index(request: HttpRequest) -> HttpResponse:
    """The company's assessments, and the start of a new one."""
    form = risk_forms.StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = risk_actions.start(request.actor, **form.cleaned_data)
        return redirect("measures:risk_step", pk=made.pk, step="scope")
    return render(request, "measures/risks.html", {"rows": own_assessments(request.actor), "form": form})


def _page(request: HttpRequest, found: RiskAssessment, *, mine: bool) -> HttpResponse:
    parts: dict[str, list[tuple[str, str]]] = {key: [] for key in STEPS}
    keys = {words: key for key, words in STEPS.items()}
    for step, what, value in lines(found.answers):
        parts[keys[step]].append((what, value))
    context = {
        "risk": found, "mine": mine, "parts": [(key, STEPS[key], rows) for key, rows in parts.items()],
        "gaps": missing(found.answers), "draft": found.state == RiskState.DRAFT,
        "consents": found.consents.select_related("to") if mine else (),
    }  # fmt: skip
    return render(request, "measures/risk.html", context)


@require_safe
@needs("risk.keep")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One assessment of one's own: everything on one page, to read or to print."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk)
    reading(request.actor, found, "risk.read")
    return _page(request, found, mine=True)


@require_safe
@needs("risk.keep")
def export(request: HttpRequest, pk: str, ending: str) -> HttpResponse:
    """An assessment of one's own as CSV or JSON."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk)
    if ending not in ("csv", "json"):
        raise Http404
    reading(request.actor, found, "risk.exported", ending=ending)
    rows = [(str(step), what, value) for step, what, value in lines(found.answers)]
    return (as_json if ending == "json" else as_csv)("risk-assessment", ("step", "what", "value"), rows)


def _initial(found: RiskAssessment, step: str) -> dict[str, Any]:
    kept = found.answers.get(step, {})
    if step == "scope":
        return {**kept, "materials": "\n".join(vocab.material_name(k) for k in kept.get("materials", []))}
    if step == "vulnerability":
        pairs = [(f"{name}_{key}", text) for key, value in kept.items() for name, text in value.items()]
        return dict(pairs)
    return kept


def _forms(request: HttpRequest, found: RiskAssessment, step: str) -> tuple[django_forms.Form | None, Any]:
    """The form and the rows of a step; either may be none."""
    data = request.POST or None
    materials = found.answers.get("scope", {}).get("materials", [])
    if step == "origin":
        rows = risk_forms.OriginSet(
            data, prefix="row", initial=found.answers.get("origin", []), form_kwargs={"materials": materials}
        )
        return None, rows
    if step == "mitigation":
        kept = found.answers.get("mitigation", {})
        return (
            risk_forms.BoardForm(data, initial=kept),
            risk_forms.MitigationSet(data, prefix="row", initial=kept.get("rows", [])),
        )
    initial = _initial(found, step)
    if step == "vulnerability":
        return risk_forms.VulnerabilityForm(data, initial=initial, materials=materials), None
    return (risk_forms.ScopeForm if step == "scope" else risk_forms.FactorsForm)(data, initial=initial), None


def _answers(found: RiskAssessment, step: str, form: django_forms.Form | None, rows: Any) -> Any:
    """What a step keeps, from clean forms."""
    if step == "origin":
        return [dict(row.cleaned_data) for row in rows if row.cleaned_data.get("material")]
    values = dict(form.cleaned_data) if form is not None else {}
    if step == "vulnerability":
        materials = found.answers.get("scope", {}).get("materials", [])
        return {k: {"level": values[f"level_{k}"], "why": values[f"why_{k}"]} for k in materials}
    if step == "mitigation":
        kept = [dict(row.cleaned_data) for row in rows if row.cleaned_data.get("what")]
        for row in kept:
            row["due"] = row["due"].isoformat() if row["due"] else ""
        board = values["board_on"]
        return {"rows": kept, "board_on": board.isoformat() if board else ""}
    return values


@require_http_methods(["GET", "POST"])
@needs("risk.keep")
def step(request: HttpRequest, pk: str, step: str) -> HttpResponse:
    """One step of the guided form; what is filled in is kept, complete or not."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk, state=RiskState.DRAFT)
    if step not in STEPS:
        raise Http404
    order = list(STEPS)
    form, rows = _forms(request, found, step)
    if request.method == "POST" and (form is None or form.is_valid()) and (rows is None or rows.is_valid()):
        risk_actions.save_step(request.actor, str(pk), step, _answers(found, step, form, rows))
        if "more" in request.POST:
            return redirect("measures:risk_step", pk=pk, step=step)
        after = order[order.index(step) + 1 :]
        if after:
            return redirect("measures:risk_step", pk=pk, step=after[0])
        return redirect("measures:risk", pk=pk)
    reading(request.actor, found, "risk.read", step=step)
    context = {
        "risk": found, "form": form, "rows": rows, "step": step, "title": STEPS[step], "steps": STEPS.items(),
        "number": order.index(step) + 1, "of": len(order),
        "empty": step in ("origin", "vulnerability") and not found.answers.get("scope", {}).get("materials"),
    }  # fmt: skip
    return render(request, "measures/risk_step.html", context)


@require_http_methods(["GET", "POST"])
@needs("risk.keep")
def finish(request: HttpRequest, pk: str) -> HttpResponse:
    """Finish an assessment."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk, state=RiskState.DRAFT)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            risk_actions.finish(request.actor, str(pk))
            return redirect("measures:risk", pk=pk)
    context = {
        "form": form, "title": _("Finish the assessment"), "button": _("Finish"),
        "intro": _("After this it does not change any more. You can start a new one at any time."),
        "back_to": reverse("measures:risk", args=[found.pk]),
    }  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("risk.keep")
def share(request: HttpRequest, pk: str) -> HttpResponse:
    """Let a ministry or the observatory read an assessment."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk)
    form = risk_forms.ShareForm(request.POST or None, receivers=list(receivers()))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            risk_actions.share(request.actor, str(pk), to_id=form.cleaned_data["to"], text=form.cleaned_data["text"])
            return redirect("measures:risk", pk=pk)
    context = {
        "form": form, "title": _("Let someone read it"), "button": _("Share"),
        "intro": _("Nobody but your company reads this assessment, until you say so. You can take it back."),
        "back_to": reverse("measures:risk", args=[found.pk]),
    }  # fmt: skip
    return render(request, "desk/form.html", context)


@require_POST
@needs("risk.keep")
def take_back(request: HttpRequest, pk: str, consent: str) -> HttpResponse:
    """Take a consent back."""
    found = get_object_or_404(own_assessments(request.actor), pk=pk)
    get_object_or_404(found.consents.filter(withdrawn_on__isnull=True), pk=consent)
    risk_actions.take_back(request.actor, str(consent))
    return redirect("measures:risk", pk=pk)


@require_safe
@needs("duty.keep")
def shared(request: HttpRequest) -> HttpResponse:
    """Assessments that companies let this organisation read."""
    rows = list(shared_assessments(request.actor))
    if rows:
        keys = [str(row.pk) for row in rows]
        reading(request.actor, request.actor.organisation, "risk.listed_by_consent", assessments=keys)
    return render(request, "measures/shared.html", {"rows": rows})


@require_safe
@needs("duty.keep")
def shared_one(request: HttpRequest, pk: str) -> HttpResponse:
    """One shared assessment."""
    found = get_object_or_404(shared_assessments(request.actor), pk=pk)
    reading(request.actor, found, "risk.read_by_consent")
    return _page(request, found, mine=False)
