"""Who pays what in a common stock: the cost game, its shares, and the core test that is always returned with them.

MODEL §7.8, case V12. A coalition is a bit mask: bit i stands for member i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.compiled import kernel
from lodestock.errors import InputError, SolverError
from lodestock.stock.lp import Coordinates, LinearProgram

Array = NDArray[np.float64]
MOST_EXACT = 15
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class CostGame:
    """members: names; cost: (2^n,) cost of each coalition by bit mask [k€]; stock: (2^n,) what it holds [t]."""

    members: tuple[str, ...]
    cost: Array
    stock: Array

    def __post_init__(self) -> None:
        if self.cost.shape != (1 << len(self.members),):
            raise InputError(
                "the cost game is incomplete",
                why=f"{self.cost.size} coalitions for {len(self.members)} members",
                mend="give the cost of every coalition",
            )

    @property
    def grand(self) -> float:
        """The cost of all members together [k€]."""
        return float(self.cost[-1])

    @property
    def alone(self) -> Array:
        """What each member pays alone: (n,) [k€]."""
        return np.asarray(self.cost[1 << np.arange(len(self.members))])

    @property
    def gain(self) -> float:
        """What cooperation saves [k€]."""
        return float(self.alone.sum()) - self.grand

    @property
    def pooled(self) -> float:
        """The best stock of all members together [t]."""
        return float(self.stock[-1])


def stock_game(members: Sequence[str], need: Array, probability: Array, value: Array, holding: float) -> CostGame:
    """The cost game c(S) = min_q h·q + expected loss of S when its pooled stock q serves the highest value first.

    need: (k, n) tonnes short per scenario and member; probability: (k,) summing to 1; value: (n,) loss per tonne
    [k€/t]; holding: yearly cost per tonne [k€/t]. Exact: the cost is piecewise linear in q. Up to 15 members.
    """
    n = len(members)
    check_need(n, need, probability, value)
    if n > MOST_EXACT:
        raise InputError(
            "too many members for every coalition",
            why=f"{n} members make {2**n} coalitions, the limit is {MOST_EXACT} members",
            mend="name fewer members, or sample the orders: `large_game` and `shares_sampled`",
        )
    cost, stock = _all_coalitions(
        np.ascontiguousarray(need, dtype=np.float64),
        np.asarray(probability, dtype=np.float64),
        np.asarray(value, dtype=np.float64),
        float(holding),
        np.argsort(-value, kind="stable"),
    )
    return CostGame(tuple(members), cost, stock)


def coalition_cost(need: Array, probability: Array, value: Array, holding: float, mask: int) -> tuple[float, float]:
    """The cost [k€] and stock [t] of one coalition (bit mask); arguments as in `stock_game`."""
    check_need(need.shape[1], need, probability, value)
    cost, stock = one_coalition(
        np.ascontiguousarray(need, dtype=np.float64),
        np.asarray(probability, dtype=np.float64),
        np.asarray(value, dtype=np.float64),
        float(holding),
        np.argsort(-value, kind="stable"),
        mask,
    )
    return float(cost), float(stock)


def check_need(n: int, need: Array, probability: Array, value: Array) -> None:
    """Refuse a game in which a member has no need or value in some scenario, or whose chances do not sum to 1."""
    if need.ndim != 2 or need.shape[1] != n or value.shape != (n,) or probability.shape != (need.shape[0],):
        raise InputError(
            "a member is without data",
            why=f"{n} members, need {need.shape}, value {value.shape}, probability {probability.shape}",
            mend="give every member a need in every scenario and a value",
        )
    if not (np.isfinite(need).all() and np.isfinite(value).all()):
        raise InputError(
            "a member is without data", why="a need or value is not a number", mend="fill it or leave it out"
        )
    if (probability < 0).any() or abs(float(probability.sum()) - 1.0) > 1e-9:
        raise InputError(
            "probabilities do not sum to 1", why=f"they sum to {probability.sum():.12g}", mend="correct them"
        )


@kernel()
def one_coalition(
    need: Array, probability: Array, value: Array, holding: float, order: NDArray[np.int64], mask: int
) -> tuple[float, float]:
    """Cost and stock of one coalition, unchecked; order: members by falling value, see `coalition_cost`."""
    scenarios, n = need.shape
    at = np.empty(scenarios * n)  # stock at which the marginal value of a scenario falls
    fall = np.empty(scenarios * n)
    count = 0
    marginal = 0.0
    loss = 0.0
    for k in range(scenarios):
        filled = 0.0
        for position in range(n):
            i = order[position]
            if (mask >> i) & 1 == 0 or need[k, i] <= 0.0:
                continue
            if filled == 0.0:
                marginal += probability[k] * value[i]
            else:
                fall[count - 1] -= probability[k] * value[i]
            filled += need[k, i]
            at[count] = filled
            fall[count] = probability[k] * value[i]
            loss += probability[k] * value[i] * need[k, i]
            count += 1
    rank = np.argsort(at[:count])
    stock = 0.0
    cost = loss
    for position in range(count):
        if marginal <= holding + 1e-12:
            break
        j = rank[position]
        cost -= (marginal - holding) * (at[j] - stock)
        stock = at[j]
        marginal -= fall[j]
    return cost, stock


@kernel()
def _all_coalitions(
    need: Array, probability: Array, value: Array, holding: float, order: NDArray[np.int64]
) -> tuple[Array, Array]:
    size = 1 << need.shape[1]
    cost = np.zeros(size)
    stock = np.zeros(size)
    for mask in range(1, size):
        cost[mask], stock[mask] = one_coalition(need, probability, value, holding, order, mask)
    return cost, stock


class Rule(StrEnum):
    """How the common cost is shared."""

    SHAPLEY = "shapley"
    NUCLEOLUS = "nucleolus"
    USE = "use"  # in proportion to expected need
    STAND_ALONE = "stand-alone"  # in proportion to what each would pay alone


@dataclass(frozen=True, slots=True)
class CoreTest:
    """in_core: no group of members pays more than it would on its own; worst: the group that overpays most, empty when
    none does; excess: by how much [k€], negative when every group gains; complete: every group was tried; tried: how
    many were. When not complete, a violation that was found is real, but none found does not prove that nobody would
    leave."""

    in_core: bool
    worst: tuple[str, ...]
    excess: float
    complete: bool = True
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """rule; amount: (n,) each member's payment [k€], summing to the cost of all; core: always given; error: (n,)
    standard error of sampled shares, zero when exact."""

    rule: Rule
    amount: Array
    core: CoreTest
    error: Array


def shares(game: CostGame, rule: Rule, *, use: Array | None = None) -> Shares:
    """The payments under a rule, with the core test. use: (n,) expected need [t], for the rule by use."""
    if rule is Rule.SHAPLEY:
        amount = shapley(game.cost)
    elif rule is Rule.NUCLEOLUS:
        amount = nucleolus(game.cost)
    else:
        basis = game.alone if rule is Rule.STAND_ALONE else use
        if basis is None or basis.shape != (len(game.members),) or basis.sum() <= 0.0:
            raise InputError(
                "there is nothing to share in proportion to",
                where=f"rule '{rule}'",
                mend="give each member's expected need",
            )
        amount = game.grand * basis / basis.sum()
    return Shares(rule, amount, core_test(game, amount), np.zeros(len(game.members)))


def core_test(game: CostGame, amount: Array) -> CoreTest:
    """Whether any coalition would pay less on its own (Gillies); amount: (n,) payments that sum to the common cost."""
    n = len(game.members)
    if abs(float(amount.sum()) - game.grand) > 1e-6 * max(1.0, abs(game.grand)):
        raise InputError("the shares do not add up to the cost", why=f"{amount.sum():.9g} against {game.grand:.9g}")
    excess = coalition_sums(amount) - game.cost
    excess[0] = excess[-1] = -np.inf
    if n == 1:
        return CoreTest(True, (), 0.0)
    tried = game.cost.size - 2
    worst = int(excess.argmax())
    over = float(excess[worst])
    in_core = over <= 1e-7 * max(1.0, abs(game.grand))
    names = tuple(name for i, name in enumerate(game.members) if worst >> i & 1)
    return CoreTest(in_core, () if in_core else names, over, tried=tried)


def coalition_sums(amount: Array) -> Array:
    """The sum of the members' amounts for every bit mask: (2^n,)."""
    total = np.zeros(1)
    for one in amount:
        total = np.concatenate([total, total + one])
    return total


def shapley(cost: Array) -> Array:
    """The Shapley value of a game given by bit mask: (2^n,) → (n,); exact (Shapley 1953). n ≤ 15 in practice."""
    n = int(cost.size).bit_length() - 1
    mask = np.arange(cost.size)
    size = np.bitwise_count(mask).astype(np.int64)
    weight = np.array([math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)])
    out = np.empty(n)
    for i in range(n):
        without = mask[(mask >> i & 1) == 0]
        out[i] = weight[size[without]] @ (cost[without | (1 << i)] - cost[without])
    return out


def nucleolus(cost: Array) -> Array:
    """The shares that make the least satisfied coalition as satisfied as possible, then the next (Schmeidler 1969).

    cost: (2^n,) by bit mask → (n,). A sequence of linear programmes; each round fixes coalitions whose saving cannot
    grow (positive dual) and leaves out those that follow from the fixed ones.
    """
    n = int(cost.size).bit_length() - 1
    if n == 1:
        return np.array([cost[1]])
    masks = np.arange(1, cost.size - 1)
    rows = (masks[:, None] >> np.arange(n) & 1).astype(np.float64)
    fixed, right = np.ones((1, n)), np.array([cost[-1]])
    open_rows = np.ones(masks.size, dtype=bool)
    while np.linalg.matrix_rank(fixed) < n:
        span = np.linalg.svd(fixed)[2][np.linalg.matrix_rank(fixed) :]  # directions still free
        open_rows &= np.abs(rows @ span.T).max(axis=1) > _TOLERANCE
        at = np.nonzero(open_rows)[0]
        saving, dual = _least_saving(rows[at], cost[masks[at]], fixed, right)
        tight = at[np.abs(dual) > 1e-7]
        if tight.size == 0:
            raise SolverError(
                "the nucleolus did not advance", why=f"{fixed.shape[0]} coalitions fixed", mend="report the game"
            )
        fixed = np.vstack([fixed, rows[tight]])
        right = np.concatenate([right, cost[masks[tight]] - saving])
        open_rows[tight] = False
    return np.asarray(np.linalg.lstsq(fixed, right, rcond=None)[0])


def _least_saving(rows: Array, cost: Array, fixed: Array, right: Array) -> tuple[float, Array]:
    """max ε with x(S) + ε ≤ c(S) for the open coalitions and the fixed ones as they are: ε and the open rows' duals."""
    m, n = rows.shape
    body = np.vstack([np.hstack([rows, np.ones((m, 1))]), np.hstack([fixed, np.zeros((fixed.shape[0], 1))])])
    i, j = np.nonzero(body)
    free = np.full(n + 1, np.inf)
    program = LinearProgram(
        np.concatenate([np.zeros(n), [-1.0]]),
        -free,
        free,
        Coordinates(i, j, body[i, j]),
        np.concatenate([np.full(m, -np.inf), right]),
        np.concatenate([cost, right]),
        where="nucleolus",
    )
    found = program.solve()
    return -found.value, found.row_dual[:m]
