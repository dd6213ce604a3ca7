"""Who sees and keeps which measures, duties and risk assessments."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.models import (
    BudgetLine,
    CompanyFact,
    Comparison,
    DutyNote,
    Measure,
    MilestoneStep,
    RiskAssessment,
    RiskConsent,
    StockFact,
    StockLot,
)
from lodestock_desk.measures.risk_models import RiskState


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


def visible_notes(actor: Actor) -> QuerySet[DutyNote]:
    """Notes on duties are for everyone who works for the state: the duties are the Member State's."""
    notes = DutyNote.objects.select_related("owner__user", "organisation")
    return notes if actor.may("duty.see") else notes.none()


def visible_lots(actor: Actor) -> QuerySet[StockLot]:
    """Stocks that are held, of every measure."""
    lots = StockLot.objects.select_related("measure", "evidence")
    return lots if actor.may("duty.see") else lots.none()


def visible_facts(actor: Actor) -> QuerySet[CompanyFact]:
    """What the own team knows of companies: like outreach, each team keeps its own."""
    facts = CompanyFact.objects.filter(organisation=actor.organisation).select_related("company")
    return facts if actor.may("duty.keep") else facts.none()


def own_assessments(actor: Actor) -> QuerySet[RiskAssessment]:
    """The assessments of the actor's own company."""
    own = RiskAssessment.objects.filter(company=actor.organisation).select_related("company")
    return own if actor.may("risk.keep") else own.none()


def shared_assessments(actor: Actor) -> QuerySet[RiskAssessment]:
    """Finished assessments that a company lets the actor's organisation read; a consent taken back ends it at once."""
    if not actor.may("duty.keep"):
        return RiskAssessment.objects.none()
    open_consents = RiskConsent.objects.filter(to=actor.organisation, withdrawn_on__isnull=True)
    return RiskAssessment.objects.filter(
        pk__in=open_consents.values("assessment"), state=RiskState.FINISHED
    ).select_related("company")


def visible_comparisons(actor: Actor) -> QuerySet[Comparison]:
    """Comparisons of measures rest on public data; everyone who works for the state reads them."""
    return Comparison.objects.all() if actor.may("measure.see") else Comparison.objects.none()
