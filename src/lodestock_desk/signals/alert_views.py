"""Pages of events, alerts, rules, and a company's warnings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock.disruption.controls import read_register
from lodestock_desk.accounts.guard import needs
from lodestock_desk.core import vocab
from lodestock_desk.core.faults import shown_on
from lodestock_desk.signals import actions, alert_actions, forms
from lodestock_desk.signals.access import (
    visible_alerts,
    visible_events,
    visible_reports,
    visible_rules,
    visible_warnings,
)
from lodestock_desk.signals.models import Watch
from lodestock_desk.signals.words import AlertState


def _controls() -> list[tuple[str, str]]:
    return [(c.id, f"{getattr(c.title, vocab.lang())} ({c.instrument})") for c in read_register()]


@require_safe
@needs("event.see")
def events(request: HttpRequest) -> HttpResponse:
    """Events, newest first."""
    return render(request, "desk/signals/events.html", {"rows": visible_events(request.actor)[:200]})


@require_safe
@needs("event.see")
def event(request: HttpRequest, pk: str) -> HttpResponse:
    """One event and the signals that this actor may see of it."""
    found = get_object_or_404(visible_events(request.actor), pk=pk)
    control = next((c for c in read_register() if c.id == found.control), None)
    return render(
        request,
        "desk/signals/event.html",
        {
            "event": found,
            "control": control,
            "status": control.status(timezone.localdate()) if control else "",
            "reports": visible_reports(request.actor).filter(event=found)[:100],
        },
    )


@require_http_methods(["GET", "POST"])
@needs("event.keep")
def keep_event(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Make or change an event."""
    found = get_object_or_404(visible_events(request.actor), pk=pk) if pk else None
    initial = None
    if found:
        initial = {
            "title": found.title,
            "material": found.materials[0] if found.materials else "",
            "started": found.started,
            "ended": found.ended,
            "control": found.control,
            "description": found.description,
        }
    form = forms.EventForm(request.POST or None, initial=initial, controls=_controls())
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["materials"] = [values.pop("material")]
        kept = actions.keep_event(request.actor, event_id=str(pk) if pk else "", **values)
        return redirect("signals:event", pk=kept.pk)
    title = _("Change event") if found else _("New event")
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": reverse("signals:events")})


@require_safe
@needs("alert.see")
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts of the own organisation and its rules."""
    rules = visible_rules(request.actor).order_by("name")
    return render(request, "desk/signals/alerts.html", {"rows": visible_alerts(request.actor)[:100], "rules": rules})


@require_safe
@needs("alert.see")
def alert(request: HttpRequest, pk: str) -> HttpResponse:
    """One alert, its draft texts and its evidence as far as this actor may see it."""
    found = get_object_or_404(visible_alerts(request.actor), pk=pk)
    return render(
        request,
        "desk/signals/alert.html",
        {
            "alert": found,
            "reports": visible_reports(request.actor).filter(alerts=found),
            "decision": _decision_form(request, found, None),
            "steps": found.steps.select_related("by").order_by("created_at"),
        },
    )


def _decision_form(request: HttpRequest, found: object, data: object) -> forms.DecisionForm | None:
    states = alert_actions.next_alert_states(found.state)
    if not states or not request.actor.may("alert.keep"):
        return None
    return forms.DecisionForm(data, choices=[(s.value, AlertState(s).label) for s in states])


@require_http_methods(["GET", "POST"])
@needs("alert.keep")
def decide(request: HttpRequest, pk: str) -> HttpResponse:
    """Decide on an alert."""
    found = get_object_or_404(visible_alerts(request.actor), pk=pk)
    form = _decision_form(request, found, request.POST or None)
    if form is None:
        return redirect("signals:alert", pk=pk)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            alert_actions.decide_alert(request.actor, str(found.pk), **form.cleaned_data)
            return redirect("signals:alert", pk=pk)
    context = {"form": form, "title": _("Decide on an alert"), "back_to": reverse("signals:alert", args=[pk])}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("alert.keep")
def texts(request: HttpRequest, pk: str) -> HttpResponse:
    """Change the draft texts of an alert."""
    found = get_object_or_404(visible_alerts(request.actor), pk=pk)
    names = ("notification_nl", "notification_en", "warning_nl", "warning_en")
    form = forms.TextsForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            alert_actions.edit_texts(request.actor, str(found.pk), **form.cleaned_data)
            return redirect("signals:alert", pk=pk)
    context = {"form": form, "title": _("Texts of the alert"), "back_to": reverse("signals:alert", args=[pk])}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("alert.keep")
def new_rule(request: HttpRequest) -> HttpResponse:
    """Add an alert rule."""
    form = forms.RuleForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        alert_actions.add_rule(request.actor, **form.cleaned_data)
        return redirect("signals:alerts")
    context = {"form": form, "title": _("New alert rule"), "back_to": reverse("signals:alerts")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("alert.keep")
def end_rule(request: HttpRequest, pk: str) -> HttpResponse:
    """End an alert rule."""
    rule = get_object_or_404(visible_rules(request.actor), pk=pk)
    form = forms.SupplementForm(request.POST or None)
    form.fields["text"].label = _("Reason")
    if request.method == "POST" and form.is_valid():
        alert_actions.end_rule(request.actor, str(rule.pk), reason=form.cleaned_data["text"])
        return redirect("signals:alerts")
    context = {"form": form, "title": _("End the rule %s") % rule.name, "back_to": reverse("signals:alerts")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("warning.see")
def warnings(request: HttpRequest) -> HttpResponse:
    """A company's warnings, and the materials it wants to be warned about."""
    form = forms.WatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alert_actions.watch(request.actor, form.cleaned_data["material"])
        return redirect("signals:warnings")
    return render(
        request,
        "desk/signals/warnings.html",
        {
            "rows": visible_warnings(request.actor)[:100],
            "watches": Watch.objects.filter(company=request.actor.organisation).order_by("material"),
            "form": form,
        },
    )


@require_POST
@needs("watch.keep")
def unwatch(request: HttpRequest, pk: str) -> HttpResponse:
    """Stop warnings on a material."""
    get_object_or_404(Watch, pk=pk, company=request.actor.organisation)
    alert_actions.unwatch(request.actor, str(pk))
    return redirect("signals:warnings")


@require_POST
@needs("warning.see")
def read_warning(request: HttpRequest, pk: str) -> HttpResponse:
    """Note that a warning was read."""
    get_object_or_404(visible_warnings(request.actor), pk=pk)
    alert_actions.mark_read(request.actor, str(pk))
    return redirect("signals:warnings")
