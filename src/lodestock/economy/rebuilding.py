"""Demand to rebuild what was destroyed, as `ario.simulate` follows it; places are sorted by sector there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Demand to rebuild what was destroyed: it is ordered like any other demand, and capacity returns with delivery.

    suppliers [N]: what must be delivered by each industry [money], in table order. days: time in which it would be
    delivered if nothing lacked. start_step: first step of rebuilding. damaged: industry whose capital was destroyed
    (None for households). capital: that industry's capital stock [money]; the lost share of it is lost capacity, from
    damage_step on. factor: what must be delivered per unit of capital that was destroyed.
    """

    suppliers: Floats
    days: float
    damage_step: int
    start_step: int
    damaged: int | None = None
    capital: float = np.inf
    factor: float = 1.0


class Works:
    """The state of one rebuilding during a run: what each industry still has to deliver."""

    def __init__(self, spec: Rebuilding, place: Ints, step_days: float) -> None:
        self.spec = spec
        self.left = np.empty_like(spec.suppliers, dtype=np.float64)
        self.left[place] = spec.suppliers
        self.delivered = np.zeros_like(self.left)
        self.rate = min(1.0, step_days / spec.days)
        self.damaged = -1 if spec.damaged is None else int(place[spec.damaged])

    def begin(self, t: int, shock: Floats, demand: Floats) -> None:
        """Lost capital lowers capacity from damage_step on; rebuilding adds demand from start_step on."""
        if t >= self.spec.damage_step and self.damaged >= 0:
            share = min(1.0, self.left.sum() / self.spec.factor / self.spec.capital)
            shock[self.damaged] = max(shock[self.damaged], share)
        if t >= self.spec.start_step:
            demand += self.left * self.rate

    def deliver(self, t: int, x: Floats, demand: Floats) -> None:
        """What was served of this step's rebuilding demand leaves the list."""
        if t >= self.spec.start_step:
            got = self.left * self.rate * np.divide(x, demand, out=np.ones_like(x), where=demand > 0)
            self.left -= got
            self.delivered += got
