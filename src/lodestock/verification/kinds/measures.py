"""Kinds of check on measures: the best portfolio, what each measure adds, and regret."""

from __future__ import annotations

import numpy as np

from lodestock.evidence.ledger import Text
from lodestock.measures.portfolio import Portfolio, PortfolioSolver, attribute, base_loss
from lodestock.measures.robustness import regret
from lodestock.stock.benefit import cvar
from lodestock.stock.design import Aim
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_PORTFOLIO = {
    "measures": Input("names", form=Form.TEXTS),
    "unit_cost": Input("yearly cost of a unit, by measure", "kEUR/yr", Form.NUMBERS),
    "most": Input("largest number of units, by measure", "-", Form.NUMBERS),
    "effect": Input("tonnes that a unit adds: a row per measure, a column per scenario", "t", Form.MATRIX),
    "short": Input("tonnes short, by scenario", "t", Form.NUMBERS),
    "step_width": Input("width of the loss steps, a row per scenario", "t", Form.MATRIX),
    "step_loss": Input("loss of each step", "kEUR/t", Form.NUMBERS),
    "probability": Input("chance of each scenario", "-", Form.NUMBERS),
}


def _portfolio(given: Given) -> Portfolio:
    return Portfolio(
        tuple(given.texts("measures")),
        given.numbers("unit_cost"),
        given.numbers("most"),
        given.numbers("effect")[:, None, :],
        given.numbers("short")[None, :],
        given.numbers("step_width")[None],
        given.numbers("step_loss")[None, :],
        given.numbers("probability"),
    )


@kind(
    "portfolio-of-measures",
    title=Text("Welke maatregelen samen", "Which measures together"),
    inputs={
        **_PORTFOLIO,
        "level": Input("level of CVaR"),
        "aversion": Input("weight of CVaR, one answer each", "-", Form.NUMBERS),
        "budget": Input("budget, one answer each", "kEUR/yr", Form.NUMBERS),
    },
    computes={
        "base_loss": "without measures, by scenario [kEUR]",
        "base_cvar": "[kEUR]",
        "objective": "[kEUR/yr]",
        "amount": "units of each measure, a row per answer",
        "expected_loss": "[kEUR/yr]",
        "cvar": "[kEUR/yr]",
        "next_euro": "fall of the objective per extra euro of budget",
        "avoided_per_euro": "mean avoided loss per euro, null when nothing is spent",
    },
)
def portfolio_of_measures(given: Given) -> Computed:
    """Which measures to take within a budget, for the mean and for the tail."""
    portfolio = _portfolio(given)
    solver, level = PortfolioSolver(portfolio), given.number("level")
    aims = [
        Aim(float(budget), float(aversion), level)
        for aversion, budget in zip(given.numbers("aversion"), given.numbers("budget"), strict=True)
    ]
    found = [solver.solve(aim) for aim in aims]
    before = base_loss(portfolio)
    return {
        "base_loss": before,
        "base_cvar": cvar(before, portfolio.probability, level)[0],
        "objective": [choice.objective for choice in found],
        "amount": [choice.amount.tolist() for choice in found],
        "expected_loss": [choice.expected_loss for choice in found],
        "cvar": [choice.tail_loss for choice in found],
        "next_euro": [solver.budget_worth(aim)[1] for aim in aims],
        "avoided_per_euro": [choice.avoided_per_euro for choice in found],
    }


@kind(
    "attribution-of-measures",
    title=Text("Wat elke maatregel bijdraagt", "What each measure adds"),
    inputs={**_PORTFOLIO, "budget": Input("budget", "kEUR/yr")},
    computes={
        "shapley": "share of each measure [kEUR/yr]",
        "set_value": "of each set of measures by bit mask, the empty set first [kEUR/yr]",
    },
)
def attribution_of_measures(given: Given) -> Computed:
    """How the gain of overlapping measures divides over them."""
    found = attribute(_portfolio(given), Aim(given.number("budget")))
    return {"shapley": found.share, "set_value": found.worth}


@kind(
    "regret",
    title=Text("Spijt over werelden", "Regret over worlds"),
    inputs={"cost": Input("cost, a row per choice and a column per world", "kEUR/yr", Form.MATRIX)},
    computes={"regret": "a row per choice [kEUR/yr]", "choice": "row with the smallest worst regret, from 1"},
)
def regret_of_choices(given: Given) -> Computed:
    """How much each choice loses to the best one in each world."""
    found = regret(np.asarray(given.numbers("cost")))
    return {"regret": found.regret, "choice": found.choice + 1}
