"""What the published numbers rest on: how many of each evidence mark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from lodestock.evidence.marks import Mark
from lodestock.publish.words import MARKS, MARKS_LONG
from lodestock_desk.dossiers.stored import KeptResult, ResultNumber


@dataclass(frozen=True, slots=True)
class MarkCount:
    """An evidence mark with its meaning and how many published numbers carry it."""

    mark: str
    name: str
    meaning: str
    count: int


def published_marks(lang: Any) -> list[MarkCount]:
    """The four marks, strongest first, with the count over the numbers in public blocks of live pages."""
    shown = KeptResult.objects.filter(public=True, page__live=True).exclude(entry="")
    wanted = set(shown.values_list("content_id", "entry"))
    entries = ResultNumber.objects.filter(content__in={c for c, _key in wanted}, key__in={k for _c, k in wanted})
    counts = Counter(str(n.entry["mark"]) for n in entries if (n.content_id, n.key) in wanted)
    return [MarkCount(mark.value, MARKS[mark][lang], MARKS_LONG[mark][lang], counts[mark.value]) for mark in Mark]
