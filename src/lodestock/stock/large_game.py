"""Who pays what in a common stock of more members than every coalition can be computed for (MODEL §7.8).

Shapley shares come from random orders and their reverses, with their standard error (Castro, Gómez & Tejada 2009,
doi:10.1016/j.cor.2008.04.004). The core test tries a stated number of groups. The nucleolus is not offered: it needs
the cost of every coalition.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.coalition import MOST_EXACT, CoreTest, Rule, Shares, check_need, one_coalition

Array = NDArray[np.float64]
ORDERS = 1_000
TRIED = 4_000
_CLIMBS = 8
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class LargeGame:
    """members: names; alone: (n,) what each pays alone [k€]; grand: what all pay together [k€]; pooled: their best
    stock [t]; cost_of: the cost of a coalition by bit mask [k€]."""

    members: tuple[str, ...]
    alone: Array
    grand: float
    pooled: float
    cost_of: Callable[[int], float] = field(repr=False)

    @property
    def gain(self) -> float:
        """What cooperation saves [k€]."""
        return float(self.alone.sum()) - self.grand


def large_game(members: Sequence[str], need: Array, probability: Array, value: Array, holding: float) -> LargeGame:
    """The cost game of many members; arguments as in `stock_game`. Costs of coalitions are computed when asked for.

    Exact for each coalition that is asked for. Raises InputError for a member without a need or a value, and for
    probabilities that do not sum to 1.
    """
    n = len(members)
    check_need(n, need, probability, value)
    order = np.argsort(-value, kind="stable")
    needs, chances = np.ascontiguousarray(need, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    known: dict[int, float] = {0: 0.0}

    def cost_of(mask: int) -> float:
        if mask not in known:
            known[mask] = float(one_coalition(needs, chances, value, float(holding), order, mask)[0])
        return known[mask]

    grand, pooled = one_coalition(needs, chances, value, float(holding), order, (1 << n) - 1)
    alone = np.array([cost_of(1 << i) for i in range(n)])
    return LargeGame(tuple(members), alone, float(grand), float(pooled), cost_of)


def shares_sampled(
    game: LargeGame,
    rule: Rule,
    *,
    use: Array | None = None,
    orders: int = ORDERS,
    tried: int = TRIED,
    seed: int = 0,
) -> Shares:
    """The payments under a rule with their standard error, and a core test that says how many groups it tried.

    use: (n,) expected need [t], for the rule by use; orders: pairs of random orders for Shapley; tried: random groups
    of the core test. Raises InputError for the nucleolus, which needs the cost of every coalition.
    """
    n = len(game.members)
    error = np.zeros(n)
    if rule is Rule.SHAPLEY:
        amount, error = shapley_sampled(n, game.cost_of, orders=orders, seed=seed)
    elif rule is Rule.NUCLEOLUS:
        raise InputError(
            "the nucleolus cannot be computed for so many members", where="rule 'nucleolus'",
            why=f"it needs the cost of each of {2**n:,} coalitions; the limit is {MOST_EXACT} members",
            mend="name fewer members, or ask for shapley (sampled), use or equal-days",
        )  # fmt: skip
    else:
        basis = game.alone if rule is Rule.STAND_ALONE else use
        if basis is None or basis.shape != (n,) or basis.sum() <= 0.0:
            raise InputError(
                "there is nothing to share in proportion to", where=f"rule '{rule}'",
                mend="give each member's expected need",
            )  # fmt: skip
        amount = game.grand * basis / basis.sum()
    return Shares(rule, amount, core_searched(game, amount, tried=tried, seed=seed + 1), error)


def core_searched(game: LargeGame, amount: Array, *, tried: int = TRIED, seed: int = 1) -> CoreTest:
    """Whether a group was found that would pay less on its own; amount: (n,) payments that sum to the common cost.

    Tries all single members, all pairs, all but one and `tried` random groups of every size, then improves the worst
    few by taking in or leaving out one member at a time. What it finds is real; finding nothing proves nothing.
    """
    n = len(game.members)
    everyone = (1 << n) - 1
    if abs(float(amount.sum()) - game.grand) > 1e-6 * max(1.0, abs(game.grand)):
        raise InputError("the shares do not add up to the cost", why=f"{amount.sum():.9g} against {game.grand:.9g}")
    known: dict[int, float] = {}

    def excess(mask: int) -> float:
        if mask not in known:
            known[mask] = float(sum(amount[i] for i in range(n) if mask >> i & 1)) - game.cost_of(mask)
        return known[mask]

    draw = np.random.default_rng(seed)
    groups = {1 << i for i in range(n)} | {everyone ^ 1 << i for i in range(n)}
    groups |= {1 << i | 1 << j for i in range(n) for j in range(i)}
    for size in draw.integers(1, n, tried):
        groups.add(int(sum(1 << int(i) for i in draw.permutation(n)[:size])))
    groups -= {0, everyone}
    ranked = sorted(groups, key=excess, reverse=True)[:_CLIMBS]
    worst = max((_climb(one, n, excess) for one in ranked), key=excess, default=0)
    over = excess(worst) if worst else 0.0
    inside = over <= 1e-7 * max(1.0, abs(game.grand))
    names = () if inside else tuple(name for i, name in enumerate(game.members) if worst >> i & 1)
    return CoreTest(inside, names, over, complete=len(known) == everyone - 1, tried=len(known))


def _climb(mask: int, n: int, excess: Callable[[int], float]) -> int:
    """The group that is reached from `mask` when each step takes in or leaves out the member that raises it most."""
    everyone = (1 << n) - 1
    while True:
        near = [mask ^ 1 << i for i in range(n) if 0 < mask ^ 1 << i < everyone]
        better = max(near, key=excess, default=mask)
        if excess(better) <= excess(mask) + _TOLERANCE:
            return mask
        mask = better


def shapley_sampled(
    members: int, cost_of: Callable[[int], float], *, orders: int = ORDERS, seed: int = 0
) -> tuple[Array, Array]:
    """The Shapley value from random orders and their reverses: (value (n,), standard error (n,)).

    cost_of: the cost of a coalition by bit mask; it is asked once per coalition met. The shares sum to the cost of all.
    """
    if orders < 2:
        raise InputError("too few orders for a standard error", why=f"{orders}", mend="use at least 2")
    draw = np.random.default_rng(seed)
    known: dict[int, float] = {0: 0.0}
    pairs = np.empty((orders, members))
    for row in range(orders):
        order = draw.permutation(members)
        for sequence in (order, order[::-1]):
            mask, before = 0, 0.0
            for i in sequence:
                mask |= 1 << int(i)
                if mask not in known:
                    known[mask] = cost_of(mask)
                contribution = known[mask] - before
                before = known[mask]
                pairs[row, i] = contribution if sequence is order else (pairs[row, i] + contribution) / 2.0
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / math.sqrt(orders)
