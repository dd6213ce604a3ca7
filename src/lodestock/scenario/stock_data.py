"""The tables of stated stock data: forms, holders, places, conversion, rates; each with range, mark and source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark

Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated value: (low, middle, high), with its mark and source."""

    name: Text
    value: Range
    unit: str
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class FormData:
    """A form (verschijningsvorm) in which a product can be stored, per tonne of the product that it can become.

    price_ratio: price against that of the product [–]; storage, insurance, obsolescence [1/yr of price]; transaction,
    rotation [share of price]; shelf_life [yr], None without limit; fit: share that meets the specification.
    """

    product: str
    form: str
    name: Text
    price_ratio: float
    storage: float
    insurance: float
    obsolescence: float
    transaction: float
    shelf_life: float | None
    rotation: float
    fit: Range
    holding: Text
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class HolderData:
    """A form of ownership (eigendomsvorm) with its way of paying. rate: key in rates; running [1/yr of price]; turns:
    whether the stock turns over in use; public_share: part of the yearly cost that the state pays; available: share
    that can be had when needed; forms: those that this holder can keep."""

    holder: str
    financing: str
    name: Text
    rate: str
    running: float
    turns: bool
    public_share: float
    available: Range
    forms: tuple[str, ...]
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A candidate place. fixed [k€/yr], storage [k€/t/yr], capacity [t], logistics [k€/t/yr]; transport [k€/t] and
    cut_off (chance of being cut off when needed) by region."""

    place: str
    name: Text
    country: str
    fixed: float
    storage: float
    capacity: float
    transport: Mapping[str, float]
    cut_off: Mapping[str, Range]
    logistics: float
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class Alliance:
    """An instrument of an alliance and how far it is: agreed, in preparation, none."""

    alliance: str
    instrument: str
    state: str
    on: str
    name: Text
    mark: Mark
    source: Text


@cache
def rows(name: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """The rows of a table in reference/stock, each with its place in the file."""
    file = resources.files("lodestock").joinpath(f"reference/stock/{name}.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple((f"{name}.csv, row {number}", row) for number, row in enumerate(csv.DictReader(lines), start=2))


def _number(row: dict[str, str], column: str, where: str) -> float:
    try:
        return float(row[column])
    except (KeyError, ValueError, TypeError):
        raise InputError(
            "a number is missing in a stock table",
            where=f"{where}, column {column}",
            why=f"found {row.get(column)!r}",
            mend="fill it in: what is not stated is not zero",
        ) from None


def _triple(row: dict[str, str], column: str, where: str, end: str = "") -> Range:
    found = (
        _number(row, f"{column}_low{end}", where),
        _number(row, f"{column}{end}", where),
        _number(row, f"{column}_high{end}", where),
    )
    if not found[0] <= found[1] <= found[2]:
        raise InputError("low ≤ middle ≤ high does not hold", where=f"{where}, column {column}", why=f"{found}")
    return found


def _name(row: dict[str, str]) -> Text:
    return Text(row["name_nl"], row["name_en"])


def _source(row: dict[str, str]) -> Text:
    if "reason_nl" in row:
        by = f"{row['judged_by']}, {row['judged_on']}"
        return Text(f"{by}: {row['reason_nl']}", f"{by}: {row['reason_en']}")
    return Text(row["source_nl"], row["source_en"])


def stated(table: str) -> dict[str, Stated]:
    """The rows of a table of single values (rates, copper) by key."""
    out = {}
    for where, row in rows(table):
        triple = (_number(row, "low", where), _number(row, "value", where), _number(row, "high", where))
        if not triple[0] <= triple[1] <= triple[2]:
            raise InputError("low ≤ middle ≤ high does not hold", where=where, why=f"{triple}")
        out[row["key"]] = Stated(_name(row), triple, row["unit"], Mark(row["mark"]), _source(row))
    return out


def forms_of(product: str) -> tuple[FormData, ...]:
    """The forms in which a product can be stored; UnknownNameError with the products that have any."""
    found = [
        FormData(
            row["product"], row["form"], _name(row), _number(row, "price_ratio", where), _number(row, "storage", where),
            _number(row, "insurance", where), _number(row, "obsolescence", where), _number(row, "transaction", where),
            _number(row, "shelf_life_yr", where) if row["shelf_life_yr"] else None, _number(row, "rotation", where),
            _triple(row, "fit", where), Text(row["holding_nl"], row["holding_en"]), Mark(row["mark"]), _source(row),
        )
        for where, row in rows("forms")
        if row["product"] == product
    ]  # fmt: skip
    if not found:
        known = sorted({row["product"] for _, row in rows("forms")})
        raise UnknownNameError("product with stated forms", product, known, where="reference/stock/forms.csv")
    return tuple(found)


def holders() -> tuple[HolderData, ...]:
    """All forms of ownership with their ways of paying."""
    return tuple(
        HolderData(
            row["holder"], row["financing"], _name(row), row["rate"], _number(row, "running", where),
            row["turns"] == "yes", _number(row, "public_share", where), _triple(row, "available", where),
            tuple(row["forms"].split()), Mark(row["mark"]), _source(row),
        )
        for where, row in rows("holders")
    )  # fmt: skip


def places() -> tuple[PlaceData, ...]:
    """All candidate places."""
    return tuple(
        PlaceData(
            row["place"], _name(row), row["country"], _number(row, "fixed_keur_yr", where),
            _number(row, "storage_keur_t_yr", where), _number(row, "capacity_t", where),
            {name: _number(row, f"transport_{name.lower()}_keur_t", where) for name in ("NLD", "EU27")},
            {name: _triple(row, f"cut_off_{name.lower()}", where) for name in ("NLD", "EU27")},
            _number(row, "logistics_keur_t_yr", where), Mark(row["mark"]), _source(row),
        )
        for where, row in rows("places")
    )  # fmt: skip


def conversion(product: str, region: str) -> dict[str, Stated]:
    """Idle conversion capacity by step [t/yr] in a region; InputError where it is not stated: not zero."""
    found = {
        row["step"]: Stated(_name(row), _triple(row, "idle", where, "_t_yr"), "t/yr", Mark(row["mark"]), _source(row))
        for where, row in rows("conversion")
        if row["product"] == product and row["region"] == region
    }
    if not found:
        known = sorted({row["region"] for _, row in rows("conversion") if row["product"] == product})
        raise InputError(
            f"the conversion capacity of {region} for {product} is not stated",
            where="reference/stock/conversion.csv",
            why=f"stated for: {', '.join(known)}; what is not stated is not zero",
            mend="choose one of these with --for, or add rows",
        )
    return found


def alliances() -> tuple[Alliance, ...]:
    """The instruments of the alliances, with their state."""
    return tuple(
        Alliance(
            row["alliance"], row["instrument"], row["state"], row["on"], _name(row), Mark(row["mark"]), _source(row)
        )
        for _, row in rows("alliances")
    )
