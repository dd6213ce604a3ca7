"""Writes on contacts and standing lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.contacts.access import own_contacts, visible_lines
from lodestock_desk.contacts.models import Contact, StandingLine
from lodestock_desk.core.writing import writing
from lodestock_desk.signals.access import visible_events

FIELDS = frozenset(
    {"on", "level", "speaker", "speaker_for", "counterpart", "counterpart_for", "country", "subject", "materials"}
    | {"message", "outcome", "follow_up", "due_on", "source", "restricted"}
)


def keep_contact(actor: Actor, values: Mapping[str, Any], *, contact_id: str = "", event_id: str = "") -> Contact:
    """Note or change a contact; a follow-up has a day and an owner: the one who notes it."""
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    if bool(values.get("follow_up")) != bool(values.get("due_on")):
        raise ValidationError({"due_on": _("A follow-up has a day, and a day has a follow-up.")})
    with writing(actor, "contact.keep") as audit:
        if contact_id:
            contact = own_contacts(actor).select_for_update().get(pk=contact_id)
        else:
            contact = Contact(organisation=actor.organisation, made_by=actor.user)
        for name, value in values.items():
            setattr(contact, name, value)
        contact.event = visible_events(actor).get(pk=event_id) if event_id else None
        contact.owner = (contact.owner or actor.membership) if contact.follow_up else None
        contact.save()
        audit.changed(contact, "contact.changed" if contact_id else "contact.noted")
    return contact


def finish(actor: Actor, contact_id: str, *, outcome: str) -> Contact:
    """Note that the follow-up of a contact is done."""
    with writing(actor, "contact.keep") as audit:
        contact = own_contacts(actor).select_for_update().get(pk=contact_id)
        if not contact.due_on or contact.done_on:
            raise ValidationError(_("There is no follow-up to finish."))
        contact.done_on = timezone.localdate()
        contact.outcome = f"{contact.outcome}\n{outcome}".strip()
        contact.save(update_fields=["done_on", "outcome"])
        audit.changed(contact, "contact.finished")
    return contact


def set_line(
    actor: Actor, *, subject: str, material: str, text_nl: str, text_en: str, valid_from: date
) -> StandingLine:
    """Set the line on a subject from a day on; the line before it ends the day before."""
    with writing(actor, "line.keep") as audit:
        own = visible_lines(actor).filter(organisation=actor.organisation, subject=subject)
        if own.filter(valid_from__gte=valid_from).exists():
            raise ValidationError({"valid_from": _("There is already a line from this day or later.")})
        for earlier in own.filter(valid_until__isnull=True):
            earlier.valid_until = valid_from - timedelta(days=1)
            earlier.save(update_fields=["valid_until"])
            audit.changed(earlier, "line.ended")
        line = StandingLine.objects.create(
            organisation=actor.organisation, subject=subject, material=material, text_nl=text_nl, text_en=text_en,
            valid_from=valid_from,
        )  # fmt: skip
        audit.changed(line, "line.set")
    return line
