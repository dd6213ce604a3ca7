"""Between the records and the pure rules of a route: read a piece as a `route.File`, write history."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max, OuterRef, Subquery
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Office, Organisation
from lodestock_desk.parliament import route
from lodestock_desk.parliament.access import own_office
from lodestock_desk.parliament.models import Act, FoundItem, Piece, Sender, Step, Version
from lodestock_desk.parliament.text import joint_hash
from lodestock_desk.parliament.words import DONE_VERB, How, Part, Settled, State, StepKind, Verb


def read(piece: Piece) -> route.File:
    """The piece as the rules of the route see it."""
    return read_all([piece])[str(piece.pk)]


def read_all(pieces: Iterable[Piece]) -> dict[str, route.File]:
    """The pieces as the rules of the route see them, by key; as many queries for a hundred pieces as for one."""
    found = {str(piece.pk): piece for piece in pieces}
    steps: dict[str, list[route.Step]] = {key: [] for key in found}
    for s in Step.objects.filter(piece__in=found):
        one = route.Step(str(s.pk), StepKind(s.kind), s.order, s.party_id, s.done_hash)
        steps[str(s.piece_id)].append(one)
    senders: dict[str, list[route.Sender]] = {key: [] for key in found}
    for sender in Sender.objects.filter(piece__in=found):
        senders[str(sender.piece_id)].append(route.Sender(str(sender.office_id), How(sender.how)))
    open_ = FoundItem.objects.filter(piece__in=found, state=Settled.OPEN).order_by()
    counts = {str(key): count for key, count in open_.values_list("piece").annotate(Count("pk"))}
    texts = _texts(found)
    return {
        key: route.File(State(piece.state), texts[key], tuple(steps[key]), tuple(senders[key]), counts.get(key, 0))
        for key, piece in found.items()
    }


def _texts(keys: Iterable[str]) -> dict[str, str]:
    """The fingerprint of the current nota and piece of each, as `Piece.text_hash` gives it."""
    newest = Version.objects.filter(piece=OuterRef("piece"), part=OuterRef("part")).order_by("-number")
    current = Version.objects.filter(piece__in=list(keys), number=Subquery(newest.values("number")[:1]))
    hashes = {(str(v[0]), v[1]): v[2] for v in current.values_list("piece", "part", "content_hash")}
    parts = (Part.NOTA, Part.PIECE)
    return {
        key: joint_hash(*(hashes[key, part] for part in parts)) if all((key, part) in hashes for part in parts) else ""
        for key in keys
    }


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
    return last_done_of([step]).get(str(step.pk))


def last_done_of(steps: Iterable[Step]) -> dict[str, Act]:
    """Who took each of these steps last, on whatever text, in one query; a step that nobody took is left out."""
    verbs = {str(step.pk): DONE_VERB[step.kind] for step in steps}
    acts = Act.objects.filter(step__in=list(verbs), verb__in=set(verbs.values())).select_related("person")
    return {str(act.step_id): act for act in acts.order_by("sequence") if act.verb == verbs[str(act.step_id)]}


def deputises(actor: Actor, office: Office | None) -> bool:
    """Whether the actor acts for an office that is not the actor's own."""
    return office is not None and actor.membership is not None and own_office(actor) != office
