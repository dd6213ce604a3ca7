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
    WITHHELD = "withheld", _("Nothing: only with consent of the companies")


class Publication(Record):
    """A safe aggregate. `base` and `attack` are confidential; `table` is what was told.

    base:  {"material|effect|month": companies}, frozen when a month is first published.
    table: rows of {material, effect ("" is the total), months, low, high}: equal for a number, a range for a band,
           null for a withheld cell.
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
