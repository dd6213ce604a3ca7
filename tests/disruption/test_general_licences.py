"""General licences, end-user ties, resubmission, quotas, bans, taxes, learning and the statutory clock (MODEL §4.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize

from lodestock.disruption.calendar import read_calendar
from lodestock.disruption.export_rules import QuotaRule, export_tax, under_ban, under_quota
from lodestock.disruption.general_licences import (
    filed_with_resubmission,
    general_cover,
    granted_in_the_end,
    ship_when_tied,
    split_by_general_licence,
)
from lodestock.disruption.lead_time import fixed_delay, weibull
from lodestock.disruption.licence import granted_by_month, usable_licences
from lodestock.disruption.office_clock import learning_scale, statutory_terms, usable_by_filing_month
from lodestock.errors import InputError

TONNES = st.floats(0.0, 100.0, allow_subnormal=False)


def test_general_licences_cover_their_year_and_lapse() -> None:
    cover = general_cover(30, share=0.4, granted_in=8, validity_months=12, renewed=0.5, gap_months=2)
    expected = np.zeros(30)
    expected[8:20] = 0.4  # twelve months, then two without, then half of it is renewed
    expected[22:30] = 0.2
    assert cover == pytest.approx(expected)
    free, office = split_by_general_licence(10.0, cover)
    assert free + office == pytest.approx(np.full(30, 10.0))
    assert free == pytest.approx(10.0 * expected)


def test_general_licences_take_parameter_draws() -> None:
    cover = general_cover(4, share=[0.1, 0.9], granted_in=0, validity_months=2, renewed=[0.0, 1.0])
    assert cover == pytest.approx(np.array([[0.1, 0.1, 0.0, 0.0], [0.9, 0.9, 0.9, 0.9]]))


def test_resubmission_equals_the_sum_over_generations() -> None:
    # second method: the k-th filing is the first one, delayed k times: (ρδ)^k · a ∗ g^{∗k}, one month later each
    law, months, back = weibull(1.4, 2.0), 36, 0.3 * 0.8
    first = np.linspace(1.0, 3.0, months)
    told = np.diff(granted_by_month(law, months), prepend=0.0)
    generation, total = first, np.zeros(months)
    for _ in range(months):
        total += generation
        generation = back * np.convolve(np.concatenate([[0.0], told]), generation)[:months]
    filed = filed_with_resubmission(first, refused=0.3, resubmitted=0.8, refusal_law=law)
    assert filed == pytest.approx(total, rel=1e-12)


def test_what_is_granted_in_the_end_counts_every_try() -> None:
    once = np.zeros(400)
    once[0] = 1.0
    filed = filed_with_resubmission(once, refused=0.3, resubmitted=0.8, refusal_law=weibull(1.4, 2.0), again_after=2)
    assert filed.sum() == pytest.approx(1.0 / (1.0 - 0.24), rel=1e-9)
    share = granted_in_the_end(0.35, 0.3, 0.8)
    assert filed.sum() * (1.0 - 0.35) == pytest.approx(float(share), rel=1e-9)
    assert granted_in_the_end(0.35, 0.3, 0.0) == pytest.approx(0.65)
    assert granted_in_the_end(0.35, 0.35, 1.0) == pytest.approx(1.0)
    with pytest.raises(InputError, match="more is refused"):
        granted_in_the_end(0.2, 0.3, 0.5)


def test_a_tie_to_the_end_user_loses_what_one_has_and_another_lacks() -> None:
    granted = np.array([[10.0, 0.0], [0.0, 0.0]])  # user 1 has ten, user 2 nothing
    wanted = np.array([[4.0, 4.0], [1.0, 1.0]])
    use = ship_when_tied(granted, wanted, validity_months=2)
    assert use.tied == pytest.approx(np.array([[4.0, 4.0], [0.0, 0.0]]))
    assert use.free == pytest.approx([5.0, 5.0])
    assert float(use.lost_by_tie()) == pytest.approx(2.0)
    assert use.lapsed.sum() == pytest.approx(2.0)  # and two tonnes of licence lapse all the same


@settings(max_examples=60, deadline=None)
@given(arrays(float, (3, 6), elements=TONNES), arrays(float, (3, 6), elements=TONNES), st.integers(1, 7))
def test_passing_on_licences_never_ships_less(granted: np.ndarray, wanted: np.ndarray, validity: int) -> None:
    use = ship_when_tied(granted, wanted, validity)
    together = use.tied.sum(axis=0)
    assert bool(np.all(np.cumsum(use.free) >= np.cumsum(together) - 1e-9))
    assert bool(np.all(use.tied <= wanted + 1e-9))


def test_the_congolese_cobalt_quota_first_come_and_pro_rata() -> None:
    # 18,125 t for the rest of 2025 (2½ months), then 96,600 t a year; claims of 220,000 t a year by two firms, 3 : 1
    claims = np.outer([0.75, 0.25], np.full(15, 220_000 / 12))
    period = np.array([0] * 3 + [1] * 12)
    first = under_quota(claims, [18_125.0, 96_600.0], period, QuotaRule.FIRST_COME, claims_wait=False)
    assert first.allowed[:, :3].sum() == pytest.approx(18_125.0)
    assert first.allowed[:, 3:].sum() == pytest.approx(96_600.0)
    assert first.allowed.sum(axis=0)[8:14] == pytest.approx([96_600 - 5 * 220_000 / 12, 0, 0, 0, 0, 0])
    rata = under_quota(claims, [18_125.0, 96_600.0], period, QuotaRule.PRO_RATA, entitlement=[0.5, 0.5])
    # the small firm has more than it claims in 2026 (its half is 48,300 t), what it leaves is gone
    assert rata.allowed[0, 3:].sum() == pytest.approx(48_300.0)
    assert rata.allowed[:, 3:].sum() == pytest.approx(96_600.0)  # its waiting claims of 2025 fill its half


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, (2, 3, 8), elements=TONNES),
    arrays(float, (3,), elements=TONNES),
    st.sampled_from(list(QuotaRule)),
)
def test_a_quota_is_never_passed_and_every_claim_is_accounted_for(
    claims: np.ndarray, cap: np.ndarray, rule: QuotaRule
) -> None:
    period = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    use = under_quota(claims, cap, period, rule)
    by_period = np.stack([use.allowed[..., period == p].sum(axis=(-2, -1)) for p in range(3)], axis=-1)
    assert bool(np.all(by_period <= cap + 1e-9))
    assert by_period + use.left == pytest.approx(np.broadcast_to(cap, (2, 3)), abs=1e-9)
    assert use.allowed.sum(axis=-1) + use.waiting[..., -1] == pytest.approx(claims.sum(axis=-1), abs=1e-9)


def test_a_ban_is_a_licence_that_is_never_granted() -> None:
    law = weibull(1.2, 2.0)
    never = usable_licences(np.full(6, 5.0), never_granted=1.0, granted_fraction=1.0, law=law)
    assert under_ban(np.full(6, 5.0), 1.0) == pytest.approx(never)
    military = under_ban(np.full(4, 10.0), [0.0, 0.5, 1.0, 1.0], banned_share=0.03)
    assert military == pytest.approx([10.0, 9.85, 9.7, 9.7])


@pytest.mark.parametrize(("rate", "demand", "supply"), [(0.15, -0.15, 0.1), (0.5, -0.6, 0.3), (0.2, -1.0, 2.0)])
def test_a_tax_clears_the_market(rate: float, demand: float, supply: float) -> None:
    def surplus(seller: float) -> float:
        return float((seller * (1.0 + rate)) ** demand - seller**supply)

    seller = optimize.brentq(surplus, 1e-3, 10.0, xtol=1e-14)
    tax = export_tax(ad_valorem=rate, demand=demand, supply=supply)
    assert float(tax.seller_price) == pytest.approx(seller, rel=1e-10)
    assert float(tax.quantity) == pytest.approx(seller**supply, rel=1e-10)
    assert float(tax.revenue) == pytest.approx(rate * seller * seller**supply, rel=1e-10)


def test_who_bears_a_tax_at_the_ends() -> None:
    fixed_price = export_tax(specific=5.0, price=50.0, demand=-0.15)
    assert float(fixed_price.buyer_price) == pytest.approx(1.1)
    assert float(fixed_price.quantity) == pytest.approx(1.1**-0.15)
    fixed_supply = export_tax(ad_valorem=0.1, demand=-0.15, supply=0.0)
    assert float(fixed_supply.buyer_price) == pytest.approx(1.0)  # sellers bear it all, nothing less is traded
    assert float(fixed_supply.quantity) == pytest.approx(1.0)


def test_learning_reaches_its_ends_and_changes_what_comes() -> None:
    scale = learning_scale(6.0, 2.0, 4.0, 60, spread_over_month=False)
    assert scale[0] == pytest.approx(6.0)
    assert scale[4] == pytest.approx(2.0 + 4.0 / np.e)
    assert scale[-1] == pytest.approx(2.0, abs=1e-5)
    filed = np.full(12, 100.0)
    given = {"never_granted": 0.25, "granted_fraction": 0.9, "months": 12}
    slow = usable_licences(filed, law=weibull(1.2, 6.0), **given)
    quick = usable_licences(filed, law=weibull(1.2, 2.0), **given)
    learns = usable_by_filing_month(filed, law=weibull(1.2, learning_scale(6.0, 2.0, 4.0, 12)), **given)
    assert bool(np.all((np.cumsum(learns) > np.cumsum(slow)) & (np.cumsum(learns) < np.cumsum(quick))))


def test_one_law_for_all_months_gives_the_cohort_model() -> None:
    filed = np.linspace(0.0, 50.0, 9)
    plain = usable_licences(filed, never_granted=0.3, granted_fraction=0.8, law=weibull(1.4, 2.6), months=14)
    same = usable_by_filing_month(
        filed, never_granted=0.3, granted_fraction=0.8, law=weibull(1.4, np.full(9, 2.6)), months=14
    )
    assert same == pytest.approx(plain, rel=1e-12)


def test_forty_five_working_days_are_two_months_and_longer_over_spring_festival() -> None:
    calendar = read_calendar("cn")
    terms = statutory_terms(calendar, dt.date(2025, 4, 4), 12, 45)
    no_holidays = replace(calendar, holidays=frozenset(), worked=frozenset())
    plain = statutory_terms(no_holidays, dt.date(2025, 4, 4), 12, 45)
    # by hand: nine weeks for a case filed from Monday to Friday (63 days), 62 for one of Saturday, 61 of Sunday
    assert plain == pytest.approx(np.full(12, (5 * 63 + 62 + 61) / 7 / 30.4375), abs=0.005)
    assert terms.mean() > plain.mean() + 3 / 30.4375  # the holidays of the year take more than three days on average
    assert terms.max() == terms[5:11].max()  # cases that meet National Day (October) or Spring Festival (February 2026)
    assert terms.max() > 2.2
    usable = usable_by_filing_month(
        np.full(12, 1.0), never_granted=0.0, granted_fraction=1.0, law=fixed_delay(terms), spread_over_month=False
    )
    assert usable[:2] == pytest.approx([0.0, 0.0])
    assert usable.sum() <= 12.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: general_cover(0, share=0.5, granted_in=0, validity_months=12), "general licences"),
        (lambda: general_cover(4, share=1.5, granted_in=0, validity_months=12), "share"),
        (lambda: ship_when_tied([1.0], [1.0], 2), "user axis"),
        (
            lambda: filed_with_resubmission(
                [1.0], refused=0.1, resubmitted=0.1, refusal_law=weibull(1, 1), again_after=0
            ),
            "at least a month",
        ),
        (lambda: under_quota([[1.0, 1.0]], [1.0], [0, 1], QuotaRule.FIRST_COME), "periods"),
        (lambda: under_quota([[1.0, -1.0]], [1.0], [0, 0], QuotaRule.FIRST_COME), "negative"),
        (lambda: under_quota([[1.0]], [1.0], [0], QuotaRule.PRO_RATA, entitlement=[1.2]), "entitlements"),
        (lambda: export_tax(ad_valorem=0.1, demand=0.2), "demand below 0"),
        (lambda: learning_scale(1.0, 0.0, 1.0, 3), "learning"),
        (
            lambda: usable_by_filing_month([1.0, 1.0], never_granted=0, granted_fraction=1, law=weibull(1.0, 1.0)),
            "its own law",
        ),
    ],
)
def test_impossible_rules_are_refused(call: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()  # type: ignore[operator]
