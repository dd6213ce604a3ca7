"""Accepted observations change a scenario by name, and the run's ledger shows which ones it used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lodestock.cli.simulate_text import evidence_lines
from lodestock.errors import InputError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.scenario.licences import published_shares, ridges, with_observed
from lodestock.scenario.load import load, shipped
from lodestock.scenario.run import run_scenario

STOCK = """
evidence:
  - {parameter: stock_days, material: ndfeb-magnets, value: 45, low: 31.5, high: 52.5, unit: d, mark: computed,
     source: desk evidence 7f, observations: 3, until: 2026-11-01}
  - {parameter: lead_months, material: ndfeb-magnets, value: 2.5, low: 1.0, high: 6.0, unit: month, mark: computed,
     source: desk evidence 8a, observations: 12, pending: 6, until: 2026-11-01}
"""


def _file(folder: Path, more: str) -> str:
    path = folder / "china-heavy-rare-earths-2025.yml"
    text = shipped()["china-heavy-rare-earths-2025"].read_text(encoding="utf-8").replace("draws: 4096", "draws: 256")
    path.write_text(text + more, encoding="utf-8")
    return str(path)


def test_days_of_stock_take_the_place_of_the_commercial_stock(tmp_path: Path) -> None:
    stock = load(_file(tmp_path, STOCK)).scenario.commercial_stock
    assert stock.value == pytest.approx(45 / 365.25 * 12) and stock.high == pytest.approx(52.5 / 365.25 * 12)
    assert (stock.unit, stock.mark, stock.source) == ("months", Mark.COMPUTED, "desk evidence 7f")


def test_the_ledger_shows_what_was_used_and_what_stands_beside(tmp_path: Path, store: Store) -> None:
    run = run_scenario(load(_file(tmp_path, STOCK)), store, as_of=date(2026, 11, 21))
    stock, lead = run.ledger["evidence.stock_days"], run.ledger["evidence.lead_months"]
    assert stock.value == 45 and "3 observations" in stock.note and "takes the place" in stock.note
    assert lead.value == 2.5 and "6 pending" in lead.note and "not part of the draws" in lead.note
    assert "the share never granted, or in part, is not taken over" in lead.note
    assert run.ledger["param.commercial_stock"].value == pytest.approx(45 / 365.25 * 12)
    plain = run_scenario(load(_file(tmp_path, "")), store, as_of=date(2026, 11, 21))
    more_stock_less_shortage = (
        run.ledger["nl.magnets.shortage_12m"].value,
        plain.ledger["nl.magnets.shortage_12m"].value,
    )
    assert more_stock_less_shortage[0] != more_stock_less_shortage[1]
    assert "evidence.stock_days" not in plain.ledger


POPULATION = STOCK.replace("pending: 6,", "pending: 6, use: population,")


def test_an_accepted_lead_time_enters_the_draws_when_the_file_says_so(tmp_path: Path, store: Store) -> None:
    scenario = load(_file(tmp_path, POPULATION)).scenario
    published = published_shares(store, scenario.licence.populations, scenario.starts)
    plain = ridges(published, scenario.licence, 256, scenario.ensemble.seed)
    found = with_observed(plain, scenario, 256)
    for convention, sets in found.items():
        assert sets[:-1] == plain[convention]  # the others keep their own draws
        own = sets[-1]
        assert own.never_granted.max() < 0.5  # half was granted, so not half is refused
    # half of all applications is granted after 2.5 months, whatever the rest: the range is that of cases
    half = own.scale * np.log(1.0 / (1.0 - 0.5 / (1.0 - own.never_granted))) ** (1.0 / own.shape)
    assert half == pytest.approx(np.full(half.size, 2.5), rel=1e-9)
    assert with_observed(plain, load(_file(tmp_path, STOCK)).scenario, 256) is plain


def test_the_run_shows_which_lead_time_it_used(tmp_path: Path, store: Store) -> None:
    run = run_scenario(load(_file(tmp_path, POPULATION)), store, as_of=date(2026, 11, 21))
    assert "one more population in the draws" in run.ledger["evidence.lead_months"].note
    assert "evidence.lead_months" in run.ledger["licence.mean_lead"].inputs
    assert "observed-cases" in run.tables["observations"]["population"].to_list()
    assert "observed-cases" in run.tables["curves"]["population"].to_list()
    (used,) = [line for line in evidence_lines(run.scenario, "nl") if "helft" in line]
    assert "telt mee als een bron" in used and "2,5 maanden (1,0–6,0), 12 waarnemingen" in used
    assert "welk deel nooit of deels is verleend, telt niet mee" in used


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("unit: d,", "unit: t,"), "does not fit here"),
        (("value: 45, low: 31.5", "value: 45, low: 50"), "low ≤ value ≤ high"),
        (("observations: 3", "observations: 0"), "greater than or equal to 1"),
        (("parameter: lead_months", "parameter: stock_days"), "stands twice"),
        (("observations: 3", "observations: 3, use: population"), "for lead_months"),
        (("pending: 6", "pending: 6, use: beside"), "population"),
        (("parameter: stock_days", "parameter: stock_day"), "nearest valid: stock_days"),
        (("material: ndfeb-magnets", "material: gallium"), "is not about"),
    ],
)
def test_a_fault_in_evidence_is_refused_with_its_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(InputError) as found:
        load(_file(tmp_path, STOCK.replace(*change)))
    assert said in str(found.value) and "line" in str(found.value)
