"""Whether a result is public in one block and restricted in another, on one page or on two.

The files of a result and the lineage of a number tell of all of it: whoever may read the one block reads the other. So
what is held back in any page, live or in draft, goes public in none. What counts of another page is its newest draft:
it says what is meant now. Who changes a result from public to restricted, or back, changes all drafts first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import Raw, blocks_of, is_public
from lodestock_desk.dossiers.stored import PublishedResult, ResultNumber

Item = tuple[str, str, str]
"""Result, day (ISO), entry; the entry is empty for a figure, map or table."""


@dataclass(frozen=True, slots=True)
class Page:
    """What counts of a page: its title, its sections (raw), and whether outsiders can read it."""

    title: str
    sections: Iterable[Raw]
    live: bool = True


@dataclass(frozen=True, slots=True)
class Mixed:
    """A result that is public and restricted at once, and the titles of the pages on which it is."""

    result: str
    pages: tuple[str, ...]


def mixed(page: Page, others: Iterable[Page] = ()) -> list[Mixed]:
    """The results that may not go public with this page, or that it holds back while another page tells them."""
    public, restricted = _sides(page.sections)
    found: dict[str, list[str]] = {}
    _note(found, _told(public, restricted), page.title)
    for other in others:
        theirs, kept_back = _sides(other.sections)
        _note(found, _told(public, kept_back), page.title, other.title)
        if other.live:
            _note(found, _told(theirs, restricted), page.title, other.title)
    return [Mixed(result, tuple(dict.fromkeys(pages))) for result, pages in sorted(found.items())]


def held_back(sections: Iterable[Raw]) -> set[Item]:
    """What the restricted blocks of a page name."""
    return _sides(sections)[1]


def tells(item: Item, restricted: set[Item]) -> bool:
    """Whether something public tells one of the restricted items: itself, by its lineage or by its manifest."""
    return bool(told(item, restricted))


def told(item: Item, restricted: set[Item]) -> set[Item]:
    """Which of the restricted items something public tells: itself, by its lineage or by its manifest."""
    return _told({item}, restricted)


def grounds_of(sections: Iterable[Raw]) -> Iterator[tuple[Item, str]]:
    """What the restricted blocks of a page name, each with the ground of its block; empty where it names none."""
    for _section, block in blocks_of(sections):
        if not is_public(block):
            value = block.get("value")
            ground = str(value.get("ground") or "") if isinstance(value, Mapping) else ""
            yield from ((item, ground) for item in _named(block))


def _note(found: dict[str, list[str]], items: Iterable[Item], *pages: str) -> None:
    for name, _day, entry in items:
        found.setdefault(f"{name}, {entry}" if entry else name, []).extend(pages)


def _sides(sections: Iterable[Raw]) -> tuple[set[Item], set[Item]]:
    """What the public blocks name, and what the restricted ones name."""
    sides: dict[bool, set[Item]] = {True: set(), False: set()}
    for _section, block in blocks_of(sections):
        sides[is_public(block)].update(_named(block))
    return sides[True], sides[False]


def _named(block: Raw) -> Iterator[Item]:
    """The results and numbers that a block names."""
    value = block.get("value")
    if not isinstance(value, Mapping):
        return
    if value.get("result"):
        yield str(value["result"]), str(value.get("day")), ""
    for number in numbers_in(block):
        if number.get("result") and number.get("entry"):
            yield str(number["result"]), str(number.get("day")), str(number["entry"])


def _told(public: set[Item], restricted: set[Item]) -> set[Item]:
    """What of the restricted items the public ones tell: the same item, or a number in its lineage or manifest."""
    found = public & restricted
    runs = {(name, day) for name, day, entry in restricted if entry}
    for name, day, entry in public if runs else ():
        run = (name.partition(".")[0] if not entry else name, day)
        if run in runs:
            keys = _lineage(name, day, entry) if entry else _of_figure(name, day)
            found |= {(*run, key) for key in keys} & restricted
    return found


def _lineage(name: str, day: str, entry: str) -> set[str]:
    known: dict[str, tuple[str, ...]] = {}
    for content in PublishedResult.objects.filter(name=name, day=day).values_list("content", flat=True):
        known |= _inputs(content)
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        key = waiting.pop()
        if key not in seen and key in known:
            seen.add(key)
            waiting += known[key]
    return seen


@lru_cache(maxsize=64)
def _inputs(content: str) -> dict[str, tuple[str, ...]]:
    """From which numbers each number of a content comes. A content never changes."""
    held = ResultNumber.objects.filter(content=content).values_list("key", "entry")
    return {key: tuple(entry.get("inputs") or ()) for key, entry in held}


def _of_figure(name: str, day: str) -> set[str]:
    """The numbers that the manifest of a figure holds."""
    text = PublishedResult.objects.filter(name=name, day=day).values_list("manifest", flat=True).first()
    held = json.loads(text) if text else {}
    return set(held.get("entries") or ())
