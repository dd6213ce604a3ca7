"""Makes the reference tables that ship with the package from a folder of compiled figures (for maintainers).

    python tools/build_reference.py FOLDER --accessed 2026-11 [--only baci,wiod]

The folder holds the compiled figures under the names that the makers use. Each extract is written in our own columns,
beside a sidecar that says where the figures come from, how the extract was made and what is known to be wrong with it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import reference_policy
import reference_study
import reference_trade
import reference_usgs
from reference_writer import Maker, Writer

MAKERS: dict[str, Maker] = {
    **reference_trade.MAKERS,
    **reference_policy.MAKERS,
    **reference_study.MAKERS,
    **reference_usgs.MAKERS,
}


def main() -> int:
    """Make the extracts of the named sources, or of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of compiled figures")
    parser.add_argument("--accessed", required=True, help="month in which the compiled figures were taken over")
    parser.add_argument("--only", default="", help="source ids, comma-separated")
    told = parser.parse_args()
    chosen = [name for name in told.only.split(",") if name]
    for name, make in MAKERS.items():
        if not chosen or name in chosen:
            make(told.folder, Writer(told.accessed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
