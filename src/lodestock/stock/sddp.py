"""Stochastic dual dynamic programming with a certified gap (MODEL §7.5; Pereira & Pinto 1991, doi:10.1007/BF01582895).

The lower bound comes from cuts. It never decides by itself that the answer is good enough: a bound that stands still
is not convergence (it stopped 2.8e-4 short in the reference runs). What decides is the cost of the policy that the cuts
imply, evaluated exactly on the tree where that fits, and otherwise bounded with 95 % confidence on sampled paths.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lodestock.errors import InputError
from lodestock.stock.inner import inner_bound
from lodestock.stock.lp import Array
from lodestock.stock.multistage import MultistageProblem
from lodestock.stock.stage_model import CutPool, StageAnswer, stage_models

_NORMAL_95_ONE_SIDED = 1.6448536269514722
_ROUND_STOCK = 9
MOST_STATES = 60_000


class Certificate(StrEnum):
    """What stands behind the upper bound."""

    EXACT = "exact policy evaluation"  # the policy of the cuts, on every node of the tree
    SAMPLED = "sampled paths, upper 95 %"  # risk-neutral only
    INNER = "inner approximation"  # deterministic, given how much a tonne can be worth at most
    NONE = "none"  # the lower bound stands alone; nothing is claimed


@dataclass(frozen=True, slots=True)
class SddpResult:
    """What SDDP found and how well it is proven.

    lower ≤ optimum ≤ upper (upper with 95 % confidence when sampled, infinite without a certificate);
    gap: (upper − lower)/max(|upper|, |lower|); converged: the gap is certified and at most the target;
    history: (iterations,) the lower bound. Money as in the problem, discounted to stage 0.
    """

    lower: float
    upper: float
    gap: float
    certificate: Certificate
    converged: bool
    iterations: int
    seconds: float
    first: StageAnswer
    history: Array


class Sddp:
    """SDDP on one problem; `run` can be called again and goes on from the cuts it has."""

    def __init__(
        self,
        problem: MultistageProblem,
        *,
        seed: int = 0,
        tolerance: float = 1e-9,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """seed: of the forward sampling; tolerance: by how much, relative to the bound, a cut may be violated."""
        if problem.stages < 2:
            raise InputError("one stage has no future", mend="use at least two stages, or the one-shot optimum")
        self.problem = problem
        self.models = stage_models(problem)
        self.pools: list[CutPool | None] = [
            CutPool(len(programs), problem.initial.size) for programs in problem.programs
        ]
        self.pools[0] = None
        self.generator = np.random.default_rng(seed)
        self.relative_tolerance = tolerance
        self.tolerance = tolerance
        self.history: list[float] = []
        self.visited: list[list[Array]] = [[] for _ in range(problem.stages - 1)]
        self._clock = clock

    def _answer(self, stage: int, outcome: int, stock: Array) -> StageAnswer:
        pool = self.pools[stage + 1] if stage + 1 < self.problem.stages else None
        return self.models[stage][outcome].solve(stock, pool, self.tolerance)

    def step(self) -> float:
        """One forward and one backward pass; returns the lower bound before it.

        Outcomes are drawn uniformly among those that can happen, so that rare bans are visited.
        """
        problem = self.problem
        stock, outcome, trial = problem.initial, 0, []
        for stage in range(problem.stages - 1):
            answer = self._answer(stage, outcome, stock)
            if stage == 0:
                self.history.append(answer.value)
                self.tolerance = self.relative_tolerance * max(1.0, abs(answer.value))
            stock = answer.stock
            trial.append(stock)
            self.visited[stage].append(stock)
            outcome = int(self.generator.choice(self.models[stage][outcome].future))
        for stage in range(problem.stages - 1, 0, -1):
            self._cut(stage, trial[stage - 1])
        return self.history[-1]

    def _cut(self, stage: int, stock: Array) -> None:
        """A cut for every outcome of a stage at one entering stock."""
        answers = [self._answer(stage, outcome, stock) for outcome in range(len(self.models[stage]))]
        slope = np.array([answer.slope for answer in answers])
        height = np.array([answer.value for answer in answers]) - slope @ stock
        pool = self.pools[stage]
        if pool is not None:
            pool.add(height, slope)

    def run(
        self,
        *,
        gap: float = 1e-4,
        seconds: float = 60.0,
        iterations: int = 100_000,
        exact_states: int = MOST_STATES,
        steepest: float | None = None,
    ) -> SddpResult:
        """Iterate until the certified gap is at most `gap` (relative), or time or iterations run out.

        The tree is evaluated exactly when it holds at most `exact_states` distinct (stage, outcome, stock) states;
        checks are spaced so that they take a minor part of the time. steepest: what a tonne can be worth at most
        [k€/t]; it certifies risk-averse problems whose tree does not fit (see `inner_bound`), after the time limit.
        The result says whether the target was certified.
        """
        self.relative_tolerance = min(self.relative_tolerance, 0.01 * gap / self.problem.stages) or 1e-12
        start, done = self._clock(), 0
        fits = self.problem.tree_size() <= 4 * exact_states
        upper, certificate = np.inf, Certificate.NONE
        reserve = 0.0 if fits or not self.problem.risk.neutral else 0.12 * seconds  # kept for the final certificate
        check_at = self._clock()
        while done < iterations and self._clock() - start < seconds - 1.3 * reserve:
            self.step()
            done += 1
            if not fits or done < 20 or self._clock() < check_at:
                continue
            before = self._clock()
            if self._promising(gap):
                upper, certificate, fits = self._exact(upper, certificate, exact_states)
                reserve = self._clock() - before
                if _relative(self._lower(), upper) <= gap:
                    return self._result(upper, certificate, gap, done, self._clock() - start)
            check_at = self._clock() + 4.0 * (self._clock() - before)  # checks take a minor part of the time
        if fits:
            upper, certificate, fits = self._exact(upper, certificate, exact_states)
        if certificate is Certificate.NONE and self.problem.risk.neutral:
            upper, certificate = self._sampled(seconds - (self._clock() - start), gap), Certificate.SAMPLED
        elif certificate is Certificate.NONE and steepest is not None:
            upper, certificate = self.inner(steepest), Certificate.INNER
        return self._result(upper, certificate, gap, done, self._clock() - start)

    def _promising(self, gap: float, paths: int = 8) -> bool:
        """Whether a few drawn paths suggest that an exact evaluation would certify `gap`; yes when risk-averse."""
        if not self.problem.risk.neutral:
            return True
        excess = sum(self.path_excess() for _ in range(paths)) / paths
        return excess <= gap * abs(self.history[-1])

    def _exact(self, upper: float, certificate: Certificate, states: int) -> tuple[float, Certificate, bool]:
        """The best upper bound so far after one exact evaluation, its certificate, and whether the tree fits."""
        found = self.evaluate_exactly(states)
        if found is None:
            return upper, certificate, False
        return min(upper, found), Certificate.EXACT, True

    def _lower(self) -> float:
        return self._answer(0, 0, self.problem.initial).value

    def _result(self, upper: float, certificate: Certificate, target: float, done: int, spent: float) -> SddpResult:
        first = self._answer(0, 0, self.problem.initial)
        gap = _relative(first.value, upper)
        converged = certificate is not Certificate.NONE and gap <= target
        return SddpResult(first.value, upper, gap, certificate, converged, done, spent, first, np.array(self.history))

    def evaluate_exactly(self, most_states: int = MOST_STATES) -> float | None:
        """The (risk-adjusted) cost of the policy that the cuts imply, over the whole tree; None when it does not fit.

        Nodes that share stage, outcome and entering stock are evaluated once. It is an upper bound on the optimum,
        because the policy can be carried out.
        """
        problem = self.problem
        Key = tuple[float, ...]
        levels: list[dict[tuple[Key, int], tuple[float, Key]]] = []
        stocks: dict[Key, Array] = {tuple(problem.initial): problem.initial}
        frontier = {(tuple(problem.initial), 0)}
        count = 0
        for stage in range(problem.stages):
            count += len(frontier)
            if count > most_states:
                return None
            level: dict[tuple[Key, int], tuple[float, Key]] = {}
            leaving: dict[Key, Array] = {}
            following: set[tuple[Key, int]] = set()
            for key, outcome in sorted(frontier):
                answer = self._answer(stage, outcome, stocks[key])
                rounded = tuple(np.round(answer.stock, _ROUND_STOCK).tolist())
                level[(key, outcome)] = (answer.cost, rounded)
                leaving[rounded] = answer.stock
                following.update((rounded, int(j)) for j in self.models[stage][outcome].future)
            levels.append(level)
            stocks, frontier = leaving, following
        return self._fold(levels)

    def _fold(self, levels: list[dict[tuple[tuple[float, ...], int], tuple[float, tuple[float, ...]]]]) -> float:
        """The nested cost of the recorded decisions, from the last stage back."""
        problem = self.problem
        after: dict[tuple[tuple[float, ...], int], float] = {}
        for stage in range(problem.stages - 1, -1, -1):
            now = {}
            for (key, outcome), (cost, leaving) in levels[stage].items():
                future = self.models[stage][outcome].future
                total = cost
                if future.size:
                    chance = problem.transition[stage][outcome, future]
                    values = np.array([after[(leaving, int(j))] for j in future])
                    total += problem.discount * problem.risk.of(chance, values)
                now[(key, outcome)] = total
            after = now
        return float(next(iter(after.values())))

    def inner(self, steepest: float, points: int = 80) -> float:
        """The deterministic upper bound from the last distinct stocks visited in each stage."""
        chosen: list[Array] = []
        for stocks in self.visited:
            recent = np.asarray(np.round(stocks[-4 * points :], _ROUND_STOCK), dtype=np.float64)
            _, first = np.unique(recent[::-1], axis=0, return_index=True)
            chosen.append(recent[::-1][np.sort(first)[:points]])
        return inner_bound(self.problem, chosen, steepest)

    def _sampled(self, seconds: float, gap: float, least: int = 16) -> float:
        """Upper 95 % bound on the policy's cost; at least `least` paths, no more than its error needs beside `gap`."""
        start, lower = self._clock(), self._lower()
        totals: list[float] = []
        while True:
            totals.append(self.path_excess())
            if len(totals) < least:
                continue
            error = float(np.std(totals, ddof=1)) / np.sqrt(len(totals))
            if error <= 0.1 * gap * abs(lower) or self._clock() - start >= seconds:
                return float(lower + np.mean(totals) + _NORMAL_95_ONE_SIDED * error)

    def path_excess(self) -> float:
        """How much the policy costs above the lower bound, along one drawn path (risk-neutral).

        At each visited stock the expected value of the next stage is compared with its cuts; the discounted sum of
        these differences has the policy's cost minus the lower bound as its mean, and a far smaller variance than the
        cost of a path, because the chance part drops out.
        """
        problem = self.problem
        answer, outcome, total = self._answer(0, 0, problem.initial), 0, 0.0
        for stage in range(problem.stages - 1):
            chance = problem.transition[stage][outcome]
            future = self.models[stage][outcome].future
            nexts = {int(j): self._answer(stage + 1, int(j), answer.stock) for j in future}
            expected = sum(chance[j] * nexts[j].value for j in nexts)
            promised = (answer.value - answer.cost) / problem.discount
            total += problem.discount ** (stage + 1) * (expected - promised)
            outcome = int(self.generator.choice(future, p=chance[future]))
            answer = nexts[outcome]
        return float(total)


def _relative(lower: float, upper: float) -> float:
    if not np.isfinite(upper):
        return float("inf")
    return (upper - lower) / max(abs(upper), abs(lower), 1e-12)
