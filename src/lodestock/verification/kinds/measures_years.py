"""Kinds of check on legal clocks, on the cost of processing, and on measures over years."""

from __future__ import annotations

import datetime as dt

import numpy as np

from lodestock.disruption.calendar import read_calendar
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.measures.comparison import Futures, Measures, loss_left, unit_cost
from lodestock.measures.law_book import law_book
from lodestock.measures.legal_clocks import Events, Extension, Suspension, clock_state
from lodestock.measures.processing_cost import Plant, Schedule, contract_for_difference, offtake_floor, processing_cost
from lodestock.verification.registry import Computed, Form, Given, Input, kind

_PLANT = (
    "capital", "capacity", "recovery", "energy", "energy_price", "feed_price", "other", "staff", "wage", "upkeep",
    "price", "by_products", "wacc",
)  # fmt: skip


def _day(given: Given, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(given.text(name))
    except ValueError:
        raise InputError(f"'{given.text(name)}' is not a day", where=name, mend="write yyyy-mm-dd") from None


@kind(
    "legal-clock",
    title=Text("Wettelijke klok", "Legal clock"),
    inputs={
        "clock": Input("id of the clock in reference/law/clocks.yml", form=Form.TEXT),
        "start": Input("day of the event that starts it", form=Form.TEXT),
        "day": Input("day on which it is read", form=Form.TEXT),
        "stopped_first": Input("first day that does not count", form=Form.TEXT, optional=True),
        "stopped_last": Input("last day that does not count", form=Form.TEXT, optional=True),
        "extended_on": Input("day on which it was extended", form=Form.TEXT, optional=True),
        "extended_by": Input("by how much, in the unit of the clock", form=Form.WHOLE, optional=True),
    },
    computes={
        "deadline": "last day of the term, as yyyymmdd",
        "used": "days that counted",
        "left": "days that are left",
        "late": "calendar days past the deadline",
    },
)
def legal_clock(given: Given) -> Computed:
    """When a term ends under the law as it stands, with the Dutch calendar."""
    stops: tuple[Suspension, ...] = ()
    if given.has("stopped_first"):
        last = _day(given, "stopped_last") if given.has("stopped_last") else None
        stops = (Suspension(_day(given, "stopped_first"), last, "assessment-report", "case"),)
    extension = None
    if given.has("extended_on"):
        extension = Extension(_day(given, "extended_on"), given.whole("extended_by"), "case")
    events = Events(_day(given, "start"), stops, extension)
    rule = law_book().rule(given.text("clock"))
    found = clock_state(rule, events, _day(given, "day"), calendar=read_calendar("nl"))
    return {
        "deadline": None if found.deadline is None else int(found.deadline.strftime("%Y%m%d")),
        "used": found.used,
        "left": found.left,
        "late": found.late_days,
    }


@kind(
    "processing-cost",
    title=Text("Kostprijs van verwerking", "Cost of processing"),
    inputs={name: Input(f"{name.replace('_', ' ')} of the plant, see the reference") for name in _PLANT}
    | {
        "build": Input("years of building", form=Form.WHOLE),
        "life": Input("years of operation", form=Form.WHOLE),
        "ramp": Input("share of capacity in the first years", form=Form.NUMBERS),
        "contract_years": Input("years that a contract runs", form=Form.WHOLE),
        "level": Input("strike of the contract, and floor"),
        "state_rate": Input("discount rate of the state"),
    },
    computes={
        "levelised": "[EUR/t]",
        "npv": "at the product price [EUR]",
        "cfd_cost": "present value to the state [EUR]",
        "floor_cost": "present value to the state [EUR]",
    },
)
def processing_costs(given: Given) -> Computed:
    """Levelised cost, value and support of one plant at a fixed price."""
    plant = Plant(**{name: np.array([given.number(name)]) for name in _PLANT})
    schedule = Schedule(given.whole("build"), given.whole("life"), tuple(given.numbers("ramp").tolist()))
    cost = processing_cost(plant, schedule)
    prices, rate = np.repeat(plant.price[:, None], schedule.life, axis=1), np.array([given.number("state_rate")])
    level, years = given.number("level"), given.whole("contract_years")
    return {
        "levelised": float(cost.levelised[0]),
        "npv": float(cost.npv[0]),
        "cfd_cost": float(contract_for_difference(plant, schedule, prices, level, rate, years).cost[0]),
        "floor_cost": float(offtake_floor(plant, schedule, prices, level, rate, years).cost[0]),
    }


@kind(
    "measures-over-years",
    title=Text("Maatregelen over jaren", "Measures over years"),
    inputs={
        "measures": Input("names; the first is a stock, the others bring tonnes a year", form=Form.TEXTS),
        "running": Input("cost of a unit a year at work, by measure [k€]", form=Form.NUMBERS),
        "upfront": Input("cost of a unit at the start, by measure [k€]", form=Form.NUMBERS),
        "lead": Input("years until it starts, by measure", form=Form.NUMBERS),
        "ramp": Input("years from start to full, by measure", form=Form.NUMBERS),
        "amount": Input("units, by measure", form=Form.NUMBERS),
        "short": Input("tonnes short by year; a year with 0 is quiet [t]", form=Form.NUMBERS),
        "value": Input("loss of a lacking tonne [k€/t]"),
        "rate": Input("discount rate a year"),
    },
    computes={"unit_cost": "by measure [k€/yr]", "loss": "that is left [k€/yr]", "without": "without measures [k€/yr]"},
)
def measures_over_years(given: Given) -> Computed:
    """What measures cost and what loss they leave along one path of shortages."""
    names = tuple(given.texts("measures"))
    columns = {name: given.numbers(name)[:, None] for name in ("running", "upfront", "lead", "ramp")}
    ones = np.ones((len(names), 1))
    measures = Measures(
        names, np.array([i == 0 for i in range(len(names))]), columns["running"], columns["upfront"], ones,
        columns["lead"], columns["ramp"], np.full(len(names), np.inf),
    )  # fmt: skip
    short = given.numbers("short")[:, None, None]
    seen = Futures(short, short > 0.0, np.array([given.number("value")]), given.number("rate"))
    return {
        "unit_cost": unit_cost(measures, short.shape[0], seen.rate)[:, 0],
        "loss": float(loss_left(measures, seen, given.numbers("amount"))[0, 0]),
        "without": float(loss_left(measures, seen, np.zeros(len(names)))[0, 0]),
    }
