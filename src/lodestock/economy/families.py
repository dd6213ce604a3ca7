"""Which Dutch product families stop without a material: the table of exposure judgements."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark

Range = tuple[float, float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProductFamily:
    """One product family and the judgement on it.

    sector:  NACE Rev. 2 division, empty for use outside the sectors that are followed.
    exposed: share of the sector's output in this family that holds the material and stops without it, as
             (low, middle, high) [–]. use: the family's share of the country's own use of the material [–].
    criticality: 1 critical, ½ important, 0 not needed (rating after Pichler et al. 2022).
    """

    id: str
    name: Text
    sector: str
    exposed: Range
    criticality: float
    use: Range
    mark: Mark
    judged_by: str
    judged_on: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SectorShare:
    """How a NACE division is found in the input–output table: its share of a WIOD industry's value added [–]."""

    sector: str
    name: Text
    industry: str
    share: float
    mark: Mark
    reason: str


def _folder() -> Path:
    return Path(str(resources.files("lodestock").joinpath("reference/exposure")))


def exposure_tables() -> dict[str, Path]:
    """The exposure tables that ship: name → file."""
    return {path.stem: path for path in sorted(_folder().glob("*.csv")) if path.stem != "value-added-split"}


def product_families(name: str) -> tuple[ProductFamily, ...]:
    """The families in an exposure table, by the name of a shipped table or by path; faults are refused by row."""
    path = Path(name) if name.endswith(".csv") else exposure_tables().get(name)
    if path is None:
        raise UnknownNameError("exposure table", name, exposure_tables())
    families = tuple(_family(row, where) for where, row in _rows(path))
    if not families:
        raise InputError("the exposure table is empty", where=str(path), mend="give at least one product family")
    if sum(family.use[0] for family in families) <= 0:
        raise InputError("no family uses anything at the low end", where=str(path), mend="give one a low use above 0")
    known = {share.sector for share in sector_shares()}
    for family in families:
        if family.sector and family.sector not in known:
            raise UnknownNameError("followed sector", family.sector, known, where=f"{path.name}, family {family.id}")
    return families


def sector_shares() -> tuple[SectorShare, ...]:
    """The match of the followed NACE divisions to WIOD industries."""
    return tuple(_sector_share(row, where) for where, row in _rows(_folder() / "value-added-split.csv"))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read the exposure table", where=str(path), why=str(error)) from None
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        yield f"{path.name}, row {number}", row


def _guarded(make: Callable[[], T], where: str) -> T:
    try:
        return make()
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError("a row of the exposure table is not valid", where=where, why=str(error)) from None


def _family(row: dict[str, str], where: str) -> ProductFamily:
    family = _guarded(
        lambda: ProductFamily(
            id=row["family"],
            name=Text(row["name_nl"], row["name_en"]),
            sector=row["nace"],
            exposed=(float(row["exposed_low"]), float(row["exposed"]), float(row["exposed_high"])),
            criticality=float(row["criticality"]),
            use=(float(row["use_low"]), float(row["use"]), float(row["use_high"])),
            mark=Mark(row["mark"]),
            judged_by=row["judged_by"],
            judged_on=row["judged_on"],
            reason=Text(row["reason_nl"], row["reason_en"]),
        ),
        where,
    )
    for title, (low, middle, high) in (("exposed", family.exposed), ("use", family.use)):
        if not 0 <= low <= middle <= high <= 1:
            raise InputError(
                f"'{title}' must hold 0 ≤ low ≤ middle ≤ high ≤ 1", where=where, why=f"{low}, {middle}, {high}"
            )
    if family.criticality not in (0, 0.5, 1):
        raise InputError("criticality is 0, 0.5 or 1", where=where, why=f"found {family.criticality:g}")
    return family


def _sector_share(row: dict[str, str], where: str) -> SectorShare:
    return _guarded(
        lambda: SectorShare(
            sector=row["nace"],
            name=Text(row["name_nl"], row["name_en"]),
            industry=row["wiod"],
            share=float(row["share"]),
            mark=Mark(row["mark"]),
            reason=row["reason"],
        ),
        where,
    )
