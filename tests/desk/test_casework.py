"""Call-outs, licence cases, outreach, contacts, overview and evidence: their rules, by hand-worked examples."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lodestock.errors import DataError, InputError
from lodestock.scenario.load import load
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.callouts import actions as callouts
from lodestock_desk.callouts.models import CallOut
from lodestock_desk.callouts.sums import Return, total
from lodestock_desk.contacts import actions as contacts
from lodestock_desk.contacts.models import StandingLine
from lodestock_desk.licences import actions as licences
from lodestock_desk.licences.clock import clock
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.licences.portfolio import curve
from lodestock_desk.licences.public import public_table
from lodestock_desk.outreach import actions as outreach
from lodestock_desk.outreach.importing import read_companies
from lodestock_desk.outreach.ranking import ClueRow, Company, quality, rank
from lodestock_desk.overview.actions import make_tasks, wanted
from lodestock_desk.scenarios import actions as evidence

from .people import actor, client, organisation


def test_sums_keep_their_denominators() -> None:
    found = total([Return(48, 31, 9, 19), Return(None, None, None, None), Return(10, 10, 0, 10)])
    assert (found.asked, found.returned, found.approached, found.answered) == (3, 2, 58, 41)
    assert (found.affected, found.no_problem, found.unclear, found.silent) == (9, 29, 3, 17)
    assert found.share_affected_low == pytest.approx(9 / 58)
    assert found.share_affected_high == pytest.approx(29 / 58)


def test_no_return_is_not_a_zero() -> None:
    found = total([Return(None, None, None, None)])
    assert found.returned == 0 and found.share_affected_low is None
    with pytest.raises(DataError, match="lacks a count"):
        total([Return(10, 5, None, 2)])


@pytest.mark.parametrize(("answered", "affected", "no_problem"), [(49, 0, 0), (10, 6, 5)])
def test_a_return_that_does_not_add_up_is_refused(db: None, answered: int, affected: int, no_problem: int) -> None:
    with pytest.raises(ValidationError):
        callouts.answer(
            actor("loket.b"), str(CallOut.objects.get().pk), approached=48, answered=answered, affected=affected,
            no_problem=no_problem, answers={}, remarks="",
        )  # fmt: skip


def test_a_closed_call_out_takes_no_answer(db: None) -> None:
    CallOut.objects.update(closes_on=date(2025, 1, 1))
    with pytest.raises(ValidationError, match="sluitingsdatum"):
        callouts.answer(
            actor("loket.b"), str(CallOut.objects.get().pk), approached=1, answered=1, affected=0, no_problem=1,
            answers={}, remarks="",
        )  # fmt: skip


def test_an_association_sees_only_its_own_return(db: None) -> None:
    page = client("loket.b").get(reverse("callouts:one", kwargs={"pk": CallOut.objects.get().pk})).content.decode()
    assert "Drie leden weten het nog niet" not in page and ">48<" not in page


def test_the_asker_reads_what_was_answered_to_its_questions(db: None) -> None:
    callout = CallOut.objects.get()
    question = callout.questions.first() or callout.questions.create(place=0, text="Welke magneten?")
    callouts.answer(
        actor("loket.b"), str(callout.pk), approached=9, answered=5, affected=1, no_problem=3,
        answers={str(question.pk): "Vooral <b>NdFeB</b>"}, remarks="",
    )  # fmt: skip
    address = reverse("callouts:one", kwargs={"pk": callout.pk})
    page = client("beleid.ez").get(address).content.decode()
    assert "Vooral &lt;b&gt;NdFeB&lt;/b&gt;" in page and question.text in page
    assert "Vooral" not in client("loket.a").get(address).content.decode()
    rows = client("beleid.ez").get(f"{address}returns.json").json()["rows"]
    mine = next(row for row in rows if row["approached"] == 9)
    assert mine["question_1"] == "Vooral <b>NdFeB</b>" and mine["no_problem"] == 3
    assert client("analist.nmo").get(f"{address}returns.csv").status_code == 404


CASE = {
    "material": "ndfeb-magnets", "outcome": "pending", "last_known_on": date(2025, 9, 1),
    "ordered_on": date(2025, 4, 1), "complete_on": date(2025, 4, 20),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"complete_on": date(2025, 3, 1)}, "complete_on"),
        ({"outcome": "granted"}, "decided_on"),
        ({"decided_on": date(2025, 6, 1)}, "outcome"),
        ({"outcome": "partly", "decided_on": date(2025, 6, 1)}, "granted_share"),
        ({"outcome": "partly", "decided_on": date(2025, 6, 1), "granted_share": Decimal(100)}, "granted_share"),
        ({"outcome": "denied", "decided_on": date(2025, 6, 1), "granted_share": Decimal(10)}, "granted_share"),
        ({"outcome": "denied", "decided_on": date(2025, 10, 1)}, "last_known_on"),
    ],
)
def test_a_case_that_contradicts_itself_is_refused_at_the_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        licences.check_case({**CASE, **change})
    assert field in caught.value.error_dict


def test_a_case_takes_no_field_that_is_not_the_keepers(db: None) -> None:
    for name in ("escalation_consent", "receiver_id", "company_key", "id"):
        with pytest.raises(PermissionDenied):
            licences.keep_case(actor("beleid.ez"), {**CASE, name: True}, company_name="X")


def test_a_case_is_raised_only_with_the_companys_own_consent(db: None) -> None:
    ez, servo = actor("beleid.ez"), actor("servo")
    case = LicenceCase.objects.filter(company=servo.organisation).first()
    raised = {
        "channel": "embassy",
        "on": date(2025, 9, 1),
        "message": "x",
        "consent_note": "telefonisch door de inkoper",
    }
    with pytest.raises(ValidationError, match="geen toestemming"):
        licences.escalate(ez, str(case.pk), **raised)
    with pytest.raises(PermissionDenied):
        licences.set_consent(ez, str(case.pk), consent=True)
    licences.set_consent(servo, str(case.pk), consent=True)
    assert licences.escalate(ez, str(case.pk), **raised).channel == "embassy"


def test_the_clock_counts_working_days_of_the_issuer() -> None:
    """From Thursday 2 January 2025, 45 working days: by hand over New Year's Day, Spring Festival and worked weekends.

    China 2025: closed 28 January to 4 February; worked Sunday 26 January and Saturday 8 February. January after the
    2nd: 3, 6–10, 13–17, 20–24, 26, 27 = 18; February: 5–8, 10–14, 17–21, 24–28 = 19, together 37; then 8 in March
    (3–7, 10–12): 12 March.
    """
    found = clock("CHN", date(2025, 1, 2), date(2025, 3, 13))
    assert found is not None and found.ends == date(2025, 3, 12)
    assert found.gone == 46 and found.late


def test_outside_the_calendar_nothing_is_said() -> None:
    found = clock("CHN", date(1999, 1, 4), date(1999, 3, 1))
    assert found is not None and found.ends is None and found.gone is None and not found.late
    assert clock("XYZ", date(2025, 1, 2), date(2025, 2, 1)) is None
    assert clock("CHN", None, date(2025, 2, 1)) is None


def _cases(*rows: tuple[int, int | None, str]) -> list[LicenceCase]:
    start = date(2025, 1, 1)
    return [
        LicenceCase(
            complete_on=start, outcome=outcome, last_known_on=start + timedelta(days=seen),
            decided_on=None if outcome == "pending" else start + timedelta(days=after or 0),
        )
        for seen, after, outcome in rows
    ]  # fmt: skip


def test_pending_counts_as_pending_by_hand() -> None:
    """Eight cases: granted at 30, 60, 90 days; one refused at 45; four pending, seen to 40, 100, 100, 100 days.

    Aalen–Johansen by hand: at 30 days 1 of 8; at 40 one leaves unseen (7 → 6 at risk after the grant); at 45 one of 6
    is refused; at 60 one of 5, at 90 one of 4 is granted:
    1/8 + 7/8·(5/6)·(1/5) + 7/8·(5/6)·(4/5)·(1/4) = 0.125 + 0.145833 + 0.145833 = 0.416667.
    """
    rows = [
        (100, 30, "granted"),
        (100, 60, "granted"),
        (100, 90, "granted"),
        (100, 45, "denied"),
        (40, None, "pending"),
    ]
    found = curve(_cases(*rows, *[(100, None, "pending")] * 3))
    assert found.told and found.pending == 4
    assert found.granted[-1] == pytest.approx(0.4166667, abs=1e-6)
    assert found.denied[-1] == pytest.approx(7 / 8 / 6, abs=1e-9)
    assert found.median is None, "three of four decided are granted, but fewer than half of all"


def test_too_few_cases_cannot_yet_be_told() -> None:
    assert not curve(_cases((100, 30, "granted"))).told
    assert not curve([]).told
    assert not curve(_cases(*[(100, None, "pending")] * 20)).told


def test_the_public_page_tells_nothing_of_few_companies(db: None) -> None:
    LicenceCase.objects.exclude(company__name__endswith="Windturbines").update(company_key="kvk:00000001")
    assert all(not row.told for row in public_table(date(2027, 1, 2)).rows)
    page = client("").get("/licences/").content.decode()
    assert "nog niet te zeggen" in page.lower() and "Windturbines" not in page


def test_a_later_decision_is_still_pending_in_an_earlier_half_year(db: None) -> None:
    rows = public_table(date(2027, 1, 2)).rows
    assert len(rows) == 1 and rows[0].told
    assert rows[0].granted_percent is not None and rows[0].granted_percent % 10 == 0


CLUES = [
    ClueRow("sbi", "27.11", 5, "motoren"),
    ClueRow("product", "motor", 4, "motoren"),
    ClueRow("association", "BMI", 1, "maakindustrie"),
]


def test_ranking_with_reasons_by_hand() -> None:
    companies = [
        Company("a", ("27.11.1",), ("Elektromotoren",), ("BMI",)),
        Company("b", ("10.71",), ("brood",), ("BMI",)),
        Company("c", ("10.71",), (), ()),
    ]
    scores = rank(companies, CLUES)
    assert [(s.company, s.score) for s in scores] == [("a", 10), ("b", 1), ("c", 0)]
    assert scores[0].reasons[0] == "27.11.1: motoren (+5)"


def test_precision_and_recall_by_hand() -> None:
    """Called above the cut: 3 use, 1 does not; below: 1 of 4 uses. Standing: 20 above, 80 below.

    Precision 3/4. Users above 0.75·20 = 15, below 0.25·80 = 20: recall 15/35.
    """
    calls = [(9, "uses")] * 3 + [(9, "uses_not")] + [(1, "uses")] + [(1, "uses_not")] * 3 + [(9, "not_reached")]
    found = quality(calls, 5, 20, 80)
    assert found.precision == 0.75 and found.recall == pytest.approx(15 / 35)
    assert (found.above, found.below, found.silent) == (4, 4, 1)
    assert quality(calls[:4], 5, 20, 80).recall is None, "nobody below was called: what is missed is unknown"


FILE = "name;kvk;sbi;products;association\nNieuw BV;12345678;27.11 26.5;motoren;BMI\n"


def test_a_file_is_previewed_and_then_applied(db: None) -> None:
    nmo = actor("analist.nmo")
    waiting = outreach.read_file(nmo, name="x.csv", content=FILE.encode())
    assert not Organisation.objects.filter(kvk="12345678").exists()
    assert outreach.apply_import(nmo, str(waiting.pk)) == (1, 0)
    made = Organisation.objects.get(kvk="12345678")
    assert made.sbi == ["27.11", "26.5"] and organisation("BMI") in made.memberships_of.all()
    with pytest.raises(InputError):
        outreach.apply_import(nmo, str(waiting.pk))


def test_faults_are_told_row_by_row_and_nothing_is_applied(db: None) -> None:
    text = FILE + "Zonder nummer;12;xx;;Onbekend\n;00000001;;;\nTwee;12345678;;;\n"
    rows = read_companies("x.csv", text.encode())
    assert [len(row.faults) for row in rows] == [0, 3, 1, 1]
    waiting = outreach.read_file(actor("analist.nmo"), name="x.csv", content=text.encode())
    with pytest.raises(InputError):
        outreach.apply_import(actor("analist.nmo"), str(waiting.pk))
    page = client("analist.nmo").get(reverse("outreach:preview", kwargs={"pk": waiting.pk})).content.decode()
    assert "kvk: een KvK-nummer heeft acht cijfers" in page


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("x.csv", b"", "leeg"),
        ("x.csv", b"\xff\xfe\x00", "UTF-8"),
        ("x.csv", b"naam;nummer\nA;1\n", "ontbreken"),
        ("x.xlsx", b"PK not a workbook", "Excelbestand"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(db: None, name: str, content: bytes, fault: str) -> None:
    answer = client("analist.nmo").post(reverse("outreach:upload"), {"file": SimpleUploadedFile(name, content or b" ")})
    assert answer.status_code == 200 and fault in answer.content.decode()


def test_a_follow_up_has_a_day_and_an_owner(db: None) -> None:
    values = {
        "on": date(2025, 6, 3), "level": "official", "speaker": "a", "speaker_for": "b", "counterpart": "c",
        "counterpart_for": "d", "subject": "e", "follow_up": "bellen",
    }  # fmt: skip
    with pytest.raises(ValidationError):
        contacts.keep_contact(actor("beleid.ez"), values)
    made = contacts.keep_contact(actor("beleid.ez"), {**values, "due_on": date(2025, 7, 1)})
    assert made.owner == actor("beleid.ez").membership
    assert contacts.finish(actor("beleid.ez"), str(made.pk), outcome="gedaan").done_on is not None


def test_a_new_line_ends_the_one_before_it(db: None) -> None:
    subject = StandingLine.objects.get().subject
    contacts.set_line(
        actor("beleid.ez"), subject=subject, material="", text_nl="n", text_en="e", valid_from=date(2025, 9, 1)
    )
    dates = list(StandingLine.objects.filter(subject=subject).values_list("valid_from", "valid_until"))
    assert dates == [(date(2025, 9, 1), None), (date(2025, 6, 1), date(2025, 8, 31))]
    with pytest.raises(ValidationError):
        contacts.set_line(
            actor("beleid.ez"), subject=subject, material="", text_nl="n", text_en="e", valid_from=date(2025, 7, 1)
        )


def test_lapsing_measures_become_tasks_90_30_and_7_days_ahead(db: None) -> None:
    from lodestock.disruption.controls import read_register

    register = tuple(c for c in read_register() if c.id == "cn-2024-46-art2")
    assert register, "the measure that is suspended until 27 November 2026 is in the register"
    ahead = {on: [n for _id, _end, n in wanted(on, register)] for on in (
        date(2026, 8, 1), date(2026, 8, 29), date(2026, 10, 28), date(2026, 11, 20), date(2026, 12, 1))}  # fmt: skip
    assert list(ahead.values()) == [[], [90], [90, 30], [90, 30, 7], [90, 30, 7]]
    made = make_tasks(actor("beleid.ez"), date(2026, 11, 20))
    assert made > 0 and make_tasks(actor("beleid.ez"), date(2026, 11, 20)) == 0


def test_evidence_is_reviewed_by_a_second_person_and_runs_in_a_scenario(db: None, tmp_path: Path) -> None:
    from lodestock_desk.accounts.models import Membership, User

    with pytest.raises(InputError, match="Nog niet te zeggen"):
        evidence.propose(actor("beleid.ez"), material="gallium", parameter="stock_days", reason="proef")
    made = evidence.propose(actor("beleid.ez"), material="ndfeb-magnets", parameter="stock_days", reason="proef")
    assert (made.value, made.observations) == (45.0, 3), "18, 45 and 60 days: the median"
    with pytest.raises(InputError, match="Iemand anders"):
        evidence.decide(actor("beleid.ez"), str(made.pk), to="accepted", reason="zelf")
    with pytest.raises(InputError, match="aanvaarde"):
        evidence.overrides(made)
    other = User.objects.create_user("tweede@voorbeeld.example", "x", name="Tweede")
    role = {"organisation": organisation("EZ"), "role": "policy_officer", "valid_from": date(2025, 1, 1)}
    Membership.objects.create(user=other, **role)
    used = evidence.overrides(evidence.decide(actor("tweede"), str(made.pk), to="accepted", reason="klopt"))
    assert used["value"] == 45.0 and str(made.pk) in used["source"]
    page = client("beleid.ez").get(f"/desk/evidence/{made.pk}/").content.decode()
    address = f"/desk/evidence/{made.pk}/evidence.yml?scenario=china-heavy-rare-earths-2025"
    assert address in page
    file = tmp_path / "china-heavy-rare-earths-2025.yml"
    file.write_bytes(client("beleid.ez").get(address).content)
    stock = load(str(file)).scenario.commercial_stock
    assert stock.value == pytest.approx(45 / 365.25 * 12) and str(made.pk) in str(stock.source)
    assert client("beleid.ez").get(address + "x").status_code == 404


def test_lead_times_as_evidence_rest_on_all_cases_pending_too(db: None) -> None:
    seen = evidence.look(actor("beleid.ez"), "ndfeb-magnets", "lead_months")
    assert len(seen.cases) == 12 and seen.pending == 6 and seen.low <= seen.value <= seen.high


def test_an_accepted_lead_time_enters_the_draws_only_on_request(db: None, tmp_path: Path) -> None:
    made = evidence.propose(actor("beleid.ez"), material="ndfeb-magnets", parameter="lead_months", reason="proef")
    made.state = "accepted"
    made.save(update_fields=["state"])
    address = f"/desk/evidence/{made.pk}/evidence.yml?scenario=china-heavy-rare-earths-2025"
    page = client("beleid.ez").get(f"/desk/evidence/{made.pk}/").content.decode()
    assert f"{address}&amp;drawn=yes" in page
    for place in ("", "decide/"):  # where it is used, and where it is accepted
        told = client("beleid.ez").get(f"/desk/evidence/{made.pk}/{place}").content.decode()
        assert "nooit of deels wordt verleend, wordt niet overgenomen" in told
    uses = []
    for number, words in enumerate(("", "&drawn=yes")):
        (tmp_path / str(number)).mkdir()
        file = tmp_path / str(number) / "china-heavy-rare-earths-2025.yml"
        file.write_bytes(client("beleid.ez").get(address + words).content)
        uses += [item.use for item in load(str(file)).scenario.evidence]
    assert uses == [None, "population"]
    days = evidence.propose(actor("beleid.ez"), material="ndfeb-magnets", parameter="stock_days", reason="proef")
    days.state = "accepted"
    days.save(update_fields=["state"])
    with pytest.raises(InputError, match="doorlooptijd"):
        evidence.overrides(days, drawn=True)
