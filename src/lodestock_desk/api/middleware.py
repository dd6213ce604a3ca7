"""What holds for every answer of the API: version, sharing across sites, problem details, and no cookies."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from lodestock_desk.api.edge import refused_at_once
from lodestock_desk.api.limits import too_fast
from lodestock_desk.api.problems import MEDIA_TYPE, VERSION, problem

ROOT = "/api/"
_READ = ("GET", "HEAD", "OPTIONS")


class ReadApi:
    """Stands first, so that a fault of any later part is told as a problem too. Everything else passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        asked = request.method
        if asked == "OPTIONS":
            answer = HttpResponse(status=204)
            answer["Allow"] = ", ".join(_READ)
        elif asked == "HEAD":  # the same as GET, without its body
            request.method = "GET"
            answer = self._answer(request)
            request.method = "HEAD"
            answer.headers.setdefault("Content-Length", str(len(answer.content)) if not answer.streaming else "")
            if not answer.headers["Content-Length"]:
                del answer["Content-Length"]
        else:
            answer = self._answer(request)
        return _finished(answer)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if (slow := too_fast(request)) is not None:
            return slow
        answer = self.get_response(request)
        status = answer.status_code
        if status >= 400 and not answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            told = problem(request, 405 if request.method not in _READ and status in (403, 404) else status)
            if told.status_code == 405 or "Allow" in answer.headers:
                told["Allow"] = ", ".join(_READ)
            return told
        return answer

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """What is refused before an operation runs."""
        return refused_at_once(request) if request.path_info.startswith(ROOT) else None


def _finished(answer: HttpResponse) -> HttpResponse:
    answer["API-Version"] = VERSION
    private = "no-store" in answer.headers.get("Cache-Control", "") and answer.status_code < 400
    if not private:
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Allow-Methods"] = ", ".join(_READ)
        answer["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
        answer["Access-Control-Expose-Headers"] = "API-Version, Content-Language, Link, Retry-After"
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.cookies.clear()
    patch_vary_headers(answer, ("Accept", "Accept-Language"))
    return answer
