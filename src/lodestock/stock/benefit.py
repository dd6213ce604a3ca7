"""What a stock of q tonnes of one material leaves as loss: benefit curves for many materials at once (MODEL §7.4, §9).

The loss of a scenario is piecewise linear in q with few steps, so a curve needs no sort of the scenarios: each scenario
adds its slope to the levels it covers, in one pass over the data. CVaR splits the atom at the quantile (case V10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lodestock.errors import InputError

Array = NDArray[np.float64]


def cvar(loss: Array, probability: Array, level: float) -> tuple[float, float]:
    """CVaR and VaR of a discrete loss: the mean of the worst 1 − level, the atom at the quantile split.

    loss, probability: (k,), probabilities sum to 1; level in [0, 1). Rockafellar & Uryasev (2002,
    doi:10.1016/S0378-4266(02)00271-6). VaR is the smallest loss whose distribution reaches the level;
    at the edge of an atom every loss up to the next is a quantile.
    """
    if not 0.0 <= level < 1.0:
        raise InputError("the CVaR level is out of range", why=f"{level}", mend="use a level in [0, 1)")
    check_probability(probability, loss.size)
    order = np.argsort(-loss, kind="stable")
    before = np.cumsum(probability[order]) - probability[order]
    tail = 1.0 - level
    weight = np.clip(tail - before, 0.0, probability[order])
    rising = loss[order][::-1]
    reached = np.cumsum(probability[order][::-1]) >= level - 1e-12
    return float(weight @ loss[order]) / tail, float(rising[int(np.argmax(reached))])


def check_probability(probability: Array, size: int) -> None:
    """InputError unless there is one non-negative probability per scenario and they sum to 1."""
    if probability.shape != (size,) or (probability < 0).any() or abs(float(probability.sum()) - 1.0) > 1e-9:
        raise InputError(
            "probabilities do not sum to 1",
            why=f"{probability.size} for {size} scenarios, sum {probability.sum():.12g}",
            mend="give one non-negative probability per scenario, summing to 1",
        )


@dataclass(frozen=True, slots=True)
class BenefitCurves:
    """levels: (q,) stock [t]; mean, cvar: (m, q) loss left [k€ a year]; alpha: level of the CVaR."""

    levels: Array
    mean: Array
    cvar: Array
    alpha: float

    def marginal(self) -> Array:
        """The expected loss avoided per tonne between levels: (m, q−1) [k€/t]."""
        return np.asarray(-(self.mean[:, 1:] - self.mean[:, :-1]) / (self.levels[1:] - self.levels[:-1]))


def benefit_curves(
    short: Array, width: Array, value: Array, levels: Array, *, probability: Array | None = None, alpha: float = 0.95
) -> BenefitCurves:
    """Loss left against stock, for many materials: mean and CVaR, without sorting scenarios.

    short: (m, k) tonnes short per material and scenario; width, value: (m, s) the loss steps in rising order of value
    [t, k€/t], the last width is taken as unlimited; levels: (q,) equally spaced from 0; probability: (k,), equal when
    left out; alpha in [0, 1). The stock covers the most valuable shortage first.
    """
    materials, scenarios = short.shape
    if width.shape != value.shape or width.shape[0] != materials or (np.diff(value, axis=1) < 0).any():
        raise InputError(
            "the loss steps do not fit", why=f"{width.shape} widths, {value.shape} values, rising per material"
        )
    step = np.diff(levels)
    if levels.size < 2 or levels[0] != 0.0 or step.min() <= 0.0 or np.ptp(step) > 1e-9 * levels[-1]:
        raise InputError("stock levels must start at 0 and be equally spaced", why=f"{levels[:3].tolist()} …")
    chance = np.full(scenarios, 1.0 / scenarios) if probability is None else probability
    check_probability(chance, scenarios)
    if not 0.0 <= alpha < 1.0:
        raise InputError("the CVaR level is out of range", why=f"{alpha}", mend="use a level in [0, 1)")
    mean = np.empty((materials, levels.size))
    tail = np.empty((materials, levels.size))
    _curves(
        np.ascontiguousarray(short),
        np.ascontiguousarray(width),
        np.ascontiguousarray(value),
        float(levels[1]),
        chance,
        alpha,
        mean,
        tail,
    )
    return BenefitCurves(levels, mean, tail, alpha)


@njit(cache=True)
def _histogram(short: Array, chance: Array, offsets: Array, step: float, mass: Array, moment: Array) -> None:
    """Count scenarios and their shortage by sub-cell: the one pass over the data.

    A grid cell is cut where a loss step ends, so that all scenarios of a sub-cell have their kinks between the same
    grid levels; then mass and first moment are all that a curve needs, exactly. The last cell holds what lies so far
    beyond the grid that every kink does.
    """
    parts = offsets.size + 1
    far = float(mass.size // parts - 1)
    scale = 1.0 / step
    for k in range(short.size):  # no branch: a shortage of 0 falls in sub-cell 0, where it adds nothing to any curve
        x = max(short[k], 0.0)
        u = min(x * scale, far)
        cell = int(u)
        fraction = u - cell
        at = cell * parts
        for o in range(offsets.size):
            at += fraction >= offsets[o]
        mass[at] += chance[k]
        moment[at] += chance[k] * x


@njit(cache=True)
def _fold(
    mass: Array, moment: Array, offsets: Array, begin: Array, fall: Array, step: float, first: int, out: Array
) -> None:
    """The loss left at each level from the sub-cells `first` and up: out (q,).

    begin: (s,) shortage at which each loss step begins [t]; fall: (s,) rise of value there [k€/t]. A scenario's loss
    is Σ fall·(x − begin − q)⁺; a kink between two levels is split over both, which keeps the curve exact at the levels.
    """
    levels, parts = out.size, offsets.size + 1
    far = mass.size // parts - 1
    bend = np.zeros(levels)
    start = 0.0
    slope = 0.0
    for s in range(begin.size):
        units = begin[s] / step
        whole = int(units)
        cut = units - whole
        passed = 0  # sub-cells of a cell that lie below the cut
        for o in range(offsets.size):
            passed += cut >= offsets[o]
        for at in range(first, mass.size):
            if mass[at] == 0.0:
                continue
            part = at % parts
            cell = at // parts
            cell = levels if cell == far else cell - whole - (1 if part < passed else 0)
            if cell < 0:
                continue
            above = moment[at] - begin[s] * mass[at]
            start += fall[s] * above
            slope += fall[s] * mass[at]
            if cell < levels - 1:
                upper = above / step - cell * mass[at]
                bend[cell] += fall[s] * (mass[at] - upper)
                bend[cell + 1] += fall[s] * upper
    out[0] = start
    current = slope - bend[0]
    for q in range(1, levels):
        out[q] = out[q - 1] - current * step
        current -= bend[q]


@njit(cache=True)
def _keep_tail(
    short: Array, chance: Array, offsets: Array, step: float, tail: float, mass: Array, moment: Array
) -> int:
    """Reduce the histogram to the worst `tail` of probability, the atom at the quantile split; returns the first
    sub-cell kept. Loss rises with shortage, so that the tail is the same for every level."""
    left = tail
    at = mass.size - 1
    while at >= 0 and mass[at] <= left:
        left -= mass[at]
        at -= 1
    if at < 0 or left <= 1e-15:
        return at + 1
    parts = offsets.size + 1
    far = float(mass.size // parts - 1)
    scale = 1.0 / step
    low, high = float(at // parts), float(at // parts + 1)
    inside = np.empty(short.size)
    weight = np.empty(short.size)
    count = 0
    for k in range(short.size):
        u = min(max(short[k], 0.0) * scale, far)
        if low <= u < high:
            part = 0
            for o in range(offsets.size):
                part += u - low >= offsets[o]
            if part == at % parts:
                inside[count] = short[k]
                weight[count] = chance[k]
                count += 1
    rank = np.argsort(inside[:count])
    mass[at] = 0.0
    moment[at] = 0.0
    for position in range(count - 1, -1, -1):
        used = min(weight[rank[position]], left)
        mass[at] += used
        moment[at] += used * inside[rank[position]]
        left -= used
        if left <= 0.0:
            break
    return at


@njit(cache=True)
def _curves(
    short: Array, width: Array, value: Array, step: float, chance: Array, alpha: float, mean: Array, tail: Array
) -> None:
    steps, levels = width.shape[1], mean.shape[1]
    for m in range(short.shape[0]):
        begin = np.zeros(steps)
        fall = np.empty(steps)
        fall[0] = value[m, 0]
        for s in range(1, steps):
            begin[s] = begin[s - 1] + width[m, s - 1]
            fall[s] = value[m, s] - value[m, s - 1]
        offsets = np.sort(begin[1:] / step - np.floor(begin[1:] / step))
        cells = levels + int(min(begin[-1] / step, 1e6)) + 2
        mass = np.zeros((cells + 1) * steps)
        moment = np.zeros((cells + 1) * steps)
        _histogram(short[m], chance, offsets, step, mass, moment)
        _fold(mass, moment, offsets, begin, fall, step, 0, mean[m])
        first = _keep_tail(short[m], chance, offsets, step, 1.0 - alpha, mass, moment)
        _fold(mass, moment, offsets, begin, fall, step, first, tail[m])
        for q in range(levels):
            tail[m, q] /= 1.0 - alpha


def loss_left(short: Array, width: Array, value: Array, stock: float) -> Array:
    """The loss of each scenario with a stock: short (k,), width and value (s,) → (k,) [k€]. The plain second method."""
    left = np.maximum(short - stock, 0.0)
    total = np.zeros_like(left)
    for s in range(width.size):
        cut = left if s == width.size - 1 else np.minimum(left, width[s])
        total += cut * value[s]
        left = left - cut
    return total
