"""All example data, made through the actions that people use, so that the audit record holds it too."""

from __future__ import annotations

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Membership
from lodestock_desk.core.example.casework import make_casework
from lodestock_desk.core.example.people import make_organisations, make_people
from lodestock_desk.core.example.signals import make_signals
from lodestock_desk.dossiers import example as dossiers
from lodestock_desk.measures import example as measures
from lodestock_desk.parliament import example as parliament
from lodestock_desk.processing import example as processing


def acting(membership: Membership) -> Actor:
    """An actor for a membership."""
    return Actor(user=membership.user, membership=membership)


def make_example() -> None:
    """Organisations, people, signals and what follows from them."""
    organisations = make_organisations()
    people = {name: acting(m) for name, m in make_people(organisations).items()}
    make_signals(organisations, people)
    make_casework(organisations, people)
    for room in (processing, measures, dossiers, parliament):
        room.make_example(organisations, people)
