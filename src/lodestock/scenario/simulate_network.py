"""The flagship's network: rare-earth compounds → magnets, about 60 countries and the rest (MODEL §5.1, §11).

Nothing is taken for a stage that the data do not show: magnets that a country makes and uses itself are in no trade
table and are left out. What had to be cut, moved or filled so that the baseline closes is kept and reported.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.network.balance import balanced_network
from lodestock.network.structure import Adaptation, Network
from lodestock.scenario.baseline import EU, EU27_SINCE, revision_of
from lodestock.scenario.schema import Scenario
from lodestock.scenario.stock_data import Stated
from lodestock.vocabulary import region as region_of

FloatArray = npt.NDArray[np.float64]
REST = "REST"
COUNTRIES = 60
STAGES = ("compounds", "magnets")
COMPOUND_CODES = ("284690", "280530")  # every rare earth together: the trade codes tell no single one apart
PRESS_GOODS = "rare-earth magnets"


@dataclass(frozen=True, slots=True)
class Closing:
    """How much the data of a stage had to give way, as shares.

    cut [share of traded tonnes]: exports without production or imports behind them; moved, filled [share of
    production]: shifted between destinations, and put on routes without trade data; rest [share of traded tonnes]: in
    countries that are counted together; elsewhere [share of production]: input that comes from scrap and other sources.
    """

    stage: str
    production: float
    traded: float
    cut: float
    moved: float
    filled: float
    rest: float
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class BuiltNetwork:
    """A network with what was done to close it; shares: rare-earth share of code 850511 by importing country."""

    network: Network
    closing: tuple[Closing, ...]
    shares: Mapping[str, float]


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table in reference/network."""
    file = resources.files("lodestock").joinpath(f"reference/network/{name}.csv")
    return tuple(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@cache
def rates() -> dict[str, Stated]:
    """Stated yields, delays and stocks by key."""
    return {
        row["key"]: Stated(
            Text(row["name_nl"], row["name_en"]), (float(row["low"]), float(row["value"]), float(row["high"])),
            row["unit"], Mark(row["mark"]), Text(row["source_nl"], row["source_en"]),
        )
        for row in rows_of("rates")
    }  # fmt: skip


def middle(key: str) -> float:
    """The middle value of a stated rate."""
    return rates()[key].value[1]


def trade_table(store: Store, codes: Sequence[str], year: int) -> pl.DataFrame:
    """Tonnes a year by code, exporter and importer, in one revision per code; flows without a quantity are left out.

    Raises DataError where the store has no trade in a code and year.
    """
    frames = []
    for code in codes:
        rule = (
            (pl.col("hs_code") == code) & (pl.col("year") == year)
            & (pl.col("hs_revision") == revision_of(store, code, year)) & pl.col("quantity_t").is_not_null()
        )  # fmt: skip
        frames.append(store.table("trade").filter(rule).select("hs_code", "exporter", "importer", "quantity_t"))
    return pl.concat(frames).collect().filter(pl.col("exporter") != pl.col("importer"))


def matrix(table: pl.DataFrame, places: Mapping[str, int]) -> FloatArray:
    """A trade table [t/yr] as a matrix [C, C] [t/mo]; countries without a place of their own are the last one."""
    rest = len(set(places.values())) - 1
    out = np.zeros((rest + 1, rest + 1))
    row = [places.get(name, rest) for name in table["exporter"].to_list()]
    column = [places.get(name, rest) for name in table["importer"].to_list()]
    np.add.at(out, (row, column), table["quantity_t"].to_numpy() / 12.0)
    np.fill_diagonal(out, 0.0)
    return out


def reconcile(production: FloatArray, trade: FloatArray, most: int = 10_000) -> tuple[FloatArray, float]:
    """Trade in which no country ships more than it makes and receives, and which share of the tonnes was cut for it."""
    out, total = trade.copy(), float(trade.sum())
    out[out < 1e-9 * out.max(initial=0.0)] = 0.0  # dust: routes of a few grams
    for _ in range(most):
        supply, sent = production + out.sum(axis=0), out.sum(axis=1)
        # a little stays where it arrives, or goods could be passed round without end
        factor = np.divide(0.999 * supply, sent, out=np.ones_like(sent), where=sent > 0.999 * supply)
        if (factor > 1.0 - 1e-12).all():
            break
        out *= factor[:, None]
    return out, 0.0 if total == 0.0 else 1.0 - float(out.sum()) / total


def places_of(scores: Mapping[str, float], always: Sequence[str], most: int = COUNTRIES) -> dict[str, int]:
    """The countries of a network, numbered in alphabetical order; the rest has the last number."""
    own = list(dict.fromkeys(always))
    for name in sorted(scores, key=lambda key: (-scores[key], key)):
        if len(own) < most and name not in own:
            own.append(name)
    names = [*sorted(own), REST]
    return {name: number for number, name in enumerate(names)}


def weights(tables: Sequence[pl.DataFrame]) -> dict[str, float]:
    """How much a country matters: the larger of its shares in exports and imports, summed over tables."""
    out: dict[str, float] = {}
    for table in tables:
        total = float(table["quantity_t"].sum())
        for side in ("exporter", "importer"):
            for name, tonnes in table.group_by(side).agg(pl.col("quantity_t").sum()).rows():
                out[name] = out.get(name, 0.0) + float(tonnes) / max(total, 1e-300)
    return out


def eu_members(year: int) -> tuple[str, ...]:
    """The members of the Union of 27."""
    return region_of(EU, max(date(year, 12, 31), EU27_SINCE)).members


def _press_total(store: Store, year: int) -> float:
    """What the press reports as the issuer's exports of rare-earth magnets in a year [t/yr]."""
    rule = (
        (pl.col("goods") == PRESS_GOODS) & (pl.col("period") == str(year)) & (pl.col("destination") == "WLD")
    )  # fmt: skip
    found = store.table("magnet_export").filter(rule).collect()["quantity_t"].drop_nulls().to_list()
    if len(found) != 1:
        raise DataError(
            f"one press total of magnet exports is needed for {year}", where="table magnet_export",
            why=f"{len(found)} rows match", mend="choose a baseline year with a press total",
        )  # fmt: skip
    return float(found[0])


def rare_earth_shares(store: Store, scenario: Scenario, table: pl.DataFrame) -> dict[str, float]:
    """Share of rare-earth magnets in what each country imports under the product's code, by country.

    An importer of the scenario has the share that is stated for it (a coalition for its members without one of their
    own); all others the share that makes the issuer's exports meet the press total of the baseline year.
    """
    stated: dict[str, float] = {}
    for importer in sorted(scenario.importers, key=lambda item: item.region == EU, reverse=True):
        own = region_of(importer.region, date(scenario.baseline_year, 12, 31)).members
        stated |= dict.fromkeys(own, importer.rare_earth_share.value)
    issued = table.filter(pl.col("exporter") == scenario.issuer)
    known = issued.filter(pl.col("importer").is_in(list(stated)))
    held = sum(stated[name] * tonnes for name, tonnes in known.select("importer", "quantity_t").rows())
    left = float(issued["quantity_t"].sum()) - float(known["quantity_t"].sum())
    others = (_press_total(store, scenario.baseline_year) - held) / left
    if not 0.0 <= others <= 1.0:
        raise InputError(
            "the stated rare-earth shares do not fit the press total of the issuer's exports",
            where="importers, rare_earth_share", why=f"the other countries would need a share of {others:.2f}",
            mend="lower the stated shares",
        )  # fmt: skip
    names = set(table["importer"].to_list()) | set(stated)
    return {name: stated.get(name, others) for name in sorted(names)}


def compound_production(store: Store, year: int, places: Mapping[str, int]) -> tuple[FloatArray, int]:
    """Rare-earth compounds made by country [t/mo, oxide]: world mine output × shares in processing; and its year.

    The processing shares are those of neodymium, the main rare earth of magnets: none are published for all together.
    """
    mined = store.table("production").filter((pl.col("material") == "rare-earths") & (pl.col("year") <= year))
    held = mined.select("year", "production_t").collect().drop_nulls()
    if held.is_empty():
        raise DataError("no mine output of rare earths", where="table production", mend="import a newer USGS file")
    newest = int(held["year"].cast(pl.Int64).to_list()[-1] if held.height == 1 else max(held["year"].to_list()))
    world = float(held.filter(pl.col("year") == newest)["production_t"].sum())
    shares = store.table("crm_supply_share").filter(
        (pl.col("material") == "neodymium") & (pl.col("stage") == "processing") & (pl.col("scope") == "global")
    )
    found = shares.select("country", "share").collect().drop_nulls()
    if found.is_empty():
        raise DataError("no processing shares of neodymium", where="table crm_supply_share")
    rest = len(places) - 1
    out = np.zeros(rest + 1)
    for name, share in found.rows():
        out[places.get(name, rest)] += world / 12.0 * share / float(found["share"].sum())
    return out, newest


def _outside(table: pl.DataFrame, places: Mapping[str, int]) -> float:
    """Share of traded tonnes with one end in a country without a place of its own."""
    within = pl.col("exporter").is_in(list(places)) & pl.col("importer").is_in(list(places))
    return 1.0 - float(table.filter(within)["quantity_t"].sum()) / float(table["quantity_t"].sum())


def flagship_network(store: Store, scenario: Scenario, *, stock: float | None = None) -> BuiltNetwork:
    """The baseline of a magnet scenario. stock [months]: commercial stock of magnets, the scenario's if not given.

    Raises InputError for a scenario whose product is not 850511, DataError where the store lacks a table.
    """
    if scenario.product.codes != ["850511"]:
        raise InputError(
            "no network can be built for this product", where="product.codes", why=", ".join(scenario.product.codes),
            mend="the network links rare-earth compounds to code 850511; other products have no such link yet",
        )  # fmt: skip
    year = scenario.baseline_year
    magnets = trade_table(store, scenario.product.codes, year)
    compounds = trade_table(store, COMPOUND_CODES, year)
    shares = rare_earth_shares(store, scenario, magnets)
    magnets = magnets.with_columns(
        pl.col("quantity_t") * pl.col("importer").replace_strict(shares, return_dtype=pl.Float64)
    )
    makers = [row["country"] for row in rows_of("makers")]
    places = places_of(weights([magnets, compounds]), [*eu_members(year), scenario.issuer, *makers])
    trades = np.stack([matrix(compounds, places), matrix(magnets, places)])
    made = np.zeros((2, len(places)))
    made[0], _ = compound_production(store, year, places)
    for name in makers:
        made[1, places[name]] = trades[1].sum(axis=1)[places[name]]
    cut = np.zeros(2)
    totals = trades.sum(axis=(1, 2))
    for k in range(2):
        trades[k], cut[k] = reconcile(made[k], trades[k])
    theta = middle("compounds_per_magnet") * (1.0 - middle("traded_magnets_recycled"))
    months = (middle("stock_compounds"), scenario.commercial_stock.value if stock is None else stock)
    own = Adaptation(
        spot=middle("spot"), lag=(middle("lag_compounds"), middle("lag_magnets")), substitution=0.0, ceiling=0.0
    )
    done = balanced_network(
        "rare-earths", STAGES, tuple(places), made, trades, np.array([theta]),
        spare=middle("spare"), months=months, adaptation=own,
    )  # fmt: skip
    rest = [_outside(table, places) for table in (compounds, magnets)]
    closing = tuple(
        Closing(STAGES[k], 12 * float(made[k].sum()), 12 * float(totals[k]), float(cut[k]), float(done.moved[k]),
                float(done.filled[k]), rest[k])
        for k in range(2)
    )  # fmt: skip
    return BuiltNetwork(done.network, closing, shares)
