"""Rate limits for pages that anyone can open."""

from __future__ import annotations

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class TooMany(PermissionDenied):
    """Too many requests from one address."""


def limited(request: HttpRequest, what: str, most: int, seconds: int) -> None:
    """Raise TooMany after `most` requests of one address in a window of `seconds`."""
    address = get_adapter(request).get_client_ip(request)
    window = int(time.time()) // seconds
    key = hashlib.sha256(f"{what}|{address}|{window}".encode()).hexdigest()
    cache.add(key, 0, timeout=seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return
    if count > most:
        raise TooMany(what)
