"""An input–output table: who sells what to whom, in which unit and of which year; its balances, sums and rescaling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lodestock.economy.biproportional import fit_margins
from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.ledger import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

# A published table is rounded to its unit: a balance may miss by this share of output, or by this many units.
BALANCE_SHARE = 1e-3
BALANCE_UNITS = 2.0


@dataclass(frozen=True, slots=True)
class Industry:
    """A sector in a region."""

    region: str
    sector: str

    def __str__(self) -> str:
        return f"{self.region}.{self.sector}"


@dataclass(frozen=True, slots=True)
class Defect:
    """One cell or balance that is not as it must be: `amount` in the table's unit."""

    kind: str
    cell: str
    amount: float

    def __str__(self) -> str:
        return f"{self.kind} at {self.cell}: {self.amount:,.6g}"


@dataclass(frozen=True, slots=True)
class InputOutputTable:
    """Flows between industries and to final use, industry by industry, in basic prices.

    industries [N]; users [C] = (region, category of final use); flows [N, N], final [N, C], value_added, output [N],
    all in `unit` per year. year: the year of the structure. scaled_to: the year of the value added to which it was
    rescaled, None = as published.
    """

    industries: tuple[Industry, ...]
    users: tuple[tuple[str, str], ...]
    flows: Floats
    final: Floats
    value_added: Floats
    output: Floats
    unit: str
    year: int
    source: str
    scaled_to: int | None = None
    other_costs: Floats | None = None

    def __post_init__(self) -> None:
        n, c = len(self.industries), len(self.users)
        shapes = (self.flows.shape, self.final.shape, self.value_added.shape, self.output.shape)
        if shapes != ((n, n), (n, c), (n,), (n,)):
            raise DataError("the parts of the table do not fit together", where=f"{n} industries, {c} users: {shapes}")
        if len(set(self.industries)) != n:
            twice = next(str(i) for k, i in enumerate(self.industries) if i in self.industries[:k])
            raise DataError("an industry appears twice", where=twice, mend="merge or rename it")

    @property
    def other(self) -> Floats:
        """Other costs by industry [N], zero where the table has none."""
        return np.zeros(len(self.industries)) if self.other_costs is None else self.other_costs

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in order of first appearance."""
        return tuple(dict.fromkeys(industry.region for industry in self.industries))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in order of first appearance."""
        return tuple(dict.fromkeys(industry.sector for industry in self.industries))

    @property
    def sector_numbers(self) -> Ints:
        """Place of each industry's sector in `sectors` [N]."""
        number = {name: k for k, name in enumerate(self.sectors)}
        return np.array([number[industry.sector] for industry in self.industries], dtype=np.int64)

    @property
    def region_numbers(self) -> Ints:
        """Place of each industry's region in `regions` [N]."""
        number = {name: k for k, name in enumerate(self.regions)}
        return np.array([number[industry.region] for industry in self.industries], dtype=np.int64)

    @property
    def vintage(self) -> Text:
        """The year of the numbers, to stand in the same sentence as every amount of money made with them."""
        if self.scaled_to is None:
            return Text(nl=f"op toegevoegde waarde van {self.year}", en=f"on value added of {self.year}")
        return Text(
            nl=f"op toegevoegde waarde van {self.scaled_to}, met de leveringsstructuur van {self.year}",
            en=f"on value added of {self.scaled_to}, with the supply structure of {self.year}",
        )

    def index(self, region: str, sector: str) -> int:
        """Place of an industry; raises UnknownNameError with the nearest names."""
        if region not in self.regions:
            raise UnknownNameError("region", region, self.regions, where=self.source)
        try:
            return self.industries.index(Industry(region, sector))
        except ValueError:
            known = [industry.sector for industry in self.industries if industry.region == region]
            raise UnknownNameError("industry", sector, known, where=f"{self.source}, region {region}") from None


def defects(table: InputOutputTable, *, share: float = BALANCE_SHARE, units: float = BALANCE_UNITS) -> list[Defect]:
    """Everything in the table that breaks a rule, largest amount first: values that are not numbers, negative output or
    flows, and rows (sales) or columns (purchases + value added) that do not add up to output."""
    found: list[Defect] = []
    names = [str(industry) for industry in table.industries]
    for kind, values in (("flow", table.flows), ("final demand", table.final)):
        columns = names if kind == "flow" else [f"{region} {category}" for region, category in table.users]
        for i, j in np.argwhere(~np.isfinite(values)):
            found.append(Defect(f"{kind} is not a number", f"{names[i]} → {columns[j]}", float("nan")))
    for i, j in np.argwhere(table.flows < 0):
        found.append(Defect("negative flow", f"{names[i]} → {names[j]}", float(table.flows[i, j])))
    for i in np.flatnonzero(table.output < 0):
        found.append(Defect("negative output", names[i], float(table.output[i])))
    sales = np.nansum(table.flows, axis=1) + np.nansum(table.final, axis=1) - table.output
    costs = np.nansum(table.flows, axis=0) + table.value_added + table.other - table.output
    allowed = np.maximum(share * np.abs(table.output), units)
    for kind, gap in (("sales minus output", sales), ("costs minus output", costs)):
        for i in np.flatnonzero(~(np.abs(gap) <= allowed)):
            found.append(Defect(kind, names[i], float(gap[i])))
    return sorted(found, key=lambda defect: -abs(defect.amount) if np.isfinite(defect.amount) else -np.inf)


def require_sound(table: InputOutputTable, *, share: float = BALANCE_SHARE, units: float = BALANCE_UNITS) -> None:
    """Refuse a table with defects; the error names the worst cells and their amounts [table unit]."""
    found = defects(table, share=share, units=units)
    if found:
        raise DataError(
            f"the input-output table has {len(found)} defect(s)",
            where=f"{table.source} ({table.unit}): " + "; ".join(str(defect) for defect in found[:5]),
            why="output must equal sales, and inputs plus value added; flows and output cannot be negative",
            mend="check the file and its unit; move negative flows to value added, or balance the table first",
        )


def aggregate(
    table: InputOutputTable, regions: Mapping[str, str] | None = None, sectors: Mapping[str, str] | None = None
) -> InputOutputTable:
    """The table with regions and sectors joined: old name → new name; a name without a target is refused."""
    to_region = _full_map("region", table.regions, regions)
    to_sector = _full_map("sector", table.sectors, sectors)
    new = [Industry(to_region[old.region], to_sector[old.sector]) for old in table.industries]
    users = [(to_region.get(region, region), category) for region, category in table.users]
    rows, kept = _join(new)
    columns, kept_users = _join(users)
    return replace(
        table, industries=tuple(kept), users=tuple(kept_users), flows=rows @ table.flows @ rows.T,
        final=rows @ table.final @ columns.T, value_added=rows @ table.value_added, output=rows @ table.output,
        other_costs=rows @ table.other,
    )  # fmt: skip


def _full_map(kind: str, names: Sequence[str], given: Mapping[str, str] | None) -> Mapping[str, str]:
    if given is None:
        return {name: name for name in names}
    missing = [name for name in names if name not in given]
    if missing:
        raise InputError(
            f"{len(missing)} {kind}(s) have no target in the aggregation",
            where=", ".join(missing[:8]),
            mend="name a target for each, so that nothing is dropped",
        )
    unknown = [name for name in given if name not in names]
    if unknown:
        raise UnknownNameError(kind, unknown[0], names)
    return given


def _join(names: Sequence[T]) -> tuple[csr_array, list[T]]:
    """A sparse matrix [new, old] of ones that adds up equal names, and the new names in order of first appearance."""
    kept = list(dict.fromkeys(names))
    number = {name: k for k, name in enumerate(kept)}
    places = (np.array([number[name] for name in names]), np.arange(len(names)))
    return csr_array((np.ones(len(names)), places), shape=(len(kept), len(names))), kept


def rescale(table: InputOutputTable, value_added: Floats, year: int) -> InputOutputTable:
    """The table with another year's value added [N] and its own structure as far as the new totals allow.

    Output keeps its ratio to value added; each user's final demand grows with total value added; flows and final demand
    are fitted to the new row and column totals by biproportional scaling (GRAS, which keeps signs). The year of the
    structure stays in `year` and the year of the money in `scaled_to`. Raises DataError where value added is missing or
    not positive while output is.
    """
    bad = ~(np.isfinite(value_added) & ((value_added > 0) | (table.output == 0)))
    if value_added.shape != table.value_added.shape or bad.any():
        i = int(np.argmax(bad)) if bad.any() else 0
        raise DataError(
            "value added for rescaling is missing or not positive",
            where=f"{table.industries[i]}, year {year}: {value_added[i] if bad.any() else value_added.shape}",
            why="a missing year must not become zero output",
            mend="give a value for each industry; join industries without their own figure first (aggregate)",
        )
    if (table.value_added[table.output > 0] <= 0).any():
        i = int(np.flatnonzero((table.value_added <= 0) & (table.output > 0))[0])
        raise DataError(
            "an industry has no positive value added to scale from",
            where=f"{table.industries[i]}: {table.value_added[i]:g}", mend="join it with another industry first",
        )  # fmt: skip
    growth = np.divide(value_added, table.value_added, out=np.ones_like(value_added), where=table.output > 0)
    output = table.output * growth
    use = table.final.sum(axis=0)
    block = np.hstack([table.flows, table.final])
    other = table.other * growth
    columns = np.concatenate([output - value_added - other, use * (value_added.sum() + other.sum()) / use.sum()])
    fitted = fit_margins(block, output, columns)
    n = output.size
    return replace(
        table,
        flows=fitted[:, :n],
        final=fitted[:, n:],
        value_added=value_added.copy(),
        output=output,
        scaled_to=year,
        other_costs=other,
    )
