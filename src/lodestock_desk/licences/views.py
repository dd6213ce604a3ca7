"""Pages of licence cases, the portfolio, and what anyone may know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.access import receivers, visible_companies
from lodestock_desk.accounts.guard import needs
from lodestock_desk.accounts.roles import Role
from lodestock_desk.core import vocab
from lodestock_desk.core.chart import Line, steps
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.licences import actions, forms
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.clock import STATUTORY_DAYS, clock
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.licences.portfolio import burden, curve
from lodestock_desk.licences.public import public_table
from lodestock_desk.licences.words import CaseOutcome, DocumentClass

_SET = sorted(actions.FIELDS)


@require_safe
@needs("case.see")
def index(request: HttpRequest) -> HttpResponse:
    """The cases this actor may see."""
    rows = visible_cases(request.actor)
    asked = request.GET.get("outcome", "")
    if asked in CaseOutcome.values:
        rows = rows.filter(outcome=asked)
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if shown and request.actor.role != Role.COMPANY_USER:
        reading(request.actor, request.actor.organisation, "cases.listed", cases=[str(c.pk) for c in shown])
    context = {
        "page": page,
        "rows": [(c, _clock(c)) for c in shown],
        "asked": asked,
        "outcomes": CaseOutcome.choices,
        "statutory": STATUTORY_DAYS,
    }
    return render(request, "desk/licences/list.html", context)


def _clock(case: LicenceCase) -> Any:
    accepted = case.national_on or case.provincial_on or case.complete_on
    return clock(case.issuer, accepted, case.decided_on or timezone.localdate())


@require_safe
@needs("case.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The cases as CSV or JSON."""
    shown = list(visible_cases(request.actor)[:5000])
    reading(request.actor, request.actor.organisation, "cases.exported", cases=[str(c.pk) for c in shown])
    header = ("reference", "company", *_SET)
    table = [(c.reference, c.about, *(_plain(getattr(c, name)) for name in _SET)) for c in shown]
    return (as_json if ending == "json" else as_csv)("licence-cases", header, table)


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


@require_safe
@needs("case.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One case; reading it is recorded."""
    case = get_object_or_404(visible_cases(request.actor), pk=pk)
    reading(request.actor, case, "case.read")
    own = request.actor.role == Role.COMPANY_USER
    context = {
        "case": case,
        "clock": _clock(case),
        "statutory": STATUTORY_DAYS,
        "own": own,
        "issuer": dict(vocab.country_choices()).get(case.issuer, case.issuer),
        "hours": sum((h.hours for h in case.hours.all()), 0),
    }
    return render(request, "desk/licences/one.html", context)


def _case_form(request: HttpRequest, case: LicenceCase | None) -> forms.CaseForm:
    initial: dict[str, Any] = {"last_known_on": timezone.localdate(), "issuer": "CHN", "outcome": CaseOutcome.PENDING}
    if case is not None:
        initial = {name: getattr(case, name) for name in _SET}
        initial["tiers"] = "\n".join(case.tiers)
        return forms.CaseForm(request.POST or None, initial=initial)
    if request.actor.role == Role.COMPANY_USER:
        return forms.CaseForm(request.POST or None, initial=initial, receivers=list(receivers().order_by("name")))
    companies = list(visible_companies(request.actor))
    return forms.CaseForm(request.POST or None, initial=initial, companies=companies)


@require_http_methods(["GET", "POST"])
@needs("case.keep")
def keep(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Make or change a case."""
    case = get_object_or_404(visible_cases(request.actor), pk=pk) if pk else None
    form = _case_form(request, case)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        about = {f"{n}_id": values.pop(n, "") for n in ("receiver", "company")}
        name = values.pop("company_name", "")
        with shown_on(form):
            kept = actions.keep_case(request.actor, values, case_id=str(pk) if pk else "", company_name=name, **about)
            return redirect("licences:one", pk=kept.pk)
    title = _("Change case") if case else _("New licence case")
    back = reverse("licences:one", args=[pk]) if case else reverse("licences:list")
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": back})


def _adder(
    form_class: type[django_forms.Form], title: Callable[[], str], act: Callable[..., Any], capability: str
) -> Callable[..., HttpResponse]:
    """A page that adds something to a case by one form and one action."""

    @require_http_methods(["GET", "POST"])
    @needs(capability)
    def page(request: HttpRequest, pk: str) -> HttpResponse:
        case = get_object_or_404(visible_cases(request.actor), pk=pk)
        initial = {"asked_on": timezone.localdate(), "on": timezone.localdate(), "consent": case.escalation_consent}
        form = form_class(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with shown_on(form):
                act(request.actor, str(case.pk), **form.cleaned_data)
                return redirect("licences:one", pk=pk)
        back = reverse("licences:one", args=[pk])
        return render(request, "desk/form.html", {"form": form, "title": title(), "back_to": back})

    return page


document = _adder(forms.DocumentForm, lambda: _("Document asked"), actions.add_document, "case.keep")
hours = _adder(forms.HoursForm, lambda: _("Hours spent"), actions.add_hours, "case.keep")
resubmission = _adder(forms.ResubmissionForm, lambda: _("Handed in again"), actions.add_resubmission, "case.keep")
consent = _adder(forms.ConsentForm, lambda: _("Consent"), actions.set_consent, "case.keep")
escalation = _adder(forms.EscalationForm, lambda: _("Raised with the issuer"), actions.escalate, "case.escalate")


@require_safe
@needs("portfolio.see")
def portfolio(request: HttpRequest) -> HttpResponse:
    """Lead times and burden by material; intake sees its own cases, others only what is safe."""
    own = request.actor.may("case.see")
    cases = visible_cases(request.actor).prefetch_related("hours", "documents", "resubmissions")
    keys = sorted(set(cases.values_list("material", flat=True))) if own else []
    asked = request.GET.get("material", "")
    chosen = [c for c in cases if not asked or c.material == asked] if own else []
    found = curve(chosen) if own else None
    context = {
        "own": own,
        "materials": [(key, vocab.material_name(key)) for key in keys],
        "asked": asked,
        "curve": found,
        "chart": _chart(found) if found and found.told else "",
        "points": list(zip(found.age, found.granted, found.denied, strict=True)) if found else [],
        "burden": burden(chosen),
        "classes": DocumentClass.choices,
        "by_month": _by_month(chosen),
        "public": public_table(),
    }
    return render(request, "desk/licences/portfolio.html", context)


def _chart(found: Any) -> str:
    lines = (
        Line(_("granted"), tuple(zip(found.age, found.granted, strict=True)), "#0e5c33"),
        Line(_("refused"), tuple(zip(found.age, found.denied, strict=True)), "#9c1c1c", "6 4"),
    )
    return steps(_("Lead time"), _("months since the file was complete"), _("share of cases"), lines, found.age[-1])


def _by_month(cases: list[LicenceCase]) -> list[tuple[str, str, int, int, int, int]]:
    """By month of filing and material: cases, granted (also in part), refused, pending."""
    groups: dict[tuple[str, str], list[LicenceCase]] = {}
    for case in cases:
        month = case.complete_on.strftime("%Y-%m") if case.complete_on else "–"
        groups.setdefault((month, case.material), []).append(case)
    granted = (CaseOutcome.GRANTED, CaseOutcome.PARTLY)
    return [
        (
            month,
            vocab.material_name(key),
            len(group),
            sum(c.outcome in granted for c in group),
            sum(c.outcome == CaseOutcome.DENIED for c in group),
            sum(c.outcome == CaseOutcome.PENDING for c in group),
        )
        for (month, key), group in sorted(groups.items())
    ]


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What is being asked and how long it takes: safe for everyone."""
    return render(request, "desk/licences/public.html", {"public": public_table(), "classes": DocumentClass.choices})
