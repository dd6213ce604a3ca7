"""Numbers as people type them: a point and a comma both mark decimals, and what can mean two numbers is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lodestock_desk.accounts.models import User
from lodestock_desk.core.numbers import NumberField, WholeField, shown_number, typed_number
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.measures.models import Measure
from lodestock_desk.outreach.importing import read_companies
from lodestock_desk.processing.models import FundingRow, Project, SiteFigure

from .people import actor, client, form_values

ROOM = "/desk/processing/"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,5", "12.5"), ("12.5", "12.5"), (" 12 ", "12"), ("0,125", "0.125"), ("0.125", "0.125"), (",5", "0.5"),
        ("1250,5", "1250.5"), ("1250.125", "1250.125"), ("1,2500", "1.25"), ("12.0", "12"),
        ("1 250", "1250"), ("1\u00a0250\u00a0000,5", "1250000.5"), ("1\u202f250", "1250"),
        ("1.250.000", "1250000"), ("1,250,000", "1250000"), ("1.250,5", "1250.5"), ("1,250.5", "1250.5"),
        ("1.250,125", "1250.125"), ("-3,5", "-3.5"), ("\u22123,5", "-3.5"), ("+4", "4"), ("-0", "0"), ("007", "7"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_point_and_comma_mark_decimals_in_both_languages(typed: str, meant: str, lang: str) -> None:
    with translation.override(lang):
        assert typed_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1.250", "1,250", "12.500", "999,125", "-1.250", "1.000"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_can_mean_two_numbers_is_refused(typed: str, lang: str) -> None:
    with translation.override(lang), pytest.raises(ValidationError) as refused:
        typed_number(typed)
    assert refused.value.code == "two"


def test_the_refusal_names_both_readings_in_the_language_of_the_page() -> None:
    with translation.override("nl"):
        with pytest.raises(ValidationError) as refused:
            typed_number("1.250")
        assert refused.value.messages == ["‘1.250’ kan 1250 of 1,25 betekenen. Schrijf een van de twee."]
        with pytest.raises(ValidationError) as refused:
            typed_number("1,125")
        assert "1125 of 1,1250" in refused.value.messages[0]
        assert typed_number("1,1250") == Decimal("1.125")
        with pytest.raises(ValidationError) as refused:
            WholeField().clean("1.000")
        assert refused.value.messages == ["‘1.000’ kan 1000 of 1 betekenen. Schrijf het getal zonder punt of komma."]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        NumberField().clean("1,250")
    assert refused.value.messages == ["“1,250” can mean 1250 or 1.25. Write one of the two."]


@pytest.mark.parametrize(
    "typed",
    ["abc", "", "-", "--3", "1e5", "nan", "inf", "12,", "1,2,3", "1.25.000", "1.250.5", "12 5", "1 25", "٣", "1,250,5",
     "€ 12", "1'250", "9" * 60, "1.250,000,5", "1 250 00"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        typed_number(typed)
    assert refused.value.code == "invalid" and "geen getal" in refused.value.messages[0]


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["nl", "en"]))
def test_what_a_box_shows_is_read_back_as_the_same_number(number: Decimal, lang: str) -> None:
    with translation.override(lang):
        assert typed_number(shown_number(number)) == number


@given(st.text("0123456789., -", max_size=12))
def test_a_text_is_a_number_or_refused(text: str) -> None:
    try:
        found = typed_number(text)
    except ValidationError:
        return
    digits = "".join(c for c in text if c.isdigit()).strip("0")
    assert "".join(c for c in f"{found:f}" if c.isdigit()).strip("0") == digits  # no digit is lost or made up


def test_whole_numbers_have_no_decimals_and_bounds_hold() -> None:
    assert WholeField().clean("12,0") == 12 and WholeField(required=False).clean(" ") is None
    for wrong in ("12,5", "1e3"):
        with pytest.raises(ValidationError):
            WholeField().clean(wrong)
    with pytest.raises(ValidationError):
        WholeField(min_value=0).clean("-1")
    with pytest.raises(ValidationError):
        NumberField(max_digits=5, decimal_places=2).clean("1,234567")
    assert NumberField(max_digits=5, decimal_places=2).clean("1,2300") == Decimal("1.23")


def test_hours_of_a_case_take_a_comma(db: None) -> None:
    case = visible_cases(actor("beleid.ez")).first()
    page = f"/desk/cases/{case.pk}/hours/"
    values = {"on": "2025-05-01", "hours": "2,5", "what": "stukken"}
    assert client("beleid.ez").post(page, values).status_code == 302
    assert case.hours.filter(hours=Decimal("2.5"), what="stukken").exists()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_euros_of_a_project_take_both_marks_and_refuse_a_thousand_that_may_be_one(db: None, lang: str) -> None:
    User.objects.filter(email="contactpunt@voorbeeld.example").update(language=lang)
    browser = client("contactpunt")
    project = Project.objects.get(name__contains="magne")
    address = f"{ROOM}{project.pk}/money/new/"
    row = {"year": "2031", "level": "EU", "on": "2025-05-01", "source": "brief", "promised_meur": ""}
    answer = browser.post(address, {**row, "asked_meur": "1.250"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="1.250"' in page and "id_asked_meur_error" in page
    assert ("1250 of 1,25" if lang == "nl" else "1250 or 1.25") in page
    for typed in ("12,5", "12.5"):
        assert browser.post(address, {**row, "asked_meur": typed}).status_code == 302
    kept = FundingRow.objects.filter(project=project, year=2031)
    assert [r.asked_meur for r in kept] == [Decimal("12.5")] * 2
    shown = browser.get(f"{ROOM}{project.pk}/money/{kept[0].pk}/").content.decode()
    assert ('value="12,5"' if lang == "nl" else 'value="12.5"') in shown and 'type="number"' not in shown


def test_a_figure_of_a_site_takes_a_comma(db: None) -> None:
    values = {"site": "rotterdam", "criterion": "electricity-price", "low": "61,5", "high": "70.25",
              "source": "voorbeeld", "on": "2025-05-01"}  # fmt: skip
    answer = client("beleid.ez").post(f"{ROOM}siting/figures/new/", values)
    assert answer.status_code == 302, answer.content.decode()
    figure = SiteFigure.objects.get(source="voorbeeld", low=61.5)
    assert figure.high == 70.25


def test_money_of_a_measure_takes_a_comma(db: None) -> None:
    measure = Measure.objects.filter(organisation__abbreviation="EZ").first()
    values = {"year": "2027", "amount_eur": "1.250.000,50", "level": "national", "structural": "no",
              "source": "begroting", "decided_on": "2025-05-01", "replaces": "", "reason": "nieuw"}  # fmt: skip
    answer = client("beleid.ez").post(f"/desk/measures/{measure.pk}/budget/", values)
    assert answer.status_code == 302, answer.content.decode()
    assert measure.budget_lines.filter(amount_eur=Decimal("1250000.50")).exists()


def test_days_of_stock_are_not_read_as_one_where_a_thousand_was_meant(db: None) -> None:
    page = client("servo").post("/desk/signals/new/", form_values(stock_days="1.000")).content.decode()
    assert "kan 1000 of 1 betekenen" in page and 'value="1.000"' in page


def test_a_code_with_a_decimal_comma_is_not_taken_for_two(db: None) -> None:
    lines = ("name;kvk;sbi;products;association", "Een;11112222;28,11;;", "Twee;11112223;28.11 26.51;;",
             "Drie;11112224;2811, 2651;;")  # fmt: skip
    one, two, three = read_companies("a.csv", "\n".join(lines).encode())
    assert one.faults == ["sbi: ‘28,11’ kan één code zijn of twee: schrijf 28.11 of 28; 11"]
    assert two.values["sbi"] == ["28.11", "26.51"] and two.faults == []
    assert three.values["sbi"] == ["2811", "2651"] and three.faults == []
