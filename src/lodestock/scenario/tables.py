"""The tidy tables of a licence scenario, as figures and CSV show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.disruption.ridge import AgeConvention, RidgeDraws
from lodestock.economy.families import sector_shares
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import partner_shares
from lodestock.scenario.chain import ChainInput, ChainOutput, share_without_shortage
from lodestock.scenario.influence import influence
from lodestock.scenario.licences import Published, curve_table, observation_table, ridge_table
from lodestock.scenario.schema import Scenario
from lodestock.scenario.summary import Variant
from lodestock.scenario.value import AtRisk

FloatArray = npt.NDArray[np.float64]
COMPOUNDS = ("284690", "280530")
STOCK_LEVELS = np.arange(0.0, 12.5, 0.5)


def build(
    store: Store,
    scenario: Scenario,
    out: Mapping[Variant, ChainOutput],
    given: Mapping[Variant, ChainInput],
    found: dict[AgeConvention, tuple[RidgeDraws, ...]],
    published: Sequence[Published],
    by_sector: tuple[Sequence[str], AtRisk],
    per_percent: Mapping[str, float],
) -> dict[str, pl.DataFrame]:
    """All tables by name: dependency, curves, observations, ridge, shortage, value_at_risk, exports, cover."""
    regions = tuple(who.region for who in scenario.importers)
    codes = (*scenario.product.codes, *COMPOUNDS)
    return {
        "dependency": partner_shares(store, regions, codes, scenario.baseline_year, scenario.issuer),
        "curves": curve_table(found),
        "observations": observation_table(published),
        "ridge": ridge_table(found, scenario.licence.lead_time_shape.value),
        "shortage": shortage(out, scenario.starts),
        "value_at_risk": value_at_risk(*by_sector, per_percent),
        "exports": exports(store),
        "cover": cover(given, scenario.horizon_months),
    }


def shortage(out: Mapping[Variant, ChainOutput], starts: date) -> pl.DataFrame:
    """Shortage, use and stock by month, for each age convention (all populations equally often)."""
    frames = []
    for (convention, population), item in out.items():
        if population != "all":
            continue
        low, median, high = np.quantile(item.shortage, (0.05, 0.5, 0.95), axis=0)
        months = item.shortage.shape[1]
        frames.append(
            pl.DataFrame(
                {
                    "convention": [convention] * months,
                    "month": [_month(starts, step) for step in range(months)],
                    "low": low,
                    "median": median,
                    "high": high,
                    "use_t": np.median(item.need, axis=0),
                    "stock_t": np.median(item.stock, axis=0),
                }
            )
        )
    return pl.concat(frames)


def _month(starts: date, step: int) -> date:
    index = starts.year * 12 + starts.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def value_at_risk(sectors: Sequence[str], risk: AtRisk, per_percent: Mapping[str, float]) -> pl.DataFrame:
    """Median value added at risk by sector, three allocations, and the worth of one per cent of exposed output [M€]."""
    names = {share.sector: share.name for share in sector_shares()}
    return pl.DataFrame(
        {
            "sector": list(sectors),
            "name_nl": [names[sector].nl for sector in sectors],
            "name_en": [names[sector].en for sector in sectors],
            "best_meur": np.median(risk.best, axis=0),
            "pro_rata_meur": np.median(risk.pro_rata, axis=0),
            "worst_meur": np.median(risk.worst, axis=0),
            "value_per_percent_meur": [per_percent[sector] for sector in sectors],
        }
    ).sort("sector")


def exports(store: Store) -> pl.DataFrame:
    """China's exports of rare-earth magnets to the world by month, as the press reported them; gaps stay gaps."""
    held = store.table("magnet_export").filter(
        (pl.col("goods") == "rare-earth magnets")
        & (pl.col("destination") == "WLD")
        & (pl.col("period_start") == pl.col("period_end"))
    )
    months = held.select(
        pl.concat_str(pl.col("period_start"), pl.lit("-01")).str.to_date().alias("month"),
        pl.col("quantity_t").alias("tonnes"),
    )
    return months.sort("month").collect().upsample("month", every="1mo")


def cover(given: Mapping[Variant, ChainInput], months: int) -> pl.DataFrame:
    """Share of the draws without any shortage against extra stock, for each age convention."""
    frames = []
    for (convention, population), item in given.items():
        if population == "all":
            share = share_without_shortage(item, months, STOCK_LEVELS)
            frames.append(
                pl.DataFrame(
                    {
                        "convention": [convention] * len(STOCK_LEVELS),
                        "months_of_stock": STOCK_LEVELS,
                        "share_of_draws_without_shortage": share,
                    }
                )
            )
    return pl.concat(frames)


_MOVED = (
    "use",
    "issuer_share",
    "controlled",
    "defence",
    "never_civil",
    "never_defence",
    "fraction",
    "inspection",
    "stock",
)


def sensitivity(given: ChainInput, shortage: FloatArray) -> pl.DataFrame:
    """Which parameter moves the shortage most, over the draws of a run. shortage: (draws,) [t over the horizon].

    Columns parameter, low_t, high_t [t]: the middle shortage with the parameter in its lowest and highest tenth;
    explains [1]: the share of the shortage's variance that goes with it alone; the most telling first.
    """
    columns: dict[str, FloatArray] = {name: getattr(given, name) for name in _MOVED} | {"lead_time": given.law.mean()}
    moved = {name: influence(np.broadcast_to(values, shortage.shape), shortage) for name, values in columns.items()}
    rows = [(name, item.low, item.high, item.explains) for name, item in moved.items()]
    frame = pl.DataFrame(rows, schema=["parameter", "low_t", "high_t", "explains"], orient="row")
    return frame.sort(pl.col("explains").fill_null(0.0), descending=True)
