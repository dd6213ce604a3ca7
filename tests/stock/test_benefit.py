"""CVaR with split atoms (V10) and benefit curves against the plain evaluation of every scenario."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock.stock.benefit import benefit_curves, cvar, loss_left

LOSS = np.array([0.0, 10, 20, 50, 100, 400])
CHANCE = np.array([0.4, 0.25, 0.15, 0.1, 0.07, 0.03])


@pytest.mark.parametrize(
    ("level", "tail", "quantile"),
    [
        (0.0, 29.5, 0),
        (0.5, 57, 10),
        (0.8, 120, 50),
        (0.9, 190, 50),
        (0.95, 280, 100),
        (0.97, 400, 400),
        (0.99, 400, 400),
    ],
)
def test_cvar_splits_the_atom_at_the_quantile(level, tail, quantile):
    found, var = cvar(LOSS, CHANCE, level)
    assert found == pytest.approx(tail, rel=1e-12)
    # at an edge of the distribution (0.8, 0.97) every loss up to the next atom is a quantile; the table gives one
    upper = LOSS[min(int((np.cumsum(CHANCE) <= level + 1e-9).sum()), 5)]
    assert var <= quantile <= upper


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_cvar_is_the_minimum_of_rockafellar_and_uryasev(seed, level):
    draw = np.random.default_rng(seed)
    loss, chance = draw.exponential(10, 12), draw.dirichlet(np.ones(12))
    candidates = loss + ((np.maximum(loss[None, :] - loss[:, None], 0)) @ chance) / (1 - level)
    assert cvar(loss, chance, level)[0] == pytest.approx(candidates.min(), rel=1e-10)


def test_cvar_of_a_large_normal_sample_is_near_the_formula():
    draw = np.random.default_rng(0)
    sample, n = draw.standard_normal(400_000), 400_000
    assert cvar(sample, np.full(n, 1 / n), 0.95)[0] == pytest.approx(2.0627128075074257, abs=0.01)


def random_case(seed, scenarios=300, uniform=True):
    draw = np.random.default_rng(seed)
    short = draw.exponential(30, (3, scenarios)) * (draw.random((3, scenarios)) < 0.4)
    width, value = draw.uniform(5, 30, (3, 4)), np.sort(draw.uniform(1, 50, (3, 4)), axis=1)
    chance = None if uniform else draw.dirichlet(np.ones(scenarios))
    return short, width, value, np.linspace(0, 120, 41), chance


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.0, 0.9, 0.95, 0.973]))
def test_curves_equal_the_plain_evaluation(seed, uniform, alpha):
    short, width, value, levels, chance = random_case(seed, uniform=uniform)
    found = benefit_curves(short, width, value, levels, probability=chance, alpha=alpha)
    weight = np.full(300, 1 / 300) if chance is None else chance
    for m in range(3):
        for q in (0, 1, 17, 40):
            loss = loss_left(short[m], width[m], value[m], levels[q])
            assert found.mean[m, q] == pytest.approx(weight @ loss, rel=1e-9, abs=1e-9)
            assert found.cvar[m, q] == pytest.approx(cvar(loss, weight, alpha)[0], rel=1e-9, abs=1e-8)


def test_curves_fall_and_are_convex():
    short, width, value, levels, _ = random_case(1)
    found = benefit_curves(short, width, value, levels)
    for curve in (found.mean, found.cvar):
        assert (np.diff(curve, axis=1) <= 1e-9).all()
        assert (np.diff(curve, 2, axis=1) >= -1e-7).all()
    assert (found.marginal() >= -1e-9).all()


def test_no_disruption_no_loss():
    short, width, value, levels, _ = random_case(2)
    assert (benefit_curves(np.zeros_like(short), width, value, levels).mean == 0).all()


def test_doubling_tonnes_and_halving_values_changes_nothing():
    short, width, value, levels, _ = random_case(3)
    one = benefit_curves(short, width, value, levels)
    two = benefit_curves(2 * short, 2 * width, value / 2, 2 * levels)
    assert two.mean == pytest.approx(one.mean, rel=1e-10, abs=1e-10)


def test_the_order_of_scenarios_does_not_matter():
    short, width, value, levels, chance = random_case(4, uniform=False)
    order = np.random.default_rng(0).permutation(300)
    one = benefit_curves(short, width, value, levels, probability=chance)
    two = benefit_curves(short[:, order], width, value, levels, probability=chance[order])
    assert two.cvar == pytest.approx(one.cvar, rel=1e-9, abs=1e-9)


def test_bad_input_is_refused():
    short, width, value, levels, _ = random_case(5)
    with pytest.raises(InputError, match="equally spaced"):
        benefit_curves(short, width, value, levels**2)
    with pytest.raises(InputError, match="do not sum to 1"):
        benefit_curves(short, width, value, levels, probability=np.full(300, 0.1))
    with pytest.raises(InputError, match="loss steps"):
        benefit_curves(short, width, value[:, ::-1], levels)
    with pytest.raises(InputError, match="CVaR level"):
        cvar(LOSS, CHANCE, 1.0)


@pytest.mark.parametrize("seed", range(40))
def test_curves_with_many_steps_ties_and_few_levels(seed: int) -> None:
    """Whole tonnes make ties and kinks on the levels; up to seven loss steps, any probabilities."""
    draw = np.random.default_rng(seed)
    count, steps = int(draw.integers(1, 60)), int(draw.integers(1, 8))
    short = draw.exponential(20.0, (1, count)) * (draw.random((1, count)) < 0.6)
    width = draw.uniform(0.5, 12.0, (1, steps))
    if seed % 2:
        short, width = np.round(short), np.round(width) + 1.0
    value = np.sort(draw.uniform(1.0, 50.0, (1, steps)), axis=1)
    probability = draw.dirichlet(np.ones(count))
    alpha = float(draw.choice([0.0, 0.5, 0.8, 0.95, 0.99]))
    levels = np.linspace(0.0, int(draw.integers(5, 60)), int(draw.integers(2, 40)))
    found = benefit_curves(short, width, value, levels, probability=probability, alpha=alpha)
    losses = [loss_left(short[0], width[0], value[0], float(stock)) for stock in levels]
    scale = 1.0 + losses[0].max()
    assert found.mean[0] == pytest.approx([probability @ loss for loss in losses], abs=1e-11 * scale)
    tails = [cvar(loss, probability, alpha)[0] for loss in losses]
    assert found.cvar[0] == pytest.approx(tails, abs=1e-11 * scale)
