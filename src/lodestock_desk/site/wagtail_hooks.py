"""The editor opens only for those whose role allows it, whatever Wagtail's own permissions say.

Public pages are for administrators of the desk (`pages.edit`); dossiers and scenario pages for those who write them
(`dossier.edit`, `dossier.publish`), and opening one that holds restricted blocks is recorded as reading it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.models import Page

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import reading, writing
from lodestock_desk.dossiers.models import LivePage


def needed(page: Page, *, publish: bool = False) -> str:
    """The capability that changing this page takes."""
    if isinstance(page.specific, LivePage):
        return "dossier.publish" if publish else "dossier.edit"
    return "pages.edit"


def may_edit(actor: Actor) -> bool:
    """Whether an actor may edit public pages."""
    return actor.may("pages.edit")


def _require(request: HttpRequest, page: Page, *, publish: bool = False) -> None:
    capability = needed(page, publish=publish)
    if not request.actor.may(capability):
        raise PermissionDenied(capability)


@hooks.register("before_edit_page")
def before_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse everyone else; opening restricted blocks is recorded."""
    _require(request, page)
    own = page.get_latest_revision_as_object() if isinstance(page.specific, LivePage) else None
    if own is not None and own.restricted and request.method == "GET":
        reading(request.actor, page.specific, "dossier.read")
    return None


@hooks.register("before_publish_page")
@hooks.register("before_unpublish_page")
def before_publish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse everyone else."""
    _require(request, page, publish=True)
    return None


@hooks.register("before_delete_page")
def before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse everyone else; that a dossier is removed is recorded before it goes."""
    _require(request, page, publish=True)
    if isinstance(page.specific, LivePage) and request.method == "POST":
        with writing(request.actor, "dossier.publish") as audit:
            audit.removed(page.specific, "dossier.deleted", reason="removed in the editor", title=page.title)
    return None


@hooks.register("before_copy_page")
def before_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy holds the restricted blocks too."""
    return before_edit(request, page)


@hooks.register("before_move_page")
def before_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse everyone else."""
    _require(request, page)
    return None


@hooks.register("before_create_page")
def before_create(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """A dossier is begun by those who write dossiers, any other page by administrators."""
    capability = "dossier.edit" if issubclass(page_class, LivePage) else "pages.edit"
    if not request.actor.may(capability):
        raise PermissionDenied(capability)
    return None


@hooks.register("before_bulk_action")
def before_bulk(request: HttpRequest, kind: str, items: list[Any], action: object) -> HttpResponse | None:
    """Several pages at once: the same rules for each."""
    for page in items:
        if isinstance(page, Page):
            _require(request, page, publish=kind in ("publish", "unpublish", "delete"))
    return None


@hooks.register("after_edit_page")
@hooks.register("after_create_page")
def after_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A draft of a dossier was kept: who, and the state after it."""
    if isinstance(page.specific, LivePage):
        with writing(request.actor, "dossier.edit") as audit:
            audit.changed(page.specific, "dossier.edited", title=page.title)
    return None
