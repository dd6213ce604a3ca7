"""The market rule for many scenarios at once: the same arithmetic as `kernel_plain`, in blocks of lanes (MODEL §9).

Every array has the scenario as its last axis, so that the inner loops run over lanes and the processor works on
several scenarios per instruction. No lane ever reads another lane: results do not depend on blocks or threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from lodestock.network.kernel_rounds import Scratch, ration_block, scratch
from lodestock.network.kernel_types import DUST, REST, Chain, Floats, Ints, State
from lodestock.network.lanes import LANES, add_row, cap_arc, open_arc


@njit(cache=True, error_model="numpy")
def _limits(ch: Chain, w: Scratch) -> None:
    """Arc limits, capacity available and what of it can leave; `w.line[4]` holds the disturbed months so far."""
    total, latest = w.line[0], w.line[4].max()
    for c in range(ch.capacity.size):
        cap, r, fixed = ch.capacity[c], ch.capacity_row[c], 0.0
        for z in range(LANES):
            w.able[c, z] = cap * w.row[r, z] if r >= 0 else cap
            total[z] = 0.0
        for a in range(ch.ptr[c], ch.ptr[c + 1]):
            reach, most, ramp, lag, q = ch.reach[a], ch.ramp_max[a], ch.ramp[a], ch.lag[a], ch.limit_row[a]
            if q < 0 and min(most, ch.base[a] + ramp * max(0.0, latest - lag)) <= reach:
                fixed += reach
                w.left[a, :] = reach
                continue
            open_arc(w.left, a, w.line, 4, reach, most, ramp, lag, ch.base[a])
            if q >= 0:
                cap_arc(w.left, a, w.row, q, ch.licensed[a])
            add_row(w.line, 0, w.left, a)
        for z in range(LANES):
            w.strong[c, z] = min(w.able[c, z], total[z] + fixed)


@njit(cache=True, error_model="numpy", forceinline=True)
def _orders(ch: Chain, c: int, feeds: float, w: Scratch) -> None:
    """Orders of one cell for use and conversion, what it would restock, and what it can make; adds to the totals."""
    orders, refill, base, top = w.line[0], w.line[1], w.line[2], w.line[3]
    made, target, most = ch.made[c], ch.target[c], ch.restock * ch.target[c]
    nxt = c + ch.countries
    if feeds > 0.0:
        for z in range(LANES):
            w.feed[c, z] = feeds * w.plan[nxt, z]
    else:
        w.feed[c, :] = 0.0
    for z in range(LANES):
        over = max(w.stock[c, z] - target, 0.0)
        w.want[c, z] = max(0.0, w.use[c, z] + w.feed[c, z] - w.extra[c, z] - over)
    for z in range(LANES):
        orders[z] += w.want[c, z]
    for z in range(LANES):
        refill[z] += min(max(target - w.stock[c, z], 0.0), most)
    for z in range(LANES):
        top[z] += w.strong[c, z]
        base[z] += min(made, w.strong[c, z])


@njit(cache=True, error_model="numpy")
def _plan(ch: Chain, w: Scratch) -> None:
    """Planned output and orders by cell, from the last stage back to the first (see `kernel_plain._plan`)."""
    n = ch.countries
    orders, refill, base, top, scale, called = w.line[0], w.line[1], w.line[2], w.line[3], w.line[5], w.line[6]
    for k in range(ch.stages - 1, -1, -1):
        w.line[:4] = 0.0
        for c in range(k * n, (k + 1) * n):
            _orders(ch, c, ch.theta[k] if k < ch.stages - 1 else 0.0, w)
        for z in range(LANES):
            scale[z] = min(1.0, max(0.0, top[z] - orders[z]) / refill[z]) if refill[z] > 0.0 else 0.0
            gap = orders[z] + refill[z] * scale[z] - base[z]
            called[z] = min(1.0, max(0.0, gap) / (top[z] - base[z])) if top[z] > base[z] else 0.0
        for c in range(k * n, (k + 1) * n):
            made, target, most = ch.made[c], ch.target[c], ch.restock * ch.target[c]
            for z in range(LANES):
                w.want[c, z] += scale[z] * min(max(target - w.stock[c, z], 0.0), most)
            for z in range(LANES):
                low = min(made, w.strong[c, z])
                w.plan[c, z] = low + (w.strong[c, z] - low) * called[z]


@njit(cache=True, error_model="numpy")
def _supply(ch: Chain, k: int, w: Scratch) -> None:
    """What stage k can offer: the plan first, then everything that capacity and input allow."""
    n = ch.countries
    for i in range(n):
        c = k * n + i
        for z in range(LANES):
            w.spare[i, z] = w.able[c, z]
            w.supply[i, z] = w.plan[c, z]
        if k > 0:
            theta = ch.theta[k - 1]
            for z in range(LANES):
                w.spare[i, z] = min(w.spare[i, z], w.stock[c - n, z] / theta)
                w.supply[i, z] = min(w.supply[i, z], w.feed[c - n, z] / theta)
        for z in range(LANES):
            w.supply[i, z] = min(w.supply[i, z], w.spare[i, z])


@njit(cache=True, error_model="numpy", forceinline=True)
def _release(ch: Chain, c: int, w: Scratch) -> None:
    """Strategic release of one cell, once the shortfall has lasted for the activation lag."""
    act, cover = ch.activation[c], ch.cover[c]
    for z in range(LANES):
        need = w.use[c, z] + w.feed[c, z]
        lack = need - w.stock[c, z]
        if lack > DUST * need:
            if w.run[c, z] >= act:
                freed = min(w.strategic[c, z], cover * lack)
                w.strategic[c, z] -= freed
                w.stock[c, z] += freed
            w.run[c, z] = min(w.run[c, z] + 1.0, act)
        else:
            w.run[c, z] = 0.0


@njit(cache=True, error_model="numpy")
def _deliver(ch: Chain, k: int, w: Scratch) -> None:
    """Stage k after shipping (see `kernel_plain._deliver`); `w.feed` becomes what conversion was given."""
    served = w.line[0]
    for j in range(ch.countries):
        c = k * ch.countries + j
        for z in range(LANES):
            w.stock[c, z] += w.extra[c, z] + (w.want[c, z] - w.demand[j, z])
        if ch.cover[c] > 0.0:
            _release(ch, c, w)
        for z in range(LANES):
            need = w.use[c, z] + w.feed[c, z]
            part = w.stock[c, z] / need
            served[z] = min(1.0, part) if need > 0.0 else 1.0
        for z in range(LANES):
            short = w.use[c, z] * (1.0 - served[z])
            w.lost[c, z] = short if short > DUST * w.use[c, z] else 0.0
        for z in range(LANES):
            w.stock[c, z] = max(0.0, w.stock[c, z] - (w.use[c, z] - w.lost[c, z]))
        for z in range(LANES):
            w.feed[c, z] *= served[z]
        if ch.slope[c] > 0.0:
            for z in range(LANES):
                w.short[c, z] += 1.0 if w.lost[c, z] > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def _block(ch: Chain, rounds: int, recycled: Floats, w: Scratch) -> None:
    """One month for one block of lanes; state in `w` is changed and `w.lost` is filled."""
    n, cells = ch.countries, ch.capacity.size
    _limits(ch, w)
    for c in range(cells):
        use, slope, ceiling, r = ch.use[c], ch.slope[c], ch.ceiling[c], ch.release_row[c]
        w.use[c, :] = use
        w.extra[c, :] = recycled[c]
        if slope > 0.0:
            for z in range(LANES):
                w.use[c, z] = use * (1.0 - min(ceiling, slope * w.short[c, z] / 12.0))
        if r >= 0:
            for z in range(LANES):
                w.extra[c, z] += w.row[r, z]
    _plan(ch, w)
    for k in range(ch.stages):
        _supply(ch, k, w)
        ration_block(ch, k, rounds, w)
        if k > 0:
            for i in range(n):
                c = (k - 1) * n + i
                for z in range(LANES):
                    w.stock[c, z] = max(0.0, w.stock[c, z] - ch.theta[k - 1] * w.sold[i, z])
        _deliver(ch, k, w)


@njit(cache=True, error_model="numpy", forceinline=True)
def _gather(ch: Chain, lanes: Ints, rows: Floats, state: State, w: Scratch) -> None:
    for z in range(LANES):
        s = lanes[z]
        w.line[4, z] = state.since[s]
        for r in range(rows.shape[0]):
            w.row[r, z] = rows[r, s]
        for c in range(ch.capacity.size):
            w.stock[c, z] = state.stock[s, c]
            if ch.slope[c] > 0.0:
                w.short[c, z] = state.short[s, c]
            if ch.cover[c] > 0.0:
                w.strategic[c, z], w.run[c, z] = state.strategic[s, c], state.run[s, c]


@njit(cache=True, error_model="numpy", forceinline=True)
def _scatter(ch: Chain, s: int, z: int, state: State, ends: Floats, last: float, out: Floats, w: Scratch) -> bool:
    """Writes one lane back; says whether a further month with the same inputs would change nothing."""
    moved = hit = False
    for r in range(ch.disturbs.size):
        hit = hit or (ch.disturbs[r] and w.row[r, z] < 1.0)
    since = min(last, w.line[4, z] + 1.0) if hit else w.line[4, z]
    moved = since != state.since[s]
    state.since[s] = since
    for c in range(ch.capacity.size):
        stock = w.stock[c, z]
        moved = moved or abs(stock - state.stock[s, c]) > REST * (ch.target[c] + ch.use[c] + ch.made[c])
        state.stock[s, c] = stock
        out[s, c] = w.lost[c, z]
        if ch.slope[c] > 0.0:
            short = min(ends[c], w.short[c, z])
            moved = moved or short != state.short[s, c]
            state.short[s, c] = short
        if ch.cover[c] > 0.0:
            moved = moved or w.strategic[c, z] != state.strategic[s, c] or w.run[c, z] != state.run[s, c]
            state.strategic[s, c], state.run[s, c] = w.strategic[c, z], w.run[c, z]
    return not moved


@njit(cache=True, error_model="numpy", parallel=True)
def run_month(
    ch: Chain,
    active: Ints,
    rows: Floats,
    recycled: Floats,
    rounds: int,
    state: State,
    ends: Floats,
    last: float,
    rest: NDArray[np.bool_],
    out: Floats,
    chunks: int,
) -> None:
    """One month for the scenarios in `active` [n]; state, `rest` [S] and `out` [S, K·C] [t/mo] are changed in place.

    rows [R, S]; recycled [K·C] [t/mo]; ends [K·C], last: clamps of the counters (`short_limit`, `since_limit`).
    """
    blocks = (active.size + LANES - 1) // LANES
    for part in prange(chunks):
        w = scratch(ch.dest.size, ch.capacity.size, ch.countries, rows.shape[0])
        lanes = np.empty(LANES, np.int64)
        for b in range(part * blocks // chunks, (part + 1) * blocks // chunks):
            for z in range(LANES):  # the last block is filled up with its last scenario, which is not written back
                lanes[z] = active[min(b * LANES + z, active.size - 1)]
            _gather(ch, lanes, rows, state, w)
            _block(ch, rounds, recycled, w)
            for z in range(min(LANES, active.size - b * LANES)):
                rest[lanes[z]] = _scatter(ch, lanes[z], z, state, ends, last, out, w)


@njit(cache=True, error_model="numpy", parallel=True)
def pattern(ch: Chain, rows: Floats, before: Floats, rest: NDArray[np.bool_], out: Floats) -> Ints:
    """Which scenarios must be computed this month: −1 for none, else a number that is alike for like disturbances.

    A scenario at rest whose inputs are those of the month before repeats that month exactly (MODEL §9: event gating).
    rows, before [R, S]; out [S, K·C]: shortage of the month before [t/mo].
    """
    key = np.empty(rest.size, np.int64)
    for s in prange(rest.size):
        same, code = rest[s], 0
        for r in range(rows.shape[0]):
            same = same and rows[r, s] == before[r, s]
            if rows[r, s] < 1.0 and ch.disturbs[r]:
                code |= 1 << (r % 60)
        if same:
            key[s] = -1
        else:
            short = False
            for c in range(out.shape[1]):
                short = short or out[s, c] > 0.0
            key[s] = 2 * code + (1 if short else 0)
    return key
