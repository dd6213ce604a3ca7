"""Kinds of check on holding a stock: cost of carry, one-shot optimum, tail, private against social, knowing more."""

from __future__ import annotations

import math

from lodestock.evidence.ledger import Text
from lodestock.stock.carry import (
    CarryTerms,
    annual_carry,
    annuity_factor,
    break_even_probability,
    carry_npv,
    carry_rule_of_thumb,
)
from lodestock.stock.one_shot import (
    ExponentialNeed,
    LognormalNeed,
    Need,
    crowding_out,
    mean_cvar_stock,
    one_shot_stock,
    private_gap,
    value_of_knowing_probability,
)
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_COSTS = {
    "carry": Input("cost of holding a tonne", "kEUR/t/yr"),
    "loss": Input("loss per tonne lacking", "kEUR/t"),
}
_PROBABILITY = Input("chance of a disruption", "1/yr")
_EXPONENTIAL = {
    "probability": _PROBABILITY,
    "mean_need": Input("mean need in a disruption, exponential", "t"),
}


def _exponential(given: Given) -> ExponentialNeed:
    return ExponentialNeed(given.number("probability"), given.number("mean_need"))


def _best(need: Need, given: Given) -> Computed:
    carry, loss = given.number("carry"), given.number("loss")
    best = one_shot_stock(need, carry, loss)
    return {
        "stock": float(best.stock),
        "cost": float(best.cost),
        "cost_without": float(best.cost_without),
        "avoided_loss": float(best.avoided_loss(loss)),
        "benefit_cost_ratio": float(best.benefit_cost_ratio(carry, loss)),
        "expected_shortage": float(best.expected_shortage),
    }


_BEST = {
    "stock": "best stock [t]",
    "cost": "carry and remaining loss with it [kEUR/yr]",
    "cost_without": "loss without any stock [kEUR/yr]",
    "avoided_loss": "loss that the stock avoids [kEUR/yr]",
    "benefit_cost_ratio": "avoided loss per euro of carry",
    "expected_shortage": "what is still short on average [t/yr]",
}


@kind(
    "one-shot-stock",
    title=Text("Beste voorraad tegen één verstoring", "Best stock against one disruption"),
    inputs={**_EXPONENTIAL, **_COSTS},
    computes=_BEST,
)
def one_shot(given: Given) -> Computed:
    """How much to hold when the need in a disruption is exponential."""
    return _best(_exponential(given), given)


@kind(
    "one-shot-stock-lognormal",
    title=Text("Beste voorraad bij een scheve vraag", "Best stock against a skewed need"),
    inputs={
        "probability": _PROBABILITY,
        "median_need": Input("median need in a disruption", "t"),
        "need_spread": Input("standard deviation of the logarithm of the need"),
        **_COSTS,
    },
    computes=_BEST,
)
def one_shot_lognormal(given: Given) -> Computed:
    """How much to hold when the need in a disruption is lognormal."""
    need = LognormalNeed(given.number("probability"), given.number("median_need"), given.number("need_spread"))
    return _best(need, given)


@kind(
    "private-gap",
    title=Text("Wat bedrijven aanhouden en wat de samenleving wil", "What firms hold and what society wants"),
    inputs={
        **_EXPONENTIAL,
        **_COSTS,
        "private_losses": Input("loss per tonne to the firm, one answer each", "kEUR/t", Form.NUMBERS),
    },
    computes={
        "social_stock": "[t]",
        "private_stock": "[t]",
        "obligation_gap": "what an obligation would have to add [t]",
        "subsidy": "that makes the firm hold the social stock [kEUR/t/yr]",
        "deadweight": "cost to society of leaving it to the firm [kEUR/yr]",
        "threshold": "loss to the firm below which it holds nothing [kEUR/t]",
    },
)
def gap(given: Given) -> Computed:
    """How far firms that bear only part of the loss stay below the social stock, and what closes the gap."""
    answer = private_gap(
        _exponential(given), given.number("carry"), given.number("loss"), given.numbers("private_losses")
    )
    return {
        "social_stock": float(answer.social_stock),
        "private_stock": answer.private_stock,
        "obligation_gap": answer.obligation_gap,
        "subsidy": answer.subsidy,
        "deadweight": answer.deadweight,
        "threshold": float(answer.threshold),
    }


@kind(
    "mean-cvar-stock",
    title=Text("Beste voorraad als de staart telt", "Best stock when the tail counts"),
    inputs={
        **_EXPONENTIAL,
        **_COSTS,
        "weights": Input("weight of CVaR, one answer each", form=Form.NUMBERS),
        "levels": Input("level of CVaR, one answer each", form=Form.NUMBERS),
    },
    computes={"stock": "[t]", "objective": "[kEUR/yr]", "cvar": "at that stock [kEUR/yr]"},
)
def mean_cvar(given: Given) -> Computed:
    """How much to hold when a mix of the mean and the tail of the yearly cost counts."""
    best = mean_cvar_stock(
        _exponential(given),
        given.number("carry"),
        given.number("loss"),
        given.numbers("weights"),
        given.numbers("levels"),
    )
    return {"stock": best.stock, "objective": best.objective, "cvar": best.cvar}


@kind(
    "crowding-out",
    title=Text("Publieke voorraad verdringt private", "Public stock crowds out private stock"),
    inputs={
        **_EXPONENTIAL,
        "carry": _COSTS["carry"],
        "private_loss": Input("loss per tonne to the firm", "kEUR/t"),
        "public_stocks": Input("public stock, one answer each", "t", Form.NUMBERS),
    },
    computes={"private_stock": "[t]", "total": "[t]", "net_added": "[t]"},
)
def crowding(given: Given) -> Computed:
    """How much a public stock really adds when it is released first."""
    alone = one_shot_stock(_exponential(given), given.number("carry"), given.number("private_loss")).stock
    answer = crowding_out(given.numbers("public_stocks"), alone)
    return {"private_stock": answer.private_stock, "total": answer.total, "net_added": answer.net_added}


@kind(
    "value-of-knowing",
    title=Text("Wat het waard is de kans te kennen", "What it is worth to know the chance"),
    inputs={
        "probabilities": Input("possible chances of a disruption", "1/yr", Form.NUMBERS),
        "weights": Input("how likely each is", form=Form.NUMBERS),
        "mean_need": _EXPONENTIAL["mean_need"],
        **_COSTS,
    },
    computes={"value": "[kEUR/yr]"},
)
def value_of_knowing(given: Given) -> Computed:
    """What perfect information on the chance of a disruption is worth before choosing the stock."""
    worth = value_of_knowing_probability(
        given.numbers("probabilities"),
        given.numbers("weights"),
        given.number("mean_need"),
        given.number("carry"),
        given.number("loss"),
    )
    return {"value": float(worth)}


@kind(
    "carry",
    title=Text("Kosten van het aanhouden van een ton", "Cost of holding a tonne"),
    inputs={
        "price": Input("price", "kEUR/t"),
        "discount_rate": Input("discount rate", "1/yr"),
        "storage": Input("storage, share of the price", "1/yr"),
        "insurance": Input("insurance, share of the price", "1/yr"),
        "obsolescence": Input("obsolescence, share of the price", "1/yr"),
        "transaction": Input("cost of buying and again of selling, share of the price"),
        "drift": Input("yearly real change of the price", "1/yr"),
        "rotation": Input("cost of renewing the stock, share of the price"),
        "shelf_life": Input("years between renewals; leave out if it keeps", "yr", optional=True),
        "horizon": Input("years of holding", "yr", Form.WHOLE),
        "loss_over_price": Input("loss per tonne as a multiple of the price", form=Form.NUMBERS),
    },
    computes={
        "npv": "net present value [kEUR/t]",
        "annuity": "the same as a yearly cost [kEUR/t/yr]",
        "rule_of_thumb": "[kEUR/t/yr]",
        "break_even_probability": "chance of use at which the last tonne pays, by multiple [1/yr]",
    },
)
def carry(given: Given) -> Computed:
    """What holding a tonne costs, and how likely its use must be."""
    terms = CarryTerms(
        given.number("discount_rate"),
        given.number("storage"),
        given.number("insurance"),
        given.number("obsolescence"),
        given.number("transaction"),
        given.number("drift"),
        given.number("rotation"),
        given.number("shelf_life") if given.has("shelf_life") else math.inf,
    )
    price, horizon = given.number("price"), given.whole("horizon")
    yearly = annual_carry(price, terms, horizon)
    return {
        "npv": float(carry_npv(price, terms, horizon)),
        "annuity": float(yearly),
        "rule_of_thumb": float(carry_rule_of_thumb(price, terms, horizon)),
        "break_even_probability": break_even_probability(yearly, price * given.numbers("loss_over_price")),
    }


@kind(
    "annuity-factor",
    title=Text("Annuïteitsfactoren", "Annuity factors"),
    inputs={
        "discount_rates": Input("discount rates", "1/yr", Form.NUMBERS),
        "years": Input("years", "yr", Form.WHOLE),
    },
    computes={"factor": "by rate [yr]"},
)
def annuity(given: Given) -> Computed:
    """What one euro a year is worth today."""
    return {"factor": annuity_factor(given.numbers("discount_rates"), given.whole("years"))}
