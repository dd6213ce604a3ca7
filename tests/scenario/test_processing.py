"""A processing file from the page to the answer: numbers with their marks, faults with their line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lodestock.errors import InputError, LodestockError
from lodestock.evidence.marks import Mark
from lodestock.scenario.processing_data import EXAMPLE, FOLDER, PARAMETERS, load_processing, parse_processing
from lodestock.scenario.processing_run import run_processing, streams, tornado

TEXT = (FOLDER / f"{EXAMPLE}.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found():
    return run_processing(load_processing(EXAMPLE))


def test_every_number_has_its_mark_and_its_inputs(found):
    ledger = found.ledger
    assert {f"param.processing.{name}" for name in PARAMETERS} <= {entry.id for entry in ledger}
    for entry in ledger:
        assert entry.label.nl and entry.label.en
        assert entry.flags == ("example",)
        if entry.method:
            assert entry.inputs and entry.mark is Mark.PRIOR
    parts = sum(found.cost.parts.values())
    assert parts == pytest.approx(found.cost.levelised, rel=1e-12)


def test_a_fixed_file_is_one_number():
    text = re.sub(r"value: (\S+), low: \S+, high: \S+,", r"value: \1, low: \1, high: \1,", TEXT)
    found = run_processing(parse_processing(text, where="f.yml"))
    assert np.ptp(found.cost.levelised) <= 1e-9 * found.cost.levelised[0]
    assert all(item.first is None and item.at_low == item.at_high for item in found.moved)
    # 45 M€ in two parts, 15 years of which 40 and 70 % first, 10 %: written out
    made = sum(1000 * share / 1.1**year for year, share in enumerate([0.4, 0.7, *[1.0] * 13], start=2))
    years = sum(1 / 1.1**year for year in range(2, 17))
    capital = 22.5e6 * (1 + 1 / 1.1)
    fixed = (80 * 75000 + 0.03 * 45e6) * years
    by_hand = (capital + fixed) / made + 9 * 90 + 14000 / 0.9 + 6000 - 500
    assert found.cost.levelised[0] == pytest.approx(by_hand, rel=1e-12)


def test_what_moves_most_is_first_and_shares_make_sense(found):
    rows = tornado(found)
    spread = (rows["at_high_eur_t"] - rows["at_low_eur_t"]).abs().to_list()
    assert spread == sorted(spread, reverse=True)
    total = sum(share for share in rows["sobol_first"] if share is not None)
    assert 0.9 < total < 1.05  # nearly additive: what is left are interactions


def test_the_state_pays_what_the_streams_say(found):
    paid = streams(found)
    cfd = next(tool for tool in found.instruments if tool.id == "cfd")
    years = paid.filter((paid["instrument"] == "cfd") & (paid["year_of_operation"] > found.case.years))
    assert years["mean_meur"].abs().max() == 0.0
    mean = paid.filter(paid["instrument"] == "cfd")["mean_meur"].to_numpy()
    assert mean * 1e6 == pytest.approx(cfd.support.payments.mean(axis=0), rel=1e-12)
    floor = next(tool for tool in found.instruments if tool.id == "floor")
    assert (floor.support.payments >= 0.0).all()
    # the lowest floor that breaks even on average, at the plant's own discount rate
    assert floor.support.npv.mean() == pytest.approx(0.0, abs=1e3)


def test_the_same_seed_gives_the_same_numbers(found):
    again = run_processing(load_processing(EXAMPLE))
    assert (again.cost.levelised == found.cost.levelised).all()
    assert [entry.value for entry in again.ledger] == [entry.value for entry in found.ledger]


def test_dear_electricity_is_dearer_in_every_draw(found):
    assert (found.energy["dear"] > found.energy["cheap"]).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit: "EUR", mark', 'unit: "kEUR", mark', "the unit here is EUR"),
        ("{value: 9, low: 6", "{value: 5, low: 6", "low ≤ value ≤ high"),
        ("life_years: 15", "life_years: 9", "cannot outlive"),
        ("life_years: 15", "life_years: 1.5", "whole number of years"),
        ("ramp: [0.4, 0.7]", "ramp: [0.4, 7]", "no share of capacity"),
        ("  wacc:", "  wac:", "unknown key 'wac'"),
        ("example: true", "example: maybe", "neither true nor false"),
        ("draws: 4096", "draws: 9999999", "too many draws"),
        ("draws: 4096", "draws: 1", "too few or too many"),
        ("seed: 20261122", "seed: ²", "no whole number"),
        ("seed: 20261122", "? [a, b]\n: 1", "a key is a list"),
        ("- id: dear", "- id: cheap", "an id stands twice"),
        ("ramp: [0.4, 0.7]", f"ramp: {[0.5] * 16}", "longer than the plant lives"),
        ("ramp: [0.4, 0.7]", f"ramp: {[0] * 15}", "never makes anything"),
        ("ramp: [0.4, 0.7]", f"ramp: {[0] * 10}", "nothing is made"),
    ],
)
def test_a_fault_is_told_with_its_line(old, new, said):
    assert old in TEXT
    with pytest.raises(LodestockError, match=said) as caught:
        parse_processing(TEXT.replace(old, new, 1), where="f.yml")
    assert "line" in caught.value.where


def test_no_file_and_no_yaml(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        load_processing(str(tmp_path / "none.yml"))
    with pytest.raises(InputError, match="not a processing file"):
        load_processing("magnets")
    empty = tmp_path / "empty.yml"
    empty.write_text("")
    with pytest.raises(InputError, match="empty"):
        load_processing(str(empty))


def test_a_product_without_a_price_has_a_floor():
    text = TEXT.replace("{value: 34000, low: 25000, high: 46000", "{value: 0, low: 0, high: 0")
    found = run_processing(parse_processing(text.replace("draws: 4096", "draws: 64"), where="f.yml"))
    floor = next(tool for tool in found.instruments if tool.id == "floor")
    # the floor is all that the plant earns, and only in the years of the contract: above its cost
    assert floor.support.npv.mean() == pytest.approx(0.0, abs=1e3)
    assert floor.price > float(found.cost.levelised.min())
