"""Where to store: the cheapest set of warehouses for the members that must be served (MODEL §7.4).

There are few candidate places, so every set is tried: exact, and the runner-up is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.lp import Coordinates, LinearProgram

Array = NDArray[np.float64]
MOST_PLACES = 16


@dataclass(frozen=True, slots=True)
class Places:
    """Candidate warehouses and what it costs to serve each member from them.

    names; fixed: (l,) yearly cost of having the warehouse [k€]; storage: (l,) [k€/t/yr]; capacity: (l,) [t];
    transport: (l, c) cost of bringing a tonne to the member when released, times the yearly chance [k€/t/yr];
    cut_off: (l, c) chance that the place cannot reach the member given that the stock is needed [0, 1] – conditional
    on the event, so that correlation with it is inside; loss: (c,) value of a tonne that does not arrive, times the
    yearly chance of need [k€/t/yr]; logistics: (l,) value added of transit at the place [k€/t/yr], kept apart.
    """

    names: tuple[str, ...]
    fixed: Array
    storage: Array
    capacity: Array
    transport: Array
    cut_off: Array
    loss: Array
    logistics: Array

    def per_tonne(self) -> Array:
        """The yearly cost of a tonne kept at a place for a member, access risk included: (l, c) [k€/t/yr]."""
        return np.asarray(self.storage[:, None] + self.transport + self.cut_off * self.loss[None, :])


@dataclass(frozen=True, slots=True)
class Siting:
    """open: names; tonnes: (l, c) [t]; cost [k€/yr]: fixed, storage, transport and access risk; access_risk: the part
    of it that is loss from being cut off; logistics: value added of transit [k€/yr], not part of the cost."""

    open: tuple[str, ...]
    tonnes: Array
    cost: float
    access_risk: float
    logistics: float


def best_sites(places: Places, demand: Array, *, most_open: int | None = None, keep: int = 5) -> list[Siting]:
    """The `keep` cheapest sets of warehouses that serve all members, cheapest first, by trying every set.

    demand: (c,) stock to be kept for each member [t]. InputError when no set has the capacity.
    """
    count = len(places.names)
    _check(places, demand)
    if count > MOST_PLACES:
        raise InputError(
            "too many places to try every set", why=f"{count}, the limit is {MOST_PLACES}", mend="leave some out"
        )
    unit = places.per_tonne()
    found: list[Siting] = []
    for size in range(1, (most_open or count) + 1):
        for chosen in combinations(range(count), size):
            if places.capacity[list(chosen)].sum() < demand.sum() - 1e-9:
                continue
            tonnes = _assign(unit, places.capacity, demand, chosen)
            if size > 1 and (tonnes[list(chosen)].sum(axis=1) <= 1e-9).any():
                continue  # an empty warehouse: the smaller set is the same plan
            risk = float((tonnes * places.cut_off * places.loss[None, :]).sum())
            cost = float(places.fixed[list(chosen)].sum() + (tonnes * unit).sum())
            names = tuple(places.names[i] for i in chosen)
            found.append(Siting(names, tonnes, cost, risk, float(tonnes.sum(axis=1) @ places.logistics)))
    if not found:
        raise InputError(
            "no set of warehouses can hold the stock",
            why=f"{demand.sum():.6g} t against a capacity of {places.capacity.sum():.6g} t",
            mend="add places or capacity, or store less",
        )
    return sorted(found, key=lambda siting: siting.cost)[:keep]


def _assign(unit: Array, capacity: Array, demand: Array, chosen: tuple[int, ...]) -> Array:
    """The cheapest assignment to open places: each member's cheapest place, or a programme when one is full."""
    rows = list(chosen)
    tonnes = np.zeros_like(unit)
    cheapest = unit[rows].argmin(axis=0)
    first = np.zeros_like(unit)
    first[np.array(rows)[cheapest], np.arange(demand.size)] = demand
    if (first.sum(axis=1) <= capacity + 1e-9).all():
        return first
    tonnes[rows] = _transport(unit[rows], capacity[rows], demand)
    return tonnes


def _transport(unit: Array, capacity: Array, demand: Array) -> Array:
    """The cheapest flows from places to members within the capacities: unit (l, c) → (l, c)."""
    count, c = unit.shape
    flow = np.arange(count * c)
    matrix = Coordinates(
        np.concatenate([flow // c, count + flow % c]), np.concatenate([flow, flow]), np.ones(2 * count * c)
    )
    program = LinearProgram(
        unit.ravel(),
        np.zeros(count * c),
        np.full(count * c, np.inf),
        matrix,
        np.concatenate([np.zeros(count), demand]),
        np.concatenate([capacity, demand]),
        where="assignment of stock to warehouses",
    )
    return program.solve().x.reshape(count, c)


def _check(places: Places, demand: Array) -> None:
    n, c = len(places.names), demand.size
    shapes = [places.fixed.shape == (n,), places.storage.shape == (n,), places.capacity.shape == (n,)]
    shapes += [places.transport.shape == (n, c), places.cut_off.shape == (n, c), places.loss.shape == (c,)]
    if not all(shapes) or places.logistics.shape != (n,):
        raise InputError(
            "the places and members do not fit together", why=f"{n} places, {c} members", mend="complete the table"
        )
    if (places.cut_off < 0).any() or (places.cut_off > 1).any():
        raise InputError("a chance of being cut off is not in [0, 1]", mend="give a probability")
    if (demand < 0).any():
        raise InputError("a stock is negative", mend="give tonnes of 0 or more")
