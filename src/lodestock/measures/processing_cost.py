"""What a processed tonne costs, and what bridges the gap to its price: contract for difference and offtake floor.

All parameters are arrays of draws (d,), so that one call does all of them. Timeline: the capital is paid in equal parts
at the start of each building year, times 0 … build−1; the years of operation are paid at times build … build+life−1.
With one building year and no ramp the levelised cost is capital × annuity / capacity + yearly cost per tonne.
Prices are real, before tax. Source: docs/reference/processing-equations.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant, each (d,): capital [EUR]; capacity [t/yr of product]; recovery: product out of contained material in
    [0–1]; energy [MWh/t]; energy_price [EUR/MWh]; feed_price [EUR/t contained]; other [EUR/t]; staff [jobs]; wage
    [EUR/yr]; upkeep [share of capital a year]; price, by_products [EUR/t of product]; wacc [1/yr, real].
    """

    capital: Array
    capacity: Array
    recovery: Array
    energy: Array
    energy_price: Array
    feed_price: Array
    other: Array
    staff: Array
    wage: Array
    upkeep: Array
    price: Array
    by_products: Array
    wacc: Array

    def __post_init__(self) -> None:
        shapes = {np.shape(getattr(self, field.name)) for field in fields(self)}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise InputError("the parameters of the plant do not have one length", why=str(sorted(shapes)))
        for name in ("capital", "capacity", "recovery"):
            if not (getattr(self, name) > 0.0).all():
                raise InputError(f"the {name} of the plant must be above 0")
        if (self.recovery > 1.0).any() or (self.wacc <= -1.0).any():
            raise InputError("recovery is at most 1 and the discount rate above -1")


@dataclass(frozen=True, slots=True)
class Schedule:
    """build, life: years; ramp: share of capacity in the first years of operation, 1 after that."""

    build: int
    life: int
    ramp: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.build < 1 or self.life < 1 or len(self.ramp) > self.life:
            raise InputError("a plant is built and works for 1 year or more", why=f"{self.build}, {self.life}")
        if any(not 0.0 <= share <= 1.0 for share in self.ramp) or (len(self.ramp) == self.life and not sum(self.ramp)):
            raise InputError("the ramp holds shares of capacity, not all 0", why=str(self.ramp))

    def shares(self) -> Array:
        """Share of capacity by year of operation: (life,)."""
        return np.array([*self.ramp, *[1.0] * (self.life - len(self.ramp))])

    def discount(self, rate: Array) -> Array:
        """Present value of a euro at the end of each year of operation: (d, life)."""
        return np.asarray((1.0 + rate[:, None]) ** -np.arange(self.build, self.build + self.life, dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Cost:
    """levelised [EUR/t] and its parts by name, each (d,): capital, energy, feed, labour, upkeep, other, by_products
    (negative); npv [EUR] at the product price; premium [EUR/t]: levelised cost less price, what must be added to break
    even; tonnes: (d, life) made by year."""

    levelised: Array
    parts: Mapping[str, Array]
    npv: Array
    premium: Array
    tonnes: Array


def processing_cost(plant: Plant, schedule: Schedule) -> Cost:
    """The levelised cost of a plant, its parts, its net present value and the premium at which it breaks even.

    Levelised cost: present value of all costs less by-products over the present value of the tonnes.
    """
    tonnes = plant.capacity[:, None] * schedule.shares()[None, :]
    value = schedule.discount(plant.wacc)
    made = (tonnes * value).sum(axis=1)
    years = value.sum(axis=1)
    paid = (1.0 + plant.wacc[:, None]) ** -np.arange(schedule.build, dtype=np.float64)
    parts = {
        "capital": plant.capital * paid.mean(axis=1) / made,
        "energy": plant.energy * plant.energy_price,
        "feed": plant.feed_price / plant.recovery,
        "labour": plant.staff * plant.wage * years / made,
        "upkeep": plant.upkeep * plant.capital * years / made,
        "other": plant.other,
        "by_products": -plant.by_products,
    }
    levelised = np.sum(list(parts.values()), axis=0)
    return Cost(levelised, parts, (plant.price - levelised) * made, levelised - plant.price, tonnes)


@dataclass(frozen=True, slots=True)
class Support:
    """payments: (d, life) from the state to the plant a year [EUR], negative when the plant pays; cost: (d,) present
    value to the state [EUR]; npv: (d,) of the plant with it [EUR]; per_tonne: (d,) cost per tonne made, both
    discounted at the state's rate [EUR/t]."""

    payments: Array
    cost: Array
    npv: Array
    per_tonne: Array


def contract_for_difference(
    plant: Plant, schedule: Schedule, prices: Array, strike: float, state_rate: Array, years: int
) -> Support:
    """What a two-way contract pays in its first `years` years of operation: strike less price on every tonne.

    prices: (d, life) of the product by year [EUR/t]; strike [EUR/t]; state_rate: (d,) [1/yr].
    """
    return _support(plant, schedule, prices, strike - prices, state_rate, years)


def offtake_floor(
    plant: Plant, schedule: Schedule, prices: Array, floor: float, state_rate: Array, years: int
) -> Support:
    """What a guaranteed lowest price pays in its first `years` years: floor less price where that is above 0."""
    return _support(plant, schedule, prices, np.maximum(floor - prices, 0.0), state_rate, years)


def _support(
    plant: Plant, schedule: Schedule, prices: Array, per_tonne: Array, state_rate: Array, years: int
) -> Support:
    if not 1 <= years <= schedule.life:
        raise InputError("a contract runs from 1 year to the life of the plant", why=f"{years} of {schedule.life}")
    if not schedule.shares()[:years].any():
        raise InputError(
            "a contract over years in which nothing is made", why=f"the ramp is 0 in the first {years} years",
            mend="let the contract run longer, or let the plant start earlier",
        )  # fmt: skip
    cost = processing_cost(plant, schedule)
    if prices.shape != cost.tonnes.shape:
        raise InputError("prices need a row per draw and a column per year", why=f"{prices.shape}, {cost.tonnes.shape}")
    payments = np.where(np.arange(schedule.life) < years, per_tonne * cost.tonnes, 0.0)
    state = schedule.discount(state_rate)
    private = schedule.discount(plant.wacc)
    paid = (payments * state).sum(axis=1)
    earned = ((prices - cost.levelised[:, None]) * cost.tonnes * private).sum(axis=1)
    return Support(
        payments,
        paid,
        earned + (payments * private).sum(axis=1),
        paid / (cost.tonnes[:, :years] * state[:, :years]).sum(axis=1),
    )


def price_paths(level: Array, swing: Array, normals: Array) -> Array:
    """Prices by year around their level, log-normal with mean `level`: (d, life).

    level [EUR/t], swing (standard deviation of the logarithm in a year): (d,); normals: (d, life) standard normal.
    """
    if (swing < 0.0).any():
        raise InputError("the swing of the price is 0 or more")
    return np.asarray(level[:, None] * np.exp(swing[:, None] * normals - 0.5 * swing[:, None] ** 2))


def break_even_floor(plant: Plant, schedule: Schedule, prices: Array, years: int) -> float | None:
    """The lowest guaranteed price at which the plant's mean net present value is 0 [EUR/t]; None when none is needed.

    Found by bisection; the mean value rises with the floor without end, so that there is always one.
    """
    rate = plant.wacc

    def worth(floor: float) -> float:
        return float(offtake_floor(plant, schedule, prices, floor, rate, years).npv.mean())

    if worth(0.0) >= 0.0:
        return None
    high = max(float(prices.max()), 1.0)  # a price of 0 would stay 0 when doubled
    while worth(high) < 0.0:
        high *= 2.0
    low = 0.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if worth(middle) < 0.0 else (low, middle)
    return high
