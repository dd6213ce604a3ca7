"""What a stock plan writes into the ledger of its run: what is stated, what is found, each with what stands behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.scenario.baseline import prefix
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import Range
from lodestock.scenario.stock_plan import StockPlan, Way
from lodestock.scenario.stock_words import PLAN, WAY
from lodestock.scenario.summary import Summary
from lodestock.stock.methods import METHODS

DAYS_PER_YEAR = 365.25
PARAMETER = "param.stock"


def state(ledger: Ledger, key: str, label: Text, value: Range, unit: str, mark: Mark, source: Text) -> str:
    """Record a stated value under param.stock.…, once; returns its id."""
    name = f"{PARAMETER}.{key}"
    if name not in ledger:
        low, middle, high = value
        exact = low == high
        ledger.parameter(
            name, label, middle, unit, mark=mark, source=source, low=None if exact else low,
            high=None if exact else high,
        )  # fmt: skip
    return name


def put(
    ledger: Ledger,
    key: str,
    label: Text,
    found: Summary | float | None,
    unit: str,
    method: str,
    inputs: Sequence[str],
    *,
    factor: float = 1.0,
    note: str = "",
) -> str:
    """Record a found value under its id with its three layers, when it has them; returns the id."""
    if isinstance(found, Summary):
        ledger.computed(
            key, label, factor * found.median, unit, method=METHODS[method], inputs=inputs,
            low=_times(factor, found.low), high=_times(factor, found.high),
            bracket=(factor * found.bracket[0], factor * found.bracket[1]), note=note,
        )  # fmt: skip
    else:
        value = None if found is None else factor * found
        ledger.computed(key, label, value, unit, method=METHODS[method], inputs=inputs, note=note)
    return key


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def record_plan(run: ScenarioRun, plan: StockPlan) -> tuple[str, ...]:
    """Record a plan; returns the ids of its stated inputs."""
    ledger, region = run.ledger, prefix(plan.ask.region)
    stated = _stated(run, plan)
    use = f"{region}.{run.scenario.product.id}.own_use_rare_earth"
    short = f"{region}.{run.scenario.product.id}.shortage_12m"
    inputs = (short, "param.price", "param.carry", "param.yearly_chance", *stated)
    worth = put(
        ledger, "stock.value_per_tonne", PLAN["value"], plan.value, "MEUR/t", "stock-design",
        ("var.total.pro_rata", "param.stock.recapture", "param.stock.redesign_cap", use), factor=1e-3,
    )  # fmt: skip
    behind = (*inputs, worth)
    tonnes = float(plan.tonnes.sum())
    found = plan.plan
    single: dict[str, tuple[float, str, float]] = {
        "tonnes": (tonnes, "t", 1.0),
        "invested": (found.spent, "MEUR", 1e-3),
        "public_cost": (plan.public_cost, "MEUR/yr", 1e-3),
        "users_cost": (plan.users_cost, "MEUR/yr", 1e-3),
        "loss_without": (plan.without, "MEUR/yr", 1e-3),
        "loss_left": (found.expected_loss, "MEUR/yr", 1e-3),
        "tail_without": (plan.tail_without, "MEUR", 1e-3),
        "tail_left": (found.tail_loss, "MEUR", 1e-3),
        "quiet_year": (plan.chance[0], "MEUR", 1e-3),
        "regime_year": (plan.chance[1], "MEUR", 1e-3),
    }
    if plan.ask.budget > 0.0:  # of no budget there is no last euro
        single["budget_worth"] = (found.budget_worth, "ratio", 1.0)
    for name, (value, unit, factor) in single.items():
        put(ledger, f"stock.plan.{name}", PLAN[name], value, unit, "stock-design", behind, factor=factor)
    layered: dict[str, tuple[Summary, str, float, str]] = {
        "gain": (plan.gain, "MEUR/yr", 1e-3, "stock-design"),
        "delivered": (plan.delivered, "t", 1.0, "stock-design"),
        "cost": (plan.yearly_cost, "MEUR/yr", 1e-3, "annual-carry"),
    }
    if tonnes > 0.0:
        layered["break_even"] = (plan.break_even, "1/yr", 1.0, "break-even-probability")
    for name, (summary, unit, factor, method) in layered.items():
        put(ledger, f"stock.plan.{name}", PLAN[name], summary, unit, method, behind, factor=factor)
    _options(ledger, plan, behind)
    _days_and_claim(run, plan, use, behind)
    for way in plan.ways:
        _way(ledger, way, _called(plan, way), behind)
    for number, site in enumerate(plan.sites):
        key = "-".join(site.open)
        where = [item.place.name for item in plan.case.options if item.place.place in site.open]
        nl, en = (", ".join(dict.fromkeys(name[lang] for name in where)) for lang in ("nl", "en"))
        label = Text(f"opslag in {nl}: kosten en risico", f"storage in {en}: cost and risk")
        note = f"rank {number + 1}"
        put(ledger, f"stock.site.{key}", label, site.cost, "MEUR/yr", "site-choice", behind, factor=1e-3, note=note)
    return stated


def _options(ledger: Ledger, plan: StockPlan, behind: Sequence[str]) -> None:
    for option, held in zip(plan.case.options, plan.tonnes, strict=True):
        if held > 0.0:
            names = option.form.name, option.holder.name, option.place.name
            told = Text(", ".join(one.nl for one in names), ", ".join(one.en for one in names))
            put(ledger, f"stock.option.{option.id}", told, float(held), "t", "stock-design", behind)


def _days_and_claim(run: ScenarioRun, plan: StockPlan, use: str, behind: Sequence[str]) -> None:
    daily = float(np.median(run.draws.of(plan.ask.region).use)) / DAYS_PER_YEAR
    days = float(plan.tonnes.sum()) / daily if daily > 0.0 else None
    note = "" if daily > 0.0 else "own use is not known"
    put(run.ledger, "stock.plan.days", PLAN["days"], days, "day", "stock-design", ("stock.plan.tonnes", use), note=note)
    put(run.ledger, "stock.plan.share_better", PLAN["share_better"], plan.claim.share, "1", "paired-draws", behind)


def _called(plan: StockPlan, way: Way) -> Text:
    """The form, holder or place of a way in words."""
    for option in plan.case.options:
        named = {
            ("form", option.form.form): option.form.name,
            ("holder", option.holder.financing): option.holder.name,
            ("place", option.place.place): option.place.name,
        }
        if (way.kind, way.key) in named:
            return named[way.kind, way.key]
    return Text(way.key, way.key)


def _way(ledger: Ledger, way: Way, called: Text, inputs: Sequence[str]) -> None:
    start = f"stock.{way.kind}.{way.key}"
    values: dict[str, tuple[float, str, float]] = {
        "tonnes": (way.tonnes, "t", 1.0),
        "cost": (way.cost, "MEUR/yr", 1e-3),
        "loss": (way.loss, "MEUR/yr", 1e-3),
        "total": (way.total, "MEUR/yr", 1e-3),
        "share": (way.against.share, "1", 1.0),
    }
    for name, (value, unit, factor) in values.items():
        label = Text(f"{called.nl}: {WAY[name].nl}", f"{called.en}: {WAY[name].en}")
        method = "paired-draws" if name == "share" else "stock-design"
        put(ledger, f"{start}.{name}", label, value, unit, method, inputs, factor=factor)
    label = Text(f"{called.nl}: {WAY['break_even'].nl}", f"{called.en}: {WAY['break_even'].en}")
    put(ledger, f"{start}.break_even", label, way.break_even, "1/yr", "break-even-probability", inputs)


def _stated(run: ScenarioRun, plan: StockPlan) -> tuple[str, ...]:
    """The stated values behind the plan, as entries."""
    ledger, case, region = run.ledger, plan.case, plan.ask.region
    out = [
        state(ledger, "budget", Text("wat geïnvesteerd mag worden", "what may be invested"),
              (plan.ask.budget / 1e3,) * 3, "MEUR", Mark.PRIOR, Text("gevraagd budget", "budget as asked")),
        state(ledger, "risk_aversion", Text("gewicht van de slechtste jaren", "weight of the worst years"),
              (plan.ask.aversion,) * 3, "1", Mark.PRIOR, Text("gevraagd", "as asked")),
    ]  # fmt: skip
    for key, item in case.rates.items():
        large = item.unit == "kEUR/t"  # read more easily in millions
        low, middle, high = (1e-3 * one if large else one for one in item.value)
        unit = "MEUR/t" if large else item.unit
        out.append(state(ledger, key, item.name, (low, middle, high), unit, item.mark, item.source))
    for key, item in case.idle.items():
        out.append(state(ledger, f"idle.{prefix(region)}.{key}", item.name, item.value, "t/yr", item.mark, item.source))
    seen: set[str] = set()
    for option in case.options:
        form, holder, place = option.form, option.holder, option.place
        for name, label, value, mark, source in (
            (f"fit.{form.form}", Text(f"{form.name.nl}: deel dat past", f"{form.name.en}: share that fits"), form.fit,
             form.mark, form.source),
            (f"available.{holder.financing}", Text(f"{holder.name.nl}: deel dat vrijkomt",
             f"{holder.name.en}: share that can be had"), holder.available, holder.mark, holder.source),
            (f"cut_off.{place.place}", Text(f"{place.name.nl}: kans op afsnijding",
             f"{place.name.en}: chance of being cut off"), place.cut_off[region], place.mark, place.source),
        ):  # fmt: skip
            if name not in seen:
                seen.add(name)
                out.append(state(ledger, name, label, value, "1", mark, source))
    return tuple(out)


def frontier_table(plan: StockPlan) -> pl.DataFrame:
    """The frontier as a table: invested, cost and loss by budget [M€]."""
    points = plan.frontier
    return pl.DataFrame(
        {
            "budget_meur": [point.aim.budget / 1e3 for point in points],
            "invested_meur": [point.spent / 1e3 for point in points],
            "cost_meur": [point.cost / 1e3 for point in points],
            "loss_meur": [point.expected_loss / 1e3 for point in points],
            "tail_meur": [point.tail_loss / 1e3 for point in points],
            "budget_worth": [point.budget_worth for point in points],
        }
    )


def map_table(plan: StockPlan) -> pl.DataFrame | None:
    """What must be true, as a table: the chance above which the plan pays, by value of a tonne; None without a plan."""
    values, even = plan.must
    if np.isnan(even).any():
        return None
    capped = np.minimum(even, 1.0)
    return pl.DataFrame(
        {"value_keur_t": values, "chance_low": capped[:, 0], "chance": capped[:, 1], "chance_high": capped[:, 2]}
    )
