"""Release rules for a scenario's stock beside the best possible release, on the whole tree of what may come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.measures.robustness import Paired, paired
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_options import StockCase, stock_case
from lodestock.stock.instances import RegimeStock
from lodestock.stock.release import Release, ReleaseRule, RuleCost, compare_rules

Array = NDArray[np.float64]
UNITS = 10.0  # grid units of use in a quarter: supply and stock are rounded to a tenth of it
STAGES = 8
DRAWS = 64
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
class RuleDraws:
    """A rule over the draws: excess: 5th and 95th percentile of how much dearer than the best release [share];
    against: paired difference of its cost with that of the rule that is cheapest at middle values."""

    excess: tuple[float, float]
    against: Paired


@dataclass(frozen=True, slots=True)
class ReleaseRun:
    """unit: tonnes in a grid unit; stock [t]; starts: (state, share of need that arrives) with the rules' costs
    [k€ over the horizon], cheapest first; drawn: the same rules over the draws, by start; steps: (share of use, value
    [k€/t]) in rising value."""

    scenario: str
    unit: float
    stock: float
    stock_days: float
    quarters: int
    starts: tuple[tuple[str, float, tuple[RuleCost, ...]], ...]
    drawn: tuple[Mapping[ReleaseRule, RuleDraws], ...]
    steps: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is uncertain: rates by key, tonnes used a year, price [k€/t], carry [1/yr], yearly chance [1/yr], share of
    use and value added [M€/yr] by family."""

    rates: Mapping[str, float]
    tonnes: float
    price: float
    carry: float
    chance: float
    use: Array
    value: Array


def release_run(run: ScenarioRun, stock_days: float) -> ReleaseRun:
    """Each rule beside the optimum for a stock of so many days of own use, from a licence regime and from a stop.

    Quarters; three states (normal, licence, stop) with stated chances; what arrives under licences are the thirds of
    the run's draws. The low-value part of the use is that of the exposed families with least value per tonne. Prices,
    chances and values are drawn 64 times for the ranges.
    """
    if not 0.0 < stock_days <= MOST_DAYS:
        raise InputError(
            "there is no stock to release, or more than the tree can follow", where="--stock-days",
            why=f"{stock_days:g}", mend=f"give days above 0, at most {MOST_DAYS:.0f}",
        )  # fmt: skip
    case = stock_case(run, run.scenario.economy.region)
    focus = run.draws.of(run.scenario.economy.region)
    out = focus.out[REFERENCE]
    arrives = out.arrivals.sum(axis=1) / out.need.sum(axis=1)
    licence = [float(np.rint(UNITS * np.median(part))) for part in np.array_split(np.sort(arrives), 3)]
    stop = float(np.rint(UNITS * (1.0 - float(np.median(focus.given[REFERENCE].issuer_share)))))
    unit = float(np.median(focus.use)) / 4.0 / UNITS
    stock = float(np.rint(stock_days / DAYS_PER_QUARTER * UNITS))
    begins = (("licence", licence[0]), ("licence", licence[2]), ("stop", stop))

    def costs(terms: _Terms) -> list[tuple[RuleCost, ...]]:
        data = _tree(terms, licence, stop, unit, stock, case.options[0].form.transaction)
        return [tuple(compare_rules(data, STAGES, RULES, start=start, stock=stock)) for start in begins]

    middle = _middle(run, case)
    found, sampled = costs(middle), [costs(terms) for terms in _drawn(run, case)]
    starts = tuple((state, supply / UNITS, rules) for (state, supply), rules in zip(begins, found, strict=True))
    drawn = tuple(_over(rules[0].rule, [one[i] for one in sampled]) for i, rules in enumerate(found))
    return ReleaseRun(run.scenario.id, unit, stock * unit, stock_days, STAGES, starts, drawn, _steps(middle))


def _middle(run: ScenarioRun, case: StockCase) -> _Terms:
    stock, exposure = run.scenario.stock, run.draws.exposure
    tonnes = float(np.median(run.draws.of(run.scenario.economy.region).use))
    return _Terms(
        {key: item.value[1] for key, item in case.rates.items()}, tonnes, stock.price.value, stock.carry.value,
        stock.yearly_chance.value, np.median(exposure.use, axis=0), np.median(exposure.value, axis=0),
    )  # fmt: skip


def _drawn(run: ScenarioRun, case: StockCase) -> list[_Terms]:
    shared, exposure = run.draws.shared, run.draws.exposure
    use = run.draws.of(run.scenario.economy.region).use
    step = max(shared["price"].size // DRAWS, 1)
    chosen = range(0, min(step * DRAWS, shared["price"].size), step)
    return [
        _Terms(
            rates={key: float(values[d]) for key, values in case.single.items()},
            tonnes=float(use[d]),
            price=float(shared["price"][d]),
            carry=float(shared["carry"][d]),
            chance=float(shared["yearly_chance"][d]),
            use=exposure.use[d],
            value=exposure.value[d],
        )
        for d in chosen
    ]


def _over(first: ReleaseRule, sampled: Sequence[tuple[RuleCost, ...]]) -> dict[ReleaseRule, RuleDraws]:
    """Each rule over the draws, beside the rule that is cheapest at middle values."""
    by = {rule: [next(cost for cost in costs if cost.rule == rule) for costs in sampled] for rule in RULES}
    cheapest = np.array([cost.cost for cost in by[first]])
    out = {}
    for rule, costs in by.items():
        low, high = np.quantile([cost.excess for cost in costs], (0.05, 0.95))
        out[rule] = RuleDraws((float(low), float(high)), paired(cheapest, np.array([cost.cost for cost in costs])))
    return out


def _tree(
    terms: _Terms, licence: Sequence[float], stop: float, unit: float, stock: float, transaction: float
) -> RegimeStock:
    """The stock on the tree of regimes; tonnes in grid units."""
    rates = terms.rates
    begins = 1.0 - (1.0 - terms.chance) ** 0.25
    ends, follows, stops = rates["regime_ends"], rates["stop_follows"], rates["stop_ends"]
    steps = _steps(terms)
    price = terms.price * unit
    chain = np.array(
        [[1.0 - begins, begins, 0.0], [ends, 1.0 - ends - follows, follows], [stops / 2, stops / 2, 1.0 - stops]]
    )
    return RegimeStock(
        ("normal", "licence", "stop"),
        chain,
        ([(1.0, UNITS)], [(1.0 / 3.0, level) for level in licence], [(1.0, stop)]),
        np.zeros(3),
        np.full(3, price),
        ((UNITS * steps[0][0], steps[0][1] * unit), (np.inf, steps[1][1] * unit)),
        UNITS,
        max(stock, UNITS),
        terms.carry * price / 4.0,
        (1.0 - transaction) * price,
        (1.0 + rates["state"]) ** -0.25,
    )


def _steps(terms: _Terms) -> tuple[tuple[float, float], ...]:
    """The use worth least and the rest: (share, mean value [k€/t]), less what is made up later, capped."""
    rates, share = terms.rates, terms.use / terms.use.sum()
    value = np.divide(1000.0 * terms.value, share * terms.tonnes, out=np.zeros_like(share), where=share > 0.0)
    worth = np.minimum(value * (1.0 - rates["recapture"]), rates["redesign_cap"])
    order = np.argsort(worth)
    share, worth = share[order], worth[order]
    low = rates["low_value_share"]
    part = np.clip(low - (np.cumsum(share) - share), 0.0, share)
    below = float(part @ worth / part.sum())
    above = float((share - part) @ worth / (1.0 - low))
    return (low, below), (1.0 - low, above)
