"""Pages of the register: what is shown, what a refused form keeps, and what leaves as a file."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.urls import reverse

from lodestock_desk.measures.models import Measure

from .people import client

STOCKS = "Voorraadvorming van kritieke grondstoffen voorbereiden"


def _one(name: str, **kwargs: object) -> str:
    return reverse(f"measures:{name}", kwargs=kwargs or None)


@pytest.fixture
def measure(db: None) -> Measure:
    """The measure on stocks of the example."""
    return Measure.objects.get(title_nl=STOCKS)


def test_the_register_says_that_no_stock_is_held(measure: Measure) -> None:
    page = client("beleid.ez").get(_one("list")).content.decode()
    assert STOCKS in page and "voorbereid" in page and "ja, met bewijs" not in page
    page = client("contactpunt").get(_one("one", pk=measure.pk)).content.decode()
    assert "maar houdt nog geen voorraden aan" in page and "Dat is niet 0: het is niet bekend" in page


def test_the_register_is_filtered_by_what_a_ministry_takes_part_in(measure: Measure) -> None:
    browser = client("beleid.bz")
    assert STOCKS in browser.get(_one("list"), {"ministry": "DEF"}).content.decode()
    assert STOCKS not in browser.get(_one("list"), {"status": "done"}).content.decode()
    assert browser.get(_one("list"), {"status": "nonsense", "subject": "x"}).status_code == 200


def test_the_menu_leads_to_the_register_for_the_state_only(db: None) -> None:
    assert "/desk/measures/" in client("lijn.ez").get("/desk/overview/").content.decode()
    assert 'href="/desk/measures/"' not in client("servo").get("/desk/").content.decode()


def test_a_refused_form_keeps_what_was_typed_beside_the_reason(measure: Measure) -> None:
    typed = {"status": "running", "effective_on": "2025-01-01", "reason": "de uitvoering is begonnen"}
    page = client("beleid.ez").post(_one("status", pk=measure.pk), typed)
    text = page.content.decode()
    assert page.status_code == 200 and "de uitvoering is begonnen" in text and "09-12-2025" in text
    assert 'value="2025-01-01"' in text and Measure.objects.get(pk=measure.pk).status == "prepared"


def test_money_without_a_source_is_refused_on_the_form(measure: Measure) -> None:
    typed = {
        "year": "2026", "amount_eur": "1000000", "level": "eu", "structural": "no", "source": " ",
        "decided_on": "2026-01-05", "replaces": "", "reason": "programma",
    }  # fmt: skip
    page = client("beleid.ez").post(_one("budget", pk=measure.pk), typed).content.decode()
    assert "id_source_error" in page and "1000000" in page
    client("beleid.ez").post(_one("budget", pk=measure.pk), {**typed, "source": "programma (voorbeeld)"})
    page = client("beleid.ez").get(_one("one", pk=measure.pk)).content.decode()
    assert "€ 1.000.000" in page and "niet bekend" in page  # national money of that year is not known, never 0


def test_a_stock_without_evidence_is_refused_on_the_form(measure: Measure) -> None:
    typed = {"holds": "yes", "effective_on": "2026-01-05", "evidence": "", "reason": "ingeslagen"}
    page = client("lijn.ez").post(_one("stock", pk=measure.pk), typed).content.decode()
    assert "id_evidence_error" in page and "ingeslagen" in page
    assert not Measure.objects.get(pk=measure.pk).holds_stock


def test_a_measure_is_entered_and_described_through_its_forms(db: None) -> None:
    browser = client("beleid.bz")
    typed = {
        "title_nl": "Handelsafspraken", "title_en": "Trade agreements", "subject": "second_source",
        "source_kind": "cabinet", "source_reference": "voorbeeldbrief", "ministry": "BZ", "with_ministries": ["EZ"],
        "status": "exploring", "effective_on": "2026-02-01", "reason": "genoemd", "source_on": "",
    }  # fmt: skip
    answer = browser.post(_one("new"), typed)
    made = Measure.objects.get(title_nl="Handelsafspraken")
    assert answer.url == _one("one", pk=made.pk) and made.organisation.abbreviation == "BZ"
    browser.post(_one("change", pk=made.pk), {**typed, "owner_office": "directie handel (voorbeeld)"})
    page = browser.get(_one("one", pk=made.pk)).content.decode()
    assert "directie handel (voorbeeld)" in page and "datum niet bekend" in page


def test_a_step_of_a_milestone_is_noted_on_its_page(measure: Measure) -> None:
    milestone = measure.milestones.get()
    typed = {"kind": "moved", "on": "2026-01-10", "due_on": "", "evidence": "", "reason": "later"}
    page = client("beleid.ez").post(_one("step", pk=milestone.pk), typed).content.decode()
    assert "id_due_on_error" in page
    assert client("beleid.ez").post(_one("step", pk=milestone.pk), {**typed, "due_on": "2026-12-01"}).status_code == 302
    assert measure.milestones.get().due_on(date(2026, 2, 1)) == date(2026, 12, 1)


def test_what_changed_is_a_table_and_a_file(measure: Measure) -> None:
    browser = client("lijn.ez")
    asked = {"since": "2025-12-01", "until": "2025-12-31"}
    page = browser.get(_one("changes"), asked).content.decode()
    assert "nieuwe maatregel" in page and "mijlpaal gesteld" in page and "niet gehaald" not in page
    rows = json.loads(browser.get(_one("export_changes", ending="json"), asked).content)["rows"]
    own = [row for row in rows if row["measure_nl"] == STOCKS]
    assert {row["kind"] for row in own} == {"new", "stock", "milestone_set"}
    assert {row["after_en"] for row in own if row["kind"] == "new"} == {"prepared"}
    table = browser.get(_one("export_changes", ending="csv"), asked).content.decode("utf-8-sig")
    assert table.splitlines()[0].startswith("on,noted_on,late,kind,measure_nl")
    assert browser.get(_one("export_changes", ending="csv"), {"since": "yesterday"}).status_code == 400
    assert "id_since_error" in browser.get(_one("changes"), {"since": "yesterday"}).content.decode()


def test_the_register_leaves_as_a_file_that_a_spreadsheet_may_open(measure: Measure) -> None:
    Measure.objects.filter(pk=measure.pk).update(title_nl="=1+1")
    table = client("analist.nmo").get(_one("export", ending="csv")).content.decode("utf-8-sig")
    assert "'=1+1" in table and "\n=1+1" not in table
    rows = json.loads(client("analist.nmo").get(_one("export", ending="json")).content)["rows"]
    assert all(row["holds_stock"] is False for row in rows)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2099-01-01", "in de toekomst"),
        ("since=2026-05-01&until=2026-01-01", "voor de eerste dag van de periode"),
    ],
)
def test_a_period_that_cannot_be_is_told(asked: str, said: str, db: None) -> None:
    answer = client("beleid.ez").get(f"/desk/measures/changes/?{asked}")
    assert answer.status_code == 200 and said in answer.content.decode()
    export = client("beleid.ez").get(f"/desk/measures/changes/export.csv?{asked}")
    assert export.status_code == 400 and said in export.content.decode()
