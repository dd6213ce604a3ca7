"""Kinds of check on estimation from licence cases, competing outcomes and regimes."""

from __future__ import annotations

import numpy as np

from lodestock.disruption.cases import Ages
from lodestock.disruption.competing_risks import incidence
from lodestock.disruption.estimate import CureParameters, Family, fit_cure, log_likelihood
from lodestock.disruption.information import one_more_case
from lodestock.disruption.posterior import CureGrid
from lodestock.disruption.regimes import (
    chance_of_any,
    expected_months,
    expected_shortage,
    mean_spell,
    shortage_after_stock,
    stationary,
)
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_CASES = {
    "age": Input("age of each case when decided or last seen", "month", Form.NUMBERS),
    "granted": Input("1 for a granted case, 0 for one still open", form=Form.NUMBERS),
    "law": Input("law of the lead time", form=Form.TEXT, choices=tuple(Family)),
}


def _ages(given: Given) -> Ages:
    age, granted = given.numbers("age"), given.numbers("granted")
    if age.shape != granted.shape or not np.isin(granted, (0, 1)).all():
        raise InputError("each age needs a 1 or a 0", where="granted")
    return Ages(age, age, granted == 1, np.zeros(age.size, np.bool_), np.full(age.size, np.nan))


@kind(
    "licence-likelihood",
    title=Text("Hoe goed parameters bij gedateerde zaken passen", "How well parameters fit dated cases"),
    inputs={
        **_CASES,
        "never_granted": Input("share that is never granted", form=Form.NUMBERS),
        "shape": Input("Weibull shape, or spread of a lognormal law", form=Form.NUMBERS),
        "scale": Input("Weibull scale, or median of a lognormal law", "month", Form.NUMBERS),
    },
    computes={"log_likelihood": "log-likelihood, by set of parameters"},
)
def licence_likelihood(given: Given) -> Computed:
    """How likely dated cases are at given parameters."""
    at = CureParameters(given.numbers("never_granted"), given.numbers("shape"), given.numbers("scale"))
    return {"log_likelihood": log_likelihood(_ages(given), Family(given.text("law")), at)}


@kind(
    "licence-fit",
    title=Text(
        "De best passende doorlooptijd en nooit-verleend-aandeel", "The best fitting lead time and never-granted share"
    ),
    inputs=_CASES,
    computes={
        "never_granted": "share that is never granted",
        "shape": "Weibull shape, or spread of a lognormal law",
        "scale": "Weibull scale, or median of a lognormal law [month]",
        "log_likelihood": "log-likelihood at the best fit",
        "error": "standard errors of logit(never granted), ln(shape) and ln(scale)",
    },
)
def licence_fit(given: Given) -> Computed:
    """Which lead time and never-granted share fit dated cases best."""
    fit = fit_cure(_ages(given), Family(given.text("law")))
    return {
        "never_granted": float(fit.parameters.never),
        "shape": float(fit.parameters.shape),
        "scale": float(fit.parameters.scale),
        "log_likelihood": fit.log_likelihood,
        "error": fit.error,
    }


@kind(
    "one-more-case",
    title=Text("Wat nog één gedateerde zaak zou vertellen", "What one more dated case would tell"),
    inputs={
        "never_granted": Input("what the never-granted share may be", form=Form.NUMBERS),
        "weights": Input("how likely each is", form=Form.NUMBERS),
        "law": _CASES["law"],
        "shape": Input("Weibull shape, or spread of a lognormal law"),
        "scale": Input("Weibull scale, or median of a lognormal law", "month"),
        "ages": Input(
            "ages between which the case is seen granted, or still open after the last", "month", Form.NUMBERS
        ),
        "losses": Input("loss of each decision, at each share", form=Form.MATRIX),
    },
    computes={
        "now": "expected loss of the best decision today",
        "after": "expected loss once the case is seen",
        "value": "what the case is worth: now − after",
        "perfect": "what knowing the share itself is worth",
        "chance": "chance of each outcome of the case: by window, then still open",
        "decision": "best decision today, counted from 0",
        "best": "best decision after each outcome, counted from 0",
    },
)
def more_case(given: Given) -> Computed:
    """What one more dated licence case is worth to whoever must decide between options."""
    never, weights = given.numbers("never_granted"), given.numbers("weights")
    if weights.shape != never.shape:
        raise InputError("each share needs a weight", where="weights", mend="give one for each never-granted share")
    shape, scale = np.array([given.number("shape")]), np.array([given.number("scale")])
    losses = given.numbers("losses")
    if losses.shape[-1] != never.size:
        raise InputError("each decision needs a loss at each share", where="losses", mend="one row for each decision")
    grid = CureGrid(never, shape, scale, weights[:, None, None], 0.0)
    found = one_more_case(grid, Family(given.text("law")), given.numbers("ages"), losses[:, :, None, None])
    return {
        "now": found.now,
        "after": found.after,
        "value": found.sample,
        "perfect": found.perfect,
        "chance": found.chance,
        "decision": float(found.decision),
        "best": found.best.astype(np.float64),
    }


@kind(
    "outcome-shares",
    title=Text("Verleend, geweigerd of nog open, naar leeftijd", "Granted, denied or still open, by age"),
    inputs={
        "age": _CASES["age"],
        "outcome": Input("0 open, 1 granted, 2 denied", form=Form.NUMBERS),
        "ages": Input("ages at which the shares are asked", "month", Form.NUMBERS),
    },
    computes={"open": "share open by age", "granted": "share granted by age", "denied": "share denied by age"},
)
def outcome_shares(given: Given) -> Computed:
    """What share has each outcome by each age, when outcomes compete (Aalen–Johansen)."""
    found = incidence(given.numbers("age"), given.numbers("outcome"), 2)
    still, share = found.at(given.numbers("ages"))
    return {"open": still, "granted": share[:, 0], "denied": share[:, 1]}


@kind(
    "regime-moments",
    title=Text("Regimes die komen en gaan", "Regimes that come and go"),
    inputs={
        "transition": Input("chance to go from state to state in a month", form=Form.MATRIX),
        "months": Input("horizon", "month", Form.WHOLE),
        "shortage_share": Input("share of demand that is short, by state", form=Form.NUMBERS),
        "demand": Input("demand", "t/month"),
        "rate": Input("discount rate, as a share per year"),
        "stocks": Input("stocks that are used one for one and not refilled", "t", Form.NUMBERS),
    },
    computes={
        "stationary": "share of months by state in the long run",
        "months_by_state": "expected months by state [month]",
        "any": "chance of leaving the first state",
        "spell": "mean months until the first state, from each other state [month]",
        "discounted_shortage": "expected discounted shortage [t]",
        "shortage_by_stock": "expected undiscounted shortage, by stock [t]",
    },
)
def regime_moments(given: Given) -> Computed:
    """What a chain of regimes does over a horizon that begins in the first state, worked out exactly."""
    p, months, share = given.numbers("transition"), given.whole("months"), given.numbers("shortage_share")
    demand = given.number("demand")
    return {
        "stationary": stationary(p),
        "months_by_state": expected_months(p, 0, months),
        "any": chance_of_any(p, 0, months),
        "spell": mean_spell(p, np.arange(1, p.shape[0])),
        "discounted_shortage": expected_shortage(p, 0, months, share, demand, given.number("rate")),
        "shortage_by_stock": [
            shortage_after_stock(p, 0, months, share, demand, float(stock)) for stock in given.numbers("stocks")
        ],
    }
