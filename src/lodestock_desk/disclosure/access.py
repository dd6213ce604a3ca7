"""Who sees which publications, with their confidential base."""

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.disclosure.models import Consent, Publication


def visible_publications(actor: Actor) -> QuerySet[Publication]:
    """The publications of the own organisation; what they told is public (`disclosure.public`)."""
    own = Publication.objects.filter(organisation=actor.organisation)
    return own if actor.may("publication.keep") else own.none()


def visible_consents(actor: Actor) -> QuerySet[Consent]:
    """What a company was asked, or what the own organisation asked."""
    if actor.may("consent.give"):
        return Consent.objects.filter(company=actor.organisation)
    own = Consent.objects.filter(organisation=actor.organisation)
    return own if actor.may("publication.keep") else own.none()
