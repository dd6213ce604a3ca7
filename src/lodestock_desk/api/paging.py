"""Pages of lists, with links to their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query

from lodestock_desk.api.problems import Problem

MOST = 200
PAGE: Any = Query(1, ge=1, le=100_000, description="Number of the page, from 1.")
SIZE: Any = Query(50, alias="pageSize", ge=1, le=MOST, description=f"How many on a page, at most {MOST}.")


def link(path: str) -> dict[str, str]:
    """A link below the root of this version."""
    return {"href": f"/api/v1{path}"}


def self_link(path: str) -> dict[str, Any]:
    """The links of one thing."""
    return {"self": link(path)}


def links(request: HttpRequest, total: int, page: int, size: int) -> dict[str, Any]:
    """The links of a page: itself, the first and last, and its neighbours."""
    last = max(1, -(-total // size))
    if page > last:
        raise Problem(404, f"De lijst heeft {last} bladzijde(n) van {size}.", f"The list has {last} page(s) of {size}.")

    def at(number: int) -> dict[str, str]:
        asked = request.GET.copy()
        asked["page"] = str(number)
        return {"href": f"{request.path}?{asked.urlencode()}"}

    return {
        "self": {"href": request.get_full_path()},
        "first": at(1),
        "prev": at(page - 1) if page > 1 else None,
        "next": at(page + 1) if page < last else None,
        "last": at(last),
    }


def paged(request: HttpRequest, rows: Sequence[Any], page: int, size: int) -> dict[str, Any]:
    """The page of these rows."""
    return counted(request, rows[(page - 1) * size : page * size], len(rows), page, size)


def counted(request: HttpRequest, rows: Sequence[Any], total: int, page: int, size: int) -> dict[str, Any]:
    """The page with these rows of `total`."""
    return {
        "_links": links(request, total, page, size), "total": total, "page": page, "pageSize": size,
        "items": list(rows),
    }  # fmt: skip
