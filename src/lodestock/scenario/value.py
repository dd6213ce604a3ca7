"""Value added at risk: from the tonnes a country lacks to its exposed product families, best, pro rata and worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.economy.allocation import allocation_loss
from lodestock.economy.families import ProductFamily, SectorShare
from lodestock.economy.library import PROVIDERS, Held, held
from lodestock.economy.methods import METHODS
from lodestock.economy.regions import industry_of, joined_region
from lodestock.economy.table_rows import VALUE_ADDED as OF_TABLE
from lodestock.economy.table_rows import table_rows
from lodestock.economy.value_added import USD_PER_EUR, euros_per_unit
from lodestock.errors import DataError
from lodestock.evidence.ledger import Ledger, Method, Scalar, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import prefix
from lodestock.scenario.sampling import sobol, triangular

FloatArray = npt.NDArray[np.float64]
VALUE_ADDED = Method(
    "io.value_added",
    "Value added = output − intermediate inputs",
    "national accounts identity",
    "lodestock.scenario.value:value_added",
)
SPLIT = Method(
    "io.split",
    "Value added of a NACE division from a WIOD industry",
    "stated share",
    "lodestock.scenario.value:value_added",
)


_OWN_TABLE, _FILE = ".va.table", "sha256 "
_UNSTATED = ("not stated", "not stated", "about:blank")


@dataclass(frozen=True, slots=True)
class Exposure:
    """Draws of what is exposed: value added that stops without the product [M€/yr], use [share], (draws, families)."""

    families: tuple[ProductFamily, ...]
    value: FloatArray
    use: FloatArray


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Value added at risk over the horizon under three allocations [M€], arrays of shape (draws,) or (draws, sectors).

    For a country: best, pro-rata and worst allocation. For its sectors: served first, pro rata, served last.
    """

    best: FloatArray
    pro_rata: FloatArray
    worst: FloatArray


def value_added(
    store: Store, ledger: Ledger, region: str, shares: Sequence[SectorShare]
) -> tuple[int, dict[str, float]]:
    """Record the value added per NACE division of a region, from the input-output table in use [M€ of its year].

    Returns the year of that money and the values. The table that ships is read row by row from the store; a table of
    the user is one entry with its file's digest and that of its numbers. Raises DataError where the table lacks the
    region, a sector or the exchange rate of its year.
    """
    found = held(store.home, store)
    if found.ships:
        return _from_store(store, ledger, region, shares)
    table, start = found.table, prefix(region)
    here = [joined_region(item.region) == region for item in table.industries]
    if not any(here):
        raise DataError(
            f"the input-output table in use has no region '{region}'", where=f"{found.id}: {table.source}",
            mend="use another table: lodestock io use wiod-2011",
        )  # fmt: skip
    year, rate, vintage = table.scaled_to or table.year, euros_per_unit(table), table.vintage
    whole, (total, rows) = f"{start}{_OWN_TABLE}", table_rows(found, OF_TABLE, region)
    label = Text(f"toegevoegde waarde van {region} in {found.id}", f"value added of {region} in {found.id}")
    ledger.rows(whole, label, total, f"{table.unit}/yr", rows, source=source_of(found), note=vintage.en)
    money = [whole] if table.unit == "MEUR" else [whole, record_rate(ledger, year)]
    values: dict[str, float] = {}
    for share in shares:
        name, part, _ = industry_of(table, share.sector)
        inputs = money if part == 1.0 else [*money, record_split(ledger, share)]
        inside = [at and item.sector == name for at, item in zip(here, table.industries, strict=True)]
        values[share.sector] = float(table.value_added[inside].sum()) * rate * part
        _record_sector(ledger, region, share, values[share.sector], year, METHODS["io-value-added"], inputs, vintage.en)
    return year, values


@dataclass(frozen=True, slots=True)
class OwnTable:
    """The user's own input-output table behind a run's value added: who publishes it, and the file's digest."""

    id: str
    title: str
    producer: str
    licence: str
    address: str
    sha256: str


def own_table(ledger: Ledger) -> OwnTable | None:
    """The user's table that a run's value added was read from; None where that was the table that ships."""
    entry = next((item for item in ledger if item.id.endswith(_OWN_TABLE)), None)
    if entry is None:
        return None
    title, name, digest = entry.source.rsplit("; ", 2)
    producer, licence, address = PROVIDERS.get(name.split("-")[0], _UNSTATED)
    return OwnTable(name, title, producer, licence, address, digest.removeprefix(_FILE))


def source_of(found: Held) -> str:
    """The source of an imported table as its entries state it: title, id, and the sha256 of the file it came from."""
    digest = found.origin.get("sha256") or found.origin.get("value_added_sha256", "see origin.yml of the table")
    return "; ".join((found.table.source, found.id, f"{_FILE}{digest}"))


def record_rate(ledger: Ledger, year: int) -> str:
    """Record the dollars per euro of a year once; returns the entry's id."""
    key = f"param.usd_per_eur_{year}"
    if key not in ledger:
        ledger.parameter(
            key, Text(f"dollar per euro, {year}", f"dollars per euro, {year}"), USD_PER_EUR.get(year), "USD/EUR",
            mark=Mark.PRIOR, source=f"yearly mean of {year}, from general knowledge; to be re-sourced",
        )  # fmt: skip
    return key


def record_split(ledger: Ledger, share: SectorShare) -> str:
    """Record once which share of a coarse industry a NACE division is; returns the entry's id."""
    key = f"param.split.{share.sector}"
    if key not in ledger:
        label = Text(f"aandeel van {share.sector} in {share.industry}", f"share of {share.sector} in {share.industry}")
        ledger.parameter(key, label, share.share, "1", mark=share.mark, source=share.reason)
    return key


def _record_sector(
    ledger: Ledger, region: str, share: SectorShare, value: float, year: int, method: Method, inputs: Sequence[str],
    note: str,
) -> None:  # fmt: skip
    label = Text(f"toegevoegde waarde {share.name.nl}, {year}", f"value added {share.name.en}, {year}")
    key = f"{prefix(region)}.va.{share.sector}"
    ledger.computed(key, label, value, "MEUR/yr", method=method, inputs=inputs, note=note)


def _from_store(
    store: Store, ledger: Ledger, region: str, shares: Sequence[SectorShare]
) -> tuple[int, dict[str, float]]:
    """The same from the rows of the table that ships."""
    known = store.table("io_output").select("year", "region").unique().collect()
    if region not in known["region"].to_list():
        raise DataError(
            f"the input-output table has no region '{region}'",
            where="table io_output",
            mend="choose NLD, BEL, DEU or FRA",
        )
    year = int(known.filter(pl.col("region") == region)["year"].to_numpy().max())
    rate = record_rate(ledger, year)
    for industry in dict.fromkeys(share.industry for share in shares):
        _record_industry(store, ledger, region, industry, year)
    values: dict[str, float] = {}
    for share in shares:
        industry, dollars = f"{prefix(region)}.va.{share.industry}", ledger[rate].value
        total = ledger[industry].value
        if total is None or dollars is None:
            raise DataError(
                f"value added of {share.industry} is not known", where="tables io_output, io_flow, exchange rate"
            )
        values[share.sector] = total * share.share / dollars
        inputs = (industry, record_split(ledger, share), rate)
        note = f"value added of {year} (WIOD 2013 release)"
        _record_sector(ledger, region, share, values[share.sector], year, SPLIT, inputs, note)
    return year, values


def _record_industry(store: Store, ledger: Ledger, region: str, industry: str, year: int) -> None:
    where: dict[str, Scalar] = {"year": year, "region": region, "industry": industry}
    output, rows = read_rows(store, "io_output", where, "output_musd", "sum")
    ledger.rows(
        f"{prefix(region)}.va.{industry}.output",
        Text(f"productie {industry}", f"output {industry}"),
        output,
        "MUSD/yr",
        rows,
    )
    used: dict[str, Scalar] = {"year": year, "to_region": region, "to_use": industry}
    inputs, rows = read_rows(store, "io_flow", used, "value_musd", "sum")
    ledger.rows(
        f"{prefix(region)}.va.{industry}.inputs",
        Text(f"verbruik {industry}", f"inputs {industry}"),
        inputs,
        "MUSD/yr",
        rows,
    )
    value = output - inputs if output is not None and inputs is not None else None
    ledger.computed(
        f"{prefix(region)}.va.{industry}",
        Text(f"toegevoegde waarde {industry}, {year}", f"value added {industry}, {year}"),
        value,
        "MUSD/yr",
        method=VALUE_ADDED,
        note=(
            "holds net taxes on products and transport margins too, and sums of cells cut off to whole millions: "
            "an upper estimate by up to a few per cent"
        ),
        inputs=(f"{prefix(region)}.va.{industry}.output", f"{prefix(region)}.va.{industry}.inputs"),
    )


def draw_exposure(
    families: Sequence[ProductFamily], sector_value: Mapping[str, float], draws: int, seed: int
) -> Exposure:
    """Draws of exposed value [M€/yr] and of the families' shares of use, scaled to sum to one in each draw."""
    points = sobol(draws, 2 * len(families), seed)
    value, use = np.zeros((draws, len(families))), np.zeros((draws, len(families)))
    for column, family in enumerate(families):
        exposed = triangular(points[:, 2 * column], *family.exposed)
        value[:, column] = family.criticality * exposed * (sector_value[family.sector] if family.sector else 0.0)
        use[:, column] = triangular(points[:, 2 * column + 1], *family.use)
    return Exposure(tuple(families), value, use / use.sum(axis=1, keepdims=True))


def at_risk(exposure: Exposure, use: FloatArray, shortage: FloatArray) -> AtRisk:
    """What a shortage puts at risk. use: own use of the product [t/yr], (draws,); shortage: [t/month], (draws, months).

    Each month is allocated on its own; a month lost is not made up later (no recapture), so this is value at risk and
    not yet a loss. Source: MODEL §6.1.
    """
    tonnes, value, short = _by_month(exposure, use, shortage)
    loss = allocation_loss(tonnes, value, short)
    return AtRisk(loss.best.sum(axis=-1), loss.pro_rata.sum(axis=-1), loss.worst.sum(axis=-1))


def at_risk_by_sector(exposure: Exposure, use: FloatArray, shortage: FloatArray) -> tuple[tuple[str, ...], AtRisk]:
    """The same for each sector apart: if it is served first, pro rata, or last. The worst cannot befall all at once."""
    tonnes, value, short = _by_month(exposure, use, shortage)
    sectors = tuple(dict.fromkeys(family.sector for family in exposure.families if family.sector))
    bounds = [_sector_loss(exposure, sector, tonnes, value, short) for sector in sectors]
    return sectors, AtRisk(*(np.stack([item[place] for item in bounds], axis=-1) for place in range(3)))


def _by_month(exposure: Exposure, use: FloatArray, shortage: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    tonnes = (use[:, None] * exposure.use / 12.0)[:, None, :]
    value = (exposure.value / 12.0)[:, None, :]
    return tonnes, value, np.minimum(shortage, tonnes.sum(axis=-1))


def _sector_loss(
    exposure: Exposure, sector: str, tonnes: FloatArray, value: FloatArray, short: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    inside = np.array([family.sector == sector for family in exposure.families])
    own, rest = tonnes[..., inside], tonnes[..., ~inside].sum(axis=-1)
    total = own.sum(axis=-1)
    first = allocation_loss(own, value[..., inside], np.clip(short - rest, 0.0, total))
    last = allocation_loss(own, value[..., inside], np.minimum(short, total))
    share = short / tonnes.sum(axis=-1)
    pro_rata = share * value[..., inside].sum(axis=-1)
    return first.best.sum(axis=-1), pro_rata.sum(axis=-1), last.worst.sum(axis=-1)


def record_families(ledger: Ledger, families: Sequence[ProductFamily]) -> tuple[str, ...]:
    """Record each family's exposure and use as parameters with their mark; returns the ids."""
    keys = []
    for family in families:
        for name, (low, middle, high), nl, en in (
            ("exposed", family.exposed, "blootgesteld deel van de sector", "exposed share of the sector"),
            ("use", family.use, "aandeel in het gebruik", "share of use"),
        ):
            key = f"param.family.{family.id}.{name}"
            ledger.parameter(
                key,
                Text(f"{family.name.nl}: {nl}", f"{family.name.en}: {en}"),
                middle,
                "1",
                mark=family.mark,
                low=low,
                high=high,
                source=Text(
                    f"{family.judged_by}, {family.judged_on}: {family.reason.nl}",
                    f"{family.judged_by}, {family.judged_on}: {family.reason.en}",
                ),
            )
            keys.append(key)
        key = f"param.family.{family.id}.criticality"
        ledger.parameter(
            key,
            Text(f"{family.name.nl}: onmisbaarheid", f"{family.name.en}: criticality"),
            family.criticality,
            "1",
            mark=family.mark,
            source=Text(
                f"{family.judged_by}, {family.judged_on}: {family.reason.nl}",
                f"{family.judged_by}, {family.judged_on}: {family.reason.en}",
            ),
        )
        keys.append(key)
    return tuple(keys)


def count_marks(ledger: Ledger, key: str) -> dict[Mark, int]:
    """How many of the rows and parameters under a number carry each mark."""
    ends = {entry.id: entry.mark for _, entry in ledger.chain(key) if not entry.inputs}
    return {mark: sum(found is mark for found in ends.values()) for mark in Mark}


def record_judgement(ledger: Ledger) -> None:
    """Record once which share of the inputs of the value at risk is judgement and not count or report."""
    key, of = "var.judgement", "var.total.pro_rata"
    if key in ledger:
        return
    counts = count_marks(ledger, of)
    ledger.computed(
        key,
        Text("deel van de gegevens onder de waarde in gevaar dat een oordeel is",
             "share of the inputs of the value at risk that are judgements"),
        counts[Mark.PRIOR] / sum(counts.values()), "1", method=METHODS["rests-on-judgement"], inputs=(of,),
        note=", ".join(f"{count} {mark.value}" for mark, count in counts.items()),
    )  # fmt: skip
