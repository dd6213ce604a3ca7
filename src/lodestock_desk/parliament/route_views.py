"""Pages of the route: take a step or return the piece, overrule a finding, let someone stand in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
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
from lodestock_desk.parliament.access import delegations_in_force, may_take, own_office, own_pieces, visible_pieces
from lodestock_desk.parliament.models import Act, Delegation, FoundItem, Piece, Step, Version
from lodestock_desk.parliament.page import document
from lodestock_desk.parliament.text import LANGUAGES, Change, difference
from lodestock_desk.parliament.words import DONE_VERB, Part, StepKind


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
    versions = {part: version for part in Part if (version := piece.version(part))}
    changed = _changed(piece, versions, before) if before and before.text_hash != standing.text else []
    if any(version.restricted for version in (*versions.values(), *(old for _part, old, _new in changed))):
        reading(request.actor, piece, "piece.read", step=str(found.pk))
    context = {
        "step": found, "piece": piece, "form": form, "before": before,
        "changed": [(part, _lines(old, new)) for part, old, new in changed],
        "findings": standing.open if found.kind == StepKind.SIGNATURE else 0,
        "turn": str(found.pk) in {one.id for one in route.waiting(standing)},
        "verb": DONE_VERB[found.kind].label, "party": file.party(found, piece.organisation)[vocab.lang() == "en"],
        "deputy": file.deputises(request.actor, found.office),
        "documents": [document(piece, version, vocab.lang(), public=False) for version in versions.values()],
    }  # fmt: skip
    return render(request, "parliament/step.html", context)


def _changed(piece: Piece, versions: dict[Part, Version], before: Act) -> list[tuple[Part, Version, Version]]:
    """The nota and piece on which someone took a step and as they stand, where the two differ."""
    found = []
    for part, number in ((Part.NOTA, before.nota_version), (Part.PIECE, before.piece_version)):
        old, new = piece.versions.filter(part=part, number=number).first(), versions.get(part)
        if old and new and old.content_hash != new.content_hash:
            found.append((part, old, new))
    return found


def _lines(old: Version, new: Version) -> list[Change]:
    """The lines that differ, in both languages, each once."""
    return list(dict.fromkeys(c for lang in LANGUAGES for c in difference(old.text, new.text, lang) if c.mark != " "))


@require_http_methods(["GET", "POST"])
@needs("piece.write")
def overrule(request: HttpRequest, pk: str) -> HttpResponse:
    """Overrule a finding with a reason."""
    item = get_object_or_404(FoundItem.objects.select_related("piece"), pk=pk, piece__in=own_pieces(request.actor))
    form = forms.OneReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            route_actions.settle(request.actor, str(pk), **form.cleaned_data)
            return redirect("parliament:one", pk=item.piece_id)
    if item.piece.versions.filter(part=item.part, restricted=True).exists():  # its words may be restricted ones
        reading(request.actor, item.piece, "piece.read", part=item.part, finding=str(pk))
    context = {"form": form, "title": _("Overrule a finding"), "intro": f"{item.get_kind_display()}: {item.words}",
               "back_to": reverse("parliament:one", args=[item.piece_id])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("piece.approve")
def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for the actor's office, and for whom the actor stands in."""
    own = own_office(request.actor)
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
    rows = Delegation.objects.select_related("office", "deputy__user", "made_by")
    rows = rows.annotate(holds=Exists(delegations_in_force().filter(pk=OuterRef("pk"))))
    given = rows.filter(office=own) if own else ()
    context = {"form": form if own else None, "own": own, "today": today, "given": given,
               "held": rows.filter(deputy=request.actor.membership)}  # fmt: skip
    return render(request, "parliament/deputies.html", context)


@require_POST
@needs("piece.approve")
def end_delegation(request: HttpRequest, pk: str) -> HttpResponse:
    """End a delegation."""
    get_object_or_404(Delegation, pk=pk, office=own_office(request.actor))
    try:
        route_actions.end_delegation(request.actor, str(pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("parliament:deputies")
