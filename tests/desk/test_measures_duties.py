"""Duties of the act: when they are due, what is refused, article 22, and the three-valued test of article 24."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lodestock.measures.duties import duties
from lodestock_desk.measures import actions, duty_actions
from lodestock_desk.measures.companies import large_companies
from lodestock_desk.measures.duties import all_standing, standing
from lodestock_desk.measures.duty_models import Answer, DutyNote
from lodestock_desk.measures.large import TECHNOLOGIES, above, all_of, find
from lodestock_desk.measures.models import CompanyFact, Measure
from lodestock_desk.measures.waiting import waiting_duties
from lodestock_desk.measures.words import Both
from lodestock_desk.outreach.models import Call, Campaign

from .people import actor, client, organisation

WHY = Both("x", "x")


def _note(duty: str, state: str, on: date, **more: str) -> DutyNote:
    values = {"law": "2024-1252", "note": "gedaan", "reference": "dossier 1", **more}
    return duty_actions.note_duty(actor("beleid.ez"), duty, state=state, on=on, **values)


def _stands(duty: str, today: date, law: str = "2024-1252"):
    return standing(duties()[duty], DutyNote.objects.filter(duty=duty), today, law)


def test_a_duty_that_comes_back_is_due_again_after_it_was_done(db: None) -> None:
    assert _stands("exploration", date(2025, 5, 24)).overdue is False
    assert _stands("exploration", date(2025, 5, 25)).overdue is True
    _note("exploration", "taken_up", date(2025, 6, 1))
    assert _stands("exploration", date(2025, 6, 2)).taken.organisation == organisation("EZ")
    _note("exploration", "done", date(2025, 7, 1))
    found = _stands("exploration", date(2025, 7, 2))
    assert (found.due, found.overdue, found.taken) == (date(2030, 5, 24), False, None)  # every five years, art. 19


def test_a_duty_without_a_day_is_never_given_one(db: None) -> None:
    found = _stands("progress-report", date(2026, 11, 1))
    assert (found.due, found.overdue) == (None, False)
    _note("progress-report", "done", date(2026, 5, 20))
    assert _stands("progress-report", date(2026, 11, 1)).due == date(2027, 5, 20)


def test_a_day_that_binds_the_commission_is_not_ours_to_miss(db: None) -> None:
    found = _stands("safe-level", date(2026, 11, 1))
    assert found.due == date(2026, 5, 24) and not found.overdue and not found.national


def test_the_proposal_is_a_variant_and_changes_no_day(db: None) -> None:
    law, variant = (all_standing((), date(2026, 11, 1), name) for name in ("2024-1252", "com-2025-946"))
    assert [(s.duty.id, s.due) for s in law] == [(s.duty.id, s.due) for s in variant]
    assert [s.change for s in law if s.change] == []
    assert {s.duty.id for s in variant if s.change} == {"large-companies", "company-assessment"}


def test_overdue_stands_first_and_out(db: None) -> None:
    page = client("beleid.ez").get(reverse("measures:duties")).content.decode()
    assert page.index("tag-late") < page.index("dag niet bekend")
    assert "voorstel COM(2025) 946, geen wet" in page
    page = client("lijn.ez").get(reverse("measures:duties"), {"law": "com-2025-946"}).content.decode()
    assert "Voorstel, geen wet." in page and "wijst de Commissie de ondernemingen aan" in page
    assert client("lijn.ez").get(reverse("measures:duties"), {"law": "nonsense"}).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reference": ""}, "reference"), ({"note": " "}, "note"), ({"on": date(2999, 1, 1)}, "on")],
)
def test_a_duty_is_not_done_without_evidence_words_or_a_day_in_the_past(db: None, change: dict, field: str) -> None:
    values = {"on": date(2025, 7, 1), **change}
    with pytest.raises(ValidationError) as caught:
        _note("exploration", "done", **values)
    assert set(caught.value.message_dict) == {field}


def test_the_database_refuses_a_duty_done_without_evidence(db: None) -> None:
    note = _note("exploration", "done", date(2025, 7, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyNote.objects.filter(pk=note.pk).update(reference="")


def test_only_intake_notes_duties(db: None) -> None:
    for name in ("lijn.ez", "ondertekenaar.ez", "contactpunt", "servo", "loket.a", "beheer.ez"):
        with pytest.raises(PermissionDenied):
            duty_actions.note_duty(
                actor(name), "exploration", law="2024-1252", state="taken_up", on=date(2025, 6, 1), note="x"
            )


def test_duties_leave_as_a_file_with_the_standing_of_the_law(db: None) -> None:
    answer = client("contactpunt").get(
        reverse("measures:export_duties", kwargs={"ending": "json"}), {"law": "com-2025-946"}
    )
    rows = json.loads(answer.content)["rows"]
    assert len(rows) == len(duties()) and all(row["law_is_proposal"] for row in rows)


# --- article 22 ---


@pytest.fixture
def held(db: None) -> Measure:
    """The stock measure of the example, with evidence of a stock since 1 July 2026."""
    measure = Measure.objects.get(title_nl="Voorraadvorming van kritieke grondstoffen voorbereiden")
    ez = actor("beleid.ez")
    item = actions.add_evidence(
        ez, str(measure.pk), on=date(2026, 7, 1), what="opslagbewijs (voorbeeld)", reference="dossier 2"
    )
    actions.set_stock(
        ez, str(measure.pk), holds=True, effective_on=date(2026, 7, 1), reason="x", evidence_id=str(item.pk)
    )
    return measure


def _lot(measure: Measure, **change: object):
    values = {
        "as_of": date(2026, 7, 1), "material": "gallium", "amount_t": Decimal("2"), "consumption_t": Decimal("8"),
        "form": "", "purity": "", "holder": "", "ownership": "public", "release_rules": "", **change,
    }  # fmt: skip
    evidence = measure.evidence.last()
    return duty_actions.add_lot(
        actor("beleid.ez"), str(measure.pk), values, evidence_id=str(evidence.pk) if evidence else ""
    )


def test_the_stock_report_says_that_nothing_is_held(db: None) -> None:
    page = client("lijn.ez").get(reverse("measures:stocks")).content.decode()
    assert "er is geen strategische voorraad" in page and "nog geen voorraden aan" in page


def test_an_amount_before_there_is_evidence_of_a_stock_is_refused(held: Measure) -> None:
    with pytest.raises(ValidationError) as caught:
        _lot(held, as_of=date(2026, 6, 30))
    assert set(caught.value.message_dict) == {"as_of"}


def test_shares_are_shown_where_known_and_open_where_not(held: Measure) -> None:
    assert _lot(held).share == Decimal(25)  # 2 of 8 tonnes
    assert _lot(held, amount_t=None).share is None and _lot(held, consumption_t=None).share is None
    page = client("analist.nmo").get(reverse("measures:stocks")).content.decode()
    assert "25,0%" in page and "zuiverheid niet bekend" in page and "niet bekend" in page
    answer = client("analist.nmo").get(reverse("measures:export_stocks", kwargs={"ending": "json"}))
    assert [row["amount_t"] for row in json.loads(answer.content)["rows"]].count(None) == 1


# --- article 24 ---


def test_the_three_valued_and_over_all_its_cases() -> None:
    """Kleene: no wins, then not known, else yes; over every combination of four answers."""
    rank = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}
    for four in itertools.product(Answer, repeat=4):
        assert rank[all_of(four)] == min(rank[one] for one in four)


def test_the_limits_are_strict() -> None:
    assert [above(n, 500) for n in (None, 500, 501)] == [Answer.UNKNOWN, Answer.NO, Answer.YES]
    assert above(Decimal("150.00"), Decimal(150)) == Answer.NO
    assert above(Decimal("150.01"), Decimal(150)) == Answer.YES


def test_what_is_not_known_is_never_no() -> None:
    found = find(staff=None, turnover_meur=Decimal(900), uses=Answer.YES, uses_why=WHY, makes=Answer.YES, makes_why=WHY)
    assert found.verdict == Answer.UNKNOWN
    assert find(
        staff=12, turnover_meur=None, uses=Answer.UNKNOWN, uses_why=WHY, makes=Answer.UNKNOWN, makes_why=WHY
    ).verdict == Answer.NO  # fmt: skip
    assert len(TECHNOLOGIES) == 14


@pytest.fixture
def unknown(db: None) -> None:
    """Nothing noted about any company."""
    CompanyFact.objects.all().delete()


def _company(name: str, **change: object) -> None:
    values = {
        "year": 2025, "staff": 900, "turnover_meur": Decimal(400), "uses": "yes", "makes": "yes",
        "technologies": ["robotics"], "source": "jaarverslag (voorbeeld)", **change,
    }  # fmt: skip
    duty_actions.note_company(actor("beleid.ez"), str(organisation(name).pk), **values)


def _verdicts(name: str = "beleid.ez") -> dict[str, str]:
    return {row.company.name: row.finding.verdict.value for row in large_companies(actor(name), timezone.localdate())}


def test_companies_are_listed_with_reasons_and_each_team_has_its_own(unknown: None) -> None:
    assert set(_verdicts().values()) == {"unknown"}
    _company("Servotechniek")
    _company("Windturbines", turnover_meur=None)
    _company("Bakkerij", staff=40, uses="unknown", makes="unknown", technologies=[])
    found = _verdicts()
    assert found["Voorbeeld Servotechniek"] == "yes"
    assert found["Voorbeeld Windturbines"] == "unknown"
    assert found["Voorbeeld Bakkerij"] == "no"
    assert _verdicts("analist.nmo")["Voorbeeld Servotechniek"] == "unknown"
    page = client("beleid.ez").get(reverse("measures:large")).content.decode()
    assert "Ja: 1. Niet bekend: 8. Nee: 1." in page and "robotica" in page


def test_a_call_counts_and_a_plausible_clue_does_not(unknown: None) -> None:
    _company("Servotechniek", uses="unknown")
    _company("Windturbines", uses="unknown")
    ez = actor("beleid.ez")
    campaign = Campaign.objects.create(
        organisation=ez.organisation,
        title="x",
        material="ndfeb-magnets",
        cut=1,
        questions="x",
        started=date(2026, 1, 1),
    )
    Call.objects.create(campaign=campaign, company=organisation("Servotechniek"), score=3, result="uses", by=ez.user)
    found = _verdicts()
    assert found["Voorbeeld Servotechniek"] == "yes" and found["Voorbeeld Windturbines"] == "unknown"


def test_a_note_on_a_company_keeps_what_was_typed_when_it_is_refused(db: None) -> None:
    address = reverse("measures:company", kwargs={"pk": organisation("Servotechniek").pk})
    typed = {"year": "2025", "staff": "900", "turnover_meur": "", "uses": "yes", "makes": "no",
             "technologies": ["drones"], "source": "register (voorbeeld)"}  # fmt: skip
    page = client("beleid.ez").post(address, typed).content.decode()
    assert "id_makes_error" in page and 'value="900"' in page and "register (voorbeeld)" in page
    assert client("beleid.ez").post(address, {**typed, "makes": "yes"}).status_code == 302


def test_the_safe_level_asks_for_days_and_says_what_it_rests_on(db: None) -> None:
    page = client("beleid.ez").get(reverse("measures:safe_level"), {"region": "NLD", "material": "x", "days": ""})
    assert page.status_code == 200 and "id_days_error" in page.content.decode()


@pytest.mark.slow
def test_the_safe_level_is_that_of_the_library(db: None) -> None:
    from lodestock.evidence.store import Store
    from lodestock.scenario.trade_norms import safe_levels

    levels = safe_levels(Store.open(), "NLD", 60, material="rare-earth-magnets", year=None, today=timezone.localdate())
    page = client("beleid.ez").get(reverse("measures:safe_level")).content.decode()
    for item in levels.codes:
        assert item.code in page
        if item.level is not None:
            assert f"{item.level.tonnes:.1f}".replace(".", ",") in page.replace(".", "").replace("\xa0", "")


def test_the_start_page_tells_which_duties_are_overdue_or_near(db: None) -> None:
    """Undated duties and those of the Commission are no tasks; 7, 30 and 90 days are told apart."""
    DutyNote.objects.all().delete()
    ez = actor("beleid.ez")

    def near(today: date) -> list[tuple[str, int, int]]:
        return [(w.standing.duty.id, w.within, w.late) for w in waiting_duties(ez, today)]

    assert near(date(2025, 2, 22)) == [("contact-point", 7, 0)]  # art. 9(1): 24 February 2025
    assert ("exploration", 90, 0) in near(date(2025, 2, 23)) and ("exploration", 30, 0) in near(date(2025, 4, 24))
    assert ("exploration", 7, 0) in near(date(2025, 5, 24)) and ("exploration", 0, 1) in near(date(2025, 5, 25))
    assert "safe-level" not in {name for name, _within, _late in near(date(2026, 5, 24))}
    assert waiting_duties(actor("servo"), date(2026, 5, 24)) == []
    _note("contact-point", "taken_up", date(2025, 6, 1))
    late = sum(1 for _name, _within, days in near(timezone.localdate()) if days)
    page = client("lijn.ez").get("/desk/").content.decode()
    assert (
        f'<strong class="big">{late}</strong> <span>plichten uit de verordening kritieke grondstoffen te laat' in page
    )
    assert "contactpunten aanwijzen" in page and "24-2-2025" in page and "opgepakt door EZ op 1-6-2025" in page
    assert page.index("contactpunten") < page.index("exploratieprogramma")
    assert "verordening kritieke" not in client("servo").get("/desk/").content.decode()
    note = _note("contact-point", "done", date(2025, 6, 2))
    assert note and "contact-point" not in {name for name, _within, _late in near(date(2025, 6, 3))}
