"""Kinds of check on what spreads through the economy: Leontief, the lower bound, partially binding inputs, ARIO."""

from __future__ import annotations

from importlib import resources

import numpy as np
import numpy.typing as npt

from lodestock.economy import ario, ario_boario, leontief, pbl
from lodestock.economy.bounds import LowerBound
from lodestock.evidence.ledger import Text
from lodestock.verification.registry import Computed, Form, Given, Input, kind

Floats = npt.NDArray[np.float64]

_FLOWS = Input("flows between industries, seller in rows", "money/yr", Form.MATRIX)
_OUTPUT = Input("output by industry", "money/yr", Form.NUMBERS)
_SHARE = Input("value added per output", form=Form.NUMBERS)


@kind(
    "leontief",
    title=Text("Wat elke vraag stroomopwaarts kost", "What every demand needs upstream"),
    inputs={
        "flows": _FLOWS,
        "output": _OUTPUT,
        "value_share": _SHARE,
        "new_final_demand": Input("final demand to be met", "money/yr", Form.NUMBERS),
        "extra_cost": Input("extra cost per unit of output", form=Form.NUMBERS),
    },
    computes={
        "coefficients": "inputs per unit of output",
        "inverse": "(I − A)⁻¹",
        "new_output": "output for the new final demand [money/yr]",
        "new_value_added": "value added for the new final demand [money/yr]",
        "output_multipliers": "output per unit of final demand",
        "price_change": "price change when the extra cost is passed on",
    },
)
def leontief_model(given: Given) -> Computed:
    """Leontief's model of a small table, by solving."""
    a = leontief.input_coefficients(given.numbers("flows"), given.numbers("output"))
    system = leontief.factor(a)
    new = system.output(given.numbers("new_final_demand"))
    return {
        "coefficients": a,
        "inverse": system.inverse(),
        "new_output": new,
        "new_value_added": given.numbers("value_share") * new,
        "output_multipliers": system.multipliers(np.ones(a.shape[0])),
        "price_change": system.prices(given.numbers("extra_cost")),
    }


@kind(
    "lower-bound-of-a-loss",
    title=Text("Het kleinst mogelijke verlies", "The least that can be lost"),
    inputs={
        "flows": _FLOWS,
        "output": _OUTPUT,
        "value_share": _SHARE,
        "ceiling": Input("what each industry can still make, share of output", form=Form.NUMBERS),
    },
    computes={
        "output": "best output [money/yr]",
        "served": "final demand served [money/yr]",
        "value_added_lost": "value added lost [money/yr]",
        "final_demand_lost": "final demand lost [money/yr]",
        "output_lost": "output lost [money/yr]",
    },
)
def lower_bound(given: Given) -> Computed:
    """What is lost at least when some industries can make less and everything is re-planned at best."""
    flows, output = given.numbers("flows"), given.numbers("output")
    final = output - flows.sum(axis=1)
    bound = LowerBound(leontief.input_coefficients(flows, output), final, output, given.numbers("value_share"))
    best = bound.solve(given.numbers("ceiling"))
    return {
        "output": best.output,
        "served": best.served,
        "value_added_lost": float(best.lost.sum()),
        "final_demand_lost": float((final - best.served).sum()),
        "output_lost": float((output - best.output).sum()),
    }


@kind(
    "mixed-model",
    title=Text("Eén bedrijfstak vastgezet", "One industry held fixed"),
    inputs={
        "flows": _FLOWS,
        "output": _OUTPUT,
        "industry": Input("place of the industry, counted from 0", form=Form.WHOLE),
        "fixed_output": Input("its output", "money/yr"),
    },
    computes={"output": "output of all industries [money/yr]", "final_demand": "final demand left [money/yr]"},
)
def mixed_model(given: Given) -> Computed:
    """Output of the others, and final demand left, when one industry's output is held fixed."""
    flows, output = given.numbers("flows"), given.numbers("output")
    a = leontief.input_coefficients(flows, output)
    at = given.whole("industry")
    share = 1.0 - given.number("fixed_output") / output[at]
    lost = leontief.extract_together(leontief.factor(a), output, np.ones(output.size), np.array([at]), share)
    left = output - lost
    return {"output": left, "final_demand": left - a @ left}


@kind(
    "partially-binding-inputs",
    title=Text("Welke ontbrekende inkoop een bedrijfstak stillegt", "Which missing inputs stop an industry"),
    inputs={
        "reach": Input("stock of each input ÷ input per unit of output", "money", Form.NUMBERS),
        "coefficient": Input("input per unit of output", form=Form.NUMBERS),
        "criticality": Input("1 critical, 0.5 important, 0 not", form=Form.NUMBERS),
        "capacity": Input("output that capacity allows", "money"),
    },
    computes={str(variant): f"output under the {variant} rule [money]" for variant in pbl.Variant},
)
def partially_binding(given: Given) -> Computed:
    """Output that inputs on hand allow, under each of the rules for what binds."""
    a = given.numbers("coefficient")[:, None]
    stock, ratings = given.numbers("reach")[:, None] * a, given.numbers("criticality")[:, None]
    capacity = np.array([given.number("capacity")])
    return {str(v): float(pbl.input_limit(stock, a, capacity, ratings, v)[0]) for v in pbl.Variant}


@kind(
    "ario-small-table",
    title=Text("Een capaciteitsverlies, stap voor stap", "A loss of capacity, step by step"),
    inputs={
        "flows": _FLOWS,
        "final_demand": Input("final demand by industry", "money/yr", Form.NUMBERS),
        "sector": Input("number of each industry's sector, from 0", form=Form.NUMBERS),
        "industry": Input("place of the industry that loses capacity, from 0", form=Form.WHOLE),
        "lost": Input("share of capacity lost"),
        "first_day": Input("first day of the loss, counted from 0", "d", Form.WHOLE),
        "last_day": Input("last day of the loss", "d", Form.WHOLE),
        "days": Input("days to run", "d", Form.WHOLE),
        "inventory": Input("stock of inputs", "d"),
        "restock": Input("time to restock", "d"),
        "orders": Input("how orders are split", form=Form.TEXT, choices=("alt", "noalt")),
        "as_boario": Input("with BoARIO's quirks except the late shock", form=Form.FLAG),
        "watch": Input("days whose output is compared", "d", Form.NUMBERS),
    },
    computes={
        "value_added_lost": "value added lost by all [money]",
        "output_lost": "output lost by industry [money]",
        "ratio": "output ÷ baseline on each watched day, by industry",
    },
)
def ario_small(given: Given) -> Computed:
    """What a loss of capacity costs in a small economy of firms with stocks, day by day."""
    flows, final = given.numbers("flows"), given.numbers("final_demand")
    sector = given.numbers("sector").astype(np.int64)
    parameters = ario.ArioParameters(
        inventory_days=given.number("inventory"),
        restock_days=given.number("restock"),
        order_rule=ario.OrderRule(given.text("orders")),
    )
    at, days = given.whole("industry"), given.whole("days")
    loss = np.zeros((days, final.size))
    loss[given.whole("first_day") : given.whole("last_day") + 1, at] = given.number("lost")
    year = flows.sum(axis=1) + final
    if given.flag("as_boario"):
        quirks = ario_boario.Quirks(late_shock=False)
        made = ario_boario.simulate_as_boario(flows, final, year, sector, loss, parameters, quirks).output
    else:
        economy = ario.prepare(flows, final, sector, parameters)
        made = ario.simulate(economy, np.array([at]), loss[:, [at]]).output[0]
    lost = (year / parameters.year_days - made).sum(axis=0)
    share = 1.0 - flows.sum(axis=0) / year
    watched = given.numbers("watch").astype(np.int64)
    return {
        "value_added_lost": float((share * lost).sum()),
        "output_lost": lost,
        "ratio": made[watched] / (year / parameters.year_days),
    }


@kind(
    "ario-beside-boario",
    title=Text("ARIO getal voor getal naast BoARIO", "ARIO beside BoARIO, number by number"),
    inputs={"orders": Input("how orders are split", form=Form.TEXT, choices=("alt", "noalt"))},
    computes={
        "output": "largest relative difference in output, 365 days × 48 industries",
        "capacity": "largest relative difference in capacity on the sampled days",
        "overproduction": "largest relative difference in overproduction on the sampled days",
        "stock_end": "largest relative difference in stocks at the end",
    },
)
def ario_beside_boario(given: Given) -> Computed:
    """How far the compatibility mode lies from trajectories that BoARIO 0.7.2 wrote (shipped beside the cases)."""
    rule = given.text("orders")
    file = resources.files("lodestock.verification") / "cases" / "boario_072.npz"
    with file.open("rb") as handle, np.load(handle) as written:
        golden = {name: written[name] for name in written.files}
    loss = np.zeros((365, 48))
    loss[:, 1] = ario_boario.boario_loss(0.5, occurrence=2, duration=60, recovery=30, steps=365)
    run = ario_boario.simulate_as_boario(
        golden["flows"], golden["final_demand"], golden["output_per_year"], golden["sector"].astype(np.int64), loss,
        ario.ArioParameters(order_rule=ario.OrderRule(rule)),
    )  # fmt: skip
    at = golden["sampled_steps"]
    pairs = {
        "output": (run.output, golden[f"{rule}_output"]),
        "capacity": (run.capacity[at], golden[f"{rule}_capacity"]),
        "overproduction": (run.overproduction[at], golden[f"{rule}_overproduction"]),
        "stock_end": (run.stock, golden[f"{rule}_stock_end"]),
    }
    return {name: float(np.abs(mine / theirs - 1).max()) for name, (mine, theirs) in pairs.items()}
