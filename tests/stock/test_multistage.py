"""Extensive form, dynamic programme and SDDP against published values and each other (MODEL §7.5, V11, V11b, V26)."""

import numpy as np
import pytest

from lodestock.errors import InputError, SolverError
from lodestock.stock.dynamic_programme import solve_grid, stock_grid
from lodestock.stock.instances import materials_problem, materials_stock_from, regime_problem
from lodestock.stock.multistage import MultistageProblem, NestedRisk, StageProgram
from lodestock.stock.sddp import Certificate, Sddp
from lodestock.stock.tree import extensive_program, solve_extensive

from .five_materials import FIVE, OPTIMA
from .regime import regime

START = ("normal", 10.0)
V11 = [
    (NestedRisk(), 30.822865347903786),
    (NestedRisk(0.5, 0.8), 124.34736158484269),
    (NestedRisk(1.0, 0.9), 383.7979120215023),
]
V11B = [
    (0.04, 0.0, 0.8, 21.830377402657057, 20),
    (0.3, 0.0, 0.8, 43.180078894932066, 12),
    (0.3, 0.5, 0.8, 89.57260002120427, 20),
    (0.45, 0.0, 0.8, 50.15903157125317, 7),
    (0.6, 1.0, 0.9, 258.53075167393774, 20),
    (0.8, 0.0, 0.8, 60.016109349339786, 3),
]


@pytest.mark.parametrize(("risk", "value"), V11)
def test_three_methods_agree_on_the_licence_regime(risk, value):
    problem = regime_problem(regime(), 6, start=START, risk=risk)
    assert solve_grid(regime(), 6, risk=risk).value[0, 0, 0] == pytest.approx(value, rel=1e-12)
    tree = solve_extensive(problem)
    assert tree.value == pytest.approx(value, rel=1e-10)
    assert tree.nodes == 1365
    found = Sddp(problem).run(gap=1e-6, seconds=60.0)
    assert found.converged
    assert found.certificate is Certificate.EXACT
    assert found.lower == pytest.approx(value, rel=1e-6)
    assert found.upper == pytest.approx(value, rel=1e-6)
    assert found.first.stock[0] == pytest.approx(6.0, abs=1e-6)


def test_water_values_of_the_initial_stock():
    value = solve_grid(regime(), 6).value[0, 0]
    expected = [2.2617207195780153, 4.3157827778569775, 6.26179207896633, 8.14003486424744, 9.94987349001427]
    assert value[0] - value[1:6] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("holding", "weight", "level", "value", "stock"), V11B)
def test_interior_first_stage_stocks(holding, weight, level, value, stock):
    data, risk = regime(buy_normal=20.0, holding=holding), NestedRisk(weight, level)
    grid = solve_grid(data, 6, risk=risk)
    assert grid.value[0, 0, 0] == pytest.approx(value, rel=1e-12)
    assert grid.leaving[0, 0, 0] == stock
    assert solve_extensive(regime_problem(data, 6, start=START, risk=risk)).value == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("stages", [4, 6])
def test_five_materials_reach_the_known_optimum(stages):
    problem = materials_problem(FIVE, stages)
    assert solve_extensive(problem).value == pytest.approx(OPTIMA[stages], rel=1e-9)
    found = Sddp(problem).run(gap=1e-6, seconds=60.0)
    assert found.converged
    assert found.lower <= OPTIMA[stages] * (1 + 1e-9)
    assert found.upper >= OPTIMA[stages] * (1 - 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("stages", [7, 9])
def test_longer_horizons_reach_the_known_optimum(stages):
    assert solve_extensive(materials_problem(FIVE, stages)).value == pytest.approx(OPTIMA[stages], rel=1e-9)
    found = Sddp(materials_problem(FIVE, stages)).run(gap=1e-4, seconds=120.0)
    assert found.converged
    assert found.lower <= OPTIMA[stages] * (1 + 1e-9) <= found.upper * (1 + 2e-9)


def random_problem(seed: int) -> MultistageProblem:
    """A small tree with two or three stages, Markov outcomes and one to three stocks, always feasible."""
    draw = np.random.default_rng(seed)
    stages, stocks = int(draw.integers(2, 5)), int(draw.integers(1, 4))
    counts = [1, *draw.integers(1, 4, stages - 1).tolist()]
    salvage = draw.uniform(0.0, 0.5, stocks)

    def program(last: bool) -> StageProgram:
        eye, zero = np.eye(stocks), np.zeros((stocks, stocks))
        holding = draw.uniform(0.0, 0.3, stocks) - (salvage if last else 0.0)
        matrix = np.vstack([np.hstack([-eye, eye, zero, eye]), np.hstack([zero, eye, eye, zero])])
        return StageProgram(
            cost=np.concatenate([draw.uniform(0.6, 3, stocks), np.zeros(stocks), draw.uniform(4, 30, stocks), holding]),
            lower=np.zeros(4 * stocks),
            upper=np.concatenate([draw.uniform(1, 8, stocks), np.full(2 * stocks, np.inf), np.full(stocks, 25.0)]),
            matrix=matrix,
            incoming=np.vstack([-0.98 * eye, zero]),
            row_lower=np.concatenate([np.zeros(stocks), draw.uniform(0, 9, stocks)]),
            row_upper=np.concatenate([np.zeros(stocks), np.full(stocks, np.inf)]),
            outgoing=np.arange(3 * stocks, 4 * stocks, dtype=np.int64),
        )

    programs = tuple(tuple(program(t == stages - 1) for _ in range(n)) for t, n in enumerate(counts))
    transition = tuple(draw.dirichlet(np.ones(counts[t + 1]), counts[t]) for t in range(stages - 1))
    risk = NestedRisk(*[(0.0, 0.0), (0.5, 0.6), (1.0, 0.8)][seed % 3])
    return MultistageProblem(programs, transition, draw.uniform(0, 4, stocks), 0.97, risk, floor=-50.0)


@pytest.mark.parametrize("seed", range(50))
def test_sddp_equals_the_extensive_form_on_random_trees(seed):
    problem = random_problem(seed)
    value = solve_extensive(problem).value
    found = Sddp(problem, seed=seed).run(gap=1e-7, seconds=60.0)
    assert found.converged
    assert found.lower == pytest.approx(value, rel=1e-6, abs=1e-8)
    assert found.upper == pytest.approx(value, rel=1e-6, abs=1e-8)


def test_a_bound_without_certificate_is_never_called_converged():
    problem = regime_problem(regime(), 6, start=START, risk=NestedRisk(0.5, 0.8))
    found = Sddp(problem).run(gap=1.0, seconds=60.0, iterations=5, exact_states=3)
    assert found.certificate is Certificate.NONE
    assert not found.converged
    assert found.gap == float("inf")


@pytest.mark.parametrize(("risk", "value"), V11)
def test_the_inner_bound_lies_above_the_optimum_and_close(risk, value):
    solver = Sddp(regime_problem(regime(), 6, start=START, risk=risk))
    found = solver.run(gap=1e-2, seconds=600.0, iterations=60, exact_states=3, steepest=13.0)
    if risk.neutral:  # sampling comes first when there is no risk aversion
        assert value * (1 - 1e-9) <= solver.inner(13.0) <= value * 1.05
        return
    assert found.certificate is Certificate.INNER
    assert found.lower <= value * (1 + 1e-9)
    assert value * (1 - 1e-9) <= found.upper <= value * 1.001


def test_an_inner_bound_for_a_risk_averse_plan_of_several_materials():
    problem = materials_problem(FIVE, 4, NestedRisk(0.5, 0.6))
    value = solve_extensive(problem).value
    solver = Sddp(problem)
    for _ in range(40):
        solver.step()
    assert value * (1 - 1e-9) <= solver.inner(600.0) <= value * 1.05


def test_a_short_run_reports_its_true_gap():
    found = Sddp(materials_problem(FIVE, 6)).run(gap=1e-9, seconds=60.0, iterations=15)
    assert not found.converged
    assert found.lower < OPTIMA[6] < found.upper
    assert found.gap == pytest.approx((found.upper - found.lower) / found.upper)


def test_sampled_bound_covers_the_optimum():
    solver = Sddp(materials_problem(FIVE, 6))
    found = solver.run(gap=1e-3, seconds=4.0, iterations=60, exact_states=3)
    assert found.certificate is Certificate.SAMPLED
    assert found.lower <= OPTIMA[6] <= found.upper


def test_path_excess_estimates_the_cost_of_the_policy_above_the_bound():
    solver = Sddp(materials_problem(FIVE, 4))
    for _ in range(6):
        solver.step()
    exact = solver.evaluate_exactly() - solver._lower()
    draws = np.array([solver.path_excess() for _ in range(400)])
    assert abs(draws.mean() - exact) < 4 * draws.std(ddof=1) / np.sqrt(draws.size)


def test_lower_bounds_never_fall():
    solver = Sddp(materials_problem(FIVE, 4))
    bounds = [solver.step() for _ in range(30)]
    assert (np.diff(bounds) >= -1e-6 * abs(bounds[-1])).all()


@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0])
def test_risk_weights_sum_to_one_and_bracket_the_measure(weight):
    draw = np.random.default_rng(3)
    chance, value = draw.dirichlet(np.ones(7)), draw.normal(size=7)
    risk = NestedRisk(weight, 0.7)
    assert risk.weights(chance, value).sum() == pytest.approx(1.0)
    assert chance @ value - 1e-12 <= risk.of(chance, value) <= value.max() + 1e-12


def test_risk_weights_split_the_atom_at_the_quantile():
    assert NestedRisk(1.0, 0.9).of(np.array([0.85, 0.15]), np.array([0.0, 10.0])) == pytest.approx(10.0)
    assert NestedRisk(1.0, 0.8).of(np.array([0.85, 0.15]), np.array([0.0, 10.0])) == pytest.approx(7.5)


def test_no_risk_weight_is_the_expectation():
    neutral = regime_problem(regime(), 5, start=START, risk=NestedRisk(0.0, 0.9))
    plain = regime_problem(regime(), 5, start=START)
    assert solve_extensive(neutral).value == pytest.approx(solve_extensive(plain).value, rel=1e-12)


def test_probabilities_must_sum_to_one():
    program = random_problem(0).programs[0][0]
    with pytest.raises(InputError, match="probabilities do not sum to 1"):
        MultistageProblem(
            ((program,), (program, program)), (np.array([[0.5, 0.4]]),), np.zeros(program.outgoing.size), 1.0
        )


def test_a_tree_that_is_too_large_is_refused_by_name():
    with pytest.raises(InputError, match="too large for the extensive form"):
        extensive_program(materials_problem(FIVE, 20))


def test_an_infeasible_stage_is_named():
    program = random_problem(1).programs[0][0]
    stocks = program.outgoing.size
    broken = StageProgram(
        program.cost,
        program.lower,
        np.zeros_like(program.upper),
        program.matrix,
        program.incoming,
        program.row_lower + 1.0,
        program.row_upper + 1.0,
        program.outgoing,
    )
    problem = MultistageProblem(((program,), (broken,)), (np.ones((1, 1)),), np.zeros(stocks), 1.0)
    with pytest.raises(SolverError, match="no plan satisfies all constraints"):
        solve_extensive(problem)
    with pytest.raises(SolverError, match="no plan satisfies all constraints"):
        Sddp(problem).step()


def test_a_solver_that_stops_early_is_not_an_optimum():
    program, _ = extensive_program(materials_problem(FIVE, 6))
    program.solver.setOptionValue("simplex_iteration_limit", 5)
    program.solver.setOptionValue("presolve", "off")
    with pytest.raises(SolverError, match="stopped early; this is not an optimum"):
        program.solve()


@pytest.mark.parametrize(("weight", "level"), [(-0.1, 0.5), (1.1, 0.5), (0.5, 1.0)])
def test_a_risk_measure_out_of_range_is_refused(weight, level):
    with pytest.raises(InputError, match="risk measure"):
        NestedRisk(weight, level)


def test_incomplete_stock_data_name_what_is_missing():
    with pytest.raises(InputError, match="missing: penalty"):
        materials_stock_from({k: getattr(FIVE, k) for k in FIVE.__dataclass_fields__ if k != "penalty"})


def test_a_grid_must_reach_the_capacity():
    with pytest.raises(InputError, match="grid does not reach"):
        stock_grid(regime(), 0.7)
