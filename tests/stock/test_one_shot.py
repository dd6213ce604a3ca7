"""One-shot stock: published cases (V01, V25), numeric optimisation, quadrature, simulation, properties."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from lodestock.errors import InputError
from lodestock.stock.one_shot import (
    ExponentialNeed,
    LognormalNeed,
    crowding_out,
    cvar_of_cost,
    expected_cost,
    mean_cvar_stock,
    one_shot_stock,
    private_gap,
    value_of_knowing_probability,
)

NEED = ExponentialNeed(0.12, 50.0)
H, V = 8.0, 300.0


def test_exponential_optimum() -> None:
    best = one_shot_stock(NEED, H, V)
    assert float(best.stock) == pytest.approx(75.2038698388137, abs=1e-6)
    assert float(best.cost) == pytest.approx(1001.6309587105096, abs=1e-6)
    assert float(best.cost_without) == pytest.approx(1800.0, abs=1e-9)
    assert float(best.avoided_loss(V)) == pytest.approx(1400.0, abs=1e-6)
    assert float(best.benefit_cost_ratio(H, V)) == pytest.approx(2.327007910298789, abs=1e-6)
    assert float(best.cost) == pytest.approx(H * 50.0 * (1.0 + np.log(0.12 * V / H)), abs=1e-9)


def test_lognormal_optimum_and_quadrature() -> None:
    need = LognormalNeed(0.12, 40.0, 0.8)
    best = one_shot_stock(need, H, V)
    assert float(best.stock) == pytest.approx(73.74750713896204, abs=1e-6)
    assert float(best.cost) == pytest.approx(1019.4453638303906, abs=1e-6)
    law = stats.lognorm(0.8, scale=40.0)
    area, _ = integrate.quad(lambda d: float(law.sf(d)), float(best.stock), np.inf, epsabs=1e-12)
    assert float(best.expected_shortage) == pytest.approx(0.12 * area, abs=1e-8)
    assert float(need.expected_shortage(0.0)) == pytest.approx(0.12 * float(law.mean()), rel=1e-12)


@given(
    p=st.floats(0.01, 0.9), size=st.floats(1.0, 1e3), h=st.floats(0.1, 50.0), v=st.floats(1.0, 1e4),
    other=st.floats(0.0, 3e3), lognormal=st.booleans(),
)  # fmt: skip
def test_no_other_stock_costs_less(p: float, size: float, h: float, v: float, other: float, lognormal: bool) -> None:
    need = LognormalNeed(p, size, 0.9) if lognormal else ExponentialNeed(p, size)
    best = one_shot_stock(need, h, v)
    assert float(best.cost) <= float(expected_cost(need, other, h, v)) * (1.0 + 1e-12) + 1e-9
    assert float(best.stock) == 0.0 or p * v > h
    assume(abs(p * v / h - 1.0) > 1e-9)  # on the edge between some and none, rounding decides
    kilograms = LognormalNeed(p, size * 1e3, 0.9) if lognormal else ExponentialNeed(p, size * 1e3)
    same = one_shot_stock(kilograms, h / 1e3, v / 1e3)
    assert float(same.stock) == pytest.approx(1e3 * float(best.stock), rel=1e-9, abs=1e-9)
    assert float(same.cost) == pytest.approx(float(best.cost), rel=1e-9)


def test_private_gap() -> None:
    gap = private_gap(NEED, H, V, 120.0)
    assert float(gap.private_stock) == pytest.approx(29.38933324510595, abs=1e-6)
    assert float(gap.obligation_gap) == pytest.approx(45.81453659370776, abs=1e-6)
    assert float(gap.subsidy) == pytest.approx(4.8, abs=1e-12)
    assert float(gap.threshold) == pytest.approx(66.66666666666667, abs=1e-9)
    assert float(gap.deadweight) == pytest.approx(233.48370725033817, abs=1e-6)
    assert float(private_gap(NEED, H, V, 60.0).private_stock) == 0.0


@given(v_firm=st.floats(1.0, 300.0), h_firm=st.floats(1.0, 20.0))
def test_the_subsidy_makes_the_firm_hold_the_social_stock(v_firm: float, h_firm: float) -> None:
    gap = private_gap(NEED, H, V, v_firm, private_carry=h_firm)
    assume(float(gap.subsidy) > 0.0)
    subsidised = one_shot_stock(NEED, h_firm - float(gap.subsidy), v_firm)
    assert float(subsidised.stock) == pytest.approx(float(gap.social_stock), rel=1e-9, abs=1e-9)


ROWS = [  # weight, level, stock by numeric optimisation (V01-D), objective, CVaR
    (0.0, 0.95, 75.20386976430741, 1001.6309587105096, 8601.630958710502),
    (0.5, 0.95, 192.77263266468898, 1942.1810615759005, 2304.0858234806624),
    (1.0, 0.95, 224.990483987375, 2199.923868132106, 2199.923868132106),
    (0.5, 0.90, 160.4412743825813, 1683.5301956058797, 2010.8029228786068),
    (1.0, 0.90, 190.3331244176251, 1922.664995908128, 1922.664995908128),
    (1.0, 0.99, 305.462379077676, 2843.699033105746, 2843.699033105746),
]


@pytest.mark.parametrize(("weight", "level", "stock", "objective", "cvar"), ROWS)
def test_mean_cvar_rows(weight: float, level: float, stock: float, objective: float, cvar: float) -> None:
    best = mean_cvar_stock(NEED, H, V, weight, level)
    assert float(best.stock) == pytest.approx(stock, abs=1e-6)
    assert float(best.objective) == pytest.approx(objective, abs=1e-6)
    assert float(best.cvar) == pytest.approx(cvar, abs=1e-6)


@given(weight=st.floats(0.0, 1.0), level=st.floats(0.5, 0.99), h=st.floats(1.0, 200.0), p=st.floats(0.05, 0.95))
def test_mean_cvar_beats_a_search(weight: float, level: float, h: float, p: float) -> None:
    # also where the stock lies below VaR and the second branch of the formula applies
    need = ExponentialNeed(p, 50.0)
    best = mean_cvar_stock(need, h, V, weight, level)

    def objective(q: float) -> float:
        return float((1.0 - weight) * expected_cost(need, q, h, V) + weight * cvar_of_cost(need, q, h, V, level))

    found = optimize.minimize_scalar(objective, bounds=(0.0, 1500.0), method="bounded", options={"xatol": 1e-6})
    assert float(best.objective) <= float(found.fun) * (1.0 + 1e-9)


def test_cvar_equals_simulation_on_both_sides_of_var() -> None:
    rng = np.random.default_rng(12)
    n = 400_000
    need = np.where(rng.random(n) < 0.12, rng.exponential(50.0, n), 0.0)
    for stock in (0.0, 20.0, 75.2, 200.0):
        cost = np.sort(H * stock + V * np.maximum(need - stock, 0.0))
        tail = cost[-n // 20 :]
        exact = float(cvar_of_cost(NEED, stock, H, V, 0.95))
        # the error of a tail mean: spread inside the tail plus that of the quantile itself
        error = np.sqrt((tail.var() + 0.95 * (tail.mean() - tail[0]) ** 2) / tail.size)
        assert abs(tail.mean() - exact) < 4.0 * error + 1e-9


def test_pure_cvar_is_the_newsvendor_with_cheaper_carry() -> None:
    assert float(mean_cvar_stock(NEED, H, V, 1.0, 0.95).stock) == pytest.approx(
        float(one_shot_stock(NEED, 0.05 * H, V).stock), abs=1e-9
    )


def test_public_stock_crowds_out_private_stock() -> None:
    alone = 29.38933324510595
    out = crowding_out([0.0, 10.0, 29.0, 50.0, 100.0], alone)
    np.testing.assert_allclose(out.private_stock, [alone, alone - 10.0, alone - 29.0, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(out.net_added, [0.0, 0.0, 0.0, 20.61066675489405, 70.61066675489405], atol=1e-9)
    np.testing.assert_allclose(out.total, np.maximum([0.0, 10.0, 29.0, 50.0, 100.0], alone), atol=1e-9)


def test_value_of_knowing_the_probability() -> None:
    worth = value_of_knowing_probability([0.04, 0.2], [0.5, 0.5], 50.0, H, V)
    assert float(worth) == pytest.approx(117.55733298042372, abs=1e-9)
    formula = H * 50.0 * (np.log(0.12) - 0.5 * np.log(0.04) - 0.5 * np.log(0.2))
    assert float(worth) == pytest.approx(formula, abs=1e-9)
    batch = value_of_knowing_probability([[0.04, 0.2], [0.12, 0.12]], [0.5, 0.5], [50.0, 50.0], H, V)
    assert batch[0] == pytest.approx(float(worth)) and batch[1] == pytest.approx(0.0, abs=1e-9)


@given(p=st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), h=st.floats(0.5, 100.0))
def test_knowing_more_is_never_worth_less_than_nothing(p: list[float], h: float) -> None:
    assert float(value_of_knowing_probability(p, [0.2, 0.3, 0.5], 50.0, h, V)) >= -1e-9


def test_bad_input_is_named() -> None:
    with pytest.raises(InputError, match="carry"):
        one_shot_stock(NEED, 0.0, V)
    with pytest.raises(InputError, match="chance"):
        one_shot_stock(ExponentialNeed(1.2, 50.0), H, V)
    with pytest.raises(InputError, match="level"):
        mean_cvar_stock(NEED, H, V, 0.5, 1.0)
    with pytest.raises(InputError, match="weights"):
        value_of_knowing_probability([0.1, 0.2], [0.5, 0.6], 50.0, H, V)
