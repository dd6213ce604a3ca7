"""Triage: steps with reasons, duplicates proposed, one company counts once, alerts by rules that are data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.core.paging import bounded, window
from lodestock_desk.signals import actions, alert_actions
from lodestock_desk.signals.access import report_parts, visible_reports
from lodestock_desk.signals.duplicates import company_key, proposals
from lodestock_desk.signals.models import Alert, AlertRule, Event, Report, Step, Warned
from lodestock_desk.signals.rules import Fact, Rule, met
from lodestock_desk.signals.states import State

from .people import actor, draft, organisation

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def _file(name: str, to: str = "EZ", company: str = "", **values: object) -> Report:
    company_id = str(organisation(company).pk) if company else ""
    return actions.file_report(actor(name), draft(to, **values), company_id=company_id)[0]


def _verify(name: str, report: Report) -> None:
    actions.take_step(actor(name), str(report.pk), to=State.UNDER_REVIEW, reason="gebeld")
    actions.take_step(actor(name), str(report.pk), to=State.VERIFIED, reason="stukken gezien")


def test_each_step_is_kept_with_who_and_why(db: None) -> None:
    report = _file("servo")
    _verify("beleid.ez", report)
    steps = list(Step.objects.filter(report=report).values_list("before", "after", "reason", "by__name"))
    assert [s[:3] for s in steps] == [("new", "under_review", "gebeld"), ("under_review", "verified", "stukken gezien")]


@pytest.mark.parametrize(
    ("to", "reason", "fault"),
    [("verified", "te snel", "kan niet"), ("under_review", "  ", "reden"), ("linked", "zomaar", "kan niet")],
)
def test_a_step_that_may_not_be_leaves_everything_as_it_was(db: None, to: str, reason: str, fault: str) -> None:
    report = _file("servo")
    with pytest.raises(InputError, match=fault):
        actions.take_step(actor("beleid.ez"), str(report.pk), to=to, reason=reason)
    report.refresh_from_db()
    assert report.state == "new" and not report.steps.exists()


def test_a_report_is_triaged_only_by_its_receiver(db: None) -> None:
    report = _file("servo")
    with pytest.raises(Report.DoesNotExist):
        actions.take_step(actor("analist.nmo"), str(report.pk), to=State.UNDER_REVIEW, reason="nieuwsgierig")
    with pytest.raises(PermissionDenied):
        actions.take_step(actor("servo"), str(report.pk), to=State.UNDER_REVIEW, reason="zelf maar")


def test_merging_goes_one_way_and_in_no_circle(db: None) -> None:
    one, two = _file("servo"), _file("loket.a", company="Servotechniek")
    ez = actor("beleid.ez")
    for report in (one, two):
        actions.take_step(ez, str(report.pk), to=State.UNDER_REVIEW, reason="gebeld")
    with pytest.raises(InputError, match="zichzelf"):
        actions.take_step(ez, str(one.pk), to=State.MERGED, reason="dubbel", into_id=str(one.pk))
    actions.take_step(ez, str(two.pk), to=State.MERGED, reason="dubbel", into_id=str(one.pk))
    with pytest.raises(InputError):
        actions.take_step(ez, str(one.pk), to=State.MERGED, reason="dubbel", into_id=str(two.pk))


def test_one_company_through_three_channels_is_proposed_as_the_same(db: None) -> None:
    by_itself = _file("servo")
    by_association = _file("loket.a", company="Servotechniek")
    by_call = _file("beleid.ez", company="Servotechniek")
    assert by_itself.company_key == by_association.company_key == by_call.company_key == "kvk:00000001"
    found = {p.report.pk: p.reasons for p in proposals(by_itself)}
    assert by_association.pk in found and by_call.pk in found
    assert "zelfde bedrijf" in found[by_call.pk]


def test_a_company_known_by_name_only_in_one_channel_counts_once(db: None) -> None:
    """By a one-time link with only a name, and by its own account: one key once either is verified, so one count."""
    _link, token = actions.make_link(actor("beleid.ez"), receiver_id=str(organisation("EZ").pk))
    by_link, _receipt = actions.file_by_link(Actor(), token, draft(company_name="VOORBEELD  Servotechniek"))
    by_itself = _file("servo")
    assert by_link.company_key.startswith("name:") and by_itself.company_key == "kvk:00000001"
    assert "zelfde bedrijfsnaam" in {r for p in proposals(by_itself) if p.report == by_link for r in p.reasons}
    _verify("beleid.ez", by_link)
    by_link.refresh_from_db()
    assert by_link.company_key == by_itself.company_key
    assert AuditEntry.objects.filter(verb="report.company-recognised", object_id=str(by_link.pk)).exists()


def test_names_that_differ_in_legal_form_are_proposed_and_not_joined(db: None) -> None:
    """They may be two companies of one group, and the consent of one must not free what the other reported."""
    Organisation.objects.create(name="Jansen Magneten B.V.", kvk="11112222", kind="company")
    _link, token = actions.make_link(actor("beleid.ez"), receiver_id=str(organisation("EZ").pk))
    report, _receipt = actions.file_by_link(Actor(), token, draft(company_name="Jansen Magneten Group Ltd"))
    _verify("beleid.ez", report)
    report.refresh_from_db()
    assert report.company_key == "name:jansen magneten"


def test_a_window_of_one_day_is_said_as_one() -> None:
    rule = AlertRule(kind="verified_companies", threshold=2, window_days=1)
    with override("nl"):
        assert rule.threshold_in_words == "2 bedrijven in 1 dag"


def test_a_name_that_two_companies_bear_joins_nothing(db: None) -> None:
    for number in ("11112222", "11112223"):
        Organisation.objects.create(name="Jansen Magneten B.V.", kvk=number, kind="company")
    _link, token = actions.make_link(actor("beleid.ez"), receiver_id=str(organisation("EZ").pk))
    report, _receipt = actions.file_by_link(Actor(), token, draft(company_name="Jansen Magneten"))
    _verify("beleid.ez", report)
    report.refresh_from_db()
    assert report.company_key == "name:jansen magneten"


def test_a_material_that_is_set_after_the_report_was_verified_still_raises_the_alert(db: None) -> None:
    Alert.objects.all().delete()
    report = _file("servo", material="", product_words="iets", stock_days=3)
    AlertRule.objects.filter(kind="stock_days").update(sectors=[])
    _verify("beleid.ez", report)
    assert not report.alerts.exists()
    actions.set_material(actor("beleid.ez"), str(report.pk), material="gallium", sector="")
    assert [a.material for a in report.alerts.all()] == ["gallium"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jansen Magneten B.V.", "jansen magneten bv", True),
        ("Café Électrique N.V.", "Cafe Electrique", True),
        ("Jansen Magneten", "Jansen Motoren", False),
    ],
)
def test_names_are_compared_without_legal_form_and_accents(one: str, other: str, same: bool) -> None:
    assert (company_key(name=one) == company_key(name=other)) is same


def test_an_unnamed_company_is_no_company() -> None:
    assert company_key() == "" and company_key(name="  B.V. ") == ""


def _facts(*companies: str, days_ago: int = 1, stock: int | None = None) -> list[Fact]:
    return [
        Fact(str(n), company, ("ndfeb-magnets", "rare-earth-magnets"), "C27", stock, NOW - timedelta(days=days_ago))
        for n, company in enumerate(companies)
    ]


def test_three_companies_in_fourteen_days() -> None:
    rule = Rule("verified_companies", "", 3, 14, ())
    assert met(rule, _facts("a", "b"), NOW) == []
    assert met(rule, _facts("a", "b", "b", "b"), NOW) == []
    (found,) = met(rule, _facts("a", "b", "c", "c"), NOW)
    assert (found.material, found.companies, len(found.reports)) == ("ndfeb-magnets", 3, 4)
    assert met(rule, _facts("a", "b", "c", days_ago=15), NOW) == []


def test_a_rule_on_a_wider_material_counts_the_narrower() -> None:
    (found,) = met(Rule("verified_companies", "rare-earth-magnets", 2, 14, ()), _facts("a", "b"), NOW)
    assert found.material == "rare-earth-magnets"
    assert met(Rule("verified_companies", "gallium", 1, 14, ()), _facts("a", "b"), NOW) == []


@pytest.mark.parametrize(("stock", "raised"), [(29, True), (30, False), (None, False), (0, True)])
def test_less_than_thirty_days_of_stock_in_a_priority_sector(stock: int | None, raised: bool) -> None:
    rule = Rule("stock_days", "", 30, 14, ("C27",))
    assert bool(met(rule, _facts("a", stock=stock), NOW)) is raised
    assert met(Rule("stock_days", "", 30, 14, ("C10",)), _facts("a", stock=stock), NOW) == []


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.integers(1, 5))
def test_the_count_is_of_companies_never_of_reports(companies: list[str], threshold: int) -> None:
    found = met(Rule("verified_companies", "", threshold, 14, ()), _facts(*companies), NOW)
    assert bool(found) is (len(set(companies)) >= threshold and bool(companies))
    assert all(f.companies == len(set(companies)) for f in found)


def test_the_example_raised_an_alert_with_drafts_that_name_nobody(db: None) -> None:
    alert = Alert.objects.get(rule__kind="verified_companies")
    assert (alert.material, alert.count) == ("rare-earth-magnets", 3)
    assert "artikel 20" in alert.notification_nl and "article 20" in alert.notification_en
    assert "minder dan 5 bedrijven" in alert.notification_nl, "three companies are too few to give their number"
    for text in (alert.notification_nl, alert.notification_en, alert.warning_nl, alert.warning_en):
        assert "Voorbeeld" not in text
        assert not any(word in text.lower() for word in ("exportstop", "verbod", "export ban", "embargo"))
    assert "exportvergunningsverplichting" in alert.notification_nl


def test_confirming_warns_the_registered_companies_and_nothing_is_sent(db: None) -> None:
    alert = Alert.objects.get(rule__kind="verified_companies")
    alert_actions.decide_alert(actor("beleid.ez"), str(alert.pk), to="confirmed", reason="klopt")
    warned = set(Warned.objects.filter(alert=alert).values_list("company__name", flat=True))
    assert warned == {"Voorbeeld Servotechniek", "Voorbeeld Windturbines"}
    with pytest.raises(InputError):
        alert_actions.decide_alert(actor("beleid.ez"), str(alert.pk), to="confirmed", reason="nog eens")


def test_an_alert_grows_with_new_evidence_and_is_not_raised_twice(db: None) -> None:
    for company in ("Pompen", "Fietsaandrijvingen"):
        _verify("beleid.ez", _file("loket.b", company=company))
    alert = Alert.objects.get(rule__kind="verified_companies")
    assert alert.count == 5 and alert.reports.count() == 5


def test_reopening_takes_a_report_out_of_the_count(db: None) -> None:
    report = _file("servo")
    _verify("beleid.ez", report)
    actions.take_step(actor("beleid.ez"), str(report.pk), to=State.UNDER_REVIEW, reason="bericht ingetrokken")
    report.refresh_from_db()
    assert report.verified_at is None


def test_passing_on_by_consent_needs_the_consent(db: None) -> None:
    report = _file("servo")
    values = {"to_id": str(organisation("NMO").pk), "basis": "consent"}
    with pytest.raises(ValidationError, match="geen toestemming"):
        actions.pass_on(actor("beleid.ez"), str(report.pk), text="mag wel", **values)
    with_consent = _file("servo", share=("observatory",))
    actions.pass_on(actor("beleid.ez"), str(with_consent.pk), text="bij melding", **values)
    assert Report.objects.get(pk=with_consent.pk).passings.count() == 1


def test_an_event_keeps_no_field_that_it_does_not_have(db: None) -> None:
    with pytest.raises(PermissionDenied):
        actions.keep_event(actor("beleid.ez"), title="x", materials=[], started="2025-01-01", id="x")
    assert Event.objects.count() == 1


@pytest.mark.parametrize("who", ["beleid.ez", "beleid.bz", "analist.nmo", "loket.a", "servo"])
def test_a_long_list_in_parts_holds_what_the_access_function_shows(db: None, who: str) -> None:
    person = actor(who)
    parts = [set(part.values_list("pk", flat=True)) for part in report_parts(person)]
    seen = set(visible_reports(person).values_list("pk", flat=True))
    assert set().union(*parts) == seen and sum(map(len, parts)) == len(seen)
    in_order = list(visible_reports(person).values_list("pk", flat=True))
    size = 2
    pages, number = [], 1
    while True:
        page = window(report_parts(person), str(number), size)
        pages += [row.pk for row in page.rows]
        if not page.has_next:
            break
        number = page.next_page_number
    assert pages == in_order
    assert page.count.number == len(seen) and not page.count.more


@pytest.mark.parametrize(("asked", "number"), [(None, 1), ("x", 1), ("0", 1), ("-3", 1), ("²", 1), ("9" * 40, 1)])
def test_a_page_that_is_none_is_the_first(db: None, asked: str | None, number: int) -> None:
    assert window(report_parts(actor("beleid.ez")), asked, 3).number == number


def test_a_page_beyond_the_end_is_the_last_and_counting_stops_at_the_bound(db: None) -> None:
    parts = report_parts(actor("beleid.ez"))
    whole = visible_reports(actor("beleid.ez")).count()
    last = window(parts, "400", 3)
    assert last.number == -(-whole // 3) and not last.has_next and last.rows
    assert str(bounded(parts, 2)) == "2+" and str(bounded(parts, whole)) == str(whole)
