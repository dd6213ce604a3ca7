"""Accepted observations change a scenario by name, and the run's ledger shows which ones it used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lodestock.errors import InputError
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
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
    path.write_text(shipped()["china-heavy-rare-earths-2025"].read_text(encoding="utf-8") + more, encoding="utf-8")
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
    assert run.ledger["param.commercial_stock"].value == pytest.approx(45 / 365.25 * 12)
    plain = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=date(2026, 11, 21))
    more_stock_less_shortage = (
        run.ledger["nl.magnets.shortage_12m"].value,
        plain.ledger["nl.magnets.shortage_12m"].value,
    )
    assert more_stock_less_shortage[0] != more_stock_less_shortage[1]
    assert "evidence.stock_days" not in plain.ledger


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("unit: d,", "unit: t,"), "does not fit here"),
        (("value: 45, low: 31.5", "value: 45, low: 50"), "low ≤ value ≤ high"),
        (("observations: 3", "observations: 0"), "greater than or equal to 1"),
        (("parameter: lead_months", "parameter: stock_days"), "stands twice"),
        (("parameter: stock_days", "parameter: stock_day"), "nearest valid: stock_days"),
    ],
)
def test_a_fault_in_evidence_is_refused_with_its_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(InputError) as found:
        load(_file(tmp_path, STOCK.replace(*change)))
    assert said in str(found.value) and "line" in str(found.value)
