"""The register of measures: each fact dated, with its reason; nothing is overwritten."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.measures.compared_models import Comparison
from lodestock_desk.measures.duty_models import CompanyFact, DutyNote, StockLot
from lodestock_desk.measures.risk_models import RiskAssessment, RiskConsent
from lodestock_desk.measures.words import (
    STATUS_MEANING,
    STATUS_WORDS,
    Both,
    Level,
    MilestoneState,
    SourceKind,
    Status,
    Step,
    Subject,
)

__all__ = (
    "BudgetLine", "CompanyFact", "Comparison", "DutyNote", "EvidenceItem", "Measure", "Milestone", "MilestoneStep",
    "RiskAssessment", "RiskConsent", "StatusChange", "StockFact", "StockLot",
)  # fmt: skip


class Measure(Record):
    """A measure of the strategy, of the cabinet, or asked by a motion. Its status is the last row of its history."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title_nl = models.CharField(_("title (Dutch)"), max_length=250)
    title_en = models.CharField(_("title (English)"), max_length=250)
    summary_nl = models.TextField(_("what it is (Dutch)"), blank=True)
    summary_en = models.TextField(_("what it is (English)"), blank=True)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, db_index=True)
    source_kind = models.CharField(_("source"), max_length=12, choices=SourceKind)
    source_reference = models.CharField(_("reference"), max_length=300)
    source_on = models.DateField(_("date of the source"), null=True, blank=True)
    source_link = models.URLField(_("link"), max_length=500, blank=True)
    ministry = models.CharField(_("ministry"), max_length=20, db_index=True)
    with_ministries = models.JSONField(_("together with"), default=list, blank=True)
    owner_office = models.CharField(_("office that owns it"), max_length=200, blank=True)

    class Meta:
        ordering = ("subject", "title_nl")
        constraints = (models.CheckConstraint(condition=~Q(source_reference=""), name="measure_has_source"),)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Both:
        """The title in both languages; it prints in the language of the page."""
        return Both(self.title_nl, self.title_en)

    def status_row(self, day: date | None = None) -> StatusChange | None:
        """The last change of status up to a day (today if left out); None before the first."""
        day = day or timezone.localdate()
        rows = [row for row in self.statuses.all() if row.effective_on <= day]
        return rows[-1] if rows else None

    @property
    def status(self) -> str:
        """The status of today; empty while there is none."""
        row = self.status_row()
        return row.status if row else ""

    @property
    def status_words(self) -> Both:
        """The status of today in both languages."""
        return STATUS_WORDS.get(self.status, Both("niet bekend", "not known"))

    @property
    def status_meaning(self) -> Both:
        """What the status of today means."""
        return STATUS_MEANING.get(self.status, Both("", ""))

    def stock_row(self, day: date | None = None) -> StockFact | None:
        """What is on record about holding a stock, up to a day; None while nothing is."""
        day = day or timezone.localdate()
        rows = [row for row in self.stock_facts.all() if row.effective_on <= day]
        return rows[-1] if rows else None

    @property
    def holds_stock(self) -> bool:
        """Whether, with evidence, a stock is held today. Nothing on record is not 'yes'."""
        row = self.stock_row()
        return row is not None and row.holds

    @property
    def budget(self) -> list[BudgetLine]:
        """The budget rows in force: those that no later row replaces."""
        return [line for line in self.budget_lines.all() if not hasattr(line, "replaced_by")]


class StatusChange(Record):
    """A change of status from a day on, with the reason."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(_("status"), max_length=12, choices=Status)
    effective_on = models.DateField(_("from"), db_index=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("effective_on", "created_at")

    @property
    def words(self) -> Both:
        """The status in both languages."""
        return STATUS_WORDS[self.status]


class EvidenceItem(Record):
    """Something that shows how a measure stands: what it is, its date, and where it is found."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence")
    on = models.DateField(_("date"), db_index=True)
    what = models.CharField(_("what it shows"), max_length=400)
    reference = models.CharField(_("reference"), max_length=300, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "created_at")
        constraints = (models.CheckConstraint(condition=~Q(reference="") | ~Q(link=""), name="evidence_is_found"),)

    def __str__(self) -> str:
        return f"{self.what} ({self.on:%d-%m-%Y})"


class StockFact(Record):
    """Whether a stock is held from a day on. 'Yes' has evidence; a plan never counts."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="stock_facts")
    holds = models.BooleanField(_("a stock is held"))
    effective_on = models.DateField(_("from"), db_index=True)
    evidence = models.ForeignKey(EvidenceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("effective_on", "created_at")
        constraints = (
            models.CheckConstraint(condition=Q(holds=False) | Q(evidence__isnull=False), name="stock_has_evidence"),
        )


class Milestone(Record):
    """Something to be reached by a day; its days and state follow from its steps."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="milestones")
    title_nl = models.CharField(_("milestone (Dutch)"), max_length=250)
    title_en = models.CharField(_("milestone (English)"), max_length=250)

    class Meta:
        ordering = ("created_at",)

    @property
    def title(self) -> Both:
        """The title in both languages."""
        return Both(self.title_nl, self.title_en)

    def due_on(self, day: date | None = None) -> date | None:
        """The day by which it is to be reached, as set on or before a day."""
        day = day or timezone.localdate()
        days = [step.due_on for step in self.steps.all() if step.due_on and step.on <= day]
        return days[-1] if days else None

    def state_on(self, day: date | None = None) -> str:
        """How it stands on a day: reached, dropped, missed once its day has passed, else open."""
        day = day or timezone.localdate()
        for step in self.steps.all():
            if step.on <= day and step.kind in (Step.REACHED, Step.DROPPED):
                return MilestoneState(step.kind)
        due = self.due_on(day)
        return MilestoneState.MISSED if due and due < day else MilestoneState.OPEN

    @property
    def due(self) -> date | None:
        """The day by which it is to be reached, as of today."""
        return self.due_on()

    @property
    def state(self) -> str:
        """How it stands today."""
        return self.state_on()

    @property
    def state_label(self) -> str:
        """How it stands today, in words."""
        return str(MilestoneState(self.state).label)


class MilestoneStep(Record):
    """What happened to a milestone on a day, with the reason."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("step"), max_length=8, choices=Step)
    on = models.DateField(_("date"), db_index=True)
    due_on = models.DateField(_("to be reached by"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    evidence = models.ForeignKey(EvidenceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("set", "moved"), due_on__isnull=False)
                | Q(kind__in=("reached", "dropped"), due_on__isnull=True),
                name="milestone_step_day",
            ),
        )


class BudgetLine(Record):
    """Money for a measure in a year. Changed by a new row that replaces it; never without its source."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="budget_lines")
    year = models.PositiveSmallIntegerField(_("year"))
    amount_eur = models.DecimalField(_("amount (€)"), max_digits=14, decimal_places=2)
    level = models.CharField(_("national or EU"), max_length=10, choices=Level)
    structural = models.BooleanField(_("structural"))
    source = models.CharField(_("source"), max_length=300)
    decided_on = models.DateField(_("decided on"), db_index=True)
    reason = models.TextField(_("reason"))
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", verbose_name=_("replaces")
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("year", "decided_on", "created_at")
        constraints = (
            models.CheckConstraint(condition=~Q(source=""), name="budget_has_source"),
            models.CheckConstraint(condition=Q(amount_eur__gte=0), name="budget_not_negative"),
            models.CheckConstraint(condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="budget_not_itself"),
        )

    @property
    def level_label(self) -> str:
        """National or EU, in words."""
        return str(Level(self.level).label)
