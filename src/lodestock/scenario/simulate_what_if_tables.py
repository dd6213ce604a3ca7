"""The tables of a what-if: shortage by month, lost and served, price, planner beside market, networks, unknowns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.scenario.simulate_what_if import MaterialRun, WhatIfRun

FloatArray = npt.NDArray[np.float64]
SMALL = 1e-9


def shortage_table(run: WhatIfRun) -> pl.DataFrame:
    """Shortage by material, month, stage and country: mean, its standard error, 5 %, median, 95 % over draws."""
    rows = []
    for one in run.materials:
        found, network, use = one.parts["market"], one.built[0].network, mean_use(one)
        months = found["mean"].shape[0]
        for k, stage in enumerate(network.stages):
            for c in np.flatnonzero(use[k, : len(network.countries)] > SMALL):
                for t in range(months):
                    low, middle, high = (float(v) for v in found["quantiles"][:, t, k, c])
                    rows.append(
                        (*_head(one), t + 1, stage, network.countries[c], float(found["mean"][t, k, c]),
                         float(found["error"][t, k, c]), low, middle, high, float(use[k, c]))
                    )  # fmt: skip
    names = ["material", "class", "unit", "month", "stage", "country", "mean", "standard_error", "p05", "median", "p95"]
    return pl.DataFrame(rows, schema=[*names, "use_per_month"], orient="row")


def _head(one: MaterialRun) -> tuple[str, str, str]:
    return one.material, one.figures.found.network_class.value, one.unit


def mean_use(one: MaterialRun) -> FloatArray:
    """Use a month by stage and place, mean over the networks of all points: countries, then groups."""
    use = np.mean([item.network.use for item in one.built], axis=0)
    return np.asarray(np.concatenate([use, use @ one.groups.T], axis=1), np.float64)


def lost_table(run: WhatIfRun) -> pl.DataFrame:
    """What is lost over the horizon and which share of use is served, by material, stage and place.

    One round: the median of a market without a second try. Served share: 1 − median lost ÷ use.
    """
    rows = []
    for one in run.materials:
        found, single = one.parts["market"], one.parts["one round"]["lost_quantiles"][1]
        use = mean_use(one) * run.loaded.scenario.horizon_months
        for k, stage in enumerate(one.built[0].network.stages):
            for c in np.flatnonzero(use[k] > SMALL):
                low, middle, high = (float(v) for v in found["lost_quantiles"][:, k, c])
                rows.append(
                    (*_head(one), stage, one.places[c], float(found["lost_mean"][k, c]),
                     float(found["lost_error"][k, c]), low, middle, high, float(single[k, c]), float(use[k, c]),
                     1.0 - middle / float(use[k, c]))
                )  # fmt: skip
    names = ["material", "class", "unit", "stage", "country", "mean", "standard_error", "p05", "median", "p95"]
    return pl.DataFrame(rows, schema=[*names, "one_round_median", "use", "served_share"], orient="row")


def price_table(run: WhatIfRun) -> pl.DataFrame:
    """Price outside the exporters relative to normal, by month: what would clear the market, capped; a diagnostic.

    disturbed_share: share of draws in which anything is shut in that month.
    """
    rows = [
        (*_head(one)[:2], t + 1, *(float(v) for v in one.parts["market"]["price"][:, t]),
         float(one.parts["market"]["disturbed"][t]))
        for one in run.materials
        for t in range(run.loaded.scenario.horizon_months)
    ]  # fmt: skip
    return pl.DataFrame(
        rows, schema=["material", "class", "month", "p05", "median", "p95", "disturbed_share"], orient="row"
    )


def planner_table(run: WhatIfRun) -> pl.DataFrame:
    """Each draw that was put before the planner: what is short by the planner, the market and one round, and the gap.

    gap: the value of coordination. Every draw counts the same. market_worth, planner_worth: the same in value, where
    tonnes are not worth the same; equal to the tonnes otherwise.
    """
    rows = []
    for one in run.materials:
        for n, part in enumerate(one.planned):
            least, four, single = (float(part[key].sum()) for key in ("planner", "market", "one_round"))
            rows.append(
                (*_head(one), n, int(part["point"]), int(part["scenario"]), least, four, single, four - least,
                 float(part["planner_value"]), float(part["market_value"]))
            )  # fmt: skip
    names = ["material", "class", "unit", "draw", "point", "scenario", "planner", "market", "one_round", "gap"]
    return pl.DataFrame(rows, schema=[*names, "planner_worth", "market_worth"], orient="row")


def gap_of(one: MaterialRun) -> tuple[FloatArray, FloatArray]:
    """Market shortage and the value of coordination of each planned draw [unit of the material]."""
    market = np.array([float(part["market"].sum()) for part in one.planned])
    least = np.array([float(part["planner"].sum()) for part in one.planned])
    return market, market - least


def network_table(run: WhatIfRun) -> pl.DataFrame:
    """What gave way so that each stage closes: lowest and highest over the networks of all points."""
    rows = []
    for one in run.materials:
        for k, stage in enumerate(one.built[0].network.stages):
            closing = [item.closing[k] for item in one.built]
            cells: list[float] = []
            for name in ("production", "traded", "cut", "moved", "filled", "elsewhere"):
                values = [getattr(item, name) for item in closing]
                cells += [min(values), max(values)]
            rows.append((*_head(one), stage, *cells))
    names = ["material", "class", "unit", "stage"]
    for name in ("production", "traded", "cut_share", "moved_share", "filled_share", "elsewhere_share"):
        names += [f"{name}_low", f"{name}_high"]
    return pl.DataFrame(rows, schema=names, orient="row")


def unknown_table(run: WhatIfRun) -> pl.DataFrame:
    """What is taken as none because nobody publishes it."""
    rows = [(one.material, text.nl, text.en) for one in run.materials for text in one.unknown]
    return pl.DataFrame(rows, schema=["material", "text_nl", "text_en"], orient="row")


def build_what_if(run: WhatIfRun) -> dict[str, pl.DataFrame]:
    """All tables by name."""
    out = {
        "simulate_shortage": shortage_table(run),
        "simulate_lost": lost_table(run),
        "simulate_price": price_table(run),
        "simulate_network": network_table(run),
        "simulate_unknown": unknown_table(run),
    }
    if any(one.planned for one in run.materials):
        out["simulate_planner"] = planner_table(run)
    return out
