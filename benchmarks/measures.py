"""Measures compared at full size, clocks of a portfolio, and the levelised cost beside numpy-financial, in one run.

    python benchmarks/measures.py [--quick]

Prints what was computed, how long it took, and the ratio to a named peer: absolute times drift with the machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import time
from collections.abc import Callable
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy_financial as npf

from lodestock.disruption.calendar import read_calendar
from lodestock.evidence.store import Store
from lodestock.measures.law_book import law_book
from lodestock.measures.legal_clocks import Events, Suspension, compare_versions
from lodestock.measures.processing_cost import Plant, Schedule, processing_cost
from lodestock.scenario.load import load
from lodestock.scenario.measures_run import MeasuresAsk, compare_measures
from lodestock.scenario.run import run_scenario

T = TypeVar("T")
VALUES = {
    "capital": 45e6, "capacity": 1000.0, "recovery": 0.9, "energy": 9.0, "energy_price": 90.0, "feed_price": 14000.0,
    "other": 6000.0, "staff": 80.0, "wage": 75000.0, "upkeep": 0.03, "price": 38000.0, "by_products": 500.0,
    "wacc": 0.1,
}  # fmt: skip


def timed(job: Callable[[], T]) -> tuple[T, float, float]:
    """The result with wall and processor seconds."""
    wall, used = time.perf_counter(), time.process_time()
    found = job()
    return found, time.perf_counter() - wall, time.process_time() - used


def comparison(quick: bool) -> None:
    """The flagship's measures at 200 draws × 2,000 scenarios, after the scenario was run."""
    run = run_scenario(load("china-heavy-rare-earths-2025"), Store.open())
    ask = MeasuresAsk(50e3, draws=50 if quick else 200, scenarios=500 if quick else 2000)
    found, wall, used = timed(lambda: compare_measures(run, ask))
    print(f"measures: {ask.draws} draws x {ask.scenarios} scenarios x {found.years} years, 5 measures, 32 portfolios, "
          f"{found.worst.regret.shape[1]} worlds: {wall:.1f} s wall, {used:.1f} s processor")  # fmt: skip


def portfolio(quick: bool) -> None:
    """Every clock of 200 projects under every version of the law."""
    book, calendar, day = law_book(), read_calendar("nl"), dt.date(2027, 3, 1)
    count = 50 if quick else 200
    jobs = []
    for number in range(count):
        start = dt.date(2026, 1, 5) + dt.timedelta(days=number)
        stop = Suspension(start + dt.timedelta(days=20), start + dt.timedelta(days=60), "assessment-report", "report")
        for name in book.names():
            jobs.append((book.rules(name), Events(start, (stop,) if book.rule(name).grounds else ())))
    found, wall, used = timed(
        lambda: [compare_versions(rules, events, day, calendar=calendar) for rules, events in jobs]
    )
    states = sum(len(item) for item in found)
    print(f"clocks: {count} projects, {len(jobs)} clocks, {states} states: {wall:.2f} s wall, {used:.2f} s processor")


def levelised(quick: bool) -> None:
    """Many plants at once beside numpy-financial, flow by flow; both give the same values."""
    draws, schedule = 500 if quick else 5000, Schedule(2, 15, (0.4, 0.7))
    rng = np.random.default_rng(1)
    drawn = {name: value * (1.0 + 0.1 * rng.random(draws)) for name, value in VALUES.items()}
    plant = Plant(**drawn | {"recovery": np.full(draws, 0.9)})
    found, _, ours = timed(lambda: processing_cost(plant, schedule).npv)

    def peer() -> np.ndarray:
        out = np.empty(draws)
        share = [0.4, 0.7, *[1.0] * 13]
        for i in range(draws):
            p = {name: float(getattr(plant, name)[i]) for name in VALUES}
            unit = p["price"] + p["by_products"] - p["energy"] * p["energy_price"] - p["feed_price"] / 0.9 - p["other"]
            fixed = p["staff"] * p["wage"] + p["upkeep"] * p["capital"]
            flows = [-p["capital"] / 2, -p["capital"] / 2, *(p["capacity"] * s * unit - fixed for s in share)]
            out[i] = npf.npv(p["wacc"], flows)
        return out

    other, _, theirs = timed(peer)
    apart = float(np.abs(found - other).max() / np.abs(other).max())
    print(
        f"levelised cost: {draws} plants; numpy-financial {theirs / ours:.0f} times as long; furthest apart {apart:.0e}"
    )


def main() -> None:
    """All three, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    quick = parser.parse_args().quick
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    levelised(quick)
    portfolio(quick)
    comparison(quick)


if __name__ == "__main__":
    main()
