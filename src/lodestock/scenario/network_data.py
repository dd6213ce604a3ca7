"""How much of each critical material's chain the store shows: its class, printed with every result (MODEL §5, issue C).

*Chain*: trade codes of extraction and of processing that hold this material only, both with tonnes. *Single stage*: one
of the two. *Shares only*: production or shares of countries, but no trade code of its own. *Missing*: neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.network.balance import Balanced, balanced_network
from lodestock.network.faults import MissingFiguresError, UnbalancedError
from lodestock.network.structure import Adaptation, Network, NetworkClass
from lodestock.scenario.baseline import EU
from lodestock.scenario.simulate_network import (
    REST,
    BuiltNetwork,
    Closing,
    FloatArray,
    eu_members,
    matrix,
    middle,
    places_of,
    reconcile,
    rows_of,
    trade_table,
    weights,
)
from lodestock.vocabulary import critical_raw_materials, material, members, product_codes_for
from lodestock.vocabulary.forms import Stage

SEED = 0.02  # share of output that is spread over all users before the figures are closed
ORDER = (Stage.EXTRACTION, Stage.PROCESSING)


@dataclass(frozen=True, slots=True)
class Classified:
    """A critical material with its class. codes: trade codes of its own by stage, with tonnes in the store; mixed:
    codes that hold it among others, which no class counts; output, shares: stages with tonnes or shares by country."""

    material: str
    name: Text
    network_class: NetworkClass
    codes: Mapping[Stage, tuple[str, ...]]
    mixed: tuple[str, ...]
    output: tuple[Stage, ...]
    shares: tuple[Stage, ...]


def classify(store: Store, year: int, on: date) -> tuple[Classified, ...]:
    """Each critical material on a day with the class that the store's figures of a year allow, in the list's order."""
    traded = _traded(store, year)
    made = _stages(store.table("production").filter(pl.col("production_t") > 0))
    shared = _stages(store.table("crm_supply_share").filter((pl.col("scope") == "global") & (pl.col("share") > 0)))
    out = []
    for entry in critical_raw_materials(on):
        own = entry.material
        group = members(own)
        names = {own, *(item.id for item in group)}
        held = [code for code in product_codes_for(own) if code.code in traded]
        # a code of one member does not show the group
        single = [code for code in held if code.unmixed and (not group or names <= {own, *code.materials})]
        codes = {
            stage: tuple(sorted({code.code for code in single if code.stage is stage}))
            for stage in ORDER if any(code.stage is stage for code in single)
        }  # fmt: skip
        output = tuple(stage for stage in ORDER if any((name, stage.value) in made for name in names))
        shares = tuple(stage for stage in ORDER if any((name, stage.value) in shared for name in names))
        mixed = tuple(sorted({code.code for code in held} - {code for found in codes.values() for code in found}))
        out.append(
            Classified(
                own, Text(entry.name_nl, entry.name_en), _class(codes, output, shares), codes, mixed, output, shares
            )
        )
    return tuple(out)


def _traded(store: Store, year: int) -> set[str]:
    held = store.table("trade").filter((pl.col("year") == year) & (pl.col("quantity_t") > 0))
    return set(held.select(pl.col("hs_code").unique()).collect()["hs_code"].to_list())


def _stages(table: pl.LazyFrame) -> set[tuple[str, str]]:
    return set(table.select("material", "stage").unique().collect().rows())


def _class(codes: Mapping[Stage, Sequence[str]], output: Sequence[Stage], shares: Sequence[Stage]) -> NetworkClass:
    if not output and not shares:
        return NetworkClass.MISSING
    if len(codes) == len(ORDER):
        return NetworkClass.CHAIN
    return NetworkClass.SINGLE_STAGE if codes else NetworkClass.SHARES_ONLY


def class_table(found: Sequence[Classified]) -> pl.DataFrame:
    """The classes as a table, one row a material."""
    rows = [
        (item.material, item.name.nl, item.name.en, item.network_class.value,
         *(" ".join(item.codes.get(stage, ())) for stage in ORDER), " ".join(item.mixed),
         " ".join(item.output), " ".join(item.shares))
        for item in found
    ]  # fmt: skip
    names = [
        "material", "name_nl", "name_en", "class", "extraction_codes", "processing_codes", "mixed_codes",
        "production_stages", "share_stages",
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of what the figures do not say. contents: share of the material in each code; the rest as in rates.

    stock_first, stock_last [months of arrivals]: commercial stock at earlier stages and at the last; lag [months];
    recycled [share of what the EU uses], substitution [share of use per year], ceiling [share of use].
    """

    contents: Mapping[str, float]
    recovery: float
    spare: float
    spot: float
    lag: float
    stock_first: float
    stock_last: float
    recycled: float = 0.0
    substitution: float = 0.0
    ceiling: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the store says about a material's network, read once. trades: by stage, gross tonnes by code;
    output, derived: tonnes a year by country and stage, and whether they come from the other stage by way of a yield;
    shares: what the EU buys from each country where there is no trade code of its own (class shares only)."""

    found: Classified
    stages: tuple[Stage, ...]
    trades: tuple[pl.DataFrame, ...]
    output: tuple[Mapping[str, float], ...]
    derived: tuple[bool, ...]
    places: Mapping[str, int]
    members: tuple[str, ...]
    shares: Mapping[str, float]


def middle_point(name: str, stock: float | None = None) -> Point:
    """The middle of every range; stock [months]: that of users of the last stage."""
    contents = {code: triple[1] for code, triple in contents_of(name).items()}
    first = middle("stock_compounds")
    last = first if stock is None else stock
    return Point(
        contents, middle("recovery"), middle("spare"), middle("spot"), middle("lag_compounds"), first, last
    )  # fmt: skip


def contents_of(name: str) -> dict[str, tuple[float, float, float]]:
    """Content of a material in each of its codes: (low, middle, high) [share of gross tonnes]."""
    return {
        row["hs_code"]: (float(row["low"]), float(row["value"]), float(row["high"]))
        for row in rows_of("contents") if row["material"] == name
    }  # fmt: skip


def figures_of(store: Store, name: str, year: int, on: date, always: Sequence[str] = ()) -> Figures:
    """What the store says about a critical material. always: countries that keep a place of their own.

    Raises UnknownNameError for a material that is not on the list, InputError for one of class missing, and DataError
    where no tonnage of output is published.
    """
    known = classify(store, year, on)
    found = next((item for item in known if item.material == name), None)
    if found is None:
        held = [item.material for item in known]
        group = next((key for key in material(name).groups if key in held), None)
        if group is not None:
            raise InputError(
                f"no figures follow {name} by itself", where="materials", why=f"it is listed as one of {group}",
                mend=f"give {group}",
            )  # fmt: skip
        raise UnknownNameError("critical material", name, held)
    if found.network_class is NetworkClass.MISSING:
        raise MissingFiguresError(
            f"nothing can be simulated for {name}", where="tables trade, production, crm_supply_share",
            why="its class is 'missing': the store holds no output, no shares and no trade code of its own",
            mend="import figures; nothing is invented",
        )  # fmt: skip
    members_of_eu = eu_members(year)
    if found.network_class is NetworkClass.SHARES_ONLY:
        return _share_figures(store, found, members_of_eu)
    stages = tuple(stage for stage in ORDER if stage in found.codes)
    trades = tuple(trade_table(store, found.codes[stage], year) for stage in stages)
    lacking = sorted({code for stage in stages for code in found.codes[stage]} - set(contents_of(name)))
    if lacking:
        raise DataError(
            f"no content of {name} is stated for code {', '.join(lacking)}",
            where="reference/network/contents.csv", mend="add a row with its range and reason",
        )  # fmt: skip
    read = [_output(store, name, stage, year) for stage in stages]
    scores = weights([_contained(table, middle_point(name).contents) for table in trades])
    for made, _ in read:
        total = sum(made.values())
        scores = {c: scores.get(c, 0.0) + made.get(c, 0.0) / total for c in {*scores, *made}}
    return Figures(
        found, stages, trades, tuple(made for made, _ in read), tuple(other for _, other in read),
        places_of(scores, always), members_of_eu, {},
    )  # fmt: skip


def _share_figures(store: Store, found: Classified, members_of_eu: tuple[str, ...]) -> Figures:
    """The EU's sourcing by country at the last stage for which it is published; what is not named is REST."""
    table = store.table("crm_supply_share").filter(
        (pl.col("material") == found.material) & (pl.col("scope") == "eu") & (pl.col("share") > 0)
    )
    held = table.select("stage", "country", "share").collect().drop_nulls()
    if held.is_empty():
        raise MissingFiguresError(
            f"nothing can be simulated for {found.material}", where="table crm_supply_share",
            why="its class is 'shares only', and no share of what the EU buys is published for it",
            mend="import trade in a code that holds this material only; nothing is invented",
        )  # fmt: skip
    stage = next(one for one in reversed(ORDER) if one.value in held["stage"].to_list())
    own = held.filter(pl.col("stage") == stage.value).group_by("country").agg(pl.col("share").sum()).sort("country")
    shares = dict(own.rows())
    total = max(1.0, sum(shares.values()))
    shares = {name: share / total for name, share in shares.items()}
    rest = 1.0 - sum(shares.values())
    if rest > 1e-9:
        shares[REST] = shares.get(REST, 0.0) + rest
    names = [*sorted(set(shares) - {REST}), EU, REST]
    places = {name: number for number, name in enumerate(names)}
    return Figures(found, (stage,), (), (), (), places, members_of_eu, shares)


def material_network(store: Store, name: str, year: int, on: date) -> BuiltNetwork:
    """The baseline network of a critical material of class chain or single stage, in contained tonnes.

    Raises UnknownNameError for a material that is not on the list, InputError for one whose class has no network,
    DataError where no tonnage of output is published, and UnbalancedError where the figures cannot be made to close.
    """
    figures = figures_of(store, name, year, on)
    if figures.shares:
        raise InputError(
            f"no network can be built for {name}", why=f"its class is '{figures.found.network_class.value}'",
            mend="no stage is invented: import trade in a code that holds this material only",
        )  # fmt: skip
    return network_at(figures, middle_point(name))


def network_at(figures: Figures, point: Point) -> BuiltNetwork:
    """The baseline network at one reading of what the figures do not say; balances close to 1e-9 of arrivals.

    Of class shares only: what the EU buys from each country, in per cent of its yearly use, as no tonnes are published.
    """
    if figures.shares:
        return _share_network(figures, point)
    size, count = len(figures.places), len(figures.stages)
    made, trade, cut = np.zeros((count, size)), np.zeros((count, size, size)), np.zeros(count)
    traded = np.zeros(count)
    for k in range(count):
        factor = 1.0
        if figures.derived[k]:
            factor = point.recovery if figures.stages[k] is Stage.PROCESSING else 1.0 / point.recovery
        for country, tonnes in figures.output[k].items():
            made[k, figures.places.get(country, size - 1)] += tonnes * factor / 12.0
        held = _contained(figures.trades[k], point.contents)
        traded[k] = float(held["quantity_t"].sum())
        trade[k], cut[k] = reconcile(made[k], matrix(held, figures.places))
    theta = np.full(count - 1, 1.0 / point.recovery)
    again = np.zeros((count, size))
    if count == 2:
        need = theta[0] * made[1]
        # what mines cannot feed comes from scrap and other sources: counted as such, not as ore
        again[0] = need * max(0.0, 1.0 - 0.98 * float(made[0].sum()) / float(need.sum()))
    done = _balance(figures, point, made, trade, theta, again)
    filled = _filled(done.network, trade, made)
    network = _with_recycling(done.network, figures.members, point.recycled)
    closing = tuple(
        Closing(stage.value, 12 * float(made[k].sum()), traded[k], float(cut[k]), float(done.moved[k]),
                float(filled[k]), 0.0, float(again[k].sum() / made[k].sum()))
        for k, stage in enumerate(figures.stages)
    )  # fmt: skip
    return BuiltNetwork(network, closing, {})


def _balance(
    figures: Figures, point: Point, made: FloatArray, trade: FloatArray, theta: FloatArray, again: FloatArray
) -> Balanced:
    count = len(figures.stages)
    own = _adaptation(point, count)

    def balance(flows: FloatArray) -> Balanced:
        return balanced_network(
            figures.found.material, tuple(stage.value for stage in figures.stages), tuple(figures.places), made, flows,
            theta, spare=point.spare, months=(*(point.stock_first,) * (count - 1), point.stock_last), recycled=again,
            adaptation=own, network_class=figures.found.network_class,
        )  # fmt: skip

    try:
        return balance(trade)
    except UnbalancedError:  # users without a route from a maker: a little from every maker, reported as filled
        seeded = trade.copy()
        seeded[0] += SEED * np.outer(made[0], made[-1] / made[-1].sum())
        seeded[0], _ = reconcile(made[0], seeded[0])
        return balance(seeded)


def _adaptation(point: Point, stages: int) -> Adaptation:
    return Adaptation(
        spot=point.spot, lag=(point.lag,) * stages, substitution=point.substitution, ceiling=point.ceiling
    )


def _with_recycling(network: Network, members_of_eu: Sequence[str], share: float) -> Network:
    """The same network in which the EU's members meet this share of their use of the last stage by recycling."""
    if share <= 0.0:
        return network
    inside = np.array([name in members_of_eu or name == EU for name in network.countries])
    extra = np.zeros_like(network.use)
    extra[-1] = np.where(inside, network.received()[-1] * share / (1.0 - share), 0.0)
    return replace(network, use=network.use + extra, recycled=network.recycled + extra)


def _share_network(figures: Figures, point: Point) -> BuiltNetwork:
    """One stage: arcs from each country to the EU, in per cent of the EU's yearly use, by month."""
    size, eu = len(figures.places), figures.places[EU]
    made, trade = np.zeros((1, size)), np.zeros((1, size, size))
    for country, share in figures.shares.items():
        made[0, figures.places[country]] = trade[0, figures.places[country], eu] = 100.0 * share / 12.0
    network = balanced_network(
        figures.found.material, (figures.stages[0].value,), tuple(figures.places), made, trade, np.empty(0),
        spare=point.spare, months=(point.stock_last,), adaptation=_adaptation(point, 1),
        network_class=NetworkClass.SHARES_ONLY,
    ).network  # fmt: skip
    closing = (Closing(figures.stages[0].value, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0),)
    return BuiltNetwork(_with_recycling(network, figures.members, point.recycled), closing, {})


def _filled(network: Network, trade: FloatArray, made: FloatArray) -> FloatArray:
    """Share of the output of each stage that crosses a border on a route without trade figures [K]."""
    shown = trade > 0.0
    new = ~shown[network.stage, network.origin, network.dest] & (network.origin != network.dest)
    tonnes = np.bincount(network.stage[new], network.base[new], len(network.stages))
    return np.asarray(tonnes / made.sum(axis=1), np.float64)


def _contained(table: pl.DataFrame, contents: Mapping[str, float]) -> pl.DataFrame:
    """Trade in contained tonnes."""
    factor = pl.col("hs_code").replace_strict(dict(contents), return_dtype=pl.Float64)
    return table.with_columns(pl.col("quantity_t") * factor)


def _output(store: Store, name: str, stage: Stage, year: int) -> tuple[dict[str, float], bool]:
    """Output by country [t/yr], and whether it is that of the neighbouring stage, still to be multiplied by a yield."""
    own = _tonnes(store, name, stage, year)
    if own:
        return own, False
    other = ORDER[1 - ORDER.index(stage)]
    world = sum(_tonnes(store, name, other, year).values())
    table = store.table("crm_supply_share").filter(
        (pl.col("material") == name) & (pl.col("stage") == stage.value) & (pl.col("scope") == "global")
    )
    shares = dict(table.filter(pl.col("share") > 0).select("country", "share").collect().rows())
    if world <= 0 or not shares:
        raise DataError(
            f"no output of {name} in {stage.value} is published in tonnes", where="tables production, crm_supply_share",
            mend="import a file that gives it; it is not guessed",
        )  # fmt: skip
    scale = sum(shares.values())
    return {country: world * share / scale for country, share in sorted(shares.items())}, True


def _tonnes(store: Store, name: str, stage: Stage, year: int) -> dict[str, float]:
    """Output in the newest year not after `year`, in one basis; several bases or forms cannot be added."""
    rule = (pl.col("material") == name) & (pl.col("stage") == stage.value) & (pl.col("year") <= year)
    table = store.table("production").filter(rule & (pl.col("production_t") > 0)).collect()
    if table.is_empty() or table["basis"].n_unique() > 1 or table["form_printed"].n_unique() > 1:
        return {}
    newest = table.filter(pl.col("year") == table["year"].max())
    return dict(newest.group_by("country").agg(pl.col("production_t").sum()).sort("country").rows())
