"""Copper as a reserve of a freely traded material: does it pay, and is there an acute reason for it?

A licence regime takes tonnes away; in a free market what happens is that the price rises. So the reserve is weighed
against what price shocks were in the record (1960 onwards), and against the tests of the copper dossier. Releasing a
stock moves money between its holder and users (MODEL §13, trap 5): what it saves users it loses its holder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.criticality.copper import CopperDossier, Verdict, copper_dossier
from lodestock.errors import DataError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.stock_data import Stated, stated
from lodestock.scenario.summary import Summary, summarise
from lodestock.scenario.trade_norms import Norms, compare_norms
from lodestock.stock.carry import CarryTerms, annual_carry

CASE = "copper-reserve"
Array = NDArray[np.float64]
DRAWS, SEED = 2048, 7403
MONTHS = 12


@dataclass(frozen=True, slots=True)
class CopperReserve:
    """price [k€/t] of the last month in the record; carry [k€/t/yr]; break_even: yearly chance of a shock above which
    a tonne pays its user; seen: share of years since 1960 with such a shock, with how many of how many; conclusion."""

    dossier: CopperDossier
    month: str
    price: Summary
    carry: Summary
    spike: Stated
    break_even: Summary
    shocks: int
    years: int
    worst_rise: float
    pays_share: float
    norms: Norms
    needed: bool | None
    text: Text

    @property
    def seen(self) -> float:
        """Share of the years with a shock [1/yr]."""
        return self.shocks / self.years


def price_shocks(price: Array, rise: float) -> tuple[int, int, float]:
    """In how many whole years a monthly price rose by at least `rise` above the mean of the year before.

    price: (months,) in order, whole years. Returns (years with a shock, years looked at, largest rise [–]).
    """
    years = price[: price.size // MONTHS * MONTHS].reshape(-1, MONTHS)
    top = years[1:].max(axis=1) / years[:-1].mean(axis=1) - 1.0
    return int((top >= rise).sum()), int(top.size), float(top.max())


def copper_reserve(store: Store) -> CopperReserve:
    """The worked case: carry against the record of price shocks, the dossier's tests, and the norms in tonnes."""
    held = (
        store.table("metal_price")
        .filter(pl.col("commodity") == "Copper", pl.col("price_usd_per_t").is_not_null())
        .sort("month")
        .collect()
    )
    if held.height < 10 * MONTHS:
        raise DataError(
            "too few copper prices to speak of shocks", where="table metal_price", why=f"{held.height} months"
        )
    series = held["price_usd_per_t"].to_numpy().astype(np.float64)
    given = stated("copper")
    rates = stated("rates")
    names = [*given, "state", "horizon"]
    points = sobol(DRAWS, len(names), SEED)
    drawn = {key: triangular(points[:, i], *(given.get(key) or rates[key]).value) for i, key in enumerate(names)}
    price = series[-1] / drawn["usd_per_eur"] / 1e3
    terms = CarryTerms(
        drawn["state"], drawn["storage"], drawn["insurance"], drawn["obsolescence"], drawn["transaction"]
    )
    carry = annual_carry(price, terms, int(rates["horizon"].value[1]))
    even = carry / (price * drawn["spike"])
    shocks, years, worst = price_shocks(series, given["spike"].value[1])
    dossier = copper_dossier(store)
    # a higher threshold for a shock is met in fewer years; the draws are read off a fine grid of thresholds
    grid = np.linspace(*given["spike"].value[::2], 36)
    often = np.array([price_shocks(series, float(rise))[0] / years for rise in grid])
    pays = float(np.mean(np.interp(drawn["spike"], grid, often) > even))
    needed = {Verdict.NO_ACUTE_RISK: False, Verdict.ACUTE_RISK: True, Verdict.CANNOT_SAY: None}[dossier.verdict]
    last = store.table("trade").filter(pl.col("hs_code") == "740311").select(pl.col("year").max()).collect().item()
    norms = compare_norms(store, "copper", "NLD", 60.0, year=last, today=_after(int(last)))
    key = ("k", "k")
    return CopperReserve(
        dossier, str(held["month"][-1]), summarise({key: price}, key), summarise({key: carry}, key), given["spike"],
        summarise({key: even}, key), shocks, years, worst, pays, norms, needed, _conclusion(needed, pays),
    )  # fmt: skip


def _conclusion(needed: bool | None, pays: float) -> Text:
    if needed:
        return Text(
            "Ten minste één toets van het koperdossier faalt; of een voorraad het antwoord is, volgt hier niet uit.",
            "At least one test of the copper dossier fails; that a stock is the answer does not follow from it.",
        )
    first = (
        Text(
            "Er is geen acute maatregel nodig: elke toets is gehaald.", "No acute measure is needed: every test is met."
        )
        if needed is False
        else Text(
            "Niet elke toets kon worden gedaan; een acute reden is niet aangetoond.",
            "Not every test could be made; an acute reason has not been shown.",
        )
    )
    if pays >= 0.9:
        return Text(
            f"{first.nl} Prijsschokken kwamen vaker voor dan nodig is om een voorraad voor een gebruiker te laten "
            "lonen; dat verschuift geld tussen houder en gebruiker en geeft het land geen extra koper. Wie zich tegen "
            "prijzen wil indekken kan dat ook op de termijnmarkt, zonder loods.",
            f"{first.en} Price shocks came more often than a stock needs to pay for a user; that moves money between "
            "holder and user and gives the country no extra copper. Who wants cover against prices can have it on the "
            "futures market too, without a warehouse.",
        )
    return Text(
        f"{first.nl} Of een voorraad tegen prijsschokken loont, is niet te onderscheiden.",
        f"{first.en} Whether a stock against price shocks pays is not distinguishable.",
    )


def _after(year: int) -> date:
    """A day in the year after: the base of the norms is then that year."""
    return date(year + 1, 1, 1)
