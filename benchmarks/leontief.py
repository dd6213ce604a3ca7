"""Leontief's model beside pymrio 0.7.0 and a plain inverse, in one run on the same synthetic table.

usage: python benchmarks/leontief.py [--large] [--threads 1|2]    (--large adds 7,987 industries; takes minutes)

calc_system of pymrio computes output, coefficients and the inverse. Ours: the same three ("with inverse"), and what the
inverse is used for (output, coefficients, multipliers) by solving ("solved") and by rounds of suppliers ("rounds").
pymrio runs as a program in its own environment with as many BLAS threads.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
sys.path.insert(0, str(PEERS))


def best(function: Callable[[], object], repeats: int) -> float:
    """Shortest time of some runs [s]."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def compare(size: int, threads: int, repeats: int) -> None:
    """All of it at one size."""
    import environment
    import numpy as np
    from made_up_table import made_up_table

    from lodestock.economy import leontief

    told, first_rows = environment.run("pymrio_system.py", size, repeats, threads=threads)
    theirs = min(told["seconds"])
    flows, final, _, regions, _ = made_up_table(size)
    demand = final.sum(axis=1)

    def with_inverse() -> np.ndarray:
        output = flows.sum(axis=1) + demand
        return leontief.factor(leontief.input_coefficients(flows, output)).inverse()

    def solved() -> None:
        output = flows.sum(axis=1) + demand
        system = leontief.factor(leontief.input_coefficients(flows, output))
        system.multipliers(1 - flows.sum(axis=0) / output)

    def rounds() -> None:
        output = flows.sum(axis=1) + demand
        a = leontief.input_coefficients(flows, output)
        leontief.require_productive(a)
        leontief.solve_by_rounds(a.T, 1 - a.sum(axis=0))

    difference = np.abs(with_inverse()[:5] - first_rows).max()
    made = ", ".join(told["computes"])
    print(f"N={size}, {threads} thread(s); pymrio computes {made}; inverse agrees to {difference:.0e}")
    for name, function in (("with inverse", with_inverse), ("solved", solved), ("rounds", rounds)):
        mine = best(function, repeats)
        print(f"  calc_system {theirs:.2f} s, Lodestock {name} {mine:.2f} s: {theirs / mine:.2f} times as fast")
    output = flows.sum(axis=1) + demand
    a = leontief.input_coefficients(flows, output)
    groups = np.repeat(np.eye(regions), size // regions, axis=1)
    share = 1 - a.sum(axis=0)
    plain = best(lambda: np.linalg.inv(np.eye(size) - a), repeats)
    each = best(lambda: leontief.extract_each(leontief.factor(a), output, share, groups), repeats)
    print(
        f"  all {size} extractions, with the loss by region: {each:.2f} s; one inverse (numpy) {plain:.2f} s: "
        f"{each / plain:.2f} of one inverse (aim at most 1.3)"
    )


def main() -> None:
    """Pin the threads first, then compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != str(given.threads):
        pinned = {"OMP_NUM_THREADS": str(given.threads), "OPENBLAS_NUM_THREADS": str(given.threads)}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **pinned})
    compare(2800, given.threads, 3)
    if given.large:
        compare(7987, given.threads, 1)


if __name__ == "__main__":
    main()
