"""A comparison of measures by the library, kept as it came out, in both languages; the page only shows it.

The run takes half a minute, so a person starts it (`compare_measures`) and the page shows the newest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lodestock.evidence.ledger import Entry, Text
from lodestock.evidence.store import Store
from lodestock.publish.numbers import bracket_text, number_text, range_text
from lodestock.scenario.load import load
from lodestock.scenario.measures_record import PLAN, record_measures
from lodestock.scenario.measures_run import MeasuresAsk, MeasuresPlan, compare_measures
from lodestock.scenario.run import ScenarioRun, run_scenario
from lodestock.scenario.stock_words import VERDICTS, held_none
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.measures.compared_models import Comparison

_KINDS = ("amount", "unit_cost", "shapley", "first_euro", "last_euro", "alone_gain", "alone_share", "alone_worlds",
          "regret")  # fmt: skip
_SINGLE = frozenset({"amount", "unit_cost", "alone_share", "alone_worlds", "regret"})


def run_comparison(
    scenario: str, *, budget_eur: float, region: str, as_of: date, draws: int, scenarios: int
) -> dict[str, Any]:
    """The comparison of a scenario as plain data: every number with its unit, and its text in both languages."""
    ask = MeasuresAsk(budget_eur / 1e3, region, draws, scenarios)
    found = compare_measures(run := run_scenario(load(scenario), Store.open(), as_of=as_of), ask)
    record_measures(run, found)
    return {
        "title": _both(run.scenario.title), "status": _both(held_none(found.ask.region)), "years": found.years,
        "draws": int(found.plan.loss.size), "scenarios": scenarios,
        "plan": [_fact(run.ledger[f"measures.plan.{name}"]) for name in PLAN],
        "verdict": _verdict(found.claim.verdict.value), "measures": _measures(run, found),
        "pairs": [
            {"one": _title(found, one), "other": _title(found, other), "verdict": _verdict(pair.verdict.value),
             "share": pair.share}
            for (one, other), pair in found.between.items()
        ],
        "budgets": [
            {"budget_meur": p.budget / 1e3, "spent_meur": p.spent / 1e3, "average": p.average, "next": p.next_euro}
            for p in found.points
        ],
    }  # fmt: skip


def _both(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def _verdict(name: str) -> dict[str, str]:
    return {"key": name, **_both(VERDICTS[name])}


def _title(found: MeasuresPlan, key: str) -> dict[str, str]:
    return _both(next(item.title for item in found.results if item.id == key))


def _fact(entry: Entry, *, single: bool = False) -> dict[str, Any]:
    """A number of the run with its text in both languages; None stays None."""
    said = {
        lang: number_text(entry.value, entry.unit, lang) if single or entry.value is None else range_text(entry, lang)
        for lang in ("nl", "en")
    }
    return {
        "label": _both(entry.label), "value": entry.value, "unit": entry.unit, "mark": entry.mark.value, "said": said,
        "readings": {lang: "" if single else bracket_text(entry, lang) or "" for lang in ("nl", "en")},
    }  # fmt: skip


def _measures(run: ScenarioRun, found: MeasuresPlan) -> list[dict[str, Any]]:
    out = []
    for number, item in enumerate(found.results):
        lead = found.book.measures[number - 1].stated["lead"] if number else None
        facts = {
            name: _fact(run.ledger[f"measures.{item.id}.{name}"], single=name in _SINGLE) for name in _KINDS
        }  # fmt: skip
        out.append({
            "id": item.id, "title": _both(item.title), "facts": facts,
            "works_after": None if lead is None else [lead.low, lead.high],
            "loses": 1.0 - item.against_nothing.share,
            "against_nothing": _verdict(item.against_nothing.verdict.value),
            "against_plan": _verdict(item.against_plan.verdict.value),
        })  # fmt: skip
    return out


def keep(actor: Actor, payload: dict[str, Any], **asked: Any) -> Comparison:
    """Keep a comparison; older ones stay."""
    with writing(actor, "measure.keep") as audit:
        made = Comparison.objects.create(payload=payload, **asked)
        audit.changed(made, "comparison.kept")
    return made


def rows(payload: dict[str, Any], header: Sequence[str]) -> list[list[Any]]:
    """One row a measure for a file: value of each number, in the units of the header."""
    out = []
    for item in payload["measures"]:
        facts = item["facts"]
        named = {"measure_nl": item["title"]["nl"], "measure_en": item["title"]["en"], "loses": item["loses"],
                 "against_nothing": item["against_nothing"]["key"],
                 "against_plan": item["against_plan"]["key"]}  # fmt: skip
        units = {f"{name}_unit": facts[name]["unit"] for name in _KINDS}
        values = {**named, **units, **{name: facts[name]["value"] for name in _KINDS}}
        out.append([values[name] for name in header])
    return out
