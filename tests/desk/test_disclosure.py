"""Disclosure control, attacked: no withheld cell can be pinned down, in one table or over successive publications."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse

from lodestock.errors import InputError
from lodestock_desk.disclosure import actions
from lodestock_desk.disclosure.bands import band
from lodestock_desk.disclosure.compose import Cell, compose
from lodestock_desk.disclosure.policy import POLICY, Policy
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.disclosure.suppress import needed_width, sensitive_amount, sensitive_counts, withheld
from lodestock_desk.disclosure.system import bounds, two_way
from lodestock_desk.signals.models import Report

from .people import actor, client

SEED = 20250404


def _attack(counts: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """What an outsider finds of every sensitive inner cell of a table with margins, by linear programming."""
    system = two_way(counts)
    low = np.where(hidden, -np.inf, system.values)
    high = np.where(hidden, np.inf, system.values)
    cells = np.flatnonzero(sensitive_counts(system.values, POLICY))
    return bounds(system, low, high, list(map(int, cells)), most=1e4)


def test_200_random_tables_withstand_the_attack() -> None:
    """Counts as few firms give them: mostly small. Each sensitive cell keeps an interval as wide as the rule asks."""
    rng = np.random.default_rng(SEED)
    attacked = 0
    for _number in range(200):
        shape = (int(rng.integers(2, 6)), int(rng.integers(2, 6)))
        counts = rng.negative_binomial(1, 0.15, size=shape)
        system = two_way(counts)
        sensitive = sensitive_counts(system.values, POLICY)
        try:
            hidden = withheld(system, sensitive, POLICY)
        except ValueError:  # no pattern protects it: nothing is published, so nothing can be found
            continue
        if not sensitive.any():
            continue
        found = _attack(counts, hidden)
        needed = needed_width(system.values[sensitive], POLICY)
        assert (found[:, 1] - found[:, 0] >= needed - 1e-6).all(), counts
        assert (found[:, 0] - 1e-9 <= system.values[sensitive]).all()
        assert (found[:, 1] + 1e-9 >= system.values[sensitive]).all()
        attacked += 1
    assert attacked >= 120


def test_without_secondary_suppression_the_attack_succeeds() -> None:
    """The attack has teeth: one withheld cell in a row and column is given back exactly by the margins."""
    counts = np.array([[12, 3, 20], [8, 9, 15], [30, 11, 7]])
    system = two_way(counts)
    found = _attack(counts, sensitive_counts(system.values, POLICY))
    assert found[0] == pytest.approx([3.0, 3.0])


def test_a_table_worked_by_hand() -> None:
    """In a 2 × 2 table with margins, one sensitive cell takes the other three with it or the margins."""
    counts = np.array([[3, 20], [30, 40]])
    system = two_way(counts)
    hidden = withheld(system, sensitive_counts(system.values, POLICY), POLICY)
    assert hidden[0] and hidden.sum() >= 4
    found = _attack(counts, hidden)
    assert found[0, 1] - found[0, 0] >= POLICY.protection_count


@pytest.mark.parametrize(
    ("contributions", "refused"),
    [
        ([10, 10, 10, 10, 10], False),
        ([10, 10, 10, 10], True),  # four companies
        ([40, 36, 8, 8, 8], True),  # the largest two hold 76 %
        ([40, 35, 9, 8, 8], False),  # exactly 75 %
        ([], False),
        ([0, 0, 0], False),
    ],
)
def test_primary_rules_by_hand(contributions: list[float], refused: bool) -> None:
    assert sensitive_amount(contributions, POLICY) is refused


def test_bands_hold_their_counts() -> None:
    for count in range(300):
        low, high = band(count)
        assert low <= count <= high
        assert high - low >= POLICY.protection_count
    assert band(4) == (0, 4) and band(5) == (5, 9) and band(100) == (100, math.inf)


def _base(rng: np.random.Generator, months: list[str], scale: float) -> dict[tuple[str, str, str], int]:
    return {
        (material, effect, month): int(rng.poisson(scale))
        for material in ("ndfeb-magnets", "gallium")
        for effect in ("delayed", "partial", "stopped")
        for month in months
    }


@pytest.mark.parametrize("scale", [1.0, 4.0, 12.0, 30.0])
def test_successive_publications_withstand_a_joint_attack(scale: float) -> None:
    """First a month, then the quarter that holds it, then the half-year: attacked together, nothing gives way."""
    rng = np.random.default_rng(SEED)
    months = [f"2025-{m:02d}" for m in range(1, 7)]
    for _number in range(4):
        base = _base(rng, months, scale)
        told: list[Cell] = []
        for until in (1, 3, 6):
            told += compose(base, months[:until], told, POLICY).cells
        _assert_safe(base, told)


def _assert_safe(base: dict[tuple[str, str, str], int], told: list[Cell]) -> None:
    """An attack apart from the one that `compose` makes: every base cell and every withheld cell that is sensitive."""
    from lodestock_desk.disclosure.compose import _system, _told

    published = {(c.material, c.effect, c.months) for c in told if c.low is not None and c.low == c.high}
    targets = [Cell(m, e, (t,)) for (m, e, t) in base if any(c.material == m and t in c.months for c in told)]
    targets += [c for c in told if c.low is None]
    targets = [Cell(c.material, c.effect, c.months) for c in targets]
    targets = [c for c in targets if (c.material, c.effect, c.months) not in published]
    if not targets:
        return
    system = _system(base, [*told, *targets])
    low, high = _told([*told, *targets])
    place = np.arange(len(told), len(told) + len(targets))
    sensitive = place[sensitive_counts(system.values, POLICY)[place]]
    if sensitive.size:
        found = bounds(system, low, high, list(map(int, sensitive)), most=1e4)
        assert (found[:, 1] - found[:, 0] >= POLICY.protection_count - 1e-6).all()


def test_few_firms_fall_back_and_say_to_what() -> None:
    months = ["2025-04", "2025-05", "2025-06"]
    few = {("ndfeb-magnets", "delayed", m): 3 for m in months}
    assert compose(few, months, [], POLICY).fallback == "longer"
    fewer = {("ndfeb-magnets", "delayed", "2025-04"): 2, ("ndfeb-magnets", "partial", "2025-05"): 1}
    made = compose(fewer, months, [], POLICY)
    assert made.fallback == "bands" and (made.cells[0].low, made.cells[0].high) == (0, 4)
    many = {("ndfeb-magnets", e, m): 20 for e in ("delayed", "partial") for m in months}
    assert compose(many, months, [], POLICY).fallback == "none"


def test_a_band_that_an_earlier_number_would_narrow_is_not_told() -> None:
    """Months of 20 told exactly; then 2 more: the band of the quarter minus the told months pins the rest down."""
    base = {("gallium", "delayed", "2025-01"): 20, ("gallium", "delayed", "2025-02"): 2}
    first = compose(base, ["2025-01"], [], POLICY)
    assert first.fallback == "none"
    second = compose(base, ["2025-01", "2025-02"], first.cells, POLICY)
    _assert_safe(base, [*first.cells, *second.cells])
    assert second.fallback in ("bands", "withheld")


def test_publishing_is_one_recorded_step_and_says_what_it_fell_back_to(db: None) -> None:
    Report.objects.filter(verified_at__isnull=False).update(verified_at=datetime(2025, 5, 10, tzinfo=UTC))
    ez = actor("beleid.ez")
    made = actions.publish(ez, first="2025-05", last="2025-05", reason="Kamerbrief")
    assert made.fallback == "bands"
    told = safe_information("ndfeb-magnets")
    assert told is not None and "minder dan 5" in told.sentence and "Klassen" in told.basis
    with pytest.raises(InputError):
        actions.publish(ez, first="2025-05", last="2025-05", reason="again")


def test_a_published_month_is_frozen(db: None) -> None:
    ez = actor("beleid.ez")
    Report.objects.filter(verified_at__isnull=False).update(verified_at=datetime(2025, 5, 10, tzinfo=UTC))
    actions.publish(ez, first="2025-05", last="2025-05", reason="eerste")
    Report.objects.filter(receiver=ez.organisation, verified_at__isnull=True, source="association").update(
        verified_at=datetime(2025, 5, 11, tzinfo=UTC), state="verified"
    )
    _composed, base = actions.preview(ez, "2025-05", "2025-06")
    assert sum(count for key, count in base.items() if key[2] == "2025-05") == 3


def test_months_that_have_not_passed_are_refused(db: None) -> None:
    answer = client("beleid.ez").post(
        reverse("disclosure:list"), {"first": "2099-01", "last": "2099-02", "reason": "te vroeg", "do": "publish"}
    )
    assert "Alleen maanden die voorbij zijn" in answer.content.decode()


ARGUS = """
import json, sys, tempfile
import pytauargus
with tempfile.TemporaryDirectory() as folder:
    done = pytauargus.protect(json.load(sys.stdin), ["row", "column"], "one", safety_rules="FREQ(5,20)",
                              suppress="OPT(1)", workdir=folder)
    print(open(done.tables[0].path, encoding="utf-8").read())
"""


def test_tau_argus_protects_the_same_table_at_no_lower_cost(tmp_path: Path) -> None:
    """A second method: τ-ARGUS finds the cheapest pattern; ours may not be cheaper unless it protects less.

    It writes cell values to its current folder, so it runs in a process and a folder of its own.
    """
    counts = np.array([[12, 3, 20], [8, 9, 15], [30, 11, 7]])
    rows = [
        {"row": f"r{r}", "column": f"c{c}", "one": 1}
        for (r, c), count in np.ndenumerate(counts)
        for _ in range(int(count))
    ]
    done = subprocess.run(
        [sys.executable, "-c", ARGUS], input=json.dumps(rows), capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = np.zeros((3, 3), dtype=bool)
    for row, column, *_values, status, _one, _two in csv.reader(done.stdout.split(), delimiter=";"):
        if "Total" not in (row, column):
            theirs[int(row[1]), int(column[1])] = status in ("U", "M")
    assert theirs[0, 1] and theirs.sum() == 4
    system = two_way(counts)
    hidden = np.zeros(system.values.size, dtype=bool)
    hidden[:9] = theirs.ravel()
    found = _attack(counts, hidden)
    assert found[0, 0] < 3 < found[0, 1]
    ours = withheld(system, sensitive_counts(system.values, POLICY), POLICY)
    assert (ours[:9] * counts.ravel()).sum() >= (theirs * counts).sum()


def test_a_stricter_policy_withholds_no_less() -> None:
    counts = np.array([[12, 6, 20], [8, 9, 15], [30, 11, 7]])
    system = two_way(counts)
    hidden = [
        withheld(system, sensitive_counts(system.values, policy), policy).sum()
        for policy in (Policy(min_firms=5), Policy(min_firms=8), Policy(min_firms=10))
    ]
    assert hidden == sorted(hidden) and hidden[0] == 0
