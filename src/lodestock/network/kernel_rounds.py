"""Rounds of offers for a block of scenarios: the work space of a thread and the rationing of one stage (MODEL §5.3)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lodestock.network.kernel_types import DUST, Chain, Floats, Ints
from lodestock.network.lanes import LANES, accept_arcs, first_accepts, first_offers, offer_arcs


class Scratch(NamedTuple):
    """Work space of one thread; the last axis is the lane."""

    left: Floats
    able: Floats
    strong: Floats
    plan: Floats
    want: Floats
    use: Floats
    extra: Floats
    stock: Floats
    strategic: Floats
    short: Floats
    run: Floats
    lost: Floats
    feed: Floats
    supply: Floats
    demand: Floats
    sold: Floats
    spare: Floats
    offered: Floats
    rest: Floats
    scale: Floats
    row: Floats
    line: Floats
    offers: NDArray[np.bool_]
    open: NDArray[np.bool_]
    arcs: Ints
    span: Ints


@njit(cache=True, error_model="numpy", inline="always")
def scratch(arcs: int, cells: int, n: int, rows: int) -> Scratch:
    return Scratch(
        np.empty((arcs, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((cells, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((n, LANES)),
        np.empty((rows + 1, LANES)),
        np.empty((8, LANES)),
        np.empty(n, np.bool_),
        np.empty(n, np.bool_),
        np.empty(arcs, np.int64),
        np.empty(n + 1, np.int64),
    )


@njit(cache=True, error_model="numpy", forceinline=True)
def _first_offers(ptr: Ints, dest: Ints, share: Floats, left: Floats, w: Scratch) -> None:
    """Round 1: planned supply by base trade shares, clipped by the arc limits."""
    w.offers[:] = True
    w.open[:] = True
    for i in range(ptr.size - 1):
        first_offers(ptr[i], ptr[i + 1], dest, share, left, w.supply, w.offered, i)


@njit(cache=True, error_model="numpy", forceinline=True)
def _next_offers(ptr: Ints, dest: Ints, left: Floats, w: Scratch) -> None:
    """Rounds 2 and on: residual supply in proportion to residual arc limit times residual demand.

    `w.arcs` lists the arcs that still matter in any lane, those of origin i at span[i]:span[i + 1].
    """
    count = 0
    for i in range(ptr.size - 1):
        w.span[i] = count
        if w.offers[i]:
            for a in range(ptr[i], ptr[i + 1]):
                if w.open[dest[a]]:
                    w.arcs[count] = a
                    count += 1
            if count > w.span[i]:
                offer_arcs(w.arcs, w.span[i], count, dest, left, w.demand, w.supply, w.scale, w.offered, i)
    w.span[ptr.size - 1] = count


@njit(cache=True, error_model="numpy", forceinline=True)
def _accept(ptr: Ints, dest: Ints, share: Floats, first: bool, want: Floats, left: Floats, w: Scratch) -> None:
    """Takes up offers as far as demand goes; origins and destinations without an offer in any lane are passed over.

    Offers are worked out again rather than kept: a second pass over them would cost more than the arithmetic.
    """
    for j in range(ptr.size - 1):
        if w.open[j]:
            for z in range(LANES):
                part = w.demand[j, z] / w.offered[j, z]
                rest = w.demand[j, z] - min(w.demand[j, z], w.offered[j, z])
                w.offered[j, z] = min(1.0, part) if w.offered[j, z] > 0.0 else 0.0
                w.rest[j, z] = rest if rest > DUST * want[j, z] else 0.0
    for i in range(ptr.size - 1):
        if first:
            first_accepts(ptr[i], ptr[i + 1], dest, share, left, w.supply, w.offered, w.sold, i)
        elif w.span[i + 1] > w.span[i]:
            accept_arcs(w.arcs, w.span[i], w.span[i + 1], dest, left, w.demand, w.offered, w.scale, w.sold, i)
    for j in range(ptr.size - 1):
        if w.open[j]:
            w.demand[j, :] = w.rest[j]


@njit(cache=True, error_model="numpy", forceinline=True)
def _remaining(w: Scratch) -> bool:
    """Residual supply, and which origins and destinations still matter; False when no lane has both sides left."""
    some, more = w.line[2], w.line[3]
    some[:] = 0.0
    more[:] = 0.0
    for i in range(w.offers.size):
        if w.offers[i]:
            for z in range(LANES):
                rest = w.spare[i, z] - w.sold[i, z]
                w.supply[i, z] = rest if rest > DUST * w.spare[i, z] else 0.0
            for z in range(LANES):
                some[z] += w.supply[i, z]
        if w.open[i]:
            for z in range(LANES):
                more[z] += w.demand[i, z]
    any_left = False
    for z in range(LANES):
        any_left = any_left or (some[z] > 0.0 and more[z] > 0.0)
    if any_left:
        for i in range(w.offers.size):
            supply = demand = 0.0
            for z in range(LANES):
                supply += w.supply[i, z] * more[z]
                demand += w.demand[i, z] * some[z]
            w.offers[i] = w.offers[i] and supply > 0.0
            w.open[i] = w.open[i] and demand > 0.0
    return any_left


@njit(cache=True, error_model="numpy")
def ration_block(ch: Chain, k: int, rounds: int, w: Scratch) -> None:
    """Ships stage k for every lane; `w.demand` keeps what was not met and `w.sold` what each origin shipped."""
    n = ch.countries
    ptr, want = ch.ptr[k * n : (k + 1) * n + 1], w.want[k * n : (k + 1) * n]
    w.demand[:] = want
    w.sold[:] = 0.0
    for turn in range(rounds):
        w.offered[:] = 0.0
        if turn == 0:
            _first_offers(ptr, ch.dest, ch.share, w.left, w)
        else:
            _next_offers(ptr, ch.dest, w.left, w)
        _accept(ptr, ch.dest, ch.share, turn == 0, want, w.left, w)
        if turn + 1 < rounds and not _remaining(w):
            break
