"""How much of a material comes in: three boundaries that are never added up, and a scenario for what is in products.

Source: MODEL §13 traps 2 and 24. Raw imports miss the magnets, and magnets on their own miss those inside motors; the
same tonne can be counted at each boundary, in another year and another form. So there is no total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.geopolrisk import Split
from lodestock.criticality.inputs import Tables, importers, reference_table
from lodestock.criticality.measurable import Attribution, codes_table
from lodestock.errors import InputError

_RAW_FORMS = {"ore", "compound", "metal", "ferroalloy", "scrap"}
KG_PER_T = 1000.0


class Boundary(StrEnum):
    """Where material is counted; numbers of different boundaries must not be added."""

    RAW = "raw"
    INTERMEDIATE = "intermediate"
    PRODUCTS = "in products"


@dataclass(frozen=True, slots=True)
class Content:
    """Tonnes at one boundary. Adding two of different boundaries, or of a different weight basis, raises."""

    boundary: Boundary
    weight_basis: str
    low_t: float
    middle_t: float
    high_t: float

    def __add__(self, other: Content) -> Content:
        if (self.boundary, self.weight_basis) != (other.boundary, other.weight_basis):
            raise InputError(
                f"{self.boundary} and {other.boundary} are not to be added",
                where=f"{self.weight_basis} and {other.weight_basis} weight",
                why="the same tonne would be counted twice, or ore added to metal",
                mend="show the boundaries side by side",
            )
        return Content(
            self.boundary,
            self.weight_basis,
            self.low_t + other.low_t,
            self.middle_t + other.middle_t,
            self.high_t + other.high_t,
        )


def in_products(intensities: pl.DataFrame, scenario: pl.DataFrame, material: str) -> pl.DataFrame:
    """What one material weighs in the products of the scenario [t a year contained], with the range.

    intensities: material, technology, year, intensity_unit (kg/MW, kg/kg motor, kg/kg vehicle), intensity_low,
    intensity_median, intensity_high. scenario: flow, technology, year, quantity_low, quantity, quantity_high, per_unit
    (kg of motor or vehicle for one, or 1 for MW), share_low, share, share_high (part of the flow that is of this
    technology). Low takes every low end and high every high end: a bound, not a likelihood.
    """
    numbers = [name for name in scenario.columns if name.startswith(("quantity", "share")) and name != "quantity_unit"]
    flows = scenario.with_columns(pl.col([*numbers, "per_unit"]).cast(pl.Float64), pl.col("year").cast(pl.Int16))
    rows = flows.join(
        intensities.filter(pl.col("material") == material),
        on=["technology", "year"],
        how="inner",
        maintain_order="left",
    )

    def tonnes(quantity: str, share: str, intensity: str) -> pl.Expr:
        return pl.col(quantity) * pl.col("per_unit") * pl.col(share) * pl.col(intensity) / KG_PER_T

    return rows.select(
        "flow",
        "technology",
        tonnes("quantity_low", "share_low", "intensity_low").alias("low_t"),
        tonnes("quantity", "share", "intensity_median").alias("middle_t"),
        tonnes("quantity_high", "share_high", "intensity_high").alias("high_t"),
        "mark",
        "reason",
    )


def _border(
    store: Tables, material: str, members: Sequence[str], year: int, splits: Mapping[tuple[str, str], Split]
) -> list[dict[str, object]]:
    """Imports by boundary; a code that mixes materials is named and not attributed, unless a split is stated."""
    own = {key: split for key, split in splits.items() if key[0] == material}
    out: list[dict[str, object]] = []
    for known in codes_table(store, [material], year, own).iter_rows(named=True):
        boundary = Boundary.RAW if known["form"] in _RAW_FORMS else Boundary.INTERMEDIATE
        base: dict[str, object] = {
            "boundary": boundary.value, "item": known["hs_code"], "weight_basis": "gross", "mark": "seen",
        }  # fmt: skip
        if known["attribution"] == Attribution.MIXED.value:
            reason = f"the code mixes {known['mixes'] or 'materials'}; no split is stated"
            out.append(base | {"status": "missing", "reason": reason})
            continue
        rows = store.table("trade").filter((pl.col("year") == year) & (pl.col("hs_code") == known["hs_code"]))
        inside = pl.col("importer").is_in(members) & ~pl.col("exporter").is_in(members)
        tonnes = rows.filter(inside & pl.col("quantity_t").is_not_null()).collect()["quantity_t"]
        if tonnes.is_empty():
            out.append(base | {"status": "missing", "reason": "no weighed import"})
            continue
        total = float(tonnes.sum())
        split = own.get((material, known["hs_code"]))
        ends = {f"{end}_t": total if split is None else total * split.at(end) for end in ("low", "middle", "high")}
        if split is None:
            out.append(base | ends | {"status": "reported", "reason": ""})
        else:
            said = f"stated split of a code that mixes materials: {split.source}"
            out.append(base | ends | {"mark": "prior", "status": "estimated", "reason": said})
    return out


def embedded_table(
    store: Tables,
    material: str,
    importer: str,
    year: int,
    splits: Mapping[tuple[str, str], Split] | None = None,
) -> pl.DataFrame:
    """A material at three boundaries, one row per code or product flow, never a total over boundaries.

    splits: (material, code) → stated split of a code that mixes materials.
    Columns: material, importer, year, boundary, item, weight_basis, low_t, middle_t, high_t [t], mark, status, reason.
    The product boundary is a scenario for the Netherlands with stated shares; for another importer it is `missing`.
    """
    own = vocabulary.material(material).id
    region = importers(importer, year)
    rows = _border(store, own, region.members, year, splits or {})
    base: dict[str, object] = {"boundary": Boundary.PRODUCTS.value, "weight_basis": "contained"}
    if region.id == "NLD":
        found = in_products(store.table("material_intensity").collect(), reference_table("embedded-scenario.csv"), own)
        for row in found.iter_rows(named=True):
            tonnes = {name: row[name] for name in ("low_t", "middle_t", "high_t")}
            state = {"mark": row["mark"], "status": "estimated", "reason": row["reason"]}
            rows.append(base | {"item": row["flow"]} | tonnes | state)
        gap = "no intensity of this material in the technologies of the scenario" if found.is_empty() else ""
    else:
        gap = "the scenario of products is made for the Netherlands only"
    if gap:
        rows.append(base | {"item": "", "mark": "prior", "status": "missing", "reason": gap})
    columns = ["boundary", "item", "weight_basis", "low_t", "middle_t", "high_t", "mark", "status", "reason"]
    schema = {name: pl.Float64 if name.endswith("_t") else pl.String for name in columns}
    frame = pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=schema)
    head = (pl.lit(own).alias("material"), pl.lit(region.id).alias("importer"), pl.lit(year).alias("year"))
    return frame.select(*head, *columns)
