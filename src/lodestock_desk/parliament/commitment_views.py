"""Pages of commitments and motions, and of the offices that keep them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.accounts.models import Office
from lodestock_desk.core import vocab
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.core.faults import shown_on
from lodestock_desk.parliament import commitment_actions as actions
from lodestock_desk.parliament import forms, office_actions
from lodestock_desk.parliament.access import offices, own_commitments, visible_commitments, visible_pieces
from lodestock_desk.parliament.models import Appointment, Commitment
from lodestock_desk.parliament.succession import holders
from lodestock_desk.parliament.words import Promise, Standing, State

HEADER = ("kind", "text_nl", "text_en", "promised_by", "answers_now", "promised_to", "made_where", "reference",
          "made_on", "rhythm", "due_on", "standing", "late", "kept_by")  # fmt: skip


def _now_held(found: list[Commitment]) -> dict[str, str]:
    """Which office answers for each commitment today, in words; after a split: both, for someone to choose."""
    today, links = timezone.localdate(), actions.links()
    names = {str(o.pk): o.title_nl for o in Office.objects.all()}
    return {str(c.pk): " / ".join(names[key] for key in holders(str(c.promised_by_id), links, today)) for c in found}


@require_safe
@needs("commitment.see")
def index(request: HttpRequest) -> HttpResponse:
    """All commitments and motions, by day; overdue ones stand out."""
    rows = visible_commitments(request.actor).prefetch_related("deliveries__piece")
    asked = request.GET.get("show", "open")
    if asked in Standing.values:
        rows = rows.filter(standing=asked)
    kind = request.GET.get("kind", "")
    if kind in Promise.values:
        rows = rows.filter(kind=kind)
    today = timezone.localdate()
    found = list(rows[:500])
    held = _now_held(found)
    context = {
        "rows": [{"c": c, "late": c.late(today), "now": held[str(c.pk)]} for c in found], "asked": asked, "kind": kind,
        "standings": Standing.choices, "kinds": Promise.choices, "late": sum(c.late(today) for c in found),
        "keeps": request.actor.may("commitment.keep"),
    }  # fmt: skip
    return render(request, "parliament/commitments.html", context)


@require_safe
@needs("commitment.see")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Commitments and motions as CSV or JSON."""
    found = list(visible_commitments(request.actor).prefetch_related("deliveries__piece")[:5000])
    held, today = _now_held(found), timezone.localdate()
    rows = [
        [c.kind, c.text_nl, c.text_en, c.promised_by.title_nl, held[str(c.pk)], c.promised_to, c.made_where,
         c.reference, c.made_on, c.rhythm, c.due_on, c.standing, "yes" if c.late(today) else "no",
         "; ".join(d.piece.subject_nl if d.piece else d.note for d in c.deliveries.all())]
        for c in found
    ]  # fmt: skip
    return (as_json if ending == "json" else as_csv)("commitments", HEADER, rows)


@require_safe
@needs("commitment.see")
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """A commitment with how it was kept."""
    found = get_object_or_404(visible_commitments(request.actor), pk=pk)
    context = {
        "c": found, "now": _now_held([found])[str(found.pk)], "late": found.late(timezone.localdate()),
        "deliveries": found.deliveries.select_related("piece"),
        "mine": own_commitments(request.actor).filter(pk=pk, standing=Standing.OPEN).exists(),
    }  # fmt: skip
    return render(request, "parliament/commitment.html", context)


@require_http_methods(["GET", "POST"])
@needs("commitment.keep")
def keep(request: HttpRequest, pk: str = "") -> HttpResponse:
    """Note or change a commitment."""
    found = get_object_or_404(own_commitments(request.actor), pk=pk) if pk else None
    initial: dict[str, object] = {"made_on": timezone.localdate(), "promised_to": "Tweede Kamer"}
    choices = [(str(o.pk), o.title_nl) for o in Office.objects.order_by("title_nl")]
    if found:
        initial = {name: getattr(found, name) for name in actions.FIELDS} | {"office": str(found.promised_by_id)}
    form = forms.CommitmentForm(request.POST or None, initial=initial, choices=choices)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        office = values.pop("office")
        with shown_on(form):
            kept = actions.keep(request.actor, values, office_id=office, commitment_id=str(pk) if pk else "")
            return redirect("parliament:commitment", pk=kept.pk)
    title = _("Change commitment") if found else _("New commitment or motion")
    return render(
        request, "desk/form.html", {"form": form, "title": title, "back_to": reverse("parliament:commitments")}
    )


@require_http_methods(["GET", "POST"])
@needs("commitment.keep")
def fulfil(request: HttpRequest, pk: str) -> HttpResponse:
    """Note that a commitment was kept."""
    found = get_object_or_404(own_commitments(request.actor), pk=pk)
    sent = visible_pieces(request.actor).filter(state__in=(State.SENT, State.PUBLISHED))
    form = forms.FulfilForm(
        request.POST or None,
        initial={"done_on": timezone.localdate()},
        pieces=[(str(p.pk), p.subject_nl) for p in sent],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            actions.fulfil(request.actor, str(pk), piece_id=data["piece"], done_on=data["done_on"], note=data["note"])
            return redirect("parliament:commitment", pk=pk)
    context = {"form": form, "title": _("This was kept"), "intro": found.text_nl,
               "back_to": reverse("parliament:commitment", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("commitment.keep")
def drop(request: HttpRequest, pk: str) -> HttpResponse:
    """Note that a commitment no longer applies."""
    found = get_object_or_404(own_commitments(request.actor), pk=pk)
    form = forms.OneReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.drop(request.actor, str(pk), **form.cleaned_data)
            return redirect("parliament:commitment", pk=pk)
    context = {"form": form, "title": _("This no longer applies"), "intro": found.text_nl,
               "back_to": reverse("parliament:commitment", args=[pk])}  # fmt: skip
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("account.keep")
def succeed(request: HttpRequest) -> HttpResponse:
    """Let an office take the place of others: a new name or a merger."""
    own = offices().filter(organisation=request.actor.organisation)
    form = forms.OfficeForm(request.POST or None, choices=[(str(o.pk), o.title_nl) for o in own])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            actions.succeed(
                request.actor, old_ids=data["old"], title_nl=data["title_nl"], title_en=data["title_en"],
                organisation_id=str(request.actor.organisation.pk), on=data["on"], reason=data["reason"],
            )  # fmt: skip
            return redirect("parliament:offices")
    every = Office.objects.filter(organisation=request.actor.organisation).order_by("title_nl", "valid_from")
    names, links = {str(o.pk): o.title_nl for o in Office.objects.all()}, actions.links()
    holders_of: dict[object, list[str]] = {}
    for member in office_actions.possible_holders(request.actor):
        holders_of.setdefault(member.seat, []).append(member.user.name)
    plans = Appointment.objects.filter(done=False, on__gt=timezone.localdate(), office__in=every)
    planned = {plan.office_id: plan for plan in plans.select_related("membership__user")}
    context = {
        "form": form,
        "title": _("An office changes its name or merges"),
        "intro": _("Open commitments pass to the new office; what was promised stays on record as it was."),
        "rows": [
            (
                o,
                ", ".join(names[link.new] for link in links if link.old == str(o.pk)),
                ", ".join(holders_of.get(o.pk, ())),
                planned.get(o.pk),
            )
            for o in every
        ],
    }
    return render(request, "parliament/offices.html", context)


@require_http_methods(["GET", "POST"])
@needs("account.keep")
def new_office(request: HttpRequest) -> HttpResponse:
    """Note a new office."""
    form = forms.NewOfficeForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            office_actions.make_office(request.actor, **form.cleaned_data)
            return redirect("parliament:offices")
    context = {"form": form, "title": _("New office"), "back_to": reverse("parliament:offices")}
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("account.keep")
def hold_office(request: HttpRequest) -> HttpResponse:
    """Note who holds an office, from today or from a day to come."""
    own = office_actions.possible_offices(request.actor)
    titles = {o.pk: _titled(o) for o in own}
    people = [
        (str(m.pk), f"{m.user.name}, {m.get_role_display()}{f' ({titles[m.seat]})' if m.seat in titles else ''}")
        for m in office_actions.possible_holders(request.actor)
    ]
    form = forms.HolderForm(
        request.POST or None, initial={"on": timezone.localdate()}, people=people,
        offices=[(str(key), title) for key, title in titles.items()],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            office_actions.hold_office(
                request.actor, office_id=data["office"], membership_id=data["membership"], reason=data["reason"],
                on=data["on"],
            )  # fmt: skip
            return redirect("parliament:offices")
    context = {
        "form": form, "title": _("Who holds an office"), "back_to": reverse("parliament:offices"),
        "intro": _("From that day on – today at once – who held it before takes no step for it any more, nor does who "
                   "stood in. Until then nothing changes."),
    }  # fmt: skip
    return render(request, "desk/form.html", context)


def _titled(office: Office) -> str:
    """The title of an office, with the day from which it exists where that is still to come."""
    title = office.title_en if vocab.lang() == "en" else office.title_nl
    if office.valid_from <= timezone.localdate():
        return title
    return _("%(office)s, from %(day)s") % {"office": title, "day": date_format(office.valid_from)}


@require_POST
@needs("account.keep")
def cancel_plan(request: HttpRequest, pk: str) -> HttpResponse:
    """Cancel who was planned to hold an office."""
    get_object_or_404(Appointment, pk=pk, done=False, office__organisation=request.actor.organisation)
    try:
        office_actions.cancel_plan(request.actor, str(pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("parliament:offices")
