"""The table that ships: read from the store, balanced, its gaps told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from lodestock.economy.embedded import GAP, embedded_table
from lodestock.economy.io_system import defects, require_sound
from lodestock.economy.leontief import input_coefficients, require_productive
from lodestock.errors import DataError
from lodestock.evidence.store import Store


def test_the_table_that_ships_is_the_store_row_by_row(store: Store) -> None:
    found = embedded_table(store)
    table = found.table
    assert table.regions == ("BEL", "CHN", "DEU", "FRA", "NLD", "REU", "ROW", "USA")
    assert len(table.industries) == 280 and table.sectors[0] == "c1" and table.sectors[-1] == "c35"
    flows = store.table("io_flow").filter(pl.col("from_region") == "NLD", pl.col("from_industry") == "c14").collect()
    at = table.index("NLD", "c14")
    to_germany = flows.filter(pl.col("to_region") == "DEU", pl.col("to_use") == "c15")["value_musd"].item()
    assert table.flows[at, table.index("DEU", "c15")] == to_germany
    assert table.output[at] == 29733.0  # as the scenario run reads it
    assert table.value_added[at] == 29733.0 - 22545.0
    assert found.snapshots == ("wiod-2011-flows", "wiod-2011-output")
    assert "2011" in table.vintage.en and "2011" in table.vintage.nl


def test_gaps_are_told_and_kept_apart_from_demand(store: Store) -> None:
    """The sidecar of the flows names the sum of the gaps: −59,212 million dollars."""
    found = embedded_table(store)
    table = found.table
    assert sum(gap.amount for gap in found.gaps) == pytest.approx(-59212.0)
    sizes = [abs(gap.amount) for gap in found.gaps]
    assert sizes == sorted(sizes, reverse=True)
    gap_users = np.array([kind == GAP for _, kind in table.users])
    assert table.final[:, gap_users].sum() == pytest.approx(59212.0)
    require_sound(table)
    assert defects(table, share=0.0, units=1e-6) == []
    require_productive(input_coefficients(table.flows, table.output))


def test_a_year_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match="no input-output table of 2023"):
        embedded_table(store, 2023)
