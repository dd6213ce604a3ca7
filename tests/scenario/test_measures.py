"""The measures of the flagship compared: shares that add up, the same futures for all, and what is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.measures.robustness import Verdict
from lodestock.scenario.load import load
from lodestock.scenario.measures_data import FIELDS, FOLDER, measure_book, parse_measures
from lodestock.scenario.measures_record import record_measures
from lodestock.scenario.measures_run import MeasuresAsk, MeasuresPlan, check_region, compare_measures
from lodestock.scenario.run import ScenarioRun, run_scenario

DAY = date(2026, 11, 21)
ASK = MeasuresAsk(50e3, draws=64, scenarios=200)
TEXT = (FOLDER / "magnets.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(store: Store) -> ScenarioRun:
    return run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)


@pytest.fixture(scope="module")
def found(run: ScenarioRun) -> MeasuresPlan:
    return compare_measures(run, ASK)


def test_the_plan_stays_within_its_budget_and_limits(found: MeasuresPlan) -> None:
    at_middle = sum(item.amount * item.unit_cost.median for item in found.results)
    assert at_middle <= found.yearly * 1.15  # chosen at the median of each parameter, not at the median of the cost
    assert (found.plan.amount >= 0.0).all()
    assert found.nothing.cost.max() == 0.0
    assert all(item.amount == 0.0 or item.alone.amount.max() > 0.0 for item in found.results)


def test_the_plan_is_no_worse_than_any_measure_alone_on_average(found: MeasuresPlan) -> None:
    for item in found.results:
        assert found.plan.total.mean() <= item.alone.total.mean() * 1.02  # chosen at middle values, judged on draws
        assert item.against_nothing.share >= 0.9 or item.against_nothing.verdict is not Verdict.BETTER
        assert item.first_euro.median >= (item.last_euro.median if item.last_euro else 0.0)


def test_a_claim_needs_nine_of_ten_draws(found: MeasuresPlan) -> None:
    alone = {item.id: item.alone.total for item in found.results}
    for (one, other), pair in found.between.items():
        share = float((alone[other] > alone[one]).mean())
        assert pair.share == share
        assert (pair.verdict is Verdict.BETTER) == (share >= 0.9)


def test_what_takes_years_to_build_does_nothing_before(found: MeasuresPlan) -> None:
    working = {item.id: item.working for item in found.results}
    assert (working["stock"] == 1.0).all()
    assert working["processing"][:3].max() == 0.0 and working["processing"][-1] == 1.0
    assert working["recycling"][1] < working["substitution"][3]


def test_the_next_euro_buys_less_and_less(found: MeasuresPlan) -> None:
    following = [point.next_euro for point in found.points]
    assert following == sorted(following, reverse=True)
    average = [point.average for point in found.points if point.average is not None]
    assert average == sorted(average, reverse=True)


def test_regret_is_least_for_what_is_said_to_have_least(found: MeasuresPlan) -> None:
    assert found.worst.worst[found.worst.choice] == found.worst.worst.min()
    assert (found.worst.regret.min(axis=0) == 0.0).all()
    assert found.worst.gains[0] == 0.0


def test_the_same_seed_gives_the_same_numbers(run: ScenarioRun, found: MeasuresPlan) -> None:
    again = compare_measures(run, ASK)
    assert (again.plan.total == found.plan.total).all()


def test_every_number_has_its_mark_and_what_stands_behind_it(store: Store, found: MeasuresPlan) -> None:
    fresh = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    stated = record_measures(fresh, found)
    ledger = fresh.ledger
    assert {f"param.measures.{item.id}.{name}" for item in found.book.measures for name in FIELDS} <= set(stated)
    gain = ledger["measures.plan.gain"]
    assert gain.mark is Mark.PRIOR and gain.method is not None and gain.bracket is not None
    assert gain.value == pytest.approx(float(np.median(found.nothing.total - found.plan.total)) / 1e3)
    under = {entry.id for _, entry in ledger.chain("measures.stock.shapley")}
    assert {"param.yearly_chance", "param.stock.redesign_cap", "param.measures.budget"} <= under
    for item in found.results:
        entry = ledger[f"measures.{item.id}.last_euro"]
        assert (entry.value is None) == (item.last_euro is None)


def test_the_stock_needs_no_conversion_also_where_makers_have_room(run: ScenarioRun, found: MeasuresPlan) -> None:
    # for the EU oxide is the cheapest form, but only what stands idle could turn it into magnets
    wide = compare_measures(run, MeasuresAsk(500e3, region="EU27", draws=20, scenarios=50))
    assert {found.option.form.form, wide.option.form.form} == {"magnet"}
    assert wide.plan.total.mean() < wide.nothing.total.mean()


def test_bad_questions_are_refused(run: ScenarioRun) -> None:
    with pytest.raises(InputError, match="budget"):
        MeasuresAsk(0.0)
    with pytest.raises(InputError, match="too small or too large"):
        MeasuresAsk(0.001)  # a euro: every answer would lie below what is shown
    with pytest.raises(InputError, match="draws"):
        MeasuresAsk(50e3, draws=5)
    with pytest.raises(UnknownNameError):
        measure_book("magnet")
    with pytest.raises(UnknownNameError):
        check_region(run.scenario, "BEL")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("horizon_years: 15", "horizon_years: 150", "1 to 60 years"),
        ("  - id: recycling", "  - id: processing", "stands twice"),
        ("  - id: recycling", "  - id: stock", "stands twice, or is 'stock'"),
        ("unit: kEUR/t", "unit: EUR/t", "the unit here is kEUR/t"),
        ("    ramp:", "    rampe:", "unknown key 'rampe'"),
        ("{value: 0.2, low: 0.05, high: 0.4", "{value: 0, low: 0, high: 0.4", "there can be none"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(LodestockError, match=said) as caught:
        parse_measures(TEXT.replace(old, new, 1), where="f.yml")
    assert "line" in caught.value.where


def test_a_measure_that_costs_nothing_is_refused() -> None:
    free = TEXT.replace("{value: 15, low: 8,", "{value: 15, low: 0,", 1)
    free = free.replace("{value: 20, low: 10,", "{value: 20, low: 0,", 1)
    with pytest.raises(InputError, match="cost nothing"):
        parse_measures(free, where="f.yml")
