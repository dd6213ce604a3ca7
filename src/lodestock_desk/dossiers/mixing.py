"""Whether a result is public in one block and restricted in another, on one page or on two.

The files of a result and the lineage of a number tell of all of it: whoever may read the one block reads the other. So
what is held back in any page, live or in draft, goes public in none. What counts of another page is its newest draft:
it says what is meant now. Who changes a result from public to restricted, or back, changes all drafts first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import Raw, blocks_of, is_public
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult, ResultNumber

Item = tuple[str, str, str]
"""Result, day (ISO), entry; the entry is empty for a figure, map or table."""

Restricted = Mapping[Item, bool]
"""What is held back, and of each whether all that rests on it is held back too."""


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


def held_back(sections: Iterable[Raw]) -> Restricted:
    """What the restricted blocks of a page hold back."""
    held: dict[Item, bool] = {}
    for item, _ground, whole in grounds_of(sections):
        held[item] = held.get(item, False) or whole
    return held


def tells(item: Item, restricted: Restricted) -> bool:
    """Whether something public tells one of the restricted items: itself, by its lineage or by its manifest."""
    return bool(told(item, restricted))


def told(item: Item, restricted: Restricted) -> set[Item]:
    """Which of the restricted items something public tells: itself, by its lineage or by its manifest."""
    return _told({item}, restricted)


def grounds_of(sections: Iterable[Raw]) -> Iterator[tuple[Item, str, bool]]:
    """What the restricted blocks of a page hold back: each item, the ground of its block (empty where it names none),
    and whether all that rests on the item is held back too. With a result go the numbers behind it, but for those that
    a public block of the same page shows in so many words."""
    blocks = [block for _section, block in blocks_of(sections)]
    shown = {item for block in blocks if is_public(block) for item in _named(block)}
    for block in blocks:
        if is_public(block):
            continue
        value = block.get("value")
        ground = str(value.get("ground") or "") if isinstance(value, Mapping) else ""
        for item in _named(block):
            yield item, ground, True
            behind = _behind(item) if not item[2] else {}
            yield from ((one, ground, whole) for one, whole in behind.items() if one not in shown)


def _note(found: dict[str, list[str]], items: Iterable[Item], *pages: str) -> None:
    for name, _day, entry in items:
        found.setdefault(f"{name}, {entry}" if entry else name, []).extend(pages)


def _sides(sections: Iterable[Raw]) -> tuple[set[Item], Restricted]:
    """What the public blocks name, and what the restricted ones hold back."""
    raw = list(sections)
    return {item for _section, block in blocks_of(raw) if is_public(block) for item in _named(block)}, held_back(raw)


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


def _told(public: set[Item], restricted: Restricted) -> set[Item]:
    """What of the restricted items the public ones tell: the same item, or a number in its lineage or manifest. Of what
    is gone nobody can say what it rests on: it tells all numbers of its run that are held back that day."""
    found = {item for item in public if item in restricted}
    rests = {item for item, whole in restricted.items() if whole and item[2]}
    runs = {item[:2] for item in rests}
    for name, day, entry in public if runs else ():
        run = (name.partition(".")[0], day)
        if run in runs:
            keys = rests_on((name, day, entry))
            found |= {one for one in rests if one[:2] == run and (keys is None or one[2] in keys)}
    return found


def rests_on(item: Item) -> set[str] | None:
    """The numbers of its run that something tells: itself with its lineage, or those in its manifest; None: gone."""
    name, day, entry = item
    if not entry:
        return _of_result(name, day)
    known = numbers_on(name, day) or {}
    return lineage(known, entry) if entry in known else None


def lineage(known: Mapping[str, Raw], entry: str) -> set[str]:
    """A number and all numbers that it comes from."""
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        key = waiting.pop()
        if key not in seen and key in known:
            seen.add(key)
            waiting += known[key].get("inputs") or ()
    return seen


def numbers_on(run: str, day: str) -> dict[str, Raw] | None:
    """The numbers of a run on a day, also of one that is withdrawn while a page keeps it; None: gone."""
    if not _is_day(day):
        return None
    stored: Any
    for stored in (PublishedResult, KeptResult):
        if content := stored.objects.filter(name=run, day=day).values_list("content", flat=True).first():
            return _numbers(content)
    return None


@lru_cache(maxsize=64)
def _numbers(content: str) -> dict[str, Raw]:
    """The numbers of a content, which never changes."""
    return dict(ResultNumber.objects.filter(content=content).values_list("key", "entry"))


def _of_result(name: str, day: str) -> set[str] | None:
    """The numbers behind a result: those that the manifest of a figure names, all of a run; None: gone."""
    if "." not in name:
        known = numbers_on(name, day)
        return None if known is None else set(known)
    stored: Any
    for stored in (PublishedResult, KeptResult) if _is_day(day) else ():
        text = stored.objects.filter(name=name, day=day).exclude(manifest="").values_list("manifest", flat=True).first()
        if text is not None:
            return set(json.loads(text).get("entries") or ())
    return None


def _behind(item: Item) -> dict[Item, bool]:
    """The numbers behind a restricted result, and of each whether it is told by all that rests on it: so it is for what
    the result shows, but not for the assumptions under that, on which nearly all of a run rests.

    Of a result that is gone: all numbers of its run.
    """
    run, day = item[0].partition(".")[0], item[1]
    known = numbers_on(run, day) or {}
    keys = _of_result(item[0], day)
    if keys is None:
        keys = set(known)
    under = {key for one in keys for key in lineage(known, one) - {one}}
    return {(run, day, key): key not in under for key in keys}


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
