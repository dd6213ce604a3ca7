"""From a scenario run to a brief: which numbers, figures, facts and sources it is made of, and its manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from lodestock.disruption.controls import Control
from lodestock.errors import InputError
from lodestock.evidence import manifest as manifests
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark, weakest
from lodestock.evidence.result import sha256_of
from lodestock.publish.brief import write_brief
from lodestock.publish.model import (
    BriefFiles,
    BriefInput,
    DatedRule,
    Event,
    FigureFiles,
    FigureKind,
    FigureSpec,
    SourceLine,
)
from lodestock.publish.words import months_later
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.schema import Words
from lodestock.scenario.value import own_table, record_judgement
from lodestock.vocabulary import material

HEADLINE = (
    "nl.magnets.shortage_12m",
    "nl.magnets.weeks_short",
    "nl.magnets.share_of_use_short",
    "nl.stock.bridge_months",
)
ASSUMPTIONS = (
    "param.nl.rare_earth_share",
    "param.never_granted_civil",
    "param.commercial_stock",
    "param.controlled_share",
    "param.nl.own_use_share",
    "param.granted_fraction",
    "param.inspection_delay",
    "param.nl.issuer_share",
    "param.never_granted_defence",
    "param.nl.defence_share",
    "param.lead_time_shape",
    "param.price",
    "param.carry",
    "param.yearly_chance",
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the brief's files, the manifest beside them, and the input they were made from."""

    files: BriefFiles
    manifest: Path
    brief: BriefInput


def publish_brief(run: ScenarioRun, lang: str, out: Path, *, made: date) -> Written:
    """Write the brief of a run ("nl", "en" or "both"), its figures and manifest.json into the folder `out`."""
    brief = compose(run, made)
    files = write_brief(brief, lang, out)
    path = out / "manifest.json"
    write_manifest(run, brief, files, path)
    return Written(files, path, brief)


def compose(run: ScenarioRun, made: date) -> BriefInput:
    """The brief's input from a run.

    The texts of the brief are written for Dutch users of magnets beside the EU; another scenario can be run, and its
    tables and ledger used, but not yet worded: it is refused with what to keep.
    """
    scenario = run.scenario
    regions = {importer.region for importer in scenario.importers}
    if scenario.issuer != "CHN":
        raise InputError(
            "the brief is worded for measures of China",
            where=f"scenario {scenario.id}, issuer",
            why=f"it is {scenario.issuer}",
            mend="set issuer: CHN for a brief",
        )
    if scenario.horizon_months != 12:
        raise InputError(
            "the brief is worded for the first year of a regime",
            where=f"scenario {scenario.id}, horizon_months",
            why=f"it is {scenario.horizon_months}",
            mend="set horizon_months: 12 for a brief",
        )
    if scenario.product.id != "magnets" or scenario.economy.region != "NLD" or not {"NLD", "EU27"} <= regions:
        raise InputError(
            "the brief is written for Dutch users of magnets, beside the EU",
            where=f"scenario {scenario.id}",
            why=f"product {scenario.product.id}, economy {scenario.economy.region}, importers {sorted(regions)}",
            mend="keep product.id: magnets, economy.region: NLD and the importers NLD and EU27",
        )
    record_judgement(run.ledger)
    return BriefInput(
        scenario=scenario.id,
        title=Text(scenario.title.nl, scenario.title.en),
        made=made,
        code_version=run.info.code_version,
        seed=run.info.seed,
        ledger=run.ledger,
        figures=_figures(run),
        facts=_facts(run),
        headline=HEADLINE,
        sources=source_lines(run),
        assumptions=ASSUMPTIONS,
    )


def _facts(run: ScenarioRun) -> dict[str, object]:
    scenario = run.scenario
    months = scenario.starts.year * 12 + scenario.starts.month - 1 + scenario.horizon_months
    return {
        "start": scenario.starts,
        "first_year_last": months_later(scenario.starts, 12) - timedelta(days=1),
        "horizon_end": date(months // 12, months % 12 + 1, 1),
        "measure_ref": _instrument(run.measures[0]),
        "controlled": tuple(
            Text(material(name).name_nl.lower(), material(name).name_en.lower()) for name in scenario.materials
        ),
        "trade_year": scenario.baseline_year,
        "value_year": run.value_year,
        "stock_status_on": scenario.stock_status_on,
        "to_be_checked": tuple(_rule(control) for control in run.to_be_checked),
        "events": tuple(
            Event(item.on, Text(item.text.nl, item.text.en), item.mark, _source(item.source))
            for item in scenario.events
        ),
        "first_uses": run.first_uses,
        "unknown": tuple(Text(item.nl, item.en) for item in scenario.unknown),
    }


def _rule(control: Control) -> DatedRule:
    until = control.lapses_on()
    if until is None:
        raise ValueError(f"control {control.id} has no end date and cannot be due")
    return DatedRule(control.title, until, _instrument(control), suspended=control.suspended_until == until)


def _instrument(control: Control) -> Text:
    """The measure's own name; Chinese announcements have an English name, which is put into Dutch here."""
    dutch = control.instrument
    for english, word in (("Announcement", "mededeling"), (" of ", " van "), ("article", "artikel")):
        dutch = dutch.replace(english, word)
    return Text(dutch, control.instrument)


def _source(source: Words | str) -> Text | str:
    return source if isinstance(source, str) else Text(source.nl, source.en)


def _figures(run: ScenarioRun) -> tuple[FigureSpec, ...]:
    scenario, tables = run.scenario, run.tables
    year = str(scenario.baseline_year)
    published = tuple(entry.id for entry in run.ledger if entry.id.startswith("licence.published."))
    flows = tuple(entry.id for entry in run.ledger if entry.rows is not None and entry.rows.table == "trade")
    sectors = tuple(entry.id for entry in run.ledger if entry.id.startswith("var."))
    span = _span(scenario.starts, scenario.horizon_months)
    baci, model = Text("CEPII BACI", "CEPII BACI"), Text("berekening Lodestock", "Lodestock computation")
    press = Text("persberichten over de Chinese douane", "press reports of China's customs")
    return (
        _spec(
            run,
            FigureKind.CONTEXT,
            {"exports": tables["exports"]},
            _months(tables["exports"]),
            press,
            ("world.magnets.exports_drop",),
        ),
        _spec(run, FigureKind.DEPENDENCY, {"shares": tables["dependency"]}, year, baci, flows),
        _spec(
            run,
            FigureKind.LICENCES,
            {name: tables[name] for name in ("curves", "observations", "ridge")},
            span,
            Text("gepubliceerde aandelen en berekening", "published shares and computation"),
            (*published, "param.never_granted_civil", "param.lead_time_shape"),
        ),
        _spec(run, FigureKind.SHORTAGE, {"path": tables["shortage"]}, span, model, ("nl.magnets.shortage_12m",)),
        _spec(
            run,
            FigureKind.VALUE_AT_RISK,
            {"sectors": tables["value_at_risk"]},
            str(run.value_year),
            _table_and_computation(run),
            sectors,
        ),
        _spec(
            run,
            FigureKind.STOCK,
            {"cover": tables["cover"]},
            span,
            model,
            ("nl.magnets.shortage_12m", "nl.stock.bridge_months"),
        ),
        _spec(
            run,
            FigureKind.SENSITIVITY,
            {"parameters": tables["sensitivity"]},
            span,
            model,
            ("nl.magnets.shortage_12m", "param.never_granted_civil", "param.lead_time_shape"),
        ),
    )


def _span(starts: date, months: int) -> str:
    last = starts.year * 12 + starts.month - 2 + months
    return f"{starts:%Y-%m}/{last // 12}-{last % 12 + 1:02d}"


def _months(table: pl.DataFrame) -> str:
    return f"{table['month'][0]:%Y-%m}/{table['month'][-1]:%Y-%m}"


def _spec(
    run: ScenarioRun, kind: FigureKind, tables: dict[str, Any], year: str, source: Text, entries: tuple[str, ...]
) -> FigureSpec:
    mark = weakest(run.ledger[key].mark for key in entries)
    return FigureSpec(kind.value, kind, tables, year, source, mark, entries)


def source_lines(run: ScenarioRun) -> tuple[SourceLine, ...]:
    """The sources whose rows stand behind the run's numbers."""
    used = {name for entry in run.ledger if entry.rows for name in entry.rows.snapshots}
    rows = [row for row in run.snapshots.sort("snapshot").iter_rows(named=True) if row["snapshot"] in used]
    return tuple(
        SourceLine(
            row["title"],
            row["producer"],
            row["licence"],
            row["address"],
            row["snapshot"],
            row["sha256"],
            _day(row["accessed"]),
        )
        for row in rows
    ) + _own_table(run)


def _own_table(run: ScenarioRun) -> tuple[SourceLine, ...]:
    """The user's own input-output table, where one is in use instead of the one that ships."""
    own = own_table(run.ledger)
    return () if own is None else (SourceLine(own.title, own.producer, own.licence, own.address, own.id, own.sha256),)


def _table_and_computation(run: ScenarioRun) -> Text:
    own = own_table(run.ledger)
    name = "WIOD" if own is None else own.title
    return Text(f"{name} en berekening", f"{name} and computation")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # known to the month only: the brief then shows no day
        return None


def write_manifest(run: ScenarioRun, brief: BriefInput, files: BriefFiles, path: Path) -> None:
    """Write what stands behind a brief: the run's ledger, its snapshots, and every file with its hash."""
    by_id = {figure.id: figure for figure in brief.figures}
    used = {name for entry in run.ledger if entry.rows for name in entry.rows.snapshots}
    keep = (
        "source",
        "title",
        "producer",
        "licence",
        "address",
        "accessed",
        "vintage",
        "sha256",
        "rows",
        "made",
        "notes",
    )
    snapshots = {
        row["snapshot"]: {name: row[name] for name in keep}
        for row in run.snapshots.iter_rows(named=True)
        if row["snapshot"] in used
    }
    figures = {item.id: _figure(by_id[item.id], item, path.parent) for item in files.figures}
    pages = [*files.html.values(), *files.pdf.values()]
    written = {str(page.relative_to(path.parent)): sha256_of(page) for page in pages}
    for figure in figures.values():
        written |= figure["files"]
    manifests.write(manifests.Manifest(run.info, run.ledger, snapshots, figures, written), path)


def _figure(spec: FigureSpec, files: FigureFiles, folder: Path) -> dict[str, Any]:
    paths: Iterable[Path] = (*files.svg.values(), *files.csv.values(), *files.png.values(), files.manifest)
    titles = {lang: spec.source[lang] for lang in ("nl", "en")}
    return {
        "title": {lang: f"{spec.kind.value}, {spec.year} ({titles[lang]})" for lang in titles},
        "kind": spec.kind.value,
        "mark": Mark(spec.mark).value,
        "inputs": list(spec.entries),
        "files": {str(item.relative_to(folder)): sha256_of(item) for item in paths},
    }
