"""Pages of keys, for administrators."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lodestock_desk.accounts.guard import needs
from lodestock_desk.api import actions
from lodestock_desk.api.access import visible_keys
from lodestock_desk.api.forms import EndForm, KeyForm
from lodestock_desk.core.faults import shown_on


@require_http_methods(["GET", "POST"])
@needs("key.keep")
def index(request: HttpRequest) -> HttpResponse:
    """The keys of the own organisation, and a form to make one; a new key is shown once, on the answer to the form."""
    token = ""
    form = KeyForm(request.POST or None, initial={"valid_until": timezone.localdate() + timedelta(days=180)})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            _key, token = actions.make_key(request.actor, **form.cleaned_data)
            form = KeyForm(initial={"valid_until": timezone.localdate() + timedelta(days=180)})
    return render(request, "api/keys.html", {"keys": visible_keys(request.actor), "form": form, "token": token})


@require_http_methods(["GET", "POST"])
@needs("key.keep")
def end(request: HttpRequest, pk: str) -> HttpResponse:
    """End a key."""
    key = get_object_or_404(visible_keys(request.actor), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.end_key(request.actor, str(key.pk), **form.cleaned_data)
            return redirect("keys:list")
    context = {"form": form, "title": _("End %(key)s") % {"key": key}, "back_to": reverse("keys:list"),
               "intro": _("It stops working at once. What it read stays on record."), "button": _("End")}  # fmt: skip
    return render(request, "desk/form.html", context)
