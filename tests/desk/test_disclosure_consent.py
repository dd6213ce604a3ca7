"""Numbers told with consent: of all companies, of all but one, taken back; and the attack is withstood all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from lodestock.errors import InputError
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.disclosure import actions, consents
from lodestock_desk.disclosure.compose import Cell, _system, _told, compose
from lodestock_desk.disclosure.models import Consent
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.disclosure.suppress import sensitive_counts
from lodestock_desk.disclosure.system import bounds
from lodestock_desk.signals import actions as signals
from lodestock_desk.signals.models import Report

from .people import actor, client, draft, organisation

MATERIAL = "gallium"
MAY = {"first": "2025-05", "last": "2025-05"}


@pytest.fixture
def two(db: None) -> list[Consent]:
    """Two companies with accounts are the only ones counted for one material in May; both are asked."""
    for name in ("servo", "wind"):
        report, _token = signals.file_report(actor(name), draft("EZ", material=MATERIAL))
        Report.objects.filter(pk=report.pk).update(verified_at=datetime(2025, 5, 10, tzinfo=UTC), state="verified")
    return consents.ask(actor("beleid.ez"), material=MATERIAL, **MAY, reason="Kamerbrief")


def _of(asked: list[Consent], short: str) -> str:
    return str(next(c.pk for c in asked if c.company == organisation(short)))


def _give_both(asked: list[Consent]) -> None:
    consents.give(actor("servo"), _of(asked, "Servotechniek"))
    consents.give(actor("wind"), str(next(c.pk for c in asked if str(c.pk) != _of(asked, "Servotechniek"))))


def _cell(composed: object) -> Cell:
    return next(c for c in composed.cells if c.material == MATERIAL and not c.effect)


def test_when_all_agree_the_number_is_told_and_says_so(two: list[Consent]) -> None:
    _give_both(two)
    made = actions.publish(actor("beleid.ez"), **MAY, reason="Kamerbrief")
    assert made.fallback == "consent"
    told = safe_information(MATERIAL)
    assert told is not None and "2 (met toestemming van de bedrijven)" in told.sentence


def test_when_one_has_not_agreed_it_is_not_told(two: list[Consent]) -> None:
    consents.give(actor("servo"), _of(two, "Servotechniek"))
    composed, _base = actions.preview(actor("beleid.ez"), "2025-05", "2025-05")
    assert composed.fallback == "bands" and not _cell(composed).consent and _cell(composed).high == 4


def test_a_company_that_cannot_be_asked_keeps_the_number_withheld(two: list[Consent]) -> None:
    _give_both(two)
    report, _token = signals.file_report(
        actor("beleid.ez"), draft("EZ", material=MATERIAL, company_name="Voorbeeld zonder account")
    )
    Report.objects.filter(pk=report.pk).update(verified_at=datetime(2025, 5, 11, tzinfo=UTC), state="verified")
    need = next(n for n in consents.needs(actor("beleid.ez"), ["2025-05"]) if n.material == MATERIAL)
    assert (len(need.companies), need.without_account, need.given) == (2, 1, 2) and not need.free
    composed, _base = actions.preview(actor("beleid.ez"), "2025-05", "2025-05")
    assert not _cell(composed).consent


def test_taken_back_it_is_not_in_the_next_publication(two: list[Consent]) -> None:
    """Before anything was told nothing is told; what was told stands, and is not repeated over a longer period."""
    _give_both(two)
    ez = actor("beleid.ez")
    actions.publish(ez, **MAY, reason="eerste")
    consents.take_back(actor("servo"), _of(two, "Servotechniek"))
    again, _base = actions.preview(ez, "2025-05", "2025-05")
    assert not any(c.consent for c in again.cells)
    longer = actions.publish(ez, first="2025-05", last="2025-06", reason="tweede")
    assert not any(row.get("consent") for row in longer.table)
    assert not any(row["material"] == MATERIAL and row["low"] == row["high"] == 2 for row in longer.table)


def test_taken_back_before_publishing_nothing_is_told(two: list[Consent]) -> None:
    _give_both(two)
    consents.take_back(actor("servo"), _of(two, "Servotechniek"))
    made = actions.publish(actor("beleid.ez"), **MAY, reason="x")
    assert made.fallback == "bands" and not any(row.get("consent") for row in made.table)
    with pytest.raises(InputError):
        consents.give(actor("servo"), _of(two, "Servotechniek"))  # it must be asked for again
    assert len(consents.ask(actor("beleid.ez"), material=MATERIAL, **MAY, reason="nogmaals")) == 1


def test_each_step_is_recorded_and_nobody_answers_for_another(two: list[Consent]) -> None:
    mine = _of(two, "Servotechniek")
    with pytest.raises(PermissionDenied):
        consents.give(actor("wind"), mine)
    with pytest.raises(PermissionDenied):
        consents.give(actor("beleid.ez"), mine)
    with pytest.raises(InputError):
        consents.ask(actor("beleid.ez"), material=MATERIAL, **MAY, reason="nogmaals")
    browser = client("servo")
    address = reverse("disclosure:consent", kwargs={"pk": mine})
    assert "ook als dat er weinig zijn" in browser.get(address).content.decode()
    browser.post(address, {"do": "give"})
    browser.post(address, {"do": "back"})
    kept = Consent.objects.get(pk=mine)
    assert kept.given_by == kept.taken_back_by == actor("servo").user and not kept.in_force
    verbs = list(AuditEntry.objects.filter(object_id=mine).order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["consent.asked", "consent.given", "consent.taken_back"]


def test_the_keeper_sees_who_must_agree_and_asks(two: list[Consent]) -> None:
    browser = client("beleid.ez")
    page = browser.get(reverse("disclosure:ask"), MAY).content.decode()
    assert "Servotechniek" in page and "Bedrijven die moeten instemmen" in page
    Consent.objects.all().delete()
    answer = browser.post(reverse("disclosure:ask"), {**MAY, "material": MATERIAL, "reason": "Kamerbrief"})
    assert answer.status_code == 302 and Consent.objects.count() == 2
    assert "al gevraagd" in browser.post(
        reverse("disclosure:ask"), {**MAY, "material": MATERIAL, "reason": "Kamerbrief"}
    ).content.decode()  # fmt: skip


def test_all_agreed_but_another_would_be_found_out_is_not_told() -> None:
    """A month of 20 is known; the two months together, 22, agreed by all: the second month would be pinned down."""
    base = {(MATERIAL, "delayed", "2025-01"): 20, (MATERIAL, "delayed", "2025-02"): 2}
    first = compose(base, ["2025-01"], [], POLICY)
    second = compose(base, ["2025-01", "2025-02"], first.cells, POLICY, [MATERIAL])
    assert first.fallback == "none" and not any(c.consent for c in second.cells)


@pytest.mark.parametrize("tables", [6, pytest.param(50, marks=pytest.mark.slow)])
def test_random_tables_with_consent_withstand_the_attack(tables: int) -> None:
    """A second attack, with only the companies' own number given: each other sensitive sum keeps the whole rule."""
    rng = np.random.default_rng(20250404)
    months, freed = ["2025-01", "2025-02", "2025-03"], 0
    for _number in range(tables):
        base = {
            (m, e, t): int(rng.poisson(0.7)) for m in ("a", "b", "c") for e in ("delayed", "partial") for t in months
        }
        told: list[Cell] = []
        for until in (1, 3):
            agreed = [m for m in ("a", "b") if sum(n for k, n in base.items() if k[0] == m and k[2] in months[:until])]
            told += compose(base, months[:until], told, POLICY, agreed).cells
        given = [c for c in told if c.consent]
        freed += len(given)
        targets = [Cell(m, e, (t,)) for m, e, t in base]
        system = _system(base, [*told, *targets])
        low, high = _told([*told, *targets])
        place = [i for i in range(len(told), len(told) + len(targets)) if sensitive_counts(system.values, POLICY)[i]]
        if not told or not place:
            continue
        found = bounds(system, low, high, place, most=1e4)
        for i, (least, most) in zip(place, found, strict=True):
            cell = targets[i - len(told)]
            over = [c for c in given if c.material == cell.material and set(cell.months) <= set(c.months)]
            asked = min([float(POLICY.protection_count), *(float(c.low or 0) for c in over)])
            assert most - least >= asked - 1e-6, (base, cell)
    assert freed >= 0.8 * tables
