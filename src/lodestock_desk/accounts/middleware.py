"""Sessions that end, the acting membership, and the second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.actor import NOBODY, Actor
from lodestock_desk.accounts.roles import SECOND_FACTOR

Next = Callable[[HttpRequest], HttpResponse]
_TOUCH_SECONDS = 60


class SessionEnds:
    """Ends a session after its longest time, and after half an hour without use."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began", now)
            seen = request.session.setdefault("seen", now)
            if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
                return redirect("account_login")
            if now - seen > _TOUCH_SECONDS:
                request.session["seen"] = now
        return self.get_response(request)


class Acting:
    """Sets `request.actor`, and the language that the person chose."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._actor(request)
        user = request.actor.user
        if user is not None:  # in the editor too, unless its own profile names another language
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)

    @staticmethod
    def _actor(request: HttpRequest) -> Actor:
        if not request.user.is_authenticated:
            return NOBODY
        memberships = list(current_memberships(request.user))
        chosen = request.session.get("membership", "")
        active = next((m for m in memberships if str(m.pk) == chosen), memberships[0] if memberships else None)
        return Actor(user=request.user, membership=active)


class SecondFactor:
    """Leads people whose role needs a second factor to the page that sets it up; nothing else opens before."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        protected = request.path.startswith(("/desk/", "/cms/"))
        if protected and request.actor.role in SECOND_FACTOR and not self._has_factor(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _has_factor(request: HttpRequest) -> bool:
        if request.session.get("factor"):
            return True
        if is_mfa_enabled(request.user) or _by_broker(request):
            request.session["factor"] = True
            return True
        return False


def _by_broker(request: HttpRequest) -> bool:
    """Whether this session was opened through the configured broker, which checks its own second factor."""
    methods = request.session.get("account_authentication_methods", [])
    return bool(settings.SOCIALACCOUNT_PROVIDERS) and any(m.get("method") == "socialaccount" for m in methods)
