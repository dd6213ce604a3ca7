"""Tables of judgements on industries: which inputs stop whom, what is made up later, jobs, and priority uses.

Each row says who judged, when and on what; what has no row is not known and is refused, never taken as zero. Industries
are named by their WIOD code; tables with other sectors are matched through the vocabulary (`judged_industry`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from lodestock.economy.concordance import same_sector
from lodestock.errors import DataError, InputError, LodestockError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.vocabulary import wiod_industries, wiod_of_sector

Floats = NDArray[np.float64]
Range = tuple[float, float, float]
_LAST_GOODS_INDUSTRY = 18  # c1…c18 make goods, energy or buildings; c19…c35 are services


class Tier(StrEnum):
    """A use that goes before others in a crisis; reported in physical service, never priced (MODEL §6.4)."""

    DEFENCE = "defence"
    HEALTH = "health"
    GRID = "grid"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged number as (low, middle, high), with its mark and reason."""

    value: Range
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class TierUse:
    """The share of a product family's use that serves a tier [–], and the share of need asked of each month [–]."""

    tier: Tier
    family: str
    share: Judged
    minimum: float


@cache
def judged_industry(sector: str) -> str | None:
    """The WIOD code under which a table's sector is judged: c14 → c14, C26 → c14, C10T12 → c3, L → c29; None if it has
    none."""
    text = sector.strip()
    if re.fullmatch(r"c\d{1,2}", text):
        return text
    span = re.fullmatch(r"([A-U])(\d\d)(?:T|_|-)([A-U]?)(\d\d)", text)
    tries = [text, f"{span[1]}{span[2]}-{span[1]}{span[4]}"] if span else [text]
    if span:
        tries += [f"{span[1]}{span[2]}"]  # an aggregate that spans industries is judged by its first division
    for name in tries:
        try:
            return wiod_of_sector(name).code
        except LodestockError:
            continue
    meant = same_sector(text)
    return judged_industry(meant) if meant else None


def input_ratings(sectors: Sequence[str], users: Sequence[str]) -> Floats:
    """Criticality of each input sector for each user [S, N]: 1 critical, ½ important, 0 not needed.

    Raises DataError where a sector has no judgement: not rated is not 'not needed'.
    """
    table = _ratings()
    inputs, buyers = ([judged_industry(name) for name in names] for names in (sectors, users))
    for names, found in ((sectors, inputs), (users, buyers)):
        if None in found:
            raise DataError(
                "an industry has no criticality ratings",
                where=str(names[found.index(None)]),
                why="the ratings are kept by WIOD industry, and this name matches none",
                mend="join sectors to NACE or WIOD codes when importing (io import … --match), or use lp or ario",
            )
    pairs = {(i, u): _rating(table, str(i), str(u)) for i in set(inputs) for u in set(buyers)}
    return np.array([[pairs[i, u] for u in buyers] for i in inputs])


def _rating(table: dict[tuple[str, str], float], supplier: str, user: str) -> float:
    group = "industry" if int(user[1:]) <= _LAST_GOODS_INDUSTRY else "services"
    tries = [(supplier, user), *([("own", group)] if supplier == user else []), (supplier, group), (supplier, "*")]
    for key in tries:
        if key in table:
            return table[key]
    raise DataError(
        "an input has no criticality rating", where=f"{supplier} for {user}", mend="add a row that rates it"
    )


@cache
def _ratings() -> dict[tuple[str, str], float]:
    known = {industry.code for industry in wiod_industries()}
    out: dict[tuple[str, str], float] = {}
    for where, row in _rows("input-criticality"):
        key, value = (row["input"], row["user"]), _number(row, "rating", where)
        if value not in (0.0, 0.5, 1.0) or not {*key} <= {*known, "own", "industry", "services", "*"} or key in out:
            raise InputError("a rating is 0, 0.5 or 1, for known industries, once", where=where, why=f"{key}: {value}")
        out[key] = value
    return out


@cache
def recapture() -> dict[str, Judged]:
    """The share of lost output that is made up later [–], by WIOD industry."""
    return {row["industry"]: _judged(row, "share", where) for where, row in _rows("recapture")}


@cache
def jobs(country: str, year: int) -> dict[str, Judged]:
    """Jobs per million euro of value added of a year, by WIOD industry; empty where nothing was judged for it."""
    return {
        row["industry"]: _judged(row, "jobs_per_meur", where, most=np.inf)
        for where, row in _rows("jobs")
        if row["country"] == country and row["year"] == str(year)
    }


@cache
def tier_uses(exposure: str) -> tuple[TierUse, ...]:
    """Which product families of an exposure table serve priority uses; empty where nothing was judged."""
    return tuple(_tier(row, where) for where, row in _rows("priority-tiers") if row["exposure"] == exposure)


def _tier(row: dict[str, str], where: str) -> TierUse:
    try:
        tier = Tier(row["tier"])
    except ValueError:
        raise UnknownNameError("priority tier", row["tier"], list(Tier), where=where) from None
    return TierUse(tier, row["family"], _judged(row, "share", where), _number(row, "minimum", where))


def _judged(row: dict[str, str], middle: str, where: str, most: float = 1.0) -> Judged:
    low, value, high = _number(row, "low", where), _number(row, middle, where), _number(row, "high", where)
    if not 0.0 <= low <= value <= high <= most:
        raise InputError("a judgement needs 0 ≤ low ≤ middle ≤ high", where=where, why=f"{low}, {value}, {high}")
    by = f"{row['judged_by']}, {row['judged_on']}"
    return Judged((low, value, high), Mark(row["mark"]), Text(f"{by}: {row['reason_nl']}", f"{by}: {row['reason_en']}"))


def _rows(name: str) -> list[tuple[str, dict[str, str]]]:
    file = resources.files("lodestock").joinpath(f"reference/economy/{name}.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(f"{name}.csv, row {number}", row) for number, row in enumerate(csv.DictReader(lines), start=2)]


def _number(row: dict[str, str], column: str, where: str) -> float:
    try:
        return float(row[column])
    except (KeyError, ValueError, TypeError) as error:
        raise InputError("a row of the judgement table is not valid", where=where, why=str(error)) from None
