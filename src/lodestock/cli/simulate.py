"""`lodestock simulate`: a scenario through the trade network: who runs short, and what coordination would be worth."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    import polars as pl

    from lodestock.scenario.ensemble import Engine, Progress
    from lodestock.scenario.network_data import Classified
    from lodestock.scenario.simulate import Simulation
    from lodestock.scenario.simulate_values import ValueSteps


def simulate(
    scenario: str | None = None,
    /,
    *,
    scenarios: Annotated[
        int, Parameter(converter=whole_number, help="draws of what is not known, for each way of looking")
    ] = 10_000,
    workers: Annotated[int, Parameter(converter=whole_number, help="processes on this machine")] = 1,
    cluster: Annotated[str | None, Parameter(help="address of a Dask scheduler, such as tcp://10.0.0.1:8786")] = None,
    resume: Annotated[bool, Parameter(negative="", help="go on with the run that was kept in --out")] = False,
    planner: Annotated[bool, Parameter(negative="", help="also the best coordinated allocation of some draws")] = False,
    values: Annotated[
        Path | None, Parameter(help="CSV of what a lacking tonne costs, for --planner; see impact")
    ] = None,
    out: Annotated[Path | None, Parameter(help="folder for the tables (CSV), the manifest and the kept parts")] = None,
    as_of: Annotated[date | None, Parameter(help="day (yyyy-mm-dd) on which dated rules are read; today")] = None,
    lang: Annotated[str, Parameter(help="nl or en")] = "nl",
    keys: Annotated[bool, Parameter(negative="", help="list all keys of a what-if file, with unit and limits")] = False,
    json: Json = False,
) -> None:
    """Follow a licence regime through the trade network of about 60 countries: who runs short, when, how sure.

    Firms offer and reroute in rounds, as far as licences, capacities and qualified routes allow. What is not known is
    drawn; published grant shares that contradict each other stand side by side as a bracket. With --planner the same
    shortage under the best joint allocation is given: the gap is what coordination would be worth. Results are the
    same on any number of workers. Every result carries the class of the network: how much of the chain is in the data.

    Parameters
    ----------
    scenario
        id of a scenario that ships, such as china-heavy-rare-earths-2025 or example-copper-mine-outage, or a file of
        your own (.yml): a scenario of the brief, or a what-if on any critical raw material
    """
    started = time.perf_counter()
    from lodestock.errors import InputError
    from lodestock.scenario.simulate_schema import is_what_if
    from lodestock.scenario.simulate_values import read_value_steps

    if keys:
        _keys(as_json=json)
        return
    if scenario is None:
        raise InputError(
            "give a scenario", where="lodestock simulate",
            mend="lodestock simulate example-copper-mine-outage; the keys of a what-if: lodestock simulate --keys",
        )  # fmt: skip
    if lang not in ("nl", "en"):
        raise InputError(f"unknown language '{lang}'", where="--lang", mend="use nl or en")
    engine, folder = _engine(workers, cluster), None if out is None else out / "parts"
    steps = None if values is None else read_value_steps(values)
    if steps is not None and not planner:
        raise InputError("values are for the planner", where="--values", mend="add --planner")
    follow = _what_if if is_what_if(scenario) else _scenario
    with _interrupts() as stopped:
        payload, lines = follow(scenario, scenarios, engine, folder, resume, planner, steps, stopped, as_of, lang, out)
    payload["seconds"] = round(time.perf_counter() - started, 3)
    answer(payload, "\n".join(lines), as_json=json)


def _keys(*, as_json: bool) -> None:
    from lodestock.scenario.keys import keys_text, plain_keys
    from lodestock.scenario.simulate_schema import WhatIf

    answer({"blocks": plain_keys(WhatIf)}, keys_text(WhatIf), as_json=as_json)


def _scenario(
    scenario: str, scenarios: int, engine: Engine, folder: Path | None, resume: bool, planner: bool,
    steps: ValueSteps | None, stopped: Callable[[], bool], as_of: date | None, lang: str, out: Path | None,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    from lodestock.cli.simulate_text import evidence_lines, worth_line
    from lodestock.errors import UnknownNameError
    from lodestock.evidence.store import Store
    from lodestock.scenario import simulate as room
    from lodestock.scenario.load import load, shipped
    from lodestock.scenario.network_data import class_table, classify
    from lodestock.scenario.simulate_record import record_run, write
    from lodestock.scenario.simulate_schema import shipped_what_ifs
    from lodestock.scenario.simulate_tables import build

    if not Path(scenario).suffix and not Path(scenario).exists() and scenario not in (known := shipped()):
        raise UnknownNameError("scenario", scenario, [*known, *shipped_what_ifs()], where="scenarios that ship")
    store, loaded = Store.open(), load(scenario)
    run = room.simulate(
        loaded, store, scenarios=scenarios, engine=engine, folder=folder, resume=resume, planner=planner, steps=steps,
        progress=_tell, cancelled=stopped, as_of=as_of,
    )  # fmt: skip
    classes = classify(store, loaded.scenario.baseline_year, run.as_of)
    tables = build(run, store) | {"network_classes": class_table(classes)}
    ledger = record_run(run, store, tables["simulate_lost"])
    payload = _payload(run, tables, classes)
    lines = [*_describe(run, tables, classes, lang), *evidence_lines(run.loaded.scenario, lang)]
    if steps is not None and run.coordination is not None:
        lines += ["", worth_line(run.coordination.market_value, run.coordination.planner_value, lang)]
    if out is not None:
        payload["files"] = write(run, store, ledger, tables, out)
        lines += ["", f"{_WORDS[lang]['files']}: {out} – lodestock trace {out / 'manifest.json'} simulate.network"]
    return payload, lines


def _what_if(
    scenario: str, scenarios: int, engine: Engine, folder: Path | None, resume: bool, planner: bool,
    steps: ValueSteps | None, stopped: Callable[[], bool], as_of: date | None, lang: str, out: Path | None,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    from lodestock.cli.simulate_text import WORDS, describe
    from lodestock.evidence.store import Store
    from lodestock.scenario.network_data import class_table, classify
    from lodestock.scenario.simulate_schema import load_what_if
    from lodestock.scenario.simulate_what_if import PLANNED, run_what_if
    from lodestock.scenario.simulate_what_if_record import record_what_if, write_what_if
    from lodestock.scenario.simulate_what_if_tables import build_what_if

    store, loaded = Store.open(), load_what_if(scenario)
    run = run_what_if(
        loaded, store, scenarios=scenarios, engine=engine, folder=folder, resume=resume,
        planner=PLANNED if planner else 0, steps=steps, progress=_tell, cancelled=stopped, as_of=as_of,
    )  # fmt: skip
    tables = build_what_if(run)
    tables["network_classes"] = class_table(classify(store, loaded.scenario.baseline_year, run.as_of))
    payload: dict[str, Any] = {
        "scenario": loaded.scenario.id, "example": loaded.scenario.example, "as_of": run.as_of.isoformat(),
        "scenarios": run.scenarios,
        "class": {one.material: one.figures.found.network_class.value for one in run.materials},
        "to_be_checked": [control.id for control in run.to_be_checked],
    }  # fmt: skip
    for name in ("lost", "price", "network", "unknown", "planner"):
        if f"simulate_{name}" in tables:
            payload[name] = tables[f"simulate_{name}"].to_dicts()
    lines = describe(run, tables["simulate_lost"], lang, valued=steps is not None)
    if out is not None:
        ledger = record_what_if(run, store, tables["simulate_lost"])
        payload["files"] = write_what_if(run, store, ledger, tables, out)
        first = f"simulate.{run.materials[0].material}.network"
        lines += ["", f"{WORDS[lang]['files']}: {out} – lodestock trace {out / 'manifest.json'} {first}"]
    return payload, lines


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C stops after the part that is running, so that all that is finished is kept; the next at once."""
    asked: list[int] = []

    def ask(number: int, _: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        print("stopping after the part that is running; press Ctrl-C again to stop at once", file=sys.stderr)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _engine(workers: int, cluster: str | None) -> Engine:
    from lodestock.errors import InputError
    from lodestock.scenario.ensemble import ProcessEngine, SerialEngine

    if not 1 <= workers <= 256:
        raise InputError(f"{workers} workers cannot be used", where="--workers", mend="give a number from 1 to 256")
    if cluster is None:
        return SerialEngine() if workers == 1 else ProcessEngine(workers)
    if workers != 1:
        raise InputError("give workers or a cluster, not both", where="--workers, --cluster")
    kind, _, rest = cluster.partition("://")
    if kind not in ("tcp", "tls") or not rest.rpartition(":")[2].isdigit() or not rest.rpartition(":")[0]:
        raise InputError(
            f"'{cluster}' is not the address of a scheduler", where="--cluster",
            mend="give kind, machine and port, such as tcp://10.0.0.1:8786",
        )  # fmt: skip
    try:
        from lodestock.scenario.ensemble_dask import DaskEngine
    except ImportError:
        raise InputError(
            "clusters need the package 'distributed'", where="--cluster", mend="pip install distributed"
        ) from None
    return DaskEngine(cluster, timeout="10s")


def _tell(progress: Progress) -> None:
    """One line on standard error for each finished part, with the time that remains."""
    left = "" if progress.remaining is None else f", about {progress.remaining:.0f} s left"
    print(f"{progress.done} of {progress.total} parts{left}", file=sys.stderr)


def _payload(run: Simulation, tables: dict[str, pl.DataFrame], classes: tuple[Classified, ...]) -> dict[str, Any]:
    lost = tables["simulate_lost"]
    payload: dict[str, Any] = {
        "scenario": run.loaded.scenario.id, "as_of": run.as_of.isoformat(), "scenarios": run.scenarios,
        "class": {
            "network": run.built.network.network_class.value,
            "materials": {item.material: item.network_class.value for item in classes},
        },
        "network": tables["simulate_network"].to_dicts(), "lost": lost.to_dicts(),
        "exports": tables["simulate_exports"].to_dicts(),
        "to_be_checked": [control.id for control in run.to_be_checked],
    }  # fmt: skip
    payload["price"], payload["unknown"] = tables["simulate_price"].to_dicts(), tables["simulate_unknown"].to_dicts()
    if run.coordination is not None:
        payload["planner"] = tables["simulate_coordination"].to_dicts()
    return payload


_WORDS: dict[str, dict[str, Any]] = {
    "nl": {
        "head": "{title}: {n} trekkingen over {points} netten, {months} maanden. Verloren tonnen: mediaan, 5–95 %, en "
        "de band van medianen over "
        "vergunningcijfers en voorraden.",
        "lost": ["land", "schakel", "verloren t", "5–95 %", "band", "bediend", "één ronde t"],
        "stages": {"compounds": "verbindingen", "magnets": "magneten"},
        "world": "WERELD",
        "class": "Klasse van het net: keten van verwerking naar magneten, met gemengde handelscodes. Het deel zeldzame "
        "aarden is een aanname; magneten die een land zelf maakt en gebruikt, staan in geen cijfer en ontbreken. "
        "De 34 kritieke grondstoffen: {counts}.",
        "cut": "Om te sluiten, {stage}: {cut} van de handelstonnen weggelaten (geen "
        "productie erachter), {moved} "
        "van de productie verschoven, {filled} op routes zonder handelscijfer.",
        "planner": "Mediaan van {n} trekkingen: beste verdeling {planner} t ≤ markt {market} t ≤ één ronde {one} t. "
        "Waarde van coördinatie: {gap} t ({low}–{high}), {share} van het tekort. De beste verdeling kent de "
        "toekomst; wat haalbaar is, ligt ertussen.",
        "prices": "Elke ton telt even zwaar. Nog één vergunde ton magneten voorkomt dan, gemiddeld over de maanden: "
        "{prices}.",
        "check": "Na te kijken (einddatum voorbij of nabij): {controls}.",
        "price": "Prijs buiten {issuer} ten opzichte van gewoon, slechtste maand ({month}): ×{middle} (5–95 %: "
        "{low}–{high}). Een aanwijzing, geen raming; gemaximeerd waar gebruik wijkt.",
        "unknown": "Onbekend:",
        "files": "tabellen en manifest",
        "press": "Uitvoer van magneten uit {issuer}, t per maand, naast de pers (nog te herleiden):",
        "press_head": ["maand", "mediaan", "5–95 %", "pers", "verschil"],
        "unequal": "Let op: deze volgorde is geschonden.",
    },
    "en": {
        "head": "{title}: {n} draws over {points} networks, {months} months. Tonnes lost: median, 5–95 %, and the "
        "bracket of medians over grant "
        "figures and stocks.",
        "lost": ["country", "stage", "lost t", "5–95 %", "bracket", "served", "one round t"],
        "stages": {"compounds": "compounds", "magnets": "magnets"},
        "world": "WORLD",
        "class": "Class of the network: chain from processing to magnets, with mixed trade codes. "
        "The rare-earth share is "
        "an assumption; magnets that a country makes and uses itself are in no figure and are left out. "
        "The 34 critical raw materials: {counts}.",
        "cut": "To close, {stage}: {cut} of traded tonnes left out (no production behind them), {moved} of "
        "production moved, {filled} on routes without trade figures.",
        "planner": "Median of {n} draws: best allocation {planner} t ≤ market {market} t ≤ one round {one} t. Value of "
        "coordination: {gap} t ({low}–{high}), {share} of the shortage. The best allocation knows the future; what "
        "can be reached lies between.",
        "prices": "Every tonne counts the same. One more licensed tonne of magnets then avoids, mean over months: "
        "{prices}.",
        "check": "To be checked (end date passed or near): {controls}.",
        "price": "Price outside {issuer} relative to normal, worst month ({month}): ×{middle} (5–95 %: {low}–{high}). "
        "A diagnostic, not an estimate; capped where use gives way.",
        "unknown": "Unknown:",
        "files": "tables and manifest",
        "press": "Exports of magnets from {issuer}, t a month, beside the press (to be re-sourced):",
        "press_head": ["month", "median", "5–95 %", "press", "difference"],
        "unequal": "Note: this order is broken.",
    },
}


def _number(value: float, lang: str) -> str:
    text = f"{value:,.0f}"
    return text.replace(",", ".") if lang == "nl" else text


def _percent(value: float, lang: str, digits: int = 0) -> str:
    text = f"{100 * value:.{digits}f} %"
    return text.replace(".", ",") if lang == "nl" else text


def _describe(
    run: Simulation, tables: dict[str, pl.DataFrame], classes: tuple[Classified, ...], lang: str
) -> list[str]:
    words = _WORDS[lang]
    scenario = run.loaded.scenario
    title = scenario.title.nl if lang == "nl" else scenario.title.en
    counts: dict[str, int] = {}
    for item in classes:
        counts[item.network_class.value] = counts.get(item.network_class.value, 0) + 1
    lines = [
        words["head"].format(
            title=title, n=_number(run.scenarios, lang), points=run.points, months=scenario.horizon_months
        ), "",
        table(_lost_rows(run, tables["simulate_lost"], lang), words["lost"], right=(2, 3, 4, 5, 6)), "",
        words["class"].format(counts=", ".join(f"{n} {_CLASSES[lang][name]}" for name, n in counts.items())),
    ]  # fmt: skip
    for part in run.built.closing:
        stage = words["stages"][part.stage]
        cut, moved, filled = _percent(part.cut, lang), _percent(part.moved, lang, 1), _percent(part.filled, lang, 1)
        lines.append(words["cut"].format(stage=stage, cut=cut, moved=moved, filled=filled))
    if run.coordination is not None:
        lines += ["", *_coordination_lines(run, tables["simulate_planner"], lang)]
    prices = tables["simulate_price"].sort("median", "p95", descending=True).row(0, named=True)
    told = {"low": prices["p05"], "middle": prices["median"], "high": prices["p95"]}
    short = {key: f"{value:.1f}".replace(".", "," if lang == "nl" else ".") for key, value in told.items()}
    lines += ["", words["price"].format(issuer=scenario.issuer, month=prices["month"], **short)]
    lines += [words["unknown"], *(f"  - {text.nl if lang == 'nl' else text.en}" for text in run.unknown)]
    lines += ["", words["press"].format(issuer=scenario.issuer), _exports(tables["simulate_exports"], lang)]
    if run.to_be_checked:
        lines += ["", words["check"].format(controls=", ".join(control.id for control in run.to_be_checked))]
    return lines


_CLASSES = {
    "nl": {"chain": "keten", "single stage": "één schakel", "shares only": "alleen aandelen", "missing": "ontbreekt"},
    "en": {"chain": "chain", "single stage": "single stage", "shares only": "shares only", "missing": "missing"},
}


def _lost_rows(run: Simulation, lost: pl.DataFrame, lang: str) -> list[list[str]]:
    words = _WORDS[lang]
    importers = [item.region for item in run.loaded.scenario.importers]
    hit = lost.filter(lost["stage"] == "magnets").sort("median_t", descending=True)["country"].to_list()
    shown = list(dict.fromkeys([*importers, *run.places[-2:], *hit[:8]]))
    out = []
    for stage in run.built.network.stages[::-1]:
        rows = {row["country"]: row for row in lost.filter(lost["stage"] == stage).iter_rows(named=True)}
        for place in shown if stage == "magnets" else run.places[-2:]:
            if place not in rows:
                continue
            row = rows[place]
            name = words["world"] if place == "WORLD" else place
            out.append([
                name, words["stages"][stage], _number(row["median_t"], lang),
                f"{_number(row['p05_t'], lang)}–{_number(row['p95_t'], lang)}",
                f"{_number(row['bracket_low_t'], lang)}–{_number(row['bracket_high_t'], lang)}",
                f"{100 * row['served_share']:.0f} %", _number(row["one_round_median_t"], lang),
            ])  # fmt: skip
    return out


def _coordination_lines(run: Simulation, planned: pl.DataFrame, lang: str) -> list[str]:
    import numpy as np

    words = _WORDS[lang]
    best = run.coordination
    assert best is not None
    sums = [item.sum(axis=1) for item in (best.planner, best.market, best.one_round)]
    low, middle, high = (float(np.median(item)) for item in sums)
    line = words["planner"].format(
        n=best.gap.size, planner=_number(low, lang), market=_number(middle, lang), one=_number(high, lang),
        gap=_number(float(np.median(best.gap)), lang), low=_number(float(best.gap.min()), lang),
        high=_number(float(best.gap.max()), lang),
        share=_percent(float(best.gap.sum() / max(sums[1].sum(), 1e-9)), lang),
    )  # fmt: skip
    if (sums[0] > sums[1] * (1 + 1e-9) + 1e-6).any() or (sums[1] > sums[2] * (1 + 1e-9) + 1e-6).any():
        line += f" {words['unequal']}"
    magnets = planned.filter(planned["stage"] == "magnets")
    worth: dict[str, float] = {}
    short: dict[str, float] = {}
    for country, price, lack in magnets.select("country", "licence_t_per_t", "planner_t").iter_rows():
        worth[country] = worth.get(country, 0.0) + price / magnets["month"].n_unique()
        short[country] = short.get(country, 0.0) + lack
    first = sorted(worth, key=lambda name: (-round(worth[name], 2), -short[name], name))[:8]
    point = "," if lang == "nl" else "."
    told = ", ".join(f"{name} {worth[name]:.2f} t".replace(".", point) for name in first)
    return [line, words["prices"].format(prices=told)]


def _exports(found: pl.DataFrame, lang: str) -> str:
    words = _WORDS[lang]
    rows = [
        [row["month"], _number(row["median_t"], lang), f"{_number(row['p05_t'], lang)}–{_number(row['p95_t'], lang)}",
         "–" if row["press_t"] is None else _number(row["press_t"], lang),
         "–" if row["misfit_t"] is None else _number(row["misfit_t"], lang)]
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    return table(rows, words["press_head"], right=(1, 2, 3, 4))
