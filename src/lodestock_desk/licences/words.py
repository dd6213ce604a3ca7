"""Closed lists of licence cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseOutcome(TextChoices):
    """How an application stands. Pending is not refused, and unknown is not pending."""

    PENDING = "pending", _("Pending")
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    DENIED = "denied", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DocumentClass(TextChoices):
    """How confidential a document is that was asked for."""

    OPEN = "open", _("Open: could be published")
    BUSINESS = "business", _("Business secret")
    TECHNICAL = "technical", _("Drawings, recipes or source code")
    CUSTOMER = "customer", _("Customer or end-user data")
    PERSONAL = "personal", _("Personal data")


class Channel(TextChoices):
    """Where a case is raised."""

    EMBASSY = "embassy", _("Embassy")
    COMMISSION = "commission", _("The Commission's channel")
    MINISTRY = "ministry", _("Ministerial contact")
