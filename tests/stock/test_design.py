"""The design problem: form choice (V22), budgets, risk aversion, marginal allocation and the frontier (MODEL §7.4)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.errors import InputError, SolverError, UnknownNameError
from lodestock.stock.allocation import marginal_allocation
from lodestock.stock.benefit import cvar
from lodestock.stock.design import Aim, DesignSolver, StockDesign, best_plan, frontier, loss_of
from lodestock.stock.forms import Disruption, Form, coverage, form_of, idle_capacity, route
from lodestock.stock.lp import lower_bound

STORED = (Form.ORE, Form.OXIDE, Form.MAGNET)
STEPS = (Form.OXIDE, Form.MAGNET)


def magnet_chain(oxide_rate=3.0, magnet_rate=1.5, fit=0.6, most=(1e6, 1e6, 1e6)) -> StockDesign:
    """V22: 5 t of magnets a month are needed, `magnet_rate` of them made at home."""
    rate = min(magnet_rate, 5.0)
    events = [(0.05, 6, "ore"), (0.06, 6, "oxide"), (0.08, 9, "magnet"), (0.03, 12, "all")]
    lost = {"ore": rate, "oxide": rate, "magnet": 5.0 - rate, "all": 5.0}
    scenarios = [
        Disruption(p, stage, lost[stage] * months, {
            Form.OXIDE: oxide_rate * months,
            Form.MAGNET: 0.0 if stage == "magnet" else rate * months,
        })
        for p, months, stage in events
    ]  # fmt: skip
    quiet = Disruption(0.78, "all", 0.0, dict.fromkeys(STEPS, 0.0))
    every = [*scenarios, quiet]
    return StockDesign(
        material=np.zeros(3, dtype=np.int64),
        carry=np.array([10 * 0.06, 60 * 0.07, 140 * 0.11]),
        spend=np.array([10.0, 60.0, 140.0]),
        fit=np.array([1.0, 1.0, fit]),
        least=np.zeros(3),
        most=np.array(most),
        cover=np.array([coverage(STORED, s.stage) for s in every]).T,
        gap=np.array([[s.gap for s in every]]),
        width=np.array([[1.0]]),
        value=np.array([[900.0]]),
        route=route(STORED, STEPS),
        capacity=idle_capacity(every, STEPS),
        probability=np.array([s.chance for s in every]),
    )


def test_ore_and_magnets_together_are_the_best_form():
    plan = best_plan(magnet_chain(), Aim(1e9))
    assert plan.objective == pytest.approx(1088.8, rel=1e-9)
    assert plan.tonnes == pytest.approx([18.0, 0.0, 70.0], abs=1e-6)


@pytest.mark.parametrize(
    ("most", "cost", "tonnes"),
    [((0, 0, 0), 4779.0, (0, 0, 0)), ((0, 1e6, 0), 3477.6, (0, 18, 0)), ((0, 0, 1e6), 1540.0, (0, 0, 100))],
)
def test_single_forms_cost_what_was_published(most, cost, tonnes):
    plan = best_plan(magnet_chain(most=most), Aim(1e9))
    assert plan.objective == pytest.approx(cost, rel=1e-9)
    assert plan.tonnes == pytest.approx(tonnes, abs=1e-6)


def test_oxide_without_converters_has_no_value():
    nothing = best_plan(magnet_chain(magnet_rate=0.0, most=(0, 0, 0)), Aim(1e9))
    oxide = best_plan(magnet_chain(magnet_rate=0.0, most=(0, 1e6, 0)), Aim(1e9))
    assert oxide.objective == pytest.approx(nothing.objective, rel=1e-12)
    assert oxide.tonnes == pytest.approx([0.0, 0.0, 0.0])


def random_design(seed, materials=4, scenarios=40) -> StockDesign:
    draw = np.random.default_rng(seed)
    gap = draw.exponential(20, (materials, scenarios)) * (draw.random((materials, scenarios)) < 0.3)
    value = np.sort(draw.uniform(20, 900, (materials, 3)), axis=1)
    price = draw.uniform(5, 80, materials)
    return StockDesign(
        np.arange(materials), 0.05 * price, price, np.ones(materials), np.zeros(materials), np.full(materials, 1e6),
        np.ones((materials, scenarios)), gap, draw.uniform(3, 15, (materials, 3)), value,
        np.zeros((materials, 0), dtype=bool), np.zeros((0, scenarios)), draw.dirichlet(np.ones(scenarios)),
    )  # fmt: skip


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0, 4000))
def test_marginal_allocation_is_the_programme_without_risk_aversion(seed, budget):
    d = random_design(seed)
    joint = best_plan(d, Aim(budget))
    apart = marginal_allocation(d.gap, d.probability, d.width, d.value, d.carry, d.spend, budget)
    assert apart.objective == pytest.approx(joint.objective, rel=1e-9)
    assert apart.spent <= budget + 1e-7
    assert apart.worth_high - 1e-6 <= joint.budget_worth <= apart.worth_low + 1e-6


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_more_budget_is_never_worse(seed, aversion):
    solver = DesignSolver(random_design(seed))
    values = [solver.solve(Aim(budget, aversion)).objective for budget in (0.0, 200.0, 800.0, 3000.0)]
    assert (np.diff(values) <= 1e-7).all()


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.floats(0.1, 1))
def test_the_plan_reports_the_objective_it_minimised(seed, aversion):
    plan = best_plan(random_design(seed), Aim(700.0, aversion, 0.9))
    value = plan.cost + (1 - aversion) * plan.expected_loss + aversion * plan.tail_loss
    assert value == pytest.approx(plan.objective, rel=1e-8)


def test_no_risk_aversion_is_the_expectation():
    plan = best_plan(random_design(3), Aim(500.0, 0.0))
    assert plan.objective == pytest.approx(plan.cost + plan.expected_loss, rel=1e-10)


def test_deciding_jointly_beats_each_material_alone_when_the_tail_counts():
    """CVaR is not separable: the sum of separate optima at the same split of the budget is never better."""
    d = random_design(8, materials=2)
    joint = best_plan(d, Aim(800.0, 1.0, 0.9))
    apart = marginal_allocation(d.gap, d.probability, d.width, d.value, d.carry, d.spend, 800.0)
    other = loss_of(d, apart.tonnes, Aim(800.0, 1.0, 0.9))
    assert joint.objective < other.objective - 1.0
    assert other.tail_loss == pytest.approx(cvar(other.loss, d.probability, 0.9)[0])


def test_the_worth_of_budget_predicts_what_a_little_more_brings():
    d = random_design(5)
    one, two = best_plan(d, Aim(500.0, 0.5)), best_plan(d, Aim(500.001, 0.5))
    assert one.objective - two.objective == pytest.approx(0.001 * one.budget_worth, rel=1e-3)


def test_frontier_trades_expectation_for_tail():
    plans = frontier(random_design(6), [Aim(600.0, weight) for weight in np.linspace(0, 1, 11)])
    totals = np.array([p.cost + p.expected_loss for p in plans])
    tails = np.array([p.cost + p.tail_loss for p in plans])
    assert (np.diff(totals) >= -1e-6).all()
    assert (np.diff(tails) <= 1e-6).all()
    assert tails[-1] < tails[0]


def test_permuting_scenarios_and_doubling_units_change_nothing():
    d = random_design(7)
    order = np.random.default_rng(0).permutation(40)
    shuffled = StockDesign(
        d.material, d.carry, d.spend, d.fit, d.least, d.most, d.cover[:, order], d.gap[:, order], d.width, d.value,
        d.route, d.capacity[:, order], d.probability[order],
    )  # fmt: skip
    doubled = StockDesign(
        d.material, d.carry / 2, d.spend / 2, d.fit, d.least, d.most, d.cover, 2 * d.gap, 2 * d.width, d.value / 2,
        d.route, d.capacity, d.probability,
    )  # fmt: skip
    base = best_plan(d, Aim(500.0, 0.4)).objective
    assert best_plan(shuffled, Aim(500.0, 0.4)).objective == pytest.approx(base, rel=1e-9)
    assert best_plan(doubled, Aim(500.0, 0.4)).objective == pytest.approx(base, rel=1e-9)


def test_a_required_stock_beyond_the_budget_is_named():
    d = random_design(1)
    need = StockDesign(
        d.material, d.carry, d.spend, d.fit, np.full(4, 100.0), d.most, d.cover, d.gap, d.width, d.value, d.route,
        d.capacity, d.probability,
    )  # fmt: skip
    with pytest.raises(InputError, match="budget cannot pay for the required stocks"):
        best_plan(need, Aim(10.0))


@pytest.mark.parametrize("iterations", [0, 3, 30])
def test_an_early_stop_is_an_error_with_a_bound_below_the_optimum(iterations):
    design, aim = random_design(2, materials=8, scenarios=400), Aim(500.0, 0.5)
    optimum = best_plan(design, aim).objective
    solver = DesignSolver(design)
    solver.program.solver.setOptionValue("presolve", "off")
    solver.program.solver.setOptionValue("simplex_iteration_limit", iterations)
    with pytest.raises(SolverError, match="this is not an optimum") as error:
        solver.solve(aim)
    assert "the optimum is not below" in error.value.why
    assert 0.0 <= lower_bound(solver.program.solver) <= optimum


def test_at_the_optimum_the_bound_is_the_optimum():
    solver = DesignSolver(random_design(3))
    found = solver.solve(Aim(500.0, 0.4))
    assert lower_bound(solver.program.solver) == pytest.approx(found.objective, rel=1e-9)


def test_unknown_forms_offer_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean oxide"):
        form_of("oxyde")
    with pytest.raises(InputError, match="conversion capacity is missing"):
        idle_capacity([Disruption(1.0, "all", 1.0, {})], STEPS)


def test_bad_probabilities_and_aims_are_refused():
    with pytest.raises(InputError, match="do not sum to 1"):
        cvar(np.zeros(2), np.array([0.5, 0.6]), 0.5)
    with pytest.raises(InputError, match="out of range"):
        Aim(100.0, 1.5)
    with pytest.raises(InputError, match="out of range"):
        Aim(-1.0)
    for budget in (np.nan, np.inf):
        with pytest.raises(InputError, match="out of range"):
            Aim(budget)
