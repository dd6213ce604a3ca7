"""The market rule over many scenarios beside a plain numba loop over scenarios, in one run on the same network.

usage: python benchmarks/market.py [--materials 34] [--scenarios 10000] [--plain 1000] [--threads 2]

The network is made up and declared in `peers/made_up_network.py`. The plain loop (`kernel_plain.run_plain`, the
reference of the tests) runs on the first `--plain` scenarios of one material with the same number of threads and is
scaled up; differences are taken over those scenarios. Clock and processor seconds are both printed: on a shared
machine read the second. Peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))


def clocks() -> tuple[float, float]:
    """Clock and processor time [s]."""
    return time.perf_counter(), time.process_time()


def main() -> None:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--materials", type=int, default=34)
    parser.add_argument("--scenarios", type=int, default=10_000)
    parser.add_argument("--plain", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    os.environ["NUMBA_NUM_THREADS"] = str(given.threads)
    compare(given.materials, given.scenarios, given.plain)


def compare(materials: int, scenarios: int, plain: int) -> None:
    """Simulation, simulation with reductions, plain loop."""
    import numpy as np
    from made_up_network import MONTHS, made_up_network, made_up_shocks

    from lodestock.network import kernel_plain
    from lodestock.network.market import simulate_market
    from lodestock.network.structure import chain_of

    def plain_run(network, shocks, values):
        chain = chain_of(network, shocks)
        cells = chain.capacity.size
        start = np.array([chain.target, chain.strategic, np.zeros(cells), np.zeros(cells)])
        out = np.zeros((values.shape[0], cells, values.shape[2]))
        kernel_plain.run_plain(chain, values, np.zeros((values.shape[0], cells)), 4, start, out)
        return out

    network = made_up_network(0)
    shocks, values = made_up_shocks(network, 0, scenarios)
    few = np.ascontiguousarray(values[:, :, :plain])
    plain_run(network, shocks, np.ascontiguousarray(values[:3, :, :8]))  # compile
    simulate_market(network, shocks, values[:3, :, :64])
    before = clocks()
    reference = plain_run(network, shocks, few)
    loop = [(b - a) * materials * scenarios / plain for a, b in zip(before, clocks(), strict=True)]
    keep = [(k, code) for k in range(3) for code in network.countries]
    found = simulate_market(network, shocks, few, keep=keep)
    kept, top = found.kept.transpose(1, 2, 0), reference.max()
    exact = np.quantile(reference, 0.95, axis=2, method="inverted_cdf")
    gaps = [np.abs(kept - reference).max(), np.abs(found.mean.reshape(MONTHS, -1) - reference.mean(axis=2)).max()]
    gaps.append(np.abs(found.quantiles[2].reshape(MONTHS, -1) - exact).max())
    names = ("paths", "means", "95 % quantiles")
    told = ", ".join(f"{name} {gap / top:.1e}" for name, gap in zip(names, gaps, strict=True))
    print(f"largest differences from the plain loop, as a share of the largest shortage: {told}")
    del reference, kept, found
    total, bare, disturbed, computed, drawing = [0.0, 0.0], [0.0, 0.0], 0.0, 0.0, 0.0
    for m in range(materials):
        start = time.perf_counter()
        network = made_up_network(m)
        shocks, values = made_up_shocks(network, m, scenarios)
        drawing += time.perf_counter() - start
        disturbed += (values < 1).any(axis=1).mean() / materials
        before = clocks()
        computed += simulate_market(network, shocks, values).computed / materials
        total = [c + b - a for c, a, b in zip(total, before, clocks(), strict=True)]
        before = clocks()
        simulate_market(network, shocks, values, reduce=False)
        bare = [c + b - a for c, a, b in zip(bare, before, clocks(), strict=True)]
    print(f"{materials} materials, {scenarios} scenarios, {MONTHS} months; scenario-months disturbed {disturbed:.1%},")
    print(f"computed {computed:.1%}; drawing the disturbances took {drawing:.1f} s")
    print(f"plain loop, scaled up:   {loop[0]:8.1f} s clock {loop[1]:8.1f} s processor")
    for name, took in (("simulation", bare), ("with reductions", total)):
        ratio = f"{loop[0] / took[0]:.1f} × by the clock, {loop[1] / took[1]:.1f} × in processor time"
        print(f"{name + ':':24s} {took[0]:8.1f} s clock {took[1]:8.1f} s processor   {ratio}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


if __name__ == "__main__":
    main()
