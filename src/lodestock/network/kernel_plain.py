"""The market rule written out plainly, one scenario and one month at a time (MODEL §5.3).

This is the reference: `kernel_block` gives the same numbers faster, and tests and the benchmark compare the two.
"""

from __future__ import annotations

import numpy as np
from numba import prange

from lodestock.compiled import kernel
from lodestock.network.kernel_types import DUST, Chain, Floats, Ints


@kernel(error_model="numpy")
def ration(
    ptr: Ints,
    dest: Ints,
    share: Floats,
    planned: Floats,
    spare: Floats,
    want: Floats,
    left: Floats,
    rounds: int,
    flow: Floats,
) -> None:
    """Who gets what of one stage, in `rounds` rounds of irrevocable offers (MODEL §5.3).

    planned [C]: supply offered by base trade shares in round 1; spare [C]: all that can be supplied, from round 2 on.
    want [C]: demand; left [A]: arc limits, reduced by what was shipped; flow [A]: shipped, filled here. All [t/mo].
    """
    n = planned.size
    supply, demand = planned.copy(), want.copy()
    sold, offered, offer = np.zeros(n), np.zeros(n), np.zeros(flow.size)
    flow[:] = 0.0
    for turn in range(rounds):
        offered[:] = 0.0
        for i in range(n):
            scale = 0.0
            if turn > 0:
                weight = 0.0
                for a in range(ptr[i], ptr[i + 1]):
                    weight += left[a] * demand[dest[a]]
                if weight > 0.0:
                    scale = supply[i] / weight
            for a in range(ptr[i], ptr[i + 1]):
                if turn == 0:
                    offer[a] = min(supply[i] * share[a], left[a])
                else:
                    offer[a] = left[a] * min(1.0, demand[dest[a]] * scale)
                offered[dest[a]] += offer[a]
        for i in range(n):
            for a in range(ptr[i], ptr[i + 1]):
                j = dest[a]
                if offered[j] > 0.0:
                    accepted = offer[a] * min(1.0, demand[j] / offered[j])
                    flow[a] += accepted
                    left[a] -= accepted
                    sold[i] += accepted
        for j in range(n):
            rest = demand[j] - min(demand[j], offered[j])
            demand[j] = rest if rest > DUST * want[j] else 0.0
            rest = spare[j] - sold[j]
            supply[j] = rest if rest > DUST * spare[j] else 0.0


@kernel(error_model="numpy")
def limits(ch: Chain, row: Floats, since: float, left: Floats, able: Floats, strong: Floats) -> None:
    """Arc limits `left` [A], capacity available `able` [K·C] and what of it can leave `strong` [K·C], all [t/mo]."""
    for c in range(able.size):
        able[c] = ch.capacity[c]
        if ch.capacity_row[c] >= 0:
            able[c] *= row[ch.capacity_row[c]]
        total = 0.0
        for a in range(ch.ptr[c], ch.ptr[c + 1]):
            top = max(ch.reach[a], min(ch.ramp_max[a], ch.base[a] + ch.ramp[a] * max(0.0, since - ch.lag[a])))
            if ch.limit_row[a] >= 0:
                top = min(top, row[ch.limit_row[a]] * ch.licensed[a])
            left[a] = top
            total += top
        strong[c] = min(able[c], total)


@kernel(error_model="numpy")
def _plan(
    ch: Chain, row: Floats, extra: Floats, stock: Floats, use: Floats, strong: Floats, plan: Floats, want: Floats
) -> None:
    """Planned output `plan` and orders `want` by cell [t/mo], from the last stage back to the first.

    Restocking is asked for only as far as the world has capacity left after use; when orders exceed base output,
    spare capacity is called in the same proportion everywhere.
    """
    n = ch.countries
    for k in range(ch.stages - 1, -1, -1):
        orders = refill = base = top = 0.0
        for j in range(n):
            c = k * n + j
            need = use[c]
            if k < ch.stages - 1:
                need += ch.theta[k] * plan[c + n]
            over = stock[c] - ch.target[c]
            want[c] = max(0.0, need - extra[c] - max(over, 0.0))
            orders += want[c]
            refill += min(max(-over, 0.0), ch.restock * ch.target[c])
            top += strong[c]
            base += min(ch.made[c], strong[c])
        scale = min(1.0, max(0.0, top - orders) / refill) if refill > 0.0 else 0.0
        gap = orders + refill * scale - base
        called = min(1.0, max(0.0, gap) / (top - base)) if top > base else 0.0
        for j in range(n):
            c = k * n + j
            want[c] += scale * min(max(ch.target[c] - stock[c], 0.0), ch.restock * ch.target[c])
            low = min(ch.made[c], strong[c])
            plan[c] = low + (strong[c] - low) * called


@kernel(error_model="numpy")
def _deliver(
    ch: Chain, k: int, flow: Floats, extra: Floats, use: Floats, plan: Floats, state: Floats, freed: Floats, out: Floats
) -> None:
    """Stage k after shipping: stocks and releases fill what is lacking, final use and conversion share the rest.

    state rows: stock, strategic stock, months short, months short in a row. `freed` receives the strategic release;
    `out` rows: shortage, what conversion may plan with, what is left after final use [t].
    """
    n = ch.countries
    for j in range(n):
        state[0, k * n + j] += extra[k * n + j]
    for i in range(n):
        for a in range(ch.ptr[k * n + i], ch.ptr[k * n + i + 1]):
            state[0, k * n + ch.dest[a]] += flow[a]
    for j in range(n):
        c = k * n + j
        feed = ch.theta[k] * plan[c + n] if k < ch.stages - 1 else 0.0
        need = use[c] + feed
        lack = need - state[0, c]
        freed[c] = 0.0
        if lack > DUST * need:
            if state[3, c] >= ch.activation[c]:
                freed[c] = min(state[1, c], ch.cover[c] * lack)
                state[1, c] -= freed[c]
                state[0, c] += freed[c]
            state[3, c] += 1.0
        else:
            state[3, c] = 0.0
        served = min(1.0, state[0, c] / need) if need > 0.0 else 1.0
        short = use[c] * (1.0 - served)
        out[0, c] = short if short > DUST * use[c] else 0.0
        if out[0, c] > 0.0:
            state[2, c] += 1.0
        state[0, c] = max(0.0, state[0, c] - (use[c] - out[0, c]))
        out[1, c] = feed * served
        out[2, c] = state[0, c]


@kernel(error_model="numpy")
def month(
    ch: Chain,
    row: Floats,
    recycled: Floats,
    rounds: int,
    state: Floats,
    since: float,
    flow: Floats,
    freed: Floats,
    out: Floats,
) -> None:
    """One month of one scenario; `state` [4, K·C] is changed, `flow` [A] and `out` [3, K·C] are filled [t]."""
    n, cells = ch.countries, ch.capacity.size
    left, able, strong = np.empty(flow.size), np.empty(cells), np.empty(cells)
    plan, want, use, extra = np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells)
    limits(ch, row, since, left, able, strong)
    for c in range(cells):
        use[c] = ch.use[c] * (1.0 - min(ch.ceiling[c], ch.slope[c] * state[2, c] / 12.0))
        extra[c] = recycled[c]
        if ch.release_row[c] >= 0:
            extra[c] += row[ch.release_row[c]]
    _plan(ch, row, extra, state[0], use, strong, plan, want)
    planned, spare = np.empty(n), np.empty(n)
    for k in range(ch.stages):
        for i in range(n):
            c = k * n + i
            planned[i] = plan[c]
            spare[i] = able[c]
            if k > 0:
                planned[i] = min(planned[i], out[1, c - n] / ch.theta[k - 1])
                spare[i] = min(spare[i], out[2, c - n] / ch.theta[k - 1])
            planned[i] = min(planned[i], spare[i])
        first, last = ch.ptr[k * n], ch.ptr[(k + 1) * n]
        local = ch.ptr[k * n : (k + 1) * n + 1] - first
        ration(
            local,
            ch.dest[first:last],
            ch.share[first:last],
            planned,
            spare,
            want[k * n : (k + 1) * n],
            left[first:last],
            rounds,
            flow[first:last],
        )
        if k > 0:
            for i in range(n):
                made = flow[ch.ptr[k * n + i] : ch.ptr[k * n + i + 1]].sum()
                state[0, (k - 1) * n + i] = max(0.0, state[0, (k - 1) * n + i] - ch.theta[k - 1] * made)
        _deliver(ch, k, flow, extra, use, plan, state, freed, out)


@kernel(error_model="numpy")
def is_disturbed(ch: Chain, row: Floats) -> bool:
    """Whether any row that can disturb stands below 1."""
    hit = False
    for r in range(row.size):
        hit = hit or (ch.disturbs[r] and row[r] < 1.0)
    return hit


@kernel(error_model="numpy", parallel=True)
def run_plain(ch: Chain, rows: Floats, recycled: Floats, rounds: int, start: Floats, out: Floats) -> None:
    """Shortage of every month, cell and scenario: a plain loop over scenarios, every month computed.

    rows [T, R, S]; recycled [T, K·C] [t/mo]; start [4, K·C]; out [T, K·C, S] [t/mo], filled here.
    """
    months, _, scenarios = rows.shape
    for s in prange(scenarios):
        state, since = start.copy(), 0.0
        flow, freed, result = np.empty(ch.dest.size), np.empty(start.shape[1]), np.empty((3, start.shape[1]))
        for t in range(months):
            row = rows[t, :, s].copy()
            month(ch, row, recycled[t], rounds, state, since, flow, freed, result)
            if is_disturbed(ch, row):
                since += 1.0
            out[t, :, s] = result[0]
