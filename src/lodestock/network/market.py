"""What happens without coordination: the market rule over many scenarios (MODEL §5.3).

Commercial stocks stand for stock and pipeline together, so goods arrive in the month they are shipped and no month of
cover is counted twice. A processor makes what it can sell: input that finds no buyer stays in stock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError
from lodestock.network import kernel_block, kernel_plain
from lodestock.network.kernel_block import Given
from lodestock.network.kernel_types import Floats, Ints, arrivals, short_limit, since_limit, start_state
from lodestock.network.reduce import reduce_cells
from lodestock.network.structure import Network, Shock, chain_of, check_values

ROUNDS = 4  # no gain was found beyond four (MODEL §5.3, V21)
_PARTS = 16
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How scenarios stand for the world: weights [S] that sum to 1 and strata [S] (numbers from 0)."""

    weights: Floats
    strata: Ints

    @staticmethod
    def even(scenarios: int) -> Sampling:
        """Every scenario counts the same."""
        return Sampling(np.full(scenarios, 1.0 / scenarios), np.zeros(scenarios, np.int64))


@dataclass(frozen=True, slots=True)
class MarketSummary:
    """Shortage of final use over scenarios, T months, K stages, C countries.

    mean, error [T, K, C] [t/mo]: expectation and its standard error; levels [Q]; quantiles [Q, T, K, C] [t/mo];
    lost [S, K, C] [t]: tonnes lost over the horizon per scenario; kept [S, T, n] [t/mo]: full paths of the asked cells;
    computed: share of scenario-months that were computed; the others repeat the month before.
    """

    mean: Floats
    error: Floats
    levels: Floats
    quantiles: Floats
    lost: Floats
    kept: Floats
    computed: float


def simulate_market(
    network: Network,
    shocks: Sequence[Shock],
    values: Floats,
    *,
    rounds: int = ROUNDS,
    sampling: Sampling | None = None,
    levels: Sequence[float] = (0.05, 0.5, 0.95),
    keep: Sequence[tuple[int, str]] = (),
    recycled: Floats | None = None,
    reduce: bool = True,
    progress: Progress | None = None,
) -> MarketSummary:
    """How many tonnes are short, by month, stage and country, over scenarios (MODEL §5.3).

    values [T, R, S]: shock values, at rest 1 for shares and 0 for releases. recycled [T, K, C] [t/mo]: replaces the
    network's constant recycling. keep: (stage, country) cells whose full paths are wanted. reduce: False leaves mean,
    error and quantiles at 0 and gives only `lost` and `kept`.
    Raises InputError and its named kinds for what cannot be simulated.
    """
    chain = chain_of(network, shocks)
    check_values(values, shocks)
    months, _, scenarios = values.shape
    if rounds < 1 or scenarios < 1 or months < 1:
        raise InputError("rounds, months and scenarios must be 1 or more", why=f"{rounds}, {months}, {scenarios}")
    shape = (len(network.stages), len(network.countries))
    supply = _recycling(network, recycled, months)
    draw = _check_sampling(sampling or Sampling.even(scenarios), scenarios)
    asked = np.array(sorted(levels), np.float64)
    cells = [stage * shape[1] + network.country(code) for stage, code in keep]
    sink = _Sink(months, chain.capacity.size, scenarios, asked, draw, cells)
    state, rest = start_state(chain, scenarios), np.zeros(scenarios, np.bool_)
    ends, last = short_limit(chain), since_limit(chain)
    out, done = np.zeros((scenarios, chain.capacity.size)), 0
    rows = np.ascontiguousarray(values, np.float64)
    routes, space = arrivals(chain), kernel_block.work_space(chain, rows.shape[1], _PARTS)
    for t in range(months):
        same_supply = t > 0 and bool((supply[t] == supply[t - 1]).all())
        if not same_supply:
            rest[:] = False
        key = kernel_block.pattern(chain, rows[t], rows[max(t - 1, 0)], rest, state.lacking)
        active = _like_beside_like(key)
        if active.size:
            given = Given(active, active.size, rows[t], rows.shape[1], scenarios, supply[t], ends, last, out)
            kernel_block.run_month(chain, routes, given, state, rounds, rest, space)
        sink.take(t, out, state.lost, changed=active.size > 0, reduce=reduce)
        done += active.size
        if progress is not None:
            progress(t + 1, months)
    return sink.summary(shape, done / (months * scenarios))


def _like_beside_like(key: Ints) -> Ints:
    """The scenarios to compute, so that a block has as few routes as possible that matter to one lane only."""
    active = np.flatnonzero(key >= 0)
    return active[np.argsort(key[active], kind="stable")]


class _Sink:
    """Collects what is kept of each month."""

    def __init__(
        self, months: int, cells: int, scenarios: int, levels: Floats, draw: Sampling, keep: list[int]
    ) -> None:
        self.levels, self.draw, self.keep = levels, draw, np.array(keep, np.int64)
        count = int(draw.strata.max()) + 1
        self.sizes = np.bincount(draw.strata, minlength=count).astype(np.float64)
        self.shares: Floats = np.bincount(draw.strata, draw.weights, minlength=count).astype(np.float64)
        self.mean, self.error = np.zeros((months, cells)), np.zeros((months, cells))
        self.quantiles = np.zeros((months, levels.size, cells))
        self.lost, self.kept = np.zeros((scenarios, cells)), np.zeros((scenarios, months, len(keep)))

    def take(self, t: int, out: Floats, lost: Floats, *, changed: bool, reduce: bool) -> None:
        if reduce and (changed or t == 0):
            reduce_cells(
                out, self.draw.weights, self.draw.strata, self.sizes, self.shares, self.levels,
                self.mean[t], self.error[t], self.quantiles[t],
            )  # fmt: skip
        elif reduce:
            self.mean[t], self.error[t], self.quantiles[t] = self.mean[t - 1], self.error[t - 1], self.quantiles[t - 1]
        kernel_block.add_up(out, lost, self.lost)
        if self.keep.size:
            self.kept[:, t] = out[:, self.keep]

    def summary(self, shape: tuple[int, int], computed: float) -> MarketSummary:
        months, levels = self.mean.shape[0], self.levels.size
        return MarketSummary(
            self.mean.reshape(months, *shape), self.error.reshape(months, *shape), self.levels,
            np.ascontiguousarray(self.quantiles.transpose(1, 0, 2)).reshape(levels, months, *shape),
            self.lost.reshape(-1, *shape), self.kept, computed,
        )  # fmt: skip


def _recycling(network: Network, recycled: Floats | None, months: int) -> Floats:
    given = np.broadcast_to(network.recycled, (months, *network.recycled.shape)) if recycled is None else recycled
    if given.shape != (months, *network.recycled.shape) or (given < 0).any():
        raise InputError("recycled tonnes must be 0 or more for every month, stage and country", why=str(given.shape))
    return np.ascontiguousarray(given.reshape(months, -1))


def _check_sampling(draw: Sampling, scenarios: int) -> Sampling:
    if draw.weights.shape != (scenarios,) or draw.strata.shape != (scenarios,) or (draw.weights < 0).any():
        raise InputError("one weight of 0 or more and one stratum for each scenario", why=str(draw.weights.shape))
    if abs(float(draw.weights.sum()) - 1.0) > 1e-9:
        raise InputError("scenario weights must sum to 1", why=f"they sum to {draw.weights.sum():.12g}")
    return draw


@dataclass(frozen=True, slots=True)
class Limits:
    """What a scenario leaves of the network: limit [T, A], able and outside (releases) [T, K, C], all [t/mo]."""

    limit: Floats
    able: Floats
    outside: Floats


def limits_of(network: Network, shocks: Sequence[Shock], values: Floats) -> Limits:
    """Arc limits, working capacity and outside tonnes of one scenario, values [T, R], for the planner (MODEL §5.1)."""
    chain = chain_of(network, shocks)
    check_values(values[:, :, None], shocks)
    months, cells = values.shape[0], chain.capacity.size
    limit, able, strong = np.zeros((months, chain.dest.size)), np.zeros((months, cells)), np.zeros(cells)
    outside, since = np.zeros((months, cells)), 0.0
    given = chain.release_row >= 0
    for t in range(months):
        row = np.ascontiguousarray(values[t], np.float64)
        kernel_plain.limits(chain, row, since, limit[t], able[t], strong)
        outside[t, given] = row[chain.release_row[given]]
        since += 1.0 if kernel_plain.is_disturbed(chain, row) else 0.0
    shape = (months, len(network.stages), len(network.countries))
    return Limits(limit, able.reshape(shape), outside.reshape(shape))


@dataclass(frozen=True, slots=True)
class MarketTrace:
    """Everything that moved in one scenario, T months [t/mo, stocks in t].

    flow [T, A]; shortage, use, stock, strategic, released [T, K, C]; stock and strategic are those at the month's end.
    use is final use after substitution, shortage included.
    """

    flow: Floats
    shortage: Floats
    use: Floats
    stock: Floats
    strategic: Floats
    released: Floats


def trace_market(
    network: Network,
    shocks: Sequence[Shock],
    values: Floats,
    *,
    rounds: int = ROUNDS,
    recycled: Floats | None = None,
) -> MarketTrace:
    """All flows, stocks and shortages of one scenario under the market rule; values [T, R]."""
    chain = chain_of(network, shocks)
    check_values(values[:, :, None], shocks)
    months, cells = values.shape[0], chain.capacity.size
    supply = _recycling(network, recycled, months)
    shape = (months, len(network.stages), len(network.countries))
    state = np.array([chain.target, chain.strategic, np.zeros(cells), np.zeros(cells)])
    flow, result, since = np.zeros((months, chain.dest.size)), np.zeros((3, cells)), 0.0
    short, use, stock, strategic, freed = (np.zeros((months, cells)) for _ in range(5))
    for t in range(months):
        row = np.ascontiguousarray(values[t], np.float64)
        use[t] = chain.use * (1.0 - np.minimum(chain.ceiling, chain.slope * state[2] / 12.0))
        kernel_plain.month(chain, row, supply[t], rounds, state, since, flow[t], freed[t], result)
        since += 1.0 if kernel_plain.is_disturbed(chain, row) else 0.0
        short[t], stock[t], strategic[t] = result[0], state[0], state[1]
    return MarketTrace(flow, *(a.reshape(shape) for a in (short, use, stock, strategic, freed)))


def ration(supply: Floats, demand: Floats, base: Floats, limit: Floats, rounds: int = ROUNDS) -> Floats:
    """One stage by the market rule: supply [n], demand [m], base and limit [n, m] → flow [n, m], all [t/mo] (V21)."""
    n, m = base.shape
    size = max(n, m)
    total = base.sum(axis=1, keepdims=True)
    share = np.divide(base, total, out=np.zeros_like(base), where=total > 0).ravel()
    ptr = np.minimum(np.arange(size + 1), n).astype(np.int64) * m
    planned, want = np.zeros(size), np.zeros(size)
    planned[:n], want[:m] = supply, demand
    flow: NDArray[np.float64] = np.zeros(n * m)
    dest = np.tile(np.arange(m), n).astype(np.int64)
    kernel_plain.ration(ptr, dest, share, planned, planned, want, limit.ravel().copy(), rounds, flow)
    return flow.reshape(n, m)
