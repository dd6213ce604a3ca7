"""Whether dossiers or scenario pages hold a result or number back: asked for letters, and for their public versions.

A page counts with what is live of it and with its newest draft: what either holds back stays back, so that a draft that
nobody published yet makes nothing public. Answers are kept by the state of pages and results, so that a public page
that asks for many numbers costs three small queries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from lodestock_desk.dossiers import mixing
from lodestock_desk.dossiers.access import public_files
from lodestock_desk.dossiers.models import DossierPage, LivePage, ScenarioPage
from lodestock_desk.dossiers.stored import PublishedResult, ResultNumber

_STATE = ("pk", "live", "has_unpublished_changes", "latest_revision_created_at", "last_published_at", "title")


@dataclass(frozen=True, slots=True)
class Held:
    """On which grounds of the Woo something is held back (none where a block names none), and on which pages."""

    grounds: tuple[str, ...]
    pages: tuple[str, ...]

    def __str__(self) -> str:
        """Short and in no language: 'Woo 5.1.1.c, “Koper”'."""
        said = [f"Woo {', '.join(self.grounds)}"] if self.grounds else []
        return ", ".join([*said, *(f"“{title}”" for title in self.pages)])


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What is held back at one moment; `state` is the fingerprint of the pages and results as they stood."""

    state: str

    def why(self, item: mixing.Item) -> Held | None:
        """Why this result (with an empty entry) or number is held back: itself, or what its lineage tells."""
        return _why(self.state, item)


def held_back_now() -> HeldBack:
    """What dossiers and scenario pages hold back as they stand now."""
    pages = [sorted(model.objects.values_list(*_STATE)) for model in (DossierPage, ScenarioPage)]
    results = PublishedResult.objects.aggregate(Count("pk"), Max("created_at"))
    return HeldBack(hashlib.sha256(repr((pages, results)).encode()).hexdigest())


def _pages() -> Iterator[LivePage]:
    """Every page as it is live and as its newest draft has it."""
    for model in (DossierPage, ScenarioPage):
        for page in model.objects.all():
            if page.has_unpublished_changes:
                yield page.get_latest_revision_as_object()
            if page.live or not page.has_unpublished_changes:
                yield page


@lru_cache(maxsize=2)
def _items(state: str) -> dict[mixing.Item, Held]:
    """What is held back, each with its grounds and pages."""
    grounds: dict[mixing.Item, list[str]] = {}
    titles: dict[mixing.Item, list[str]] = {}
    for page in _pages():
        for item, ground in mixing.grounds_of(page.sections):
            grounds.setdefault(item, []).append(ground)
            titles.setdefault(item, []).append(page.title)
    return {
        item: Held(tuple(sorted({ground for ground in grounds[item] if ground})), tuple(dict.fromkeys(titles[item])))
        for item in grounds
    }


@lru_cache(maxsize=2)
def _runs(state: str) -> frozenset[str]:
    """The runs of which anything is held back."""
    return frozenset(name.partition(".")[0] for name, _day, _entry in _items(state))


@lru_cache(maxsize=4096)
def _why(state: str, item: mixing.Item) -> Held | None:
    if item[0].partition(".")[0] not in _runs(state):
        return None
    items = _items(state)
    told = sorted({held for one in (item, *_on_other_days(item)) for held in mixing.told(one, set(items))})
    if not told:
        return None
    grounds = sorted({ground for one in told for ground in items[one].grounds})
    return Held(tuple(grounds), tuple(dict.fromkeys(title for one in told for title in items[one].pages)))


def _on_other_days(item: mixing.Item) -> Iterator[mixing.Item]:
    """The same result or number on other days on which it says the same; none for what a live page shows to all."""
    name, day, entry = item
    if public_files(name, day).filter(entry=entry).exists():
        return
    if not entry:
        own = PublishedResult.objects.filter(name=name, day=day).values("content")
        for other in PublishedResult.objects.filter(name=name, content__in=own).exclude(day=day):
            yield name, other.day.isoformat(), ""
        return
    known = ResultNumber.objects.filter(content__results__name=name, key=entry)
    said = {on.isoformat(): _said(held) for on, held in known.values_list("content__results__day", "entry")}
    mine = said.pop(day, None)
    if mine is not None and mine[0] is not None:
        yield from ((name, on, entry) for on, value in said.items() if value == mine)


def _said(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(entry.get(name) for name in ("value", "unit", "low", "high"))
