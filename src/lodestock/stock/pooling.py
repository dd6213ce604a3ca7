"""What pooling gains, as a function of how much the shocks have in common, and what is stocked without agreement.

MODEL §7.8, cases V13 and V14. Licence regimes are common causes: at full common cause the insurance gain is zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binom

from lodestock.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooling:
    """separate, pooled: yearly cost [k€]; stock_separate, stock_pooled: [t]; common: correlation or common chance."""

    common: float
    separate: float
    pooled: float
    stock_separate: float
    stock_pooled: float

    @property
    def gain(self) -> float:
        """What pooling saves [k€ a year]."""
        return self.separate - self.pooled

    @property
    def gain_share(self) -> float:
        """What pooling saves as a share of the separate cost [–]; 0 when separate costs nothing."""
        return self.gain / self.separate if self.separate > 0.0 else 0.0


def normal_pooling(
    members: int, mean: float, deviation: float, correlation: float, holding: float, value: float
) -> Pooling:
    """Equal members with normal needs and a common correlation; gain = v·φ(z)·σ·(n − √(n(1+(n−1)ρ))).

    mean, deviation [t]; correlation in [−1/(n−1), 1]; holding < value [k€/t].
    """
    least = -1.0 / (members - 1) if members > 1 else -1.0
    if not least - 1e-12 <= correlation <= 1.0 or not 0.0 < holding < value or deviation < 0.0 or members < 1:
        raise InputError(
            "the pooling case is out of range",
            why=f"correlation {correlation} in [{least:.4g}, 1]; 0 < holding {holding} < value {value}",
            mend="correct the value that is out of range",
        )
    z = float(ndtri(1.0 - holding / value))
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    spread = deviation * math.sqrt(max(members * (1.0 + (members - 1) * correlation), 0.0))
    total = members * mean
    return Pooling(
        correlation,
        holding * total + value * density * members * deviation,
        holding * total + value * density * spread,
        total + z * members * deviation,
        total + z * spread,
    )


def common_cause_pooling(
    members: int, chance: float, common: float, size: float, holding: float, value: float
) -> Pooling:
    """Equal members hit with `chance`, of which `common` hits all at once and the rest each alone.

    chance, common: yearly, 0 ≤ common ≤ chance < 1; size: tonnes short when hit [t]; holding, value: [k€/t].
    """
    if not 0.0 <= common <= chance < 1.0 or members < 1:
        raise InputError(
            "the common chance is out of range", why=f"0 ≤ {common} ≤ {chance} < 1", mend="common is a part of chance"
        )
    alone = (chance - common) / (1.0 - common)
    hit = np.arange(members + 1)
    law = (1.0 - common) * binom.pmf(hit, members, alone)
    law[-1] += common
    units = np.arange(members + 1)
    missing = np.maximum(hit[None, :] - units[:, None], 0) @ law
    cost = size * (holding * units + value * missing)
    best = int(cost.argmin())
    own = min(holding, chance * value) * size
    own_stock = size if holding < chance * value else 0.0
    return Pooling(common, members * own, float(cost[best]), members * own_stock, best * size)


@dataclass(frozen=True, slots=True)
class StockGame:
    """nash, cooperative: total stock [t]; nash_by_member: (n,) [t], held by the members with the largest stake;
    cost_nash, cost_cooperative: expected yearly cost of all [k€]."""

    nash: float
    cooperative: float
    nash_by_member: Array
    cost_nash: float
    cost_cooperative: float


def public_good_stock(chance: float, holding: float, need: float, stake: Array) -> StockGame:
    """A stock that helps everyone, without and with agreement; damages stake_i/2·(need − Q)² with `chance`.

    stake: (n,) [k€/t²]; need [t]. Nash: Q = need − h/(p·max stake), held by whoever has the largest stake only;
    together: Q = need − h/(p·Σ stake) (Hogan 1983; case V14).
    """
    if not 0.0 < chance <= 1.0 or holding <= 0.0 or (stake < 0).any() or stake.sum() <= 0.0:
        raise InputError("the stock game is out of range", why="0 < chance ≤ 1, holding > 0, stakes ≥ 0, not all zero")
    nash = max(need - holding / (chance * float(stake.max())), 0.0)
    together = max(need - holding / (chance * float(stake.sum())), 0.0)
    largest = stake >= stake.max() - 1e-12

    def cost(total: float) -> float:
        return holding * total + chance * float(stake.sum()) / 2.0 * max(need - total, 0.0) ** 2

    return StockGame(nash, together, np.where(largest, nash / largest.sum(), 0.0), cost(nash), cost(together))
