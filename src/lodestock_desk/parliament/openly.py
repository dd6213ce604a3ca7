"""What anyone may read of a text: without its restricted blocks, and without what a dossier holds back.

A piece is checked for this before it is sent and before it is published. What is held back later shows no more in the
public version either: each time it is made, it is asked what is held back now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lodestock_desk.dossiers.heldback import Held, HeldBack, held_back_now
from lodestock_desk.dossiers.mixing import Item
from lodestock_desk.dossiers.results import newest
from lodestock_desk.parliament.numbers import REGISTER
from lodestock_desk.parliament.text import Content, Type, masked, public_part


@dataclass(frozen=True, slots=True)
class Open:
    """The public version of a text; held: the names of numbers and figures that were left out of it, and why."""

    content: Content
    held: dict[str, Held]


def open_version(content: Content, now: HeldBack | None = None) -> Open:
    """The text as anyone may read it. now: what is held back, where that was asked already."""
    public = public_part(content)
    held = held_of(named_in(public), now)
    return Open(masked(public, held) if held else public, held)


def held_in(content: Content, now: HeldBack | None = None) -> dict[str, Held]:
    """The numbers and figures in blocks that are not restricted which a dossier holds back, by name."""
    return held_of(named_in(public_part(content)), now)


def held_of(named: Iterable[tuple[str, Item]], now: HeldBack | None = None) -> dict[str, Held]:
    """What of these results and numbers a dossier holds back, by the name that the text gives it."""
    found = {}
    for name, item in named:
        now = now or held_back_now()
        if why := now.why(item):
            found[name] = why
    return found


def named_in(content: Content) -> Iterator[tuple[str, Item]]:
    """The results and numbers that a text names. One of the register of measures stands in no dossier."""
    for key in content.cited():
        number = content.numbers.get(key, {})
        if number.get("result") and number["result"] != REGISTER:
            yield key, (str(number["result"]), str(number.get("day") or ""), str(number.get("entry") or ""))
    for key in {b.key for blocks in content.blocks.values() for b in blocks if b.type is Type.FIGURE and b.key}:
        name, _at, day = key.partition("@")
        if not day and (last := newest(name)):
            day = last.day.isoformat()
        yield key, (name, day, "")
