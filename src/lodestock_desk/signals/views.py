"""Pages of signals: list, report, receipt, triage."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.access import receivers, visible_companies
from lodestock_desk.accounts.guard import needs
from lodestock_desk.accounts.roles import Role
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.limits import limited
from lodestock_desk.core.paging import window
from lodestock_desk.core.writing import reading
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.signals import actions, forms
from lodestock_desk.signals.access import (
    report_parts,
    triageable_reports,
    visible_attachments,
    visible_events,
    visible_reports,
)
from lodestock_desk.signals.duplicates import proposals
from lodestock_desk.signals.models import OneTimeLink, Report
from lodestock_desk.signals.states import State, next_states
from lodestock_desk.signals.tokens import hashed
from lodestock_desk.signals.uploads import stored_path
from lodestock_desk.signals.words import Source

PAGE = 25


def _filtered(request: HttpRequest) -> tuple[list[QuerySet[Report]], dict[str, str]]:
    asked = {name: request.GET.get(name, "") for name in ("state", "material", "source")}
    wanted: dict[str, str] = {}
    if asked["state"] in State.values:
        wanted["state"] = asked["state"]
    if asked["source"] in Source.values:
        wanted["source"] = asked["source"]
    if asked["material"]:
        wanted["material"] = asked["material"][:60]
    parts = [
        part.filter(**wanted).select_related(None).select_related("company") for part in report_parts(request.actor)
    ]
    return parts, asked


@require_safe
@needs("report.see")
def index(request: HttpRequest) -> HttpResponse:
    """The signals this actor may see, newest first. The list shows names of companies, so reading it is recorded."""
    parts, asked = _filtered(request)
    page = window(parts, request.GET.get("page"), PAGE)
    _record_list(request, page.rows)
    return render(
        request,
        "desk/signals/list.html",
        {"page": page, "rows": page.rows, "asked": asked, "states": State.choices, "sources": Source.choices},
    )


def _record_list(request: HttpRequest, shown: list[Report]) -> None:
    confidential = [str(r.pk) for r in shown if not r.is_press]
    if confidential and request.actor.role in (Role.ANALYST, Role.POLICY_OFFICER, Role.ASSOCIATION_DESK):
        reading(request.actor, request.actor.organisation, "reports.listed", reports=confidential)


@require_safe
@needs("report.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The filtered list as CSV or JSON; recorded like reading each report."""
    parts, _asked = _filtered(request)
    shown = sorted((row for part in parts for row in part[:5000]), key=lambda r: r.created_at, reverse=True)[:5000]
    _record_list(request, shown)
    header = (
        "reference",
        "filed",
        "source",
        "company",
        "material",
        "words",
        "effect",
        "cause",
        "severity",
        "since",
        "stock_days",
        "state",
        "ground",
    )
    table = [
        (
            r.reference,
            timezone.localtime(r.created_at).date(),
            r.source,
            r.about,
            r.material,
            r.product_words,
            r.effect,
            r.cause,
            r.severity,
            r.since,
            r.stock_days,
            r.state,
            r.ground,
        )
        for r in shown
    ]
    return (as_json if ending == "json" else as_csv)("signals", header, table)


@require_http_methods(["GET", "POST"])
@needs("report.file")
def new(request: HttpRequest) -> HttpResponse:
    """Report a disruption with an account."""
    actor = request.actor
    on_behalf = actor.role != Role.COMPANY_USER
    to = list(receivers().order_by("name"))
    if actor.role in (Role.ANALYST, Role.POLICY_OFFICER):
        to = [actor.organisation]
    companies = list(visible_companies(actor)) if on_behalf else None
    form = forms.ReportForm(
        request.POST or None, request.FILES or None, receivers=to, ask_company=on_behalf, choose_company=companies
    )
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            report, token = actions.file_report(actor, form.draft(), company_id=form.cleaned_data.get("company", ""))
            if token:
                request.session["receipt"] = token
            messages.success(request, _("Your report is in. Reference: %s.") % report.reference)
            return redirect("signals:one", pk=report.pk)
    return render(request, "desk/signals/report.html", {"form": form, "title": _("Report a disruption")})


@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Report a disruption by a one-time link, without an account."""
    limited(request, "link", 30, 600)
    link = OneTimeLink.objects.filter(token_hash=hashed(token)).select_related("receiver", "company").first()
    if link is None or link.expires_at < timezone.now():
        return render(request, "desk/signals/link_gone.html", status=404)
    if link.used_at and request.method == "GET":
        return render(request, "desk/signals/link_gone.html", {"used": True}, status=410)
    form = forms.ReportForm(
        request.POST or None, request.FILES or None, receivers=[link.receiver], ask_company=link.company is None
    )
    if request.method == "POST" and form.is_valid():
        try:
            report, receipt_token = actions.file_by_link(request.actor, token, form.draft())
        except PermissionDenied:
            return render(request, "desk/signals/link_gone.html", {"used": True}, status=410)
        if receipt_token:
            return redirect("receipt", token=receipt_token)
        return render(request, "desk/signals/receipt.html", {"report": report, "again": True})
    context = {"form": form, "link": link, "title": _("Report a disruption"), "receiver": link.receiver}
    return render(request, "desk/signals/report.html", context)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What a reporter gets back: the state of the report, what others are asked (safe), what the company may do."""
    limited(request, "receipt", 60, 600)
    report = Report.objects.filter(receipt_hash=hashed(token)).select_related("receiver").first() if token else None
    if report is None:
        raise Http404
    return render(
        request,
        "desk/signals/receipt.html",
        {"report": report, "safe": safe_information(report.material), "token": token},
    )


@require_safe
@needs("report.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One report, as far as this actor may see it; reading a confidential one is recorded first."""
    report = get_object_or_404(visible_reports(request.actor), pk=pk)
    if not report.is_press:
        reading(request.actor, report, "report.read")
    mine = request.actor.may("report.triage") and report.receiver_id == request.actor.organisation.pk
    context = {
        "report": report,
        "mine": mine,
        "triage": _triage(request, report) if mine else None,
        "supplement": forms.SupplementForm() if request.actor.may("report.supplement") else None,
        "safe": safe_information(report.material),
        "receipt_token": request.session.pop("receipt", ""),
    }
    return render(request, "desk/signals/one.html", context)


def _triage(request: HttpRequest, report: Report) -> dict[str, object]:
    likely = proposals(report)
    step = _step_form(request, report, None, [p.report for p in likely])
    return {
        "step": step,
        "material": forms.MaterialForm(initial={"material": report.material, "sector": report.sector}),
        "likely": likely,
    }


def _step_form(
    request: HttpRequest, report: Report, data: object, likely: list[Report] | None = None
) -> forms.StepForm:
    if likely is None:
        likely = [p.report for p in proposals(report)]
    return forms.StepForm(
        data, states=next_states(report.state), events=list(visible_events(request.actor)[:200]), reports=likely
    )


@require_http_methods(["GET", "POST"])
@needs("report.triage")
def step(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a report to its next state."""
    report = get_object_or_404(triageable_reports(request.actor), pk=pk)
    form = _step_form(request, report, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with shown_on(form):
            actions.take_step(
                request.actor,
                str(report.pk),
                to=values["to"],
                reason=values["reason"],
                event_id=values.get("event", ""),
                into_id=values.get("into", ""),
            )
            return redirect("signals:one", pk=report.pk)
    context = {
        "form": form,
        "title": _("Next step for %s") % report.reference,
        "back_to": reverse("signals:one", args=[pk]),
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("report.triage")
def material(request: HttpRequest, pk: str) -> HttpResponse:
    """Say which material a report is about."""
    report = get_object_or_404(triageable_reports(request.actor), pk=pk)
    form = forms.MaterialForm(request.POST or None, initial={"material": report.material, "sector": report.sector})
    if request.method == "POST" and form.is_valid():
        actions.set_material(request.actor, str(report.pk), **form.cleaned_data)
        return redirect("signals:one", pk=report.pk)
    context = {
        "form": form,
        "title": _("Material of %s") % report.reference,
        "back_to": reverse("signals:one", args=[pk]),
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("report.pass_on")
def pass_on(request: HttpRequest, pk: str) -> HttpResponse:
    """Pass a raw report to another receiver."""
    report = get_object_or_404(triageable_reports(request.actor).exclude(source=Source.PRESS), pk=pk)
    others = list(receivers().exclude(pk=report.receiver_id))
    form = forms.PassForm(request.POST or None, receivers=others)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with shown_on(form):
            actions.pass_on(
                request.actor, str(report.pk), to_id=values["to"], basis=values["basis"], text=values["text"]
            )
            return redirect("signals:one", pk=report.pk)
    context = {"form": form, "title": _("Pass on %s") % report.reference, "back_to": reverse("signals:one", args=[pk])}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("report.supplement")
def supplement(request: HttpRequest, pk: str) -> HttpResponse:
    """Add to one's own report."""
    report = get_object_or_404(visible_reports(request.actor), pk=pk)
    form = forms.SupplementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.supplement(request.actor, str(report.pk), form.cleaned_data["text"])
        return redirect("signals:one", pk=report.pk)
    context = {"form": form, "title": _("Add to %s") % report.reference, "back_to": reverse("signals:one", args=[pk])}
    return render(request, "desk/form.html", context)


@require_safe
@needs("report.see")
def attachment(request: HttpRequest, pk: str, file: str) -> HttpResponse:
    """Give back an attachment as a download that no browser opens in place."""
    found = get_object_or_404(visible_attachments(request.actor), pk=file, report_id=pk)
    reading(request.actor, found, "attachment.read", report=str(found.report_id))
    path = stored_path(found.stored)
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@needs("press.file")
def press(request: HttpRequest) -> HttpResponse:
    """File a press item."""
    form = forms.PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = actions.file_press(request.actor, form.draft())
        return redirect("signals:one", pk=report.pk)
    return render(
        request, "desk/form.html", {"form": form, "title": _("Press item"), "back_to": reverse("signals:list")}
    )


@require_http_methods(["GET", "POST"])
@needs("link.make")
def links(request: HttpRequest) -> HttpResponse:
    """Make a one-time link; it is shown once."""
    actor, made = request.actor, ""
    to = list(receivers()) if actor.role == Role.ASSOCIATION_DESK else [actor.organisation]
    form = forms.LinkForm(request.POST or None, receivers=to, companies=list(visible_companies(actor)))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        _link, token = actions.make_link(actor, receiver_id=values["receiver"], company_id=values["company"])
        made = request.build_absolute_uri(reverse("by_link", args=[token]))
    return render(request, "desk/signals/links.html", {"form": form, "made": made, "days": actions.LINK_DAYS})
