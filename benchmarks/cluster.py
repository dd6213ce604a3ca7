"""What the cluster engine costs beyond the work: 100 parts on two workers, beside two plain processes, in one run.

usage: python benchmarks/cluster.py [--parts 100] [--seconds 0.5]

A part waits and returns the arrays of one material's market run (about 2 MB), so that nothing but starting, moving and
keeping results is measured, whatever else the machine does. Workers are warm before the clock starts.
"""

from __future__ import annotations

import argparse
import tempfile
import time

import numpy as np

from lodestock.scenario.ensemble import Part, ProcessEngine, run_parts


def wait(payload):
    """Work that takes a known time."""
    time.sleep(payload["seconds"])
    return {"lost": np.full((1500, 180), float(payload["number"]))}


def took(engine, parts) -> float:
    """Clock time of all parts [s]."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        files = run_parts(wait, parts, folder, engine=engine)
        assert len(files) == len(parts)
        return time.perf_counter() - start


def main() -> None:
    """Runs and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=0.5)
    given = parser.parse_args()
    from distributed import LocalCluster

    from lodestock.scenario.ensemble_dask import DaskEngine

    parts = [Part(f"part {n}", {"seconds": given.seconds, "number": n}) for n in range(given.parts)]
    ideal = given.parts * given.seconds / 2
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        engine = DaskEngine(cluster.scheduler_address)
        took(engine, [Part(f"warm {n}", {"seconds": 0.01, "number": n}) for n in range(8)])
        spread = took(engine, parts)
    alone = took(ProcessEngine(2), parts)
    print(f"{given.parts} parts of {given.seconds} s on two workers: {ideal:.1f} s of work")
    print(f"cluster engine {spread:.1f} s ({spread / ideal - 1:+.1%})")
    print(f"processes, started cold {alone:.1f} s ({alone / ideal - 1:+.1%})")


if __name__ == "__main__":
    main()
