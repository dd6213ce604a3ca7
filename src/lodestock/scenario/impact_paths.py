"""From tonnes that lack to what each industry can still make: ceilings by draw and month (MODEL §6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.economy.allocation import allocation_loss
from lodestock.economy.families import ProductFamily
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.regions import Place
from lodestock.economy.value_added import euros_per_unit
from lodestock.scenario.value import Exposure

FloatArray = npt.NDArray[np.float64]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Paths:
    """What the exposed industries lose, before anything spreads; D draws, P months, F families, M industries hit.

    short [D, P]: share of the need that no supply and no stock covers. stopped [D, F]: share of the family's sector
    that stops without the material, criticality × exposure. use [D, F]: shares of use. split [F, M]: the family's
    sector as a share of the industry. industries [M]: places in the table; value [M]: their value added [MEUR/yr].
    need [D, P]: tonnes wanted a month.
    """

    families: tuple[ProductFamily, ...]
    short: FloatArray
    stopped: FloatArray
    use: FloatArray
    split: FloatArray
    industries: npt.NDArray[np.int64]
    value: FloatArray
    need: FloatArray

    def loss(self) -> FloatArray:
        """Share of each industry's output that is lost, shortage shared pro rata [D, P, M].

        Families of one table are different products of a sector, so their shares add up; one material each.
        """
        whole = np.minimum(self.stopped @ self.split, 1.0)
        return np.asarray(self.short[:, :, None] * whole[:, None, :])

    def direct(self) -> FloatArray:
        """Value added lost if nothing spread [MEUR over the months], by draw and industry [D, M]."""
        return np.asarray(self.loss().sum(axis=1) * self.value / MONTHS)

    def allocated(self, draw: int) -> dict[str, FloatArray]:
        """One draw under three ways of sharing the shortage out: family's unserved share by month [P, F] each."""
        tonnes = (self.need[draw][:, None] * self.use[draw]).astype(np.float64)
        worth = np.broadcast_to(self.family_value()[draw] / MONTHS, tonnes.shape)
        short = np.minimum(self.short[draw] * tonnes.sum(axis=1), tonnes.sum(axis=1))
        found = allocation_loss(tonnes, worth, short)
        even = np.broadcast_to(self.short[draw][:, None], tonnes.shape)
        kept = {"best": found.best_supply, "worst": found.worst_supply}
        gone = {name: np.clip(1.0 - supply / tonnes, 0.0, 1.0) for name, supply in kept.items()}
        return {"best": gone["best"], "pro_rata": np.asarray(even), "worst": gone["worst"]}

    def family_value(self) -> FloatArray:
        """Value added that stops without the material, by draw and family [MEUR/yr], [D, F]."""
        return np.asarray(self.stopped * (self.split @ self.value))

    def loss_of(self, draw: int, unserved: FloatArray) -> FloatArray:
        """Share of each industry's output that is lost in one draw with these unserved shares [P, F] → [P, M]."""
        return np.asarray(np.minimum((unserved * self.stopped[draw]) @ self.split, 1.0))


def paths(
    shortage: FloatArray, need: FloatArray, exposure: Exposure, found: Sequence[Place], table: InputOutputTable
) -> Paths:
    """The paths of a run. shortage, need [t/month], [D, P]; exposure with `value` = criticality × exposed share [–]."""
    industries = np.array(sorted({place.industry for place in found}), dtype=np.int64)
    column = {int(k): m for m, k in enumerate(industries)}
    split = np.zeros((len(exposure.families), industries.size))
    for row, family in enumerate(exposure.families):
        for place in found:
            if place.sector == family.sector:
                split[row, column[place.industry]] = place.share
    short = np.divide(shortage, need, out=np.zeros_like(shortage), where=need > 0)
    value = table.value_added[industries] * euros_per_unit(table)
    return Paths(
        exposure.families, np.clip(short, 0.0, 1.0), exposure.value, exposure.use, split, industries, value, need
    )
