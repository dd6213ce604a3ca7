"""Publications: what was told to outsiders, kept so that the next one is tested together with all before it."""

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record


class Fallback(TextChoices):
    """What was published instead of the full table, mildest first."""

    NONE = "none", _("Full table by month")
    LONGER = "longer", _("Longer period instead of months")
    BANDS = "bands", _("Bands instead of numbers")
    CONSENT = "consent", _("Some numbers with consent of the companies")
    WITHHELD = "withheld", _("Nothing: only with consent of the companies")


class Publication(Record):
    """A safe aggregate. `base` and `attack` are confidential; `table` is what was told.

    base:  {"material|effect|month": companies}, frozen when a month is first published.
    table: rows of {material, effect ("" is the total), months, low, high}: equal for a number, a range for a band,
           null for a withheld cell. consent: all companies in it agreed to this number.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7, db_index=True)
    fallback = models.CharField(max_length=10, choices=Fallback)
    base = models.JSONField()
    table = models.JSONField()
    attack = models.JSONField()
    policy = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-last_month", "-created_at")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "first_month", "last_month"), name="publication_once"),
        )


class Consent(Record):
    """A company's consent that it counts in a number told of one material and period, by one organisation.

    Asked for first; given and taken back by the company. Once taken back it stays so: it must be asked for again.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(max_length=60)
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7)
    text_nl = models.TextField()
    text_en = models.TextField()
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "company", "material", "first_month", "last_month"),
                condition=models.Q(taken_back_at__isnull=True),
                name="consent_once",
            ),
        )

    @property
    def in_force(self) -> bool:
        """Whether it was given and not taken back."""
        return self.given_at is not None and self.taken_back_at is None
