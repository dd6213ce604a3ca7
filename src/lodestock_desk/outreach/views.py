"""Pages of outreach: ranking with reasons, campaigns, calls, import."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.access import visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.outreach import actions, forms
from lodestock_desk.outreach.access import (
    visible_calls,
    visible_campaigns,
    visible_clues,
    visible_imports,
    visible_judgements,
)
from lodestock_desk.outreach.ranking import ClueRow, Company, Score, quality, rank


def ranking(actor: Actor, material: str) -> list[Score]:
    """The companies ranked for a material by the team's clues; clues on wider groups count too."""
    clues = [
        ClueRow(c.kind, c.value, c.weight, c.reason)
        for c in visible_clues(actor).filter(material__in=vocab.wider(material))
    ]
    companies = [
        Company(str(c.pk), tuple(c.sbi), tuple(c.products), tuple(a.short for a in c.memberships_of.all()))
        for c in visible_companies(actor).prefetch_related("memberships_of")
    ]
    return rank(companies, clues)


@require_safe
@needs("outreach.see")
def index(request: HttpRequest) -> HttpResponse:
    """Companies by plausibility of using a material, with the reasons and what people judged."""
    keys = sorted(set(visible_clues(request.actor).values_list("material", flat=True)))
    asked = vocab.resolve(request.GET.get("material", "")) or (keys[0] if keys else "")
    scores = ranking(request.actor, asked) if asked else []
    page = Paginator(scores, 50).get_page(request.GET.get("page"))
    companies = visible_companies(request.actor).in_bulk([s.company for s in page])
    by_id = {str(key): company for key, company in companies.items()}
    judged = {}
    for j in visible_judgements(request.actor).filter(material=asked, company__in=companies).order_by("created_at"):
        judged[str(j.company_id)] = j
    context = {
        "asked": asked,
        "materials": [(key, vocab.material_name(key)) for key in keys],
        "page": page,
        "rows": [(by_id[s.company], s, judged.get(s.company)) for s in page],
        "campaigns": visible_campaigns(request.actor)[:20],
    }
    return render(request, "desk/outreach/list.html", context)


@require_safe
@needs("outreach.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The ranking of a material as CSV or JSON."""
    asked = vocab.resolve(request.GET.get("material", ""))
    scores = ranking(request.actor, asked) if asked else []
    companies = {str(c.pk): c for c in visible_companies(request.actor)}
    rows = [(companies[s.company].name, companies[s.company].kvk, s.score, "; ".join(s.reasons)) for s in scores]
    return (as_json if ending == "json" else as_csv)(f"ranking-{asked}", ("name", "kvk", "score", "reasons"), rows)


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def judge(request: HttpRequest, pk: str, material: str) -> HttpResponse:
    """A person's yes or no on a company."""
    company = get_object_or_404(visible_companies(request.actor), pk=pk)
    form = forms.JudgeForm(request.POST or None)
    back = f"{reverse('outreach:list')}?material={material}"
    if request.method == "POST" and form.is_valid():
        actions.judge(request.actor, str(pk), material=vocab.resolve(material), **form.cleaned_data)
        return redirect(back)
    title = f"{company.name}: {vocab.material_name(material)}"
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": back})


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def clues(request: HttpRequest) -> HttpResponse:
    """The clues, and a form to add one."""
    form = forms.ClueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.add_clue(request.actor, **form.cleaned_data)
            return redirect("outreach:clues")
    return render(request, "desk/outreach/clues.html", {"form": form, "rows": visible_clues(request.actor)})


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def remove_clue(request: HttpRequest, pk: str) -> HttpResponse:
    """Remove a clue."""
    clue = get_object_or_404(visible_clues(request.actor), pk=pk)
    form = forms.RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_clue(request.actor, str(pk), **form.cleaned_data)
        return redirect("outreach:clues")
    context = {"form": form, "title": _("Remove %s") % clue.value, "back_to": reverse("outreach:clues")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def new_campaign(request: HttpRequest) -> HttpResponse:
    """Start a round of calls."""
    form = forms.CampaignForm(request.POST or None, initial={"started": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        made = actions.start_campaign(request.actor, **form.cleaned_data)
        return redirect("outreach:campaign", pk=made.pk)
    context = {"form": form, "title": _("New campaign"), "back_to": reverse("outreach:list")}
    return render(request, "desk/form.html", context)


@require_safe
@needs("outreach.see")
def campaign(request: HttpRequest, pk: str) -> HttpResponse:
    """A campaign: whom to call, what was found, and how good the ranking was."""
    found = get_object_or_404(visible_campaigns(request.actor), pk=pk)
    scores = ranking(request.actor, found.material)
    calls = list(visible_calls(request.actor).filter(campaign=found))
    called = {str(c.company_id) for c in calls}
    above = [s for s in scores if s.score >= found.cut]
    below = [s for s in scores if s.score < found.cut]
    # A sample below the cut that does not follow the order of the ranking: by id, which is random.
    sample = sorted(below, key=lambda s: s.company)[: found.sample]
    companies = {str(c.pk): c for c in visible_companies(request.actor)}
    to_call = [(companies[s.company], s) for s in (*above, *sample) if s.company not in called]
    measured = quality([(c.score, c.result) for c in calls], found.cut, len(above), len(below))
    context = {"campaign": found, "to_call": to_call[:100], "calls": calls, "quality": measured}
    return render(request, "desk/outreach/campaign.html", context)


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def call(request: HttpRequest, pk: str, company: str) -> HttpResponse:
    """Note a call."""
    found = get_object_or_404(visible_campaigns(request.actor), pk=pk)
    callee = get_object_or_404(visible_companies(request.actor), pk=company)
    form = forms.CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        score = next((s.score for s in ranking(request.actor, found.material) if s.company == str(company)), 0)
        actions.note_call(request.actor, str(pk), str(company), score=score, **form.cleaned_data)
        return redirect("outreach:campaign", pk=pk)
    context = {
        "form": form,
        "title": _("Call to %s") % callee.name,
        "intro": found.questions,
        "back_to": reverse("outreach:campaign", args=[pk]),
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def upload(request: HttpRequest) -> HttpResponse:
    """Read a file of companies for a preview."""
    form = forms.FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with shown_on(form):
            made = actions.read_file(request.actor, name=file.name, content=file.read())
            return redirect("outreach:preview", pk=made.pk)
    context = {
        "form": form,
        "title": _("Companies from a file"),
        "back_to": reverse("outreach:list"),
        "button": _("Read"),
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("outreach.keep")
def preview(request: HttpRequest, pk: str) -> HttpResponse:
    """What a file would change; applied only from here."""
    waiting = get_object_or_404(visible_imports(request.actor), pk=pk)
    faults = sum(bool(row["faults"]) for row in waiting.rows)
    if request.method == "POST" and not faults and waiting.applied_at is None:
        made, changed = actions.apply_import(request.actor, str(pk))
        text = _("%(made)d companies made, %(changed)d changed.") % {"made": made, "changed": changed}
        messages.success(request, text)
        return redirect("outreach:list")
    return render(request, "desk/outreach/preview.html", {"waiting": waiting, "faults": faults})
