"""How many calls one address, or one key, may make."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from lodestock_desk.api.problems import problem
from lodestock_desk.core.limits import TooMany, limited

WINDOW = 60  # seconds
PER_ADDRESS = 600
PER_KEY = 300


def too_fast(request: HttpRequest) -> HttpResponse | None:
    """The answer for an address that asks too often; None while it does not."""
    try:
        limited(request, "api", getattr(settings, "API_CALLS_PER_MINUTE", PER_ADDRESS), WINDOW)
    except TooMany:
        return refused(request)
    return None


def key_too_fast(key: str) -> bool:
    """Whether this key has been used more often in this minute than it may."""
    window = int(time.time()) // WINDOW
    name = hashlib.sha256(f"api-key|{key}|{window}".encode()).hexdigest()
    cache.add(name, 0, timeout=WINDOW)
    try:
        return bool(cache.incr(name) > getattr(settings, "API_CALLS_PER_MINUTE", PER_KEY))
    except ValueError:  # the window ended between the two calls
        return False


def refused(request: HttpRequest) -> HttpResponse:
    """Too many requests, with when to come back."""
    answer = problem(request, 429)
    answer["Retry-After"] = str(WINDOW - int(time.time()) % WINDOW)
    return answer
