"""Stock design against its peers, side by side in one run: which method wins at which size.

    python benchmarks/stock.py [--peers PYTHON] [--quick]

PYTHON is an interpreter with linopy, pyomo, pulp, scipy and highspy (an environment of its own); without it the
peers are left out. Prints ratios first: absolute times drift with the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numba import njit

from lodestock.evidence.store import Store
from lodestock.scenario.load import load
from lodestock.scenario.run import run_scenario
from lodestock.scenario.stock_plan import StockAsk, stock_plan
from lodestock.stock.benefit import benefit_curves
from lodestock.stock.design import Aim, StockDesign, frontier
from lodestock.stock.instances import MaterialsStock, materials_problem, regime_problem
from lodestock.stock.multistage import NestedRisk
from lodestock.stock.sddp import Sddp
from lodestock.stock.tree import solve_extensive
from lodestock.verification import shipped_cases
from lodestock.verification.kinds.stock_stages import regime_of

PEER = Path(__file__).parent / "peers" / "stock_peer.py"
OPTIMUM_NINE = 10275.526016536842


def instance() -> MaterialsStock:
    """The five materials of case V26, as shipped."""
    given = next(case for case in shipped_cases() if case.id == "V26").inputs
    names = MaterialsStock.__dataclass_fields__
    single = {"budget", "warehouse", "discount"}
    return MaterialsStock(**{n: given.number(n) if n in single else given.numbers(n) for n in names})


def peer(python: str, which: str, path: Path, stages: int) -> dict[str, float]:
    """One peer in its own interpreter; time excludes starting it and importing."""
    done = subprocess.run(
        [python, str(PEER), which, str(path), str(stages)], capture_output=True, text=True, check=True, timeout=900
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def timed(job, repeat: int = 1):
    """The result and the best wall and processor seconds of a job."""
    best, cpu, result = np.inf, np.inf, None
    for _ in range(repeat):
        start, used = time.perf_counter(), time.process_time()
        result = job()
        best, cpu = min(best, time.perf_counter() - start), min(cpu, time.process_time() - used)
    return result, best, cpu


def trees(data: MaterialsStock, python: str | None, sizes: list[int]) -> None:
    """Extensive form, SDDP and the peers at each number of stages."""
    print(
        "\nmultistage stock, 5 materials, 3 outcomes a stage (V26); ratio of processor time, as all run on one thread"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.json"
        path.write_text(json.dumps({n: np.asarray(getattr(data, n)).tolist() for n in data.__dataclass_fields__}))
        for stages in sizes:
            problem = materials_problem(data, stages)
            tree, seconds, cpu = timed(lambda p=problem: solve_extensive(p))
            print(f"T={stages}: {tree.columns} variables, optimum {tree.value:.6f}")
            print(f"  ours, extensive form on HiGHS     {seconds:8.2f} s  (processor {cpu:.2f} s)  1.00×")
            bound, spent, used = timed(lambda p=problem: Sddp(p, clock=time.process_time).run(gap=1e-4, seconds=60.0))
            print(
                f"  ours, SDDP to a certified 1e-4    {spent:8.2f} s  (processor {used:.2f} s)  {used / cpu:.2f}×"
                f"  gap {bound.gap:.1e} ({bound.certificate}), converged {bound.converged}, {bound.iterations} steps"
            )
            for which in ("scipy", "linopy", "pulp", "pyomo") if python else ():
                found = peer(python, which, path, stages)
                off, used = abs(found["value"] / tree.value - 1.0), found["processor"]
                print(f"  {which:<33} {found['seconds']:8.2f} s  (processor {used:.2f} s)  {used / cpu:.2f}×", end="")
                print(f"  differs {off:.0e}")


def small_trees() -> None:
    """V11 to 1e-6 with both bounds."""
    given = next(case for case in shipped_cases() if case.id == "V11").inputs
    data, start = regime_of(given, 0.04), (given.text("start_state"), given.number("start_supply"))
    print("\nlicence regime, six quarters (V11), SDDP to 1e-6")
    for risk in (NestedRisk(), NestedRisk(0.5, 0.8), NestedRisk(1.0, 0.9)):
        problem = regime_problem(data, 6, start=start, risk=risk)
        exact = solve_extensive(problem).value
        found, seconds, _ = timed(lambda p=problem: Sddp(p).run(gap=1e-6, seconds=60.0))
        print(f"  {risk}: {seconds:.2f} s, gap {found.gap:.1e}, off {abs(found.lower / exact - 1):.1e}")


def long_horizon(data: MaterialsStock) -> None:
    """52 stages, where no extensive form exists."""
    # on processor time, so that a busy machine does not cut the run short
    solver = Sddp(materials_problem(data, 52), clock=time.process_time)
    found, seconds, cpu = timed(lambda: solver.run(gap=2e-2, seconds=58.0))
    print(
        f"\n52 stages (3^51 leaves): SDDP {seconds:.1f} s (processor {cpu:.1f} s), lower {found.lower:.1f}, upper "
        f"{found.upper:.1f} ({found.certificate}), gap {100 * found.gap:.2f} %, converged {found.converged}"
    )


@njit(cache=False)
def one_pass(short, width, value):
    """The loss of every scenario once, without stock: one pass over the data."""
    out = np.zeros(short.shape[0])
    for m in range(short.shape[0]):
        for k in range(short.shape[1]):
            left = short[m, k]
            for s in range(width.shape[1] - 1):
                cut = min(left, width[m, s])
                out[m] += cut * value[m, s]
                left -= cut
            out[m] += left * value[m, -1]
    return out


def curves() -> None:
    """Benefit curves of 34 materials × 201 levels × 10,000 scenarios against one pass over the data."""
    draw = np.random.default_rng(0)
    short = draw.exponential(30, (34, 10_000)) * (draw.random((34, 10_000)) < 0.4)
    width, value = draw.uniform(5, 30, (34, 4)), np.sort(draw.uniform(1, 50, (34, 4)), axis=1)
    levels = np.linspace(0, 200, 201)

    def numpy_pass():
        left, total = short, 0.0
        for s in range(4):
            cut = np.minimum(left, width[:, s : s + 1]) if s < 3 else left
            total = total + cut * value[:, s : s + 1]
            left = left - cut
        return total.mean(axis=1)

    benefit_curves(short, width, value, levels)
    one_pass(short, width, value)
    _, ours, _ = timed(lambda: benefit_curves(short, width, value, levels), 30)
    _, numpy_time, _ = timed(numpy_pass, 30)
    _, kernel_time, _ = timed(lambda: one_pass(short, width, value), 30)
    print(
        f"\nbenefit curves 34 × 201 × 10,000, mean and CVaR: {1e3 * ours:.2f} ms = {ours / numpy_time:.2f}× one pass "
        f"in numpy that computes each loss once ({1e3 * numpy_time:.2f} ms) = {ours / kernel_time:.2f}× it compiled"
    )


def budget_frontier() -> None:
    """Twenty efficient plans for five materials in three forms and 2,000 scenarios."""
    draw = np.random.default_rng(0)
    materials, scenarios, forms = 5, 2_000, 3
    gap = draw.exponential(20, (materials, scenarios)) * (draw.random((materials, scenarios)) < 0.5)
    gap *= draw.random(scenarios) < 0.35
    material, form = np.repeat(np.arange(materials), forms), np.tile(np.arange(forms), materials)
    stage, price = draw.integers(0, forms, scenarios), draw.uniform(5, 80, materials)[material] * (1 + form)
    design = StockDesign(
        material, np.array([0.04, 0.06, 0.1])[form] * price, price, np.where(form == 2, 0.8, 1.0), np.zeros(15),
        np.full(15, 1e6), (form[:, None] >= stage[None, :]).astype(float), gap, draw.uniform(3, 15, (materials, 3)),
        np.sort(draw.uniform(20, 900, (materials, 3)), axis=1), np.zeros((15, 0), dtype=bool), np.zeros((0, scenarios)),
        np.full(scenarios, 1 / scenarios),
    )  # fmt: skip
    aims = [Aim(3_000.0, weight) for weight in np.linspace(0, 1, 20)]
    _, warm, _ = timed(lambda: frontier(design, aims))
    _, cold, _ = timed(lambda: [frontier(design, [aim]) for aim in aims])
    print(
        f"\nfrontier of 20 plans, 5 materials × 3 forms × 2,000 scenarios: {warm:.2f} s warm = {warm / cold:.2f}× cold"
    )


def flagship() -> None:
    """Twenty efficient plans for the shipped licence scenario, from its own draws: 77 options, 256 strata."""
    run = run_scenario(load("china-heavy-rare-earths-2025"), Store.open())
    for region in ("NLD", "EU27"):
        ask = StockAsk(50e3, 0.5, region=region)
        plan, seconds, cpu = timed(lambda a=ask: stock_plan(run, a))
        print(
            f"\nflagship, {region}: 20 plans, 15 single-choice plans and all comparisons {seconds:.2f} s "
            f"(processor {cpu:.2f} s), {len(plan.frontier)} points"
        )


def main() -> None:
    """Run everything and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="interpreter that has the peers installed")
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    chosen = parser.parse_args()
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}, one thread a process")
    data = instance()
    curves()
    budget_frontier()
    flagship()
    small_trees()
    trees(data, chosen.peers, [4, 6] if chosen.quick else [4, 6, 7, 9])
    if not chosen.quick:
        long_horizon(data)


if __name__ == "__main__":
    main()
