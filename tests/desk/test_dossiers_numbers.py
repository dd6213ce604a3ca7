"""A number in a text keeps its lineage: it agrees with its result, or the check says why it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lodestock_desk.dossiers.blocks import NumberBlock, State, check_number, number_of, render_number
from lodestock_desk.dossiers.stored import PublishedResult, ResultContent, ResultNumber


def _run(day: str, value: float | None, **more: Any) -> PublishedResult:
    content = ResultContent.objects.create(sha256=f"{day}{value}".ljust(64, "0"), mark="prior")
    entry = {"kind": "computed", "label": {"nl": "tekort", "en": "shortage"}, "value": value, "unit": "t",
             "mark": "prior", **more}  # fmt: skip
    ResultNumber.objects.create(content=content, key="nl.shortage", entry=entry)
    return PublishedResult.objects.create(
        name="test-run", day=date.fromisoformat(day), kind="run", material="copper", content=content, manifest="{}"
    )


def test_a_number_comes_from_its_result_and_agrees_with_it(db: None) -> None:
    _run("2026-01-10", 154.24, low=32.0, high=410.0)
    number = number_of("test-run", "nl.shortage")
    assert number["day"] == "2026-01-10"
    assert check_number(number).state is State.AGREES
    assert check_number(number).label_nl == "tekort"
    assert render_number(number, "nl").replace("\u00a0", " ") == "150 ton (32–410 ton)"
    assert render_number(number, "en").replace("\u00a0", " ") == "150 tonnes (32–410 tonnes)"


def test_a_value_that_is_not_known_is_never_zero() -> None:
    number = {"value": None, "unit": "t"}
    assert render_number(number, "nl") == "onbekend"
    assert render_number(number, "en") == "unknown"


def test_a_newer_result_is_told_and_does_not_change_the_number(db: None) -> None:
    _run("2026-01-10", 154.24)
    number = number_of("test-run", "nl.shortage")
    _run("2026-02-10", 154.24)
    assert check_number(number).state is State.AGREES  # newer, but it says the same
    _run("2026-03-10", 99.0)
    found = check_number(number)
    assert (found.state, found.held, found.newer, found.newer_day) == (State.NEWER, 154.24, 99.0, date(2026, 3, 10))
    assert number["value"] == 154.24


@pytest.mark.parametrize(("name", "value"), [("value", 155.0), ("unit", "kt"), ("low", 1.0)])
def test_a_number_that_was_changed_by_hand_differs(db: None, name: str, value: object) -> None:
    _run("2026-01-10", 154.24)
    number = number_of("test-run", "nl.shortage") | {name: value}
    assert check_number(number).state is State.DIFFERS


def test_a_result_that_is_gone_is_told(db: None) -> None:
    run = _run("2026-01-10", 154.24)
    number = number_of("test-run", "nl.shortage")
    run.delete()
    assert check_number(number).state is State.GONE
    with pytest.raises(ValidationError):
        number_of("test-run", "nl.shortage")


def test_a_number_without_lineage_is_told() -> None:
    assert check_number({"value": 12.0, "unit": "t"}).state is State.NO_LINEAGE


def test_the_block_fills_in_what_the_result_says(db: None) -> None:
    _run("2026-01-10", 154.24, low=32.0, high=410.0)
    block = NumberBlock()
    cleaned = block.clean(block.to_python({"result": "test-run", "entry": "nl.shortage"}))
    assert (cleaned["value"], cleaned["unit"], cleaned["day"]) == (154.24, "t", date(2026, 1, 10))
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"result": "test-run", "entry": "no.such"}))
