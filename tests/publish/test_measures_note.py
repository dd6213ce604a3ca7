"""The note on measures: what is in the plan has a share, what a number means is said beside it, and columns fit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from lodestock.errors import DataError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.publish.blocks import Span, SpanKind, Spans, Table
from lodestock.publish.brief import compose
from lodestock.publish.measures_note import STEM, MeasuresNoteInput, compose_note
from lodestock.publish.model import Lang
from lodestock.publish.page import page
from lodestock.publish.pdf import column_widths
from lodestock.scenario.load import load
from lodestock.scenario.measures_record import record_measures
from lodestock.scenario.measures_run import MeasuresAsk, compare_measures
from lodestock.scenario.run import run_scenario

DAY = date(2026, 11, 22)
LANGS: tuple[Lang, ...] = ("nl", "en")
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def made(store: Store) -> MeasuresNoteInput:
    run = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    found = compare_measures(run, MeasuresAsk(100e3, draws=20, scenarios=50))
    with pytest.raises(DataError):
        compose_note(run, found, DAY)  # a comparison that was not recorded cannot be worded
    record_measures(run, found)
    return compose_note(run, found, DAY)


def told(note: MeasuresNoteInput, lang: Lang) -> str:
    content, _ = compose(note, lang, STEM)
    text = re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page(content), flags=re.DOTALL)
    return " ".join(text.split())


@pytest.mark.parametrize("lang", LANGS)
def test_the_note_says_which_budget_and_why_its_numbers_differ(made: MeasuresNoteInput, lang: Lang) -> None:
    plain = told(made, lang)
    wanted = {
        "nl": ("contante waarde van alle kosten", "per bestede euro", "op zichzelf de middelste (mediaan)",
               "anders dan in de voorraadnotitie", "grootst mogelijke spijt zo klein mogelijk",
               "op basis van het gebruik in 2024"),
        "en": ("present value of all costs", "per euro spent", "by itself the middle one (median)",
               "not that of the stock note", "largest possible regret to be as small as can be",
               "based on use in 2024"),
    }[lang]  # fmt: skip
    assert [words for words in wanted if words not in plain] == []
    for tail in ("(beter)", "(better)", "kleinste grootste", "smallest largest"):
        assert tail not in plain


@pytest.mark.parametrize(("lang", "said"), [("nl", "het oordeel is dan: niet te"), ("en", "verdict then is: not dis")])
def test_a_plan_that_is_not_surely_better_has_its_verdict_in_words(
    made: MeasuresNoteInput, lang: Lang, said: str
) -> None:
    key = "measures.plan.share_better"
    facts = {**made.facts, "verdict": Text("niet te onderscheiden", "not distinguishable")}
    entries = made.ledger.entries | {key: replace(made.ledger[key], value=0.7)}
    unsure = replace(made, facts=facts, ledger=replace(made.ledger, entries=entries))
    assert said in told(unsure, lang)
    assert said not in told(made, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_only_what_is_in_the_plan_has_a_share_of_its_gain(made: MeasuresNoteInput, lang: Lang) -> None:
    content, _ = compose(made, lang, STEM)
    table = next(block for block in content.blocks if isinstance(block, Table))
    rows = {"".join(span.text for span in row[0]): row for row in table.rows}
    left_out = [row for row in rows.values() if row[1][0].text.startswith(f"0{NBSP}")]
    assert left_out and len(left_out) < len(rows)
    for row in left_out:
        assert row[4][0].text.replace(NBSP, " ") in ("€ 0 miljoen per jaar", "€0 million a year")


def cell(text: str) -> Spans:
    return (Span(SpanKind.TEXT, text),)


def test_no_column_is_narrower_than_what_cannot_be_broken_in_it() -> None:
    amounts = [f"160{NBSP}ton{NBSP}per{NBSP}jaar", f"0{NBSP}ton{NBSP}per{NBSP}jaar"]
    leads = [f"1,0{NBSP}jaar (0,50–2,0{NBSP}jaar)", f"5,0{NBSP}jaar (3,0–7,0{NBSP}jaar)"]
    long = "vervanging: ontwerpen zonder zware zeldzame aarden"
    header = tuple(cell(text) for text in ("Maatregel", "In het plan", "Werkt na", "x", "x", "x", "x"))
    rows = tuple(
        tuple(cell(text) for text in (long, *pair, long, long, long, long)) for pair in zip(amounts, leads, strict=True)
    )
    widths = column_widths(Table(header, rows))
    assert sum(widths) == pytest.approx(92.0)
    assert widths[1] >= len("per jaar") and widths[2] >= len("(0,50–2,0 jaar)")
    assert all(wide >= len("vervanging:") for wide in (widths[0], *widths[3:]))


def test_a_table_that_cannot_fit_is_shared_by_what_it_needs() -> None:
    wide = "x" * 60
    assert column_widths(Table((cell("a"), cell("b")), ((cell(wide), cell(wide)),))) == [62.0, 62.0]
