"""From production and trade to a baseline that closes, with what had to be moved for it (MODEL §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from lodestock.errors import InputError
from lodestock.network.faults import NegativeStockError, StageCycleError, UnbalancedError, UnreachableDemandError
from lodestock.network.kernel_types import Floats
from lodestock.network.structure import Adaptation, Network, NetworkClass, check

CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Balanced:
    """A network, and how much the data had to give way.

    moved [K] [share of production]: tonnes that were shifted between destinations so that the stage closes;
    filled [K] [share of production]: tonnes on routes that the trade data do not show.
    """

    network: Network
    moved: Floats
    filled: Floats


def stage_order(feeds: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The stages from first to last, given which stages each one feeds; a circle or a fork is refused."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for stage, nexts in feeds.items():
        if len(nexts) > 1:
            raise StageCycleError(f"stage '{stage}' feeds several stages", why=", ".join(nexts), mend="model one chain")
        sorter.add(stage)
        for item in nexts:
            sorter.add(item, stage)
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise StageCycleError(
            "stages feed each other in a circle", why=circle, mend="let each stage feed a later one"
        ) from None


def through_hubs(production: Floats, trade: Floats) -> Floats:
    """Flows from maker to user with transit taken out; production [C], trade [C, C] → flow [C, C], all [t/mo].

    Supply of a country is mixed: what leaves has the origin of all that is there (Kastner et al. 2011,
    doi:10.1016/j.ecolecon.2011.01.012; MODEL §13-1). Rows sum to production exactly.
    """
    if (production < 0).any() or (trade < 0).any():
        raise NegativeStockError("production and trade must be 0 or more", mend="mend the row below zero")
    net = trade.copy()
    np.fill_diagonal(net, 0.0)
    supply = production + net.sum(axis=0)
    sent = net.sum(axis=1)
    if (sent > supply * (1 + 1e-12)).any():
        worst = int(np.argmax(sent - supply))
        raise UnbalancedError(
            "a country ships more than it makes and receives",
            where=f"country number {worst}",
            why=f"ships {sent[worst]:g} t/mo, has {supply[worst]:g}",
            mend="raise its production, or reconcile the trade data first",
        )
    share = np.divide(net, supply[:, None], out=np.zeros_like(net), where=supply[:, None] > 0)
    stay = 1.0 - share.sum(axis=1)
    try:
        reach = np.linalg.solve((np.eye(production.size) - share).T, np.diag(production)).T
    except np.linalg.LinAlgError:
        raise UnbalancedError(
            "countries pass goods round without using any", mend="let some of the goods stay where they arrive"
        ) from None
    flow = reach * stay[None, :]
    return np.asarray(np.maximum(flow, 0.0), np.float64)


def fit_margins(flow: Floats, rows: Floats, columns: Floats, *, most: int = 10_000) -> Floats:
    """The flow nearest to `flow` with the given row and column sums (biproportional fit; Deming & Stephan 1940)."""
    if abs(float(rows.sum() - columns.sum())) > CLOSE * float(rows.sum()):
        raise UnbalancedError("supply and demand differ in total", why=f"{rows.sum():g} against {columns.sum():g}")
    out, before = flow.copy(), np.inf
    for turn in range(most):
        total = out.sum(axis=1)
        out *= np.divide(rows, total, out=np.zeros_like(total), where=total > 0)[:, None]
        total = out.sum(axis=0)
        gap = float(np.abs(total - columns).max())
        if gap <= CLOSE * 1e-2 * float(columns.max()):
            return out
        if turn % 250 == 249:
            if gap > 0.99 * before:  # at this pace it does not close in `most` rounds
                break
            before = gap
        out *= np.divide(columns, total, out=np.zeros_like(total), where=total > 0)[None, :]
    raise UnbalancedError(
        "the flows cannot be made to close",
        why=f"a gap of {gap:g} t/mo remains after {turn + 1} rounds",
        mend="add the missing routes, or check production against trade",
    )


def balanced_network(
    material: str,
    stages: Sequence[str],
    countries: Sequence[str],
    production: Floats,
    trade: Floats,
    theta: Floats,
    *,
    spare: float = 0.10,
    months: Sequence[float] = (0.5, 1.0, 1.5),
    recycled: Floats | None = None,
    adaptation: Adaptation | None = None,
    network_class: NetworkClass = NetworkClass.CHAIN,
) -> Balanced:
    """The baseline network of one material from production and trade (MODEL §5.1).

    production [K, C], trade [K, C, C] [t/mo, contained]; theta [K−1] [t in per t out]; spare [share of output]:
    capacity above baseline; months [K]: commercial stock in months of arrivals. Closes to 1e-9 of arrivals.
    """
    n, k_all = len(countries), len(stages)
    if production.shape != (k_all, n) or trade.shape != (k_all, n, n) or len(theta) != k_all - 1:
        raise InputError(
            "production, trade and yields do not match the stages and countries",
            why=f"{production.shape}, {trade.shape}, {len(theta)}",
        )
    again = np.zeros((k_all, n)) if recycled is None else recycled
    flows, moved, filled = np.zeros_like(trade), np.zeros(k_all), np.zeros(k_all)
    for k in range(k_all):
        raw = through_hubs(production[k], trade[k])
        need = theta[k] * production[k + 1] if k + 1 < k_all else np.zeros(n)
        flows[k], moved[k], filled[k] = _close_stage(raw, production[k], need, again[k], f"{material}, {stages[k]}")
    network = _assemble(material, stages, countries, flows, theta, spare, months, again, adaptation, network_class)
    gap = network.imbalance()
    if gap > CLOSE:
        raise UnbalancedError("the network does not close", where=material, why=f"{gap:.2e} of arrivals")
    check(network)
    return Balanced(network, moved, filled)


def _close_stage(raw: Floats, made: Floats, need: Floats, again: Floats, where: str) -> tuple[Floats, float, float]:
    """Flows in which every converter gets its input; says which share of the stage was moved and newly routed."""
    total = float(made.sum())
    if total <= 0:
        if (need > again).any():
            raise UnreachableDemandError("a form that is needed is made nowhere", where=where, mend="give production")
        return raw, 0.0, 0.0
    arrive = raw.sum(axis=0)
    lack = np.maximum(0.0, need - again - arrive)
    if lack.max() <= CLOSE * 1e-3 * arrive.max():
        return raw, 0.0, 0.0
    free = np.maximum(0.0, arrive + again - need)
    if lack.sum() > free.sum():
        raise UnbalancedError(
            "conversion needs more than the world makes", where=where,
            why=f"{lack.sum():g} t/mo lacking, {free.sum():g} t/mo free", mend="check yields and production",
        )  # fmt: skip
    free = np.minimum(free, arrive)
    columns = arrive + lack - free * (lack.sum() / free.sum())
    seed = raw.copy()
    bare = (columns > 0) & (arrive <= 0)
    seed[:, bare] = np.outer(made / total, columns[bare])
    out = fit_margins(seed, made, columns)
    return out, float(np.abs(out - raw).sum() / 2 / total), float(out[:, bare].sum() / total)


def _assemble(
    material: str, stages: Sequence[str], countries: Sequence[str], flows: Floats, theta: Floats, spare: float,
    months: Sequence[float], again: Floats, adaptation: Adaptation | None, network_class: NetworkClass,
) -> Network:  # fmt: skip
    stage, origin, dest = (a.astype(np.int64) for a in np.nonzero(flows))
    made, arrive = flows.sum(axis=2), flows.sum(axis=1)
    conversion = np.zeros_like(made)
    conversion[:-1] = np.asarray(theta)[:, None] * made[1:]
    use = arrive + again - conversion
    use[np.abs(use) < CLOSE * 1e-2 * arrive.max()] = 0.0
    zero = np.zeros_like(made)
    cover = np.array([months[min(k, len(months) - 1)] for k in range(len(stages))])
    return Network(
        material, network_class, tuple(stages), tuple(countries), stage, origin, dest, flows[stage, origin, dest],
        np.asarray(theta, np.float64), made * (1 + spare), use, again, arrive * cover[:, None], zero, zero.copy(),
        zero.copy(), adaptation or Adaptation(),
    )  # fmt: skip
