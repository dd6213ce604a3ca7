"""Who gets through in `api`: view → people, the objects for the addresses, what is public and what only posts."""

from __future__ import annotations

ALLOWED: dict[str, set[str]] = {}
PUBLIC: set[str] = set()
ONLY_POST: set[str] = set()


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view."""
    return {}
