"""Pages of contacts and standing lines."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.accounts.models import in_force
from lodestock_desk.contacts import actions, forms
from lodestock_desk.contacts.access import own_contacts, visible_contacts, visible_lines
from lodestock_desk.contacts.models import Level
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.signals.access import visible_events


@require_safe
@needs("contact.see")
def index(request: HttpRequest) -> HttpResponse:
    """Contacts, newest first, and the lines in force."""
    rows = visible_contacts(request.actor)
    asked = request.GET.get("level", "")
    if asked in Level.values:
        rows = rows.filter(level=asked)
    today = timezone.localdate()
    context = {
        "page": Paginator(rows, 25).get_page(request.GET.get("page")),
        "asked": asked,
        "levels": Level.choices,
        "lines": visible_lines(request.actor).filter(in_force(today)),
        "today": today,
    }
    return render(request, "desk/contacts/list.html", context)


@require_safe
@needs("contact.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Contacts as CSV or JSON."""
    header = ("on", "level", "speaker", "speaker_for", "counterpart", "counterpart_for", "country", "subject",
              "message", "outcome", "follow_up", "due_on", "done_on")  # fmt: skip
    rows = [[getattr(c, name) for name in header] for c in visible_contacts(request.actor)[:5000]]
    return (as_json if ending == "json" else as_csv)("contacts", header, rows)


@require_safe
@needs("contact.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """One contact."""
    contact = get_object_or_404(visible_contacts(request.actor), pk=pk)
    if contact.restricted:
        reading(request.actor, contact, "contact.read")
    mine = own_contacts(request.actor).filter(pk=pk).exists()
    return render(request, "desk/contacts/one.html", {"contact": contact, "mine": mine})


@require_http_methods(["GET", "POST"])
@needs("contact.keep")
def keep(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Note or change a contact."""
    contact = get_object_or_404(own_contacts(request.actor), pk=pk) if pk else None
    initial: dict[str, object] = {"on": timezone.localdate()}
    if contact:
        initial = {name: getattr(contact, name) for name in actions.FIELDS}
        initial |= {"material": contact.materials[0] if contact.materials else "", "event": str(contact.event_id or "")}
    form = forms.ContactForm(request.POST or None, initial=initial, events=list(visible_events(request.actor)[:100]))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        event, material = values.pop("event"), values.pop("material")
        values["materials"] = [material] if material else []
        with shown_on(form):
            kept = actions.keep_contact(request.actor, values, contact_id=str(pk) if pk else "", event_id=event)
            return redirect("contacts:one", pk=kept.pk)
    title = _("Change contact") if contact else _("New contact")
    return render(request, "desk/form.html", {"form": form, "title": title, "back_to": reverse("contacts:list")})


@require_http_methods(["GET", "POST"])
@needs("contact.keep")
def finish(request: HttpRequest, pk: str) -> HttpResponse:
    """Finish a follow-up."""
    contact = get_object_or_404(own_contacts(request.actor), pk=pk)
    form = forms.FinishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.finish(request.actor, str(pk), **form.cleaned_data)
            return redirect("contacts:one", pk=pk)
    context = {"form": form, "title": contact.subject, "intro": contact.follow_up,
               "back_to": reverse("contacts:one", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("line.keep")
def line(request: HttpRequest) -> HttpResponse:
    """Set the line on a subject."""
    form = forms.LineForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.set_line(request.actor, **form.cleaned_data)
            return redirect("contacts:list")
    return render(
        request, "desk/form.html", {"form": form, "title": _("Line to take"), "back_to": reverse("contacts:list")}
    )
