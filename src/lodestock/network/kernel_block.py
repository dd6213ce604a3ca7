"""The market rule for many scenarios at once: the same arithmetic as `kernel_plain`, in blocks of lanes (MODEL §9).

Every row holds one quantity of `LANES` scenarios, and each arithmetic sign works on the whole row. No lane ever reads
another lane: results do not depend on blocks or threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from lodestock.compiled import kernel
from lodestock.network.kernel_rounds import Scratch, growth, limit, ration_block, scratch, scratch_rows
from lodestock.network.kernel_types import DUST, FULL, REST, Arrivals, Chain, Floats, Ints, State
from lodestock.network.lanes import (
    LANES,
    Lanes,
    bare,
    choose,
    fetch,
    gather,
    gather_tile,
    lane,
    least,
    most,
    scatter,
    scatter_tile,
    some,
    spread,
)

_LINE = 8  # numbers of one cache line


class Given(NamedTuple):
    """What one month brings.

    active [active_count]: scenarios to compute; rows [row_count, scenarios]: values of the disturbed quantities;
    recycled [K·C] [t/mo]; ends [K·C], last: clamps of the counters (`short_limit`, `since_limit`);
    out [S, K·C] [t/mo]: shortage, filled.
    """

    active: Ints
    active_count: int
    rows: Floats
    row_count: int
    scenarios: int
    recycled: Floats
    ends: Floats
    last: float
    out: Floats


def work_space(chain: Chain, rows: int, parts: int) -> Floats:
    """Room for `run_month` to work in [parts, rows of lanes, LANES], with `rows` disturbed quantities."""
    height = scratch_rows(chain.dest.size, chain.capacity.size, chain.countries, rows)
    return np.empty((parts, height, LANES))


@kernel(error_model="numpy")
def _limits(ch: Chain, to: Arrivals, w: Scratch) -> None:
    """Capacity available, and what of it can leave: routes are only added up where they may carry less."""
    for k in range(ch.stages):
        phase = growth(to, k, w.since[0])
        for c in range(k * ch.countries, (k + 1) * ch.countries):
            able, r = spread(ch.capacity[c]), ch.capacity_row[c]
            if r >= 0:
                able = able * w.row[r]
            w.able[c] = able
            if some(able > to.surely[c]):
                total = spread(0.0)
                for a in range(ch.ptr[c], ch.ptr[c + 1]):
                    total += limit(ch, a, phase, w)
                able = least(able, total)
            w.strong[c] = able


@kernel(error_model="numpy")
def _needs(ch: Chain, recycled: Floats, w: Scratch) -> None:
    """Final use after substitution, and what reaches each cell from outside the network."""
    for c in range(ch.stages * ch.countries):
        use, r = ch.use[c], ch.release_row[c]
        w.use[c] = (1.0 - least(w.short[c] * ch.slope[c] / 12.0, ch.ceiling[c])) * use
        w.extra[c] = w.row[r] + recycled[c] if r >= 0 else spread(recycled[c])


@kernel(error_model="numpy")
def _plan(ch: Chain, w: Scratch) -> None:
    """Planned output and orders by cell, from the last stage back to the first (see `kernel_plain._plan`)."""
    n, none = ch.countries, spread(0.0)
    for k in range(ch.stages - 1, -1, -1):
        orders = refill = base = top = none
        for c in range(k * n, (k + 1) * n):
            feed = w.plan[c + n] * ch.theta[k] if k < ch.stages - 1 else none
            over, strong = w.stock[c] - ch.target[c], w.strong[c]
            want = most(w.use[c] + feed - w.extra[c] - most(over, 0.0), 0.0)
            w.feed[c] = feed
            w.want[c] = want
            orders += want
            refill += least(most(0.0 - over, 0.0), ch.restock * ch.target[c])
            top += strong
            base += least(strong, ch.made[c])
        scale = choose(refill > 0.0, least(most(top - orders, 0.0) / refill, 1.0), 0.0)
        gap = orders + refill * scale - base
        called = choose(top > base, least(most(gap, 0.0) / (top - base), 1.0), 0.0)
        for c in range(k * n, (k + 1) * n):
            lack = most(ch.target[c] - w.stock[c], 0.0)
            w.want[c] = w.want[c] + scale * least(lack, ch.restock * ch.target[c])
            strong = w.strong[c]
            low = least(strong, ch.made[c])
            w.plan[c] = low + (strong - low) * called


@kernel(error_model="numpy")
def _supply(ch: Chain, k: int, w: Scratch) -> None:
    """What stage k can offer: the plan first, then everything that capacity and input allow."""
    n = ch.countries
    for i in range(n):
        c = k * n + i
        spare, supply = w.able[c], w.plan[c]
        if k > 0:
            spare = least(spare, w.stock[c - n] / ch.theta[k - 1])
            supply = least(supply, w.feed[c - n] / ch.theta[k - 1])
        w.spare[i] = spare
        w.supply[i] = least(supply, spare)


@kernel(error_model="numpy")
def _release(ch: Chain, c: int, w: Scratch) -> None:
    """Strategic release of one cell, once the shortfall has lasted for the activation lag."""
    act, need = ch.activation[c], w.use[c] + w.feed[c]
    lack, run = need - w.stock[c], w.run[c]
    short = lack > need * DUST
    freed = choose(short & (run >= act), least(w.strategic[c], lack * ch.cover[c]), 0.0)
    w.strategic[c] = w.strategic[c] - freed
    w.stock[c] = w.stock[c] + freed
    w.run[c] = choose(short, least(run + 1.0, act), 0.0)


@kernel(error_model="numpy")
def _deliver(ch: Chain, k: int, w: Scratch) -> None:
    """Stage k after shipping (see `kernel_plain._deliver`); `w.feed` becomes what conversion was given."""
    for j in range(ch.countries):
        c = k * ch.countries + j
        use, feed = w.use[c], w.feed[c]
        w.stock[c] = w.stock[c] + (w.extra[c] + (w.want[c] - w.demand[j]))
        if ch.cover[c] > 0.0:
            _release(ch, c, w)
        need, stock = use + feed, w.stock[c]
        served = choose(need > 0.0, least(stock / need, 1.0), 1.0)
        short = use * (1.0 - served)
        lost = choose(short > use * DUST, short, 0.0)
        w.lost[c] = lost
        w.stock[c] = most(stock - (use - lost), 0.0)
        w.feed[c] = feed * served


@kernel(error_model="numpy")
def _block(ch: Chain, to: Arrivals, rounds: int, recycled: Floats, w: Scratch) -> None:
    """One month for one block of lanes; state in `w` is changed and `w.lost` is filled."""
    n = ch.countries
    _limits(ch, to, w)
    _needs(ch, recycled, w)
    _plan(ch, w)
    for k in range(ch.stages):
        _supply(ch, k, w)
        ration_block(to, k, n, rounds, w)
        if k > 0:
            for i in range(n):
                c = (k - 1) * n + i
                w.stock[c] = most(w.stock[c] - w.sold[i] * ch.theta[k - 1], 0.0)
        _deliver(ch, k, w)


@kernel(error_model="numpy")
def _gather(ch: Chain, given: Given, state: State, w: Scratch) -> None:
    """The state of the block's scenarios and what happens to them."""
    w.since[0] = gather(state.since, w.lanes, 0)
    for r in range(given.row_count):
        w.row[r] = gather(given.rows, w.lanes, r * given.scenarios)
    cells = ch.stages * ch.countries
    whole = cells // LANES * LANES
    for c in range(0, whole, LANES):
        gather_tile(state.stock, w.starts, c, w.stock)
        gather_tile(state.short, w.starts, c, w.short)
    for c in range(whole, cells):
        w.stock[c] = gather(state.stock, w.starts, c)
        w.short[c] = gather(state.short, w.starts, c)
    for c in range(cells):
        w.before[c] = w.stock[c]
        if ch.cover[c] > 0.0:
            w.strategic[c] = gather(state.strategic, w.starts, c)
            w.run[c] = gather(state.run, w.starts, c)


@kernel(error_model="numpy")
def _scatter(ch: Chain, given: Given, state: State, w: Scratch) -> Lanes:
    """Writes the block back; 1 in every lane where a further month with the same inputs would change something."""
    hit = spread(0.0) > 0.0
    for r in range(given.row_count):
        if ch.disturbs[r]:
            hit |= w.row[r] < 1.0
    before = w.since[0]
    since = choose(hit, least(before + 1.0, given.last), before)
    moved = since != before
    scatter(state.since, w.lanes, 0, since)
    lacking = lost = spread(0.0)
    cells = ch.stages * ch.countries
    whole = cells // LANES * LANES
    for c in range(cells):
        now, old, short = w.stock[c], w.before[c], w.short[c]
        lacking += choose(now < FULL * ch.target[c], 1.0, 0.0)
        lost = most(lost, w.lost[c])
        more = (w.lost[c] > 0.0) & (given.ends[c] > short)
        w.short[c] = short + choose(more, 1.0, 0.0)
        moved |= more | (most(now - old, old - now) > REST * (ch.target[c] + ch.use[c] + ch.made[c]))
        if ch.cover[c] > 0.0:
            moved |= w.strategic[c] != gather(state.strategic, w.starts, c)
            moved |= w.run[c] != gather(state.run, w.starts, c)
            scatter(state.strategic, w.starts, c, w.strategic[c])
            scatter(state.run, w.starts, c, w.run[c])
    scatter(state.lacking, w.lanes, 0, lacking)
    scatter(state.lost, w.lanes, 0, choose(lost > 0.0, 1.0, 0.0))
    for c in range(0, whole, LANES):
        scatter_tile(state.stock, w.starts, c, w.stock)
        scatter_tile(state.short, w.starts, c, w.short)
        scatter_tile(given.out, w.starts, c, w.lost)
    for c in range(whole, cells):
        scatter(state.stock, w.starts, c, w.stock[c])
        scatter(state.short, w.starts, c, w.short[c])
        scatter(given.out, w.starts, c, w.lost[c])
    return choose(moved, 1.0, 0.0)


@kernel(error_model="numpy")
def _fetch(ch: Chain, given: Given, state: State, first: int) -> None:
    """Brings the next block's scenarios near while this one is worked on."""
    cells = ch.stages * ch.countries
    for n in range(first, min(first + LANES, given.active_count)):
        start = given.active[n] * cells
        for c in range(start, start + cells, _LINE):
            fetch(state.stock, c)
            fetch(state.short, c)
            fetch(given.out, c)


@kernel(error_model="numpy")
def _share(
    chain: Chain,
    routes: Arrivals,
    given: Given,
    state: State,
    rounds: int,
    rest: NDArray[np.bool_],
    space: Floats,
    part: int,
) -> None:
    """Every block of one part."""
    size, cells, parts = given.active.size, chain.capacity.size, space.shape[0]
    ch, to, now, held = bare(chain), bare(routes), bare(given), bare(state)
    w = scratch(space[part], chain.dest.size, cells, chain.countries, given.row_count)
    for b in range(part, (size + LANES - 1) // LANES, parts):
        for z in range(LANES):  # the last block is filled up with its last scenario
            w.lanes[z] = now.active[min(b * LANES + z, size - 1)]
            w.starts[z] = w.lanes[z] * cells
        _fetch(ch, now, held, (b + parts) * LANES)
        _gather(ch, now, held, w)
        _block(ch, to, rounds, now.recycled, w)
        moved = _scatter(ch, now, held, w)
        for z in range(LANES):
            rest[w.lanes[z]] = lane(moved, z) == 0.0


@kernel(error_model="numpy", parallel=True)
def run_month(
    chain: Chain, routes: Arrivals, given: Given, state: State, rounds: int, rest: NDArray[np.bool_], space: Floats
) -> None:
    """One month for the scenarios in `given.active`; state, `rest` [S] and `given.out` are changed in place.

    space: from `work_space`; blocks are dealt out to its parts in turn.
    """
    for part in prange(space.shape[0]):
        _share(chain, routes, given, state, rounds, rest, space, part)


@kernel(error_model="numpy", parallel=True)
def pattern(ch: Chain, rows: Floats, before: Floats, rest: NDArray[np.bool_], lacking: Floats) -> Ints:
    """Which scenarios must be computed this month: −1 for none, else a number that is near for like disturbances.

    A scenario at rest whose inputs are those of the month before repeats that month exactly (MODEL §9: event gating).
    rows, before [R, S]; lacking [S]: cells whose stock is below target, which tells how many routes will matter.
    """
    key = np.empty(rest.size, np.int64)
    for s in prange(rest.size):
        same, code = rest[s], 0
        for r in range(rows.shape[0]):
            same = same and rows[r, s] == before[r, s]
            if rows[r, s] < 1.0 and ch.disturbs[r]:
                code |= 1 << (r % 48)
        key[s] = -1 if same else code * 4096 + min(int(lacking[s]), 4095)
    return key


@kernel(error_model="numpy", parallel=True)
def add_up(out: Floats, some_lost: Floats, total: Floats) -> None:
    """Adds the month's shortage `out` [S, N] to `total` for the scenarios that have any, `some_lost` [S]."""
    for s in prange(some_lost.size):
        if some_lost[s] > 0.0:
            for c in range(out.shape[1]):
                total[s, c] += out[s, c]
