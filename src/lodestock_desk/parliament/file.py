"""Between the records and the pure rules of a route: read a piece as a `route.File`, write history."""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Office, Organisation
from lodestock_desk.parliament import route
from lodestock_desk.parliament.models import Act, Piece, Step
from lodestock_desk.parliament.words import DONE_VERB, How, Part, Settled, State, StepKind, Verb


def read(piece: Piece) -> route.File:
    """The piece as the rules of the route see it."""
    return route.File(
        state=State(piece.state),
        text=piece.text_hash(),
        steps=tuple(
            route.Step(str(s.pk), StepKind(s.kind), s.order, s.party_id, s.done_hash) for s in piece.steps.all()
        ),
        senders=tuple(route.Sender(str(s.office_id), How(s.how)) for s in piece.senders.all()),
        open=piece.findings.filter(state=Settled.OPEN).count(),
    )


def party(step: Step | None, organisation: Organisation) -> tuple[str, str]:
    """The name of who a step is asked of, in Dutch and English, as it is called now."""
    if step is None:
        return organisation.name, organisation.name
    if step.office is not None:
        return step.office.title_nl, step.office.title_en
    name = step.ministry.name if step.ministry else ""
    return name, name


def note(
    actor: Actor, piece: Piece, verb: Verb, *, step: Step | None = None, comment: str = "", person: object = None,
    deputy: bool = False,
) -> Act:  # fmt: skip
    """Add a line to the history of a piece, on the versions as they stand."""
    versions = {part: piece.version(part) for part in Part.values}
    name_nl, name_en = party(step, actor.organisation or piece.organisation)
    last = piece.acts.aggregate(last=Max("sequence"))["last"] or 0
    return Act.objects.create(
        piece=piece, step=step, verb=verb, person=person or actor.user, on=timezone.localdate(), party_nl=name_nl,
        party_en=name_en, deputy=deputy, comment=comment, text_hash=piece.text_hash(), sequence=last + 1,
        nota_version=versions[Part.NOTA].number if versions[Part.NOTA] else None,
        piece_version=versions[Part.PIECE].number if versions[Part.PIECE] else None,
    )  # fmt: skip


def last_done(step: Step) -> Act | None:
    """Who took this step last, on whatever text; None while nobody did."""
    return step.acts.filter(verb=DONE_VERB[step.kind]).order_by("-sequence").select_related("person").first()


def deputises(actor: Actor, office: Office | None) -> bool:
    """Whether the actor acts for an office that is not the actor's own."""
    return office is not None and actor.membership is not None and actor.membership.office_id != office.pk
