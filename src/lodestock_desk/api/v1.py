"""Version 1 of the read API: its parts, its faults, and its OpenAPI document."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from lodestock_desk.api import about, data, own, pieces, problems, schemas, told
from lodestock_desk.api.limits import refused
from lodestock_desk.api.open_data import ROOT, base
from lodestock_desk.api.openapi import finished
from lodestock_desk.api.problems import VERSION

log = logging.getLogger(__name__)
DESCRIPTION = (
    "Lezen wat openbaar is: materialen, indicatoren, exportcontroles, gepubliceerde figuren met hun herkomst, "
    "dossiers, brieven aan de Kamer en open data. / Read what is public: materials, indicators, export controls, "
    "published figures with their lineage, dossiers, letters to the House and open data. No key is needed, except for "
    "sums of one's own organisation. Not known is null, never zero."
)
RESOURCES = (
    "materials", "indicators", "controls", "licence-statistics", "figures", "numbers", "dossiers", "pieces", "tables",
    "catalog", "licence-case-sums",
)  # fmt: skip


class Reading(NinjaAPI):
    """The API with its OpenAPI document as the NL API Design Rules ask it."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The document, with paths below `servers`, the version header and the faults of every operation."""
        server = base() if settings.PRODUCTION else ROOT
        return finished(super().get_openapi_schema(path_prefix=""), server, VERSION)


api = Reading(
    title="Lodestock – lees-API / read API",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api:v1",
    docs_url=None,
    openapi_extra={
        "info": {
            "contact": {"name": settings.ENV.values.get("LODESTOCK_DESK_PUBLISHER", "Lodestock"),
                        "email": settings.ENV.values.get("LODESTOCK_DESK_CONTACT", settings.DEFAULT_FROM_EMAIL),
                        "url": settings.WAGTAILADMIN_BASE_URL},
            "license": {"name": "EUPL-1.2", "url": "https://spdx.org/licenses/EUPL-1.2.html"},
        },
        "tags": [{"name": name} for name in ("knowledge", "publications", "open data", "own organisation", "start")],
    },
)  # fmt: skip
for router in (about.router, told.router, pieces.router, data.router, own.router):
    api.add_router("", router)


@api.get("/", response=schemas.Landing, by_alias=True, operation_id="landing", tags=["start"])
def landing(request: HttpRequest) -> Any:
    """What this API offers."""
    return {
        "_links": {"self": {"href": f"{ROOT}/"}},
        "title": {"nl": "Lees-API kritieke grondstoffen", "en": "Read API on critical raw materials"},
        "version": VERSION, "documentation": f"{ROOT}/openapi.json",
        "resources": {name: {"href": f"{ROOT}/{name}"} for name in RESOURCES},
    }  # fmt: skip


@cache
def parameters() -> dict[str, frozenset[str]]:
    """The query parameters that each operation takes, by path."""
    found = api.get_openapi_schema()["paths"]
    return {
        path: frozenset(p["name"] for p in methods["get"].get("parameters", ()) if p["in"] == "query")
        for path, methods in found.items()
    }


@api.exception_handler(problems.Problem)
def told_problem(request: HttpRequest, fault: problems.Problem) -> HttpResponse:
    """A fault that a part told."""
    return refused(request) if fault.status == 429 else problems.of(request, fault)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """A parameter that is not of its kind; a part of the path that is not is an address that does not exist."""
    if any(error["loc"][0] == "path" for error in fault.errors):
        return problems.problem(request, 404)
    errors = [{"parameter": str(error["loc"][-1]), "reason": problems.reason(error)} for error in fault.errors]
    names = ", ".join(error["parameter"] for error in errors)
    return problems.problem(
        request, 400, f"Deze waarde kan niet: {names}.", f"This value is not possible: {names}.", errors=errors
    )


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    """No key, or none that opens anything."""
    answer = problems.problem(request, 401)
    answer["WWW-Authenticate"] = 'ApiKey realm="lodestock", header="X-API-Key"'
    return answer


@api.exception_handler(Http404)
def nothing(request: HttpRequest, fault: Http404) -> HttpResponse:
    """Nothing there."""
    return problems.problem(request, 404)


@api.exception_handler(PermissionDenied)
def not_allowed(request: HttpRequest, fault: PermissionDenied) -> HttpResponse:
    """Not for this key."""
    return problems.problem(request, 403)


@api.exception_handler(HttpError)
def other(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """Any other fault of the framework."""
    return problems.problem(request, fault.status_code)


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A fault of ours: recorded, and told without what is inside."""
    log.exception("the read API failed", extra={"path": request.path})
    return problems.problem(request, 500)
