"""Pages of money, actions and agreements, and neighbours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock.measures.finance_book import instruments
from lodestock_desk.accounts.guard import needs
from lodestock_desk.contacts.access import visible_contacts
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.dossiers.access import public_files
from lodestock_desk.processing import forms as file_forms
from lodestock_desk.processing import means_actions as actions
from lodestock_desk.processing import means_forms as forms
from lodestock_desk.processing import money, words
from lodestock_desk.processing.access import (
    fundable_projects,
    own_actions,
    own_neighbours,
    visible_actions,
    visible_funding,
    visible_neighbours,
    visible_projects,
)
from lodestock_desk.processing.hub import newest_hub
from lodestock_desk.processing.models import Project, TableAction
from lodestock_desk.processing.readings import listed, opened

Page = Callable[..., HttpResponse]


def _rows(found: QuerySet[Any]) -> list[Any]:
    return list(found.select_related("project"))


@require_safe
@needs("finance.see")
def finance(request: HttpRequest) -> HttpResponse:
    """The financiers' table: the gap over all projects, instruments as data, actions."""
    rows, projects = _rows(visible_funding(request.actor)), list(visible_projects(request.actor))
    listed(request.actor, "funding.listed", (project.pk for project in projects))
    context = {
        "years": money.gap(rows),
        "rows": rows,
        "projects": projects,
        "instruments": instruments().values(),
        "actions": visible_actions(request.actor).filter(table=words.Table.FINANCE),
        "own": set(own_actions(request.actor).values_list("pk", flat=True)),
        "today": timezone.localdate(),
    }
    return render(request, "processing/finance.html", context)


@require_safe
@needs("finance.see")
def finance_export(request: HttpRequest, ending: str) -> HttpResponse:
    """Every amount with its source, as CSV or JSON; what is not known stays empty."""
    header = ("project", "year", "level", "asked_meur", "promised_meur", "instrument", "structural", "source", "as_of")
    rows = _rows(visible_funding(request.actor))
    listed(request.actor, "funding.exported", (row.project_id for row in rows))
    lines = [
        [r.project.name, r.year, r.level, r.asked_meur, r.promised_meur, r.instrument, r.structural, r.source, r.on]
        for r in rows
    ]
    return (as_json if ending == "json" else as_csv)("funding", header, lines)


@require_safe
@needs("finance.see")
def project_money(request: HttpRequest, pk: str) -> HttpResponse:
    """The money of one project and the instruments held against it, with the reasons."""
    project = get_object_or_404(visible_projects(request.actor), pk=pk)
    opened(request.actor, project, "project.money-read")
    rows = _rows(visible_funding(request.actor).filter(project=project))
    asked, fault = money.amount_typed(request.GET.get("amount", ""))
    amount = money.asked_meur(rows) if asked is None else asked
    if amount is not None and money.over_cost(amount, project):
        amount, fault = None, fault or _("Asked is more than the project costs: one of the two is wrong.")
    context = {
        "project": project,
        "rows": rows,
        "years": money.gap(rows),
        "amount": amount,
        "typed": request.GET.get("amount", ""),
        "fault": fault,
        "matches": money.matches(project, amount, timezone.localdate()),
        "mine": fundable_projects(request.actor).filter(pk=pk).exists(),
    }
    return render(request, "processing/money.html", context)


def _fundable(request: HttpRequest, pk: str) -> Project:
    """A project for a form that shows its money: opening it is a reading; sending it is a write."""
    project = get_object_or_404(fundable_projects(request.actor), pk=pk)
    if request.method == "GET":
        opened(request.actor, project, "project.money-read")
    return project


@require_http_methods(["GET", "POST"])
@needs("finance.keep")
def funding(request: HttpRequest, pk: str, row: str = "") -> HttpResponse:
    """Note or change what is asked and promised."""
    project = _fundable(request, pk)
    kept = get_object_or_404(project.funding, pk=row) if row else None
    initial = {name: getattr(kept, name) for name in actions.FUNDING_FIELDS} if kept else {"on": timezone.localdate()}
    form = forms.FundingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.keep_funding(request.actor, str(pk), form.cleaned_data, row_id=str(row) if row else "")
            return redirect("processing:money", pk=pk)
    return _form(request, form, _("Money asked and promised"), "processing:money", project.name, pk)


@require_http_methods(["GET", "POST"])
@needs("finance.keep")
def remove_funding(request: HttpRequest, pk: str, row: str) -> HttpResponse:
    """Take back an amount."""
    project = _fundable(request, pk)
    kept = get_object_or_404(project.funding, pk=row)
    form = file_forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.remove_funding(request.actor, str(kept.pk), **form.cleaned_data)
            return redirect("processing:money", pk=pk)
    intro = f"{project.name}, {kept.year}: {kept.source}"
    return _form(request, form, _("Take back an amount"), "processing:money", intro, pk)


def _form(request: HttpRequest, form: Any, title: str, back: str, intro: str, *key: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back_to": reverse(back, args=key), "intro": intro}
    return render(request, "desk/form.html", context)


@require_safe
@needs("siting.see")
def ports(request: HttpRequest) -> HttpResponse:
    """Actions and agreements with ports and industry, and the question of the hub."""
    found = list(visible_actions(request.actor).exclude(table=words.Table.FINANCE))
    listed(request.actor, "action.listed", (item.project_id for item in found))
    hub = newest_hub(request.actor)
    if hub and not public_files(hub.result.name, hub.result.day).filter(entry="", table="").exists():
        reading(request.actor, hub.result, "result.read", page="hub")
    context = {
        "tables": [
            (key, label, [item for item in found if item.table == key])
            for key, label in words.Table.choices
            if key != words.Table.FINANCE
        ],
        "own": set(own_actions(request.actor).values_list("pk", flat=True)),
        "today": timezone.localdate(),
        "hub": hub,
    }
    return render(request, "processing/ports.html", context)


def _action_page(capability: str, table: str, back: str, name: str) -> tuple[Page, Page]:
    """The pages that keep and finish the actions of one table."""

    @require_http_methods(["GET", "POST"])
    @needs(capability)
    def keep(request: HttpRequest, pk: str = "") -> HttpResponse:
        item = get_object_or_404(own_actions(request.actor).filter(table=table), pk=pk) if pk else None
        projects = list(visible_projects(request.actor))
        if request.method == "GET":  # the form names every file that an action can hang on
            listed(request.actor, "project.named", (project.pk for project in projects))
        form = forms.ActionForm(request.POST or None, initial=_initial(item), projects=projects)
        if request.method == "POST" and form.is_valid():
            values = dict(form.cleaned_data)
            project = values.pop("project")
            with shown_on(form):
                actions.keep_action(
                    request.actor, values, table=table, project_id=project, action_id=str(pk) if pk else ""
                )
                return redirect(back)
        return _form(request, form, _("Action or agreement"), back, str(words.Table(table).label))

    @require_http_methods(["GET", "POST"])
    @needs(capability)
    def finish(request: HttpRequest, pk: str) -> HttpResponse:
        item = get_object_or_404(own_actions(request.actor).filter(table=table), pk=pk)
        if request.method == "GET":
            listed(request.actor, "action.listed", [item.project_id])
        form = forms.OutcomeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with shown_on(form):
                actions.finish_action(request.actor, str(pk), **form.cleaned_data)
                return redirect(back)
        return _form(request, form, item.title, back, item.doer)

    keep.__name__, finish.__name__ = f"{name}_keep", f"{name}_finish"
    keep.__doc__, finish.__doc__ = "Note or change an action or agreement.", "Note what came of it."
    return keep, finish


def _initial(item: TableAction | None) -> dict[str, Any]:
    if item is None:
        return {"sort": words.Sort.ACTION}
    known = {name: getattr(item, name) for name in actions.ACTION_FIELDS}
    return {**known, "project": str(item.project_id or "")}


finance_action, finance_finish = _action_page("finance.keep", words.Table.FINANCE, "processing:finance", "finance")
ports_action, ports_finish = _action_page("siting.keep", words.Table.PORTS, "processing:ports", "ports")
industry_action, industry_finish = _action_page("siting.keep", words.Table.INDUSTRY, "processing:ports", "industry")


@require_safe
@needs("siting.see")
def neighbours(request: HttpRequest) -> HttpResponse:
    """Who does what in other countries, with overlaps and gaps first."""
    rows = list(visible_neighbours(request.actor))
    seen = set(visible_contacts(request.actor).values_list("pk", flat=True))
    urgent = (words.Alignment.GAP, words.Alignment.OVERLAP)
    context = {
        "rows": [(row, [c for c in row.contacts.all() if c.pk in seen]) for row in rows],
        "urgent": [row for row in rows if row.status in urgent],
        "areas": dict(forms.area_choices()),
        "own": set(own_neighbours(request.actor).values_list("pk", flat=True)),
    }
    return render(request, "processing/neighbours.html", context)


@require_http_methods(["GET", "POST"])
@needs("siting.keep")
def neighbour(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Note or change who does what elsewhere."""
    row = get_object_or_404(own_neighbours(request.actor), pk=pk) if pk else None
    initial: dict[str, Any] = {"on": timezone.localdate(), "status": words.Alignment.UNKNOWN}
    if row:
        initial = {name: getattr(row, name) for name in actions.NEIGHBOUR_FIELDS}
        initial["contacts"] = [str(c.pk) for c in row.contacts.all()]
    form = forms.NeighbourForm(
        request.POST or None, initial=initial, contacts=list(visible_contacts(request.actor)[:100])
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        contacts = values.pop("contacts")
        with shown_on(form):
            actions.keep_neighbour(request.actor, values, contact_ids=contacts, neighbour_id=str(pk) if pk else "")
            return redirect("processing:neighbours")
    return _form(request, form, _("Who does what elsewhere"), "processing:neighbours", "")
