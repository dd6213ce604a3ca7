"""Numbers read from an imported input–output table, with the record that lets anyone read them again.

The table that ships lies in the evidence store and is read there (`lodestock.evidence.rows`).
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np

from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.library import Held, held, names
from lodestock.economy.regions import joined_region
from lodestock.errors import DataError, LodestockError
from lodestock.evidence.ledger import DIGEST, IMPORTED, Rows, Scalar
from lodestock.evidence.rows import MOST_LOCATORS
from lodestock.evidence.store import Store

FLOWS, VALUE_ADDED = "flow", "value_added"


def digest_of(table: InputOutputTable) -> str:
    """The sha256 of a table's names and numbers: two tables with one cell apart differ in it, two imports of the same
    file in the same way do not."""
    total = hashlib.sha256()
    names_of = [[item.region, item.sector] for item in table.industries], list(table.users)
    total.update(repr((names_of, table.unit, table.year, table.scaled_to)).encode())
    for part in (table.flows, table.final, table.value_added, table.output, table.other):
        total.update(np.ascontiguousarray(part, dtype="<f8").data)  # read in place: a table may take a gigabyte
    return total.hexdigest()


def table_rows(found: Held, column: str, region: str = "") -> tuple[float, Rows]:
    """A number of an imported table [its unit/yr] and the record of how it was read.

    column: value_added, summed over the industries of `region`; or flow, all deliveries of the whole table.
    Raises DataError for another column.
    """
    table = found.table
    if column not in (FLOWS, VALUE_ADDED):
        raise DataError(f"an input-output table has no column '{column}'", mend=f"use {VALUE_ADDED} or {FLOWS}")
    where: dict[str, Scalar] = {"region": region} if region else {}
    where[DIGEST] = digest_of(table)
    if column == VALUE_ADDED:
        here = [not region or joined_region(item.region) == region for item in table.industries]
        value, count = math.fsum(table.value_added[here]), sum(here)
        locators = [str(item) for item, inside in zip(table.industries, here, strict=True) if inside]
    else:
        value, count = float(table.flows.sum() + table.final.sum()), table.flows.size + table.final.size
        locators = [str(item) for item in table.industries]
    return value, Rows(f"{IMPORTED}{found.id}", where, column, "sum", count, 0, (), tuple(locators[:MOST_LOCATORS]))


def check_table(home: Path, store: Store, rows: Rows, value: float | None) -> tuple[bool, str]:
    """Whether the imported table under `home` still says `value` for the record; where not, what is wrong and what to
    do. A table that is gone, damaged or changed does not agree."""
    name, recorded = rows.imported, str(rows.where.get(DIGEST, ""))
    again = "import the same file again in the same way (lodestock io import, lodestock io rescale), then trace again"
    if name not in names(home):
        return False, f"the table {name} is not in {home / 'io'}: {again}"
    try:
        found = held(home, store, name)
        now, record = table_rows(found, rows.column, str(rows.where.get("region", "")))
    except LodestockError as error:
        return False, f"{error.what}: {again}"
    said, digest = [], str(record.where[DIGEST])
    if digest != recorded:
        said.append(
            f"the numbers of {name} were changed (sha256 now {digest[:12]}, recorded {recorded[:12]}): {again}; one "
            "that was rescaled, or built from supply and use, can differ in the last digit on another computer"
        )
    if value is None or not math.isclose(now, value, rel_tol=1e-12) or record.count != rows.count:
        said.append(f"the table now says {now} over {record.count} rows, the record {value} over {rows.count}")
    return not said, "; ".join(said)
