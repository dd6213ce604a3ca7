"""The stock note: words that never make a planned stock an existing one, and numbers that all have lineage."""

from __future__ import annotations

import re
from datetime import date

import pytest

from lodestock.errors import DataError
from lodestock.evidence.store import Store
from lodestock.publish.blocks import FigureBlock, Table, numbers_in
from lodestock.publish.brief import compose
from lodestock.publish.model import Lang
from lodestock.publish.page import page
from lodestock.publish.stock_note import STEM, StockNoteInput, compose_note
from lodestock.scenario.load import load
from lodestock.scenario.run import run_scenario
from lodestock.scenario.stock_plan import StockAsk, stock_plan
from lodestock.scenario.stock_record import record_plan

DAY = date(2026, 11, 21)
LANGS: tuple[Lang, ...] = ("nl", "en")


def note(store: Store, ask: StockAsk) -> StockNoteInput:
    run = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    plan = stock_plan(run, ask)
    record_plan(run, plan)
    return compose_note(run, plan, DAY)


@pytest.fixture(scope="module")
def dutch(store: Store) -> StockNoteInput:
    return note(store, StockAsk(10e3))


@pytest.mark.parametrize("lang", LANGS)
def test_the_note_says_what_exists_and_what_does_not(dutch: StockNoteInput, lang: Lang) -> None:
    content, _ = compose(dutch, lang, STEM)
    text = re.sub(r"<[^>]+>", " ", page(content))
    plain = " ".join(text.split())
    wanted = {
        "nl": "bereidt voorraadvorming voor en houdt geen voorraad aan",
        "en": "prepares stocks and holds none",
    }
    assert wanted[lang] in plain
    for claim in ("Nederland houdt een voorraad", "de bestaande voorraad", "the existing stock", "holds a stock"):
        assert claim not in plain
    assert all(key in dutch.ledger for key in numbers_in(content.blocks))
    assert sum(isinstance(block, Table) for block in content.blocks) == 3
    assert [block.id for block in content.blocks if isinstance(block, FigureBlock)] == ["frontier", "must-be-true"]


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_stock_the_note_says_so(store: Store, lang: Lang) -> None:
    content, _ = compose(note(store, StockAsk(0.0)), lang, STEM)
    lead = next(block for block in content.blocks if getattr(block, "lead", False))
    told = "".join(span.text for span in lead.spans)
    assert {"nl": "geen voorraad het goedkoopst", "en": "no stock is cheapest"}[lang] in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_union_shows_its_converters(store: Store, lang: Lang) -> None:
    content, _ = compose(note(store, StockAsk(50e3, 0.5, region="EU27")), lang, STEM)
    assert "param.stock.idle.eu27.magnet" in numbers_in(content.blocks)
    assert "param.stock.risk_aversion" in numbers_in(content.blocks)


def test_a_plan_that_was_not_recorded_cannot_be_worded(store: Store) -> None:
    run = run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)
    plan = stock_plan(run, StockAsk(10e3))
    with pytest.raises(DataError):
        compose_note(run, plan, DAY)
