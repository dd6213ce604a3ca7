"""What `lodestock stock` prints: the same answer as JSON for machines and as text in Dutch or English."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

from lodestock.cli.output import table
from lodestock.cli.stock_tables import norms_payload, norms_text
from lodestock.cli.stock_words import WORDS, speech
from lodestock.evidence.manifest import entry_to_dict
from lodestock.publish.numbers import bracket_text, localised, number_text, range_text
from lodestock.publish.words import MARKS, month_text
from lodestock.scenario.copper_reserve import CopperReserve
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_plan import StockPlan, Way
from lodestock.scenario.stock_record import frontier_table, map_table
from lodestock.scenario.stock_words import KINDS, SAME, held_none, verdict_text
from lodestock.scenario.summary import Summary

HEADLINE = (
    "tonnes", "days", "invested", "cost", "public_cost", "users_cost", "loss_without", "loss_left", "delivered", "gain",
    "break_even", "share_better", "quiet_year", "regime_year", "tail_without", "tail_left", "budget_worth",
)  # fmt: skip


def _layers(found: Summary, factor: float = 1.0) -> dict[str, float | list[float] | None]:
    low, high = found.bracket
    return {
        "median": factor * found.median,
        "low": None if found.low is None else factor * found.low,
        "high": None if found.high is None else factor * found.high,
        "bracket": [factor * low, factor * high],
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "kind": way.kind,
        "key": way.key,
        "tonnes": way.tonnes,
        "invested_meur": way.invested / 1e3,
        "cost_meur": way.cost / 1e3,
        "loss_meur": way.loss / 1e3,
        "break_even": _layers(way.break_even),
        "is_the_plan": way.same,
        "verdict": way.against.verdict.value,
        "share": way.against.share,
    }


def plan_payload(run: ScenarioRun, plan: StockPlan) -> dict[str, Any]:
    """The plan for machines; money in millions of euros, with the ledger entries of the headline."""
    held = [(option, tonnes) for option, tonnes in zip(plan.case.options, plan.tonnes, strict=True) if tonnes > 1e-9]
    truth, status = map_table(plan), held_none(plan.ask.region)
    return {
        "scenario": run.scenario.id,
        "for": plan.ask.region,
        "budget_meur": plan.ask.budget / 1e3,
        "risk_aversion": plan.ask.aversion,
        "alpha": plan.ask.level,
        "status": {"nl": status.nl, "en": status.en},
        "plan": [
            {
                "form": option.form.form,
                "holder": option.holder.holder,
                "financing": option.holder.financing,
                "place": option.place.place,
                "tonnes": float(tonnes),
            }
            for option, tonnes in held
        ],
        "numbers": {
            name: entry_to_dict(run.ledger[f"stock.plan.{name}"])
            for name in HEADLINE
            if f"stock.plan.{name}" in run.ledger
        },
        "value_keur_t": _layers(plan.value),
        "claim": {"verdict": plan.claim.verdict.value, "share": plan.claim.share},
        "ways": [_way(way) for way in plan.ways],
        "places": [
            {"open": list(site.open), "cost_meur": site.cost / 1e3, "access_risk_meur": site.access_risk / 1e3,
             "logistics_meur": site.logistics / 1e3}
            for site in plan.sites
        ],
        "conversion_idle_t_yr": {step: list(item.value) for step, item in plan.case.idle.items()},
        "frontier": frontier_table(plan).to_dicts(),
        "must_be_true": truth.to_dicts() if truth is not None else [],
        "solver": "proven optimal",
    }  # fmt: skip


def plan_text(run: ScenarioRun, plan: StockPlan, lang: str) -> str:
    """The plan for people."""
    words: Any = WORDS[lang]
    lines = [run.scenario.title.nl if lang == "nl" else run.scenario.title.en, held_none(plan.ask.region)[lang], ""]
    rows = [
        (
            option.form.name[lang],
            option.holder.name[lang],
            option.place.name[lang],
            number_text(float(tonnes), "t", speech(lang)),
        )
        for option, tonnes in zip(plan.case.options, plan.tonnes, strict=True)
        if tonnes > 1e-9
    ]
    none = words["no plan" if plan.ask.budget > 0.0 else "no budget"]
    lines += [table(rows, words["plan heads"], right=(3,)) if rows else none, ""]
    for name in HEADLINE:
        key = f"stock.plan.{name}"
        if key in run.ledger:
            entry = run.ledger[key]
            single = entry.bracket is None or entry.bracket[0] == entry.bracket[1]
            bracket = None if single else bracket_text(entry, speech(lang))
            between = f"; {words['models']} {bracket}" if bracket else ""
            told = f"{range_text(entry, speech(lang))}{between}"
            lines.append(f"  {entry.label[lang]}: {told}  [{MARKS[entry.mark][lang]}]")
    lines += ["", *_what_is_counted(plan, lang)]
    ways = [
        (
            KINDS[way.kind][lang],
            _name(plan, way.kind, way.key, lang),
            number_text(way.tonnes, "t", speech(lang)),
            number_text(way.cost / 1e3, "MEUR/yr", speech(lang)),
            number_text(way.loss / 1e3, "MEUR/yr", speech(lang)),
            words["never"] if way.break_even.median >= 1.0 else number_text(way.break_even.median, "1", speech(lang)),
            SAME[lang] if way.same else verdict_text(way.against, plan.plan.cost + plan.plan.expected_loss)[lang],
        )
        for way in plan.ways
    ]
    lines += ["", words["ways"], table(ways, words["way heads"], right=(2, 3, 4, 5)), ""]
    most = plan.frontier[-1].aim.budget / 1e3
    fine = (
        1 if most >= 2.0 or most <= 0.0 else min(1 - math.floor(math.log10(most / 2.0)), 8)
    )  # a small budget needs more
    places = {"budget_meur": fine, "cost_meur": 2, "loss_meur": 1, "tail_meur": 0, "budget_worth": 2}
    points = [
        tuple(localised(Decimal(f"{row[name]:.{digits}f}"), speech(lang)) for name, digits in places.items())
        for row in frontier_table(plan).to_dicts()
    ]
    lines += [words["frontier"], table(points, words["frontier heads"], right=(0, 1, 2, 3, 4))]
    return "\n".join(lines)


def _what_is_counted(plan: StockPlan, lang: str) -> list[str]:
    """Against what the plan is set, and how much of the budget it takes."""
    words: Any = WORDS[lang]
    spent, budget = plan.plan.spent / 1e3, plan.ask.budget / 1e3
    if not math.isfinite(budget) or spent <= 0.0:
        return [words["baseline"]]
    key = "part of budget" if spent < 0.995 * budget else "whole budget"
    amounts = {"spent": number_text(spent, "MEUR", speech(lang)), "budget": number_text(budget, "MEUR", speech(lang))}
    return [words[key].format(**amounts), words["baseline"]]


def _name(plan: StockPlan, kind: str, key: str, lang: str) -> str:
    for option in plan.case.options:
        if kind == "form" and option.form.form == key:
            return option.form.name[lang]
        if kind == "holder" and option.holder.financing == key:
            return option.holder.name[lang]
        if kind == "place" and option.place.place == key:
            return option.place.name[lang]
    return key


def copper_payload(found: CopperReserve) -> dict[str, Any]:
    """The copper case for machines."""
    return {
        "case": "copper-reserve",
        "acute_measure_needed": found.needed,
        "verdict": found.dossier.verdict.value,
        "tests": [{"key": test.key, "passed": test.passed, "text": {"nl": test.text_nl, "en": test.text_en}}
                  for test in found.dossier.tests],
        "text": {"nl": found.text.nl, "en": found.text.en},
        "price_month": found.month,
        "price_keur_t": _layers(found.price),
        "carry_keur_t_yr": _layers(found.carry),
        "break_even": _layers(found.break_even),
        "shocks": found.shocks,
        "years": found.years,
        "largest_rise": found.worst_rise,
        "share_of_draws_it_pays_a_user": found.pays_share,
        "norms": norms_payload(found.norms),
    }  # fmt: skip


def copper_text(found: CopperReserve, lang: str) -> str:
    """The copper case for people."""
    words: Any = WORDS[lang]
    lines = [found.text[lang], ""]
    told = [(words[test.passed], test.text_nl if lang == "nl" else test.text_en) for test in found.dossier.tests]
    lines += [f"  {passed}: {text.replace(' %', '%')}" for passed, text in told]  # as all numbers here are written
    lines += [
        "",
        words["copper"].format(
            price=number_text(1e3 * found.price.median, "EUR/t", speech(lang)),
            month=month_text(date.fromisoformat(f"{found.month}-01"), speech(lang)),
            carry=number_text(1e3 * found.carry.median, "EUR/t/yr", speech(lang)),
            even=number_text(found.break_even.median, "1/yr", speech(lang)),
            shocks=found.shocks,
            years=found.years,
            rise=number_text(found.spike.value[1], "1", speech(lang)),
        ),
        "",
        norms_text(found.norms, lang),
    ]
    return "\n".join(lines)
