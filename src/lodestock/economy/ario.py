"""The adaptive regional input-output model (ARIO): how a loss of capacity spreads step by step.

Source: Hallegatte, Risk Analysis 28 (2008) 779-799, doi:10.1111/j.1539-6924.2008.01046.x; inventories: Hallegatte, Risk
Analysis 34 (2014) 152-167, doi:10.1111/risa.12090; equations: MODEL 6.2(b). One step, in this order:

1. α ← α + (α_max − α)·ζ/τ_α where demand was not met (ζ > 0), α ← α + (α_base − α)/τ_α elsewhere;
2. capacity = α(1 − Δ)x⁰; wanted output x_opt = min(demand, capacity);
3. output x = min(x_opt, x_opt·Ω_p / (max(ψ·s_p, 1)·A_p·x_opt)) over the inputs p that bind;
4. every order, final demand and rebuilding gets the same share x/demand;
5. Ω ← Ω + received − A·x;
6. orders = (s·A·x_opt − Ω)₊/τ_inv + A·x, split by base shares ("noalt") or base shares × capacity ("alt").

`ario_boario.py` has the same steps as BoARIO 0.7.2 takes them, quirks included, for comparison number by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.economy import ario_kernels as kernels
from lodestock.economy.rebuilding import Rebuilding, Works
from lodestock.errors import DataError, InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Scarcity below one part in a million counts as none: it is what is left of adding up thousands of orders.
SCARCITY_ROUNDING = 1e-6
# Worlds stepped together: more than 32 are no faster, and all of a group's state stays below this size.
_MOST_TOGETHER, _GROUP_BYTES = 32, 256 * 2**20


class OrderRule(StrEnum):
    """How an industry splits its orders of one input over the suppliers."""

    BY_CAPACITY = "alt"  # base shares × present capacity of the supplier
    BY_BASE = "noalt"  # base shares, whatever happened to the supplier


@dataclass(frozen=True, slots=True)
class ArioParameters:
    """Parameters of the model, times in days.

    psi [0..1]: output falls once a stock is under ψ × its target. inventory_days: target stock in days of use, one
    number or one for each sector; inf = never short. restock_days: time to close a gap in stock. overproduction_max,
    _base [–], overproduction_days: how far and how slowly overtime rises. step_days: 1 daily, 7 weekly. year_days:
    days for which the table's flows were counted. input_threshold [–]: an input below this share of the user's
    output does not bind.
    """

    psi: float = 0.8
    inventory_days: float | Sequence[float] = 60.0
    restock_days: float = 60.0
    overproduction_max: float = 1.25
    overproduction_base: float = 1.0
    overproduction_days: float = 365.0
    order_rule: OrderRule = OrderRule.BY_CAPACITY
    step_days: float = 1.0
    year_days: float = 365.0
    input_threshold: float = 1e-5


@dataclass(frozen=True, slots=True)
class ArioEconomy:
    """An input-output table prepared for stepping; industries sorted by sector (position → place in the table:
    `order`).

    z [N, N] [money/year]; starts [S+1]; output0, final, orders0 [N] [money/step]; coefficient, weight0, stock0,
    per_stock [S, N]; duration, restock [S] [steps, 1/steps]. halfway [S or 0, N]: inputs that bind halfway; together
    [N or 0]: one over all binding inputs per unit of output, where only their sum counts.
    """

    z: Floats
    order: Ints
    starts: Ints
    output0: Floats
    final: Floats
    orders0: Floats
    coefficient: Floats
    weight0: Floats
    stock0: Floats
    per_stock: Floats
    halfway: Floats
    together: Floats
    duration: Floats
    restock: Floats
    parameters: ArioParameters

    @property
    def place(self) -> Ints:
        """Place in the table → position here [N]."""
        return np.argsort(self.order, kind="stable")


@dataclass(frozen=True, slots=True)
class ArioRun:
    """What happened, in table order: output and final demand not served [K, P, N] [money/period], K worlds, P periods.

    baseline [P, N]: output without a shock. stock [S, N]: stocks at the end (single runs). rebuilt [N]: delivered.
    """

    output: Floats
    unserved: Floats
    baseline: Floats
    stock: Floats | None = None
    rebuilt: Floats | None = None
    overproduction: Floats | None = field(default=None)

    @property
    def output_loss(self) -> Floats:
        """Baseline minus output [K, P, N]; negative where an industry made more than before."""
        return self.baseline[None] - self.output


def prepare(
    z: Floats,
    final: Floats,
    sector: Ints,
    parameters: ArioParameters | None = None,
    *,
    binding: NDArray[np.bool_] | None = None,
    half: NDArray[np.bool_] | None = None,
    together: bool = False,
    output: Floats | None = None,
) -> ArioEconomy:
    """The table in the form in which `simulate` steps it.

    z [N, N], final [N] [money/year] ≥ 0; sector [N] in 0..S−1: which input an industry supplies; binding [S, N]:
    whether an input can stop its user (default: every input of at least `input_threshold` of output). half [S, N]:
    inputs without which half of capacity remains. together: binding inputs replace each other freely, so only their sum
    sets a limit. Raises DataError for negative flows and InputError for stocks shorter than a step.
    """
    par = parameters or ArioParameters()
    _check_table(z, final, sector)
    order = np.argsort(sector, kind="stable").astype(np.int64)
    sectors = int(sector.max()) + 1
    starts = np.searchsorted(sector[order], np.arange(sectors + 1)).astype(np.int64)
    zs = _sorted_table(z, order)
    sold = zs.sum(axis=1)
    made = sold + final[order] if output is None else np.asarray(output, dtype=np.float64)[order]
    weight0 = np.empty((sectors, made.size))
    for s in range(sectors):
        weight0[s] = zs[starts[s] : starts[s + 1]].sum(axis=0)
    coefficient = np.divide(weight0, made, out=np.zeros_like(weight0), where=made > 0)
    fraction = par.step_days / par.year_days
    duration = _durations(par, sectors)
    finite = np.where(np.isfinite(duration), duration, 0.0)
    binds = coefficient > par.input_threshold if binding is None else binding[:, order] & (coefficient > 0)
    binds &= np.isfinite(duration)[:, None]
    need = np.maximum(par.psi * finite, 1.0)[:, None] * coefficient
    per_stock = np.divide(1.0, need, out=np.full_like(need, -1.0), where=binds & (need > 0))
    halfway = np.empty((0, made.size))
    if half is not None and half.any():
        at_half = half[:, order] & (coefficient > 0) & np.isfinite(duration)[:, None]
        halfway = np.divide(1.0, need, out=np.full_like(need, -1.0), where=at_half & (need > 0))
        per_stock[at_half] = -1.0
    joint = _per_joint_stock(per_stock, need) if together else np.empty(0)
    per_stock = np.full_like(need, -1.0) if together else per_stock
    return ArioEconomy(
        zs, order, starts, made * fraction, final[order] * fraction, sold * fraction, coefficient, weight0,
        finite[:, None] * coefficient * made * fraction, per_stock, halfway, joint, duration,
        np.full(sectors, min(1.0, par.step_days / par.restock_days)), par,
    )  # fmt: skip


def _per_joint_stock(per_stock: Floats, need: Floats) -> Floats:
    """One over what all binding inputs together must hold per unit of output [N]; −1 where nothing binds."""
    total = np.where(per_stock >= 0, need, 0.0).sum(axis=0)
    return np.asarray(np.divide(1.0, total, out=np.full(total.size, -1.0), where=total > 0))


def _sorted_table(z: Floats, order: Ints) -> Floats:
    """Rows and columns in another order: row by row, so that there is one copy of the table and not two."""
    if np.array_equal(order, np.arange(order.size)):
        return np.ascontiguousarray(z, dtype=np.float64)
    out = np.empty(z.shape)
    for row, i in enumerate(order):
        np.take(z[i], order, out=out[row])
    return out


def _check_table(z: Floats, final: Floats, sector: Ints) -> None:
    n = z.shape[0]
    if z.shape != (n, n) or final.shape != (n,) or sector.shape != (n,):
        raise DataError(
            "the table does not fit together",
            where=f"flows {z.shape}, final demand {final.shape}, sectors {sector.shape}",
            mend="give flows [N, N], final demand [N] and a sector number for each of the N industries",
        )
    for name, values in (("flow", z), ("final demand", final)):
        if not np.isfinite(values).all() or values.min() < 0.0:
            cell = np.unravel_index(int(np.argmin(np.where(np.isfinite(values), values, -np.inf))), values.shape)
            raise DataError(
                f"a {name} is negative or not a number",
                where=f"cell {tuple(int(c) for c in cell)}: {values[cell]:g}",
                why="the model ships goods, and a negative order has no meaning",
                mend="move negative stock changes to value added before the run",
            )


def _durations(par: ArioParameters, sectors: int) -> Floats:
    days = np.broadcast_to(np.asarray(par.inventory_days, dtype=np.float64), (sectors,))
    steps = days / par.step_days
    if (steps < 1.0).any():
        s = int(np.argmin(steps))
        raise InputError(
            "an inventory is shorter than one step",
            where=f"sector {s}: {days[s]:g} days of stock, steps of {par.step_days:g} days",
            why="a step uses its inputs before new ones arrive, so the run would stop without any shock",
            mend="use shorter steps (step_days) or a longer inventory; nothing is changed silently",
        )
    if not 0.0 <= par.psi <= 1.0:
        raise InputError("psi must lie between 0 and 1", where=f"psi = {par.psi:g}", mend="0.8 is customary")
    return np.array(steps)


def simulate(
    economy: ArioEconomy,
    industries: Ints,
    loss: Floats,
    *,
    rebuilding: Sequence[Rebuilding] = (),
    period_steps: int = 1,
) -> ArioRun:
    """One world: what each industry makes when `industries` [M] lose the share `loss` [T, M] of their capacity in
    each step.

    Output is summed over periods of `period_steps` steps. Raises InputError for a loss outside 0..1.
    """
    steps, periods = _periods(loss[None], industries, economy, period_steps)
    n, place, world = economy.output0.size, economy.place, _World(economy)
    at = place[industries]
    works = [Works(r, place, economy.parameters.step_days) for r in rebuilding]
    produced, unserved, shock = np.zeros((periods, n)), np.zeros((periods, n)), np.zeros(n)
    for t in range(steps):
        shock[:] = 0.0
        shock[at] = loss[t]
        demand = world.orders + economy.final
        for work in works:
            work.begin(t, shock, demand)
        world.step(t, shock, demand)
        for work in works:
            work.deliver(t, world.x, demand)
        period = slice(t // period_steps, t // period_steps + 1)
        kernels.record(world.x[None], demand[None], economy.final, produced[period], unserved[period])
    rebuilt = sum((work.delivered for work in works), np.zeros(n))
    return ArioRun(
        produced[None, :, place], unserved[None, :, place], _baseline(economy, steps, period_steps),
        world.stock[:, place], rebuilt[place], world.alpha[place],
    )  # fmt: skip


class _World:
    """The state of one world, industries sorted by sector: output, overproduction, stocks, and the orders in
    factors.
    """

    def __init__(self, economy: ArioEconomy) -> None:
        par, n = economy.parameters, economy.output0.size
        fraction = par.step_days / par.year_days
        self.economy = economy
        self.x, self.x_opt, self.alpha = economy.output0.copy(), np.empty(n), np.full(n, par.overproduction_base)
        self.p, self.pq, self.h = np.ones(n), np.empty(n), np.where(economy.weight0 > 0, fraction, 0.0)
        self.stock, self.orders = economy.stock0.copy(), economy.orders0.copy()

    def step(self, t: int, shock: Floats, demand: Floats) -> None:
        """One step under a loss of capacity `shock` and with all demand `demand` [N]."""
        e, par = self.economy, self.economy.parameters
        alt = par.order_rule is OrderRule.BY_CAPACITY
        if t:
            kernels.overproduce(
                self.alpha, demand, self.x, par.overproduction_base, par.overproduction_max,
                par.step_days / par.overproduction_days, SCARCITY_ROUNDING,
            )  # fmt: skip
        kernels.desired(demand, self.alpha, shock, e.output0, self.x_opt)
        kernels.input_limited(self.x_opt, self.stock, e.per_stock, self.x)
        kernels.limit_halfway(self.stock, e.halfway, shock, self.alpha, e.output0, e.halfway.shape[0], self.x)
        if e.together.size:
            kernels.limit_together(self.stock, e.together, e.duration, self.x)
        kernels.ration(demand, self.alpha, shock, e.output0, self.x, self.p, self.pq, alt)
        kernels.sectors_step(
            e.z, e.starts, self.pq, self.p, e.weight0, e.coefficient, self.x, self.x_opt, self.stock, self.h,
            self.orders, e.duration, e.restock, alt, t % 2 == 1,
        )  # fmt: skip


def simulate_batch(
    economy: ArioEconomy,
    industries: Ints,
    loss: Floats,
    *,
    period_steps: int = 1,
    group: int | None = None,
    workers: int = 1,
) -> ArioRun:
    """Many worlds at once: loss [K, T, M] for K worlds; the rest as in `simulate` (without rebuilding).

    Worlds go in groups of `group`, by default as many as need 256 MB for each of `workers` threads (see
    `worlds_together`), so that memory does not grow with the number of worlds but for their results. Groups do not
    depend on the number of workers, so neither do the results. Pin the BLAS to one thread when workers > 1.
    """
    worlds = loss.shape[0]
    group = worlds_together(economy) if group is None else group
    steps, periods = _periods(loss, industries, economy, period_steps)
    shape = (worlds, periods, economy.output0.size)
    produced, unserved = np.zeros(shape), np.zeros(shape)
    place = economy.place
    at = place[industries]

    def run(start: int) -> None:
        part = slice(start, min(worlds, start + group))
        _run_group(economy, at, loss[part], produced[part], unserved[part], period_steps)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(run, range(0, worlds, group)))
    return ArioRun(produced[:, :, place], unserved[:, :, place], _baseline(economy, steps, period_steps))


def worlds_together(economy: ArioEconomy) -> int:
    """How many worlds are stepped together, 1 to 32: each holds stocks, order factors and a work copy [S, N]."""
    sectors, n = economy.weight0.shape
    return int(min(_MOST_TOGETHER, max(1, _GROUP_BYTES // (24 * sectors * n))))


def _run_group(
    economy: ArioEconomy, at: Ints, loss: Floats, produced: Floats, unserved: Floats, period_steps: int
) -> None:
    """Step one group of K worlds; produced and unserved [K, P, N] (sorted by sector) are filled in place."""
    worlds, steps, _ = loss.shape
    n, par = economy.output0.size, economy.parameters
    fraction, alt = par.step_days / par.year_days, par.order_rule is OrderRule.BY_CAPACITY
    x = np.tile(economy.output0, (worlds, 1))
    x_opt, demand, shock = np.empty((worlds, n)), np.empty((worlds, n)), np.zeros((worlds, n))
    alpha, weights = np.full((worlds, n), par.overproduction_base), np.ones((2 * worlds, n))
    stock = np.repeat(economy.stock0[:, None], worlds, axis=1)
    h = np.repeat(np.where(economy.weight0 > 0, fraction, 0.0)[:, None], worlds, axis=1)
    orders = np.tile(economy.orders0, (worlds, 1))
    sums, allowed = np.empty((2 * worlds, n)), np.empty((worlds, n))
    allowed[:] = np.where(economy.per_stock >= 0, economy.stock0 * economy.per_stock, np.inf).min(axis=0)
    for t in range(steps):
        shock[:, at] = loss[:, t]
        kernels.worlds_before(
            orders, economy.final, shock, economy.output0, alpha, demand, x, x_opt, stock, allowed,
            economy.halfway, economy.together, economy.duration, weights,
            par.overproduction_base, par.overproduction_max, par.step_days / par.overproduction_days,
            SCARCITY_ROUNDING, t == 0, alt,
        )  # fmt: skip
        kernels.record(x, demand, economy.final, produced[:, t // period_steps], unserved[:, t // period_steps])
        kernels.worlds_after(
            economy.z, economy.starts, weights, economy.weight0, economy.coefficient, x, x_opt, stock, h, orders,
            economy.duration, economy.restock, alt, sums, economy.per_stock, allowed,
        )  # fmt: skip


def _periods(loss: Floats, industries: Ints, economy: ArioEconomy, period_steps: int) -> tuple[int, int]:
    """Steps and periods of a run, after checking the losses."""
    n = economy.output0.size
    if loss.ndim != 3 or loss.shape[2] != industries.size or (industries.size and not 0 <= industries.max() < n):
        raise InputError("losses and industries do not fit", where=f"loss {loss.shape}, {industries.size} industries")
    if np.unique(industries).size != industries.size:
        raise InputError("an industry is named twice in a shock", mend="combine its losses first (MODEL 6.1)")
    if loss.size and not (loss.min() >= 0.0 and loss.max() <= 1.0):
        k, t, m = (int(c) for c in np.argwhere(~((loss >= 0.0) & (loss <= 1.0)))[0])
        raise InputError(
            "a loss of capacity lies outside 0..1",
            where=f"world {k}, step {t}, industry {int(industries[m])}: {loss[k, t, m]:g}",
            mend="give the share of capacity that is lost",
        )
    steps = loss.shape[1]
    return steps, -(-steps // period_steps)


def _baseline(economy: ArioEconomy, steps: int, period_steps: int) -> Floats:
    """Output without a shock by period [P, N]; the last period may be shorter."""
    starts = np.arange(0, steps, period_steps)
    length = np.minimum(period_steps, steps - starts)
    return np.asarray(length[:, None] * economy.output0[economy.place])
