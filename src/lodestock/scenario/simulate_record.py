"""What a simulation writes into its ledger and manifest: parameters, rows, results, each with what stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lodestock import __version__
from lodestock.evidence.ledger import Ledger, Method, Scalar, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.network.methods import METHODS
from lodestock.scenario import record
from lodestock.scenario.baseline import prefix, revision_of
from lodestock.scenario.impact_files import write_tables
from lodestock.scenario.simulate import Simulation
from lodestock.scenario.simulate_network import COMPOUND_CODES, rates
from lodestock.scenario.simulate_values import ValueSteps

TO_BE_CHECKED = "to be checked"
DUE = Text("maatregel waarvan de einddatum nagekeken moet worden", "measure whose end must be checked")
BALANCED, MARKET, PLANNER = METHODS["balanced-network"], METHODS["market-rule"], METHODS["network-planner"]
CLASSES = Method(
    "network-class", "How much of a chain the figures show", "MODEL §5; Regulation (EU) 2024/1252, Annex II",
    "lodestock.scenario.network_data:classify", "Hoeveel van een keten de cijfers tonen",
)  # fmt: skip
TITLES = {
    "simulate_shortage": Text("tekort naar maand, land en schakel", "shortage by month, country and stage"),
    "simulate_lost": Text("verloren tonnen en bediend deel", "tonnes lost and served share"),
    "simulate_exports": Text("uitvoer naast de persreeks", "exports beside the press series"),
    "simulate_network": Text("wat moest wijken om het net te sluiten", "what gave way so that the network closes"),
    "simulate_planner": Text("planner naast markt, met schaduwprijzen", "planner beside market, with shadow prices"),
    "simulate_coordination": Text("planner naast markt, per trekking", "planner beside market, by draw"),
    "simulate_price": Text("prijs buiten het exportland, een aanwijzing", "price outside the exporter, a diagnostic"),
    "simulate_unknown": Text("wat onbekend is", "what is unknown"),
    "network_classes": Text("klasse van elke kritieke grondstof", "class of each critical raw material"),
}


def record_run(run: Simulation, store: Store, lost: pl.DataFrame) -> Ledger:
    """The ledger of a simulation. Ids: simulate.STAGE.PLACE.lost [t] for the importers, the EU and the world,
    simulate.network, and simulate.planner.lost, simulate.coordination [t] where the planner was asked for."""
    ledger, scenario = Ledger(), run.loaded.scenario
    record.parameters(ledger, scenario)
    record.licence(ledger, store, run.published, run.regimes)
    for key, item in rates().items():
        low, value, high = item.value
        ledger.parameter(
            f"param.network.{key}", item.name, value, item.unit, mark=item.mark, source=item.source, low=low, high=high
        )
    for control in run.to_be_checked:
        ledger.parameter(
            f"control.{control.id}",
            DUE,
            None,
            "1",
            mark=Mark.PRIOR,
            source="control register",
            note=f"{TO_BE_CHECKED} on {run.as_of}",
            flags=(TO_BE_CHECKED,),
        )
    codes = (*scenario.product.codes, *COMPOUND_CODES)
    traded = [_traded(ledger, store, code, scenario.baseline_year) for code in codes]
    controls = [f"control.{control.id}" for control in run.to_be_checked]
    parameters = [key for key in ledger.entries if key.startswith("param.network.")]
    made = sum(item.production for item in run.built.closing if item.stage == "magnets")
    ledger.computed(
        "simulate.network",
        Text("gemaakte en verhandelde magneten in het net", "magnets made and traded in the network"),
        made, "t/yr", method=BALANCED, inputs=(*traded, *parameters, *_shares(run)),
    )  # fmt: skip
    behind = (
        "simulate.network", "licence.never_granted", "licence.mean_lead", "param.controlled_share",
        "param.inspection_delay", "param.granted_fraction", "param.commercial_stock", *controls,
    )  # fmt: skip
    for row in lost.filter(pl.col("country").is_in(_headline(run))).iter_rows(named=True):
        who, stage = row["country"], row["stage"]
        ledger.computed(
            f"simulate.{stage}.{who.lower()}.lost",
            Text(f"{who}: verloren tonnen, {stage}", f"{who}: tonnes lost, {stage}"), row["median_t"], "t",
            method=MARKET, inputs=behind, low=row["p05_t"], high=row["p95_t"],
            bracket=(row["bracket_low_t"], row["bracket_high_t"]),
        )  # fmt: skip
    if run.coordination is not None:
        _coordination(ledger, run, behind)
    return ledger


def _headline(run: Simulation) -> list[str]:
    return [*dict.fromkeys([item.region for item in run.loaded.scenario.importers]), *run.places[-2:]]


def _shares(run: Simulation) -> list[str]:
    return [f"param.{prefix(item.region)}.rare_earth_share" for item in run.loaded.scenario.importers]


def _traded(ledger: Ledger, store: Store, code: str, year: int) -> str:
    where: dict[str, Scalar | Sequence[Scalar]] = {
        "hs_code": code, "year": year, "hs_revision": revision_of(store, code, year)
    }  # fmt: skip
    value, rows = read_rows(store, "trade", where, "quantity_t", "sum")
    key = f"world.trade.{code}"
    ledger.rows(key, Text(f"wereldhandel in code {code}", f"world trade in code {code}"), value, "t/yr", rows)
    return key


def record_steps(ledger: Ledger, steps: ValueSteps | None) -> list[str]:
    """What a lacking tonne costs, step by step, as the planner was told; nothing where every tonne counts one."""
    keys = []
    for n, (value, width) in enumerate(zip(*((steps.values, steps.widths) if steps else ((), ())), strict=True)):
        keys.append(f"param.values.{n}")
        share = f"{100.0 * width:.1f}"
        ledger.parameter(
            keys[-1],
            Text(f"schade per ton, {share.replace('.', ',')} % van het gebruik", f"loss per tonne, {share}% of use"),
            value, "kEUR/t", mark=Mark.PRIOR, source=f"--values, sha256 {steps.sha256 if steps else ''}",
        )  # fmt: skip
    return keys


def _coordination(ledger: Ledger, run: Simulation, behind: Sequence[str]) -> None:
    best = run.coordination
    assert best is not None
    behind = [*behind, *record_steps(ledger, run.steps)]
    note = f"median of {best.gap.size} scenarios; low and high are the lowest and highest of them"
    allocated = Text("tekort bij de beste verdeling", "shortage under the best allocation")
    four = Text("tekort van de markt, vier rondes", "shortage of the market, four rounds")
    one = Text("tekort van de markt, één ronde", "shortage of the market, one round")
    labels = {
        "planner.lost": (allocated, best.planner, PLANNER),
        "market.lost": (four, best.market, MARKET),
        "market.one_round": (one, best.one_round, MARKET),
    }
    for key, (label, value, method) in labels.items():
        low, middle, high = np.quantile(value.sum(axis=1), (0.0, 0.5, 1.0)).tolist()
        ledger.computed(
            f"simulate.{key}", label, middle, "t", method=method, inputs=behind, low=low, high=high, note=note
        )
    low, middle, high = np.quantile(best.gap, (0.0, 0.5, 1.0)).tolist()
    ledger.computed(
        "simulate.coordination", Text("waarde van coördinatie", "value of coordination"), middle, "t",
        method=PLANNER, inputs=("simulate.planner.lost", "simulate.market.lost"), low=low, high=high, note=note,
    )  # fmt: skip


def info_of(run: Simulation, store: Store) -> RunInfo:
    """What must be known to make the same numbers again."""
    scenario = run.loaded.scenario
    return RunInfo(
        scenario.id, run.loaded.sha256, __version__, store.status().fingerprint, run.as_of.isoformat(),
        scenario.ensemble.seed, run.scenarios,
    )  # fmt: skip


def write(run: Simulation, store: Store, ledger: Ledger, tables: dict[str, pl.DataFrame], out: Path) -> dict[str, Any]:
    """Write the tables and the manifest; returns the paths."""
    results = [key for key in ledger.entries if key.startswith("simulate.")]
    keys = dict.fromkeys(tables, results)
    keys["simulate_network"] = keys["network_classes"] = keys["simulate_unknown"] = ["simulate.network"]
    titles = {name: TITLES[name] for name in tables}
    return write_tables(out, info_of(run, store), ledger, store.snapshots(), tables, titles, keys)
