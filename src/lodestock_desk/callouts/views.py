"""Pages of call-outs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.access import associations
from lodestock_desk.accounts.guard import needs
from lodestock_desk.callouts import actions, forms
from lodestock_desk.callouts.access import visible_callouts, visible_returns
from lodestock_desk.callouts.models import Asked, Question
from lodestock_desk.callouts.sums import Return, total
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.signals.access import visible_events


@require_safe
@needs("callout.see")
def index(request: HttpRequest) -> HttpResponse:
    """Call-outs, the latest closing date first."""
    context = {"rows": visible_callouts(request.actor)[:200], "today": timezone.localdate()}
    return render(request, "desk/callouts/list.html", context)


@require_safe
@needs("callout.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One call-out: its returns for the asker, its own return for an association, safe sums for others."""
    callout = get_object_or_404(visible_callouts(request.actor), pk=pk)
    returns = list(visible_returns(request.actor).filter(callout=callout))
    asker = request.actor.may("callout.ask") and callout.organisation_id == request.actor.organisation.pk
    everything = total(Return(a.approached, a.answered, a.affected, a.no_problem) for a in callout.asked.all())
    # Others see the sums only when enough associations and companies stand behind them.
    safe = everything.returned >= 3 and (everything.affected == 0 or everything.affected >= POLICY.min_firms)
    return render(
        request,
        "desk/callouts/one.html",
        {
            "callout": callout,
            "returns": returns,
            "said": said(list(callout.questions.all()), returns),
            "asker": asker,
            "total": everything if asker or safe else None,
            "open": timezone.localdate() <= callout.closes_on,
        },
    )


def said(questions: list[Question], returns: list[Asked]) -> list[tuple[Question, list[tuple[Asked, str]]]]:
    """Each question with what the returns answered to it; an empty text is a question that was left open."""
    done = [r for r in returns if r.returned_at]
    return [(q, [(r, r.answers.get(str(q.pk), "")) for r in done]) for q in questions if done]


@require_safe
@needs("callout.ask")
def export(request: HttpRequest, pk: str, ending: str) -> HttpResponse:
    """The returns of an own call-out, as CSV or JSON; who has not answered has empty cells, never 0."""
    callout = get_object_or_404(visible_callouts(request.actor), pk=pk, organisation=request.actor.organisation)
    questions = list(callout.questions.all())
    counts = ("approached", "answered", "affected", "no_problem")
    rows = [
        [r.association.name, *(getattr(r, name) for name in counts), *(r.answers.get(str(q.pk)) for q in questions),
         r.remarks or None, r.returned_at and timezone.localdate(r.returned_at)]
        for r in visible_returns(request.actor).filter(callout=callout)
    ]  # fmt: skip
    header = ("association", *counts, *(f"question_{n}" for n, _q in enumerate(questions, 1)), "remarks", "returned_on")
    return (as_json if ending == "json" else as_csv)(f"call-out {callout.title}", header, rows)


@require_http_methods(["GET", "POST"])
@needs("callout.ask")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask associations."""
    form = forms.AskForm(
        request.POST or None, associations=list(associations()), events=list(visible_events(request.actor)[:100])
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        with shown_on(form):
            made = actions.ask(
                request.actor, association_ids=values.pop("associations"), event_id=values.pop("event"), **values
            )
            return redirect("callouts:one", pk=made.pk)
    context = {"form": form, "title": _("New call-out"), "back_to": reverse("callouts:list"), "button": _("Ask")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("callout.answer")
def answer(request: HttpRequest, pk: str) -> HttpResponse:
    """Return counts and answers."""
    asked = get_object_or_404(visible_returns(request.actor), callout_id=pk)
    initial = {name: getattr(asked, name) for name in ("approached", "answered", "affected", "no_problem", "remarks")}
    initial |= {f"question_{key}": text for key, text in asked.answers.items()}
    questions = list(asked.callout.questions.all())
    form = forms.AnswerForm(request.POST or None, initial=initial, questions=questions)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.answer(request.actor, str(pk), **form.values())
            return redirect("callouts:one", pk=pk)
    context = {
        "form": form,
        "title": asked.callout.title,
        "intro": asked.callout.text,
        "back_to": reverse("callouts:one", args=[pk]),
        "button": _("Send answer"),
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("callout.ask")
def extend(request: HttpRequest, pk: str) -> HttpResponse:
    """Another closing date."""
    callout = get_object_or_404(visible_callouts(request.actor), pk=pk, organisation=request.actor.organisation)
    form = forms.ExtendForm(request.POST or None, initial={"closes_on": callout.closes_on})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.extend(request.actor, str(pk), **form.cleaned_data)
            return redirect("callouts:one", pk=pk)
    context = {"form": form, "title": callout.title, "back_to": reverse("callouts:one", args=[pk])}
    return render(request, "desk/form.html", context)
