"""Units of measure and conversion between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import _tables


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one of it is `factor` of the `canonical` unit of the same quantity (mass, money_eur, time…)."""

    unit: str
    quantity: str
    canonical: str
    factor: float
    aliases: tuple[str, ...]
    note: str


@cache
def _units() -> dict[str, Unit]:
    return {
        row["unit"]: Unit(
            row["unit"],
            row["quantity"],
            row["canonical"],
            float(row["factor"]),
            _tables.parts(row["aliases"]),
            row["note"],
        )
        for row in _tables.rows("unit")
    }


@cache
def _exact() -> Mapping[str, str]:
    return {name: u.unit for u in units() for name in (u.unit, *u.aliases)}


def units() -> tuple[Unit, ...]:
    """All units."""
    return tuple(_units().values())


def unit(name: str) -> Unit:
    """The unit with this name. Capitals count where they matter: mt is a tonne, Mt a million of them.

    Raises UnknownNameError with the nearest known units.
    """
    plain = name.strip()
    own = _exact().get(plain)
    if own is None:
        loose = {target for known, target in _exact().items() if known.casefold() == plain.casefold()}
        if len(loose) != 1:
            raise UnknownNameError("unit", name, _exact())
        own = loose.pop()
    return _units()[own]


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """The value in another unit of the same quantity; a value that is not a number stays so.

    Euros and dollars are different quantities, because an exchange rate is a dated figure and not a unit.
    Raises UnknownNameError for an unknown unit, InputError where the quantities differ.
    """
    source, target = unit(from_unit), unit(to_unit)
    if source.quantity != target.quantity:
        fitting = ", ".join(u.unit for u in units() if u.quantity == source.quantity)
        raise InputError(
            f"cannot convert {from_unit} into {to_unit}",
            why=f"{source.unit} measures {source.quantity}, {target.unit} measures {target.quantity}",
            mend=f"convert {source.unit} into one of {fitting}",
        )
    return value if source == target else value * source.factor / target.factor
