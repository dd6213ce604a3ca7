"""Forms × holders × places as the options of a design, without those that another option beats in every respect.

Pure functions on arrays; MODEL §7.4. All tonnes are tonnes of the end product that a stock can become.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.design import StockDesign

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Options:
    """Ways to hold one material. carry: (i,) [k€/t/yr]; spend: (i,) [k€/t]; fit, available: (i,) shares in [0, 1] of a
    tonne that meet the specification, and that can be reached when needed; most: (i,) [t]; route: (i, j) conversion
    steps to pass; capacity: (j,) what stands idle through a disruption [t]."""

    carry: Array
    spend: Array
    fit: Array
    available: Array
    most: Array
    route: NDArray[np.bool_]
    capacity: Array

    def useful(self) -> Array:
        """The part of a tonne that helps when conversion is not short: (i,)."""
        return np.asarray(self.fit * self.available)

    def deliverable(self) -> Array:
        """The tonnes that each option can deliver at most, alone: the smallest capacity on its route: (i,) [t]."""
        through = np.where(self.route, self.capacity[None, :], np.inf)
        narrow = through.min(axis=1) if self.capacity.size else np.full(self.carry.size, np.inf)
        return np.asarray(np.minimum(narrow, self.most * self.useful()))

    def take(self, chosen: Index) -> Options:
        """Only the chosen options."""
        return Options(
            self.carry[chosen], self.spend[chosen], self.fit[chosen], self.available[chosen], self.most[chosen],
            self.route[chosen], self.capacity,
        )  # fmt: skip


def undominated(options: Options) -> Index:
    """The options that may be part of a best plan: (n,) indices.

    An option is left out when another without a limit, with no other conversion steps, costs and spends no more per
    useful tonne; of equal options the first stays.
    """
    useful = options.useful()
    if (useful <= 0.0).any():
        raise InputError("an option has no use at all", mend="leave it out, or give it a fit and a reach above 0")
    carry, spend = options.carry / useful, options.spend / useful
    kept: list[int] = []
    for i in range(carry.size):
        others = np.arange(carry.size) != i
        no_worse = (carry <= carry[i]) & (spend <= spend[i]) & np.isinf(options.most) & others
        no_worse &= ~(options.route & ~options.route[i]).any(axis=1)
        fewer = (options.route != options.route[i]).any(axis=1)
        better = (carry < carry[i]) | (spend < spend[i]) | np.isfinite(options.most[i]) | fewer
        earlier = np.arange(carry.size) < i
        if not (no_worse & (better | earlier)).any():
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def strata(shortage: Array, chance: float, count: int) -> tuple[Array, Array]:
    """Equally likely draws of a shortage as `count` strata and a year without any: gap (k+1,) [t], probability (k+1,).

    The mean of each stratum keeps the expected shortage exact; the loss within a stratum is slightly too low where it
    bends, which falls as 1/count².
    """
    if not 0.0 <= chance <= 1.0:
        raise InputError("a chance is not between 0 and 1", where="yearly chance", why=f"{chance}")
    if shortage.size == 0 or not np.isfinite(shortage).all() or (shortage < 0.0).any():
        raise InputError("the shortage draws are not usable", why="they must be tonnes of 0 or more")
    parts = np.array_split(np.sort(shortage), min(count, shortage.size))
    weight = np.array([part.size for part in parts], dtype=np.float64) / shortage.size
    gap = np.concatenate([[0.0], [part.mean() for part in parts]])
    return gap, np.concatenate([[1.0 - chance], chance * weight])


def one_material(options: Options, gap: Array, probability: Array, value: float) -> StockDesign:
    """The design problem of one material with the same value for each tonne short [k€/t]; gap, probability: (k,)."""
    count, k = options.carry.size, gap.size
    return StockDesign(
        np.zeros(count, dtype=np.int64), options.carry, options.spend, options.fit, np.zeros(count), options.most,
        np.repeat(options.available[:, None], k, axis=1), gap[None, :], np.array([[np.inf]]), np.array([[value]]),
        options.route, np.repeat(options.capacity[:, None], k, axis=1), probability,
    )  # fmt: skip


def delivered(route: NDArray[np.bool_], useful: Array, capacity: Array, shortage: Array) -> Array:
    """What a plan delivers in each draw: (d,) [t]; the routes of the forms of one chain are nested.

    route: (i, j) steps to pass; useful: (i, d) tonnes held that fit and can be reached [t]; capacity: (j, d) idle
    conversion [t]; shortage: (d,) [t]. Walked from the start of the chain: what passes a step is limited by it.
    """
    _check_nested(route)
    entered = np.zeros(useful.shape[0], dtype=bool)
    flow = np.zeros(useful.shape[1])
    for step in np.argsort(route.sum(axis=0), kind="stable"):  # what the fewest forms pass comes first
        enters = route[:, step] & ~entered
        flow = np.minimum(flow + useful[enters].sum(axis=0), capacity[step])
        entered |= enters
    return np.asarray(np.minimum(shortage, flow + useful[~entered].sum(axis=0)))


def _check_nested(route: NDArray[np.bool_]) -> None:
    rows = route[np.argsort(route.sum(axis=1))]
    if (rows[:-1] & ~rows[1:]).any():
        raise InputError("the conversion routes are not nested", mend="give the forms of one chain")
