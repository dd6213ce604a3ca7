"""Security headers on every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

_DESK = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
# Wagtail's editor makes style sheets and style attributes while it runs, and shows drafts in a frame; no script inside
# a page runs (core.wagtail_hooks).
_EDITOR = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'"
)
# A draft shown in the editor is the public page with its own policy, but the editor may frame it.
_DRAFT = _DESK.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


class SecurityHeaders:
    """Content security policy, permissions policy, and no caching of what only one person may see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        editor = request.path.startswith("/cms/")
        if editor and response.headers.get("Content-Security-Policy") == _DESK:
            response.headers["Content-Security-Policy"], response.headers["X-Frame-Options"] = _DRAFT, "SAMEORIGIN"
        response.headers.setdefault("Content-Security-Policy", _EDITOR if editor else _DESK)
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN" if editor else "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        private = request.path.startswith(("/desk/", "/r/", "/receipt/", "/account/"))
        if private or (user is not None and user.is_authenticated):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Language(LocaleMiddleware):
    """Django's language choice; only the bare address is led to a language, any other page that is not there is 404."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Set the language headers, and redirect the bare address."""
        if response.status_code == 404 and request.path_info != "/":
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", translation.get_language() or "nl")
            return response
        return super().process_response(request, response)
