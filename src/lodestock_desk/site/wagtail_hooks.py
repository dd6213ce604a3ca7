"""The editor opens only for administrators of the desk, whatever Wagtail's own permissions say."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail import hooks

from lodestock_desk.accounts.actor import Actor


def may_edit(actor: Actor) -> bool:
    """Whether an actor may edit public pages."""
    return actor.may("pages.edit")


@hooks.register("before_edit_page")
@hooks.register("before_publish_page")
@hooks.register("before_delete_page")
def only_editors(request: HttpRequest, *pages: object) -> HttpResponse | None:
    """Refuse everyone else."""
    if not may_edit(request.actor):
        raise PermissionDenied("pages.edit")
    return None
