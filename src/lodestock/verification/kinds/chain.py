"""The whole chain by hand: licence regime → commercial stock → value added → a stock's benefit per euro."""

from __future__ import annotations

import math

import numpy as np

from lodestock.disruption.licence import usable_licences
from lodestock.disruption.tank import tank
from lodestock.economy.allocation import value_per_tonne
from lodestock.evidence.ledger import Text
from lodestock.stock.carry import expected_benefit_per_euro
from lodestock.verification.kinds.disruption import FLOW, law_of, spread
from lodestock.verification.registry import Computed, Form, Given, Input, kind


@kind(
    "licence-chain",
    title=Text("Van vergunning tot baten per euro", "From licence to benefit per euro"),
    inputs={
        **{name: item for name, item in FLOW.items() if name != "applications"},
        "need": Input("need each month", "t/month"),
        "licensed_share": Input("share of the need that falls under the licence"),
        "regime_months": Input("length of the regime", "month", Form.WHOLE),
        "months_after": Input("months to look after it", "month", Form.WHOLE),
        "commercial_stock": Input("commercial stock at the start", "t"),
        "value_added": Input("value added that needs the material", "kEUR/month"),
        "criticality": Input("1 critical, 0.5 important, 0 not"),
        "exposure": Input("share of that value added that stops"),
        "price": Input("price of the material", "kEUR/t"),
        "carry_rate": Input("cost of holding, share of the price", "1/yr"),
        "probability": Input("chance of the regime", "1/yr"),
        "stocks": Input("strategic stock, one answer each", "t", Form.NUMBERS),
    },
    computes={
        "shortage": "before strategic stock, by month [t/month]",
        "total_shortage": "by strategic stock [t]",
        "loss": "value added lost, by strategic stock [kEUR]",
        "avoided_loss": "by strategic stock [kEUR]",
        "left": "strategic stock that is left over [t]",
        "annual_cost": "of holding it [kEUR/yr]",
        "benefit_per_euro": "expected loss avoided per euro; null where nothing is held",
    },
)
def licence_chain(given: Given) -> Computed:
    """How a licence regime becomes a shortage, a loss of value added, and a stock's benefit per euro."""
    need, after = given.number("need"), given.whole("months_after")
    months = given.whole("regime_months")
    filed = need * given.number("licensed_share")
    licensed = usable_licences(
        np.full(months, filed),
        never_granted=given.number("never_granted"),
        granted_fraction=given.number("granted_fraction"),
        law=law_of(given),
        spread_over_month=spread(given),
    )
    arrivals = np.concatenate([need - filed + licensed, np.full(after, need)])
    path = tank(np.full(months + after, need), arrivals, given.number("commercial_stock"))
    stocks = given.numbers("stocks")
    released = tank(path.shortage, np.zeros(months + after), stocks)
    value = value_per_tonne(given.number("criticality"), given.number("exposure"), given.number("value_added"), need)
    loss = released.total() * value
    avoided = path.total() * value - loss
    cost = stocks * given.number("price") * given.number("carry_rate")
    ratio = expected_benefit_per_euro(avoided, given.number("probability"), cost)
    return {
        "shortage": path.shortage,
        "total_shortage": released.total(),
        "loss": loss,
        "avoided_loss": avoided,
        "left": released.left(),
        "annual_cost": cost,
        "benefit_per_euro": [None if math.isnan(each) else each for each in ratio.tolist()],
    }
