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
from lodestock.scenario.ensemble import parameter_points
from lodestock.scenario.sampling import triangular
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


def rare_earth_shares(
    scenario: Scenario, table: pl.DataFrame, press: float, stated_by: Mapping[str, float]
) -> dict[str, float]:
    """Share of rare-earth magnets in what each country imports under the product's code, by country.

    press: the issuer's exports of rare-earth magnets in the baseline year [t/yr]; stated_by: share by importer.

    An importer of the scenario has the share that is stated for it (a coalition for its members without one of their
    own); all others the share that makes the issuer's exports meet the press total of the baseline year.
    """
    stated: dict[str, float] = {}
    for importer in sorted(scenario.importers, key=lambda item: item.region == EU, reverse=True):
        own = region_of(importer.region, date(scenario.baseline_year, 12, 31)).members
        stated |= dict.fromkeys(own, stated_by[importer.region])
    issued = table.filter(pl.col("exporter") == scenario.issuer)
    known = issued.filter(pl.col("importer").is_in(list(stated)))
    held = sum(stated[name] * tonnes for name, tonnes in known.select("importer", "quantity_t").rows())
    left = float(issued["quantity_t"].sum()) - float(known["quantity_t"].sum())
    others = (press - held) / left
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


@dataclass(frozen=True, slots=True)
class MagnetPoint:
    """One reading of what the figures of magnets do not say. shares: rare-earth share by importer of the scenario;
    theta [t of oxide per t of magnets]; stock, stock_compounds [months]; lags [months] of compounds and magnets."""

    shares: Mapping[str, float]
    theta: float
    spare: float
    stock: float
    stock_compounds: float
    spot: float
    lags: tuple[float, float]


@dataclass(frozen=True, slots=True)
class MagnetFigures:
    """What the store says about compounds and magnets, read once. compounds_made [C] [t/mo]."""

    scenario: Scenario
    magnets: pl.DataFrame
    compounds: pl.DataFrame
    press: float
    makers: tuple[str, ...]
    places: Mapping[str, int]
    compounds_made: FloatArray


def magnet_figures(store: Store, scenario: Scenario, always: Sequence[str] = ()) -> MagnetFigures:
    """Reads what a magnet scenario needs. always: countries that keep a place of their own.

    Raises InputError for a scenario whose product is not 850511, DataError where the store lacks a table.
    """
    if scenario.product.codes != ["850511"]:
        raise InputError(
            "no network can be built for this product", where="product.codes", why=", ".join(scenario.product.codes),
            mend="magnets are linked to rare-earth compounds by code 850511; for another material write a what-if file",
        )  # fmt: skip
    year = scenario.baseline_year
    magnets = trade_table(store, scenario.product.codes, year)
    compounds = trade_table(store, COMPOUND_CODES, year)
    press = _press_total(store, year)
    usual = {item.region: item.rare_earth_share.value for item in scenario.importers}
    makers = tuple(row["country"] for row in rows_of("makers"))
    held = _rare_earth(magnets, rare_earth_shares(scenario, magnets, press, usual))
    places = places_of(weights([held, compounds]), [*eu_members(year), scenario.issuer, *makers, *always])
    made, _ = compound_production(store, year, places)
    return MagnetFigures(scenario, magnets, compounds, press, makers, places, made)


def _rare_earth(table: pl.DataFrame, shares: Mapping[str, float]) -> pl.DataFrame:
    factor = pl.col("importer").replace_strict(dict(shares), return_dtype=pl.Float64)
    return table.with_columns(pl.col("quantity_t") * factor)


def middle_magnets(scenario: Scenario, stock: float | None = None) -> MagnetPoint:
    """The middle of every range; stock [months]: the scenario's if not given."""
    usual = {item.region: item.rare_earth_share.value for item in scenario.importers}
    theta = middle("compounds_per_magnet") * (1.0 - middle("traded_magnets_recycled"))
    months = scenario.commercial_stock.value if stock is None else stock
    lags = (middle("lag_compounds"), middle("lag_magnets"))
    return MagnetPoint(usual, theta, middle("spare"), months, middle("stock_compounds"), middle("spot"), lags)


def magnet_points(scenario: Scenario, points: int, stock: float | None = None) -> list[MagnetPoint]:
    """Readings of what the figures do not say, as scrambled Sobol points over every stated range.

    stock [months]: the same commercial stock at every point; drawn from the scenario's range if not given.
    """
    keys = (
        "compounds_per_magnet", "traded_magnets_recycled", "spare", "stock_compounds", "spot", "lag_compounds",
        "lag_magnets",
    )  # fmt: skip
    held = [*(item.rare_earth_share for item in scenario.importers), scenario.commercial_stock]
    ranges = [(item.low, item.value, item.high) for item in held] + [rates()[key].value for key in keys]
    drawn = parameter_points(points, len(ranges), scenario.ensemble.seed, "rare-earths", "network")
    value = np.stack([triangular(drawn[:, n], *triple) for n, triple in enumerate(ranges)], axis=1)
    names, out = [item.region for item in scenario.importers], []
    for row in value.tolist():
        months, theta, again, spare, early, spot, lag, late = row[len(names) :]
        out.append(MagnetPoint(
            dict(zip(names, row, strict=False)), theta * (1.0 - again), spare, months if stock is None else stock,
            early, spot, (lag, late),
        ))  # fmt: skip
    return out


def flagship_network(store: Store, scenario: Scenario, *, stock: float | None = None) -> BuiltNetwork:
    """The baseline of a magnet scenario in the middle of every range. stock [months]: commercial stock of magnets.

    Raises InputError for a scenario whose product is not 850511, DataError where the store lacks a table.
    """
    return magnet_network(magnet_figures(store, scenario), middle_magnets(scenario, stock))


def magnet_network(figures: MagnetFigures, point: MagnetPoint) -> BuiltNetwork:
    """The baseline at one reading of what the figures do not say."""
    places, compounds = figures.places, figures.compounds
    shares = rare_earth_shares(figures.scenario, figures.magnets, figures.press, point.shares)
    magnets = _rare_earth(figures.magnets, shares)
    trades = np.stack([matrix(compounds, places), matrix(magnets, places)])
    made = np.zeros((2, len(places)))
    made[0] = figures.compounds_made
    for name in figures.makers:
        made[1, places[name]] = trades[1].sum(axis=1)[places[name]]
    cut = np.zeros(2)
    totals = trades.sum(axis=(1, 2))
    for k in range(2):
        trades[k], cut[k] = reconcile(made[k], trades[k])
    own = Adaptation(spot=point.spot, lag=point.lags, substitution=0.0, ceiling=0.0)
    done = balanced_network(
        "rare-earths", STAGES, tuple(places), made, trades, np.array([point.theta]),
        spare=point.spare, months=(point.stock_compounds, point.stock), adaptation=own,
    )  # fmt: skip
    rest = [_outside(table, places) for table in (compounds, magnets)]
    closing = tuple(
        Closing(STAGES[k], 12 * float(made[k].sum()), 12 * float(totals[k]), float(cut[k]), float(done.moved[k]),
                float(done.filled[k]), rest[k])
        for k in range(2)
    )  # fmt: skip
    return BuiltNetwork(done.network, closing, shares)
