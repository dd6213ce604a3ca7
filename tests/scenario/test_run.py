"""The flagship run: figures of the source, lineage of every number, the three layers, dated rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lodestock.errors import InputError
from lodestock.evidence.ledger import Kind, Ledger
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import check_rows
from lodestock.evidence.store import Store
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.load import load
from lodestock.scenario.reserve import reserve
from lodestock.scenario.run import ScenarioRun, run_scenario
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.summary import summarise
from lodestock.stock.one_shot import ExponentialNeed, one_shot_stock

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def run(store: Store) -> ScenarioRun:
    return run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)


def test_the_baseline_is_what_the_source_says(run: ScenarioRun) -> None:
    """BACI 2024, code 850511, as stated in the description of the figures."""
    assert run.ledger["nl.magnets.imports"].value == pytest.approx(3992.284)
    assert run.ledger["nl.magnets.imports_issuer"].value == pytest.approx(3187.438)
    exports = run.ledger["nl.magnets.exports"].value
    assert exports is not None and round(exports) == 1443


def test_every_number_leads_down_to_rows_and_parameters(run: ScenarioRun, store: Store) -> None:
    for entry in run.ledger:
        ends = [item for _, item in run.ledger.chain(entry.id) if not item.inputs]
        assert ends and all(item.kind in (Kind.ROWS, Kind.PARAMETER) for item in ends), entry.id
        assert all(item.source for item in ends if item.kind is Kind.PARAMETER), entry.id
        if entry.rows:
            assert entry.rows.count > 0 and entry.rows.locators, entry.id
            assert check_rows(store, entry.rows, entry.value) == (True, "")


def test_a_headline_carries_the_weakest_mark_under_it(run: ScenarioRun) -> None:
    assert run.ledger["nl.magnets.shortage_12m"].mark is Mark.PRIOR
    assert run.ledger["nl.magnets.china_share_border"].mark is Mark.COMPUTED
    assert run.ledger["licence.single_curve_misfit"].mark is Mark.PRESS


def test_median_range_and_bracket_are_in_order(run: ScenarioRun) -> None:
    for entry in run.ledger:
        if entry.kind is Kind.COMPUTED and entry.low is not None and entry.high is not None:
            assert entry.value is not None and entry.low <= entry.value <= entry.high, entry.id
        if entry.bracket and entry.value is not None:
            assert entry.bracket[0] <= entry.value <= entry.bracket[1], entry.id


def test_the_same_input_gives_the_same_numbers(run: ScenarioRun, store: Store) -> None:
    again = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    assert again.ledger == run.ledger
    assert all(again.tables[name].equals(table) for name, table in run.tables.items())


def test_reasons_add_up_to_what_did_not_arrive(run: ScenarioRun) -> None:
    """Medians cannot be added up, but the shortage after stock stays below the sum of the highest values."""
    parts = [run.ledger[f"nl.magnets.not_arrived_{name}"] for name in ("delay", "partial", "never")]
    short = run.ledger["nl.magnets.shortage_12m"]
    assert short.high is not None and short.high <= sum(part.high or 0.0 for part in parts)
    assert all(part.value is not None and part.value > 0 for part in parts)


def test_allocation_never_beats_its_bounds(run: ScenarioRun) -> None:
    best, even, worst = (run.ledger[f"var.total.{name}"].value for name in ("best", "pro_rata", "worst"))
    assert best is not None and even is not None and worst is not None and best <= even <= worst
    table = run.tables["value_at_risk"]
    assert table.filter(pl.col("best_meur") > pl.col("pro_rata_meur") + 1e-9).is_empty()
    assert table.filter(pl.col("pro_rata_meur") > pl.col("worst_meur") + 1e-9).is_empty()
    assert "2011" in run.ledger["var.total.pro_rata"].label.en


def test_a_passed_date_is_to_be_checked_and_an_earlier_day_knows_better(run: ScenarioRun, store: Store) -> None:
    assert "cn-2025-57" in {item.id for item in run.to_be_checked}
    earlier = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=date(2026, 6, 1))
    assert earlier.to_be_checked == ()


def test_missing_months_stay_missing(run: ScenarioRun) -> None:
    exports = run.tables["exports"]
    assert exports.filter(pl.col("month") == date(2025, 5, 1))["tonnes"].item() == 1238.0
    assert exports.filter(pl.col("month") == date(2024, 9, 1))["tonnes"].item() is None
    assert exports.filter(pl.col("tonnes") == 0).is_empty()


def test_triangular_quantiles_match_the_distribution() -> None:
    """Mean (a + b + c) / 3 and variance of the triangular law, by integration over a fine grid."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    draws = triangular(grid, 0.5, 1.5, 4.0)
    assert draws.mean() == pytest.approx(2.0, rel=1e-6)
    variance = (0.5**2 + 1.5**2 + 4.0**2 - 0.5 * 1.5 - 0.5 * 4.0 - 1.5 * 4.0) / 18
    assert draws.var() == pytest.approx(variance, rel=1e-5)
    assert triangular(0.3, 2.0, 2.0, 2.0) == 2.0


def test_two_sets_of_points_are_independent_row_by_row() -> None:
    """Uniform in each dimension; no dependence between sets, in rank or on the row number modulo four."""
    one, two = sobol(4096, 3, 1), sobol(4096, 3, 2)
    assert np.abs(one.mean(axis=0) - 0.5).max() < 1e-3
    together = np.corrcoef(np.hstack([one, two]), rowvar=False)[:3, 3:]
    assert np.abs(together).max() < 4.0 / np.sqrt(4096)
    quarters, _, _ = np.histogram2d(one[:, 0], two[:, 0], bins=4)
    assert np.abs(quarters - 256).max() < 4.0 * np.sqrt(256)
    by_turn = np.array([one[turn::4, 0].mean() for turn in range(4)])
    assert np.abs(by_turn - 0.5).max() < 4.0 * np.sqrt(1 / 12 / 1024)


def test_the_cheapest_stock_is_the_closed_form_when_the_need_is_exponential() -> None:
    """Second method: exponential shortages put through the draws rule against q* = μ ln(p v / h) of V01."""
    grid = (np.arange(400_000) + 0.5) / 400_000
    shortage = -50.0 * np.log1p(-grid)
    one = np.array([1.0])
    found = reserve(
        price=100.0 * one,
        carry_rate=0.08 * one,
        yearly_chance=0.12 * one,
        value_per_tonne=300.0 * one,
        shortage=shortage,
    )
    exact = one_shot_stock(ExponentialNeed(0.12, 50.0), 8.0, 300.0)
    assert found.optimum[0] == pytest.approx(float(exact.stock), rel=1e-4)
    assert found.optimum[0] == pytest.approx(75.2038698388, rel=1e-4)
    assert found.break_even[0] == pytest.approx(8.0 / 300.0)


def test_no_stock_pays_when_it_costs_more_than_it_saves() -> None:
    one = np.array([1.0])
    found = reserve(
        price=100.0 * one,
        carry_rate=one,
        yearly_chance=0.1 * one,
        value_per_tonne=300.0 * one,
        shortage=np.array([5.0, 9.0]),
    )
    assert found.optimum[0] == 0.0


def test_summary_keeps_structure_apart_from_ignorance() -> None:
    """The reference gives median and range; another variant only widens the bracket."""
    low = summarise({REFERENCE: np.arange(101.0)}, REFERENCE)
    both = summarise({REFERENCE: np.arange(101.0), ("one-age", "all"): np.arange(101.0) + 500}, REFERENCE)
    assert (both.median, both.low, both.high) == (low.median, low.low, low.high) == (50.0, 5.0, 95.0)
    assert both.bracket == (50.0, 550.0)


def test_every_change_of_an_assumption_shows_in_what_a_number_rests_on(store: Store, tmp_path: Path) -> None:
    """Perturb one assumption at a time: each computed number that changes has a changed parameter or row under it."""
    shipped = load("china-heavy-rare-earths-2025")
    text = shipped.path.read_text(encoding="utf-8").replace("draws: 4096", "draws: 256")
    base = _ledger(text, store, tmp_path)
    changes = (
        ("value: 0.55, low: 0.30", "value: 0.60, low: 0.30"),
        ("{a: 2, b: 6", "{a: 4, b: 12"),
        ("horizon_months: 12", "horizon_months: 11"),
        ("value: 1.5, low: 0.5, high: 4.0", "value: 1.5, low: 0.5, high: 5.0"),
        ("value: 0.80, low: 0.40, high: 1.0", "value: 0.60, low: 0.40, high: 1.0"),
        ("value: 38, low: 27", "value: 48, low: 27"),
        ("value: 0.42, low: 0.18", "value: 0.52, low: 0.18"),
    )
    for before, after in changes:
        assert before in text, before
        other = _ledger(text.replace(before, after, 1), store, tmp_path)
        changed = {entry.id for entry in base if entry != other[entry.id]}
        assert changed, before
        for key in changed:
            leaves = {item.id for _, item in base.chain(key) if not item.inputs}
            assert leaves & changed, f"{key} changed with '{before}', nothing under it did"


def _ledger(text: str, store: Store, folder: Path) -> Ledger:
    path = folder / "scenario.yml"
    path.write_text(text, encoding="utf-8")
    return run_scenario(load(str(path)), store, as_of=DAY).ledger


def test_a_scenario_without_its_file_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InputError, match="takes what `load` gives, not Scenario") as refused:
        run_scenario(load("china-heavy-rare-earths-2025").scenario, store)  # type: ignore[arg-type]
    assert "run_scenario(load(" in refused.value.mend
