"""The tables of a simulation: shortage by month, tonnes lost, served share, exports beside the press, the planner."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.evidence.store import Store
from lodestock.scenario.simulate import Simulation
from lodestock.scenario.simulate_network import PRESS_GOODS

FloatArray = npt.NDArray[np.float64]
SMALL = 1e-9


def shortage_table(run: Simulation) -> pl.DataFrame:
    """Shortage by month, country and stage [t/mo]: mean, its standard error, 5 %, median, 95 % over scenarios."""
    found, network = run.reference, run.built.network
    rows = []
    for k, stage in enumerate(network.stages):
        for c, country in enumerate(network.countries):
            if network.use[k, c] <= SMALL:
                continue
            for t in range(found["mean"].shape[0]):
                low, middle, high = (float(v) for v in found["quantiles"][:, t, k, c])
                rows.append(
                    (t + 1, stage, country, float(found["mean"][t, k, c]), float(found["error"][t, k, c]), low, middle,
                     high, float(network.use[k, c]))
                )  # fmt: skip
    names = ["month", "stage", "country", "mean_t", "standard_error_t", "p05_t", "median_t", "p95_t", "use_t"]
    return pl.DataFrame(rows, schema=names, orient="row")


def wanted(run: Simulation) -> FloatArray:
    """Use over the horizon [t], stages × places: countries, then the groups."""
    network = run.built.network
    months = run.loaded.scenario.horizon_months
    return np.asarray(months * np.concatenate([network.use, network.use @ run.groups.T], axis=1), np.float64)


def lost_table(run: Simulation) -> pl.DataFrame:
    """Tonnes lost over the horizon and served share by country and stage, with the bracket over ways of looking.

    Bracket: lowest and highest median over licence variants and commercial stocks; one round: the market without
    a second try. Served share: 1 − median lost ÷ use.
    """
    use, found = wanted(run), run.reference
    ways = {name: part["lost_quantiles"][1] for name, part in run.parts.items() if "lost_quantiles" in part}
    single = ways.pop("one round")
    medians = np.stack(list(ways.values()))
    rows = []
    for k, stage in enumerate(run.built.network.stages):
        for c, place in enumerate(run.places):
            if use[k, c] <= SMALL:
                continue
            low, middle, high = (float(v) for v in found["lost_quantiles"][:, k, c])
            rows.append(
                (stage, place, float(found["lost_mean"][k, c]), float(found["lost_error"][k, c]), low, middle, high,
                 float(medians[:, k, c].min()), float(medians[:, k, c].max()), float(single[k, c]), float(use[k, c]),
                 1.0 - middle / float(use[k, c]))
            )  # fmt: skip
    names = [
        "stage", "country", "mean_t", "standard_error_t", "p05_t", "median_t", "p95_t", "bracket_low_t",
        "bracket_high_t", "one_round_median_t", "use_t", "served_share",
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def press_series(store: Store) -> dict[str, tuple[float, str]]:
    """The issuer's exports of rare-earth magnets by month in the press [t/mo], with how each was found."""
    rule = (pl.col("goods") == PRESS_GOODS) & (pl.col("destination") == "WLD") & pl.col("quantity_t").is_not_null()
    table = store.table("magnet_export").filter(rule & (pl.col("period_start") == pl.col("period_end"))).collect()
    return {
        row["period"]: (float(row["quantity_t"]), str(row["derived"] or row["quantity_status"]))
        for row in table.iter_rows(named=True)
    }


def exports_table(run: Simulation, store: Store) -> pl.DataFrame:
    """The issuer's simulated exports of the last stage by month [t/mo] beside the press series, which may be empty.

    misfit_t: median − press. A month of the simulation begins on the scenario's first day and stands beside the
    calendar month in which it begins.
    """
    flows = run.parts["exports"]["exports"][:, :, -1]
    low, middle, high = np.quantile(flows, (0.05, 0.5, 0.95), axis=0)
    network, starts, press = run.built.network, run.loaded.scenario.starts, press_series(store)
    own = network.country(run.loaded.scenario.issuer)
    last = len(network.stages) - 1
    leaves = (network.stage == last) & (network.origin == own) & (network.dest != own)
    normal = float(network.base[leaves].sum())
    rows = []
    for t in range(flows.shape[1]):
        at = starts.month - 1 + t
        period = f"{starts.year + at // 12}-{at % 12 + 1:02d}"
        seen, how = press.get(period, (None, ""))
        gap = None if seen is None else float(middle[t]) - seen
        rows.append((period, float(low[t]), float(middle[t]), float(high[t]), normal, seen, how, gap))
    schema = {
        "month": pl.String, "p05_t": pl.Float64, "median_t": pl.Float64, "p95_t": pl.Float64, "baseline_t": pl.Float64,
        "press_t": pl.Float64, "press_status": pl.String, "misfit_t": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def closing_table(run: Simulation) -> pl.DataFrame:
    """What had to give way so that each stage closes."""
    return pl.DataFrame(
        [(c.stage, c.production, c.traded, c.cut, c.moved, c.filled, c.rest) for c in run.built.closing],
        schema=["stage", "production_t", "traded_t", "cut_share", "moved_share", "filled_share", "rest_share"],
        orient="row",
    )


def planner_table(run: Simulation) -> pl.DataFrame:
    """The planner beside the market, mean over the planned scenarios: tonnes short by month, stage and country.

    scarcity: shortage that one more tonne there would avoid [t/t]; licence: the same for one more licensed tonne from
    the issuer to that country.
    """
    best = run.coordination
    assert best is not None
    network = run.built.network
    rows = [
        (t + 1, stage, country, float(best.best[t, k, c]), float(best.short[t, k, c]), float(best.use[t, k, c]),
         float(best.scarcity[t, k, c]), float(best.licence[t, k, c]))
        for t in range(best.use.shape[0])
        for k, stage in enumerate(network.stages)
        for c, country in enumerate(network.countries)
        if network.use[k, c] > SMALL
    ]  # fmt: skip
    names = ["month", "stage", "country", "planner_t", "market_t", "use_t", "scarcity_t_per_t", "licence_t_per_t"]
    return pl.DataFrame(rows, schema=names, orient="row")


def coordination_table(run: Simulation) -> pl.DataFrame:
    """Each planned scenario: tonnes short by the planner, the market and one round, and the value of coordination."""
    best = run.coordination
    assert best is not None
    lost = [item.sum(axis=1) for item in (best.planner, best.market, best.one_round)]
    return pl.DataFrame(
        [(n, *(float(item[n]) for item in lost), float(best.gap[n]), float(best.planner_value[n]),
          float(best.market_value[n])) for n in range(best.gap.size)],
        schema=["draw", "planner_t", "market_t", "one_round_t", "gap_t", "planner_worth", "market_worth"], orient="row",
    )  # fmt: skip


def price_table(run: Simulation) -> pl.DataFrame:
    """Price of the last stage outside the issuer relative to normal, by month: a diagnostic, capped."""
    found = run.reference["price"]
    rows = [(t + 1, *(float(v) for v in found[:, t])) for t in range(found.shape[1])]
    return pl.DataFrame(rows, schema=["month", "p05", "median", "p95"], orient="row")


def unknown_table(run: Simulation) -> pl.DataFrame:
    """What is taken as none because nobody publishes it."""
    rows = [(text.nl, text.en) for text in run.unknown]
    return pl.DataFrame(rows, schema=["text_nl", "text_en"], orient="row")


def build(run: Simulation, store: Store) -> dict[str, pl.DataFrame]:
    """All tables by name."""
    out = {
        "simulate_shortage": shortage_table(run),
        "simulate_lost": lost_table(run),
        "simulate_exports": exports_table(run, store),
        "simulate_network": closing_table(run),
        "simulate_price": price_table(run),
        "simulate_unknown": unknown_table(run),
    }
    if run.coordination is not None:
        out["simulate_planner"] = planner_table(run)
        out["simulate_coordination"] = coordination_table(run)
    return out
