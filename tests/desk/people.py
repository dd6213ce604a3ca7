"""Who does what in the tests: actors and logged-in clients by the names of the example."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client

from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.signals.drafts import ReportDraft

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def actor(name: str) -> Actor:
    """The actor with this example name (`beleid.ez`)."""
    user = User.objects.get(email=f"{name}@voorbeeld.example")
    return Actor(user=user, membership=current_memberships(user).first())


def client(name: str, **options: object) -> Client:
    """A client logged in as this person, in Dutch."""
    made = Client(**options)
    if name:
        made.force_login(User.objects.get(email=f"{name}@voorbeeld.example"), backend=BACKEND)
    return made


def organisation(short: str) -> Organisation:
    """The example organisation with this abbreviation, or the company with this last word in its name."""
    found = Organisation.objects.filter(abbreviation=short).first()
    return found or Organisation.objects.get(name=f"Voorbeeld {short}")


def draft(to: str = "EZ", **values: object) -> ReportDraft:
    """A report that has all that must be filled in."""
    from datetime import date

    known: dict[str, object] = {
        "submission": uuid4(),
        "receiver_id": str(organisation(to).pk),
        "material": "ndfeb-magnets",
        "product_words": "magneten",
        "effect": "delayed",
        "cause": "licence_pending",
        "severity": "medium",
        "since": date(2025, 5, 1),
        "stock_days": 60,
    }
    return ReportDraft(**{**known, **values})


def form_values(**values: object) -> dict[str, object]:
    """What a browser sends for a report."""
    known: dict[str, object] = {
        "submission": str(uuid4()),
        "what": "magneten voor servomotoren",
        "effect": "delayed",
        "since": "2025-05-01",
        "stock_days": "",
        "cause": "licence_pending",
        "severity": "medium",
        "description": "",
    }
    return {**known, **values}
