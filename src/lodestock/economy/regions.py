"""Regions and sectors of a table in the words of a run: eight regions by ISO code, and product families by industry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lodestock.economy.families import ProductFamily, sector_shares
from lodestock.economy.io_system import InputOutputTable, aggregate
from lodestock.economy.judgements import judged_industry
from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.evidence.sources.wiod import KEPT, region_of
from lodestock.vocabulary import country

REST_EU, REST = "REU", "ROW"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a NACE division stands in the table: an industry of a region and its share of that industry [–]."""

    sector: str
    industry: int
    share: float
    mark: Mark


def iso3(region: str) -> str:
    """A table's region as ISO code; joined regions (REU, ROW) stay, what is no country is the rest of the world."""
    if region in (REST_EU, REST):
        return region
    try:
        return country("GR" if region == "EL" else region).iso3
    except LodestockError:
        return REST


def joined_region(region: str) -> str:
    """The region of a run to which a table's region belongs: one of the eight of `reduced`."""
    code = iso3(region)
    return code if code in (REST_EU, REST) else region_of(code)


def reduced(table: InputOutputTable) -> InputOutputTable:
    """The table with its regions joined to NLD, BEL, DEU, FRA, CHN, USA, rest of the EU and rest of the world.

    A country study needs no more (MODEL §9), and every model then sees the same table.
    """
    joined = {region: joined_region(region) for region in table.regions}
    if all(region == name for region, name in joined.items()):
        return table
    return aggregate(table, joined)


def require_region(table: InputOutputTable, region: str) -> None:
    """Refuse a region that the table does not have."""
    if region not in table.regions:
        raise UnknownNameError("region", region, [*table.regions, *KEPT], where=table.source)


def places(table: InputOutputTable, region: str, families: Sequence[ProductFamily]) -> tuple[Place, ...]:
    """Where the sectors of the product families stand in the table; one place for each sector.

    A table with NACE divisions is read as it is; in the coarser industries of WIOD a division is its stated share.
    Raises InputError where a sector cannot be found.
    """
    require_region(table, region)
    out = []
    for sector in dict.fromkeys(family.sector for family in families if family.sector):
        name, share, mark = industry_of(table, sector)
        out.append(Place(sector, table.index(region, name), share, mark))
    return tuple(out)


def industry_of(table: InputOutputTable, sector: str) -> tuple[str, float, Mark]:
    """The table's sector that holds a NACE division, the division's share of it [–] and the mark of that share.

    Raises InputError where the table has no such sector.
    """
    if sector in table.sectors:
        return sector, 1.0, Mark.SEEN
    split = next((share for share in sector_shares() if share.sector == sector), None)
    coarse = split.industry if split is not None else judged_industry(sector)
    if coarse not in table.sectors or split is None:
        raise InputError(
            f"the input-output table has no industry for sector {sector}",
            where=table.source,
            why=f"it has {', '.join(table.sectors[:6])}, …",
            mend="join its sectors to NACE divisions when importing (lodestock io import … --match FILE), or use "
            "another table (lodestock io use wiod-2011)",
        )
    return coarse, split.share, split.mark


def sectors_lacking(table: InputOutputTable) -> tuple[str, ...]:
    """The NACE divisions that scenarios follow and for which the table has no industry: a run on it is refused."""
    found = []
    for share in sector_shares():
        try:
            industry_of(table, share.sector)
        except InputError:
            found.append(share.sector)
    return tuple(found)
