"""What changed in the register since a day, in one table: the start of a progress letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.access import all_measures, visible_measures
from lodestock_desk.measures.models import BudgetLine, Measure, Milestone
from lodestock_desk.measures.words import LEVEL_WORDS, Both, Level, Step

NONE = Both("–", "–")


class ChangeKind(StrEnum):
    """What kind of change a row is."""

    NEW = "new"
    STATUS = "status"
    STOCK = "stock"
    MILESTONE_SET = "milestone_set"
    MILESTONE_MOVED = "milestone_moved"
    MILESTONE_REACHED = "milestone_reached"
    MILESTONE_MISSED = "milestone_missed"
    MILESTONE_DROPPED = "milestone_dropped"
    BUDGET = "budget"
    EVIDENCE = "evidence"


KIND_WORDS: dict[ChangeKind, Both] = {
    ChangeKind.NEW: Both("nieuwe maatregel", "new measure"),
    ChangeKind.STATUS: Both("status", "status"),
    ChangeKind.STOCK: Both("voorraad", "stock"),
    ChangeKind.MILESTONE_SET: Both("mijlpaal gesteld", "milestone set"),
    ChangeKind.MILESTONE_MOVED: Both("mijlpaal verschoven", "milestone moved"),
    ChangeKind.MILESTONE_REACHED: Both("mijlpaal bereikt", "milestone reached"),
    ChangeKind.MILESTONE_MISSED: Both("mijlpaal niet gehaald", "milestone missed"),
    ChangeKind.MILESTONE_DROPPED: Both("mijlpaal vervallen", "milestone dropped"),
    ChangeKind.BUDGET: Both("geld", "money"),
    ChangeKind.EVIDENCE: Both("bewijsstuk", "evidence"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one measure.

    on:       the day from which it holds; noted_on: the day it was entered. late: entered in the period, though its
              own day lies before it, so an earlier letter cannot have held it.
    what:     which milestone, year of money or piece of evidence; before, after: what it was and what it became.
    source:   reference or link that shows it; empty where there is none.
    """

    on: date
    noted_on: date
    late: bool
    kind: ChangeKind
    measure_id: UUID
    measure: Both
    subject: str
    ministry: str
    what: Both
    before: Both
    after: Both
    reason: str
    source: str

    @property
    def kind_words(self) -> Both:
        """The kind in both languages."""
        return KIND_WORDS[self.kind]


def changes_since(
    day: date, actor: Actor | None = None, *, until: date | None = None, late: bool = False
) -> list[Change]:
    """What changed from `day` up to and including `until` (today if left out), oldest first.

    actor: whose eyes; None sees all measures (for a part of the programme that checks its own reader). late: also what
    was entered in the period with a day before it; those rows say so.
    """
    last = until or timezone.localdate()
    measures = all_measures() if actor is None else visible_measures(actor)
    found = [row for measure in measures for row in _of(measure, day, last)]
    kept = [row for row in found if day <= row.on <= last or (late and row.late)]
    return sorted(kept, key=lambda row: (row.on, row.measure.nl, row.kind, row.what.nl))


def euros(amount: Decimal) -> Both:
    """An amount in whole euros, or with cents where there are any, as each language writes it."""
    text = f"{amount:,.2f}" if amount % 1 else f"{amount:,.0f}"
    dutch = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    return Both(f"€ {dutch}", f"€{text}")


def _day(on: date) -> str:
    return f"{on.day}-{on.month}-{on.year}"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes the rows of one measure."""

    measure: Measure
    day: date
    last: date

    def row(
        self, kind: ChangeKind, on: date, noted: datetime, what: Both, before: Both, after: Both, reason: str,
        source: str = "",
    ) -> Change:  # fmt: skip
        """A row, with whether it came late."""
        m, noted_on = self.measure, timezone.localdate(noted)
        late = on < self.day <= noted_on <= self.last
        which = (m.pk, m.title, m.subject, m.ministry)
        return Change(on, noted_on, late, kind, *which, what, before, after, reason, source)


def _of(measure: Measure, day: date, last: date) -> Iterator[Change]:
    rows = _Rows(measure, day, last)
    yield from _statuses(rows)
    yield from _stock(rows)
    for milestone in measure.milestones.all():
        yield from _milestone(rows, milestone)
    for line in measure.budget_lines.all():
        yield _budget(rows, line)
    for item in measure.evidence.all():
        yield rows.row(
            ChangeKind.EVIDENCE, item.on, item.created_at, Both(item.what, item.what), NONE, NONE, "",
            item.link or item.reference,
        )  # fmt: skip


def _statuses(rows: _Rows) -> Iterator[Change]:
    before = None
    for change in rows.measure.statuses.all():
        kind = ChangeKind.STATUS if before else ChangeKind.NEW
        source = "" if before else rows.measure.source_link or rows.measure.source_reference
        yield rows.row(
            kind, change.effective_on, change.created_at, NONE, before.words if before else NONE, change.words,
            change.reason, source,
        )  # fmt: skip
        before = change


_HOLDS = {True: Both("houdt voorraad", "holds stock"), False: Both("houdt geen voorraad", "holds no stock")}


def _stock(rows: _Rows) -> Iterator[Change]:
    before = NONE
    for fact in rows.measure.stock_facts.all():
        after = _HOLDS[fact.holds]
        source = (fact.evidence.link or fact.evidence.reference) if fact.evidence else ""
        yield rows.row(ChangeKind.STOCK, fact.effective_on, fact.created_at, NONE, before, after, fact.reason, source)
        before = after


_STEP_KIND = {
    Step.SET: ChangeKind.MILESTONE_SET,
    Step.MOVED: ChangeKind.MILESTONE_MOVED,
    Step.REACHED: ChangeKind.MILESTONE_REACHED,
    Step.DROPPED: ChangeKind.MILESTONE_DROPPED,
}


def _milestone(rows: _Rows, milestone: Milestone) -> Iterator[Change]:
    """The steps, and when it was missed: the day after its day passed without it being reached or moved."""
    due: date | None = None
    noted = milestone.created_at
    for step in milestone.steps.all():
        if due and step.on > due:
            yield _missed(rows, milestone, due, noted)
        before = Both(_day(due), _day(due)) if due else NONE
        after = Both(_day(step.due_on), _day(step.due_on)) if step.due_on else NONE
        source = (step.evidence.link or step.evidence.reference) if step.evidence else ""
        yield rows.row(
            _STEP_KIND[Step(step.kind)], step.on, step.created_at, milestone.title, before, after, step.reason, source
        )
        due, noted = step.due_on, step.created_at  # a closed milestone has no day any more
    if due and due < rows.last:
        yield _missed(rows, milestone, due, noted)


def _missed(rows: _Rows, milestone: Milestone, due: date, noted: datetime) -> Change:
    was = Both(_day(due), _day(due))
    return rows.row(ChangeKind.MILESTONE_MISSED, due + timedelta(days=1), noted, milestone.title, was, NONE, "")


def _budget(rows: _Rows, line: BudgetLine) -> Change:
    kept = Both("structureel", "structural") if line.structural else Both("incidenteel", "one-off")
    level = LEVEL_WORDS[Level(line.level)]
    what = Both(f"{line.year}, {level.nl}, {kept.nl}", f"{line.year}, {level.en}, {kept.en}")
    before = euros(line.replaces.amount_eur) if line.replaces else NONE
    return rows.row(
        ChangeKind.BUDGET, line.decided_on, line.created_at, what, before, euros(line.amount_eur), line.reason,
        line.source,
    )  # fmt: skip
