"""The planner's programme: persistent and warm-started beside scipy's wrapper of the same solver, in one run.

usage: python benchmarks/planner.py [--warm 200]

One month: the same network, each time with other licence shares. Sixty months: one cold solve. The network is made up
(`peers/made_up_network.py`); both solve the same matrix and must find the same loss.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))


def main() -> None:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warm", type=int, default=200)
    given = parser.parse_args()
    import numpy as np
    from made_up_network import made_up_network, made_up_shocks
    from scipy.optimize import linprog

    from lodestock.network.market import limits_of
    from lodestock.network.planner import Planner
    from lodestock.network.planner_model import horizon_matrix

    network = made_up_network(0)
    shocks, values = made_up_shocks(network, 0, max(given.warm, 8))
    worth = np.random.default_rng(1).uniform(1, 20, (*network.use.shape, 1))
    path = values[:, :, int((values < 1).any(axis=1).sum(axis=0).argmax())]
    limits = [limits_of(network, shocks, values[30:31, :, s]) for s in range(given.warm)]
    planner = Planner(network, worth)
    start = time.perf_counter(), time.process_time()
    planner.solve(limits[0].limit, limits[0].able)
    cold = time.perf_counter() - start[0], time.process_time() - start[1]
    took, losses = [], []
    for item in limits:
        begun = time.process_time()
        losses.append(planner.solve(item.limit, item.able).loss)
        took.append(time.process_time() - begun)
    matrix = horizon_matrix(network, planner.place, ())
    equal, theirs = slice(0, planner.place.cells), []
    for item, loss in list(zip(limits, losses, strict=True))[:20]:
        top, low, up = planner.bounds(item.limit, item.able)
        begun = time.process_time()
        found = linprog(
            planner.cost, matrix[planner.place.cells :], up[planner.place.cells :], matrix[equal], low[equal],
            bounds=np.column_stack([np.zeros(top.size), top]),
        )  # fmt: skip
        theirs.append(time.process_time() - begun)
        assert abs(found.fun - loss) <= 1e-6 * max(1.0, abs(loss)), (found.fun, loss)
    took.sort()
    theirs.sort()
    mid, late, other = took[len(took) // 2], took[int(0.9 * len(took))], theirs[len(theirs) // 2]
    print(f"one month, {matrix.shape[1]} columns, {matrix.shape[0]} rows, processor time:")
    print(f"  cold {cold[1] * 1e3:.1f} ms; warm median {mid * 1e3:.2f} ms, 90 % below {late * 1e3:.2f} ms")
    print(f"  scipy's linprog median {other * 1e3:.1f} ms: {other / mid:.1f} times as long")
    whole = limits_of(network, shocks, path)
    begun = time.process_time()
    long = Planner(network, worth, months=path.shape[0])
    built = time.process_time() - begun
    clock, begun = time.perf_counter(), time.process_time()
    plan = long.solve(whole.limit, whole.able)
    first, elapsed = time.process_time() - begun, time.perf_counter() - clock
    begun = time.process_time()
    long.solve(whole.limit * 1.01, whole.able)
    again = time.process_time() - begun
    columns, rows = long.place.columns * path.shape[0], long.place.rows * path.shape[0]
    print(f"{path.shape[0]} months, {columns} columns, {rows} rows: built {built:.2f} s,")
    print(f"  cold {first:.2f} s processor, {elapsed:.2f} s clock; after a small change {again:.3f} s")
    print(f"  loss {plan.loss:.6g}")


if __name__ == "__main__":
    main()
