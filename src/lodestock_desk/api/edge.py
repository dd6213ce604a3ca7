"""Addresses under /api/ at which nothing stands, and what is looked at before an operation runs."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

from lodestock_desk.api.openapi import camel
from lodestock_desk.api.problems import problem
from lodestock_desk.api.v1 import parameters

_CONVERTER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
_NEVER = re.compile(r"q=0(\.0*)?", re.IGNORECASE)
_JSON = ("application/json", "application/*", "*/*", "application/problem+json")
_MORE = {"/catalog": ("application/ld+json", "text/turtle", "text/*")}
_ANYTHING = "/files/{fileName}"


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Nothing stands here."""
    return problem(request, 404)


@csrf_exempt
def start(request: HttpRequest) -> HttpResponse:
    """The landing of version 1 at its address without a slash, as all other addresses are."""
    if request.method != "GET":
        return problem(request, 405)
    if request.GET:
        return _wrong(request, next(iter(request.GET)), "is hier geen parameter", "is not taken here", [])
    if not _accepts(request.headers.get("Accept", "*/*"), "/"):
        return problem(request, 406)
    return resolve(f"{request.path_info}/").func(request)


def refused_at_once(request: HttpRequest) -> HttpResponse | None:
    """A parameter that the operation does not take, one given twice or empty, or a format that is not given."""
    match = request.resolver_match
    if match is None or request.method != "GET":
        return None
    path = camel("/" + _CONVERTER.sub(r"{\1}", match.route).removeprefix("api/v1/"))
    if path in parameters():
        takes = parameters()[path]
        for name, values in request.GET.lists():
            if name not in takes:
                return _wrong(request, name, "is hier geen parameter", "is not taken here", sorted(takes))
            if len(values) > 1 or not values[0]:
                return _wrong(request, name, "is leeg of staat er tweemaal", "is empty or given twice", [])
        if not _accepts(request.headers.get("Accept", "*/*"), path):
            return problem(request, 406)
    return None


def _wrong(request: HttpRequest, name: str, nl: str, en: str, takes: list[str]) -> HttpResponse:
    said = {"parameter": name[:60], **({"takes": takes} if takes else {})}
    return problem(request, 400, f"'{name[:60]}' {nl}.", f"'{name[:60]}' {en}.", errors=[said])


def _accepts(header: str, path: str) -> bool:
    if path.endswith(_ANYTHING):
        return True
    given = (*_JSON, *_MORE.get(path, ()))
    asked = (part.partition(";") for part in header.split(","))
    kinds = {kind.strip().lower() for kind, _semicolon, more in asked if not _NEVER.fullmatch("".join(more.split()))}
    return not header.strip() or bool(kinds & set(given))
