"""The stock note: from a plan to a page that can be signed, with the machinery of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lodestock.errors import DataError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import weakest
from lodestock.publish.brief import write_brief
from lodestock.publish.compose import source_lines, write_manifest
from lodestock.publish.model import BriefInput, FigureKind, FigureSpec
from lodestock.scenario.baseline import prefix
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_plan import StockPlan
from lodestock.scenario.stock_record import frontier_table, map_table
from lodestock.scenario.stock_words import SAME, VERDICTS, held_none, verdict_text

STEM = "stock_note"
HEADLINE = ("stock.plan.tonnes", "stock.plan.days", "stock.plan.break_even", "stock.plan.share_better")
ASSUMPTIONS = (
    "param.yearly_chance",
    "param.stock.redesign_cap",
    "param.stock.recapture",
    "param.price",
    "param.carry",
    "param.stock.state",
    "param.stock.firm",
    "param.stock.agency",
    "param.stock.turning",
    "param.stock.risk_aversion",
    "param.stock.budget",
)
_ALLOCATIONS = {
    "best": Text("beste verdeling", "best sharing"),
    "worst": Text("slechtste verdeling", "worst sharing"),
}
_PRO_RATA = Text("naar rato", "pro rata")


@dataclass(frozen=True, slots=True)
class StockNoteInput(BriefInput):
    """What a stock note is made from: as a brief, with the entries and facts of its own templates."""

    def __post_init__(self) -> None:
        """Every number of the headline, the assumptions and the figures is in the ledger; every fact is there."""
        used = [*self.headline, *self.assumptions, *(key for figure in self.figures for key in figure.entries)]
        lacking = [key for key in used if key not in self.ledger]
        absent = [name for name in FACTS if name not in self.facts]
        if lacking or absent:
            raise DataError(
                "the stock note lacks what it is made from", where=", ".join((*lacking, *absent)),
                mend="record the plan with `record_plan` before the note is written",
            )  # fmt: skip


FACTS = (
    "start", "region", "region_is_nl", "status", "holds", "options", "forms", "holders", "places", "steps",
    "stock_status_on", "average", "verdict", "aversion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of the note: its name, what it is against the plan, and where its numbers stand."""

    name: Text
    key: str
    verdict: Text
    chosen: bool


def publish_stock_note(run: ScenarioRun, plan: StockPlan, lang: str, out: Path, *, made_on: date) -> tuple[Path, ...]:
    """Write the note ("nl", "en" or "both") with figures and manifest into `out`; returns the pages and the manifest.

    The plan must have been recorded in the run's ledger (`record_plan`).
    """
    note = compose_note(run, plan, made_on)
    files = write_brief(note, lang, out, stem=STEM)
    manifest = out / "stock_note.manifest.json"
    write_manifest(run, note, files, manifest)
    return (*files.html.values(), *files.pdf.values(), manifest)


def compose_note(run: ScenarioRun, plan: StockPlan, made_on: date) -> StockNoteInput:
    """The note's input from a run and its plan."""
    scenario = run.scenario
    held = float(plan.tonnes.sum()) > 0.0
    headline = HEADLINE if held else ("stock.plan.tonnes", "stock.plan.days", "stock.plan.share_better")
    return StockNoteInput(
        scenario=scenario.id,
        title=Text(
            f"Voorraad voor {scenario.product.title.nl}: loont het?",
            f"A stock of {scenario.product.title.en}: is it worth it?",
        ),
        made=made_on,
        code_version=run.info.code_version,
        seed=run.info.seed,
        ledger=run.ledger,
        figures=_figures(run, plan),
        facts=_facts(run, plan, held=held),
        headline=headline,
        sources=source_lines(run),
        assumptions=(*ASSUMPTIONS, *_stated(run, plan)),
    )


def _stated(run: ScenarioRun, plan: StockPlan) -> tuple[str, ...]:
    """The stated shares behind the plan: fit by form, access by holder and place, idle conversion."""
    wanted = ("param.stock.fit.", "param.stock.available.", f"param.stock.idle.{prefix(plan.ask.region)}.")
    chosen = {option.place.place for option, tonnes in zip(plan.case.options, plan.tonnes, strict=True) if tonnes > 0}
    places = {"rotterdam", *chosen}
    return tuple(
        entry.id
        for entry in run.ledger
        if entry.id.startswith(wanted)
        or (entry.id.startswith("param.stock.cut_off.") and entry.id.rsplit(".", 1)[1] in places)
    )


def _facts(run: ScenarioRun, plan: StockPlan, *, held: bool) -> dict[str, object]:
    case = plan.case
    names = {
        "form": {option.form.form: option.form.name for option in case.options},
        "holder": {option.holder.financing: option.holder.name for option in case.options},
        "place": {option.place.place: option.place.name for option in case.options},
    }
    used = {
        "form": {o.form.form for o, t in zip(case.options, plan.tonnes, strict=True) if t > 0.0},
        "holder": {o.holder.financing for o, t in zip(case.options, plan.tonnes, strict=True) if t > 0.0},
        "place": {o.place.place for o, t in zip(case.options, plan.tonnes, strict=True) if t > 0.0},
    }
    lines = {
        kind: tuple(
            Line(
                names[kind][way.key], f"stock.{way.kind}.{way.key}",
                SAME if way.same else verdict_text(way.against, plan.plan.cost + plan.plan.expected_loss),
                used[kind] == {way.key},
            )
            for way in plan.ways
            if way.kind == kind
        )
        for kind in names
    }  # fmt: skip
    options = tuple(
        (o.form.name, o.holder.name, o.place.name, f"stock.option.{o.id}")
        for o, t in zip(case.options, plan.tonnes, strict=True)
        if t > 0.0
    )  # fmt: skip
    region = plan.ask.region
    return {
        "start": run.scenario.starts,
        "region": Text("Nederland", "the Netherlands") if region == "NLD" else Text("de EU", "the EU"),
        "region_is_nl": region == "NLD",
        "status": held_none(region),
        "holds": held,
        "options": options,
        "forms": lines["form"],
        "holders": lines["holder"],
        "places": lines["place"],
        "steps": tuple((item.name, f"param.stock.idle.{prefix(region)}.{key}") for key, item in case.idle.items()),
        "stock_status_on": run.scenario.stock_status_on,
        "average": plan.ask.aversion == 0.0,
        "verdict": VERDICTS[plan.claim.verdict.value],
        "aversion": plan.ask.aversion > 0.0,
    }


def _figures(run: ScenarioRun, plan: StockPlan) -> tuple[FigureSpec, ...]:
    source = Text("berekening Lodestock", "Lodestock computation")
    year = str(run.scenario.baseline_year)
    entries = ("stock.plan.loss_left", "stock.plan.cost")
    mark = weakest(run.ledger[key].mark for key in entries)
    out = [
        FigureSpec("frontier", FigureKind.FRONTIER, {"points": frontier_table(plan)}, year, source, mark, entries),
    ]
    truth = map_table(plan)
    if truth is not None:
        here = _here(run, plan)
        out.append(
            FigureSpec(
                "must-be-true", FigureKind.MUST_BE_TRUE, {"map": truth, "here": here}, year, source, mark,
                ("stock.plan.break_even", "stock.value_per_tonne"),
            )
        )  # fmt: skip
    return tuple(out)


def _here(run: ScenarioRun, plan: StockPlan) -> pl.DataFrame:
    """Where the scenario stands on the map: its stated chance, at the value of a tonne under each sharing."""
    chance = run.scenario.stock.yearly_chance.value
    rows = [{"name_nl": _PRO_RATA.nl, "name_en": _PRO_RATA.en, "value_keur_t": plan.value.median, "chance": chance}]
    for name, text in _ALLOCATIONS.items():
        rows.append({"name_nl": text.nl, "name_en": text.en, "value_keur_t": plan.by_sharing[name], "chance": chance})
    return pl.DataFrame(rows)
