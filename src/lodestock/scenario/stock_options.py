"""The options of a scenario's stock: forms × holders × places with their costs, at their middle values and in draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import UnknownNameError
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.sampling import sobol, triangular
from lodestock.scenario.stock_data import (
    FormData,
    HolderData,
    PlaceData,
    Range,
    Stated,
    conversion,
    forms_of,
    holders,
    places,
    stated,
)
from lodestock.stock.carry import CarryTerms, annual_carry
from lodestock.stock.forms import Form, form_of, route
from lodestock.stock.options import Options

Array = NDArray[np.float64]
MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class Option:
    """One way to hold the product: in a form, by a holder, at a place."""

    form: FormData
    holder: HolderData
    place: PlaceData

    @property
    def id(self) -> str:
        """form.financing.place, as in the ids of numbers."""
        return f"{self.form.form}.{self.holder.financing}.{self.place.place}"


@dataclass(frozen=True, slots=True)
class OptionDraws:
    """The options in draws: carry (i, d) [k€/t/yr], useful (i, d) share, capacity (j, d) [t in the horizon]."""

    carry: Array
    useful: Array
    capacity: Array


@dataclass(frozen=True, slots=True)
class StockCase:
    """What there is to choose from for one region, and what it rests on.

    options: (i,); middle: the arrays at middle values; drawn: the same in the run's draws; steps: conversion steps;
    single: stated rates and limits with their draws (d,); idle: stated conversion capacity by step.
    """

    region: str
    options: tuple[Option, ...]
    middle: Options
    drawn: OptionDraws
    steps: tuple[Form, ...]
    rates: dict[str, Stated]
    single: dict[str, Array]
    idle: dict[str, Stated]


def known_forms(product: str, wanted: tuple[str, ...]) -> tuple[FormData, ...]:
    """The forms of a product, all or the wanted ones; UnknownNameError for a form that is not known or not stated."""
    offered = forms_of(product)
    known = [item.form for item in offered]
    for name in wanted:
        form_of(name)
        if name not in known:
            raise UnknownNameError(f"form of {product} with stated data", name, known)
    return tuple(item for item in offered if not wanted or item.form in wanted)


def stock_case(run: ScenarioRun, region: str, wanted: tuple[str, ...] = ()) -> StockCase:
    """The options for a region; `wanted` forms only, all when empty. UnknownNameError for an unknown form."""
    product = run.scenario.product.id
    chosen = known_forms(product, wanted)
    options = tuple(
        Option(form, holder, place)
        for form in chosen
        for holder in holders()
        if form.form in holder.forms
        for place in places()
    )
    chain = [Form(item.form) for item in forms_of(product)]
    steps = tuple(form for form in chain[1:])
    idle = conversion(product, region)
    rates = stated("rates")
    horizon = run.scenario.horizon_months / MONTHS
    path = route([Form(option.form.form) for option in options], steps)
    middle = _middle(run, region, options, rates, path, np.array([idle[step].value[1] * horizon for step in steps]))
    single, drawn = _draws(run, region, options, rates, idle, steps)
    return StockCase(region, options, middle, drawn, steps, rates, single, idle)


def _terms(option: Option, rate: float | Array, turning: float | Array) -> CarryTerms:
    form, holder = option.form, option.holder
    return CarryTerms(
        discount_rate=rate,
        storage=form.storage + holder.running,
        insurance=form.insurance,
        obsolescence=form.obsolescence * (turning if holder.turns else 1.0),
        transaction=form.transaction,
        rotation=0.0 if holder.turns else form.rotation,
        shelf_life=form.shelf_life if form.shelf_life is not None else np.inf,
    )


def _middle(
    run: ScenarioRun,
    region: str,
    options: tuple[Option, ...],
    rates: dict[str, Stated],
    path: NDArray[np.bool_],
    capacity: Array,
) -> Options:
    price, chance = run.scenario.stock.price.value, run.scenario.stock.yearly_chance.value
    years = int(rates["horizon"].value[1])
    carry, spend = [], []
    for option in options:
        worth = price * option.form.price_ratio
        terms = _terms(option, rates[option.holder.rate].value[1], rates["turning"].value[1])
        placed = option.place.storage + chance * option.place.transport[region]
        carry.append(float(annual_carry(worth, terms, years)) + placed)
        spend.append(worth * (1.0 + option.form.transaction))
    reach = [item.holder.available[1] * (1.0 - item.place.cut_off[region][1]) for item in options]
    return Options(
        np.array(carry),
        np.array(spend),
        np.array([option.form.fit[1] for option in options]),
        np.array(reach),
        np.full(len(options), np.inf),
        path,
        capacity,
    )


def _draws(
    run: ScenarioRun,
    region: str,
    options: tuple[Option, ...],
    rates: dict[str, Stated],
    idle: dict[str, Stated],
    steps: tuple[Form, ...],
) -> tuple[dict[str, Array], OptionDraws]:
    ranges: dict[str, Range] = {f"rate.{key}": item.value for key, item in rates.items()}
    ranges |= {f"idle.{key}": item.value for key, item in idle.items()}
    for option in options:
        ranges[f"fit.{option.form.form}"] = option.form.fit
        ranges[f"available.{option.holder.financing}"] = option.holder.available
        ranges[f"cut_off.{option.place.place}"] = option.place.cut_off[region]
    count, seed = run.scenario.ensemble.draws, run.scenario.ensemble.seed + 500
    points = sobol(count, len(ranges), seed)
    found = {key: triangular(points[:, column], *value) for column, (key, value) in enumerate(ranges.items())}
    shared = run.draws.shared
    # the scenario states one carry with a range: its spread moves every option, its middle is that of the forms
    factor = shared["carry"] / run.scenario.stock.carry.value
    years = int(rates["horizon"].value[1])
    carry = np.empty((len(options), count))
    useful = np.empty_like(carry)
    for i, option in enumerate(options):
        terms = _terms(option, found[f"rate.{option.holder.rate}"], found["rate.turning"])
        held = annual_carry(shared["price"] * option.form.price_ratio, terms, years)
        carry[i] = held * factor + option.place.storage + shared["yearly_chance"] * option.place.transport[region]
        reach = found[f"available.{option.holder.financing}"] * (1.0 - found[f"cut_off.{option.place.place}"])
        useful[i] = found[f"fit.{option.form.form}"] * reach
    horizon = run.scenario.horizon_months / MONTHS
    capacity = np.stack([found[f"idle.{step.value}"] * horizon for step in steps])
    single = {key.removeprefix("rate."): value for key, value in found.items() if key.startswith("rate.")}
    return single, OptionDraws(carry, useful, capacity)
