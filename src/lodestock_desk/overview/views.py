"""Pages of the overview and of tasks for lapsing measures."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock.disruption.controls import due, read_register
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.fields import ReasonField
from lodestock_desk.overview import actions
from lodestock_desk.overview.access import visible_tasks
from lodestock_desk.overview.indicators import REGIONS, Indicators, indicators
from lodestock_desk.overview.material import a_week_ago, about, changed_since, materials_in_use
from lodestock_desk.overview.tiles import tile_map


class FindingForm(forms.Form):
    """What applies after the date."""

    finding = ReasonField(label=gettext_lazy("What applies now, and where did you read it?"))


@require_safe
@needs("overview.see")
def index(request: HttpRequest) -> HttpResponse:
    """Materials, what changed since last week, and measures whose date nears or has passed."""
    today = timezone.localdate()
    materials, counted_at = materials_in_use(request.actor)
    context = {
        "materials": materials,
        "counted_at": counted_at,
        "changed": changed_since(request.actor, a_week_ago()),
        "since": a_week_ago(),
        "due": due(today, within_days=90),
        "tasks": [(t, _title(t.control)) for t in visible_tasks(request.actor).filter(done_on=None)],
        "today": today,
    }
    return render(request, "desk/overview/list.html", context)


def _title(control: str) -> str:
    return next((getattr(c.title, vocab.lang()) for c in read_register() if c.id == control), control)


@require_safe
@needs("overview.see")
def one(request: HttpRequest, material: str) -> HttpResponse:
    """One material."""
    key = vocab.resolve(material)
    if not key:
        raise Http404
    known = indicators(key)
    context = {"key": key, "known": known, "suppliers": _suppliers(known), "map": _map(key, known)}
    return render(request, "desk/overview/one.html", {**context, **about(request.actor, key)})


def _suppliers(known: Indicators) -> list[tuple[str, float | None, float | None]]:
    """Suppliers by name with their share of the Dutch and of the Union's imports; the six largest of either."""
    shares = {region: dict(pairs) for region, pairs in known.shares}
    most = {key for _region, pairs in known.shares for key, _share in pairs[:6]}
    names = dict(vocab.country_choices())
    rows = [(names.get(key, key), *(shares[region].get(key) for region in REGIONS)) for key in most]
    return sorted(rows, key=lambda row: (-(row[1] or 0), -(row[2] or 0)))


def _map(key: str, known: Indicators) -> SafeString | str:
    shares = dict(known.shares).get("NLD")
    if not shares:
        return ""
    said = {"material": vocab.material_name(key), "code": known.imports[0].code, "year": known.imports[0].year}
    title = _("%(material)s: shipments to the Netherlands by country, HS %(code)s, %(year)d") % said
    return tile_map(title, shares)


@require_POST
@needs("task.keep")
def make_tasks(request: HttpRequest) -> HttpResponse:
    """Make the tasks that are due."""
    made = actions.make_tasks(request.actor)
    messages.success(request, _("%d tasks made.") % made)
    return redirect("overview:list")


@require_http_methods(["GET", "POST"])
@needs("task.keep")
def finish(request: HttpRequest, pk: str) -> HttpResponse:
    """Note what applies after a date."""
    task = get_object_or_404(visible_tasks(request.actor), pk=pk)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.finish_task(request.actor, str(pk), **form.cleaned_data)
        return redirect("overview:list")
    context = {"form": form, "title": _title(task.control), "back_to": reverse("overview:list")}
    return render(request, "desk/form.html", context)
