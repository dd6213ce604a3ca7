"""From stock data to a multistage problem: several materials under one budget, and one material in a licence regime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.stock.multistage import Array, MultistageProblem, NestedRisk, StageProgram


@dataclass(frozen=True, slots=True)
class MaterialsStock:
    """Several materials that share a budget and a warehouse; outcomes are independent from stage to stage.

    probability: (o,) summing to 1; penalty, holding, decay, salvage, initial_stock: (m,) [k€/t, k€/t, share, k€/t, t];
    gap, price, available: (o, m) shortage to cover [t], price [k€/t], tonnes on offer [t];
    budget: [k€ per stage]; warehouse: [t]; discount: per stage, in (0, 1].
    """

    probability: Array
    penalty: Array
    holding: Array
    decay: Array
    salvage: Array
    gap: Array
    price: Array
    available: Array
    budget: float
    warehouse: float
    discount: float
    initial_stock: Array


def materials_problem(data: MaterialsStock, stages: int, risk: NestedRisk | None = None) -> MultistageProblem:
    """The multistage problem of several materials (case V26): stage 0 is known, has outcome 0 and no gap.

    Decisions per material, in this order: buy, release, short, stock at the end. `stages` ≥ 1.
    """
    if data.budget < 0.0 or data.warehouse < 0.0:
        raise InputError(
            "the budget or the warehouse is negative",
            why=f"budget {data.budget}, warehouse {data.warehouse}",
            mend="use 0 or more",
        )
    outcomes = data.probability.size
    programs: list[tuple[StageProgram, ...]] = [(_materials_program(data, 0, first=True, last=stages == 1),)]
    for stage in range(1, stages):
        last = stage == stages - 1
        programs.append(tuple(_materials_program(data, o, first=False, last=last) for o in range(outcomes)))
    transition = [np.tile(data.probability, (len(programs[t]), 1)) for t in range(stages - 1)]
    floor = -float(np.sum(np.maximum(data.salvage, 0.0)) * data.warehouse)
    return MultistageProblem(
        tuple(programs), tuple(transition), data.initial_stock, data.discount, risk or NestedRisk(), min(floor, 0.0)
    )


def _materials_program(data: MaterialsStock, outcome: int, *, first: bool, last: bool) -> StageProgram:
    m = data.penalty.size
    eye, zero = np.eye(m), np.zeros((m, m))
    gap = np.zeros(m) if first else data.gap[outcome]
    price = data.price[outcome]
    matrix = np.vstack(
        [
            np.hstack([-eye, eye, zero, eye]),  # stock_end − buy + release = (1 − decay)·stock_begin
            np.hstack([zero, eye, eye, zero]),  # release + short ≥ gap
            np.hstack([price, np.zeros(3 * m)])[None, :],  # money spent ≤ budget
            np.hstack([np.zeros(3 * m), np.ones(m)])[None, :],  # tonnes held ≤ warehouse
        ]
    )
    incoming = np.vstack([-np.diag(1.0 - data.decay), np.zeros((m + 2, m))])
    end = data.holding - (data.salvage if last else 0.0)
    return StageProgram(
        cost=np.concatenate([price, np.zeros(m), data.penalty, end]),
        lower=np.zeros(4 * m),
        upper=np.concatenate([data.available[outcome], np.full(3 * m, np.inf)]),
        matrix=matrix,
        incoming=incoming,
        row_lower=np.concatenate([np.zeros(m), gap, [-np.inf, -np.inf]]),
        row_upper=np.concatenate([np.zeros(m), np.full(m, np.inf), [data.budget, data.warehouse]]),
        outgoing=np.arange(3 * m, 4 * m, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class RegimeStock:
    """One material whose supply follows a regime (normal, licence, ban) that changes from stage to stage.

    states: names; transition: (g, g) rows sum to 1; supply: per state a list of (probability, tonnes);
    buy_cap, price: (g,) [t, k€/t]; steps: (width [t] or inf, loss [k€/t]) in rising order of loss;
    demand [t per stage]; capacity: largest stock [t]; holding: [k€/t at the end of a stage]; salvage [k€/t].
    """

    states: Sequence[str]
    transition: Array
    supply: Sequence[Sequence[tuple[float, float]]]
    buy_cap: Array
    price: Array
    steps: Sequence[tuple[float, float]]
    demand: float
    capacity: float
    holding: float
    salvage: float
    discount: float

    def outcomes(self) -> tuple[NDArray[np.int64], Array, Array]:
        """The (state, supply) pairs: state index (n,), probability within its state (n,), tonnes supplied (n,)."""
        pairs = [(g, p, s) for g, options in enumerate(self.supply) for p, s in options]
        state = np.array([g for g, _, _ in pairs], dtype=np.int64)
        return state, np.array([p for _, p, _ in pairs]), np.array([s for _, _, s in pairs])

    def chain(self) -> Array:
        """Probability of each (state, supply) pair after each other: (n, n), rows sum to 1."""
        state, probability, _ = self.outcomes()
        return np.asarray(self.transition[np.ix_(state, state)] * probability[None, :])

    def shortage_cost(self, short: Array) -> Array:
        """The loss of missing `short` tonnes [k€], any shape: the least valuable use is cut first."""
        left = np.maximum(np.asarray(short, dtype=float), 0.0)
        total = np.zeros_like(left)
        for width, loss in self.steps:
            cut = np.minimum(left, width)
            total += loss * cut
            left = left - cut
        return np.asarray(total)


def regime_problem(
    data: RegimeStock, stages: int, *, start: tuple[str, float], stock: float = 0.0, risk: NestedRisk | None = None
) -> MultistageProblem:
    """The multistage problem of one material in a regime (cases V11, V11b); `start` is the state and supply of stage 0.

    Decisions: buy, release, stock at the end, then one shortage per step. Holding is paid on the stock at the end of
    every stage; what is left after the last stage is sold at the salvage price one stage later.
    """
    state, _, supply = data.outcomes()
    found = [i for i in range(state.size) if data.states[state[i]] == start[0] and supply[i] == start[1]]
    if not found:
        raise InputError(
            "the start is not an outcome of the regime", why=f"{start}", mend="name a state and a supply of it"
        )
    chain = data.chain()
    now = _regime_program(data, int(state[found[0]]), float(supply[found[0]]), last=stages == 1)
    programs: list[tuple[StageProgram, ...]] = [(now,)]
    for stage in range(1, stages):
        last = stage == stages - 1
        programs.append(
            tuple(_regime_program(data, int(g), float(s), last=last) for g, s in zip(state, supply, strict=True))
        )
    transition = [chain[found[0]][None, :] if t == 0 else chain for t in range(stages - 1)]
    floor = -data.salvage * data.capacity
    return MultistageProblem(
        tuple(programs), tuple(transition), np.array([stock]), data.discount, risk or NestedRisk(), floor
    )


def _regime_program(data: RegimeStock, state: int, supply: float, *, last: bool) -> StageProgram:
    steps = len(data.steps)
    widths = np.array([width for width, _ in data.steps])
    losses = np.array([loss for _, loss in data.steps])
    balance = np.concatenate([[-1.0, 1.0, 1.0], np.zeros(steps)])
    cover = np.concatenate([[0.0, 1.0, 0.0], np.ones(steps)])
    # what is left is sold one stage after the last, hence the discount on salvage
    end = data.holding - (data.discount * data.salvage if last else 0.0)
    return StageProgram(
        cost=np.concatenate([[data.price[state], 0.0, end], losses]),
        lower=np.zeros(3 + steps),
        upper=np.concatenate([[data.buy_cap[state], np.inf, data.capacity], widths]),
        matrix=np.vstack([balance, cover]),
        incoming=np.array([[-1.0], [0.0]]),
        row_lower=np.array([0.0, max(data.demand - supply, 0.0)]),
        row_upper=np.array([0.0, np.inf]),
        outgoing=np.array([2], dtype=np.int64),
    )


def materials_stock_from(inputs: Mapping[str, object]) -> MaterialsStock:
    """The stock data of a case file or pilot: every key of `MaterialsStock`, numbers and lists of numbers."""
    names = MaterialsStock.__dataclass_fields__
    missing = [name for name in names if name not in inputs]
    if missing:
        raise InputError("stock data are incomplete", why=f"missing: {', '.join(missing)}", mend="give every key")
    arrays = {name: np.asarray(inputs[name], dtype=np.float64) for name in names}
    scalars = {"budget", "warehouse", "discount"}
    return MaterialsStock(**{n: float(a) if n in scalars else a for n, a in arrays.items()})  # type: ignore[arg-type]
