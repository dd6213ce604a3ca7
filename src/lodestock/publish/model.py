"""What a brief is made from: the contract between a scenario run and the publish room.

A run hands over one `BriefInput`. Every number that the text shows is an entry of its ledger, named by id; every
figure is one `FigureSpec` with tidy tables; dates, lists and flags come in as `facts`. `BriefInput` checks itself when
it is made, so that a missing entry, column or fact is an error that names what to add, and not a hole in a letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.figure_tables import FIGURE_TABLES as FIGURE_TABLES
from lodestock.publish.figure_tables import Column as Column
from lodestock.publish.figure_tables import FigureKind as FigureKind

Lang = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure: its kind, its tidy tables and what it rests on.

    tables:  by name, with exactly the columns of `FIGURE_TABLES[kind]`.
    year:    what the data cover, for the subtitle: '2024', '2025-04', '2025-04/2026-03' (months are written in words).
    source:  short source line for the subtitle, without digits that are not part of a name.
    mark:    the weakest evidence mark in the figure's data.
    entries: ledger ids behind the figure (their chain goes into the manifest).
    note:    an extra caveat under the figure; each figure has its standing caveat already.
    """

    id: str
    kind: FigureKind
    tables: Mapping[str, pl.DataFrame]
    year: str
    source: Text
    mark: Mark
    entries: tuple[str, ...] = ()
    note: Text | None = None

    def __post_init__(self) -> None:
        wanted = FIGURE_TABLES[self.kind]
        if set(self.tables) != set(wanted):
            raise DataError(
                f"figure '{self.id}' needs the tables {sorted(wanted)}",
                why=f"it has {sorted(self.tables)}",
                mend="see FIGURE_TABLES in publish/model.py",
            )
        for name, columns in wanted.items():
            if self.tables[name].is_empty():
                raise DataError(f"table '{name}' of figure '{self.id}' has no rows", mend="leave the figure out")
            found = self.tables[name].columns
            lacking = [c for c, spec in columns.items() if c not in found and not spec.optional]
            extra = [c for c in found if c not in columns]
            if lacking or extra:
                raise DataError(
                    f"table '{name}' of figure '{self.id}' has other columns than agreed",
                    why=f"lacking: {lacking}; not agreed: {extra}",
                    mend="see FIGURE_TABLES in publish/model.py",
                )


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the list at the end of the brief; `snapshot` and `sha256` say which file was read."""

    title: str
    producer: str
    licence: str
    address: str
    snapshot: str
    sha256: str
    accessed: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for the timeline: its text may hold the mark-up of `FACT_MARKUP`."""

    on: date
    text: Text
    mark: Mark
    source: Text | str


@dataclass(frozen=True, slots=True)
class DatedRule:
    """A rule whose end date has passed, or passes within the horizon, without a checked successor.

    suspended: True when `until` ends a suspension, False when it ends the rule, None when the text should not say.
    """

    title: Text
    until: date
    source: Text | str
    suspended: bool | None = None


FACT_MARKUP = """Text in facts may hold `{n:entry.id}` (number), `{range:entry.id}`, `{d:2025-04-04}` or `{d:2025}`
(date) and `{ref:850511}` (code, law or document number). A bare digit is refused, as in the templates."""


@dataclass(frozen=True, slots=True)
class FactDoc:
    """What a fact must be (a type or tuple of types for isinstance) and what it means."""

    types: type | tuple[type, ...]
    meaning: str
    required: bool = True


FACTS: Mapping[str, FactDoc] = {
    "start": FactDoc(date, "the day on which the licence obligation began (2025-04-04)"),
    "first_year_last": FactDoc(date, "last day of the month that ends the first year of the obligation (2026-03-31)"),
    "horizon_end": FactDoc(date, "last day that the run looks at"),
    "measure_ref": FactDoc(Text, "the measure's own name, such as 'Announcement No 18 of 2025' (shown as a reference)"),
    "controlled": FactDoc(tuple, "tuple[Text, ...]: names of the controlled elements"),
    "trade_year": FactDoc(int, "year of the trade figures"),
    "value_year": FactDoc(int, "year of the input-output table and of the value added in euros"),
    "stock_status_on": FactDoc(date, "date at which 'prepares stocks, holds none' was last checked"),
    "to_be_checked": FactDoc(
        tuple, "tuple[DatedRule, ...]: rules past their end without a checked successor; may be empty"
    ),
    "events": FactDoc(tuple, "tuple[Event, ...]: the timeline, oldest first"),
    "first_uses": FactDoc(
        tuple, "tuple[FirstUse, ...]: first uses in the EU study; material, use (None: no row), entry id", False
    ),
    "unknown": FactDoc(tuple, "tuple[Text, ...]: what this run does not know, beyond what the template says", False),
    "sector_concentration": FactDoc(Text, "one sentence about which sectors bear most", False),
    "reasons": FactDoc(
        Mapping, "entry id → Text: why a value is not known, where the ledger's note is too technical", False
    ),
    "example": FactDoc(bool, "True: all numbers are invented; the brief says so on each page", False),
}
"""The facts that the texts use; unknown keys are refused."""


@dataclass(frozen=True, slots=True)
class NumberDoc:
    """An entry that the texts use: the unit in which it must be, its meaning, and whether the text can do without."""

    unit: str
    meaning: str
    required: bool = True


NUMBERS: Mapping[str, NumberDoc] = {
    "nl.magnets.imports": NumberDoc("t/yr", "Dutch border imports of all permanent metal magnets (HS 850511)"),
    "nl.magnets.exports": NumberDoc("t/yr", "Dutch exports of the same"),
    "nl.magnets.own_use": NumberDoc("t/yr", "own use: what is left for Dutch users after transit"),
    "nl.magnets.own_use_rare_earth": NumberDoc("t/yr", "own use of rare-earth magnets (stated share of all magnets)"),
    "nl.magnets.china_share": NumberDoc("1", "share of own use that was made in China (origin traced through hubs)"),
    "nl.magnets.china_share_border": NumberDoc("1", "share of border imports that came straight from China"),
    "nl.magnets.licensed_share": NumberDoc("1", "share of rare-earth magnet use that needs a licence"),
    "eu27.magnets.china_share": NumberDoc("1", "share of EU27 imports from outside that came from China"),
    "nl.magnets.stock_months": NumberDoc("month", "commercial stock at the start, in months of use"),
    "licence.never_granted": NumberDoc("1", "share of applied tonnes never granted"),
    "licence.granted_part": NumberDoc("1", "share of the tonnes applied for that a granted licence gives"),
    "licence.mean_lead": NumberDoc("month", "mean lead time of granted applications"),
    "nl.magnets.shortage_12m": NumberDoc("t", "rare-earth magnets short in the first twelve months, after stock"),
    "nl.magnets.share_of_use_short": NumberDoc("1", "the same as a share of a year's use of rare-earth magnets"),
    "nl.magnets.weeks_short": NumberDoc("week", "the same in weeks of use"),
    "nl.magnets.first_short_month": NumberDoc(
        "month", "months from start to the first month with a shortage (0 = first)"
    ),
    "nl.magnets.probability_short": NumberDoc(
        "1", "share of the draws in which any tonne is short within twelve months"
    ),
    "nl.magnets.not_arrived_delay": NumberDoc("t", "before stock: tonnes that come, but later than wanted"),
    "nl.magnets.not_arrived_partial": NumberDoc("t", "before stock: tonnes lost because a licence gives a part"),
    "nl.magnets.not_arrived_never": NumberDoc("t", "before stock: tonnes lost because no licence is ever given"),
    "nl.stock.months_needed": NumberDoc(
        "month", "extra stock that removes the delay shortage, in months of licensed use"
    ),
    "nl.stock.tonnes_needed": NumberDoc("t", "the same in tonnes", False),
    "nl.stock.optimum": NumberDoc("t", "stock that costs least in all, at the stated chance of a disruption"),
    "nl.stock.break_even_probability": NumberDoc(
        "1/yr", "yearly chance of use above which the first tonne pays (p* = h/v)"
    ),
    "nl.stock.carry_cost": NumberDoc("EUR/t/yr", "what holding a tonne costs a year"),
    "var.total.best": NumberDoc("MEUR", "value added at risk in twelve months, best allocation"),
    "var.total.pro_rata": NumberDoc("MEUR", "value added at risk in twelve months, pro rata"),
    "var.total.worst": NumberDoc("MEUR", "value added at risk in twelve months, worst allocation"),
    "var.judgement": NumberDoc("1", "share of the inputs of the value at risk that are judgements", False),
    "run.draws": NumberDoc("count", "number of parameter draws of the run"),
    "nl.stock.bridge_months": NumberDoc("month", "stock that bridges the delay, in months of licensed use", False),
    "nl.magnets.shortage_by_chance": NumberDoc("t", "shortage by luck alone, all parameters at their medians", False),
    "licence.single_curve_misfit": NumberDoc("1", "what one curve through all grant shares misses at least", False),
    "var.C26.per_percent": NumberDoc("MEUR/yr", "one per cent of the exposed output of C26", False),
    "var.C27.per_percent": NumberDoc("MEUR/yr", "one per cent of the exposed output of C27", False),
    "var.C28.per_percent": NumberDoc("MEUR/yr", "one per cent of the exposed output of C28", False),
    "var.C29.per_percent": NumberDoc("MEUR/yr", "one per cent of the exposed output of C29", False),
    "var.C30.per_percent": NumberDoc("MEUR/yr", "one per cent of the exposed output of C30", False),
    "nl.magnets.rare_earth_share": NumberDoc("1", "share of all magnets (tonnes) that hold rare earths", False),
    "world.magnets.exports_drop": NumberDoc(
        "1", "fall of China's magnet exports, lowest month against a year before", False
    ),
}
"""The entries that the texts use, by id. A required entry must be in the ledger; its value may be None (not known)."""


@dataclass(frozen=True, slots=True)
class BriefInput:
    """All that one brief says: made by a scenario run, written by `write_brief`.

    headline:    three or four entry ids for the first screen (tonnes, weeks, shares; euros are refused as first).
    assumptions: entry ids of the parameters to list, most important first.
    """

    scenario: str
    title: Text
    made: date
    code_version: str
    seed: int
    ledger: Ledger
    figures: tuple[FigureSpec, ...]
    facts: Mapping[str, object]
    headline: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    assumptions: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_entries(self)
        _check_facts(self.facts)
        ids = [figure.id for figure in self.figures]
        if len(set(ids)) != len(ids):
            raise DataError(
                "two figures of the brief have the same id", why=", ".join(ids), mend="give each its own id"
            )


@dataclass(frozen=True, slots=True)
class FigureFiles:
    """The files of one figure: SVG per language, a CSV per table, a manifest."""

    id: str
    svg: Mapping[Lang, Path]
    csv: Mapping[str, Path]
    manifest: Path
    png: Mapping[Lang, Path]


@dataclass(frozen=True, slots=True)
class BriefFiles:
    """What `write_brief` wrote: by language the HTML page and the PDF, and the files of each figure."""

    html: Mapping[Lang, Path]
    pdf: Mapping[Lang, Path]
    figures: tuple[FigureFiles, ...]


def _check_entries(run: BriefInput) -> None:
    required = [key for key, doc in NUMBERS.items() if doc.required]
    lacking = [key for key in (*required, *run.headline, *run.assumptions) if key not in run.ledger]
    for figure in run.figures:
        lacking += [key for key in figure.entries if key not in run.ledger]
    if lacking:
        raise DataError(
            "the brief uses numbers that are not in the ledger",
            where=", ".join(dict.fromkeys(lacking)),
            mend="record them; a number that is not known has the value None and a note",
        )
    for key, doc in NUMBERS.items():
        if key in run.ledger and run.ledger[key].unit != doc.unit:
            raise DataError(
                f"entry '{key}' has the unit '{run.ledger[key].unit}'",
                why=f"the brief words it in '{doc.unit}'",
                mend="convert it before it is recorded",
            )
    if not 3 <= len(run.headline) <= 4:
        raise InputError("a brief opens with three or four numbers", why=f"{len(run.headline)} given")
    if "EUR" in run.ledger[run.headline[0]].unit:
        raise InputError(
            "a brief never opens with euros", where=run.headline[0], mend="put tonnes, weeks or a share first"
        )


def _check_facts(facts: Mapping[str, object]) -> None:
    for key, value in facts.items():
        if key not in FACTS:
            raise UnknownNameError("fact", key, FACTS)
        if not isinstance(value, FACTS[key].types):
            raise DataError(f"fact '{key}' is a {type(value).__name__}", why=FACTS[key].meaning)
    lacking = [key for key, doc in FACTS.items() if doc.required and key not in facts]
    if lacking:
        raise DataError(
            "facts of the brief are lacking", where=", ".join(lacking), mend="see FACTS in publish/model.py"
        )
