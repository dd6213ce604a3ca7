"""The input–output table that ships: WIOD 2011, summed to eight regions, as an InputOutputTable.

The published cells are cut off to whole millions, so sales fall short of output by up to some thousandths. Each gap is
reported as a defect and put into a use of its own ("gap"), so that the balances hold and nobody mistakes it for demand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.economy.io_system import Defect, Industry, InputOutputTable, require_sound
from lodestock.errors import DataError
from lodestock.evidence.store import Store

Floats = NDArray[np.float64]
EMBEDDED = "wiod-2011"
GAP = "gap"
# A gap above this share of an industry's output is not rounding any more.
LARGEST_GAP = 0.06


@dataclass(frozen=True, slots=True)
class EmbeddedTable:
    """The table, its gaps (largest first), and the snapshots it was read from."""

    table: InputOutputTable
    gaps: tuple[Defect, ...]
    snapshots: tuple[str, ...]


def embedded_table(store: Store, year: int | None = None) -> EmbeddedTable:
    """The input–output table in the store [MUSD/yr], of the newest year or of the year asked for.

    Value added is output minus intermediate inputs (taxes on products are part of it: the store does not hold them
    apart). Raises DataError when the store has no table of that year, when an industry sells without output, or when a
    gap between sales and output is too large to be rounding.
    """
    outputs = store.table("io_output").collect()
    years: list[int] = outputs["year"].unique().sort().to_list()
    if not years or (year is not None and year not in years):
        raise DataError(f"the store has no input-output table of {year}", mend=f"it has {years or 'none'}")
    wanted = years[-1] if year is None else year
    outputs = outputs.filter(pl.col("year") == wanted)
    flows = store.table("io_flow").filter(pl.col("year") == wanted).collect()
    made = dict(zip(zip(outputs["region"], outputs["industry"], strict=True), outputs["output_musd"], strict=True))
    industries = [Industry(*key) for key in sorted(made, key=lambda key: (key[0], int(key[1][1:])))]
    regions = list(dict.fromkeys(industry.region for industry in industries))
    kinds = sorted({use for use in flows["to_use"].unique() if use.startswith("f")})
    users = [(region, kind) for region in regions for kind in (*kinds, GAP)]
    place = {(item.region, item.sector): k for k, item in enumerate(industries)}
    column = place | {user: len(industries) + k for k, user in enumerate(users)}
    cells = _cells(flows, place, column)
    n = len(industries)
    output = np.array([made[(item.region, item.sector)] for item in industries])
    gaps = output - cells.sum(axis=1)
    _check(gaps, output, industries)
    cells[np.arange(n), [column[(item.region, GAP)] for item in industries]] = gaps
    table = InputOutputTable(
        tuple(industries), tuple(users), cells[:, :n], cells[:, n:], output - cells[:, :n].sum(axis=0), output,
        "MUSD", wanted, f"WIOD release of 2013, {wanted}, as it ships (eight regions)",
    )  # fmt: skip
    require_sound(table)
    defects = [
        Defect("sales minus output", str(industries[k]), -float(gaps[k])) for k in np.argsort(-np.abs(gaps)) if gaps[k]
    ]
    snapshots = sorted({*flows["snapshot"].unique(), *outputs["snapshot"].unique()})
    return EmbeddedTable(table, tuple(defects), tuple(snapshots))


def _cells(flows: pl.DataFrame, place: dict[tuple[str, str], int], column: dict[tuple[str, str], int]) -> Floats:
    out = np.zeros((len(place), len(column)))
    sellers = list(zip(flows["from_region"], flows["from_industry"], strict=True))
    buyers = list(zip(flows["to_region"], flows["to_use"], strict=True))
    for pairs, known in ((sellers, place), (buyers, column)):
        unknown = next((pair for pair in pairs if pair not in known), None)
        if unknown is not None:
            raise DataError("the input-output flows name an industry without output", where=".".join(unknown))
    np.add.at(out, ([place[key] for key in sellers], [column[key] for key in buyers]), flows["value_musd"].to_numpy())
    return out


def _check(gaps: Floats, output: Floats, industries: list[Industry]) -> None:
    wrong = np.abs(gaps) > np.maximum(LARGEST_GAP * output, 2.0)
    if wrong.any():
        k = int(np.argmax(np.where(wrong, np.abs(gaps), 0.0)))
        raise DataError(
            "sales and output differ by more than rounding", where=f"{industries[k]}: {-gaps[k]:,.6g} MUSD",
            mend="import the table again",
        )  # fmt: skip
