"""What the market kernels see of one material: plain arrays, in the order of the loops.

A *cell* is a stage and a country, numbered `stage * countries + country`. A *row* is one disturbed quantity: a share of
capacity, a share of a licensed flow, or tonnes released from outside the network.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Residual supply or demand below this share of what it began as counts as none, so that rounding dust is not traded.
DUST = 1e-12
# A stock above this share of its target orders too little to be worth sorting by.
FULL = 1 - 1e-6
# A lane whose inventories moved by less than this share of their target is at rest; 60 months of it stay below 1e-11.
REST = 1e-13


class Chain(NamedTuple):
    """One material's network as arrays (MODEL §5.1, §5.3).

    stages, countries: sizes K and C; there are K·C cells.
    ptr [K·C+1]: arcs of cell c are ptr[c]:ptr[c+1]; dest [A]: country of arrival; both int64.
    base [A] [t/mo]: baseline flow; share [A] [0–1]: share of the arc in what its origin ships.
    reach [A] [t/mo]: what the arc carries at once (base plus spot); ramp_max [A] [t/mo], ramp [A] [t/mo per month],
        lag [A] [months]: qualification of the route, which starts from the base flow after `lag` disturbed months.
    licensed [A] [t/mo]: the flow that a licence share of 1 stands for; limit_row [A]: its row, or −1.
    capacity [K·C] [t/mo], capacity_row [K·C]; made [K·C] [t/mo]: baseline output.
    theta [K] [t in per t out]: input of form k per tonne of form k+1; the last entry is not used.
    use [K·C] [t/mo]: final use; target [K·C] [t]: commercial stock at rest; restock [share of target per month].
    release_row [K·C]: row of tonnes that come from outside the network [t/mo], or −1.
    slope [K·C] [share per year], ceiling [K·C] [0–1]: substitution.
    strategic [K·C] [t]: stock at the start; cover [K·C] [0–1]: share of a shortfall that is released;
        activation [K·C] [months]: months of shortfall before the first release.
    disturbs [R]: True where a value below 1 of the row is a disturbance; rest_value [R]: the row's value at rest.
    """

    stages: int
    countries: int
    ptr: Ints
    dest: Ints
    base: Floats
    share: Floats
    reach: Floats
    ramp_max: Floats
    ramp: Floats
    lag: Floats
    licensed: Floats
    limit_row: Ints
    capacity: Floats
    capacity_row: Ints
    made: Floats
    theta: Floats
    use: Floats
    target: Floats
    restock: float
    release_row: Ints
    slope: Floats
    ceiling: Floats
    strategic: Floats
    cover: Floats
    activation: Floats
    disturbs: NDArray[np.bool_]
    rest_value: Floats


class Arrivals(NamedTuple):
    """The routes of a chain by country of arrival, each with the fields of `Chain` that belong to it.

    ptr [K·C+1]: routes into cell c are ptr[c]:ptr[c+1]; origin [A]: country they come from, rising within a cell.
    asleep, grown [K] [months]: disturbed months until which no route of the stage carries more than at once, and from
        which none gains any more. surely [K·C] [t/mo]: what can leave the cell at least; 0 where a licence rules.
    """

    ptr: Ints
    origin: Ints
    share: Floats
    reach: Floats
    base: Floats
    ramp_max: Floats
    ramp: Floats
    lag: Floats
    licensed: Floats
    limit_row: Ints
    asleep: Floats
    grown: Floats
    surely: Floats


def arrivals(chain: Chain) -> Arrivals:
    """The same routes by where they lead to."""
    n = chain.countries
    cell = np.repeat(np.arange(chain.capacity.size), np.diff(chain.ptr))
    arrive = cell // n * n + chain.dest
    order = np.argsort(arrive, kind="stable")
    ptr = np.searchsorted(arrive[order], np.arange(chain.capacity.size + 1)).astype(np.int64)
    asleep, grown = np.full(chain.stages, np.inf), np.zeros(chain.stages)
    grows = (chain.ramp > 0.0) & (chain.ramp_max > chain.reach)
    ramp = np.where(grows, chain.ramp, 1.0)
    np.minimum.at(asleep, cell[grows] // n, (chain.lag + np.floor((chain.reach - chain.base) / ramp))[grows])
    np.maximum.at(grown, cell[grows] // n, (chain.lag + np.ceil((chain.ramp_max - chain.base) / ramp))[grows])
    surely, licensed = np.zeros(chain.capacity.size), np.zeros(chain.capacity.size, np.bool_)
    np.add.at(surely, cell, chain.reach)
    licensed[cell[chain.limit_row >= 0]] = True
    floats = (chain.share, chain.reach, chain.base, chain.ramp_max, chain.ramp, chain.lag, chain.licensed)
    share, reach, base, ramp_max, slope, lag, flow = (field[order] for field in floats)
    return Arrivals(
        ptr, (cell % n)[order], share, reach, base, ramp_max, slope, lag, flow, chain.limit_row[order],
        asleep, grown, np.where(licensed, 0.0, surely),
    )  # fmt: skip


class State(NamedTuple):
    """What a scenario remembers from month to month; the first axis is the scenario.

    stock [S, K·C] [t]; strategic [S, K·C] [t]; short [S, K·C] [months short so far, clamped where substitution ends];
    run [S, K·C] [months short in a row, clamped at activation]; since [S] [disturbed months so far, clamped];
    lacking [S]: cells whose stock is below target; lost [S]: 1 where final use was short last month, else 0.
    """

    stock: Floats
    strategic: Floats
    short: Floats
    run: Floats
    since: Floats
    lacking: Floats
    lost: Floats


def start_state(chain: Chain, scenarios: int) -> State:
    """The state at rest for `scenarios` scenarios: stocks at target, nothing short, no disturbance yet."""
    shape = (scenarios, chain.target.size)
    stock, strategic = np.empty(shape), np.empty(shape)
    stock[:], strategic[:] = chain.target, chain.strategic
    short, run, (since, lacking, lost) = np.zeros(shape), np.zeros(shape), np.zeros((3, scenarios))
    return State(stock, strategic, short, run, since, lacking, lost)


def since_limit(chain: Chain) -> float:
    """Disturbed months after which no route gains any more [months]."""
    growing = (chain.ramp > 0) & (chain.ramp_max > 0)
    if not growing.any():
        return 0.0
    gain = np.maximum(chain.ramp_max - chain.base, 0.0)
    months = chain.lag[growing] + np.ceil(gain[growing] / chain.ramp[growing])
    return float(months.max())


def short_limit(chain: Chain) -> Floats:
    """Months short after which substitution is complete [months], by cell; 0 where nothing is substituted."""
    out = np.zeros(chain.slope.size)
    live = (chain.slope > 0) & (chain.ceiling > 0)
    out[live] = np.ceil(12.0 * chain.ceiling[live] / chain.slope[live])
    return out
