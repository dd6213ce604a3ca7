"""Runs geopolrisk-py 2.0.1 in its own environment and writes its scores as JSON; never imported by Lodestock.

usage: python geopolrisk_peer.py OUT.json ENTITY [ENTITY ...]   (years 2018–2024, all materials that it supports)
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    out, entities = Path(sys.argv[1]), sys.argv[2:]
    begin = time.perf_counter()
    from geopolrisk.assessment.main import gprs_calc
    from geopolrisk.assessment.utils import default_rmlist

    loaded = time.perf_counter()
    materials = default_rmlist()
    table = gprs_calc(list(range(2018, 2025)), entities, materials)
    done = time.perf_counter()
    rows = [
        {
            "entity": row["Country [Economic Entity]"],
            "material": row["Raw Material"],
            "year": int(row["Year"]),
            "score": float(row["GeoPolRisk Score"]),
            "factor": float(row["GeoPolRisk Characterization Factor [eq. Kg-Cu/Kg]"]),
            "hhi": float(row["HHI"]),
            "import_risk": float(row["Import Risk"]),
        }
        for row in table.to_dict("records")
    ]
    out.write_text(json.dumps({"load_s": loaded - begin, "scores_s": done - loaded, "rows": rows}), encoding="utf-8")


main()
