"""Who gets through in `api`: view → people, the objects for the addresses, what is public and what only posts."""

from __future__ import annotations

from lodestock_desk.api.v1 import api

ALLOWED: dict[str, set[str]] = {"keys:list": {"administrator"}, "keys:end": {"administrator"}}
# The read API is open to everyone; what needs a key is tested in test_api_keys.
PUBLIC: set[str] = {"api:nowhere", "api:start", *(f"v1:{pattern.name}" for pattern in api.urls[0])}
ONLY_POST: set[str] = set()


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view."""
    from datetime import timedelta

    from django.utils import timezone

    from lodestock_desk.api.actions import make_key

    from .people import actor

    until = timezone.localdate() + timedelta(days=30)
    key, _token = make_key(actor("beheer.ez"), name="voorbeeld", scopes=["licence-cases"], valid_until=until)
    return {"keys": {"pk": key.pk}}
