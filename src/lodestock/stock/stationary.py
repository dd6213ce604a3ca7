"""How much to hold for ever: the stationary stock in closed form and by value iteration (MODEL §7.3, case V02)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, SolverError

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GeometricDisruption:
    """A disruption that starts and ends with fixed monthly chances, when one unit a month is needed.

    start, end: chance per month in (0, 1]; holding: [k€ per unit per month]; loss: [k€ per unit short];
    refill: price of buying a unit back [k€]; discount: per month, in (0, 1).
    """

    start: float
    end: float
    holding: float
    loss: float
    refill: float
    discount: float

    def __post_init__(self) -> None:
        if not (0.0 < self.start <= 1.0 and 0.0 < self.end <= 1.0 and 0.0 < self.discount < 1.0):
            raise InputError(
                "a chance or the discount factor is out of range",
                why=f"start {self.start}, end {self.end}, discount {self.discount}",
                mend="give monthly chances in (0, 1] and a discount factor in (0, 1)",
            )
        if min(self.holding, self.loss, self.refill) < 0.0:
            raise InputError(
                "a cost is negative", why="holding, loss and refill must be 0 or more", mend="correct the sign"
            )


def unit_worth(case: GeometricDisruption, units: int) -> Array:
    """The present value of holding the k-th unit for ever, before paying for it, k = 1 … units: (units,) [k€].

    N(k) = (−h + βλa₀) / (1 − β(1−λ) − βλa₁), with d = β(1−ρ) and g = d^{k−1}; it includes buying the unit back after
    each disruption that used it (MODEL §7.3).
    """
    beta, rho, h = case.discount, case.end, case.holding
    d = beta * (1.0 - rho)
    g = d ** np.arange(units, dtype=float)
    spent = (1.0 - g) / (1.0 - d)
    a0 = -h * spent + g * (case.loss - beta * rho * case.refill / (1.0 - d))
    a1 = beta * rho * spent + g * beta * rho / (1.0 - d)
    worth = (-h + beta * case.start * a0) / (1.0 - beta * (1.0 - case.start) - beta * case.start * a1)
    return np.asarray(worth, dtype=np.float64)


def best_level(case: GeometricDisruption, most: int = 10_000) -> int:
    """The stock n* [units = months of need]: the last unit that is worth more than its price; 0 when none is."""
    pays = unit_worth(case, most) > case.refill
    return most if pays.all() else int(np.argmin(pays))


def cost_without_stock(case: GeometricDisruption) -> tuple[float, float]:
    """The expected discounted loss for ever without stock, from normal and from disrupted [k€]."""
    beta = case.discount
    move = np.array([[1.0 - case.start, case.start], [case.end, 1.0 - case.end]])
    value = np.linalg.solve(np.eye(2) - beta * move, np.array([0.0, case.loss]))
    return float(value[0]), float(value[1])


def cost_with_best_stock(case: GeometricDisruption) -> float:
    """The cost for ever from normal with an empty store, buying to n* [k€]: what remains after all units that pay."""
    net = unit_worth(case, max(best_level(case), 1)) - case.refill
    return cost_without_stock(case)[0] - float(np.maximum(net, 0.0).sum())


@dataclass(frozen=True, slots=True)
class StationaryPolicy:
    """value: (states, levels) cost for ever [money of the cost]; leaving: (states, levels) index of the level moved to;
    error: bound on |value − optimum|, from the last change and the discount factor."""

    value: Array
    leaving: Index
    iterations: int
    error: float


def value_iteration(
    cost: Array, transition: Array, discount: float, *, tolerance: float = 1e-10, most: int = 200_000
) -> StationaryPolicy:
    """The optimal policy of a stock with market states, by value iteration.

    cost: (states, levels, levels) of moving from a level to a level, infinite when not allowed; transition: (states,
    states), rows sum to 1; discount in (0, 1). SolverError when the error bound is still above `tolerance` at the end.
    """
    _check_chain(transition, discount, cost.shape[0])
    value = np.zeros(cost.shape[:2])
    error = np.inf
    for iteration in range(1, most + 1):
        total = cost + discount * (transition @ value)[:, None, :]
        new = total.min(axis=2)
        error = discount / (1.0 - discount) * float(np.abs(new - value).max())
        value = new
        if error <= tolerance:
            return StationaryPolicy(value, total.argmin(axis=2), iteration, error)
    raise SolverError(
        "value iteration stopped before its tolerance",
        why=f"after {most} iterations the value is known to ±{error:.3g}",
        mend="allow more iterations, or use policy iteration",
    )


def policy_iteration(cost: Array, transition: Array, discount: float, *, most: int = 1_000) -> StationaryPolicy:
    """The same optimum from linear systems: evaluate a policy exactly, improve it, stop when it no longer changes."""
    _check_chain(transition, discount, cost.shape[0])
    states, levels = cost.shape[:2]
    leaving = cost.argmin(axis=2)
    for iteration in range(1, most + 1):
        value = evaluate_policy(cost, transition, discount, leaving)
        total = cost + discount * (transition @ value)[:, None, :]
        best = total.argmin(axis=2)
        kept = np.take_along_axis(total, leaving[:, :, None], axis=2)[:, :, 0]
        gain = kept - total.min(axis=2)
        if gain.max() <= 1e-12 * max(1.0, float(np.abs(value).max())):
            return StationaryPolicy(value, best, iteration, float(gain.max()) / (1.0 - discount))
        leaving = best
    raise SolverError("policy iteration did not settle", why=f"{most} iterations for {states}×{levels} states")


def evaluate_policy(cost: Array, transition: Array, discount: float, leaving: Index) -> Array:
    """The exact cost for ever of a given policy (states, levels) → (states, levels)."""
    states, levels = leaving.shape
    size = states * levels
    system = np.eye(size)
    right = np.take_along_axis(cost, leaving[:, :, None], axis=2)[:, :, 0].ravel()
    row = np.arange(size)
    for state in range(states):
        column = state * levels + leaving
        system[row, column.ravel()] -= discount * np.repeat(transition[:, state], levels)
    return np.asarray(np.linalg.solve(system, right).reshape(states, levels))


def geometric_cost(case: GeometricDisruption, levels: int) -> tuple[Array, Array]:
    """The geometric disruption as a two-state chain: cost (2, levels, levels) [k€] and transition (2, 2).

    Normal: buy up to any level and pay for holding it. Disrupted: one unit leaves when there is one, else the loss.
    """
    level = np.arange(levels, dtype=float)
    bought = level[None, :] - level[:, None]
    normal = np.where(bought >= 0, case.refill * bought + case.holding * level[None, :], np.inf)
    disrupted = np.full((levels, levels), np.inf)
    at = np.arange(levels)
    disrupted[at[1:], at[:-1]] = case.holding * level[:-1]
    disrupted[0, 0] = case.loss
    move = np.array([[1.0 - case.start, case.start], [case.end, 1.0 - case.end]])
    return np.stack([normal, disrupted]), move


@dataclass(frozen=True, slots=True)
class OilReserve:
    """The oil-reserve model of Teisberg (1981, Bell J. Econ. 12(2), 526–546): isoelastic demand above a constant.

    levels: (s,) reserve; shortfall: (states,) supply lost per market state; demand is
    d(p) = constant + scale·p^−elasticity; share: of the consumer loss that counts; the rest as in the model.
    """

    levels: Array
    shortfall: Array
    constant: float
    scale: float
    elasticity: float
    share: float
    supply: float
    normal_price: float
    storage: float

    def price(self) -> Array:
        """The price that clears the market for each move: (states, levels, levels)."""
        bought = self.levels[None, :] - self.levels[:, None]
        left = self.supply - self.shortfall[:, None, None] - self.constant - bought[None]
        return np.asarray((self.scale / left) ** (1.0 / self.elasticity))

    def cost(self) -> Array:
        """Consumer loss, purchases and storage of each move: (states, levels, levels)."""
        price, power = self.price(), 1.0 - self.elasticity
        loss = self.constant * (price - self.normal_price) + self.scale / power * (
            price**power - self.normal_price**power
        )
        bought = self.levels[None, :] - self.levels[:, None]
        return np.asarray(self.share * loss + price * bought[None] + self.storage * self.levels[None, None, :])


def _check_chain(transition: Array, discount: float, states: int) -> None:
    if transition.shape != (states, states) or not np.allclose(transition.sum(axis=1), 1.0, rtol=0.0, atol=1e-9):
        raise InputError(
            "probabilities do not sum to 1",
            where="transition between market states",
            why=f"shape {transition.shape}, row sums {transition.sum(axis=-1).tolist()}",
            mend="give one row per state that sums to 1",
        )
    if not 0.0 < discount < 1.0:
        raise InputError("the discount factor is out of range", why=f"{discount}", mend="use a value in (0, 1)")
