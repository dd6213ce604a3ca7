"""Financing: what fits a project and why, and what is asked, promised and missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError, LodestockError
from lodestock.measures.duties import changed_under, duties, next_due
from lodestock.measures.finance import Answer, Ask, BudgetLine, Kind, Level, Test, funding_gap, match, match_all
from lodestock.measures.finance_book import PHASES, STAGES, instruments, parse_instruments
from lodestock.measures.finance_words import shares
from lodestock.vocabulary import region

BOOK = instruments()
DAY = dt.date(2026, 11, 22)
ASK = Ask("recycling", "demonstration", "NLD", "rotterdam", True, 3e6, 6e6, DAY)


def _answers(ask, name):
    return {reason.test: reason.answer for reason in match(ask, BOOK[name]).reasons}


def test_each_condition_is_held_against_the_instrument():
    found = _answers(ASK, "dei-plus")
    assert {found[test] for test in (Test.STAGE, Test.PHASE, Test.PLACE, Test.AMOUNT, Test.SHARE)} == {Answer.YES}
    assert found[Test.WINDOW] is Answer.UNKNOWN  # no source says when it is open
    assert match(ASK, BOOK["dei-plus"]).fits is Answer.UNKNOWN
    assert _answers(replace(ASK, amount=2e7, cost=4e7), "dei-plus")[Test.AMOUNT] is Answer.NO
    assert _answers(replace(ASK, amount=4e6), "dei-plus")[Test.SHARE] is Answer.NO  # 67 % of the costs, at most 60 %
    assert _answers(replace(ASK, stage="extraction"), "dei-plus")[Test.STAGE] is Answer.NO
    assert _answers(replace(ASK, place="eindhoven"), "jtf")[Test.PLACE] is Answer.NO
    assert _answers(replace(ASK, place=""), "jtf")[Test.PLACE] is Answer.UNKNOWN
    assert _answers(replace(ASK, day=dt.date(2028, 1, 3)), "jtf")[Test.WINDOW] is Answer.NO
    assert _answers(replace(ASK, strategic=False), "step")[Test.STRATEGIC] is Answer.NO
    assert _answers(replace(ASK, strategic=None), "step")[Test.STRATEGIC] is Answer.UNKNOWN
    assert _answers(ASK, "ecrmc")[Test.WINDOW] is Answer.UNKNOWN  # announced, not seen to exist
    assert _answers(replace(ASK, country="DEU", place=""), "invest-nl")[Test.PLACE] is Answer.NO
    assert _answers(replace(ASK, country="DEU", place=""), "step")[Test.PLACE] is Answer.YES
    assert _answers(replace(ASK, country="GBR", place=""), "step")[Test.PLACE] is Answer.NO


@given(
    st.sampled_from(STAGES), st.sampled_from(PHASES), st.sampled_from([None, True, False]),
    st.one_of(st.none(), st.floats(1e5, 1e7)),
)  # fmt: skip
def test_what_is_not_known_never_fits_for_certain(stage, phase, strategic, amount):
    ask = Ask(stage, phase, "NLD", "", strategic, amount, None, DAY)
    found = match_all(ask, BOOK.values())
    order = [item.fits for item in found]
    assert order == sorted(order, key=[Answer.YES, Answer.UNKNOWN, Answer.NO].index)
    for item in found:
        unknown = any(reason.answer is Answer.UNKNOWN for reason in item.reasons)
        assert not (item.fits is Answer.YES and unknown)


def test_a_table_that_is_complete_can_fit():
    full = replace(BOOK["dei-plus"], opens=dt.date(2026, 1, 1), until=dt.date(2026, 12, 31))
    assert match(ASK, full).fits is Answer.YES
    assert match(replace(ASK, day=dt.date(2025, 12, 31)), full).fits is Answer.NO


def test_every_instrument_has_a_source_and_the_union_is_the_union():
    for item in BOOK.values():
        assert item.source and item.title.nl and item.who.en and item.ground.source
    members = region("EU27", DAY).members
    seal = BOOK["step"]
    assert {code for code in members if match(replace(ASK, country=code), seal).reasons[2].answer is Answer.YES} == set(
        members
    )
    assert BOOK["ecrmc"].kind is Kind.ANNOUNCED


def test_asked_promised_missing_by_year():
    lines = [
        BudgetLine("a", 2026, Level.NATIONAL, 10e6, 4e6, "letter 1"),
        BudgetLine("b", 2026, Level.NATIONAL, 5e6, 7e6, "letter 2"),  # more than asked does not fill another's gap
        BudgetLine("c", 2026, Level.NATIONAL, 3e6, None, "letter 3"),
        BudgetLine("a", 2026, Level.EU, 2e6, 0.0, "call"),
        BudgetLine("a", 2027, Level.NATIONAL, None, 1e6, "letter 4"),
    ]
    one, two, three = funding_gap(lines)
    assert (one.level, one.year, one.asked, one.promised, one.missing) == (Level.EU, 2026, 2e6, 0.0, 2e6)
    assert (two.asked, two.promised, two.missing, two.unknown, two.lines) == (18e6, 11e6, 6e6, 1, 3)
    assert (three.year, three.asked, three.promised, three.missing, three.unknown) == (2027, 0.0, 1e6, 0.0, 1)


def test_what_another_letter_promises_to_the_same_project_fills_its_gap():
    lines = [
        BudgetLine("a", 2026, Level.NATIONAL, 10e6, 4e6, "letter 1"),
        BudgetLine("a", 2026, Level.NATIONAL, 0.0, 6e6, "letter 2"),
        BudgetLine("a", 2026, Level.NATIONAL, 5e6, None, "letter 3"),
        BudgetLine("b", 2026, Level.NATIONAL, 3e6, 2e6, "letter 4"),
    ]
    (found,) = funding_gap(lines)
    assert (found.asked, found.promised, found.missing, found.unknown, found.lines) == (18e6, 12e6, 1e6, 1, 4)


def test_a_lowest_cost_is_above_and_not_at_the_figure():
    fund = BOOK["innovation-fund"]  # "capital cost above 2.5 million euros"
    at, above = (match(replace(ASK, amount=1e6, cost=cost), fund).reasons[3] for cost in (2.5e6, 2.6e6))
    assert (at.answer, above.answer) == (Answer.NO, Answer.YES)
    assert at.why.nl == "kosten van het project € 2,5 miljoen; instrument: boven € 2,5 miljoen"
    assert above.why.en == "cost of the project € 2.6 million; instrument: above € 2.5 million"


def test_every_reason_is_said_in_both_languages():
    """The words beside the answers, for an instrument whose table says everything and for one that says little."""
    dei = {reason.test: reason.why for reason in match(replace(ASK, amount=4e6), BOOK["dei-plus"]).reasons}
    assert dei[Test.STAGE].nl == "project: recycling; instrument: recycling"
    assert dei[Test.PHASE].nl == "project: demonstratie; instrument: proef, demonstratie"
    assert dei[Test.PHASE].en == "project: demonstration; instrument: pilot, demonstration"
    assert (dei[Test.PLACE].nl, dei[Test.PLACE].en) == (
        "project: Nederland; instrument: Nederland", "project: Netherlands; instrument: Netherlands"
    )  # fmt: skip
    assert dei[Test.AMOUNT].nl == "gevraagd € 4 miljoen; instrument: € 0,125 miljoen tot € 15 miljoen"
    assert dei[Test.SHARE].nl == "gevraagd 66,7% van de kosten; instrument: hoogstens 60%"
    assert dei[Test.SHARE].en == "asked 66.7% of the costs; instrument: at most 60%"
    assert dei[Test.WINDOW].en == "when it is open is not known"
    near = shares(0.6004, 0.6)  # refused, so the two may not read the same
    assert near.nl == "gevraagd 60,040% van de kosten; instrument: hoogstens 60%"
    unknown = Ask("recycling", "", "NLD", "", None, None)
    step = {reason.test: reason.why for reason in match(unknown, BOOK["step"]).reasons}
    assert step[Test.PHASE].nl == "project: niet bekend; instrument: niet bekend"
    assert step[Test.STRATEGIC].en == "project: not known; instrument: only Strategic Projects"
    jtf = {reason.test: reason.why for reason in match(ASK, BOOK["jtf"]).reasons}
    assert jtf[Test.PLACE].nl.startswith("project: Rotterdam") and "rotterdam" not in jtf[Test.PLACE].nl
    assert jtf[Test.WINDOW].nl == "begin niet bekend, tot en met 31-12-2027; gevraagd voor 22-11-2026"
    for item in BOOK.values():
        for reason in match(ASK, item).reasons:
            assert reason.why.nl and reason.why.en


def test_bad_budgets_and_asks_are_refused():
    with pytest.raises(InputError, match="without a source"):
        BudgetLine("a", 2026, Level.EU, 1.0, 1.0, " ")
    with pytest.raises(InputError, match="0 or more"):
        BudgetLine("a", 2026, Level.EU, float("nan"), 1.0, "letter")
    with pytest.raises(InputError, match="more is asked"):
        replace(ASK, amount=7e6)
    with pytest.raises(InputError, match="above 0"):
        replace(ASK, amount=-1.0)


_FILE = """
schema: lodestock-instruments/1
grounds: [{id: g, nl: g, en: g, source: s, mark: prior}]
instruments:
  - {id: i, title: {nl: i, en: i}, level: EU, kind: loan, who: {nl: w, en: w}, what: {nl: w, en: w}, ground: g,
     stages: [processing], source: s, mark: prior}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", source: s, mark: prior}\n", ", mark: prior}\n", "'source' needs a text"),
        ("level: EU", "level: world", "unknown level"),
        ("ground: g", "ground: x", "unknown State-aid ground"),
        ("[processing]", "[refining]", "unknown stages"),
    ],
)
def test_an_instrument_with_a_fault_is_refused(old, new, said):
    assert list(parse_instruments(_FILE, where="f.yml")) == ["i"]
    with pytest.raises(LodestockError, match=said) as caught:
        parse_instruments(_FILE.replace(old, new), where="f.yml")
    assert "line" in caught.value.where


def test_duties_have_articles_and_come_back():
    found = duties()
    assert all(duty.article and duty.title.nl for duty in found.values())
    exploration = found["exploration"]
    assert next_due(exploration) == dt.date(2025, 5, 24)
    assert next_due(exploration, done=dt.date(2025, 12, 1)) == dt.date(2030, 5, 24)
    assert next_due(exploration, done=dt.date(2030, 6, 1)) == dt.date(2035, 5, 24)
    assert next_due(found["contact-point"], done=dt.date(2025, 2, 1)) is None
    assert next_due(found["operators"]) is None
    assert next_due(found["progress-report"], done=dt.date(2026, 3, 31)) == dt.date(2027, 3, 31)
    assert [duty.id for duty in changed_under("com-2025-946")] == ["large-companies", "company-assessment"]
    assert changed_under("2024-1252") == []


def test_advice_that_the_law_gives_fits_every_strategic_project_whatever_it_asks():
    """Art. 15 and 16(1): no condition on amount, costs or phase; only Strategic Projects."""
    shipped, day = instruments(), dt.date(2026, 11, 22)
    for key in ("crma-support", "crma-board-advice"):
        for amount in (None, 1.0, 1e12):
            assert (
                match(Ask("processing", "pilot", "NLD", "", True, amount, None, day), shipped[key]).fits is Answer.YES
            )
        assert match(Ask("processing", "pilot", "NLD", "", False, 1e6, None, day), shipped[key]).fits is Answer.NO
        assert match(Ask("processing", "", "NLD", "", True, 1e6, None, day), shipped[key]).fits is Answer.UNKNOWN
    assert all(item.note is None or (item.note.nl and item.note.en) for item in shipped.values())
