"""Who sees which pieces, steps and commitments, and for which offices someone may act."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Office, Organisation, in_force
from lodestock_desk.accounts.roles import Kind as OrganisationKind
from lodestock_desk.parliament.models import Act, Commitment, Delegation, Piece, Step
from lodestock_desk.parliament.words import State, StepKind, Verb


def visible_pieces(actor: Actor) -> QuerySet[Piece]:
    """Pieces of the own organisation; of others once in a route in which one has a part.

    Anyone else reads what was published on its public page, without drafts and without what is restricted.
    """
    pieces = Piece.objects.select_related("organisation", "made_by")
    if not actor.may("piece.see"):
        return pieces.none()
    mine = Step.objects.filter(piece=OuterRef("pk")).filter(
        Q(ministry=actor.organisation) | Q(office__organisation=actor.organisation) | Q(office__in=offices_of(actor))
    )
    asked = Act.objects.filter(piece=OuterRef("pk"), verb=Verb.SUBMITTED)
    return pieces.filter(Q(organisation=actor.organisation) | (Exists(mine) & Exists(asked)))


def own_pieces(actor: Actor) -> QuerySet[Piece]:
    """Pieces that this actor may write: those of the own organisation."""
    pieces = Piece.objects.filter(organisation=actor.organisation)
    return pieces if actor.may("piece.write") else pieces.none()


def public_pieces() -> QuerySet[Piece]:
    """What anyone may read: published pieces, also when withdrawn later (the page says so)."""
    return Piece.objects.filter(published_on__isnull=False).select_related("organisation").order_by("-published_on")


def offices_of(actor: Actor, on: date | None = None) -> tuple[Office, ...]:
    """The offices for which the actor may act on a day: one's own, and those for which one stands in."""
    day = on or timezone.localdate()
    if actor.membership is None:
        return ()
    own = Office.objects.filter(in_force(day), pk=actor.membership.office_id)
    stood_in = Delegation.objects.filter(in_force(day), deputy=actor.membership).values("office")
    return (*own, *Office.objects.filter(in_force(day), pk__in=stood_in).exclude(pk=actor.membership.office_id))


def may_take(actor: Actor, step: Step, on: date | None = None) -> bool:
    """Whether a step is this actor's to take or to return, apart from whose turn it is."""
    if not actor.may("piece.sign" if step.kind == StepKind.SIGNATURE else "piece.approve"):
        return False
    if step.kind == StepKind.COORDINATION:
        return actor.organisation is not None and step.ministry_id == actor.organisation.pk
    return step.office_id in {office.pk for office in offices_of(actor, on)}


def ministries() -> QuerySet[Organisation]:
    """The ministries of today."""
    return Organisation.objects.filter(in_force(timezone.localdate()), kind=OrganisationKind.MINISTRY)


def offices() -> QuerySet[Office]:
    """The offices of today."""
    return Office.objects.filter(in_force(timezone.localdate())).select_related("organisation").order_by("title_nl")


def visible_commitments(actor: Actor) -> QuerySet[Commitment]:
    """Commitments and motions are public facts: everyone who works for the state sees them all."""
    found = Commitment.objects.select_related("promised_by__organisation", "organisation")
    return found if actor.may("commitment.see") else found.none()


def own_commitments(actor: Actor) -> QuerySet[Commitment]:
    """Commitments that this actor may change: those kept by the own organisation."""
    found = Commitment.objects.filter(organisation=actor.organisation)
    return found if actor.may("commitment.keep") else found.none()


def waiting_for(actor: Actor) -> tuple[Step, ...]:
    """The open steps of pieces in a route that are this actor's to take, whether or not it is their turn."""
    if not actor.may("piece.approve"):
        return ()
    steps = Step.objects.filter(piece__state=State.IN_ROUTE).select_related("piece", "office", "ministry")
    return tuple(step for step in steps if may_take(actor, step))
