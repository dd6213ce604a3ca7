"""`lodestock licence what-if`: another rule against the regime as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
WORDS = ("licence", "what-if", "--parameters", "press-2025")


def test_rules_are_said_in_dutch_and_stand_beside_the_regime_as_it_is(cli: Run) -> None:
    done = cli(*WORDS, "--quota", "300", "--tax", "0.2", "--lang", "nl")
    assert done.code == 0
    for part in ("quotum van 300 t per jaar", "uitvoerbelasting van 20 %", "nu", "met deze regels", "Leeswijze A"):
        assert part in done.out
    assert "Kopers betalen 20 % meer" in done.out


def test_a_ban_for_machines(cli: Run) -> None:
    payload = cli(*WORDS, "--ban", "0.25", "--tonnes", "40", "--json").json
    for reading in payload["readings"].values():
        now, then = reading["now"], reading["with_rules"]
        assert then["arrived_t"]["median"] == pytest.approx(0.75 * now["arrived_t"]["median"])
        assert 0 < now["share_of_wanted"]["median"] < 1
        assert len(then["by_month_t"]) == 12


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ("no rule is given",)),
        (("--ban", "30"), ("--ban", "0.3 for 30 %")),
        (("--tax", "-1"), ("--tax", "0 or more")),
        (("--validity-months", "zes"), ("validity-months",)),
        (("--quota", "600", "--tonnes", "0"), ("--tonnes",)),
    ],
)
def test_bad_input(cli: Run, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    cli(*WORDS, *words).refused(*told)
