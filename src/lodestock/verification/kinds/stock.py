"""Kinds of check on stocks: standing stock, CVaR, form, coalition, pooling and stock as a public good."""

from __future__ import annotations

import numpy as np

from lodestock.evidence.ledger import Text
from lodestock.stock.benefit import cvar
from lodestock.stock.coalition import Rule, shares, stock_game
from lodestock.stock.design import Aim, DesignSolver, StockDesign
from lodestock.stock.forms import EVERYWHERE, Disruption, Form, coverage, form_of, idle_capacity, route
from lodestock.stock.pooling import common_cause_pooling, normal_pooling, public_good_stock
from lodestock.stock.stationary import (
    GeometricDisruption,
    OilReserve,
    best_level,
    cost_with_best_stock,
    cost_without_stock,
    geometric_cost,
    policy_iteration,
    unit_worth,
)
from lodestock.verification.registry import Computed, Given, Input, kind
from lodestock.verification.registry import Form as Shape


@kind(
    "standing-stock",
    title=Text("Voorraad voor altijd", "A standing stock"),
    inputs={
        "start": Input("chance that a disruption starts", "1/month"),
        "end": Input("chance that it ends", "1/month"),
        "holding": Input("cost of holding a unit", "kEUR/month"),
        "loss": Input("loss per unit short", "kEUR"),
        "refill": Input("price of buying a unit back", "kEUR"),
        "discount": Input("discount factor per month"),
        "units": Input("number of units to value", "-", Shape.WHOLE),
    },
    computes={
        "best_level": "units worth holding, in closed form",
        "best_level_chain": "the same, from the Markov chain",
        "net_worth": "of each unit, present value [kEUR]",
        "cost_without_stock": "for ever, from normal and from disrupted [kEUR]",
        "cost": "for ever from normal with an empty store, in closed form [kEUR]",
        "cost_chain": "the same from normal and from disrupted, from the Markov chain [kEUR]",
    },
)
def standing_stock(given: Given) -> Computed:
    """How many months of need to hold for ever, when disruptions start and end at random; two methods."""
    names = ("start", "end", "holding", "loss", "refill", "discount")
    case = GeometricDisruption(*(given.number(name) for name in names))
    units = given.whole("units")
    chain = policy_iteration(*geometric_cost(case, max(units, best_level(case)) + 1), case.discount)
    return {
        "best_level": best_level(case),
        "best_level_chain": int(chain.leaving[0, 0]),
        "net_worth": unit_worth(case, units) - case.refill,
        "cost_without_stock": list(cost_without_stock(case)),
        "cost": cost_with_best_stock(case),
        "cost_chain": chain.value[:, 0],
    }


@kind(
    "oil-reserve",
    title=Text("Oliereserve volgens Teisberg", "Oil reserve after Teisberg"),
    inputs={
        "levels": Input("levels of the reserve", "-", Shape.NUMBERS),
        "shortfall": Input("supply lost in each market state", "-", Shape.NUMBERS),
        "constant": Input("constant of the demand curve"),
        "scale": Input("scale of the demand curve"),
        "elasticity": Input("elasticity of the demand curve"),
        "share": Input("share of the consumer loss that counts"),
        "supply": Input("supply"),
        "normal_price": Input("normal price"),
        "storage": Input("storage cost"),
        "transition": Input("chance of each market state after each", "-", Shape.MATRIX),
        "discount": Input("discount factor per year"),
        "weight": Input("weight of each state in the objective"),
    },
    computes={
        "objective": "weighted sum of all values",
        "values": "cost for ever by level, one row per market state",
        "next_level": "level to move to, one row per market state",
        "price_when_held": "price by market state when the reserve does not change",
    },
)
def oil_reserve(given: Given) -> Computed:
    """The reserve that minimises consumer loss, purchases and storage in a market that is disrupted at random."""
    fields = ("constant", "scale", "elasticity", "share", "supply", "normal_price", "storage")
    reserve = OilReserve(given.numbers("levels"), given.numbers("shortfall"), *(given.number(f) for f in fields))
    found = policy_iteration(reserve.cost(), given.numbers("transition"), given.number("discount"))
    return {
        "objective": given.number("weight") * float(found.value.sum()),
        "values": found.value,
        "next_level": reserve.levels[found.leaving],
        "price_when_held": reserve.price()[:, 0, 0],
    }


@kind(
    "discrete-cvar",
    title=Text("Gemiddelde van de ergste uitkomsten", "Mean of the worst outcomes"),
    inputs={
        "loss": Input("loss of each outcome", "kEUR", Shape.NUMBERS),
        "probability": Input("chance of each outcome", "-", Shape.NUMBERS),
        "levels": Input("levels of CVaR", "-", Shape.NUMBERS),
    },
    computes={"mean": "expected loss [kEUR]", "cvar": "by level [kEUR]"},
)
def discrete_cvar(given: Given) -> Computed:
    """The mean of the worst 1 − α of outcomes; the outcome at the quantile is split."""
    loss, chance = given.numbers("loss"), given.numbers("probability")
    return {
        "mean": float(loss @ chance),
        "cvar": [cvar(loss, chance, float(level))[0] for level in given.numbers("levels")],
    }


@kind(
    "form-choice",
    title=Text("In welke vorm", "In which form"),
    inputs={
        "forms": Input("form, price, carry and usable share", form=Shape.ROWS, columns={
            "form": Input("stored form", form=Shape.TEXT, choices=tuple(form.value for form in Form)),
            "price": Input("price", "kEUR/t"),
            "carry": Input("cost of holding, share of the price", "1/yr"),
            "fit": Input("share that meets the specification"),
            "most": Input("largest stock", "t", optional=True),
        }),
        "events": Input("events by the stage they hit", form=Shape.ROWS, columns={
            "chance": Input("yearly chance", "1/yr"),
            "stage": Input("stage that is hit", form=Shape.TEXT, choices=(*(f.value for f in Form), EVERYWHERE)),
            "gap": Input("tonnes lost at the end of the chain", "t"),
            "idle_oxide": Input("idle capacity to make oxide", "t"),
            "idle_magnet": Input("idle capacity to make magnets", "t"),
        }),
        "loss": Input("loss per tonne short", "kEUR/t"),
    },
    computes={"cost": "carry and expected loss [kEUR/yr]", "stock": "by form [t]"},
)  # fmt: skip
def form_choice(given: Given) -> Computed:
    """Which forms to hold when each helps only against some events and needs converters to be of use."""
    forms = given.rows("forms")
    stored = [form_of(row.text("form")) for row in forms]
    steps = (Form.OXIDE, Form.MAGNET)
    events = [
        Disruption(row.number("chance"), row.text("stage"), row.number("gap"), {
            Form.OXIDE: row.number("idle_oxide"),
            Form.MAGNET: row.number("idle_magnet"),
        })
        for row in given.rows("events")
    ]  # fmt: skip
    rest = 1.0 - sum(event.chance for event in events)
    every = [*events, Disruption(rest, EVERYWHERE, 0.0, dict.fromkeys(steps, 0.0))]
    price = np.array([row.number("price") for row in forms])
    design = StockDesign(
        material=np.zeros(len(forms), dtype=np.int64),
        carry=price * np.array([row.number("carry") for row in forms]),
        spend=price,
        fit=np.array([row.number("fit") for row in forms]),
        least=np.zeros(len(forms)),
        most=np.array([row.number("most") if row.has("most") else np.inf for row in forms]),
        cover=np.array([coverage(stored, event.stage) for event in every]).T,
        gap=np.array([[event.gap for event in every]]),
        width=np.ones((1, 1)),
        value=np.array([[given.number("loss")]]),
        route=route(stored, steps),
        capacity=idle_capacity(every, steps),
        probability=np.array([event.chance for event in every]),
    )
    plan = DesignSolver(design).solve(Aim(1e12))
    return {"cost": plan.objective, "stock": plan.tonnes}


@kind(
    "coalition-shares",
    title=Text("Kosten delen in een coalitie", "Sharing costs in a coalition"),
    inputs={
        "members": Input("names", form=Shape.TEXTS),
        "need": Input("tonnes short, a row per scenario", "t", Shape.MATRIX),
        "probability": Input("chance of each scenario", "-", Shape.NUMBERS),
        "loss": Input("loss per tonne, by member", "kEUR/t", Shape.NUMBERS),
        "carry": Input("cost of holding a tonne", "kEUR/t/yr"),
    },
    computes={
        "cost": "of each coalition by bit mask, from member 1 alone to all [kEUR/yr]",
        "stock": "of each coalition by bit mask [t]",
        "pooling_gain": "[kEUR/yr]",
        "shapley": "share of each member [kEUR/yr]",
        "nucleolus": "share of each member [kEUR/yr]",
        "stand_alone": "share in proportion to the cost alone [kEUR/yr]",
        "use": "share in proportion to expected need [kEUR/yr]",
        "core": "inside when no group of members would leave, else outside; by rule",
    },
)
def coalition_shares(given: Given) -> Computed:
    """What a common stock costs each group of members, how rules share it, and whether anyone would leave."""
    need, chance = given.numbers("need"), given.numbers("probability")
    game = stock_game(given.texts("members"), need, chance, given.numbers("loss"), given.number("carry"))
    found = {rule: shares(game, rule, use=chance @ need) for rule in Rule}
    return {
        "cost": game.cost[1:],
        "stock": game.stock[1:],
        "pooling_gain": game.gain,
        "shapley": found[Rule.SHAPLEY].amount,
        "nucleolus": found[Rule.NUCLEOLUS].amount,
        "stand_alone": found[Rule.STAND_ALONE].amount,
        "use": found[Rule.USE].amount,
        "core": {rule.value: "inside" if share.core.in_core else "outside" for rule, share in found.items()},
    }


@kind(
    "pooling-normal",
    title=Text("Samenvoegen bij gecorreleerde behoefte", "Pooling with correlated needs"),
    inputs={
        "members": Input("number of equal members", "-", Shape.WHOLE),
        "mean": Input("mean need of a member", "t"),
        "deviation": Input("standard deviation of it", "t"),
        "correlations": Input("correlation between members, one answer each", "-", Shape.NUMBERS),
        "carry": Input("cost of holding a tonne", "kEUR/t/yr"),
        "loss": Input("loss per tonne short", "kEUR/t"),
    },
    computes={
        "cost_separate": "[kEUR/yr]", "cost_pooled": "[kEUR/yr]", "gain": "[kEUR/yr]",
        "stock_separate": "[t]", "stock_pooled": "[t]",
    },
)  # fmt: skip
def pooling_normal(given: Given) -> Computed:
    """What pooling saves when needs are normal, by correlation."""
    mean, deviation, carry, loss = (given.number(name) for name in ("mean", "deviation", "carry", "loss"))
    found = [
        normal_pooling(given.whole("members"), mean, deviation, float(rho), carry, loss)
        for rho in given.numbers("correlations")
    ]
    return {
        "cost_separate": [f.separate for f in found],
        "cost_pooled": [f.pooled for f in found],
        "gain": [f.gain for f in found],
        "stock_separate": [f.stock_separate for f in found],
        "stock_pooled": [f.stock_pooled for f in found],
    }


@kind(
    "pooling-common-cause",
    title=Text("Samenvoegen bij gemeenschappelijke oorzaak", "Pooling with a common cause"),
    inputs={
        "members": Input("number of equal members", "-", Shape.WHOLE),
        "chance": Input("yearly chance that a member is hit", "1/yr"),
        "common": Input("chance that all are hit at once, one answer each", "1/yr", Shape.NUMBERS),
        "size": Input("tonnes short when hit", "t"),
        "carry": Input("cost of holding a tonne", "kEUR/t/yr"),
        "loss": Input("loss per tonne short", "kEUR/t"),
    },
    computes={
        "cost_separate": "[kEUR/yr]", "cost_pooled": "[kEUR/yr]", "gain_percent": "of the separate cost",
        "stock_pooled": "[t]",
    },
)  # fmt: skip
def pooling_common_cause(given: Given) -> Computed:
    """What pooling saves when part of the events hit everyone at once."""
    size, carry, loss = (given.number(name) for name in ("size", "carry", "loss"))
    found = [
        common_cause_pooling(given.whole("members"), given.number("chance"), float(common), size, carry, loss)
        for common in given.numbers("common")
    ]
    return {
        "cost_separate": [f.separate for f in found],
        "cost_pooled": [f.pooled for f in found],
        "gain_percent": [100.0 * f.gain_share for f in found],
        "stock_pooled": [f.stock_pooled for f in found],
    }


@kind(
    "stock-as-public-good",
    title=Text("Voorraad als publiek goed", "Stock as a public good"),
    inputs={
        "chance": Input("yearly chance of the event", "1/yr"),
        "carry": Input("cost of holding a tonne", "kEUR/t/yr"),
        "need": Input("stock at which nobody is hurt", "t"),
        "stakes": Input("damage parameter of each member", "kEUR/t2", Shape.NUMBERS),
    },
    computes={
        "nash": "stock of each member without agreement [t]",
        "nash_total": "[t]",
        "together_total": "stock with agreement [t]",
        "cost_nash": "of all [kEUR/yr]",
        "cost_together": "of all [kEUR/yr]",
    },
)
def stock_as_public_good(given: Given) -> Computed:
    """How much is stocked with and without agreement when everyone profits from every tonne."""
    found = public_good_stock(
        given.number("chance"), given.number("carry"), given.number("need"), given.numbers("stakes")
    )
    return {
        "nash": found.nash_by_member,
        "nash_total": found.nash,
        "together_total": found.cooperative,
        "cost_nash": found.cost_nash,
        "cost_together": found.cost_cooperative,
    }
