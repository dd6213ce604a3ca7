"""What a what-if writes into its ledger and manifest: parameters, rows, results, each with what stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from lodestock import __version__
from lodestock.evidence.ledger import Ledger, Scalar, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.network.methods import METHODS
from lodestock.scenario.baseline import revision_of
from lodestock.scenario.impact_files import write_tables
from lodestock.scenario.load import load
from lodestock.scenario.magnets_what_if import FLAGSHIP, MAGNETS
from lodestock.scenario.schema import Estimate, Words
from lodestock.scenario.simulate_chance import event_estimates
from lodestock.scenario.simulate_network import PRESS_GOODS, rates, rows_of
from lodestock.scenario.simulate_record import CLASSES, DUE, TITLES, TO_BE_CHECKED, record_steps
from lodestock.scenario.simulate_schema import WhatIf
from lodestock.scenario.simulate_what_if import WORLD, MaterialRun, WhatIfRun
from lodestock.scenario.simulate_what_if_tables import gap_of

WORDS = {
    "share": Text("getroffen deel", "share touched"),
    "months": Text("duur", "length"),
    "tonnes": Text("uitgevallen capaciteit", "capacity lost"),
    "allowed": Text("toegelaten deel", "share allowed"),
    "never_granted": Text("nooit verleend", "never granted"),
    "lead_time": Text("gemiddelde doorlooptijd", "mean lead time"),
    "shape": Text("vorm van de doorlooptijd", "shape of the lead time"),
    "granted_fraction": Text("verleend deel van het volume", "granted part of the volume"),
}


def record_what_if(run: WhatIfRun, store: Store, lost: pl.DataFrame) -> Ledger:
    """The ledger of a what-if. Ids: simulate.MATERIAL.network, simulate.MATERIAL.STAGE.PLACE.lost for the importers and
    the world, and simulate.MATERIAL.coordination where the planner was asked for."""
    ledger = Ledger()
    behind = [*_parameters(ledger, run.loaded.scenario), *_stated(ledger, run.loaded.scenario)]
    for control in run.to_be_checked:
        ledger.parameter(
            f"control.{control.id}", DUE, None, "1", mark=Mark.PRIOR, source="control register",
            note=f"{TO_BE_CHECKED} on {run.as_of}", flags=(TO_BE_CHECKED,),
        )  # fmt: skip
        behind.append(f"control.{control.id}")
    behind += record_steps(ledger, run.steps)
    for one in run.materials:
        _material(ledger, run, store, one, behind, lost)
    return ledger


def _parameters(ledger: Ledger, what_if: WhatIf) -> list[str]:
    stated: dict[str, tuple[Text, Estimate]] = {
        "param.commercial_stock": (Text("commerciële voorraad", "commercial stock"), what_if.commercial_stock)
    }
    for n, event in enumerate(what_if.events):
        head = f"{event.kind} {event.country}"
        for name, item in event_estimates(event).items():
            label = Text(f"{head}: {WORDS[name].nl}", f"{head}: {WORDS[name].en}")
            stated[f"param.event.{n}.{name}"] = (label, item)
    for n, one in enumerate(what_if.stops):
        for name in ("months", "share"):
            head = f"{one.country}, {one.stage}"
            label = Text(f"{head}: {WORDS[name].nl}", f"{head}: {WORDS[name].en}")
            stated[f"param.stop.{n}.{name}"] = (label, getattr(one.chance, name))
    if what_if.substitution is not None:
        stated["param.substitution"] = (Text("substitutie per jaar", "substitution a year"), what_if.substitution.rate)
    for key, (label, item) in stated.items():
        ledger.parameter(
            key, label, item.value, item.unit, mark=item.mark, source=_source(item.source), low=item.low, high=item.high
        )
    return list(stated)


def _source(said: Words | str) -> Text:
    return Text(said, said) if isinstance(said, str) else Text(said.nl, said.en)


def _stated(ledger: Ledger, what_if: WhatIf) -> list[str]:
    keys = []
    for key, item in rates().items():
        low, value, high = item.value
        ledger.parameter(
            f"param.network.{key}", item.name, value, item.unit, mark=item.mark, source=item.source, low=low, high=high
        )
        keys.append(f"param.network.{key}")
    if what_if.regimes is not None:
        for row in rows_of("regimes"):
            ledger.parameter(
                f"param.regimes.{row['key']}", Text(row["name_nl"], row["name_en"]), float(row["value"]), row["unit"],
                mark=Mark(row["mark"]), source=Text(row["source_nl"], row["source_en"]), low=float(row["low"]),
                high=float(row["high"]),
            )  # fmt: skip
            keys.append(f"param.regimes.{row['key']}")
    return keys


def _rows(ledger: Ledger, store: Store, one: MaterialRun, year: int) -> list[str]:
    """The rows that a network was made from: trade by code, output by stage, shares."""
    found = one.figures
    keys = []
    for stage in found.stages:
        for code in found.found.codes.get(stage, ()):
            revision = revision_of(store, code, year)
            value, rows = read_rows(
                store, "trade", {"hs_code": code, "year": year, "hs_revision": revision}, "quantity_t", "sum"
            )
            keys.append(f"world.trade.{code}")
            if keys[-1] not in ledger:
                label = Text(f"wereldhandel in code {code}", f"world trade in code {code}")
                ledger.rows(keys[-1], label, value, "t/yr", rows)
    magnets = one.material == MAGNETS
    source = "rare-earths" if magnets else one.material
    made = store.table("production").filter((pl.col("material") == source) & (pl.col("year") <= year)).collect()
    for (stage,), held in sorted(made.group_by("stage")):
        at = int(held["year"].max())  # type: ignore[arg-type]
        where: dict[str, Scalar | Sequence[Scalar]] = {"material": source, "stage": str(stage), "year": at}
        value, rows = read_rows(store, "production", where, "production_t", "sum")
        key = f"world.production.{source}.{stage}"
        label = Text(f"{source}: wereldproductie, {stage}", f"{source}: world output, {stage}")
        ledger.rows(key, label, value, "t/yr", rows)
        keys.append(key)
    if found.shares or any(found.derived):
        scope, sharing = "eu" if found.shares else "global", "neodymium" if magnets else one.material
        shared = found.stages[-1] if found.shares else found.stages[found.derived.index(True)]
        asked: dict[str, Scalar | Sequence[Scalar]] = {
            "material": sharing, "stage": shared.value, "scope": scope
        }  # fmt: skip
        value, rows = read_rows(store, "crm_supply_share", asked, "share", "sum")
        key = f"shares.{scope}.{sharing}"
        ledger.rows(key, Text(f"{sharing}: aandelen", f"{sharing}: shares"), value, "share", rows)
        keys.append(key)
    return [*keys, *_magnets(ledger, store, year)] if magnets else keys


def _magnets(ledger: Ledger, store: Store, year: int) -> list[str]:
    """What the network of magnets rests on beside trade: which part is a rare-earth magnet, and the press total."""
    keys = []
    for item in load(FLAGSHIP).scenario.importers:
        own = item.rare_earth_share
        keys.append(f"param.{item.region.lower()}.rare_earth_share")
        ledger.parameter(
            keys[-1],
            Text(f"{item.region}: deel zeldzame-aardmagneten in de handelscode",
                 f"{item.region}: share of rare-earth magnets in the trade code"),
            own.value, own.unit, mark=own.mark, source=_source(own.source), low=own.low, high=own.high,
        )  # fmt: skip
    where: dict[str, Scalar | Sequence[Scalar]] = {"goods": PRESS_GOODS, "period": str(year), "destination": "WLD"}
    value, rows = read_rows(store, "magnet_export", where, "quantity_t", "sum")
    ledger.rows("press.magnet_exports", Text("uitvoer van magneten in de pers", "magnet exports in the press"), value,
                "t/yr", rows, mark=Mark.PRESS)  # fmt: skip
    return [*keys, "press.magnet_exports"]


def _material(
    ledger: Ledger, run: WhatIfRun, store: Store, one: MaterialRun, behind: list[str], lost: pl.DataFrame
) -> None:
    start, what_if = f"simulate.{one.material}", run.loaded.scenario
    inputs = [*_rows(ledger, store, one, what_if.baseline_year), *_stated_keys(ledger)]
    kind = one.figures.found.network_class.value
    ledger.computed(
        f"{start}.network", Text(f"{one.material}: net, {kind}", f"{one.material}: network, {kind}"),
        one.built[0].closing[-1].production, f"{one.unit}/yr" if one.unit == "t" else one.unit,
        method=METHODS["balanced-network"], inputs=inputs, note=f"class: {kind} ({CLASSES.title_in('en')})",
    )  # fmt: skip
    shown = {*what_if.importers, WORLD}
    for row in lost.filter((pl.col("material") == one.material) & pl.col("country").is_in(shown)).iter_rows(named=True):
        place, stage = row["country"], row["stage"]
        ledger.computed(
            f"{start}.{stage}.{place.lower()}.lost",
            Text(f"{place}: verloren, {one.material}, {stage}", f"{place}: lost, {one.material}, {stage}"),
            row["median"], one.unit, method=METHODS["market-rule"], inputs=(f"{start}.network", *behind),
            low=row["p05"], high=row["p95"], note=f"class: {kind}",
        )  # fmt: skip
    if one.planned:
        _, gap = gap_of(one)
        ledger.computed(
            f"{start}.coordination", Text("waarde van coördinatie", "value of coordination"), _median(gap),
            one.unit, method=METHODS["network-planner"], inputs=(f"{start}.network", *behind),
            low=float(gap.min()), high=float(gap.max()), note=f"{gap.size} draws; lowest and highest",
        )  # fmt: skip


def _median(values: Any) -> float:
    return float(sorted(values)[len(values) // 2])


def _stated_keys(ledger: Ledger) -> list[str]:
    return [key for key in ledger.entries if key.startswith("param.network.")]


def write_what_if(
    run: WhatIfRun, store: Store, ledger: Ledger, tables: dict[str, pl.DataFrame], out: Path
) -> dict[str, Any]:
    """Write the tables and the manifest; returns the paths."""
    results = [key for key in ledger.entries if key.startswith("simulate.")]
    networks = [key for key in results if key.endswith(".network")]
    keys = dict.fromkeys(tables, results)
    for name in ("simulate_network", "network_classes", "simulate_unknown"):
        if name in keys:
            keys[name] = networks
    info = RunInfo(
        run.loaded.scenario.id, run.loaded.sha256, __version__, store.status().fingerprint, run.as_of.isoformat(),
        run.loaded.scenario.ensemble.seed, run.scenarios,
    )  # fmt: skip
    titles = {name: TITLES[name] for name in tables}
    return write_tables(out, info, ledger, store.snapshots(), tables, titles, keys)
