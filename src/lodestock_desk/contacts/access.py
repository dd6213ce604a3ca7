"""Who sees which contacts and lines."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.contacts.models import Contact, StandingLine


def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """Contacts are shared within the state, save those kept to the own organisation."""
    contacts = Contact.objects.select_related("organisation", "event", "owner__user")
    if not actor.may("contact.see"):
        return contacts.none()
    return contacts.filter(Q(restricted=False) | Q(organisation=actor.organisation))


def own_contacts(actor: Actor) -> QuerySet[Contact]:
    """The contacts that this actor may change: those of the own organisation."""
    contacts = Contact.objects.filter(organisation=actor.organisation)
    return contacts if actor.may("contact.keep") else contacts.none()


def visible_lines(actor: Actor) -> QuerySet[StandingLine]:
    """Standing lines are for everyone who works for the state."""
    lines = StandingLine.objects.select_related("organisation")
    return lines if actor.may("contact.see") else lines.none()
