"""Pages of long lists without counting everything: the rows of one page, and a count that stops at a bound.

A list that is put together from parts (what one received, what was passed on, press) is read part by part, each along
its own index, and merged; one condition with OR over the parts would walk the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

BOUND = 1000
_LAST_PAGE = 400


@dataclass(frozen=True, slots=True)
class Bounded:
    """A count up to a bound; `more` says that there are more than `number`."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.more else str(self.number)


@dataclass(frozen=True, slots=True)
class Window:
    """One page of a list: its rows, its number, whether another follows, and the bounded count of all rows."""

    rows: list[Any]
    number: int
    has_next: bool
    count: Bounded

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        """The number of the page after."""
        return self.number + 1


def bounded(parts: Sequence[QuerySet[Any]], most: int = BOUND) -> Bounded:
    """How many rows the parts hold together, counted no further than `most`; the parts share no row."""
    found = 0
    for part in parts:
        found += part.order_by()[: most + 1 - found].count()
        if found > most:
            return Bounded(most, more=True)
    return Bounded(found)


def window(parts: Sequence[QuerySet[Any]], asked: str | None, size: int) -> Window:
    """The page that was asked for, newest first; anything that is no page number is the first, too high is the last.

    The parts are of one model with `created_at`, share no row, and carry the related rows that the page needs.
    """
    said = asked or ""
    number = min(max(int(said), 1), _LAST_PAGE) if said.isdecimal() and len(said) < 9 else 1
    keys = _newest(parts, number * size + 1)
    if len(keys) <= (number - 1) * size:
        number = max(1, -(-len(keys) // size))
    chosen = [key for _made, key in keys[(number - 1) * size : number * size]]
    whole = {row.pk: row for part in parts for row in part.filter(pk__in=chosen).order_by()} if chosen else {}
    rows = [whole[key] for key in chosen if key in whole]
    return Window(rows, number, len(keys) > number * size, bounded(parts))


def _newest(parts: Sequence[QuerySet[Any]], most: int) -> list[tuple[Any, Any]]:
    """(moment, key) of the newest rows of all parts together."""
    found = [pair for part in parts for pair in _keys(part, most)]
    found.sort(key=lambda pair: pair[1])
    found.sort(key=lambda pair: pair[0], reverse=True)
    return found[:most]


def _keys(part: QuerySet[Any], most: int) -> QuerySet[Any]:
    return part.select_related(None).order_by("-created_at", "id").values_list("created_at", "pk")[:most]
