"""Writes on the register of measures: facts are added with their day and reason, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.measures.access import own_measures
from lodestock_desk.measures.models import (
    BudgetLine,
    EvidenceItem,
    Measure,
    Milestone,
    MilestoneStep,
    StatusChange,
    StockFact,
)
from lodestock_desk.measures.words import Level, Status, Step, ministries

FIELDS = frozenset(
    {"title_nl", "title_en", "summary_nl", "summary_en", "subject", "source_kind", "source_reference", "source_on"}
    | {"source_link", "ministry", "with_ministries", "owner_office"}
)


def _past(on: date, field: str) -> None:
    if on > timezone.localdate():
        raise ValidationError({field: _("This date is in the future. Give today or an earlier day.")})


def _after(on: date, before: date | None, field: str) -> None:
    if before and on < before:
        raise ValidationError(
            {field: _("This is before the fact it follows, of %(day)s.") % {"day": before.strftime("%d-%m-%Y")}}
        )


def _given(text: str, field: str) -> str:
    if not text.strip():
        raise ValidationError({field: _("Nothing is kept without it.")})
    return text.strip()


def keep_measure(actor: Actor, values: Mapping[str, Any], *, measure_id: str) -> Measure:
    """Change the description of a measure; status, money, milestones and stock have actions of their own."""
    _check(values)
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).select_for_update().get(pk=measure_id)
        for name, value in values.items():
            setattr(measure, name, value)
        measure.full_clean(exclude=["organisation"])
        measure.save()
        audit.changed(measure, "measure.changed")
    return measure


def add_measure(actor: Actor, values: Mapping[str, Any], *, status: str, effective_on: date, reason: str) -> Measure:
    """Enter a measure with its first status."""
    _check(values)
    _past(effective_on, "effective_on")
    with writing(actor, "measure.keep") as audit:
        measure = Measure(organisation=actor.organisation, **values)
        measure.full_clean(exclude=["organisation"])
        measure.save()
        audit.changed(measure, "measure.added")
        first = StatusChange.objects.create(
            measure=measure, status=Status(status), effective_on=effective_on, reason=_given(reason, "reason"),
            by=actor.user,
        )  # fmt: skip
        audit.changed(first, "measure.status", reason=reason)
    return measure


def _check(values: Mapping[str, Any]) -> None:
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    known = {m.abbreviation for m in ministries()}
    for field in ("ministry", "with_ministries"):
        named = {values[field]} if field == "ministry" and field in values else set(values.get(field, ()))
        if unknown := named - known:
            raise ValidationError({field: _("Not a ministry of the register: %s.") % ", ".join(sorted(unknown))})


def set_status(actor: Actor, measure_id: str, *, status: str, effective_on: date, reason: str) -> StatusChange:
    """Note that the status is another one from a day on; not before the last change, and not the same one again."""
    _past(effective_on, "effective_on")
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).select_for_update().get(pk=measure_id)
        last = measure.statuses.last()
        if last:
            _after(effective_on, last.effective_on, "effective_on")
            if last.status == status:
                raise ValidationError({"status": _("This is the status already.")})
        change = StatusChange.objects.create(
            measure=measure, status=Status(status), effective_on=effective_on, reason=_given(reason, "reason"),
            by=actor.user,
        )  # fmt: skip
        audit.changed(change, "measure.status", reason=reason)
    return change


def add_evidence(
    actor: Actor, measure_id: str, *, on: date, what: str, reference: str = "", link: str = ""
) -> EvidenceItem:
    """Note a piece of evidence; without a reference or link nobody could find it."""
    _past(on, "on")
    if not (reference.strip() or link.strip()):
        raise ValidationError({"reference": _("Give a reference or a link, so that it can be found.")})
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).get(pk=measure_id)
        item = EvidenceItem(
            measure=measure, on=on, what=_given(what, "what"), reference=reference.strip(), link=link.strip(),
            by=actor.user,
        )  # fmt: skip
        item.full_clean(exclude=["measure", "by"])
        item.save()
        audit.changed(item, "measure.evidence")
    return item


def set_stock(
    actor: Actor, measure_id: str, *, holds: bool, effective_on: date, reason: str, evidence_id: str = ""
) -> StockFact:
    """Note whether a stock is held from a day on; 'yes' is refused without a piece of evidence."""
    _past(effective_on, "effective_on")
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).select_for_update().get(pk=measure_id)
        last = measure.stock_facts.last()
        _after(effective_on, last.effective_on if last else None, "effective_on")
        if last and last.holds == holds:
            raise ValidationError({"holds": _("This is on record already.")})
        evidence = measure.evidence.filter(pk=evidence_id).first() if evidence_id else None
        if holds and evidence is None:
            raise ValidationError({"evidence": _("That a stock is held is only kept with evidence; a plan is none.")})
        fact = StockFact.objects.create(
            measure=measure, holds=holds, effective_on=effective_on, evidence=evidence,
            reason=_given(reason, "reason"), by=actor.user,
        )  # fmt: skip
        audit.changed(fact, "measure.stock", reason=reason)
    return fact


def add_milestone(
    actor: Actor, measure_id: str, *, title_nl: str, title_en: str, on: date, due_on: date, reason: str
) -> Milestone:
    """Set a milestone: on which day it was set, and by which day it is to be reached."""
    _past(on, "on")
    _after(due_on, on, "due_on")
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).get(pk=measure_id)
        milestone = Milestone.objects.create(
            measure=measure, title_nl=_given(title_nl, "title_nl"), title_en=_given(title_en, "title_en")
        )
        step = MilestoneStep.objects.create(
            milestone=milestone, kind=Step.SET, on=on, due_on=due_on, reason=_given(reason, "reason"), by=actor.user
        )
        audit.changed(milestone, "measure.milestone")
        audit.changed(step, "measure.milestone_step", reason=reason)
    return milestone


def move_milestone(
    actor: Actor, milestone_id: str, *, kind: str, on: date, reason: str, due_on: date | None = None,
    evidence_id: str = "",
) -> MilestoneStep:  # fmt: skip
    """Note that a milestone was moved, reached or dropped on a day."""
    _past(on, "on")
    if kind not in (Step.MOVED, Step.REACHED, Step.DROPPED):
        raise ValidationError({"kind": _("Choose moved, reached or dropped.")})
    if (kind == Step.MOVED) != (due_on is not None):
        raise ValidationError({"due_on": _("A move has a new day; the other steps have none.")})
    with writing(actor, "measure.keep") as audit:
        milestone = Milestone.objects.select_for_update().get(
            pk=milestone_id, measure__in=own_measures(actor).values("pk")
        )
        last = milestone.steps.last()
        _after(on, last.on, "on")
        if last.kind in (Step.REACHED, Step.DROPPED):
            raise ValidationError(_("This milestone is closed."))
        if due_on is not None:
            _after(due_on, on, "due_on")
            if due_on == last.due_on:
                raise ValidationError({"due_on": _("This is its day already.")})
        evidence = milestone.measure.evidence.filter(pk=evidence_id).first() if evidence_id else None
        step = MilestoneStep.objects.create(
            milestone=milestone, kind=kind, on=on, due_on=due_on, reason=_given(reason, "reason"), evidence=evidence,
            by=actor.user,
        )  # fmt: skip
        audit.changed(step, "measure.milestone_step", reason=reason)
    return step


def set_budget(
    actor: Actor, measure_id: str, *, year: int, amount_eur: Decimal, level: str, structural: bool, source: str,
    decided_on: date, reason: str, replaces_id: str = "",
) -> BudgetLine:  # fmt: skip
    """Note money for a year, or replace an earlier row; refused without a source."""
    if not source.strip():
        raise ValidationError({"source": _("Money without a source is not kept. Say which budget law or decision.")})
    if amount_eur < 0:
        raise ValidationError({"amount_eur": _("An amount is 0 or more.")})
    _past(decided_on, "decided_on")
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).select_for_update().get(pk=measure_id)
        replaced = None
        if replaces_id:
            replaced = measure.budget_lines.filter(pk=replaces_id, replaced_by__isnull=True).first()
            if replaced is None:
                raise ValidationError({"replaces": _("This row is not of this measure, or was replaced already.")})
            if replaced.year != year:
                raise ValidationError({"year": _("A row is replaced by one for the same year.")})
            _after(decided_on, replaced.decided_on, "decided_on")
        line = BudgetLine.objects.create(
            measure=measure, year=year, amount_eur=amount_eur, level=Level(level), structural=structural,
            source=source.strip(), decided_on=decided_on, reason=_given(reason, "reason"), replaces=replaced,
            by=actor.user,
        )  # fmt: skip
        audit.changed(line, "measure.budget", reason=reason)
    return line
