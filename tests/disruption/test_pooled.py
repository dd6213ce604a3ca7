"""Partial pooling of licence cases over materials: against a sampler, and what it must never do (MODEL §4.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import special

from lodestock.disruption.case_report import CaseReport, case_report, group_cases
from lodestock.disruption.cases import LicenceCase, Outcome, ages
from lodestock.disruption.estimate import CureParameters, Family, log_likelihood
from lodestock.disruption.outlook import Range
from lodestock.disruption.pooled import SCORES, hat, lend, pool_groups
from lodestock.disruption.posterior import CurePrior
from lodestock.errors import InputError

START = dt.date(2025, 4, 4)


def made(count: int, never: float, median: float, seed: int, material: str = "") -> list[LicenceCase]:
    """Cases filed over four months, granted after a lognormal time, looked at eight months after the start."""
    rng = np.random.default_rng(seed)
    seen = START + dt.timedelta(days=240)
    out = []
    for number in range(count):
        filed = START + dt.timedelta(days=int(rng.integers(0, 120)))
        decided = filed + dt.timedelta(days=1 + int(30.4375 * median * np.exp(0.5 * rng.standard_normal())))
        granted = rng.random() >= never and decided <= seen
        day, outcome = (decided, Outcome.GRANTED) if granted else (seen, Outcome.PENDING)
        fraction = 1.0 if granted else None
        out.append(LicenceCase(f"{material}{number}", filed, outcome, day, day, fraction, material, "civil", ""))
    return out


def width(found: Range) -> float:
    return found.high - found.low


def sampled(
    groups: Sequence[Sequence[LicenceCase]], family: Family, draws: int, seed: int
) -> list[list[tuple[float, float]]]:
    """Pooled means, each with its standard error, of the never-granted share and of the ln median lead time, by group.

    Another way altogether: no grid, no score of a posterior; the model is drawn forward and weighed by the likelihood.
    """
    prior, rng = CurePrior(), np.random.default_rng(seed)
    shapes, scales = (
        np.exp(mean + spread * rng.standard_normal(200_000)) for mean, spread in (prior.log_shape, prior.log_scale)
    )
    shift = np.zeros_like(shapes) if family is Family.LOGNORMAL else np.log(np.log(2.0)) / shapes
    order = np.argsort(np.log(scales) + shift)  # the n-th of these pairs has the n-th median lead time
    common, alike = rng.standard_normal((2, draws)), rng.random((2, draws))
    total, values = np.zeros(draws), []
    for cases in groups:
        score = np.sqrt(alike) * common + np.sqrt(1.0 - alike) * rng.standard_normal((2, draws))
        never = special.betaincinv(*prior.never, special.ndtr(score[0]))
        chosen = order[(special.ndtr(score[1]) * order.size).astype(np.int64)]
        total += log_likelihood(ages(cases), family, CureParameters(never, shapes[chosen], scales[chosen]))
        values.append((never, (np.log(scales) + shift)[chosen]))
    weight = np.exp(total - special.logsumexp(total))

    def told(value: np.ndarray) -> tuple[float, float]:
        mean = float(weight @ value)
        return mean, float(np.sqrt(weight**2 @ (value - mean) ** 2))

    return [[told(value) for value in both] for both in values]


@pytest.fixture(scope="module")
def reports() -> list[CaseReport]:
    """Three groups with some cases and one with two."""
    groups = [made(25, 0.2, 2.0, 1), made(25, 0.2, 2.2, 2), made(25, 0.25, 2.4, 3), made(2, 0.0, 2.5, 4)]
    return [case_report(group) for group in groups]


@pytest.mark.parametrize("family", list(Family))
def test_pooling_agrees_with_a_sampler(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [made(9, 0.1, 1.5, 11), made(4, 0.0, 3.0, 12)]
    monkeypatch.setattr("lodestock.disruption.pooled._law", lambda reports: family)
    found = pool_groups([case_report(group) for group in groups])
    assert found.family is family
    for grid, (never, theta) in zip(found.grids, sampled(groups, family, 60_000, 7), strict=True):
        assert abs(grid.mean("never") - never[0]) < 4.0 * never[1] < 0.02
        shape, scale = np.meshgrid(grid.shape, grid.scale, indexing="ij")
        shift = 0.0 if family is Family.LOGNORMAL else np.log(np.log(2.0)) / shape
        mean = (grid.chance.sum(axis=0) * (np.log(scale) + shift)).sum()
        assert abs(mean - theta[0]) < 4.0 * theta[1] < 0.05


def test_a_group_with_few_cases_leans_on_the_others_and_one_with_many_hardly_moves(reports: list[CaseReport]) -> None:
    found = pool_groups(reports)
    few_alone, few = found.alone[-1], found.pooled[-1]
    assert width(few.lead_median) < 0.8 * width(few_alone.lead_median)
    assert width(few.never) < width(few_alone.never)
    assert few.lead_median.low < 2.5 < few.lead_median.high
    for alone, pooled in zip(found.alone[:3], found.pooled[:3], strict=True):
        assert pooled.lead_median.median == pytest.approx(alone.lead_median.median, rel=0.1)
        assert width(pooled.lead_median) <= 1.05 * width(alone.lead_median)


def test_the_order_of_groups_does_not_matter(reports: list[CaseReport]) -> None:
    forward, back = pool_groups(reports), pool_groups(reports[::-1])
    assert [g.lead_mean.median for g in back.pooled[::-1]] == pytest.approx(
        [g.lead_mean.median for g in forward.pooled]
    )


def test_groups_that_tell_nothing_lend_nothing() -> None:
    plain = np.exp(-0.5 * SCORES**2)
    nothing = np.outer(plain, plain) / plain.sum() ** 2  # the prior itself: no case at all
    seen = hat(np.array([1.2])).T @ hat(np.array([-0.4]))  # a group whose two scores are known
    lent, chance = lend([nothing, seen])
    assert lent[1] == pytest.approx(np.ones_like(lent[1]), abs=0.02)  # the grid of c and ρ
    assert chance.sum() == pytest.approx(1.0)
    # what the known group lends the empty one: half of its score on average, as E[ρ] = 1/2, in both quantities
    pooled = nothing * lent[0]
    assert pooled.sum(axis=1) @ SCORES == pytest.approx(1.2 / 2, abs=0.15)
    assert pooled.sum(axis=0) @ SCORES == pytest.approx(-0.4 / 2, abs=0.05)


def test_one_group_is_refused(reports: list[CaseReport]) -> None:
    with pytest.raises(InputError, match="nothing to lean on"):
        pool_groups(reports[:1])


def test_materials_of_one_file_are_told_apart() -> None:
    cases = [*made(3, 0.2, 2.0, 5, "terbium"), *made(3, 0.2, 2.0, 6, "dysprosium"), *made(1, 0.2, 2.0, 7)]
    assert {name: len(group) for name, group in group_cases(cases, "material").items()} == {
        "terbium": 3, "dysprosium": 3, "": 1,
    }  # fmt: skip
