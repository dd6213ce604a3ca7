"""Public, public-private and private holding of a scenario's product beside each other, with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import DataError
from lodestock.measures.robustness import Paired, paired
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_options import stock_case
from lodestock.scenario.stock_plan import worlds
from lodestock.stock.carry import CarryTerms
from lodestock.stock.holders import Financing, HolderCase, HolderOutcome, Rates, compare_holders
from lodestock.stock.one_shot import LognormalNeed

Array = NDArray[np.float64]
DRAWS = 256
NUMBERS = ("tonnes", "net_added", "public_cost", "users_cost", "total", "break_even")


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One way of holding and paying at middle values, its paired difference with the cheapest, and the 5th and 95th
    percentile of its numbers over the draws, by name of the number."""

    outcome: HolderOutcome
    against: Paired
    ranges: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class HoldersRun:
    """The comparison: rows, cheapest for society first; median shortage [t] and value per tonne [k€/t] behind it."""

    scenario: str
    product: str
    region: str
    shortage: float
    value: float
    chance: float
    public_first: bool
    rows: tuple[HolderRow, ...]


def holders_run(run: ScenarioRun, *, public_first: bool = False) -> HoldersRun:
    """The three forms of ownership for the product in the form that users need, for the focus country.

    The need is lognormal with the moments of the run's shortage. What ages is renewed: firms renew by using, a public
    holder by selling and buying again (MODEL §7.7). Verdicts are over 256 of the parameter draws.
    """
    region = run.scenario.economy.region
    case = stock_case(run, region)
    end_form = case.steps[-1].value if case.steps else case.options[0].form.form
    case = stock_case(run, region, (end_form,))
    world = worlds(run, case, region)[REFERENCE]
    logs = np.log(world.shortage[world.shortage > 0.0])
    if logs.size < 2:
        raise DataError("the scenario has no shortage to hold a stock against", where=f"scenario {run.scenario.id}")
    form = case.options[0].form
    middle = {key: item.value[1] for key, item in case.rates.items()}
    stock = run.scenario.stock

    def outcomes(price: float, chance: float, value: float, rates: dict[str, float]) -> list[HolderOutcome]:
        turning = rates["turning"]
        terms = CarryTerms(
            rates["state"], form.storage, form.insurance, form.obsolescence * turning, form.transaction,
            rotation=form.obsolescence * (1.0 - turning), shelf_life=1.0,
        )  # fmt: skip
        need = LognormalNeed(chance, float(np.exp(logs.mean())), float(logs.std()))
        agency = next(option.holder.running for option in case.options if option.holder.financing == "levy")
        return compare_holders(
            HolderCase(need, price, terms, Rates(rates["state"], rates["agency"], rates["firm"], agency),
                       int(rates["horizon"]), value, value * rates["private_part"], public_first)
        )  # fmt: skip

    value = float(np.median(world.value))
    best = outcomes(stock.price.value, stock.yearly_chance.value, value, middle)
    step = max(world.value.size // DRAWS, 1)
    drawn: dict[Financing, list[HolderOutcome]] = {outcome.financing: [] for outcome in best}
    for d in range(0, step * DRAWS, step):
        rates = {key: float(draw[d]) for key, draw in case.single.items()}
        for outcome in outcomes(
            float(run.draws.shared["price"][d]), float(world.chance[d]), float(world.value[d]), rates
        ):
            drawn[outcome.financing].append(outcome)
    first = np.array([outcome.total for outcome in drawn[best[0].financing]])
    rows = tuple(
        HolderRow(outcome, paired(first, np.array([one.total for one in drawn[outcome.financing]])),
                  _ranges(drawn[outcome.financing]))
        for outcome in best
    )  # fmt: skip
    return HoldersRun(
        run.scenario.id, run.scenario.product.id, region, float(np.exp(logs.mean())), value,
        stock.yearly_chance.value, public_first, rows,
    )  # fmt: skip


def _ranges(drawn: Sequence[HolderOutcome]) -> dict[str, tuple[float, float]]:
    out = {}
    for name in NUMBERS:
        low, high = np.quantile([float(getattr(one, name)) for one in drawn], (0.05, 0.95))
        out[name] = float(low), float(high)
    return out
