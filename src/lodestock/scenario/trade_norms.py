"""Safe levels and stock norms in tonnes, by trade code: net imports of a year × days; what is not known stays so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Rows, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import EU27_SINCE, flow_rows, revision_of
from lodestock.scenario.load import load
from lodestock.scenario.run import ScenarioRun, run_scenario
from lodestock.scenario.stock_data import rows as stock_rows
from lodestock.scenario.stock_plan import StockAsk, stock_plan
from lodestock.scenario.stock_record import record_plan
from lodestock.stock.safe_level import SafeLevel, safe_level
from lodestock.vocabulary import ProductCode, material, members, product_code
from lodestock.vocabulary import region as region_of

DAYS_PER_YEAR = 365.25
ENOUGH_KEUR = 1e7
MOST_DAYS = 3650.0  # as in a pilot file
NEWEST = 2022


@dataclass(frozen=True, slots=True)
class CodeLevel:
    """One trade code. imports, exports [t, weight as in the code]; missing: flows without a quantity, not in the sums;
    level None and a reason where it is not known."""

    code: str
    name: Text
    materials: tuple[str, ...]
    mixed: bool
    basis: str
    imports: float | None
    exports: float | None
    missing: int
    level: SafeLevel | None
    reason: Text
    read: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of a region. wanted: the previous calendar year, which the act takes as base; year: the one read."""

    region: str
    days: float
    wanted: int
    year: int
    codes: tuple[CodeLevel, ...]


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best stock of a scenario: tonnes of the product and days of own use; run: with the plan in its ledger."""

    scenario: str
    tonnes: float
    days: float
    run: ScenarioRun


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm in days, with the store's row behind it (read); tonnes by code (None where not known)."""

    id: str
    name: Text
    applies: Text
    days: float | None
    tonnes: tuple[float | None, ...]
    mark: Mark
    source: str
    read: Rows | None = None


@dataclass(frozen=True, slots=True)
class Norms:
    """Norms beside each other for the codes of a material; own: the best stock of a scenario, when one was asked."""

    material: str
    name: Text
    levels: Levels
    norms: tuple[Norm, ...]
    own: Optimum | None = None


def _year(store: Store, asked: int | None, wanted: int) -> int:
    held = store.table("trade").filter(pl.col("year") <= wanted).select(pl.col("year").max()).collect().item()
    if held is None:
        raise DataError("the store holds no trade at all", where="table trade", mend="import a year of trade first")
    return asked if asked is not None else int(held)


def _codes(store: Store, year: int, wanted: str | None) -> list[str]:
    held = store.table("trade").filter(pl.col("year") == year).select(pl.col("hs_code").unique().sort()).collect()
    codes = [str(code) for code in held["hs_code"].to_list()]
    if not codes:
        raise DataError(
            f"the store holds no trade for {year}", where="table trade", mend="import the year, or choose another"
        )
    if wanted is None:
        return codes
    item = material(wanted)
    names = {item.id, *(one.id for one in members(item.id))}
    found = [code for code in codes if names & set(_meaning(store, code, year).materials)]
    if not found:
        raise DataError(
            f"no trade code in the store holds {item.name_en.lower()} in {year}",
            where="table trade",
            mend="import trade in a code that holds it: `lodestock data import baci FILE`",
        )
    return found


def safe_levels(
    store: Store, region: str, days: float, *, material: str | None, year: int | None, today: date
) -> Levels:
    """The safe level by trade code for a country or coalition (Regulation (EU) 2024/1252, art. 23).

    year: base year; when left out the last one up to the previous calendar year that the store holds. For a coalition
    only trade with the outside counts. A code without any quantity is not known, not zero.
    """
    wanted = today.year - 1
    base = _year(store, year, wanted)
    if not 0.0 <= days <= MOST_DAYS:
        raise InputError(
            "a number of days is out of range", where="--days", why=f"{days:g}",
            mend=f"give 0 to {MOST_DAYS:g}, ten years",
        )  # fmt: skip
    region_of(region, max(date(base, 12, 31), EU27_SINCE))
    found = tuple(_level(store, region, code, base, days) for code in _codes(store, base, material))
    return Levels(region, days, wanted, base, found)


def _meaning(store: Store, code: str, year: int) -> ProductCode:
    held = revision_of(store, code, year)
    # "HS2012+" says this revision or a later one: the meaning in the year of the data is then that of the newest
    return product_code(code, f"HS{NEWEST}" if held.endswith("+") and year >= NEWEST else held.rstrip("+"))


def _level(store: Store, region: str, code: str, year: int, days: float) -> CodeLevel:
    item = _meaning(store, code, year)
    inward, bought = read_rows(
        store, "trade", flow_rows(store, region=region, code=code, year=year), "quantity_t", "sum"
    )
    outward, sold = read_rows(
        store, "trade", flow_rows(store, region=region, code=code, year=year, side="exporter"), "quantity_t", "sum"
    )
    level, reason = None, Text("", "")
    if inward is None:
        reason = Text("geen invoer met een hoeveelheid in de bron", "no imports with a quantity in the source")
    elif outward is None and sold.count > 0:
        reason = Text("uitvoer zonder hoeveelheid in de bron", "exports without a quantity in the source")
    else:
        # no row at all is no trade: the source lists every pair with trade
        level = safe_level(inward, outward or 0.0, days, year=year)
    return CodeLevel(
        code, Text(item.description_nl, item.description_en), item.materials, not item.unmixed, item.weight_basis.value,
        inward, outward, bought.missing + sold.missing, level, reason, (bought, sold),
    )  # fmt: skip


def own_optimum(store: Store, scenario: str, name: str, region: str, today: date) -> Optimum:
    """The best stock of a scenario when money is no limit; InputError when it is not about the material."""
    run = run_scenario(load(scenario), store, as_of=today)
    held = {
        one
        for code in run.scenario.product.codes
        for one in _meaning(store, code, run.scenario.baseline_year).materials
    }
    item = material(name)
    if item.id not in held:
        raise InputError(
            f"the scenario is not about {item.name_en.lower()}",
            where=f"scenario {scenario}",
            why=f"its product holds {', '.join(sorted(held))}",
            mend="leave --scenario out, or choose one of these materials",
        )
    plan = stock_plan(run, StockAsk(ENOUGH_KEUR, region=region))
    record_plan(run, plan)
    days = run.ledger["stock.plan.days"].value
    if days is None:
        raise DataError("the own use behind the scenario is not known", where=f"scenario {scenario}")
    return Optimum(scenario, float(plan.tonnes.sum()), days, run)


def compare_norms(
    store: Store,
    name: str,
    region: str,
    days: float,
    *,
    year: int | None,
    today: date,
    optimum: Optimum | None = None,
) -> Norms:
    """The norms of other systems and the safe level for each trade code of a material, in tonnes."""
    levels = safe_levels(store, region, days, material=name, year=year, today=today)
    daily = [None if item.level is None else max(item.level.daily, 0.0) for item in levels.codes]
    out = []
    for _, row in stock_rows("norms"):
        where = {"system": row["system"], "item": "target"}
        value, read = read_rows(store, "stockpile_anchor", where, row["column"], "value")
        held = store.table("stockpile_anchor").filter(pl.col("system") == row["system"], pl.col("item") == "target")
        said = held.select("source", "mark").collect().row(0, named=True)
        tonnes = tuple(None if value is None or one is None else one * value for one in daily)
        out.append(
            Norm(row["norm"], Text(row["name_nl"], row["name_en"]), Text(row["applies_nl"], row["applies_en"]), value,
                 tonnes, Mark(said["mark"]), said["source"], read)
        )  # fmt: skip
    every = Text("alle kritieke grondstoffen", "all critical raw materials")
    safe = tuple(None if one is None else one * days for one in daily)
    name_of = Text("EU: veilig niveau (dagen gekozen)", "EU: safe level (days chosen)")
    out.append(
        Norm("crma", name_of, every, days, safe, Mark.PRIOR, "Regulation (EU) 2024/1252, art. 23; no days in the act")
    )
    if optimum is not None:
        own = Text("eigen optimum van het scenario", "own optimum of the scenario")
        only = Text("het product van het scenario, in eigen gebruik", "the product of the scenario, in own use")
        out.append(
            Norm("own", own, only, optimum.days, tuple(None for _ in daily), Mark.PRIOR,
                 f"lodestock stock {optimum.scenario}: {optimum.tonnes:.0f} t")
        )  # fmt: skip
    item = material(name)
    return Norms(item.id, Text(item.name_nl, item.name_en), levels, tuple(out), optimum)
