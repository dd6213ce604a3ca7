"""Which export controls apply on a day: the dated register, and what it says when a date has passed unchecked.

The register in use is the file that ships, `reference/sources/controls/controls.yml`, with the registers that were
imported into the store: of a measure that stands in several of them, the newest entry counts. Files are read by
`evidence.control_register`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.control_register import (
    SHIPPED,
    ControlKind,
    Measure,
    entry_text,
    in_use,
    read_measures,
    successor_faults,
)
from lodestock.evidence.snapshots import SIDECAR, Snapshot, find_snapshots
from lodestock.evidence.store import default_home
from lodestock.vocabulary import MaterialKind, Relation, country, material, members, related
from lodestock.vocabulary.materials import broader, materials

__all__ = [
    "Control",
    "ControlKind",
    "ControlStatus",
    "Due",
    "Lapse",
    "bearing_on",
    "control",
    "doubtful",
    "due",
    "entry_of",
    "find",
    "imported_registers",
    "named_part",
    "on_products_with",
    "read_register",
    "to_be_checked",
]


class ControlStatus(StrEnum):
    """State of a measure on a day.

    NOT_KNOWN:     the dates are not known precisely enough to tell which of two states it is in.
    TO_BE_CHECKED: a last day has passed and nobody has read what applies now.
    """

    NOT_ANNOUNCED = "not announced"
    ANNOUNCED = "announced"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    NOT_KNOWN = "not known"
    TO_BE_CHECKED = "to be checked"


class Lapse(StrEnum):
    """What ends on a last day. After a suspension the measure may apply again; after a measure it may be renewed."""

    MEASURE = "measure"
    SUSPENSION = "suspension"


@dataclass(frozen=True, slots=True)
class Control(Measure):
    """A measure of the register, with what it means on a day."""

    def status(self, on: date) -> ControlStatus:
        """The state of the measure on the day `on`; one that the dates do not settle is NOT_KNOWN, never guessed."""
        between = self.between(on)
        return ControlStatus.NOT_KNOWN if len(between) > 1 else between[0]

    def between(self, on: date) -> tuple[ControlStatus, ...]:
        """The state on a day; the two states that are possible where a date is not known to the day."""
        if on < self.announced.first:
            return (ControlStatus.NOT_ANNOUNCED,)
        if self.until and on > self.until:
            return (ControlStatus.ENDED if self.successor else ControlStatus.TO_BE_CHECKED,)
        if self.suspended_until and on > self.suspended_until:
            return (self._after_suspension(),)
        if on < self.effective.first and on < self.announced.last:
            return (ControlStatus.NOT_ANNOUNCED, ControlStatus.ANNOUNCED)
        applies = self._without_suspension(on)
        if self.suspended_until is None:
            return applies
        if self.suspended_from and on >= self.suspended_from.last:
            return (ControlStatus.SUSPENDED,)
        begun = on >= (self.suspended_from or self.effective).first
        return (*applies, ControlStatus.SUSPENDED) if begun else applies

    def _without_suspension(self, on: date) -> tuple[ControlStatus, ...]:
        if on >= self.effective.last:
            return (ControlStatus.IN_FORCE,)
        if on < self.effective.first:
            return (ControlStatus.ANNOUNCED,)
        return (ControlStatus.ANNOUNCED, ControlStatus.IN_FORCE)

    def _after_suspension(self) -> ControlStatus:
        if not self.successor:
            return ControlStatus.TO_BE_CHECKED
        return ControlStatus.IN_FORCE if self.successor == "in force" else ControlStatus.ENDED

    def lapses_on(self) -> date | None:
        """The last day of which the register knows what applies; None where no end was announced."""
        suspended = self.suspended_until
        if suspended and self.successor == "in force":  # someone read that it applies again
            suspended = None
        ends = [day for day in (self.until, suspended) if day]
        return min(ends) if ends else None

    def lapses(self) -> Lapse | None:
        """What ends on the day of `lapses_on`: the suspension, or the measure itself."""
        ends = self.lapses_on()
        if ends is None:
            return None
        return Lapse.MEASURE if ends == self.until else Lapse.SUSPENSION


@dataclass(frozen=True, slots=True)
class Due:
    """A measure whose last day is near or has passed unchecked; days_left is negative after that day."""

    control: Control
    on: date
    days_left: int


def read_register(path: Path | None = None, *, home: Path | None = None) -> tuple[Control, ...]:
    """The register in a file; without one the register in use, with what was imported under `home`.

    home: folder of the store, that of the user if not given. A measure that was imported takes the place of an older
    entry with the same id. A file by itself may name successors that the register in use holds. Faults are refused
    with file, line, entry and nearest value.
    """
    if path is not None:
        found = _controls(path)
        others = in_use(_paths(home)) if any(item.successor for item in found) else ()
        _refuse(successor_faults([(item, path) for item in found], others))
        return found
    imports = (home or default_home()) / "imports" / "controls"
    if not imports.is_dir():
        return _controls(SHIPPED)
    files = sorted((file, file.stat().st_mtime_ns) for file in imports.rglob("*") if file.is_file())
    sealed = SHIPPED.with_name(SHIPPED.name + SIDECAR).stat().st_mtime_ns
    return _in_use(imports, (*files, (SHIPPED, sealed)))


def imported_registers(home: Path | None = None) -> tuple[Snapshot, ...]:
    """The registers that were imported under `home` (of the user if not given), oldest first."""
    imports = (home or default_home()) / "imports" / "controls"
    return tuple(sorted(find_snapshots(imports, imported=True), key=lambda item: item.rank)) if imports.is_dir() else ()


@lru_cache(maxsize=8)
def _in_use(imports: Path, stamps: tuple[tuple[Path, int], ...]) -> tuple[Control, ...]:
    """Shipped and imported measures, the newest entry of each; read again when a file changed (stamps)."""
    found = in_use(_ranked(imports))
    _refuse(successor_faults(found.values()))
    return tuple(_control(item) for item, _ in found.values())


def _paths(home: Path | None) -> list[Path]:
    """The registers in use, oldest first."""
    imports = (home or default_home()) / "imports" / "controls"
    return _ranked(imports) if imports.is_dir() else [SHIPPED]


def _ranked(imports: Path) -> list[Path]:
    found = find_snapshots(SHIPPED.parent, imported=False) + find_snapshots(imports, imported=True)
    return [item.path for item in sorted(found, key=lambda item: item.rank)]


def _refuse(faults: Iterable[InputError]) -> None:
    for fault in faults:
        raise fault


@lru_cache(maxsize=1)
def _shipped() -> tuple[Control, ...]:
    found = read_measures()
    _refuse(successor_faults([(item, SHIPPED) for item in found]))
    return tuple(_control(item) for item in found)


def _controls(path: Path) -> tuple[Control, ...]:
    return _shipped() if path == SHIPPED else tuple(_control(item) for item in read_measures(path))


def _control(item: Measure) -> Control:
    return Control(**{field.name: getattr(item, field.name) for field in fields(Measure)})


def entry_of(key: str, path: Path | None = None, *, home: Path | None = None) -> str:
    """The entry of a measure as it stands in its file, as a register of its own; raises for an unknown id."""
    files = [path] if path is not None else _paths(home)
    item = control(key, read_register(path, home=home))
    return next(entry_text(item, file) for file in files[::-1] if item in _controls(file))


def control(key: str, register: tuple[Control, ...] | None = None) -> Control:
    """The measure with this id; raises UnknownNameError with the nearest ids."""
    register = register if register is not None else read_register()
    for item in register:
        if item.id == key:
            return item
    raise UnknownNameError("control measure", key, [item.id for item in register])


def find(
    *,
    material_name: str | None = None,
    code: str | None = None,
    issuer: str | None = None,
    register: tuple[Control, ...] | None = None,
) -> tuple[Control, ...]:
    """The measures on a material, a trade code (either may be the longer one) or of an issuer; oldest first.

    A measure on a group is found under its members and the other way round, one on a product under its wider and its
    narrower kinds. A measure on a product is not one on what the product is made of; see `on_products_with`.
    Raises UnknownNameError for a material or country that the vocabulary does not know.
    """
    found = register if register is not None else read_register()
    if material_name is not None:
        wanted = _kin(material_name)
        found = tuple(item for item in found if wanted.intersection((*item.materials, *item.products)))
    if code is not None:
        digits = code.replace(" ", "").replace(".", "")
        found = tuple(item for item in found if any(c.startswith(digits) or digits.startswith(c) for c in item.codes))
    if issuer is not None:
        iso3 = country(issuer).iso3
        found = tuple(item for item in found if item.issuer == iso3)
    return _oldest_first(found)


def on_products_with(material_name: str, register: tuple[Control, ...] | None = None) -> tuple[Control, ...]:
    """The measures that do not name a material but control a product that contains it, or plant or technology for it.

    Oldest first. Raises UnknownNameError for a material that the vocabulary does not know.
    """
    own = material(material_name).id
    kin = _kin(material_name)
    named = {item.id for item in find(material_name=material_name, register=register)}
    found = register if register is not None else read_register()
    return _oldest_first(
        tuple(
            item
            for item in found
            if item.id not in named
            and (
                kin.intersection(item.concerns)
                or any(own == part.id for name in item.products for part in related(name, Relation.CONTAINS))
            )
        )
    )


def _oldest_first(found: tuple[Control, ...]) -> tuple[Control, ...]:
    return tuple(sorted(found, key=lambda item: (item.effective.first, item.id)))


def _kin(name: str) -> set[str]:
    """A material with its members and the groups it belongs to, a product with its narrower and wider kinds."""
    own = material(name)
    kin = {own.id, *(single.id for single in members(own)), *_narrower(own.id)}
    up = list(own.groups)
    while up:
        group = material(up.pop())
        kin.add(group.id)
        up += group.groups
    if own.kind is MaterialKind.GROUP:
        kin |= {sub.id for sub in related(own, Relation.MEMBER)}
    return kin | {wider.id for wider in broader(own)}


def named_part(item: Control, material_name: str) -> tuple[str, ...]:
    """Which kinds or members a measure names when it does not name the whole of what is asked; empty when it does.

    Announcement 18 of 2025 names NdFeB magnets with dysprosium or terbium; asked for NdFeB magnets, that is a part.
    """
    own = material(material_name)
    up, todo = {own.id, *(wider.id for wider in broader(own))}, list(own.groups)
    while todo:
        group = material(todo.pop())
        up.add(group.id)
        todo += group.groups
    named = (*item.materials, *item.products)
    if up.intersection(named):
        return ()
    return tuple(name for name in named if name in _kin(material_name))


def _narrower(own: str) -> set[str]:
    found = {item.id for item in related(own, Relation.VARIANT)}
    return found.union(*(_narrower(item) for item in found))


def due(on: date, *, within_days: int = 90, register: tuple[Control, ...] | None = None) -> tuple[Due, ...]:
    """What lapses within the given days after `on`, and what lapsed without a checked successor; most overdue first."""
    out = []
    for item in register if register is not None else read_register():
        end = item.lapses_on()
        state = item.status(on)
        if end is None or state is ControlStatus.ENDED:
            continue
        if state is ControlStatus.TO_BE_CHECKED or on <= end <= on + timedelta(days=within_days):
            out.append(Due(item, end, (end - on).days))
    return tuple(sorted(out, key=lambda entry: (entry.on, entry.control.id)))


def to_be_checked(on: date, register: tuple[Control, ...] | None = None) -> tuple[Control, ...]:
    """The measures of which nobody has read what applies on this day; whatever rests on them must carry it."""
    found = register if register is not None else read_register()
    return tuple(item for item in found if item.status(on) is ControlStatus.TO_BE_CHECKED)


def bearing_on(
    names: Iterable[str], *, ids: Iterable[str] = (), register: tuple[Control, ...] | None = None
) -> tuple[Control, ...]:
    """Which measures bear on a question about these materials and products, in the order of the register.

    ids: measures that the question names; they bear on it, and what they cover belongs to it. A measure bears on it
    when it covers one of the materials, its group, another member of that group (which may stand in for it), a product
    that contains it or what a product is made of, or when it concerns plant or technology for it. One that covers
    goods in words only, of which nobody said what they concern, bears on every question: the register cannot tell.
    """
    found = register if register is not None else read_register()
    wanted = set(ids)
    asked = {name for item in found if item.id in wanted for name in (*item.materials, *item.products)}
    family = _family({*asked, *(material(name).id for name in names)})
    return tuple(
        item
        for item in found
        if item.id in wanted
        or not (item.materials or item.products or item.concerns)
        or family.intersection((*item.materials, *item.products, *item.concerns))
    )


def _family(names: set[str]) -> set[str]:
    """Materials with their groups and all members of these, products with what they are made of and made into."""
    found = names.union(*(_narrower(name) for name in names))
    for name in tuple(found):
        found.update(part.id for part in related(name, Relation.CONTAINS))
    for name in tuple(found):
        found |= _kin(name)
    for name in tuple(found):
        if material(name).kind is MaterialKind.GROUP:
            found |= _kin(name)
    return found | {
        item.id for item in materials() if found.intersection(p.id for p in related(item, Relation.CONTAINS))
    }


def doubtful(
    on: date,
    names: Iterable[str],
    *,
    ids: Iterable[str] = (),
    within_days: int = 30,
    register: tuple[Control, ...] | None = None,
) -> tuple[Control, ...]:
    """The measures that bear on a question and that lapsed unchecked, or lapse within days; see `bearing_on`, `due`.

    Whatever rests on them must carry it.
    """
    found = register if register is not None else read_register()
    held = bearing_on(names, ids=ids, register=found)
    return tuple(entry.control for entry in due(on, within_days=within_days, register=held))
