"""The contact point: files whose clocks were worked out by hand, refusals at their field, who sees what."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from lodestock_desk.core.expiry import expire
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.processing import actions, clocks, means_actions
from lodestock_desk.processing.models import ClockTask, FundingRow, Project, ProjectEvent
from lodestock_desk.processing.words import APPLICATION, CRITERIA, Kind

from .people import actor, client

pytestmark = pytest.mark.usefixtures("db")
LIST = "/desk/processing/"


def project(**values: object) -> Project:
    known = {
        "name": "Proef", "promoter_name": "Proefbedrijf", "material": "gallium", "stage": "processing",
        "country": "NLD", "strategic": "recognised", "impact_assessment": True,
    }  # fmt: skip
    return actions.keep_project(actor("contactpunt"), {**known, **values})


def happened(to: Project, *events: tuple[str, date]) -> None:
    for kind, on in events:
        actions.add_event(actor("contactpunt"), str(to.pk), kind=kind, on=on)


def stopped(to: Project, on: date, until: date | None, reason: str = "gegevens ontbreken") -> ProjectEvent:
    return actions.add_event(
        actor("contactpunt"), str(to.pk), kind=Kind.SUSPENDED, on=on, until=until, ground="waiting-for-promoter",
        reason=reason,
    )  # fmt: skip


def longer(to: Project, on: date, length: int, clock: str = "permit-processing") -> ProjectEvent:
    return actions.add_event(
        actor("contactpunt"), str(to.pk), kind=Kind.EXTENDED, on=on, clock=clock, length=length, reason="omvang"
    )


def deadlines(of: Project, day: date) -> dict[str, date | None]:
    fresh = Project.objects.get(pk=of.pk)
    file = clocks.file_of(fresh, list(fresh.events.all()), list(fresh.permits.all()), day)
    return {clock.id: clock.deadline for clock in file.clocks}


def test_clocks_of_a_new_plant_as_worked_out_by_hand() -> None:
    """2 January and 45 days is Sunday 16 February: Monday. 31 January and 15 months is 30 April, which April has."""
    plant = project()
    happened(plant, (Kind.RECOGNISED, date(2024, 12, 2)), (Kind.SUBMITTED, date(2025, 1, 2)),
             (Kind.COMPLETE, date(2025, 1, 31)))  # fmt: skip
    found = deadlines(plant, date(2025, 2, 1))
    assert found["completeness"] == date(2025, 2, 17)
    assert found["permit-processing"] == date(2026, 4, 30)
    assert found["scoping-request"] == date(2025, 1, 2)  # 30 days is New Year's Day: the next working day
    assert found["project-report"] == date(2026, 12, 2)


def test_a_stop_of_ten_days_moves_the_deadline_ten_days_and_then_past_the_weekend() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    stopped(plant, date(2025, 3, 1), date(2025, 3, 10))
    assert deadlines(plant, date(2025, 6, 1))["permit-processing"] == date(2026, 5, 11)  # 10 May is a Sunday


def test_an_open_stop_has_no_deadline_until_the_clock_runs_again() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    stop = stopped(plant, date(2025, 3, 1), None)
    assert deadlines(plant, date(2025, 6, 1))["permit-processing"] is None
    actions.resume(actor("contactpunt"), str(stop.pk), until=date(2025, 3, 10))
    assert deadlines(plant, date(2025, 6, 1))["permit-processing"] == date(2026, 5, 11)
    with pytest.raises(ValidationError) as refused:
        actions.resume(actor("contactpunt"), str(stop.pk), until=date(2025, 4, 10))
    assert "until" in refused.value.error_dict


def test_a_procedure_that_ran_already_has_twelve_months_from_the_recognition() -> None:
    plant = project(running=True)
    happened(plant, (Kind.COMPLETE, date(2024, 6, 3)), (Kind.RECOGNISED, date(2024, 11, 30)))
    found = deadlines(plant, date(2025, 1, 1))
    assert found["permit-processing-running"] == date(2025, 12, 1)  # 30 November 2025 is a Sunday
    assert "scoping-request" not in found  # art. 12(6)


def test_an_extension_is_three_months_once_and_before_the_end() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    with pytest.raises(ValidationError) as refused:
        longer(plant, date(2025, 9, 1), 4)
    assert "length" in refused.value.error_dict and "3" in refused.value.messages[0]
    with pytest.raises(ValidationError):
        longer(plant, date(2026, 5, 1), 3)  # the term was over on 30 April
    longer(plant, date(2025, 9, 1), 3)
    assert deadlines(plant, date(2025, 10, 1))["permit-processing"] == date(2026, 7, 31)
    with pytest.raises(ValidationError):
        longer(plant, date(2025, 10, 1), 1)


def test_the_commission_decides_in_ninety_days() -> None:
    plant = project(strategic="applied")
    happened(plant, (Kind.APPLIED, date(2025, 2, 3)), (Kind.RECOGNITION_COMPLETE, date(2025, 3, 3)))
    assert deadlines(plant, date(2025, 4, 1)) == {"strategic-decision": date(2025, 6, 2)}  # 1 June is a Sunday


def test_a_national_permit_has_its_own_term() -> None:
    plant = project(strategic="unknown")
    actions.keep_permit(
        actor("contactpunt"), str(plant.pk),
        {"name": "Vergunning", "authority": "gemeente", "law": "Awb art. 3:18", "term": 6, "term_unit": "months",
         "applied_on": date(2025, 8, 31), "outcome": "pending"},
    )  # fmt: skip
    assert list(deadlines(plant, date(2025, 9, 1)).values()) == [date(2026, 3, 2)]  # 28 February is a Saturday


def test_outside_the_union_there_is_no_permit_clock() -> None:
    plant = project(country="CAN")
    happened(plant, (Kind.RECOGNISED, date(2025, 1, 6)), (Kind.COMPLETE, date(2025, 2, 3)))
    assert set(deadlines(plant, date(2025, 3, 1))) == {"project-report"}


def test_under_the_proposal_a_clock_is_not_known_and_not_taken_as_equal() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2023, 1, 31)))
    file = clocks.file_of(plant, list(plant.events.all()), [], date(2025, 1, 1))
    law, proposal = file.clocks[0].states
    assert law.late and not law.proposal
    assert proposal.proposal and proposal.running == "unknown" and proposal.deadline is None and not proposal.late


@pytest.mark.parametrize(
    ("first", "second"),
    [(Kind.SUBMITTED, Kind.COMPLETE), (Kind.APPLIED, Kind.RECOGNISED), (Kind.SCOPING_ASKED, Kind.SCOPING_GIVEN),
     (Kind.COMPLETE, Kind.DECIDED), (Kind.EIA_COMPLETE, Kind.CONCLUSION)],
)  # fmt: skip
def test_a_date_before_its_predecessor_is_refused_whichever_is_noted_first(first: str, second: str) -> None:
    for order in ((first, second), (second, first)):
        plant = project()
        days = {first: date(2025, 5, 2), second: date(2025, 5, 1)}
        happened(plant, (order[0], days[order[0]]))
        with pytest.raises(ValidationError) as refused:
            happened(plant, (order[1], days[order[1]]))
        assert "on" in refused.value.error_dict
        assert plant.events.count() == 1


def test_stops_without_a_start_or_overlapping_are_refused() -> None:
    plant = project()
    with pytest.raises(ValidationError, match="Er loopt geen klok"):
        stopped(plant, date(2025, 3, 1), None)
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    with pytest.raises(ValidationError, match="begon op 31-01-2025"):
        stopped(plant, date(2025, 1, 1), date(2025, 1, 5))
    with pytest.raises(ValidationError) as refused:
        stopped(plant, date(2025, 3, 1), date(2025, 3, 10), reason=" ")
    assert "reason" in refused.value.error_dict
    stopped(plant, date(2025, 3, 1), date(2025, 3, 10))
    with pytest.raises(ValidationError, match="overlapt"):
        stopped(plant, date(2025, 3, 10), None)


def test_an_event_is_taken_back_with_a_reason_unless_others_rest_on_it() -> None:
    plant, officer = project(), actor("contactpunt")
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    wrong = actions.add_event(officer, str(plant.pk), kind=Kind.DECIDED, on=date(2025, 12, 1))
    actions.remove_event(officer, str(wrong.pk), reason="verkeerd dossier")
    assert list(plant.events.values_list("kind", flat=True)) == [Kind.COMPLETE]
    assert AuditEntry.objects.filter(verb="project.event-removed", object_id=str(wrong.pk)).exists()
    stopped(plant, date(2025, 3, 1), date(2025, 3, 10))
    happened(plant, (Kind.RECOGNISED, date(2025, 6, 2)))
    with pytest.raises(ValidationError, match="begon op 02-06-2025"):  # then the clock starts after its stop
        actions.keep_project(officer, {"running": True}, project_id=str(plant.pk))


def test_the_status_follows_what_happened() -> None:
    plant = project(strategic="prepared")
    happened(plant, (Kind.APPLIED, date(2025, 2, 3)))
    assert Project.objects.get(pk=plant.pk).strategic == "applied"
    happened(plant, (Kind.RECOGNISED, date(2025, 6, 2)))
    assert Project.objects.get(pk=plant.pk).strategic == "recognised"
    other = project()
    happened(other, (Kind.RECOGNISED, date(2025, 6, 2)), (Kind.APPLIED, date(2025, 2, 3)))  # noted afterwards
    assert Project.objects.get(pk=other.pk).strategic == "recognised"


def test_the_law_has_five_criteria_and_ten_items() -> None:
    assert [article for article, _ in CRITERIA.values()] == [f"6(1)({letter})" for letter in "abcde"]
    assert [article for article, _ in APPLICATION.values()] == [f"7(1)({letter})" for letter in "abcdefghij"]


def test_a_figure_needs_its_source_and_a_term_its_article() -> None:
    with pytest.raises(ValidationError) as refused:
        project(capacity_t=Decimal(5))
    assert "capacity_source" in refused.value.error_dict
    browser, plant = client("contactpunt"), project()
    typed = {
        "name": "Watervergunning",
        "authority": "waterschap",
        "term": "8",
        "term_unit": "weeks",
        "outcome": "pending",
    }
    page = browser.post(f"{LIST}{plant.pk}/permits/new/", typed).content.decode()
    assert "id_law_error" in page and "Een klok heeft een artikel" in page
    assert 'value="Watervergunning"' in page and 'value="waterschap"' in page
    assert plant.permits.count() == 0


@pytest.mark.parametrize(("term", "unit"), [(133, "months"), (573, "weeks")])
def test_a_term_of_more_than_eleven_years_is_a_slip(term: int, unit: str) -> None:
    values = {"name": "p", "authority": "a", "law": "w", "term": term, "term_unit": unit, "outcome": "pending"}
    with pytest.raises(ValidationError) as refused:
        actions.keep_permit(actor("contactpunt"), str(project().pk), values)
    assert "term" in refused.value.error_dict
    assert actions.keep_permit(actor("contactpunt"), str(project().pk), {**values, "term": term - 1}).term == term - 1


def test_a_refused_event_keeps_what_was_typed() -> None:
    plant = project()
    happened(plant, (Kind.SUBMITTED, date(2025, 5, 2)))
    typed = {"kind": "complete", "on": "2025-05-01", "source": "brief 12"}
    page = client("contactpunt").post(f"{LIST}{plant.pk}/event/", typed).content.decode()
    assert "Een datum vóór zijn voorganger" in page and 'value="2025-05-01"' in page and 'value="brief 12"' in page


def test_ten_items_are_noted_at_once_and_received_needs_its_day() -> None:
    plant, browser = project(strategic="prepared"), client("contactpunt")
    typed = {f"{key}-state": "unknown" for key in APPLICATION} | {f"{key}-on": "" for key in APPLICATION}
    typed |= {"unfc-state": "received", "jobs-state": "missing"}
    address = f"{LIST}{plant.pk}/application/"
    page = browser.post(address, typed).content.decode()
    assert "dag van ontvangst" in page and plant.items.count() == 0
    assert browser.post(address, typed | {"unfc-on": "2025-05-01"}).status_code == 302
    assert dict(plant.items.values_list("key", "state")) == {"unfc": "received", "jobs": "missing"}


def test_ministries_see_what_is_shared_without_the_remarks_and_each_reading_is_recorded() -> None:
    plant = project(remarks="heel geheim")
    address = f"{LIST}{plant.pk}/"
    assert client("beleid.ez").get(address).status_code == 404
    assert "Proef" not in client("beleid.ez").get(LIST).content.decode()
    assert "heel geheim" in client("contactpunt").get(address).content.decode()
    actions.share_project(actor("contactpunt"), str(plant.pk), share="state", reason="de initiatiefnemer stemt in")
    page = client("beleid.ez").get(address).content.decode()
    assert "Proefbedrijf" in page and "heel geheim" not in page
    readers = AuditEntry.objects.filter(verb="project.read", object_id=str(plant.pk)).values_list("actor", flat=True)
    assert set(readers) == {actor("contactpunt").key, actor("beleid.ez").key}
    with pytest.raises(PermissionDenied):
        actions.share_project(actor("beleid.ez"), str(plant.pk), share="own", reason="terug")


def readings(of: Project, verb: str) -> int:
    """How many audit rows of this verb name the file."""
    rows = AuditEntry.objects.filter(verb=verb)
    return sum(row.object_id == str(of.pk) or str(of.pk) in row.text for row in rows)


def test_a_form_that_shows_what_is_on_file_is_a_reading_too() -> None:
    plant, officer = project(remarks="heel geheim"), client("contactpunt")
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    stop = stopped(plant, date(2025, 3, 1), None)
    amount = means_actions.keep_funding(
        actor("contactpunt"), str(plant.pk),
        {"year": 2029, "level": "national", "asked_meur": Decimal(2), "promised_meur": None, "source": "brief",
         "on": date(2025, 5, 1)},
    )  # fmt: skip
    for path in ("change/", "criteria/", "application/", "share/", "event/", "stop/", "extension/",
                 f"events/{stop.pk}/resume/", f"events/{stop.pk}/take-back/", "permits/new/"):  # fmt: skip
        before = readings(plant, "project.read")
        assert officer.get(f"{LIST}{plant.pk}/{path}").status_code == 200, path
        assert readings(plant, "project.read") == before + 1, path
    for path in ("money/", "money/new/", f"money/{amount.pk}/", f"money/{amount.pk}/take-back/"):
        before = readings(plant, "project.money-read")
        assert officer.get(f"{LIST}{plant.pk}/{path}").status_code == 200, path
        assert readings(plant, "project.money-read") == before + 1, path


def test_a_page_that_lists_files_says_in_the_record_which_it_showed() -> None:
    plant, officer = project(), client("contactpunt")
    means_actions.keep_action(
        actor("contactpunt"), {"sort": "action", "title": "Stil overleg", "doer": "RVO", "due_on": date(2025, 6, 1)},
        table="ports", project_id=str(plant.pk),
    )  # fmt: skip
    pages = {"": "project.listed", "finance/": "funding.listed", "ports/": "action.listed",
             "ports/actions/new/": "project.named"}  # fmt: skip
    for path, verb in pages.items():
        assert officer.get(LIST + path).status_code == 200, path
        assert readings(plant, verb) == 1, path
        assert client("beleid.ez").get(LIST + path).status_code == 200
        assert readings(plant, verb) == 1, "a file that is not shown is not named"


def test_exports_and_calendars_hold_only_what_a_person_may_see() -> None:
    secret = "Germanium uit reststromen"
    for path in ("export.csv", "export.json", "calendar.ics", "finance/export.csv"):
        theirs = client("contactpunt").get(LIST + path).content.decode()
        others = client("beleid.ez").get(LIST + path).content.decode()
        assert secret in theirs.replace("\r\n ", "") and secret not in others.replace("\r\n ", ""), path
    assert AuditEntry.objects.filter(verb="project.calendar-read").count() == 2


def test_the_calendar_file_is_valid_and_holds_the_deadlines() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    stopped(plant, date(2025, 3, 1), date(2025, 3, 10))
    answer = client("contactpunt").get(f"{LIST}{plant.pk}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    events = list(found.walk("VEVENT"))
    assert [event.decoded("dtstart") for event in events] == [date(2026, 5, 11)]
    assert "Proef" in str(events[0]["summary"]) and len({str(event["uid"]) for event in events}) == len(events)
    assert sorted(alarm.decoded("trigger").days for alarm in events[0].walk("VALARM")) == [-90, -30, -7]


def test_reminders_come_once_and_end_together() -> None:
    officer = actor("contactpunt")
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    assert actions.make_tasks(officer, date(2026, 4, 5)) > 0
    of = ClockTask.objects.filter(project=plant, clock="permit-processing")
    assert sorted(of.values_list("days_ahead", flat=True)) == [30, 90]  # 25 days left
    assert actions.make_tasks(officer, date(2026, 4, 5)) == 0
    actions.finish_task(officer, str(of.first().pk), finding="gebeld met de provincie")
    assert of.filter(done_on=None).count() == 0


def test_a_reminder_of_a_deadline_that_moved_is_closed() -> None:
    officer, plant = actor("contactpunt"), project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    actions.make_tasks(officer, date(2026, 4, 5))
    longer(plant, date(2026, 4, 6), 3)
    actions.make_tasks(officer, date(2026, 4, 7))  # the term now ends on 31 July: more than 90 days away
    of = ClockTask.objects.filter(project=plant, clock="permit-processing")
    assert of.count() == 2 and of.filter(done_on=None).count() == 0


def test_an_overview_takes_as_many_queries_for_forty_projects_as_for_four() -> None:
    browser = client("beleid.ez")
    browser.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(LIST)
    model = Project.objects.get(name__startswith="Magneetrecycling")
    events = list(model.events.all())
    for n in range(36):
        model.pk, model._state.adding, model.name = None, True, f"Kopie {n}"
        model.id = Project._meta.pk.get_default()
        model.save()
        ProjectEvent.objects.bulk_create(
            ProjectEvent(project=model, kind=e.kind, on=e.on, until=e.until, ground=e.ground, reason=e.reason,
                         made_by=e.made_by) for e in events
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert "Kopie 35" in browser.get(LIST).content.decode()
    assert len(many) == len(few)


def test_the_file_shows_article_days_and_version() -> None:
    plant = project()
    happened(plant, (Kind.RECOGNISED, date(2024, 12, 2)), (Kind.COMPLETE, date(2025, 1, 31)))
    page = client("contactpunt").get(f"{LIST}{plant.pk}/").content.decode()
    for text in (
        "11(1)(b)",
        "voorstel, geen wet",
        "niet bekend: niet gelezen",
        "<svg",
        "Wat moet komen",
    ):
        assert text in page, text


def test_a_file_shows_its_actions_and_says_what_is_not_known() -> None:
    plant = project(impact_assessment=None)
    means_actions.keep_action(
        actor("contactpunt"), {"sort": "action", "title": "Netbeheerder bellen", "doer": "RVO",
                               "due_on": date(2025, 6, 1)}, table="ports", project_id=str(plant.pk),
    )  # fmt: skip
    page = client("contactpunt").get(f"{LIST}{plant.pk}/").content.decode()
    assert "Netbeheerder bellen" in page and "gelden alleen als dat zo is" in page


def test_filters_find_by_state_and_stage() -> None:
    browser = client("contactpunt")
    rows = json.loads(browser.get(LIST + "export.json").content)["rows"]
    assert any(row["proposal"] and row["deadline"] is None for row in rows)
    late = browser.get(LIST + "?standing=late").content.decode()
    assert "Galliumraffinage" in late and "Batterijterugwinning" not in late
    assert "Galliumraffinage" not in browser.get(LIST + "?stage=recycling").content.decode()


def test_a_file_whose_procedure_ended_long_ago_is_removed_with_all_that_hangs_on_it() -> None:
    def kept(name: str, *events: tuple[str, date]) -> Project:
        made = project(name=name)
        happened(made, *events)
        return made

    today = timezone.localdate()
    old = kept("Oud", (Kind.SUBMITTED, date(2015, 1, 5)), (Kind.WITHDRAWN, date(2015, 6, 1)))
    actions.keep_permit(actor("contactpunt"), str(old.pk), {"name": "p", "authority": "a", "outcome": "pending"})
    recent = kept("Recent", (Kind.WITHDRAWN, today - timedelta(days=3649)))
    running = kept("Loopt", (Kind.COMPLETE, date(2015, 6, 1)))
    again = kept("Weer op gang", (Kind.REFUSED, date(2015, 6, 1)), (Kind.SCOPING_ASKED, today))
    paid = kept("Betaald", (Kind.DECIDED, date(2015, 6, 1)))
    FundingRow.objects.create(project=paid, year=2026, level="national", source="proef", on=today)
    assert expire(apply=False)["project_file"] == 1 and Project.objects.filter(pk=old.pk).exists()
    assert expire(apply=True)["project_file"] == 1
    left = set(Project.objects.filter(pk__in=(old.pk, recent.pk, running.pk, again.pk, paid.pk)))
    assert left == {recent, running, again, paid}
    assert not ProjectEvent.objects.filter(project_id=old.pk).exists()
    assert AuditEntry.objects.filter(verb="project.expired", object_id=str(old.pk)).count() == 1


def test_the_officer_starts_the_day_with_what_is_over_and_near() -> None:
    page = client("contactpunt").get("/desk/").content.decode()
    assert "projecten met een termijn die om is" in page and "?standing=late" in page
    assert "termijn die om is" not in client("beleid.ez").get("/desk/").content.decode()


def test_the_screening_and_the_cut_off_date_have_their_clocks() -> None:
    """14 March 2025 and 30 days is 13 April, a Sunday; 3 March and 30 days is 2 April."""
    plant = project(strategic="recognised", impact_assessment=None)
    waiting = clocks.file_of(plant, [], [], date(2025, 3, 1)).waiting
    assert "screening" in {rule.id for rule in waiting}
    assert "strategic-decision" not in {rule.id for rule in waiting}  # it was recognised: nobody waits for that
    happened(plant, (Kind.RECOGNITION_CUTOFF, date(2025, 3, 14)), (Kind.SCREENING_ASKED, date(2025, 3, 3)))
    found = deadlines(plant, date(2025, 3, 20))
    assert found["recognition-completeness"] == date(2025, 4, 14) and found["screening"] == date(2025, 4, 2)
    with pytest.raises(ValidationError, match="voorganger"):
        happened(plant, (Kind.SCREENED, date(2025, 3, 2)))


def test_the_page_says_how_far_the_proposal_is_and_what_would_settle_the_rest() -> None:
    plant = project()
    happened(plant, (Kind.COMPLETE, date(2025, 1, 31)))
    page = client("contactpunt").get(f"{LIST}{plant.pk}/").content.decode()
    assert "standpunt van de Raad" in page and "52025PC0946" in page and "Wat uitsluitsel geeft" in page
    assert "niet bekend: niet gelezen" in page
