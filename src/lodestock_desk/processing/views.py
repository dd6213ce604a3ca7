"""Pages of project files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock.measures.law_book import law_book
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.processing import actions, clocks, forms, words
from lodestock_desk.processing.access import (
    own_projects,
    visible_actions,
    visible_funding,
    visible_projects,
    visible_tasks,
)
from lodestock_desk.processing.calendar_file import as_ics
from lodestock_desk.processing.models import Project
from lodestock_desk.processing.money import gap
from lodestock_desk.processing.readings import listed, opened
from lodestock_desk.processing.timeline import timeline

_ORDER = {"late": 0, "near": 1, "stopped": 2, "running": 3, "none": 4}
_EVENT_KINDS = {"stop": forms.StopForm, "extension": forms.ExtensionForm}


@require_safe
@needs("project.see")
def index(request: HttpRequest) -> HttpResponse:
    """All projects that this actor sees: what is late or near first, with filters."""
    today = timezone.localdate()
    found = clocks.files(visible_projects(request.actor), today)
    counts = {key: sum(file.standing == key for file in found) for key in _ORDER}
    asked = {name: request.GET.get(name, "") for name in ("standing", "stage", "material")}
    rows = [
        file for file in found
        if (not asked["standing"] or file.standing == asked["standing"])
        and (not asked["stage"] or file.project.stage == asked["stage"])
        and (not asked["material"] or file.project.material == asked["material"])
    ]  # fmt: skip
    rows.sort(key=lambda file: (_ORDER[file.standing], file.next.deadline if file.next else today.max))
    materials = sorted(
        {(f.project.material, vocab.material_name(f.project.material)) for f in found}, key=lambda m: m[1]
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    tasks = list(visible_tasks(request.actor).filter(done_on=None))
    shown = [*(file.project.pk for file in page.object_list), *(task.project_id for task in tasks)]
    listed(request.actor, "project.listed", shown)
    context = {
        "page": page,
        "counts": [(key, label, counts[key]) for key, label in words.STANDING.items()],
        "asked": asked,
        "standings": words.STANDING.items(),
        "stages": words.Stage.choices,
        "materials": materials,
        "tasks": tasks,
        "law": law_book(),
        "today": today,
    }
    return render(request, "processing/list.html", context)


@require_safe
@needs("project.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Every clock of every project that this actor sees, as CSV or JSON; unknown stays empty."""
    today = timezone.localdate()
    header = ("project", "promoter", "material", "stage", "country", "strategic", "clock", "article", "law", "proposal",
              "start", "running", "deadline", "days_left", "days_late", "days_stopped", "as_of")  # fmt: skip
    found = clocks.files(visible_projects(request.actor), today)
    rows: list[list[Any]] = []
    for file in found:
        p = file.project
        of = [p.name, p.promoter_name, p.material, p.stage, p.country, p.strategic]
        for clock in file.clocks:
            rows += [
                [*of, clock.title, s.article, s.law, s.proposal, s.start, str(s.running), s.deadline, s.left,
                 s.late_days if s.deadline else None, s.suspended if s.deadline else None, today]
                for s in clock.states
            ]  # fmt: skip
        if not file.clocks:
            rows.append([*of, *[None] * 10, today])
    listed(request.actor, "project.exported", (file.project.pk for file in found))
    return (as_json if ending == "json" else as_csv)("projects", header, rows)


@require_safe
@needs("project.see")
def calendar_all(request: HttpRequest) -> HttpResponse:
    """The deadlines of all projects as a calendar file."""
    found = clocks.files(visible_projects(request.actor), timezone.localdate())
    listed(request.actor, "project.calendar-read", (file.project.pk for file in found))
    return as_ics(_("Deadlines of the contact point"), found)


def _own(request: HttpRequest, pk: str) -> Project:
    """An own project for a form that shows what is on file: opening it is a reading; sending it is a write."""
    project = get_object_or_404(own_projects(request.actor), pk=pk)
    if request.method == "GET":
        opened(request.actor, project)
    return project


def _opened(request: HttpRequest, pk: str) -> Project:
    """A project that this actor may see; the reading is recorded, as a file is confidential or was shared."""
    project = get_object_or_404(visible_projects(request.actor), pk=pk)
    opened(request.actor, project)
    return project


@require_safe
@needs("project.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One project file."""
    project = _opened(request, pk)
    today = timezone.localdate()
    events, permits = list(project.events.all()), list(project.permits.all())
    file = clocks.file_of(project, events, permits, today)
    items = {item.key: item for item in project.items.all()}
    mine = own_projects(request.actor).filter(pk=pk).exists()
    context = {
        "project": project,
        "file": file,
        "events": events,
        "permits": permits,
        "criteria": _listed(words.CRITERIA, items),
        "application": _listed(words.APPLICATION, items),
        "received": sum(items[k].state == words.ItemState.RECEIVED for k in words.APPLICATION if k in items),
        "country": dict(vocab.country_choices()).get(project.country, project.country),
        "picture": timeline(file, events, today),
        "versions": law_book().versions.values(),
        "money": gap(visible_funding(request.actor).filter(project=project)),
        "actions": visible_actions(request.actor).filter(project=project),
        "tasks": visible_tasks(request.actor).filter(project=project, done_on=None),
        "mine": mine,
        "today": today,
    }
    return render(request, "processing/one.html", context)


def _listed(which: dict[str, tuple[str, object]], items: dict[str, Any]) -> list[tuple[str, object, Any]]:
    states = dict([*words.ItemState.choices, *words.Finding.choices])
    return [
        (article, title, {"item": items.get(key), "state": states[items[key].state] if key in items else None})
        for key, (article, title) in which.items()
    ]


@require_safe
@needs("project.see")
def calendar_one(request: HttpRequest, pk: str) -> HttpResponse:
    """The deadlines of one project as a calendar file."""
    project = _opened(request, pk)
    file = clocks.file_of(project, list(project.events.all()), list(project.permits.all()), timezone.localdate())
    return as_ics(project.name, [file])


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def keep(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Open or change a project file."""
    project = _own(request, pk) if pk else None
    initial: dict[str, Any] = {"country": "NLD", "strategic": words.Strategic.UNKNOWN}
    if project:
        initial = {name: getattr(project, name) for name in actions.FIELDS}
    form = forms.ProjectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            kept = actions.keep_project(request.actor, form.cleaned_data, project_id=str(pk) if pk else "")
            return redirect("processing:one", pk=kept.pk)
    back = reverse("processing:one", args=[pk]) if pk else reverse("processing:list")
    title = _("Change project file") if project else _("New project file")
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": back})


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def share(request: HttpRequest, pk: str) -> HttpResponse:
    """Say who may open a file."""
    project = _own(request, pk)
    form = forms.ShareForm(request.POST or None, initial={"share": project.share})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.share_project(request.actor, str(pk), **form.cleaned_data)
            return redirect("processing:one", pk=pk)
    context = {"form": form, "title": _("Share this file"), "back_to": reverse("processing:one", args=[pk]),
               "intro": _("Remarks of the contact point are never shared. Each reading is recorded.")}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def event(request: HttpRequest, pk: str, what: str) -> HttpResponse:
    """Note what happened, a stop of the clock, or a longer term."""
    project = _own(request, pk)
    today = timezone.localdate()
    titles = {"event": _("What happened"), "stop": _("Stop the clock"), "extension": _("Extend a term")}
    if what in _EVENT_KINDS:
        form = _EVENT_KINDS[what](request.POST or None, project=project, day=today)
    else:
        form = forms.EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kinds = {"stop": words.Kind.SUSPENDED, "extension": words.Kind.EXTENDED}
        values = {**({"kind": kinds[what]} if what in kinds else {}), **form.cleaned_data}
        with shown_on(form):
            actions.add_event(request.actor, str(pk), **values)
            return redirect("processing:one", pk=pk)
    context = {"form": form, "title": titles[what], "intro": project.name,
               "back_to": reverse("processing:one", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


def _own_event(request: HttpRequest, pk: str, event: str) -> tuple[Project, Any]:
    project = _own(request, pk)
    return project, get_object_or_404(project.events, pk=event)


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def resume(request: HttpRequest, pk: str, event: str) -> HttpResponse:
    """The clock runs again."""
    project, stop = _own_event(request, pk, event)
    if stop.kind != words.Kind.SUSPENDED:
        raise Http404
    form = forms.ResumeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.resume(request.actor, str(event), **form.cleaned_data)
            return redirect("processing:one", pk=pk)
    context = {"form": form, "title": _("The clock runs again"), "back_to": reverse("processing:one", args=[pk]),
               "intro": f"{project.name}: {stop.on:%d-%m-%Y}, {stop.reason}"}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def take_back(request: HttpRequest, pk: str, event: str) -> HttpResponse:
    """Take back an event that was noted by mistake."""
    _project, wrong = _own_event(request, pk, event)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.remove_event(request.actor, str(event), **form.cleaned_data)
            return redirect("processing:one", pk=pk)
    context = {"form": form, "title": _("Take back an event"), "button": _("Take back"),
               "intro": f"{wrong.on:%d-%m-%Y} {wrong.get_kind_display()}",
               "back_to": reverse("processing:one", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def checklist(request: HttpRequest, pk: str, which: str) -> HttpResponse:
    """The criteria of article 6 or the items of article 7."""
    project = _own(request, pk)
    listed = words.CRITERIA if which == "criteria" else words.APPLICATION
    items = {item.key: item for item in project.items.all()}
    form = forms.ChecklistForm(request.POST or None, which=listed, items=items)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.set_items(request.actor, str(pk), form.rows())
            return redirect("processing:one", pk=pk)
    title = _("Criteria of article 6") if which == "criteria" else _("Application: the ten items of article 7")
    rows = [(form[f"{key}-state"], form[f"{key}-on"], form[f"{key}-note"]) for key in listed]
    context = {"form": form, "title": title, "rows": rows, "project": project}
    return render(request, "processing/checklist.html", context)


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def permit(request: HttpRequest, pk: str, permit: str = "") -> HttpResponse:
    """Add or change a permit."""
    project = _own(request, pk)
    kept = get_object_or_404(project.permits, pk=permit) if permit else None
    initial = (
        {name: getattr(kept, name) for name in actions.PERMIT_FIELDS}
        if kept
        else {"outcome": "not_asked", "term_unit": "weeks"}
    )
    form = forms.PermitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.keep_permit(request.actor, str(pk), form.cleaned_data, permit_id=str(permit) if permit else "")
            return redirect("processing:one", pk=pk)
    context = {"form": form, "title": _("Change permit") if kept else _("New permit"), "intro": project.name,
               "back_to": reverse("processing:one", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_POST
@needs("project.keep")
def make_tasks(request: HttpRequest) -> HttpResponse:
    """Make the reminders that are due."""
    made = actions.make_tasks(request.actor)
    messages.success(request, _("%d reminders made.") % made)
    return redirect("processing:list")


@require_http_methods(["GET", "POST"])
@needs("project.keep")
def finish_task(request: HttpRequest, pk: str) -> HttpResponse:
    """Note what was done before a deadline."""
    task = get_object_or_404(visible_tasks(request.actor), pk=pk)
    if request.method == "GET":
        opened(request.actor, task.project)
    form = forms.FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.finish_task(request.actor, str(pk), **form.cleaned_data)
            return redirect("processing:list")
    context = {"form": form, "title": task.project.name, "intro": f"{task.deadline:%d-%m-%Y}",
               "back_to": reverse("processing:list")}  # fmt: skip
    return render(request, "desk/form.html", context)
