"""What a stock of q tonnes of one material leaves as loss: benefit curves for many materials at once (MODEL §7.4, §9).

The loss of a scenario is piecewise linear in q with few steps, so a curve needs no sort of the scenarios: each scenario
adds its slope to the levels it covers, in one pass over the data. CVaR splits the atom at the quantile (case V10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.compiled import kernel
from lodestock.errors import InputError

Array = NDArray[np.float64]
Index = NDArray[np.int64]


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
    begin = np.cumsum(width[:, :-1], axis=1) / levels[1]
    _curves(
        np.ascontiguousarray(short),
        np.ascontiguousarray(width),
        np.ascontiguousarray(value),
        np.ascontiguousarray(np.sort(begin - np.floor(begin), axis=1)),
        float(levels[1]),
        chance,
        alpha,
        mean,
        tail,
    )
    return BenefitCurves(levels, mean, tail, alpha)


@kernel()
def _histogram(short: Array, chance: Array, offsets: Array, step: float, mass: Array, moment: Array) -> None:
    """Count scenarios and their shortage by sub-cell: the one pass over the data.

    A grid cell is cut where a loss step ends, so that all scenarios of a sub-cell have their kinks between the same
    grid levels; then mass and first moment are all that a curve needs, exactly. The last cell holds what lies so far
    beyond the grid that every kink does.
    """
    parts = offsets.size + 1
    far = float(mass.size // parts - 1)
    scale = 1.0 / step
    first = offsets[0] if offsets.size > 0 else np.inf
    second = offsets[1] if offsets.size > 1 else np.inf
    third = offsets[2] if offsets.size > 2 else np.inf
    # no branch, and shortages of 0 spread over eight counters: adding to one counter again and again waits each time
    count = np.zeros((mass.size + 8, 2))
    for k in range(short.size):
        x = max(short[k], 0.0)
        u = min(x * scale, far)
        cell = int(u)
        fraction = u - cell
        at = cell * parts + (fraction >= first) + (fraction >= second) + (fraction >= third)
        for o in range(3, offsets.size):
            at += fraction >= offsets[o]
        at += (x == 0.0) * (mass.size + (k & 7) - at)
        count[at, 0] += chance[k]
        count[at, 1] += chance[k] * x
    for at in range(mass.size):
        mass[at] = count[at, 0]
        moment[at] = count[at, 1]
    for spare in range(8):
        mass[0] += count[mass.size + spare, 0]


@kernel()
def _suffix(mass: Array, moment: Array) -> None:
    """Turn the counts of each sub-cell into those of it and all above."""
    for at in range(mass.size - 2, -1, -1):
        mass[at] += mass[at + 1]
        moment[at] += moment[at + 1]


@kernel()
def _members(short: Array, at: int, offsets: Array, cells: int, step: float) -> Index:
    """The scenarios of one sub-cell. Blocks in which none can lie are passed over with two comparisons a scenario."""
    parts = offsets.size + 1
    cell, part = at // parts, at % parts
    far, scale = float(cells - 1), 1.0 / step
    low = cell * step * (1.0 - 1e-9)
    high = (cell + 1) * step * (1.0 + 1e-9) if cell < cells - 1 else np.inf
    out = np.empty(short.size, dtype=np.int64)
    found, block = 0, 64
    for begin in range(0, short.size, block):
        end = min(begin + block, short.size)
        maybe = 0
        for k in range(begin, end):
            maybe += (short[k] >= low) & (short[k] < high)
        if maybe == 0 and cell > 0:  # in cell 0 a shortage below 0 counts as 0
            continue
        for k in range(begin, end):
            u = min(max(short[k], 0.0) * scale, far)
            if int(u) != cell:
                continue
            place = 0
            for o in range(offsets.size):
                place += u - cell >= offsets[o]
            if place == part:
                out[found] = k
                found += 1
    return out[:found]


@kernel()
def _split(
    short: Array, chance: Array, offsets: Array, step: float, tail: float, mass: Array, moment: Array
) -> tuple[int, float]:
    """The worst `tail` of probability: the sub-cell in which it begins, and its first moment in all.

    Loss rises with shortage, so that the tail is the same for every level; the atom at the quantile is split. mass,
    moment: of each sub-cell and all above.
    """
    at = mass.size - 1
    while at > 0 and mass[at] <= tail:
        at -= 1
    above = mass[at + 1] if at + 1 < mass.size else 0.0
    total = moment[at + 1] if at + 1 < mass.size else 0.0
    left = min(tail, mass[at]) - above
    inside = _members(short, at, offsets, mass.size // (offsets.size + 1), step)
    rank = np.argsort(short[inside])
    for position in range(inside.size - 1, -1, -1):
        if left <= 0.0:
            break
        k = inside[rank[position]]
        used = min(chance[k], left)
        total += used * max(short[k], 0.0)
        left -= used
    return at, total


@kernel()
def _evaluate(
    mass: Array, moment: Array, offsets: Array, begin: Array, fall: Array, step: float, out: Array, worst: Array
) -> None:
    """The loss left at each level: out (q,), from what lies above each kink.

    begin: (s,) shortage at which each loss step begins [t]; fall: (s,) rise of value there [k€/t]. A scenario's loss is
    Σ fall·(x − begin − q)⁺, and every kink is a boundary of sub-cells, so that Σ (x − t)⁺ is the first moment above
    t less t times the mass above it, exactly. worst: (3,) sub-cell, mass and moment of the tail: below its sub-cell
    nothing is added; with sub-cell −1 all scenarios count.
    """
    parts = offsets.size + 1
    cut = int(worst[0])
    out[:] = 0.0
    for s in range(begin.size):
        units = begin[s] / step
        whole = int(units)
        passed = 0  # sub-cells of a cell that lie below the kink
        for o in range(offsets.size):
            passed += units - whole >= offsets[o]
        at = whole * parts + passed
        for q in range(out.size):
            kink = begin[s] + q * step
            if at <= cut:
                out[q] += fall[s] * (worst[2] - kink * worst[1])
            else:
                out[q] += fall[s] * (moment[at] - kink * mass[at])
            at += parts


@kernel()
def _curves(
    short: Array, width: Array, value: Array, cuts: Array, step: float, chance: Array, alpha: float, mean: Array,
    tail: Array,
) -> None:  # fmt: skip
    """cuts: (m, s−1) where in a grid cell each loss step ends, rising; sorted before, for the reason in `compiled`."""
    steps, levels = width.shape[1], mean.shape[1]
    for m in range(short.shape[0]):
        begin = np.zeros(steps)
        fall = np.empty(steps)
        fall[0] = value[m, 0]
        for s in range(1, steps):
            begin[s] = begin[s - 1] + width[m, s - 1]
            fall[s] = value[m, s] - value[m, s - 1]
        offsets = cuts[m]
        cells = levels + int(min(begin[-1] / step, 1e6)) + 2
        mass = np.zeros((cells + 1) * steps)
        moment = np.zeros((cells + 1) * steps)
        _histogram(short[m], chance, offsets, step, mass, moment)
        _suffix(mass, moment)
        every = np.array([-1.0, 0.0, 0.0])
        _evaluate(mass, moment, offsets, begin, fall, step, mean[m], every)
        at, total = _split(short[m], chance, offsets, step, 1.0 - alpha, mass, moment)
        worst = np.array([float(at), 1.0 - alpha, total])
        _evaluate(mass, moment, offsets, begin, fall, step, tail[m], worst)
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
