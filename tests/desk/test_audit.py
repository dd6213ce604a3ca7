"""The audit record: whole as written, and every way of changing it is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from lodestock_desk.core import audit
from lodestock_desk.core.models import AuditEntry, AuditHead
from lodestock_desk.core.writing import writing
from lodestock_desk.signals import actions
from lodestock_desk.signals.models import Report

from .people import actor, client, draft


@pytest.fixture
def free(db: None, tmp_path: Path) -> Iterator[None]:
    """Someone with full rights on the database has taken the protection of the table off."""
    from django.conf import settings
    from django.test.utils import override_settings

    assert settings.AUDIT_KEY
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER core_auditentry_no_update")
            cursor.execute("DROP TRIGGER core_auditentry_no_delete")
        else:
            cursor.execute("DROP TRIGGER core_auditentry_no_change ON core_auditentry")
    with override_settings(AUDIT_ANCHOR_FILE=tmp_path / "anchors.log"):
        yield


def _whats() -> str:
    return "; ".join(fault.what for fault in audit.verify())


def test_the_example_left_a_whole_record(db: None) -> None:
    assert audit.verify() == []
    assert AuditEntry.objects.count() == AuditHead.objects.get().count > 50


@pytest.mark.parametrize("change", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_to_change_or_remove_a_row(db: None, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert audit.verify() == []


@pytest.mark.parametrize("column", ["verb", "actor", "organisation", "object_id", "object_type"])
def test_a_changed_column_is_found(free: None, column: str) -> None:
    AuditEntry.objects.filter(sequence=7).update(**{column: "someone-else"})
    assert [fault.sequence for fault in audit.verify()] == [7]


def test_a_changed_text_is_found_even_if_the_columns_follow(free: None) -> None:
    entry = AuditEntry.objects.get(sequence=7)
    said = json.loads(entry.text)
    said["verb"] = "report.rejected"
    AuditEntry.objects.filter(sequence=7).update(
        verb="report.rejected", text=json.dumps(said, sort_keys=True, ensure_ascii=False)
    )
    assert "was changed" in _whats()


def test_a_changed_time_is_found(free: None) -> None:
    AuditEntry.objects.filter(sequence=7).update(at="2020-01-01T00:00:00+00:00")
    assert "at differ" in _whats()


def test_a_removed_row_is_found(free: None) -> None:
    AuditEntry.objects.filter(sequence=7).delete()
    assert "rows 7 to 7 are missing" in _whats()


def test_two_swapped_rows_are_found(free: None) -> None:
    seven, eight = AuditEntry.objects.get(sequence=7), AuditEntry.objects.get(sequence=8)
    AuditEntry.objects.filter(sequence=7).update(text=eight.text, mac=eight.mac, previous=eight.previous)
    AuditEntry.objects.filter(sequence=8).update(text=seven.text, mac=seven.mac, previous=seven.previous)
    assert audit.verify()


def test_a_cut_tail_is_found(free: None) -> None:
    last = AuditHead.objects.get().count
    AuditEntry.objects.filter(sequence__gt=last - 3).delete()
    assert "rows were removed at the end" in _whats()


def test_a_cut_tail_with_a_rewritten_head_is_found(free: None) -> None:
    head = AuditHead.objects.get()
    AuditEntry.objects.filter(sequence__gt=head.count - 3).delete()
    AuditHead.objects.update(count=head.count - 3, last=AuditEntry.objects.last().mac)
    assert "the head of the record was changed" in _whats()


def test_a_record_put_back_to_an_old_copy_is_found_by_the_anchor(free: None) -> None:
    old = AuditHead.objects.get()
    actions.file_report(actor("servo"), draft())
    audit.anchor()
    AuditEntry.objects.filter(sequence__gt=old.count).delete()
    AuditHead.objects.update(count=old.count, last=old.last, mac=old.mac)
    assert "no longer holds the row that anchor 1 names" in _whats()


def test_a_rewritten_anchor_is_found(free: None) -> None:
    from django.conf import settings

    audit.anchor()
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.write_text(path.read_text().replace(path.read_text().split()[1], "1", 1))
    assert "anchor 1 was changed" in _whats()


def test_an_emptied_record_is_found(free: None) -> None:
    AuditEntry.objects.all().delete()
    assert "rows were removed at the end" in _whats()
    AuditHead.objects.all().delete()
    actions.file_report(actor("servo"), draft())
    # without an anchor a record begun anew looks whole: anchors are what shows it (docs/desk/operations.md)
    assert audit.verify() == []


def test_the_command_says_so(free: None) -> None:
    call_command("audit", "verify")
    AuditEntry.objects.filter(sequence=7).delete()
    with pytest.raises(CommandError, match="not whole"):
        call_command("audit", "verify")


def test_a_write_without_an_audit_row_is_rolled_back(db: None) -> None:
    report = Report.objects.first()
    with pytest.raises(RuntimeError, match="without an audit row"), writing(actor("beleid.ez"), "report.triage"):
        Report.objects.filter(pk=report.pk).update(company_name="changed")
    assert Report.objects.get(pk=report.pk).company_name == report.company_name


def test_reading_a_confidential_report_is_recorded_and_reading_press_is_not(db: None) -> None:
    own = Report.objects.filter(receiver__abbreviation="EZ")
    report, press = own.exclude(source="press").first(), own.filter(source="press").first()
    browser = client("beleid.ez")
    before = AuditEntry.objects.count()
    browser.get(reverse("signals:one", kwargs={"pk": report.pk}))
    entry = AuditEntry.objects.last()
    assert (entry.verb, entry.object_id) == ("report.read", str(report.pk))
    browser.get(reverse("signals:one", kwargs={"pk": press.pk}))
    assert AuditEntry.objects.count() == before + 1


def test_the_list_records_which_reports_it_showed(db: None) -> None:
    client("beleid.ez").get(reverse("signals:list"))
    shown = json.loads(AuditEntry.objects.last().text)["detail"]["reports"]
    expected = Report.objects.filter(receiver__abbreviation="EZ").exclude(source="press")
    assert set(shown) == {str(pk) for pk in expected.values_list("pk", flat=True)}


def test_the_record_holds_no_confidential_content(db: None) -> None:
    actions.file_report(actor("servo"), draft(description="geheim recept 42", company_name="X"))
    assert not AuditEntry.objects.filter(text__contains="geheim recept").exists()
