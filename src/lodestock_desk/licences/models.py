"""Licence cases. The applicant is the exporter abroad; the Dutch user often knows neither number nor stage."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.licences.words import CaseOutcome, Channel, DocumentClass
from lodestock_desk.signals.models import Report

# In the order in which they can happen; a later one is never before an earlier one.
DATES = ("ordered_on", "complete_on", "provincial_on", "national_on", "decided_on", "shipped_on")


class LicenceCase(Record):
    """One application for an export licence, as the Dutch user knows it."""

    reference = models.CharField(max_length=12, unique=True)
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="received_cases")
    company = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    company_name = models.CharField(_("Dutch user"), max_length=200, blank=True)
    company_key = models.CharField(max_length=80, blank=True, db_index=True)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    material = models.CharField(_("material"), max_length=60, db_index=True)
    product = models.CharField(_("product"), max_length=200, blank=True)
    exporter = models.CharField(_("exporter abroad"), max_length=200, blank=True)
    importer = models.CharField(_("importer"), max_length=200, blank=True)
    tiers = models.JSONField(_("companies in between"), default=list, blank=True)
    issuer = models.CharField(_("issuing country"), max_length=3, default="CHN")
    number = models.CharField(_("application number"), max_length=60, blank=True)
    general_licence = models.BooleanField(_("general licence"), default=False)
    ordered_on = models.DateField(_("ordered"), null=True, blank=True)
    complete_on = models.DateField(_("file complete"), null=True, blank=True)
    provincial_on = models.DateField(_("accepted by the province"), null=True, blank=True)
    national_on = models.DateField(_("accepted nationally"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    shipped_on = models.DateField(_("shipped"), null=True, blank=True)
    last_known_on = models.DateField(_("last checked with the exporter"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=CaseOutcome, default=CaseOutcome.PENDING)
    granted_share = models.DecimalField(
        _("share of the quantity granted"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=(MinValueValidator(0), MaxValueValidator(100)),
    )
    tonnes = models.DecimalField(_("tonnes asked"), max_digits=12, decimal_places=4, null=True, blank=True)
    escalation_consent = models.BooleanField(_("may be raised with the issuer"), default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    @property
    def about(self) -> str:
        """The Dutch user's name as known."""
        return self.company.name if self.company else self.company_name


class DocumentAsked(Record):
    """A document that the issuer asked for, with its class of confidentiality."""

    case = models.ForeignKey(LicenceCase, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(_("document"), max_length=200)
    document_class = models.CharField(_("class"), max_length=12, choices=DocumentClass)
    asked_on = models.DateField(_("asked on"))
    given = models.BooleanField(_("handed over"), default=False)

    class Meta:
        ordering = ("asked_on",)


class Hours(Record):
    """Hours that a case cost the Dutch user."""

    case = models.ForeignKey(LicenceCase, on_delete=models.CASCADE, related_name="hours")
    on = models.DateField(_("on"))
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=1, validators=(MinValueValidator(0),))
    what = models.CharField(_("on what"), max_length=200)

    class Meta:
        ordering = ("on",)


class Resubmission(Record):
    """A time that the application had to be handed in again."""

    case = models.ForeignKey(LicenceCase, on_delete=models.CASCADE, related_name="resubmissions")
    on = models.DateField(_("on"))
    reason = models.CharField(_("why"), max_length=300)

    class Meta:
        ordering = ("on",)


class Escalation(Record):
    """A case that was raised with the issuer, only ever with the company's consent."""

    case = models.ForeignKey(LicenceCase, on_delete=models.CASCADE, related_name="escalations")
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    on = models.DateField(_("on"))
    message = models.TextField(_("message"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on",)
