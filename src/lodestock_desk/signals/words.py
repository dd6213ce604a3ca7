"""Closed lists of the report form."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """Through which channel a signal came."""

    COMPANY = "company", _("Company")
    ASSOCIATION = "association", _("Association")
    CALL = "call", _("Call")
    PRESS = "press", _("Press")


class Effect(TextChoices):
    """What happens to deliveries or production. A delay, a part and never are kept apart."""

    STOPPED = "stopped", _("Production (partly) stopped")
    DELAYED = "delayed", _("Deliveries are late")
    PARTIAL = "partial", _("We receive less than ordered")
    NEVER = "never", _("Delivery was refused for good")
    RISK = "risk", _("No effect yet, but we expect one")


class Cause(TextChoices):
    """The cause as the reporter sees it."""

    LICENCE_PENDING = "licence_pending", _("Export licence applied for, no decision yet")
    LICENCE_REFUSED = "licence_refused", _("Export licence refused")
    SUPPLIER = "supplier", _("Supplier cannot deliver")
    TRANSPORT = "transport", _("Transport")
    PRICE = "price", _("Price")
    UNKNOWN = "unknown", _("We do not know")


class Severity(TextChoices):
    """How bad it is, in words that a company can answer."""

    LOW = "low", _("Manageable: we can wait or switch")
    MEDIUM = "medium", _("Serious: costs or delays for our customers")
    HIGH = "high", _("Acute: production stops within weeks")


class Share(TextChoices):
    """With whom a report may be shared besides its receiver. Aggregates without names are always made."""

    MINISTRIES = "ministries", _("The ministries that deal with raw materials")
    OBSERVATORY = "observatory", _("The materials observatory")
    ASSOCIATION = "association", _("Our trade association")
    COMMISSION = "commission", _("The European Commission, with our name")


class Ground(TextChoices):
    """Why an item is kept from publication under the Open Government Act (Woo)."""

    BUSINESS = "5.1.1.c", _("Confidential business and manufacturing data (Woo art. 5.1 (1) c)")
    COMPETITION = "5.1.2.f", _("Other competition-sensitive data (Woo art. 5.1 (2) f)")
    RELATIONS = "5.1.2.a", _("Relations with other countries (Woo art. 5.1 (2) a)")
    PRIVACY = "5.1.2.e", _("Personal privacy (Woo art. 5.1 (2) e)")
    OPINION = "5.2", _("Personal policy views in internal advice (Woo art. 5.2)")
    NONE = "none", _("No ground: public")


class Basis(TextChoices):
    """On what a raw report travels to another organisation."""

    CONSENT = "consent", _("Consent of the company")
    LEGAL = "legal", _("Legal ground")


class AlertState(TextChoices):
    """Where an alert stands; nothing is sent by the programme itself."""

    RAISED = "raised", _("Raised")
    CONFIRMED = "confirmed", _("Confirmed")
    NOTIFIED = "notified", _("Notified to the Commission")
    DISMISSED = "dismissed", _("Dismissed")


class RuleKind(TextChoices):
    """What an alert rule counts."""

    VERIFIED_COMPANIES = "verified_companies", _("Affected companies with a verified report")
    STOCK_DAYS = "stock_days", _("Days of stock left below a limit")
