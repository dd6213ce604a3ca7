"""From ceilings on exposed production to value added lost everywhere: three models behind one interface.

Whatever the model, the input is the same (what exposed product families can still make, month by month) and so is the
output (value added lost by industry and month). The models differ in what firms are allowed to do, and the spread
between them is part of the answer: it is shown as a bracket, never averaged (MODEL 6.2, 12).

lp    everything is re-planned at best, each input from its own region: the lower end for fixed suppliers.
pbl   firms stop for critical inputs, slow down for important ones, do without the rest; no overtime.
ario  every input of note is essential, stocks bridge, overtime helps: amplifies most in coarse tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.economy import pbl
from lodestock.economy.ario import ArioParameters, OrderRule, prepare, simulate
from lodestock.economy.bounds import LowerBound
from lodestock.economy.io_system import Industry, InputOutputTable, require_sound
from lodestock.economy.leontief import input_coefficients, require_productive
from lodestock.errors import InputError

Floats = NDArray[np.float64]

MONTHS = 12


class Model(StrEnum):
    """A way to follow a loss through the economy."""

    LP = "lp"
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
    """

    inventory_days: float | Sequence[float] = 60.0
    restock_days: float = 60.0
    psi: float = 0.8
    overproduction_max: float = 1.25
    order_rule: OrderRule = OrderRule.BY_CAPACITY
    steps_per_month: int = 4
    ratings: Floats | None = None
    variant: pbl.Variant = pbl.Variant.HALF


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
    settings = settings or Settings()
    require_sound(table)
    a = input_coefficients(table.flows, table.output)
    require_productive(a)
    ceiling = ceilings(table, shocks)
    share = np.divide(table.value_added, table.output, out=np.zeros_like(table.output), where=table.output > 0)
    direct = float(((1.0 - ceiling) * share * table.output / MONTHS).sum())
    runs = {}
    for model in models:
        if model is Model.LP:
            lost, unserved = _by_lp(table, a, share, ceiling)
        else:
            lost, unserved = _by_steps(table, share, ceiling, model, settings)
        runs[model] = Propagation(
            model, table.industries, lost, unserved, direct, table.unit, table.vintage.en, table.vintage.nl
        )
    return Spread(runs)


def _by_lp(table: InputOutputTable, a: Floats, share: Floats, ceiling: Floats) -> tuple[Floats, Floats]:
    """Month by month; equal ceilings are solved once."""
    final = table.output - a @ table.output
    bound = LowerBound(a, final, table.output, share)
    kinds, which = np.unique(ceiling, axis=0, return_inverse=True)
    lost, unserved = np.empty_like(kinds), np.empty_like(kinds)
    for k, ceiling_k in enumerate(kinds):
        best = bound.solve(ceiling_k)
        lost[k], unserved[k] = best.lost / MONTHS, (final - best.served) / MONTHS
    which = which.reshape(-1)
    return lost[which], unserved[which]


def _by_steps(
    table: InputOutputTable, share: Floats, ceiling: Floats, model: Model, settings: Settings
) -> tuple[Floats, Floats]:
    """ARIO, or PBL as the same steps with rated inputs, stocks usable to the last unit and no overtime."""
    year = 365.0
    parameters = ArioParameters(
        psi=settings.psi if model is Model.ARIO else 0.0,
        inventory_days=settings.inventory_days, restock_days=settings.restock_days,
        overproduction_max=settings.overproduction_max if model is Model.ARIO else 1.0,
        order_rule=settings.order_rule, step_days=year / MONTHS / settings.steps_per_month, year_days=year,
    )  # fmt: skip
    binding, half = None, None
    if model is Model.PBL:
        if settings.ratings is None:
            raise InputError(
                "the pbl model needs criticality ratings",
                mend="give Settings(ratings=…) with 1, ½ or 0 for each input of each user, or use lp or ario",
            )
        binding, half = pbl.masks(settings.ratings, settings.variant)
    final = np.maximum(table.output - table.flows.sum(axis=1), 0.0)
    economy = prepare(table.flows, final, table.sector_numbers, parameters, binding=binding, half=half)
    hit = np.flatnonzero((ceiling < 1.0).any(axis=0))
    loss = np.repeat(1.0 - ceiling[:, hit], settings.steps_per_month, axis=0)
    run = simulate(economy, hit, loss, period_steps=settings.steps_per_month)
    return share * run.output_loss[0], run.unserved[0]
