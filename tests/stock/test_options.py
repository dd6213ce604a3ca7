"""Options of a plan: what is left out never mattered, and what a plan delivers is what the programme finds."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.errors import InputError
from lodestock.stock.design import Aim, best_plan, loss_of
from lodestock.stock.options import Options, delivered, one_material, strata, undominated


def chain_options(draw: np.random.Generator, count: int) -> Options:
    """Options in the forms of one chain with three conversion steps, some of them the same form."""
    form = draw.integers(0, 4, count)
    return Options(
        carry=draw.uniform(0.5, 6.0, count),
        spend=draw.uniform(10.0, 60.0, count),
        fit=draw.uniform(0.3, 1.0, count),
        available=draw.uniform(0.5, 1.0, count),
        most=np.full(count, np.inf),
        route=form[:, None] <= np.arange(3)[None, :],
        capacity=draw.uniform(0.0, 60.0, 3),
    )


@pytest.mark.parametrize("seed", range(25))
def test_what_is_dominated_is_never_part_of_a_better_plan(seed: int) -> None:
    draw = np.random.default_rng(seed)
    options = chain_options(draw, 14)
    gap, probability = strata(draw.exponential(40.0, 60), 0.3, 20)
    kept = undominated(options)
    assert kept.size < 14
    for aim in (Aim(1e6), Aim(800.0), Aim(800.0, 0.5, 0.8)):
        every = best_plan(one_material(options, gap, probability, 90.0), aim)
        few = best_plan(one_material(options.take(kept), gap, probability, 90.0), aim)
        assert few.objective == pytest.approx(every.objective, rel=1e-9)


def test_an_option_with_a_limit_leaves_the_others_in() -> None:
    """A cheap option that runs out does not replace a dearer one."""
    options = Options(
        np.array([1.0, 2.0]), np.array([10.0, 10.0]), np.ones(2), np.ones(2), np.array([5.0, np.inf]),
        np.zeros((2, 0), dtype=bool), np.zeros(0),
    )  # fmt: skip
    assert undominated(options).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(25))
def test_a_plan_delivers_what_the_programme_finds(seed: int) -> None:
    """The walk along the chain against the linear programme of the design, tonnes given."""
    draw = np.random.default_rng(100 + seed)
    options = chain_options(draw, 6)
    tonnes = draw.uniform(0.0, 60.0, 6) * (draw.random(6) < 0.7)
    shortage = draw.uniform(0.0, 200.0, 5)
    found = delivered(
        options.route,
        np.repeat((tonnes * options.useful())[:, None], 5, axis=1),
        np.repeat(options.capacity[:, None], 5, axis=1),
        shortage,
    )
    design = one_material(options, shortage, np.full(5, 0.2), 1.0)
    assert shortage - found == pytest.approx(loss_of(design, tonnes, Aim(0.0)).loss, abs=1e-8)


def test_oxide_without_converters_delivers_nothing() -> None:
    route = np.array([[True, True], [False, False]])
    useful = np.array([[50.0, 50.0], [10.0, 10.0]])
    none = np.zeros((2, 2))
    assert delivered(route, useful, none, np.array([5.0, 100.0])).tolist() == [5.0, 10.0]
    room = np.array([[30.0, 30.0], [20.0, 0.0]])
    assert delivered(route, useful, room, np.array([100.0, 100.0])).tolist() == [30.0, 10.0]


def test_strata_keep_the_mean_and_the_chance_of_nothing() -> None:
    shortage = np.random.default_rng(3).exponential(30.0, 1_000)
    gap, probability = strata(shortage, 0.2, 64)
    assert probability.sum() == pytest.approx(1.0) and probability[0] == pytest.approx(0.8)
    assert probability @ gap == pytest.approx(0.2 * shortage.mean(), rel=1e-12)
    with pytest.raises(InputError, match="not between 0 and 1"):
        strata(shortage, 1.2, 64)
    with pytest.raises(InputError, match="not usable"):
        strata(np.array([1.0, np.nan]), 0.2, 2)


def test_routes_of_two_chains_are_refused() -> None:
    route = np.array([[True, False], [False, True]])
    with pytest.raises(InputError, match="not nested"):
        delivered(route, np.ones((2, 1)), np.ones((2, 1)), np.ones(1))
