"""The measures of the flagship compared: shares that add up, the same futures for all, and what is refused."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.measures.comparison import year_weights
from lodestock.measures.robustness import Verdict
from lodestock.scenario import measures_run
from lodestock.scenario.licences import REFERENCE
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


def test_the_shares_are_those_of_the_plan_and_of_nothing_else(run: ScenarioRun, found: MeasuresPlan) -> None:
    # second computation: the mean over every order of taking the plan's measures one by one
    bench = measures_run._Bench(run, ASK)
    gained = np.zeros((len(found.results), bench.count))
    orders = list(permutations(range(len(found.results))))
    total: dict[frozenset[int], NDArray[np.float64]] = {}
    for order in orders:
        taken: frozenset[int] = frozenset()
        for one in order:
            for some in (taken, taken | {one}):
                if some not in total:
                    amount = [found.plan.amount[i] if i in some else 0.0 for i in range(len(order))]
                    total[some] = bench.judge(np.array(amount)).total
            gained[one] += (total[taken] - total[taken | {one}]) / len(orders)
            taken |= {one}
    assert gained.sum(axis=0) == pytest.approx(found.nothing.total - found.plan.total)
    for item, values in zip(found.results, gained, strict=True):
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        assert (item.shapley.low, item.shapley.median, item.shapley.high) == pytest.approx((low, middle, high))
    left_out = [item for item in found.results if item.amount == 0.0]
    assert left_out and all(item.shapley.low == item.shapley.high == 0.0 for item in left_out)


def test_a_regime_holds_in_as_many_years_as_a_chain_of_years_says(run: ScenarioRun, found: MeasuresPlan) -> None:
    bench = measures_run._Bench(run, ASK)
    goes_on = (1.0 - bench.case.single["regime_ends"][: bench.count]) ** 4
    chance = bench.seen[REFERENCE].chance[: bench.count]
    weight, holds, share = year_weights(found.years, found.rate), np.zeros_like(chance), np.zeros_like(chance)
    for year in range(found.years):
        holds = chance * (1.0 - holds) + goes_on * holds
        share += weight[year] * holds
    assert found.regime_years.median == pytest.approx(float(np.median(share)), abs=0.02)
    # why the loss without measures is above that of one year with the chance of a new regime
    assert found.regime_years.median > float(np.median(chance)) > run.scenario.stock.yearly_chance.value


def test_the_average_is_per_euro_spent_not_per_euro_of_the_budget(run: ScenarioRun) -> None:
    wide = compare_measures(run, MeasuresAsk(200e3, draws=20, scenarios=50))
    pot = wide.ask.budget / wide.yearly
    for point in wide.points:
        assert point.spent <= point.budget * (1.0 + 1e-9)
    half, whole = (point for point in wide.points if point.budget >= 0.99 * wide.ask.budget)
    assert half.spent == pytest.approx(whole.spent) and half.spent < 0.9 * half.budget
    assert half.average == pytest.approx(whole.average) and half.next_euro == whole.next_euro == 0.0
    assert pot == pytest.approx(sum((1.0 + wide.rate) ** -(year + 0.5) for year in range(wide.years)))


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
