"""What if an industry vanished, at home or abroad: hypothetical extraction in closed form (Miller and Blair 2009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.leontief import extract_each, extract_together, factor, input_coefficients
from lodestock.economy.library import Held
from lodestock.economy.methods import METHODS
from lodestock.economy.regions import reduced, require_region
from lodestock.economy.table_rows import FLOWS, table_rows
from lodestock.economy.value_added import euros_per_unit
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import prefix
from lodestock.scenario.impact_tables import industry_name
from lodestock.scenario.value import source_of

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is lost when one industry vanishes [MEUR/yr of the table's money].

    total: in all regions; own: in the industry itself; here: in the country asked about, with its own industries.
    by_industry: the country's industries; by_region: all regions. Nobody steps in and nothing is made up: it is a
    measure of structure, and for a real event an upper end for a lasting stop.
    """

    industry: str
    region: str
    total: float
    own: float
    here: float
    by_industry: pl.DataFrame
    by_region: pl.DataFrame
    held: Held
    vintage: Text


def extract(held: Held, what: str, region: str) -> Extraction:
    """Extract one industry: `c14` is the country's own, `CHN.c14` that of a supplier country.

    Raises UnknownNameError with the nearest names for an industry or region that the table does not have.
    """
    table = reduced(held.table)
    require_region(table, region)
    owner, _, sector = what.rpartition(".")
    at = table.index(owner or region, sector)
    rate = euros_per_unit(table)
    share = _value_share(table)
    system = factor(input_coefficients(table.flows, table.output))
    lost = rate * extract_together(system, table.output, share, np.array([at], dtype=np.int64))
    here = np.array([item.region == region for item in table.industries])
    rows = [
        (item.sector, industry_name(item.sector).nl, industry_name(item.sector).en, float(lost[k]))
        for k, item in enumerate(table.industries)
        if item.region == region
    ]
    schema = ["industry", "name_nl", "name_en", "lost_meur"]
    industries = pl.DataFrame(rows, schema=schema, orient="row").sort("lost_meur", descending=True)
    regions = [(name, float(lost[[item.region == name for item in table.industries]].sum())) for name in table.regions]
    return Extraction(
        str(table.industries[at]), region, float(lost.sum()), float(lost[at]), float(lost[here].sum()), industries,
        pl.DataFrame(regions, schema=["region", "lost_meur"], orient="row").sort("lost_meur", descending=True),
        held, table.vintage,
    )  # fmt: skip


def extract_all(held: Held, region: str) -> pl.DataFrame:
    """Every industry extracted in turn: loss in all regions, in the industry itself and in the country [MEUR/yr].

    Largest loss for the country first. One inverse gives all answers.
    """
    table = reduced(held.table)
    require_region(table, region)
    groups = np.array([[float(item.region == region) for item in table.industries]])
    system = factor(input_coefficients(table.flows, table.output))
    found = extract_each(system, table.output, _value_share(table), groups)
    rate = euros_per_unit(table)
    return pl.DataFrame(
        {
            "industry": [str(item) for item in table.industries],
            "name_nl": [industry_name(item.sector).nl for item in table.industries],
            "name_en": [industry_name(item.sector).en for item in table.industries],
            "lost_meur": rate * found.loss,
            "lost_in_itself_meur": rate * found.own,
            "lost_in_country_meur": rate * found.by_group[0],
        }
    ).sort("lost_in_country_meur", descending=True)


def record_extraction(ledger: Ledger, found: Extraction, store: Store) -> str:
    """Record an extraction with the table under it; returns the start of its ids."""
    inputs = _record_table(ledger, found.held, store)
    amounts = {"total": found.total, "own": found.own, "here": found.here}
    return _record_one(ledger, found.held, found.industry, found.region, amounts, inputs)


def record_ranking(ledger: Ledger, held: Held, ranking: pl.DataFrame, region: str, store: Store) -> list[str]:
    """Record every extraction of `extract_all` with the table under them; returns the ids of the amounts."""
    inputs = _record_table(ledger, held, store)
    columns = {"total": "lost_meur", "own": "lost_in_itself_meur", "here": "lost_in_country_meur"}
    keys = []
    for row in ranking.iter_rows(named=True):
        amounts = {name: float(row[column]) for name, column in columns.items()}
        start = _record_one(ledger, held, row["industry"], region, amounts, inputs)
        keys += [f"{start}.{name}" for name in columns]
    return keys


def _record_table(ledger: Ledger, held: Held, store: Store) -> list[str]:
    """The table and, for the one that ships, its rate; returns their ids."""
    vintage, key = held.table.vintage, "io.table"
    label = Text(f"input-outputtabel {held.id}, alle stromen", f"input-output table {held.id}, all flows")
    if not held.ships:
        total, rows = table_rows(held, FLOWS)
        ledger.rows(key, label, total, f"{held.table.unit}/yr", rows, source=source_of(held), note=vintage.en)
        return [key]
    value, rows = read_rows(store, "io_flow", {"year": held.table.year}, "value_musd", "sum")
    ledger.rows(key, label, value, "MUSD/yr", rows, note=vintage.en)
    year = held.table.year
    ledger.parameter(
        f"param.usd_per_eur_{year}", Text(f"dollar per euro, {year}", f"dollars per euro, {year}"),
        1.0 / euros_per_unit(held.table), "USD/EUR", mark=Mark.PRIOR,
        source=f"yearly mean of {year}, from general knowledge; to be re-sourced",
    )  # fmt: skip
    return [key, f"param.usd_per_eur_{year}"]


def _record_one(
    ledger: Ledger, held: Held, industry: str, region: str, amounts: Mapping[str, float], inputs: Sequence[str]
) -> str:
    start, vintage = f"extract.{prefix(region)}.{industry}", held.table.vintage
    words = {
        "total": Text("verlies in alle regio's", "loss in all regions"),
        "own": Text("verlies in de bedrijfstak zelf", "loss in the industry itself"),
        "here": Text(f"verlies in {region}", f"loss in {region}"),
    }
    for name, amount in amounts.items():
        nl = f"{words[name].nl} zonder {industry}, {vintage.nl}"
        en = f"{words[name].en} without {industry}, {vintage.en}"
        ledger.computed(
            f"{start}.{name}", Text(nl, en), amount, "MEUR/yr", method=METHODS["extraction"], inputs=inputs,
            note="nobody steps in and nothing is made up",
        )  # fmt: skip
    return start


def _value_share(table: InputOutputTable) -> FloatArray:
    return np.divide(table.value_added, table.output, out=np.zeros_like(table.output), where=table.output > 0)
