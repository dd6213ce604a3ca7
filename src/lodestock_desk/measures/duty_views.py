"""Pages of the duties of the raw-materials act: tasks, stock report, safe level, large companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lodestock.errors import LodestockError
from lodestock.evidence.store import Store
from lodestock.measures.duties import duties
from lodestock.scenario.trade_norms import CodeLevel, Levels, safe_levels
from lodestock_desk.accounts.access import visible_companies
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.measures import duty_actions, duty_forms
from lodestock_desk.measures.access import own_measures, visible_facts, visible_lots, visible_measures, visible_notes
from lodestock_desk.measures.companies import Row, large_companies
from lodestock_desk.measures.duties import Standing, all_standing, standing, version, versions
from lodestock_desk.measures.duty_models import Answer, StockLot
from lodestock_desk.measures.wording import stock_wording
from lodestock_desk.measures.words import Both, Subject


def _standing(request: HttpRequest) -> list[Standing]:
    law = version(request.GET.get("law", ""))
    return all_standing(visible_notes(request.actor), timezone.localdate(), law.id)


@require_safe
@needs("duty.see")
def index(request: HttpRequest) -> HttpResponse:
    """The duties as tasks, what is overdue first."""
    law = version(request.GET.get("law", ""))
    context = {
        "rows": _standing(request), "law": law, "laws": versions(), "may_keep": request.actor.may("duty.keep"),
    }  # fmt: skip
    return render(request, "measures/duties.html", context)


@require_safe
@needs("duty.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The duties as CSV or JSON, under the version of the law that was asked."""
    law = version(request.GET.get("law", ""))
    header = ("duty", "article", "title_nl", "title_en", "bound", "due", "overdue", "taken_up_by", "last_done",
              "evidence", "law", "law_is_proposal", "change_nl", "change_en")  # fmt: skip
    rows = [
        [s.duty.id, s.duty.article, s.title.nl, s.title.en, s.duty.bound, s.due, s.overdue,
         s.taken.organisation.short if s.taken else None, s.last.on if s.last else None,
         (s.last.link or s.last.reference) if s.last else None, law.id, law.proposal,
         s.change.nl if s.change else None, s.change.en if s.change else None]
        for s in _standing(request)
    ]  # fmt: skip
    return (as_json if ending == "json" else as_csv)("duties", header, rows)


@require_http_methods(["GET", "POST"])
@needs("duty.keep")
def note(request: HttpRequest, duty: str) -> HttpResponse:
    """Take a duty up, or note that it was fulfilled."""
    if duty not in duties():
        raise Http404
    law = version(request.GET.get("law", ""))
    form = duty_forms.DutyForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            duty_actions.note_duty(request.actor, duty, law=law.id, **form.cleaned_data)
            return redirect("measures:duties")
    found = standing(duties()[duty], visible_notes(request.actor).filter(duty=duty), timezone.localdate(), law.id)
    context = {
        "form": form, "title": f"{found.title} (art. {found.duty.article})", "back_to": reverse("measures:duties"),
        "intro": found.trigger or "",
    }  # fmt: skip
    return render(request, "desk/form.html", context)


def _by_material(lots: Iterable[StockLot]) -> list[tuple[str, list[StockLot]]]:
    """Lots by material, oldest first, so that five years stand under each other."""
    found: dict[str, list[StockLot]] = {}
    for lot in lots:
        found.setdefault(lot.material, []).append(lot)
    return sorted(found.items())


@require_safe
@needs("duty.see")
def stocks(request: HttpRequest) -> HttpResponse:
    """Article 22: what is held; what is prepared stands apart and is never counted."""
    measures = [m for m in visible_measures(request.actor) if m.subject == Subject.STOCK]
    wordings = [(m, stock_wording(m)) for m in measures]
    mine = set(own_measures(request.actor).values_list("pk", flat=True))
    context = {
        "lots": _by_material(visible_lots(request.actor)),
        "held": [(m, w, m.pk in mine) for m, w in wordings if w.holds],
        "planned": [(m, w) for m, w in wordings if not w.holds],
    }  # fmt: skip
    return render(request, "measures/stocks.html", context)


@require_safe
@needs("duty.see")
def export_stocks(request: HttpRequest, ending: str) -> HttpResponse:
    """The fields of article 22 as CSV or JSON; what is not known is empty."""
    header = ("as_of", "material", "amount_t", "share_of_national_use_pct", "form", "purity", "holder", "ownership",
              "release_rules", "evidence")  # fmt: skip
    rows = [
        [lot.as_of, lot.material, lot.amount_t, None if lot.share is None else round(lot.share, 2), lot.form or None,
         lot.purity or None, lot.holder or None, lot.ownership, lot.release_rules or None, str(lot.evidence)]
        for lot in visible_lots(request.actor)
    ]  # fmt: skip
    return (as_json if ending == "json" else as_csv)("stock-report", header, rows)


@require_http_methods(["GET", "POST"])
@needs("measure.keep")
def lot(request: HttpRequest, pk: str) -> HttpResponse:
    """Note what is held under a measure on a day."""
    measure = get_object_or_404(own_measures(request.actor), pk=pk)
    form = duty_forms.LotForm(request.POST or None, measure=measure, initial={"as_of": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        evidence = values.pop("evidence")
        with shown_on(form):
            duty_actions.add_lot(request.actor, str(pk), values, evidence_id=evidence)
            return redirect("measures:stocks")
    context = {"form": form, "title": str(measure.title), "back_to": reverse("measures:stocks")}
    return render(request, "desk/form.html", context)


def _mind(item: CodeLevel) -> Both:
    """What a reader must know of a code: why it is not known, that it mixes materials, flows without a quantity."""
    nl, en = [], []
    if item.level is None:
        nl.append(item.reason.nl)
        en.append(item.reason.en)
    if item.mixed:
        nl.append("de code mengt stoffen")
        en.append("the code mixes materials")
    if item.missing:
        nl.append(f"stromen zonder hoeveelheid: {item.missing}")
        en.append(f"flows without a quantity: {item.missing}")
    return Both("; ".join(nl) or "–", "; ".join(en) or "–")


@require_safe
@needs("duty.see")
def safe_level(request: HttpRequest) -> HttpResponse:
    """Article 23: average daily net imports × days, beside what is held."""
    given = {"region": "NLD", "material": "rare-earth-magnets", "days": "60"}
    form = duty_forms.SafeLevelForm(request.GET if "days" in request.GET else given)
    found: Levels | None = None
    if form.is_valid():
        asked = form.cleaned_data
        with shown_on(form):
            try:
                found = safe_levels(
                    Store.open(), asked["region"], asked["days"], material=asked["material"], year=None,
                    today=timezone.localdate(),
                )  # fmt: skip
            except LodestockError as error:
                form.add_error(None, " ".join(part for part in (error.what, error.why, error.mend) if part))
    held = list(visible_lots(request.actor).filter(material=form.cleaned_data["material"])) if found else []
    codes = [(c, Both(c.name.nl, c.name.en), _mind(c)) for c in found.codes] if found else []
    context = {"form": form, "found": found, "codes": codes, "held": held}
    return render(request, "measures/safe_level.html", context)


def _large(request: HttpRequest, verb: str) -> list[Row]:
    """The findings; they rest on what companies said when called, so reading them is recorded."""
    rows = large_companies(request.actor, timezone.localdate())
    if rows:
        reading(request.actor, request.actor.organisation, verb, companies=[str(row.company.pk) for row in rows])
    return rows


@require_safe
@needs("duty.keep")
def large(request: HttpRequest) -> HttpResponse:
    """Article 24: which companies are large and use strategic materials, with the reasons."""
    rows = _large(request, "article-24.listed")
    counts = {answer: sum(1 for r in rows if r.finding.verdict == answer) for answer in Answer.values}
    return render(request, "measures/large.html", {"rows": rows, "counts": counts})


@require_safe
@needs("duty.keep")
def export_large(request: HttpRequest, ending: str) -> HttpResponse:
    """The companies of article 24 with answers and reasons, as CSV or JSON."""
    header = ("company", "kvk", "article_24", "staff_above_500", "turnover_above_150_meur", "uses_strategic",
              "makes_listed", "reasons", "source", "year")  # fmt: skip
    rows: list[list[Any]] = []
    for row in _large(request, "article-24.exported"):
        answers = [c.answer.value for c in row.finding.criteria]
        reasons = "; ".join(f"{c.name}: {c.why}" for c in row.finding.criteria)
        rows.append([
            row.company.name, row.company.kvk, row.finding.verdict.value, *answers, reasons,
            row.fact.source if row.fact else None, row.fact.year if row.fact else None,
        ])  # fmt: skip
    return (as_json if ending == "json" else as_csv)("article-24", header, rows)


@require_http_methods(["GET", "POST"])
@needs("duty.keep")
def company(request: HttpRequest, pk: str) -> HttpResponse:
    """Note the size of a company and what it makes."""
    found = get_object_or_404(visible_companies(request.actor), pk=pk)
    last = visible_facts(request.actor).filter(company=found).first()
    if last and request.method == "GET":
        reading(request.actor, last, "article-24.read")
    names = ("year", "staff", "turnover_meur", "uses", "makes", "technologies", "source")
    initial = {n: getattr(last, n) for n in names} if last else {"uses": "unknown", "makes": "unknown"}
    form = duty_forms.CompanyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            duty_actions.note_company(request.actor, str(pk), **form.cleaned_data)
            return redirect("measures:large")
    return render(request, "desk/form.html", {"form": form, "title": found.name, "back_to": reverse("measures:large")})
