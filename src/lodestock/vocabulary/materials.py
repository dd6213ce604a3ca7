"""Materials by every name in use, their groups, and the dated lists of critical and strategic raw materials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from lodestock.vocabulary import _tables


class MaterialKind(StrEnum):
    """What kind of thing a material is."""

    ELEMENT = "element"
    GROUP = "group"
    MINERAL = "mineral"
    PRODUCT = "product"
    BIOTIC = "biotic"


class Relation(StrEnum):
    """How two materials belong together.

    member:   belongs to a group (dysprosium to the heavy rare earths).
    variant:  is a narrower kind of a product (SmCo magnets of rare-earth magnets).
    contains: the product is made of it (SmCo magnets contain samarium).
    form:     is the same material at another stage (bauxite of aluminium).
    """

    MEMBER = "member"
    VARIANT = "variant"
    CONTAINS = "contains"
    FORM = "form"


class RawMaterialList(StrEnum):
    """The two lists of the Union."""

    CRITICAL = "critical"
    STRATEGIC = "strategic"


@dataclass(frozen=True, slots=True)
class Material(_tables.Bilingual):
    """A material, group or product. `symbol` can be empty; `groups` are the ids it is a direct member of."""

    id: str
    symbol: str
    name_en: str
    name_nl: str
    kind: MaterialKind
    groups: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ListEntry(_tables.Bilingual):
    """One entry of a dated list, as it is counted there: a group is one entry.

    material:    id of the material or group; `also_covers` are further ids that the entry's words include.
    grade:       battery, metallurgy or metal where the entry is limited to a grade, else empty.
    valid_from, valid_until: first and last day, both included; None is still in force.
    review_by:   the day by which the list must be reviewed; after it, check before relying on the list.
    """

    list: RawMaterialList
    reference: str
    name_en: str
    name_nl: str
    material: str
    also_covers: tuple[str, ...]
    grade: str
    valid_from: date
    valid_until: date | None
    review_by: date | None
    source: str
    mark: str


@cache
def _relations() -> tuple[tuple[str, str, Relation], ...]:
    return tuple((row["group"], row["member"], Relation(row["relation"])) for row in _tables.rows("material_member"))


@cache
def _by_id() -> dict[str, Material]:
    groups: dict[str, list[str]] = {}
    for group, member, relation in _relations():
        if relation is Relation.MEMBER:
            groups.setdefault(member, []).append(group)
    return {
        row["id"]: Material(
            id=row["id"],
            symbol=row["symbol"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            kind=MaterialKind(row["kind"]),
            groups=tuple(groups.get(row["id"], ())),
            note=row["note"],
        )
        for row in _tables.rows("material")
    }


@cache
def _names() -> _tables.Names:
    own = ((name, m.id) for m in materials() for name in (m.id, m.symbol, m.name_en, m.name_nl))
    aliases = ((row["alias"], row["material"]) for row in _tables.rows("material_alias"))
    return _tables.index("material", [*own, *aliases])


def materials() -> tuple[Material, ...]:
    """All materials, groups and products, in the order of the table."""
    return tuple(_by_id().values())


def material(name: str | Material) -> Material:
    """The material with this id, symbol, Dutch or English name or alias; case, accents and dashes do not matter.

    Raises UnknownNameError with the nearest known names.
    """
    if isinstance(name, Material):
        return name
    return _by_id()[_names().find(name)]


def members(name: str | Material) -> tuple[Material, ...]:
    """The single materials of a group, in the order of the table and through sub-groups; empty for what is no group."""
    return _members(material(name).id)


@cache
def _members(own: str) -> tuple[Material, ...]:
    found: dict[str, Material] = {}
    for group, member, relation in _relations():
        if relation is Relation.MEMBER and group == own:
            for single in _members(member) or (_by_id()[member],):
                found[single.id] = single
    return tuple(found.values())


def related(name: str | Material, relation: Relation) -> tuple[Material, ...]:
    """The materials in this direct relation under `name`: what it contains, its variants, its forms, its members."""
    own = material(name).id
    return tuple(_by_id()[member] for group, member, kind in _relations() if group == own and kind is relation)


def broader(name: str | Material) -> tuple[Material, ...]:
    """The wider products that this one is a variant of, nearest first (NdFeB magnets → rare-earth magnets)."""
    own = material(name).id
    up = [group for group, member, kind in _relations() if member == own and kind is Relation.VARIANT]
    return tuple(wider for group in up for wider in (_by_id()[group], *broader(group)))


@cache
def _entries() -> tuple[ListEntry, ...]:
    return tuple(
        ListEntry(
            list=RawMaterialList(row["list"]),
            reference=row["reference"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            material=row["material"],
            also_covers=_tables.parts(row["also_covers"]),
            grade=row["grade"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=_tables.day(row["valid_until"]),
            review_by=_tables.day(row["review_by"]),
            source=row["source"],
            mark=row["mark"],
        )
        for row in _tables.rows("material_list")
    )


def _list_on(which: RawMaterialList, on: date) -> tuple[ListEntry, ...]:
    return tuple(e for e in _entries() if e.list is which and _tables.in_force(on, e.valid_from, e.valid_until))


def critical_raw_materials(on: date) -> tuple[ListEntry, ...]:
    """The list of critical raw materials in force on a day: 34 entries since 23 May 2024, none before 2 February 2011.

    Before 23 May 2024 the list was that of a Commission communication (14, 20, 27 and 30 entries).
    """
    return _list_on(RawMaterialList.CRITICAL, on)


def strategic_raw_materials(on: date) -> tuple[ListEntry, ...]:
    """The list of strategic raw materials in force on a day: 17 entries since 23 May 2024, none before that."""
    return _list_on(RawMaterialList.STRATEGIC, on)


def list_entries_for(name: str | Material, on: date, which: RawMaterialList) -> tuple[ListEntry, ...]:
    """The entries that put a material on a list on a day; empty if it is not on it.

    An element is on a list through its group ('heavy rare earth elements'), a group if all its members are, and a
    stage of a material (bauxite) if the entry's words include it. A product such as a magnet is never on a list.
    """
    own = material(name)
    listed = _list_on(which, on)
    # Keeps walking groups only upwards: a listed group covers its members, a listed member does not cover its group.
    above = {own.id, *own.groups, *(wider for group in own.groups for wider in _by_id()[group].groups)}
    direct = tuple(e for e in listed if e.material in above or own.id in e.also_covers)
    if direct or own.kind is not MaterialKind.GROUP:
        return direct
    per_member = [list_entries_for(member, on, which) for member in members(own)]
    if not all(per_member):
        return ()
    return tuple(dict.fromkeys(entry for entries in per_member for entry in entries))


def is_critical(name: str | Material, on: date) -> bool:
    """Is this material on the Union's list of critical raw materials on that day?"""
    return bool(list_entries_for(name, on, RawMaterialList.CRITICAL))


def is_strategic(name: str | Material, on: date) -> bool:
    """Is this material on the Union's list of strategic raw materials on that day? A grade limit is in the entry."""
    return bool(list_entries_for(name, on, RawMaterialList.STRATEGIC))
