"""The tidy tables of an impact run, as CSV and figures show them: money in MEUR of the table's year, by horizon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.economy.judgements import judged_industry
from lodestock.economy.propagation import Model
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark, weakest
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.impact import by_sector as direct_by_sector
from lodestock.scenario.impact_judgement import Mover
from lodestock.scenario.impact_service import TierService
from lodestock.vocabulary import sector, wiod_industry

FloatArray = npt.NDArray[np.float64]


# Models in which a planner chooses who goes without.
PLANNED = (Model.LP, Model.LP_FIXED)


def build(impact: ImpactRun, served: Sequence[TierService], moved: Sequence[Mover]) -> dict[str, pl.DataFrame]:
    """All tables by name."""
    return {
        "impact_by_sector": by_sector(impact),
        "impact_by_month": by_month(impact),
        "impact_by_region": by_region(impact),
        "impact_by_allocation": by_allocation(impact),
        "value_per_tonne": value_per_tonne(impact),
        "service_levels": service_levels(impact, served),
        "impact_movers": pl.DataFrame(
            [(m.name, m.label.nl, m.label.en, m.mark.value, m.low, m.central, m.high) for m in moved],
            schema=["input", "name_nl", "name_en", "mark", "low_meur", "central_meur", "high_meur"],
            orient="row",
        ),
        "impact_paths": representatives(impact),
    }


def industry_name(code: str) -> Text:
    """The name of a table's sector in both languages; the code itself where the vocabulary has none."""
    coarse = judged_industry(code)
    if coarse is None:
        return Text(code, code)
    found = wiod_industry(code) if code == coarse else sector(code) if len(code) == 3 else wiod_industry(coarse)
    return Text(found.name_nl, found.name_en)


def by_sector(impact: ImpactRun) -> pl.DataFrame:
    """Where the loss falls: direct loss, loss by model before and after recapture, by industry of the country.

    free: the planner of the model chooses who gives way, so the split over industries is one of several that may be
    equally good; the country's total is not free.
    """
    here = np.array([item.region == impact.region for item in impact.table.industries])
    direct = direct_by_sector(impact.paths.direct(), impact.paths.industries, here)
    rows = []
    for model, found in impact.models.items():
        for k, code in enumerate(impact.sectors):
            low, middle, high = np.quantile(found.lost[:, k], (0.05, 0.5, 0.95))
            name = industry_name(code)
            after = float(np.median(found.net[:, k]))
            rows.append((model.value, code, name.nl, name.en, float(np.median(direct[:, k])), middle, low, high, after))
    heads = ["model", "industry", "name_nl", "name_en", "direct_meur", "lost_meur", "lost_low_meur", "lost_high_meur"]
    frame = pl.DataFrame(rows, schema=[*heads, "after_recapture_meur"], orient="row")
    return frame.with_columns(free=pl.col("model").is_in([model.value for model in PLANNED]))


def by_month(impact: ImpactRun) -> pl.DataFrame:
    """The country's loss month by month on the middle path, with the share of need that is not served."""
    starts, short = impact.run.scenario.starts, impact.paths.short[impact.middle]
    rows = [
        (model.value, _month(starts, step), float(found.by_month[step]), float(short[step]))
        for model, found in impact.models.items()
        for step in range(short.size)
    ]
    return pl.DataFrame(rows, schema=["model", "month", "lost_meur", "unserved_share"], orient="row")


def _month(starts: date, step: int) -> date:
    index = starts.year * 12 + starts.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def by_region(impact: ImpactRun) -> pl.DataFrame:
    """The loss by region of the table on the middle path; below zero: the region gains.

    free: the model's planner chose where the loss falls (`lp` outside the country of the run), so that only the sum of
    these regions means something.
    """
    rows = [
        (model.value, region, value, model is Model.LP and region != impact.region)
        for model, found in impact.models.items()
        for region, value in found.by_region.items()
    ]
    return pl.DataFrame(rows, schema=["model", "region", "lost_meur", "free"], orient="row")


def by_allocation(impact: ImpactRun) -> pl.DataFrame:
    """The country's loss on the middle path under three ways of sharing the shortage out."""
    rows = [
        (model.value, name, value)
        for model, found in impact.models.items()
        for name, value in found.by_allocation.items()
    ]
    return pl.DataFrame(rows, schema=["model", "allocation", "lost_meur"], orient="row")


def value_per_tonne(impact: ImpactRun) -> pl.DataFrame:
    """What a lacking tonne costs by sector: Σ criticality × exposure × value added / use [kEUR/t], with its mark."""
    made, product = impact.paths, impact.run.scenario.product.id
    worth = 1000.0 * made.family_value()
    tonnes = impact.focus.use[:, None] * made.use
    rows = []
    for place in impact.found:
        inside = np.array([family.sector == place.sector for family in made.families])
        low, middle, high = np.quantile(worth[:, inside].sum(axis=1) / tonnes[:, inside].sum(axis=1), (0.05, 0.5, 0.95))
        mark = weakest([Mark.COMPUTED, place.mark, *(f.mark for f in made.families if f.sector == place.sector)])
        name = sector(place.sector)
        use = float(np.median(tonnes[:, inside].sum(axis=1)))
        rows.append((product, place.sector, name.name_nl, name.name_en, middle, low, high, use, mark.value))
    heads = ["product", "sector", "name_nl", "name_en", "keur_per_t", "low_keur_per_t", "high_keur_per_t"]
    return pl.DataFrame(rows, schema=[*heads, "use_t_per_yr", "mark"], orient="row")


def service_levels(impact: ImpactRun, served: Sequence[TierService]) -> pl.DataFrame:
    """Delivered over needed by tier, rule and month on the middle path [–]."""
    starts = impact.run.scenario.starts
    rows = [
        (item.tier.value, rule, _month(starts, step), float(level))
        for item in served
        for rule, found in item.rules.items()
        for step, level in enumerate(found.level)
    ]
    return pl.DataFrame(
        rows, schema={"tier": pl.String, "rule": pl.String, "month": pl.Date, "level": pl.Float64}, orient="row"
    )


def representatives(impact: ImpactRun) -> pl.DataFrame:
    """The paths that went into every model: the draw, the share of all draws it stands for, its direct loss."""
    direct = impact.paths.direct().sum(axis=1)[impact.representatives]
    return pl.DataFrame({"draw": impact.representatives, "weight": impact.weights, "direct_meur": direct}).sort(
        "direct_meur"
    )
