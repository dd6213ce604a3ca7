"""Compiled loops of the ARIO model: one world over all steps, and a group of worlds as matrix products.

Orders are never held industry by industry. Industry f's orders of input s are split over the suppliers i of s by weight
p_i·Z[i, f], so O[i, f] = p_i · Z[i, f] · H[s(i), f] with H = (orders of s by f) / Σ_i p_i Z[i, f]. A step therefore
needs Z once: a block of it is used for what arrives (column sums), and while it is still in the cache for what is
ordered next (row sums). Industries are sorted by sector, so the suppliers of one input are neighbouring rows.

Who can make what is wanted has the weight 1, exactly. Where that goes for most suppliers of an input, the column sums
are those of the table plus what changed, and Z is only read for the row sums.

Every sum runs in an order that depends on the table only, never on the number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from lodestock.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Sums may be regrouped for vector instructions; nan and inf keep their meaning.
_REGROUP = {"reassoc", "nsz", "contract"}
# A block of Z that is read twice should stay in the second-level cache: 256 kB of float64.
_BLOCK_VALUES = 32768
# Up to one in so many suppliers of an input may have changed for its sums to be taken around those of the table.
_ONE_IN = 4


@kernel(nogil=True, fastmath=_REGROUP)
def _arrivals(z: Floats, i: int, j: int, start: int, stop: int, w: Floats, out: Floats) -> None:
    """out[f − start] = Σ_{i ≤ r < j} w[r] · z[r, f] for start ≤ f < stop; four rows at a time."""
    width = stop - start
    out[:width] = 0.0
    r = i
    while r + 4 <= j:
        z0, z1, z2, z3 = z[r, start:stop], z[r + 1, start:stop], z[r + 2, start:stop], z[r + 3, start:stop]
        a0, a1, a2, a3 = w[r], w[r + 1], w[r + 2], w[r + 3]
        for f in range(width):
            out[f] += a0 * z0[f] + a1 * z1[f] + a2 * z2[f] + a3 * z3[f]
        r += 4
    while r < j:
        z0, a0 = z[r, start:stop], w[r]
        for f in range(width):
            out[f] += a0 * z0[f]
        r += 1


@kernel(nogil=True, fastmath=_REGROUP)
def _arrivals_two(z: Floats, i: int, j: int, start: int, stop: int, w: Floats, v: Floats, out: Floats) -> None:
    """The same for two weights in one reading: w in the first half of out [2 · width], v in the second.

    One output array instead of two, because the compiler gives up on vector code when it has to rule out more overlaps.
    """
    width = stop - start
    out[: 2 * width] = 0.0
    r = i
    while r + 4 <= j:
        z0, z1, z2, z3 = z[r, start:stop], z[r + 1, start:stop], z[r + 2, start:stop], z[r + 3, start:stop]
        a0, a1, a2, a3 = w[r], w[r + 1], w[r + 2], w[r + 3]
        b0, b1, b2, b3 = v[r], v[r + 1], v[r + 2], v[r + 3]
        for f in range(width):
            c0, c1, c2, c3 = z0[f], z1[f], z2[f], z3[f]
            out[f] += a0 * c0 + a1 * c1 + a2 * c2 + a3 * c3
            out[width + f] += b0 * c0 + b1 * c1 + b2 * c2 + b3 * c3
        r += 4
    while r < j:
        z0, a0, b0 = z[r, start:stop], w[r], v[r]
        for f in range(width):
            out[f] += a0 * z0[f]
            out[width + f] += b0 * z0[f]
        r += 1


@kernel(nogil=True, fastmath=_REGROUP)
def _around_table(z: Floats, i: int, j: int, w: Floats, weight0: Floats, out: Floats) -> bool:
    """out[f] = Σ_{i ≤ r < j} w[r] · z[r, f] as weight0[f] + Σ (w[r] − 1) · z[r, f]; weight0 [N]: the sums of z.

    False, and out unfinished, where too many w differ from 1 or so much is taken off a sum that rounding would show.
    """
    n = z.shape[1]
    changed = 0
    for r in range(i, j):
        changed += w[r] != 1.0
    if _ONE_IN * changed > j - i:
        return False
    out[:] = weight0
    for r in range(i, j):
        if w[r] != 1.0:
            row, more = z[r], w[r] - 1.0
            for f in range(n):
                out[f] += more * row[f]
    short = 0
    for f in range(n):
        short += out[f] < 0.5 * weight0[f]
    return short == 0


@kernel(nogil=True, fastmath=_REGROUP)
def _row_sums(z: Floats, i: int, j: int, start: int, stop: int, h: Floats, out: Floats) -> None:
    """out[r] += Σ_{start ≤ f < stop} z[r, f] · h[f] for i ≤ r < j; four rows at a time."""
    width = stop - start
    factor = h[start:stop]
    r = i
    while r + 4 <= j:
        z0, z1, z2, z3 = z[r, start:stop], z[r + 1, start:stop], z[r + 2, start:stop], z[r + 3, start:stop]
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        for f in range(width):
            s0 += z0[f] * factor[f]
            s1 += z1[f] * factor[f]
            s2 += z2[f] * factor[f]
            s3 += z3[f] * factor[f]
        out[r] += s0
        out[r + 1] += s1
        out[r + 2] += s2
        out[r + 3] += s3
        r += 4
    while r < j:
        z0, total = z[r, start:stop], 0.0
        for f in range(width):
            total += z0[f] * factor[f]
        out[r] += total
        r += 1


@kernel(nogil=True, fastmath=_REGROUP)
def stock_and_orders(
    add: Floats, weight: Floats, coefficient: Floats, x: Floats, x_opt: Floats, stock: Floats, h: Floats,
    duration: float, restock: float,
) -> None:  # fmt: skip
    """One input s for many users f: update stock [f] and the order factor h [f] in place.

    add:    Σ_i p_i q_i Z[i, f] of the orders that were shipped; times the old h it is what arrived.
    weight: Σ_i p_i Z[i, f] for the orders to come.
    duration [steps]; infinite means that the input is never short and its stock is not followed.
    """
    n = x.shape[0]
    if duration < np.inf:
        for f in range(n):
            stock[f] = max(stock[f] + add[f] * h[f] - coefficient[f] * x[f], 0.0)
        for f in range(n):
            gap = max(duration * coefficient[f] * x_opt[f] - stock[f], 0.0)
            h[f] = restock * gap + coefficient[f] * x[f]
    else:
        for f in range(n):
            h[f] = coefficient[f] * x[f]
    for f in range(n):
        h[f] = h[f] / weight[f] if weight[f] > 0.0 else 0.0


@kernel(nogil=True, fastmath=_REGROUP)
def _sector(
    z: Floats, i: int, j: int, pq: Floats, p: Floats, weight0: Floats, coefficient: Floats, x: Floats, x_opt: Floats,
    stock: Floats, h: Floats, orders: Floats, duration: float, restock: float, by_capacity: bool,
) -> None:  # fmt: skip
    """One input sector in one step: rows i..j of z are its suppliers; stock, h [N] and orders change in place."""
    n = z.shape[1]
    sums = np.empty(2 * n)
    few = _around_table(z, i, j, pq, weight0, sums[:n])
    if few and by_capacity:
        few = _around_table(z, i, j, p, weight0, sums[n:])
    elif few:
        sums[n:] = weight0
    orders[i:j] = 0.0
    width = n if few else min(n, max(64, _BLOCK_VALUES // max(j - i, 1)))
    for start in range(0, n, width):
        stop = min(n, start + width)
        if few:
            pass
        elif by_capacity:
            _arrivals_two(z, i, j, start, stop, pq, p, sums)
        else:
            _arrivals(z, i, j, start, stop, pq, sums)
            sums[stop - start : 2 * (stop - start)] = weight0[start:stop]
        stock_and_orders(
            sums, sums[stop - start :], coefficient[start:stop], x[start:stop], x_opt[start:stop], stock[start:stop],
            h[start:stop], duration, restock,
        )  # fmt: skip
        _row_sums(z, i, j, start, stop, h, orders)
    for r in range(i, j):
        orders[r] *= p[r]


@kernel(nogil=True, parallel=True, fastmath=_REGROUP)
def sectors_step(
    z: Floats, starts: Ints, pq: Floats, p: Floats, weight0: Floats, coefficient: Floats, x: Floats, x_opt: Floats,
    stock: Floats, h: Floats, orders: Floats, duration: Floats, restock: Floats, by_capacity: bool, backward: bool,
) -> None:  # fmt: skip
    """Deliver, use, and order anew: all input sectors; stock, h [S, N] and orders [N] change in place.

    Going backward every other step, the part of Z read last is still in the cache when it is read first.
    """
    sectors = starts.shape[0] - 1
    for k in prange(sectors):
        # The loop counter is unsigned; unsigned minus signed would be a float.
        at = np.int64(k)
        s = sectors - 1 - at if backward else at
        _sector(
            z, starts[s], starts[s + 1], pq, p, weight0[s], coefficient[s], x, x_opt, stock[s], h[s], orders,
            duration[s], restock[s], by_capacity,
        )  # fmt: skip


@kernel(nogil=True, fastmath=_REGROUP)
def limit_by(stock: Floats, per_stock: Floats, x: Floats) -> None:
    """x[f] ← min(x[f], stock[f] · per_stock[f]), in place; a negative per_stock sets no limit."""
    for f in range(x.shape[0]):
        limit = stock[f] * per_stock[f] if per_stock[f] >= 0.0 else np.inf
        x[f] = min(x[f], limit)


@kernel(nogil=True, fastmath=_REGROUP)
def limit_halfway(
    stock: Floats, per_stock: Floats, loss: Floats, alpha: Floats, x0: Floats, sectors: int, x: Floats
) -> None:
    """Important inputs: x[f] ← min(x[f], ½(stock · per_stock + capacity)), in place; stock, per_stock [S, N]."""
    for s in range(sectors):
        for f in range(x.shape[0]):
            capacity = (1.0 - loss[f]) * alpha[f] * x0[f]
            limit = 0.5 * (stock[s, f] * per_stock[s, f] + capacity) if per_stock[s, f] >= 0.0 else np.inf
            x[f] = min(x[f], limit)


@kernel(nogil=True, fastmath=_REGROUP)
def limit_together(stock: Floats, per_stock: Floats, duration: Floats, x: Floats) -> None:
    """Inputs that replace each other: x[f] ← min(x[f], Σ_s stock[s, f] · per_stock[f]), in place; inputs with an
    infinite duration are never short and do not count; a negative per_stock sets no limit.
    """
    for f in range(x.shape[0]):
        if per_stock[f] >= 0.0:
            total = 0.0
            for s in range(stock.shape[0]):
                if duration[s] < np.inf:
                    total += stock[s, f]
            x[f] = min(x[f], total * per_stock[f])


@kernel(nogil=True, parallel=True, fastmath=_REGROUP)
def input_limited(x_opt: Floats, stock: Floats, per_stock: Floats, out: Floats) -> None:
    """Output that the stocks allow: out[f] = min(x_opt[f], min_s stock[s, f] · per_stock[s, f]); negative = no
    limit.
    """
    sectors, n = stock.shape
    tile = 1024
    for k in prange((n + tile - 1) // tile):
        i, j = k * tile, min(n, (k + 1) * tile)
        out[i:j] = x_opt[i:j]
        for s in range(sectors):
            limit_by(stock[s, i:j], per_stock[s, i:j], out[i:j])


@kernel(nogil=True)
def overproduce(
    alpha: Floats, demand: Floats, x: Floats, base: float, most: float, rate: float, rounding: float
) -> None:
    """Overproduction factor one step on, in place: towards `most` with scarcity, back to `base` without it.

    Scarcity below `rounding` counts as none: the last bits of a sum must not keep a factory in overtime.
    """
    for i in range(alpha.shape[0]):
        scarcity = (demand[i] - x[i]) / demand[i] if demand[i] > 0.0 else 0.0
        if scarcity > rounding:
            alpha[i] += (most - alpha[i]) * scarcity * rate
        else:
            alpha[i] += (base - alpha[i]) * rate


@kernel(nogil=True)
def ration(
    demand: Floats, alpha: Floats, loss: Floats, x0: Floats, x: Floats, p: Floats, pq: Floats, by_capacity: bool
) -> None:
    """The weights pq of what ships (q = x / demand is the share of each order served) and p for the next orders."""
    for i in range(x.shape[0]):
        pq[i] = p[i] * x[i] / demand[i] if demand[i] > 0.0 else p[i]
        p[i] = (1.0 - loss[i]) * alpha[i] if by_capacity and x0[i] > 0.0 else 1.0


@kernel(nogil=True)
def desired(demand: Floats, alpha: Floats, loss: Floats, x0: Floats, out: Floats) -> None:
    """Output wanted and possible without input limits: min(demand, capacity)."""
    for i in range(out.shape[0]):
        out[i] = min(demand[i], alpha[i] * (1.0 - loss[i]) * x0[i])


@kernel(nogil=True, fastmath=_REGROUP)
def worlds_before(
    orders: Floats, final: Floats, loss: Floats, x0: Floats, alpha: Floats, demand: Floats, x: Floats, x_opt: Floats,
    stock: Floats, allowed: Floats, halfway: Floats, together: Floats, duration: Floats, weights: Floats, base: float,
    most: float, rate: float, rounding: float, first: bool, by_capacity: bool,
) -> None:  # fmt: skip
    """First half of a step for K worlds: overproduction, capacity, input limits, rationing.

    orders, loss, alpha, demand, x, x_opt, allowed [K, N] (what stocks allow), stock [S, K, N], weights [2K, N] (p·q and
    then p; p is read first).
    """
    worlds, n = x.shape
    for k in range(worlds):
        for i in range(n):
            demand[k, i] = orders[k, i] + final[i]
        if not first:
            overproduce(alpha[k], demand[k], x[k], base, most, rate, rounding)
        desired(demand[k], alpha[k], loss[k], x0, x_opt[k])
        for i in range(n):
            x[k, i] = min(x_opt[k, i], allowed[k, i])
        limit_halfway(stock[:, k], halfway, loss[k], alpha[k], x0, halfway.shape[0], x[k])
        if together.size:
            limit_together(stock[:, k], together, duration, x[k])
        ration(demand[k], alpha[k], loss[k], x0, x[k], weights[worlds + k], weights[k], by_capacity)


@kernel(nogil=True, fastmath=_REGROUP)
def worlds_after(
    z: Floats, starts: Ints, weights: Floats, weight0: Floats, coefficient: Floats, x: Floats, x_opt: Floats,
    stock: Floats, h: Floats, orders: Floats, duration: Floats, restock: Floats, by_capacity: bool, sums: Floats,
    per_stock: Floats, allowed: Floats,
) -> None:  # fmt: skip
    """Second half of a step for K worlds: deliver, use, order anew, as matrix products sector by sector.

    stock, h [S, K, N] and orders [K, N] change in place; allowed [K, N]: output that the new stocks allow, found here
    while they are in the cache; sums is a buffer [2K, N].
    """
    worlds, _ = x.shape
    used = 2 * worlds if by_capacity else worlds
    allowed[:] = np.inf
    for s in range(starts.shape[0] - 1):
        i, j = starts[s], starts[s + 1]
        block = z[i:j]
        w = np.ascontiguousarray(weights[:used, i:j])
        np.dot(w, block, sums[:used])
        for k in range(worlds):
            weight = sums[worlds + k] if by_capacity else weight0[s]
            stock_and_orders(
                sums[k], weight, coefficient[s], x[k], x_opt[k], stock[s, k], h[s, k], duration[s], restock[s]
            )
            limit_by(stock[s, k], per_stock[s], allowed[k])
        orders[:, i:j] = np.dot(h[s], block.T)
        for k in range(worlds):
            for r in range(i, j):
                orders[k, r] *= weights[worlds + k, r]


@kernel(nogil=True)
def record(x: Floats, demand: Floats, final: Floats, produced: Floats, unserved: Floats) -> None:
    """Add a step to the sums of output and of final demand not served; all [K, N]."""
    for k in range(x.shape[0]):
        for i in range(x.shape[1]):
            produced[k, i] += x[k, i]
            if demand[k, i] > x[k, i]:
                unserved[k, i] += final[i] * (1.0 - x[k, i] / demand[k, i])
