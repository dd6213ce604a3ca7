"""Where our chain falls beside published estimates that it was not made with: an order-of-magnitude check, not a test.

usage: python benchmarks/plausibility.py [--draws 4096]

1. A full Chinese stop of gallium, of germanium and of both, on the United States: U.S. Geological Survey, Open-File
   Report 2024-1057 (low, central, high in the store, table impact_anchor).
2. Half as many critical inputs from China-aligned countries, euro-area manufacturing: ECB Research Bulletin 128, a fall
   of 2 to 3 % of value added.

Public inputs only: U.S. consumption and stocks and world production (USGS, in the store), the 2011 input-output table
that ships, and the judgements below, each written down with its reason before the result was looked at and not
changed since. Whoever wrote them knew the bands, so this shows that the chain can give the right order of magnitude,
not that it predicts. Money is in dollars of 2011 for the table, of the report's year for the bands.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lodestock.disruption.tank import tank
from lodestock.economy.allocation import overlap_bounds
from lodestock.economy.embedded import embedded_table
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.judgements import input_ratings, recapture
from lodestock.economy.propagation import Model, Settings, direct_loss, follow
from lodestock.economy.representatives import medoids
from lodestock.evidence.store import Store
from lodestock.scenario.sampling import triangular

Floats = NDArray[np.float64]
Range = tuple[float, float, float]
MONTHS, PATHS = 12, 8
ECB = (2.0, 3.0)  # per cent of value added of manufacturing


@dataclass(frozen=True, slots=True)
class Judgement:
    """What no public table says, as (low, middle, high).

    other_supply: share of U.S. need that scrap, other refiners and stocks abroad can serve during the year.
    exposed: share of the output of U.S. electrical and optical equipment (c14) that stops without the material.
    criticality: 1 where nothing replaces it within a year, ½ where half of the output can do without.
    """

    material: str
    from_china: Range
    other_supply: Range
    stock_months: Range | None
    exposed: Range
    criticality: float
    why: str


JUDGED = (
    Judgement(
        "gallium", (0.9, 0.97, 0.99), (0.1, 0.25, 0.5), None, (0.005, 0.015, 0.05), 1.0,
        "China makes 600 of 610 t of primary gallium (USGS 2024); scrap is refined in the United States, Japan and "
        "Europe; compound semiconductors and the modules that hold them are some per cent of what c14 makes",
    ),
    Judgement(
        "germanium", (0.5, 0.6, 0.7), (0.2, 0.4, 0.6), (0.5, 2.0, 6.0), (0.001, 0.004, 0.012), 0.5,
        "world production is not published since 2021 (China leads); zinc refiners and scrap in Canada, Belgium, "
        "Germany and the United States; infrared optics, fibre and solar cells for space; partly replaceable",
    ),
)  # fmt: skip


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=4096)
    draws = parser.parse_args().draws
    store = Store.open()
    table = embedded_table(store).table
    print(f"table: {table.source}; dollars, {table.vintage.en}; {draws} draws; 5 %, median, 95 %")
    rng = np.random.default_rng(20241057)
    losses = {item.material: lost_share(store, item, draws, rng) for item in JUDGED}
    both = overlap_bounds(np.stack(list(losses.values()), axis=-1))
    losses["both"] = both.independent
    for name, item in (("gallium", "full CN ban Ga"), ("germanium", "full CN ban Ge"), ("both", "both")):
        against_usgs(store, table, name, item, losses[name], rng)
    against_ecb(table)


def lost_share(store: Store, item: Judgement, draws: int, rng: np.random.Generator) -> Floats:
    """Share of c14's output that is lost by month [D, P]: consumption and stocks of the store through the tank."""
    rows = store.table("us_salient").filter(pl.col("material") == item.material, pl.col("value").is_not_null())
    told = rows.collect().sort("year")
    need = told.filter(pl.col("kind") == "consumption")["value"][-1]
    stocks = told.filter(pl.col("kind") == "stocks")

    def draw(span: Range) -> Floats:
        return triangular((rng.permutation(draws) + 0.5) / draws, *span)

    gone = draw(item.from_china) * (1.0 - draw(item.other_supply))
    months = np.full(draws, 12.0 * stocks["value"][-1] / need) if item.stock_months is None else draw(item.stock_months)
    monthly = need / MONTHS
    path = tank(
        np.full((draws, MONTHS), monthly), np.repeat(monthly * (1.0 - gone)[:, None], MONTHS, 1), months * monthly
    )
    return item.criticality * draw(item.exposed)[:, None] * path.shortage / monthly


def against_usgs(
    store: Store, table: InputOutputTable, name: str, item: str, loss: Floats, rng: np.random.Generator
) -> None:
    """Value added lost in the United States, by model, before and after recapture, beside the report's band."""
    band = (
        store.table("impact_anchor").filter(pl.col("study") == "USGS OFR 2024-1057", pl.col("item") == item).collect()
    )
    low, middle, high = sorted(-band[f"value_musd_{end}"][0] / 1e3 for end in ("low", "central", "high"))
    at, here = table.index("USA", "c14"), np.array([one.region == "USA" for one in table.industries])
    chosen, cluster = medoids(loss * table.value_added[at], PATHS)
    ceiling = np.ones((chosen.size, MONTHS, len(table.industries)))
    ceiling[:, :, at] -= loss[chosen]
    direct = loss.sum(axis=1) * table.value_added[at] / MONTHS
    base = direct_loss(table, ceiling).sum(axis=(1, 2))
    settings = Settings(focus="USA", ratings=input_ratings(table.sectors, [one.sector for one in table.industries]))
    kept = np.array([1.0 - recapture()[one.sector].value[1] for one in table.industries])[here]
    print(f"\n{name}: the report says {middle:.2g} billion dollars ({low:.2g} to {high:.2g})")
    print(f"  {'direct':<27}{quantiles(direct / 1e3)}   {place(direct / 1e3, low, high)}")
    for model, (lost, _) in follow(table, ceiling, list(Model), settings).items():
        own = lost[:, :, here].sum(axis=1)
        for words, money in (("", own.sum(axis=1)), (", after recapture", (own * kept).sum(axis=1))):
            total = direct * np.divide(money, base, out=np.zeros_like(base), where=base > 0)[cluster] / 1e3
            print(f"  {model.value + words:<27}{quantiles(total)}   {place(total, low, high)}")


def quantiles(values: Floats) -> str:
    """5 %, median and 95 %."""
    return "  ".join(f"{value:7.3g}" for value in np.quantile(values, (0.05, 0.5, 0.95)))


def place(values: Floats, low: float, high: float) -> str:
    """Where the median falls, and how many draws lie inside the band."""
    middle = float(np.median(values))
    where = "inside" if low <= middle <= high else f"{'below' if middle < low else 'above'} the band"
    return f"median {where}; {np.mean((values >= low) & (values <= high)):.0%} of draws inside"


def against_ecb(table: InputOutputTable) -> None:
    """Manufacturing in the euro-area part of the table when half of what it buys in China is missing for a year.

    Every input rated critical for its user stops the user in proportion to the part that lacks; important ones count
    half. The table cannot tell critical products inside an industry's deliveries, so this takes all of them: an upper
    end. No stocks, no other suppliers, nothing spreads. China alone: the table has no other China-aligned country.
    """
    regions = ("NLD", "BEL", "DEU", "FRA", "REU")
    names = [one.sector for one in table.industries]
    ratings = input_ratings(table.sectors, names)
    numbers, of_china = table.sector_numbers, np.array([one.region == "CHN" for one in table.industries])
    worst, total = 0.0, 0.0
    for f, user in enumerate(table.industries):
        if user.region not in regions or not 3 <= int(user.sector[1:]) <= 16 or table.output[f] == 0:
            continue
        from_china = np.bincount(numbers[of_china], table.flows[of_china, f], len(table.sectors))
        bought = np.bincount(numbers, table.flows[:, f], len(table.sectors))
        share = np.divide(from_china, bought, out=np.zeros_like(bought), where=bought > 0)
        worst += table.value_added[f] * float((0.5 * share * ratings[:, f]).max())
        total += table.value_added[f]
    fall = 100.0 * worst / total
    where = "inside" if ECB[0] <= fall <= ECB[1] else "below" if fall < ECB[0] else "above"
    print(
        f"\nhalf of the inputs from China, manufacturing of {', '.join(regions)}: "
        f"the ECB says {ECB[0]:g} to {ECB[1]:g} %"
    )
    print(f"  worst critical input of each industry, {table.vintage.en}: {fall:.2f} %   {where}")


if __name__ == "__main__":
    main()
