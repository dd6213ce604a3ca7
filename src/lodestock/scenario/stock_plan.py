"""A stock plan for a scenario: how much, in which form, held by whom and where; what it is worth and how sure that is.

The shortage draws of the run are the scenarios of the design problem (MODEL §7.4). Three layers are kept apart (§12):
chance is in the plan, ignorance are the draws, structure is the bracket over allocations and licence readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, UnknownNameError
from lodestock.measures.robustness import Paired, must_be_true, paired
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.schema import Scenario
from lodestock.scenario.stock_data import conversion
from lodestock.scenario.stock_options import StockCase, known_forms, stock_case
from lodestock.scenario.summary import Summary, Variant, summarise
from lodestock.stock.design import Aim, DesignSolver, Plan
from lodestock.stock.location import Places, Siting, best_sites
from lodestock.stock.options import delivered, one_material, strata, undominated

Array = NDArray[np.float64]
STRATA = 256
FRONTIER_POINTS = 20
SHOWN = 1e5  # k€: how far the frontier goes when nothing may be spent
ALLOCATIONS = ("best", "pro_rata", "worst")
MAP_VALUES = np.geomspace(20.0, 20_000.0, 40)


@dataclass(frozen=True, slots=True)
class StockAsk:
    """What is asked: budget that may be invested, whoever pays [k€]; aversion: weight of the tail (CVaR) in [0, 1] and
    its level; region: for whom; forms: only these; require: tonnes of the product that must be held at least;
    seconds: time that the solver may take for one plan."""

    budget: float
    aversion: float = 0.0
    level: float = 0.95
    region: str = "NLD"
    forms: tuple[str, ...] = ()
    require: float = 0.0
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Way:
    """A plan that is bound to one form, holder or place, beside the best plan. cost, loss, total: [k€/yr] at middle
    values; against: paired differences of its total with that of the best plan; same: it is the best plan."""

    kind: str
    key: str
    tonnes: float
    invested: float
    cost: float
    loss: float
    total: float
    break_even: Summary
    against: Paired
    same: bool = False


@dataclass(frozen=True, slots=True)
class StockPlan:
    """The answer. tonnes: (i,) per option of the case; plan: the solved problem; without: expected loss without a stock
    [k€/yr]; gain: net gain a year [k€/yr] in three layers; delivered: tonnes in a year with a regime; break_even: p*
    of the whole plan [1/yr]; claim: plan against nothing; chance: net result of a year without and with a regime [k€];
    must: value of a tonne (v,) [k€/t] and the chance above which the plan pays (v, 3) [1/yr]; by_sharing: value of a
    tonne under the best and worst sharing of the shortage [k€/t]."""

    ask: StockAsk
    case: StockCase
    tonnes: Array
    plan: Plan
    without: float
    tail_without: float
    value: Summary
    gain: Summary
    delivered: Summary
    yearly_cost: Summary
    break_even: Summary
    claim: Paired
    chance: tuple[float, float]
    public_cost: float
    users_cost: float
    frontier: tuple[Plan, ...]
    ways: tuple[Way, ...]
    sites: tuple[Siting, ...]
    must: tuple[Array, Array]
    by_sharing: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class World:
    """The draws in which plans are compared: shortage (d,) [t], chance (d,) [1/yr], value per tonne (d,) [k€/t]."""

    shortage: Array
    chance: Array
    value: Array

    def loss(self, brought: Array) -> Array:
        """Expected loss a year that is left when so many tonnes are brought: (d,) [k€/yr]."""
        return np.asarray(self.chance * self.value * (self.shortage - brought))


def worlds(run: ScenarioRun, case: StockCase, region: str) -> dict[Variant, World]:
    """The draws under the reference and under each other reading: licence variants, and allocations of the shortage.

    The value of a tonne is what it puts at risk, less what is made up later, never above what switching or redesign
    costs (MODEL §13, trap 6). For a coalition it is that of the focus country: no wider value added is known.
    """
    importer, focus = run.draws.of(region), run.draws.of(run.scenario.economy.region)
    kept, cap = 1.0 - case.single["recapture"], case.single["redesign_cap"]
    chance = run.draws.shared["yearly_chance"]
    whole = 1000.0 * run.draws.exposure.value.sum(axis=1) / focus.use
    out = {key: World(item.total_short(), chance, np.minimum(whole * kept, cap)) for key, item in importer.out.items()}
    short = focus.out[REFERENCE].total_short()
    for name in ("best", "worst"):
        lost = 1000.0 * getattr(run.draws.risk[REFERENCE], name)
        value = np.divide(lost, short, out=whole.copy(), where=short > 0.0)
        out[("allocation", name)] = World(out[REFERENCE].shortage, chance, np.minimum(value * kept, cap))
    return out


def check_ask(scenario: Scenario, ask: StockAsk) -> None:
    """Refuse a question that cannot be answered, before the scenario is run: budget, forms, region."""
    Aim(ask.budget, ask.aversion, ask.level)
    if not 0.0 <= ask.require < np.inf or not ask.seconds >= 0.0:
        raise InputError(
            "a required stock or a time limit is out of range", why=f"{ask.require} t, {ask.seconds} s",
            mend="give finite tonnes and seconds of 0 or more",
        )  # fmt: skip
    known_forms(scenario.product.id, ask.forms)
    followed = [importer.region for importer in scenario.importers]
    if ask.region not in followed:
        raise UnknownNameError("importer of the scenario", ask.region, followed, where="--for")
    conversion(scenario.product.id, ask.region)


def stock_plan(run: ScenarioRun, ask: StockAsk) -> StockPlan:
    """The best stock within a budget for a region of the scenario, with its frontier and what must be true.

    Raises InputError for a budget that cannot pay what is required, UnknownNameError for a form or region that is not
    there, SolverError (with the bound) when the solver stops before it has proven the plan.
    """
    case = stock_case(run, ask.region, ask.forms)
    seen = worlds(run, case, ask.region)
    world = seen[REFERENCE]
    gap, probability = strata(world.shortage, run.scenario.stock.yearly_chance.value, STRATA)
    value = float(np.median(world.value))
    aim = Aim(ask.budget, ask.aversion, ask.level)
    task = _Task(case, gap, probability, value, aim, ask.seconds)
    best, tonnes = task.solve(np.arange(len(case.options)), ask.require)
    frontier = task.frontier(ask.budget, ask.require)
    none = task.nothing()
    gains = {key: _gain(case, tonnes, item) for key, item in seen.items()}
    brought = {key: _brought(case, tonnes, item) for key, item in seen.items() if key[0] != "allocation"}
    costs = case.drawn.carry.T @ tonnes
    total = float(tonnes.sum())
    middle_brought = float(np.median(brought[REFERENCE]))
    even = _even(case, tonnes, seen) if total > 0.0 else None
    public = np.array([option.holder.public_share for option in case.options])
    ways = tuple(_ways(task, case, tonnes, world, ask))
    cost = float(case.middle.carry @ tonnes)
    return StockPlan(
        ask,
        case,
        tonnes,
        best,
        none.expected_loss,
        none.tail_loss,
        summarise({key: item.value for key, item in seen.items()}, REFERENCE),
        summarise(gains, REFERENCE),
        summarise(brought, REFERENCE),
        summarise({REFERENCE: costs}, REFERENCE),
        even if even is not None else Summary(0.0, 0.0, 0.0, (0.0, 0.0)),
        paired(world.loss(np.zeros(1)), world.loss(np.zeros(1)) - gains[REFERENCE]),
        (-cost, middle_brought * value - cost),
        float(np.median(case.drawn.carry.T @ (tonnes * public))),
        float(np.median(case.drawn.carry.T @ (tonnes * (1.0 - public)))),
        frontier,
        ways,
        tuple(_sites(run, case, tonnes, value)),
        (MAP_VALUES, _map(case, tonnes, brought[REFERENCE])),
        {key[1]: float(np.median(item.value)) for key, item in seen.items() if key[0] == "allocation"},
    )


class _Task:
    """The design problem of one case: solved for subsets of its options."""

    def __init__(self, case: StockCase, gap: Array, probability: Array, value: float, aim: Aim, seconds: float) -> None:
        self.case, self.gap, self.probability, self.value, self.aim = case, gap, probability, value, aim
        self.seconds = seconds

    def _solver(self, chosen: NDArray[np.int64], require: float) -> tuple[DesignSolver, NDArray[np.int64]]:
        some = self.case.middle.take(chosen)
        kept = undominated(some)
        few = some.take(kept)
        design = one_material(few, self.gap, self.probability, self.value)
        if require > 0.0:
            design.least[int(np.argmin(few.carry / few.useful()))] = require
        return DesignSolver(design, seconds=self.seconds), chosen[kept]

    def solve(self, chosen: NDArray[np.int64], require: float = 0.0) -> tuple[Plan, Array]:
        """The best plan with the chosen options, and its tonnes per option of the case."""
        solver, kept = self._solver(chosen, require)
        plan = solver.solve(self.aim)
        tonnes = np.zeros(len(self.case.options))
        tonnes[kept] = plan.tonnes
        return plan, tonnes

    def frontier(self, budget: float, require: float) -> tuple[Plan, ...]:
        """The efficient plans for budgets from what is required to twice the budget, or to where nothing more pays."""
        solver, _ = self._solver(np.arange(len(self.case.options)), require)
        least = float(solver.design.spend @ solver.design.least)
        most = max(2.0 * budget if budget > 0.0 else SHOWN, least)
        enough = 1.1 * solver.solve(Aim(most, self.aim.aversion, self.aim.level)).spent
        budgets = np.linspace(least, max(min(most, enough), least, 1.0), FRONTIER_POINTS)
        return tuple(solver.solve(Aim(float(b), self.aim.aversion, self.aim.level)) for b in budgets)

    def nothing(self) -> Plan:
        """No stock at all."""
        solver, _ = self._solver(np.arange(len(self.case.options)), 0.0)
        return solver.solve(Aim(0.0, self.aim.aversion, self.aim.level))


def _brought(case: StockCase, tonnes: Array, world: World) -> Array:
    held = np.nonzero(tonnes > 0.0)[0]
    if held.size == 0:
        return np.zeros(world.shortage.size)
    useful = tonnes[held, None] * case.drawn.useful[held]
    return delivered(case.middle.route[held], useful, case.drawn.capacity, world.shortage)


def _total(case: StockCase, tonnes: Array, world: World) -> Array:
    """Carry and expected loss a year in each draw [k€/yr]."""
    return np.asarray(case.drawn.carry.T @ tonnes + world.loss(_brought(case, tonnes, world)))


def _gain(case: StockCase, tonnes: Array, world: World) -> Array:
    return np.asarray(world.loss(np.zeros(1)) - _total(case, tonnes, world))


def _even(case: StockCase, tonnes: Array, seen: Mapping[Variant, World]) -> Summary:
    """p* of the whole plan: its yearly cost over what it saves in a year with a regime; 1 where it saves nothing.

    Tonnes that a short regime leaves in store save nothing, so that a larger stock needs a higher chance.
    """
    cost = case.drawn.carry.T @ tonnes
    found = {}
    for key, world in seen.items():
        saved = _brought(case, tonnes, world) * world.value
        found[key] = np.minimum(np.divide(cost, saved, out=np.ones_like(cost), where=saved > 0.0), 1.0)
    return summarise(found, REFERENCE)


def _map(case: StockCase, tonnes: Array, brought: Array) -> Array:
    """p* of the whole plan by value of a tonne: (v, 3), low, middle and high over the draws."""
    cost = case.drawn.carry.T @ tonnes
    if tonnes.sum() <= 0.0:
        return np.full((MAP_VALUES.size, 3), np.nan)
    ratio = np.quantile(cost / np.maximum(brought, 1e-9), [0.05, 0.5, 0.95])
    return np.stack([must_be_true(float(one), 1.0, MAP_VALUES) for one in ratio], axis=1)


def _ways(task: _Task, case: StockCase, best: Array, world: World, ask: StockAsk) -> list[Way]:
    """The best plan with one form, one way of holding or one place only, each beside the best plan."""
    total = _total(case, best, world)
    out = []
    groups = {
        "form": [option.form.form for option in case.options],
        "holder": [option.holder.financing for option in case.options],
        "place": [option.place.place for option in case.options],
    }
    for kind, names in groups.items():
        for name in dict.fromkeys(names):
            chosen = np.array([i for i, found in enumerate(names) if found == name], dtype=np.int64)
            plan, tonnes = task.solve(chosen)
            even = _first_tonne(task.case, chosen, world)
            against = paired(total, _total(case, tonnes, world))
            held = float(tonnes.sum())
            out.append(
                Way(kind, name, held, plan.spent, plan.cost, plan.expected_loss, plan.cost + plan.expected_loss, even,
                    against, bool(np.allclose(tonnes, best, rtol=1e-9, atol=1e-6)))
            )  # fmt: skip
    return out


def _first_tonne(case: StockCase, chosen: NDArray[np.int64], world: World) -> Summary:
    """p* of the first tonne of the cheapest of the chosen options; 1 where it can deliver nothing."""
    some = case.middle.take(chosen)
    deliverable = some.deliverable() > 0.0
    if not deliverable.any():
        return Summary(1.0, 1.0, 1.0, (1.0, 1.0))
    rank = np.where(deliverable, some.carry / some.useful(), np.inf)
    i = int(chosen[int(rank.argmin())])
    even = np.minimum(case.drawn.carry[i] / (case.drawn.useful[i] * world.value), 1.0)
    return summarise({REFERENCE: even}, REFERENCE)


def _sites(run: ScenarioRun, case: StockCase, tonnes: Array, value: float) -> list[Siting]:
    """Every set of warehouses for the plan's tonnes, fixed costs and access risk included, cheapest first."""
    total = float(tonnes.sum())
    if total <= 0.0:
        return []
    places = list({option.place.place: option.place for option in case.options}.values())
    chance = run.scenario.stock.yearly_chance.value
    fit = float((tonnes * case.middle.fit).sum()) / total
    sites = Places(
        tuple(item.place for item in places),
        np.array([item.fixed for item in places]),
        np.array([item.storage for item in places]),
        np.array([item.capacity for item in places]),
        chance * np.array([[item.transport[case.region]] for item in places]),
        np.array([[item.cut_off[case.region][1]] for item in places]),
        np.array([chance * value * fit]),
        np.array([item.logistics for item in places]),
    )
    if sites.capacity.sum() < total:
        raise InputError(
            "the places cannot hold the plan", why=f"{total:.6g} t against {sites.capacity.sum():.6g} t of room",
            mend="lower the budget, or add places to reference/stock/places.csv",
        )  # fmt: skip
    return (
        best_sites(sites, np.array([total]), most_open=1, keep=len(places))
        if total <= sites.capacity.max()
        else (best_sites(sites, np.array([total]), keep=8))
    )
