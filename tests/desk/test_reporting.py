"""Reporting: with an account, by a one-time link, without script; what was typed stays; nothing is filed twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lodestock_desk.signals import actions
from lodestock_desk.signals.models import OneTimeLink, Report
from lodestock_desk.signals.tokens import hashed, new_reference

from .people import actor, client, draft, form_values, organisation

NEW = "/desk/signals/new/"


def test_a_company_files_a_report_and_sees_it(db: None) -> None:
    browser = client("servo")
    answer = browser.post(NEW, form_values(receiver=str(organisation("EZ").pk), stock_days="18"), follow=True)
    report = Report.objects.get(product_words="magneten voor servomotoren", stock_days=18, state="new")
    assert report.reference in answer.content.decode()
    assert report.company == organisation("Servotechniek") and report.source == "company"
    assert report.material == "", "several magnets could be meant: a person decides"
    assert report.ground == "5.1.1.c"


@pytest.mark.parametrize(
    ("what", "material"),
    [("dysprosium", "dysprosium"), ("Dy", "dysprosium"), ("iets onbekends", ""), ("gallium", "gallium")],
)
def test_the_material_is_found_but_never_stops_a_report(db: None, what: str, material: str) -> None:
    values = form_values(what=what, receiver=str(organisation("EZ").pk))
    client("servo").post(NEW, values)
    report = Report.objects.get(submission=values["submission"])
    assert (report.material, report.product_words) == (material, what)


def test_the_same_form_sent_twice_files_once(db: None) -> None:
    values = form_values(receiver=str(organisation("EZ").pk))
    browser = client("servo")
    first, second = browser.post(NEW, values), browser.post(NEW, values)
    assert first.url == second.url
    assert Report.objects.filter(submission=values["submission"]).count() == 1


def test_someone_else_cannot_get_at_a_report_by_its_form_number(db: None) -> None:
    values = draft()
    actions.file_report(actor("servo"), values)
    with pytest.raises(PermissionDenied):
        actions.file_report(actor("wind"), values)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("since", "2999-01-01", "toekomst"),
        ("since", "gisteren", "dag-maand-jaar"),
        ("stock_days", "-1", ""),
        ("what", "", ""),
        ("effect", "exploded", ""),
        ("receiver", "6f1d3b5e-0000-4000-8000-000000000000", ""),
    ],
)
def test_a_fault_stands_next_to_the_field_and_what_was_typed_stays(
    db: None, field: str, value: str, fault: str
) -> None:
    known = {"receiver": str(organisation("EZ").pk), "description": "Dit typte ik al."}
    values = form_values(**{**known, field: value})
    before = Report.objects.count()
    answer = client("servo").post(NEW, values)
    page = answer.content.decode()
    assert answer.status_code == 200 and Report.objects.count() == before
    assert f'id="id_{field}_error"' in page and fault in page
    assert "Dit typte ik al." in page


def _link(name: str = "loket.a", **values: object) -> str:
    to = str(organisation("EZ").pk)
    _made, token = actions.make_link(actor(name), receiver_id=to, **values)
    return token


def test_a_one_time_link_takes_one_report_without_an_account(db: None) -> None:
    token = _link()
    address = reverse("by_link", args=[token])
    browser = Client()
    assert "Brancheorganisatie" not in browser.get(address).content.decode()
    values = form_values(company_name="Nieuw Bedrijf", kvk="12345678")
    answer = browser.post(address, values)
    report = Report.objects.get(submission=values["submission"])
    assert report.sent_through == organisation("BMI") and report.receiver == organisation("EZ")
    receipt = browser.get(answer.url)
    page = receipt.content.decode()
    assert receipt.status_code == 200 and report.reference in page
    assert "Nieuw Bedrijf" not in page, "a receipt tells the state, not the content"
    assert browser.get(address).status_code == 410
    assert browser.post(address, form_values(company_name="Y")).status_code == 410
    assert Report.objects.filter(company_name="Y").count() == 0


def test_a_link_sent_twice_with_the_same_form_is_acknowledged_again(db: None) -> None:
    address, values = reverse("by_link", args=[_link()]), form_values(company_name="Nieuw Bedrijf")
    browser = Client()
    browser.post(address, values)
    answer = browser.post(address, values)
    assert answer.status_code == 200 and "niet twee keer" in answer.content.decode()
    assert Report.objects.filter(submission=values["submission"]).count() == 1


def test_an_expired_or_invented_link_opens_nothing(db: None) -> None:
    token = _link()
    OneTimeLink.objects.filter(token_hash=hashed(token)).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(reverse("by_link", args=[token])).status_code == 404
    assert Client().post(reverse("by_link", args=[token]), form_values(company_name="Y")).status_code == 404
    assert Client().get(reverse("by_link", args=["invented"])).status_code == 404


def test_a_link_of_a_ministry_leads_to_itself_only(db: None) -> None:
    with pytest.raises(PermissionDenied):
        actions.make_link(actor("beleid.bz"), receiver_id=str(organisation("EZ").pk))


def test_the_token_of_a_link_is_kept_nowhere(db: None) -> None:
    token = _link()
    assert not OneTimeLink.objects.filter(token_hash=token).exists()
    assert len(token) >= 26


def test_an_association_reports_only_for_its_own_members(db: None) -> None:
    from lodestock_desk.accounts.models import Organisation

    with pytest.raises(Organisation.DoesNotExist):
        actions.file_report(actor("loket.a"), draft(), company_id=str(organisation("Luidsprekers").pk))


def test_an_association_sees_a_members_report_only_if_it_was_sent_through_it(db: None) -> None:
    through, _t = actions.file_report(actor("loket.a"), draft(), company_id=str(organisation("Servotechniek").pk))
    direct, _t = actions.file_report(actor("servo"), draft())
    page = client("loket.a").get(reverse("signals:list")).content.decode()
    assert through.reference in page and direct.reference not in page


def test_a_call_about_a_company_is_not_the_companys_report(db: None) -> None:
    call, _t = actions.file_report(actor("beleid.ez"), draft("EZ"), company_id=str(organisation("Servotechniek").pk))
    assert call.source == "call"
    assert client("servo").get(reverse("signals:one", kwargs={"pk": call.pk})).status_code == 404


def test_a_supplement_leaves_the_first_text_as_it_was(db: None) -> None:
    report, _t = actions.file_report(actor("servo"), draft(description="eerst"))
    address = reverse("signals:supplement", kwargs={"pk": report.pk})
    client("servo").post(address, {"text": "De levering is binnen."})
    page = client("beleid.ez").get(reverse("signals:one", kwargs={"pk": report.pk})).content.decode()
    assert "eerst" in page and "De levering is binnen." in page


def test_references_are_not_counted() -> None:
    references = {new_reference() for _ in range(2000)}
    assert len(references) > 1990 and all(len(r) == 9 for r in references)


def test_extra_fields_change_nothing(db: None) -> None:
    values = form_values(
        receiver=str(organisation("EZ").pk), state="verified", company=str(organisation("Windturbines").pk),
        source="call", reference="AAAA-AAAA", ground="none", receipt_hash="x", verified_at="2025-01-01",
    )  # fmt: skip
    client("servo").post(NEW, values)
    report = Report.objects.get(submission=values["submission"])
    assert report.state == "new" and report.company == organisation("Servotechniek")
    assert report.source == "company" and report.reference != "AAAA-AAAA" and report.ground == "5.1.1.c"
    assert report.verified_at is None
