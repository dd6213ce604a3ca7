"""A pool in which nothing may be passed on: licences bind material to the end user they were granted for.

What was bought under such a licence for one member cannot serve another (MODEL §4.2, §7.8), so that a group of members
costs what its members cost apart. Material that was bought without the clause is free of this: see `stock_game`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.alliances import Members, alone
from lodestock.stock.coalition import CoreTest, Rule, Shares, check_need

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundGame:
    """members: names; alone: (n,) what each pays with its own best stock [k€]; stock: (n,) that stock [t]."""

    members: tuple[str, ...]
    alone: Array
    stock: Array

    @property
    def grand(self) -> float:
        """The cost of all members together: the sum of what each pays alone [k€]."""
        return float(self.alone.sum())

    @property
    def gain(self) -> float:
        """What cooperation saves [k€]: nothing, since nothing may be passed on."""
        return 0.0

    @property
    def pooled(self) -> float:
        """The best stocks of all members added up [t]."""
        return float(self.stock.sum())


def bound_game(part: Members) -> BoundGame:
    """What each member pays when each tonne may serve only the member it was licensed to.

    The cost game is additive, c(S) = Σ c({i}), for any number of members and whether or not they are hit at once: only
    each member's own need counts. Raises InputError for a member without a need or a value, and for probabilities that
    do not sum to 1. Source: MODEL §4.2, §7.8.
    """
    check_need(len(part.names), part.need, part.probability, part.value)
    apart = alone(part)
    return BoundGame(part.names, apart.cost, apart.stock)


def bound_shares(game: BoundGame, rule: Rule, *, use: Array | None = None) -> Shares:
    """The payments under a rule, with the core test; exact for any number of members.

    In an additive game the Shapley value and the nucleolus are what each pays alone. use: (n,) expected need [t], for
    the rule by use. Raises InputError where there is nothing to share in proportion to.
    """
    amount = game.alone.copy()
    if rule is Rule.USE:
        if use is None or use.shape != game.alone.shape or use.sum() <= 0.0:
            raise InputError(
                "there is nothing to share in proportion to", where=f"rule '{rule}'",
                mend="give each member's expected need",
            )  # fmt: skip
        amount = game.grand * use / use.sum()
    return Shares(rule, amount, _core(game, amount), np.zeros(amount.size))


def _core(game: BoundGame, amount: Array) -> CoreTest:
    """No group pays more than on its own only if no member does: the worst group is all who pay more than alone."""
    over = amount - game.alone
    pays_more = over > 1e-7 * max(1.0, game.grand)
    names = tuple(name for name, more in zip(game.members, pays_more, strict=True) if more)
    return CoreTest(not names, names, float(over[pays_more].sum()), tried=max(2 ** len(game.members) - 2, 0))
