"""Who gets the stock and when: release rules evaluated exactly against the optimal release (MODEL §7.6, case V24).

A rule is judged on the whole scenario tree, not on samples: with one stock the tree folds into a backward recursion
over (stage, outcome, stock, stages since the trigger).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lodestock.errors import InputError
from lodestock.stock.dynamic_programme import solve_grid, stock_grid
from lodestock.stock.instances import RegimeStock
from lodestock.stock.multistage import Array


class Release(StrEnum):
    """How much is released once the trigger has been pulled."""

    GREEDY = "greedy"  # cover the whole gap as long as stock lasts
    HIGH_VALUE = "high value only"  # leave the least valuable use short, cover the rest
    ADAPTIVE = "all need when stock is ample"  # whole gap if stock covers the expected need, else high value only


@dataclass(frozen=True, slots=True)
class ReleaseRule:
    """A release rule that can be written in a decree.

    trigger: verified shortfall, as a share of demand, that must be exceeded [–]; lag: stages between the trigger and
    the first release; cover: for the adaptive rule, the stages of need that count as ample; refill_states: states in
    which the stock is bought back, up to the buying limit; target: stock level refilled to [t].
    """

    kind: Release
    trigger: float = 0.0
    lag: int = 0
    cover: float = 2.0
    refill_states: tuple[str, ...] = ()
    target: float = 0.0

    def __post_init__(self) -> None:
        if self.lag < 0 or not 0.0 <= self.trigger < 1.0 or self.target < 0.0:
            raise InputError(
                "the release rule is out of range",
                why=f"lag {self.lag}, trigger {self.trigger}, target {self.target}",
                mend="lag ≥ 0, trigger in [0, 1), target ≥ 0",
            )

    def amount(self, data: RegimeStock, gap: float, stock: Array) -> Array:
        """Tonnes released at each stock (k,), once the lag is over."""
        low_value = data.steps[0][0] if len(data.steps) > 1 else 0.0
        high = np.minimum(max(gap - low_value, 0.0), stock)
        whole = np.minimum(gap, stock)
        if self.kind is Release.GREEDY:
            return np.asarray(whole)
        if self.kind is Release.HIGH_VALUE:
            return np.asarray(high)
        return np.asarray(np.where(stock >= self.cover * gap, whole, high))


def evaluate_rule(data: RegimeStock, stages: int, rule: ReleaseRule, *, step: float = 1.0) -> Array:
    """The expected cost of following a rule: (n outcomes, k stocks) from stage 0, the trigger not yet pulled [k€].

    Exact when supply, demand, steps and buying limits lie on the grid; InputError otherwise.
    """
    grid = stock_grid(data, step)
    state, _, supply = data.outcomes()
    chain = data.chain()
    outcomes, k = state.size, grid.size
    clock = rule.lag + 1  # stages since the trigger, capped at the lag
    value = np.tile(-data.salvage * grid, (clock, outcomes, 1))
    for stage in range(stages - 1, -1, -1):
        last = stage == stages - 1
        now = np.zeros((clock, outcomes, k))
        for i in range(outcomes):
            gap = max(data.demand - supply[i], 0.0)
            pulled = gap > rule.trigger * data.demand
            for waited in range(clock):
                open_now = pulled and waited >= rule.lag
                released = rule.amount(data, gap, grid) if open_now else np.zeros(k)
                bought = _refill(data, rule, int(state[i]), grid - released)
                after = np.rint((grid - released + bought) / step)
                if np.abs(after * step - (grid - released + bought)).max() > 1e-9:
                    raise InputError(
                        "the rule leaves the grid", why=f"supply {supply[i]} with step {step}", mend="use a finer step"
                    )
                index = after.astype(np.int64)
                then = min(waited + 1, rule.lag) if pulled else 0
                future = value[then, i] if last else chain[i] @ value[then]
                cost = data.price[state[i]] * bought + data.shortage_cost(gap - released)
                now[waited, i] = cost + data.holding * grid[index] + data.discount * future[index]
        value = now
    return np.asarray(value[0])


def _refill(data: RegimeStock, rule: ReleaseRule, state: int, stock: Array) -> Array:
    if data.states[state] not in rule.refill_states:
        return np.zeros_like(stock)
    return np.asarray(np.minimum(np.maximum(rule.target - stock, 0.0), data.buy_cap[state]))


@dataclass(frozen=True, slots=True)
class RuleCost:
    """A rule beside the optimum at one start: cost and optimal [k€], excess = cost/optimal − 1 [–]."""

    rule: ReleaseRule
    cost: float
    optimal: float

    @property
    def excess(self) -> float:
        """How much dearer than the optimal release; infinite when the optimum costs nothing and the rule does not."""
        if self.optimal == 0.0:
            return 0.0 if self.cost == 0.0 else float("inf")
        return (self.cost - self.optimal) / abs(self.optimal)


def compare_rules(
    data: RegimeStock,
    stages: int,
    rules: tuple[ReleaseRule, ...],
    *,
    start: tuple[str, float],
    stock: float,
    step: float = 1.0,
) -> list[RuleCost]:
    """Each rule beside the optimal policy from one start (state, supply) and stock [t], cheapest first."""
    state, _, supply = data.outcomes()
    found = [i for i in range(state.size) if data.states[state[i]] == start[0] and supply[i] == start[1]]
    if not found:
        raise InputError(
            "the start is not an outcome of the regime", why=f"{start}", mend="name a state and a supply of it"
        )
    at = round(stock / step)
    optimal = float(solve_grid(data, stages, step=step, surplus=False).value[0, found[0], at])
    costs = [RuleCost(r, float(evaluate_rule(data, stages, r, step=step)[found[0], at]), optimal) for r in rules]
    return sorted(costs, key=lambda found_cost: found_cost.cost)
