"""Example data of this room, made through its actions."""

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation


def make_example(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """Nothing yet."""
