"""Rounds of offers for a block of scenarios: the work space of a thread and the rationing of one stage (MODEL §5.3).

Routes are taken by country of arrival: what a country is offered, what it takes up and what that leaves of each route
is settled while its few routes are still near, and a country without unmet demand is passed over.
"""

from __future__ import annotations

from typing import NamedTuple

from lodestock.compiled import kernel
from lodestock.network.kernel_types import DUST, Arrivals, Chain, Floats, Ints
from lodestock.network.lanes import LANES, Lanes, Rows, choose, lane, least, most, rows_of, some, spread, whole_numbers

_BY_CELL, _BY_COUNTRY = 13, 5
_ASLEEP, _GROWING, _GROWN = 0, 1, 2  # routes carry what they do at once, become able to carry more, carry their most


class Scratch(NamedTuple):
    """Work space of one thread: rows by route, by cell, by country and by disturbed quantity, then whole numbers."""

    left: Rows
    able: Rows
    strong: Rows
    plan: Rows
    want: Rows
    use: Rows
    extra: Rows
    stock: Rows
    before: Rows
    strategic: Rows
    short: Rows
    run: Rows
    lost: Rows
    feed: Rows
    supply: Rows
    spare: Rows
    demand: Rows
    sold: Rows
    scale: Rows
    row: Rows
    since: Rows
    users: Ints
    span: Ints
    routes: Ints
    lanes: Ints
    starts: Ints


@kernel()
def _lines(numbers: int) -> int:
    return (numbers + LANES - 1) // LANES


@kernel()
def _numbers_from(arcs: int, cells: int, n: int, rows: int) -> int:
    """Where the whole numbers of the work space begin."""
    return arcs + _BY_CELL * cells + _BY_COUNTRY * n + rows + 1


def scratch_rows(arcs: int, cells: int, n: int, rows: int) -> int:
    """How many rows of lanes the work space of one thread takes."""
    whole: int = _numbers_from(arcs, cells, n, rows) + 2 * _lines(n + 1) + _lines(arcs) + 2
    return whole


@kernel(error_model="numpy", inline="always")
def scratch(space: Floats, arcs: int, cells: int, n: int, rows: int) -> Scratch:
    """Shares out `space` [scratch_rows(…), LANES], which must outlive the work space."""
    c, m, t = arcs, arcs + _BY_CELL * cells, _numbers_from(arcs, cells, n, rows)
    return Scratch(
        rows_of(space, 0),
        rows_of(space, c),
        rows_of(space, c + cells),
        rows_of(space, c + 2 * cells),
        rows_of(space, c + 3 * cells),
        rows_of(space, c + 4 * cells),
        rows_of(space, c + 5 * cells),
        rows_of(space, c + 6 * cells),
        rows_of(space, c + 7 * cells),
        rows_of(space, c + 8 * cells),
        rows_of(space, c + 9 * cells),
        rows_of(space, c + 10 * cells),
        rows_of(space, c + 11 * cells),
        rows_of(space, c + 12 * cells),
        rows_of(space, m),
        rows_of(space, m + n),
        rows_of(space, m + 2 * n),
        rows_of(space, m + 3 * n),
        rows_of(space, m + 4 * n),
        rows_of(space, m + 5 * n),
        rows_of(space, m + 5 * n + rows),
        whole_numbers(space, t),
        whole_numbers(space, t + _lines(n + 1)),
        whole_numbers(space, t + 2 * _lines(n + 1)),
        whole_numbers(space, t + 2 * _lines(n + 1) + _lines(arcs)),
        whole_numbers(space, t + 2 * _lines(n + 1) + _lines(arcs) + 1),
    )


@kernel(error_model="numpy", forceinline=True)
def _taken(demand: Lanes, offered: Lanes) -> Lanes:
    """The share of its offers that a country takes up."""
    return choose(offered > 0.0, least(demand / offered, 1.0), 0.0)


@kernel(error_model="numpy", forceinline=True)
def _unmet(demand: Lanes, offered: Lanes, want: Lanes) -> Lanes:
    """Demand that the offers leave, without rounding dust."""
    rest = demand - least(demand, offered)
    return choose(rest > want * DUST, rest, 0.0)


@kernel(error_model="numpy", forceinline=True)
def growth(to: Arrivals, k: int, since: Lanes) -> int:
    """What can be said of every route of stage k in every lane after `since` disturbed months."""
    lowest = highest = lane(since, 0)
    for z in range(1, LANES):
        lowest, highest = min(lowest, lane(since, z)), max(highest, lane(since, z))
    if highest <= to.asleep[k]:
        return _ASLEEP
    return _GROWN if lowest >= to.grown[k] else _GROWING


@kernel(error_model="numpy", forceinline=True)
def limit(of: Arrivals | Chain, a: int, phase: int, w: Scratch) -> Lanes:
    """What route a carries in a month; `phase` is that of its stage by `growth`."""
    reach, r = of.reach[a], of.limit_row[a]
    left = spread(reach)
    if phase == _GROWING:
        gained = most(w.since[0] - of.lag[a], 0.0) * of.ramp[a]
        left = most(left, least(gained + of.base[a], of.ramp_max[a]))
    elif phase == _GROWN:
        left = spread(max(reach, of.ramp_max[a]) if of.ramp[a] > 0.0 else reach)
    return least(left, w.row[r] * of.licensed[a]) if r >= 0 else left


@kernel(error_model="numpy", forceinline=True)
def _first_round(to: Arrivals, first: int, n: int, phase: int, w: Scratch) -> None:
    """Planned supply by base trade shares, clipped by the route limits."""
    for j in range(n):
        start, end, want = to.ptr[first + j], to.ptr[first + j + 1], w.want[first + j]
        offered = spread(0.0)
        for a in range(start, end):
            left = limit(to, a, phase, w)
            w.left[a] = left
            offered += least(w.supply[to.origin[a]] * to.share[a], left)
        taken = _taken(want, offered)
        w.demand[j] = _unmet(want, offered, want)
        for a in range(start, end):
            i, left = to.origin[a], w.left[a]
            shipped = least(w.supply[i] * to.share[a], left) * taken
            w.left[a] = left - shipped
            w.sold[i] = w.sold[i] + shipped


@kernel(error_model="numpy", forceinline=True)
def _remaining(n: int, w: Scratch) -> int:
    """Residual supply, and `w.users`: whose demand could still be met in some lane; gives their number."""
    supplied = spread(0.0) > 0.0
    for i in range(n):
        spare = w.spare[i]
        rest = spare - w.sold[i]
        rest = choose(rest > spare * DUST, rest, 0.0)
        w.supply[i] = rest
        supplied |= rest > 0.0
    count = 0
    for j in range(n):
        w.users[count] = j
        count += 1 if some((w.demand[j] > 0.0) & supplied) else 0
    return count


@kernel(error_model="numpy", forceinline=True)
def _weigh(to: Arrivals, first: int, n: int, users: int, w: Scratch) -> int:
    """`w.scale`, by origin: residual supply per unit of residual limit times residual demand.

    `w.routes` lists the routes that count, those of user u at span[u]:span[u + 1]; gives how many there are.
    """
    for i in range(n):
        w.scale[i] = spread(0.0)
    count = 0
    for u in range(users):
        j = w.users[u]
        demand = w.demand[j]
        w.span[u] = count
        for a in range(to.ptr[first + j], to.ptr[first + j + 1]):
            i, weight = to.origin[a], w.left[a] * demand
            w.scale[i] = w.scale[i] + weight
            w.routes[count] = a
            count += 1 if some(weight > 0.0) else 0
    w.span[users] = count
    if count > 0:
        for i in range(n):
            weight = w.scale[i]
            w.scale[i] = choose(weight > 0.0, w.supply[i] / weight, 0.0)
    return count


@kernel(error_model="numpy", forceinline=True)
def _next_round(to: Arrivals, first: int, users: int, w: Scratch) -> None:
    """Residual supply in proportion to residual route limit times residual demand."""
    for u in range(users):
        start, end = w.span[u], w.span[u + 1]
        if start == end:
            continue
        j = w.users[u]
        demand, offered = w.demand[j], spread(0.0)
        for r in range(start, end):
            a = w.routes[r]
            offered += w.left[a] * least(demand * w.scale[to.origin[a]], 1.0)
        taken = _taken(demand, offered)
        w.demand[j] = _unmet(demand, offered, w.want[first + j])
        for r in range(start, end):
            a = w.routes[r]
            i, left = to.origin[a], w.left[a]
            shipped = left * least(demand * w.scale[i], 1.0) * taken
            w.left[a] = left - shipped
            w.sold[i] = w.sold[i] + shipped


@kernel(error_model="numpy")
def ration_block(to: Arrivals, k: int, n: int, rounds: int, w: Scratch) -> None:
    """Ships stage k for every lane; `w.demand` keeps what was not met and `w.sold` what each of n origins shipped."""
    for i in range(n):
        w.sold[i] = spread(0.0)
    _first_round(to, k * n, n, growth(to, k, w.since[0]), w)
    for _turn in range(1, rounds):
        users = _remaining(n, w)
        if users == 0 or _weigh(to, k * n, n, users, w) == 0:
            return
        _next_round(to, k * n, users, w)
