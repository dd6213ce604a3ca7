"""Measures for a scenario, compared: stock, processing, recycling, second source and substitution in one portfolio.

The plan is chosen at middle values by the portfolio problem (MODEL §7.4) and judged on simulated futures: the same
parameter draws and the same scenarios of chance for every choice (MODEL §8). Equations: measures-equations.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.measures.comparison import (
    Futures,
    Measures,
    at_work,
    futures,
    loss_left,
    portfolio,
    present_value,
    unit_cost,
)
from lodestock.measures.portfolio import PortfolioSolver
from lodestock.measures.robustness import Paired, Regret, paired, regret
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.luck import central, shortage_by_chance
from lodestock.scenario.measures_data import FIELDS, STOCK, STOCK_TITLE, MeasureBook, measure_book
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.schema import Scenario
from lodestock.scenario.stock_options import Option, StockCase, stock_case
from lodestock.scenario.stock_plan import World, worlds
from lodestock.scenario.summary import Summary, Variant, summarise
from lodestock.stock.coalition import shapley
from lodestock.stock.design import Aim
from lodestock.stock.options import strata

Array = NDArray[np.float64]
GAPS = 24
STRUCTURE_SCENARIOS = 200
STEP = 0.01  # of the budget: what "one more euro" is measured over
BUDGETS = (0.1, 0.25, 0.5, 1.0, 2.0)
STOCK_YEARS = 3.0  # no stock above three years of own use


@dataclass(frozen=True, slots=True)
class MeasuresAsk:
    """budget: euros in total over the horizon, present value [k€]; draws of what is not known × scenarios of chance."""

    budget: float
    region: str = "NLD"
    draws: int = 200
    scenarios: int = 2000

    def __post_init__(self) -> None:
        if not 10.0 <= self.budget <= 1e8:
            raise InputError(
                "the budget is too small or too large to compare measures with", where="--budget",
                why=f"{self.budget * 1e3:g} euros", mend="give euros, from 10000 to 100000000000 (1e4 to 1e11)",
            )  # fmt: skip
        if not 20 <= self.draws <= 2000 or not 50 <= self.scenarios <= 10_000:
            raise InputError(
                "too few or too many draws", where="--draws, --scenarios", why=f"{self.draws} × {self.scenarios}",
                mend="20 to 2000 draws and 50 to 10000 scenarios",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Amounts of each measure and what they do, over draws (d,) [k€/yr]: cost, loss left, tail: CVaR at 95 % of the
    loss over the scenarios of chance."""

    amount: Array
    cost: Array
    loss: Array
    tail: Array

    @property
    def total(self) -> Array:
        """Cost and loss a year: (d,)."""
        return np.asarray(self.cost + self.loss)


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """One measure. alone: the best with this measure only; against_nothing, against_plan: paired over draws; shapley:
    its part of the plan's net gain, 0 for what the plan leaves out; first_euro, last_euro: avoided loss per euro from
    nothing, and more of it beside the plan, None where there is no room; working: share at work by year (y,)."""

    id: str
    title: Text
    amount: float
    alone: Choice
    against_nothing: Paired
    against_plan: Paired
    shapley: Summary
    first_euro: Summary
    last_euro: Summary | None
    unit_cost: Summary
    working: Array


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """A budget [k€, present value] at middle values: avoided loss per euro on average, and of the next euro."""

    budget: float
    spent: float
    average: float | None
    next_euro: float


@dataclass(frozen=True, slots=True)
class MeasuresPlan:
    """The comparison. plan, nothing: the choices; claim: plan against nothing; between: pairs of measures alone; worst:
    regret over structural readings × draws; choices: names of the rows of that table; years, rate, yearly: horizon,
    discount rate and what the budget is a year [k€/yr]; quiet: share of the futures without a regime; regime_years:
    share of the years with a regime, weighted as losses are, over draws."""

    ask: MeasuresAsk
    book: MeasureBook
    option: Option
    case: StockCase
    years: int
    rate: float
    yearly: float
    plan: Choice
    nothing: Choice
    claim: Paired
    gain: Summary
    results: tuple[MeasureResult, ...]
    between: Mapping[tuple[str, str], Paired]
    points: tuple[BudgetPoint, ...]
    choices: tuple[str, ...]
    worst: Regret
    quiet: float
    regime_years: Summary


class _Bench:
    """Everything that stays the same while choices are compared."""

    def __init__(self, run: ScenarioRun, ask: MeasuresAsk) -> None:
        self.run, self.ask = run, ask
        self.book = measure_book(run.scenario.product.id)
        self.case = stock_case(run, ask.region)
        self.count = min(ask.draws, run.scenario.ensemble.draws)
        self.years = self.book.years
        self.rate = float(self.case.rates["state"].value[1])
        self.pot = float(present_value(self.years, self.rate).sum())
        self.chosen = _best_option(self.case)
        self.measures = self._measures()
        self.middle = self.measures.middle()
        self.seen = worlds(run, self.case, ask.region)
        self.luck = self._luck()
        self.futures = self.world_futures(self.seen[REFERENCE], self.luck)
        self.unit = unit_cost(self.measures, self.years, self.rate)
        self.solver = self._solver()

    def _measures(self) -> Measures:
        seed, draws = self.run.scenario.ensemble.seed + 800, self.run.scenario.ensemble.draws
        items = self.book.measures
        points = sobol(draws, len(items) * len(FIELDS), seed)[: self.count]
        drawn: dict[str, list[Array]] = {name: [] for name in FIELDS}
        for row, item in enumerate(items):
            for column, name in enumerate(FIELDS):
                stated = item.stated[name]
                chance = points[:, row * len(FIELDS) + column]
                drawn[name].append(triangular(chance, stated.low, stated.value, stated.high))
        none, n = np.zeros(self.count), self.count
        use = float(np.median(self.run.draws.of(self.ask.region).use))
        most = [use * item.stated["most"].value for item in items]
        return Measures(
            (STOCK, *(item.id for item in items)),
            np.array([True, *[False] * len(items)]),
            np.stack([self.case.drawn.carry[self.chosen, :n], *drawn["running"]]),
            np.stack([none, *drawn["upfront"]]),
            np.stack([self.case.drawn.useful[self.chosen, :n], *drawn["reach"]]),
            np.stack([none, *drawn["lead"]]),
            np.stack([none, *drawn["ramp"]]),
            np.array([STOCK_YEARS * use, *most]),
        )

    def _luck(self) -> Array:
        scenario = self.run.scenario
        given = central(self.run.draws.of(self.ask.region).given[REFERENCE])
        lots = round(scenario.licence.lots_per_month.value)
        short = shortage_by_chance(
            given, lots, scenario.horizon_months, self.ask.scenarios, scenario.ensemble.seed + 801
        )
        mean = float(short.mean())
        return short / mean if mean > 0.0 else np.ones_like(short)

    def world_futures(self, world: World, luck: Array) -> Futures:
        """The futures of one reading of the evidence."""
        n = self.count
        ends = self.case.single["regime_ends"][:n]
        return futures(
            world.shortage[:n], world.value[:n], world.chance[:n], (1.0 - ends) ** 4, luck,
            years=self.years, rate=self.rate, seed=self.run.scenario.ensemble.seed,
        )  # fmt: skip

    def _solver(self) -> PortfolioSolver:
        world = self.seen[REFERENCE]
        chance = self.run.scenario.stock.yearly_chance.value
        gap, _ = strata(world.shortage, chance, GAPS)
        goes_on = (1.0 - float(self.case.rates["regime_ends"].value[1])) ** 4
        value = float(np.median(world.value))
        return PortfolioSolver(
            portfolio(self.middle, gap[1:], value, chance, goes_on, years=self.years, rate=self.rate)
        )

    def choose(self, mask: int) -> Array:
        """The best amounts at middle values when only the measures of a bit mask may be used."""
        allowed = (mask >> np.arange(len(self.measures.names)) & 1).astype(bool)
        return self.solver.solve(Aim(self.ask.budget / self.pot), allowed=allowed).amount

    def judge(self, amount: Array, seen: Futures | None = None) -> Choice:
        """What amounts cost and leave, in every draw."""
        lost = loss_left(self.measures, seen or self.futures, amount)
        worst = max(1, round(0.05 * lost.shape[1]))
        tail = np.partition(lost, -worst, axis=1)[:, -worst:].mean(axis=1)
        return Choice(amount, amount @ self.unit, lost.mean(axis=1), tail)


def _best_option(case: StockCase) -> int:
    """The stock option with the lowest cost per useful tonne among those that need no conversion.

    What must still be converted delivers no more than what stands idle; such a limit is for the stock room's own plan.
    """
    can = np.isinf(case.middle.deliverable())
    if not can.any():
        raise InputError(
            "no form of stock can deliver without conversion", where=case.region, mend="see reference/stock/forms.csv"
        )
    return int(np.where(can, case.middle.carry / case.middle.useful(), np.inf).argmin())


def check_region(scenario: Scenario, region: str) -> None:
    """Refuse a region that the scenario does not follow, before the scenario is run."""
    followed = [importer.region for importer in scenario.importers]
    if region not in followed:
        raise UnknownNameError("importer of the scenario", region, followed, where="--for")


def compare_measures(run: ScenarioRun, ask: MeasuresAsk) -> MeasuresPlan:
    """Compare the measures of a scenario's product within one budget, on the same draws and the same futures.

    Raises UnknownNameError for a product without measures or a region that was not followed, InputError for a budget
    that is not positive, SolverError (with the bound) when the plan was not proven.
    """
    bench = _Bench(run, ask)
    count = len(bench.measures.names)
    every = (1 << count) - 1
    nothing, plan = bench.judge(np.zeros(count)), bench.judge(bench.choose(every))
    shares = _shares(bench, plan)
    alone = [bench.judge(bench.choose(1 << i)) for i in range(count)]
    names = bench.measures.names
    between = {
        (names[i], names[j]): paired(alone[j].total, alone[i].total) for i in range(count) for j in range(i + 1, count)
    }
    choices = ("nothing", *names, "plan")
    worst, gains = _structure(bench, [nothing.amount, *(item.amount for item in alone), plan.amount])
    gains[REFERENCE] = nothing.total - plan.total
    return MeasuresPlan(
        ask, bench.book, bench.case.options[bench.chosen], bench.case, bench.years, bench.rate,
        ask.budget / bench.pot, plan, nothing,
        paired(nothing.total, plan.total), summarise(gains, REFERENCE),
        tuple(_result(bench, i, plan, nothing, alone[i], shares[i]) for i in range(count)),
        between, _points(bench), choices,
        worst,
        float((~bench.futures.regime.any(axis=0)).mean()),
        _summary(np.tensordot(bench.futures.weight, bench.futures.regime.mean(axis=2), axes=1)),
    )  # fmt: skip


def _shares(bench: _Bench, plan: Choice) -> Array:
    """Each measure's part of the plan's net gain, draw by draw: (a, d) [k€/yr], summing to that gain.

    Shapley over sets of measures, each set with the plan's own amounts. A measure that the plan leaves out adds
    nothing to any set: its part is 0, so that no share is shown for what is not done.
    """
    count = plan.amount.size
    masks = np.arange(1 << count)[:, None] >> np.arange(count) & 1
    total = np.stack([bench.judge(plan.amount * kept).total for kept in masks])
    worth = total[0] - total
    return np.stack([shapley(worth[:, draw]) for draw in range(worth.shape[1])], axis=1)


def _summary(values: Array) -> Summary:
    return summarise({REFERENCE: values}, REFERENCE)


def _result(bench: _Bench, i: int, plan: Choice, nothing: Choice, alone: Choice, share: Array) -> MeasureResult:
    measures = bench.measures
    title = STOCK_TITLE if i == 0 else bench.book.measures[i - 1].title
    return MeasureResult(
        measures.names[i], title, float(plan.amount[i]), alone,
        paired(nothing.total, alone.total), paired(plan.total, alone.total), _summary(share),
        _euro(bench, i, nothing) or _summary(np.zeros(bench.count)), _euro(bench, i, plan),
        _summary(bench.unit[i]),
        at_work(bench.middle.lead[i], bench.middle.ramp[i], bench.years)[0],
    )  # fmt: skip


def _euro(bench: _Bench, i: int, base: Choice) -> Summary | None:
    """Avoided loss per euro of a little more of one measure; None where there is no room for more."""
    step = STEP * bench.ask.budget / bench.pot / float(np.median(bench.unit[i]))
    step = min(step, float(bench.measures.most[i] - base.amount[i]))
    if step <= 1e-9:
        return None
    more = base.amount.copy()
    more[i] += step
    saved = base.loss - bench.judge(more).loss
    return _summary(saved / (step * bench.unit[i]))


def _points(bench: _Bench) -> tuple[BudgetPoint, ...]:
    """Average and marginal euro at a few budgets, at middle values."""
    out = []
    for part in BUDGETS:
        aim = Aim(part * bench.ask.budget / bench.pot)
        found = bench.solver.solve(aim)
        _, following = bench.solver.budget_worth(aim)
        # the objective counts cost and loss: the avoided loss per euro is that plus the euro itself
        out.append(
            BudgetPoint(
                aim.budget * bench.pot, found.cost * bench.pot, found.avoided_per_euro,
                following + 1.0 if following > 1e-9 else 0.0,
            )
        )  # fmt: skip
    return tuple(out)


def _structure(bench: _Bench, amounts: list[Array]) -> tuple[Regret, dict[Variant, Array]]:
    """Regret of each choice over readings of the evidence × draws, and the gain of the last one by reading."""
    luck = bench.luck[: min(STRUCTURE_SCENARIOS, bench.luck.size)]
    luck = luck / max(float(luck.mean()), 1e-12)
    table, gains = [], {}
    for key, world in bench.seen.items():
        seen = bench.world_futures(world, luck)
        rows = np.stack([bench.judge(amount, seen).total for amount in amounts])
        table.append(rows)
        gains[key] = rows[0] - rows[-1]
    return regret(np.concatenate(table, axis=1)), gains
