"""ARIO steps and ensembles beside BoARIO 0.7.2, in one run on the same synthetic table.

usage: python benchmarks/ario.py [--large] [--threads 1|2]        (--large adds 7,987 industries; BoARIO then needs 7
GB)

The table is made by benchmarks/peers/made_up_table.py from a fixed seed. BoARIO runs as a program in its own
environment (build/peers/venv, made with pip the first time) with as many BLAS threads as we use. Before a ratio is
printed, our compatibility mode must give BoARIO's output to 1e-9. Processor time is what to read when other work
shares the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PEERS = Path(__file__).parent / "peers"
sys.path.insert(0, str(PEERS))
AIMS = {2800: 100.0, 7987: 80.0}


def ours(size: int, threads: int) -> dict[str, float]:
    """Run in a process of its own, so that its peak of memory is ours alone."""
    pinned = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": str(threads)}
    done = subprocess.run(
        [sys.executable, __file__, "--worker", str(size), "--threads", str(threads)],
        check=True, capture_output=True, text=True, env={**os.environ, **pinned},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _reading(table: np.ndarray) -> float:
    """Seconds to read the table once and add it up, on one core: what no step that uses all of it can do without."""
    took = []
    for _ in range(10):
        start = time.perf_counter()
        table.sum()
        took.append(time.perf_counter() - start)
    return min(took)


def worker(size: int, threads: int) -> None:
    """Steps one by one and, at 2,800, an ensemble end to end (from losses to output by period)."""
    import resource

    import numpy as np
    from made_up_table import FIRST, SHARE, STEPS, made_up_table

    from lodestock.economy import ario

    flows, final, _, regions, sectors = made_up_table(size)
    sector = np.tile(np.arange(sectors), regions)
    out: dict[str, float] = {}
    for rule in ario.OrderRule:
        economy = ario.prepare(flows, final.sum(axis=1), sector, ario.ArioParameters(order_rule=rule))
        loss = np.zeros((STEPS, 1))
        loss[FIRST:] = SHARE
        ario.simulate(economy, np.array([0]), loss[:2])
        runs, busy = [], []
        for _ in range(25 if size < 5000 else 5):
            start, spent = time.perf_counter(), time.process_time()
            ario.simulate(economy, np.array([0]), loss)
            runs.append((time.perf_counter() - start) / STEPS)
            busy.append((time.process_time() - spent) / STEPS)
        out[f"step_{rule}"], out[f"cpu_{rule}"] = min(runs), min(busy)
        out["reading"] = min(out.get("reading", np.inf), _reading(economy.z))
        del economy  # one prepared table at a time
    out["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    if size <= 2800:
        rng = np.random.default_rng(3)
        worlds, steps, hit = 64, 52, np.arange(0, size, size // 20)
        losses = rng.random((worlds, steps, hit.size)) * rng.random((worlds, 1, 1))
        for rule in ario.OrderRule:
            economy = ario.prepare(flows, final.sum(axis=1), sector, ario.ArioParameters(order_rule=rule, step_days=7))
            ario.simulate_batch(economy, hit, losses[:2, :2])
            start, spent = time.perf_counter(), time.process_time()
            ario.simulate_batch(economy, hit, losses, period_steps=4, workers=threads)
            out[f"world_step_{rule}"] = (time.perf_counter() - start) / worlds / steps
            out[f"world_cpu_{rule}"] = (time.process_time() - spent) / worlds / steps
    print(json.dumps(out))


def agree(size: int, peer: object) -> float:
    """Largest relative difference between our compatibility mode and BoARIO's output."""
    import numpy as np
    from made_up_table import FIRST, SHARE, made_up_table

    from lodestock.economy import ario_boario

    made = np.asarray(peer)
    flows, final, output, regions, sectors = made_up_table(size)
    loss = np.zeros((made.shape[0], size))
    loss[FIRST:, 0] = SHARE
    sector = np.tile(np.arange(sectors), regions)
    run = ario_boario.simulate_as_boario(flows, final.sum(axis=1), output, sector, loss)
    return float(np.abs(run.output / made - 1).max())


def main() -> None:
    """Print one line per size and rule: both times and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--worker", type=int)
    given = parser.parse_args()
    if given.worker:
        worker(given.worker, given.threads)
        return
    import environment
    import numpy as np

    for size in [2800, *([7987] if given.large else [])]:
        mine = ours(size, given.threads)
        print(f"N={size}: reading the table once takes one core {mine['reading'] * 1e3:.2f} ms")
        for rule in ("alt", "noalt"):
            told, made = environment.run("boario_steps.py", size, rule, threads=given.threads)
            if rule == "alt" and size <= 2800:
                difference = agree(size, made)
                print(f"  compatibility mode against BoARIO: {difference:.1e} relative")
                if difference > 1e-9:
                    raise SystemExit("the two do not compute the same: no ratio is given")
            theirs = float(np.min(told["seconds"]))
            ratio = theirs / mine[f"step_{rule}"]
            aim = f", aim {AIMS[size]:.0f}" if rule == "alt" else ""
            print(
                f"N={size} {rule}, {given.threads} thread(s): BoARIO {theirs * 1e3:.0f} ms, "
                f"Lodestock {mine[f'step_{rule}'] * 1e3:.2f} ms per step: {ratio:.0f} times as fast{aim} "
                f"({float(np.min(told['cpu_seconds'])) / mine[f'cpu_{rule}']:.0f} times in processor time); "
                f"peak {told['peak_gb']:.1f} and {mine['peak_gb']:.2f} GB"
            )
            if f"world_step_{rule}" in mine:
                each = mine[f"world_step_{rule}"] * 1e3
                cpu = mine[f"world_cpu_{rule}"] * 1e3
                print(
                    f"N={size} {rule}: ensemble {each:.2f} ms per world and step (aim 1), "
                    f"{cpu:.2f} ms of processor time, {given.threads} worker(s)"
                )


if __name__ == "__main__":
    main()
