"""From tonnes that are lacking to value added that is lost: who goes without, what a tonne is worth, what overlaps.

Which uses of a material go without decides the loss; so a loss is always given as a triple: best, pro rata and worst.
Arrays carry segments on their last axis and draws on the leading axes.
Source: MODEL §6.1; verification V09-A, B, C, E. Ratings of criticality: Pichler et al. (2022),
doi:10.1016/j.jedc.2022.104527.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


def value_per_tonne(
    criticality: npt.ArrayLike,
    exposure: npt.ArrayLike,
    value_added: npt.ArrayLike,
    use: npt.ArrayLike,
    *,
    cap: npt.ArrayLike = np.inf,
) -> FloatArray:
    """How much value added a lacking tonne costs [k€/t]: v = min(cap, criticality × exposure × value added / use).

    criticality: 1 critical, ½ important, 0 not [–]; exposure: share of output that stops without the material [–];
    value_added [k€] and use [t] over the same time; use above 0. cap: plausible cost of redesign [k€/t], against tiny
    denominators (MODEL §13.6). Source: MODEL §6.1.
    """
    kappa, exposed = _share("criticality", criticality), _share("exposure", exposure)
    tonnes = _amount("use", use)
    if not bool(np.all(tonnes > 0.0)):
        raise InputError(
            "a value per tonne needs a use above 0", where="use", mend="leave sectors that do not use the material out"
        )
    return np.asarray(np.minimum(kappa * exposed * _amount("value_added", value_added) / tonnes, _float(cap)))


@dataclass(frozen=True, slots=True, eq=False)
class AllocationLoss:
    """What a shortage costs under three ways of sharing it out.

    best, pro_rata, worst: value added lost [k€], shape (…); best ≤ pro_rata ≤ worst.
    best_supply, worst_supply: tonnes each segment keeps [t], shape (…, segments).
    shadow_value: loss that one more tonne avoids under the best allocation [k€/t]; 0 without a shortage.
    """

    best: FloatArray
    pro_rata: FloatArray
    worst: FloatArray
    best_supply: FloatArray
    worst_supply: FloatArray
    shadow_value: FloatArray


def allocation_loss(use: npt.ArrayLike, value_added: npt.ArrayLike, shortage: npt.ArrayLike) -> AllocationLoss:
    """What a shortage [t] costs when the least valuable uses, all uses alike, or the most valuable uses go without.

    use: [t] and value_added: [k€] per segment over the same time, shape (…, segments); shortage: [t], shape (…), at
    most the total use. Within a segment value is proportional to tonnes. Value of a segment without use cannot be lost.
    Source: MODEL §6.1; V09-A.
    """
    tonnes, value = np.broadcast_arrays(_amount("use", use), _amount("value_added", value_added))
    short = _amount("shortage", shortage)
    total = tonnes.sum(axis=-1)
    if bool(np.any(short > total * (1.0 + 1e-12))):
        raise InputError(
            "the shortage is larger than the use",
            where="shortage",
            mend="check that both are in the same tonnes and months",
        )
    with np.errstate(over="ignore"):  # a use too small to divide by comes out as infinite value: it is cut last
        per_tonne = np.divide(value, tonnes, out=np.zeros(tonnes.shape), where=tonnes > 0.0)
    lost_value = np.where(tonnes > 0.0, value, 0.0).sum(axis=-1)
    order = np.argsort(per_tonne, axis=-1, kind="stable")
    best_cut = _cut_in_order(tonnes, short, order)
    worst_cut = _cut_in_order(tonnes, short, order[..., ::-1])
    share = np.divide(short, total, out=np.zeros(np.broadcast_shapes(short.shape, total.shape)), where=total > 0.0)
    shadow = np.where(best_cut > 0.0, per_tonne, 0.0).max(axis=-1)
    return AllocationLoss(
        _lost(best_cut, tonnes, value),
        np.asarray(share * lost_value),
        _lost(worst_cut, tonnes, value),
        tonnes - best_cut,
        tonnes - worst_cut,
        np.asarray(shadow),
    )


def family_loss_share(
    unserved: npt.ArrayLike, exposure: npt.ArrayLike, criticality: npt.ArrayLike, *, substituted: npt.ArrayLike = 0.0
) -> FloatArray:
    """Which share of a sector's output one material stops [–]: criticality × exposure × max(0, unserved − substituted).

    unserved: share of the need that no stock or supply covers [–]; substituted: share of the need that substitution
    covers so far [–], subtracted here only if it was not already taken off the need. Source: MODEL §6.1; V09-B.
    """
    gap = np.maximum(_share("unserved", unserved) - _share("substituted", substituted), 0.0)
    return np.asarray(_share("criticality", criticality) * _share("exposure", exposure) * gap, dtype=np.float64)


def sector_ceiling(
    unserved: npt.ArrayLike, exposure: npt.ArrayLike, criticality: npt.ArrayLike, *, substituted: npt.ArrayLike = 0.0
) -> FloatArray:
    """How much of its normal output a sector can still make [–]: 1 − `family_loss_share`. Source: MODEL §6.1; V09-B."""
    return np.asarray(1.0 - family_loss_share(unserved, exposure, criticality, substituted=substituted))


@dataclass(frozen=True, slots=True, eq=False)
class OverlapBounds:
    """Which share of output several materials stop together [–]: same products ≤ independent ≤ disjoint products."""

    same_products: FloatArray
    independent: FloatArray
    disjoint: FloatArray


def overlap_bounds(losses: npt.ArrayLike) -> OverlapBounds:
    """How much several materials stop together, bounded: max ≤ truth ≤ min(1, sum), independent in between.

    losses: share of output that each material alone stops [–], shape (…, materials). Source: MODEL §6.1; V09-C.
    """
    each = _share("losses", losses)
    return OverlapBounds(
        np.asarray(each.max(axis=-1)),
        np.asarray(1.0 - np.prod(1.0 - each, axis=-1)),
        np.asarray(np.minimum(each.sum(axis=-1), 1.0)),
    )


def combined_loss(losses: npt.ArrayLike, families: Sequence[str]) -> FloatArray:
    """The default for several materials [–]: the largest inside a product family, independent across families.

    losses: shape (…, materials), [–]; families: the product family of each. Source: MODEL §6.1.
    """
    each = _share("losses", losses)
    if each.shape[-1:] != (len(families),):
        raise InputError(
            "each material needs its product family",
            where="families",
            why=f"{each.shape[-1:]} losses and {len(families)} families",
            mend="give one family per material",
        )
    kept = np.ones(each.shape[:-1])
    for family in dict.fromkeys(families):
        members = [number for number, name in enumerate(families) if name == family]
        kept = kept * (1.0 - each[..., members].max(axis=-1))
    return np.asarray(1.0 - kept, dtype=np.float64)


def lost_months(unserved: npt.ArrayLike, duration: npt.ArrayLike, inventory: npt.ArrayLike) -> FloatArray:
    """How many months of output are lost when a sector's inventory buys time: max(0, unserved × duration − inventory).

    unserved: constant share of the need that does not arrive [–]; duration [month]; inventory: months of use on the
    shelf [month]. Source: MODEL §6.1; V09-E.
    """
    gap = _share("unserved", unserved) * _amount("duration", duration) - _amount("inventory", inventory)
    return np.asarray(np.maximum(gap, 0.0), dtype=np.float64)


def _cut_in_order(tonnes: FloatArray, short: FloatArray, order: npt.NDArray[np.intp]) -> FloatArray:
    """How many tonnes each segment loses when they are cut one after the other in this order."""
    in_order = np.take_along_axis(tonnes, order, axis=-1)
    before = np.cumsum(in_order, axis=-1) - in_order
    cut = np.clip(short[..., None] - before, 0.0, in_order)
    back = np.broadcast_to(np.argsort(order, axis=-1), cut.shape)
    return np.asarray(np.take_along_axis(cut, back, axis=-1), dtype=np.float64)


def _lost(cut: FloatArray, tonnes: FloatArray, value: FloatArray) -> FloatArray:
    """Value added lost when each segment goes without its cut, summed over segments."""
    part = np.divide(cut, tonnes, out=np.zeros(cut.shape), where=tonnes > 0.0)
    return np.asarray((part * value).sum(axis=-1), dtype=np.float64)


def _float(value: npt.ArrayLike) -> FloatArray:
    return np.asarray(value, dtype=np.float64)


def _amount(name: str, value: npt.ArrayLike) -> FloatArray:
    array = _float(value)
    if not bool(np.all(np.isfinite(array) & (array >= 0.0))):
        raise InputError(
            f"{name} holds a value that is negative, infinite or not a number", where=name, mend="give 0 or more"
        )
    return array


def _share(name: str, value: npt.ArrayLike) -> FloatArray:
    array = _float(value)
    if not bool(np.all((array >= 0.0) & (array <= 1.0))):
        raise InputError(
            f"{name} is a share", where=name, why="found a value outside 0…1", mend="give a share from 0 to 1"
        )
    return array
