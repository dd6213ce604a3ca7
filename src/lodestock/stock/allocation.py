"""Sharing one budget over materials by marginal worth: exact for expected losses of separate materials.

MODEL §7.4. CVaR is not separable over materials (a case gives 510.0 apart and 502.1 together): with risk aversion use
`design`, which decides jointly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.benefit import check_probability

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Allocation:
    """tonnes: (m,) [t]; spent, carry, expected_loss [k€]; objective = carry + expected loss; worth_low, worth_high:
    how much the objective falls per k€ of budget less and more, an interval at a kink."""

    tonnes: Array
    spent: float
    carry: float
    expected_loss: float
    objective: float
    worth_low: float
    worth_high: float


def marginal_allocation(
    gap: Array, probability: Array, width: Array, value: Array, carry: Array, spend: Array, budget: float
) -> Allocation:
    """The stocks that minimise carry + expected loss within a budget, one option per material.

    gap: (m, k) [t]; probability: (k,); width, value: (m, s) loss steps in rising value; carry: (m,) [k€/t/yr]; spend:
    (m,) > 0, what a tonne takes from the budget [k€/t]. Every scenario's loss is convex and piecewise linear in the
    stock, so buying segments in order of net worth per k€ is exact.
    """
    check_probability(probability, gap.shape[1])
    if (spend <= 0.0).any() or budget < 0.0:
        raise InputError("prices must be positive and the budget not negative", why=f"budget {budget}")
    length, gain, owner = [], [], []
    for m in range(gap.shape[0]):
        size, marginal = _segments(gap[m], probability, width[m], value[m])
        keep = (marginal > carry[m]) & (size > 0.0)
        length.append(size[keep])
        gain.append(marginal[keep])
        owner.append(np.full(int(keep.sum()), m))
    size, marginal, at = np.concatenate(length), np.concatenate(gain), np.concatenate(owner)
    worth = (marginal - carry[at]) / spend[at]
    order = np.argsort(-worth, kind="stable")
    price = size[order] * spend[at[order]]
    before = np.cumsum(price) - price
    bought = np.clip(budget - before, 0.0, price) / spend[at[order]]
    tonnes = np.zeros(gap.shape[0])
    np.add.at(tonnes, at[order], bought)
    loss = float(
        sum(probability @ _loss(np.maximum(gap[m] - tonnes[m], 0.0), width[m], value[m]) for m in range(gap.shape[0]))
    )
    full = np.nonzero(bought * spend[at[order]] >= price - 1e-12)[0]
    started = np.nonzero(bought > 0.0)[0]
    more = int(full.size)  # the first segment that is not bought in full
    high = float(worth[order][more]) if more < order.size else 0.0
    low = float(worth[order][started[-1]]) if started.size else high
    total = float(carry @ tonnes)
    return Allocation(tonnes, float(spend @ tonnes), total, loss, total + loss, low, high)


def _segments(gap: Array, probability: Array, width: Array, value: Array) -> tuple[Array, Array]:
    """The stretches of stock between kinks of the expected loss and the loss avoided per tonne on each: (n,), (n,)."""
    begin = np.concatenate([[0.0], np.cumsum(width[:-1])])
    fall = np.diff(np.concatenate([[0.0], value]))
    kink = (gap[:, None] - begin[None, :]).ravel()
    drop = (probability[:, None] * fall[None, :]).ravel()
    inside = kink > 0.0
    kink, drop = kink[inside], drop[inside]
    order = np.argsort(kink)
    kink, drop = kink[order], drop[order]
    marginal = drop[::-1].cumsum()[::-1]
    return np.diff(np.concatenate([[0.0], kink])), marginal


def _loss(short: Array, width: Array, value: Array) -> Array:
    left, total = short, np.zeros_like(short)
    for s in range(width.size):
        cut = left if s == width.size - 1 else np.minimum(left, width[s])
        total = total + cut * value[s]
        left = left - cut
    return total
