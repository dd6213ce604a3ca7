"""Who sees and keeps which measures, duties and risk assessments."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.models import BudgetLine, Measure, MilestoneStep, StockFact


def all_measures() -> QuerySet[Measure]:
    """Every measure with its history, for parts of the programme that check their own reader."""
    return Measure.objects.select_related("organisation").prefetch_related(
        "statuses",
        "evidence",
        Prefetch("stock_facts", StockFact.objects.select_related("evidence")),
        "milestones",
        Prefetch("milestones__steps", MilestoneStep.objects.select_related("evidence")),
        Prefetch("budget_lines", BudgetLine.objects.select_related("replaces", "replaced_by")),
    )


def visible_measures(actor: Actor) -> QuerySet[Measure]:
    """The register is for everyone who works for the state."""
    return all_measures() if actor.may("measure.see") else Measure.objects.none()


def own_measures(actor: Actor) -> QuerySet[Measure]:
    """The measures that this actor may change: those that the own organisation keeps."""
    own = Measure.objects.filter(organisation=actor.organisation)
    return own if actor.may("measure.keep") else own.none()
