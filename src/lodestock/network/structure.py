"""What a material's trade network is: stages, countries, arcs, capacities, stocks – and what can disturb it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from lodestock.errors import InputError, UnknownNameError
from lodestock.network.faults import NegativeStockError, ShutsTooMuchError, UnreachableDemandError
from lodestock.network.kernel_types import Chain, Floats, Ints


class NetworkClass(StrEnum):
    """How much of a material's chain the data show; printed with every result."""

    CHAIN = "chain"  # extraction and processing trade codes
    SINGLE_STAGE = "single stage"
    SHARES_ONLY = "shares only"  # production shares without usable trade codes
    MISSING = "missing"


class ShockKind(StrEnum):
    """What a row of shock values means."""

    CAPACITY = "capacity"  # share of a country's capacity that works
    LICENCE = "licence"  # share of the licensed flow that may leave the country
    RELEASE = "release"  # tonnes a month that come from outside the network


@dataclass(frozen=True, slots=True)
class Shock:
    """One disturbed quantity. stage: from 0; destinations: None for every country but the exporter itself."""

    kind: ShockKind
    stage: int
    country: str
    destinations: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Adaptation:
    """How fast users and routes adjust (MODEL §5.1, §11); every default is a prior.

    spot [share of base flow]: what a route carries at once above its base flow; domestic [share of base flow]: the same
    for deliveries at home. ramp_max [share of base flow], ramp [share of base flow per month]: what a route can be
    qualified for and how fast; lag [months]: months of disturbance before that starts, by stage.
    restock [share of the commercial stock per month]; substitution [share of use per year], ceiling [share of use].
    """

    spot: float = 0.30
    domestic: float = 2.0
    ramp_max: float = 1.0
    ramp: float = 0.05
    lag: tuple[float, ...] = (6.0, 6.0, 12.0)
    restock: float = 0.25
    substitution: float = 0.10
    ceiling: float = 0.30


@dataclass(frozen=True, slots=True)
class Network:
    """One material's balanced baseline, K stages and C countries; all tonnes are contained material.

    stage, origin, dest [A] (int64), base [A] [t/mo]: arcs sorted by stage, origin, destination; domestic deliveries are
    arcs too. qualifiable [A] [t/mo]: what a route can be qualified for; theta [K−1] [t in per t out];
    capacity, use, recycled [K, C] [t/mo]; stock [K, C] [t]: commercial stock, pipeline included.
    strategic [K, C] [t], cover [K, C] [0–1], activation [K, C] [months]: release rule of strategic stocks.
    """

    material: str
    network_class: NetworkClass
    stages: tuple[str, ...]
    countries: tuple[str, ...]
    stage: Ints
    origin: Ints
    dest: Ints
    base: Floats
    theta: Floats
    capacity: Floats
    use: Floats
    recycled: Floats
    stock: Floats
    strategic: Floats
    cover: Floats
    activation: Floats
    adaptation: Adaptation = field(default_factory=Adaptation)

    def made(self) -> Floats:
        """Baseline output by stage and country [K, C] [t/mo]: what leaves on the arcs, domestic ones included."""
        cells = self.stage * len(self.countries) + self.origin
        size = len(self.stages) * len(self.countries)
        total: Floats = np.bincount(cells, self.base, size).astype(np.float64)
        return total.reshape(len(self.stages), -1)

    def received(self) -> Floats:
        """Baseline arrivals by form and country [K, C] [t/mo]."""
        cells = self.stage * len(self.countries) + self.dest
        size = len(self.stages) * len(self.countries)
        total: Floats = np.bincount(cells, self.base, size).astype(np.float64)
        return total.reshape(len(self.stages), -1)

    def imbalance(self) -> float:
        """Largest share of arrivals by which a cell does not close: arrivals + recycled − conversion − use."""
        conversion = np.zeros_like(self.use)
        conversion[:-1] = self.theta[:, None] * self.made()[1:]
        gap = self.received() + self.recycled - conversion - self.use
        scale = max(float(self.received().max()), 1e-300)
        return float(np.abs(gap).max() / scale)

    def country(self, code: str) -> int:
        """The number of a country."""
        if code not in self.countries:
            raise UnknownNameError("country", code, self.countries, where=f"network of {self.material}")
        return self.countries.index(code)


def check(network: Network) -> None:
    """Raises a named error when the network cannot be simulated."""
    where = f"network of {network.material}"
    for name in ("base", "capacity", "use", "recycled", "stock", "strategic", "cover", "activation", "theta"):
        values = getattr(network, name)
        if not np.isfinite(values).all():
            raise NegativeStockError(f"{name} holds a value that is not a number", where=where, mend="leave no gaps")
        if (values < 0).any():
            spot = tuple(int(n) for n in np.argwhere(values < 0)[0])
            raise NegativeStockError(
                f"{name} is below zero", where=f"{where}, index {spot}", why=f"{values[spot]:g}", mend="give 0 or more"
            )
    if (network.theta <= 0).any():
        raise NegativeStockError("an input per tonne of output must be above zero", where=where, mend="see theta")
    made = network.made()
    if (made > network.capacity * (1 + 1e-9)).any():
        k, c = (int(n) for n in np.argwhere(made > network.capacity * (1 + 1e-9))[0])
        raise ShutsTooMuchError(
            "baseline output is above capacity",
            where=f"{where}, stage {network.stages[k]}, {network.countries[c]}",
            why=f"{made[k, c]:g} t/mo against {network.capacity[k, c]:g}",
            mend="raise the capacity or lower the flows",
        )
    need = network.use.copy()
    need[:-1] += network.theta[:, None] * made[1:]
    lost = (need > 0) & (network.received() + network.recycled <= 0)
    if lost.any():
        k, c = (int(n) for n in np.argwhere(lost)[0])
        raise UnreachableDemandError(
            f"nothing reaches the use of {network.stages[k]} in {network.countries[c]}",
            where=where,
            why=f"{need[k, c]:g} t/mo are needed there and no arc arrives",
            mend="add a flow, recycling, or take out the use",
        )


def chain_of(network: Network, shocks: Sequence[Shock]) -> Chain:
    """The kernel's view of a network with its shock rows; raises named errors for what cannot be simulated."""
    check(network)
    countries, stages = len(network.countries), len(network.stages)
    cells = stages * countries
    origin_cell = network.stage * countries + network.origin
    if (np.diff(origin_cell) < 0).any():
        raise InputError("arcs must be sorted by stage and origin", where=f"network of {network.material}")
    ptr = np.searchsorted(origin_cell, np.arange(cells + 1)).astype(np.int64)
    made = network.made().ravel()
    home = network.origin == network.dest
    own = network.adaptation
    lag = np.array([own.lag[min(k, len(own.lag) - 1)] for k in range(stages)])
    share = np.divide(network.base, made[origin_cell], out=np.zeros_like(network.base), where=made[origin_cell] > 0)
    limit_row, capacity_row, release_row = _rows(network, shocks)
    theta = np.zeros(stages)
    theta[:-1] = network.theta
    reach = network.base * np.where(home, 1 + own.domestic, 1 + own.spot)
    return Chain(
        stages, countries, ptr, network.dest, network.base, share, reach,
        np.where(home, 0.0, network.base * (1 + own.ramp_max)), np.where(home, 0.0, network.base * own.ramp),
        lag[network.stage], network.base.copy(), limit_row, network.capacity.ravel().copy(), capacity_row, made, theta,
        network.use.ravel().copy(), network.stock.ravel().copy(), own.restock, release_row,
        np.where(network.use.ravel() > 0, own.substitution, 0.0), np.full(cells, own.ceiling),
        network.strategic.ravel().copy(), network.cover.ravel().copy(), network.activation.ravel().copy(),
        np.array([shock.kind != ShockKind.RELEASE for shock in shocks], np.bool_),
        np.array([0.0 if shock.kind == ShockKind.RELEASE else 1.0 for shock in shocks]),
    )  # fmt: skip


def _rows(network: Network, shocks: Sequence[Shock]) -> tuple[Ints, Ints, Ints]:
    """Which shock row rules each arc and cell (−1: none); two rows for one quantity are refused."""
    cells = len(network.stages) * len(network.countries)
    limit = np.full(network.base.size, -1, np.int64)
    capacity, release = np.full(cells, -1, np.int64), np.full(cells, -1, np.int64)
    for number, shock in enumerate(shocks):
        if not 0 <= shock.stage < len(network.stages):
            raise InputError(f"stage {shock.stage} does not exist", where=f"shock {number}", mend="stages count from 0")
        c = network.country(shock.country)
        if shock.kind == ShockKind.LICENCE:
            hit = (network.stage == shock.stage) & (network.origin == c) & (network.dest != c)
            if shock.destinations is not None:
                hit &= np.isin(network.dest, [network.country(code) for code in shock.destinations])
            taken, target = limit[hit], limit
        else:
            hit = np.zeros(cells, np.bool_)
            hit[shock.stage * len(network.countries) + c] = True
            target = capacity if shock.kind == ShockKind.CAPACITY else release
            taken = target[hit]
        if (taken >= 0).any():
            raise InputError(
                f"two {shock.kind} shocks rule the same quantity",
                where=f"shocks {int(taken.max())} and {number}",
                mend="combine them into one row",
            )
        target[hit] = number
    return limit, capacity, release


def check_values(values: Floats, shocks: Sequence[Shock]) -> None:
    """Raises when shock values [T, R, S] are not numbers, below zero, or do not match the shocks."""
    if values.ndim != 3 or values.shape[1] != len(shocks):
        raise InputError(
            "shock values have the wrong shape",
            why=f"{values.shape}, and {len(shocks)} shocks",
            mend="months × shocks × scenarios",
        )
    for number, shock in enumerate(shocks):
        if not np.isfinite(values[:, number]).all() or (values[:, number] < 0).any():
            raise ShutsTooMuchError(
                "a scenario shuts more than exists",
                where=f"shock {number}: {shock.kind}, {shock.country}",
                why=f"the lowest value is {values[:, number].min():g}, and 0 shuts everything",
                mend="give shares between 0 and 1, or tonnes of 0 and more",
            )
