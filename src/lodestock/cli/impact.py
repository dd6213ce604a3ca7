"""`lodestock impact`: what a shortage costs the economy, sector by sector, through three models side by side."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, make_folder, table

if TYPE_CHECKING:
    from lodestock.economy.library import Held
    from lodestock.economy.propagation import Model, Settings
    from lodestock.evidence.store import Store
    from lodestock.scenario.impact import ImpactRun


def impact(
    *scenarios: str,
    country: Annotated[str, Parameter(name="--for", help="country whose loss is asked, as ISO code")] = "NLD",
    model: Annotated[str, Parameter(help="lp, lp-fixed, pbl, ario or all")] = "all",
    extract: Annotated[
        str | None, Parameter(help="an industry that vanishes (c14, CHN.c14), or all of them in turn (all)")
    ] = None,
    variant: Annotated[
        str, Parameter(help="how inputs bind in pbl: leontief, strong, half, weak or linear, hardest first")
    ] = "half",
    steps: Annotated[str, Parameter(help="weekly (4 a month) or daily (30), in pbl and ario")] = "weekly",
    paths: Annotated[int, Parameter(help="representative paths that go into every model, 1 to 50")] = 12,
    table_id: Annotated[str | None, Parameter(name="--table", help="input-output table; the one in use")] = None,
    out: Annotated[Path | None, Parameter(help="folder for tables (CSV), figures (SVG) and the manifest")] = None,
    as_of: Annotated[date | None, Parameter(help="day (yyyy-mm-dd) on which dated rules are read; today")] = None,
    lang: Annotated[str, Parameter(help="nl or en")] = "nl",
    json: Json = False,
) -> None:
    """Follow a scenario's shortage through the economy, or ask what happens if an industry vanished.

    Three models take the same paths: a lower bound in which all is re-planned at best, partially binding inputs (PBL),
    and orders with stocks (ARIO). They differ in what firms may do; the spread between them is part of the answer and
    is never averaged. Jobs and priority uses stand beside the euros; every amount says of which year its value added
    is. `lodestock io` shows and replaces the table behind it.

    Several scenarios at once are not added up: together they lose at least the largest and at most the sum, and both
    are shown.

    Parameters
    ----------
    scenarios
        id of a scenario that ships, such as china-heavy-rare-earths-2025, or a scenario file of your own (.yml); or
        several of them
    """
    started = time.perf_counter()
    from lodestock.economy.library import held
    from lodestock.evidence.store import Store, default_home

    _require_question(scenarios, extract, lang)
    make_folder(out)
    store = Store.open()
    found, country = held(default_home(), store, table_id), country.strip().upper()
    if extract is not None:
        _extract(found, store, extract, country, out, lang, json)
        return
    models, settings = _models(model), _settings(variant, steps)
    payload, lines = _run(scenarios, store, found, country, models, settings, paths, out, as_of, lang)
    payload["seconds"] = round(time.perf_counter() - started, 3)
    answer(payload, "\n".join(lines), as_json=json)


def _require_question(scenarios: tuple[str, ...], extract: str | None, lang: str) -> None:
    from lodestock.errors import InputError

    if lang not in ("nl", "en"):
        raise InputError(f"unknown language '{lang}'", where="--lang", mend="use nl or en")
    if bool(scenarios) == (extract is not None):
        raise InputError(
            "give a scenario, or an industry to extract", where="lodestock impact",
            mend="lodestock impact china-heavy-rare-earths-2025 --for NLD, or lodestock impact --extract c14 --for NLD",
        )  # fmt: skip


def _models(name: str) -> tuple[Model, ...]:
    from lodestock.economy.propagation import Model
    from lodestock.errors import UnknownNameError

    if name == "all":
        return tuple(Model)
    if name not in list(Model):
        raise UnknownNameError("model", name, [*Model, "all"], where="--model")
    return (Model(name),)


def _settings(variant: str, steps: str) -> Settings:
    from lodestock.economy.pbl import Variant
    from lodestock.economy.propagation import Settings
    from lodestock.errors import UnknownNameError

    if variant not in list(Variant):
        raise UnknownNameError("variant of pbl", variant, list(Variant), where="--variant")
    if steps not in _STEPS:
        raise UnknownNameError("step", steps, list(_STEPS), where="--steps")
    return Settings(variant=Variant(variant), steps_per_month=_STEPS[steps])


_STEPS = {"weekly": 4, "daily": 30}


def _run(
    scenarios: tuple[str, ...], store: Store, found: Held, country: str, models: tuple[Model, ...], settings: Settings,
    paths: int, out: Path | None, as_of: date | None, lang: str,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    from lodestock.cli.impact_text import describe, payload_of
    from lodestock.scenario.impact import load_licence, run_impact
    from lodestock.scenario.impact_judgement import movers
    from lodestock.scenario.impact_record import record
    from lodestock.scenario.impact_service import services
    from lodestock.scenario.impact_tables import build

    if len(scenarios) > 1:
        from lodestock.cli.impact_together import run_together

        return run_together(scenarios, store, found, country, models, settings, paths, out, as_of, lang)
    run = run_impact(
        load_licence(scenarios[0]), store, found, region=country, models=models, most_paths=paths,
        as_of=as_of or date.today(), settings=settings,
    )  # fmt: skip
    served, moved = services(run), movers(run)
    start = record(run, store, served)
    tables = build(run, served, moved)
    payload = payload_of(run, start, tables, moved)
    lines = describe(run, start, tables, moved, served, lang)
    if out is not None:
        from lodestock.cli.impact_figures import write_figures

        figures = write_figures(run, tables, out)
        written = _write_run(run, start, tables, out, figures)
        payload["files"] = written
        lines += ["", *_file_lines(written, f"{start}.direct", lang)]
    return payload, lines


def _write_run(
    run: ImpactRun, start: str, tables: dict[str, Any], out: Path, figures: dict[str, str]
) -> dict[str, Any]:
    from lodestock.evidence.ledger import Text
    from lodestock.scenario.impact_files import write_tables

    titles = {
        "impact_by_sector": Text("verlies naar bedrijfstak", "loss by industry"),
        "impact_by_month": Text("verlies naar maand, middelste pad", "loss by month, middle path"),
        "impact_by_region": Text("verlies naar regio, middelste pad", "loss by region, middle path"),
        "impact_by_allocation": Text("verlies naar verdeling van het tekort", "loss by how the shortage is shared"),
        "value_per_tonne": Text("toegevoegde waarde per ontbrekende ton", "value added per lacking tonne"),
        "service_levels": Text("wat gebruik met voorrang nog krijgt", "what priority uses still get"),
        "impact_movers": Text("wat de uitkomst het meest beweegt", "what moves the result most"),
        "impact_paths": Text("representatieve paden", "representative paths"),
    }
    ledger = run.run.ledger
    keys = {name: [key for key in ledger.entries if key.startswith(f"{start}.lost.")] for name in titles}
    keys["value_per_tonne"] = [key for key in ledger.entries if key.startswith(f"{start}.value_per_tonne.")]
    keys["service_levels"] = [key for key in ledger.entries if key.startswith(f"{start}.service.")]
    keys["impact_movers"] = keys["impact_paths"] = [f"{start}.direct"]
    drawn = {name: [Path(path).name for key, path in figures.items() if key.startswith(f"{name}.")] for name in titles}
    written = write_tables(out, run.run.info, ledger, run.run.snapshots, tables, titles, keys, drawn=drawn)
    return written | {"figures": figures}


def _extract(found: Held, store: Store, what: str, country: str, out: Path | None, lang: str, as_json: bool) -> None:
    from dataclasses import replace

    from lodestock import __version__
    from lodestock.cli.impact_text import describe_extraction, extraction_payload, ranking_text
    from lodestock.evidence.ledger import Ledger, Text
    from lodestock.evidence.result import RunInfo
    from lodestock.scenario.impact_extract import extract, extract_all, record_extraction, record_ranking
    from lodestock.scenario.impact_files import write_tables

    info = RunInfo(f"extract {what}", "", __version__, store.status().fingerprint, "", 0, 0)
    ledger = Ledger()
    if what == "all":
        ranking = extract_all(found, country)
        payload: dict[str, Any] = {"for": country, "vintage": _vintage(found), "industries": ranking.to_dicts()}
        lines = [ranking_text(found, ranking, country, lang)]
        if out is not None:
            recorded = {"extractions": record_ranking(ledger, found, ranking, country, store)}
            titles = {"extractions": Text("verlies zonder elke bedrijfstak", "loss without each industry")}
            written = write_tables(out, info, ledger, store.snapshots(), {"extractions": ranking}, titles, recorded)
            payload["files"] = written
            lines += ["", *_file_lines(written, recorded["extractions"][2], lang)]
        answer(payload, "\n".join(lines), as_json=as_json)
        return
    done = extract(found, what, country)
    start = record_extraction(ledger, done, store)
    payload = extraction_payload(done, ledger, start)
    lines = describe_extraction(done, lang)
    if out is not None:
        info = replace(info, scenario=f"extract {done.industry}")
        tables = {"extraction_by_industry": done.by_industry, "extraction_by_region": done.by_region}
        titles = {
            "extraction_by_industry": Text("verlies naar bedrijfstak", "loss by industry"),
            "extraction_by_region": Text("verlies naar regio", "loss by region"),
        }
        keys = {name: [f"{start}.total"] for name in titles}
        written = write_tables(out, info, ledger, store.snapshots(), tables, titles, keys)
        payload["files"] = written
        lines += ["", *_file_lines(written, f"{start}.here", lang)]
    answer(payload, "\n".join(lines), as_json=as_json)


def _vintage(found: Held) -> dict[str, str]:
    return {"nl": found.table.vintage.nl, "en": found.table.vintage.en}


def _file_lines(written: dict[str, Any], key: str, lang: str) -> list[str]:
    words = {"nl": "wat achter een getal staat", "en": "what stands behind a number"}[lang]
    rows = [[name, path] for kind in ("tables", "figures") for name, path in written.get(kind, {}).items()]
    return [
        table(rows, ["", {"nl": "bestand", "en": "file"}[lang]]),
        f"{words}: lodestock trace {written['manifest']} {key}",
    ]
