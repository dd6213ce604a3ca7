"""Restricted data: sums of the licence cases of the key's own organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.security import APIKeyHeader

from lodestock_desk.api import schemas
from lodestock_desk.api.access import actor_of, key_of
from lodestock_desk.api.limits import key_too_fast
from lodestock_desk.api.models import ApiKey, Scope
from lodestock_desk.api.paging import PAGE, SIZE, paged
from lodestock_desk.api.problems import Problem
from lodestock_desk.core.writing import reading
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.portfolio import burden, curve

router = Router(tags=["own organisation"])


class Key(APIKeyHeader):
    """The key in a header, never in an address, where it would end up in logs."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiKey | None:
        """The living key, or nothing."""
        found = key_of(key) if key else None
        if found is not None and key_too_fast(str(found.pk)):
            raise Problem(429)
        return found


@router.get(
    "/licence-case-sums", response=schemas.CaseSumsPage, by_alias=True, operation_id="licence-case-sums", auth=Key()
)
def licence_case_sums(request: HttpRequest, response: HttpResponse, page: int = PAGE, page_size: int = SIZE) -> Any:
    """Sums by material of the cases that the key's organisation itself sees; reading them is recorded."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if Scope.LICENCE_CASES not in key.scopes:
        raise Problem(403)
    reading(actor_of(key), key, "licence_case.sums_read")
    response["Cache-Control"] = "no-store"
    cases = list(visible_cases(actor_of(key)).prefetch_related("hours", "documents", "resubmissions"))
    rows = []
    for material in sorted({case.material for case in cases}):
        own = [case for case in cases if case.material == material]
        found, cost = curve(own), burden(own)
        rows.append({
            "material": material, "cases": found.cases, "pending": found.pending, "granted": found.granted_cases,
            "denied": found.denied_cases, "medianMonths": found.median, "resubmissions": cost.resubmissions,
            "hours": None if cost.hours is None else float(cost.hours),
        })  # fmt: skip
    return paged(request, rows, page, page_size) | {"organisation": str(key.organisation)}
