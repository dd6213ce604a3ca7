"""Which export controls apply on a day: the dated register, and what it says when a date has passed unchecked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from lodestock.errors import InputError, UnknownNameError, nearest
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.vocabulary import country, material

SCHEMA = "lodestock-controls/1"


class ControlKind(StrEnum):
    """What a measure does."""

    LICENCE = "licence"
    BAN = "ban"
    QUOTA = "quota"
    TAX = "tax"
    GENERAL_LICENCE = "general-licence"
    TECHNOLOGY = "technology"
    LEGAL_BASIS = "legal-basis"


class ControlStatus(StrEnum):
    """State of a measure on a day. TO_BE_CHECKED: an end date has passed and nobody has read what applies now."""

    NOT_ANNOUNCED = "not announced"
    ANNOUNCED = "announced"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TO_BE_CHECKED = "to be checked"


@dataclass(frozen=True, slots=True)
class Control:
    """One measure. Dates are days; `until` and `suspended_until` are last days; None means no end was announced.

    codes_complete: True only if the whole code list was read. destinations: empty means every destination.
    successor: measure id or outcome that someone read after the end date; `checked_on` says when.
    """

    id: str
    issuer: str
    title: Text
    instrument: str
    kind: ControlKind
    announced: date
    effective: date
    until: date | None
    suspended_from: date | None
    suspended_until: date | None
    suspended_by: str
    materials: tuple[str, ...]
    products: tuple[str, ...]
    forms: tuple[str, ...]
    codes: tuple[str, ...]
    codes_complete: bool
    destinations: tuple[str, ...]
    scope: str
    successor: str
    checked_on: date | None
    mark: Mark
    source: str

    def status(self, on: date) -> ControlStatus:
        """The state of the measure on the day `on`."""
        if on < self.announced:
            return ControlStatus.NOT_ANNOUNCED
        if self.until and on > self.until:
            return ControlStatus.ENDED if self.successor else ControlStatus.TO_BE_CHECKED
        if self.suspended_until and on > self.suspended_until:
            return self._after_suspension(on)
        if self.suspended_from and on >= self.suspended_from:
            return ControlStatus.SUSPENDED
        return ControlStatus.IN_FORCE if on >= self.effective else ControlStatus.ANNOUNCED

    def _after_suspension(self, on: date) -> ControlStatus:
        if not self.successor or self.checked_on is None or on < self.checked_on:
            return ControlStatus.TO_BE_CHECKED
        return ControlStatus.IN_FORCE if self.successor == "in force" else ControlStatus.ENDED

    def lapses_on(self) -> date | None:
        """The next date after which the register no longer knows what applies: the earlier of the end dates."""
        ends = [day for day in (self.until, self.suspended_until) if day]
        return min(ends) if ends else None


@dataclass(frozen=True, slots=True)
class Due:
    """A measure whose end date is near or has passed unchecked; days_left is negative after the date."""

    control: Control
    on: date
    days_left: int


def read_register(path: Path | None = None) -> tuple[Control, ...]:
    """The register in a file, or the one that ships; faults are refused with file, entry, reason and nearest value."""
    if path is None:
        return _shipped()
    return _parse(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Control, ...]:
    text = resources.files("lodestock").joinpath("reference/controls.yml").read_text(encoding="utf-8")
    return _parse(text, "reference/controls.yml")


def _parse(text: str, where: str) -> tuple[Control, ...]:
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(
            "the control register is not valid YAML", where=where, why=str(error).splitlines()[0]
        ) from None
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA or not isinstance(tree.get("measures"), list):
        raise InputError("not a control register", where=where, why=f"it must have schema: {SCHEMA} and measures")
    controls = tuple(_control(plain, f"{where}, entry {index + 1}") for index, plain in enumerate(tree["measures"]))
    ids = [control.id for control in controls]
    double = sorted({key for key in ids if ids.count(key) > 1})
    if double:
        raise InputError("two measures have the same id", where=where, why=", ".join(double))
    return controls


_REQUIRED = ("id", "issuer", "title", "instrument", "kind", "announced", "effective", "materials", "forms", "codes")
_OPTIONAL = ("until", "suspended_from", "suspended_until", "suspended_by", "products", "destinations", "successor")
_ALSO = ("codes_complete", "scope", "mark", "source", "announced_precision", "effective_precision")


def _control(plain: Mapping[str, Any], where: str) -> Control:
    known = (*_REQUIRED, *_OPTIONAL, *_ALSO)
    for key in plain:
        if key not in known:
            close = nearest(str(key), known)
            raise InputError(f"unknown key '{key}'", where=where, mend=f"did you mean {' or '.join(close or known)}?")
    lacking = [key for key in (*_REQUIRED, "codes_complete", "mark", "source") if key not in plain]
    if lacking:
        raise InputError(f"keys are missing: {', '.join(lacking)}", where=where)
    successor = plain.get("successor") or {}
    try:
        control = Control(
            id=plain["id"],
            issuer=country(plain["issuer"]).iso3,
            title=Text(plain["title"]["nl"], plain["title"]["en"]),
            instrument=plain["instrument"],
            kind=ControlKind(plain["kind"]),
            announced=_day(plain["announced"], where),
            effective=_day(plain["effective"], where),
            until=_day_or_none(plain.get("until"), where),
            suspended_from=_day_or_none(plain.get("suspended_from"), where),
            suspended_until=_day_or_none(plain.get("suspended_until"), where),
            suspended_by=plain.get("suspended_by", ""),
            materials=tuple(material(name).id for name in plain["materials"]),
            products=tuple(plain.get("products", ())),
            forms=tuple(plain["forms"]),
            codes=tuple(str(code) for code in plain["codes"]),
            codes_complete=bool(plain["codes_complete"]),
            destinations=tuple(country(name).iso3 for name in plain.get("destinations", ())),
            scope=plain.get("scope", ""),
            successor=str(successor.get("outcome", "")),
            checked_on=_day_or_none(successor.get("checked_on"), where),
            mark=Mark(plain["mark"]),
            source=plain["source"],
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError("an entry of the control register is not valid", where=where, why=str(error)) from None
    _check_order(control, where)
    return control


def _check_order(control: Control, where: str) -> None:
    if control.effective < control.announced:
        raise InputError("a measure takes effect before it is announced", where=f"{where} ({control.id})")
    if control.until and control.until < control.effective:
        raise InputError("a measure ends before it takes effect", where=f"{where} ({control.id})")
    if bool(control.suspended_from) != bool(control.suspended_until):
        raise InputError("a suspension needs its first and its last day", where=f"{where} ({control.id})")


def _day(value: object, where: str) -> date:
    if isinstance(value, date):
        return value
    raise InputError(f"'{value}' is not a day", where=where, mend="write yyyy-mm-dd")


def _day_or_none(value: object, where: str) -> date | None:
    return None if value is None else _day(value, where)


def control(key: str, register: tuple[Control, ...] | None = None) -> Control:
    """The measure with this id; raises UnknownNameError with the nearest ids."""
    register = register if register is not None else _shipped()
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
    """The measures on a material, a trade code (either may be the longer one) or of an issuer; oldest first."""
    found = register if register is not None else _shipped()
    if material_name:
        wanted = material(material_name).id
        found = tuple(item for item in found if wanted in item.materials)
    if code:
        digits = code.replace(" ", "").replace(".", "")
        found = tuple(item for item in found if any(c.startswith(digits) or digits.startswith(c) for c in item.codes))
    if issuer:
        iso3 = country(issuer).iso3
        found = tuple(item for item in found if item.issuer == iso3)
    return tuple(sorted(found, key=lambda item: (item.effective, item.id)))


def due(on: date, *, within_days: int = 90, register: tuple[Control, ...] | None = None) -> tuple[Due, ...]:
    """What lapses within the given days after `on`, and what lapsed without a checked successor; most overdue first."""
    out = []
    for item in register if register is not None else _shipped():
        end = item.lapses_on()
        if end is None or item.status(on) is ControlStatus.ENDED:
            continue
        if item.status(on) is ControlStatus.TO_BE_CHECKED or on <= end <= on + timedelta(days=within_days):
            out.append(Due(item, end, (end - on).days))
    return tuple(sorted(out, key=lambda entry: (entry.on, entry.control.id)))
