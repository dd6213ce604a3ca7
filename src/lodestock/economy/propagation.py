"""From ceilings on exposed production to value added lost everywhere: three models behind one interface.

Whatever the model, the input is the same (what exposed product families can still make, month by month) and so is the
output (value added lost by industry and month). The models differ in what firms are allowed to do, and the spread
between them is part of the answer: it is shown as a bracket, never averaged (MODEL 6.2, 12).

lp        everything is re-planned at best and buyers take an input from any region: the lower end of the bracket.
lp-fixed  the same, but every buyer keeps the region of each input: the least when suppliers cannot be switched.
pbl       firms stop for critical inputs, slow down for important ones, do without the rest; no overtime.
ario      every input of note is essential, stocks bridge, overtime helps: amplifies most in coarse tables.

Nobody makes more than before in lp and pbl; in ario overtime does, so it alone may lie below the bound for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.economy import pbl
from lodestock.economy.ario import ArioParameters, OrderRule, prepare, simulate_batch
from lodestock.economy.bounds import LowerBound
from lodestock.economy.io_system import Industry, InputOutputTable, require_sound
from lodestock.economy.leontief import input_coefficients, require_productive
from lodestock.errors import InputError

Floats = NDArray[np.float64]

MONTHS = 12


class Model(StrEnum):
    """A way to follow a loss through the economy."""

    LP = "lp"
    LP_FIXED = "lp-fixed"
    PBL = "pbl"
    ARIO = "ario"


@dataclass(frozen=True, slots=True)
class Shock:
    """What an industry cannot make. lost [P] 0..1: share of its exposed output that is lost in each month.

    exposed 0..1: share of the industry's output whose products stop without the material. It has no default: an
    aggregate industry such as 'electrical equipment' makes mostly things that do not need the material.
    """

    region: str
    sector: str
    lost: Floats
    exposed: float | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run. steps_per_month: 4 (about weekly) or 30 (about daily).

    ratings [S, N]: criticality of input sector s for user f (1, ½, 0), needed by `pbl`; sectors in table order.
    focus: a region; among equally good plans `lp` and `lp-fixed` then take the one that costs this region least, so
    that its figure is a lower end too.
    """

    inventory_days: float | Sequence[float] = 60.0
    restock_days: float = 60.0
    psi: float = 0.8
    overproduction_max: float = 1.25
    order_rule: OrderRule = OrderRule.BY_CAPACITY
    steps_per_month: int = 4
    ratings: Floats | None = None
    variant: pbl.Variant = pbl.Variant.HALF
    focus: str | None = None


@dataclass(frozen=True, slots=True)
class Propagation:
    """Value added lost by month and industry [P, N] (negative = gained) and final demand not served [P, N], in `unit`.

    direct: value added lost if nothing spread, sum over months. vintage: year of the money, for the sentence.
    """

    model: Model
    industries: tuple[Industry, ...]
    lost: Floats
    unserved: Floats
    direct: float
    unit: str
    vintage_en: str
    vintage_nl: str

    @property
    def total(self) -> float:
        """Value added lost over all months and industries."""
        return float(self.lost.sum())

    def of_region(self, region: str) -> Floats:
        """Value added lost in a region by month and industry [P, n]."""
        at = [k for k, industry in enumerate(self.industries) if industry.region == region]
        if not at:
            raise InputError("the table has no such region", where=region)
        return np.asarray(self.lost[:, at])


@dataclass(frozen=True, slots=True)
class Spread:
    """The same shock through several models, side by side. There is no mean: models are not draws."""

    runs: Mapping[Model, Propagation] = field(default_factory=dict)

    def bracket(self, region: str | None = None) -> tuple[float, float]:
        """Lowest and highest value added lost over the models, in a region or everywhere."""
        totals = [run.total if region is None else float(run.of_region(region).sum()) for run in self.runs.values()]
        return min(totals), max(totals)


def ceilings(table: InputOutputTable, shocks: Sequence[Shock]) -> Floats:
    """What each industry can still make, as a share of its output [P, N]; shocks on one industry must be combined
    first.

    Raises InputError when a shock on an industry does not say which share of its output is exposed.
    """
    if not shocks:
        raise InputError("there is no shock to follow", mend="name at least one exposed industry")
    periods = shocks[0].lost.size
    out = np.ones((periods, len(table.industries)))
    seen: set[int] = set()
    for shock in shocks:
        at = table.index(shock.region, shock.sector)
        name = f"{shock.region}.{shock.sector}"
        if shock.exposed is None:
            raise InputError(
                "a material shock on an aggregate industry needs the exposed share of its output",
                where=name,
                why="most of what the industry makes does not need the material, and a shock on all of it is amplified"
                " many times by models in which every input is essential (×23 in a two-sector table, MODEL 6.2)",
                mend="name the product families that hold the material, and give exposed=their share of output",
            )
        if not 0.0 <= shock.exposed <= 1.0:
            raise InputError("an exposed share lies outside 0..1", where=f"{name}: {shock.exposed:g}")
        if shock.lost.shape != (periods,) or not ((shock.lost >= 0.0) & (shock.lost <= 1.0)).all():
            raise InputError("lost output must be a share 0..1 for each month, equally long for all shocks", where=name)
        if at in seen:
            raise InputError(
                "an industry is shocked twice", where=name,
                mend="combine its materials first: max within a family, 1 − Π(1 − ℓ) across families (MODEL 6.1)",
            )  # fmt: skip
        seen.add(at)
        out[:, at] = 1.0 - shock.exposed * shock.lost
    return out


def propagate(
    table: InputOutputTable, shocks: Sequence[Shock], model: Model, settings: Settings | None = None
) -> Propagation:
    """Follow the shocks through one model. Money in the table's unit; months from the first month of the shock."""
    return propagate_all(table, shocks, [model], settings).runs[model]


def propagate_all(
    table: InputOutputTable, shocks: Sequence[Shock], models: Sequence[Model], settings: Settings | None = None
) -> Spread:
    """Follow the same shocks through several models, side by side."""
    ceiling = ceilings(table, shocks)
    direct = float(direct_loss(table, ceiling).sum())
    found = follow(table, ceiling[None], models, settings)
    return Spread(
        {
            model: Propagation(
                model, table.industries, lost[0], unserved[0], direct, table.unit, table.vintage.en, table.vintage.nl
            )
            for model, (lost, unserved) in found.items()
        }
    )


def direct_loss(table: InputOutputTable, ceiling: Floats) -> Floats:
    """Value added lost if nothing spread, by month and industry, in the shape of `ceiling` […, N]."""
    return np.asarray((1.0 - ceiling) * _value_share(table) * table.output / MONTHS)


def follow(
    table: InputOutputTable, ceiling: Floats, models: Sequence[Model], settings: Settings | None = None
) -> dict[Model, tuple[Floats, Floats]]:
    """Value added lost and final demand not served [K, P, N], for K paths of what each industry can make, ceiling
    [K, P, N] as shares 0..1 of its output. The same paths go into every model.

    Where `lp` pools regions, what a sector cannot serve is shared over its regions by their final demand.
    """
    settings = settings or Settings()
    require_sound(table)
    a = input_coefficients(table.flows, table.output)
    require_productive(a)
    return {
        model: _by_lp(table, a, ceiling, model, settings)
        if model in (Model.LP, Model.LP_FIXED)
        else _by_steps(table, ceiling, model, settings)
        for model in models
    }


def _value_share(table: InputOutputTable) -> Floats:
    return np.divide(table.value_added, table.output, out=np.zeros_like(table.output), where=table.output > 0)


def _by_lp(
    table: InputOutputTable, a: Floats, ceiling: Floats, model: Model, settings: Settings
) -> tuple[Floats, Floats]:
    """Month by month; equal ceilings are solved once."""
    final = table.output - a @ table.output
    pooled = table.sector_numbers if model is Model.LP else None
    bound = LowerBound(a, final, table.output, _value_share(table), pooled)
    group = np.array([industry.region == settings.focus for industry in table.industries])
    kinds, which = np.unique(ceiling.reshape(-1, final.size), axis=0, return_inverse=True)
    lost, unserved = np.empty_like(kinds), np.empty_like(kinds)
    for k, ceiling_k in enumerate(kinds):
        best = bound.least_in(ceiling_k, group) if group.any() else bound.solve(ceiling_k)
        lost[k] = best.lost / MONTHS
        unserved[k] = _unserved(best.served, final, pooled) / MONTHS
    which = which.reshape(-1)
    return lost[which].reshape(ceiling.shape), unserved[which].reshape(ceiling.shape)


def _unserved(served: Floats, final: Floats, pooled: NDArray[np.int64] | None) -> Floats:
    if pooled is None:
        return np.asarray(final - served)
    wanted = np.bincount(pooled, weights=final, minlength=served.size)
    positive = np.maximum(final, 0.0)
    total = np.bincount(pooled, weights=positive, minlength=served.size)
    short = np.divide(wanted - served, total, out=np.zeros_like(served), where=total > 0)
    return np.asarray(positive * short[pooled])


def _by_steps(table: InputOutputTable, ceiling: Floats, model: Model, settings: Settings) -> tuple[Floats, Floats]:
    """ARIO, or PBL as the same steps with rated inputs, stocks usable to the last unit and no overtime."""
    year = 365.0
    parameters = ArioParameters(
        psi=settings.psi if model is Model.ARIO else 0.0,
        inventory_days=settings.inventory_days, restock_days=settings.restock_days,
        overproduction_max=settings.overproduction_max if model is Model.ARIO else 1.0,
        order_rule=settings.order_rule, step_days=year / MONTHS / settings.steps_per_month, year_days=year,
    )  # fmt: skip
    binding, half, together = None, None, False
    if model is Model.PBL:
        binding, half, together = _rated(settings)
    final = np.maximum(table.output - table.flows.sum(axis=1), 0.0)
    economy = prepare(
        table.flows, final, table.sector_numbers, parameters, binding=binding, half=half, together=together
    )
    hit = np.flatnonzero((ceiling < 1.0).any(axis=(0, 1)))
    loss = np.repeat(1.0 - ceiling[:, :, hit], settings.steps_per_month, axis=1)
    run = simulate_batch(economy, hit, loss, period_steps=settings.steps_per_month)
    return _value_share(table) * run.output_loss, run.unserved


def _rated(settings: Settings) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None, bool]:
    """Which inputs bind, which bind halfway, and whether only their sum counts."""
    if settings.ratings is None:
        raise InputError(
            "the pbl model needs criticality ratings",
            mend="give Settings(ratings=…) with 1, ½ or 0 for each input of each user, or use lp or ario",
        )
    if settings.variant is pbl.Variant.LINEAR:
        pbl.check_ratings(settings.ratings)
        return np.ones_like(settings.ratings, dtype=np.bool_), None, True
    binding, half = pbl.masks(settings.ratings, settings.variant)
    return binding, half, False
