"""The control register: what applies on a day, and what has not been checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lodestock.disruption.controls import ControlStatus, control, due, find, read_register
from lodestock.errors import InputError, UnknownNameError

TODAY = date(2026, 11, 21)


def test_the_april_regime_is_in_force_and_was_never_suspended() -> None:
    april = control("cn-2025-18")
    assert april.status(date(2025, 4, 3)) is ControlStatus.NOT_ANNOUNCED
    assert april.status(date(2025, 4, 4)) is ControlStatus.IN_FORCE
    assert april.status(TODAY) is ControlStatus.IN_FORCE
    assert april.products == ("smco-magnets", "ndfeb-magnets-with-tb-or-dy")
    assert not april.codes_complete


def test_a_suspension_that_ran_out_unchecked_is_to_be_checked() -> None:
    package = control("cn-2025-57")
    assert package.status(date(2025, 10, 20)) is ControlStatus.ANNOUNCED
    assert package.status(date(2026, 11, 10)) is ControlStatus.SUSPENDED  # the last day
    assert package.status(date(2026, 11, 11)) is ControlStatus.TO_BE_CHECKED


def test_due_lists_what_lapsed_unchecked_and_what_lapses_next() -> None:
    rows = {entry.control.id: entry for entry in due(TODAY)}
    lapsed = {key for key, entry in rows.items() if entry.days_left < 0}
    assert lapsed == {f"cn-2025-{number}" for number in (55, 56, 57, 58, 61, 62)}
    assert rows["cn-2024-46-art2"].on == date(2026, 11, 27)
    assert rows["cn-2024-46-art2"].days_left == 6


def test_a_checked_successor_ends_the_doubt() -> None:
    assert control("cd-2025-cobalt-ban").status(TODAY) is ControlStatus.ENDED


def test_find_by_material_code_and_issuer() -> None:
    assert "cn-2023-23" in {item.id for item in find(material_name="gallium")}
    assert {item.id for item in find(code="2846901940")} == {"cn-2025-18"}
    assert {item.issuer for item in find(issuer="COD")} == {"COD"}
    with pytest.raises(UnknownNameError, match="gallium"):
        find(material_name="galium")


def test_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="cn-2025-18"):
        control("cn-2025-81")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("effective: 2025-04-04", "effective: 2025-04-03"), "before it is announced"),
        (("effective: 2025-04-04", "effective: april"), "not a day"),
        (("kind: licence", "kind: licens"), "licens"),
        (("mark: press", "marc: press"), "unknown key 'marc'"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    entry = """schema: lodestock-controls/1
measures:
  - {id: x, issuer: CHN, title: {nl: a, en: a}, instrument: b, kind: licence, announced: 2025-04-04,
     effective: 2025-04-04, materials: [dysprosium], forms: [metal], codes: [], codes_complete: false,
     mark: press, source: s}
"""
    path = tmp_path / "controls.yml"
    path.write_text(entry, encoding="utf-8")
    assert read_register(path)[0].id == "x"
    path.write_text(entry.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=fault) as caught:
        read_register(path)
    assert "entry 1" in str(caught.value)
