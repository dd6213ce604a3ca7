"""What to expect of applications, reports on dated cases, and parameter sets: identities and honest doubt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import yaml

from lodestock.disruption.case_report import Warn, case_report
from lodestock.disruption.cases import LicenceCase, Outcome
from lodestock.disruption.controls import control
from lodestock.disruption.estimate import Family
from lodestock.disruption.lead_time import weibull
from lodestock.disruption.licence_parameters import parse_parameters, read_parameters, shipped
from lodestock.disruption.outlook import Regimes, lead_time_law, one_range, outlook, ranges
from lodestock.disruption.snapshot_table import is_snapshot_table, parse_snapshots, read_snapshots
from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.scenario.load import load

START = dt.date(2025, 4, 4)


def regimes(draws: int = 3) -> Regimes:
    never = np.linspace(0.0, 0.4, draws)
    return Regimes(never, np.linspace(1.0, 0.8, draws), weibull(np.full(draws, 1.4), np.full(draws, 2.6)))


def test_both_identities_hold_in_the_long_run() -> None:
    # MODEL §4.2: what is late is (1 − π)·φ·E[T] in all, with E[T] = 2.3697 months for Weibull(1.4, 2.6)
    given = regimes()
    found = outlook(given, 120.0, 240)
    share = (1.0 - given.never_granted) * given.granted_fraction
    assert found.mean_lead == pytest.approx(np.full(3, 2.3697), abs=5e-5)
    assert found.missing_late == pytest.approx(share * found.mean_lead, rel=1e-9)
    assert found.late == pytest.approx(found.missing_late, rel=1e-9)
    assert found.permanent() == pytest.approx(1.0 - share, rel=1e-12)
    assert found.granted[:, -1] == pytest.approx(120.0 * (1.0 - given.never_granted), rel=1e-9)
    assert found.bridging_stock(1.5) == pytest.approx(np.full(3, 2.3697 - 1.5), abs=5e-5)
    assert found.bridging_stock(9.0) == pytest.approx(np.zeros(3))


def test_every_tonne_has_come_or_has_a_reason() -> None:
    for at_once, span in ((False, 12.0), (True, 1.0)):
        found = outlook(regimes(5), 120.0, 12, at_once=at_once)
        missing = found.missing_late + found.missing_in_part + found.missing_never
        assert found.usable.sum(axis=1) + missing == pytest.approx(np.full(5, span), rel=1e-12)


def test_a_batch_follows_the_lead_time_law() -> None:
    given = regimes(1)
    found = outlook(given, 120.0, 6, at_once=True)
    assert found.granted[0].cumsum() == pytest.approx(120.0 * (1.0 - np.exp(-((np.arange(1, 7) / 2.6) ** 1.4))))


def test_ranges_are_quantiles_over_the_draws() -> None:
    values = np.linspace(0.0, 100.0, 101)
    assert (one_range(values).low, one_range(values).median, one_range(values).high) == pytest.approx((5, 50, 95))
    two = ranges(np.stack([values, 2 * values], axis=1))
    assert two[1].high == pytest.approx(190.0)


@pytest.mark.parametrize(("applications", "months"), [(0.0, 12), (-1.0, 12), (np.nan, 12), (120.0, 0)])
def test_an_outlook_of_nothing_is_refused(applications: float, months: int) -> None:
    with pytest.raises(InputError, match="applications and at least one month"):
        outlook(regimes(), applications, months)


def made_cases(count: int, never: float, seed: int, material: str = "dysprosium") -> list[LicenceCase]:
    """Applications filed over six months and followed for a year; known parameters Weibull(1.4, 2.6)."""
    rng = np.random.default_rng(seed)
    seen = START + dt.timedelta(days=540)
    cases = []
    for number in range(count):
        filed = START + dt.timedelta(days=int(rng.integers(0, 180)))
        decided = filed + dt.timedelta(days=1 + int(30.4375 * 2.6 * rng.weibull(1.4)))
        granted = rng.random() >= never and decided <= seen
        day = decided if granted else seen
        outcome = Outcome.GRANTED if granted else Outcome.PENDING
        fraction = 1.0 if granted else None
        cases.append(LicenceCase(f"{material}{number}", filed, outcome, day, day, fraction, material, "civil", ""))
    return cases


def test_many_followed_cases_agree_with_plain_counting() -> None:
    # followed for a year, nearly every grant has been seen: shares and the mean lead time can be counted
    cases = made_cases(400, 0.25, 5)
    report = case_report(cases)
    leads = [(case.latest - case.submitted).days / 30.4375 for case in cases if case.outcome is Outcome.GRANTED]
    assert report.never.median == pytest.approx(1.0 - len(leads) / len(cases), abs=0.01)
    assert report.lead_mean.median == pytest.approx(np.mean(leads), abs=0.05)
    assert report.lead_median.median == pytest.approx(np.median(leads), abs=0.15)
    assert report.never.low < 0.25 < report.never.high
    assert report.never.high - report.never.low < 0.09
    error = np.std(leads) / np.sqrt(len(leads))
    assert report.lead_mean.high - report.lead_mean.low == pytest.approx(2 * 1.645 * error, rel=0.25)
    assert report.family is Family.WEIBULL
    assert report.warnings == ()
    assert report.by_age[-1].open == pytest.approx(1.0 - report.by_age[-1].granted)
    low, high = report.fits[Family.WEIBULL].never_interval()
    assert (report.never.low, report.never.high) == pytest.approx((low, high), abs=0.015)


def test_few_or_no_grants_are_said_to_tell_little() -> None:
    few = case_report(made_cases(6, 0.0, 2))
    assert Warn.FEW_GRANTS in few.warnings
    day = START + dt.timedelta(days=40)
    waiting = [LicenceCase(str(n), START, Outcome.PENDING, day, day, None, "", "", "") for n in range(30)]
    none = case_report(waiting)
    assert {Warn.NO_GRANT, Warn.SLOW_OR_NEVER, Warn.SHORT_FOLLOW_UP} <= set(none.warnings)
    assert none.fits == {}
    assert none.never.high > 0.4


def test_a_short_look_cannot_tell_slow_from_never() -> None:
    seen = START + dt.timedelta(days=45)
    short = []
    for case in made_cases(60, 0.25, 3):
        late = case.outcome is Outcome.PENDING or (case.latest - case.submitted).days > 45
        day = START + (seen - START if late else case.latest - case.submitted)
        outcome = Outcome.PENDING if late else Outcome.GRANTED
        short.append(LicenceCase(case.id, START, outcome, day, day, None if late else 1.0, "", "", ""))
    report = case_report(short)
    assert {Warn.SLOW_OR_NEVER, Warn.SHORT_FOLLOW_UP} <= set(report.warnings)


def test_one_more_case_tells_more_where_less_is_known() -> None:
    little, much = (case_report(made_cases(n, 0.25, 7)).next_case for n in (8, 200))
    for told in (little, much):
        assert 0.0 <= told.never_after <= told.never_now
        assert 0.0 <= told.lead_after <= told.lead_now
    assert little.never_now - little.never_after > much.never_now - much.never_after


def test_the_shipped_parameters_agree_with_the_flagship_scenario() -> None:
    given, scenario = read_parameters("press-2025"), load("china-heavy-rare-earths-2025").scenario
    assert given.starts == scenario.starts
    assert given.statistics == tuple(scenario.licence.populations)
    never, part, shape = (
        scenario.licence.never_granted_civil,
        scenario.licence.granted_fraction,
        scenario.licence.lead_time_shape,
    )
    assert given.never_granted.values == (never.a, never.b)
    assert given.granted_fraction.values == (part.low, part.value, part.high)
    assert given.lead_time_shape.values == (shape.low, shape.high)
    assert given.mark is Mark.PRIOR
    assert control(given.controls[1]).review_working_days == 45


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("lodestock-licence-parameters/1", "lodestock-licence-parameters/2", "not a parameter set"),
        ("starts: 2025-04-04", "starts: April", "not a day"),
        ("starts: 2025-04-04\n", "", "starts"),
        ("  a: 2\n", "  a: -2\n", "does not fit"),
        ("  low: 0.8", "  low: 1.8", "low ≤ high"),
        ("  high: 1.0", "  high: 1.5", "does not fit"),
        ("statistics:", "statistic:", "did you mean statistics"),
        ("  mark: prior", "  mark: guess", "mark"),
    ],
)
def test_a_faulty_parameter_set_is_refused_with_its_line(old: str, new: str, fault: str) -> None:
    text = shipped()["press-2025"].read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(LodestockError, match=fault) as caught:
        parse_parameters(text.replace(old, new, 1), "own.yml")
    assert "own.yml" in caught.value.where


def test_unknown_and_absent_parameter_sets() -> None:
    with pytest.raises(UnknownNameError, match="press-2025"):
        read_parameters("pres-2025")
    with pytest.raises(InputError, match="cannot be read"):
        read_parameters("none.yml")


def test_every_parameter_set_says_where_it_comes_from() -> None:
    for path in shipped().values():
        origin = yaml.safe_load(path.with_name(path.name + ".origin.yml").read_text(encoding="utf-8"))
        assert {"id", "title", "producer", "licence", "accessed", "made_from"} <= set(origin)


COUNTS = "population,starts,on,filed,granted"


def test_counts_are_read_as_snapshots(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(f"{COUNTS}\nchamber,2025-04-04,2025-09-15,141,19\n", encoding="utf-8")
    assert is_snapshot_table(path)
    (found,) = read_snapshots(path)
    assert (found.filed, found.granted) == (141, 19)
    assert found.months == pytest.approx(164 / 30.4375)
    path.write_text("id,submitted,outcome\n", encoding="utf-8")
    assert not is_snapshot_table(path)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("x,2025-04-04,2025-04-04,10,1", "does not lie after"),
        ("x,2025-04-04,2025-05-04,10,11", "11 granted of 10"),
        ("x,2025-04-04,2025-05-04,0,0", "0 granted of 0"),
        ("x,2025-04-31,2025-05-04,10,1", "is no date"),
        ("x,2025-04-04,2025-05-04,ten,1", "no whole number"),
        (",2025-04-04,2025-05-04,10,1", "no population"),
        ("x,2025-04-04,2025-05-04,10,1,9", "more cells"),
    ],
)
def test_impossible_counts_are_refused_by_line(row: str, fault: str) -> None:
    with pytest.raises(InputError, match="not possible") as caught:
        parse_snapshots([COUNTS, "good,2025-04-04,2025-05-04,10,1", row], where="counts.csv")
    assert "line 3" in caught.value.why
    assert fault in caught.value.why


def test_the_law_of_a_family() -> None:
    assert lead_time_law("weibull", 1.4, 2.6).mean() == pytest.approx(2.3697, abs=5e-5)
    assert lead_time_law("lognormal", 0.8, 2.0).mean() == pytest.approx(2.0 * np.exp(0.32))
