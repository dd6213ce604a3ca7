"""Pages of the route: take a step or return the piece, overrule a finding, let someone stand in."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lodestock_desk.accounts.guard import needs
from lodestock_desk.accounts.models import Membership, in_force
from lodestock_desk.core import vocab
from lodestock_desk.core.faults import shown_on
from lodestock_desk.core.writing import reading
from lodestock_desk.parliament import file, forms, route, route_actions
from lodestock_desk.parliament.access import may_take, own_pieces, visible_pieces
from lodestock_desk.parliament.models import Act, Delegation, FoundItem, Piece, Step
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.text import Change, difference
from lodestock_desk.parliament.words import DONE_VERB, Part


@require_http_methods(["GET", "POST"])
@needs("piece.approve")
def step(request: HttpRequest, pk: str) -> HttpResponse:
    """Read what is asked – with the change, for who had taken this step before – and take the step or return."""
    found = get_object_or_404(Step.objects.select_related("office", "ministry"), pk=pk)
    piece = get_object_or_404(visible_pieces(request.actor), pk=found.piece_id)
    if not may_take(request.actor, found):
        raise PermissionDenied("step")
    standing = file.read(piece)
    form = forms.StepForm(request.POST or None, initial={"seen": standing.text})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            comment = form.cleaned_data["comment"]
            if request.POST.get("do") == "return":
                route_actions.give_back(request.actor, str(pk), comment=comment)
            else:
                route_actions.take_step(request.actor, str(pk), seen=form.cleaned_data["seen"], comment=comment)
            return redirect("parliament:one", pk=piece.pk)
        form.data = {**form.data.dict(), "seen": standing.text}
    before = file.last_done(found)
    if any((version := piece.version(part)) and version.text.restricted() for part in Part):
        reading(request.actor, piece, "piece.read")
    context = {
        "step": found, "piece": piece, "form": form, "before": before,
        "changed": _changes(piece, before) if before and before.text_hash != standing.text else (),
        "turn": str(found.pk) in {one.id for one in route.waiting(standing)},
        "verb": DONE_VERB[found.kind].label, "party": file.party(found, piece.organisation)[vocab.lang() == "en"],
        "deputy": file.deputises(request.actor, found.office),
        "documents": [document(piece, v, vocab.lang(), public=False) for p in Part if (v := piece.version(p))],
    }  # fmt: skip
    return render(request, "parliament/step.html", context)


def _changes(piece: Piece, before: Act) -> list[tuple[Part, list[Change]]]:
    """What changed in nota and piece since someone took a step on them: only the lines that differ."""
    found = []
    for part, number in ((Part.NOTA, before.nota_version), (Part.PIECE, before.piece_version)):
        old, new = piece.versions.filter(part=part, number=number).first(), piece.version(part)
        if old and new and old.content_hash != new.content_hash:
            lines = [c for lang in ("nl", "en") for c in difference(old.text, new.text, lang) if c.mark != " "]
            found.append((part, list(dict.fromkeys(lines))))
    return found


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def overrule(request: HttpRequest, pk: str) -> HttpResponse:
    """Overrule a finding with a reason."""
    item = get_object_or_404(FoundItem, pk=pk, piece__in=own_pieces(request.actor))
    form = forms.OneReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            route_actions.settle(request.actor, str(pk), **form.cleaned_data)
            return redirect("parliament:one", pk=item.piece_id)
    context = {"form": form, "title": _("Overrule a finding"), "intro": f"{item.get_kind_display()}: {item.words}",
               "back_to": reverse("parliament:one", args=[item.piece_id])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.approve")
def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for the actor's office, and for whom the actor stands in."""
    own = request.actor.membership.office
    today = timezone.localdate()
    possible = Membership.objects.filter(
        in_force(today), organisation=request.actor.organisation,
        role__in=route_actions.possible_deputies(request.actor.role),
    ).exclude(user=request.actor.user).select_related("user")  # fmt: skip
    form = forms.DelegationForm(request.POST or None, people=[(str(m.pk), m.user.name) for m in possible])
    if request.method == "POST":
        if own is None:
            raise Http404
        if form.is_valid():
            data = form.cleaned_data
            with shown_on(form):
                route_actions.delegate(
                    request.actor, office_id=str(own.pk), deputy_id=data["deputy"], valid_from=data["valid_from"],
                    valid_until=data["valid_until"], reason=data["reason"],
                )  # fmt: skip
                return redirect("parliament:deputies")
    rows = Delegation.objects.select_related("office", "deputy__user")
    given = rows.filter(office=own) if own else ()
    context = {"form": form if own else None, "own": own, "today": today, "given": given,
               "held": rows.filter(deputy=request.actor.membership)}  # fmt: skip
    return render(request, "parliament/deputies.html", context)


@require_POST
@needs("piece.approve")
def end_delegation(request: HttpRequest, pk: str) -> HttpResponse:
    """End a delegation."""
    get_object_or_404(Delegation, pk=pk, office=request.actor.membership.office)
    route_actions.end_delegation(request.actor, str(pk))
    return redirect("parliament:deputies")
