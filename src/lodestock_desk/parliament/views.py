"""Pages on which a piece is written: list, one, versions, numbers, senders, route, files."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.export import file_name
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.dossiers.results import newest
from lodestock_desk.dossiers.stored import PublishedResult, ResultKind
from lodestock_desk.measures.models import BudgetLine
from lodestock_desk.measures.words import STATUS_WORDS
from lodestock_desk.parliament import actions, file, forms, route, route_actions
from lodestock_desk.parliament.access import asked_of, own_pieces, steps_of, visible_pieces
from lodestock_desk.parliament.export import docx, pdf
from lodestock_desk.parliament.models import Piece, Version
from lodestock_desk.parliament.numbers import REGISTER, number_for, why_stale, written
from lodestock_desk.parliament.page import document, kind_of
from lodestock_desk.parliament.progress import since
from lodestock_desk.parliament.text import LANGUAGES, difference, write
from lodestock_desk.parliament.waiting import waiting_now
from lodestock_desk.parliament.words import Part, Settled, State, Verb

MAKERS = {"pdf": (pdf, "application/pdf"),
          "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")}  # fmt: skip


@require_safe
@needs("piece.see")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for the actor, and all pieces that the actor may see."""
    rows = visible_pieces(request.actor)
    asked = request.GET.get("state", "")
    if asked in State.values:
        rows = rows.filter(state=asked)
    context = {
        "page": Paginator(rows, 25).get_page(request.GET.get("page")),
        "waiting": waiting_now(request.actor), "asked": asked, "states": State.choices, "today": timezone.localdate(),
        "writes": request.actor.may("piece.write"), "deputies": request.actor.may("piece.approve"),
    }  # fmt: skip
    return render(request, "parliament/list.html", context)


@require_safe
@needs("piece.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """A piece with its nota, route, findings and history."""
    piece = get_object_or_404(visible_pieces(request.actor), pk=pk)
    standing = file.read(piece)
    turn = {step.id for step in route.waiting(standing)}
    documents, asked = [], request.GET.get("text", "")
    lang = asked if asked in LANGUAGES else vocab.lang()
    told = set(piece.findings.values_list("part", flat=True))  # a settled finding may be of an older version
    once = set(piece.versions.filter(restricted=True, part__in=told).values_list("part", flat=True))
    for part in Part:
        version = piece.version(part)
        if (version is not None and version.restricted) or part in once:
            reading(request.actor, piece, "piece.read", part=part)
        shown = document(piece, version, lang, public=False) if version else None
        documents.append({"part": part, "version": version, "shown": shown})
    found = {str(s.pk): s for s in piece.steps.select_related("office", "ministry")}
    mine, acts = steps_of(request.actor, piece.steps.all()), file.last_done_of(found.values())
    people = asked_of(step for key, step in found.items() if key in turn)
    steps = [
        {"step": found[r.id], "done": acts.get(r.id) if route.valid(r, standing) else None, "before": acts.get(r.id),
         "turn": r.id in turn, "mine": r.id in mine, "people": people.get(r.id, ())}
        for r in standing.steps
    ]  # fmt: skip
    own = own_pieces(request.actor).filter(pk=pk).exists()
    history = list(piece.acts.select_related("person"))
    came_back = history[-1] if history and history[-1].verb == Verb.RETURNED else None
    context = {
        "piece": piece, "documents": documents, "steps": steps, "own": own,
        "open": piece.findings.filter(state=Settled.OPEN), "settled": piece.findings.exclude(state=Settled.OPEN),
        "acts": history, "came_back": came_back, "complete": route.complete(standing),
        "writable": own and piece.state in route.MUTABLE, "draft": own and piece.state == State.DRAFT,
        "today": timezone.localdate(), "faults": route.faults_of_route(standing.steps, standing.senders),
        "kept": piece.fulfils.select_related("commitment"), "text_in": lang,
    }  # fmt: skip
    return render(request, "parliament/one.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def start(request: HttpRequest) -> HttpResponse:
    """Start a piece."""
    form = forms.StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = actions.start(request.actor, form.cleaned_data)
            return redirect("parliament:one", pk=made.pk)
    context = {"form": form, "title": _("New letter or answers"), "back_to": reverse("parliament:list")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def writing(request: HttpRequest, pk: str, part: str) -> HttpResponse:
    """Write a new version of the nota or the piece."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    version = piece.version(_known(part))
    form = forms.WriteForm(request.POST or None, initial=_initial(piece, version, part))
    del form.fields["addressees" if part == Part.NOTA else "annexes"]
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.write(request.actor, str(pk), part, _draft(form.cleaned_data))
            return redirect("parliament:one", pk=pk)
    if version is not None and version.restricted:
        reading(request.actor, piece, "piece.read", part=part, version=version.number)
    numbers = (
        [(key, written(n, vocab.lang()), n, why_stale(n)) for key, n in version.text.numbers.items()] if version else []
    )
    context = {
        "form": form, "title": f"{Part(part).label}: {piece.subject_nl}", "piece": piece, "part": part,
        "numbers": numbers, "back_to": reverse("parliament:one", args=[pk]), "version": version,
    }  # fmt: skip
    return render(request, "parliament/write.html", context)


def _initial(piece: Piece, version: Version | None, part: str) -> dict[str, Any]:
    if version is None:
        outline = "# Aanleiding\n\n# Geadviseerd besluit\n\n# Kernpunten\n" if part == Part.NOTA else ""
        english = "# Reason\n\n# Advised decision\n\n# Key points\n" if part == Part.NOTA else ""
        title = {"title_nl": piece.subject_nl, "title_en": piece.subject_en}
        return title | {
            "nl": outline,
            "en": english,
            "addressees": "de Voorzitter van de Tweede Kamer der Staten-Generaal",
        }
    text = version.text
    return {
        "title_nl": text.title.get("nl", ""), "title_en": text.title.get("en", ""),
        "nl": write(text.blocks["nl"], "nl"), "en": write(text.blocks["en"], "en"), "read": str(version.number),
        "addressees": "\n".join(text.about.get("addressees", ())),
        "annexes": forms.write_annexes(text.about.get("annexes", [])),
    }  # fmt: skip


def _draft(data: dict[str, Any]) -> actions.Draft:
    about: dict[str, Any] = {}
    if "addressees" in data:
        about["addressees"] = data["addressees"]
    if "annexes" in data:
        about["annexes"] = forms.read_annexes(data["annexes"])
    return actions.Draft(
        {"nl": data["title_nl"], "en": data["title_en"]}, {"nl": data["nl"], "en": data["en"]}, about, data["note"],
        read=int(data["read"]) if data["read"].isdigit() else 0,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def number(request: HttpRequest, pk: str, part: str) -> HttpResponse:
    """Put a number among those that the text may cite: first its result, then which number of it."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    _known(part)
    result = request.GET.get("result", "")
    form = forms.NumberForm(request.POST or None, entries=_entries(result)) if result else None
    if request.method == "POST" and form is not None and form.is_valid():
        with shown_on(form):
            found = number_for(result, form.cleaned_data["entry"])
            actions.cite(request.actor, str(pk), part, form.cleaned_data["name"], found)
            return redirect("parliament:write", pk=pk, part=part)
    results = PublishedResult.objects.filter(kind=ResultKind.RUN).values_list("name", flat=True)
    context = {
        "form": form, "title": _("A number for the text"), "result": result, "piece": piece, "part": part,
        "results": [REGISTER, *sorted(set(results))], "back_to": reverse("parliament:write", args=[pk, part]),
    }  # fmt: skip
    return render(request, "parliament/number.html", context)


def _entries(result: str) -> list[tuple[str, str]]:
    lang = vocab.lang()
    if result == REGISTER:
        lines = BudgetLine.objects.select_related("measure").filter(replaced_by=None)[:500]
        found = [(f"budget.{b.pk}", f"{b.measure.title}, {b.year}: € {b.amount_eur}") for b in lines]
        measures = _("Measures")
        return [*found, *((f"measures.{key}", f"{measures}: {said}") for key, said in STATUS_WORDS.items())]
    run = newest(result)
    entries = run.content.numbers.all() if run else ()
    return [
        (n.key, f"{(n.entry.get('label') or {}).get(lang, n.key)}: {written(n.entry, lang)} ({n.key})") for n in entries
    ]


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def senders(request: HttpRequest, pk: str) -> HttpResponse:
    """Who sends."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    initial = {}
    for row, sender in enumerate(piece.senders.all()[:4], start=1):
        initial |= {f"office_{row}": str(sender.office_id), f"how_{row}": sender.how}
    form = forms.SendersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.set_senders(request.actor, str(pk), form.senders())
            return redirect("parliament:one", pk=pk)
    context = {"form": form, "title": _("Who sends"), "back_to": reverse("parliament:one", args=[pk])}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def set_route(request: HttpRequest, pk: str) -> HttpResponse:
    """The steps of the route."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    initial: dict[str, Any] = {}
    for row, step in enumerate(piece.steps.all(), start=1):
        party = f"m:{step.ministry_id}" if step.ministry_id else f"o:{step.office_id}"
        initial |= {
            f"kind_{row}": step.kind,
            f"party_{row}": party,
            f"order_{row}": step.order,
            f"due_{row}": step.due_on,
        }
    rows = max(forms.ROWS, piece.steps.count() + 3)
    form = forms.RouteForm(request.POST or None, initial=initial, rows=rows)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.set_route(request.actor, str(pk), [actions.Stop(k, o, p, d) for k, o, p, d in form.stops()])
            return redirect("parliament:one", pk=pk)
    context = {
        "form": form, "title": _("Approval route"), "back_to": reverse("parliament:one", args=[pk]),
        "intro": _("Four things, each apart: coordination, agreement, initials, signature. Signatures come last."),
    }  # fmt: skip
    return render(request, "parliament/route.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def from_register(request: HttpRequest, pk: str) -> HttpResponse:
    """Begin a progress letter from what changed in the register of measures."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    form = forms.SinceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            text, numbers = since(form.cleaned_data["since"], timezone.localdate())
            actions.begin_with(request.actor, str(pk), text, numbers)
            return redirect("parliament:one", pk=pk)
    context = {"form": form, "title": _("Begin from the register of measures"), "intro": piece.subject_nl,
               "back_to": reverse("parliament:one", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_POST
@needs("piece.write")
def act(request: HttpRequest, pk: str, verb: str) -> HttpResponse:
    """Check, submit, send or publish."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    done = {"check": actions.check, "submit": route_actions.submit, "send": route_actions.send,
            "publish": route_actions.publish}[verb]  # fmt: skip
    form = forms.forms.Form({})
    form.is_valid()
    with shown_on(form):
        done(request.actor, str(pk))
        return redirect("parliament:one", pk=pk)
    context = {"form": form, "piece": piece, "title": piece.subject_nl}
    return render(request, "parliament/refused.html", context, status=400)


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def reason(request: HttpRequest, pk: str, verb: str) -> HttpResponse:
    """Withdraw, or record a notice of delay."""
    piece = get_object_or_404(own_pieces(request.actor), pk=pk)
    delay = verb == "delay"
    form = (forms.DelayForm if delay else forms.OneReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            (actions.notice_of_delay if delay else route_actions.withdraw)(request.actor, str(pk), **form.cleaned_data)
            return redirect("parliament:one", pk=pk)
    title = _("Notice of delay") if delay else _("Withdraw")
    context = {"form": form, "title": title, "intro": piece.subject_nl, "back_to": reverse("parliament:one", args=[pk])}
    return render(request, "desk/form.html", context)


@require_safe
@needs("piece.see")
def changes(request: HttpRequest, pk: str, part: str) -> HttpResponse:
    """What changed between two versions."""
    piece = get_object_or_404(visible_pieces(request.actor), pk=pk)
    versions = {str(v.number): v for v in piece.versions.filter(part=_known(part)).select_related("made_by")}
    if not versions:
        raise Http404
    last = max(versions, key=int)
    new = versions.get(request.GET.get("to", ""), versions[last])
    old = versions.get(request.GET.get("from", ""), versions.get(str(new.number - 1), new))
    for version in (old, new):
        if version.restricted:
            reading(request.actor, piece, "piece.read", part=part, version=version.number)
    found = [(lang, difference(old.text, new.text, lang)) for lang in ("nl", "en")]
    context = {
        "piece": piece,
        "part": Part(part),
        "old": old,
        "new": new,
        "found": found,
        "versions": versions.values(),
    }
    return render(request, "parliament/changes.html", context)


@require_safe
@needs("piece.see")
def download(request: HttpRequest, pk: str, part: str, ending: str) -> HttpResponse:
    """The nota or piece as PDF or DOCX, whole or in its public version."""
    piece = get_object_or_404(visible_pieces(request.actor), pk=pk)
    version = piece.version(_known(part))
    if version is None:
        raise Http404
    public = request.GET.get("public") == "1"
    if not public:
        reading(request.actor, piece, "piece.downloaded", part=part, ending=ending)
    return as_file(piece, version, ending, request.GET.get("lang", vocab.lang()), public=public)


def _known(part: str) -> str:
    """The part, if there is one of that name."""
    if part not in Part.values:
        raise Http404
    return part


def as_file(piece: Piece, version: Version, ending: str, lang: str, *, public: bool) -> HttpResponse:
    """A version as a download with a file name of letters, digits and dashes."""
    maker, kind = MAKERS[ending]
    found = document(piece, version, "en" if lang == "en" else "nl", public=public)
    response = HttpResponse(maker(found), content_type=kind)
    stem = f"{'nota' if version.part == Part.NOTA else kind_of(piece)}-{version.number}-{found.title}"
    response["Content-Disposition"] = f'attachment; filename="{file_name(stem, ending)}"'
    return response
