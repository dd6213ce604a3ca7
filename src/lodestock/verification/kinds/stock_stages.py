"""Kinds of check on stocks over several stages: one material in a regime, several materials, release rules."""

from __future__ import annotations

import numpy as np

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.stock.dynamic_programme import solve_grid
from lodestock.stock.instances import (
    MaterialsStock,
    RegimeStock,
    materials_problem,
    materials_stock_from,
    regime_problem,
)
from lodestock.stock.multistage import MultistageProblem, NestedRisk
from lodestock.stock.release import Release, ReleaseRule, compare_rules
from lodestock.stock.sddp import Sddp
from lodestock.stock.tree import solve_extensive
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_REGIME = {
    "stages": Input("number of quarters", "-", Form.WHOLE),
    "states": Input("states of the regime", form=Form.TEXTS),
    "transition": Input("chance of each state after each", "-", Form.MATRIX),
    "supply": Input("what may be supplied in each state", form=Form.ROWS, columns={
        "state": Input("state", form=Form.TEXT),
        "chance": Input("chance within the state"),
        "tonnes": Input("supply", "t"),
    }),
    "buy_cap": Input("most that can be bought, by state", "t", Form.NUMBERS),
    "price": Input("price, by state", "kEUR/t", Form.NUMBERS),
    "step_width": Input("width of each loss step but the last", "t", Form.NUMBERS),
    "step_loss": Input("loss of each step", "kEUR/t", Form.NUMBERS),
    "demand": Input("need per quarter", "t"),
    "capacity": Input("largest stock", "t"),
    "salvage": Input("price of what is left at the end", "kEUR/t"),
    "discount": Input("discount factor per quarter"),
    "start_state": Input("state of the first quarter", form=Form.TEXT, optional=True),
    "start_supply": Input("supply of the first quarter", "t", optional=True),
}  # fmt: skip


def regime_of(given: Given, holding: float) -> RegimeStock:
    """The regime that the inputs describe, at one cost of holding [k€/t]."""
    states = given.texts("states")
    rows = given.rows("supply")
    unknown = [row.text("state") for row in rows if row.text("state") not in states]
    if unknown:
        raise InputError("a supply names an unknown state", why=unknown[0], mend=f"use one of {', '.join(states)}")
    supply = [[(r.number("chance"), r.number("tonnes")) for r in rows if r.text("state") == s] for s in states]
    width = [*given.numbers("step_width").tolist(), float("inf")]
    return RegimeStock(
        states=states,
        transition=given.numbers("transition"),
        supply=supply,
        buy_cap=given.numbers("buy_cap"),
        price=given.numbers("price"),
        steps=list(zip(width, given.numbers("step_loss").tolist(), strict=True)),
        demand=given.number("demand"),
        capacity=given.number("capacity"),
        holding=holding,
        salvage=given.number("salvage"),
        discount=given.number("discount"),
    )


_ANSWERS = {
    "holding": Input("cost of holding a tonne to the end of a quarter, one answer each", "kEUR/t", Form.NUMBERS),
    "aversion": Input("weight of AVaR, one answer each", "-", Form.NUMBERS),
    "level": Input("level of AVaR, one answer each", "-", Form.NUMBERS),
}


def _start(given: Given) -> tuple[str, float]:
    return given.text("start_state"), given.number("start_supply")


def _variants(given: Given) -> list[tuple[RegimeStock, NestedRisk]]:
    triples = zip(given.numbers("holding"), given.numbers("aversion"), given.numbers("level"), strict=True)
    return [(regime_of(given, float(h)), NestedRisk(float(weight), float(level))) for h, weight, level in triples]


@kind(
    "regime-stock",
    title=Text("Voorraad in een vergunningregime", "Stock in a licence regime"),
    inputs={**_REGIME, **_ANSWERS},
    computes={
        "dynamic_programme": "optimal cost on the grid [kEUR]",
        "extensive_form": "optimal cost of the whole tree as one programme [kEUR]",
        "first_stock": "stock after the first quarter, from the dynamic programme [t]",
    },
)
def regime_stock(given: Given) -> Computed:
    """The cheapest stock policy of one material in a regime, by two methods that must agree."""
    stages, start = given.whole("stages"), _start(given)
    grid_cost, tree_cost, stock = [], [], []
    for data, risk in _variants(given):
        state, _, supply = data.outcomes()
        here = next(i for i in range(state.size) if (data.states[state[i]], supply[i]) == start)
        grid = solve_grid(data, stages, risk=risk)
        grid_cost.append(float(grid.value[0, here, 0]))
        tree_cost.append(solve_extensive(regime_problem(data, stages, start=start, risk=risk)).value)
        stock.append(float(grid.grid[grid.leaving[0, here, 0]]))
    return {"dynamic_programme": grid_cost, "extensive_form": tree_cost, "first_stock": stock}


@kind(
    "regime-stock-bounds",
    title=Text("Bewezen grenzen bij een vergunningregime", "Proven bounds in a licence regime"),
    inputs={**_REGIME, **_ANSWERS},
    computes={
        "lower": "bound from cuts (SDDP) [kEUR]",
        "upper": "cost of the policy of the cuts, evaluated exactly [kEUR]",
        "gap": "upper minus lower, as a share",
    },
)
def regime_stock_bounds(given: Given) -> Computed:
    """Between which values the cheapest cost provably lies, found stage by stage."""
    found = [
        Sddp(regime_problem(data, given.whole("stages"), start=_start(given), risk=risk)).run(gap=1e-7, seconds=60.0)
        for data, risk in _variants(given)
    ]
    return {"lower": [f.lower for f in found], "upper": [f.upper for f in found], "gap": [f.gap for f in found]}


_MATERIALS = {
    "stages": Input("number of stages, one answer each", "-", Form.NUMBERS),
    "probability": Input("chance of each outcome of a stage", "-", Form.NUMBERS),
    "penalty": Input("loss per tonne short, by material", "kEUR/t", Form.NUMBERS),
    "holding": Input("cost of holding to the end of a stage", "kEUR/t", Form.NUMBERS),
    "decay": Input("share lost per stage", "-", Form.NUMBERS),
    "salvage": Input("price of what is left at the end", "kEUR/t", Form.NUMBERS),
    "gap": Input("shortage to cover, a row per outcome", "t", Form.MATRIX),
    "price": Input("price, a row per outcome", "kEUR/t", Form.MATRIX),
    "available": Input("tonnes on offer, a row per outcome", "t", Form.MATRIX),
    "budget": Input("most spent in a stage", "kEUR"),
    "warehouse": Input("most held of all materials", "t"),
    "discount": Input("discount factor per stage"),
    "initial_stock": Input("stock at the start", "t", Form.NUMBERS),
}


def _problems(given: Given) -> list[MultistageProblem]:
    names = MaterialsStock.__dataclass_fields__
    single = {"budget", "warehouse", "discount"}
    data = materials_stock_from({n: given.number(n) if n in single else given.numbers(n) for n in names})
    return [materials_problem(data, int(stages)) for stages in given.numbers("stages")]


@kind(
    "materials-stock",
    title=Text("Voorraad van meer stoffen over meer perioden", "Stock of several materials over several stages"),
    inputs=_MATERIALS,
    computes={"optimum": "expected cost, the whole tree as one programme, by number of stages [kEUR]"},
)
def materials_stock(given: Given) -> Computed:
    """The cheapest plan for several materials that share a budget and a warehouse."""
    return {"optimum": [solve_extensive(problem).value for problem in _problems(given)]}


@kind(
    "materials-stock-bounds",
    title=Text("Bewezen grenzen voor meer stoffen", "Proven bounds for several materials"),
    inputs=_MATERIALS,
    computes={
        "lower": "bound from cuts (SDDP), by number of stages [kEUR]",
        "upper": "cost of the policy of the cuts, evaluated exactly [kEUR]",
    },
)
def materials_stock_bounds(given: Given) -> Computed:
    """Between which values the cheapest cost of a plan for several materials provably lies."""
    found = [Sddp(problem).run(gap=1e-8, seconds=60.0) for problem in _problems(given)]
    return {"lower": [f.lower for f in found], "upper": [f.upper for f in found]}


@kind(
    "release-rules",
    title=Text("Regels voor vrijgave", "Rules for release"),
    inputs={
        **_REGIME,
        "holding": Input("cost of holding a tonne to the end of a quarter", "kEUR/t"),
        "starts": Input("where to start, one answer each", form=Form.ROWS, columns={
            "stock": Input("stock", "t"),
            "state": Input("state", form=Form.TEXT),
            "supply": Input("supply", "t"),
        }),
    },
    computes={
        "optimal": "cost of the best release, by start [kEUR]",
        "greedy": "cost of releasing the whole gap [kEUR]",
        "high_value": "cost of leaving the least valuable use short [kEUR]",
    },
)  # fmt: skip
def release_rules(given: Given) -> Computed:
    """What simple release rules cost beside the best release, evaluated exactly."""
    data, stages = regime_of(given, given.number("holding")), given.whole("stages")
    rules = (ReleaseRule(Release.GREEDY), ReleaseRule(Release.HIGH_VALUE))
    out: dict[str, list[float]] = {"optimal": [], "greedy": [], "high_value": []}
    for row in given.rows("starts"):
        start = (row.text("state"), row.number("supply"))
        found = {c.rule.kind: c for c in compare_rules(data, stages, rules, start=start, stock=row.number("stock"))}
        out["optimal"].append(found[Release.GREEDY].optimal)
        out["greedy"].append(found[Release.GREEDY].cost)
        out["high_value"].append(found[Release.HIGH_VALUE].cost)
    return {name: np.array(values) for name, values in out.items()}
