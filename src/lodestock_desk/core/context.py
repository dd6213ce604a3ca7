"""What every page needs to know."""

from typing import Any

from django.http import HttpRequest

from lodestock_desk.accounts.menu import menu_for


def desk(request: HttpRequest) -> dict[str, Any]:
    """The actor and the menu of the page."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "menu": menu_for(actor, request.path) if actor else ()}
