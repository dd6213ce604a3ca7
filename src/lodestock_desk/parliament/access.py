"""Who sees which pieces, steps and commitments, and for which offices someone may act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, Office, Organisation, User, in_force
from lodestock_desk.accounts.roles import CAPABILITIES, Role
from lodestock_desk.accounts.roles import Kind as OrganisationKind
from lodestock_desk.parliament.models import Act, Appointment, Commitment, Delegation, Piece, Step
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
    return (
        Piece.objects.filter(published_on__isnull=False).select_related("organisation").order_by("-published_on", "pk")
    )


def begun(day: date) -> QuerySet[Appointment]:
    """The plans that count on a day and are not noted with the members yet.

    A plan counts when on its own first day the office exists and the role of the person is in force.
    """
    first = F("on")
    exists = Q(office__valid_from__lte=first) & (Q(office__valid_until=None) | Q(office__valid_until__gte=first))
    until = Q(membership__valid_until=None) | Q(membership__valid_until__gte=first)
    able = Q(membership=None) | (Q(membership__valid_from__lte=first) & until)
    return Appointment.objects.filter(exists, able, done=False, on__lte=day)


def seats(day: date) -> QuerySet[Membership]:
    """The memberships in force on a day, each with the key of the office that it holds on that day as `seat`.

    Who was appointed from a day on holds the office from that day; who held it before does no longer.
    """
    plans = begun(day)
    given = Exists(plans.filter(office=OuterRef("office")))  # to another, or to nobody
    kept = Case(When(given, then=Value(None)), default=F("office"), output_field=UUIDField())
    mine = Subquery(plans.filter(membership=OuterRef("pk")).values("office")[:1])
    found = Membership.objects.filter(in_force(day), in_force(day, "organisation__"))
    return found.annotate(seat=Coalesce(mine, kept, output_field=UUIDField()))


def own_office(actor: Actor) -> Office | None:
    """The office that the actor holds today; None for who holds none, or one that does not exist today."""
    if actor.membership is None:
        return None
    today = timezone.localdate()
    seat = seats(today).filter(pk=actor.membership.pk).values_list("seat", flat=True).first()
    return Office.objects.filter(in_force(today), pk=seat).first() if seat else None


def offices_of(actor: Actor) -> QuerySet[Office]:
    """The offices for which the actor may act at this moment: one's own, and those for which one stands in."""
    if actor.membership is None:
        return Office.objects.none()
    today = timezone.localdate()
    held = seats(today).filter(pk=actor.membership.pk)
    stands_in = delegations_in_force().filter(deputy__in=held.values("pk"))
    mine = Q(pk__in=held.exclude(seat=None).values("seat")) | Q(pk__in=stands_in.values("office"))
    return Office.objects.filter(in_force(today)).filter(mine)


def delegations_in_force() -> QuerySet[Delegation]:
    """The delegations that hold at this moment: on a day of theirs, not ended, given by who still holds the office."""
    today = timezone.localdate()
    giver = seats(today).filter(
        user=OuterRef("made_by"), seat=OuterRef("office"), role__in=CAPABILITIES["piece.approve"]
    )
    return Delegation.objects.filter(in_force(today), in_force(today, "office__"), Exists(giver), ended_at=None)


def may_take(actor: Actor, step: Step) -> bool:
    """Whether a step is this actor's to take or to return at this moment, apart from whose turn it is."""
    return _mine(actor, Step.objects.filter(pk=step.pk)).exists()


def steps_of(actor: Actor, steps: QuerySet[Step]) -> set[str]:
    """Which of these steps are this actor's to take or to return, in one query."""
    return {str(key) for key in _mine(actor, steps).values_list("pk", flat=True)}


def _mine(actor: Actor, steps: QuerySet[Step]) -> QuerySet[Step]:
    if not actor.may("piece.approve"):
        return steps.none()
    if not actor.may("piece.sign"):
        steps = steps.exclude(kind=StepKind.SIGNATURE)
    at_level = Q(kind=StepKind.COORDINATION, ministry=actor.organisation)
    return steps.filter(at_level | (~Q(kind=StepKind.COORDINATION) & Q(office__in=offices_of(actor))))


def asked_of(steps: Iterable[Step]) -> dict[str, list[User]]:
    """The people of whom each step is asked now, by the key of the step; an empty list: nobody holds that office.

    Of a ministry these are its policy officers – without any, whoever may coordinate for it.
    """
    steps = list(steps)
    of_office: dict[object, list[Membership]] = {}
    of_ministry: dict[object, list[Membership]] = {}
    today = timezone.localdate()
    able = seats(today).filter(role__in=CAPABILITIES["piece.approve"], user__is_active=True)
    able = able.select_related("user").order_by("created_at")
    exist = list(offices().filter(pk__in=[s.office_id for s in steps if s.office_id]).values_list("pk", flat=True))
    for held in able.filter(seat__in=exist):
        of_office.setdefault(held.seat, []).append(held)
    given = delegations_in_force().filter(office__in=exist, deputy__in=able.order_by().values("pk"))
    for delegation in given.select_related("deputy__user"):
        of_office.setdefault(delegation.office_id, []).append(delegation.deputy)
    for member in able.filter(organisation__in=[s.ministry_id for s in steps if s.ministry_id]):
        of_ministry.setdefault(member.organisation_id, []).append(member)
    found = {}
    for step in steps:
        people = of_office.get(step.office_id, []) if step.office_id else of_ministry.get(step.ministry_id, [])
        if step.kind == StepKind.SIGNATURE:
            people = [one for one in people if one.role in CAPABILITIES["piece.sign"]]
        if step.kind == StepKind.COORDINATION:
            people = [one for one in people if one.role == Role.POLICY_OFFICER] or people
        found[str(step.pk)] = list(dict.fromkeys(one.user for one in people))
    return found


def writers_of(piece: Piece, *, or_colleagues: bool = False) -> list[User]:
    """Who began a piece and who last put it into the route, as far as they still may write it.

    or_colleagues: where none of them may any more, the policy officers of its organisation – without any, whoever may.
    """
    last = piece.acts.filter(verb=Verb.SUBMITTED).order_by("-sequence").values("person")[:1]
    today = timezone.localdate()
    writes = Membership.objects.filter(
        in_force(today), organisation=piece.organisation, role__in=CAPABILITIES["piece.write"], user__is_active=True
    ).select_related("user").order_by("created_at")  # fmt: skip
    mine = Q(user=piece.made_by_id) | Q(user__in=Subquery(last))
    found = list(writes.filter(mine))
    if not found and or_colleagues:
        every = list(writes)
        found = [one for one in every if one.role == Role.POLICY_OFFICER] or every
    return list(dict.fromkeys(one.user for one in found))


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


def waiting_for(actor: Actor) -> QuerySet[Step]:
    """The steps of pieces in a route that are this actor's to take, whether or not it is their turn."""
    steps = Step.objects.filter(piece__state=State.IN_ROUTE).select_related("piece__organisation", "office", "ministry")
    return _mine(actor, steps)
