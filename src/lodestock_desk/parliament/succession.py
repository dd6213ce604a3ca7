"""Which office answers for what an earlier one promised: offices and ministries merge, rename and split. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Link:
    """From this day on, `new` takes the place of `old`. Several olds with one new: a merger; the reverse: a split."""

    old: str
    new: str
    on: date


def holders(office: str, links: Iterable[Link], day: date) -> tuple[str, ...]:
    """The offices that stand where `office` stood, on a day: itself, its successor, or several after a split.

    The order is that of the links; a circle of links is followed once.
    """
    after: dict[str, list[str]] = {}
    for link in sorted(links, key=lambda one: one.on):
        if link.on <= day:
            after.setdefault(link.old, []).append(link.new)
    found: list[str] = []
    _follow(office, after, frozenset(), found)
    return tuple(dict.fromkeys(found)) or (office,)


def _follow(office: str, after: Mapping[str, list[str]], seen: frozenset[str], found: list[str]) -> None:
    following = [new for new in after.get(office, []) if new not in seen]
    if not following:
        found.append(office)
    for new in following:
        _follow(new, after, seen | {office}, found)


def chain(office: str, links: Iterable[Link]) -> tuple[str, ...]:
    """The office and all that came before it, nearest first: what they promised is its to keep."""
    before: dict[str, list[str]] = {}
    for link in links:
        before.setdefault(link.new, []).append(link.old)
    found, todo = [office], [office]
    while todo:
        for old in before.get(todo.pop(0), []):
            if old not in found:
                found.append(old)
                todo.append(old)
    return tuple(found)
