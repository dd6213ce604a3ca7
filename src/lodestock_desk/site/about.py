"""What the vocabulary and the register of export controls say about one material, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestock.disruption.controls import Control, find, on_products_with
from lodestock.evidence.marks import Mark
from lodestock.publish.words import MARKS, date_text
from lodestock.vocabulary import (
    MaterialKind,
    ProductCode,
    RawMaterialList,
    country,
    list_entries_for,
    material,
    materials,
    members,
    product_codes_for,
)
from lodestock_desk.core import vocab


@dataclass(frozen=True, slots=True)
class Measure:
    """An export control: who, what, and how it stands on the day."""

    title: str
    issuer: str
    status: str
    instrument: str
    until: str
    source: str
    mark: str
    mark_text: str


@dataclass(frozen=True, slots=True)
class About:
    """One material in one language."""

    key: str
    name: str
    other_name: str
    symbol: str
    wider: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str, str], ...]
    codes: tuple[tuple[str, str, str], ...]
    measures: tuple[Measure, ...]
    on_products: tuple[Measure, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line in the list of materials."""

    key: str
    name: str
    symbol: str
    listed: str
    dossier: Any


def _listed(key: str, on: date) -> tuple[str, ...]:
    return tuple(which.value for which in RawMaterialList if list_entries_for(key, on, which))


def list_materials(lang: str, dossiers: Iterable[Any]) -> list[Line]:
    """Every material by name, with what list it is on today and its dossier."""
    by_material = {page.material: page for page in dossiers}
    today = date.today()
    lines = [
        Line(m.id, m.name(lang), m.symbol, ",".join(_listed(m.id, today)), by_material.get(m.id)) for m in materials()
    ]
    return sorted(lines, key=lambda line: line.name.casefold())


def about_material(key: str, lang: Any, on: date) -> About:
    """What is known of one material; raises UnknownNameError for an unknown id."""
    own = material(key)
    on_lists = [(which.value, entry) for which in RawMaterialList for entry in list_entries_for(own, on, which)]
    products = on_products_with(own.id) if own.kind is not MaterialKind.PRODUCT else ()
    return About(
        key=own.id,
        name=own.name(lang),
        other_name=own.name("nl" if lang == "en" else "en"),
        symbol=own.symbol,
        wider=vocab.wider(own.id),
        members=tuple((m.id, m.name(lang)) for m in members(own)),
        lists=tuple((which, entry.name(lang), entry.reference) for which, entry in on_lists),
        codes=tuple(
            (c.code, ", ".join(r.value for r in c.revisions), c.description(lang)) for c in product_codes_for(own)
        ),
        measures=tuple(_measure(item, lang, on) for item in find(material_name=own.id)),
        on_products=tuple(_measure(item, lang, on) for item in products),
        day=date_text(on, lang),
    )


def _code(code: ProductCode, lang: str) -> tuple[str, str, str]:
    return code.code, ", ".join(revision.value for revision in code.revisions), code.description(lang)


def _measure(item: Control, lang: Any, on: date) -> Measure:
    lapses = item.lapses_on()
    return Measure(
        title=item.title[lang],
        issuer=country(item.issuer).name(lang),
        status=str(item.status(on)),
        instrument=item.instrument,
        until=date_text(lapses, lang) if lapses else "",
        source=item.source,
        mark=item.mark.value,
        mark_text=MARKS[Mark(item.mark)][lang],
    )
