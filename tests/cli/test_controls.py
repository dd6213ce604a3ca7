"""`lodestock controls`: which measures apply on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lodestock.cli.controls import _window
from lodestock.disruption.controls import bearing_on, due, read_register
from lodestock.evidence.control_register import SHIPPED, read_measures

Run = Callable[..., Any]


def state_of(cli: Run, measure: str, day: str) -> str:
    rows = cli("controls", "--on", day, "--json").json["controls"]
    return str(next(row["status"] for row in rows if row["id"] == measure))


def test_the_state_of_a_measure_depends_on_the_day(cli: Run) -> None:
    # MOFCOM Announcement 18 of 2025: announced and in force on 4 April 2025, no end date
    assert state_of(cli, "cn-2025-18", "2025-04-03") == "not announced"
    assert state_of(cli, "cn-2025-18", "2025-04-04") == state_of(cli, "cn-2025-18", "2027-01-01") == "in force"


def test_a_suspension_that_has_ended_is_to_be_checked(cli: Run) -> None:
    rows = cli("controls", "due", "--on", "2026-11-21", "--json").json["due"]
    lapsed = [row for row in rows if row["lapses_on"] == "2026-11-10"]
    assert len(lapsed) == 6
    assert {row["window"] for row in lapsed} == {"suspension lapsed, to be checked"}
    assert {row["lapses"] for row in lapsed} == {"suspension"}
    assert [row["id"] for row in rows if row["window"] == "within 7 days"] == ["cn-2024-46-art2"]


def test_text_for_people_carries_what_is_to_be_checked(cli: Run) -> None:
    done = cli("controls", "--material", "dysprosium", "--on", "2026-11-21", "--lang", "nl")
    assert done.code == 0
    assert "van kracht" in done.out
    assert "na te gaan: de laatste dag is voorbij" in done.out
    assert done.out.rstrip().endswith("cn-2025-61, cn-2025-62, cn-2025-56")


def test_both_possible_states_are_told_where_a_day_is_not_known(cli: Run) -> None:
    done = cli("controls", "show", "cn-2024-46-art2", "--on", "2025-11-20")
    assert "in force or suspended" in done.out
    assert "suspended from: 2025-11-07/2025-12-31" in done.out
    row = cli("controls", "show", "cn-2024-46-art2", "--on", "2025-11-20", "--json").json["control"]
    assert (row["status"], row["may_be"]) == ("not known", ["in force", "suspended"])


def test_an_end_of_a_measure_is_told_apart_from_the_end_of_a_suspension(cli: Run) -> None:
    english = cli("controls", "--on", "2026-11-21").out
    assert "2026-11-27 (suspension)" in english
    assert "2025-10-15 (measure)" in english
    assert "11, incomplete" in english
    dutch = cli("controls", "due", "--on", "2026-11-28", "--lang", "nl").out
    assert dutch.count("opschorting verlopen, na te gaan") == 7
    # the day itself still belongs to the suspension; on the next one nobody knows
    assert state_of(cli, "cn-2024-46-art2", "2026-11-27") == "suspended"
    assert state_of(cli, "cn-2024-46-art2", "2026-11-28") == "to be checked"


def test_announcement_18_covers_some_magnets_only(cli: Run) -> None:
    asked = cli("controls", "--material", "NdFeB", "--on", "2026-11-21")
    told = "only a part of NdFeB magnets: cn-2025-18 names NdFeB magnets with dysprosium or terbium"
    assert told in asked.out
    rows = cli("controls", "--material", "magnets", "--on", "2026-11-21", "--json").json["controls"]
    (row,) = (row for row in rows if row["id"] == "cn-2025-18")
    assert row["only_part_of_what_was_asked"] == ["smco-magnets", "ndfeb-magnets-dy-tb"]
    assert "only a part" not in cli("controls", "--material", "SmCo", "--on", "2026-11-21").out


def test_a_measure_on_batteries_is_named_for_lithium(cli: Run) -> None:
    beside = cli("controls", "--material", "lithium", "--on", "2026-11-21", "--json").json["on_products_with_it"]
    assert "cn-2025-58" in beside


def test_one_measure_with_its_codes(cli: Run) -> None:
    done = cli("controls", "show", "cn-2023-23", "--on", "2026-11-21")
    assert "gallium arsenide: 2853909026 (list not read whole)" in done.out
    cli("controls", "show", "cn-2023-32").refused("cn-2023-32", "did you mean", "cn-2023-23")


def test_an_own_register_with_one_more_measure(cli: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    more = (
        "\n  - {id: na-2027-1, issuer: NAM, title: {nl: Voorbeeld, en: Example}, instrument: example, kind: ban,\n"
        "     announced: 2027-01-01, effective: 2027-02-01, until: 2027-03-31, materials: [uranium],\n"
        "     codes_complete: false, mark: prior, source: example}\n"
    )
    own.write_text(SHIPPED.read_text(encoding="utf-8") + more, encoding="utf-8")
    rows = cli("controls", "--issuer", "Namibia", "--on", "2027-04-01", "--register", own, "--json").json
    assert [row["id"] for row in rows["controls"]] == rows["to_be_checked"] == ["na-2027-1"]
    assert "na-2027-1" in cli("controls", "due", "--on", "2027-03-01", "--within", "30", "--register", own).out
    own.write_text(
        own.read_text(encoding="utf-8").replace("kind: ban,\n     announced: 2027", "kind: bann,\n announced: 2027")
    )
    cli("controls", "--register", own).refused("own.yml", "bann", "ban", "line")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--on", "4 April"), ("4 April", "yyyy-mm-dd")),
        (("--material", "dysprosum"), ("dysprosum", "dysprosium")),
        (("--issuer", "Chyna"), ("Chyna", "China")),
        (("--material", ""), ("unknown material ''",)),
        (("--register", "none.yml"), ("none.yml",)),
        (("due", "--within", "-1"), ("-1",)),
        (("due", "--within", "99999999999"), ("99999999999", "36500")),
        (("--code", "magnets"), ("magnets", "digits")),
    ],
)
def test_bad_input(cli: Run, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    cli("controls", *words).refused(*told)


def test_the_windows_of_what_is_due() -> None:
    def window(day: date) -> set[tuple[str, str]]:
        found = due(day, register=bearing_on(["gallium"], register=read_register(SHIPPED)))
        return {(item.control.id, _window(item, "en")) for item in found}

    # the suspension of the ban towards the USA ends on 27 November 2026
    assert window(date(2026, 8, 28)) == set()  # 91 days before
    assert window(date(2026, 8, 29)) == {("cn-2024-46-art2", "within 90 days")}
    assert window(date(2026, 10, 28)) == {("cn-2024-46-art2", "within 30 days")}
    assert window(date(2026, 11, 20)) == {("cn-2024-46-art2", "within 7 days")}
    assert window(date(2026, 11, 28)) == {("cn-2024-46-art2", "suspension lapsed, to be checked")}


def test_an_entry_is_printed_to_be_changed_and_read_again(cli: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text(cli("controls", "show", "cn-2025-18", "--entry").out, encoding="utf-8")
    (read,) = read_measures(own)
    (shipped,) = (item for item in read_measures() if item.id == "cn-2025-18")
    assert replace(read, line=shipped.line) == shipped
    assert "your own register own.yml only" in cli("controls", "--register", own).out


def test_one_measure_in_dutch_words(cli: Run) -> None:
    shown = cli("controls", "show", "cn-2025-62", "--on", "2026-11-21", "--lang", "nl").out
    for part in ("soort: technologie", "wat afloopt: opschorting", "bestemd voor: Zeldzame aarden", "merk: pers"):
        assert part in shown
    shown = cli("controls", "show", "cn-2025-18", "--on", "2026-11-21", "--lang", "nl").out
    for part in (
        "reikwijdte: Vergunningsplicht voor samarium-kobaltmagneten, en voor neodymiummagneten met terbium",
        "niet voor elke magneet", "vormen: verbinding", "land: China", "handelscodes: samariumgroep:",
    ):  # fmt: skip
        assert part in shown
    assert "verbod" not in shown
