"""What stands before a view: log-in and capability. What an actor may see of it is for the access functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def needs(capability: str) -> Callable[[View], View]:
    """Only actors with this capability; others are asked to log in, or told that it is not theirs."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.user is None:
                return redirect_to_login(request.get_full_path())
            if not request.actor.may(capability):
                raise PermissionDenied(capability)
            return view(request, *args, **kwargs)

        guarded.capability = capability  # read by the tests that go through every view
        return guarded

    return around


def logged_in(view: View) -> View:
    """Only people who are logged in, whatever their role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.user is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.capability = ""
    return guarded
