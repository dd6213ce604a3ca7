"""GeoPolRisk: import risk times concentration of production, as pure functions on arrays.

Source: Santillán-Saldivar et al. (2022), "Design of an endpoint indicator for mineral resource supply risks in life
cycle sustainability assessment", doi:10.1111/jiec.13094; Koyamparambath et al. (2024), geopolrisk-py,
doi:10.21105/joss.09600.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Floats, Ints

Flags = NDArray[np.bool_]

# The average copper factor of the OECD for 2017–2021 that the published method divides by [k$/t].
COPPER_FACTOR = 0.409412948


def production_hhi(quantity: Floats, cell: Ints, cells: int) -> Floats:
    """How concentrated world production is: Σp²/(Σp)² per cell [-, 0 to 1], shape (cells,); nan without production.

    quantity: shape (rows,) [any one unit per cell], nan is not known and is left out; cell: shape (rows,).
    """
    known = ~np.isnan(quantity)
    total = np.bincount(cell[known], weights=quantity[known], minlength=cells)
    squares = np.bincount(cell[known], weights=quantity[known] ** 2, minlength=cells)
    out = np.full(cells, np.nan)
    np.divide(squares, total**2, out=out, where=total > 0.0)
    return out


@dataclass(frozen=True, slots=True)
class ImportSums:
    """Sums over the imports of each cell, shape (cells,): risk-weighted tonnes, tonnes, value, and rows behind them.

    unweighed: rows whose quantity is not known; they are left out of every sum and counted here.
    unscored: rows with a quantity but without a governance score.
    """

    at_risk: Floats
    tonnes: Floats
    value: Floats
    rows: Ints
    unweighed: Ints
    unscored: Ints


def import_sums(tonnes: Floats, value: Floats, risk: Floats, cell: Ints, cells: int) -> ImportSums:
    """What each cell imports, and how much of that is at risk.

    tonnes, value, risk: shape (rows,) [t], [k$], [0 to 1]; nan is not known. A row without a weight leaves its value
    out too, otherwise the unit value would be too high. A row without a score makes `at_risk` nan.
    cell: shape (rows,), number of (material, entity, year).
    """
    known = ~np.isnan(tonnes)
    where, weight = cell[known], tonnes[known]
    at_risk: Floats = np.bincount(where, weights=weight * risk[known], minlength=cells).astype(np.float64)
    imported: Floats = np.bincount(where, weights=weight, minlength=cells).astype(np.float64)
    paid: Floats = np.bincount(where, weights=np.nan_to_num(value[known]), minlength=cells).astype(np.float64)
    return ImportSums(
        at_risk,
        imported,
        paid,
        np.bincount(cell, minlength=cells),
        np.bincount(cell[~known], minlength=cells),
        np.bincount(where, weights=np.isnan(risk[known]), minlength=cells).astype(np.int64),
    )


def import_risk(at_risk: Floats, imported: Floats, produced: Floats) -> Floats:
    """What part of supply hangs on unstable suppliers: Σ(tonnes·risk)/(imports + own production) [0 to 1], shape (n,).

    nan where nothing is imported and nothing produced: without supply the risk is not known; it is not zero.
    """
    supply = imported + produced
    out = np.full(supply.shape, np.nan)
    np.divide(at_risk, supply, out=out, where=supply > 0.0)
    return out


def unit_value(value: Floats, tonnes: Floats) -> Floats:
    """What a tonne of imports costs [k$/t], shape (n,); nan without tonnes."""
    out = np.full(tonnes.shape, np.nan)
    np.divide(value, tonnes, out=out, where=tonnes > 0.0)
    return out


def score(hhi: Floats, risk: Floats) -> Floats:
    """The GeoPolRisk score: concentration of world production times import risk [-, 0 to 1]."""
    return hhi * risk


def characterisation(scores: Floats, price: Floats) -> Floats:
    """The supply risk potential of a kilogram beside that of copper: score·price/copper factor [kg Cu-eq/kg]."""
    return scores * price / COPPER_FACTOR


def risk_standard_error(tonnes: Floats, error: Floats, cell: Ints, cells: int, supply: Floats) -> Floats:
    """How unsure import risk is because governance scores are estimates: one standard error [-], shape (cells,).

    tonnes: shape (rows,) [t], nan left out; error: shape (rows,) standard error of the risk score [0 to 1 scale];
    errors of different countries are taken as independent. supply: shape (cells,) imports + production [t].
    """
    known = ~np.isnan(tonnes)
    square = np.bincount(cell[known], weights=(tonnes[known] * error[known]) ** 2, minlength=cells)
    out = np.full(cells, np.nan)
    np.divide(np.sqrt(square), supply, out=out, where=supply > 0.0)
    return out


def risk_of_a_part(tonnes: Floats, risk: Floats, part: float) -> tuple[float, float]:
    """The least and the most that a part of some tonnes can be at risk, when nobody knows which part [t at risk].

    A code that mixes materials says who ships the whole, not who ships one of them: at the least the part comes from
    the safest shippers, at the most from the riskiest, none shipping more of it than it ships of the whole.
    tonnes: shape (rows,) [t], known; risk: shape (rows,) [0 to 1], nan counts as 0 at the least and 1 at the most.
    part [0 to 1].
    """
    wanted = part * float(tonnes.sum())
    ends = []
    for sign, unknown in ((1.0, 0.0), (-1.0, 1.0)):
        known = np.nan_to_num(risk, nan=unknown)
        order = np.argsort(sign * known, kind="stable")
        filled = np.minimum(np.cumsum(tonnes[order]), wanted)
        ends.append(float(np.sum(np.diff(filled, prepend=0.0) * known[order])))
    return ends[0], ends[1]


class Intra(StrEnum):
    """How trade between members of a coalition counts.

    The published method gives it risk zero and keeps it in total supply, which dilutes the risk by everything that
    crosses an inner border, transit included. Left out, only what enters from outside counts.
    """

    ZERO_RISK = "zero risk"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class World:
    """Trade, production and governance as arrays of numbers; countries, materials and years by position.

    Trade rows: year, material, exporter, importer, shape (rows,); tonnes [t] and value [k$], nan is not known.
    Production rows: made_year, made_material, made_country, made, shape (made_rows,) [t], nan is not known.
    risk, risk_error: shape (years, countries) [0 to 1]; nan is not known.
    """

    years: int
    materials: int
    year: Ints
    material: Ints
    exporter: Ints
    importer: Ints
    tonnes: Floats
    value: Floats
    made_year: Ints
    made_material: Ints
    made_country: Ints
    made: Floats
    risk: Floats
    risk_error: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """Results, each shape (materials, entities, years); nan is not known and `rows` and `produced` tell why.

    hhi, risk, score [0 to 1]; error: standard error of `risk` from governance scores; price [k$/t];
    factor [kg Cu-eq/kg]; imported, produced [t]; rows, unweighed, unscored: numbers of import rows.
    """

    hhi: Floats
    risk: Floats
    score: Floats
    error: Floats
    price: Floats
    factor: Floats
    imported: Floats
    produced: Floats
    rows: Ints
    unweighed: Ints
    unscored: Ints


def all_scores(world: World, members: Flags, intra: Intra = Intra.ZERO_RISK) -> Scores:
    """How risky supply is for every material, entity and year at once.

    members: shape (entities, countries), which countries form which entity. A country without any known production
    of a material counts as producing none of it only when world production of that material and year is known.
    """
    entities = members.shape[0]
    cells = world.materials * world.years
    place = world.material * world.years + world.year
    made_place = world.made_material * world.years + world.made_year
    hhi = production_hhi(world.made, made_place, cells)
    parts = [_one_entity(world, members[e], intra, place, made_place, cells) for e in range(entities)]
    shape = (world.materials, world.years)

    def stack(name: str) -> Floats:
        return np.stack([np.asarray(part[name]).reshape(shape) for part in parts], axis=1)

    spread = np.broadcast_to(hhi.reshape(world.materials, 1, world.years), (world.materials, entities, world.years))
    risk, price = stack("risk"), stack("price")
    points = score(spread, risk)
    counts = {name: stack(name).astype(np.int64) for name in ("rows", "unweighed", "unscored")}
    return Scores(
        np.array(spread),
        risk,
        points,
        stack("error"),
        price,
        characterisation(points, price),
        stack("imported"),
        stack("produced"),
        counts["rows"],
        counts["unweighed"],
        counts["unscored"],
    )


def _one_entity(
    world: World, member: Flags, intra: Intra, place: Ints, made_place: Ints, cells: int
) -> dict[str, Floats | Ints]:
    """The sums of one entity over all materials and years, each shape (cells,)."""
    inside = member[world.exporter]
    taken = np.flatnonzero(member[world.importer] & ~inside if intra is Intra.LEFT_OUT else member[world.importer])
    inner = inside[taken]
    risk = np.where(inner, 0.0, world.risk[world.year[taken], world.exporter[taken]])
    error = np.where(inner, 0.0, world.risk_error[world.year[taken], world.exporter[taken]])
    sums = import_sums(world.tonnes[taken], world.value[taken], risk, place[taken], cells)
    own = member[world.made_country]
    own_tonnes = np.nan_to_num(world.made[own])
    produced: Floats = np.bincount(made_place[own], weights=own_tonnes, minlength=cells).astype(np.float64)
    supply = sums.tonnes + produced
    return {
        "risk": import_risk(sums.at_risk, sums.tonnes, produced),
        "error": risk_standard_error(world.tonnes[taken], error, place[taken], cells, supply),
        "price": unit_value(sums.value, sums.tonnes),
        "imported": sums.tonnes,
        "produced": produced,
        "rows": sums.rows,
        "unweighed": sums.unweighed,
        "unscored": sums.unscored,
    }
