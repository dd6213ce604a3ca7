"""The register of measures: what is refused, what changed since a day against a history made by hand, and wording."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from lodestock_desk.core.models import AuditEntry
from lodestock_desk.measures import actions
from lodestock_desk.measures.changes import ChangeKind, changes_since
from lodestock_desk.measures.models import BudgetLine, EvidenceItem, Measure, Milestone, StatusChange, StockFact
from lodestock_desk.measures.wording import stock_wording, wording_faults
from lodestock_desk.measures.words import STATUS_WORDS, Status, Subject

from .people import actor

VALUES = {
    "title_nl": "Proefmaatregel", "title_en": "Trial measure", "subject": "stock", "source_kind": "cabinet",
    "source_reference": "voorbeeldbrief", "ministry": "EZ", "with_ministries": ["BZ", "DEF"],
}  # fmt: skip


@pytest.fixture
def measure(db: None) -> Measure:
    """A stock measure that is being prepared since 1 March 2025, and nothing else in the register."""
    made = actions.add_measure(
        actor("beleid.ez"), VALUES, status="exploring", effective_on=date(2025, 1, 10), reason="in de brief genoemd"
    )
    actions.set_status(
        actor("lijn.ez"), str(made.pk), status="prepared", effective_on=date(2025, 3, 1), reason="opdracht gegeven"
    )
    return made


def _noted(model: type, day: date) -> None:
    """Set the day on which everything of a kind was entered."""
    model.objects.update(created_at=timezone.make_aware(datetime(day.year, day.month, day.day, 12)))


def _fresh(measure: Measure) -> Measure:
    return Measure.objects.get(pk=measure.pk)


def _fields(caught: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(caught.value.message_dict)


def test_the_status_is_the_last_row_and_history_stays(measure: Measure) -> None:
    assert measure.status == "prepared"
    assert [row.status for row in measure.statuses.all()] == ["exploring", "prepared"]
    assert measure.status_row(date(2025, 2, 1)).status == "exploring"
    assert measure.status_row(date(2025, 1, 9)) is None


def test_a_status_before_its_predecessor_is_refused_with_its_day(measure: Measure) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.set_status(
            actor("beleid.ez"), str(measure.pk), status="running", effective_on=date(2025, 2, 28), reason="x"
        )
    assert _fields(caught) == {"effective_on"} and "01-03-2025" in str(caught.value)
    assert _fresh(measure).status == "prepared"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "prepared"}, "status"),
        ({"effective_on": timezone.localdate() + timedelta(days=1)}, "effective_on"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_status_is_another_one_in_the_past_with_a_reason(measure: Measure, change: dict, field: str) -> None:
    values = {"status": "decided", "effective_on": date(2025, 4, 1), "reason": "besluit", **change}
    with pytest.raises(ValidationError) as caught:
        actions.set_status(actor("beleid.ez"), str(measure.pk), **values)
    assert _fields(caught) == {field}


def test_only_the_keeping_ministry_changes_a_measure(measure: Measure) -> None:
    with pytest.raises(Measure.DoesNotExist):
        actions.set_status(
            actor("beleid.bz"), str(measure.pk), status="running", effective_on=date(2025, 4, 1), reason="x"
        )
    for name in ("analist.nmo", "ondertekenaar.ez", "contactpunt", "servo", "loket.a"):
        with pytest.raises(PermissionDenied):
            actions.set_status(
                actor(name), str(measure.pk), status="running", effective_on=date(2025, 4, 1), reason="x"
            )
    assert _fresh(measure).status == "prepared"


def test_every_write_leaves_an_audit_row(measure: Measure) -> None:
    verbs = set(AuditEntry.objects.filter(object_id=str(measure.pk)).values_list("verb", flat=True))
    assert verbs == {"measure.added"}
    rows = AuditEntry.objects.filter(object_id__in=[str(s.pk) for s in measure.statuses.all()], verb="measure.status")
    assert rows.count() == 2 and all("reason" in row.text for row in rows)


def test_an_unknown_ministry_or_field_is_refused(db: None) -> None:
    with pytest.raises(ValidationError):
        actions.add_measure(
            actor("beleid.ez"), {**VALUES, "with_ministries": ["XYZ"]}, status="exploring",
            effective_on=date(2025, 1, 1), reason="x",
        )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.keep_measure(actor("beleid.ez"), {"organisation_id": "x"}, measure_id="x")


def _budget(measure: Measure, **change: object) -> BudgetLine:
    values = {
        "year": 2026, "amount_eur": Decimal("1500000"), "level": "national", "structural": True,
        "source": "begroting EZ 2026 (voorbeeld)", "decided_on": date(2025, 9, 16), "reason": "begroting", **change,
    }  # fmt: skip
    return actions.set_budget(actor("beleid.ez"), str(measure.pk), **values)


def test_money_without_a_source_is_refused_by_action_and_database(measure: Measure) -> None:
    for source in ("", "   "):
        with pytest.raises(ValidationError) as caught:
            _budget(measure, source=source)
        assert _fields(caught) == {"source"}
    line = _budget(measure)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(source="")


def test_money_is_replaced_once_within_its_year(measure: Measure) -> None:
    line = _budget(measure)
    other = _budget(measure, amount_eur=Decimal("2000000"), decided_on=date(2025, 12, 1), replaces_id=str(line.pk))
    assert [row.pk for row in _fresh(measure).budget] == [other.pk]
    with pytest.raises(ValidationError):
        _budget(measure, replaces_id=str(line.pk), decided_on=date(2025, 12, 2))
    with pytest.raises(ValidationError) as caught:
        _budget(measure, year=2027, replaces_id=str(other.pk), decided_on=date(2025, 12, 2))
    assert _fields(caught) == {"year"}
    with pytest.raises(ValidationError) as caught:
        _budget(measure, replaces_id=str(other.pk), decided_on=date(2025, 11, 30))
    assert _fields(caught) == {"decided_on"}


def _evidence(measure: Measure, on: date = date(2025, 6, 1)) -> EvidenceItem:
    return actions.add_evidence(
        actor("beleid.ez"), str(measure.pk), on=on, what="opslagbewijs (voorbeeld)", reference="dossier 1"
    )


def test_evidence_can_be_found(measure: Measure) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.add_evidence(actor("beleid.ez"), str(measure.pk), on=date(2025, 6, 1), what="iets")
    assert _fields(caught) == {"reference"}


def test_a_stock_is_only_held_with_evidence_of_this_measure(measure: Measure) -> None:
    other = actions.add_measure(
        actor("beleid.ez"), VALUES, status="exploring", effective_on=date(2025, 1, 1), reason="x"
    )
    for evidence in ("", str(_evidence(other).pk)):
        with pytest.raises(ValidationError) as caught:
            actions.set_stock(
                actor("beleid.ez"), str(measure.pk), holds=True, effective_on=date(2025, 7, 1), reason="x",
                evidence_id=evidence,
            )  # fmt: skip
        assert _fields(caught) == {"evidence"}
    fact = actions.set_stock(
        actor("beleid.ez"), str(measure.pk), holds=True, effective_on=date(2025, 7, 1), reason="ingeslagen",
        evidence_id=str(_evidence(measure).pk),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        StockFact.objects.filter(pk=fact.pk).update(evidence=None)
    assert _fresh(measure).holds_stock and not _fresh(other).holds_stock


def _milestone(measure: Measure, title: str, due: date, on: date = date(2025, 2, 1)) -> Milestone:
    return actions.add_milestone(
        actor("beleid.ez"), str(measure.pk), title_nl=title, title_en=title, on=on, due_on=due, reason="afgesproken"
    )


def _step(milestone: Milestone, kind: str, on: date, due: date | None = None) -> None:
    actions.move_milestone(actor("beleid.ez"), str(milestone.pk), kind=kind, on=on, due_on=due, reason="bericht")


def test_a_milestone_is_missed_by_its_day_alone(measure: Measure) -> None:
    milestone = _milestone(measure, "rapport", date(2025, 6, 30))
    assert milestone.state_on(date(2025, 6, 30)) == "open"
    assert milestone.state_on(date(2025, 7, 1)) == "missed"
    _step(milestone, "moved", date(2025, 7, 10), date(2025, 9, 1))
    found = Milestone.objects.get(pk=milestone.pk)
    assert found.state_on(date(2025, 7, 5)) == "missed"
    assert found.state_on(date(2025, 7, 10)) == "open"
    _step(milestone, "reached", date(2025, 9, 1))
    assert Milestone.objects.get(pk=milestone.pk).state == "reached"


def test_a_closed_milestone_and_a_day_before_its_predecessor_are_refused(measure: Measure) -> None:
    milestone = _milestone(measure, "rapport", date(2025, 6, 30))
    with pytest.raises(ValidationError) as caught:
        _step(milestone, "reached", date(2025, 1, 31))
    assert _fields(caught) == {"on"}
    with pytest.raises(ValidationError) as caught:
        _step(milestone, "moved", date(2025, 3, 1))
    assert _fields(caught) == {"due_on"}
    with pytest.raises(ValidationError) as caught:
        _step(milestone, "moved", date(2025, 3, 1), date(2025, 2, 28))
    assert _fields(caught) == {"due_on"}
    _step(milestone, "dropped", date(2025, 3, 1))
    with pytest.raises(ValidationError):
        _step(milestone, "reached", date(2025, 4, 1))


@pytest.fixture
def history(measure: Measure) -> Measure:
    """A history made by hand, entered on 1 January 2026, with the rest of the register left out of sight."""
    reached = _milestone(measure, "A", date(2025, 5, 1))
    _step(reached, "reached", date(2025, 4, 20))
    moved = _milestone(measure, "B", date(2025, 5, 1))
    _step(moved, "moved", date(2025, 4, 25), date(2025, 10, 1))
    late = _milestone(measure, "C", date(2025, 5, 1))
    _step(late, "moved", date(2025, 5, 10), date(2025, 8, 1))
    _step(late, "reached", date(2025, 8, 1))
    line = _budget(measure)
    _budget(measure, amount_eur=Decimal("1750000.50"), decided_on=date(2025, 11, 3), replaces_id=str(line.pk))
    _evidence(measure)
    for model in (StatusChange, EvidenceItem, BudgetLine):
        _noted(model, date(2026, 1, 1))
    return measure


def _seen(measure: Measure, day: date, until: date, **more: bool) -> list[tuple[str, ChangeKind, str]]:
    rows = changes_since(day, actor("beleid.ez"), until=until, **more)
    return [(row.on.isoformat(), row.kind, row.what.nl) for row in rows if row.measure_id == measure.pk]


def test_what_changed_since_a_day_against_the_history_made_by_hand(history: Measure) -> None:
    money = "2026, nationaal, structureel"
    assert _seen(history, date(2025, 4, 20), date(2025, 12, 31)) == [
        ("2025-04-20", ChangeKind.MILESTONE_REACHED, "A"),
        ("2025-04-25", ChangeKind.MILESTONE_MOVED, "B"),
        ("2025-05-02", ChangeKind.MILESTONE_MISSED, "C"),
        ("2025-05-10", ChangeKind.MILESTONE_MOVED, "C"),
        ("2025-06-01", ChangeKind.EVIDENCE, "opslagbewijs (voorbeeld)"),
        ("2025-08-01", ChangeKind.MILESTONE_REACHED, "C"),
        ("2025-09-16", ChangeKind.BUDGET, money),
        ("2025-10-02", ChangeKind.MILESTONE_MISSED, "B"),
        ("2025-11-03", ChangeKind.BUDGET, money),
    ]
    first = _seen(history, date(2025, 1, 1), date(2025, 3, 1))
    assert [(on, kind) for on, kind, _what in first] == [
        ("2025-01-10", ChangeKind.NEW), ("2025-02-01", ChangeKind.MILESTONE_SET),
        ("2025-02-01", ChangeKind.MILESTONE_SET), ("2025-02-01", ChangeKind.MILESTONE_SET),
        ("2025-03-01", ChangeKind.STATUS),
    ]  # fmt: skip
    assert _seen(history, date(2025, 11, 4), date(2025, 12, 31)) == []


def test_a_change_says_what_it_was_and_what_it_became(history: Measure) -> None:
    rows = [r for r in changes_since(date(2025, 1, 1), until=date(2025, 12, 31)) if r.measure_id == history.pk]
    status = next(row for row in rows if row.kind is ChangeKind.STATUS)
    assert (status.before.nl, status.after.nl, status.after.en) == ("verkend", "voorbereid", "prepared")
    money = [row for row in rows if row.kind is ChangeKind.BUDGET]
    assert (money[0].before.nl, money[0].after.nl, money[0].after.en) == ("–", "€ 1.500.000", "€1,500,000")
    assert (money[1].before.nl, money[1].after.nl) == ("€ 1.500.000", "€ 1.750.000,50")
    assert money[0].source == "begroting EZ 2026 (voorbeeld)"


def test_what_was_entered_late_is_named_only_when_asked(history: Measure) -> None:
    day, until = date(2025, 12, 1), date(2026, 1, 31)
    assert _seen(history, day, until) == []
    late = changes_since(day, actor("beleid.ez"), until=until, late=True)
    own = [row for row in late if row.measure_id == history.pk]
    assert {row.kind for row in own} >= {ChangeKind.STATUS, ChangeKind.BUDGET} and all(row.late for row in own)


def test_someone_without_the_register_sees_no_changes(history: Measure) -> None:
    for name in ("servo", "loket.a", "beheer.ez"):
        assert changes_since(date(2025, 1, 1), actor(name), late=True) == []


def test_what_may_be_said_of_a_stock_follows_from_the_record(measure: Measure) -> None:
    found = stock_wording(_fresh(measure))
    assert not found.holds and "nog geen voorraden" in found.say.nl and "no stocks yet" in found.say.en
    actions.set_stock(
        actor("beleid.ez"), str(measure.pk), holds=True, effective_on=date(2025, 7, 1), reason="ingeslagen",
        evidence_id=str(_evidence(measure).pk),
    )  # fmt: skip
    found = stock_wording(_fresh(measure))
    assert found.holds and "dossier 1" in found.evidence
    assert not stock_wording(_fresh(measure), date(2025, 6, 30)).holds
    assert wording_faults("Nederland heeft een strategische voorraad.", [_fresh(measure)]) == []
    planned = Measure.objects.filter(subject=Subject.STOCK).exclude(pk=measure.pk).first()
    assert planned is not None and not stock_wording(planned).holds
    mixed = wording_faults("Nederland beschikt over een strategische voorraad gallium.", [_fresh(measure), planned])
    assert [fault.say for fault in mixed] == [stock_wording(planned).say]


@pytest.mark.parametrize(
    "text",
    [
        "Nederland heeft een strategische voorraad gallium.",
        "De staat houdt voorraden van zeldzame aardmetalen.",
        "De aangelegde strategische voorraden worden uitgebreid.",
        "Er zijn voorraden wolfraam aangelegd in Rotterdam.",
        "De Nederlandse voorraad omvat drie stoffen.",
        "Hoewel niet groot, heeft Nederland een voorraad.",
        "De rijksvoorraad gallium is gevuld.",
        "Nederland beschikt inmiddels over een strategische reserve.",
        "In Rotterdam ligt een strategische voorraad.",
        "Thanks to the stockpile, industry is safe.",
        "The Netherlands holds stocks of gallium.",
        "The existing Dutch stockpile was enlarged.",
        "Stocks of tungsten have been laid in.",
    ],
)
def test_a_planned_stock_worded_as_existing_is_found(measure: Measure, text: str) -> None:
    faults = wording_faults(f"Eerst iets anders. {text} Daarna nog iets.", [measure])
    assert [fault.sentence for fault in faults] == [text]
    assert "nog geen voorraden" in faults[0].say.nl


@pytest.mark.parametrize(
    "text",
    [
        "Nederland bereidt voorraadvorming voor, maar legt nog geen voorraden aan.",
        "Strategische voorraden kunnen toeleveringsrisico's verminderen.",
        "Nederland heeft geen strategische voorraden.",
        "Het ministerie heeft een reserve op de begroting.",
        "Bedrijven hebben een voorraad van twee weken.",
        "Het kabinet wil een voorraad aanleggen.",
        "De voorraadvorming is gestart.",
        "Twee pilots lopen om opties, vormen en uitvoerbaarheid te verkennen.",
        "Als Nederland een voorraad heeft, geldt artikel 22.",
        "The Netherlands prepares stocks but holds none.",
        "The Netherlands does not hold stocks.",
    ],
)
def test_a_plan_worded_as_a_plan_passes(measure: Measure, text: str) -> None:
    assert wording_faults(text, [measure]) == []


def test_the_words_of_a_status_are_there_in_both_languages() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert STATUS_WORDS["prepared"].nl == "voorbereid" and STATUS_WORDS["running"].nl == "in uitvoering"
