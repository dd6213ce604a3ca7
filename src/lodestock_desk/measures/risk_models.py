"""A company's own risk assessment (art. 24): its steps, and whom the company lets read it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record


class RiskState(TextChoices):
    """Whether the company still works on it."""

    DRAFT = "draft", _("Draft")
    FINISHED = "finished", _("Finished")


class RiskAssessment(Record):
    """An assessment of one company; `answers` holds what was filled in, by step. Business secret of the company."""

    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=RiskState, default=RiskState.DRAFT)
    answers = models.JSONField(default=dict, blank=True)
    finished_on = models.DateField(_("finished on"), null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="draft", finished_on__isnull=True) | Q(state="finished", finished_on__isnull=False),
                name="risk_finished_has_day",
            ),
        )

    def __str__(self) -> str:
        return self.title


class RiskConsent(Record):
    """The company lets one organisation read one assessment, until it takes that back."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="consents")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("given on"))
    text = models.CharField(_("what for"), max_length=500)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")), name="risk_consent_days"
            ),
            models.UniqueConstraint(
                fields=("assessment", "to"), condition=Q(withdrawn_on__isnull=True), name="risk_consent_once"
            ),
        )
