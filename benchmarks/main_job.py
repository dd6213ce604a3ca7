"""The main job: a built store in, the flagship brief in two languages out; and how soon --help answers.

usage: python benchmarks/main_job.py [--runs 3]

Every run is a process of its own, as a user starts it, after one run that warms the caches of the operating system.
Beside it, in the same round, runs the floor: a process that only imports the libraries that the job cannot do without.
Printed are clock seconds, processor seconds (on a shared machine the ones to compare), and the ratio to the floor; then
where the time goes. One thread for BLAS, two for Polars.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SCENARIO = "china-heavy-rare-earths-2025"
COMMAND = str(Path(sys.executable).parent / "lodestock")
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "2", "POLARS_MAX_THREADS": "2"}
FLOOR = "import polars, numpy, scipy.stats, pydantic, yaml, jinja2, altair, vl_convert, typst, cyclopts, rich"
STEPS = """
import json, sys, time
marks = [("start", time.perf_counter())]
def mark(name): marks.append((name, time.perf_counter()))
from datetime import date
from pathlib import Path
from lodestock.evidence.store import Store
from lodestock.publish.compose import compose, publish_brief
from lodestock.scenario.load import load
from lodestock.scenario.run import run_scenario
mark("import the code and its libraries")
store = Store.open()
mark("open the store")
loaded = load(sys.argv[1])
mark("read and check the scenario")
run = run_scenario(loaded, store, as_of=date(2026, 11, 21))
mark("run it: trade, licences, shortage, value, stock")
compose(run, date(2026, 11, 21))
mark("gather what the brief says")
publish_brief(run, "both", Path(sys.argv[2]), made=date(2026, 11, 21))
mark("write text, figures and PDF in two languages")
pairs = zip(marks, marks[1:])
print(json.dumps({after[0]: after[1] - before[1] for before, after in pairs}))
"""


@dataclass(frozen=True)
class Took:
    """Clock and processor seconds of one process."""

    clock: float
    processor: float


def run(words: list[str], env: dict[str, str], cwd: Path) -> tuple[Took, str]:
    """Run a process to its end; a failure stops the benchmark."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(words[:3])} failed:\n{done.stderr}")
    return Took(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), done.stdout


def rounds(jobs: dict[str, list[str]], runs: int, env: dict[str, str], cwd: Path) -> dict[str, list[Took]]:
    """Every job in turn, `runs` times, after one round that is not counted."""
    took: dict[str, list[Took]] = {name: [] for name in jobs}
    for number in range(runs + 1):
        for name, words in jobs.items():
            one, _ = run(words, env, cwd)
            if number:
                took[name].append(one)
    return took


def shown(took: list[Took]) -> str:
    """Best and median clock seconds, best processor seconds."""
    clock = [one.clock for one in took]
    least = min(one.processor for one in took)
    return f"{min(clock):6.2f} s best, {statistics.median(clock):6.2f} s median, {least:6.2f} s of processor time"


def ratio(one: list[Took], other: list[Took]) -> float:
    """Best processor time over best processor time."""
    return min(took.processor for took in one) / min(took.processor for took in other)


def main() -> None:
    """Build a store in a temporary folder, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        cwd = Path(folder)
        env = os.environ | THREADS | {"LODESTOCK_HOME": str(cwd / "home")}
        first, told = run([COMMAND, "data", "build", "--json"], env, cwd)
        again, _ = run([COMMAND, "data", "build", "--json"], env, cwd)
        inside = json.loads(told)["seconds"]
        took = rounds(
            {
                "brief": [COMMAND, "brief", SCENARIO, "--lang", "both", "--out", "out"],
                "floor": [sys.executable, "-c", FLOOR],
                "help": [COMMAND, "--help"],
                "help floor": [sys.executable, "-c", "import cyclopts"],
            },
            runs,
            env,
            cwd,
        )
        split = [json.loads(run([sys.executable, "-c", STEPS, SCENARIO, "steps"], env, cwd)[1]) for _ in range(runs)]
    print(f"load on {os.cpu_count()} cores: {', '.join(f'{value:.1f}' for value in os.getloadavg())}")
    print(f"data build             {first.clock:6.2f} s cold, {again.clock:.2f} s again ({inside:.2f} s of building)")
    print(f"brief, both languages  {shown(took['brief'])}  (aim: 10 s)")
    print(f"  libraries only       {shown(took['floor'])};  ratio {ratio(took['brief'], took['floor']):.2f}")
    print(f"--help                 {shown(took['help'])}  (aim: 0.3 s)")
    print(f"  import cyclopts      {shown(took['help floor'])};  ratio {ratio(took['help'], took['help floor']):.2f}")
    print("where the time goes (best of each, clock):")
    for step in split[0]:
        print(f"  {min(one[step] for one in split):6.2f} s  {step}")


if __name__ == "__main__":
    main()
