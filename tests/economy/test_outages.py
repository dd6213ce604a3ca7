"""Outages as losses by step: what is lost in total does not depend on the length of a step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.economy import ario
from lodestock.economy.outages import Outage, Recovery, loss_paths
from lodestock.errors import InputError


def test_a_week_that_is_covered_for_three_days_loses_three_sevenths():
    _, path = loss_paths([Outage(4, 0.7, start=4, days=10)], steps=4, step_days=7)
    np.testing.assert_allclose(path[:, 0], [0.7 * 3 / 7, 0.7, 0.0, 0.0], atol=1e-15)


def test_linear_recovery_by_hand():
    """Full for two days, then four days of recovery: daily means 7/8, 5/8, 3/8, 1/8 of the loss."""
    _, path = loss_paths([Outage(0, 0.8, 1, 2, 4, Recovery.LINEAR)], steps=8, step_days=1)
    np.testing.assert_allclose(path[:, 0], [0, 0.8, 0.8, 0.7, 0.5, 0.3, 0.1, 0.0], atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(
    start=st.floats(0, 30), days=st.floats(0, 40), tau=st.floats(0.5, 20), step=st.sampled_from([0.5, 1.0, 7.0, 10.0])
)
def test_total_loss_is_share_times_duration_and_recovery(start, days, tau, step):
    steps = int(np.ceil(120 / step))
    for recovery, tail in ((Recovery.AT_ONCE, 0.0), (Recovery.LINEAR, tau / 2)):
        _, path = loss_paths([Outage(0, 0.6, start, days, tau, recovery)], steps, step)
        assert path.sum() * step == pytest.approx(0.6 * (days + tail), rel=1e-9, abs=1e-9)
    _, path = loss_paths([Outage(0, 0.6, start, days, tau, Recovery.EXPONENTIAL)], 100 * steps, step)
    assert path.sum() * step == pytest.approx(0.6 * (days + tau), rel=1e-6)


def test_two_outages_of_one_industry_do_not_add_up(table):
    industries, path = loss_paths([Outage(7, 0.6, 0, 20), Outage(7, 0.9, 10, 20), Outage(2, 0.1, 0, 5)], 40, 1)
    np.testing.assert_array_equal(industries, [2, 7])
    np.testing.assert_allclose(path[[0, 15, 25, 35], 1], [0.6, 0.9, 0.9, 0.0])
    z, final, sector = table
    run = ario.simulate(ario.prepare(z, final, sector), industries, path)
    assert run.output[0, 15, 7] == pytest.approx(0.1 * run.baseline[15, 7], rel=0.01)


def test_a_share_above_one_is_refused():
    with pytest.raises(InputError, match="outage 0"):
        loss_paths([Outage(1, 1.2, 0, 3)], 5, 1)
