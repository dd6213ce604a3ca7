"""The declared synthetic networks and disturbances of the market and planner benchmarks."""

from __future__ import annotations

import numpy as np

from lodestock.network.structure import Adaptation, Network, NetworkClass, Shock, ShockKind

SEED = 20261121
COUNTRIES, STAGES, ARCS, MONTHS = 60, 3, 480, 60


def made_up_network(material: int) -> Network:
    """60 countries, 3 stages, 480 arcs a stage, a few large makers; closed from the last stage upward."""
    g = np.random.default_rng([SEED, material])
    n, theta = COUNTRIES, g.uniform(1.05, 1.3, STAGES - 1)
    flows = np.zeros((STAGES, n, n))
    for k in range(STAGES):
        while np.count_nonzero(flows[k]) < ARCS - n:
            flows[k, int(n * g.random() ** 2), int(g.integers(n))] = g.lognormal(0, 1)
        flows[k][np.diag_indices(n)] = 0.0
        while np.count_nonzero(flows[k]) < ARCS - n:
            i, j = int(n * g.random() ** 2), int(g.integers(n))
            flows[k, i, j] = g.lognormal(0, 1) if i != j else 0.0
        flows[k][np.diag_indices(n)] = g.lognormal(0, 1, n)
        flows[k] *= g.lognormal(0, 1, n)[:, None]
    for k in range(STAGES - 2, -1, -1):  # arrivals of a form exceed what its conversion takes
        need = theta[k] * flows[k + 1].sum(axis=1)
        flows[k] *= (need * 1.3 / flows[k].sum(axis=0))[None, :]
    stage, origin, dest = (a.astype(np.int64) for a in np.nonzero(flows))
    made, arrive = flows.sum(axis=2), flows.sum(axis=1)
    use = arrive.copy()
    use[:-1] -= theta[:, None] * made[1:]
    zero = np.zeros_like(made)
    return Network(
        f"material {material}", NetworkClass.CHAIN, ("ore", "refined", "magnet"), tuple(f"C{i:02d}" for i in range(n)),
        stage, origin, dest, flows[stage, origin, dest], theta, made * 1.1, use, zero, arrive * 1.5, zero, zero, zero,
        Adaptation(restock=0.5),
    )  # fmt: skip


def made_up_shocks(network: Network, material: int, scenarios: int) -> tuple[list[Shock], np.ndarray]:
    """Licences on the largest maker of each stage (one regime), and outages of five other makers, [T, R, S]."""
    g = np.random.default_rng([SEED, 1, material])
    order = np.argsort(-network.made(), axis=1)
    names = network.countries
    shocks = [Shock(ShockKind.LICENCE, k, names[order[k, 0]]) for k in range(STAGES)]
    shocks += [Shock(ShockKind.CAPACITY, k, names[order[k, r]]) for k, r in ((0, 1), (1, 1), (2, 1), (0, 2), (2, 2))]
    values = np.ones((MONTHS, len(shocks), scenarios))
    regime, age = np.zeros(scenarios, np.int64), np.zeros(scenarios)
    for t in range(MONTHS):
        regime = np.where(regime == 0, g.random(scenarios) < 0.0245, g.random(scenarios) > 1 / 14).astype(np.int64)
        age = np.where(regime > 0, age + 1, 0)
        values[t, 0] = np.where(regime > 0, np.minimum(0.9, 0.2 + 0.05 * age), 1.0)
        values[t, 2] = np.where(regime > 0, np.minimum(0.9, 0.1 + 0.06 * age), 1.0)
    for r in range(STAGES, len(shocks)):
        down = np.zeros(scenarios, np.bool_)
        for t in range(MONTHS):
            down = np.where(down, g.random(scenarios) > 0.3, g.random(scenarios) < 0.008)
            values[t, r] = np.where(down, 0.4, 1.0)
    return shocks, values
