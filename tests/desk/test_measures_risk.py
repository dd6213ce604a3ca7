"""A company's own risk assessment: the steps, what is missing, and that nobody else reads it without its consent."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from lodestock_desk.core.expiry import expire
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.measures import risk_actions
from lodestock_desk.measures.access import own_assessments, shared_assessments
from lodestock_desk.measures.models import RiskAssessment, RiskConsent
from lodestock_desk.measures.risk import missing

from .people import actor, client, organisation

ANSWERS = {
    "scope": {"products": "servomotoren", "technologies": ["robotics"], "materials": ["dysprosium"]},
    "origin": [{"material": "dysprosium", "stage": "processing", "country": "CHN", "share": None, "source": "bron"}],
    "factors": {"factors": ["one_country", "licence"], "why": "vergunning duurt lang"},
    "vulnerability": {"dysprosium": {"level": "unknown", "why": ""}},
}  # fmt: skip
OUTSIDERS = ("wind", "loket.a", "loket.b", "beleid.ez", "beleid.bz", "analist.nmo", "lijn.ez", "ondertekenaar.ez",
             "contactpunt", "beheer.ez")  # fmt: skip


@pytest.fixture
def risk(db: None) -> RiskAssessment:
    """A finished assessment of one company."""
    made = risk_actions.start(actor("servo"), title="Magneten 2026")
    for step, answers in ANSWERS.items():
        risk_actions.save_step(actor("servo"), str(made.pk), step, answers)
    return risk_actions.finish(actor("servo"), str(made.pk))


def _url(name: str, risk: RiskAssessment, **more: str) -> str:
    return reverse(f"measures:{name}", kwargs={"pk": risk.pk, **more})


def _share(risk: RiskAssessment, to: str = "EZ") -> None:
    risk_actions.share(actor("servo"), str(risk.pk), to_id=str(organisation(to).pk), text="artikel 24")


def test_nobody_else_reads_an_assessment(risk: RiskAssessment) -> None:
    for name in OUTSIDERS:
        browser = client(name)
        for address in (
            _url("risk", risk), _url("export_risk", risk, ending="json"), _url("shared_one", risk),
            _url("risk_share", risk), _url("risk_step", risk, step="scope"),
        ):  # fmt: skip
            assert browser.get(address).status_code in (403, 404), (name, address)
        assert not own_assessments(actor(name)).filter(pk=risk.pk).exists()
        assert not shared_assessments(actor(name)).exists()
    assert "Magneten 2026" not in client("wind").get(reverse("measures:risks")).content.decode()


def test_consent_opens_it_for_that_organisation_alone_and_ends_at_once(risk: RiskAssessment) -> None:
    _share(risk)
    assert client("beleid.ez").get(_url("shared_one", risk)).status_code == 200
    for name in ("beleid.bz", "analist.nmo", "lijn.ez", "loket.a", "wind"):
        assert client(name).get(_url("shared_one", risk)).status_code in (403, 404), name
    assert client("beleid.ez").get(_url("risk", risk)).status_code == 403
    consent = risk.consents.get()
    back = reverse("measures:risk_back", kwargs={"pk": risk.pk, "consent": consent.pk})
    assert client("beleid.ez").post(back).status_code == 403
    assert client("wind").post(back).status_code == 404
    assert client("servo").post(back).status_code == 302
    assert client("beleid.ez").get(_url("shared_one", risk)).status_code == 404


def test_every_reading_is_recorded_with_who_and_how(risk: RiskAssessment) -> None:
    _share(risk)
    client("beleid.ez").get(_url("shared_one", risk))
    client("servo").get(_url("risk", risk))
    client("servo").get(_url("export_risk", risk, ending="csv"))
    rows = AuditEntry.objects.filter(
        object_id=str(risk.pk), verb__in=("risk.read_by_consent", "risk.read", "risk.exported")
    )
    read = {(row.verb, row.actor) for row in rows}
    assert read == {
        ("risk.read_by_consent", actor("beleid.ez").key), ("risk.read", actor("servo").key),
        ("risk.exported", actor("servo").key),
    }  # fmt: skip
    consent = risk.consents.get()
    assert AuditEntry.objects.filter(object_id=str(consent.pk), verb="risk.shared").count() == 1


def test_a_draft_is_not_shared_and_a_company_cannot_read_it(db: None) -> None:
    draft = risk_actions.start(actor("servo"), title="Concept")
    with pytest.raises(ValidationError):
        _share(draft)


@pytest.mark.parametrize("to", ["BMI", "Windturbines", "RVO"])
def test_only_a_ministry_or_the_observatory_can_be_chosen(risk: RiskAssessment, to: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _share(risk, to)
    assert set(caught.value.message_dict) == {"to"}


def test_finishing_asks_what_is_missing_and_not_known_is_an_answer(db: None) -> None:
    made = risk_actions.start(actor("servo"), title="Concept")
    assert {gap.step for gap in missing({})} == {"scope", "factors"}
    risk_actions.save_step(actor("servo"), str(made.pk), "scope", ANSWERS["scope"])
    with pytest.raises(ValidationError) as caught:
        risk_actions.finish(actor("servo"), str(made.pk))
    assert len(caught.value.messages) == 3  # origin, vulnerability, factors
    assert missing(ANSWERS) == []
    high = {**ANSWERS, "vulnerability": {"dysprosium": {"level": "high", "why": "x"}}}
    assert [gap.step for gap in missing(high)] == ["mitigation"]
    assert missing({**high, "mitigation": {"rows": [{"what": "x", "owner": "", "due": ""}]}}) == []


def test_a_finished_assessment_does_not_change(risk: RiskAssessment) -> None:
    with pytest.raises(ValidationError):
        risk_actions.save_step(actor("servo"), str(risk.pk), "factors", {})
    assert client("servo").get(_url("risk_step", risk, step="scope")).status_code == 404


def test_a_company_goes_through_all_steps_and_exports(db: None) -> None:
    browser = client("servo")
    at = browser.post(reverse("measures:risks"), {"title": "Eigen beoordeling"}).url
    typed: list[dict[str, object]] = [
        {"products": "motoren", "technologies": ["robotics"], "materials": "dysprosium\nNd"},
        {"row-TOTAL_FORMS": "3", "row-INITIAL_FORMS": "0", "row-0-material": "dysprosium", "row-0-stage": "processing",
         "row-0-country": "CHN", "row-0-share": "90", "row-0-source": "leverancier", "row-1-material": "neodymium",
         "row-1-stage": "extraction", "row-1-country": "", "row-1-share": ""},
        {"factors": ["one_country"], "why": ""},
        {"level_dysprosium": "high", "why_dysprosium": "één maker", "level_neodymium": "unknown", "why_neodymium": ""},
        {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0", "row-0-what": "tweede leverancier", "row-0-owner": "inkoop",
         "row-0-due": "2027-03-01", "board_on": "2026-05-01"},
    ]  # fmt: skip
    for values in typed:
        answer = browser.post(at, values)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        at = answer.url
    risk = RiskAssessment.objects.get(title="Eigen beoordeling")
    assert at == _url("risk", risk)
    assert browser.post(_url("risk_finish", risk)).status_code == 302
    page = browser.get(at).content.decode()
    assert "tweede leverancier" in page and "90%" in page and "Afgerond" in page
    rows = json.loads(browser.get(_url("export_risk", risk, ending="json")).content)["rows"]
    assert [
        row["value"] for row in rows if row["what"] == "Neodymium, winning" or row["what"] == "neodymium, winning"
    ] == ["niet bekend: niet bekend"]
    assert "tweede leverancier" in browser.get(_url("export_risk", risk, ending="csv")).content.decode("utf-8-sig")


def test_refused_rows_keep_what_was_typed(db: None) -> None:
    made = risk_actions.start(actor("servo"), title="Concept")
    risk_actions.save_step(actor("servo"), str(made.pk), "scope", ANSWERS["scope"])
    rows = {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0"}
    for n, share in enumerate((70, 40)):
        rows |= {f"row-{n}-material": "dysprosium", f"row-{n}-stage": "processing", f"row-{n}-country": "CHN",
                 f"row-{n}-share": str(share), f"row-{n}-source": "opgave leverancier"}  # fmt: skip
    page = client("servo").post(_url("risk_step", made, step="origin"), rows).content.decode()
    assert "110%" in page and "opgave leverancier" in page and 'value="70"' in page
    assert "origin" not in RiskAssessment.objects.get(pk=made.pk).answers
    page = client("servo").post(_url("risk_step", made, step="scope"), {"materials": "dysprosium\nonzinium"})
    assert "onzinium" in page.content.decode()


def test_an_assessment_of_more_than_six_years_ago_is_removed_with_its_consents(risk: RiskAssessment) -> None:
    _share(risk)
    assert expire(apply=True)["risk_assessment"] == 0
    RiskAssessment.objects.filter(pk=risk.pk).update(finished_on=timezone.localdate() - timedelta(days=2191))
    draft = risk_actions.start(actor("servo"), title="Concept")
    assert expire(apply=True)["risk_assessment"] == 1
    assert RiskAssessment.objects.filter(pk=draft.pk).exists() and not RiskConsent.objects.exists()
    assert AuditEntry.objects.filter(verb="risk.expired", object_id=str(risk.pk)).count() == 1
