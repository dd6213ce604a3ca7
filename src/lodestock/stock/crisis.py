"""Who gets what from a common stock in a crisis, and what each member can count on at worst (MODEL §7.8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Array = NDArray[np.float64]
_SAME = 1e-9  # part of the highest value below which two values are one


class CrisisRule(StrEnum):
    """How a common stock is divided when it does not cover all needs."""

    EQUAL_DAYS = "equal-days"  # the same number of days of use for every member
    CONTRIBUTION = "contribution"  # in proportion to what each brought in
    VALUE = "value"  # where a tonne saves most; where it saves the same, in proportion to need


@dataclass(frozen=True, slots=True)
class CrisisOutcome:
    """allotted: (k, n) [t]; worst_service: (n,) lowest share of need covered in any scenario with need; expected_loss:
    (n,) [k€ a year]; a member that never has a need has service 1."""

    rule: CrisisRule
    allotted: Array
    worst_service: Array
    expected_loss: Array

    @property
    def total_loss(self) -> float:
        """Expected loss of all members [k€ a year]."""
        return float(self.expected_loss.sum())


def divide(need: Array, stock: float, weight: Array) -> Array:
    """Share a stock in proportion to `weight`, nobody above his need; what one does not use goes to the others.

    need: (k, n) ≥ 0 [t]; stock [t]; weight: (n,) ≥ 0. Returns (k, n); members with weight 0 are served last.
    """
    left = np.full(need.shape[0], stock)
    given = np.zeros_like(need)
    for base in (weight, np.ones_like(weight)):  # second pass: what remains goes to members without weight
        for _ in range(need.shape[1]):
            want = np.where((need - given > 1e-12) & (base > 0.0), base, 0.0)
            total = want.sum(axis=1)
            portion = np.divide(left, total, out=np.zeros_like(left), where=total > 0.0)
            extra = np.minimum(portion[:, None] * want, need - given)
            given += extra
            left = left - extra.sum(axis=1)
    return given


def crisis(
    need: Array,
    probability: Array,
    value: Array,
    contribution: Array,
    rule: CrisisRule,
    *,
    daily_use: Array | None = None,
    end_user_bound: bool = False,
) -> CrisisOutcome:
    """The division under a rule, with each member's worst case.

    need: (k, n) [t]; probability: (k,) summing to 1; value: (n,) [k€/t]; contribution: (n,) tonnes brought in;
    daily_use: (n,) [t/day], required for equal days; end_user_bound: licences tie material to its end user, so that
    each member can use only what it brought in (MODEL §4.2).
    """
    if (need < 0).any() or (contribution < 0).any():
        raise InputError("a need or contribution is negative", mend="give tonnes of 0 or more")
    if abs(float(probability.sum()) - 1.0) > 1e-9:
        raise InputError("probabilities do not sum to 1", why=f"they sum to {probability.sum():.12g}")
    stock = float(contribution.sum())
    if end_user_bound:
        allotted = np.minimum(need, contribution[None, :])
    elif rule is CrisisRule.CONTRIBUTION:
        allotted = divide(need, stock, contribution)
    elif rule is CrisisRule.EQUAL_DAYS:
        if daily_use is None:
            raise InputError("equal days need the daily use", mend="give each member's use in tonnes a day")
        allotted = divide(need, stock, daily_use)
    else:
        allotted = _by_value(need, stock, value)
    share = np.divide(allotted, need, out=np.ones_like(need), where=need > 0.0)
    loss = probability @ ((need - allotted) * value)
    return CrisisOutcome(rule, allotted, share.min(axis=0), np.asarray(loss))


def _by_value(need: Array, stock: float, value: Array) -> Array:
    """The highest value first; members to whom a tonne is worth the same get the same part of their need."""
    order = np.argsort(-value, kind="stable")
    falls = value[order][:-1] - value[order][1:] > _SAME * np.abs(value).max(initial=0.0)
    out, left = np.zeros_like(need), np.full(need.shape[0], stock)
    for group in np.split(order, np.flatnonzero(falls) + 1):
        want = need[:, group]
        total = want.sum(axis=1)
        part = np.minimum(np.divide(left, total, out=np.zeros_like(left), where=total > 0.0), 1.0)
        out[:, group] = part[:, None] * want
        left = np.maximum(left - part * total, 0.0)
    return out
