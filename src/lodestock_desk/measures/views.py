"""Pages of the register of measures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.measures import actions, forms
from lodestock_desk.measures.access import own_measures, visible_measures
from lodestock_desk.measures.budget import by_year
from lodestock_desk.measures.changes import Change, changes_since
from lodestock_desk.measures.models import Measure, Milestone
from lodestock_desk.measures.wording import stock_wording
from lodestock_desk.measures.words import MilestoneState, Status, Subject, ministry_choices


def _asked(request: HttpRequest) -> list[Measure]:
    """The measures that the filters leave, by subject and title."""
    rows = list(visible_measures(request.actor))
    wanted = {name: request.GET.get(name, "") for name in ("subject", "status", "ministry")}
    if wanted["subject"] in Subject.values:
        rows = [m for m in rows if m.subject == wanted["subject"]]
    if wanted["status"] in Status.values:
        rows = [m for m in rows if m.status == wanted["status"]]
    if wanted["ministry"]:
        rows = [m for m in rows if wanted["ministry"] in (m.ministry, *m.with_ministries)]
    return rows


@require_safe
@needs("measure.see")
def index(request: HttpRequest) -> HttpResponse:
    """The register."""
    rows = [(m, _next(m), stock_wording(m)) for m in _asked(request)]
    context = {
        "rows": rows, "subjects": Subject.choices, "statuses": Status.choices, "ministries": ministry_choices(),
        "may_keep": request.actor.may("measure.keep"),
    }  # fmt: skip
    return render(request, "measures/list.html", context)


def _next(measure: Measure) -> Milestone | None:
    """The milestone that asks attention first: missed ones before open ones, the earliest day first."""
    waiting = [m for m in measure.milestones.all() if m.state in (MilestoneState.OPEN, MilestoneState.MISSED)]
    return min(waiting, key=lambda m: m.due or timezone.localdate()) if waiting else None


@require_safe
@needs("measure.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The register as CSV or JSON."""
    header = ("title_nl", "title_en", "subject", "source_kind", "source_reference", "source_on", "ministry",
              "with_ministries", "owner_office", "status", "status_since", "holds_stock", "evidence_items")  # fmt: skip
    rows = []
    for m in _asked(request):
        row = m.status_row()
        rows.append([
            m.title_nl, m.title_en, m.subject, m.source_kind, m.source_reference, m.source_on, m.ministry,
            " ".join(m.with_ministries), m.owner_office, m.status, row.effective_on if row else None, m.holds_stock,
            len(m.evidence.all()),
        ])  # fmt: skip
    return (as_json if ending == "json" else as_csv)("measures", header, rows)


@require_safe
@needs("measure.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One measure with its history."""
    measure = get_object_or_404(visible_measures(request.actor), pk=pk)
    context = {
        "measure": measure, "wording": stock_wording(measure), "money": by_year(measure.budget),
        "mine": own_measures(request.actor).filter(pk=pk).exists(),
    }  # fmt: skip
    return render(request, "measures/one.html", context)


def _period(request: HttpRequest) -> tuple[forms.PeriodForm, list[Change], int]:
    """The period asked, its changes, and how many more were entered late."""
    start = timezone.localdate() - timedelta(days=90)
    form = forms.PeriodForm(request.GET if "since" in request.GET else {"since": start.isoformat()})
    if not form.is_valid():
        return form, [], 0
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    everything = changes_since(since, request.actor, until=until, late=True)
    plain = [row for row in everything if not row.late]
    shown = everything if form.cleaned_data["late"] else plain
    return form, shown, len(everything) - len(shown)


@require_safe
@needs("measure.see")
def changes(request: HttpRequest) -> HttpResponse:
    """What changed since a day."""
    form, rows, hidden = _period(request)
    return render(request, "measures/changes.html", {"form": form, "rows": rows, "hidden": hidden})


@require_safe
@needs("measure.see")
def export_changes(request: HttpRequest, ending: str) -> HttpResponse:
    """What changed since a day as CSV or JSON, in both languages."""
    header = ("on", "noted_on", "late", "kind", "measure_nl", "measure_en", "subject", "ministry", "what_nl", "what_en",
              "before_nl", "before_en", "after_nl", "after_en", "reason", "source")  # fmt: skip
    form, found, _hidden = _period(request)
    if not form.is_valid():
        said = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
        return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")
    rows = [
        [c.on, c.noted_on, c.late, c.kind.value, c.measure.nl, c.measure.en, c.subject, c.ministry, c.what.nl,
         c.what.en, c.before.nl, c.before.en, c.after.nl, c.after.en, c.reason, c.source]
        for c in found
    ]  # fmt: skip
    return (as_json if ending == "json" else as_csv)("measures-changes", header, rows)


def _form_page(request: HttpRequest, form: django_forms.Form, title: str, back: str, intro: str = "") -> HttpResponse:
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": back, "intro": intro})


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def new(request: HttpRequest) -> HttpResponse:
    """Enter a measure."""
    form = forms.NewMeasureForm(request.POST or None, initial={"effective_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        first = {name: values.pop(name) for name in ("status", "effective_on", "reason")}
        with shown_on(form):
            made = actions.add_measure(request.actor, values, **first)
            return redirect("measures:one", pk=made.pk)
    return _form_page(request, form, _("New measure"), reverse("measures:list"))


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def change(request: HttpRequest, pk: str) -> HttpResponse:
    """Change the description of a measure."""
    measure = get_object_or_404(own_measures(request.actor), pk=pk)
    initial = {name: getattr(measure, name) for name in actions.FIELDS}
    form = forms.MeasureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.keep_measure(request.actor, form.cleaned_data, measure_id=str(pk))
            return redirect("measures:one", pk=pk)
    return _form_page(request, form, _("Change measure"), reverse("measures:one", args=[pk]), str(measure.title))


def _added(request: HttpRequest, pk: str, make: Any, act: Any, title: str, initial: dict[str, Any]) -> HttpResponse:
    """A form that adds one fact to a measure: `make` gives the form, `act` does it."""
    measure = get_object_or_404(own_measures(request.actor), pk=pk)
    form = make(measure, request.POST or None, initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            act(measure, dict(form.cleaned_data))
            return redirect("measures:one", pk=pk)
    return _form_page(request, form, title, reverse("measures:one", args=[pk]), str(measure.title))


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def status(request: HttpRequest, pk: str) -> HttpResponse:
    """Note another status."""
    return _added(
        request, pk, lambda _m, data, initial: forms.StatusForm(data, initial=initial),
        lambda m, values: actions.set_status(request.actor, str(m.pk), **values),
        _("New status"), {"effective_on": timezone.localdate()},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def evidence(request: HttpRequest, pk: str) -> HttpResponse:
    """Note a piece of evidence."""
    return _added(
        request, pk, lambda _m, data, initial: forms.EvidenceForm(data, initial=initial),
        lambda m, values: actions.add_evidence(request.actor, str(m.pk), **values),
        _("New evidence"), {"on": timezone.localdate()},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def stock(request: HttpRequest, pk: str) -> HttpResponse:
    """Note whether a stock is held."""

    def act(measure: Measure, values: dict[str, Any]) -> None:
        actions.set_stock(request.actor, str(measure.pk), evidence_id=values.pop("evidence"), **values)

    return _added(
        request, pk, lambda m, data, initial: forms.StockForm(data, initial=initial, measure=m), act,
        _("Is a stock held?"), {"effective_on": timezone.localdate()},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def milestone(request: HttpRequest, pk: str) -> HttpResponse:
    """Set a milestone."""
    return _added(
        request, pk, lambda _m, data, initial: forms.MilestoneForm(data, initial=initial),
        lambda m, values: actions.add_milestone(request.actor, str(m.pk), **values),
        _("New milestone"), {"on": timezone.localdate()},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def step(request: HttpRequest, pk: str) -> HttpResponse:
    """Note that a milestone was moved, reached or dropped."""
    found = get_object_or_404(Milestone, pk=pk, measure__in=own_measures(request.actor).values("pk"))

    def act(_measure: Measure, values: dict[str, Any]) -> None:
        actions.move_milestone(request.actor, str(pk), evidence_id=values.pop("evidence"), **values)

    return _added(
        request, str(found.measure_id), lambda m, data, initial: forms.StepForm(data, initial=initial, measure=m), act,
        _("Milestone: %s") % found.title, {"on": timezone.localdate()},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def budget(request: HttpRequest, pk: str) -> HttpResponse:
    """Note money for a year."""

    def act(measure: Measure, values: dict[str, Any]) -> None:
        actions.set_budget(request.actor, str(measure.pk), replaces_id=values.pop("replaces"), **values)

    return _added(
        request, pk, lambda m, data, initial: forms.BudgetForm(data, initial=initial, measure=m), act,
        _("Money for a year"), {"year": timezone.localdate().year, "decided_on": timezone.localdate()},
    )  # fmt: skip
