"""Tasks for rules that lapse: someone must find out what applies after the last day that the register knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Membership, Organisation
from lodestock_desk.core.models import Record


class LapseTask(Record):
    """A measure whose end is near, with an owner; made 90, 30 and 7 days ahead."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    control = models.CharField(_("measure"), max_length=60)
    lapses_on = models.DateField(_("known until"))
    days_ahead = models.PositiveIntegerField()
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(_("done"), null=True, blank=True)
    finding = models.TextField(_("what applies now"), blank=True)

    class Meta:
        ordering = ("lapses_on", "days_ahead")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "control", "lapses_on", "days_ahead"), name="lapse_once"),
        )
