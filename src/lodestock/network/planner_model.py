"""The planner's linear programme as columns and named rows, each constraint a small unit (MODEL §5.2).

Columns, month by month: flows [A], shortage steps [N·J] of the N cells with use, end stocks [M] of the M cells that may
hold stock, strategic releases [B] of the B cells with strategic stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lodestock.network.kernel_types import Floats, Ints
from lodestock.network.structure import Network


@dataclass(frozen=True, slots=True)
class Group:
    """Arcs that share one cap, such as all licensed exports of a country; arcs: their numbers in the network."""

    name: str
    arcs: Ints


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each kind of column and row stands. cells: numbers stage · C + country."""

    months: int
    arcs: int
    cells: int
    using: Ints
    steps: int
    holding: Ints
    strategic: Ints
    capped: Ints
    groups: int

    @property
    def columns(self) -> int:
        """Columns of one month."""
        return self.arcs + self.using.size * self.steps + self.holding.size + self.strategic.size

    @property
    def short_at(self) -> int:
        """First shortage column of a month."""
        return self.arcs

    @property
    def stock_at(self) -> int:
        """First stock column of a month."""
        return self.arcs + self.using.size * self.steps

    @property
    def release_at(self) -> int:
        """First release column of a month."""
        return self.stock_at + self.holding.size

    @property
    def rows(self) -> int:
        """Rows of one month: balance of each cell, capacity of each maker, each group."""
        return self.cells + self.capped.size + self.groups

    @property
    def capacity_at(self) -> int:
        """First capacity row of a month."""
        return self.cells

    @property
    def group_at(self) -> int:
        """First group row of a month."""
        return self.cells + self.capped.size


Entries = tuple[Ints, Ints, Floats]


def layout_of(network: Network, steps: int, months: int, groups: Sequence[Group]) -> Layout:
    """Which cells need columns and rows."""
    countries = len(network.countries)
    return Layout(
        months,
        network.base.size,
        network.use.size,
        np.flatnonzero(network.use.ravel() > 0),
        steps,
        np.flatnonzero((network.received() + network.recycled + network.stock).ravel() > 0),
        np.flatnonzero(network.strategic.ravel() > 0),
        np.unique(network.stage * countries + network.origin),
        len(groups),
    )


def arrivals(network: Network) -> Entries:
    """Balance: what arrives on an arc adds to the form held at its destination."""
    arcs = np.arange(network.base.size)
    return network.stage * len(network.countries) + network.dest, arcs, np.ones(arcs.size)


def conversion(network: Network) -> Entries:
    """Balance: a tonne of form k+1 that leaves takes θ_k tonnes of form k from its maker's stock."""
    later = np.flatnonzero(network.stage > 0)
    rows = (network.stage[later] - 1) * len(network.countries) + network.origin[later]
    return rows, later, -network.theta[network.stage[later] - 1]


def unserved(place: Layout) -> Entries:
    """Balance: shortage stands in for use that is not served."""
    rows = np.repeat(place.using, place.steps)
    return rows, place.short_at + np.arange(rows.size), np.ones(rows.size)


def end_stock(place: Layout) -> Entries:
    """Balance: what is held at the month's end is not used in it."""
    return place.holding, place.stock_at + np.arange(place.holding.size), -np.ones(place.holding.size)


def releases(place: Layout) -> Entries:
    """Balance: strategic release adds to what the cell has."""
    return place.strategic, place.release_at + np.arange(place.strategic.size), np.ones(place.strategic.size)


def output(network: Network, place: Layout) -> Entries:
    """Capacity: what leaves a maker on all its arcs."""
    arcs = np.arange(network.base.size)
    cell = network.stage * len(network.countries) + network.origin
    return place.capacity_at + np.searchsorted(place.capped, cell), arcs, np.ones(arcs.size)


def shared_caps(place: Layout, groups: Sequence[Group]) -> Entries:
    """Group: what leaves on all arcs of a group."""
    rows = np.concatenate(
        [np.full(g.arcs.size, place.group_at + n) for n, g in enumerate(groups)] or [np.empty(0, int)]
    )
    arcs = np.concatenate([g.arcs for g in groups] or [np.empty(0, np.int64)])
    return rows.astype(np.int64), arcs, np.ones(arcs.size)


def month_matrix(network: Network, place: Layout, groups: Sequence[Group]) -> sparse.csc_matrix:
    """All rows of one month over that month's columns."""
    units = [arrivals(network), conversion(network), unserved(place), end_stock(place), releases(place)]
    units += [output(network, place), shared_caps(place, groups)]
    rows, columns, values = (np.concatenate([unit[n] for unit in units]) for n in range(3))
    return sparse.csc_matrix((values, (rows, columns)), shape=(place.rows, place.columns))


def horizon_matrix(network: Network, place: Layout, groups: Sequence[Group]) -> sparse.csc_matrix:
    """All months, linked by stocks: a month opens with what the last one closed with; and the totals of releases."""
    month = month_matrix(network, place, groups)
    stocks = (np.ones(place.holding.size), (place.holding, place.stock_at + np.arange(place.holding.size)))
    carry = sparse.csc_matrix(stocks, shape=month.shape)
    months = place.months
    body = sparse.kron(sparse.eye(months), month) + sparse.kron(sparse.eye(months, k=-1), carry)
    if not place.strategic.size:
        return sparse.csc_matrix(body)
    number = np.arange(place.strategic.size)
    tally = sparse.csc_matrix(
        (np.ones(number.size), (number, place.release_at + number)), shape=(number.size, place.columns)
    )
    return sparse.csc_matrix(sparse.vstack([body, sparse.kron(np.ones((1, months)), tally)]))


def month_columns(
    place: Layout, values: Floats, costs: Floats, holding: float, discount: Floats
) -> NDArray[np.float64]:
    """Objective per column [k€/t], months after each other; values [N, J], costs [A], holding [k€/t per month]."""
    one = np.concatenate([costs, values.ravel(), np.full(place.holding.size, holding), np.zeros(place.strategic.size)])
    return np.asarray((discount[:, None] * one[None, :]).ravel(), np.float64)
