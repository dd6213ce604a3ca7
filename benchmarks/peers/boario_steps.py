"""Runs in BoARIO's own environment: time a step of BoARIO 0.7.2 and write what it produced. Arguments: N, alt|noalt,
file.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pymrio
from made_up_table import FIRST, SHARE, STEPS, made_up_table, names

warnings.filterwarnings("ignore")

from boario.event import from_series  # noqa: E402
from boario.extended_models import ARIOPsiModel  # noqa: E402
from boario.simulation import Simulation  # noqa: E402


def main() -> None:
    size, order, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    steps = STEPS if size < 5000 else 5
    flows, final, output, regions, sectors = made_up_table(size)
    region_names, sector_names = names(regions, sectors)
    index = pd.MultiIndex.from_product([region_names, sector_names], names=["region", "sector"])
    users = pd.MultiIndex.from_product([region_names, ["final"]], names=["region", "category"])
    table = pymrio.IOSystem(
        Z=pd.DataFrame(flows, index=index, columns=index),
        Y=pd.DataFrame(final, index=index, columns=users),
        x=pd.DataFrame({"indout": output}, index=index),
    )
    table.A = pymrio.calc_A(table.Z, table.x)
    model = ARIOPsiModel(table, order_type=order, psi_param=0.8, main_inv_dur=60, inventory_restoration_tau=60)
    simulation = Simulation(model, n_temporal_units_to_sim=steps + 2)
    impact = pd.Series(SHARE, index=index[:1])
    simulation.add_event(
        from_series(
            impact, event_type="arbitrary", occurrence=FIRST, duration=steps, recovery_tau=30,
            recovery_function="linear", name="shock",
        )
    )  # fmt: skip
    times, busy, made = [], [], []
    for _ in range(steps):
        start, spent = time.perf_counter(), time.process_time()
        simulation.next_step()
        times.append(time.perf_counter() - start)
        busy.append(time.process_time() - spent)
        made.append(model.production.copy())
    np.save(out, np.array(made))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": times[1:], "cpu_seconds": busy[1:], "peak_gb": peak}))


main()
