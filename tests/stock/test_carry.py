"""Cost of carry: published case (V15), sums written out, properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock.stock.carry import (
    CarryTerms,
    annual_carry,
    annuity_factor,
    break_even_probability,
    carry_npv,
    carry_rule_of_thumb,
    expected_benefit_per_euro,
)

TERMS = CarryTerms(
    0.03, storage=0.01, insurance=0.002, obsolescence=0.01, transaction=0.01, rotation=0.04, shelf_life=10
)


def test_ten_year_case() -> None:
    assert float(carry_npv(100.0, TERMS, 10)) == pytest.approx(46.101148666131024, abs=1e-9)
    assert float(annual_carry(100.0, TERMS, 10)) == pytest.approx(5.404461013210318, abs=1e-9)
    assert float(carry_rule_of_thumb(100.0, TERMS, 10)) == pytest.approx(5.4, abs=1e-9)


@pytest.mark.parametrize(
    ("rate", "factor"), [(0.0225, 15.963712369975896), (0.016, 17.000580227786386), (0.07, 10.594014245516165)]
)
def test_annuity_factors_over_twenty_years(rate: float, factor: float) -> None:
    assert float(annuity_factor(rate, 20)) == pytest.approx(factor, abs=1e-9)
    assert float(annuity_factor(rate, 20)) == pytest.approx(sum((1 + rate) ** -y for y in range(1, 21)), abs=1e-9)


def test_no_discounting_counts_years() -> None:
    assert float(annuity_factor(0.0, 20)) == 20.0
    np.testing.assert_allclose(annuity_factor([0.0, 1e-12], 7), 7.0, rtol=1e-10)


def test_renewal_drift_and_sale_written_out_year_by_year() -> None:
    terms = CarryTerms(
        0.05, storage=0.02, insurance=0.003, obsolescence=0.07, transaction=0.02, drift=0.01, rotation=0.1, shelf_life=3
    )
    cash = [80.0 * 1.02]
    for year in range(1, 9):
        price = 80.0 * 1.01**year
        paid = price * 0.093 + (price * 0.1 if year in (3, 6) else 0.0) - (price * 0.98 if year == 8 else 0.0)
        cash.append(paid)
    assert float(carry_npv(80.0, terms, 8)) == pytest.approx(sum(c / 1.05**y for y, c in enumerate(cash)), abs=1e-9)


@given(
    price=st.floats(0.01, 1e4), rate=st.floats(0.0, 0.1), storage=st.floats(0.0, 0.05), spoil=st.floats(0.0, 0.1),
    years=st.integers(1, 30),
)  # fmt: skip
def test_without_trade_costs_the_rule_of_thumb_is_exact(
    price: float, rate: float, storage: float, spoil: float, years: int
) -> None:
    # buying and selling at the same price ties up capital: rate·price a year exactly, whatever the horizon
    terms = CarryTerms(rate, storage=storage, obsolescence=spoil)
    rule = float(carry_rule_of_thumb(price, terms, years))
    assert float(annual_carry(price, terms, years)) == pytest.approx(rule, rel=1e-9, abs=1e-9)
    assert float(annual_carry(2.0 * price, terms, years)) == pytest.approx(2.0 * rule, rel=1e-9, abs=1e-9)


def test_break_even_probability() -> None:
    annuity = annual_carry(100.0, TERMS, 10)
    chances = break_even_probability(annuity, 100.0 * np.array([1.0, 3.0, 10.0, 30.0, 100.0]))
    published = [0.054044610132103175, 0.018014870044034393, 0.0054044610132103175, 0.0018014870044034393]
    np.testing.assert_allclose(chances[:4], published, rtol=1e-9)
    with pytest.raises(InputError, match="loss"):
        break_even_probability(5.0, 0.0)


def test_benefit_per_euro_has_no_value_without_cost() -> None:
    ratio = expected_benefit_per_euro([0.0, 18_000.0], 0.08, [0.0, 86.4])
    assert np.isnan(ratio[0])
    assert ratio[1] == pytest.approx(16.66666666666667, abs=1e-9)  # V16


def test_arrays_agree_with_scalars() -> None:
    rates = np.array([0.01, 0.03, 0.05])
    batch = carry_npv(100.0, CarryTerms(rates, storage=0.01, shelf_life=np.array([2.0, 5.0, 99.0]), rotation=0.04), 12)
    for n, life in enumerate((2.0, 5.0, 99.0)):
        single = carry_npv(100.0, CarryTerms(rates[n], storage=0.01, shelf_life=life, rotation=0.04), 12)
        assert batch[n] == pytest.approx(float(single), rel=1e-14)


def test_bad_terms_are_named() -> None:
    with pytest.raises(InputError, match="shelf life"):
        carry_npv(1.0, CarryTerms(0.03, shelf_life=0.0), 10)
    with pytest.raises(InputError, match="price"):
        carry_npv(np.nan, TERMS, 10)
    with pytest.raises(InputError, match="horizon"):
        carry_npv(1.0, TERMS, 0)
