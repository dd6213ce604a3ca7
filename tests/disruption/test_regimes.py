"""Regimes: exact moments (V17), common cause, sampling given a disturbance, and simulation within 4 standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.disruption.regimes import (
    RegimeWorld,
    chance_all_normal,
    chance_of_any,
    expected_months,
    expected_shortage,
    joint_chain,
    mean_spell,
    shortage_after_stock,
    simulate_regimes,
    stationary,
)
from lodestock.errors import InputError

P = np.array([[0.975, 0.02, 0.005], [0.1, 0.88, 0.02], [0.05, 0.1, 0.85]])
SHARE = np.array([0.0, 0.35, 1.0])


def world() -> RegimeWorld:
    """Two exporters, three materials, two tension states; tension makes controls more likely."""
    tension = np.array([[0.95, 0.05], [0.15, 0.85]])
    calm = np.array([[0.98, 0.015, 0.005], [0.1, 0.88, 0.02], [0.05, 0.1, 0.85]])
    tense = np.array([[0.9, 0.07, 0.03], [0.03, 0.9, 0.07], [0.01, 0.04, 0.95]])
    other = np.array([[0.99, 0.01, 0.0], [0.2, 0.8, 0.0], [0.2, 0.0, 0.8]])
    regime = np.array([[calm, tense], [other, other]])
    return RegimeWorld(tension, regime, np.array([0, 0, 1]), np.array([0.8, 0.5, 1.0]))


def test_v17_exact_moments():
    assert stationary(P) == pytest.approx([0.7804878048780488, 0.17073170731707313, 0.04878048780487807], abs=1e-12)
    expected = [48.7670631961855, 8.763773173034833, 2.4691636307796228]
    assert expected_months(P, 0, 60) == pytest.approx(expected, abs=1e-10)
    assert chance_of_any(P, 0, 60) == pytest.approx(0.775471059921692, abs=1e-12)
    assert mean_spell(P, [1, 2]) == pytest.approx([10.625, 13.75], abs=1e-10)
    assert expected_shortage(P, 0, 60, SHARE, 10.0, 0.0225) == pytest.approx(52.071291961403254, abs=1e-9)


@pytest.mark.parametrize(
    ("stock", "shortage"),
    [
        (0.0, 55.364842413418145),
        (10.0, 47.909949911425926),
        (20.0, 41.35193783260653),
        (40.0, 30.614380028035917),
        (80.0, 16.464673668863373),
        (160.0, 4.42099093563994),
    ],
)
def test_v17_stock_that_is_not_refilled(stock, shortage):
    assert shortage_after_stock(P, 0, 60, SHARE, 10.0, stock) == pytest.approx(shortage, abs=1e-9)


def test_v17_matrix_formula():
    beta = 1.0225 ** (-1 / 12)
    eye = np.eye(3)
    formula = 10 * np.linalg.solve(eye - beta * P, (eye - np.linalg.matrix_power(beta * P, 60)) @ SHARE)[0]
    assert expected_shortage(P, 0, 60, SHARE, 10.0, 0.0225) == pytest.approx(formula, abs=1e-9)


def material_law(w: RegimeWorld, materials, months):
    chain, sizes = joint_chain(w, materials)
    start = np.zeros(len(chain))
    start[np.ravel_multi_index((w.calm_start,) + (0,) * (1 + len(materials)), sizes)] = 1.0
    law = start @ np.linalg.matrix_power(chain, months - 1)
    return law.reshape(sizes)


@pytest.mark.parametrize("disturbed", [None, 0.3, 0.7])
def test_simulation_lies_within_four_standard_errors_of_the_exact_law(disturbed):
    w, months, n = world(), 40, 30_000
    paths = simulate_regimes(w, months, n, np.random.default_rng(17), disturbed=disturbed)
    assert paths.weights.sum() == pytest.approx(1.0, abs=1e-12)
    both = material_law(w, (0, 1), months)
    exact = {
        "first": both[:, :, 1:].sum(),
        "both": both[:, :, 1:, 1:].sum(),
        "ban": both[:, :, 2].sum(),
        "tense": both[1].sum(),
        "third": material_law(w, (2,), months)[:, :, 1:].sum(),
    }
    last = paths.material[:, :, -1]
    seen = {
        "first": last[:, 0] > 0,
        "both": (last[:, 0] > 0) & (last[:, 1] > 0),
        "ban": last[:, 0] == 2,
        "tense": paths.tension[:, -1] == 1,
        "third": last[:, 2] > 0,
    }
    for name, truth in exact.items():
        value, variance = 0.0, 0.0
        for stratum in np.unique(paths.strata):
            inside = paths.strata == stratum
            share = paths.weights[inside].sum()
            value += share * seen[name][inside].mean()
            variance += share**2 * seen[name][inside].var() / inside.sum()
        assert abs(value - truth) < 4.0 * np.sqrt(variance), name


def test_common_cause_makes_materials_of_one_exporter_move_together():
    both = material_law(world(), (0, 1), 40)
    first, second = both[:, :, 1:, :].sum(), both[:, :, :, 1:].sum()
    assert both[:, :, 1:, 1:].sum() > 1.5 * first * second


def test_strata_hold_what_they_say():
    w = world()
    paths = simulate_regimes(w, 30, 2000, np.random.default_rng(3), disturbed=0.4)
    left = (paths.exporter > 0).any(axis=(1, 2))
    assert (left == (paths.strata == 1)).all()
    assert left.mean() == pytest.approx(0.4, abs=1e-9)
    assert paths.weights[~left].sum() == pytest.approx(chance_all_normal(w, 30)[0, 0], abs=1e-12)


def test_the_same_seed_gives_the_same_paths():
    one, two = (simulate_regimes(world(), 30, 200, np.random.default_rng(5), disturbed=0.5) for _ in range(2))
    assert (one.material == two.material).all()


def test_impossible_chains_are_refused():
    with pytest.raises(InputError, match="sum to 1"):
        stationary([[0.5, 0.4], [0.5, 0.5]])
    with pytest.raises(InputError, match="more than one long run"):
        stationary(np.eye(2))
    with pytest.raises(InputError, match="never ends"):
        mean_spell(np.eye(2), [1])
    with pytest.raises(InputError, match="one exporter"):
        joint_chain(world(), (0, 2))
