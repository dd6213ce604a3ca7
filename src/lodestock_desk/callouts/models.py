"""Call-outs: who asks which associations what, until when; and what they returned, with denominators."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.signals.models import Event


class CallOut(Record):
    """A question of a ministry or observatory to named associations."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    material = models.CharField(_("material"), max_length=60, db_index=True)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="callouts")
    text = models.TextField(_("what we ask"))
    closes_on = models.DateField(_("closing date"))

    class Meta:
        ordering = ("-closes_on", "-created_at")


class Question(Record):
    """A question that goes with a call-out, besides the four counts."""

    callout = models.ForeignKey(CallOut, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ("place",)


class Asked(Record):
    """An association that is asked, and what it returned. Counts stay empty until it answers: no return is not zero."""

    callout = models.ForeignKey(CallOut, on_delete=models.CASCADE, related_name="asked")
    association = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="callouts")
    approached = models.PositiveIntegerField(_("members approached"), null=True, blank=True)
    answered = models.PositiveIntegerField(_("members that answered"), null=True, blank=True)
    affected = models.PositiveIntegerField(_("affected"), null=True, blank=True)
    no_problem = models.PositiveIntegerField(_("no problem"), null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("callout", "association"), name="asked_once"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | (Q(answered__lte=F("approached")) & Q(answered__gte=F("affected") + F("no_problem"))),
                name="asked_counts_add_up",
            ),
        )
