"""What it costs to hold a tonne, and how likely its use must be before that is worth it.

All rates are per year, money in k€ per tonne; every argument except the horizon may be an array and they broadcast.
Source: MODEL §7.1; verification V15. Annuities: Brealey, Myers & Allen, Principles of Corporate Finance, ch. 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CarryTerms:
    """What holding a tonne costs besides its price; each may be an array of any common shape.

    discount_rate, storage, insurance, obsolescence: [1/yr], the last three of the price.
    drift: yearly real change of the price [1/yr]. transaction: cost of buying, and again of selling [share of price].
    rotation: cost of renewing the stock once [share of price]; shelf_life: years between renewals [yr].
    """

    discount_rate: npt.ArrayLike
    storage: npt.ArrayLike = 0.0
    insurance: npt.ArrayLike = 0.0
    obsolescence: npt.ArrayLike = 0.0
    transaction: npt.ArrayLike = 0.0
    drift: npt.ArrayLike = 0.0
    rotation: npt.ArrayLike = 0.0
    shelf_life: npt.ArrayLike = math.inf


def annuity_factor(discount_rate: npt.ArrayLike, years: int) -> FloatArray:
    """What 1 € a year, paid at the end of each of `years` years, is worth today [yr]. At a rate of 0 it is `years`."""
    rate = np.asarray(discount_rate, dtype=np.float64)
    _check(rate > -1.0, "discount_rate", "a discount rate must be above −100 %")
    _check(np.asarray(years >= 1), "years", "a horizon must be at least one year")
    safe = np.where(rate == 0.0, 1.0, rate)
    return np.where(rate == 0.0, float(years), -np.expm1(-years * np.log1p(rate)) / safe)


def carry_npv(price: npt.ArrayLike, terms: CarryTerms, horizon: int) -> FloatArray:
    """What holding one tonne for `horizon` years and selling it then costs today [k€/t], net present value.

    Bought at price·(1 + transaction); storage, insurance and obsolescence are paid at the end of each year at that
    year's price; renewed at each multiple of the shelf life before the end; sold at price·(1 − transaction).
    Source: MODEL §7.1; V15.
    """
    value, rate = _price(price), np.asarray(terms.discount_rate, dtype=np.float64)
    _check(rate > -1.0, "discount_rate", "a discount rate must be above −100 %")
    _check(np.asarray(horizon >= 1), "horizon", "a horizon must be at least one year")
    growth = (1.0 + np.asarray(terms.drift)) / (1.0 + rate)
    transaction = np.asarray(terms.transaction, dtype=np.float64)
    total = 1.0 + transaction - (1.0 - transaction) * growth**horizon
    for year in range(1, horizon + 1):
        renewals = _renewals(terms, float(year)) if year < horizon else np.float64(0.0)
        total = total + (_yearly(terms) + np.asarray(terms.rotation) * renewals) * growth**year
    return np.asarray(value * total, dtype=np.float64)


def annual_carry(price: npt.ArrayLike, terms: CarryTerms, horizon: int) -> FloatArray:
    """What holding one tonne costs per year, as a level annuity over the horizon [k€/t/yr]: NPV / annuity factor."""
    return np.asarray(carry_npv(price, terms, horizon) / annuity_factor(terms.discount_rate, horizon))


def carry_rule_of_thumb(price: npt.ArrayLike, terms: CarryTerms, horizon: int) -> FloatArray:
    """What holding one tonne costs per year, roughly [k€/t/yr].

    price·(rate − drift + storage + insurance + obsolescence) + 2·transaction·price/horizon + renewals spread evenly.
    Source: MODEL §7.1; V15.
    """
    value = _price(price)
    renewals = sum((_renewals(terms, float(year)) for year in range(1, horizon)), start=np.float64(0.0))
    rate = np.asarray(terms.discount_rate) - np.asarray(terms.drift) + _yearly(terms)
    spread = (2.0 * np.asarray(terms.transaction) + np.asarray(terms.rotation) * renewals) / horizon
    return np.asarray(value * (rate + spread), dtype=np.float64)


def break_even_probability(carry: npt.ArrayLike, loss_per_tonne: npt.ArrayLike) -> FloatArray:
    """How likely per year [–] the last tonne must be used for holding it to pay: p* = carry / loss per tonne.

    carry: [k€/t/yr]; loss_per_tonne: [k€/t], above 0. Above 1 the tonne can never pay. Source: MODEL §7.1; V15.
    """
    value = np.asarray(loss_per_tonne, dtype=np.float64)
    _check(value > 0.0, "loss_per_tonne", "the loss per tonne must be above 0")
    return np.asarray(np.asarray(carry, dtype=np.float64) / value, dtype=np.float64)


def expected_benefit_per_euro(
    avoided_loss: npt.ArrayLike, annual_probability: npt.ArrayLike, annual_cost: npt.ArrayLike
) -> FloatArray:
    """How many euros of loss are avoided per euro spent [€/€]: probability [1/yr] × avoided loss [k€] / cost [k€/yr].

    NaN where nothing is spent: a ratio to no cost has no value. Source: MODEL §7.1, V16.
    """
    cost = np.asarray(annual_cost, dtype=np.float64)
    gain = np.asarray(annual_probability, dtype=np.float64) * np.asarray(avoided_loss, dtype=np.float64)
    return np.asarray(gain / np.where(cost > 0.0, cost, np.nan), dtype=np.float64)


def _yearly(terms: CarryTerms) -> FloatArray:
    return np.asarray(
        np.asarray(terms.storage) + np.asarray(terms.insurance) + np.asarray(terms.obsolescence), dtype=np.float64
    )


def _renewals(terms: CarryTerms, year: float) -> FloatArray:
    """How many multiples of the shelf life fall after year − 1, up to and including `year`."""
    life = np.asarray(terms.shelf_life, dtype=np.float64)
    _check(life > 0.0, "shelf_life", "a shelf life must be above 0 years")
    return np.asarray(np.floor(year / life) - np.floor((year - 1.0) / life), dtype=np.float64)


def _price(price: npt.ArrayLike) -> FloatArray:
    value = np.asarray(price, dtype=np.float64)
    _check(np.isfinite(value) & (value >= 0.0), "price", "a price must be finite and not negative")
    return value


def _check(good: npt.NDArray[np.bool_], where: str, what: str) -> None:
    if not bool(np.all(good)):
        raise InputError(what, where=where, mend="correct the value")
