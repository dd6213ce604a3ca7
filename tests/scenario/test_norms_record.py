"""Every number of safe levels, norms, pilots and the copper reserve leads back to rows or to what was stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lodestock.evidence.ledger import Kind
from lodestock.evidence.rows import check_rows
from lodestock.evidence.store import Store
from lodestock.scenario.copper_reserve import copper_reserve
from lodestock.scenario.norms_record import (
    Recorded,
    record_copper,
    record_levels,
    record_norms,
    record_pilot,
    recorded,
)
from lodestock.scenario.pilot import load_pilot, weigh_pilot
from lodestock.scenario.stock_words import held_none
from lodestock.scenario.trade_norms import compare_norms, safe_levels

DAY = date(2026, 11, 21)


def intact(store: Store, record: Recorded) -> None:
    """Every entry rests on rows that the store still says, or on a stated value with its source."""
    for entry in record.ledger:
        if entry.kind is Kind.ROWS:
            assert entry.rows is not None
            assert check_rows(store, entry.rows, entry.value) == (True, "")
        elif entry.kind is Kind.PARAMETER:
            assert entry.source and entry.source_nl
        assert entry.label.nl and entry.label.en
        assert entry.value is not None or entry.note  # what is not known says why
    assert all(key in record.ledger for key in record.made)


def test_safe_levels_by_hand_from_their_entries(store: Store) -> None:
    found = safe_levels(store, "NLD", 60.0, material="copper", year=2024, today=DAY)
    record = recorded(store, "safe-level", DAY)
    record_levels(record, found)
    intact(store, record)
    ledger = record.ledger
    bought, sold = (ledger[f"safe_level.740311.{name}"].value for name in ("imports", "exports"))
    assert bought is not None and sold is not None
    assert ledger["safe_level.740311.tonnes"].value == pytest.approx((bought - sold) / 366 * 60)


def test_a_level_that_is_not_known_keeps_its_reason(store: Store) -> None:
    found = safe_levels(store, "NLD", 60.0, material="copper", year=2024, today=DAY)
    lost = replace(found.codes[0], imports=None, level=None)
    record = recorded(store, "safe-level", DAY)
    record_levels(record, replace(found, codes=(replace(lost, reason=replace(lost.reason, en="not known here")),)))
    entry = record.ledger[f"safe_level.{lost.code}.tonnes"]
    assert entry.value is None and entry.note == "not known here"


def test_norms_rest_on_their_row_and_the_days_asked(store: Store) -> None:
    found = compare_norms(store, "copper", "NLD", 45.0, year=2024, today=DAY)
    record = recorded(store, "norms", DAY)
    record_norms(record, found)
    intact(store, record)
    daily = record.ledger["safe_level.740311.daily"].value
    assert daily is not None and record.ledger["norm.crma.740311"].value == pytest.approx(45.0 * daily)
    assert "param.stock.safe_level_days" in record.ledger["norm.crma.740311"].inputs
    assert record.ledger["norm.korea-rare.days"].kind is Kind.ROWS


def test_a_pilot_that_leaves_things_out_is_recorded_as_not_stated(store: Store) -> None:
    pilot, path = load_pilot(Path("example"))
    cost = pilot.cost.model_copy(update={"purchase_keur": None})
    item = pilot.materials[0].model_copy(update={"tonnes": None})
    for one in (pilot, pilot.model_copy(update={"cost": cost, "materials": [item]})):
        record = recorded(store, "pilot", DAY)
        record_pilot(record, weigh_pilot((one, path), store))
        intact(store, record)
    assert record.ledger["pilot.yearly_cost"].value is None
    assert record.ledger["pilot.1.neodymium.tonnes"].note == "not stated"
    assert record.ledger["pilot.1.neodymium.days"].note == "no tonnes decided yet"


def test_the_figures_of_the_copper_tests_are_those_that_are_printed(store: Store) -> None:
    found = copper_reserve(store)
    record = recorded(store, "copper-reserve", DAY)
    record_copper(record, found, store)
    intact(store, record)
    printed = {test.key: test.text_en for test in found.dossier.tests}
    for key, test in (("last_shipper", "last shipper"), ("origin", "origin")):
        value = record.ledger[f"copper.test.{key}"].value
        assert value is not None and printed[test].endswith(f"{100 * value:.0f} %")
    risk = record.ledger["copper.test.supply_risk"].value
    assert risk is not None and printed["supply risk"].endswith(f"{risk:.2f}")
    even = record.ledger["copper.break_even"]
    assert even.low is not None and even.high is not None and even.value is not None
    assert even.low < even.value < even.high


def test_no_stock_is_said_to_exist_for_whoever_it_is_computed() -> None:
    assert held_none("NLD").nl.startswith("Nederland bereidt")
    assert held_none("EU27").nl.startswith("De EU bereidt") and held_none("EU27").en.startswith("The EU prepares")
    assert "Nederland" not in held_none("DEU").nl and "Netherlands" not in held_none("DEU").en
    for region in ("NLD", "EU27", "DEU"):
        assert "berekening" in held_none(region).nl and "computation" in held_none(region).en
