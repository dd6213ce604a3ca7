"""The stock as a tank: hand cases, tonne balance and monotonicity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.disruption.lead_time import fixed_delay, weibull
from lodestock.disruption.licence import usable_licences
from lodestock.disruption.tank import tank
from lodestock.errors import InputError

amounts = st.lists(st.floats(0.0, 1e6), min_size=6, max_size=6)


def test_end_to_end_hand_path() -> None:
    # V16: 20 t a month, 80 % licensed, a fifth never granted, three months' lead, 20 t commercial stock, 12 months
    licences = usable_licences(np.full(12, 16.0), never_granted=0.2, granted_fraction=1.0, law=fixed_delay(3.0))
    arrivals = np.concatenate([4.0 + licences, np.full(6, 20.0)])
    path = tank(np.full(18, 20.0), arrivals, 20.0)
    np.testing.assert_allclose(path.shortage, [0, 12, 16, *[3.2] * 9, *[0] * 6], atol=1e-12)
    assert float(path.total()) == pytest.approx(56.8, abs=1e-9)
    assert int(path.first_short_month()) == 1


@pytest.mark.parametrize(
    ("initial", "total", "first"),
    [
        (0.0, 90.68243179936175, 0),
        (10.0, 80.68243179936175, 1),
        (20.0, 70.68243179936177, 2),
        (30.0, 60.682431799361765, 5),
    ],
)
def test_licence_shortage_over_24_months(initial: float, total: float, first: int) -> None:
    usable = usable_licences(
        np.full(24, 10.0), never_granted=0.25, granted_fraction=0.9, law=weibull(1.4, 2.6), spread_over_month=False
    )
    path = tank(np.full(24, 10.0), usable, initial)  # V03-B
    assert float(path.total()) == pytest.approx(total, abs=1e-9)
    assert int(path.first_short_month()) == first


@given(need=amounts, arrivals=amounts, initial=st.floats(0.0, 1e6), room=st.floats(0.0, 1e6))
def test_tonnes_are_conserved(need: list[float], arrivals: list[float], initial: float, room: float) -> None:
    path = tank(need, arrivals, initial, capacity=initial + room)
    came = initial + sum(arrivals)
    went = (np.array(need) - path.shortage).sum() + path.overflow.sum() + path.left()
    assert float(went) == pytest.approx(came, rel=1e-9, abs=1e-9)
    assert np.all(path.shortage <= np.array(need) + 1e-9)
    assert np.all((path.stock >= 0.0) & (path.stock <= initial + room))
    assert not np.any((path.shortage > 0.0) & (path.stock > 0.0))  # nothing is short while there is stock


@given(need=amounts, arrivals=amounts, more=amounts, initial=st.floats(0.0, 1e6), extra=st.floats(0.0, 1e6))
def test_more_licences_or_stock_never_mean_more_shortage(
    need: list[float], arrivals: list[float], more: list[float], initial: float, extra: float
) -> None:
    base = tank(need, arrivals, initial)
    richer = tank(need, np.add(arrivals, more), initial + extra)
    # cumulative, and therefore also in total: in a single month a richer start can shift nothing upward
    assert np.all(np.cumsum(richer.shortage) <= np.cumsum(base.shortage) + 1e-6)


@given(need=amounts, initial=st.floats(0.0, 1e6))
def test_no_disruption_means_no_shortage(need: list[float], initial: float) -> None:
    assert not tank(need, need, initial).shortage.any()


@given(need=amounts, arrivals=amounts, initial=st.floats(0.0, 1e6))
def test_splitting_each_month_in_two_halves_changes_nothing(
    need: list[float], arrivals: list[float], initial: float
) -> None:
    whole = tank(need, arrivals, initial)
    halves = tank(np.repeat(need, 2) / 2.0, np.repeat(arrivals, 2) / 2.0, initial)
    np.testing.assert_allclose(halves.shortage.reshape(6, 2).sum(axis=1), whole.shortage, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(halves.stock[1::2], whole.stock, rtol=1e-9, atol=1e-6)


@given(need=amounts, arrivals=amounts, initial=st.floats(0.0, 1e6))
def test_kilograms_give_the_same_answer_as_tonnes(need: list[float], arrivals: list[float], initial: float) -> None:
    tonnes = tank(need, arrivals, initial)
    kilograms = tank(np.multiply(need, 1024.0), np.multiply(arrivals, 1024.0), initial * 1024.0)
    np.testing.assert_array_equal(kilograms.shortage, tonnes.shortage * 1024.0)  # a power of two scales exactly


def test_draws_are_independent_of_each_other() -> None:
    rng = np.random.default_rng(2)
    need, arrivals, start = rng.uniform(0, 9, (4, 7)), rng.uniform(0, 9, (4, 7)), rng.uniform(0, 20, 4)
    batch = tank(need, arrivals, start)
    for n in range(4):
        np.testing.assert_array_equal(batch.shortage[n], tank(need[n], arrivals[n], start[n]).shortage)


def test_bad_tonnes_are_named() -> None:
    with pytest.raises(InputError, match="arrivals"):
        tank([1.0, 1.0], [1.0, np.nan], 0.0)
    with pytest.raises(InputError, match="initial_stock"):
        tank([1.0], [1.0], -1.0)
    with pytest.raises(InputError, match="capacity"):
        tank([1.0], [1.0], 5.0, capacity=4.0)
