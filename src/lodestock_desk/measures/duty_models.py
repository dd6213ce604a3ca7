"""What is kept for the duties of the raw-materials act: notes on duties, stocks held, sizes of companies."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Membership, Organisation, User
from lodestock_desk.core.models import Record


class DutyState(TextChoices):
    """What was noted on a duty."""

    TAKEN_UP = "taken_up", _("taken up")
    FULFILLED = "done", _("fulfilled")


class Answer(TextChoices):
    """Yes, no, or not known; not known is never no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Ownership(TextChoices):
    """Whose stock it is."""

    PUBLIC = "public", _("Public")
    PUBLIC_PRIVATE = "public_private", _("Public-private")
    PRIVATE = "private", _("Private, held for the state")


class DutyNote(Record):
    """That a duty was taken up or fulfilled on a day; rows are added, never changed."""

    duty = models.CharField(_("duty"), max_length=60, db_index=True)
    law = models.CharField(_("version of the law"), max_length=40)
    state = models.CharField(_("what"), max_length=10, choices=DutyState)
    on = models.DateField(_("date"), db_index=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("note"))
    reference = models.CharField(_("reference"), max_length=300, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(reference="") | ~Q(link=""), name="duty_done_has_evidence"
            ),
        )


class StockLot(Record):
    """Material that is held on a day, as article 22 asks for it; what is not known stays open."""

    measure = models.ForeignKey("measures.Measure", on_delete=models.PROTECT, related_name="lots")
    as_of = models.DateField(_("state on"), db_index=True)
    material = models.CharField(_("material"), max_length=60)
    amount_t = models.DecimalField(_("amount (t)"), max_digits=14, decimal_places=3, null=True, blank=True)
    consumption_t = models.DecimalField(
        _("national use a year (t)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    form = models.CharField(_("chemical form"), max_length=120, blank=True)
    purity = models.CharField(_("purity"), max_length=120, blank=True)
    holder = models.CharField(_("holder"), max_length=200, blank=True)
    ownership = models.CharField(_("whose"), max_length=16, choices=Ownership)
    release_rules = models.TextField(_("rules of release, allocation and distribution"), blank=True)
    evidence = models.ForeignKey("measures.EvidenceItem", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("material", "as_of")
        constraints = (
            models.CheckConstraint(condition=Q(amount_t__isnull=True) | Q(amount_t__gte=0), name="lot_not_negative"),
            models.CheckConstraint(
                condition=Q(consumption_t__isnull=True) | Q(consumption_t__gt=0), name="lot_use_above_zero"
            ),
        )

    @property
    def share(self) -> Decimal | None:
        """Amount as a percentage of a year's national use; None where either is not known."""
        if self.amount_t is None or self.consumption_t is None:
            return None
        return 100 * self.amount_t / self.consumption_t


class CompanyFact(Record):
    """What a team knows of the size of a company and what it makes, with the source; the newest row counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("financial year"))
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    turnover_meur = models.DecimalField(
        _("turnover, world-wide (million €)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    uses = models.CharField(_("uses strategic raw materials"), max_length=8, choices=Answer, default=Answer.UNKNOWN)
    makes = models.CharField(_("makes a listed technology"), max_length=8, choices=Answer, default=Answer.UNKNOWN)
    technologies = models.JSONField(_("technologies"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(source=""), name="company_fact_has_source"),
            models.CheckConstraint(
                condition=Q(turnover_meur__isnull=True) | Q(turnover_meur__gte=0), name="company_turnover"
            ),
        )
