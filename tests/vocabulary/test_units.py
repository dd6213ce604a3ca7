"""Units and conversion."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import convert, unit, units

PAIRS = [(a.unit, b.unit) for a, b in permutations(units(), 2) if a.quantity == b.quantity]


@given(value=st.floats(-1e12, 1e12), pair=st.sampled_from(PAIRS))
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    there, back = pair
    assert math.isclose(convert(convert(value, there, back), back, there), value, rel_tol=1e-12, abs_tol=1e-300)


@pytest.mark.parametrize(
    ("value", "start", "end", "expected"),
    [
        (1.0, "kt", "kg", 1e6),
        (1.0, "lb", "g", 453.59237),
        (1.0, "ozt", "g", 31.1034768),
        (2.5, "M€", "k€", 2500.0),
        (3.0, "€/kg", "€/t", 3000.0),
        (1.0, "USD/lb", "USD/t", 2204.6226218487757),
        (1000.0, "USD/ozt", "kUSD/t", 32150.746568627983),
        (12.0, "months", "days", 365.25),
        (1.0, "year", "month", 12.0),
        (1.0, "week", "day", 7.0),
        (12.0, "kt/yr", "t/mo", 1000.0),
        (25.0, "%", "share", 0.25),
        (1.0, "mt", "t", 1.0),
        (1.0, "Mt", "t", 1e6),
    ],
)
def test_known_conversions(value: float, start: str, end: str, expected: float) -> None:
    assert convert(value, start, end) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("start", "end"), [("€", "USD"), ("t", "k€"), ("month", "t/month")])
def test_different_quantities_are_not_converted(start: str, end: str) -> None:
    with pytest.raises(InputError, match="cannot convert"):
        convert(1.0, start, end)


def test_capitals_decide_only_where_they_must() -> None:
    assert unit("KG").unit == "kg"
    assert unit("mt").unit == "t"
    with pytest.raises(UnknownNameError):
        unit("MT")  # a tonne or a million of them: it does not guess


def test_unknown_unit_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean tonne"):
        convert(1.0, "tonnen", "kg")


def test_what_is_not_a_number_stays_so() -> None:
    assert math.isnan(convert(math.nan, "t", "kg"))


def test_units_are_sound() -> None:
    names = [name for u in units() for name in (u.unit, *u.aliases)]
    assert len(names) == len(set(names))
    for own in units():
        canonical = unit(own.canonical)
        assert canonical.quantity == own.quantity
        assert canonical.factor == 1.0
