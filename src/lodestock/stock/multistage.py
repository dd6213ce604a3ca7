"""The multistage stock problem as data: the programme of each stage and outcome, and what follows what.

MODEL §7.5. A stage holds outcomes (a regime together with what happens in it); a transition matrix gives the
probability of each outcome of the next stage. Every method of this room (extensive form, dynamic programme, SDDP)
reads this one description, so that they can be compared number by number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Array = NDArray[np.float64]
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class NestedRisk:
    """How future cost is weighed at every stage: (1 − weight)·expectation + weight·AVaR at `level`.

    weight: in [0, 1]; 0 is the expectation. level: in [0, 1); AVaR is the mean of the worst 1 − level.
    Nested over the stages this is time-consistent, and differs from the CVaR of the total cost (MODEL §7.5).
    """

    weight: float = 0.0
    level: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.weight <= 1.0 and 0.0 <= self.level < 1.0):
            raise InputError(
                "the risk measure is out of range",
                why=f"weight {self.weight} must lie in [0, 1] and level {self.level} in [0, 1)",
                mend="use weight 0 for the expectation, weight 1 for pure AVaR",
            )

    @property
    def neutral(self) -> bool:
        """Whether this is the expectation."""
        return self.weight == 0.0 or self.level == 0.0

    def weights(self, probability: Array, value: Array) -> Array:
        """The probabilities under which the expectation of `value` equals the risk measure.

        probability: (n,) summing to 1; value: (n,). Returns (n,), summing to 1; the outcome that straddles the
        quantile is split. These weights turn outcome cuts into one cut of the risk measure (Philpott & de Matos
        2012, doi:10.1016/j.ejor.2011.10.056).
        """
        if self.neutral:
            return probability
        order = np.argsort(-value, kind="stable")
        before = np.cumsum(probability[order]) - probability[order]
        tail = 1.0 - self.level
        share = np.clip(tail - before, 0.0, probability[order]) / tail
        out = np.empty_like(probability)
        out[order] = (1.0 - self.weight) * probability[order] + self.weight * share
        return out

    def of(self, probability: Array, value: Array) -> float:
        """The risk measure of `value` (n,) under `probability` (n,)."""
        return float(self.weights(probability, value) @ value)


@dataclass(frozen=True, slots=True)
class StageProgram:
    """What one stage decides in one outcome: min cost·y with lower ≤ y ≤ upper and
    row_lower ≤ matrix·y + incoming·x ≤ row_upper.

    cost, lower, upper: (n,); matrix: (m, n); incoming: (m, s), the effect of the stock x that enters the stage;
    row_lower, row_upper: (m,), infinities allowed; outgoing: (s,) which of the n decisions is the stock that leaves.
    """

    cost: Array
    lower: Array
    upper: Array
    matrix: Array
    incoming: Array
    row_lower: Array
    row_upper: Array
    outgoing: NDArray[np.int64]

    def __post_init__(self) -> None:
        m, n = self.matrix.shape
        s = self.outgoing.size
        sound = (
            self.cost.shape == self.lower.shape == self.upper.shape == (n,)
            and self.row_lower.shape == self.row_upper.shape == (m,)
            and self.incoming.shape == (m, s)
        )
        if not sound:
            raise InputError(
                "a stage programme does not fit together",
                why=f"matrix is {m}×{n} with {s} stocks, incoming is {self.incoming.shape}, cost {self.cost.shape}",
                mend="give every decision a cost and two bounds, and every row an incoming coefficient per stock",
            )


@dataclass(frozen=True, slots=True)
class MultistageProblem:
    """A stock problem over T stages.

    programs: per stage the programme of each outcome; stage 0 has exactly one, because it is known.
    transition: T−1 matrices; transition[t][i, j] is the probability of outcome j of stage t+1 after i of stage t.
    initial: (s,) stock at the start [t]; discount: per stage, in (0, 1]; floor: a lower bound on the cost of any stage
    to the end, used before the first cut is known [same money as cost].
    """

    programs: tuple[tuple[StageProgram, ...], ...]
    transition: tuple[Array, ...]
    initial: Array
    discount: float
    risk: NestedRisk = NestedRisk()
    floor: float = 0.0

    def __post_init__(self) -> None:
        self._check_stages()
        for stage, matrix in enumerate(self.transition):
            expected = (len(self.programs[stage]), len(self.programs[stage + 1]))
            if matrix.shape != expected:
                raise InputError(
                    "a transition matrix has the wrong shape",
                    where=f"stage {stage}",
                    why=f"{matrix.shape} instead of {expected}",
                    mend="give one row per outcome of this stage and one column per outcome of the next",
                )
            if (matrix < 0).any() or not np.allclose(matrix.sum(axis=1), 1.0, rtol=0.0, atol=_SUM_TOLERANCE):
                raise InputError(
                    "probabilities do not sum to 1",
                    where=f"transition from stage {stage}",
                    why=f"row sums are {matrix.sum(axis=1).tolist()}",
                    mend="give non-negative probabilities that sum to 1 in each row",
                )

    def _check_stages(self) -> None:
        if len(self.programs) < 1 or len(self.programs[0]) != 1 or len(self.transition) != len(self.programs) - 1:
            raise InputError(
                "the stages do not fit together",
                why=f"{len(self.programs)} stages, {len(self.transition)} transitions",
                mend="give stage 0 one outcome and one transition matrix between each pair of stages",
            )
        if not 0.0 < self.discount <= 1.0:
            raise InputError(
                "the discount factor is out of range", why=f"{self.discount}", mend="use a value in (0, 1]"
            )
        for stage, programs in enumerate(self.programs):
            if any(program.outgoing.size != self.initial.size for program in programs):
                raise InputError(
                    "the number of stocks changes",
                    where=f"stage {stage}",
                    mend="carry the same stocks through all stages",
                )

    @property
    def stages(self) -> int:
        """Number of stages T."""
        return len(self.programs)

    def tree_size(self) -> int:
        """Number of nodes of the scenario tree (reachable outcomes only)."""
        count = np.ones(1)
        total = 1.0
        for matrix in self.transition:
            count = count @ (matrix > 0).astype(float)
            total += float(count.sum())
        return int(total)
