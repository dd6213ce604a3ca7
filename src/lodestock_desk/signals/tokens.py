"""Tokens of one-time links and receipts: 160 random bits, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(20)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def new_reference() -> str:
    """A reference that people can read aloud and that counts nothing: XXXX-XXXX."""
    half = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return "-".join(half)
