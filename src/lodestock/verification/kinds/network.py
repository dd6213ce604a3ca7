"""Kinds of check on the network: planner, market rule, bracket, clearing price, by-products."""

from __future__ import annotations

import numpy as np

from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.network.adaptation import by_product
from lodestock.network.kernel_types import Floats
from lodestock.network.market import ration
from lodestock.network.planner import Planner
from lodestock.network.planner_model import Group
from lodestock.network.price import clear, consumer_loss, spatial_price
from lodestock.network.structure import Network, NetworkClass
from lodestock.verification.registry import Computed, Form, Given, Input, kind

# a base flow [t/month] that only says that a route exists; limits and capacities decide what moves
ROUTE = 1e-9


def _network(given: Given) -> Network:
    """A network of several stages from lists: who ships to whom, capacities, use."""
    countries, stages = given.texts("countries"), given.texts("stages")
    arcs = np.asarray(given.numbers("arcs"), np.int64)
    shape = (len(stages), len(countries))
    capacity, use = given.numbers("capacity"), given.numbers("use")
    stock = given.numbers("stock") if given.has("stock") else np.zeros(shape)
    if capacity.shape != shape or use.shape != shape or stock.shape != shape:
        raise InputError("capacity, use and stock are tables of stages by countries", why=str(shape))
    zero = np.zeros(shape)
    order = np.lexsort((arcs[:, 2], arcs[:, 1], arcs[:, 0]))
    if (order != np.arange(len(arcs))).any():
        raise InputError("arcs must be sorted by stage, origin and destination")
    return Network(
        "case", NetworkClass.CHAIN, tuple(stages), tuple(countries), arcs[:, 0], arcs[:, 1], arcs[:, 2],
        np.full(len(arcs), ROUTE), given.numbers("input_per_tonne"), capacity, use, zero, zero, stock, zero, zero,
    )  # fmt: skip


@kind(
    "network-planner",
    title=Text("De best mogelijke verdeling over een keten", "The best possible allocation over a chain"),
    inputs={
        "stages": Input("names of the stages", form=Form.TEXTS),
        "countries": Input("names of the countries", form=Form.TEXTS),
        "arcs": Input("stage, origin and destination of each route, counted from 0, sorted", form=Form.MATRIX),
        "input_per_tonne": Input("input of each stage per tonne of the next", form=Form.NUMBERS),
        "capacity": Input("capacity by stage and country", "t/month", Form.MATRIX),
        "use": Input("use by stage and country", "t/month", Form.MATRIX),
        "value": Input("loss per tonne not delivered, by stage and country", "kEUR/t", Form.MATRIX),
        "stock": Input("strategic stock by stage and country", "t", Form.MATRIX, optional=True),
        "capped_stage": Input("stages whose exports by the first country are capped", form=Form.NUMBERS),
        "cap": Input("cap on those exports", "t/month", Form.NUMBERS),
    },
    computes={
        "loss": "least loss [kEUR]",
        "served": "use served at the last stage by country [t]",
        "cap_value": "value of one more tonne under each cap [kEUR/t]",
        "capacity_value": "value of one more tonne of capacity by stage and country [kEUR/t]",
        "stock_value": "value of one more tonne of stock by stage and country [kEUR/t]",
    },
)
def network_planner(given: Given) -> Computed:
    """How little is lost when the whole chain is planned, and what one more tonne would be worth where."""
    network, value = _network(given), given.numbers("value")
    groups = tuple(
        Group(f"exports of stage {int(k)}", np.flatnonzero(_exports(network, int(k))))
        for k in given.numbers("capped_stage")
    )
    plan = Planner(network, value[:, :, None], groups=groups).solve(caps=given.numbers("cap")[None, :])
    return {
        "loss": plan.loss,
        "served": network.use[-1] - plan.shortage[0, -1],
        "cap_value": plan.group[0],
        "capacity_value": plan.capacity[0],
        "stock_value": plan.strategic,
    }


def _exports(network: Network, stage: int) -> Floats:
    return np.asarray((network.stage == stage) & (network.origin == 0) & (network.dest != 0))


@kind(
    "market-rationing",
    title=Text("Wie krijgt wat zonder coördinatie", "Who gets what without coordination"),
    inputs={
        "supply": Input("supply by maker", "t/month", Form.NUMBERS),
        "demand": Input("demand by user", "t/month", Form.NUMBERS),
        "base": Input("base trade from maker to user", "t/month", Form.MATRIX),
        "limit": Input("what each route can carry", "t/month", Form.MATRIX),
        "rounds": Input("rounds of offers", form=Form.WHOLE),
    },
    computes={
        "flow": "shipments from maker to user [t/month]",
        "shortage": "shortage by user [t/month]",
        "planner_shortage": "least total shortage that a planner could reach [t/month]",
    },
)
def market_rationing(given: Given) -> Computed:
    """How much users get by the market rule, and how little could be short with perfect coordination."""
    supply, demand = given.numbers("supply"), given.numbers("demand")
    base, limit = given.numbers("base"), given.numbers("limit")
    flow = ration(supply, demand, base, limit, given.whole("rounds"))
    return {
        "flow": flow,
        "shortage": demand - flow.sum(axis=0),
        "planner_shortage": least_shortage(supply, demand, limit),
    }


def least_shortage(supply: Floats, demand: Floats, limit: Floats) -> float:
    """Least total shortage of one stage [t/month]: makers first, then users, as countries of a network."""
    n, m = limit.shape
    capacity, use, zero = np.zeros((1, n + m)), np.zeros((1, n + m)), np.zeros((1, n + m))
    capacity[0, :n], use[0, n:] = supply, demand
    origin, dest = (a.astype(np.int64) for a in np.nonzero(np.ones((n, m))))
    base = np.full(n * m, ROUTE)
    network = Network(
        "case", NetworkClass.SINGLE_STAGE, ("stage",), tuple(f"country {i}" for i in range(n + m)),
        np.zeros(n * m, np.int64), origin, dest + n, base, np.empty(0), np.maximum(capacity, n * m * base.max()), use,
        zero, zero, zero, zero, zero,
    )  # fmt: skip
    planner = Planner(network, np.ones((1, n + m, 1)))
    return planner.solve(limit=limit.reshape(1, -1), able=capacity[None]).loss


@kind(
    "market-bracket",
    title=Text(
        "Planner ≤ markt met meer ronden ≤ markt met één ronde", "Planner ≤ market with rounds ≤ market with one"
    ),
    inputs={
        "networks": Input("number of random networks", form=Form.WHOLE),
        "seed": Input("seed of the networks", form=Form.WHOLE),
        "rounds": Input("rounds of offers in the middle", form=Form.WHOLE),
    },
    computes={
        "violations": "networks in which the order does not hold",
        "with_gap": "networks where coordination gains",
    },
)
def market_bracket(given: Given) -> Computed:
    """Whether more rounds never hurt and a planner never does worse, on random networks of one stage."""
    g = np.random.default_rng(given.whole("seed"))
    violations = with_gap = 0
    for _ in range(given.whole("networks")):
        n, m = int(g.integers(2, 6)), int(g.integers(2, 7))
        base = g.uniform(0.5, 10.0, (n, m))
        supply, demand, limit = base.sum(axis=1), base.sum(axis=0), base * g.uniform(0.3, 2.0, (n, m))
        best = least_shortage(supply, demand, limit)
        short = [demand.sum() - ration(supply, demand, base, limit, r).sum() for r in (given.whole("rounds"), 1)]
        violations += not (best <= short[0] + 1e-6 and short[0] <= short[1] + 1e-9)
        with_gap += short[0] > best + 1e-6
    return {"violations": violations, "with_gap": with_gap}


@kind(
    "clearing-price",
    title=Text("Prijs na een aanbodschok", "Price after a supply shock"),
    inputs={
        "lost_supply": Input("share of world supply that is gone", form=Form.NUMBERS),
        "demand_elasticity": Input("price elasticity of demand, below 0", form=Form.NUMBERS),
        "supply_elasticity": Input("price elasticity of supply, 0 or more", form=Form.NUMBERS),
        "ceiling": Input("most that the others can make, as a share; leave out if not known", optional=True),
    },
    computes={
        "price": "price over base price, by case",
        "quantity": "quantity over base quantity, by case",
        "lost_use": "value of use no longer served, in base price times base quantity, by case",
    },
)
def clearing_price(given: Given) -> Computed:
    """To what price and quantity a shock leads when everything is traded at one price."""
    top = given.number("ceiling") if given.has("ceiling") else None
    rows = zip(
        given.numbers("lost_supply"),
        given.numbers("demand_elasticity"),
        given.numbers("supply_elasticity"),
        strict=True,
    )
    found = [clear(float(loss), float(demand), float(supply), top) for loss, demand, supply in rows]
    return {
        "price": [item.price for item in found],
        "quantity": [item.quantity for item in found],
        "lost_use": [item.lost_use for item in found],
    }


@kind(
    "importer-loss",
    title=Text("Wat een importeur verliest bij een hogere prijs", "What an importer loses at a higher price"),
    inputs={"price": Input("price over base price"), "demand_elasticity": Input("price elasticity of demand, below 0")},
    computes={
        "loss": "loss of consumer surplus, in base price times base quantity",
        "lost_use": "value of use no longer served",
        "purchase_saved": "purchases no longer made",
        "terms_of_trade": "what is paid more for the tonnes still bought",
    },
)
def importer_loss(given: Given) -> Computed:
    """How the loss of an importer of every tonne splits into use, purchases and terms of trade."""
    parts = consumer_loss(given.number("price"), given.number("demand_elasticity"))
    return {
        "loss": parts.loss,
        "lost_use": parts.lost_use,
        "purchase_saved": parts.purchase_saved,
        "terms_of_trade": parts.terms_of_trade,
    }


@kind(
    "spatial-price",
    title=Text("Prijzen op markten met verschillende vracht", "Prices in markets with different freight"),
    inputs={
        "intercept": Input("price at which nothing is bought, by market", "kEUR/t", Form.NUMBERS),
        "slope": Input("fall in price per tonne, by market", "kEUR/t2", Form.NUMBERS),
        "supply": Input("supply by source", "t", Form.NUMBERS),
        "freight": Input("freight from source to market", "kEUR/t", Form.MATRIX),
        "steps": Input("steps of each demand curve", form=Form.WHOLE),
    },
    computes={"bought": "tonnes bought by market [t]", "price": "price by market [kEUR/t]"},
)
def spatial_prices(given: Given) -> Computed:
    """Where goods go and at what price when they go where they are worth most."""
    found = spatial_price(
        given.numbers("intercept"), given.numbers("slope"), given.numbers("supply"), given.numbers("freight"),
        given.whole("steps"),
    )  # fmt: skip
    return {"bought": found.bought, "price": found.price}


@kind(
    "by-product",
    title=Text("Een bijproduct stopt met zijn gastheer", "A by-product stops with its host"),
    inputs={
        "host": Input("output of each host", "t/month", Form.NUMBERS),
        "content": Input("by-product per tonne of host", "kg/t", Form.NUMBERS),
        "recovery": Input("share that is recovered", form=Form.NUMBERS),
    },
    computes={"most": "most that can be made [t/month]"},
)
def most_by_product(given: Given) -> Computed:
    """How much by-product the hosts allow."""
    content = given.numbers("content") / 1000.0
    return {"most": float(by_product(given.numbers("host"), content, given.numbers("recovery")))}
