"""ARIO as BoARIO 0.7.2 computes it, quirk by quirk, for comparison number by number; never used for an answer.

BoARIO (Juhel, Journal of Open Source Software, 2024) is the customary implementation. Read next to its equations it
has five quirks that move results; each can be switched off here, and with all of them off the steps equal those of
`ario.py` (a test holds both to that). Written in plain numpy from the equations of MODEL 6.2(b), so that it is also a
second method for the kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.economy.ario import SCARCITY_ROUNDING, ArioParameters, OrderRule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# numpy's customary closeness, |a − b| ≤ 1e-8 + 1e-5·|b|, which BoARIO uses as a gate.
_GATE_RELATIVE, _GATE_ABSOLUTE = 1e-5, 1e-8


@dataclass(frozen=True, slots=True)
class Quirks:
    """The departures of BoARIO 0.7.2 from its own equations; True reproduces them.

    late_shock: a loss of capacity works one step after it begins, and recovers one step late.
    stuck_overproduction: overproduction relaxes only where scarcity is exactly 0.0, and does not start in step 1.
    mixed_threshold: the input threshold compares flows per year with output per day.
    doubled_inventories: stocks of one step or less become two steps without a word.
    skipped_update: stocks are not updated (and gaps not ordered) in a step in which all changes are "close" to zero.
    """

    late_shock: bool = True
    stuck_overproduction: bool = True
    mixed_threshold: bool = True
    doubled_inventories: bool = True
    skipped_update: bool = True


@dataclass(frozen=True, slots=True)
class ArioPath:
    """Step by step, in table order: output, capacity, demand, overproduction, final demand not served, loss [T, N];
    stock [S, N] at the end."""

    output: Floats
    capacity: Floats
    demand: Floats
    overproduction: Floats
    unserved: Floats
    loss: Floats
    stock: Floats


def boario_loss(share: float, occurrence: int, duration: int, recovery: int, steps: int) -> Floats:
    """Loss path [T] of a BoARIO event with linear recovery, before the quirk of the late shock.

    Its recovery is computed at the end of a step and rounded to six decimals, so the first recovering step still has
    the full loss.
    """
    elapsed = np.arange(steps) - (occurrence + duration) - 1
    path = np.where(elapsed >= 0, np.round(share * (1.0 - np.maximum(elapsed, 0) / recovery), 6), share)
    path[elapsed >= recovery] = 0.0
    path[:occurrence] = 0.0
    return np.asarray(path, dtype=np.float64)


class _State:
    """What a run carries from step to step, on the table in its own order."""

    def __init__(
        self, z: Floats, final: Floats, output: Floats, sector: Ints, par: ArioParameters, quirks: Quirks
    ) -> None:
        self.par, self.quirks, self.sector, self.z = par, quirks, sector, z
        self.by_sector = np.argsort(sector, kind="stable")
        self.starts = np.searchsorted(sector[self.by_sector], np.arange(int(sector.max()) + 1))
        self.fraction = par.step_days / par.year_days
        self.x0, self.final = output * self.fraction, final * self.fraction
        bought = self.sums(np.ones(output.size))
        self.coefficient = np.divide(bought, output, out=np.zeros_like(bought), where=output > 0)
        sectors = bought.shape[0]
        duration = np.array(np.broadcast_to(np.asarray(par.inventory_days, dtype=float), (sectors,))) / par.step_days
        if quirks.doubled_inventories:
            duration[duration <= 1] = 2
        self.duration = duration[:, None]
        scale = self.x0 if quirks.mixed_threshold else output
        self.binds = (bought > scale * par.input_threshold) & (self.coefficient > 0)
        least = 0.0 if quirks.doubled_inventories else 1.0
        self.need = np.maximum(par.psi * self.duration, least) * self.coefficient
        self.stock = self.duration * self.coefficient * self.x0
        self.p, self.alpha, self.x = np.ones(output.size), np.ones(output.size), self.x0.copy()
        self.h = np.where(bought > 0, self.fraction, 0.0)
        self.demand = z.sum(axis=1) * self.fraction + self.final

    def sums(self, w: Floats) -> Floats:
        """Σ_i w_i Z[i, f] over the suppliers of each sector [S, N]."""
        return np.asarray(np.add.reduceat((w[:, None] * self.z)[self.by_sector], self.starts, axis=0))

    def overproduce(self) -> None:
        """Overproduction, from the orders of now and the output of the step before."""
        par = self.par
        rate = par.step_days / par.overproduction_days
        gap = self.demand - self.x
        scarcity = np.divide(gap, self.demand, out=np.zeros_like(gap), where=self.demand != 0)
        if self.quirks.stuck_overproduction:
            self.alpha += (par.overproduction_max - self.alpha) * scarcity * rate
            self.alpha += np.where(scarcity == 0, (par.overproduction_base - self.alpha) * rate, 0.0)
            self.alpha[self.alpha < 1.0] = 1.0
            return
        up = (par.overproduction_max - self.alpha) * scarcity * rate
        down = (par.overproduction_base - self.alpha) * rate
        self.alpha += np.where(scarcity > SCARCITY_ROUNDING, up, down)

    def produce(self, loss: Floats) -> tuple[Floats, Floats]:
        """Capacity and wanted output; sets the output that the stocks allow."""
        capacity = self.x0 * (1.0 - loss) * self.alpha
        x_opt = np.minimum(self.demand, capacity)
        ratio = np.ones_like(self.stock)
        np.divide(self.stock, self.need * x_opt, out=ratio, where=self.binds & (self.need * x_opt > 0))
        self.x = x_opt * np.minimum(ratio, 1.0).min(axis=0)
        return capacity, x_opt

    def ship_and_order(self, capacity: Floats, x_opt: Floats) -> None:
        """Deliver in proportion, update stocks, place the orders of the next step."""
        par = self.par
        served = np.divide(self.x, self.demand, out=np.zeros_like(self.x), where=self.demand != 0)
        use = self.coefficient * self.x
        add = self.sums(self.p * served) * self.h
        gated = self.quirks.skipped_update
        if not (gated and _close(add, use)):
            self.stock = np.maximum(self.stock + add - use, 0.0)
        goal = self.duration * self.coefficient * x_opt
        gap = np.zeros_like(goal) if gated and _close(self.stock, goal) else np.maximum(goal - self.stock, 0.0)
        orders = gap * min(1.0, par.step_days / par.restock_days) + use
        if par.order_rule is OrderRule.BY_CAPACITY:
            self.p = np.divide(capacity, self.x0, out=np.ones_like(capacity), where=self.x0 != 0)
        weight = self.sums(self.p)
        self.h = np.divide(orders, weight, out=np.zeros_like(orders), where=weight != 0)
        self.demand = self.p * (self.z * self.h[self.sector]).sum(axis=1) + self.final


def _close(a: Floats, b: Floats) -> bool:
    """Whether every value of a is near b in BoARIO's sense."""
    return bool((np.abs(a - b) <= _GATE_ABSOLUTE + _GATE_RELATIVE * np.abs(b)).all())


def simulate_as_boario(
    z: Floats,
    final: Floats,
    output: Floats,
    sector: Ints,
    loss: Floats,
    parameters: ArioParameters | None = None,
    quirks: Quirks | None = None,
) -> ArioPath:
    """One world in BoARIO's way: z [N, N], final, output [N] [money/year], loss [T, N] 0..1; stocks must be finite."""
    quirks = quirks or Quirks()
    state = _State(z, final, output, sector, parameters or ArioParameters(), quirks)
    steps, n = loss.shape
    kept = [np.empty((steps, n)) for _ in range(6)]
    for t in range(steps):
        now = loss[t]
        if quirks.late_shock:
            now = loss[t - 1] if t else np.zeros(n)
        if t > (1 if quirks.stuck_overproduction else 0):
            state.overproduce()
        demand, alpha = state.demand, state.alpha.copy()
        capacity, x_opt = state.produce(now)
        state.ship_and_order(capacity, x_opt)
        share = np.divide(state.x, demand, out=np.ones(n), where=demand != 0)
        for array, values in zip(
            kept, (state.x, capacity, demand, alpha, state.final * (1.0 - share), now), strict=True
        ):
            array[t] = values
    return ArioPath(kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], state.stock)
