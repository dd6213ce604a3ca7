"""Writes on commitments and motions, and on the offices that keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Office, Organisation
from lodestock_desk.core.writing import writing
from lodestock_desk.parliament.access import offices, own_commitments, visible_pieces
from lodestock_desk.parliament.models import Appointment, Commitment, Delivery, Succession
from lodestock_desk.parliament.succession import Link
from lodestock_desk.parliament.terms import next_due
from lodestock_desk.parliament.words import Standing, State

FIELDS = frozenset(
    {"kind", "text_nl", "text_en", "promised_to", "made_where", "reference", "made_on", "rhythm", "due_on"}
)


def keep(actor: Actor, values: Mapping[str, Any], *, office_id: str, commitment_id: str = "") -> Commitment:
    """Note a commitment or motion, or change one that is open."""
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    if values["due_on"] < values["made_on"]:
        raise ValidationError({"due_on": _("It cannot be due before it was promised.")})
    with writing(actor, "commitment.keep") as audit:
        if commitment_id:
            found = own_commitments(actor).select_for_update().get(pk=commitment_id)
            if found.standing != Standing.OPEN:
                raise ValidationError(_("This commitment is closed."))
        else:
            found = Commitment(organisation=actor.organisation, made_by=actor.user)
        for name, value in values.items():
            setattr(found, name, value)
        found.promised_by = Office.objects.get(pk=office_id)
        found.save()
        audit.changed(found, "commitment.changed" if commitment_id else "commitment.noted")
    return found


def fulfil(actor: Actor, commitment_id: str, *, piece_id: str = "", done_on: date, note: str = "") -> Delivery:
    """Note that a commitment was kept, by a piece that was sent or otherwise; a recurring one is due again."""
    with writing(actor, "commitment.keep") as audit:
        found = own_commitments(actor).select_for_update().get(pk=commitment_id)
        if found.standing != Standing.OPEN:
            raise ValidationError(_("This commitment is closed."))
        piece = visible_pieces(actor).get(pk=piece_id) if piece_id else None
        if piece is not None and piece.state not in (State.SENT, State.PUBLISHED):
            raise ValidationError({"piece": _("Only a piece that was sent keeps a commitment.")})
        if piece is None and len(note.strip()) < 3:
            raise ValidationError({"note": _("Name the piece, or say how it was kept.")})
        made = Delivery.objects.create(commitment=found, piece=piece, due_on=found.due_on, done_on=done_on, note=note)
        following = next_due(found.due_on, found.rhythm)
        if following:
            found.due_on = following
        else:
            found.standing = Standing.FULFILLED
        found.save(update_fields=["due_on", "standing"])
        audit.changed(made, "commitment.kept")
        audit.changed(found, "commitment.moved-on")
    return made


def drop(actor: Actor, commitment_id: str, *, reason: str) -> Commitment:
    """Note that a commitment no longer applies, and why (the House was told, another one took its place)."""
    with writing(actor, "commitment.keep") as audit:
        found = own_commitments(actor).select_for_update().get(pk=commitment_id)
        if found.standing != Standing.OPEN:
            raise ValidationError(_("This commitment is closed."))
        found.standing, found.reason = Standing.DROPPED, reason
        found.save(update_fields=["standing", "reason"])
        audit.changed(found, "commitment.dropped", reason=reason)
    return found


def links() -> tuple[Link, ...]:
    """Which office took the place of which: those noted here, and the predecessors in the register of offices."""
    noted = [Link(str(s.old_id), str(s.new_id), s.on) for s in Succession.objects.all()]
    known = {(link.old, link.new) for link in noted}
    for office in Office.objects.filter(predecessor__isnull=False):
        if (str(office.predecessor_id), str(office.pk)) not in known:
            noted.append(Link(str(office.predecessor_id), str(office.pk), office.valid_from))
    return tuple(noted)


def succeed(
    actor: Actor, *, old_ids: Sequence[str], title_nl: str, title_en: str, organisation_id: str, on: date, reason: str
) -> Office:
    """One office takes the place of others from a day on: a new name (one old) or a merger (several). Their open
    commitments become its own; they stay on record as promised by the office of the time."""
    with writing(actor, "account.keep") as audit:
        own = Q(organisation=actor.organisation)
        old = list(offices().filter(own).filter(pk__in=old_ids).select_for_update(of=("self",)))
        if not old or len(old) != len(set(old_ids)):
            raise ValidationError(_("Choose offices of your own organisation that exist today."))
        if any(on <= office.valid_from for office in old):
            raise ValidationError({"on": _("The new office begins after the old one began.")})
        if Appointment.objects.filter(done=False, office__in=old, on__gte=on).exists():
            raise ValidationError({"on": _(
                "For one of these offices a change of holder is planned from that day or later. "
                "Cancel that first; it can be planned for the new office."
            )})  # fmt: skip
        new = Office.objects.create(
            organisation=Organisation.objects.get(pk=organisation_id), title_nl=title_nl, title_en=title_en,
            predecessor=old[0] if len(old) == 1 else None, valid_from=on,
        )  # fmt: skip
        audit.changed(new, "office.made", reason=reason)
        for office in old:
            office.valid_until = on - timedelta(days=1)
            office.save(update_fields=["valid_until"])
            audit.changed(office, "office.ended", reason=reason)
            Succession.objects.create(old=office, new=new, on=on, reason=reason)
    return new
