"""The stock plan of the flagship against closed forms and by hand; norms, pilots, holders, release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lodestock.errors import InputError, SolverError, UnknownNameError
from lodestock.evidence.ledger import Kind, Ledger
from lodestock.evidence.store import Store
from lodestock.measures.robustness import Paired, Verdict
from lodestock.scenario.copper_reserve import copper_reserve, price_shocks
from lodestock.scenario.holders_run import holders_run
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.load import load
from lodestock.scenario.pilot import load_pilot, weigh_pilot
from lodestock.scenario.release_run import release_run
from lodestock.scenario.run import ScenarioRun, run_scenario
from lodestock.scenario.stock_data import conversion, forms_of
from lodestock.scenario.stock_evidence import record_holders, record_release
from lodestock.scenario.stock_plan import STRATA, StockAsk, stock_plan, worlds
from lodestock.scenario.stock_record import frontier_table, map_table, record_plan
from lodestock.scenario.stock_words import SAME, VERDICTS, verdict_text
from lodestock.scenario.trade_norms import compare_norms, safe_levels
from lodestock.stock.holders import Financing

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def run(store: Store) -> ScenarioRun:
    return run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)


def test_with_money_enough_the_plan_is_the_newsvendor(run: ScenarioRun) -> None:
    """P(shortage > useful stock) = carry / (chance · value · useful), read off the draws (MODEL §7.2)."""
    plan = stock_plan(run, StockAsk(1e9))
    (held,) = np.nonzero(plan.tonnes > 1e-9)
    assert held.size == 1
    i, case = int(held[0]), plan.case
    useful = float(case.middle.useful()[i])
    world = worlds(run, case, "NLD")[REFERENCE]
    chance = run.scenario.stock.yearly_chance.value
    ratio = float(case.middle.carry[i]) / (chance * float(np.median(world.value)) * useful)
    exceed = float(np.mean(world.shortage > plan.tonnes[i] * useful))
    assert abs(exceed - ratio) <= 1.5 / STRATA
    assert plan.plan.budget_worth == pytest.approx(0.0, abs=1e-9)


def test_the_plan_as_a_whole_pays_from_the_chance_that_is_printed(run: ScenarioRun) -> None:
    """At p* the plan costs what it saves in a year with a regime, by hand for magnets, which help at once; what a short
    regime leaves in store saves nothing, so that the larger stock needs the higher chance."""
    small, large = (stock_plan(run, StockAsk(budget)) for budget in (1e3, 1e9))
    world = worlds(run, small.case, "NLD")[REFERENCE]
    for plan in (small, large):
        held = plan.tonnes > 0.0
        assert all(plan.case.options[i].form.form == "magnet" for i in np.flatnonzero(held))
        saved = world.value * np.minimum(world.shortage, plan.tonnes @ plan.case.drawn.useful)
        cost = plan.tonnes @ plan.case.drawn.carry
        assert plan.break_even.median == pytest.approx(np.median(np.minimum(cost / saved, 1.0)))
        assert plan.public_cost + plan.users_cost == pytest.approx(plan.yearly_cost.median)
    assert large.break_even.median > 1.5 * small.break_even.median


def test_of_no_budget_there_is_no_last_euro(run: ScenarioRun) -> None:
    apart = replace(run, ledger=Ledger(dict(run.ledger.entries)))
    record_plan(apart, stock_plan(run, StockAsk(0.0)))
    assert "stock.plan.budget_worth" not in apart.ledger and apart.ledger["stock.plan.tonnes"].value == 0.0


def test_oxide_without_magnet_makers_buys_nothing_and_with_them_little(run: ScenarioRun) -> None:
    alone = {way.key: way for way in stock_plan(run, StockAsk(20e3)).ways if way.kind == "form"}
    for form in ("oxide", "metal", "alloy"):
        assert alone[form].tonnes == 0.0
        assert alone[form].break_even.median == 1.0
        assert alone[form].against.verdict is Verdict.WORSE
    union = stock_plan(run, StockAsk(200e3, region="EU27"))
    found = {way.key: way for way in union.ways if way.kind == "form"}
    idle = conversion("magnets", "EU27")
    assert 0.0 < found["oxide"].tonnes * union.case.middle.useful().max() <= 1.5 * idle["metal"].value[1]
    assert found["oxide"].loss > found["magnet"].loss


def test_more_budget_is_never_worse_and_its_worth_is_the_slope(run: ScenarioRun) -> None:
    plan = stock_plan(run, StockAsk(10e3))
    table = frontier_table(plan)
    assert table.height == 20
    objective = (table["cost_meur"] + table["loss_meur"]).to_numpy()
    budget, worth = table["budget_meur"].to_numpy(), table["budget_worth"].to_numpy()
    assert (np.diff(objective) <= 1e-9).all() and (np.diff(worth) <= 1e-9).all()
    slope = -np.diff(objective) / np.diff(budget)
    assert (slope <= worth[:-1] + 1e-6).all() and (slope >= worth[1:] - 1e-6).all()


def test_weighing_the_worst_years_never_leaves_them_worse(run: ScenarioRun) -> None:
    mean, tail = (stock_plan(run, StockAsk(3e3, aversion)) for aversion in (0.0, 0.8))
    assert tail.plan.tail_loss <= mean.plan.tail_loss + 1e-6
    assert mean.plan.cost + mean.plan.expected_loss <= tail.plan.cost + tail.plan.expected_loss + 1e-6


def test_the_gain_is_what_is_avoided_less_what_it_costs(run: ScenarioRun) -> None:
    plan = stock_plan(run, StockAsk(5e3))
    world = worlds(run, plan.case, "NLD")[REFERENCE]
    (i,) = np.nonzero(plan.tonnes > 1e-9)[0]
    brought = np.minimum(world.shortage, plan.tonnes[i] * plan.case.drawn.useful[i])
    gain = world.chance * world.value * brought - plan.case.drawn.carry[i] * plan.tonnes[i]
    assert plan.gain.median == pytest.approx(float(np.median(gain)))
    assert plan.claim.share == pytest.approx(float(np.mean(gain > 0.0)))
    assert plan.gain.bracket[0] <= plan.gain.median <= plan.gain.bracket[1]
    truth = map_table(plan)
    assert truth is not None
    first, last = truth.row(0, named=True), truth.row(-1, named=True)
    assert first["chance"] >= last["chance"]
    ratio = float(np.median(plan.case.drawn.carry[i] * plan.tonnes[i] / np.maximum(brought, 1e-9)))
    assert last["chance"] == pytest.approx(ratio / last["value_keur_t"])


def test_no_budget_is_no_stock(run: ScenarioRun) -> None:
    plan = stock_plan(run, StockAsk(0.0))
    assert plan.tonnes.sum() == 0.0 and map_table(plan) is None
    assert plan.plan.expected_loss == pytest.approx(plan.without)
    assert plan.plan.budget_worth > 0.0


def test_bad_questions_are_refused_by_name(run: ScenarioRun) -> None:
    with pytest.raises(UnknownNameError, match="plastic"):
        stock_plan(run, StockAsk(1e3, forms=("plastic",)))
    with pytest.raises(InputError, match="cannot pay for the required stocks"):
        stock_plan(run, StockAsk(1e3, require=5_000.0))
    with pytest.raises(InputError, match="out of range"):
        stock_plan(run, StockAsk(-1.0))
    with pytest.raises(InputError, match="not stated"):
        conversion("magnets", "BEL")
    with pytest.raises(UnknownNameError, match="unobtainium"):
        forms_of("unobtainium")


def test_every_number_of_the_plan_leads_down_to_rows_and_parameters(run: ScenarioRun, store: Store) -> None:
    fresh = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    record_plan(fresh, stock_plan(fresh, StockAsk(10e3)))
    made = [entry for entry in fresh.ledger if entry.id.startswith("stock.")]
    assert len(made) > 60
    for entry in made:
        ends = [item for _, item in fresh.ledger.chain(entry.id) if not item.inputs]
        assert ends and all(item.kind in (Kind.ROWS, Kind.PARAMETER) for item in ends), entry.id
    assert fresh.ledger["stock.plan.tonnes"].value is not None


def test_the_safe_level_is_net_imports_a_day_times_days(store: Store) -> None:
    """From the rows themselves: (3,992.284 − 1,442.849) t in the leap year 2024, sixty days."""
    (level,) = safe_levels(store, "NLD", 60.0, material="rare-earth-magnets", year=None, today=DAY).codes
    trade = store.table("trade").filter(pl.col("hs_code") == "850511", pl.col("year") == 2024).collect()
    net = sum(
        sign * float(trade.filter(pl.col(side) == "NLD")["quantity_t"].sum())
        for side, sign in (("importer", 1.0), ("exporter", -1.0))
    )
    assert level.level is not None and level.level.tonnes == pytest.approx(net / 366.0 * 60.0)
    assert level.mixed


def test_a_union_counts_trade_with_the_outside_only(store: Store) -> None:
    found = safe_levels(store, "EU27", 60.0, material="rare-earth-magnets", year=2024, today=DAY)
    assert found.wanted == 2025 and found.year == 2024
    assert found.codes[0].imports == pytest.approx(39296.856)
    for days in (-1.0, 3651.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="out of range"):
            safe_levels(store, "EU27", days, material=None, year=2024, today=DAY)


def test_norms_are_the_rows_of_the_source(store: Store) -> None:
    found = {norm.id: norm for norm in compare_norms(store, "copper", "NLD", 60.0, year=2024, today=DAY).norms}
    assert [found[key].days for key in ("japan-low", "japan-high", "korea-rare")] == [60.0, 180.0, 100.0]
    low, high = found["japan-low"].tonnes[0], found["japan-high"].tonnes[0]
    assert low is not None and high == pytest.approx(3.0 * low)


def test_holders_are_told_apart_only_when_the_draws_do(run: ScenarioRun) -> None:
    found = holders_run(run)
    totals = [row.outcome.total for row in found.rows]
    assert totals == sorted(totals) and found.rows[0].against.share == 0.0
    own = next(row.outcome for row in found.rows if row.outcome.financing is Financing.OWN)
    assert own.net_added == 0.0 and own.public_cost == 0.0
    first = {row.outcome.financing: row.outcome for row in holders_run(run, public_first=True).rows}
    assert first[Financing.BUDGET].private <= own.tonnes
    for row in found.rows:
        assert row.ranges["total"][0] < row.outcome.total < row.ranges["total"][1]
        assert row.ranges["break_even"][0] < row.outcome.break_even < row.ranges["break_even"][1]
    assert found.rows[-1].ranges["net_added"] == (0.0, 0.0)  # what firms choose themselves adds nothing in any draw
    record_holders(run, found)
    entry = run.ledger["holders.budget.total"]
    assert (entry.low, entry.high) == tuple(pytest.approx(end / 1e3) for end in found.rows[0].ranges["total"])


def test_no_release_rule_beats_the_best_release(run: ScenarioRun) -> None:
    found = release_run(run, 90.0)
    assert len(found.starts) == 3
    for _, share, costs in found.starts:
        assert 0.0 <= share <= 1.0
        assert all(cost.excess >= -1e-9 for cost in costs)
    for (_, _, costs), drawn in zip(found.starts, found.drawn, strict=True):
        assert set(drawn) == {cost.rule for cost in costs}
        assert all(-1e-9 <= one.excess[0] <= one.excess[1] for one in drawn.values())
        first = drawn[costs[0].rule].against
        assert first.share == 0.0 and first.verdict is Verdict.NOT_DISTINGUISHABLE  # against itself
    late = next(rule for rule in found.drawn[2] if rule.lag == 1)
    assert found.drawn[2][late].against.verdict is Verdict.WORSE  # a quarter late in a stop is worse in every draw
    made = record_release(run, found)
    entry = run.ledger[next(key for key in made if key.startswith("release.stop_3.greedy.lag1"))]
    assert entry.low is not None and entry.high is not None and entry.low < entry.high
    with pytest.raises(InputError, match="no stock to release"):
        release_run(run, 0.0)


def test_price_shocks_by_hand() -> None:
    """Years with mean 10, then tops of 12, 20 and 21 against means of 10, 10, 15: rises 0.2, 1.0, 0.4."""
    years = [[10.0] * 12, [8.0] * 6 + [12.0] * 6, [10.0] * 6 + [20.0] * 6, [21.0] * 12]
    price = np.concatenate(years)
    assert price_shocks(price, 0.39) == (2, 3, pytest.approx(1.0))
    assert price_shocks(price, 0.5) == (1, 3, pytest.approx(1.0))


def test_copper_needs_no_acute_measure_as_long_as_its_dossier_says_so(store: Store) -> None:
    found = copper_reserve(store)
    assert all(test.passed for test in found.dossier.tests) and found.needed is False
    assert "geen acute maatregel nodig" in found.text.nl and "No acute measure" in found.text.en
    assert 0.0 < found.break_even.median < 1.0 and found.shocks <= found.years


def test_the_example_pilot_is_weighed_and_holds_nothing(store: Store) -> None:
    found = weigh_pilot(load_pilot(Path("example")), store)
    assert found.pilot.example and not found.holds
    assert found.open == ("legal_basis", "state_aid", "procurement", "specification", "release_authority")
    daily = (3992.284 - 1442.849) / 366.0
    assert found.cover[0].days == pytest.approx(60.0 / (daily * 0.42), rel=1e-4)
    assert found.yearly_cost == pytest.approx(2300.0 * (0.0225 + 0.09))  # level price: interest and holding


def test_what_a_pilot_does_not_state_stays_unknown(store: Store) -> None:
    pilot, path = load_pilot(Path("example"))
    cost = pilot.cost.model_copy(update={"purchase_keur": None})
    item = pilot.materials[0].model_copy(update={"tonnes": None})
    found = weigh_pilot((pilot.model_copy(update={"cost": cost, "materials": [item]}), path), store)
    assert found.yearly_cost is None and found.cover[0].days is None and found.cover[0].why_nl
    strange = pilot.materials[0].model_copy(update={"code": "260300"})
    with pytest.raises(InputError, match="260300"):
        weigh_pilot((pilot.model_copy(update={"materials": [strange]}), path), store)


def test_a_fault_in_a_pilot_is_named_by_line(tmp_path: Path) -> None:
    text = load_pilot(Path("example"))[1].read_text(encoding="utf-8")
    file = tmp_path / "pilot.yml"
    file.write_text(text.replace("holder: public-private", "holder: someone"), encoding="utf-8")
    with pytest.raises(InputError, match="holder") as error:
        load_pilot(file)
    assert "line 11" in error.value.where
    with pytest.raises(InputError, match="cannot read"):
        load_pilot(tmp_path / "none.yml")


def test_a_plan_can_be_asked_again(run: ScenarioRun) -> None:
    ask = StockAsk(4e3)
    assert stock_plan(run, ask).plan.objective == stock_plan(run, replace(ask)).plan.objective


def test_a_plan_that_ran_out_of_time_is_never_called_an_optimum(run: ScenarioRun) -> None:
    with pytest.raises(SolverError, match="stopped early; this is not an optimum") as error:
        stock_plan(run, StockAsk(4e3, seconds=0.0))
    assert "Time limit" in error.value.why and "the optimum is not below" in error.value.why


def test_no_budget_still_shows_what_a_budget_would_do(run: ScenarioRun) -> None:
    plan = stock_plan(run, StockAsk(0.0))
    assert plan.tonnes.sum() == 0.0 and plan.frontier[-1].spent > 1e3
    assert all(way.same for way in plan.ways)  # nothing is what each of them can do too


def test_a_sure_but_small_difference_is_called_small() -> None:
    sure = Paired(Verdict.WORSE, -5.0, -6.0, -4.0, 0.0)
    assert verdict_text(sure, 1000.0).en == "differs by less than one per cent"
    assert verdict_text(sure, 400.0).en == "worse"
    for text in (verdict_text(sure, 1000.0), SAME, *VERDICTS.values()):  # a note refuses digits without lineage
        assert not any(sign.isdigit() for sign in text.nl + text.en)
    open_question = Paired(Verdict.NOT_DISTINGUISHABLE, 0.0, -6.0, 4.0, 0.5)
    assert verdict_text(open_question, 1000.0).nl == "niet te onderscheiden"
