"""Sums of returns, each with its denominator: how many were approached, answered, affected, without a problem. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lodestock.errors import DataError


@dataclass(frozen=True, slots=True)
class Return:
    """What an association returned; None for one that has not answered."""

    approached: int | None
    answered: int | None
    affected: int | None
    no_problem: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over the associations that returned; `asked` and `returned` count associations."""

    asked: int
    returned: int
    approached: int
    answered: int
    affected: int
    no_problem: int

    @property
    def unclear(self) -> int:
        """Members that answered but neither said affected nor no problem."""
        return self.answered - self.affected - self.no_problem

    @property
    def silent(self) -> int:
        """Members that were approached and did not answer: unknown, not unaffected."""
        return self.approached - self.answered

    @property
    def share_affected_low(self) -> float | None:
        """Share of the approached that is surely affected: everyone silent or unclear is without a problem."""
        return self.affected / self.approached if self.approached else None

    @property
    def share_affected_high(self) -> float | None:
        """Share of the approached that is at most affected: everyone silent or unclear is affected."""
        return (self.approached - self.no_problem) / self.approached if self.approached else None


def total(returns: Iterable[Return]) -> Total:
    """The sums. A return with some counts missing raises DataError: missing is never zero."""
    listed = list(returns)
    done = []
    for one in listed:
        counts = (one.approached, one.answered, one.affected, one.no_problem)
        known = [count for count in counts if count is not None]
        if 0 < len(known) < len(counts):
            raise DataError(
                "a return lacks a count", where="callouts", mend="ask the association for the missing count"
            )
        if known:
            done.append(known)
    sums = [sum(column) for column in zip(*done, strict=True)] if done else [0, 0, 0, 0]
    return Total(len(listed), len(done), *sums)
