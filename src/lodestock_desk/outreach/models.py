"""Outreach: clues by which a company plausibly uses a material, people's yes or no, campaigns and calls."""

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record


class ClueKind(TextChoices):
    """What a clue looks at."""

    SBI = "sbi", _("SBI code")
    PRODUCT = "product", _("Product word")
    ASSOCIATION = "association", _("Member of an association")


class CallResult(TextChoices):
    """What a call found. Not reached is not 'does not use'."""

    USES = "uses", _("Uses the material")
    USES_NOT = "uses_not", _("Does not use the material")
    UNSURE = "unsure", _("Does not know")
    NOT_REACHED = "not_reached", _("Not reached")
    REFUSED = "refused", _("Does not want to say")


class Clue(Record):
    """A clue with its weight, its reason and its source: data, kept by the team that calls."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(_("material"), max_length=60, db_index=True)
    kind = models.CharField(_("looks at"), max_length=12, choices=ClueKind)
    value = models.CharField(_("value"), max_length=100)
    weight = models.PositiveIntegerField(_("weight"))
    reason = models.CharField(_("why"), max_length=300)

    class Meta:
        ordering = ("-weight", "value")
        constraints = (models.UniqueConstraint(fields=("organisation", "material", "kind", "value"), name="clue_once"),)


class Judgement(Record):
    """A person's yes or no on whether a company plausibly uses a material; the last one counts, all are kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(max_length=60, db_index=True)
    plausible = models.BooleanField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)


class Campaign(Record):
    """A round of calls on a material. cut: companies ranked at or above this score were called on purpose."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    material = models.CharField(_("material"), max_length=60)
    cut = models.PositiveIntegerField(_("score from which we call"))
    sample = models.PositiveIntegerField(_("companies below it that we call too"), default=0)
    questions = models.TextField(_("what we ask"))
    started = models.DateField(_("from"))
    ended = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("-started",)


class Call(Record):
    """A call to a company, with the score it had on the day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="calls")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveIntegerField()
    result = models.CharField(_("result"), max_length=12, choices=CallResult)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)


class Import(Record):
    """A file of companies that was looked at; applied only after its preview was confirmed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    rows = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
