"""What a comparison of measures writes into the ledger of its run: what is stated and what is found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.measures.methods import METHODS
from lodestock.scenario.baseline import prefix
from lodestock.scenario.measures_data import FIELDS
from lodestock.scenario.measures_run import BUDGETS, MeasureResult, MeasuresPlan
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_record import state
from lodestock.scenario.summary import Summary

PLAN: dict[str, Text] = {
    "gain": Text("netto opbrengst van het plan per jaar", "net gain of the plan a year"),
    "cost": Text("kosten van het plan per jaar", "cost of the plan a year"),
    "loss_without": Text("verwachte schade zonder maatregelen per jaar", "expected loss without measures a year"),
    "loss_left": Text("verwachte schade met het plan per jaar", "expected loss with the plan a year"),
    "tail_without": Text("schade in de slechtste toekomsten zonder maatregelen, per jaar",
                         "loss in the worst futures without measures, a year"),
    "tail_left": Text("schade in de slechtste toekomsten met het plan, per jaar",
                      "loss in the worst futures with the plan, a year"),
    "share_better": Text("deel van de trekkingen waarin het plan beter is dan niets doen",
                         "share of the draws in which the plan beats doing nothing"),
    "worlds_better": Text("deel van de werelden waarin het plan beter is dan niets doen",
                          "share of the worlds in which the plan beats doing nothing"),
    "regret": Text("grootste spijt van het plan over de werelden, per jaar",
                   "largest regret of the plan over the worlds, a year"),
    "spent": Text("besteed van het budget, over de hele periode", "spent of the budget, over the whole period"),
    "average_euro": Text("vermeden schade per bestede euro, gemiddeld", "avoided loss per euro spent, on average"),
    "next_euro": Text("vermeden schade van de volgende euro budget", "avoided loss of the next euro of budget"),
    "regime_years": Text("deel van de jaren waarin een regime geldt", "share of the years in which a regime holds"),
    "quiet": Text("deel van de toekomsten zonder regime in de hele periode",
                  "share of the futures without a regime in the whole period"),
}  # fmt: skip
RESULT: dict[str, Text] = {
    "amount": Text("in het plan", "in the plan"),
    "unit_cost": Text("kosten per jaar per ton", "cost a year per tonne"),
    "shapley": Text("deel van de netto opbrengst van het plan, per jaar", "share of the net gain of the plan, a year"),
    "first_euro": Text("vermeden schade per eerste euro", "avoided loss per first euro"),
    "last_euro": Text("vermeden schade per extra euro naast het plan", "avoided loss per extra euro beside the plan"),
    "alone_gain": Text("netto opbrengst per jaar van alleen deze maatregel", "net gain a year of this measure alone"),
    "alone_share": Text("deel van de trekkingen waarin deze maatregel alleen loont",
                        "share of the draws in which this measure alone pays"),
    "alone_worlds": Text("deel van de werelden waarin deze maatregel alleen loont",
                         "share of the worlds in which this measure alone pays"),
    "regret": Text("grootste spijt van alleen deze maatregel, per jaar",
                   "largest regret of this measure alone, a year"),
}  # fmt: skip


def record_measures(run: ScenarioRun, found: MeasuresPlan) -> tuple[str, ...]:
    """Record a comparison; returns the ids of its stated inputs."""
    stated = _stated(run, found)
    region, product = prefix(found.ask.region), run.scenario.product.id
    inputs = (f"{region}.{product}.shortage_12m", "param.yearly_chance", *stated)
    if "var.total.pro_rata" in run.ledger:
        inputs = ("var.total.pro_rata", *inputs)
    _plan(run.ledger, found, inputs)
    _points(run.ledger, found, inputs)
    for number, item in enumerate(found.results):
        _measure(run.ledger, found, number, item, inputs)
    return stated


def _spread(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Summary:
    low, middle, high = (float(value) for value in np.quantile(values, [0.05, 0.5, 0.95]))
    return Summary(middle, low, high, (middle, middle))


def _put(
    ledger: Ledger, key: str, label: Text, found: Summary | float | None, unit: str, method: str,
    inputs: Sequence[str], factor: float = 1.0, note: str = "",
) -> None:  # fmt: skip
    if not isinstance(found, Summary):
        value = None if found is None else found * factor
        ledger.computed(key, label, value, unit, method=METHODS[method], inputs=inputs, note=note)
        return
    low, high = found.bracket
    ledger.computed(
        key, label, found.median * factor, unit, method=METHODS[method], inputs=inputs, low=found.low * factor,
        high=found.high * factor, bracket=(low * factor, high * factor) if low != high else None, note=note,
    )  # fmt: skip


def _plan(ledger: Ledger, found: MeasuresPlan, inputs: Sequence[str]) -> None:
    last = len(found.choices) - 1
    here = next(point for point in found.points if np.isclose(point.budget, found.ask.budget))
    values: dict[str, tuple[Summary | float | None, str, str, float]] = {
        "spent": (here.spent, "MEUR", "measures-portfolio", 1e-3),
        "average_euro": (here.average, "ratio", "measures-portfolio", 1.0),
        "next_euro": (here.next_euro, "ratio", "measures-portfolio", 1.0),
        "gain": (found.gain, "MEUR/yr", "measures-portfolio", 1e-3),
        "cost": (_spread(found.plan.cost), "MEUR/yr", "measures-portfolio", 1e-3),
        "loss_without": (_spread(found.nothing.loss), "MEUR/yr", "measures-portfolio", 1e-3),
        "loss_left": (_spread(found.plan.loss), "MEUR/yr", "measures-portfolio", 1e-3),
        "tail_without": (_spread(found.nothing.tail), "MEUR/yr", "measures-portfolio", 1e-3),
        "tail_left": (_spread(found.plan.tail), "MEUR/yr", "measures-portfolio", 1e-3),
        "share_better": (found.claim.share, "1", "measures-paired", 1.0),
        "worlds_better": (float(found.worst.gains[last]), "1", "measures-paired", 1.0),
        "regret": (float(found.worst.worst[last]), "MEUR/yr", "measures-regret", 1e-3),
        "quiet": (found.quiet, "1", "measures-portfolio", 1.0),
        "regime_years": (found.regime_years, "1", "measures-portfolio", 1.0),
    }
    for name, (value, unit, method, factor) in values.items():
        _put(
            ledger, f"measures.plan.{name}", PLAN[name], value, unit, method, inputs, factor,
            "nothing is spent" if value is None else "",
        )  # fmt: skip


def _points(ledger: Ledger, found: MeasuresPlan, inputs: Sequence[str]) -> None:
    """Each budget with its own name, so that the numbers of one can be told from those of another."""
    for number, (part, point) in enumerate(zip(BUDGETS, found.points, strict=True)):
        values: dict[str, tuple[Text, float | None, str, float]] = {
            "budget": (Text("het budget", "the budget"), point.budget, "MEUR", 1e-3),
            "spent": (Text("besteed", "spent"), point.spent, "MEUR", 1e-3),
            "average": (Text("vermeden schade per bestede euro, gemiddeld", "avoided loss per euro spent, on average"),
                        point.average, "ratio", 1.0),
            "next": (Text("vermeden schade per volgende euro", "avoided loss per next euro"), point.next_euro, "ratio",
                     1.0),
        }  # fmt: skip
        for name, (label, value, unit, factor) in values.items():
            told = Text(f"bij {part:.0%} van het budget: {label.nl}", f"at {part:.0%} of the budget: {label.en}")
            note = "nothing is spent" if value is None else ""
            key = f"measures.budget.{number}.{name}"
            _put(ledger, key, told, value, unit, "measures-portfolio", inputs, factor, note)


def _measure(ledger: Ledger, found: MeasuresPlan, number: int, item: MeasureResult, inputs: Sequence[str]) -> None:
    gain = found.nothing.total - item.alone.total
    values: dict[str, tuple[Summary | float | None, str, str, float]] = {
        "amount": (item.amount, "t" if number == 0 else "t/yr", "measures-portfolio", 1.0),
        "unit_cost": (item.unit_cost, "EUR/t/yr", "measures-portfolio", 1e3),
        "shapley": (item.shapley, "MEUR/yr", "measures-shapley", 1e-3),
        "first_euro": (item.first_euro, "ratio", "measures-portfolio", 1.0),
        "last_euro": (item.last_euro, "ratio", "measures-portfolio", 1.0),
        "alone_gain": (_spread(gain), "MEUR/yr", "measures-portfolio", 1e-3),
        "alone_share": (item.against_nothing.share, "1", "measures-paired", 1.0),
        "alone_worlds": (float(found.worst.gains[number + 1]), "1", "measures-paired", 1.0),
        "regret": (float(found.worst.worst[number + 1]), "MEUR/yr", "measures-regret", 1e-3),
    }
    for name, (value, unit, method, factor) in values.items():
        label = Text(f"{item.title.nl}: {RESULT[name].nl}", f"{item.title.en}: {RESULT[name].en}")
        note = "no room for more of this measure" if value is None else ""
        _put(ledger, f"measures.{item.id}.{name}", label, value, unit, method, inputs, factor, note)


def _stated(run: ScenarioRun, found: MeasuresPlan) -> tuple[str, ...]:
    """The stated values behind the comparison, as entries."""
    ledger, case = run.ledger, found.case
    out = ["param.price", "param.carry"]
    budget = "param.measures.budget"
    if budget not in ledger:
        ledger.parameter(
            budget, Text("budget over de hele periode, contant gemaakt", "budget over the whole period, present value"),
            found.ask.budget / 1e3, "MEUR", mark=Mark.PRIOR, source=Text("gevraagd budget", "budget as asked"),
        )  # fmt: skip
        ledger.parameter(
            "param.measures.years", Text("jaren die worden vergeleken", "years that are compared"),
            float(found.years), "yr", mark=Mark.PRIOR, source=Text("keuze van het project", "choice of the project"),
        )  # fmt: skip
    out += [budget, "param.measures.years"]
    for item in found.book.measures:
        for name, (unit, _, _, label) in FIELDS.items():
            key, value = f"param.measures.{item.id}.{name}", item.stated[name]
            if key not in ledger:
                ledger.parameter(
                    key, Text(f"{item.title.nl}: {label.nl}", f"{item.title.en}: {label.en}"), value.value,
                    "1" if unit == "share" else unit, mark=value.mark, source=value.source, low=value.low,
                    high=value.high,
                )  # fmt: skip
            out.append(key)
    for name in ("state", "regime_ends", "recapture", "redesign_cap"):
        rate = case.rates[name]
        large = rate.unit == "kEUR/t"
        low, middle, high = (1e-3 * one if large else one for one in rate.value)
        unit = "MEUR/t" if large else rate.unit
        out.append(state(ledger, name, rate.name, (low, middle, high), unit, rate.mark, rate.source))
    option = found.option
    for key, label, spread, mark, source in (
        (f"fit.{option.form.form}", Text(f"{option.form.name.nl}: deel dat past", f"{option.form.name.en}: share that "
         "fits"), option.form.fit, option.form.mark, option.form.source),
        (f"available.{option.holder.financing}", Text(f"{option.holder.name.nl}: deel dat vrijkomt",
         f"{option.holder.name.en}: share that can be had"), option.holder.available, option.holder.mark,
         option.holder.source),
    ):  # fmt: skip
        out.append(state(ledger, key, label, spread, "1", mark, source))
    return tuple(out)
