"""Whether dossiers or scenario pages hold a result or number back: asked for letters, and for their public versions.

A page counts with what is live of it, or was last, and with its newest draft: what either holds back stays back, so
that a draft that nobody published yet makes nothing public, nor does taking a page offline. Answers are kept by the
state of pages and results, so that a public page that asks for many numbers costs three small queries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Max
from wagtail.models import PageLogEntry, Revision

from lodestock_desk.dossiers import mixing
from lodestock_desk.dossiers.access import public_files
from lodestock_desk.dossiers.models import DossierPage, LivePage, ScenarioPage
from lodestock_desk.dossiers.split import Raw
from lodestock_desk.dossiers.stored import PublishedResult

_STATE = ("pk", "live", "has_unpublished_changes", "latest_revision_created_at", "last_published_at", "title")
_PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")


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
    """Every page as it is or was last live, and as its newest draft has it.

    The editor writes drafts over a page that was taken offline; what it said when it was live is in its history.
    """
    for model in (DossierPage, ScenarioPage):
        for page in model.objects.all():
            if page.has_unpublished_changes:
                yield page.get_latest_revision_as_object()
            if page.live or page.last_published_at or not page.has_unpublished_changes:
                yield page
            if not page.live and page.last_published_at and (last := _last_published(page)):
                yield last


def _last_published(page: LivePage) -> LivePage | None:
    """The page as it was last published; None where its history does not say."""
    row = PageLogEntry.objects.filter(page_id=page.pk, action__in=_PUBLISHED).order_by("-timestamp").first()
    revision = Revision.objects.filter(pk=row.revision_id).first() if row else None
    return revision.as_object() if revision else None


@lru_cache(maxsize=2)
def _items(state: str) -> dict[mixing.Item, Held]:
    """What is held back, each with its grounds and pages."""
    grounds: dict[mixing.Item, list[str]] = {}
    titles: dict[mixing.Item, list[str]] = {}
    for item, ground, _whole, title in _found(state):
        grounds.setdefault(item, []).append(ground)
        titles.setdefault(item, []).append(title)
    return {
        item: Held(tuple(sorted({ground for ground in grounds[item] if ground})), tuple(dict.fromkeys(titles[item])))
        for item in grounds
    }


@lru_cache(maxsize=2)
def _found(state: str) -> tuple[tuple[mixing.Item, str, bool, str], ...]:
    """What each page holds back: item, ground, whether all that rests on it is held back too, title of the page."""
    return tuple((*found, page.title) for page in _pages() for found in mixing.grounds_of(page.sections))


@lru_cache(maxsize=2)
def _restricted(state: str) -> dict[mixing.Item, bool]:
    """What is held back, and whether all that rests on it is too."""
    held: dict[mixing.Item, bool] = {}
    for item, _ground, whole, _title in _found(state):
        held[item] = held.get(item, False) or whole
    return held


@lru_cache(maxsize=2)
def _runs(state: str) -> frozenset[str]:
    """The runs of which anything is held back."""
    return frozenset(name.partition(".")[0] for name, _day, _entry in _items(state))


@lru_cache(maxsize=4096)
def _why(state: str, item: mixing.Item) -> Held | None:
    run = item[0].partition(".")[0]
    if run not in _runs(state):
        return None
    items, restricted = _items(state), _restricted(state)
    keys = mixing.rests_on(item)
    if keys is None:  # gone: nobody can say what it tells of its run
        found = {one for one in items if one[0].partition(".")[0] == run}
    else:
        found = mixing.told(item, restricted) | _on_other_days(item, keys, restricted)
    if not found:
        return None
    told = sorted(found)
    grounds = sorted({ground for one in told for ground in items[one].grounds})
    return Held(tuple(grounds), tuple(dict.fromkeys(title for one in told for title in items[one].pages)))


def _on_other_days(item: mixing.Item, keys: set[str], restricted: mixing.Restricted) -> set[mixing.Item]:
    """What it tells of what is held back of other days, as far as that says the same; nothing for what a live page
    shows to all. keys: the numbers that it tells on its own day."""
    name, day, entry = item
    if public_files(name, day).filter(entry=entry).exists():
        return set()
    found: set[mixing.Item] = set()
    if not entry:
        own = PublishedResult.objects.filter(name=name, day=day).values("content")
        for other in PublishedResult.objects.filter(name=name, content__in=own).exclude(day=day):
            found |= mixing.told((name, other.day.isoformat(), ""), restricted)
    run = name.partition(".")[0]
    mine = mixing.numbers_on(run, day) or {}
    for on in {other for held, other, _key in restricted if held.partition(".")[0] == run} - {day}:
        theirs = mixing.numbers_on(run, on) or {}
        same = {key for key in keys if _may_say_the_same(mine.get(key), theirs.get(key))}
        under = {one for key in same for one in mixing.lineage(theirs, key)}
        found |= {(run, on, key) for key in same if (run, on, key) in restricted}
        found |= {(run, on, key) for key in under if restricted.get((run, on, key))}
    return found


def _may_say_the_same(mine: Raw | None, theirs: Raw | None) -> bool:
    """Whether a number has one value on two days, whatever its range. One that is gone may have; of one that is not
    known, a range on both days counts."""
    if mine is None or theirs is None:
        return True
    told = all(any(one.get(name) is not None for name in ("value", "low", "high")) for one in (mine, theirs))
    return told and all(mine.get(name) == theirs.get(name) for name in ("value", "unit"))
