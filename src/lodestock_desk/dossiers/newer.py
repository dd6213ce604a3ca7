"""Which blocks of a page show a result of which there is a newer one, and what the two differ in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from lodestock_desk.core import vocab
from lodestock_desk.dossiers.content import OUTLINE
from lodestock_desk.dossiers.numbers import State, check_number, render_number
from lodestock_desk.dossiers.results import Change, differences, newest, result_on
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import blocks_of
from lodestock_desk.dossiers.stored import PublishedResult
from lodestock_desk.dossiers.told import in_words


@dataclass(frozen=True, slots=True)
class Offer:
    """A block and what a newer result would change in it. `gone`: its own result is not there to compare with."""

    block: str
    section: str
    kind: str
    result: str
    old_day: date
    new_day: date
    changes: tuple[Change, ...]
    gone: bool = False

    @property
    def place(self) -> str:
        """The section in words."""
        return str(OUTLINE.get(self.section, ""))


def count_offers(page: Any) -> int:
    """How many blocks have a newer result: by their days and contents, no table is compared."""
    return len(offers(page, compare=False))


def offers(page: Any, *, compare: bool = True) -> list[Offer]:
    """The blocks of a page for which a newer result says something else."""
    found: list[Offer] = []
    for section, block in blocks_of(page.sections):
        value, key = block.get("value") or {}, str(block.get("id") or "")
        if value.get("result") and (offer := _of_result(value, key, section, block, compare)):
            found.append(offer)
        found += _of_numbers(block, key, section)
    return found


def _of_result(value: Any, key: str, section: str, block: Any, compare: bool) -> Offer | None:
    name, day = value["result"], str(value["day"])
    held = dict(PublishedResult.objects.filter(name=name).values_list("day", "content_id"))
    last_day = max(held, default=None)
    if last_day is None or last_day.isoformat() <= day:
        return None
    own = held.get(date.fromisoformat(day))
    if own == held[last_day]:
        return None
    changes: tuple[Change, ...] = ()
    if compare and own is not None and (old := result_on(name, day)) and (last := newest(name)):
        changes = tuple(in_words(differences(old, last), last, vocab.lang()))
    return Offer(key, section, str(block["type"]), name, date.fromisoformat(day), last_day, changes, own is None)


def _of_numbers(block: Any, key: str, section: str) -> list[Offer]:
    lang = vocab.lang()
    changed: dict[tuple[str, str, date], list[Change]] = {}
    for number in numbers_in(block):
        checked = check_number(number)
        if checked.newer_day is None or checked.state not in (State.NEWER, State.GONE, State.DIFFERS):
            continue
        new = render_number({"value": checked.newer, "unit": number.get("unit")}, lang)
        label = checked.label_en if lang == "en" else checked.label_nl
        old = render_number(number, lang)
        change = Change("numbers", label or str(number["entry"]), gettext("value"), old, new)
        changed.setdefault((str(number["result"]), str(number["day"]), checked.newer_day), []).append(change)
    kind = str(block["type"])
    return [
        Offer(key, section, kind, name, date.fromisoformat(old), new, tuple(rows))
        for (name, old, new), rows in changed.items()
    ]
