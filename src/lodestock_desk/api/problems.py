"""What goes wrong, as problem details (RFC 9457), with the reason in Dutch or English."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

VERSION = "1.1.0"  # of the API; the changelog is in docs/desk/api.md
MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, tuple[str, str]] = {
    400: ("De vraag is niet goed gesteld", "The request is not well formed"),
    401: ("Hiervoor is een sleutel nodig", "This needs a key"),
    403: ("Deze sleutel geeft hier geen toegang toe", "This key gives no access to this"),
    404: ("Dit bestaat niet", "This does not exist"),
    405: ("Deze methode bestaat hier niet", "This method does not exist here"),
    406: ("Dit formaat wordt niet gegeven", "This format is not given"),
    422: ("De vraag kan niet worden beantwoord", "The request cannot be answered"),
    429: ("Te veel vragen achter elkaar", "Too many requests in a row"),
    500: ("Er ging bij ons iets mis", "Something went wrong on our side"),
    503: ("Dit is nu niet beschikbaar", "This is not available now"),
}
DETAILS: dict[int, tuple[str, str]] = {
    400: ("Kijk in het OpenAPI-document welke waarden mogen.", "See the OpenAPI document for the values allowed."),
    401: ("Geef een geldige sleutel mee in de kop X-API-Key.", "Send a valid key in the header X-API-Key."),
    403: ("Vraag de beheerder van uw organisatie om een sleutel met dit recht.",
          "Ask the administrator of your organisation for a key with this right."),
    404: ("Op dit adres staat niets. Adressen eindigen niet op een schuine streep.",
          "There is nothing at this address. Addresses do not end in a slash."),
    405: ("Deze API is om te lezen: alleen GET, HEAD en OPTIONS.", "This API is for reading: only GET, HEAD, OPTIONS."),
    406: ("Vraag om application/json of */*.", "Ask for application/json or */*."),
    422: ("De waarden spreken elkaar tegen.", "The values contradict each other."),
    429: ("Wacht zo lang als de kop Retry-After zegt.", "Wait as long as the header Retry-After says."),
    500: ("Het is vastgelegd; probeer het later nog eens.", "It has been recorded; try again later."),
    503: ("Probeer het later nog eens.", "Try again later."),
}  # fmt: skip

# What is wrong with a value, by the kind of fault; {…} is the bound that it breaks.
REASONS: dict[str, tuple[str, str]] = {
    "int_parsing": ("geen geheel getal", "not a whole number"),
    "int_parsing_size": ("te groot", "too large"),
    "greater_than_equal": ("kleiner dan {ge}", "less than {ge}"),
    "less_than_equal": ("groter dan {le}", "greater than {le}"),
    "date_from_datetime_parsing": ("geen dag, zoals 2026-01-15", "not a day, as 2026-01-15"),
    "date_from_datetime_inexact": ("geen dag, zoals 2026-01-15", "not a day, as 2026-01-15"),
    "date_parsing": ("geen dag, zoals 2026-01-15", "not a day, as 2026-01-15"),
}


def reason(error: dict[str, Any]) -> str:
    """Why a value is refused, in the language of the answer."""
    words = REASONS.get(str(error.get("type")))
    if words is None:
        return ("deze waarde kan niet", "this value is not possible")[language() == "en"]
    return words[language() == "en"].format(**(error.get("ctx") or {}))


class Problem(Exception):
    """A fault to tell: status, and the detail in both languages; empty takes the words of the status."""

    def __init__(self, status: int, nl: str = "", en: str = "", **more: Any) -> None:
        super().__init__(en or TITLES[status][1])
        self.status, self.nl, self.en, self.more = status, nl, en, more


def language() -> str:
    """The language of the answer: nl or en."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def problem(request: HttpRequest, status: int, nl: str = "", en: str = "", **more: Any) -> HttpResponse:
    """The answer for a fault."""
    place = 1 if language() == "en" else 0
    titles = TITLES.get(status) or (HTTPStatus(status).phrase,) * 2
    detail = (nl, en)[place] or DETAILS.get(status, titles)[place]
    said = {
        "type": "about:blank",
        "title": titles[place],
        "status": status,
        "detail": detail,
        "instance": escape_uri_path(request.path),
        **more,
    }
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer["Content-Language"] = language()
    answer["Cache-Control"] = "no-store"
    return answer


def of(request: HttpRequest, fault: Problem) -> HttpResponse:
    """The answer for a Problem."""
    return problem(request, fault.status, fault.nl, fault.en, **fault.more)
