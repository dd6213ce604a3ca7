"""Shares by age when outcomes compete, against a hand table and Kaplan–Meier (V04); published snapshots (V04)."""

from __future__ import annotations

import numpy as np
import pytest

from lodestock.disruption.competing_risks import incidence
from lodestock.disruption.ridge import AgeConvention, Snapshot
from lodestock.disruption.snapshot_likelihood import snapshots_log_likelihood
from lodestock.errors import InputError

from .test_estimate import sample


def test_v04_hand_table():
    found = incidence([1.0, 2, 2.5, 3, 4, 4.5, 5, 6, 7, 8], [1, 1, 2, 0, 1, 2, 0, 1, 0, 0], 2)
    still = [0.9, 0.8, 0.7, 0.7, 7 / 12, 7 / 15, 7 / 15, 14 / 45, 14 / 45, 14 / 45]
    granted = [0.1, 0.2, 0.2, 0.2, 0.3166666667, 0.3166666667, 0.3166666667, 0.4722222222, 0.4722222222, 0.4722222222]
    denied = [0.0, 0, 0.1, 0.1, 0.1, 0.2166666667, 0.2166666667, 0.2166666667, 0.2166666667, 0.2166666667]
    assert found.open == pytest.approx(still, abs=1e-9)
    assert found.share[:, 0] == pytest.approx(granted, abs=1e-9)
    assert found.share[:, 1] == pytest.approx(denied, abs=1e-9)


def test_shares_and_open_cases_sum_to_one():
    g = np.random.default_rng(3)
    found = incidence(np.round(g.gamma(2, 2, 500), 1), g.integers(0, 4, 500), 3)
    assert found.open + found.share.sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_v04_kaplan_meier():
    cases = sample()
    still, share = incidence(cases.low, cases.granted.astype(int), 1).at([1.0, 2.0, 3.0, 6.0, 9.0])
    expected = [0.845, 0.6751412500850579, 0.5232732427223821, 0.33700193145377133, 0.3274342704096386]
    assert still == pytest.approx(expected, abs=1e-12)
    assert still + share[:, 0] == pytest.approx(1.0, abs=1e-12)


def test_v04_two_snapshots_leave_a_flat_ridge():
    snapshots = [
        Snapshot("a", 2.0, 33 / 140, filed=140, granted=33),
        Snapshot("b", 7.0, 0.51, filed=2000, granted=1020),
    ]
    ridge = np.array(
        [
            [0.0, 0.7790410873012599, 10.799487163904498],
            [0.2, 0.8518455673277681, 6.8808588089196645],
            [0.45, 1.2325360503949554, 3.2031386785641103],
        ]
    )
    found = snapshots_log_likelihood(snapshots, *ridge.T, AgeConvention.ONE_AGE)
    assert found == pytest.approx(-1462.346838798441, abs=1e-6)
    mixed = snapshots_log_likelihood(snapshots, *ridge.T, AgeConvention.CONSTANT_INFLOW)
    assert (mixed < found - 1.0).all()  # the same parameters do not fit under the other convention


def test_populations_with_effects_of_their_own_disagree_less():
    far = [Snapshot("a", 3.0, 0.6, filed=100, granted=60), Snapshot("b", 5.0, 0.135, filed=141, granted=19)]
    one = snapshots_log_likelihood(far, 0.3, 1.2, 4.0, AgeConvention.ONE_AGE)
    own = snapshots_log_likelihood(far, 0.3, 1.2, 4.0, AgeConvention.ONE_AGE, spread=1.0)
    assert own > one
    tiny = snapshots_log_likelihood(far, 0.3, 1.2, 4.0, AgeConvention.ONE_AGE, spread=1e-7)
    assert tiny == pytest.approx(float(one), abs=1e-3)
    with pytest.raises(InputError, match="without counts"):
        snapshots_log_likelihood([Snapshot("a", 3.0, 0.6)], 0.3, 1.2, 4.0, AgeConvention.ONE_AGE)


def test_impossible_ages_are_refused():
    with pytest.raises(InputError, match="0 or more"):
        incidence([-1.0], [1], 1)
    with pytest.raises(InputError, match="same length"):
        incidence([1.0, 2.0], [1], 1)
