"""How much of each critical material's chain the store shows: its class, printed with every result (MODEL §5, issue C).

*Chain*: trade codes of extraction and of processing that hold this material only, both with tonnes. *Single stage*: one
of the two. *Shares only*: production or shares of countries, but no trade code of its own. *Missing*: neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.network.balance import Balanced, balanced_network
from lodestock.network.faults import UnbalancedError
from lodestock.network.structure import Network, NetworkClass
from lodestock.scenario.simulate_network import (
    BuiltNetwork,
    Closing,
    FloatArray,
    matrix,
    middle,
    places_of,
    reconcile,
    rows_of,
    trade_table,
    weights,
)
from lodestock.vocabulary import critical_raw_materials, members, product_codes_for
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


def material_network(store: Store, name: str, year: int, on: date) -> BuiltNetwork:
    """The baseline network of a critical material of class chain or single stage, in contained tonnes.

    Raises UnknownNameError for a material that is not on the list, InputError for one whose class has no network,
    DataError where no tonnage of output is published, and UnbalancedError where the figures cannot be made to close.
    """
    known = classify(store, year, on)
    found = next((item for item in known if item.material == name), None)
    if found is None:
        raise UnknownNameError("critical material", name, [item.material for item in known])
    if found.network_class not in (NetworkClass.CHAIN, NetworkClass.SINGLE_STAGE):
        raise InputError(
            f"no network can be built for {name}", why=f"its class is '{found.network_class.value}'",
            mend="no stage is invented: import trade in a code that holds this material only",
        )  # fmt: skip
    stages = [stage for stage in ORDER if stage in found.codes]
    trades = [_contained(trade_table(store, found.codes[stage], year), name) for stage in stages]
    output = [_output(store, name, stage, year) for stage in stages]
    scores = weights(trades)
    for made in output:
        total = sum(made.values())
        scores = {c: scores.get(c, 0.0) + made.get(c, 0.0) / total for c in {*scores, *made}}
    places = places_of(scores, ())
    return _close(found, stages, trades, output, places)


def _close(
    found: Classified, stages: Sequence[Stage], trades: Sequence[pl.DataFrame],
    output: Sequence[Mapping[str, float]], places: Mapping[str, int],
) -> BuiltNetwork:  # fmt: skip
    size, count = len(places), len(stages)
    made, trade, cut = np.zeros((count, size)), np.zeros((count, size, size)), np.zeros(count)
    for k in range(count):
        for country, tonnes in output[k].items():
            made[k, places.get(country, size - 1)] += tonnes / 12.0
        trade[k], cut[k] = reconcile(made[k], matrix(trades[k], places))
    theta = np.full(count - 1, 1.0 / middle("recovery"))
    again = np.zeros((count, size))
    if count == 2:
        need = theta[0] * made[1]
        # what mines cannot feed comes from scrap and other sources: counted as such, not as ore
        again[0] = need * max(0.0, 1.0 - 0.98 * float(made[0].sum()) / float(need.sum()))
    names = tuple(stage.value for stage in stages)

    def balance(flows: FloatArray) -> Balanced:
        return balanced_network(
            found.material, names, tuple(places), made, flows, theta, spare=middle("spare"),
            months=(middle("stock_compounds"),) * count, recycled=again, network_class=found.network_class,
        )  # fmt: skip

    try:
        done = balance(trade)
    except UnbalancedError:  # users without a route from a maker: a little from every maker, reported as filled
        seeded = trade.copy()
        seeded[0] += SEED * np.outer(made[0], made[-1] / made[-1].sum())
        seeded[0], _ = reconcile(made[0], seeded[0])
        done = balance(seeded)
    filled = _filled(done.network, trade, made)
    closing = tuple(
        Closing(names[k], 12 * float(made[k].sum()), float(trades[k]["quantity_t"].sum()), float(cut[k]),
                float(done.moved[k]), float(filled[k]), 0.0, float(again[k].sum() / made[k].sum()))
        for k in range(count)
    )  # fmt: skip
    return BuiltNetwork(done.network, closing, {})


def _filled(network: Network, trade: FloatArray, made: FloatArray) -> FloatArray:
    """Share of the output of each stage that crosses a border on a route without trade figures [K]."""
    shown = trade > 0.0
    new = ~shown[network.stage, network.origin, network.dest] & (network.origin != network.dest)
    tonnes = np.bincount(network.stage[new], network.base[new], len(network.stages))
    return np.asarray(tonnes / made.sum(axis=1), np.float64)


def _contained(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Trade in contained tonnes; a code without a stated content is refused."""
    content = {row["hs_code"]: float(row["value"]) for row in rows_of("contents") if row["material"] == name}
    lacking = sorted(set(table["hs_code"].to_list()) - set(content))
    if lacking:
        raise DataError(
            f"no content of {name} is stated for code {', '.join(lacking)}",
            where="reference/network/contents.csv", mend="add a row with its range and reason",
        )  # fmt: skip
    factor = pl.col("hs_code").replace_strict(content, return_dtype=pl.Float64)
    return table.with_columns(pl.col("quantity_t") * factor)


def _output(store: Store, name: str, stage: Stage, year: int) -> dict[str, float]:
    """Output by country [t/yr]: tonnes of this stage, or shares times the tonnes of the neighbouring stage."""
    own = _tonnes(store, name, stage, year)
    if own:
        return own
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
    recovery = middle("recovery")
    total = world * recovery if stage is Stage.PROCESSING else world / recovery
    scale = sum(shares.values())
    return {country: total * share / scale for country, share in sorted(shares.items())}


def _tonnes(store: Store, name: str, stage: Stage, year: int) -> dict[str, float]:
    """Output in the newest year not after `year`, in one basis; several bases or forms cannot be added."""
    rule = (pl.col("material") == name) & (pl.col("stage") == stage.value) & (pl.col("year") <= year)
    table = store.table("production").filter(rule & (pl.col("production_t") > 0)).collect()
    if table.is_empty() or table["basis"].n_unique() > 1 or table["form_printed"].n_unique() > 1:
        return {}
    newest = table.filter(pl.col("year") == table["year"].max())
    return dict(newest.group_by("country").agg(pl.col("production_t").sum()).sort("country").rows())
