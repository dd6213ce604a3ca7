"""Money, actions, sites and neighbours: sums checked by hand, refusals at their field, gaps that stay gaps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from lodestock.evidence.ledger import Entry, Kind, Ledger, Text
from lodestock.evidence.manifest import Manifest, write
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo
from lodestock.evidence.store import Store
from lodestock.measures.site_book import Fact
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.dossiers.stored import PublishedResult, ResultContent, ResultNumber
from lodestock_desk.processing import means_actions as actions
from lodestock_desk.processing import money, siting
from lodestock_desk.processing.access import visible_figures, visible_funding
from lodestock_desk.processing.hub import newest_hub
from lodestock_desk.processing.models import FundingRow, Neighbour, Project, SiteFigure, TableAction

from .people import actor, client

pytestmark = pytest.mark.usefixtures("db")
ROOM = "/desk/processing/"


def magnets() -> Project:
    return Project.objects.get(name__startswith="Magneetrecycling")


def amount(**values: object) -> dict[str, object]:
    known = {"year": 2029, "level": "national", "asked_meur": Decimal(2), "promised_meur": None, "source": "brief",
             "on": date(2025, 5, 1)}  # fmt: skip
    return {**known, **values}


def test_the_gap_over_all_projects_as_added_up_by_hand() -> None:
    """2027 national: 15 + 8 + 3.5 asked, 10 + 8 + 1 promised, 5 + 0 + 2.5 missing. 2028: promised is not known."""
    lines = {line.year: line for line in money.gap(visible_funding(actor("contactpunt")))}
    national, eu = lines[2027].national, lines[2027].eu
    assert (national.asked, national.promised, national.missing) == (26.5e6, 19e6, 7.5e6)
    assert (eu.asked, eu.promised, eu.missing) == (20e6, 0.0, 20e6)
    assert lines[2028].national is None
    unknown = lines[2028].eu
    assert (unknown.asked, unknown.promised, unknown.missing, unknown.unknown) == (18e6, None, None, 1)
    page = client("contactpunt").get(ROOM + "finance/").content.decode()
    assert "niet bekend" in page and "26,5" in page


def test_a_ministry_does_not_count_what_is_confidential() -> None:
    lines = {line.year: line for line in money.gap(visible_funding(actor("beleid.ez")))}
    assert lines[2027].national.asked == 23e6  # without the 3.5 of the confidential file


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"source": " "}, "source"), ({"asked_meur": None, "promised_meur": None}, "asked_meur")],
)
def test_an_amount_without_a_source_or_without_an_amount_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.keep_funding(actor("contactpunt"), str(magnets().pk), amount(**wrong))
    assert field in refused.value.error_dict
    assert not FundingRow.objects.filter(year=2029).exists()


def test_a_refused_amount_keeps_what_was_typed() -> None:
    typed = {"year": "2029", "level": "EU", "asked_meur": "4.5", "on": "2025-05-01", "source": ""}
    page = client("beleid.ez").post(f"{ROOM}{magnets().pk}/money/new/", typed).content.decode()
    assert "id_source_error" in page and 'value="4.5"' in page and 'value="2029"' in page


def test_an_amount_is_changed_and_taken_back_with_a_reason() -> None:
    row = actions.keep_funding(actor("beleid.ez"), str(magnets().pk), amount())
    actions.keep_funding(actor("contactpunt"), str(magnets().pk), amount(promised_meur=Decimal(0)), row_id=str(row.pk))
    assert FundingRow.objects.get(pk=row.pk).promised_meur == 0
    actions.remove_funding(actor("contactpunt"), str(row.pk), reason="dubbel")
    assert not FundingRow.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(verb="funding.removed", object_id=str(row.pk)).exists()
    with pytest.raises(PermissionDenied):
        actions.keep_funding(actor("analist.nmo"), str(magnets().pk), amount())


def test_instruments_are_matched_with_their_reasons() -> None:
    """A first recycling plant in Groningen: the grant for pilots does not fit, the regional fund is not yet known."""
    found = {m.instrument.id: m for m in money.matches(magnets(), Decimal(30), date(2026, 1, 5))}
    assert found["dei-plus"].fits == "no"
    reasons = {str(r.test): str(r.answer) for r in found["dei-plus"].reasons}
    assert reasons["phase"] == "no" and reasons["amount"] == "no"  # more than 15 million euros
    assert {str(r.test): str(r.answer) for r in found["jtf"].reasons}["place"] == "yes"
    page = client("contactpunt").get(f"{ROOM}{magnets().pk}/money/?amount=30").content.decode()
    assert "past niet" in page and "gevraagd 33,3% van de kosten; instrument: hoogstens 60%" in page


def test_an_action_has_a_doer_and_a_day_and_is_done_once() -> None:
    ez = actor("beleid.ez")
    item = actions.keep_action(
        ez, {"sort": "action", "title": "Bellen", "doer": "RVO", "due_on": date(2025, 6, 1)}, table="finance",
        project_id=str(magnets().pk),
    )  # fmt: skip
    assert item.owner == ez.membership
    actions.finish_action(ez, str(item.pk), outcome="gebeld")
    with pytest.raises(ValidationError):
        actions.finish_action(ez, str(item.pk), outcome="nog eens")
    with pytest.raises(TableAction.DoesNotExist):
        actions.finish_action(actor("beleid.bz"), str(item.pk), outcome="niet van ons")
    assert "te laat" in client("lijn.ez").get(ROOM + "finance/").content.decode()


def test_an_action_on_a_confidential_file_does_not_show_it() -> None:
    secret = Project.objects.get(name__startswith="Germanium")
    officer = actor("contactpunt")
    actions.keep_action(
        officer, {"sort": "action", "title": "Stil overleg", "doer": "RVO", "due_on": date(2025, 6, 1)}, table="ports",
        project_id=str(secret.pk),
    )  # fmt: skip
    assert "Stil overleg" in client("contactpunt").get(ROOM + "ports/").content.decode()
    assert "Stil overleg" not in client("beleid.ez").get(ROOM + "ports/").content.decode()


def test_gaps_of_sites_are_not_known_and_never_an_average() -> None:
    weights = siting.weights_of({})
    before = siting.page([], weights, 0.25)
    assert before.known < before.pairs
    row = next(row for row in before.rows if row.site.id == "antwerp")
    assert {c.id: f for c, f in row.cells}["grid-wait"] is None
    page = client("beleid.ez").get(ROOM + "siting/").content.decode()
    assert page.index("Dominantie") < page.index("Gevoeligheid") < page.index("Van de hoogste tot de laagste plaats")
    assert "niet bekend" in page


def test_the_figures_of_the_desk_count_in_the_comparison() -> None:
    """On land to let alone, with the example: Rotterdam 30 to 60 ha and Antwerp 10 to 35 overlap; at 40 they do not."""
    weights = {name: float(name == "plot") for name in siting.weights_of({})}
    rows = {row.site.id: row for row in siting.page(SiteFigure.objects.all(), weights, 0.0).rows}
    assert rows["rotterdam"].low == pytest.approx(30 / 100) and rows["antwerp"].high == pytest.approx(35 / 100)
    actions.add_figure(
        actor("beleid.ez"), site="rotterdam", criterion="plot", low=40, high=60, source="havenkaart",
        on=timezone.localdate(),
    )  # fmt: skip
    found = siting.page(visible_figures(actor("beleid.ez")), weights, 0.0)  # of one day, the one noted last
    assert ("rotterdam", "antwerp") in {(a.id, b.id) for a, b in found.dominated}


def near(site: str) -> Fact | None:
    row = next(row for row in siting.page([], siting.weights_of({}), 0.0).rows if row.site.id == site)
    return {criterion.id: fact for criterion, fact in row.cells}["plants-near"]


def test_plants_at_work_are_counted_from_the_table_of_facilities_where_there_is_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One refinery at work in Ghent lies within 250 km of Antwerp (36 km) and not of Hamburg (some 490 km)."""
    folder = tmp_path / "tables" / "t"
    folder.mkdir(parents=True)
    facility = {"activity": ["refining", "refining"], "operation": ["operating", "planned"],
                "latitude": [51.05, 51.05], "longitude": [3.72, 3.72], "snapshot": ["s", "s"]}  # fmt: skip
    pl.DataFrame(facility).write_parquet(folder / "facility.parquet")
    pl.DataFrame({"snapshot": ["s"], "accessed": ["2026-11"]}).write_parquet(folder / "snapshot.parquet")
    monkeypatch.setattr(siting, "current_store", lambda: Store(tmp_path, folder))
    assert (near("antwerp").low, near("hamburg").low) == (1, 0) and near("antwerp").on == date(2026, 11, 1)
    monkeypatch.setattr(siting, "current_store", lambda: None)
    assert near("antwerp") is None


def test_an_amount_that_is_none_or_more_than_the_costs_is_told_and_not_a_crash() -> None:
    address = f"{ROOM}{magnets().pk}/money/"
    for typed, said in (("abc", "Dit is geen bedrag"), ("nan", "Dit is geen bedrag"), ("-3", "Dit is geen bedrag"),
                        ("1e30", "Dit is geen bedrag"), ("95", "meer dan het project kost")):  # fmt: skip
        answer = client("contactpunt").get(address, {"amount": typed})
        assert answer.status_code == 200 and said in answer.content.decode(), typed
    page = client("contactpunt").get(address, {"amount": "1.234,5"}).content.decode()
    assert "meer dan het project kost" in page and "1.234,5" in page  # Dutch noughts, 1234.5 million
    assert "geen bedrag" not in client("contactpunt").get(address, {"amount": "30,5"}).content.decode()
    page = client("contactpunt").get(address, {"amount": "1.250"}).content.decode()
    assert "kan 1250 of 1,25 betekenen" in page and 'value="1.250"' in page


def test_weights_that_are_all_zero_are_told_and_put_back() -> None:
    zero = "&".join(f"w-{name}=0" for name in siting.weights_of({}))
    answer = client("beleid.ez").get(f"{ROOM}siting/?{zero}")
    assert answer.status_code == 200 and "Alle gewichten waren 0" in answer.content.decode()


def test_a_figure_needs_its_source_and_its_ends_in_order() -> None:
    values = {
        "site": "rotterdam",
        "criterion": "draught",
        "low": 3.0,
        "high": 2.0,
        "source": "x",
        "on": date(2025, 1, 1),
    }
    for wrong, field in (
        ({}, "high"), ({"high": 4.0, "source": ""}, "source"), ({"low": -1.0}, "low"), ({"high": 300.0}, "high"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            actions.add_figure(actor("beleid.ez"), **{**values, **wrong})
        assert field in refused.value.error_dict


def test_neighbours_show_overlaps_first_and_only_contacts_that_one_may_see() -> None:
    page = client("beleid.ez").get(ROOM + "neighbours/").content.decode()
    assert page.index("overlap: beide doen het") < page.index("Alles wat is vastgelegd")
    row = Neighbour.objects.get(country="EU")
    contact = row.contacts.get()
    assert contact.subject in page
    contact.restricted = True
    contact.save(update_fields=["restricted"])
    assert contact.subject not in client("beleid.bz").get(ROOM + "neighbours/").content.decode()


def test_exports_hold_a_source_in_every_row() -> None:
    lines = client("contactpunt").get(ROOM + "finance/export.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 6 and all("voorbeeld, geen echt cijfer" in line for line in lines[1:])
    rows = client("beleid.ez").get(ROOM + "siting/export.json").json()["rows"]
    assert all(bool(row["source"]) == (row["low"] is not None) for row in rows)


def stored_plan(day: date, **cost: float | None) -> PublishedResult:
    """A stored run with the yearly cost of places; an underscore stands for a hyphen."""
    content = ResultContent.objects.create(sha256=f"{day:%Y%m%d}" * 8, mark="prior")
    for key, value in cost.items():
        entry = {"kind": "result", "label": {"nl": "", "en": ""}, "value": value, "unit": "MEUR/yr", "mark": "computed"}
        ResultNumber.objects.create(content=content, key=f"stock.site.{key.replace('_', '-')}", entry=entry)
    return PublishedResult.objects.create(
        name="voorraadproef", day=day, kind="run", material="rare-earth-magnets", content=content, manifest="{}"
    )


def test_the_hub_question_is_answered_from_the_newest_stored_stock_plan() -> None:
    assert newest_hub(actor("beleid.ez")) is None
    assert "Nog niet bekend: hier is geen voorraadplan" in client("beleid.ez").get(ROOM + "ports/").content.decode()
    stored_plan(date(2026, 1, 5), rotterdam=0.5)
    newest = stored_plan(
        date(2026, 2, 5), antwerp=1.0, rotterdam=1.5, rotterdam_vlissingen_terneuzen=1.25, delfzijl=None
    )
    found = newest_hub(actor("beleid.ez"))
    assert [(p.name, p.dutch) for p in found.places] == [
        ("Antwerpen", False), ("Rotterdam + Vlissingen/Terneuzen", True), ("Rotterdam", True)
    ]  # fmt: skip
    assert not found.dutch_first and found.gap.replace("\xa0", " ") == "€ 0,25 miljoen per jaar"
    page = client("beleid.ez").get(ROOM + "ports/").content.decode().replace("\xa0", " ")
    assert "kost € 0,25 miljoen per jaar meer" in page and f"/results/{newest.pk}/" in page
    assert "een plan is geen voorraad" in page
    assert found.alike == ()
    stored_plan(date(2026, 3, 5), rotterdam=0.5, delfzijl=0.52, antwerp=1.0)
    assert newest_hub(actor("beleid.ez")).dutch_first
    page = client("beleid.ez").get(ROOM + "ports/").content.decode()
    assert "niet te onderscheiden: Rotterdam, Delfzijl/Eemshaven. " in page
    stored_plan(date(2026, 4, 5), hamburg=0.5)
    assert newest_hub(actor("beleid.ez")).gap == ""


def written_note(folder: Path, **cost: float) -> Path:
    """A sealed stock note with the cost of places and no figures."""
    entries = [
        Entry(f"stock.site.{key}", Kind.PARAMETER, Text(key, key), value, "MEUR/yr", Mark.PRIOR, value, value)
        for key, value in cost.items()
    ]
    info = RunInfo("proef", "0" * 64, "0.1.0", "none", "2026-05-04", 1, 2)
    folder.mkdir()
    write(Manifest(info, Ledger({entry.id: entry for entry in entries})), folder / "stock_note.manifest.json")
    return folder


def test_a_stock_note_is_stored_by_command_and_answers_the_hub_question(tmp_path: Path) -> None:
    note = written_note(tmp_path / "note", rotterdam=0.5, hamburg=0.75)
    call_command("store_plan", str(note), material="rare-earth-magnets", stdout=StringIO())
    found = newest_hub(actor("beleid.ez"))
    assert found.dutch_first and (found.result.name, found.result.day) == ("proef-stock", date(2026, 5, 4))
    for folder, said in ((tmp_path, "no manifest"), (written_note(tmp_path / "empty"), "holds no places")):
        with pytest.raises(CommandError, match=said):
            call_command("store_plan", str(folder), material="rare-earth-magnets")
    changed = note / "stock_note.manifest.json"
    changed.write_text(changed.read_text(encoding="utf-8").replace("0.5", "0.1"), encoding="utf-8")
    with pytest.raises(CommandError, match="changed after it was written"):
        call_command("store_plan", str(note), material="rare-earth-magnets")
