"""What if an industry vanished, at home or abroad: hypothetical extraction in closed form (Miller and Blair 2009)."""

from __future__ import annotations

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
    held, vintage = found.held, found.vintage
    label = Text(f"input-outputtabel {held.id}, alle stromen", f"input-output table {held.id}, all flows")
    inputs = ["io.table"]
    if held.ships:
        value, rows = read_rows(store, "io_flow", {"year": held.table.year}, "value_musd", "sum")
        ledger.rows("io.table", label, value, "MUSD/yr", rows, note=vintage.en)
        year = held.table.year
        ledger.parameter(
            f"param.usd_per_eur_{year}", Text(f"dollar per euro, {year}", f"dollars per euro, {year}"),
            1.0 / euros_per_unit(held.table), "USD/EUR", mark=Mark.PRIOR,
            source=f"yearly mean of {year}, from general knowledge; to be re-sourced",
        )  # fmt: skip
        inputs.append(f"param.usd_per_eur_{year}")
    else:
        total, rows = table_rows(held, FLOWS)
        ledger.rows("io.table", label, total, f"{held.table.unit}/yr", rows, source=source_of(held), note=vintage.en)
    start = f"extract.{prefix(found.region)}.{found.industry}"
    words = {
        "total": (Text("verlies in alle regio's", "loss in all regions"), found.total),
        "own": (Text("verlies in de bedrijfstak zelf", "loss in the industry itself"), found.own),
        "here": (Text(f"verlies in {found.region}", f"loss in {found.region}"), found.here),
    }
    for name, (text, amount) in words.items():
        nl, en = f"{text.nl} zonder {found.industry}, {vintage.nl}", f"{text.en} without {found.industry}, {vintage.en}"
        ledger.computed(
            f"{start}.{name}", Text(nl, en), amount, "MEUR/yr", method=METHODS["extraction"], inputs=inputs,
            note="nobody steps in and nothing is made up",
        )  # fmt: skip
    return start


def _value_share(table: InputOutputTable) -> FloatArray:
    return np.divide(table.value_added, table.output, out=np.zeros_like(table.output), where=table.output > 0)
