"""Runs in pymrio's own environment: time calc_system of pymrio 0.7.0 on the synthetic table. Arguments: N, repeats,
file.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd
import pymrio
from made_up_table import made_up_table, names


def main() -> None:
    size, repeats, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    flows, final, _, regions, sectors = made_up_table(size)
    region_names, sector_names = names(regions, sectors)
    index = pd.MultiIndex.from_product([region_names, sector_names], names=["region", "sector"])
    users = pd.MultiIndex.from_product([region_names, ["final"]], names=["region", "category"])
    times = []
    for _ in range(repeats):
        table = pymrio.IOSystem(
            Z=pd.DataFrame(flows, index=index, columns=index), Y=pd.DataFrame(final, index=index, columns=users)
        )
        start = time.perf_counter()
        table.calc_system()
        times.append(time.perf_counter() - start)
    np.save(out, table.L.to_numpy()[:5])
    have = [name for name in ("x", "A", "L", "B", "G") if getattr(table, name, None) is not None]
    print(json.dumps({"seconds": times, "computes": have}))


main()
