"""Writes in the route: submit, take a step, return, send, publish, withdraw; who stands in for whom."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership, in_force
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament import file, notices, route
from lodestock_desk.parliament.access import may_take, own_office, own_pieces, visible_pieces
from lodestock_desk.parliament.actions import check
from lodestock_desk.parliament.findings import refresh
from lodestock_desk.parliament.models import Delegation, FoundItem, Piece, Step
from lodestock_desk.parliament.text import clean
from lodestock_desk.parliament.words import DONE_VERB, TO_BE_SOLVED, Finding, Settled, State, Verb


def submit(actor: Actor, piece_id: str) -> Piece:
    """Put a draft with its nota into the route."""
    with writing(actor, "piece.write") as audit:
        piece = own_pieces(actor).select_for_update().get(pk=piece_id)
        standing = file.read(piece)
        if not standing.text:
            raise ValidationError(_("Write both the nota and the piece first."))
        piece.state = route.submit(standing).state
        piece.save(update_fields=["state"])
        refresh(piece)
        file.note(actor, piece, Verb.SUBMITTED)
        audit.changed(piece, "piece.submitted")
        notices.tell(piece, standing, audit)
    return piece


def take_step(actor: Actor, step_id: str, *, seen: str, comment: str = "") -> Step:
    """Coordinate, agree, initial or sign: what the step asks. seen: the fingerprint of the text that was read."""
    capability = "piece.approve"
    with writing(actor, capability) as audit:
        step, piece = _step(actor, step_id)
        standing = file.read(piece)
        if seen != standing.text:
            raise InputError(_("The text changed while you were reading. Read the change first."))
        route.do(standing, str(step.pk))
        step.done_hash = standing.text
        step.save(update_fields=["done_hash"])
        file.note(
            actor, piece, DONE_VERB[step.kind], step=step, comment=comment, deputy=file.deputises(actor, step.office)
        )
        audit.changed(step, f"step.{step.kind}", hash=step.done_hash)
        notices.tell(piece, standing, audit)
    return step


def give_back(actor: Actor, step_id: str, *, comment: str) -> Piece:
    """Return the piece to its writers with a comment."""
    with writing(actor, "piece.approve") as audit:
        step, piece = _step(actor, step_id)
        piece.state = route.give_back(file.read(piece), str(step.pk), comment).state
        piece.save(update_fields=["state"])
        file.note(actor, piece, Verb.RETURNED, step=step, comment=comment, deputy=file.deputises(actor, step.office))
        audit.changed(piece, "piece.returned", reason=comment)
        notices.tell_returned(piece)
    return piece


def _step(actor: Actor, step_id: str) -> tuple[Step, Piece]:
    step = Step.objects.select_related("office", "ministry").get(pk=step_id)
    # Held until this act is on record: a delegation that is being ended ends before it, or after it.
    list(Delegation.objects.select_for_update().filter(office=step.office_id, deputy=actor.membership))
    piece = visible_pieces(actor).select_for_update(of=("self",)).get(pk=step.piece_id)
    if not may_take(actor, step):
        raise PermissionDenied("step")
    step.refresh_from_db(fields=["done_hash"])
    return step, piece


def settle(actor: Actor, item_id: str, *, reason: str) -> FoundItem:
    """Overrule a finding with a reason, which stays on file."""
    with writing(actor, "piece.write") as audit:
        found = FoundItem.objects.get(pk=item_id, piece__in=own_pieces(actor))
        if own_pieces(actor).select_for_update().get(pk=found.piece_id).state not in route.MUTABLE:
            raise ValidationError(_("What was sent cannot be changed."))
        item = FoundItem.objects.select_for_update().get(pk=item_id)
        if item.state != Settled.OPEN:
            raise ValidationError(_("This finding was settled already."))
        if item.kind in TO_BE_SOLVED:
            raise ValidationError(_("This finding cannot be overruled: change the text."))
        item.state, item.reason, item.settled_by = Settled.OVERRULED, reason, actor.user
        item.settled_on = timezone.localdate()
        item.save(update_fields=["state", "reason", "settled_by", "settled_on"])
        audit.changed(item, "finding.overruled", reason=reason)
    return item


def send(actor: Actor, piece_id: str) -> Piece:
    """Send the piece: every step on this text, the last signature included, and nothing found that stands open.

    The checks run first and are kept, so that what was found stands there also when sending is refused for it.
    """
    if own_pieces(actor).filter(pk=piece_id, state__in=route.MUTABLE).exists():
        check(actor, piece_id)
    with writing(actor, "piece.write") as audit:
        piece = own_pieces(actor).select_for_update().get(pk=piece_id)
        refresh(piece)
        standing = file.read(piece)
        piece.state = route.send(standing).state
        if not all(version.intact() for version in piece.versions.all()):
            raise InputError(_("A version is not the text of its fingerprint."))
        piece.sent_on, piece.sent_hash = timezone.localdate(), standing.text
        piece.save(update_fields=["state", "sent_on", "sent_hash"])
        file.note(actor, piece, Verb.SENT)
        audit.changed(piece, "piece.sent", hash=standing.text)
    return piece


def publish(actor: Actor, piece_id: str) -> Piece:
    """Make the piece and the public version of its nota readable for anyone; refused while a dossier holds back what
    they say. What was found is kept, also when publishing is refused for it."""
    if own_pieces(actor).filter(pk=piece_id, state=State.SENT).exists():
        with writing(actor, "piece.write") as audit:
            piece = own_pieces(actor).select_for_update().get(pk=piece_id)
            refresh(piece, (Finding.HELD_BACK,))
            audit.changed(piece, "piece.checked", on=str(timezone.localdate()))
    with writing(actor, "piece.write") as audit:
        piece = own_pieces(actor).select_for_update().get(pk=piece_id)
        refresh(piece, (Finding.HELD_BACK,))
        piece.state = route.publish(file.read(piece)).state
        piece.published_on = timezone.localdate()
        piece.save(update_fields=["state", "published_on"])
        file.note(actor, piece, Verb.PUBLISHED)
        audit.changed(piece, "piece.published")
    return piece


def withdraw(actor: Actor, piece_id: str, *, reason: str) -> Piece:
    """Withdraw a piece; what was sent stays on file, and its public page says that it was withdrawn, and why."""
    with writing(actor, "piece.write") as audit:
        piece, reason = own_pieces(actor).select_for_update().get(pk=piece_id), clean(reason)
        piece.state = route.withdraw(file.read(piece), reason).state
        piece.withdrawn_on, piece.withdrawn_reason = timezone.localdate(), reason
        piece.save(update_fields=["state", "withdrawn_on", "withdrawn_reason"])
        file.note(actor, piece, Verb.WITHDRAWN, comment=reason)
        audit.changed(piece, "piece.withdrawn", reason=reason)
    return piece


def delegate(
    actor: Actor, *, office_id: str, deputy_id: str, valid_from: date, valid_until: date, reason: str
) -> Delegation:
    """Let someone stand in for one's own office, from day to day; who signs for it must be one who may sign."""
    with writing(actor, "piece.approve") as audit:
        own = own_office(actor)
        if own is None or str(own.pk) != office_id:
            raise PermissionDenied("office")
        deputy = Membership.objects.filter(in_force(valid_from)).get(pk=deputy_id)
        if deputy.user == actor.user or deputy.role not in possible_deputies(actor.role):
            raise ValidationError({"deputy": _("Choose someone else, in a role that may take these steps.")})
        if valid_until < valid_from:
            raise ValidationError({"valid_until": _("The last day lies before the first.")})
        made = Delegation.objects.create(
            office=own, deputy=deputy, valid_from=valid_from, valid_until=valid_until, reason=reason, made_by=actor.user
        )
        audit.changed(made, "delegation.made", reason=reason)
        notices.tell_of_waiting(own, deputy.user, audit)
    return made


def end_delegation(actor: Actor, delegation_id: str) -> Delegation:
    """End a delegation at this moment; what was done under it before stands."""
    with writing(actor, "piece.approve") as audit:
        found = Delegation.objects.select_for_update().get(pk=delegation_id, office=own_office(actor))
        if found.ended_at is not None or found.valid_until < timezone.localdate():
            raise ValidationError(_("This delegation has ended already."))
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        audit.changed(found, "delegation.ended")
    return found


def possible_deputies(role: str) -> tuple[str, ...]:
    """The roles that may stand in for someone in this role."""
    return ("signatory",) if role == "signatory" else ("line", "signatory")
