"""Start page, language, membership, people and the audit record."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock_desk.accounts import actions
from lodestock_desk.accounts.access import current_memberships, visible_members
from lodestock_desk.accounts.forms import EndForm, MemberForm
from lodestock_desk.accounts.guard import logged_in, needs
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.measures.waiting import waiting_duties
from lodestock_desk.overview.start import start_for
from lodestock_desk.parliament.waiting import waiting_now


@require_safe
@logged_in
def start(request: HttpRequest) -> HttpResponse:
    """What waits for this person today."""
    duties = waiting_duties(request.actor, timezone.localdate())
    return render(
        request,
        "desk/start.html",
        {
            "cards": start_for(request.actor, duties),
            "duties": duties,
            "waiting": waiting_now(request.actor),
            "memberships": list(current_memberships(request.actor.user)),
        },
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Dutch and English; kept with the account, or in a cookie for visitors."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if chosen not in dict(settings.LANGUAGES):
        return redirect(back)
    for prefix in ("nl", "en"):  # public pages carry their language in the address
        if back.startswith(f"/{prefix}/"):
            back = f"/{chosen}/"
    response = redirect(back)
    if request.actor.user is not None:
        actions.set_language(request.actor, chosen)
    translation.activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_POST
@logged_in
def membership(request: HttpRequest) -> HttpResponse:
    """Go on in another of one's own roles."""
    chosen = actions.choose_membership(request.actor, request.POST.get("membership", ""))
    request.session["membership"] = str(chosen.pk)
    request.session.pop("factor", None)
    return redirect("accounts:start")


@require_http_methods(["GET", "POST"])
@needs("account.keep")
def members(request: HttpRequest) -> HttpResponse:
    """The people of the own organisation, and a form to add one."""
    form = MemberForm(
        request.POST or None, kind=request.actor.kind, initial={"valid_from": timezone.localdate(), "language": "nl"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_member(request.actor, **form.cleaned_data)
            return redirect("accounts:members")
        except ValidationError as error:
            form.add_error(None, error)
    rows = visible_members(request.actor).order_by("user__name")
    return render(request, "desk/members.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@needs("account.keep")
def end_member(request: HttpRequest, pk: str) -> HttpResponse:
    """End a role."""
    found = get_object_or_404(visible_members(request.actor), pk=pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        actions.end_member(request.actor, str(found.pk), **form.cleaned_data)
        return redirect("accounts:members")
    return render(request, "desk/form.html", {"form": form, "title": found.user.name, "back": "accounts:members"})


@require_safe
@needs("audit.see")
def audit(request: HttpRequest) -> HttpResponse:
    """The audit record of the own organisation, newest first."""
    rows = AuditEntry.objects.filter(organisation=str(request.actor.organisation.pk)).order_by("-sequence")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "desk/audit.html", {"page": page})
