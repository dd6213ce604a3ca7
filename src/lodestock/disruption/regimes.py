"""Export regimes that come and go: exporters' regimes under a global tension, and their exact moments (MODEL §4.1,
V17).

Monthly Markov chains. The world's tension e moves by P(e'|e); an exporter's regime g by P(g'|g, e); when an exporter's
regime switches, each of its materials follows with probability q – its targetability – and otherwise keeps its own
regime. So shocks are common to materials and to importers, which is what destroys pooling gains (MODEL §7.6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]
StateArray = npt.NDArray[np.int8]


def check_chain(transition: npt.ArrayLike, name: str = "transition") -> FloatArray:
    """The transition probabilities as an array; raises when a row is not a probability law. Last axis: next state."""
    p = np.asarray(transition, dtype=np.float64)
    if p.ndim < 2 or p.shape[-1] != p.shape[-2] or not np.isfinite(p).all():
        raise InputError(f"{name} must be square", why=str(p.shape))
    if (p < 0).any() or (np.abs(p.sum(axis=-1) - 1.0) > 1e-9).any():
        raise InputError(f"each row of {name} must be 0 or more and sum to 1", why=f"sums {p.sum(axis=-1).ravel()[:6]}")
    return p


def stationary(transition: npt.ArrayLike) -> FloatArray:
    """The long-run share of months in each state [n]: πP = π. Raises when the chain has more than one long run."""
    p = check_chain(transition)
    n = p.shape[0]
    values = np.linalg.eigvals(p)
    if (np.abs(values - 1.0) < 1e-10).sum() > 1:
        raise InputError("the chain has more than one long run", mend="let every state reach every other")
    system = np.vstack([p.T - np.eye(n), np.ones(n)])
    return np.asarray(np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0], np.float64)


def expected_months(transition: npt.ArrayLike, start: int, months: int) -> FloatArray:
    """Expected number of months in each state [n], month 0 in `start` included."""
    return discounted_months(transition, start, months, 0.0)


def discounted_months(transition: npt.ArrayLike, start: int, months: int, rate: float) -> FloatArray:
    """Σ_t β^t P(state at t) for t = 0…months−1 [n], β = (1+rate)^(−1/12); rate [per year]."""
    p = check_chain(transition)
    beta, law, out = (1.0 + rate) ** (-1.0 / 12.0), np.eye(p.shape[0])[start], np.zeros(p.shape[0])
    for t in range(months):
        out += beta**t * law
        law = law @ p
    return out


def expected_shortage(
    transition: npt.ArrayLike, start: int, months: int, share: npt.ArrayLike, demand: float, rate: float = 0.0
) -> float:
    """Expected discounted shortage [t] over `months`: D·e₀ᵀ(I−βP)⁻¹(I−(βP)^T)ϑ (MODEL §4.1, V17).

    share [n] [0–1]: shortage share by state; demand [t/mo]; rate [per year].
    """
    return float(demand * discounted_months(transition, start, months, rate) @ np.asarray(share, np.float64))


def chance_of_any(transition: npt.ArrayLike, start: int, months: int, calm: npt.ArrayLike = (0,)) -> float:
    """Chance of leaving the `calm` states within `months` months, the first being month 0."""
    p = check_chain(transition)
    keep = np.asarray(calm, np.int64)
    if start not in keep:
        return 1.0
    law = np.zeros(keep.size)
    law[np.flatnonzero(keep == start)[0]] = 1.0
    return float(1.0 - (law @ np.linalg.matrix_power(p[np.ix_(keep, keep)], months - 1)).sum())


def mean_spell(transition: npt.ArrayLike, states: npt.ArrayLike) -> FloatArray:
    """Expected months until the chain leaves `states`, from each of them: (I − P_dd)⁻¹1 (MODEL §4.1)."""
    p = check_chain(transition)
    inside = np.asarray(states, np.int64)
    part = p[np.ix_(inside, inside)]
    if np.abs(np.linalg.eigvals(part)).max() > 1.0 - 1e-12:
        raise InputError("a spell in these states never ends", mend="give a way out")
    return np.asarray(np.linalg.solve(np.eye(inside.size) - part, np.ones(inside.size)), np.float64)


def shortage_after_stock(
    transition: npt.ArrayLike, start: int, months: int, share: npt.ArrayLike, demand: float, stock: float
) -> float:
    """Expected undiscounted shortage [t] when one stock [t] is used one for one and not refilled (V17).

    Exact: the law of (state, stock left) is carried from month to month.
    """
    p, need = check_chain(transition), demand * np.asarray(share, np.float64)
    left, law = np.array([float(stock)]), np.eye(p.shape[0])[start][None, :]
    total = 0.0
    for _ in range(months):
        used = np.minimum(left[:, None], need[None, :])
        total += float((law * (need[None, :] - used)).sum())
        # paths with the same stock left are one from here on; rounding merges those that differ by rounding only
        left, where = np.unique(np.round(left[:, None] - used, 9).ravel(), return_inverse=True)
        merged = np.zeros((left.size, p.shape[0]))
        np.add.at(merged, where, (law[:, :, None] * p[None, :, :]).reshape(-1, p.shape[0]))
        law = merged
    return total


@dataclass(frozen=True, slots=True, eq=False)
class RegimeWorld:
    """tension [E, E]: P(e'|e); regime [X, E, G, G]: P(g'|g, e) by exporter; state 0 is normal.

    exporter [M]: which exporter rules each material; targetability [M] [0–1]: chance that a material follows a switch.
    calm_start: tension at the start.
    """

    tension: FloatArray
    regime: FloatArray
    exporter: npt.NDArray[np.int64]
    targetability: FloatArray
    calm_start: int = 0

    def __post_init__(self) -> None:
        check_chain(self.tension, "tension")
        check_chain(self.regime, "regime")
        good = self.regime.ndim == 4 and self.regime.shape[1] == self.tension.shape[0]
        good = good and self.exporter.shape == self.targetability.shape
        good = good and bool(((self.exporter >= 0) & (self.exporter < self.regime.shape[0])).all())
        if not good or (self.targetability < 0).any() or (self.targetability > 1).any():
            raise InputError("regimes, exporters and targetability do not fit together", why=str(self.regime.shape))


def joint_chain(world: RegimeWorld, materials: tuple[int, ...]) -> tuple[FloatArray, tuple[int, ...]]:
    """The exact chain of (tension, exporter's regime, regime of each of `materials`), which must share one exporter.

    Returns the transition matrix and the sizes of the state's parts, in the order of `np.ravel_multi_index`.
    """
    exporters = {int(world.exporter[m]) for m in materials}
    if len(exporters) != 1:
        raise InputError("the materials of one chain must share one exporter", why=str(sorted(exporters)))
    regime = world.regime[exporters.pop()]
    e_all, g_all = regime.shape[0], regime.shape[1]
    sizes = (e_all, g_all, *([g_all] * len(materials)))
    out = np.zeros((int(np.prod(sizes)), int(np.prod(sizes))))
    for here in np.ndindex(*sizes):
        row = int(np.ravel_multi_index(here, sizes))
        for e2 in range(e_all):
            for g2 in range(g_all):
                chance = world.tension[here[0], e2] * regime[here[0], here[1], g2]
                for follow in np.ndindex(*([2] * len(materials))) if g2 != here[1] else [(0,) * len(materials)]:
                    weight, own = chance, list(here[2:])
                    for n, m in enumerate(materials):
                        if g2 != here[1]:
                            weight *= world.targetability[m] if follow[n] else 1.0 - world.targetability[m]
                            own[n] = g2 if follow[n] else own[n]
                    out[row, int(np.ravel_multi_index((e2, g2, *own), sizes))] += weight
    return out, sizes


@dataclass(frozen=True, slots=True, eq=False)
class RegimePaths:
    """tension [S, T], exporter [S, X, T], material [S, M, T]: states by month, month 0 at the start state.

    weights [S]: sum to 1; strata [S]: 0 where all exporters stay normal throughout, 1 where at least one leaves.
    """

    tension: StateArray
    exporter: StateArray
    material: StateArray
    weights: FloatArray
    strata: npt.NDArray[np.int64]


def chance_all_normal(world: RegimeWorld, months: int) -> FloatArray:
    """Chance [T, E] that no exporter leaves normal from month t to the last, given tension at t and all normal
    there.
    """
    stay = world.regime[:, :, 0, 0].prod(axis=0)
    out = np.ones((months, world.tension.shape[0]))
    for t in range(months - 2, -1, -1):
        out[t] = stay * (world.tension @ out[t + 1])
    return out


def simulate_regimes(
    world: RegimeWorld, months: int, scenarios: int, draw: np.random.Generator, *, disturbed: float | None = None
) -> RegimePaths:
    """Regime paths, all from normal at the world's calm start.

    disturbed [0–1]: share of scenarios that is forced to leave normal at least once, reweighted so that every mean
    stays right (MODEL §9: at least 0.3); None: plain sampling. The quiet stratum is sampled given that nobody leaves.
    """
    quiet_chance = float(chance_all_normal(world, months)[0, world.calm_start])
    if disturbed is None:
        paths = _run(world, months, np.full(scenarios, -1), draw)
        return _paths(world, paths, np.full(scenarios, 1.0 / scenarios), np.zeros(scenarios, np.int64), draw)
    hit = int(np.clip(round(disturbed * scenarios), 1, scenarios - 1)) if 0 < quiet_chance < 1 else scenarios
    if quiet_chance >= 1.0:
        hit = 0
    strata = np.zeros(scenarios, np.int64)
    strata[:hit] = 1
    weights = np.where(strata == 1, (1.0 - quiet_chance) / max(hit, 1), quiet_chance / max(scenarios - hit, 1))
    paths = _run(world, months, strata, draw)
    return _paths(world, paths, weights, strata, draw)


def _run(
    world: RegimeWorld, months: int, wanted: npt.NDArray[np.int64], draw: np.random.Generator
) -> tuple[StateArray, StateArray]:
    """Tension and exporters month by month; wanted [S]: 1 must leave normal, 0 must stay, −1 free.

    The condition is met by Doob's transform: each step is drawn in proportion to its chance times the chance that the
    rest of the path can still meet the condition.
    """
    scenarios, exporters = wanted.size, world.regime.shape[0]
    ahead = chance_all_normal(world, months)
    tension = np.zeros((scenarios, months), np.int8)
    state = np.zeros((scenarios, exporters, months), np.int8)
    tension[:, 0] = world.calm_start
    pending = wanted.copy()  # a scenario that has left is free afterwards
    for t in range(1, months):
        e, g = tension[:, t - 1].astype(np.int64), state[:, :, t - 1].astype(np.int64)
        leaves = _leaves(world, ahead, t, e, pending, draw)
        state[:, :, t] = _step(world, e, g, leaves, pending, draw)
        later = np.where(pending[:, None] == 0, ahead[t], np.where(pending[:, None] == 1, 1.0 - ahead[t], 1.0))
        later = np.where((leaves == 1)[:, None], 1.0, later)
        chance = world.tension[e] * later
        tension[:, t] = _pick(chance, draw.random(scenarios))
        pending = np.where((pending == 1) & (leaves == 1), -1, pending)
    return tension, state


def _leaves(
    world: RegimeWorld, ahead: FloatArray, t: int, e: npt.NDArray[np.int64], pending: npt.NDArray[np.int64],
    draw: np.random.Generator,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """1: some exporter leaves normal now, 0: none does, −1: not conditioned."""
    go = 1.0 - world.regime[:, :, 0, 0].prod(axis=0)[e]
    total = 1.0 - ahead[t - 1][e]
    share = np.divide(go, total, out=np.ones_like(go), where=total > 0)
    now = draw.random(e.size) < share
    return np.where(pending == 1, now.astype(np.int64), np.where(pending == 0, 0, -1))


def _step(
    world: RegimeWorld, e: npt.NDArray[np.int64], g: npt.NDArray[np.int64], leaves: npt.NDArray[np.int64],
    pending: npt.NDArray[np.int64], draw: np.random.Generator,
) -> StateArray:  # fmt: skip
    """Next regime of every exporter, given whether the scenario leaves normal in this month."""
    out = np.zeros(g.shape, np.int8)
    exporters = g.shape[1]
    gone = np.zeros(e.size, np.bool_)
    for x in range(exporters):
        chance = world.regime[x][e, g[:, x]].copy()
        rest = world.regime[x + 1 :, :, 0, 0].prod(axis=0)[e] if x + 1 < exporters else np.ones(e.size)
        none_later = np.where(gone, 1.0, 1.0 - rest)  # someone after x must still leave when x stays
        chance[:, 0] = np.where(leaves == 1, chance[:, 0] * none_later, chance[:, 0])
        chance[:, 1:] = np.where((leaves == 0)[:, None], 0.0, chance[:, 1:])
        out[:, x] = _pick(chance, draw.random(e.size))
        gone |= out[:, x] > 0
    return out


def _pick(chance: FloatArray, uniform: FloatArray) -> StateArray:
    """A column per row in proportion to `chance` [S, n]."""
    edges = np.cumsum(chance, axis=1)
    place = (uniform[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    return np.asarray(np.minimum(place, chance.shape[1] - 1), np.int8)


def _paths(
    world: RegimeWorld, paths: tuple[StateArray, StateArray], weights: FloatArray, strata: npt.NDArray[np.int64],
    draw: np.random.Generator,
) -> RegimePaths:  # fmt: skip
    """Adds the materials: each follows a switch of its exporter with its own targetability."""
    tension, exporter = paths
    scenarios, _, months = exporter.shape
    material = np.zeros((scenarios, world.exporter.size, months), np.int8)
    for t in range(1, months):
        now, before = exporter[:, world.exporter, t], exporter[:, world.exporter, t - 1]
        follow = (now != before) & (draw.random(now.shape) < world.targetability)
        material[:, :, t] = np.where(follow, now, material[:, :, t - 1])
    return RegimePaths(tension, exporter, material, weights, strata)
