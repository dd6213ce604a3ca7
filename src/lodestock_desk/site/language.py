"""A public page is in the language of its address, whatever language the reader chose for the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGES = ("nl", "en")


class InOwnLanguage:
    """A Wagtail page that is served in its own language."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page, its words and its menu in the language of the page."""
        code = self.locale.language_code
        translation.activate(code)
        request.LANGUAGE_CODE = code
        return super().serve(request, *args, **kwargs)


def in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose language is the first part of its address."""

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = request.path_info[1:3]
        if code in LANGUAGES:
            translation.activate(code)
            request.LANGUAGE_CODE = code
        return view(request, *args, **kwargs)

    return served


def language_of(request: HttpRequest) -> str:
    """The language of the address: nl or en."""
    return "en" if request.path_info.startswith("/en/") else "nl"


def in_other_language(path: str) -> str:
    """The same address in the other language; empty for an address without one."""
    swap = {"/nl/": "/en/", "/en/": "/nl/"}
    return swap[path[:4]] + path[4:] if path[:4] in swap else ""
