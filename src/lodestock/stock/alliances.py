"""What each alliance's instruments do for its members: cost and service alone and within (MODEL §7.8).

EU, IEA and NATO differ by instruments, not only by members: buying together, holding a common strategic stock, sharing
in an emergency. Each instrument is computed for what it does; where nothing is gained the figures say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.coalition import coalition_cost
from lodestock.stock.crisis import CrisisRule, crisis

Array = NDArray[np.float64]


class Instrument(StrEnum):
    """What an alliance has agreed to do."""

    JOINT_PURCHASE = "joint purchase"  # members buy together and hold apart: a lower yearly cost per tonne
    COMMON_STOCK = "common stock"  # one stock, decided for all
    EMERGENCY_SHARING = "emergency sharing"  # each decides alone, what is left over goes to whoever needs it


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an alliance: names (n,); need: (k, n) tonnes short per scenario; probability: (k,) summing to 1;
    value: (n,) [k€/t]; holding: yearly cost per tonne [k€/t]."""

    names: tuple[str, ...]
    need: Array
    probability: Array
    value: Array
    holding: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How members stand: stock (n,) [t], a common stock by expected use of it; cost: (n,) holding and expected loss
    [k€/yr]; worst_service: (n,) lowest share of need covered; total [k€/yr]."""

    stock: Array
    cost: Array
    worst_service: Array

    @property
    def total(self) -> float:
        """Cost of all members [k€/yr]."""
        return float(self.cost.sum())


def alone(members: Members, holding: float | None = None) -> Standing:
    """Each member on its own, at its own best stock; holding: another yearly cost per tonne [k€/t]."""
    h = members.holding if holding is None else holding
    stock = _own_best(members, h)
    covered = np.minimum(members.need, stock)
    return _standing(members, stock, h * stock, covered)


def _own_best(members: Members, holding: float) -> Array:
    """The best stock of each member on its own: the least q with P(need > q) ≤ holding / value (MODEL §7.2)."""
    need = np.concatenate([np.zeros((1, members.need.shape[1])), members.need])  # holding nothing is a choice too
    chance = np.concatenate([[0.0], members.probability])
    rank = np.argsort(need, axis=0, kind="stable")
    level = np.take_along_axis(need, rank, axis=0)
    exceed = 1.0 - np.cumsum(chance[rank], axis=0)
    enough = exceed * members.value[None, :] <= holding + 1e-12
    enough[-1] = True
    return np.asarray(level[enough.argmax(axis=0), np.arange(level.shape[1])])


def within(
    members: Members,
    instrument: Instrument,
    *,
    discount: float = 0.0,
    credibility: float = 1.0,
    end_user_bound: bool = False,
) -> Standing:
    """The members under one instrument.

    discount: share by which buying together lowers the yearly cost per tonne [0, 1); credibility: chance that members
    keep their word in a crisis [0, 1]; when they do not, each has only its own stock, and of a common stock what it
    paid for. The cost of a common stock is borne in proportion to expected need. end_user_bound: licences tie material
    to its end user (MODEL §4.2): what one member holds cannot serve another, so that a common stock and sharing come to
    each on its own; buying together stays possible.
    """
    if not (0.0 <= discount < 1.0 and 0.0 <= credibility <= 1.0):
        raise InputError(
            "discount or credibility is out of range", why=f"{discount}, {credibility}", mend="use shares in [0, 1]"
        )
    if instrument is Instrument.JOINT_PURCHASE:
        return alone(members, members.holding * (1.0 - discount))
    if end_user_bound:
        return alone(members)
    if instrument is Instrument.EMERGENCY_SHARING:
        own = alone(members)
        stock = own.stock
        shared = _share_surplus(members.need, stock)
    else:
        everyone = (1 << len(members.names)) - 1
        total = coalition_cost(members.need, members.probability, members.value, members.holding, everyone)[1]
        use = members.probability @ members.need
        stock = total * use / use.sum() if use.sum() > 0.0 else np.zeros(use.size)
        shared = crisis(members.need, members.probability, members.value, stock, CrisisRule.VALUE).allotted
    kept, broken = (
        _standing(members, stock, members.holding * stock, covered)
        for covered in (shared, np.minimum(members.need, stock))
    )
    cost = credibility * kept.cost + (1.0 - credibility) * broken.cost
    worst = kept.worst_service if credibility == 1.0 else np.minimum(kept.worst_service, broken.worst_service)
    return Standing(stock, cost, worst)


def _share_surplus(need: Array, stock: Array) -> Array:
    """Own need first; what is left over is shared among those still short in proportion to what they lack."""
    own = np.minimum(need, stock)
    left = (stock - own).sum(axis=1)
    short = need - own
    lacking = short.sum(axis=1)
    part = np.minimum(np.divide(left, lacking, out=np.zeros_like(left), where=lacking > 0.0), 1.0)
    return np.asarray(own + part[:, None] * short)


def _standing(members: Members, stock: Array, holding_cost: Array, covered: Array) -> Standing:
    loss = members.probability @ ((members.need - covered) * members.value)
    share = np.divide(covered, members.need, out=np.ones_like(members.need), where=members.need > 0.0)
    return Standing(stock, holding_cost + loss, share.min(axis=0))
