"""Simulated Chinese exports of magnets, April to November 2025, beside the press: what could explain the misfit.

usage: python benchmarks/history_2025.py [--draws 192]

Nothing is fitted. Each reading changes one thing that was known, or takes an extreme that no regime can exceed:
calendar months; each published grant share on its own; every application granted in full; and the regime lifted in full
on 1 July, which is more than any easing that was announced. What is still missing then cannot come from the licences.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lodestock.evidence.store import Store
from lodestock.scenario.licences import REFERENCE, published_shares, ridges, variants
from lodestock.scenario.load import load
from lodestock.scenario.simulate_network import magnet_figures, magnet_network, magnet_points
from lodestock.scenario.simulate_parts import MarketRun, licence_shocks, licence_values, name_of, price_points, run_part
from lodestock.scenario.simulate_tables import press_series

Floats = NDArray[np.float64]
MONTHS = [f"2025-{month:02d}" for month in range(4, 12)]
POINTS = 16
OPEN = 10.0  # a licence row this far above normal limits nothing


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=192)
    draws = parser.parse_args().draws
    store, scenario = Store.open(), load("china-heavy-rare-earths-2025").scenario
    figures = magnet_figures(store, scenario)
    networks = tuple(magnet_network(figures, point).network for point in magnet_points(scenario, POINTS))
    groups = np.ones((1, len(networks[0].countries)))
    base = MarketRun(
        networks, licence_shocks(scenario.issuer, 2), np.ones((1, 2, draws)), groups, 4, scenario.issuer,
        price_points(scenario, draws), traced=draws,
    )  # fmt: skip
    published = published_shares(store, scenario.licence.populations, scenario.starts)
    regimes = variants(ridges(published, scenario.licence, draws, scenario.ensemble.seed), draws)
    normal = exports(replace(base, values=np.ones((1, 2, draws))))[:, 0]
    press = np.array([press_series(store).get(month, (np.nan, ""))[0] for month in MONTHS])
    usual = licence_values(scenario, regimes[REFERENCE], draws)
    readings = {"as shipped, months from 4 April": exports(replace(base, values=usual))}
    for key, regime in regimes.items():
        found = exports(replace(base, values=licence_values(scenario, regime, draws)))
        readings[f"calendar months, {name_of(key)}"] = calendar(found, normal, scenario.starts)
    mild = replace(regimes[REFERENCE], never_granted=np.zeros(draws))
    granted = licence_values(_all_granted(scenario), mild, draws)
    readings["calendar months, all granted in full"] = calendar(
        exports(replace(base, values=granted)), normal, scenario.starts
    )
    lifted = usual.copy()
    lifted[3:] = OPEN
    readings["calendar months, lifted in full on 1 July"] = calendar(
        exports(replace(base, values=lifted)), normal, scenario.starts
    )
    report(readings, press, normal)


def _all_granted(scenario):
    """The scenario with nothing refused to defence and every grant in full."""
    sure = scenario.licence.granted_fraction.model_copy(update={"value": 1.0, "low": 1.0, "high": 1.0})
    none = scenario.licence.never_granted_defence.model_copy(update={"value": 0.0, "low": 0.0, "high": 0.0})
    block = scenario.licence.model_copy(update={"granted_fraction": sure, "never_granted_defence": none})
    return scenario.model_copy(update={"licence": block})


def exports(run: MarketRun) -> Floats:
    """Magnets that leave the issuer [S, T] [t/mo]."""
    return run_part(run)["exports"][:, :, -1]


def calendar(found: Floats, normal: Floats, starts: date) -> Floats:
    """Simulated months, which begin on the scenario's day, as calendar months; before the regime all is normal."""
    before = np.concatenate([normal[:, None], found[:, :-1]], axis=1)
    share = (starts.day - 1) / 30.4
    return share * before + (1.0 - share) * found


def report(readings: dict[str, Floats], press: Floats, normal: Floats) -> None:
    """Medians by month, months inside the 5–95 % band, and the mean absolute misfit."""
    known = ~np.isnan(press)
    print(f"normal exports: median {np.median(normal):,.0f} t a month\n")
    print(f"{'':46s}" + "".join(f"{month[5:]:>7s}" for month in MONTHS) + "  inside  misfit")
    print(f"{'press':46s}" + "".join("      –" if np.isnan(v) else f"{v:7,.0f}" for v in press))
    for name, found in readings.items():
        low, middle, high = np.quantile(found[:, : len(MONTHS)], (0.05, 0.5, 0.95), axis=0)
        inside = int(((press >= low) & (press <= high))[known].sum())
        misfit = np.abs(middle - press)[known].mean()
        row = "".join(f"{v:7,.0f}" for v in middle)
        print(f"{name:46s}{row}  {inside} of {known.sum()}  {misfit:6,.0f}")


if __name__ == "__main__":
    main()
