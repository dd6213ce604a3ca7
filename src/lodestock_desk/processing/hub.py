"""Could a Dutch port be the hub of a stock? What the newest stored stock plan says of each place, cheapest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lodestock.errors import LodestockError
from lodestock.publish.numbers import number_text
from lodestock.scenario.stock_data import places
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core import vocab
from lodestock_desk.dossiers.access import visible_results
from lodestock_desk.dossiers.stored import PublishedResult

START = "stock.site."
SAME = 0.05  # costs are judgements: places that differ less than this part of the cheapest are not told apart


@dataclass(frozen=True, slots=True)
class Place:
    """A set of places that could hold the plan: its name, whether all lie in the Netherlands (None: not known), the
    cost of storage and access risk a year in words, how much dearer it is than the cheapest, and the evidence."""

    name: str
    dutch: bool | None
    cost: str
    dearer: str
    mark: str


@dataclass(frozen=True, slots=True)
class Hub:
    """The places of one result, cheapest first; gap: how much dearer the cheapest set of Dutch places is than the
    cheapest of all, in words; empty where one of the two is not known; alike: the cheapest and those that hardly
    differ from it, none where it stands alone."""

    result: PublishedResult
    places: tuple[Place, ...]
    gap: str
    alike: tuple[Place, ...]

    @property
    def dutch_first(self) -> bool:
        """Whether the cheapest set lies wholly in the Netherlands."""
        return self.places[0].dutch is True


def newest_hub(actor: Actor) -> Hub | None:
    """The places of the newest stored stock plan that this actor may see; None where there is none: not known."""
    held = visible_results(actor).filter(kind="run", content__numbers__key__startswith=START)
    result = held.order_by("-day", "-created_at").distinct().first()
    if result is None:
        return None
    rows = {n.key.removeprefix(START): n.entry for n in result.content.numbers.filter(key__startswith=START)}
    known = sorted((entry["value"], key, entry) for key, entry in rows.items() if entry.get("value") is not None)
    if not known:
        return None
    least, names = known[0][0], _names()
    found = tuple(_place(key, entry, value - least, names) for value, key, entry in known)
    dutch = next((value for (value, *_), place in zip(known, found, strict=True) if place.dutch), None)
    unit = known[0][2]["unit"]
    near = sum(value - least <= SAME * least for value, *_ in known)
    alike = found[:near] if near > 1 else ()
    return Hub(result, found, "" if dutch is None else _said(dutch - least, unit), alike)


def _place(key: str, entry: Mapping[str, Any], dearer: float, names: Mapping[str, tuple[str, str]]) -> Place:
    parts = _parts(key, names)
    if parts is None:  # a place that no longer ships: its name is that of the result
        return Place(key, None, _said(entry["value"], entry["unit"]), _said(dearer, entry["unit"]), entry["mark"])
    name = " + ".join(names[part][0] for part in parts)
    dutch = all(names[part][1] == "NLD" for part in parts)
    return Place(name, dutch, _said(entry["value"], entry["unit"]), _said(dearer, entry["unit"]), entry["mark"])


def _parts(key: str, names: Mapping[str, tuple[str, str]]) -> list[str] | None:
    """The places in a key, which are joined by a hyphen that names may hold too; None where one is not known."""
    if key in names:
        return [key]
    for name in names:
        if key.startswith(f"{name}-"):
            rest = _parts(key.removeprefix(f"{name}-"), names)
            if rest is not None:
                return [name, *rest]
    return None


def _names() -> dict[str, tuple[str, str]]:
    try:
        return {item.place: (getattr(item.name, vocab.lang()), item.country) for item in places()}
    except LodestockError:  # a table of places of one's own that is being mended
        return {}


def _said(value: float, unit: str) -> str:
    return number_text(value, unit, "en" if vocab.lang() == "en" else "nl")
