"""The chain in arrays: balances, limits and identities that must hold for any parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.disruption.lead_time import weibull
from lodestock.scenario.chain import (
    ChainInput,
    extra_stock_for_delay,
    run_chain,
    share_without_shortage,
    stock_for_delay,
    stock_without_shortage,
)

share = st.floats(0.0, 1.0)


def chain_input(**changes: Any) -> ChainInput:
    plain: dict[str, Any] = {
        "use": 1200.0,
        "issuer_share": 0.9,
        "controlled": 0.5,
        "defence": 0.04,
        "never_civil": 0.25,
        "never_defence": 0.8,
        "fraction": 0.9,
        "inspection": 1.0,
        "stock": 1.5,
    }
    law = changes.pop("law", weibull(np.array([1.4]), np.array([2.6])))
    arrays = {name: np.atleast_1d(np.asarray(value, dtype=float)) for name, value in (plain | changes).items()}
    return ChainInput(**arrays, law=law)


@given(share, share, share, share, share, share, st.floats(0, 6), st.floats(0, 6), st.floats(0.1, 20))
def test_tonnes_balance_every_run(
    issuer: float,
    controlled: float,
    defence: float,
    never: float,
    never_defence: float,
    fraction: float,
    inspection: float,
    stock: float,
    scale: float,
) -> None:
    """Stock at the start + arrivals + shortage = need + stock at the end, to 1e-9 of the need (MODEL §5.1)."""
    given_ = chain_input(
        issuer_share=issuer,
        controlled=controlled,
        defence=defence,
        never_civil=never,
        never_defence=never_defence,
        fraction=fraction,
        inspection=inspection,
        stock=stock,
        law=weibull(np.array([1.2]), np.array([scale])),
    )
    out = run_chain(given_, 24)
    inflow = out.initial_stock + out.arrivals.sum(-1) + out.shortage.sum(-1)
    outflow = out.need.sum(-1) + out.stock[..., -1]
    assert np.abs(inflow - outflow).max() <= 1e-9 * out.need.sum()
    missing = out.never + out.partial + out.late
    assert np.abs(missing - (out.need.sum(-1) - out.arrivals.sum(-1))).max() <= 1e-9 * out.need.sum()


def test_no_disruption_means_no_loss() -> None:
    assert run_chain(chain_input(issuer_share=0.0), 24).total_short() == pytest.approx(0.0, abs=1e-9)
    nothing = chain_input(
        never_civil=0.0,
        never_defence=0.0,
        fraction=1.0,
        inspection=0.0,
        stock=0.01,
        law=weibull(np.array([1.0]), np.array([1e-9])),
    )
    assert run_chain(nothing, 24).total_short() == pytest.approx(0.0, abs=1e-6)


@given(share, st.floats(0.1, 1000.0))
def test_scaling_the_tonnes_scales_the_shortage(never: float, factor: float) -> None:
    one = run_chain(chain_input(never_civil=never), 12).total_short()
    many = run_chain(chain_input(never_civil=never, use=1200.0 * factor), 12).total_short()
    assert many == pytest.approx(one * factor, rel=1e-12)


@given(share, share, st.floats(0.1, 10), st.floats(1.01, 3))
def test_more_licences_never_mean_more_loss(never: float, fraction: float, scale: float, slower: float) -> None:
    """With the tank rule a lower never-granted share, a larger fraction or a quicker office never adds shortage."""
    base = chain_input(never_civil=never, fraction=fraction, law=weibull(np.array([1.2]), np.array([scale * slower])))
    better = (
        chain_input(never_civil=never / 2, fraction=fraction, law=base.law),
        chain_input(never_civil=never, fraction=(1 + fraction) / 2, law=base.law),
        chain_input(never_civil=never, fraction=fraction, law=weibull(np.array([1.2]), np.array([scale]))),
    )
    short = run_chain(base, 18).total_short()
    for given_ in better:
        assert run_chain(given_, 18).total_short() <= short + 1e-9


def test_a_pure_delay_is_bridged_by_the_mean_lead_time() -> None:
    """The identity of V03: with full approval, issuer's share of use × E[T] months of stock leave nothing short."""
    given_ = chain_input(
        issuer_share=1.0, controlled=1.0, defence=0.0, never_civil=0.0, fraction=1.0, inspection=0.0, stock=0.0
    )
    extra = extra_stock_for_delay(given_)
    assert extra[0] == pytest.approx(2.3697006830592535, rel=1e-12)  # E[T] of Weibull(1.4, 2.6), published in V03
    levels = np.array([extra[0] - 0.01, extra[0]])
    assert share_without_shortage(given_, 240, levels).tolist() == [0.0, 1.0]


def test_inspection_loses_flow_times_delay() -> None:
    given_ = chain_input(issuer_share=1.0, controlled=0.0, inspection=1.75, stock=0.0)
    assert run_chain(given_, 12).total_short()[0] == pytest.approx(1.75 * 100.0)


def test_the_stock_without_shortage_is_exactly_enough() -> None:
    """Second method: the closed form against the month-by-month tank, with a hair less and exactly that stock."""
    given_ = chain_input(never_civil=0.3, stock=0.0)
    enough = stock_without_shortage(given_, 18).max(axis=-1)
    assert run_chain(replace(given_, stock=enough), 18).total_short()[0] == pytest.approx(0.0, abs=1e-9)
    assert run_chain(replace(given_, stock=enough - 1e-3), 18).total_short()[0] > 1e-4


def test_the_delay_stock_is_what_comes_late_in_the_long_run() -> None:
    """V03 with grants withheld and cut: over a long horizon the late tonnes equal the stock for the delay."""
    law = weibull(np.array([1.4]), np.array([2.6]))
    given_ = chain_input(never_civil=0.25, fraction=0.9, inspection=0.0, stock=0.0, law=law)
    licensed = given_.use * given_.controlled / 12.0
    late = run_chain(given_, 600).late
    assert late == pytest.approx(stock_for_delay(given_) * licensed, rel=1e-9)
