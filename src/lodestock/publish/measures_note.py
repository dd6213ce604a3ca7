"""The note on measures: from a comparison to a page that a policy officer can read, with the machinery of the brief."""

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
from lodestock.scenario.measures_run import MeasuresPlan
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_words import VERDICTS

STEM = "measures_note"
HEADLINE = ("measures.plan.share_better", "measures.plan.gain", "measures.plan.cost", "measures.plan.loss_left")
FACTS = ("start", "region", "stock_status_on", "measures", "points", "pairs", "verdict", "least", "chosen")


@dataclass(frozen=True, slots=True)
class MeasuresNoteInput(BriefInput):
    """What a note on measures is made from: as a brief, with the entries and facts of its own templates."""

    def __post_init__(self) -> None:
        """Every number of the headline and the assumptions is in the ledger; every fact is there."""
        lacking = [key for key in (*self.headline, *self.assumptions) if key not in self.ledger]
        absent = [name for name in FACTS if name not in self.facts]
        if lacking or absent:
            raise DataError(
                "the note on measures lacks what it is made from", where=", ".join((*lacking, *absent)),
                mend="record the comparison with `record_measures` before the note is written",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in the note: its name, where its numbers stand, and its verdicts. lead: entry of its lead time, None
    for what works at once; room: whether more of it can be taken beside the plan."""

    name: Text
    key: str
    lead: str | None
    room: bool
    chosen: bool
    nothing: Text
    plan: Text


@dataclass(frozen=True, slots=True)
class Pair:
    """Two measures alone, side by side."""

    one: Text
    other: Text
    verdict: Text


def publish_measures_note(
    run: ScenarioRun, found: MeasuresPlan, lang: str, out: Path, *, made_on: date
) -> tuple[Path, ...]:
    """Write the note ("nl", "en" or "both") with its manifest into `out`; returns the pages and the manifest.

    The comparison must have been recorded in the run's ledger (`record_measures`).
    """
    note = compose_note(run, found, made_on)
    files = write_brief(note, lang, out, stem=STEM)
    manifest = out / f"{STEM}.manifest.json"
    write_manifest(run, note, files, manifest)
    return (*files.html.values(), *files.pdf.values(), manifest)


def compose_note(run: ScenarioRun, found: MeasuresPlan, made_on: date) -> MeasuresNoteInput:
    """The note's input from a run and its comparison."""
    scenario = run.scenario
    return MeasuresNoteInput(
        scenario=scenario.id,
        title=Text(
            f"Maatregelen voor {scenario.product.title.nl}: wat levert een euro op?",
            f"Measures for {scenario.product.title.en}: what does a euro buy?",
        ),
        made=made_on,
        code_version=run.info.code_version,
        seed=run.info.seed,
        ledger=run.ledger,
        figures=(_euros(run, found),),
        facts=_facts(run, found),
        headline=HEADLINE,
        sources=source_lines(run),
        assumptions=_assumptions(run),
    )


def _euros(run: ScenarioRun, found: MeasuresPlan) -> FigureSpec:
    """What the first and the next euro of each measure avoid."""
    rows = []
    for item in found.results:
        row: dict[str, object] = {"label_nl": item.title.nl, "label_en": item.title.en}
        for name, seen in (("first", item.first_euro), ("next", item.last_euro)):
            ends = (None, None, None) if seen is None else (seen.low, seen.median, seen.high)
            row |= dict(zip((f"{name}_low", f"{name}_euro", f"{name}_high"), ends, strict=True))
        rows.append(row)
    keys = tuple(f"measures.{item.id}.first_euro" for item in found.results)
    table = pl.DataFrame(rows, schema_overrides={f"next_{end}": pl.Float64 for end in ("low", "euro", "high")})
    return FigureSpec(
        "euro", FigureKind.EURO, {"measures": table}, str(run.scenario.baseline_year),
        Text("berekening Lodestock", "Lodestock computation"), weakest(run.ledger[key].mark for key in keys), keys,
    )  # fmt: skip


def _assumptions(run: ScenarioRun) -> tuple[str, ...]:
    first = ("param.yearly_chance", "param.stock.regime_ends", "param.stock.redesign_cap", "param.stock.recapture",
             "param.measures.budget", "param.measures.years", "param.stock.state", "param.price",
             "param.carry")  # fmt: skip
    own = [entry.id for entry in run.ledger if entry.id.startswith(("param.measures.", "param.stock."))]
    return tuple(dict.fromkeys((*first, *own)))


def _facts(run: ScenarioRun, found: MeasuresPlan) -> dict[str, object]:
    names = {item.id: item.title for item in found.results}
    lines = tuple(
        Line(
            item.title, f"measures.{item.id}", None if number == 0 else f"param.measures.{item.id}.lead",
            item.last_euro is not None, item.amount > 0.0, VERDICTS[item.against_nothing.verdict.value],
            VERDICTS[item.against_plan.verdict.value],
        )
        for number, item in enumerate(found.results)
    )  # fmt: skip
    pairs = tuple(
        Pair(names[one], names[other], VERDICTS[pair.verdict.value]) for (one, other), pair in found.between.items()
    )
    points = tuple(f"measures.budget.{number}" for number in range(len(found.points)))
    choices = {"nothing": Text("niets doen", "doing nothing"), "plan": Text("het plan", "the plan")} | names
    nl = found.ask.region == "NLD"
    return {
        "start": run.scenario.starts,
        "region": Text("Nederland", "the Netherlands") if nl else Text("de EU", "the EU"),
        "stock_status_on": run.scenario.stock_status_on,
        "measures": lines,
        "points": points,
        "pairs": pairs,
        "verdict": VERDICTS[found.claim.verdict.value],
        "least": choices[found.choices[found.worst.choice]],
        "chosen": tuple(line for line in lines if line.chosen),
    }
