"""Sectors of NACE Rev. 2 and the industries of the World Input-Output Database, and which belong to which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import _tables


class SectorLevel(StrEnum):
    """division: two digits (C26); aggregate: an A*64 sector of several divisions (C10-C12)."""

    DIVISION = "division"
    AGGREGATE = "aggregate"


@dataclass(frozen=True, slots=True)
class Sector(_tables.Bilingual):
    """A sector of NACE Rev. 2.

    a64:  the A*64 sector that it is or belongs to.
    wiod: the industry of the WIOD release of 2013 to which its main part belongs, empty for aggregates and U99.
    note: what of it belonged elsewhere in NACE rev. 1.1, so that the match is not exact.
    """

    code: str
    level: SectorLevel
    a64: str
    name_en: str
    name_nl: str
    wiod: str
    note: str
    source: str
    mark: str

    @property
    def match_is_partial(self) -> bool:
        """Whether a known part of this division stood in another industry in NACE rev. 1.1."""
        return bool(self.note and self.wiod)


@dataclass(frozen=True, slots=True)
class WiodIndustry(_tables.Bilingual):
    """One of the 35 industries of the WIOD release of 2013 (NACE rev. 1.1), with the divisions matched to it."""

    code: str
    nace_rev1_1: str
    name_en: str
    name_nl: str
    sectors: tuple[str, ...]
    source: str
    mark: str

    @property
    def many_to_one(self) -> bool:
        """Whether several divisions share this industry, so that a division cannot be read from it without a split."""
        return len(self.sectors) > 1


@cache
def _sectors() -> dict[str, Sector]:
    return {
        row["code"]: Sector(
            code=row["code"],
            level=SectorLevel(row["level"]),
            a64=row["a64"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            wiod=row["wiod"],
            note=row["note"],
            source=row["source"],
            mark=row["mark"],
        )
        for row in _tables.rows("sector")
    }


@cache
def _industries() -> dict[str, WiodIndustry]:
    return {
        row["code"]: WiodIndustry(
            code=row["code"],
            nace_rev1_1=row["nace_rev1_1"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            sectors=tuple(s.code for s in sectors() if s.wiod == row["code"]),
            source=row["source"],
            mark=row["mark"],
        )
        for row in _tables.rows("wiod_industry")
    }


@cache
def _sector_names() -> _tables.Names:
    return _tables.index("sector", ((code, code) for code in _sectors()))


def sectors() -> tuple[Sector, ...]:
    """All divisions and A*64 aggregates."""
    return tuple(_sectors().values())


def a64_sectors() -> tuple[Sector, ...]:
    """The 64 sectors of A*64, in the order of NACE: divisions that stand alone, and aggregates."""
    codes = dict.fromkeys(s.a64 for s in sectors() if s.level is SectorLevel.DIVISION)
    return tuple(_sectors()[code] for code in codes)


def sector(code: str) -> Sector:
    """The sector with this NACE Rev. 2 code: a division (C26) or an A*64 aggregate (C31_C32, written with - or _)."""
    return _sectors()[_sector_names().find(code)]


def wiod_industries() -> tuple[WiodIndustry, ...]:
    """The 35 industries, in the order of the database."""
    return tuple(_industries().values())


def wiod_industry(code: str) -> WiodIndustry:
    """The industry with this code (c14)."""
    found = _industries().get(code.strip().casefold())
    if found is None:
        raise UnknownNameError("WIOD industry", code, _industries())
    return found


def sectors_of_wiod(code: str) -> tuple[Sector, ...]:
    """The divisions matched to an industry: c14 → C26, C27."""
    return tuple(_sectors()[name] for name in wiod_industry(code).sectors)


def wiod_of_sector(code: str) -> WiodIndustry:
    """The industry to which a sector's main part belongs: C26 → c14 (see `many_to_one` and Sector.note).

    An aggregate has an answer if all its divisions agree. Raises InputError if they do not, or if there is none.
    """
    own = sector(code)
    divisions = [s for s in sectors() if s.level is SectorLevel.DIVISION and own.code in (s.code, s.a64)]
    found = {s.wiod for s in divisions}
    if len(found) > 1:
        each = ", ".join(f"{s.code} in {s.wiod}" for s in divisions)
        raise InputError(f"sector {own.code} spans several WIOD industries", why=each, mend="ask per division")
    only = found.pop()
    if not only:
        raise InputError(f"sector {own.code} has no WIOD industry", why=own.note, mend="leave it out and say so")
    return wiod_industry(only)
