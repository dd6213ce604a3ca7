"""Release rules for a scenario's stock beside the best possible release, on the whole tree of what may come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_options import stock_case
from lodestock.stock.instances import RegimeStock
from lodestock.stock.release import Release, ReleaseRule, RuleCost, compare_rules

Array = NDArray[np.float64]
UNITS = 10.0  # grid units of use in a quarter: supply and stock are rounded to a tenth of it
STAGES = 8
MOST_DAYS = 731.0  # two years, the horizon of the tree: more can never be used
DAYS_PER_QUARTER = 365.25 / 4.0
RULES = (
    ReleaseRule(Release.GREEDY),
    ReleaseRule(Release.HIGH_VALUE),
    ReleaseRule(Release.ADAPTIVE),
    ReleaseRule(Release.GREEDY, lag=1),
    ReleaseRule(Release.GREEDY, trigger=0.2),
)


@dataclass(frozen=True, slots=True)
class ReleaseRun:
    """unit: tonnes in a grid unit; stock [t]; starts: (state, share of need that arrives) with the rules' costs
    [k€ over the horizon], cheapest first; steps: (share of use, value [k€/t]) in rising value."""

    scenario: str
    unit: float
    stock: float
    stock_days: float
    quarters: int
    starts: tuple[tuple[str, float, tuple[RuleCost, ...]], ...]
    steps: tuple[tuple[float, float], ...]


def release_run(run: ScenarioRun, stock_days: float) -> ReleaseRun:
    """Each rule beside the optimum for a stock of so many days of own use, from a licence regime and from a stop.

    Quarters; three states (normal, licence, stop) with stated chances; what arrives under licences are the thirds of
    the run's draws. The low-value part of the use is that of the exposed families with least value per tonne.
    """
    if not 0.0 < stock_days <= MOST_DAYS:
        raise InputError(
            "there is no stock to release, or more than the tree can follow", where="--stock-days",
            why=f"{stock_days:g}", mend=f"give days above 0, at most {MOST_DAYS:.0f}",
        )  # fmt: skip
    region = run.scenario.economy.region
    case = stock_case(run, region)
    focus = run.draws.of(region)
    rates = {key: item.value[1] for key, item in case.rates.items()}
    out = focus.out[REFERENCE]
    arrives = out.arrivals.sum(axis=1) / out.need.sum(axis=1)
    licence = [float(np.rint(UNITS * np.median(part))) for part in np.array_split(np.sort(arrives), 3)]
    stop = float(np.rint(UNITS * (1.0 - float(np.median(focus.given[REFERENCE].issuer_share)))))
    begins = 1.0 - (1.0 - run.scenario.stock.yearly_chance.value) ** 0.25
    ends, follows, stops = rates["regime_ends"], rates["stop_follows"], rates["stop_ends"]
    unit = float(np.median(focus.use)) / 4.0 / UNITS
    steps = _steps(run, rates)
    price = run.scenario.stock.price.value * unit
    stock = float(np.rint(stock_days / DAYS_PER_QUARTER * UNITS))
    chain = np.array(
        [[1.0 - begins, begins, 0.0], [ends, 1.0 - ends - follows, follows], [stops / 2, stops / 2, 1.0 - stops]]
    )
    data = RegimeStock(
        ("normal", "licence", "stop"),
        chain,
        ([(1.0, UNITS)], [(1.0 / 3.0, level) for level in licence], [(1.0, stop)]),
        np.zeros(3),
        np.full(3, price),
        ((UNITS * steps[0][0], steps[0][1] * unit), (np.inf, steps[1][1] * unit)),
        UNITS,
        max(stock, UNITS),
        run.scenario.stock.carry.value * price / 4.0,
        (1.0 - case.options[0].form.transaction) * price,
        (1.0 + rates["state"]) ** -0.25,
    )  # fmt: skip
    starts = []
    for state, supply in (("licence", licence[0]), ("licence", licence[2]), ("stop", stop)):
        found = tuple(compare_rules(data, STAGES, RULES, start=(state, supply), stock=stock))
        starts.append((state, supply / UNITS, found))
    return ReleaseRun(run.scenario.id, unit, stock * unit, stock_days, STAGES, tuple(starts), steps)


def _steps(run: ScenarioRun, rates: dict[str, float]) -> tuple[tuple[float, float], ...]:
    """The use worth least and the rest: (share, mean value [k€/t]), less what is made up later, capped."""
    focus = run.draws.of(run.scenario.economy.region)
    use = np.median(run.draws.exposure.use, axis=0)
    value = 1000.0 * np.median(run.draws.exposure.value, axis=0)
    tonnes = use / use.sum() * float(np.median(focus.use))
    worth = np.minimum(value / tonnes * (1.0 - rates["recapture"]), rates["redesign_cap"])
    order = np.argsort(worth)
    share, worth = (tonnes / tonnes.sum())[order], worth[order]
    low = rates["low_value_share"]
    part = np.clip(low - (np.cumsum(share) - share), 0.0, share)
    below = float(part @ worth / part.sum())
    above = float((share - part) @ worth / (1.0 - low))
    return (low, below), (1.0 - low, above)
