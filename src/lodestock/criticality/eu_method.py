"""The European Commission's criticality method: supply risk and economic importance, as pure functions.

Source: European Commission, "Methodology for establishing the EU list of critical raw materials" (2017),
doi:10.2873/769526; applied in "Study on the critical raw materials for the EU 2023", doi:10.2873/725585;
Regulation (EU) 2024/1252, Annex II section 2. MODEL §14 (JRC/EU criticality).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Floats, Ints

SUPPLY_RISK_THRESHOLD = 1.0
ECONOMIC_IMPORTANCE_THRESHOLD = 2.8
TOP_OF_SCALE = 10.0

Flags = NDArray[np.bool_]


class Scope(StrEnum):
    """Which supply the risk of a stage is measured on."""

    BOTH = "GS+EU"  # global supply and EU sourcing, weighted by import reliance
    GLOBAL = "GS only"
    EU = "EU only"


def mixed_concentration(hhi_global: Floats, hhi_eu: Floats, import_reliance: Floats) -> Floats:
    """How concentrated the mix of world supply and EU sourcing is: HHI_GS·IR/2 + HHI_EU·(1 − IR/2) [0 to about 10].

    All shape (n,); import_reliance [-, 0 to 1]. Source: EC methodology 2017, eq. for SR.
    """
    half = import_reliance / 2.0
    return hhi_global * half + hhi_eu * (1.0 - half)


def supply_risk(
    hhi_global: Floats,
    hhi_eu: Floats,
    import_reliance: Floats,
    recycling: Floats,
    substitution: Floats,
    scope: NDArray[np.str_],
) -> Floats:
    """How likely supply of a stage is to fail: concentration·(1 − EoL-RIR)·SI_SR [-, 0 to about 10].

    hhi_global, hhi_eu: shape (n,) governance-weighted concentration [0 to about 10]; import_reliance: shape (n,)
    [-, 0 to 1]; recycling: shape (n,) end-of-life recycling input rate [-, 0 to 1]; substitution: shape (n,) index
    SI_SR [-, 0 to 1]; scope: shape (n,), a value of `Scope`. nan wherever an input that the scope needs is nan.
    """
    chosen = np.select(
        [scope == Scope.BOTH.value, scope == Scope.GLOBAL.value, scope == Scope.EU.value],
        [mixed_concentration(hhi_global, hhi_eu, import_reliance), hhi_global, hhi_eu],
        default=np.nan,
    )
    out: Floats = chosen * (1.0 - recycling) * substitution
    return out


def bottleneck(risk: Floats, material: Ints, materials: int) -> tuple[Floats, Ints]:
    """Which stage decides: the highest supply risk of each material, and the row it comes from.

    risk: shape (rows,) per material and stage; material: shape (rows,), number of the material.
    Returns highest risk, shape (materials,), nan where no stage is known; and row number, −1 where none.
    """
    highest = np.full(materials, np.nan)
    row = np.full(materials, -1, dtype=np.int64)
    for index in np.flatnonzero(~np.isnan(risk)):
        owner = material[index]
        if np.isnan(highest[owner]) or risk[index] > highest[owner]:
            highest[owner], row[owner] = risk[index], index
    return highest, row


def economic_importance(
    use_share: Floats,
    value_added: Floats,
    material: Ints,
    substitution: Floats,
    largest_value_added: float,
) -> Floats:
    """How much of the economy uses a material: Σ_s(A_s·Q_s)·SI_EI, scaled so that the largest sector is 10 [0 to 10].

    use_share: shape (rows,), part of use in a sector [-]; value_added: shape (rows,), Q of that sector [M€];
    material: shape (rows,), number of the material; substitution: shape (materials,), index SI_EI [-];
    largest_value_added: the largest sector [M€]. nan for a material without use rows or without SI_EI.
    """
    materials = substitution.shape[0]
    sums = np.bincount(material, weights=use_share * value_added, minlength=materials)
    rows = np.bincount(material, minlength=materials)
    out: Floats = np.where(rows > 0, sums, np.nan) / largest_value_added * TOP_OF_SCALE * substitution
    return out


def meets_thresholds(risk: Floats, importance: Floats) -> Flags:
    """Whether a material is critical by numbers: SR ≥ 1.0 and EI ≥ 2.8, on values rounded to one decimal.

    The study rounds to one decimal before it compares (annex II.2 thresholds; published values have one decimal).
    """
    risky: Flags = np.round(risk, 1) >= SUPPLY_RISK_THRESHOLD
    important: Flags = np.round(importance, 1) >= ECONOMIC_IMPORTANCE_THRESHOLD
    return risky & important
