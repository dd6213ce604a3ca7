"""Evidence of the desk for scenario parameters: proposed, reviewed by another person, and then used by name."""

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.licences.models import LicenceCase
from lodestock_desk.signals.models import Report


class Parameter(TextChoices):
    """What of a scenario the evidence is about."""

    STOCK_DAYS = "stock_days", _("Days of stock that users hold")
    LEAD_MONTHS = "lead_months", _("Months until half of the licences are granted")


class Decision(TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Evidence(Record):
    """A value that signals or licence cases give for a parameter, with a range and what it rests on."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(_("material"), max_length=60, db_index=True)
    parameter = models.CharField(_("parameter"), max_length=20, choices=Parameter)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    observations = models.PositiveIntegerField()
    pending = models.PositiveIntegerField(default=0)
    until = models.DateField()
    reports = models.ManyToManyField(Report, blank=True)
    cases = models.ManyToManyField(LicenceCase, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=Decision, default=Decision.PROPOSED)
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-created_at",)
